"""Which notebook cell makes which table or figure, read from the notebooks themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.run.plan import ANNEX, CITY, TEMPLATES

from .executed import PERSONAL

_CALL = re.compile(r"^\w+\.\w+\((?:city|u)\)$")
_HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)


#: What each notebook does, in one line.
DOES = {
    "1-clean": "Raw files to one table of answers and one ledger: every row is used, or recorded with its reason",
    "2-index": "Means of items, index and letter of every unit with intervals; sample; respondents; doubtful answering",
    "3-reliability": "Reliability, validity, association, factor models, invariance",
    "4-compare": "Tests, ranks, adjustment for respondents, change between surveys, groups, importance, verdicts",
    "5-unit-report": "One unit's report, by questions; run once a unit",
    "5-unit-report-2021": "The same in the official outline of five chapters",
    "5-unit-report-2025": "The same in the official outline of four chapters",
    "5-unit-report-research": "The same as a paper: abstract, methods, results, limits, references",
    "6-overview": "The whole city, or a named set of units, in six pages",
    "6-annex": "The tests and tables behind the overview",
    "7-explore": "Questions of one's own on the cleaned answers; no part of a run",
}


class Exhibit(NamedTuple):
    """One section of a page: its heading, the cell that makes it, where it stands, and what it is made of."""

    title: str
    notebook: str
    call: str
    output: str
    needs: str


class Program(NamedTuple):
    """A notebook and what it does."""

    file: str
    title: str


def programs(notebooks: Mapping[str, bytes]) -> list[Program]:
    """Notebooks in the order of their numbers, each with what it does."""
    stems = sorted(name.removesuffix(".ipynb") for name in notebooks)
    return [Program(f"{stem}.ipynb", DOES[stem]) for stem in stems]


def _text(cell: Mapping[str, object], lang: str) -> str:
    about = cell.get("metadata", {})
    own = about.get("skm", {}) if isinstance(about, dict) else {}
    source = cell["source"]
    return str((lang != "id" and own.get(lang)) or ("".join(source) if isinstance(source, list) else source))


def exhibits(notebooks: Mapping[str, bytes], template: str, lang: str = "en") -> list[Exhibit]:
    """Sections of the city's pages and of a unit's report that have a heading, in their order."""
    made = ((CITY, "results/notebooks/6-overview.ipynb"), (ANNEX, "results/notebooks/6-annex.ipynb"),
            (TEMPLATES[template], "results/notebooks/units/<unit>.ipynb"))  # fmt: skip
    return [
        found
        for name, output in made
        for found in _sections(name, json.loads(notebooks[f"{name}.ipynb"]), output, lang)
    ]


def _sections(
    name: str, notebook: Mapping[str, Sequence[Mapping[str, object]]], output: str, lang: str
) -> Iterator[Exhibit]:
    heading = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"]).strip()  # type: ignore[arg-type]
        if cell["cell_type"] == "markdown":
            found = _HEADING.search(_text(cell, lang))
            heading = found[1] if found and "internal" not in str(cell.get("metadata")) else ""
        elif heading and _CALL.match(source):
            own = source in PERSONAL
            needs = "result tables" if name == CITY else "answers"
            yield Exhibit(heading, name, source, "not in this package" if own else output, needs)
            heading = ""
