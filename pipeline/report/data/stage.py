"""What the displays of a stage notebook read: a survey under work, its tables read afresh by every display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import rules, standings
from pipeline.report.data import city as overview
from pipeline.report.data.city import CityReport, optional
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey


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
