"""The comparative band: five words for a unit against the others, only where data carry them (R14).

The legal letter is absolute, the band relative; neither replaces the other. One function gives the
limits that figure, table and sentence use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.change import benjamini_hochberg
from pipeline.statistics.covariance import ratio
from pipeline.statistics.funnel import Funnel, funnel
from pipeline.statistics.grouping import Array
from pipeline.statistics.mixed import Mixed, random_intercept
from pipeline.statistics.scores import Scores

#: The five words, from below to above, and the one for a unit that cannot be placed.
FAR_BELOW, BELOW, SAME, ABOVE, FAR_ABOVE = "far-below", "below", "same", "above", "far-above"
BANDS = (FAR_BELOW, BELOW, SAME, ABOVE, FAR_ABOVE)
#: Error allowed over all units for a band, and for the outer band.
LEVEL, FAR = 0.05, 0.002
#: A unit's mean must be at least this reliable to be banded.
RELIABLE = 0.70
#: Fewer peers tell nothing about the spread between units.
FEWEST = 5


@dataclass(frozen=True)
class Bands:
    """Where units stand among their peers, each array (U,).

    Attributes
    ----------
    difference : ndarray
        Mean less the mean of all other respondents of the group (the rest).
    error : ndarray
        Its standard error, with the spread between units added.
    p : ndarray
        Two-sided, not adjusted.
    reliability : ndarray
        tau2/(tau2 + sigma2/n).
    tau2, phi : float
        Additive overdispersion, and winsorised phi.
    """

    difference: Array
    error: Array
    p: Array
    reliability: Array
    tau2: float
    phi: float


def against_rest(data: Scores, fit: Mixed | None = None, spread: Funnel | None = None) -> Bands:
    """Each unit against the rest of its group, by limits that allow for ordinary spread.

    z_u = (m_u - m_rest) / sqrt(sigma2/n_u + tau2 + sigma2/n_rest); the rest does not contain the unit,
    sigma2 is pooled (a unit where all agree is judged like the others), tau2 the additive
    overdispersion of `funnel`.

    References
    ----------
    Spiegelhalter, D., Sherlaw-Johnson, C., Bardsley, M., et al. (2012). Statistical methods for
    healthcare regulation. Journal of the Royal Statistical Society A, 175, 1-47.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.scores import from_series
    >>> b = against_rest(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    >>> b.difference.tolist()
    [-4.0, 4.0]
    """
    fit = random_intercept(data) if fit is None else fit
    spread = funnel(data) if spread is None else spread
    n = data.n
    total, weighted = n.sum(), n @ np.nan_to_num(data.mean)
    rest = ratio(weighted - n * np.nan_to_num(data.mean), total - n)
    difference = data.mean - rest
    error = np.sqrt(ratio(spread.sigma2, n) + spread.tau2 + ratio(spread.sigma2, total - n))
    p = 2 * special.ndtr(-np.abs(ratio(difference, error)))
    return Bands(difference, error, p, fit.reliability, spread.tau2, spread.phi)


def words(difference: Array, p_adjusted: Array, reliability: Array) -> tuple[Array, Array]:
    """Band of each unit, and why it has none.

    Below 0.70 reliability the unit has no band at all, not even "same": its mean cannot be told
    from chance.

    Examples
    --------
    >>> band, why = words(np.array([-5.0, 0.2, 9]), np.array([0.01, 0.9, 0.001]), np.array([0.9, 0.8, 0.4]))
    >>> band.tolist(), why.tolist()
    (['below', 'same', ''], ['', '', 'unreliable'])
    """
    with np.errstate(invalid="ignore"):
        far, near = p_adjusted < FAR, p_adjusted < LEVEL
        up = difference > 0
        weak = ~(reliability >= RELIABLE)
    band = np.where(far, np.where(up, FAR_ABOVE, FAR_BELOW), np.where(near, np.where(up, ABOVE, BELOW), SAME))
    unknown = ~np.isfinite(p_adjusted)
    reason = np.where(unknown, "no-variance", np.where(weak, "unreliable", ""))
    return np.where(reason == "", band, "").astype(object), reason.astype(object)


def adjust(p: Array) -> Array:
    """Control the error over all units of the city at once, whichever group each is judged in.

    By Benjamini and Hochberg: where all units are equal, any flag at all is a false discovery, and
    at most 5 % of such cities have one.
    """
    return benjamini_hochberg(p)


def detectable(data: Scores, power: float = 0.80, level: float = 0.05) -> Array:
    """Smallest true difference to the rest that a unit's number of respondents would show.

    (t_{1-level/(2U)} + t_power) times the standard error of the unit against the rest, without
    overdispersion, U tests of which the strictest counts.

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed. Erlbaum.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.scores import from_series
    >>> d = detectable(from_series(pd.Series([80.0, 90, 85, 95] * 25), ["a", "b"] * 50))
    >>> [round(float(x), 1) for x in d]
    [1.6, 1.6]
    """
    n = data.n
    free = n.sum() - (n > 0).sum()
    if free <= 0 or (n > 0).sum() < 2:
        return np.full(len(n), np.nan)
    sigma2 = data.squares.sum() / free
    error = np.sqrt(ratio(sigma2, n) + ratio(sigma2, n.sum() - n))
    tests = max(int((n > 0).sum()), 1)
    reach = special.stdtrit(free, 1 - level / (2 * tests)) + special.stdtrit(free, power)
    found = reach * error
    return np.where(found > 0, found, np.nan)
