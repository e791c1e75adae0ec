"""What comes out of the result tables alone: result files, the city's overview, its executed notebook.

The archive is made by this, and ``make run`` inside an unpacked one does it again: where both give the same
bytes, nothing else than what the package holds was needed.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.office import results as result_files
from pipeline.run import addresses
from pipeline.run.manifest import MANIFEST
from pipeline.run.plan import CITY, STEMS, Options, report_name
from pipeline.run.rendering import export
from pipeline.survey.formats import PAGES

from . import executed

if TYPE_CHECKING:
    from pipeline.survey import Survey

#: Pages of a city that need no answers, in the forms in which they are kept.
FORMS = tuple(form for form in PAGES if form in ("html", "pdf"))


def manifest(survey: Survey) -> dict[str, Any]:
    """What the last run was made from and what it wrote."""
    made: dict[str, Any] = json.loads((survey.reports / MANIFEST).read_text(encoding="utf-8"))
    return made


def reported(made: Mapping[str, Any]) -> tuple[str, ...]:
    """Pages of units that the run wrote, by address: what its overview links to.

    Examples
    --------
    >>> page = {"outputs": {"public/units/a/report.html": "", "public/units/a/data.xlsx": ""}}
    >>> reported({"units": {"a": page}})
    ('units/a/report.html',)
    """
    names = (name.removeprefix("public/") for unit in made["units"].values() for name in unit["outputs"])
    return tuple(
        sorted(n for n in names if n.startswith("units/") and n.endswith(".html") and "/report" in n)
    )


def files(survey: Survey, made: Mapping[str, Any], kernel: str = "warm") -> Iterator[tuple[str, bytes]]:
    """Name and bytes of everything that needs no answers.

    Parameters
    ----------
    survey : Survey
        With its definition under ``data/raw`` and its result tables under ``data/processed``.
    made : mapping
        ``run.json`` of the run: its languages and formats, and which reports there are.
    kernel : {"warm", "fresh"}

    Yields
    ------
    (str, bytes)
        ``public/<file>`` of pages and result files as the run wrote them; ``notebooks/6-overview.ipynb``.
    """
    languages = tuple(made["languages"])
    with tempfile.TemporaryDirectory(prefix="skm-archive-") as folder:
        scratch = Path(folder)
        aside = survey.reported_in(scratch / "reports")
        for path in result_files.write(aside, lang=languages[0]):
            yield f"public/{path.name}", path.read_bytes()
        (scratch / "notebooks").mkdir()
        executor = executed.Executor(survey, languages, scratch / "notebooks", kernel)
        try:
            yield from _overview(executor, survey, made)
        finally:
            executor.close()


def _overview(
    executor: executed.Executor, survey: Survey, made: Mapping[str, Any]
) -> Iterator[tuple[str, bytes]]:
    languages = executor.languages
    options = Options(languages=languages, formats=tuple(made["formats"]))
    beside = addresses.beside(survey, options, None, "public", [], reported(made))
    for language in languages:
        stem = report_name(language, languages, STEMS[CITY])
        node = executor.renderer.beside(executor.renderer.notebook, CITY, lang=language)
        for form in (form for form in FORMS if form in made["formats"]):
            around = beside.of(stem) if form == "html" else None
            yield f"public/{stem}.{form}", export(node, f"skm_{form}", around)
        name = report_name(language, languages, CITY)
        given = {"survey": survey.name, "lang": language}
        yield f"notebooks/{name}.ipynb", executed.tidied(node, given)
