"""Do groups use the items alike: factor models of two to five groups, constrained step by step.

The ordinal model (WLSMV) is the one for answers from 1 to 4; the normal one (ML) is given beside it,
as most published tables have it. A level holds where constraining it hardly worsens the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.response_patterns import Patterns
from pipeline.statistics.psychometrics.factor import cfa_ml, fit_indices
from pipeline.statistics.psychometrics.factor.cfa_wlsmv import Ordinal, scaled_shifted
from pipeline.statistics.psychometrics.factor.fit_indices import Fit
from pipeline.statistics.psychometrics.invariance import implied_moments


@dataclass(frozen=True)
class GroupModel:
    """One level of invariance, fitted.

    Attributes
    ----------
    level : str
    fit, fit_scaled : Fit
        Plain, and scaled and shifted (the same object for ML).
    srmr : float
    change, change_df, change_p : float
        Test of what this level adds to the one before; NaN at the first. Scaled as Satorra (2000)
        does for WLSMV, the plain difference for ML.
    theta : ndarray
        Parameters, laid out as `group_moments` says.
    converged : bool
    """

    level: str
    fit: Fit
    fit_scaled: Fit
    srmr: float
    change: float
    change_df: float
    change_p: float
    theta: Array
    converged: bool


@dataclass(frozen=True)
class _Step:
    """What the next level is tested against."""

    chisq: float
    df: float
    delta: Array


def fit_ordinal(groups: Sequence[Ordinal], factor: Array | None = None) -> list[GroupModel]:
    """Fit all four levels to the ordinal answers of several groups.

    Parameters
    ----------
    groups : sequence of Ordinal
        From `cfa_wlsmv.prepare`, every item with the same categories in every group and at least
        three of them.
    factor : ndarray (k,) of int, optional
        Factor of each item; by default all belong to one.

    Raises
    ------
    ValueError
        If there are fewer than two groups, or thresholds differ in number.

    Notes
    -----
    Minimises sum_g (n_g - 1) (s_g - s_g(t))' diag(G_g)^-1 (s_g - s_g(t)) over thresholds and
    correlations, which is also the statistic. RMSEA is sqrt(groups) times the usual with n - groups.
    Checked against lavaan 0.6-14 with semTools' Wu-Estabrook constraints, within 1e-6.

    References
    ----------
    Wu, H., Estabrook, R. (2016). Identification of confirmatory factor analysis models of different
    levels of invariance for ordered categorical outcomes. Psychometrika, 81, 1014-1045.
    Satorra, A. (2000). Scaled and adjusted restricted tests in multi-sample analysis of moment
    structures. In Innovations in multivariate statistical analysis, 233-247. Kluwer.
    """
    cuts = np.array([[len(cut) for cut in g.thresholds] for g in groups])
    if len(groups) < 2 or (cuts != cuts[0]).any():
        raise ValueError("invariance needs two groups with the same categories of every item")
    k, count = len(groups[0].r), len(groups)
    factor = np.zeros(k, dtype=int) if factor is None else factor
    n = np.array([g.n for g in groups])
    a, b = np.triu_indices(k, 1)
    observed = np.stack([np.concatenate([*g.thresholds, g.r[a, b]]) for g in groups])
    size = observed.shape[1]
    # Blocks of the groups: weights times their share of the rows, covariances over it.
    share = n / n.sum()
    weight = np.stack([1 / np.diag(g.joint) for g in groups])
    gamma = np.zeros((count * size, count * size))
    for i, g in enumerate(groups):
        here = slice(i * size, (i + 1) * size)
        gamma[here, here] = g.joint / share[i]
    flat = (weight * share[:, None]).ravel()
    tail = np.arange(size) >= size - len(a)
    own = (n - 1)[:, None] * weight
    base, base_df = float((own * observed**2)[:, tail].sum()), float(count * len(a))
    rest = np.tile(tail, count)
    base_scaled = scaled_shifted(base, base_df, flat[rest, None] * gamma[np.ix_(rest, rest)])
    out: list[GroupModel] = []
    before: _Step | None = None
    divisor = (n.sum() - count) / count
    for level in implied_moments.ORDINAL_LEVELS:
        model = implied_moments.Ordinal(level, count, factor, cuts[0])
        theta, converged = _least_squares(model.moments, observed, own, model.start(observed, n))
        delta = implied_moments.jacobian(model.moments, theta)
        residual = observed - model.moments(theta)
        chisq, df = float((own * residual**2).sum()), float(observed.size - delta.shape[1])
        weighted = flat[:, None] * delta
        bread = np.linalg.pinv(delta.T @ weighted)
        u = np.diag(flat) - weighted @ bread @ weighted.T
        scaled = scaled_shifted(chisq, df, u @ gamma)
        step = _Step(chisq, df, delta)
        change = (np.nan,) * 3 if before is None else _satorra(before, step, flat, gamma)
        srmr = [fit_indices.srmr(g.r, g.r - implied_moments.square(x[tail], k) + np.eye(k))
                for g, x in zip(groups, residual)]  # fmt: skip
        out.append(
            GroupModel(
                level,
                fit_indices.indices(chisq, df, base, base_df, divisor),
                fit_indices.indices(scaled, df, base_scaled, base_df, divisor),
                float(share @ srmr), *change, theta=theta, converged=converged,
            )
        )  # fmt: skip
        before = step
    return out


def fit_normal(groups: Sequence[Patterns], factor: Array | None = None) -> list[GroupModel]:
    """Fit all four levels by maximum likelihood, the answers taken as numbers.

    Parameters
    ----------
    groups : sequence of Patterns
        Complete rows of each group.
    factor : ndarray (k,) of int, optional
        Factor of each item; by default all belong to one.

    Raises
    ------
    ValueError
        If there are fewer than two groups, or an item does not vary in one.

    Notes
    -----
    Fisher scoring on log|S(t)| + tr(S S(t)^-1) - log|S| - k + (m - m(t))' S(t)^-1 (m - m(t)), weighted by n_g.
    Checked against lavaan's tutorial example (Holzinger and Swineford by school), within 1e-5 relative.

    References
    ----------
    Joreskog, K. G. (1971). Simultaneous factor analysis in several populations. Psychometrika, 36,
    409-426.
    """
    if len(groups) < 2:
        raise ValueError("invariance needs two groups")
    k, count = groups[0].values.shape[1], len(groups)
    factor = np.zeros(k, dtype=int) if factor is None else factor
    n = np.array([g.n for g in groups])
    mean, cov = np.stack([g.mean for g in groups]), np.stack([g.cov for g in groups])
    deviation = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    if not (deviation > 0).all():
        raise ValueError("an item does not vary in a group")
    r = cov / (deviation[:, :, None] * deviation[:, None, :])
    if np.linalg.eigvalsh(r)[:, 0].min() < 1e-10:
        raise ValueError("the items determine one another in a group")
    base, base_df = -float(n @ np.linalg.slogdet(r)[1]), float(count * k * (k - 1) / 2)
    out: list[GroupModel] = []
    before: Fit | None = None
    for level in implied_moments.NORMAL_LEVELS:
        model = implied_moments.Normal(level, count, factor)
        theta, converged = _scoring(model, mean, cov, n)
        chisq = float(n @ _discrepancy(model.moments(theta), mean, cov))
        df = float(count * k * (k + 3) / 2 - len(theta))
        fit = fit_indices.indices(chisq, df, base, base_df, n.sum() / count)
        change = (np.nan,) * 3
        if before is not None:
            gap, more = fit.chisq - before.chisq, fit.df - before.df
            change = (gap, more, float(special.chdtrc(more, max(gap, 0.0))) if more > 0 else np.nan)
        implied_mean, implied = _unpacked(model.moments(theta), k)
        lower = np.tril_indices(k)
        gaps = ((cov - implied) / (deviation[:, :, None] * deviation[:, None, :]))[:, lower[0], lower[1]]
        squares = (gaps**2).sum(axis=1) + (((mean - implied_mean) / deviation) ** 2).sum(axis=1)
        srmr = float(n @ np.sqrt(squares / (k * (k + 3) / 2)) / n.sum())
        out.append(GroupModel(level, fit, fit, srmr, *change, theta=theta, converged=converged))
        before = fit
    return out


def _satorra(before: _Step, now: _Step, weight: Array, gamma: Array) -> tuple[float, float, float]:
    """Scaled and shifted difference of two nested models, their nesting taken from their derivatives."""
    df = now.df - before.df
    if df <= 0:
        # With three categories equal thresholds only identify; there is nothing to test.
        return np.nan, df, np.nan
    wide = before.delta
    weighted = weight[:, None] * wide
    inner = wide.T @ weighted
    # How the parameters of the larger model move along those of the smaller one.
    along = np.linalg.lstsq(wide, now.delta, rcond=None)[0]
    middle = np.linalg.pinv(inner) - along @ np.linalg.pinv(along.T @ inner @ along) @ along.T
    value = scaled_shifted(now.chisq - before.chisq, df, weighted @ middle @ weighted.T @ gamma)
    return value, df, float(special.chdtrc(df, max(value, 0.0)))


def _least_squares(
    moments: implied_moments.Moments, observed: Array, weight: Array, theta: Array
) -> tuple[Array, bool]:
    """Gauss-Newton steps, damped (Levenberg-Marquardt) where they do not help."""
    root = np.sqrt(weight).ravel()
    target = observed.ravel()

    def residual(at: Array) -> Array:
        return np.asarray(root * (target - moments(at).ravel()))

    now, damping = residual(theta), 0.0
    for _ in range(1000):
        slope = root[:, None] * implied_moments.jacobian(moments, theta)
        inner, gradient = slope.T @ slope, slope.T @ now
        scale = np.diag(inner).copy()
        scale[scale <= 0] = 1.0
        while True:
            step = np.linalg.lstsq(inner + damping * np.diag(scale), gradient, rcond=None)[0]
            then = residual(theta + step)
            if then @ then <= now @ now * (1 + 1e-14):
                break
            damping = max(10 * damping, 1e-6)
            if damping > 1e8:
                return theta, bool(np.abs(gradient / np.sqrt(scale)).max() < 1e-4)
        theta, now, damping = theta + step, then, damping / 10 if damping > 1e-9 else 0.0
        if np.abs(step).max() < 1e-9:
            return theta, True
    return theta, False


def _unpacked(moments: Array, k: int) -> tuple[Array, Array]:
    a, b = np.tril_indices(k)
    cov = np.zeros((len(moments), k, k))
    cov[:, a, b] = cov[:, b, a] = moments[:, k:]
    return moments[:, :k], cov


def _discrepancy(moments: Array, mean: Array, cov: Array) -> Array:
    """Of each group; infinite where the implied matrix is no covariance matrix."""
    k = mean.shape[1]
    implied_mean, implied = _unpacked(moments, k)
    if np.linalg.eigvalsh(implied)[:, 0].min() <= 0:
        return np.full(len(mean), np.inf)
    solved = np.linalg.solve(implied, cov)
    gap = (mean - implied_mean)[:, :, None]
    distance = (gap * np.linalg.solve(implied, gap)).sum(axis=(1, 2))
    return np.asarray(
        np.trace(solved, axis1=1, axis2=2) - np.linalg.slogdet(solved)[1] - k + distance, dtype=float
    )


def _scoring(model: implied_moments.Normal, mean: Array, cov: Array, n: Array) -> tuple[Array, bool]:
    k, count = mean.shape[1], len(mean)
    theta = model.start(mean, cov, n)
    lower = np.tril_indices(k)
    now = float(n @ _discrepancy(model.moments(theta), mean, cov))
    for _ in range(1000):
        moments = model.moments(theta)
        delta = implied_moments.jacobian(model.moments, theta).reshape(count, -1, len(theta))
        implied_mean, implied = _unpacked(moments, k)
        inner, gradient = np.zeros((len(theta), len(theta))), np.zeros(len(theta))
        for g in range(count):
            p = np.linalg.inv(implied[g])
            gap = mean[g] - implied_mean[g]
            weight = np.zeros((len(moments[g]), len(moments[g])))
            weight[:k, :k], weight[k:, k:] = p, cfa_ml.normal_weight(p, p)
            away = np.concatenate([gap, (cov[g] + np.outer(gap, gap) - implied[g])[lower]])
            inner += n[g] * delta[g].T @ weight @ delta[g]
            gradient += n[g] * delta[g].T @ weight @ away
        step = np.linalg.lstsq(inner, gradient, rcond=None)[0]
        if np.abs(step).max() < 1e-9:
            return theta, True
        size = 1.0
        while size > 1e-9:
            then = float(n @ _discrepancy(model.moments(theta + size * step), mean, cov))
            if then <= now + 1e-12 * max(now, 1.0):
                break
            size /= 2
        else:
            return theta, bool(np.abs(step).max() < 1e-6)
        theta, now = theta + size * step, then
    return theta, False
