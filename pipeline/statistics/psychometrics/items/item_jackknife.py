"""The interval of an item-rest correlation that is printed: every respondent left out once.

Fisher's interval belongs to normal answers. Under the ceiling of satisfaction answers it is far too
short: a few critical respondents carry all of the correlation. Leaving each respondent out shows, on
Fisher's scale, how much hangs on one, as `alpha_jackknife` does for alpha. ``benchmarks/intervals.json``
has its coverage; where it is below 92 % no interval is given (ruling R21).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.data.covariance import Stack, ratio, root
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.psychometrics.reliability.alpha_jackknife import left_out_spread

#: Complete answers below which an item-rest correlation has no interval.
LEAST = 30
#: So many answers must differ from an item's most frequent one.
OTHERWISE = 10
#: A correlation of 1 without somebody has no finite place on Fisher's scale.
MOST = 1 - 1e-12


def item_rest_interval(
    grouped: Grouped, stack: Stack, r: Array, confidence: float = 0.95, pooled: Stack | None = None
) -> tuple[Array, Array, Array]:
    """Jackknife interval of the correlation of each item with the sum of the others.

    Without row i of n the sums of squares and products lose n/(n - 1) d d', d the row less the means; z_i is
    atanh of the correlation then. The error on Fisher's scale is sqrt((n - 1)/n sum (z_i - mean)^2), with
    2n / (g - 3 + 2n/(n - 1)) degrees of freedom, g the kurtosis of the z_i; limits tanh(atanh r +- t error).
    Inside units the variances of the units add, each with its own degrees of freedom (Satterthwaite).

    Parameters
    ----------
    grouped, stack
        Answers by unit, and their listwise covariances.
    r : ndarray (U, k), or (1, k) with ``pooled``
        The correlations.
    confidence : float
        Two-sided confidence.
    pooled : Stack, optional
        `covariance.within` of ``stack``: the interval of the one correlation inside all units.

    Returns
    -------
    lower, upper, reason : ndarray
        NaN with ``interval-few`` (of the answers) or ``interval-alike`` (too few differ from the most frequent
        one) where an interval would not hold the truth often enough.

    References
    ----------
    Efron, B., Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics, 9, 586-596.
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components.
    Biometrics Bulletin, 2, 110-114.

    Notes
    -----
    Checked against correlations computed anew without each row, within 1e-10.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.covariance import listwise
    >>> from pipeline.statistics.data.grouped import group
    >>> from pipeline.statistics.data.pearson import item_rest
    >>> g = group(pd.DataFrame({"U1": [1, 2, 3, 4, 2] * 8, "U2": [1, 3, 2, 4, 3] * 8}))
    >>> s = listwise(g)
    >>> low, high, reason = item_rest_interval(g, s, item_rest(s.cov))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([[0.528, 0.528]], [[0.855, 0.855]])
    """
    n = stack.n if pooled is None else grouped.sums(pooled.complete)
    rows = stack.complete if pooled is None else pooled.complete
    asked = stack.asked if pooled is None else np.broadcast_to(pooled.asked[0], stack.asked.shape)
    cov = stack.cov if pooled is None else np.broadcast_to(pooled.cov, stack.cov.shape)
    free = n - 1 if pooled is None else np.full(len(n), n.sum() - (n > 0).sum())
    spread, df, same, whole = _left_out(grouped, (rows, asked, np.nan_to_num(stack.mean)), n, (cov, free))
    if pooled is not None:
        used = n > 0
        total = spread[used].sum(axis=0)
        pieces = np.where(spread > 0, ratio(spread**2, df), 0.0)[used].sum(axis=0)
        whole = np.all(whole[used], axis=0, keepdims=True)
        spread, df = total[None], ratio(total**2, pieces)[None]
        same = same.sum(axis=1, keepdims=True)
        n = np.atleast_1d(n.sum())
    error = np.sqrt(np.where(whole & (spread > 0) & (np.abs(np.nan_to_num(r)) < MOST), spread, np.nan))
    why = np.full(r.shape, "", dtype=object)
    why[~np.isfinite(error)] = "interval-few"
    why[n[:, None] - same.max(axis=0, initial=0) < OTHERWISE] = "interval-alike"
    why[n < LEAST] = "interval-few"
    reach = np.where(why == "", special.stdtrit(df, (1 + confidence) / 2) * error, np.nan)
    centre = np.arctanh(np.clip(r, -MOST, MOST))
    return np.tanh(centre - reach), np.tanh(centre + reach), why


def _left_out(
    grouped: Grouped, rows: tuple[Array, Array, Array], n: Array, whole: tuple[Array, Array]
) -> tuple[Array, Array, Array, Array]:
    """Variance of z over rows left out, its degrees of freedom, answers by level, and where it is defined.

    `rows` are the complete rows, the items that count and their means; `whole` the covariance that loses the
    row and its degrees of freedom.
    """
    complete, asked, centre = rows
    cov, free = whole
    own = np.diagonal(cov, axis1=1, axis2=2)
    with_all = cov.sum(axis=2)
    total = cov.sum(axis=(1, 2))[:, None] - 2 * with_all + own
    xx, yy, xy = (np.nan_to_num(part * free[:, None]) for part in (own, total, with_all - own))
    loses = np.nan_to_num(ratio(n, n - 1.0))
    levels = np.unique(grouped.values)
    powers, same, broken = (np.zeros((size, *asked.shape)) for size in (4, len(levels), 1))
    before = np.arctanh(np.clip(np.nan_to_num(ratio(xy, root(xx * yy))), -MOST, MOST))
    for unit, index, real in grouped.batches():
        here = real & complete[index]
        given = grouped.values[:, index]
        counts = asked[unit].T[:, :, None] & here
        d = np.where(counts, given - centre[unit].T[:, :, None], 0.0)
        rest = d.sum(axis=0) - d
        lose = loses[unit][:, None]
        a, b, c = ((part[unit].T[:, :, None] - lose * gone)
                   for part, gone in ((xx, d * d), (yy, rest * rest), (xy, d * rest)))  # fmt: skip
        flat = (a <= 1e-9 * xx[unit].T[:, :, None]) | (b <= 1e-9 * yy[unit].T[:, :, None])
        left = np.clip(c / np.sqrt(np.where(flat, 1.0, np.abs(a * b))), -MOST, MOST)
        change = np.where(counts & ~flat, np.arctanh(left) - before[unit].T[:, :, None], 0.0)
        np.add.at(broken[0], unit, (flat & counts).sum(axis=2).T)
        for place, level in enumerate(levels):
            np.add.at(same[place], unit, ((given == level) & counts).sum(axis=2).T)
        power = change
        for order in range(4):
            np.add.at(powers[order], unit, power.sum(axis=2).T)
            power = power * change
    size = n[:, None]
    second, df = left_out_spread(powers, size)
    return np.nan_to_num(ratio(size - 1, size) * second), df, same, broken[0] == 0
