"""Random-intercept model by restricted maximum likelihood, as a one-dimensional search.

y_ui = x_ui' b + a_u + e_ui, a_u ~ N(0, tau2), e_ui ~ N(0, sigma2). With t = tau2/sigma2 everything
else has a closed form, so the likelihood is a curve in t alone. It is searched on a grid, polished
at the root of its exact derivative, and compared with t = 0: a city whose units do not differ gives
tau2 = 0 and no warning, where general optimisers return their starting value.

Ours, because ``MixedLM`` of statsmodels works on the rows with a general optimiser: 48 units with 200 answers
take it 0.6 s, and this 0.003 s; of one such city it stopped at tau2 = 12.2 and said that it had not converged,
where the likelihood at 8.4 is 1.3 higher. The tests hold it against ``MixedLM`` and R's lme4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.scores import Scores

#: Values of t = tau2/sigma2 that are tried before the best is polished.
GRID = np.concatenate([[0.0], np.geomspace(1e-8, 1e8, 129)])


@dataclass(frozen=True)
class RandomIntercept:
    """A fitted random-intercept model.

    Attributes
    ----------
    coefficients, errors : ndarray (p,)
        Fixed effects and their standard errors; the first is the intercept.
    tau2, sigma2 : float
        Variance between and within units; NaN when the model cannot be estimated.
    log_likelihood : float
        Restricted log-likelihood.
    n : ndarray (U,)
        Respondents by unit.
    effect : ndarray (U,)
        Predicted deviation of each unit (BLUP); 0 for a unit without respondents.
    error : ndarray (U,)
        Conditional standard error of the deviation, sqrt(tau2 (1 - reliability)).
    reliability : ndarray (U,)
        tau2 / (tau2 + sigma2/n_u).
    """

    coefficients: Array
    errors: Array
    tau2: float
    sigma2: float
    log_likelihood: float
    n: Array
    effect: Array
    error: Array
    reliability: Array

    @property
    def mean(self) -> float:
        """The intercept: the mean of the distribution units come from."""
        return float(self.coefficients[0])

    @property
    def shrunken(self) -> Array:
        """Mean of each unit, drawn to the intercept by as much as it is uncertain."""
        return self.mean + self.effect

    @property
    def icc(self) -> float:
        """Share of the variance that lies between units; NaN when the model cannot be estimated."""
        return self.tau2 / (self.tau2 + self.sigma2) if self.known else float("nan")

    @property
    def known(self) -> bool:
        """Whether the model could be estimated."""
        return bool(np.isfinite(self.tau2))


def random_intercept(data: Scores) -> RandomIntercept:
    """Fit mean, between-unit and within-unit variance of scores.

    Parameters
    ----------
    data : Scores
        Counts of scores by unit.

    Returns
    -------
    RandomIntercept
        NaN throughout when fewer than two units have respondents or nothing varies within units.

    References
    ----------
    Laird, N. M., Ware, J. H. (1982). Random-effects models for longitudinal data. Biometrics, 38,
    963-974.

    Notes
    -----
    Checked against R's lme4 (``lmer``, REML) on the reference sets: variances and deviations within
    1e-5, log-likelihood within 1e-8.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> fit = random_intercept(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    >>> round(fit.mean, 6), round(fit.tau2, 6), round(fit.sigma2, 6)
    (4.0, 7.0, 2.0)
    """
    n = data.n
    total = n.sum()
    # Sums around the grand mean lose no digits to subtraction.
    centre = float(n @ np.nan_to_num(data.mean) / total) if total else 0.0
    away = n * (np.nan_to_num(data.mean) - centre)
    square = float(data.squares.sum() + (away**2 / np.where(n > 0, n, 1)).sum())
    cross = np.array([[total, away.sum()], [away.sum(), square]])
    fit = from_sums(cross, np.column_stack([n, away]), n)
    coefficients = fit.coefficients.copy()
    coefficients[0] += centre
    return RandomIntercept(**{**fit.__dict__, "coefficients": coefficients})


def from_sums(cross: Array, sums: Array, n: Array) -> RandomIntercept:
    """Fit from cross-products: what the model needs of any number of respondents.

    Parameters
    ----------
    cross : ndarray (p + 1, p + 1)
        [X y]'[X y] over all respondents; the first column of X is 1. Centre y and the columns
        of X first, or digits are lost.
    sums : ndarray (U, p + 1)
        Column sums of [X y] by unit.
    n : ndarray (U,)
        Respondents by unit.

    Notes
    -----
    With M(t) = cross - sum_u t/(1 + n_u t) s_u s_u', the coefficients solve M_xx b = M_xy, the
    residual sum is M_yy - b'M_xy, sigma2 that sum over n - p, and the profile is
    -2 l = sum log(1 + n_u t) + log det M_xx + (n - p)(1 + log 2 pi sigma2).

    Examples
    --------
    >>> sums = np.array([[2.0, -4.0], [2.0, 4.0]])
    >>> fit = from_sums(np.array([[4.0, 0.0], [0.0, 20.0]]), sums, np.array([2.0, 2.0]))
    >>> round(fit.tau2, 6), round(fit.sigma2, 6)
    (7.0, 2.0)
    """
    here = n > 0
    p = cross.shape[0] - 1
    free = float(n.sum()) - p
    inside = cross[-1, -1] - (sums[here, -1] ** 2 / n[here]).sum()
    if here.sum() < 2 or free <= here.sum() - 1 or not inside > 1e-12 * abs(cross[-1, -1]):
        return _unknown(p, n)
    if _dependent(cross[:-1, :-1]):
        return _unknown(p, n)
    profile = _Profile(cross, sums[here], n[here], free)
    t = profile.best()
    if not np.isfinite(t):
        return _unknown(p, n)
    return _finish(profile, t, sums, n)


def _dependent(xx: Array) -> bool:
    """Whether a column of X follows from the others."""
    size = np.sqrt(np.diag(xx))
    if not (size > 0).all():
        return True
    return bool(np.linalg.eigvalsh(xx / np.outer(size, size))[0] < 1e-10)


@dataclass(frozen=True)
class _Profile:
    cross: Array
    sums: Array
    n: Array
    free: float

    def moments(self, t: float) -> Array:
        weight = t / (1 + self.n * t)
        made: Array = self.cross - (self.sums * weight[:, None]).T @ self.sums
        return made

    def solve(self, t: float) -> tuple[Array, Array, float]:
        made = self.moments(t)
        xx, xy = made[:-1, :-1], made[:-1, -1]
        b = np.linalg.solve(xx, xy)
        return b, xx, float(made[-1, -1] - b @ xy)

    def deviance(self, t: float) -> float:
        _, xx, rest = self.solve(t)
        sign, logdet = np.linalg.slogdet(xx)
        if sign <= 0 or rest <= 0:
            return float("inf")
        spread = 1 + np.log(2 * np.pi * rest / self.free)
        return float(np.log1p(self.n * t).sum() + logdet + self.free * spread)

    def slope(self, t: float) -> float:
        """Derivative of the deviance in t."""
        b, xx, rest = self.solve(t)
        change = -(self.sums / ((1 + self.n * t) ** 2)[:, None]).T @ self.sums
        direction = np.append(-b, 1.0)
        inner = float(np.trace(np.linalg.solve(xx, change[:-1, :-1])))
        return float(
            (self.n / (1 + self.n * t)).sum() + inner + self.free * (direction @ change @ direction) / rest
        )

    def best(self) -> float:
        """Return t of the smallest deviance."""
        try:
            found = np.array([self.deviance(t) for t in GRID])
        except np.linalg.LinAlgError:
            return float("nan")
        if not np.isfinite(found).any():
            return float("nan")
        place = int(np.nanargmin(found))
        low, high = GRID[max(place - 1, 0)], GRID[min(place + 1, len(GRID) - 1)]
        if self.slope(low) >= 0 or self.slope(high) <= 0:
            return float(GRID[place])
        t = float(optimize.brentq(self.slope, low, high, xtol=1e-16, rtol=1e-14))
        return t if self.deviance(t) <= found[0] else 0.0


def _finish(profile: _Profile, t: float, sums: Array, n: Array) -> RandomIntercept:
    b, xx, rest = profile.solve(t)
    sigma2 = rest / profile.free
    tau2 = t * sigma2
    residual = sums @ np.append(-b, 1.0)
    reliability = n * t / (1 + n * t)
    return RandomIntercept(
        coefficients=b,
        errors=np.sqrt(sigma2 * np.diag(np.linalg.inv(xx))),
        tau2=tau2,
        sigma2=sigma2,
        log_likelihood=-profile.deviance(t) / 2,
        n=n,
        effect=ratio(t, 1 + n * t) * residual,
        error=np.sqrt(tau2 * (1 - reliability)),
        reliability=reliability,
    )


def _unknown(p: int, n: Array) -> RandomIntercept:
    blank, nan = np.full(len(n), np.nan), float("nan")
    none = np.full(p, np.nan)
    return RandomIntercept(none, none, nan, nan, nan, n, blank, blank, blank)
