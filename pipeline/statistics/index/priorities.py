"""Which unsur to improve first: the three lowest, and what each is surely lower than (R18).

The regulation asks to improve the lowest first. What is said of a listed unsur names the unsur it is
lower than, and each of those pairs is tested. An unsur that *states a fact* (the tariff, the existence
of a complaint channel) measures no satisfaction: it is listed, and takes part in no such test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import rules
from pipeline.statistics.data.levels import Groups, Levels, aligned, groups, levels
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.rows import Blocks
from pipeline.statistics.index.paired_t import Paired, paired

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: How many unsur are listed.
LISTED = 3
ALPHA = 0.05

CLEARLY_LOWER, PARTLY_LOWER, NOT_DISTINGUISHABLE = "clearly-lower", "partly-lower", "not-distinguishable"
STATES_A_FACT, NOT_TESTED, TIE = "states-a-fact", "not-tested", "tie"
ALL_EQUAL = "all-equal"
#: From this share of respondents on, "there is none" is what the unit reads first.
HALF_OR_MORE, LESS_THAN_HALF = "half-or-more", "less-than-half"


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
    """Rank the items of every unit from the lowest and say which are surely lower than which.

    Paired t tests between every two of a unit's items that ask for an opinion, on the respondents who
    answered both, Holm over exactly these pairs: all of them are rows, and whichever turn out lowest,
    choosing them afterwards is covered.

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
        Tidy rows of scope ``unit``.

        ============== ================================================================================
        ``priority``   ``estimate`` the rank from the lowest, shared by items whose means are exactly
                       equal (integers: ``numerator`` the sum, ``denominator`` the answers); ``other``
                       the items that share it. ``text`` for the listed, at most three: ``clearly-lower``
                       (than every opinion that is not listed), ``partly-lower`` (than some opinion),
                       ``not-distinguishable`` (from any), ``states-a-fact``, ``not-tested`` (fewer than
                       30 respondents). An item that shares the highest mean is never listed; where all
                       means are equal there is no rank, with the reason ``all-equal``
        ``lower_than`` of every two opinions that were tested the lower one as ``item``: ``estimate`` its
                       mean less that of ``other`` on the respondents who answered both, in index points;
                       ``p``, ``p_adjusted`` (Holm); ``text`` ``clearly-lower``, ``tie`` (means exactly
                       equal, and no difference) or ``not-distinguishable``
        ``no_channel`` of the item whose lowest answer says that there is none (U8): ``estimate`` the
                       share of that answer, ``text`` ``half-or-more`` or ``less-than-half``
        ============== ================================================================================

    Notes
    -----
    Users of the period are taken as a sample of those the unit serves, whom the follow-up is for: no
    finite population correction. p checked against scipy and statsmodels. Holm over the pairs of the
    three lowest only, chosen after a look, would err in up to 6.6 % of units whose items are all equal;
    over all pairs it errs in at most 4.5 % (``benchmarks/lowest.py``).

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics, 6, 65-70.

    Examples
    --------
    >>> import pandas as pd
    >>> x = pd.DataFrame({"U1": [2, 3] * 20, "U2": [3, 4] * 20, "U3": [4] * 40, "U5": [4] * 40})
    >>> t = table(x)
    >>> t[(t.statistic == "priority") & (t.text != "")][["item", "text"]].values.tolist()
    [['U1', 'clearly-lower'], ['U2', 'clearly-lower']]
    >>> t[(t.statistic == "lower_than") & (t.text == "tie")][["item", "other"]].values.tolist()
    [['U3', 'U5']]
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    facts = {u.code for u in law.unsur if u.states_fact} if states_fact is None else set(states_fact)
    lv = levels(answers, scale)
    units = groups(aligned(answers, by), len(answers), listed)
    opinion = np.array([name not in facts for name in lv.items], dtype=bool)
    order = _ranked(*_sums(lv, units))
    tests = paired(lv.codes, lv.values, units.codes, len(units), np.flatnonzero(opinion))
    adjusted = holm(tests.p) if tests.first else tests.p
    blocks = Blocks(survey)
    ids = np.array(units.ids, dtype=object)
    lower = _lower(order, tests, adjusted, alpha)
    _ranks(blocks, ids, lv.items, order, opinion, lower, _tested(order, tests))
    _pairs(blocks, ids, lv.items, order, tests, adjusted, lower, 100 / lv.high)
    _channel(blocks, ids, lv, units, _absent(law, lv) & facts)
    return blocks.frame()


@dataclass(frozen=True)
class _Order:
    """Items of each unit by their means, compared as fractions of integers."""

    n: Array
    total: Array
    asked: Array
    #: [unit, a, b]: the mean of a is below that of b; they are exactly equal.
    below: Array
    equal: Array
    rank: Array
    chosen: Array
    all_equal: Array


def _sums(lv: Levels, units: Groups) -> tuple[Array, Array]:
    """Answers and sum of answers of each item in each unit."""
    size, k = len(units), len(lv.items)
    n, total = np.zeros((size, k), dtype=np.int64), np.zeros((size, k), dtype=np.int64)
    whole = lv.values.astype(np.int64)
    for j in range(k):
        seen = lv.codes[:, j] > 0
        n[:, j] = np.bincount(units.codes[seen], minlength=size)[:size]
        total[:, j] = np.bincount(units.codes, weights=whole[lv.codes[:, j]], minlength=size)[:size]
    return n, total


