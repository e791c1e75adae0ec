"""The result tables of a survey as the office reads them: what may leave the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import results, rules, standings
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey


@dataclass(frozen=True)
class Results:
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
        return standings.table(units, self.tables)

    @cached_property
    def private(self) -> list[str]:
        """Units of which only the count may be shown."""
        return list(self.standings.loc[self.standings["sign"] == "x", "unit"])

    def public(self, module: str) -> pd.DataFrame:
        """Rows of a module that may be published."""
        return standings.public(self.table(module), self.private)

    @cached_property
    def rule(self) -> rules.Rule:
        """The regulation the survey follows."""
        return rules.load(self.survey.definition.rule)

    @cached_property
    def foreign(self) -> bool:
        """Whether the survey's scale is not the regulation's: then there are no letters."""
        scale = self.survey.definition.scale
        declared = scale is not None and (scale.min, scale.max) != tuple(self.rule.scale)
        return declared or standings.foreign_factor(self.table("index")) is not None

    def words(self, lang: str) -> Words:
        """Strings of a language, as they are said of such an index."""
        rows = self.table("index")
        items = [i for i in rows.loc[rows["statistic"] == "nrr", "item"].unique() if i]
        return said_of(lang, items, self.rule.codes, self.foreign)

    @cached_property
    def factor(self) -> float:
        """From an unsur's mean to its value on the scale that ends at 100."""
        found = standings.foreign_factor(self.table("index"))
        if found is not None:
            return found
        scale = self.survey.definition.scale
        return 100.0 / scale.max if self.foreign and scale else float(self.rule.factor)

    def item_name(self, item: str, lang: str) -> str:
        """Name of an unsur by the rule, of an own indicator by the definition, else its code."""
        try:
            return self.rule.get(item).short[lang]
        except KeyError:
            pass
        definition = self.survey.definition
        instrument, _, code = item.partition(".")
        own = definition.instruments.get(instrument)
        if own and code in own.items:
            found = own.items[code]
            return definition.text(found.label or found.question, lang) or item
        return item


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

    from pipeline.results.matching import matching

    if isinstance(survey, str):
        from pipeline.survey import find_root, load

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
