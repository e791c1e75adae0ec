"""One survey opened for tracing: its result tables, its items, and their weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.results.matching import ANSWERS_FILE
from pipeline.survey.codes import STATUS
from pipeline.survey.context import Context
from pipeline.survey.errors import Problem, SurveyError
from pipeline.trace import published

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey


@dataclass(frozen=True)
class Opened:
    """One survey opened for tracing."""

    survey: Survey
    tables: Mapping[str, pd.DataFrame]
    context: Context
    asked: tuple[str, ...]

    @cached_property
    def usual(self) -> tuple[str, ...]:
        """Items of the index of units that have no list of their own."""
        index = self.tables["index"]
        rows = index[(index["statistic"] == "nrr") & (index["scope"] == "unit")]
        own = self.survey.own_lists
        return tuple(sorted({i for u, i in zip(rows["unit"], rows["item"], strict=True) if u not in own}))

    def weights(self, unit: str) -> dict[str, Fraction]:
        """Exact weight of each item of a unit's index."""
        found = self.survey.item_weights(unit, self.usual or self.context.items)
        return {item: found[item] for item in sorted(found, key=self.context.place)}


def open_survey(survey: Survey) -> Opened:
    """Open a survey that was run.

    Raises
    ------
    SurveyError
        If it was not.
    """
    import pyarrow.parquet as pq

    found = published.tables(survey)
    path = Path(survey.processed) / ANSWERS_FILE
    if not path.is_file():
        raise SurveyError([Problem(f"{survey.name} has no answers yet", hint=f"run: skm run {survey.name}")])
    names = pq.read_schema(path).names
    asked = tuple(name for name in names if f"{name}{STATUS}" in names)
    index = found["index"]
    items = index.loc[index["statistic"] == "nrr", "item"].unique()
    return Opened(survey, found, Context.of_index(survey, items), asked)


def bounds(context: Context, lang: str) -> list[tuple[str, str, str]]:
    """Return letters, their names, and their lower bounds, the highest first."""
    grades = sorted(context.rule.letters, key=lambda grade: grade.lower, reverse=True)
    return [(grade.letter, grade.name[lang], f"{float(grade.lower):.2f}") for grade in grades]
