"""What the order of rows tells: blocks of one answer (padding) and repeated stretches (copying).

Whoever answers honestly does not know the respondent before. Given a unit's own answers, a long
block of identical rows, or a stretch of rows that stands elsewhere in the same order, is
therefore improbable, however satisfied the unit's respondents are. The measures are conditional
on the unit's own ceiling: ninety per cent of fours make blocks of fours probable.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray

#: Shorter blocks and stretches are never looked at.
SHORTEST = 5
#: Longer stretches need not be told apart: their chance is nil already.
LONGEST = 40
#: People who come together answer alike: so often, at least, may a row be followed by its like.
TOGETHER = 0.3
#: Weight of the unit's share of a pattern in the estimate of how often it follows itself.
SHRINKAGE = 3.0


class Signal(NamedTuple):
    """One kind of evidence: per unit a p value (NaN: cannot be judged), and the rows it rests on."""

    p: Array
    rows: Array


def in_order(codes: Array, size: int, source: Array | None = None) -> tuple[Array, Array]:
    """Rows of listed groups sorted by group and place in the file, and the group of each.

    Parameters
    ----------
    codes : ndarray of int
        Group of each row; ``size`` means none.
    size : int
        Number of groups.
    source : ndarray of int, optional
        Place of each row in the raw files; by default the order given.
    """
    place = np.arange(len(codes)) if source is None else source
    listed = np.flatnonzero(codes < size)
    order = listed[by_group(codes[listed], np.asarray(place)[listed])]
    return order, codes[order]


def by_group(codes: Array, place: Array) -> Array:
    """Order of rows by group, then by a whole number, then as given: `numpy.lexsort`, in one sort.

    Parameters
    ----------
    codes, place : ndarray of int
        Group and place of each row; neither below 0 for the groups.

    Examples
    --------
    >>> by_group(np.array([1, 0, 1, 0]), np.array([5, 9, 5, -3])).tolist()
    [3, 1, 0, 2]
    """
    if not len(codes):
        return np.zeros(0, dtype=np.intp)
    low = int(place.min())
    span = int(place.max()) - low + 1
    if (int(codes.max()) + 1) * span >= 2**62:
        return np.lexsort((place, codes))
    key = codes.astype(np.int64) * span + (place.astype(np.int64) - low)
    if (key[1:] >= key[:-1]).all():
        return np.arange(len(key))
    order = np.argsort(key)
    key = key[order]
    # The fast sort leaves equal rows in any order; as given is the rule.
    equal = key[1:] == key[:-1]
    if equal.any():
        tied = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
        order[tied] = order[tied[np.lexsort((order[tied], key[tied]))]]
    return order


def blocks(
    pattern: Array,
    straight: Array,
    codes: Array,
    size: int,
    source: Array | None = None,
    placed: tuple[Array, Array] | None = None,
) -> Signal:
    """Longest block of identical rows, against how often the unit's rows follow their like.

    A block of L rows among n has a probability of at most (n - L + 1) q r^(L-1), with q the share
    of such rows outside the block and r how often one of them is followed by another there (shrunk
    to q; never below it, nor below `TOGETHER`). Two readings are tried: rows identical in every answer, and rows that
    are straight lines of any value; the smaller probability counts twice.

    Parameters
    ----------
    pattern : ndarray of int
        Answers of each row as one number.
    straight : ndarray of bool
        Rows that answer every item alike.
    codes, size, source
        As in `in_order`.
    placed : tuple of ndarray, optional
        What `in_order` gives for them, where it is known.

    Returns
    -------
    Signal
        ``rows`` marks blocks of probability below one in a thousand.

    Examples
    --------
    >>> same = np.array([*range(30), *[99] * 12])
    >>> found = blocks(same, same == 99, np.zeros(42, dtype=int), 1)
    >>> bool(found.p[0] < 1e-5), int(found.rows.sum())
    (True, 12)
    """
    order, unit = in_order(codes, size, source) if placed is None else placed
    p = np.ones(size)
    rows = np.zeros(len(codes), dtype=bool)
    total = np.bincount(unit, minlength=size)
    for label in (pattern[order], np.where(straight[order], -1, np.arange(len(order)))):
        found, where = _runs(label.astype(np.int64), unit, total)
        np.minimum.at(p, where.unit, found)
        strong = found < 1e-3
        for start, length in zip(where.start[strong], where.length[strong], strict=True):
            rows[order[start : start + length]] = True
    return Signal(np.where(total > 2 * SHORTEST, np.minimum(2 * p, 1), np.nan), rows)


class _Runs(NamedTuple):
    unit: Array
    start: Array
    length: Array


def _runs(label: Array, unit: Array, total: Array) -> tuple[Array, _Runs]:
    """Probability of every block of at least `SHORTEST` rows."""
    if not len(label):
        return np.zeros(0), _Runs(*(np.zeros(0, dtype=int),) * 3)
    new = np.ones(len(label), dtype=bool)
    new[1:] = (label[1:] != label[:-1]) | (unit[1:] != unit[:-1])
    start = np.flatnonzero(new)
    length = np.diff(np.append(start, len(label)))
    long = length >= SHORTEST
    if not long.any():
        return np.zeros(0), _Runs(*(np.zeros(0, dtype=int),) * 3)
    # Counts of each label within its unit, wanted only for labels that make a long block.
    pair = unit[start] * (label.max() - label.min() + 1) + (label[start] - label.min())
    wanted = np.unique(pair[long])
    alike = np.flatnonzero(_among(pair, wanted))
    kind = np.searchsorted(wanted, pair[alike])
    count = np.bincount(kind, weights=length[alike])
    runs = np.bincount(kind, minlength=len(wanted))
    at = np.flatnonzero(long)
    k, size = np.searchsorted(wanted, pair[at]), length[at]
    outside = count[k] - size
    rest = total[unit[start[at]]] - size
    q = (outside + 1) / (rest + 2)
    followed = outside - (runs[k] - 1)
    r = (followed + SHRINKAGE * q) / (outside + SHRINKAGE)
    p = np.minimum((rest + 1) * q * np.maximum(np.maximum(q, r), TOGETHER) ** (size - 1), 1)
    return p, _Runs(unit[start[at]], start[at], size)


def _among(values: Array, wanted: Array) -> Array:
    """Which values are among the few wanted."""
    import pandas as pd

    return np.asarray(pd.Series(values).isin(wanted))


def stretches(
    pattern: Array,
    straight: Array,
    codes: Array,
    size: int,
    source: Array | None = None,
    placed: tuple[Array, Array] | None = None,
) -> Signal:
    """Longest stretch of rows that stands a second time in the same order, in this unit or another.

    Straight lines are left out before rows are compared: near the ceiling they are alike by
    themselves. Two stretches of L rows agree by chance with probability c^L at a given pair of
    places, with c the chance that two rows agree (the larger of the unit's own and the city's);
    there are n N pairs of places.

    Returns
    -------
    Signal
        ``rows`` marks stretches of probability below one in a thousand. Both places are marked:
        which one is the copy cannot be told.

    Examples
    --------
    >>> answers = np.array([*range(40), *range(10, 20)])
    >>> found = stretches(answers, np.zeros(50, dtype=bool), np.zeros(50, dtype=int), 1)
    >>> bool(found.p[0] < 1e-6), np.flatnonzero(found.rows).tolist() == [*range(10, 20), *range(40, 50)]
    (True, True)
    """
    order, unit = in_order(codes, size, source) if placed is None else placed
    kept = ~straight[order]
    order, unit = order[kept], unit[kept]
    rows = np.zeros(len(codes), dtype=bool)
    total = np.bincount(unit, minlength=size)
    judged = np.where(total >= 2 * SHORTEST, 1.0, np.nan)
    if len(unit) < 2 * SHORTEST:
        return Signal(judged, rows)
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
        at = at[_repeated(key[at])]
    begin = np.flatnonzero(longest)
    edge = np.bincount(begin, minlength=len(label) + 1) - np.bincount(
        begin + longest[begin], minlength=len(label) + 1
    )
    rows[order[np.cumsum(edge)[:-1] > 0]] = True
    return Signal(p, rows)


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
