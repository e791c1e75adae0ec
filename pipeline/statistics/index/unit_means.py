"""A weighted mean of unit indices: its standard error, interval and confidence (R5).

The units of a city are all its units, a census: nothing is left to chance between them, and the error
comes from the respondents within them, SE^2 = sum of W_u^2 s_u^2 (1 - n_u/N_u) / n_u. Of a unit with
fewer than thirty answers, or whose answers are all the same, the own s_u^2 says too little: it takes
the pooled within-unit variance of its type, else of the city.

The sum is as skewed as answers near the ceiling are, so the interval is Hall's for the linear
estimator: a t with Satterthwaite's degrees of freedom after his cubic transformation, whose two
coefficients come from the third moments within the units. ``benchmarks/interval.py`` has its coverage.

References
----------
Cochran, W. G. (1977). Sampling techniques, 3rd ed. Wiley. Sections 5.3 to 5.5.

Hall, P. (1992). On the removal of skewness by transformation. Journal of the Royal Statistical
Society B 54, 221-228.

Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics
Bulletin 2, 110-114.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from pipeline.statistics.data.summary import Moments

Array = np.ndarray

#: A unit with fewer answers takes the pooled variance.
LARGE = 30
#: Fewer units than this make no pool of their own type.
POOL_OF = 2


@dataclass(frozen=True)
class Within:
    """Variance and skewness within units as they enter the error of a mean of units.

    Attributes
    ----------
    n : ndarray (U,)
    variance, third : ndarray (U,)
        s_u^2 (divisor n - 1) and the third central moment, the pool's where the unit takes it; not yet
        corrected for the population.
    unseen : ndarray (U,)
        1 - n_u/N_u, see `finite.unseen`.
    pool : ndarray (U,) of int
        -1 for a unit with its own variance, else the number of the pool it takes.
    kind : ndarray (U,) of int
        The pool of the unit's own type, whether it takes it or not; the last for none.
    in_kind, in_city : ndarray (U,)
        Share of the unit in the variance of that pool and of the city's, (n_u - 1) / degrees of freedom.
    pool_df : ndarray (pools,)
        Degrees of freedom of each type's pool, the city's last.
    """

    n: Array
    variance: Array
    third: Array
    unseen: Array
    pool: Array
    kind: Array
    in_kind: Array
    in_city: Array
    pool_df: Array


def within(scores: Moments, unseen: Array, eligible: Array, kinds: Array) -> Within:
    """Variance within each unit, the small and the constant ones with that of their pool.

    Parameters
    ----------
    scores : Moments
        Linearised scores of each unit, without finite population correction.
    unseen : ndarray
        1 - n/N of each unit.
    eligible : ndarray of bool
        Units a pool is made of: listed, at least five answers, an index.
    kinds : ndarray of int
        Type of each unit from 0; -1 without one.

    Examples
    --------
    >>> m = Moments(np.array([8, 8, 50]), np.zeros(3), np.array([0.0, 70.0, 98.0]), np.array([0.0, -7.0, 1.0]))
    >>> w = within(m, np.ones(3), np.ones(3, bool), np.array([0, 0, -1]))
    >>> w.variance.round(1).tolist(), w.pool.tolist()
    ([40.0, 40.0, 100.0], [0, 0, -1])
    """
    n = scores.n.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(n > 1, scores.variance * n / (n - 1), 0.0)
        cubed = np.where(n > 2, scores.third * n * n / ((n - 1) * (n - 2)), 0.0)
    own, cubed = np.nan_to_num(own), np.nan_to_num(cubed)
    pools = int(kinds.max(initial=-1)) + 1
    of_kind = np.where(eligible & (kinds >= 0), kinds, pools)
    df = np.where(eligible, np.maximum(n - 1, 0), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(eligible & (n > 2), (n - 1) * (n - 2) / n, 0.0)

    def pooled(weights: Array, values: Array) -> tuple[Array, Array]:
        """Weighted mean and sum of weights of each type, the city's (all of them) last."""
        sums = [np.bincount(of_kind, weights=w, minlength=pools + 1) for w in (weights * values, weights)]
        for each, w in zip(sums, (weights * values, weights), strict=True):
            each[pools] = w.sum()
        return sums[0] / np.where(sums[1] > 0, sums[1], 1.0), sums[1]

    (variance, total), (third, _) = pooled(df, own), pooled(weight, cubed)
    members = np.bincount(of_kind, minlength=pools + 1)
    usable = (members[:pools] >= POOL_OF) & (variance[:pools] > 0)
    pool = np.where(np.append(usable, False)[of_kind], of_kind, pools)
    takes = (n < LARGE) | (own == 0)
    return Within(
        n, np.where(takes, variance[pool], own), np.where(takes, third[pool], cubed), unseen,
        np.where(takes, pool, -1), of_kind, df / np.maximum(total[of_kind], 1), df / max(total[pools], 1), total,
    )  # fmt: skip


