"""Coefficients of internal consistency, as closed forms of a covariance stack.

Every function takes covariances of shape (..., k, k) and answers with shape (...): one matrix
or thirty thousand. Rows and columns of zeros are items that were constant or not asked.
Undefined is NaN, never a warning. Notation: T the sum of all entries, tr the trace.
Checked against R: psych 2.2.9 on ten reference sets, within 1e-10.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np

from pipeline.statistics.data.covariance import correlation, inverse, ratio, root, varying
from pipeline.statistics.data.grouped import Array

#: Halvings computed at most: 6,435 of fifteen items.
MOST_SPLITS = 10_000


def _trace(cov: Array) -> Array:
    return np.trace(cov, axis1=-2, axis2=-1)


def _total(cov: Array) -> Array:
    return cov.sum(axis=(-2, -1))


def _count(cov: Array, k: Array | int | None) -> Array:
    return np.asarray(cov.shape[-1] if k is None else k, dtype=float)


def alpha(cov: Array, k: Array | int | None = None) -> Array:
    """Cronbach's alpha, k/(k-1) (1 - tr/T).

    Parameters
    ----------
    cov : ndarray (..., k, k)
        Covariances; items that were not asked are rows of zeros.
    k : int or ndarray (...), optional
        Number of items asked, a constant one included; by default the size of the matrix.

    Returns
    -------
    ndarray (...)
        NaN below two items, or when the total does not vary. Negative values are possible
        and are kept.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests.
    Psychometrika, 16, 297-334.

    Examples
    --------
    >>> float(alpha(np.array([[1.0, 0.5], [0.5, 1.0]]))).__round__(6)
    0.666667
    """
    k = _count(cov, k)
    return ratio(k, k - 1) * (1 - ratio(_trace(cov), _positive(_total(cov))))


def alpha_standardised(cov: Array) -> Array:
    """Alpha of the correlations of the items that vary, k/(k-1) (1 - k/1'R1).

    Examples
    --------
    >>> float(alpha_standardised(np.array([[4.0, 1.0], [1.0, 1.0]]))).__round__(6)
    0.666667
    """
    keep = varying(cov)
    k = keep.sum(axis=-1).astype(float)
    return ratio(k, k - 1) * (1 - ratio(k, _positive(_within_sum(correlation(cov), keep))))


def lambda2(cov: Array, k: Array | int | None = None) -> Array:
    """Guttman's lambda 2: (sum off-diagonal + sqrt(k/(k-1) sum off-diagonal^2)) / T.

    Never below alpha. Guttman, L. (1945). A basis for analyzing test-retest reliability.
    Psychometrika, 10, 255-282.

    Examples
    --------
    >>> float(lambda2(np.array([[1.0, 0.5], [0.5, 1.0]]))).__round__(6)
    0.666667
    """
    k = _count(cov, k)
    diagonal = np.diagonal(cov, axis1=-2, axis2=-1)
    off = _total(cov) - _trace(cov)
    squares = (cov**2).sum(axis=(-2, -1)) - (diagonal**2).sum(axis=-1)
    return ratio(off + root(ratio(k, k - 1) * np.maximum(squares, 0)), _positive(_total(cov)))


def lambda6(cov: Array) -> Array:
    """Guttman's lambda 6 of the varying items: 1 - sum(1 - smc_j) / 1'R1, 1 - smc_j = 1/(R^-1)_jj.

    NaN when the correlation matrix is singular.

    Examples
    --------
    >>> float(lambda6(np.array([[1.0, 0.5], [0.5, 1.0]]))).__round__(6)
    0.5
    """
    keep = varying(cov)
    r = correlation(cov)
    unexplained = ratio(np.ones(1), np.diagonal(inverse(r), axis1=-2, axis2=-1))
    # Items left out are identity rows: they count neither above nor below.
    error = np.where(keep, unexplained, 0.0).sum(axis=-1)
    value = 1 - ratio(error, _positive(_within_sum(r, keep)))
    return np.where(keep.sum(axis=-1) >= 2, value, np.nan)


def correlations_between_items(cov: Array) -> tuple[Array, Array, Array]:
    """Mean, smallest and largest correlation between varying items.

    Examples
    --------
    >>> [float(x) for x in correlations_between_items(np.array([[4.0, 1.0], [1.0, 1.0]]))]
    [0.5, 0.5, 0.5]
    """
    keep = varying(cov)
    r = correlation(cov)
    pair = keep[..., :, None] & keep[..., None, :] & ~np.eye(cov.shape[-1], dtype=bool)
    count = pair.sum(axis=(-2, -1))
    mean = ratio(np.where(pair, r, 0.0).sum(axis=(-2, -1)), count)
    low = np.where(count > 0, np.where(pair, r, np.inf).min(axis=(-2, -1), initial=np.inf), np.nan)
    high = np.where(count > 0, np.where(pair, r, -np.inf).max(axis=(-2, -1), initial=-np.inf), np.nan)
    return mean, low, high


def alpha_if_dropped(cov: Array, k: Array | int | None = None) -> Array:
    """Alpha of the other items, for each item: (k-1)/(k-2) (1 - (tr - c_jj)/(T - 2 (C1)_j + c_jj)).

    Returns
    -------
    ndarray (..., k)
        NaN when fewer than three items are asked.

    Examples
    --------
    >>> c = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]])
    >>> alpha_if_dropped(c).round(6).tolist()
    [0.666667, 0.666667, 0.666667]
    """
    k = _count(cov, k)[..., None]
    own = np.diagonal(cov, axis1=-2, axis2=-1)
    rest = _total(cov)[..., None] - 2 * cov.sum(axis=-1) + own
    fewer = np.where(k > 2, k, np.nan)
    return ratio(fewer - 1, fewer - 2) * (1 - ratio(_trace(cov)[..., None] - own, _positive(rest)))


def split_half(cov: Array, first: Sequence[bool] | Array, asked: Array | None = None) -> dict[str, Array]:
    """Reliability from two halves of unequal length.

    Parameters
    ----------
    cov : ndarray (..., k, k)
        Covariances.
    first : sequence of bool
        Items of the first half (`odd_even` gives the usual split).
    asked : ndarray (..., k) of bool, optional
        Items that count; by default all.

    Returns
    -------
    dict
        ``r`` (correlation of the halves), ``spearman_brown`` 2r/(1+r), ``horst`` (allows halves of
        five and four items: (sqrt(r^4 + 4 r^2 (1-r^2) p q) - r^2) / (2 p q (1-r^2)), p = k1/k;
        NaN for a negative r, for which it has no solution) and ``flanagan`` 4 cov(A, B) / var(A+B).

    References
    ----------
    Horst, P. (1951). Estimating total test reliability from parts of unequal length.
    Educational and Psychological Measurement, 11, 368-371.

    Examples
    --------
    >>> halves = split_half(np.array([[1.0, 0.5], [0.5, 1.0]]), [True, False])
    >>> float(halves["horst"]).__round__(6), float(halves["flanagan"]).__round__(6)
    (0.666667, 0.666667)
    """
    a = np.asarray(first, dtype=float)
    b = 1 - a
    var_a, var_b = a @ cov @ a, b @ cov @ b
    both = a @ cov @ b
    counts = np.ones(cov.shape[-1]) if asked is None else asked.astype(float)
    p = ratio(counts @ a, counts.sum(axis=-1))
    pq = p * (1 - p)
    r = np.clip(ratio(both, root(var_a) * root(var_b)), -1.0, 1.0)
    # The quotient above times its conjugate: the same number, and defined at r = 1 as well.
    square = np.where(r >= 0, r**2, np.nan)
    bottom = root(square**2 + 4 * square * (1 - square) * pq) + square
    horst = np.where(square == 0, 0.0, ratio(2 * square, bottom))
    flanagan = ratio(4 * both, _positive(_total(cov)))
    whole = pq > 0
    return {
        "r": r,
        "spearman_brown": ratio(2 * r, 1 + r),
        "horst": np.where(whole & np.isfinite(r), horst, np.nan),
        "flanagan": np.where(whole, flanagan, np.nan),
    }


def all_splits(cov: Array, asked: Array) -> tuple[Array, Array, Array]:
    """Smallest, mean and largest Guttman-Flanagan reliability 4 cov(A, B)/var(A+B) over all ways to halve the items.

    Nine items have 126 halvings into five and four. The mean is near alpha; the range says how much
    the odd-even split is one of many.

    Parameters
    ----------
    cov : ndarray (U, k, k)
        Covariances, zero for items that were not asked.
    asked : ndarray (U, k) of bool
        Items that count.

    Returns
    -------
    ndarray (U,), three times
        NaN with fewer than two items, or more halvings than `MOST_SPLITS`.

    References
    ----------
    Revelle, W., Condon, D. M. (2019). Reliability from alpha to omega: a tutorial. Psychological
    Assessment, 31, 1395-1411.

    Notes
    -----
    Checked against psych's splitHalf of the covariances, within 1e-10.

    Examples
    --------
    >>> c = np.array([[[1.0, 0.5, 0.2], [0.5, 1.0, 0.4], [0.2, 0.4, 1.0]]])
    >>> [float(x[0].round(4)) for x in all_splits(c, np.ones((1, 3), dtype=bool))]
    [0.4615, 0.5641, 0.6923]
    """
    out = np.full((3, len(cov)), np.nan)
    if len(cov) == 0:
        return out[0], out[1], out[2]
    lists, which = np.unique(asked, axis=0, return_inverse=True)
    for place, items in enumerate(lists):
        here = np.flatnonzero(which.ravel() == place)
        halves = _halvings(items)
        # Pieces keep the products of all splits of all units within some ten megabytes.
        piece = max(1, 1_000_000 // max(1, halves.size))
        for low in range(0, len(here) if len(halves) else 0, piece):
            units = here[low : low + piece]
            with_half = np.einsum("ukl,sl->usk", cov[units], halves)
            between = (with_half * (items - halves)).sum(axis=-1)
            value = ratio(4 * between, _positive(_total(cov[units]))[:, None])
            out[:, units] = value.min(axis=1), value.mean(axis=1), value.max(axis=1)
    return out[0], out[1], out[2]


def _halvings(items: Array) -> Array:
    """Every way to halve the items of a mask, once: one row of ones and zeros a way."""
    place = np.flatnonzero(items)
    k = len(place)
    ways = comb(k, k // 2) // (2 if k % 2 == 0 else 1) if k >= 2 else 0
    if not 0 < ways <= MOST_SPLITS:
        return np.zeros((0, len(items)))
    out = np.zeros((ways, len(items)))
    # Of two equal halves only the one with the first item is taken.
    first = (
        combinations(place, k // 2)
        if k % 2
        else ((place[0], *c) for c in combinations(place[1:], k // 2 - 1))
    )
    for row, chosen in enumerate(first):
        out[row, list(chosen)] = 1.0
    return out


def odd_even(k: int) -> Array:
    """First half of the odd-even split: items 1, 3, 5, ... of k.

    Examples
    --------
    >>> odd_even(5).tolist()
    [True, False, True, False, True]
    """
    return np.arange(k) % 2 == 0


def reverse(cov: Array, flip: Array) -> Array:
    """Covariances after turning some items round (5 - x): the sign of their covariances changes.

    Examples
    --------
    >>> reverse(np.array([[1.0, -0.5], [-0.5, 1.0]]), np.array([False, True])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    sign = np.where(flip, -1.0, 1.0)
    return cov * sign[..., :, None] * sign[..., None, :]


def _positive(x: Array) -> Array:
    """Sums of covariances that cannot be a variance (zero, or rounding below it) are undefined."""
    return np.where(x > 1e-12, x, np.nan)


def _within_sum(r: Array, keep: Array) -> Array:
    """1'R1 over the kept items."""
    return np.where(keep[..., :, None] & keep[..., None, :], r, 0.0).sum(axis=(-2, -1))


#: Factor from an error to the smallest difference of two measurements that is no noise (5 %).
NOISE = 1.959963984540054 * np.sqrt(2)


def measurement_error(
    alpha: Array, total: Array, k: Array, why: Array, highest: float
) -> tuple[Array, Array]:
    """Error of one respondent's index, 100/maximum s_T sqrt(1 - alpha) / k, and why there is none.

    A negative alpha is no reliability: read as one it would make the error larger than the spread.

    Examples
    --------
    >>> one = np.array([0.75]), np.array([16.0]), np.array([4]), np.array([""], dtype=object)
    >>> float(measurement_error(*one, 4)[0][0])
    12.5
    """
    sem = 100 / highest * np.where(k > 0, root(total * (1 - alpha)) / np.maximum(k, 1), np.nan)
    negative = np.nan_to_num(alpha, nan=0.0) < 0
    return np.where(negative, np.nan, sem), np.where(negative & (why == ""), "negative-alpha", why)
