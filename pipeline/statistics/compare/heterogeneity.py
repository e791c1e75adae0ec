"""Do several estimates of one thing differ by more than chance? (a gap in each of many units)"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special
from statsmodels.stats.meta_analysis import combine_effects

Array = np.ndarray


@dataclass(frozen=True)
class Heterogeneity:
    """Cochran's Q of estimates with known errors.

    Attributes
    ----------
    q, df, p : float
        Test that all estimates are of one value.
    tau2 : float
        Variance between them beyond chance (DerSimonian and Laird), 0 where there is none.
    estimates : int
        How many went in.
    """

    q: float
    df: float
    p: float
    tau2: float
    estimates: int


def heterogeneity(estimate: Array, error: Array) -> Heterogeneity:
    """Cochran's Q = sum w (d - mean)^2 with w = 1/SE^2, chi-squared with k - 1 degrees of freedom.

    References
    ----------
    Cochran, W. G. (1954). The combination of estimates from different experiments. Biometrics, 10,
    101-129. DerSimonian, R., Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical
    Trials, 7, 177-188.

    Notes
    -----
    By ``combine_effects`` of statsmodels; checked by hand on three estimates, and by the chi-squared
    distribution of Q under equality.

    Examples
    --------
    >>> h = heterogeneity(np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    >>> h.q, h.df, round(h.p, 4), h.tau2
    (2.0, 1.0, 0.1573, 1.0)
    """
    known = np.isfinite(estimate) & np.isfinite(error) & (error > 0)
    k = int(known.sum())
    if k < 2:
        nan = float("nan")
        return Heterogeneity(nan, nan, nan, nan, k)
    # Of estimates that are alike it also divides by a Q of nothing, and takes roots of a negative tau2.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = combine_effects(estimate[known], error[known] ** 2, method_re="dl")
    q, df = float(found.q), float(found.df)
    return Heterogeneity(q, df, float(special.chdtrc(df, q)), max(0.0, float(found.tau2)), k)