@dataclass(frozen=True)
class MeanError:
    """Error of the means of some groups of units.

    Attributes
    ----------
    se, df : ndarray (G,)
        Standard error and Satterthwaite's degrees of freedom.
    bend, shift : ndarray (G,)
        Coefficients a and b of Hall's transformation t + a t^2 + a^2 t^3 / 3 + b; 0 make it Student's t.
    """

    se: Array
    df: Array
    bend: Array
    shift: Array

    def interval(self, estimate: Array, confidence: float) -> tuple[Array, Array]:
        """Two-sided limits, not clipped; without error (a census) both equal the estimate."""
        t = stdtrit(np.maximum(self.df, 1), 0.5 + confidence / 2)
        low, high = (estimate - self.se * self._distance(x) for x in (t, -t))
        known = self.se == 0
        return np.where(known, estimate, low), np.where(known, estimate, high)

    def _distance(self, t: Array) -> Array:
        """Standardised distance that belongs to a quantile: the transformation read backwards."""
        inner = t - self.shift
        small = np.abs(self.bend) < 1e-8
        bend = np.where(small, 1.0, self.bend)
        cubic = (np.cbrt(1 + 3 * bend * inner) - 1) / bend
        return np.where(small, inner - self.bend * inner**2, cubic)

    def confidence(self, estimate: Array, value: Array | float) -> Array:
        """Confidence that the true mean is at least ``value``; 0 or 1 for a census."""
        away = estimate - np.asarray(value, dtype=float)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            d = away / self.se
            t = d + self.bend * d**2 + self.bend**2 * d**3 / 3 + self.shift
            sure = stdtr(np.maximum(self.df, 1), t)
        sure = np.where(np.isinf(away), (away > 0).astype(float), sure)
        return np.where(self.se == 0, (away >= 0).astype(float), sure)


def lone_error(scores: Moments, unseen: Array) -> MeanError:
    """Error of each unit's own index, as its own page has it: Hall's interval.

    Examples
    --------
    >>> from pipeline.statistics.index.hall import hall_interval
    >>> m = Moments(np.array([40]), np.array([85.0]), np.array([90.0]), np.array([-500.0]))
    >>> low, high = lone_error(m, np.ones(1)).interval(m.mean, 0.95)
    >>> bool(np.allclose([low, high], hall_interval(m.mean, m.sd, m.skewness, m.n)))
    True
    """
    n = np.maximum(scores.n, 1)
    skew = scores.skewness / np.sqrt(n)
    return MeanError(np.sqrt(scores.variance * unseen / n), n - 1.0, skew / 3, skew / 6)


def mean_error(parts: Within, weight: Array, codes: Array, size: int) -> MeanError:
    """Error of the weighted mean of the units of each group.

    V = sum W_u^2 s_u^2 (1 - f_u)/n_u with W_u = w_u / sum w, f_u = n_u/N_u. Hall's coefficients of
    (m - M)/sqrt(V): b = l/6 and a = c - l/6, where l = sum W_u^3 k_u/n_u^2 / V^(3/2) is the skewness of
    the mean, k_u the third moment within, and c = cov(m, V^)/(2 V^(3/2)) how the estimated error moves
    with the mean. For one unit with its own variance l = g/sqrt(n) and c = l/2, which is Hall's interval.
    Deviations count sqrt(1 - f_u), as in `Moments.about_users`.

    Parameters
    ----------
    parts : Within
    weight : ndarray (U,)
        0 for units that do not count.
    codes : ndarray (U,) of int
        Group of each unit; ``size``: none.
    size : int
        Number of groups.

    Notes
    -----
    With all variances own, V is that of R's survey package (svymean of a stratified design with fpc).

    Examples
    --------
    >>> m = Moments(np.array([50, 50]), np.zeros(2), np.array([49.0, 49.0]), np.zeros(2))
    >>> parts = within(m, np.ones(2), np.ones(2, bool), np.array([-1, -1]))
    >>> e = mean_error(parts, np.ones(2), np.zeros(2, int), 1)
    >>> e.se.round(6).tolist(), e.df.round(6).tolist()
    ([0.707107], [98.0])
    """
    codes = np.where((codes >= 0) & (codes < size), codes, size)

    def total(values: Array) -> Array:
        return np.bincount(codes, weights=values, minlength=size + 1)[:size]

    with np.errstate(invalid="ignore", divide="ignore"):
        share = weight / np.append(total(weight), np.nan)[codes]
        load = np.where((weight > 0) & (parts.n > 0), share**2 * parts.unseen / parts.n, 0.0)
    load, share = np.nan_to_num(load), np.nan_to_num(share)
    own, pools = parts.pool < 0, len(parts.pool_df)
    # What each group lays on each pool: how much of its variance is that pool's.
    key = codes * pools + np.where(own, 0, parts.pool)
    on_pool = np.bincount(key, weights=np.where(own, 0.0, load), minlength=(size + 1) * pools)
    on_pool = on_pool.reshape(size + 1, pools)
    variance = total(load * parts.variance)
    taken = np.zeros(pools)
    taken[parts.pool[~own]] = parts.variance[~own]
    with np.errstate(invalid="ignore", divide="ignore"):
        bottom = total(np.where(own, (load * parts.variance) ** 2 / np.maximum(parts.n - 1, 1), 0.0))
        bottom = bottom + ((on_pool[:size] * taken) ** 2 / np.maximum(parts.pool_df, 1)).sum(axis=1)
        df = np.where(bottom > 0, variance**2 / bottom, np.nan)
        # How each unit's variance enters the estimated one, times how it moves with the unit's mean.
        slope = np.where(own, load, 0.0) + on_pool[codes, -1] * parts.in_city
        typed = parts.kind < pools - 1
        slope += np.where(typed, on_pool[codes, parts.kind] * parts.in_kind, 0.0)
        cubed = parts.third * np.where(parts.n > 0, 1 / np.maximum(parts.n, 1), 0.0)
        together = total(share * np.sqrt(parts.unseen) * cubed * slope)
        skew = total(share**3 * cubed / np.maximum(parts.n, 1) * parts.unseen**1.5) / variance**1.5
        bend, shift = together / (2 * variance**1.5) - skew / 6, skew / 6
    flat = ~(variance > 0)
    bend, shift = np.where(flat, 0.0, bend), np.where(flat, 0.0, shift)
    return MeanError(np.sqrt(variance), df, bend, shift)
