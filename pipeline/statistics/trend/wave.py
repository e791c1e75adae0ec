"""An earlier survey as the trend reads it: its answers, or what is left in print."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.trend.comparable import Conditions

#: A survey that does not say how it was held.
UNSTATED = Conditions()


@dataclass(frozen=True)
class Wave:
    """An earlier survey.

    Attributes
    ----------
    survey : str
        Its name.
    answers : DataFrame or Series, optional
        Its answers (or scores); None when only published indices are left.
    by : Series, optional
        Unit of each row.
    conditions : Conditions
        How it was held.
    population : mapping of unit to service users
    leave_out : units (with reasons) that take no part
    index : DataFrame, optional
        Its index table, for letters.
    published : mapping of unit ("" the city) to printed index
    letters, respondents : mapping of unit to printed letter, to printed number of respondents
    """

    survey: str
    answers: Any = None
    by: Any = None
    conditions: Conditions = UNSTATED
    population: Mapping[str, int] = field(default_factory=dict)
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,)
    index: Any = None
    published: Mapping[str, float] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    respondents: Mapping[str, int] = field(default_factory=dict)
