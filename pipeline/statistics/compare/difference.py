"""Axis two: each unit against the others, and what the difference shows (R14).

"Not significant" is not "equal": equivalence is tested apart (TOST), and what neither test shows is
undecided. Units are compared as providers: this year's users are a sample of those a unit serves, so
nothing is corrected for a finite population (R19).

Ours, because no library frees Welch's t of skewness or mixes variances; nor is the power of such a test
that of statsmodels' ``TTestIndPower``, which knows equal variances only. Without skewness and mixing the
tests hold all of it against statsmodels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.compare.omnibus import usable
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.scores import Scores
from pipeline.statistics.index.hall import inverse_hall

#: What may be said of a difference.
ABOVE, BELOW, EQUIVALENT, UNDECIDED = "above", "below", "equivalent", "undecided"
#: Error allowed over all units of the city.
LEVEL = 0.05
#: A difference of at most so many index points counts as none, unless the definition says otherwise.
MARGIN = 2.5
#: The pooled variance and skewness weigh as much as so many respondents of the unit's own.
PRIOR = 100
#: Fewer respondents have no third moment of their own.
SKEWED = 3


@dataclass(frozen=True)
class Difference:
    """Units against the others, each array (U,); NaN where a unit cannot be tested.

    Attributes
    ----------
    difference : ndarray
        Mean less the simple mean of the other units.
    error : ndarray
        Its standard error.
    skewness : ndarray
        Skewness of the difference.
    df : ndarray
        Degrees of freedom by Satterthwaite.
    """

    difference: Array
    error: Array
    skewness: Array
    df: Array

    @property
    def p(self) -> Array:
        """Two-sided p of no difference."""
        return 2 * special.stdtr(self.df, -np.abs(self._t(0.0)))

    def interval(self, confidence: Array | float) -> tuple[Array, Array]:
        """Two-sided interval; it leaves out exactly the differences that are rejected at its level."""
        reach = special.stdtrit(self.df, (1 + np.asarray(confidence, dtype=float)) / 2)
        g, one = self.skewness, np.ones(self.skewness.shape)
        return (
            self.difference - self.error * inverse_hall(reach, g, one),
            self.difference - self.error * inverse_hall(-reach, g, one),
        )

    def equivalence(self, margin: float = MARGIN) -> Array:
        """P of the two one-sided tests that the true difference is at least ``margin`` either way.

        References
        ----------
        Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach
        for assessing the equivalence of average bioavailability. Journal of Pharmacokinetics and
        Biopharmaceutics, 15, 657-680.

        Notes
        -----
        Checked against ``ttost_ind(usevar="unequal")`` of statsmodels, where nothing is skewed or pooled.
        """
        from_below = special.stdtr(self.df, -self._t(-margin))
        from_above = special.stdtr(self.df, self._t(margin))
        return np.maximum(from_below, from_above)

    def detectable(self, level: Array | float = LEVEL, power: float = 0.80) -> tuple[Array, Array]:
        """Smallest true differences, downward and upward, that this test shows with ``power`` at its ``level``.

        SE (h(q) - h(-r)) upward and SE (h(-q) - h(r)) downward, q and r the t quantiles of 1 - level/2 and of
        ``power``, h the inverse of Hall's transformation. Without skewness both are (q + r) SE. Near the ceiling
        a difference upward has to be larger than one downward.

        References
        ----------
        Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed. Erlbaum.
        """
        q = special.stdtrit(self.df, 1 - np.asarray(level, dtype=float) / 2)
        r = special.stdtrit(self.df, power)
        g, one = self.skewness, np.ones(self.skewness.shape)
        down = inverse_hall(-q, g, one) - inverse_hall(r, g, one)
        up = inverse_hall(q, g, one) - inverse_hall(-r, g, one)
        return self.error * down, self.error * up

    def select(self, keep: Array) -> Difference:
        """Some of the units."""
        return Difference(self.difference[keep], self.error[keep], self.skewness[keep], self.df[keep])

    def _t(self, value: float) -> Array:
        """Hall's transformed t of the difference from a value."""
        return hall_transform(ratio(self.difference - value, self.error), self.skewness)


def hall_transform(t: Array, skewness: Array) -> Array:
    """Hall's cubic: t + g t^2/3 + g^2 t^3/27 + g/6, nearly free of the skewness g of the estimate.

    Examples
    --------
    >>> hall_transform(np.array([2.0]), np.array([0.0])).tolist()
    [2.0]
    """
    return t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6


