"""Per-respondent measures of careless answering: long strings, spread, fit, distance.

They raise a question, they never answer it: near the ceiling nine equal answers are a legitimate
opinion, and Mahalanobis distance flags every critical respondent.

The distance is ours, because SciPy's ``cdist`` wants complete rows and an invertible matrix: here a gap counts
as the mean, and constant items do no harm. The tests hold it against ``cdist`` where there are no gaps.

References
----------
Curran (2016), Journal of Experimental Social Psychology 66, 4-19; Dunn et al. (2018), Journal of
Business and Psychology 33, 105-121; Meade and Craig (2012), Psychological Methods 17, 437-455.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import chdtri

from pipeline.statistics.data.levels import Levels

Array = np.ndarray
_CHUNK = 1_000_000


def _chunks(levels: Levels) -> Iterator[tuple[slice, Array, Array]]:
    """Rows in pieces: where they are, their answers as floats, and which exist."""
    for start in range(0, len(levels.codes), _CHUNK):
        part = slice(start, start + _CHUNK)
        codes = levels.codes[part]
        yield part, levels.values[codes], codes > 0


def longstring(levels: Levels) -> Array:
    """Longest run of equal answers in item order; a gap ends a run and is none itself.

    Checked against R (careless 1.2.2).

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import levels as read
    >>> longstring(read(pd.DataFrame([[3, 3, 3, None, 3]], columns=list("abcde")))).tolist()
    [3]
    """
    codes = levels.codes
    best = np.zeros(len(codes), dtype=np.int16)
    run = np.zeros(len(codes), dtype=np.int16)
    before = np.zeros(len(codes), dtype=np.uint8)
    for j in range(codes.shape[1]):
        now = codes[:, j]
        run = np.where(now == 0, 0, np.where(now == before, run + 1, 1)).astype(np.int16)
        np.maximum(best, run, out=best)
        before = now
    return best


def straightline(levels: Levels) -> Array:
    """Whether every item was answered and all with the same value."""
    codes = levels.codes
    if not codes.shape[1]:
        return np.zeros(len(codes), dtype=bool)
    first = codes[:, 0]
    same = first > 0
    for j in range(1, codes.shape[1]):
        same &= codes[:, j] == first
    return same


def irv(levels: Levels) -> Array:
    """Intra-individual response variability: standard deviation (n - 1) of a row's answers."""
    out = np.full(len(levels.codes), np.nan)
    for part, x, seen in _chunks(levels):
        n = seen.sum(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (x * seen).sum(1) / n
            square = (((x - mean[:, None]) ** 2) * seen).sum(1)
            out[part] = np.where(n > 1, np.sqrt(square / (n - 1)), np.nan)
    return out


def patterns(levels: Levels) -> tuple[Levels, Array, Array]:
    """Distinct rows of answers, how often each occurs, and the pattern of each row.

    Every measure here depends on a row's answers only; near the ceiling a million respondents give
    a few thousand patterns.
    """
    import pandas as pd

    k, width = len(levels.items), levels.count
    if k == 0 or width**k > 2**62:
        return levels, np.ones(len(levels.codes)), np.arange(len(levels.codes))
    key = np.zeros(len(levels.codes), dtype=np.int64)
    for j in range(k):
        key *= width
        key += levels.codes[:, j]
    inverse, found = pd.factorize(key)
    codes = np.empty((len(found), k), dtype=np.uint8, order="F")
    rest = np.asarray(found, dtype=np.int64)
    for j in reversed(range(k)):
        rest, codes[:, j] = np.divmod(rest, width)
    times = np.bincount(inverse, minlength=len(found)).astype(float)
    return Levels(codes, levels.items, levels.low, levels.high), times, inverse


def _item_sums(levels: Levels, times: Array | None) -> tuple[Array, Array]:
    width = levels.count
    counts = np.array(
        [np.bincount(levels.codes[:, j], weights=times, minlength=width) for j in range(len(levels.items))],
        dtype=float,
    )
    counts = counts.reshape(-1, width)
    return (counts * levels.values).sum(1), counts[:, 1:].sum(1).astype(float)


def person_total(levels: Levels, times: Array | None = None, unit: Array | None = None) -> Array:
    """Correlation of a row's answers with the item means of everybody else in its unit.

    A unit whose parking is poor is no careless answer: a row is held against the profile of its own unit,
    not of the city.

    Parameters
    ----------
    levels : Levels
        Rows of answers.
    times : ndarray, optional
        How often each row occurs (see `patterns`).
    unit : ndarray of int, optional
        Unit of each row, counted from 0; by default all rows are of one.

    Returns
    -------
    ndarray
        NaN for rows without spread, and where nobody else answered: no correlation exists.

    Notes
    -----
    Checked against R (careless 1.2.2) unit by unit.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import levels as read
    >>> x = pd.DataFrame([[4, 1], [4, 2], [1, 4], [2, 4]], columns=["U1", "U2"])
    >>> person_total(read(x), unit=np.array([0, 0, 1, 1])).round(6).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    unit = np.zeros(len(levels.codes), dtype=np.intp) if unit is None else unit
    total, n = _sums_by_unit(levels, times, unit)
    out = np.full(len(levels.codes), np.nan)
    for part, x, seen in _chunks(levels):
        with np.errstate(invalid="ignore", divide="ignore"):
            rest = (total[unit[part]] - x * seen) / (n[unit[part]] - seen)
            usable = seen & np.isfinite(rest)
            size = usable.sum(1)
            rest = np.where(usable, rest, 0.0)
            dx = np.where(usable, x - ((x * usable).sum(1) / size)[:, None], 0.0)
            dy = np.where(usable, rest - (rest.sum(1) / size)[:, None], 0.0)
            xx, yy = (dx * dx).sum(1), (dy * dy).sum(1)
            r = (dx * dy).sum(1) / np.sqrt(xx * yy)
            out[part] = np.where((xx > 1e-12) & (yy > 1e-24), np.clip(r, -1, 1), np.nan)
    return out


def _sums_by_unit(levels: Levels, times: Array | None, unit: Array) -> tuple[Array, Array]:
    """Sum and number of the answers to each item in each unit, both (U, k)."""
    units, width = int(unit.max()) + 1 if len(unit) else 0, levels.count
    total, n = np.zeros((units, len(levels.items))), np.zeros((units, len(levels.items)))
    for j in range(len(levels.items)):
        key = unit * width + levels.codes[:, j]
        counts = np.bincount(key, weights=times, minlength=units * width).reshape(units, width)
        total[:, j], n[:, j] = counts @ levels.values, counts[:, 1:].sum(1)
    return total, n


def pairwise_covariance(levels: Levels, times: Array | None = None) -> Array:
    """Covariance of items, each pair on the rows that answered both (divisor n - 1)."""
    k = len(levels.items)
    n, sx, sxy = np.zeros((k, k)), np.zeros((k, k)), np.zeros((k, k))
    for part, x, seen in _chunks(levels):
        mask, value = seen.astype(float), np.where(seen, x, 0.0)
        weighed, repeated = (
            (mask, value) if times is None else (mask * times[part, None], value * times[part, None])
        )
        n += weighed.T @ mask
        sx += repeated.T @ mask
        sxy += repeated.T @ value
    with np.errstate(invalid="ignore", divide="ignore"):
        return (sxy - sx * sx.T / n) / (n - 1)


def mahalanobis(levels: Levels, times: Array | None = None) -> Array:
    """Squared Mahalanobis distance from the item means; a gap counts as the mean.

    Uses the pseudo-inverse, so that constant or linearly dependent items do not stop it. Checked
    against R (careless 1.2.2, psych).
    """
    out = np.full(len(levels.codes), np.nan)
    total, n = _item_sums(levels, times)
    covariance = pairwise_covariance(levels, times) if len(levels.codes) else np.full((0, 0), np.nan)
    if not covariance.size or not np.isfinite(covariance).all():
        return out
    inverse = np.linalg.pinv(covariance, hermitian=True)
    centre = total / np.maximum(n, 1)
    for part, x, seen in _chunks(levels):
        z = np.where(seen, x - centre, 0.0)
        distance = np.einsum("ij,ij->i", z @ inverse, z)
        out[part] = np.where(seen.any(1), distance, np.nan)
    return out


def mahalanobis_cut(items: int, p: float = 0.001) -> float:
    """Distance that a normal respondent exceeds with probability ``p`` (chi-square).

    Examples
    --------
    >>> round(mahalanobis_cut(9, 0.01), 4)
    21.666
    """
    return float(chdtri(items, p))
