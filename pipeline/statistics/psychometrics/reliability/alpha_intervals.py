"""The usual intervals of alpha: what other programs print, and what ours is measured against.

None of them stands in a report (ruling R21): under the ceiling of satisfaction answers Feldt's and
Bonett's, which presume normal answers, cover as little as 70 % of what they should, the asymptotically
distribution-free (ADF) one 81-95 % (``benchmarks/alpha_interval.json``). The printed one is
`alpha_jackknife`; the ADF error with gaps in the answers serves it there.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.data.covariance import Stack, ratio, root, with_presence
from pipeline.statistics.data.grouped import Array, Grouped


def feldt_interval(alpha: Array, n: Array, k: Array, confidence: float = 0.95) -> tuple[Array, Array]:
    """Feldt's interval: 1 - (1 - alpha) F at n - 1 and (n - 1)(k - 1) degrees of freedom.

    References
    ----------
    Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability
    coefficient twenty. Psychometrika, 30, 357-370.

    Examples
    --------
    >>> low, high = feldt_interval(np.array(0.869531323732045), np.array(387), np.array(9))
    >>> float(low).__round__(6), float(high).__round__(6)
    (0.849113, 0.888179)
    """
    df1, df2 = _at_least(n - 1, 1), _at_least((n - 1.0) * (k - 1.0), 1)
    tail = (1 - confidence) / 2
    return (
        1 - (1 - alpha) * special.fdtri(df1, df2, 1 - tail),
        1 - (1 - alpha) * special.fdtri(df1, df2, tail),
    )


def bonett_interval(alpha: Array, n: Array, k: Array, confidence: float = 0.95) -> tuple[Array, Array]:
    """Bonett's interval: 1 - exp(log(1 - alpha) +/- z sqrt(2k / ((k-1)(n-2)))).

    References
    ----------
    Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha.
    Journal of Educational and Behavioral Statistics, 27, 335-340.

    Examples
    --------
    >>> low, high = bonett_interval(np.array(0.869531323732045), np.array(387), np.array(9))
    >>> float(low).__round__(6), float(high).__round__(6)
    (0.848442, 0.887686)
    """
    k = np.asarray(k, dtype=float)
    spread = special.ndtri((1 + confidence) / 2) * root(ratio(2 * k, (k - 1) * _at_least(n - 2, 1)))
    error = 1 - np.asarray(alpha, dtype=float)
    error = np.where(error >= 0, error, np.nan)
    return 1 - error * np.exp(spread), 1 - error * np.exp(-spread)


def adf_error(grouped: Grouped, stack: Stack) -> Array:
    """Standard error of alpha by the influence of each complete row, shape (U,).

    k/(k-1) [ -(sum_j d_ij^2 - tr)/T + tr ((sum_j d_ij)^2 - T)/T^2 ], d = answer - item mean;
    the error is its standard deviation over sqrt(n).

    Parameters
    ----------
    grouped, stack
        Answers by unit, and their listwise covariances.

    References
    ----------
    Yuan, K.-H., Guarnaccia, C. A., Hayslip, B. (2003). A study of the distribution of sample
    coefficient alpha. Educational and Psychological Measurement, 63, 5-23.
    Maydeu-Olivares, A., Coffman, D. L., Hartmann, W. M. (2007). Asymptotically distribution-free
    interval estimation of coefficient alpha. Psychological Methods, 12, 157-176.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.covariance import listwise
    >>> from pipeline.statistics.data.grouped import group
    >>> g = group(pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4]}))
    >>> round(float(adf_error(g, listwise(g))[0]), 6)
    0.096225
    """
    n = stack.n
    sums, squares = _influence(grouped, stack)
    return ratio(stack.k, stack.k - 1.0) * root(ratio(squares - ratio(sums**2, n), n * (n - 1)))


def adf_error_pairwise(grouped: Grouped, stack: Stack) -> Array:
    """ADF error of the pairwise alpha: a covariance is influenced only by rows that answered both.

    The influence of row i on c_ab is (seen both) (d_ia d_ib - c_ab) / p_ab with p_ab the share of
    rows that answered both, so gaps widen the interval by as much as they cost. Equal to
    `adf_error` when nothing is missing.
    """
    if grouped.seen is None or stack.pair_n is None or stack.mean_beside is None:
        return adf_error(grouped, stack)
    k, units = len(grouped.items), len(grouped.units)
    n = grouped.sums(np.asarray(grouped.seen.any(axis=0)))
    trace, total = np.trace(stack.cov, axis1=1, axis2=2), stack.cov.sum(axis=(1, 2))
    total = np.where(total > 1e-12, total, np.nan)
    to_all, to_diagonal = ratio(trace, total**2), ratio(-1.0, total)
    weight = to_all[:, None, None] + to_diagonal[:, None, None] * np.eye(k)
    used = stack.asked[:, :, None] & stack.asked[:, None, :]
    weight = np.where(used, weight * ratio(n[:, None, None], stack.pair_n), 0.0)
    # The influence is a quadratic form in the answers, less their item means, and their presence.
    own = np.nan_to_num(stack.mean)
    off = np.nan_to_num(stack.mean_beside - own[:, :, None])
    off_t = np.swapaxes(off, 1, 2)
    form = np.zeros((units, 2 * k, 2 * k))
    form[:, :k, :k], form[:, :k, k:], form[:, k:, :k] = weight, -weight * off_t, -weight * off
    form[:, k:, k:] = weight * (off * off_t - np.nan_to_num(stack.cov))
    form = np.nan_to_num(form)
    squares, sums = np.zeros(units), np.zeros(units)
    for unit, index, real in grouped.batches():
        y = with_presence(grouped, index, real, own[unit].T)
        value = ((form[unit] @ y) * y).sum(axis=1)
        np.add.at(squares, unit, (value**2).sum(axis=1))
        np.add.at(sums, unit, value.sum(axis=1))
    return ratio(stack.k, stack.k - 1.0) * root(ratio(squares - ratio(sums**2, n), n * (n - 1)))


def normal_interval(estimate: Array, error: Array, confidence: float = 0.95) -> tuple[Array, Array]:
    """Estimate +/- z times its error; limits beyond 1 are kept (only print clips them).

    Examples
    --------
    >>> [round(float(x), 2) for x in normal_interval(np.array(0.0), np.array(1.0))]
    [-1.96, 1.96]
    """
    z = special.ndtri((1 + confidence) / 2)
    return estimate - z * error, estimate + z * error


def _influence(grouped: Grouped, stack: Stack) -> tuple[Array, Array]:
    """Sum, and sum of squares, by unit of -sum d^2 / T + tr (sum d)^2 / T^2 over complete rows."""
    trace, total = np.trace(stack.cov, axis1=1, axis2=2), stack.cov.sum(axis=(1, 2))
    total = np.where(total > 1e-12, total, np.nan)
    per_square, per_total = np.nan_to_num(ratio(-1.0, total)), np.nan_to_num(ratio(trace, total**2))
    centre = np.nan_to_num(np.where(stack.asked, stack.mean, np.nan))
    sums, squares = np.zeros(len(grouped.units)), np.zeros(len(grouped.units))
    for unit, index, real in grouped.batches():
        here = (real & stack.complete[index]) & stack.asked[unit].T[:, :, None]
        d = np.where(here, grouped.values[:, index] - centre[unit].T[:, :, None], 0.0)
        value = (
            per_square[unit][:, None] * (d * d).sum(axis=0) + per_total[unit][:, None] * d.sum(axis=0) ** 2
        )
        np.add.at(sums, unit, value.sum(axis=1))
        np.add.at(squares, unit, (value * value).sum(axis=1))
    return sums, squares


def _at_least(x: Array, low: float) -> Array:
    x = np.asarray(x, dtype=float)
    return np.where(x >= low, x, np.nan)
