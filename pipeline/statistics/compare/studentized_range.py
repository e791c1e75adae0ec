"""The studentized range distribution for many pairs at once (Games-Howell needs 1128 for 48 units).

``scipy.stats.studentized_range`` integrates each number by itself, minutes for a table of pairs.
Here one Gauss-Legendre grid serves all: 128 nodes for the range of k normals, 48 (200 below 30
degrees of freedom) for the spread of the standard deviation. Quantiles depend on the degrees of
freedom so smoothly that a few exact ones are interpolated.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.data.grouped import Array

_INNER = np.polynomial.legendre.leggauss(128)
_OUTER = np.polynomial.legendre.leggauss(48)
#: Few degrees of freedom spread s widely: a finer grid.
_OUTER_FEW = np.polynomial.legendre.leggauss(200)

#: Degrees of freedom beyond which the standard deviation is as good as known.
KNOWN = 1e6


def range_below(w: Array, k: int) -> Array:
    """Probability that k standard normals span less than w: k int phi(z) (Phi(z) - Phi(z-w))^(k-1) dz.

    Examples
    --------
    >>> float(range_below(np.array(3.3145), 3)).__round__(4)
    0.95
    """
    nodes, weights = _INNER
    z = 8 * nodes
    density = 8 * weights * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    w = np.asarray(w, dtype=float)
    inside = special.ndtr(z) - special.ndtr(z - w[..., None])
    return np.clip(k * (np.maximum(inside, 0.0) ** (k - 1)) @ density, 0.0, 1.0)


def p_value(q: Array, k: int, df: Array) -> Array:
    """Probability that the studentized range of k means exceeds q.

    Parameters
    ----------
    q : ndarray
        Range over the standard error (Games-Howell: t sqrt 2).
    k : int
        Number of means.
    df : ndarray
        Degrees of freedom; NaN below 2 (as R's ``ptukey``).

    Returns
    -------
    ndarray
        Within 1e-7 of R's ``ptukey(lower.tail = FALSE)``.

    Examples
    --------
    >>> float(p_value(np.array(3.877), 3, np.array(10))).__round__(5)  # printed tables: 3.877
    0.04999
    """
    q, df = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(df, dtype=float))
    out = np.full(q.shape, np.nan)
    known = np.isfinite(q) & (df >= 2)
    if known.any():
        out[known] = _above(q[known], k, df[known])
    return out


def quantile(level: float, k: int, df: Array) -> Array:
    """Value the studentized range of k means stays below with probability `level`.

    Examples
    --------
    >>> float(quantile(0.95, 3, np.array([10.0]))[0]).__round__(4)
    3.8768
    """
    df = np.asarray(df, dtype=float)
    out = np.full(df.shape, np.nan)
    known = df >= 2
    if not known.any():
        return out
    distinct, place = np.unique(np.minimum(df[known], KNOWN), return_inverse=True)
    if len(distinct) <= 48:
        out[known] = _solve(level, k, distinct)[place.ravel()]
        return out
    # log q is smooth in 1/df: 28 Chebyshev points hold it to about 1e-9.
    low, high = 1 / distinct[-1], 1 / distinct[0]
    from scipy.interpolate import BarycentricInterpolator

    angle = np.pi * (2 * np.arange(28) + 1) / 56
    x = (low + high) / 2 + (high - low) / 2 * np.cos(angle)
    # Their weights are known (Berrut & Trefethen 2004, SIAM Review 46). Left to find them itself, SciPy takes
    # the points in random order: the last digit then differs from run to run.
    weights = (-1.0) ** np.arange(28) * np.sin(angle)
    curve = BarycentricInterpolator(x, np.log(_solve(level, k, 1 / x)), wi=weights)
    out[known] = np.exp(curve(1 / distinct))[place.ravel()]
    return out


def _above(q: Array, k: int, df: Array) -> Array:
    """1 - P by integrating over s, the estimated over the true standard deviation."""
    out = np.empty(len(q))
    few = df < 30
    for part, rule in ((np.flatnonzero(few), _OUTER_FEW), (np.flatnonzero(~few), _OUTER)):
        step = 16384 // len(rule[0])
        for start in range(0, len(part), step):
            rows = part[start : start + step]
            out[rows] = _integrate(q[rows], k, np.minimum(df[rows], KNOWN), rule)
    return np.clip(out, 0.0, 1.0)


def _integrate(q: Array, k: int, df: Array, rule: tuple[Array, Array]) -> Array:
    """Integrate over u = sqrt(s): s^(v-1) is not smooth at 0 for fractional v, u^(2v-1) nearly is."""
    nodes, weights = rule
    v = df[:, None]
    # s ~ chi_v / sqrt(v) has spread about 1/sqrt(2v) around 1.
    spread = 8.5 / np.sqrt(2 * v)
    low, high = np.sqrt(np.maximum(0.0, 1 - spread)), np.sqrt(1 + spread)
    u = (low + high) / 2 + (high - low) / 2 * nodes
    log_density = (
        np.log(4) + v / 2 * np.log(v / 2) - special.gammaln(v / 2) + (2 * v - 1) * np.log(u) - v * u**4 / 2
    )
    weight = (high - low) / 2 * weights * np.exp(log_density)
    return ((1 - range_below(q[:, None] * u**2, k)) * weight).sum(axis=1)


def _solve(level: float, k: int, df: Array) -> Array:
    """Bisection in log q to one per cent, then secant steps in log p: about 1e-12."""
    target = np.log(1 - level)

    def excess(x: Array) -> Array:
        return np.log(np.maximum(_above(np.exp(x), k, df), 1e-300)) - target

    low, high = np.full(len(df), np.log(0.02)), np.full(len(df), np.log(2000.0))
    for _ in range(10):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    f_low, f_high = excess(low), excess(high)
    for _ in range(5):
        slope = f_high - f_low
        # Once both ends agree there is nothing left to improve.
        step = np.where(np.abs(slope) > 1e-14, f_high * (high - low) / np.where(slope == 0, 1.0, slope), 0.0)
        low, f_low, high = high, f_high, high - step
        f_high = excess(high)
    return np.exp(high)
