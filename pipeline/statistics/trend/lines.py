"""Where a line over the years is broken: between which two surveys, and what changed there (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.statistics.trend.comparable import Conditions, breaks, reworded, unit_breaks

if TYPE_CHECKING:
    import pandas as pd

#: Surveys a line is drawn of, the present one among them.
MOST = 5
#: What breaks a line. Two unsur that changed places are left out of a change; the line goes on.
BREAKING = ("rule", "scale", "mode", "executor")


def table(held: Sequence[tuple[str, Conditions]], units: Sequence[str], survey: str = "") -> pd.DataFrame:
    """Whether the line goes on from each survey to the next.

    Parameters
    ----------
    held : sequence of (name, Conditions)
        Surveys in the order of time, the present one last; of more than :data:`MOST` the newest.
    units : sequence of str
    survey : str
        Name of the present survey, whose table these rows join.

    Returns
    -------
    DataFrame
        ``line``, scope surveys: ``other`` the survey before, ``group`` the one after, ``estimate`` 1 or 0,
        ``text`` what changed, ``method`` the items worded otherwise. Scope unit: 0 for each unit that was
        asked in another way although the surveys go on.

    Examples
    --------
    >>> years = [("2023", Conditions(mode="web")), ("2024", Conditions(mode="web")), ("2025", Conditions(mode="paper"))]
    >>> table(years, ["a"])[["other", "group", "estimate", "text"]].values.tolist()
    [['2023', '2024', 1.0, ''], ['2024', '2025', 0.0, 'mode']]
    """
    rows: list[dict[str, Any]] = []
    for (other, then), (group, now) in zip(held[-MOST:], held[-MOST:][1:]):
        common = {"survey": survey, "other": other, "group": group, "statistic": "line"}
        items = reworded(now, then)
        kinds = [kind for kind in breaks(now, then) if kind in BREAKING] + (["wording"] if items else [])
        rows.append(
            common | {"scope": "surveys", "estimate": float(not kinds), "text": ",".join(kinds),
                      "method": ",".join(items)}
        )  # fmt: skip
        for unit in () if kinds else units:
            if own := unit_breaks(unit, now, then):
                rows.append(common | {"scope": "unit", "unit": unit, "estimate": 0.0, "text": ",".join(own)})
    return results.frame(rows)