def against_others(data: Scores, prior: float = PRIOR) -> Difference:
    """Each unit's mean less the simple mean of all other units, by a t freed of skewness.

    d_u = m_u - sum_{v != u} m_v/(U - 1), SE^2 = s_u^2/n_u + sum_{v != u} s_v^2/n_v/(U - 1)^2. The rest is the
    simple mean because the city's headline is. Near the ceiling of the scale Welch's t rejects too
    often: a mean is skewed, and a unit where nearly all agree by luck has too small a variance. So t is
    transformed by Hall's cubic, with the skewness of d_u; s_u^2 and the third moment are mixed with
    the pooled ones of the group as if 100 respondents of it answered as well, and s_u^2 is never below
    the unit's own.

    Parameters
    ----------
    data : Scores
        Units of one group; those with fewer than two respondents do not count.
    prior : float
        Weight of the pooled moments, in respondents; 0 takes each unit's own alone.

    Returns
    -------
    Difference
        NaN for a unit without variance (R13: its mean has no error of its own); it still counts among
        the others, with the pooled variance.

    References
    ----------
    Hall, P. (1992). On the removal of skewness by transformation. Journal of the Royal Statistical
    Society B, 54, 221-228.
    Welch, B. L. (1947). The generalization of Student's problem when several different population
    variances are involved. Biometrika, 34, 28-35.

    Notes
    -----
    Without ``prior`` and skewness it is Welch's t of the contrast, checked by hand and against statsmodels;
    false alarms, power and wrong signs are simulated in ``benchmarks/equal_cities.py``.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> d = against_others(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    >>> d.difference.tolist(), d.df.tolist()
    ([-4.0, 4.0], [2.0, 2.0])
    """
    inside = data.n >= 2
    n, units = np.where(inside, data.n, np.nan), float(inside.sum())
    square, cube = moments(data, prior)
    mean = np.where(inside, data.mean, 0.0)
    error2, of_df, third = (
        np.where(inside, np.nan_to_num(part), 0.0)
        for part in (ratio(square, n), ratio(ratio(square, n) ** 2, n - 1), ratio(cube, n**2))
    )
    others = units - 1 if units > 1 else np.nan
    tested = usable(data) & (units > 1)
    variance = error2 + (error2.sum() - error2) / others**2
    df = ratio(variance**2, of_df + (of_df.sum() - of_df) / others**4)
    error = np.sqrt(np.where(tested, variance, np.nan))
    skewness = ratio(third - (third.sum() - third) / others**3, error**3)
    difference = np.where(tested, mean - (mean.sum() - mean) / others, np.nan)
    return Difference(difference, error, skewness, np.where(tested, df, np.nan))


def moments(data: Scores, prior: float = PRIOR) -> tuple[Array, Array]:
    """Variance and third central moment of each unit, mixed with those of the group.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> moments(from_series(pd.Series([1.0, 3, 5, 9]), ["a", "a", "b", "b"]), prior=1)[0].tolist()
    [3.5, 8.0]
    """
    n = data.n
    inside = n >= 2
    free = np.where(inside, n - 1, 0.0)
    own = np.nan_to_num(data.variance)
    pooled = ratio(data.squares[inside].sum(), free.sum())
    deviation = data.values[None, :] - np.nan_to_num(data.mean)[:, None]
    scaled = ratio(n, (n - 1) * (n - 2))
    cube = np.where(n >= SKEWED, scaled * (data.counts * deviation**3).sum(axis=1), 0.0)
    cube = np.where(data.squares > 0, cube, 0.0)
    third = ratio((free * cube).sum(), free.sum())
    weight = ratio(free, free + prior)
    mixed = weight * own + (1 - weight) * np.nan_to_num(pooled)
    return np.maximum(own, mixed), weight * cube + (1 - weight) * np.nan_to_num(third)


def words(difference: Array, p_adjusted: Array, equivalent: Array, level: float = LEVEL) -> Array:
    """Word for each unit: shown above or below, else shown equivalent, else undecided; "" untested.

    Parameters
    ----------
    difference : ndarray
        Unit less the others.
    p_adjusted : ndarray
        Of no difference, adjusted over all units.
    equivalent : ndarray
        Of the two one-sided tests, adjusted.
    level : float
        From below which an adjusted p shows something.

    Examples
    --------
    >>> words(np.array([4.0, -4, 0.2, 1, np.nan]), np.array([0.01, 0.01, 0.8, 0.3, np.nan]),
    ...       np.array([0.9, 0.9, 0.01, 0.2, np.nan])).tolist()
    ['above', 'below', 'equivalent', 'undecided', '']
    """
    with np.errstate(invalid="ignore"):
        shown, same = p_adjusted < level, equivalent < level
    word = np.where(shown, np.where(difference > 0, ABOVE, BELOW), np.where(same, EQUIVALENT, UNDECIDED))
    return np.where(np.isfinite(p_adjusted), word, "").astype(object)
