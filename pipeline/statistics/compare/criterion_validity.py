"""Do figures from outside go with the survey's? Rank correlation over units (criterion validity).

An index of satisfaction should have something to do with what others measure of the same units.
Over a few dozen units it can be said only roughly: the interval and the number of units stand
beside every coefficient, and a small number is said to be small.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri
from scipy.stats import spearmanr

from pipeline import results

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Fewer units have no coefficient; fewer than the second are said to be few.
FEWEST, FEW = 5, 30


def spearman(x: Array, y: Array, confidence: float = 0.95) -> tuple[float, float, float, float]:
    """Spearman's rank correlation with its interval and p value.

    Ties get mean ranks. Interval: Fisher's z with standard error sqrt((1 + r^2 / 2) / (n - 3))
    (Bonett and Wright 2000); p: t with n - 2 degrees of freedom.

    Parameters
    ----------
    x, y : ndarray
        Values of at least five units, without gaps.
    confidence : float
        Of the interval.

    Returns
    -------
    tuple of float
        r, lower, upper, p; NaN all where one of the two does not vary.

    Examples
    --------
    >>> r, low, high, p = spearman(np.array([1, 2, 3, 4, 5.0]), np.array([2, 1, 3, 5, 4.0]))
    >>> round(r, 2), low < r < high
    (0.8, True)
    """
    n = len(x)
    if n < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return (float("nan"),) * 4
    r, p = map(float, spearmanr(x, y))
    if abs(r) > 1 - 1e-12:
        return r, float("nan"), float("nan"), 0.0
    half = float(ndtri(0.5 + confidence / 2)) * np.sqrt((1 + r * r / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)
    return r, float(low), float(high), p


def table(
    index: pd.DataFrame,
    outside: Mapping[str, Mapping[str, float]],
    *,
    pairs: Mapping[str, tuple[str, ...]],
    leave_out: Mapping[str, str] | None = None,
    survey: str = "",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Set figures from outside beside the units, and correlate them over units.

    Parameters
    ----------
    index : DataFrame
        Result table of `index`.
    outside : mapping
        Unit -> measure -> value.
    pairs : mapping
        Measure -> items to hold it against; ``""`` is the index.
    leave_out : mapping, optional
        Units that take no part in inference, with the reason.
    survey : str
        Name of the survey, copied into every row.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        ``outside`` (scope unit; ``other`` the measure) and ``criterion`` (scope city; ``item`` the
        survey's figure, ``other`` the measure, ``n`` units, ``text`` ``few`` below 30 units).
    """
    rows: list[dict[str, object]] = [
        {
            "survey": survey,
            "scope": "unit",
            "unit": unit,
            "other": name,
            "statistic": "outside",
            "estimate": value,
        }
        for unit, figures in outside.items()
        for name, value in figures.items()
    ]
    own = results.pick(index, scope="unit", service="", group="", statistic=["ikm", "nrr"])
    own = own[own["estimate"].notna() & ~own["unit"].isin(set(leave_out or ()))]
    values: dict[str, dict[str, float]] = {}
    for row in results.rows_of(own):
        values.setdefault(str(row.item), {}).setdefault(str(row.unit), float(row.estimate))
    measured = {name for figures in outside.values() for name in figures}
    for measure, items in pairs.items():
        for item in items if measure in measured else ():
            units = [u for u in values.get(item, {}) if measure in outside.get(u, {})]
            x = np.array([values[item][u] for u in units])
            y = np.array([outside[u][measure] for u in units])
            row_ = {"survey": survey, "scope": "city", "item": item, "other": measure, "statistic": "criterion",
                    "method": "spearman", "n": len(units), "confidence": confidence,
                    "text": "few" if len(units) < FEW else ""}  # fmt: skip
            if len(units) < FEWEST:
                rows.append({**row_, "reason": "few-units"})
                continue
            r, low, high, p = spearman(x, y, confidence)
            reason = "no-variance" if r != r else ""
            rows.append({**row_, "estimate": r, "lower": low, "upper": high, "p": p, "df": len(units) - 2,
                         "reason": reason})  # fmt: skip
    return results.frame(rows)
