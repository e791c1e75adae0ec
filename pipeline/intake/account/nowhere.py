"""People who belong to no listed unit: more than a few are told, for the city lacks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.intake.ground.near_names import unlisted_names
from pipeline.intake.ground.problems import Problem
from pipeline.survey import UNKNOWN_UNIT

if TYPE_CHECKING:
    import pandas as pd


def nowhere(responses: pd.DataFrame) -> list[Problem]:
    """Return how many people belong to no listed unit, if these are more than a few: the city lacks them."""
    lost = int((responses["unit"] == UNKNOWN_UNIT).sum())
    if not lost:
        return []
    names = list(unlisted_names(responses))
    told = ", ".join(f'"{name}"' for name in names[:3]) + (", ..." if len(names) > 3 else "")
    hint = (
        f"list them in units.csv, as a unit or under `aliases`: {told}"
        if names
        else "nothing beside their answers names a unit: say under `unit:` or `columns:` what does"
    )
    problem = Problem(
        f"{lost} of {len(responses)} respondents belong to no listed unit", hint,
        lost=lost, of=len(responses), may_stop=False,
    )  # fmt: skip
    return [problem] if problem.loss else []
