"""What the order of rows tells: blocks of one answer (padding).

Most respondents do not know the one before. Given a unit's own answers, a long block of identical
rows is therefore improbable, however satisfied the unit's respondents are. Where there are too few
other rows to learn that from, or where nearly all rows are alike anyway, nothing can be said, and a
reason stands in place of a probability.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.statistics.data.rows import choose

Array = np.ndarray

#: Shorter blocks and stretches are never looked at.
SHORTEST = 5
#: A block is held against at least so many other rows of its unit.
OTHERS = 20
#: Where more of a unit's rows are alike, block included, long blocks of them are expected.
CEILING = 0.85
#: People who come together answer alike: so often, at least, may a row be followed by its like.
TOGETHER = 0.3
#: Weight of the unit's other rows in the estimate of how often an answer follows itself.
SHRINKAGE = 3.0
#: So many more rows than were seen may have the answer of the block, and one more may follow its like.
PRUDENCE = 2.0
#: How the error is shared out: blocks of one straight line, of mixed straight lines, of another answer.
SHARED = (0.8, 0.1, 0.1)


class Signal(NamedTuple):
    """One kind of evidence: per unit a p value, the rows it rests on, and why it cannot be judged.

    ``reason`` is "" where the test was made, `NOTHING_SEEN` where there was nothing it could be
    made on (p is 1 and costs the other kinds nothing), else the reason why p is NaN.
    """

    p: Array
    rows: Array
    reason: Array | None = None


#: Nothing of the kind was there to be tested: no late row, no fast sitting.
NOTHING_SEEN = "nothing-seen"


def anew(pattern: Array, placed: tuple[Array, Array]) -> Array:
    """Rows whose answers are not those of the row before them in their unit.

    People who come together fill in together. What they share counts once wherever rows are
    compared with one another; how long such a row of equal answers may be is what `blocks` judges.

    Parameters
    ----------
    pattern : ndarray of int
        Answers of each row as one number.
    placed : tuple of ndarray
        Order of rows and their units (`in_order`).

    Examples
    --------
    >>> order = np.arange(5)
    >>> anew(np.array([7, 7, 7, 8, 8]), (order, np.array([0, 0, 0, 0, 1]))).tolist()
    [True, False, False, True, True]
    """
    order, unit = placed
    label = pattern[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (label[1:] != label[:-1]) | (unit[1:] != unit[:-1])
    out = np.ones(len(pattern), dtype=bool)
    out[order] = new
    return out


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

    A block of L rows beside m others is expected (m + 1) q r^(L-1) times at most, with q the share
    of such rows among the others and r how often a row is followed by its like there: the largest of
    q, of how often any row is, of how often a row of this very answer is, and of `TOGETHER`; q and the
    second are taken prudently (`PRUDENCE`). Straight lines of one value, straight lines of any value
    and other answers share the error (`SHARED`); any other answer may be the one repeated, so that
    for those q is 1.

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
        ``rows`` marks blocks of probability below one in a thousand. Reasons: ``too-few`` where no
        block can have `OTHERS` rows beside it, ``nothing-to-compare`` where the longest leaves fewer,
        ``mostly-alike`` where more than `CEILING` of the rows are alike.

    Examples
    --------
    >>> same = np.array([*range(30), *[99] * 12])
    >>> found = blocks(same, same == 99, np.zeros(42, dtype=int), 1)
    >>> bool(found.p[0] < 1e-5), int(found.rows.sum())
    (True, 12)

    Thirty people who all gave every element the highest answer: nothing to compare with.

    >>> same = np.full(30, 99)
    >>> found = blocks(same, same == 99, np.zeros(30, dtype=int), 1)
    >>> bool(np.isnan(found.p[0])), str(found.reason[0])
    (True, 'mostly-alike')
    """
    order, unit = in_order(codes, size, source) if placed is None else placed
    p, rows = np.ones(size), np.zeros(len(codes), dtype=bool)
    total = np.bincount(unit, minlength=size)
    label, even = pattern[order].astype(np.int64), straight[order]
    follows = np.zeros(len(label), dtype=np.int64)
    follows[1:] = np.cumsum((label[1:] == label[:-1]) & (unit[1:] == unit[:-1]))
    few, high = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for mixed in (False, True):
        if mixed:
            label = np.where(even, -1, np.arange(len(order)))
        found, where = _runs(label, even, follows, unit, total, mixed)
        ceiling, alone = where.share > CEILING, total[where.unit] - where.length < OTHERS
        high[where.unit[ceiling]], few[where.unit[alone]] = True, True
        found = np.where(ceiling | alone, 1.0, found)
        np.minimum.at(p, where.unit, found)
        strong = found < 1e-3
        for start, length in zip(where.start[strong], where.length[strong], strict=True):
            rows[order[start : start + length]] = True
    open_ = p >= 1e-3
    reason = choose([
        (total == 0, "no-data"), (open_ & high, "mostly-alike"), (total < SHORTEST + OTHERS, "too-few"),
        (open_ & few, "nothing-to-compare"),
    ], size)  # fmt: skip
    return Signal(np.where(reason == "", p, np.nan), rows, reason)


