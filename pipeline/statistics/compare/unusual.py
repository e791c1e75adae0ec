"""Axis three: is a unit's gap out of the ordinary in this city (R14)?

Units differ a little everywhere. The limits hold chance among respondents and the ordinary spread
between units; only a gap beyond both is unusual. Whether a unit differs at all is another question
(`difference`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.compare.funnel import funnel
from pipeline.statistics.compare.omnibus import usable
from pipeline.statistics.compare.random_intercept import RandomIntercept, random_intercept
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.scores import Scores

#: What may be said of a gap.
HIGH, LOW, USUAL = "high", "low", "usual"
#: Error allowed over all units of the city.
LEVEL = 0.05
#: A unit's mean must be at least this reliable to be judged.
RELIABLE = 0.70
#: Fewer peers tell nothing about the spread between units.
FEWEST = 5
#: Share of the units at each end whose distance is drawn in before the spread is measured.
WINSORISED = 0.10


@dataclass(frozen=True)
class Spread:
    """Ordinary spread between units: its variance, and the degrees of freedom it was estimated with."""

    tau2: float
    df: float


@dataclass(frozen=True)
class Unusual:
    """Gaps and their limits, each array (U,).

    Attributes
    ----------
    difference : ndarray
        Mean less the simple mean of the other units.
    error : ndarray
        Its standard error, the spread between units included.
    df : ndarray
        Degrees of freedom of the spread between units.
    reliability : ndarray
        tau2/(tau2 + sigma2/n).
    """

    difference: Array
    error: Array
    df: Array
    reliability: Array

    @property
    def p(self) -> Array:
        """Two-sided p that the gap is an ordinary one."""
        return 2 * special.stdtr(self.df, -np.abs(ratio(self.difference, self.error)))

    def reach(self, level: Array | float = LEVEL) -> Array:
        """Largest gap that is still ordinary at a level."""
        return special.stdtrit(self.df, 1 - np.asarray(level, dtype=float) / 2) * self.error


def against_others(data: Scores, spread: Spread | None = None, fit: RandomIntercept | None = None) -> Unusual:
    """Each unit's gap beside what is ordinary for its number of respondents.

    t_u = d_u/SE_u, SE_u^2 = sigma2/n_u + tau2 + mean of (sigma2/n_v + tau2) of the others over U - 1, sigma2
    pooled within units, tau2 the ordinary spread.

    Parameters
    ----------
    data : Scores
        Units of one group.
    spread : Spread, optional
        Of all groups of the city; by default of this one.
    fit : RandomIntercept, optional
        For the reliability.

    References
    ----------
    Spiegelhalter, D., Sherlaw-Johnson, C., Bardsley, M., et al. (2012). Statistical methods for healthcare
    regulation. Journal of the Royal Statistical Society A, 175, 1-47.

    Notes
    -----
    Checked by hand on four scores. False alarms where all units are equal, where they spread ordinarily, and
    power are simulated in ``benchmarks/equal_cities.py``.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> u = against_others(from_series(pd.Series([1.0, 3, 5, 7, 3, 5]), ["a", "a", "b", "b", "c", "c"]))
    >>> u.difference.tolist()
    [-3.0, 3.0, 0.0]
    """
    fit = random_intercept(data) if fit is None else fit
    spread = between_unit_variance([data]) if spread is None else spread
    here = data.n > 0
    units = float(here.sum())
    others = units - 1 if units > 1 else np.nan
    free = data.n.sum() - units
    sigma2 = ratio(data.squares.sum(), free)
    own = np.where(here, np.nan_to_num(ratio(sigma2, data.n)), 0.0)
    mean = np.where(here, np.nan_to_num(data.mean), 0.0)
    variance = own + spread.tau2 + (own.sum() - own) / others**2 + spread.tau2 / others
    judged = usable(data)
    difference = np.where(judged, mean - (mean.sum() - mean) / others, np.nan)
    df = np.where(judged & (spread.df > 0), spread.df, np.nan)
    return Unusual(difference, np.sqrt(np.where(judged, variance, np.nan)), df, fit.reliability)


def between_unit_variance(groups: Sequence[Scores], winsorised: float = WINSORISED) -> Spread:
    """Variance between the units of a group beyond chance, not widened by the few units far off.

    tau2 = max(0, (U phi/c - (U - G))/sum over groups of (sum w - sum w^2/sum w)), w = n/sigma2, U units in G
    groups, phi the mean of all z squared (each z within its group), winsorised at 10 % each side, and c
    what winsorising leaves of a normal's variance (0.679): without c the spread is a third too small, and
    40 % of cities of ordinary units are told that one is unusual. U - G - 1 degrees of freedom.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in
    Medicine, 24, 1185-1202.
    DerSimonian, R., Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical Trials, 7,
    177-188.

    Notes
    -----
    Checked by hand; the factor by integration of the normal density.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> s = between_unit_variance([from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"])])
    >>> round(s.tau2, 3), s.df
    (6.544, 0.0)
    """
    found = [funnel(data, winsorised) for data in groups]
    found = [f for f in found if (f.n > 0).sum() > 1 and f.sigma2 > 0]
    if not found:
        return Spread(float("nan"), float("nan"))
    z = np.concatenate([f.z[f.n > 0] for f in found])
    z = np.clip(z, *np.quantile(z, [winsorised, 1 - winsorised]))
    q = special.ndtri(1 - winsorised)
    density = np.exp(-(q**2) / 2) / np.sqrt(2 * np.pi)
    left = (1 - 2 * winsorised) - 2 * q * density + 2 * winsorised * q**2
    room, free = 0.0, float(len(z) - len(found))
    for f in found:
        w = f.n[f.n > 0] / f.sigma2
        room += float(w.sum() - (w**2).sum() / w.sum())
    return Spread(max(0.0, (float((z**2).sum()) / float(left) - free) / room), free - 1)


def words(difference: Array, p_adjusted: Array, reliability: Array) -> tuple[Array, Array]:
    """Word for each unit, and why it has none.

    Below 0.70 reliability there is none, not even "usual": the unit's mean cannot be told from chance.

    Examples
    --------
    >>> word, why = words(np.array([-5.0, 0.2, 9]), np.array([0.01, 0.9, 0.001]), np.array([0.9, 0.8, 0.4]))
    >>> word.tolist(), why.tolist()
    (['low', 'usual', ''], ['', '', 'unreliable'])
    """
    with np.errstate(invalid="ignore"):
        beyond = p_adjusted < LEVEL
        weak = ~(reliability >= RELIABLE)
    word = np.where(beyond, np.where(difference > 0, HIGH, LOW), USUAL)
    unknown = ~np.isfinite(p_adjusted)
    reason = np.where(unknown, "no-variance", np.where(weak, "unreliable", ""))
    return np.where(reason == "", word, "").astype(object), reason.astype(object)