def _ranked(n: Array, total: Array) -> _Order:
    """Ranks with ties; the first three in the order of the form, without those nothing is above."""
    asked = n > 0
    both = asked[:, :, None] & asked[:, None, :]
    left, right = total[:, :, None] * n[:, None, :], total[:, None, :] * n[:, :, None]
    below, equal = both & (left < right), both & (left == right)
    equal &= ~np.eye(n.shape[1], dtype=bool)
    rank = 1 + below.sum(axis=1)
    earlier = np.tril(np.ones((n.shape[1],) * 2, dtype=bool), -1)
    place = rank + (equal & earlier).sum(axis=2)
    highest = asked & ~below.any(axis=2)
    return _Order(
        n, total, asked, below, equal, rank,
        chosen=asked & (place <= LISTED) & ~highest, all_equal=(highest == asked).all(axis=1),
    )  # fmt: skip


def _lower(order: _Order, tests: Paired, adjusted: Array, alpha: float) -> Array:
    """[unit, a, b]: a is lower than b by the means, by the difference of both, and by the test."""
    lower = np.zeros(order.below.shape, dtype=bool)
    with np.errstate(invalid="ignore"):
        shown = adjusted < alpha
    for place, (a, b) in enumerate(zip(tests.first, tests.second, strict=True)):
        d = tests.difference[:, place]
        lower[:, a, b] = shown[:, place] & (d < 0) & order.below[:, a, b]
        lower[:, b, a] = shown[:, place] & (d > 0) & order.below[:, b, a]
    return lower


def _tested(order: _Order, tests: Paired) -> Array:
    """[unit, a, b]: whether the two were tested."""
    tested = np.zeros(order.below.shape, dtype=bool)
    for place, (a, b) in enumerate(zip(tests.first, tests.second, strict=True)):
        tested[:, a, b] = tested[:, b, a] = np.isfinite(tests.p[:, place])
    return tested


def _ranks(
    blocks: Blocks, ids: Array, items: tuple[str, ...], order: _Order, opinion: Array, lower: Array,
    tested: Array,
) -> None:  # fmt: skip
    """Rows of rank and mark."""
    rest = (order.asked & ~order.chosen & opinion)[:, None, :]
    some, known = lower.any(axis=2), tested.any(axis=2)
    every = (lower | ~rest).all(axis=2) & rest.any(axis=2)
    text = np.full(order.rank.shape, "", dtype=object)
    text[order.chosen] = NOT_DISTINGUISHABLE
    text[order.chosen & some] = PARTLY_LOWER
    text[order.chosen & some & every] = CLEARLY_LOWER
    untested = order.chosen & ~known & opinion
    text[untested] = NOT_TESTED
    text[order.chosen & ~opinion] = STATES_A_FACT
    group, item = pick = np.nonzero(order.asked)
    flat = order.all_equal[group]
    blocks.add(
        "unit", "priority", group, unit=ids[group], item=np.array(items, dtype=object)[item],
        estimate=np.where(flat, np.nan, order.rank[pick].astype(float)), text=text[pick],
        other=_joined(order.equal, items)[pick], n=order.n[pick], numerator=order.total[pick],
        denominator=order.n[pick], method="mean",
        reason=np.where(flat, ALL_EQUAL, np.where(untested[pick], "too-few", "")).astype(object),
    )  # fmt: skip


def _pairs(
    blocks: Blocks, ids: Array, items: tuple[str, ...], order: _Order, tests: Paired, adjusted: Array,
    lower: Array, factor: float,
) -> None:  # fmt: skip
    """Rows of the tested pairs, the lower item first; of a tie the one that comes first in the form."""
    if not tests.first:
        return
    names = np.array(items, dtype=object)
    first, second = np.array(tests.first), np.array(tests.second)
    group, pair = np.nonzero(np.isfinite(tests.p))
    a, b = first[pair], second[pair]
    turned = order.below[group, b, a]
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    word = np.where(lower[group, a, b], CLEARLY_LOWER, NOT_DISTINGUISHABLE).astype(object)
    value = tests.difference[group, pair] * factor
    word[order.equal[group, a, b] & (value == 0)] = TIE
    n = tests.n[group, pair]
    blocks.add(
        "unit", "lower_than", group, unit=ids[group], item=names[a], other=names[b],
        estimate=np.where(turned, -value, value), text=word, n=n, df=(n - 1).astype(float),
        p=tests.p[group, pair], p_adjusted=adjusted[group, pair], method="paired-t, holm",
    )  # fmt: skip


def _absent(law: rules.Rule, lv: Levels) -> set[str]:
    """Items whose lowest answer says that there is none, on the rule's own scale."""
    if (lv.low, lv.high) != tuple(law.scale):
        return set()
    return {unsur.code for unsur in law.unsur if unsur.lowest_is_absence}


def _channel(blocks: Blocks, ids: Array, lv: Levels, units: Groups, absent: set[str]) -> None:
    """Rows of the share of respondents who say that there is none; halves are decided by integers."""
    for j, name in enumerate(lv.items):
        if name not in absent:
            continue
        n = np.bincount(units.codes[lv.codes[:, j] > 0], minlength=len(units))[: len(units)]
        none = np.bincount(units.codes[lv.codes[:, j] == 1], minlength=len(units))[: len(units)]
        there = np.flatnonzero(n)
        text = np.where(2 * none >= n, HALF_OR_MORE, LESS_THAN_HALF).astype(object)
        blocks.add(
            "unit", "no_channel", there, unit=ids[there], item=name, estimate=none[there] / n[there],
            text=text[there], n=n[there], numerator=none[there], denominator=n[there],
            method="lowest-answer",
        )  # fmt: skip


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
