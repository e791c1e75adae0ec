"""What the stage notebooks 1 to 4 show, so that each reads as a document.

A stage notebook computes, saves, and then calls these functions. They read the saved
tables when they are called, not when the stage is opened, so that ``open_stage`` can
stand at the top of the notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks, standings
from pipeline.report.city import head as overview
from pipeline.report.data.city import CityReport, optional, say
from pipeline.report.stages.clean import clean_summary, files, ledger, problems, unit_counts
from pipeline.report.stages.compare import pairs_table, versus_table
from pipeline.report.stages.mapping import mapping, privacy
from pipeline.report.stages.statistics import (
    INDEX,
    RELIABILITY,
    association_table,
    constructs_table,
    factorability_table,
    profile_table,
    reliability_table,
    validity_table,
)
from pipeline.survey.codes import OFFICIAL
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

__all__ = [
    "StageReport", "association_table", "clean_head", "clean_summary", "compare_head", "constructs_table",
    "factorability_table", "factors_table", "files", "index_city", "index_head", "index_table", "integrity_table",
    "ledger", "mapping", "open_stage", "pairs_table", "privacy", "problems", "profile_table",
    "reliability_head", "reliability_table", "sampling_table", "tests_table", "unit_counts",
    "validity_table", "versus_table",
]  # fmt: skip


#: Questionnaires a page's heading names; more are counted.
MOST_NAMED = 3


@dataclass(frozen=True)
class StageReport:
    """A survey under work: its tables are read afresh by every display.

    Parameters
    ----------
    survey : Survey
        The loaded definition with its units.
    lang : str
        ``id`` or ``en``.
    folder : Path
        Where the tables of this run lie (``data/processed/<survey>`` unless a check
        writes elsewhere).
    cleaned : object, optional
        What the intake returned, for the audit of columns and the problems; the intake's
        files are read when it is not given.
    """

    survey: Survey
    lang: str
    folder: Path
    cleaned: Any = field(default=None, repr=False)

    @cached_property
    def words(self) -> Words:
        """Strings and number formats of the report's language, as they are said of what was asked."""
        from pipeline import rules

        index = self.frame("index")
        if index is None:
            return Words(self.lang)
        city = CityReport(self.survey, self.lang, {"index": index})
        official = rules.load(self.survey.definition.rule).codes
        return said_of(self.lang, city.items, official, city.foreign)

    def frame(self, name: str) -> pd.DataFrame | None:
        """One parquet file of the survey, or None when it was not made."""
        return optional(self.folder / f"{name}.parquet")

    def city(self, modules: Sequence[str] = standings.MODULES) -> CityReport:
        """The survey as the overview reads it, with what exists by now of these tables."""
        return overview.open_city(self.survey, self.lang, folder=self.folder, modules=modules)


def open_stage(
    survey: Survey | str,
    lang: str = "id",
    root: Path | str | None = None,
    processed: Path | str | None = None,
    cleaned: Any = None,
) -> StageReport:
    """Open what the displays of a stage notebook read.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey, or its name under ``data/raw``.
    lang : str
        ``id`` or ``en``.
    root : Path, optional
        Where ``data/raw`` lies, when a name is given.
    processed : Path, optional
        Another folder of tables, for a check that must not touch results.
    cleaned : Intake, optional
        What the intake returned.
    """
    loaded = overview.load(survey, root)
    return StageReport(loaded, lang, Path(processed) if processed else Path(loaded.processed), cleaned)


def _head(stage: StageReport, name: str) -> Any:
    w, definition = stage.words, stage.survey.definition
    return blocks.document(
        title=w(f"stages.title.{name}"),
        kicker=w(
            "stages.kicker",
            place=definition.city or definition.text(definition.title, stage.lang),
            survey=stage.survey.name,
            instruments=_instruments(stage),
        ),
        lang=stage.lang,
        survey=stage.survey.name,
        city=definition.city,
        period=overview.period(stage),
        date=str(overview.end_date(stage) or ""),
        footer=w("stages.footer", survey=stage.survey.name),
        data_hash=str(stage.survey.digest)[:12],
        version=__version__,
        synthetic=bool(definition.synthetic),
        renamed=w.renamed,
        kind="validation" if name == "clean" else f"stage-{name}",
    )


def _instruments(stage: StageReport) -> str:
    """Name the questionnaires whose answers the survey holds: the regulation's by its rule, others by title."""
    from pipeline import rules

    w, definition = stage.words, stage.survey.definition
    asked = [entry for entry in definition.files if entry.role in ("wide", "answers")]
    used = dict.fromkeys(code for entry in asked for code in entry.instrument or (OFFICIAL,)) or (OFFICIAL,)
    rule = rules.load(definition.rule)
    scale, made = stage.survey.scale, []
    for code in used:
        own = definition.instruments.get(code)
        if own:
            made.append(definition.text(own.title, stage.lang) or code)
        elif (scale.min, scale.max) != tuple(rule.scale):
            made.append(w("stages.other_scale", rule=rule.short, low=scale.min, high=scale.max))
        else:
            made.append(rule.short)
    if len(made) > MOST_NAMED:
        made = [
            *made[: MOST_NAMED - 1],
            w("stages.other_instruments", count=w.integer(len(made) - MOST_NAMED + 1)),
        ]
    return w.join(made)


def clean_head(stage: StageReport) -> Any:
    """Return the document block of the validation page (1-clean)."""
    return _head(stage, "clean")


def index_head(stage: StageReport) -> Any:
    """Return the document block of 2-index."""
    return _head(stage, "index")


def reliability_head(stage: StageReport) -> Any:
    """Return the document block of 3-reliability."""
    return _head(stage, "reliability")


def factors_table(stage: StageReport) -> Any:
    """Return the psychometric chapter: items, dimensions, one-factor models and refusals."""
    # The coefficients stand in this notebook's first table already.
    return overview.psychometrics(stage.city(RELIABILITY), pooled=False)


def compare_head(stage: StageReport) -> Any:
    """Return the document block of 4-compare."""
    return _head(stage, "compare")


def index_table(stage: StageReport) -> Any:
    """Return each unit's index with interval, letter, certainty and sign."""
    return overview.units(stage.city(INDEX))


def index_city(stage: StageReport) -> Any:
    """Return the city's index by every method, and who is left out."""
    city = stage.city(INDEX)
    if city.headline is None:
        return blocks.group(say(stage.words, "overview.no_index"))
    return blocks.group(*overview.alternatives(city), overview.left_out(city))


def sampling_table(stage: StageReport) -> Any:
    """Return required against valid answers per unit."""
    return overview.adequacy(stage.city(INDEX))


def integrity_table(stage: StageReport) -> Any:
    """Return the flags, and the units whose letter depends on flagged answers."""
    return overview.integrity(stage.city(INDEX))


def tests_table(stage: StageReport) -> Any:
    """Return the tests between units."""
    return overview.comparison(stage.city())
