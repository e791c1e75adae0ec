"""Hall's transformed t: interval and confidence distribution of a mean, in closed form.

Near the ceiling of a four-point scale the distribution of a mean is skewed and the t interval
misses on one side; Hall's cubic transformation removes the skewness to second order and needs
no random numbers.

Drawn without replacement from N users, the standard deviation counts sqrt(1 - n/N) (`finite`) and the
skewness stays. Second-order theory multiplies the two terms of the skewness by (2 - f)/(2 sqrt(1 - f))
and (1 - 2f)/sqrt(1 - f), f = n/N (Sugden, Smith and Jones 2000); in simulation
(``benchmarks/interval.py``) that covers no better and is longer at small N, so the simpler form is used.

References
----------
Hall, P. (1992). On the removal of skewness by transformation. Journal of the Royal Statistical
Society B 54, 221-228.

Sugden, R. A., Smith, T. M. F. and Jones, R. P. (2000). Cochran's rule for simple random sampling. Journal
of the Royal Statistical Society B 62, 787-793.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from pipeline.statistics.sample.finite_population import is_census, unseen

Array = np.ndarray


def inverse_hall(x: Array, skewness: Array, n: Array) -> Array:
    """Inverse of Hall's transformation: the standardised distance that belongs to t/sqrt(n)."""
    inner = x - skewness / (6 * n)
    small = np.abs(skewness) < 1e-8
    safe = np.where(small, 1.0, skewness)
    cubic = 3 / safe * (np.cbrt(1 + safe * inner) - 1)
    # The limit for vanishing skewness, to first order; the closed form would divide 0 by 0.
    return np.where(small, inner - skewness * inner**2 / 3, cubic)


def hall_interval(
    mean: ArrayLike, sd: ArrayLike, skewness: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[Array, Array]:
    """Hall's transformed t interval for a mean.

    Formula: m - s (3/g) ((1 + g (t/sqrt(n) - g/(6n)))^(1/3) - 1), with s and g from moments of
    divisor n, t the quantiles of Student's t with n - 1 degrees of freedom.

    Parameters
    ----------
    mean, sd, skewness, n : array_like
        Mean, standard deviation and skewness (divisor n), number of rows. Arrays broadcast.
    confidence : float
        Two-sided confidence.

    Returns
    -------
    lower, upper : ndarray
        Raw limits, not clipped to the scale. Without spread both equal the mean; for n < 2 NaN.

    Notes
    -----
    Checked against 14 data sets of reference values computed with R to 1e-10.

    Examples
    --------
    >>> low, high = hall_interval(85.0, 6.5, 0.2, 200)
    >>> bool(low < 85 < high)
    True
    """
    m, s, g, size = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (mean, sd, skewness, n)))
    with np.errstate(invalid="ignore", divide="ignore"):
        t = stdtrit(np.maximum(size - 1, 1), 0.5 + confidence / 2)
        root = np.sqrt(size)
        lower = m - s * inverse_hall(t / root, g, size)
        upper = m - s * inverse_hall(-t / root, g, size)
        flat = s == 0
        lower, upper = np.where(flat, m, lower), np.where(flat, m, upper)
        short = ~(size >= 2)
    return np.where(short, np.nan, lower), np.where(short, np.nan, upper)


def hall_confidence(
    value: ArrayLike, mean: ArrayLike, sd: ArrayLike, skewness: ArrayLike, n: ArrayLike
) -> Array:
    """Confidence that the true mean is at least ``value``: Hall's confidence distribution.

    Formula: F(sqrt(n) (d + g d^2/3 + g^2 d^3/27 + g/(6n))) with d = (m - value)/s and F the
    distribution of t with n - 1 degrees of freedom. It is the interval read the other way: at
    the lower limit of a 95 % interval it is 0.975.

    Returns
    -------
    ndarray
        Confidence, not a posterior probability. NaN without spread or for n < 2.

    Examples
    --------
    >>> low, high = hall_interval(85.0, 6.5, 0.2, 200)
    >>> round(float(hall_confidence(low, 85.0, 6.5, 0.2, 200)), 6)
    0.975
    """
    m, s, g, size, v = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (mean, sd, skewness, n, value))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        d = (m - v) / s
        t = np.sqrt(size) * (d + g * d**2 / 3 + g**2 * d**3 / 27 + g / (6 * size))
        out = stdtr(np.maximum(size - 1, 1), t)
        return np.where((s > 0) & (size >= 2), out, np.nan)


def between(lower: Array, upper: Array, mean: Array, sd: Array, skewness: Array, n: Array) -> Array:
    """Confidence that the true mean lies in [lower, upper); infinite ends are allowed."""
    above = np.where(
        np.isneginf(lower), 1.0, hall_confidence(np.where(np.isinf(lower), 0, lower), mean, sd, skewness, n)
    )
    beyond = np.where(
        np.isposinf(upper), 0.0, hall_confidence(np.where(np.isinf(upper), 0, upper), mean, sd, skewness, n)
    )
    with np.errstate(invalid="ignore"):
        return np.where((sd > 0) & (n >= 2), above - beyond, np.nan)


def n_to_settle(
    lower: Array,
    upper: Array,
    mean: Array,
    sd: Array,
    skewness: Array,
    n: Array,
    cap: Array,
    target: float = 0.95,
    people: Array | None = None,
) -> Array:
    """Smallest number of respondents that would make [lower, upper) hold with ``target`` confidence.

    Mean, spread and skewness are kept as observed; the answer is found by bisection between the
    present number and ``cap``.

    Parameters
    ----------
    lower, upper, mean, sd, skewness, n : ndarray
        As in `between`; ``sd`` without finite population correction.
    cap : ndarray
        Largest number to think of.
    target : float
        Confidence that settles it.
    people : ndarray, optional
        Service users N, NaN where not known: each number is judged with its own correction
        sqrt(1 - n/N). All N of them settle it for certain.

    Returns
    -------
    ndarray
        The number; the present one where it already suffices; NaN where ``cap`` would not do.

    Examples
    --------
    >>> a = np.array
    >>> n_to_settle(a([76.605]), a([88.305]), a([88.0]), a([9.0]), a([-0.5]), a([100.0]), a([300.0])).tolist()
    [nan]
    >>> n_to_settle(a([76.605]), a([88.305]), a([88.0]), a([9.0]), a([-0.5]), a([100.0]), a([300.0]), 0.95, a([300.0]))
    array([266.])
    """
    users = np.full(np.shape(n), np.nan) if people is None else np.asarray(people, dtype=float)

    def settled_by(size: Array) -> Array:
        share = between(lower, upper, mean, sd * np.sqrt(unseen(size, users)), skewness, size)
        known = (lower <= mean) & (mean < upper)
        return np.where(is_census(size, users), known, share >= target)

    low = np.asarray(n, dtype=float).copy()
    high = np.maximum(np.asarray(cap, dtype=float), low)
    with np.errstate(invalid="ignore"):
        settled, possible = settled_by(low), settled_by(high)
        for _ in range(40):
            if not (high - low > 1).any():
                break
            middle = np.floor((low + high) / 2)
            enough = settled_by(middle)
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    result = np.where(settled, np.asarray(n, dtype=float), high)
    return np.where(settled | possible, result, np.nan)
