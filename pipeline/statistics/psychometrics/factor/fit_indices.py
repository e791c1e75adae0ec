"""How far a model is from the data: CFI, TLI, RMSEA with its interval, SRMR.

The conventions are lavaan's: RMSEA divides by n for maximum likelihood and by n - 1 for DWLS;
scaled indices put the scaled statistics into the same formulas; robust ones correct the
noncentrality by the scaling factor (Savalei).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from pipeline.statistics.data.grouped import Array


@dataclass(frozen=True)
class Fit:
    """Fit of one model by one rule; NaN where undefined.

    ``lower`` and ``upper`` are the 90 % limits of the RMSEA, which match the test of close fit.
    """

    chisq: float
    df: float
    p: float
    cfi: float
    tli: float
    rmsea: float
    lower: float
    upper: float


def cfi(chisq: float, df: float, chisq0: float, df0: float) -> float:
    """Comparative fit index: 1 - max(X2 - df, 0) / max(X2 - df, X2_0 - df_0, 0).

    Bentler, P. M. (1990). Comparative fit indexes in structural models. Psychological Bulletin, 107,
    238-246.

    Examples
    --------
    >>> round(cfi(37.25307, 27, 311.05147, 36), 6)
    0.962723
    """
    own = max(chisq - df, 0.0)
    worst = max(chisq - df, chisq0 - df0, 0.0)
    if not np.isfinite(worst):
        return float("nan")
    return 1.0 if worst == 0 else 1 - own / worst


def tli(chisq: float, df: float, chisq0: float, df0: float) -> float:
    """Tucker-Lewis index: (X2_0/df_0 - X2/df) / (X2_0/df_0 - 1), in lavaan's form without divisions.

    Tucker, L. R., Lewis, C. (1973). A reliability coefficient for maximum likelihood factor
    analysis. Psychometrika, 38, 1-10.

    Examples
    --------
    >>> round(tli(37.25307, 27, 311.05147, 36), 6)
    0.950297
    """
    bottom = chisq0 - df0
    if df <= 0 or not np.isfinite(bottom) or bottom == 0:
        return float("nan")
    return 1 - (chisq - df) / df * df0 / bottom


def rmsea(chisq: float, df: float, n: float, level: float = 0.90) -> tuple[float, float, float]:
    """Root mean square error of approximation sqrt(max(X2 - df, 0) / (n df)) and its interval.

    The limits are the noncentralities at which X2 is the upper and the lower quantile of the
    noncentral chi-squared law, put into the same formula.

    Steiger, J. H. (1990). Structural model evaluation and modification. Multivariate Behavioral
    Research, 25, 173-180.

    Examples
    --------
    >>> [round(x, 5) for x in rmsea(37.2530754657366, 27, 201)]
    [0.04347, 0.0, 0.07486]
    """
    if not (df > 0 and np.isfinite(chisq)):
        return (float("nan"),) * 3
    tail = (1 - level) / 2
    point, *limits = (
        float(np.sqrt(max(x, 0.0) / (n * df)))
        for x in (chisq - df, noncentrality(chisq, df, 1 - tail), noncentrality(chisq, df, tail))
    )
    return point, limits[0], limits[1]


def noncentrality(chisq: float, df: float, probability: float) -> float:
    """Noncentrality at which a chi-squared stays below `chisq` with this probability; 0 if none.

    Examples
    --------
    >>> round(noncentrality(3.841459, 1, 0.95), 4)
    0.0
    """
    if special.chdtr(df, max(chisq, 0.0)) < probability:
        return 0.0

    def away(ncp: float) -> float:
        return float(_noncentral(chisq, df, ncp) - probability)

    high = max(chisq, df, 1.0)
    while away(high) > 0:
        high *= 2
    return float(optimize.brentq(away, 0.0, high, xtol=1e-12, rtol=1e-14))


def _noncentral(chisq: float, df: float, ncp: float) -> float:
    """Noncentral chi-squared law as a Poisson mixture (``scipy.special.chndtr`` is short of digits)."""
    half = ncp / 2
    reach = 12 * np.sqrt(half) + 40
    j = np.arange(max(0, int(half - reach)), int(half + reach) + 1)
    weight = np.exp(special.xlogy(j, half) - half - special.gammaln(j + 1))
    return float(weight @ special.gammainc(df / 2 + j, chisq / 2))


def indices(chisq: float, df: float, chisq0: float, df0: float, n: float, df_rmsea: float = 0.0) -> Fit:
    """All indices of one statistic and its baseline.

    Parameters
    ----------
    chisq, df, chisq0, df0 : float
        The model's statistic and the baseline's.
    n : float
        Divisor of the RMSEA.
    df_rmsea : float
        Another df for the p value and the RMSEA of a mean-scaled statistic.
    """
    point, low, high = rmsea(chisq, df_rmsea or df, n)
    p = float(special.chdtrc(df, max(chisq, 0.0))) if df > 0 and np.isfinite(chisq) else float("nan")
    if df <= 0:
        return Fit(chisq, df, p, *(float("nan"),) * 5)
    return Fit(chisq, df, p, cfi(chisq, df, chisq0, df0), tli(chisq, df, chisq0, df0), point, low, high)


def robust(chisq: float, df: float, c: float, chisq0: float, df0: float, c0: float, n: float) -> Fit:
    """Robust indices: unscaled statistics whose expectation is c df, not df.

    CFI = 1 - max(X2 - c df, 0) / max(X2 - c df, X2_0 - c_0 df_0, 0); the TLI likewise; RMSEA =
    sqrt(max(X2 - c df, 0) / (n df)), its limits those of X2 / c times sqrt(c).

    References
    ----------
    Savalei, V. (2018). On the computation of the RMSEA and CFI from the mean-and-variance corrected
    test statistic with nonnormal data in SEM. Multivariate Behavioral Research, 53, 419-429.
    """
    nan = float("nan")
    if not (df > 0 and np.isfinite(c) and np.isfinite(chisq)):
        return Fit(nan, df, nan, nan, nan, nan, nan, nan)
    point, low, high = (float(np.sqrt(max(c, 0.0))) * x for x in rmsea(chisq / c, df, n))
    model, base = chisq - c * df, chisq0 - c0 * df0
    worst = max(model, base, 0.0)
    return Fit(
        chisq=chisq / c,
        df=df,
        p=float(special.chdtrc(df, max(chisq / c, 0.0))),
        cfi=1.0 if worst == 0 else 1 - max(model, 0.0) / worst,
        tli=1 - model / df * df0 / base if base else nan,
        rmsea=point,
        lower=low,
        upper=high,
    )


def srmr(observed: Array, implied: Array) -> float:
    """Root mean square of the residual correlations, over the k(k+1)/2 entries with the diagonal.

    Bentler, P. M. (1995). EQS structural equations program manual. Multivariate Software.

    Examples
    --------
    >>> round(srmr(np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([[1.0, 0.2], [0.2, 1.0]])), 6)
    0.173205
    """
    deviation = np.sqrt(np.diag(observed))
    residual = (observed - implied) / np.outer(deviation, deviation)
    return float(np.sqrt(np.mean(residual[np.tril_indices(len(observed))] ** 2)))
