"""Which unsur to improve first: the three lowest, and how sure that is (R18).

The regulation asks to improve the lowest first. Each of the three lowest is *clearly lower* than
the rest, or *not distinguishable* from some of them, or *states a fact* (the tariff, the
existence of a complaint channel) that no effort of the staff changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtr

from .. import rules
from .answers import aligned, groups, levels
from .rows import Blocks

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: How many unsur are listed.
LISTED = 3
#: Tests need this many respondents (R6).
ENOUGH = 30
ALPHA = 0.05

CLEARLY_LOWER, NOT_DISTINGUISHABLE, STATES_A_FACT = "clearly-lower", "not-distinguishable", "states-a-fact"


def holm(p: Array) -> Array:
    """Holm's adjusted p within each row, with the running maximum; NaN stay NaN (Holm 1979).

    Examples
    --------
    >>> holm(np.array([[0.01, 0.04, 0.03]])).round(4).tolist()
    [[0.03, 0.06, 0.06]]
    """
    p = np.atleast_2d(np.asarray(p, dtype=float))
    order = np.argsort(np.where(np.isnan(p), np.inf, p), axis=1, kind="stable")
    ranked = np.take_along_axis(p, order, 1)
    m = (~np.isnan(p)).sum(1, keepdims=True)
    steps = np.where(np.isnan(ranked), 0, ranked * np.maximum(m - np.arange(p.shape[1]), 1))
    adjusted = np.minimum(np.maximum.accumulate(steps, axis=1), 1.0)
    out = np.empty_like(p)
    np.put_along_axis(out, order, np.where(np.isnan(ranked), np.nan, adjusted), 1)
    return out


def table(
    answers: pd.DataFrame,
    by: Any = None,
    *,
    rule: str | rules.Rule = "14/2017",
    scale: Sequence[int] = (1, 4),
    states_fact: Sequence[str] | None = None,
    alpha: float = ALPHA,
    survey: str = "",
    listed: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Rank the items of every unit from the lowest and say which are surely low.

    Paired t tests between all pairs of a unit's items on the rows that answered both, Holm over
    all pairs (so that choosing the lowest afterwards is covered). A listed item is compared with
    every item that is not listed.

    Parameters
    ----------
    answers : DataFrame
        Item columns. An item nobody in a unit answered does not belong to that unit.
    by : array-like, optional
        Unit of each row.
    states_fact : sequence of str, optional
        Items whose options state a fact; by default those the rule marks (U4, U8).
    alpha : float
        Familywise level.
    rule, scale, survey, listed
        As in `index.table`.

    Returns
    -------
    DataFrame
        Scope ``unit``; statistic ``priority``: ``estimate`` the rank from the lowest (ties by item
        order), ``text`` for the three lowest (``clearly-lower``, ``not-distinguishable``,
        ``states-a-fact``), ``other`` the items it cannot be told from, ``p`` and ``p_adjusted`` the
        largest over its comparisons. Below 30 respondents the rank stands with the reason
        ``too-few`` and no p.

    Examples
    --------
    >>> import pandas as pd
    >>> x = pd.DataFrame({"U1": [2, 3] * 20, "U2": [4] * 40, "U3": [4] * 40, "U5": [4] * 40})
    >>> table(x).set_index("item").text.to_dict()["U1"]
    'clearly-lower'
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    facts = {u.code for u in law.unsur if u.states_fact} if states_fact is None else set(states_fact)
    lv = levels(answers, scale)
    units = groups(aligned(answers, by), len(answers), listed)
    size, k = len(units), len(lv.items)
    n, total = np.zeros((size, k), dtype=np.int64), np.zeros((size, k), dtype=np.int64)
    whole = lv.values.astype(np.int64)
    for j in range(k):
        seen = lv.codes[:, j] > 0
        n[:, j] = np.bincount(units.codes[seen], minlength=size)[:size]
        total[:, j] = np.bincount(units.codes, weights=whole[lv.codes[:, j]], minlength=size)[:size]
    asked = n > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(asked, total / n, np.inf)
    # Ranks from the mean rounded well below its resolution: equal fractions stay ties, in item order.
    order = np.argsort(np.round(mean, 12), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(1, k + 1), order.shape), 1)
    p = _pairs(lv.codes, lv.values, units.codes, size, k)
    pairs = [(a, b) for a in range(k) for b in range(a + 1, k)]
    adjusted = holm(p) if pairs else p
    raw_of, adjusted_of = np.full((size, k, k), np.nan), np.full((size, k, k), np.nan)
    for i, (a, b) in enumerate(pairs):
        raw_of[:, a, b] = raw_of[:, b, a] = p[:, i]
        adjusted_of[:, a, b] = adjusted_of[:, b, a] = adjusted[:, i]
    return _rows(lv.items, units.ids, n, rank, asked, raw_of, adjusted_of, facts, alpha, survey)


def _pairs(codes: Array, values: Array, group: Array, size: int, k: int) -> Array:
    """Two-sided p of the paired t test for every pair of items and unit."""
    p = np.full((size, k * (k - 1) // 2), np.nan)
    place = 0
    for a in range(k):
        for b in range(a + 1, k):
            both = (codes[:, a] > 0) & (codes[:, b] > 0)
            d, g = (values[codes[both, a]] - values[codes[both, b]]), group[both]
            n = np.bincount(g, minlength=size)[:size].astype(float)
            first = np.bincount(g, weights=d, minlength=size)[:size]
            second = np.bincount(g, weights=d * d, minlength=size)[:size]
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = first / n
                square = second - n * mean**2
                flat = square <= 1e-9 * np.maximum(second, 1)
                t = mean / np.sqrt(np.where(flat, np.nan, square) / (n * (n - 1)))
                # The same difference in every row leaves nothing to chance.
                value = np.where(flat, np.where(first == 0, 1.0, 0.0), 2 * stdtr(n - 1, -np.abs(t)))
            p[:, place] = np.where(n >= ENOUGH, value, np.nan)
            place += 1
    return p


def _rows(
    items: tuple[str, ...],
    ids: tuple[str, ...],
    n: Array,
    rank: Array,
    asked: Array,
    raw: Array,
    adjusted: Array,
    facts: set[str],
    alpha: float,
    survey: str,
) -> pd.DataFrame:
    size, k = n.shape
    chosen = asked & (rank <= LISTED)
    compare = chosen[:, :, None] & (asked & ~chosen)[:, None, :]
    with np.errstate(invalid="ignore"):
        unclear: Array = compare & ~(adjusted < alpha)
        worst = np.where(compare, np.nan_to_num(raw, nan=-1), -1).max(2, initial=-1)
        worst_adjusted = np.where(compare, np.nan_to_num(adjusted, nan=-1), -1).max(2, initial=-1)
    untested: Array = np.any(compare & np.isnan(adjusted), axis=2)
    some: Array = np.any(compare, axis=2)
    text = np.full((size, k), "", dtype=object)
    listed: Array = chosen & some
    doubt: Array = np.any(unclear, axis=2)
    text[listed] = np.where(doubt, NOT_DISTINGUISHABLE, CLEARLY_LOWER)[listed]
    # With three items or fewer there is nothing left to be lower than.
    text[chosen & ~some] = NOT_DISTINGUISHABLE
    fact = np.array([name in facts for name in items], dtype=bool)
    text[chosen & fact[None, :]] = STATES_A_FACT
    other = _joined(unclear, items)
    group, item = np.nonzero(asked)
    pick = (group, item)
    reason = np.where(untested[pick], "too-few", "").astype(object)
    tested = some[pick] & ~untested[pick]
    blocks = Blocks(survey)
    blocks.add(
        "unit", "priority", group, unit=np.array(ids, dtype=object)[group],
        item=np.array(items, dtype=object)[item], estimate=rank[pick].astype(float), text=text[pick],
        other=other[pick], n=n[pick], p=np.where(tested, worst[pick], np.nan),
        p_adjusted=np.where(tested, worst_adjusted[pick], np.nan), method="paired-t, holm", reason=reason,
    )  # fmt: skip
    return blocks.frame()


def _joined(mask: Array, items: tuple[str, ...]) -> Array:
    """Names of the marked items of each cell; equal patterns are joined once."""
    size, k, _ = mask.shape
    out = np.full((size, k), "", dtype=object)
    known: dict[bytes, str] = {}
    for i, j in zip(*np.nonzero(mask.any(2)), strict=True):
        key = mask[i, j].tobytes()
        if key not in known:
            known[key] = ",".join(name for name, on in zip(items, mask[i, j], strict=True) if on)
        out[i, j] = known[key]
    return out
