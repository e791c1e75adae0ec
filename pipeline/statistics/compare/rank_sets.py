"""What can be said of a rank: expected ranks, and ranges that hold for all units at once.

Rank 1 is the highest mean. A bare rank is the least certain number of a survey: these functions
give the range it may have.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from pipeline.statistics.compare.random_intercept import RandomIntercept
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.scores import Scores

#: From this rankability on ranks may be spoken of (Lingsma et al. 2010 call 0.70 reasonable).
RANKABLE = 0.70


def expected_ranks(value: Array, error: Array) -> Array:
    """Expected rank of each unit: 1 + sum over the others of Phi((th_j - th_u)/sqrt(v_u + v_j)).

    Parameters
    ----------
    value, error : ndarray (U,)
        Shrunken means and their conditional standard errors.

    References
    ----------
    Laird, N. M., Louis, T. A. (1989). Empirical Bayes ranking methods. Journal of Educational
    Statistics, 14, 29-46.

    Notes
    -----
    Checked against R on the reference sets, within 1e-5.

    Examples
    --------
    >>> expected_ranks(np.array([90.0, 80.0]), np.array([0.1, 0.1])).round(6).tolist()
    [1.0, 2.0]
    >>> expected_ranks(np.array([85.0, 85.0]), np.array([0.0, 0.0])).tolist()
    [1.5, 1.5]
    """
    out = np.empty(len(value))
    for u in range(len(value)):
        gap, spread = value - value[u], np.sqrt(error**2 + error[u] ** 2)
        # Without spread the units are known exactly: before, behind, or equal.
        sure = np.where(gap > 0, np.inf, -np.inf)
        z = np.where(spread > 0, gap / np.where(spread > 0, spread, 1.0), sure)
        ahead = special.ndtr(np.where(gap == 0, 0.0, z))
        out[u] = 1 + ahead.sum() - ahead[u]
    return out


def percentile_of_rank(expected: Array) -> Array:
    """Percentile of an expected rank (PCER): 100 (ER - 0.5)/U; low is good.

    Examples
    --------
    >>> percentile_of_rank(np.array([1.0, 2.0])).tolist()
    [25.0, 75.0]
    """
    return 100 * (expected - 0.5) / len(expected) if len(expected) else expected


def rankability(fit: RandomIntercept) -> float:
    """Share of the differences between units that is not chance: tau2/(tau2 + median sigma2/n_u).

    References
    ----------
    Lingsma, H. F., Steyerberg, E. W., Eijkemans, M. J. C., et al. (2010). Comparing and ranking
    hospitals based on outcome: results from The Netherlands Stroke Survey. QJM, 103, 99-108.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.compare.random_intercept import random_intercept
    >>> from pipeline.statistics.data.scores import from_series
    >>> fit = random_intercept(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    >>> round(rankability(fit), 6)
    0.875
    """
    n = fit.n[fit.n > 0]
    if not fit.known or len(n) == 0:
        return float("nan")
    return float(fit.tau2 / (fit.tau2 + np.median(fit.sigma2 / n)))


def simultaneous(data: Scores, confidence: float = 0.95) -> tuple[Array, Array]:
    """Intervals of all means that hold together: Student's t at 1 - (1 - confidence)/(2U) a side.

    A unit with fewer than two respondents or without variance has no error: its mean could be
    anything, and the interval is unbounded.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> low, high = simultaneous(from_series(pd.Series([1.0, 3, 5, 5]), ["a", "a", "b", "b"]))
    >>> [round(float(x), 3) for x in (low[0], high[0])], float(low[1]), float(high[1])
    ([-23.452, 27.452], -inf, inf)
    """
    n = data.n
    usable = (n >= 2) & (data.squares > 0)
    tail = (1 - confidence) / (2 * max(len(n), 1))
    reach = special.stdtrit(np.where(usable, n - 1, 1.0), 1 - tail) * np.sqrt(
        np.nan_to_num(ratio(data.variance, n))
    )
    return np.where(usable, data.mean - reach, -np.inf), np.where(usable, data.mean + reach, np.inf)


def rank_sets(lower: Array, upper: Array) -> tuple[Array, Array]:
    """Joint range of ranks: behind only those surely ahead, ahead only of those surely behind.

    rank_low = 1 + number of units whose interval lies wholly above, rank_high = U - number wholly
    below. If the intervals hold together with 95 %, so do all ranges.

    References
    ----------
    Klein, M., Wright, T., Wieczorek, J. (2020). A joint confidence region for an overall ranking of
    populations. Journal of the Royal Statistical Society C, 69, 589-606.

    Notes
    -----
    Checked against R on the reference sets, exactly.

    Examples
    --------
    >>> low, high = rank_sets(np.array([1.0, 2.0, 8.0]), np.array([3.0, 4.0, 9.0]))
    >>> low.tolist(), high.tolist()
    ([2, 2, 1], [3, 3, 1])
    """
    first = np.sort(lower)
    last = np.sort(upper)
    above = len(lower) - np.searchsorted(first, upper, side="right")
    below = np.searchsorted(last, lower, side="left")
    return above + 1, len(lower) - below


def goldstein_healy(error: Array, level: float = 0.05) -> float:
    """Multiplier z of the standard errors at which two bars that just touch differ at ``level``.

    Solves: mean over pairs of 2 Phi(-z (s_a + s_b)/sqrt(s_a^2 + s_b^2)) = level; 1.386 for equal errors.

    References
    ----------
    Goldstein, H., Healy, M. J. R. (1995). The graphical presentation of a collection of means. Journal
    of the Royal Statistical Society A, 158, 175-177.

    Notes
    -----
    Checked against R on the reference sets, within 1e-8.

    Examples
    --------
    >>> round(goldstein_healy(np.array([1.0, 1.0, 1.0])), 6)
    1.385904
    """
    s = error[np.isfinite(error) & (error > 0)]
    if len(s) < 2:
        return float("nan")
    first, second = np.triu_indices(len(s), 1)
    shape = (s[first] + s[second]) / np.sqrt(s[first] ** 2 + s[second] ** 2)

    def excess(z: float) -> float:
        return float((2 * special.ndtr(-z * shape)).mean() - level)

    return float(optimize.brentq(excess, 0.0, 10.0, xtol=1e-12))
