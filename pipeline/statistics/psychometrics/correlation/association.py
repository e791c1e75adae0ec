"""How the items go together: rank correlations of every pair of items.

Answers are four words. Everything a rank correlation needs is the 4 x 4 table of two items, so a
pair costs one count over the rows, for all units at once, and ties are handled exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from pipeline import results
from pipeline.statistics.data.grouped import Array, Grouped, group
from pipeline.statistics.data.pearson import r_p_value
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.correlation.rank import (
    crosstab,
    kendall_of_table,
    spearman_of_table,
)

if TYPE_CHECKING:
    import pandas as pd

#: Cells of the tables of all units held at one time.
LARGEST_TABLE = 20_000_000


def spearman_interval(r: Array, n: Array, confidence: float = 0.95) -> tuple[Array, Array]:
    """Interval of a rank correlation: tanh(atanh r +/- z sqrt((1 + r^2/2) / (n - 3))).

    References
    ----------
    Bonett, D. G., Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations. Psychometrika, 65, 23-28.

    Examples
    --------
    >>> low, high = spearman_interval(np.array(0.5), np.array(103))
    >>> float(low).__round__(4), float(high).__round__(4)
    (0.3287, 0.6394)
    """
    n = np.asarray(n, dtype=float)
    error = np.sqrt((1 + np.asarray(r) ** 2 / 2) / np.where(n > 3, n - 3, np.nan))
    z = special.ndtri((1 + confidence) / 2)
    with np.errstate(divide="ignore"):
        centre = np.arctanh(np.asarray(r, dtype=float))
    return np.tanh(centre - z * error), np.tanh(centre + z * error)


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    survey: str = "",
    items: Sequence[str] | None = None,
    confidence: float = 0.95,
    kendall_by_unit: bool = False,
    frequencies: bool = False,
    counted: Collection[str] | None = None,
) -> pd.DataFrame:
    """Rank correlations of every two items, in every unit and over all respondents.

    Parameters
    ----------
    answers, by, survey, items, counted
        As in `reliability.table`.
    confidence : float
        Of the intervals.
    kendall_by_unit : bool
        Kendall's tau for each unit as well; by default only over all respondents.
    frequencies : bool
        The tables themselves over all respondents: statistic ``count``, the two answers in
        ``text`` as ``"3 x 4"``. (Those of single items are in `index`: ``share_1`` to ``share_4``.)

    Returns
    -------
    DataFrame
        ``spearman`` (interval by Bonett and Wright, p from t), ``kendall`` (tau-b) and, over all respondents,
        ``polychoric`` (``numerator``: empty cells), ``item`` x ``other``, each on the rows that answered both.

    Examples
    --------
    >>> import pandas as pd
    >>> t = table(pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4]}))
    >>> t[["item", "other", "estimate"]].values.tolist()
    [['U1', 'U2', 0.8], ['U1', 'U2', 0.6666666666666666]]
    """
    grouped = group(answers, by, items)
    alone = by is None
    parts = [_rows(grouped, survey, "unit", confidence, kendall_by_unit or alone, frequencies and alone)]
    together = grouped.of(counted)
    if not alone and together.rows:
        parts.append(_rows(together.pooled().shared(), survey, "city", confidence, True, frequencies))
    return results.concat(parts)


def _rows(
    grouped: Grouped, survey: str, scope: str, confidence: float, kendall: bool, frequencies: bool
) -> pd.DataFrame:
    first, second = np.triu_indices(len(grouped.items), 1)
    names = [grouped.items[a] for a in first], [grouped.items[b] for b in second]
    units = len(grouped.units)
    if len(first) == 0 or units == 0:
        return results.empty()
    shape = (units, len(first))
    rho, tau, tau_p, n = (np.full(shape, np.nan) for _ in range(4))
    codes, values = _codes(grouped)
    levels = len(values)
    unit = grouped.unit_of_row
    sheet = Sheet(survey, scope, grouped.units)
    ends = grouped.starts + grouped.sizes
    step = max(1, LARGEST_TABLE // max(1, levels**2))
    for low in range(0, units, step):
        block = slice(low, min(low + step, units))
        rows = slice(int(grouped.starts[low]), int(ends[block.stop - 1]))
        local = unit[rows] - low
        for pair, (a, b) in enumerate(zip(first, second)):
            use = None if grouped.seen is None else grouped.seen[a, rows] & grouped.seen[b, rows]
            counts = crosstab(codes[a, rows], codes[b, rows], local, block.stop - low, (levels, levels), use)
            n[block, pair] = counts.sum(axis=(1, 2))
            rho[block, pair] = spearman_of_table(counts)
            if kendall:
                tau[block, pair], tau_p[block, pair] = kendall_of_table(counts)
            if frequencies:
                _frequencies(sheet, counts, values, names[0][pair], names[1][pair])
    asked = grouped.asked()
    columns: dict[str, Any] = {
        "item": names[0], "other": names[1], "n": n, "where": asked[:, first] & asked[:, second],
        "reason": np.where(n == 0, "no-data", np.where(n < 3, "too-few", "no-variance")),
    }  # fmt: skip
    rho = np.where(n >= 3, rho, np.nan)
    lower, upper = spearman_interval(rho, n, confidence)
    sheet.add("spearman", rho, lower=lower, upper=upper, confidence=confidence,
              df=np.where(n >= 3, n - 2, np.nan), p=r_p_value(rho, n), **columns)  # fmt: skip
    if kendall:
        tau = np.where(n >= 3, tau, np.nan)
        sheet.add("kendall", tau, p=np.where(n >= 3, tau_p, np.nan), method="tau-b", **columns)
    if scope == "city":
        _polychoric(sheet, grouped, columns)
    return sheet.frame()


def _polychoric(sheet: Sheet, grouped: Grouped, columns: dict[str, Any]) -> None:
    """Correlations of the normal answers behind the answers; units have theirs in `validity`."""
    first, second = np.triu_indices(len(grouped.items), 1)
    n = columns["n"]
    try:
        found = polychoric.matrices(grouped)
    except ValueError:
        nothing = np.full(n.shape, np.nan)
        sheet.add(
            "polychoric", nothing, **{**columns, "reason": np.where(n == 0, "no-data", "not-estimable")}
        )
        return
    r = found.r[:, first, second]
    sure = (np.abs(r) < polychoric.BOUNDARY) & (n >= 3)
    vary = found.keep[:, first] & found.keep[:, second]
    why = np.where(
        n == 0, "no-data", np.where(n < 3, "too-few", np.where(vary, "not-estimable", "no-variance"))
    )
    sheet.add("polychoric", np.where(sure, r, np.nan), numerator=found.empty_cells[:, first, second],
              **{**columns, "reason": why})  # fmt: skip


def _frequencies(sheet: Sheet, counts: Array, values: Array, item: str, other: str) -> None:
    labels = [f"{a:g} x {b:g}" for a in values for b in values]
    flat = counts.reshape(len(counts), -1)
    sheet.add("count", flat, item=item, other=other, n=flat.sum(axis=1),
              text=np.broadcast_to(np.asarray(labels, dtype=object), flat.shape))  # fmt: skip


def _codes(grouped: Grouped) -> tuple[Array, Array]:
    """Answers as positions 0..L-1 in the sorted list of distinct answers (unanswered: any)."""
    seen = np.ones(grouped.values.shape, dtype=bool) if grouped.seen is None else grouped.seen
    if grouped.values.dtype == np.int8:
        present = np.bincount(grouped.values[seen].astype(np.int16) + 128, minlength=256) > 0
        lookup = np.maximum(np.cumsum(present) - 1, 0).astype(np.int8 if present.sum() < 128 else np.int16)
        return lookup[grouped.values.astype(np.int16) + 128], np.flatnonzero(present) - 128.0
    values = np.unique(grouped.values[seen])
    places = np.clip(np.searchsorted(values, grouped.values), 0, max(0, len(values) - 1))
    return places, values
