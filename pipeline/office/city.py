"""The result tables of a survey as the office reads them: what may leave the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import results, rules, standings
from pipeline.results.matching import matching
from pipeline.survey import find_root, load
from pipeline.survey.context import Context, Opened
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey


@dataclass(frozen=True)
class Results(Opened):
    """Result tables of one survey, and one row per unit (or of the ``only`` unit that was asked for)."""

    survey: Survey
    tables: Mapping[str, pd.DataFrame]
    only: str | None = None

    def table(self, module: str) -> pd.DataFrame:
        """Result table of a module; empty when it was not made."""
        found = self.tables.get(module)
        return results.empty() if found is None else found

    @cached_property
    def standings(self) -> pd.DataFrame:
        """One row per listed unit."""
        units = self.survey.units if self.only is None else [self.survey.unit(self.only)]
        return standings.table(units, self.tables, self.floor)

    @cached_property
    def private(self) -> list[str]:
        """Units of which only the count may be shown."""
        return list(self.standings.loc[self.standings["sign"] == rules.PRIVACY, "unit"])

    @cached_property
    def informed(self) -> list[str]:
        """Units for information only."""
        return list(self.standings.loc[self.standings["sign"] == rules.INFORMATION, "unit"])

    def public(self, module: str) -> pd.DataFrame:
        """Rows of a module that may be published."""
        return standings.public(self.table(module), self.private, self.informed)

    def some(
        self, module: str, conditions: Sequence[tuple[str, str, Any]], columns: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """Rows about units that may be shown: ``unit``, then these columns; none where the table was not made.

        Parameters
        ----------
        module : str
            A result table, of which no more is read than is asked for.
        conditions : sequence of (column, sign, value)
            As `results.matching.matching` takes them; all are met.
        columns : sequence of str
        """
        path = Path(self.survey.processed) / f"{module}.parquet"
        if not path.is_file():
            return []
        names = ["unit", *columns]
        read = dict.fromkeys([*names, *(column for column, _, _ in conditions)])
        table = matching(path, [list(conditions)], list(read)).to_pydict()
        hidden = set(self.private)
        return [row for row in zip(*(table[name] for name in names), strict=True) if row[0] not in hidden]

    @cached_property
    def context(self) -> Context:
        """What the definition and the items of the index decide."""
        rows = self.table("index")
        return Context.of_index(self.survey, rows.loc[rows["statistic"] == "nrr", "item"].unique())

    def words(self, lang: str) -> Words:
        """Strings of a language, as they are said of such an index."""
        return said_of(lang, self.context.items, self.rule.codes, self.foreign)


T = TypeVar("T")


def kept(read: Callable[[Results], T]) -> Callable[[Results], T]:
    """Let a reader of results read once: what it found stays with them."""
    place = f"_{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def once(found: Results) -> T:
        if place not in found.__dict__:
            found.__dict__[place] = read(found)
        made: T = found.__dict__[place]
        return made

    return once


def open_results(
    survey: Survey | str,
    root: Path | str | None = None,
    modules: Sequence[str] = standings.MODULES,
    unit: str | None = None,
) -> Results:
    """Open a survey's result tables.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey, or its name under ``data/raw``.
    root : Path, optional
        Where ``data/raw`` lies, when a name is given.
    modules : sequence of str
        Result tables to read; those that do not exist are left out.
    unit : str, optional
        Read only the rows about this unit.
    """
    import pandas as pd

    if isinstance(survey, str):
        survey = load(Path(root) if root else find_root(), survey)
    paths = {name: Path(survey.processed) / f"{name}.parquet" for name in modules}
    tables = {
        name: pd.read_parquet(path) if unit is None else matching(path, [[("unit", "==", unit)]]).to_pandas()
        for name, path in paths.items()
        if path.is_file()
    }
    return Results(survey, tables, unit)


def title(survey: Survey, lang: str) -> str:
    """Title of the survey in a language."""
    return survey.definition.text(survey.definition.title, lang)
