"""What a run consists of: stages in order, then one report per unit, then the city."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.survey.definition import TEMPLATES as DEFINED
from pipeline.survey.formats import USUAL
from pipeline.survey.sets import NamedSet

if TYPE_CHECKING:
    from .cluster_address import Cluster

STAGES = ("1-clean", "2-index", "3-reliability", "4-compare")
UNIT, CITY, ANNEX = "5-unit-report", "6-overview", "6-annex"
NOTEBOOKS = (*STAGES, UNIT, CITY, ANNEX)
#: What is told of a city or a set: the story, and the tests and tables behind it; both are the stage :data:`CITY`.
TOLD = (CITY, ANNEX)
#: Notebook of a unit's report by the survey's template; all of them are the stage :data:`UNIT`.
TEMPLATES = {name: UNIT if name == "questions" else f"{UNIT}-{name}" for name in DEFINED}
#: What each stage is called in the folder of internal pages.
STAGE_PAGES = {name: "validation" if name == "1-clean" else name for name in STAGES}
#: Written by 1-clean, read by the runner: which units there are, and how many answers.
UNITS_FILE = "units.json"
#: What a report is about: a unit, a set's overview, or the city's (None).
Subject = Mapping[str, Any] | NamedSet | None
#: What the pages of a report are called.
STEMS = {**dict.fromkeys(TEMPLATES.values(), "report"), CITY: "overview", ANNEX: "annex"}


def notebook_of(subject: Subject, template: str = "questions") -> str:
    """Notebook that makes the report of a unit (by the survey's template), a set or the city.

    Examples
    --------
    >>> notebook_of({"id": "a"}), notebook_of({"id": "a"}, "2021"), notebook_of(None, "2021")
    ('5-unit-report', '5-unit-report-2021', '6-overview')
    """
    return TEMPLATES[template] if isinstance(subject, Mapping) else CITY


@dataclass(frozen=True)
class Options:
    """How to run; the defaults run everything on this machine.

    Attributes
    ----------
    only : sequence of str
        Ids, names, globs or ``@set``; empty means every unit.
    limit : int or None
        At most this many units.
    stage : str
        Run only this notebook (``2-index``) instead of all.
    languages : sequence of str
        The first names the plain file (``report.html``), others get a suffix.
    jobs : int
        Notebooks at a time.
    kernel : {"warm", "fresh"}
    stop_on_error : bool
        End at the first unit that fails; otherwise the others run on.
    formats : sequence of str
        Of ``survey.formats.FORMATS``; what is not named is not made.
    notebooks : Path or None
        Another folder of notebooks; None means the packaged ones.
    extras : sequence of callables
        Called as ``extra(survey, unit_id, language)`` before a unit's pages, which link to it; writes its
        files under ``survey.public`` or ``survey.internal`` (of the survey it is given: they are
        moved into place later). Importable by name, so that another machine can call it.
    rows : callable or None
        Called as ``rows(survey)``: hashes of the result rows each unit reads (see ``keys``).
    force : bool
        Do again what is up to date.
    keep_edited : bool
        Leave reports alone that were edited by hand; otherwise they are made again.
    prune : bool
        Delete reports of units that are no longer in the list.
    history : bool
        Bring the earlier surveys up to date that this one is held against; otherwise what the last
        run of each left is used.
    cluster : Cluster or None
        Where reports are made; None is this machine.
    """

    only: Sequence[str] = ()
    limit: int | None = None
    stage: str = ""
    languages: Sequence[str] = ("id",)
    jobs: int = 2
    kernel: str = "warm"
    stop_on_error: bool = False
    formats: Sequence[str] = USUAL
    notebooks: Path | None = None
    timeout: int = 1800
    extras: Sequence[Callable[[Any, str, str], Any]] = field(default_factory=tuple)
    rows: Callable[[Any], Mapping[str, Any]] | None = None
    force: bool = False
    keep_edited: bool = False
    prune: bool = False
    history: bool = True
    cluster: Cluster | None = None


def notebook_folder(override: Path | None = None, template: str = "questions") -> Path:
    """Folder of the notebooks: the override, the packaged ones, or those of a checkout.

    Raises
    ------
    FileNotFoundError
        If a notebook of :data:`NOTEBOOKS`, or that of the template, is missing there.
    """
    package = Path(__file__).resolve().parent.parent
    candidates = [override] if override else [package / "_notebooks", package.parent / "notebooks"]
    for folder in candidates:
        if folder.is_dir():
            needed = dict.fromkeys((*NOTEBOOKS, TEMPLATES[template]))
            missing = [n for n in needed if not (folder / f"{n}.ipynb").is_file()]
            if missing:
                raise FileNotFoundError(f"{folder} has no {', '.join(m + '.ipynb' for m in missing)}")
            return folder
    raise FileNotFoundError(f"there are no notebooks in {candidates[0]}")


def read_units(processed: Path) -> list[dict[str, Any]]:
    """Units of the cleaned data: ``id``, ``slug``, ``name``, ``n``, ``required`` each.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / UNITS_FILE).write_text('[{"id": "a", "slug": "a", "name": "A", "n": 3}]')
    >>> read_units(folder)[0]["n"]
    3
    """
    path = processed / UNITS_FILE
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def report_name(language: str, languages: Sequence[str], stem: str = "report") -> str:
    """``report`` for the first language, ``report.en`` for the others."""
    return stem if language == languages[0] else f"{stem}.{language}"
