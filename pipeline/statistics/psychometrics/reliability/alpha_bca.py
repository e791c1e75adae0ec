"""The bootstrap's BCa interval for alpha, without drawing anything (ABC).

BCa corrects a bootstrap interval for bias and for an error that changes with the estimate, both of
which the ceiling of satisfaction answers brings. Its limits can be had from derivatives instead
of thousands of draws: the same answers give the same interval, for all units in one pass.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.data.covariance import Stack, ratio, root
from pipeline.statistics.data.grouped import Array, Grouped


def abc_interval(grouped: Grouped, stack: Stack, confidence: float = 0.95) -> tuple[Array, Array]:
    """ABC interval of alpha by unit, on complete rows.

    With weights w on the rows, alpha is k/(k-1) (1 - tr(w)/T(w)), and both tr and T are a linear part
    less squares of means: first and second derivatives are exact. With l_i the first, q_i the second
    derivative towards row i, s = sqrt(sum l^2)/n: acceleration a = sum l^3 / (6 n^3 s^3), bias b =
    sum q / (2 n^2), curvature c = the second derivative along l / (n^2 s) over 2 s; z_0 =
    Phi^-1(2 Phi(a) Phi(c - b/s)); w = z_0 + z; the limit is alpha at weights 1/n + w/(1 - a w)^2 l/(n^2 s).

    Parameters
    ----------
    grouped, stack
        Answers by unit, and their listwise covariances.
    confidence : float

    Returns
    -------
    lower, upper : ndarray (U,)
        NaN below three complete rows, or where the influences do not vary.

    References
    ----------
    DiCiccio, T. J., Efron, B. (1992). More accurate confidence intervals in exponential families.
    Biometrika, 79, 231-245.
    Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 22. Chapman & Hall.

    Notes
    -----
    Checked against R's boot::abc.ci 1.3-28.1 (whose derivatives are finite differences) within 2e-3 of
    the width at n = 100, and against its BCa of 2,000 draws within 5 % of the width, what draws leave open.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.covariance import listwise
    >>> from pipeline.statistics.data.grouped import group
    >>> g = group(pd.DataFrame({"U1": [1, 2, 3, 4, 4, 2], "U2": [1, 3, 2, 4, 3, 2]}))
    >>> [round(float(x[0]), 4) for x in abc_interval(g, listwise(g))]
    [0.0474, 0.9836]
    """
    n = np.where(stack.n >= 3, stack.n, np.nan)
    # Divisor n throughout: alpha is the same, the derivatives are those of a weighted sample.
    shrink = ratio(n - 1, n)
    tr = np.trace(stack.cov, axis1=1, axis2=2) * shrink
    total = stack.cov.sum(axis=(1, 2)) * shrink
    total = np.where(total > 1e-12, total, np.nan)
    s = _Sums(grouped, stack, tr, total)
    spread = root(s.l2) / n
    usable = np.nan_to_num(spread) > 1e-14
    spread = np.where(usable, spread, np.nan)
    # Changes of tr and T along the influences, and of the means they are squares of.
    along = ratio(1.0, n**2 * spread)
    a_tr, a_total = s.l_tr * along, s.l_total * along
    moved = s.l_mean * along[:, None]
    b_tr, b_total = (moved**2).sum(axis=1), moved.sum(axis=1) ** 2
    acceleration = ratio(s.l3, 6 * n**3 * spread**3)
    bias = ratio(s.second, 2 * n**2)
    curvature = _second(tr, total, a_tr, a_total, -2 * b_tr, -2 * b_total) / (2 * spread)
    z0 = special.ndtri(
        np.clip(2 * special.ndtr(acceleration) * special.ndtr(curvature - bias / spread), 0, 1)
    )
    limits = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        w = z0 + special.ndtri(tail)
        step = ratio(w, (1 - acceleration * w) ** 2)
        below = total + step * a_total - step**2 * b_total
        value = 1 - ratio(tr + step * a_tr - step**2 * b_tr, np.where(below > 0, below, np.nan))
        limits.append(ratio(stack.k, stack.k - 1.0) * value)
    return limits[0], limits[1]


class _Sums:
    """Sums by unit over complete rows; l and q are derivatives of -tr/T towards each row."""

    def __init__(self, grouped: Grouped, stack: Stack, tr: Array, total: Array) -> None:
        units, k = stack.asked.shape
        self.l2, self.l3, self.l_tr, self.l_total, self.second = (np.zeros(units) for _ in range(5))
        self.l_mean = np.zeros((units, k))
        centre = np.nan_to_num(np.where(stack.asked, stack.mean, np.nan))
        tr, total = np.nan_to_num(tr), np.where(np.isfinite(total), total, 1.0)
        for unit, index, real in grouped.batches():
            here = (real & stack.complete[index]) & stack.asked[unit].T[:, :, None]
            d = np.where(here, grouped.values[:, index] - centre[unit].T[:, :, None], 0.0)
            inside = here.any(axis=0)
            t, whole = tr[unit][:, None], total[unit][:, None]
            squares = (d * d).sum(axis=0)
            square = d.sum(axis=0) ** 2
            to_tr, to_total = squares - t, square - whole
            first = np.where(inside, -to_tr / whole + t * to_total / whole**2, 0.0)
            second = np.where(inside, _second(t, whole, to_tr, to_total, -2 * squares, -2 * square), 0.0)
            for target, value in (
                (self.l2, first**2), (self.l3, first**3), (self.l_tr, first * squares),
                (self.l_total, first * square), (self.second, second),
            ):  # fmt: skip
                np.add.at(target, unit, value.sum(axis=1))
            np.add.at(self.l_mean, unit, (first * d).sum(axis=2).T)


def _second(tr: Array, total: Array, tr1: Array, total1: Array, tr2: Array, total2: Array) -> Array:
    """Second derivative of -tr/T from the first (1) and second (2) derivatives of both."""
    return np.asarray(
        -tr2 / total + 2 * tr1 * total1 / total**2 + tr * total2 / total**2 - 2 * tr * total1**2 / total**3
    )
