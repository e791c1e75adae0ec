"""Names of units that look like one another, said as problems that stop nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.intake.ground.problems import Problem
from pipeline.survey import UNKNOWN_UNIT, Survey, near

if TYPE_CHECKING:
    import pandas as pd


def unlisted_names(responses: pd.DataFrame) -> dict[str, int]:
    """Names in the answers that units.csv does not have, and how many answers carry each."""
    lost = responses.loc[responses["unit"] == UNKNOWN_UNIT, "unit_raw"].dropna().astype(str)
    counts = lost[lost != ""].value_counts()
    return {str(name): int(count) for name, count in counts.items()}


def near_names(responses: pd.DataFrame, survey: Survey) -> list[Problem]:
    """One problem for each pair of names that may mean one unit."""
    found = [*near.unlisted(unlisted_names(responses), survey.units), *near.listed(survey.units)]
    said = [near.sentence(pair) for pair in found]
    return [Problem(what, hint, fatal=False) for what, hint in said]
