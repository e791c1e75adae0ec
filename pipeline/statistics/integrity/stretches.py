"""Stretches of rows that stand a second time in the same order: copying from one place to another."""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.rows import choose
from pipeline.statistics.integrity.runs import SHORTEST, Signal, anew, in_order

Array = np.ndarray

#: Longer stretches need not be told apart: their chance is nil already.
LONGEST = 40


def stretches(
    pattern: Array,
    straight: Array,
    codes: Array,
    size: int,
    source: Array | None = None,
    placed: tuple[Array, Array] | None = None,
    new: Array | None = None,
) -> Signal:
    """Longest stretch of rows that stands a second time in the same order, in this unit or another.

    Straight lines are left out before rows are compared (near the ceiling they are alike by
    themselves), and so are rows that repeat the row before them (`runs.anew`). Places that
    overlap are no repetition: a stretch is never held against itself shifted. Two stretches of L
    rows agree by chance with probability c^L at a given pair of places, with c the chance that two
    rows agree (the larger of the unit's own and the city's); there are n N pairs of places.

    Parameters
    ----------
    pattern, straight, codes, size, source, placed
        As in `runs.blocks`.
    new : ndarray of bool, optional
        What `runs.anew` gives for them, where it is known.

    Returns
    -------
    Signal
        ``rows`` marks stretches of probability below one in a thousand. Both places are marked:
        which one is the copy cannot be told. Reasons: ``mostly-alike`` where straight lines leave too few
        rows to compare, ``too-few``.

    Examples
    --------
    >>> answers = np.array([*range(40), *range(10, 20)])
    >>> found = stretches(answers, np.zeros(50, dtype=bool), np.zeros(50, dtype=int), 1)
    >>> bool(found.p[0] < 1e-6), np.flatnonzero(found.rows).tolist() == [*range(10, 20), *range(40, 50)]
    (True, True)

    Six of a family who fill in alike are one row of equal answers, not a stretch found twice:

    >>> answers = np.array([*range(40), *[99] * 6])
    >>> float(stretches(answers, np.zeros(46, dtype=bool), np.zeros(46, dtype=int), 1).p[0])
    1.0
    """
    order, unit = placed = in_order(codes, size, source) if placed is None else placed
    everybody = np.bincount(unit, minlength=size)
    kept = (~straight & (anew(pattern, placed) if new is None else new))[order]
    order, unit = order[kept], unit[kept]
    rows = np.zeros(len(codes), dtype=bool)
    total = np.bincount(unit, minlength=size)
    reason = left_over(total, everybody, size)
    judged = np.where(reason == "", 1.0, np.nan)
    if len(unit) < 2 * SHORTEST:
        return Signal(judged, rows, reason)
    label = pattern[order].astype(np.uint64)
    agree = np.maximum(_agreement(label, unit, total, size), _agreement(label, unit * 0, None, 1)[0])
    hashed, turn = _mix(label), np.uint64(0x9E3779B97F4A7C15)
    key = hashed.copy()
    # A longer stretch stands twice only where the shortest does: one search over all rows.
    last = len(label) - SHORTEST + 1
    with np.errstate(over="ignore"):
        for step in range(1, SHORTEST):
            key[:last] = key[:last] * turn + hashed[step : last + step]
    at, length = np.flatnonzero(unit[:last] == unit[SHORTEST - 1 :]), SHORTEST
    at = at[_repeated(key[at])]
    at = at[_elsewhere(key[at], at, length)]
    p = judged.copy()
    longest = np.zeros(len(label), dtype=np.int64)
    while len(at) and length <= LONGEST:
        here = unit[at]
        chance = np.minimum(total[here] * float(len(label)) * agree[here] ** length, 1)
        p[here] = np.where(np.isnan(judged[here]), np.nan, chance)
        longest[at[chance < 1e-3]] = length
        at = at[at + length < len(label)]
        at = at[unit[at + length] == unit[at]]
        with np.errstate(over="ignore"):
            key[at] = key[at] * turn + hashed[at + length]
        length += 1
        at = at[_elsewhere(key[at], at, length)]
    begin = np.flatnonzero(longest)
    edge = np.bincount(begin, minlength=len(label) + 1) - np.bincount(
        begin + longest[begin], minlength=len(label) + 1
    )
    rows[order[np.cumsum(edge)[:-1] > 0]] = True
    return Signal(p, rows, reason)


def _mix(label: Array) -> Array:
    """Spread small numbers over 64 bits (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        z = (label + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def _repeated(key: Array) -> Array:
    """Which keys occur more than once."""
    import pandas as pd

    return pd.Series(key).duplicated(keep=False).to_numpy()


def _elsewhere(key: Array, at: Array, length: int) -> Array:
    """Which places have their key at another place that does not overlap theirs; places ascend."""
    import pandas as pd

    code, found = pd.factorize(key)
    first, last = np.zeros(len(found), dtype=np.int64), np.zeros(len(found), dtype=np.int64)
    first[code[::-1]], last[code] = at[::-1], at
    return np.asarray((at - first[code] >= length) | (last[code] - at >= length))


def left_over(kept: Array, everybody: Array, size: int, least: int = 2 * SHORTEST) -> Array:
    """Why too few rows are left to be compared once straight lines are out, else ``""``.

    Examples
    --------
    >>> left_over(np.array([3, 3, 60]), np.array([80, 9, 80]), 3).tolist()
    ['mostly-alike', 'too-few', '']
    """
    few = kept < least
    return choose(
        [(everybody == 0, "no-data"), (few & (everybody < 2 * SHORTEST), "too-few"), (few, "mostly-alike")],
        size,
    )


def _agreement(label: Array, unit: Array, total: Array | None, size: int) -> Array:
    """Chance that two rows of a group agree: sum over patterns of m (m - 1) / (n (n - 1))."""
    n = np.bincount(unit, minlength=size) if total is None else total
    pairs = alike_pairs(label, unit, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(np.where(n > 1, pairs / (n * (n - 1.0)), 0), 0, 1)


def alike_pairs(label: Array, unit: Array, size: int) -> Array:
    """Ordered pairs of rows of a group that carry one label: the sum over labels of m (m - 1).

    Parameters
    ----------
    label : ndarray of int
        From 0 on.
    unit : ndarray of int
        Group of each row.
    size : int
        Number of groups.

    Examples
    --------
    >>> alike_pairs(np.array([5, 5, 5, 2, 2]), np.array([0, 0, 0, 0, 1]), 2).tolist()
    [6.0, 0.0]
    """
    width = int(label.max(initial=0)) + 1
    key = np.sort(unit.astype(np.int64) * width + label.astype(np.int64))
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.zeros(0, dtype=int)
    m = np.diff(np.append(first, len(key))).astype(float)
    return np.bincount(key[first] // width, weights=m * (m - 1), minlength=size)
