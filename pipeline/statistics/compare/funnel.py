"""The funnel: what range a unit's mean is expected in, given its number of respondents.

One function computes limits for figure, table and sentence. Plain limits take chance among
respondents as the only reason for differences and flag nearly everybody in a city of 48 units;
additive limits also allow for the ordinary spread between units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.scores import Scores

#: Two-sided levels of the limits and the ending of their names.
LEVELS = {"95": 0.95, "998": 0.998}


@dataclass(frozen=True)
class Funnel:
    """Centre, spread and overdispersion of a set of units.

    Attributes
    ----------
    target : float
        Mean of all respondents.
    sigma2 : float
        Variance within units, pooled.
    z : ndarray (U,)
        (mean - target) / sqrt(sigma2/n).
    phi, phi_raw : float
        Mean of z squared, z winsorised at 10 % each side, and as it is.
    tau2 : float
        Variance between units (DerSimonian and Laird) from the winsorised z; 0 when phi is no
        larger than chance gives.
    n : ndarray (U,)
        Respondents.
    """

    target: float
    sigma2: float
    z: Array
    phi: float
    phi_raw: float
    tau2: float
    n: Array

    def error(self, method: str = "additive") -> Array:
        """Standard error of a unit's mean: ``plain``, ``phi`` (multiplied) or ``additive``."""
        own = ratio(self.sigma2, self.n)
        if method == "plain":
            return np.sqrt(own)
        # Less spread than chance would narrow the limits: it never does.
        return np.sqrt(own * max(self.phi, 1.0)) if method == "phi" else np.sqrt(own + self.tau2)

    def limits(self, level: float = 0.95, method: str = "additive") -> tuple[Array, Array]:
        """Limits at each unit's number of respondents."""
        reach = special.ndtri((1 + level) / 2) * self.error(method)
        return self.target - reach, self.target + reach

    def score(self, mean: Array, method: str = "additive") -> Array:
        """Distance of each mean from the target in standard errors."""
        return ratio(mean - self.target, self.error(method))


def funnel(data: Scores, winsorise: float = 0.10) -> Funnel:
    """Measure how far units spread beyond chance.

    tau2 = max(0, (U phi - (U - 1)) / (sum w - sum w^2 / sum w)), w = n_u / sigma2, phi the mean of
    squared z winsorised at the 10 % and 90 % quantiles (type 7), so that a few units far off do not
    widen the limits that should catch them.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in
    Medicine, 24, 1185-1202.
    Spiegelhalter, D., Sherlaw-Johnson, C., Bardsley, M., et al. (2012). Statistical methods for
    healthcare regulation. Journal of the Royal Statistical Society A, 175, 1-47.

    Notes
    -----
    z, phi and the plain limits checked against R on the reference sets, within 1e-10.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> f = funnel(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    >>> f.target, f.sigma2, f.z.tolist(), f.phi_raw
    (4.0, 2.0, [-2.0, 2.0], 4.0)
    """
    n = data.n
    here = n > 0
    total, units = float(n.sum()), int(here.sum())
    mean = data.mean
    target = float(n[here] @ mean[here] / total) if total else float("nan")
    free = total - units
    sigma2 = float(data.squares.sum() / free) if free > 0 else float("nan")
    z = ratio(mean - target, np.sqrt(ratio(sigma2, n))) if sigma2 > 0 else np.full(len(n), np.nan)
    if units < 2 or not sigma2 > 0:
        nan = float("nan")
        return Funnel(target, sigma2, z, nan, nan, nan, n)
    low, high = np.quantile(z[here], [winsorise, 1 - winsorise])
    phi = float((np.clip(z[here], low, high) ** 2).mean())
    w = n[here] / sigma2
    room = float(w.sum() - (w**2).sum() / w.sum())
    tau2 = max(0.0, (units * phi - (units - 1)) / room)
    return Funnel(target, sigma2, z, phi, float((z[here] ** 2).mean()), tau2, n)
