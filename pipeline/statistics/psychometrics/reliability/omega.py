"""Reliability from a one-factor model: omega, and its form for ordinal answers.

Alpha assumes that every item measures equally well; omega does not. The headline divides by the
variance the model implies: divided by the observed variance it can pass 1 where the model fits
badly. Green and Yang's form describes the sum of the answers 1 to 4 as given; composite
reliability and ordinal alpha describe unobserved normal answers and are higher.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.data.grouped import Array
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.factor.cfa_ml import OneFactor
from pipeline.statistics.psychometrics.factor.cfa_wlsmv import OrdinalFactor


def omega(model: OneFactor) -> float:
    """McDonald's omega, (sum l)^2 / ((sum l)^2 + sum e): share of the implied variance of the sum.

    References
    ----------
    McDonald, R. P. (1999). Test theory: A unified treatment. Erlbaum.

    Notes
    -----
    Checked against semTools 0.5-6 on eight reference sets, within 1e-5 relative.

    Examples
    --------
    >>> from pipeline.statistics.psychometrics.factor import cfa_ml
    >>> from pipeline.statistics.data.response_patterns import Patterns
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 4))
    >>> round(omega(cfa_ml.fit(Patterns(x, np.ones(2000)))), 1)
    0.8
    """
    common = float(model.loadings.sum()) ** 2
    return common / (common + float(model.errors.sum()))


def omega_observed(model: OneFactor) -> float:
    """Omega with the observed variance of the sum below: can pass 1 where the model fits badly."""
    return float(model.loadings.sum()) ** 2 / float(model.observed.sum())


def omega_error(model: OneFactor, robust: bool = False) -> float:
    """Standard error of `omega` by the delta method.

    Parameters
    ----------
    model : OneFactor
    robust : bool
        From the sandwich covariance of the estimates (MLR) instead of normal theory.

    References
    ----------
    Raykov, T. (2002). Analytic estimation of standard error and confidence interval for scale
    reliability. Multivariate Behavioral Research, 37, 89-103.
    Kelley, K., Pornprasertmanit, S. (2016). Confidence intervals for population reliability
    coefficients. Psychological Methods, 21, 69-92.
    """
    k = len(model.loadings)
    total, error = float(model.loadings.sum()), float(model.errors.sum())
    below = (total**2 + error) ** 2
    slope = np.concatenate([np.full(k, 2 * total * error / below), np.full(k, -(total**2) / below)])
    cov = model.cov_robust if robust else model.cov
    return float(np.sqrt(max(slope @ cov @ slope, 0.0)))


def small_sample(error: float, n: float, items: float) -> float:
    """The error of omega with as many degrees of freedom fewer as there are items: sqrt(n/(n - k)).

    With the t of `alpha_jackknife` it covers 93-98 % from 50 answers on under ceilings of 50 to 90 %,
    where the plain robust interval covers 85-96 % (``benchmarks/alpha_interval.json``).

    Examples
    --------
    >>> round(small_sample(0.02, 50, 9), 4)
    0.0221
    """
    return float(error * np.sqrt(n / (n - items))) if n > items else float("nan")


def omega_categorical(model: OrdinalFactor, observed: bool = False) -> float:
    """Green and Yang's reliability of the sum of ordinal answers.

    Sum over pairs of items of sum_cd Phi2(t_c, t_d, l_a l_b) - sum_c Phi(t_c) sum_d Phi(t_d), over the same
    with the correlations of the model (or, `observed`, the polychoric ones) and the items' own
    variances.

    References
    ----------
    Green, S. B., Yang, Y. (2009). Reliability of summed item scores using structural equation
    modeling: an alternative to coefficient alpha. Psychometrika, 74, 155-167.

    Notes
    -----
    Checked against semTools 0.5-6 (`compRelSEM`) on eight reference sets, within 1e-6.
    """
    cuts, loadings = model.data.thresholds, model.loadings
    k = len(cuts)
    widest = max(len(cut) for cut in cuts)
    # A cut at minus infinity adds nothing to either sum.
    t = np.full((k, widest), -np.inf)
    for j, cut in enumerate(cuts):
        t[j, : len(cut)] = cut
    below = special.ndtr(t)
    product = np.outer(below.sum(axis=1), below.sum(axis=1))
    true = _covariances(t, np.outer(loadings, loadings)) - product
    correlation = model.data.r if observed else model.implied
    total = _covariances(t, correlation) - product
    own = np.minimum(below[:, :, None], below[:, None, :]).sum(axis=(1, 2)) - np.diag(product)
    total[np.arange(k), np.arange(k)] = own
    return float(true.sum() / total.sum())


def _covariances(t: Array, rho: Array) -> Array:
    """Sum over both items' thresholds of Phi2, for every pair of items."""
    held = np.clip(rho, -0.999999, 0.999999)
    near = np.where(np.isfinite(t), t, -polychoric.FAR)
    value = polychoric.bivariate_normal(
        near[:, None, :, None], near[None, :, None, :], held[:, :, None, None]
    )
    return np.asarray(value.sum(axis=(2, 3)))
