"""What the displays of a stage notebook read: tables the notebook holds, and files the stages before it left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import standings
from pipeline.report.data import city as overview
from pipeline.report.data.city import CityReport, optional
from pipeline.survey.context import Context, Opened
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

#: What 2-index and 3-reliability have made. Tables of a later stage may be left from an earlier run: a page
#: that read them would not be the same page the first time and after.
INDEX = ("index", "instruments", "sampling", "profile", "integrity", "priorities")
RELIABILITY = (*INDEX, "reliability", "validity", "factors", "invariance", "association", "constructs")


@dataclass(frozen=True)
class StageReport(Opened):
    """A survey under work: what the notebook has computed so far, and what the stages before it left.

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
    tables : mapping
        Tables of this stage by name, as they may be seen (`steps.Tables.told`): they take the place
        of files of the same names, also when they come after the stage was opened.
    working : bool
        Whether a notebook is computing `tables`; else all there is are files.
    """

    survey: Survey
    lang: str
    folder: Path
    cleaned: Any = field(default=None, repr=False)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    working: bool = False
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def context(self) -> Context:
        """What the definition decides, and the items of the index once there is one."""
        if "context" not in self._kept:
            index = self.frame("index")
            if index is None:
                return Context(self.survey)
            items = index.loc[index["statistic"] == "nrr", "item"].unique()
            self._kept["context"] = Context.of_index(self.survey, items)
        found: Context = self._kept["context"]
        return found

    @property
    def words(self) -> Words:
        """Strings and number formats of the report's language, as they are said of what was asked."""
        if "words" not in self._kept:
            opened = self.context
            if "context" not in self._kept:
                return Words(self.lang)
            self._kept["words"] = said_of(self.lang, opened.items, opened.rule.codes, opened.foreign)
        found: Words = self._kept["words"]
        return found

    def frame(self, name: str) -> pd.DataFrame | None:
        """One table of the survey, or None when it was not made."""
        return self.tables[name] if name in self.tables else optional(self.folder / f"{name}.parquet")

    def answers(self, *columns: str) -> pd.DataFrame | None:
        """Columns of the respondents' table, as far as it has them: of a file, nothing else of it is read."""
        held = self.tables.get("responses")
        held = getattr(self.cleaned, "responses", None) if held is None else held
        if held is not None:
            return held[[name for name in columns if name in held]]
        import pandas as pd
        import pyarrow.parquet as parquet

        path = self.folder / "responses.parquet"
        if not path.is_file():
            return None
        there = parquet.read_schema(path).names
        return pd.read_parquet(path, columns=[name for name in columns if name in there])

    def city(self, modules: Sequence[str] = standings.MODULES) -> CityReport:
        """The survey as the overview reads it, with what exists by now of these tables.

        Of the tables that the stage itself makes none is read from a file: it would be an earlier run's,
        and the page another one the second time. What did not change is given again as it is.
        """
        here = {name: self.tables[name] for name in modules if name in self.tables}
        made = made_in_stage(modules) if self.working else ()
        found = self._read([name for name in modules if name not in here and name not in made])
        state = [id(found), *((name, id(table)) for name, table in here.items())]
        if self._kept.get("state") != state:
            both = {**found.tables, **here}
            ordered = {name: both[name] for name in modules if name in both}
            self._kept.update({"state": state, "city": replace(found, tables=ordered)})
        opened: CityReport = self._kept["city"]
        return opened

    def _read(self, modules: Sequence[str]) -> CityReport:
        """The survey with tables of files, read again only when one of them changed."""
        files = [self.folder / f"{name}.parquet" for name in (*modules, "intake", "ledger")]
        state = [(path.name, path.stat().st_mtime_ns) for path in files if path.is_file()]
        if self._kept.get("files") != state:
            opened = overview.open_city(self.survey, self.lang, folder=self.folder, modules=modules)
            self._kept.update({"files": state, "read": opened})
        found: CityReport = self._kept["read"]
        return found


def made_in_stage(modules: Sequence[str]) -> tuple[str, ...]:
    """Of the tables that a stage's displays read, those that the stage makes itself.

    Examples
    --------
    >>> made_in_stage(RELIABILITY)
    ('reliability', 'validity', 'factors', 'invariance', 'association', 'constructs')
    """
    before = () if tuple(modules) == INDEX else INDEX if tuple(modules) == RELIABILITY else RELIABILITY
    return tuple(name for name in modules if name not in before)


def open_stage(
    survey: Survey | str,
    lang: str = "id",
    root: Path | str | None = None,
    processed: Path | str | None = None,
    cleaned: Any = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
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
    tables : mapping, optional
        What the notebook computes (``tables.told``), read when a display needs it.
    """
    loaded = overview.load(survey, root)
    folder = Path(processed) if processed else Path(loaded.processed)
    # The mapping itself, empty as it may be now: the notebook fills it.
    held = {} if tables is None else tables
    return StageReport(loaded, lang, folder, cleaned, held, working=tables is not None)