class _Runs(NamedTuple):
    unit: Array
    start: Array
    length: Array
    #: Of the unit's rows, how many carry this answer, block included.
    share: Array


def _runs(
    label: Array, even: Array, follows: Array, unit: Array, total: Array, mixed: bool
) -> tuple[Array, _Runs]:
    """Probability of every block of at least `SHORTEST` rows."""
    none = np.zeros(0, dtype=int)
    if not len(label):
        return np.zeros(0), _Runs(none, none, none, np.zeros(0))
    new = np.ones(len(label), dtype=bool)
    new[1:] = (label[1:] != label[:-1]) | (unit[1:] != unit[:-1])
    start = np.flatnonzero(new)
    length = np.diff(np.append(start, len(label)))
    long = length >= SHORTEST
    if not long.any():
        return np.zeros(0), _Runs(none, none, none, np.zeros(0))
    # Counts of each label within its unit, wanted only for labels that make a long block.
    pair = unit[start] * (label.max() - label.min() + 1) + (label[start] - label.min())
    wanted = np.unique(pair[long])
    alike = np.flatnonzero(_among(pair, wanted))
    kind = np.searchsorted(wanted, pair[alike])
    count = np.bincount(kind, weights=length[alike])
    runs = np.bincount(kind, minlength=len(wanted))
    at = np.flatnonzero(long)
    k, size, first = np.searchsorted(wanted, pair[at]), length[at], start[at]
    of = unit[first]
    outside, rest = count[k] - size, total[of] - size
    q = np.minimum((outside + PRUDENCE) / (rest + PRUDENCE), 1)
    r = np.maximum(np.maximum(q, _together(follows, first, size, of, total)), TOGETHER)
    own = (outside - (runs[k] - 1) + SHRINKAGE * r) / (outside + SHRINKAGE)
    r = np.maximum(r, own)
    which = np.where(even[first], 0, 2)
    often = np.full(len(at), 1 / SHARED[1]) if mixed else 1 / np.asarray(SHARED)[which]
    p = (rest + 1) * np.where(even[first], q, 1) * often * r ** (size - 1)
    return np.minimum(p, 1), _Runs(of, first, size, count[k] / total[of])


def _together(follows: Array, first: Array, length: Array, of: Array, total: Array) -> Array:
    """How often a row outside the block has the answers of the one before it."""
    end = np.cumsum(total)
    begin = end - total
    alike = follows[end[of] - 1] - follows[begin[of]] - (follows[first + length - 1] - follows[first])
    sides = (first > begin[of]).astype(int) + (first + length < end[of])
    pairs = np.maximum(total[of] - length - sides, 0)
    return np.asarray((alike + 1) / (pairs + 2))


def _among(values: Array, wanted: Array) -> Array:
    """Which values are among the few wanted."""
    import pandas as pd

    return np.asarray(pd.Series(values).isin(wanted))
