"""Straight lines that a unit's own ceiling predicts, and rows that follow a drawn pattern.

Independent answers predict far too few straight lines where answers hang together, as they do in
every satisfaction survey. The beta-binomial model keeps the unit's own mean and its own
correlation between items.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaln, binom
from scipy.stats import poisson

from pipeline.statistics.data.levels import Levels
from pipeline.statistics.data.rows import choose
from pipeline.statistics.integrity.runs import Signal

Array = np.ndarray


class Sums(NamedTuple):
    """Complete rows of each unit, and per answer value the sum of its counts and of their squares."""

    n: Array
    first: Array
    second: Array

    def only(self, units: Array) -> Sums:
        """Some of the units."""
        return Sums(*(part[..., units] for part in self))

    def all(self) -> Sums:
        """The units together."""
        return Sums(*(part.sum(axis=-1, keepdims=True) for part in self))


def sums(few: Levels, pattern: Array, codes: Array, size: int) -> Sums:
    """What `likely` needs; counted on distinct rows, whole numbers and therefore exact.

    Parameters
    ----------
    few, pattern
        Distinct rows, and the distinct row of each row (see `careless.patterns`).
    codes, size
        Unit of each row (``size`` means none), and number of units.
    """
    whole = np.flatnonzero(np.all(few.codes > 0, axis=1)[pattern] & (codes < size))
    unit, kind = codes[whole], pattern[whole]
    n = np.bincount(unit, minlength=size).astype(float)
    first, second = np.empty((few.count - 1, size)), np.empty((few.count - 1, size))
    for level in range(1, few.count):
        x = (few.codes == level).sum(axis=1, dtype=np.int16).astype(float)[kind]
        first[level - 1] = np.bincount(unit, weights=x, minlength=size)
        x *= x
        second[level - 1] = np.bincount(unit, weights=x, minlength=size)
    return Sums(n, first, second)


def likely(given: Sums, k: int) -> Array:
    """Share of straight lines in each unit by a beta-binomial model of every answer's count.

    For each answer value the number of the k items with it is beta-binomial with the unit's own mean
    and intraclass correlation (by moments, on complete rows); P(all k) = B(k + a, b) / B(a, b).

    Returns
    -------
    ndarray
        NaN where fewer than two complete rows or items exist.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import levels
    >>> answers = pd.DataFrame([[4, 4, 4]] * 6 + [[3, 4, 3], [4, 3, 4], [3, 3, 4], [3, 3, 3]])
    >>> unit = np.zeros(10, dtype=int)
    >>> round(float(likely(sums(levels(answers), np.arange(10), unit, 1), 3)[0]), 2)
    0.76
    """
    n = given.n
    if k < 2:
        return np.full(len(n), np.nan)
    out = np.zeros(len(n))
    for first, second in zip(given.first, given.second, strict=True):
        with np.errstate(invalid="ignore", divide="ignore"):
            mean, square = first / n, second / n
            variance = (square - mean * mean) * n / (n - 1)
            share = mean / k
            icc = (variance / (k * share * (1 - share)) - 1) / (k - 1)
            icc = np.clip(icc, 1e-6, 1 - 1e-6)
            a, b = share * (1 / icc - 1), (1 - share) * (1 / icc - 1)
            p = np.exp(betaln(k + a, b) - betaln(a, b))
        out += np.where(share <= 0, 0.0, np.where(share >= 1, 1.0, p))
    return np.where(n >= 2, np.minimum(out, 1), np.nan)


def zigzag(few: Levels) -> tuple[Array, Array]:
    """Which rows alternate between two values (4 3 4 3 ...), and how probable that is for each.

    Of the rows with the same two values as often, at most two alternate: the probability is
    1 or 2 over the number of their arrangements. Rows of other make have probability 0.

    Parameters
    ----------
    few : Levels
        Distinct rows (see `careless.patterns`).
    """
    codes, k = few.codes, few.codes.shape[1]
    if k < 6:
        return np.zeros(len(codes), dtype=bool), np.zeros(len(codes))
    odd, even = codes[:, ::2], codes[:, 1::2]
    a, b = odd[:, 0], even[:, 0]
    drawn = (odd == a[:, None]).all(1) & (even == b[:, None]).all(1) & (a != b) & (a > 0) & (b > 0)
    low, high = codes.min(axis=1), codes.max(axis=1)
    two = ((codes == low[:, None]) | (codes == high[:, None])).all(1) & (low > 0) & (low < high)
    times = (codes == high[:, None]).sum(1)
    fits = two & ((times == k // 2) | (times == (k + 1) // 2))
    ways = binom(float(k), times.astype(float))
    return drawn, np.where(fits, (2.0 if k % 2 == 0 else 1.0) / ways, 0.0)


def drawn(few: Levels, pattern: Array, codes: Array, size: int, new: Array | None = None) -> Signal:
    """Rows that zigzag, against how many would by chance given each row's own answers (Poisson).

    Rows that repeat the row before them (``new``, see `runs.anew`) count once.
    """
    is_drawn, chance = zigzag(few)
    everybody = np.bincount(codes[codes < size], minlength=size)
    inside = (codes < size) & (True if new is None else new)
    rows = is_drawn[pattern] & inside
    unit = codes[inside]
    count = np.bincount(unit, weights=rows[inside], minlength=size)
    mean = np.bincount(unit, weights=chance[pattern][inside], minlength=size)
    # Questions differ in difficulty, which makes some arrangements likelier: three times as many.
    p = np.where(count > 2, poisson.sf(count - 1, 3 * mean + 0.05), 1.0)
    short = few.codes.shape[1] < 6
    reason = choose([(everybody == 0, "no-data"), (short, "few-items")], size)
    return Signal(np.where(reason == "", p, np.nan), rows, reason)
