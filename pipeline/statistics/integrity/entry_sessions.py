"""When rows were keyed: many in one sitting, unlike the unit's other rows.

Three honest habits look alike at first sight and are told apart here. A one-day event is answered
and entered the same day. A unit that works on paper keys all its forms late. Respondents arrive
irregularly; somebody who types forms one after another is regular; and who keys some paper every
week does so all along. What remains, one batch unlike everything else, is asked about, because
nobody can tell from the data whether those forms were paper keyed late.
"""

from __future__ import annotations

import numpy as np
from scipy.special import chdtr
from scipy.stats import hypergeom

from pipeline.statistics.data.rows import choose
from pipeline.statistics.integrity.runs import NOTHING_SEEN, Signal, by_group

Array = np.ndarray

#: A late day matters from this many rows and this share of the unit's rows on.
LATE_ROWS, LATE_SHARE = 5, 0.05
#: Of the unit's other rows, at most this share may have been keyed late as well.
USUAL_LATE = 0.5
#: One batch: all its days lie within so many days, and it holds this share of everything the
#: unit entered in that way. Otherwise it is a habit of the unit.
BATCH_DAYS, BATCH_SHARE = 4, 0.8
#: A sitting ends with a pause of more than so many seconds; its mean gap is at most the second.
PAUSE, PACE = 300.0, 60.0
#: Fewest gaps of a sitting that is judged.
GAPS = 8


def late_days(codes: Array, size: int, answered: Array, entered: Array, paper: Array | None = None) -> Signal:
    """Days on which rows of other days were keyed, unlike the unit's other rows.

    Parameters
    ----------
    codes : ndarray of int
        Unit of each row; ``size`` means none.
    size : int
        Number of units.
    answered, entered : ndarray of int
        Day number of each row; negative where not recorded.
    paper : ndarray of bool, optional
        Rows whose forms the definition says were on paper: keyed late by nature, they take no part.

    Returns
    -------
    Signal
        The chance that so many of the unit's late rows fall on its keying days
        (hypergeometric), Bonferroni over the unit's days. It is 1 where such days lie more than
        four days apart (paper keyed now and then), and where no day holds five late rows and a
        twentieth of all. Reasons: ``paper`` where all rows were on paper, ``nothing-to-compare``
        where most other rows of one batch are late too, ``not-asked`` without both days.

    Examples
    --------
    >>> answered = np.array([*range(40), *range(20)])
    >>> entered = np.array([*range(40), *[60] * 20])
    >>> found = late_days(np.zeros(60, dtype=int), 1, answered, entered)
    >>> bool(found.p[0] < 1e-9), int(found.rows.sum())
    (True, 20)
    """
    import pandas as pd

    rows = np.zeros(len(codes), dtype=bool)
    known = (codes < size) & (answered >= 0) & (entered >= 0)
    recorded = np.bincount(codes[known], minlength=size)
    if paper is not None:
        known &= ~paper
    total = np.bincount(codes[known], minlength=size)
    late = known & (entered > answered)
    seen = np.bincount(codes[late], minlength=size) > 0
    reason = choose([(recorded == 0, "not-asked"), (total == 0, "paper"), (~seen, NOTHING_SEEN)], size)
    p = np.where(total > 0, 1.0, np.nan)
    if not late.any():
        return Signal(p, rows, reason)
    days = pd.DataFrame({"unit": codes[known], "day": entered[known], "late": late[known]})
    day = days.groupby(["unit", "day"], sort=True).late.agg(["size", "sum"]).reset_index()
    unit, m, x = day.unit.to_numpy(), day["size"].to_numpy(), day["sum"].to_numpy()
    big = (x >= LATE_ROWS) & (x >= LATE_SHARE * total[unit]) & (x > m / 2)
    # What the unit does on its other days is what is usual for it.
    lates = np.bincount(unit, weights=x, minlength=size)
    on_big = np.bincount(unit[big], weights=x[big], minlength=size)
    rows_big = np.bincount(unit[big], weights=m[big], minlength=size)
    rest = total - rows_big
    usual = (lates - on_big) / np.maximum(rest, 1)
    batch = (
        (on_big > 0)
        & (on_big >= BATCH_SHARE * lates)
        & (_spread(unit[big], day.day.to_numpy()[big], size) < BATCH_DAYS)
    )
    unlike = batch & (rest > 0) & (usual <= USUAL_LATE)
    judged = np.flatnonzero(unlike)
    chance = hypergeom.sf(
        on_big[judged] - 1, total[judged], lates[judged].astype(int), rows_big[judged].astype(int)
    )
    tried = np.bincount(unit, minlength=size)[judged]
    p[judged] = np.minimum(chance * tried, 1)
    marked = pd.MultiIndex.from_arrays([unit[big & unlike[unit]], day.day.to_numpy()[big & unlike[unit]]])
    if len(marked):
        rows[known] = pd.MultiIndex.from_arrays([days.unit, days.day]).isin(marked)
        rows &= late
    # One batch and hardly anything else: whether that is odd for this unit cannot be told.
    reason[batch & ~unlike] = "nothing-to-compare"
    p[batch & ~unlike] = np.nan
    return Signal(p, rows, reason)


def _in_time(codes: Array, seconds: Array) -> Array:
    """Order by unit and time; times to the thousandth of a second, as files have them, as whole numbers."""
    stamp = np.rint(seconds * 1e3)
    if (stamp / 1e3 == seconds).all():
        return by_group(codes, stamp.astype(np.int64))
    return np.lexsort((seconds, codes))


def _spread(unit: Array, day: Array, size: int) -> Array:
    """Days between the first and the last of each unit's days."""
    first, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(first, unit, day)
    np.maximum.at(last, unit, day)
    return np.where(np.isfinite(first), last - first, 0)


def regular(codes: Array, size: int, seconds: Array, paper: Array | None = None) -> Signal:
    """Rows that follow one another fast and more evenly than people arrive, in one sitting.

    Gaps between arrivals of independent people are exponential at whatever pace; the test is
    Bartlett's for that against gaps that vary less (it does not depend on the pace). Only
    sittings with a mean gap of at most 60 seconds count (whoever answers takes longer, even at a
    device with a queue before it), and only where they lie within four days and most of the unit's
    other timed rows were not entered so.

    Parameters
    ----------
    codes : ndarray of int
        Unit of each row.
    size : int
        Number of units.
    seconds : ndarray of float
        Time of each row in seconds; NaN where not recorded.
    paper : ndarray of bool, optional
        Rows whose forms the definition says were on paper: typing them one after another is how
        that is done, and they take no part.

    Returns
    -------
    Signal
        Bonferroni over the unit's sittings. Reasons: ``paper`` where all rows were on paper,
        ``nothing-to-compare`` where most rows came so in one batch, ``not-asked`` without times.

    Notes
    -----
    B = 2k (log mean gap - mean log gap) / (1 + (k + 1) / 6k) is compared with chi-square of k - 1
    degrees of freedom, lower tail (Bartlett 1937); half a second stands for simultaneous rows,
    which makes the test more cautious.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> stamps = np.append(np.cumsum(rng.exponential(9000, 60)), 9e6 + np.cumsum(rng.uniform(25, 45, 30)))
    >>> found = regular(np.zeros(90, dtype=int), 1, stamps)
    >>> bool(found.p[0] < 1e-6), int(found.rows.sum())
    (True, 30)
    """
    rows = np.zeros(len(codes), dtype=bool)
    timed = (codes < size) & ~np.isnan(seconds)
    recorded = np.bincount(codes[timed], minlength=size)
    timed = np.flatnonzero(timed if paper is None else timed & ~paper)
    total = np.bincount(codes[timed], minlength=size)
    p = np.where(total > 0, 1.0, np.nan)
    reason = choose([(recorded == 0, "not-asked"), (total == 0, "paper")], size)
    if len(timed) <= GAPS:
        reason[total > 0] = NOTHING_SEEN
        return Signal(p, rows, reason)
    order = timed[_in_time(codes[timed], seconds[timed])]
    unit = codes[order]
    gap = np.diff(seconds[order])
    joined = (unit[1:] == unit[:-1]) & (gap <= PAUSE)
    sitting = np.append(0, np.cumsum(~joined))
    count = sitting[-1] + 1
    first = np.flatnonzero(np.append(True, ~joined))
    within, long = sitting[1:][joined], np.maximum(gap[joined], 0.5)
    k = np.bincount(within, minlength=count)
    span = np.bincount(within, weights=long, minlength=count)
    logs = np.bincount(within, weights=np.log(long), minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = span / k
        b = 2 * k * (np.log(mean) - logs / k) / (1 + (k + 1) / (6 * k))
    fast = (k >= GAPS) & (mean <= PACE)
    of = unit[first]
    chance = np.where(fast, chdtr(np.maximum(k - 1, 1), np.where(fast, np.maximum(b, 0), 1)), 1)
    tried = np.bincount(of[fast], minlength=size)
    even = fast & (chance * np.maximum(tried[of], 1) < 1e-3)
    # A unit that keys all its forms so, on paper or at a kiosk, is not unlike itself.
    inside = np.bincount(of[even], weights=k[even] + 1, minlength=size)
    unlike = inside <= np.maximum(total, 1) * (1 - USUAL_LATE)
    began = seconds[order[first]] // 86_400
    quick = np.bincount(unit[1:][joined & (gap <= PACE)], minlength=size)
    batch = np.bincount(of[even], weights=k[even], minlength=size) >= (1 - USUAL_LATE) * quick
    batch &= (inside > 0) & (_spread(of[even], began[even], size) < BATCH_DAYS)
    np.minimum.at(p, of[fast], np.minimum(chance[fast] * tried[of[fast]], 1))
    p = np.where(np.isnan(p) | (unlike & batch), p, 1.0)
    rows[order[(even & (unlike & batch)[of])[sitting]]] = True
    reason[(total > 0) & (tried == 0)] = NOTHING_SEEN
    reason[batch & ~unlike] = "nothing-to-compare"
    p[batch & ~unlike] = np.nan
    return Signal(p, rows, reason)
