"""Cumulative logit regression of an ordered answer or score on any columns.

The index treats the step from 1 to 2 like the step from 3 to 4. This model only uses the order:
what it says of units is a check that the distances between answers do not decide the comparison.

Ours, because ``OrderedModel`` of statsmodels takes no weights and searches with numerical derivatives:
3,000 answers and 8 columns take it 0.22 s, this 0.004 s; a city of 46 units and 10,482 respondents (51
columns, 23 scores), where this takes 0.6 s, it had not done in six minutes. The tests hold it against
``OrderedModel`` and R's ordinal::clm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

Array = np.ndarray

_STEPS, _TOLERANCE = 60, 1e-10


@dataclass(frozen=True)
class Ordinal:
    """A fitted cumulative logit model.

    Attributes
    ----------
    thresholds : ndarray (C-1,)
    coefficients : ndarray (p,)
        Logits; positive means higher answers.
    errors : ndarray (p,)
        Standard errors from the observed information.
    log_likelihood : float
    converged : bool
    """

    thresholds: Array
    coefficients: Array
    errors: Array
    log_likelihood: float
    converged: bool


def cumulative_logit(columns: Array, answer: Array, weight: Array | None = None) -> Ordinal:
    """Fit logit P(y <= c) = t_c - x'b by Newton's method with step halving.

    Parameters
    ----------
    columns : ndarray (n, p)
        Regressors without an intercept.
    answer : ndarray of int (n,)
        Ordered category; categories nobody used are skipped.
    weight : ndarray (n,), optional
        Respondents each row stands for.

    Raises
    ------
    ValueError
        With fewer than two categories in use.

    References
    ----------
    McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical
    Society B, 42, 109-142.

    Notes
    -----
    Checked against R's ordinal::clm on two data sets (72 and 13,579 rows), coefficients and errors
    within 1e-6, log-likelihood within 1e-6.

    Examples
    --------
    >>> x, y = np.repeat([[0.0], [1.0]], 40, axis=0), np.repeat([0, 1, 0, 1], [30, 10, 10, 30])
    >>> fit = cumulative_logit(x, y)
    >>> round(float(fit.coefficients[0]), 4), round(float(fit.thresholds[0]), 4)
    (2.1972, 1.0986)
    """
    used, y = np.unique(answer, return_inverse=True)
    if len(used) < 2:
        raise ValueError("an ordered regression needs at least two different answers")
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    x = np.asarray(columns, dtype=float).reshape(len(y), -1)
    cuts, p = len(used) - 1, x.shape[1]
    share = np.cumsum(np.bincount(y, w, len(used)))[:-1] / w.sum()
    beta = np.concatenate([special.logit(share), np.zeros(p)])
    value, gradient, information = _derivatives(beta, x, y, w, cuts)
    converged = False
    for _ in range(_STEPS):
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        # The Newton decrement: twice what the log-likelihood can still gain.
        if converged := float(gradient @ step) < _TOLERANCE:
            break
        size = 1.0
        while size > 1e-8:
            trial = beta + size * step
            if (np.diff(trial[:cuts]) > 0).all():
                new = _derivatives(trial, x, y, w, cuts)
                if new[0] >= value - 1e-9 * abs(value):
                    break
            size /= 2
        else:
            break
        beta, (value, gradient, information) = trial, new
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(information, hermitian=True)), 0.0))
    return Ordinal(beta[:cuts], beta[cuts:], errors[cuts:], value, converged)


def _derivatives(beta: Array, x: Array, y: Array, w: Array, cuts: int) -> tuple[float, Array, Array]:
    """Log-likelihood, gradient and observed information."""
    eta = x @ beta[cuts:]
    edges = np.concatenate([[-np.inf], beta[:cuts], [np.inf]])
    upper, lower = edges[y + 1] - eta, edges[y] - eta
    above, below = special.expit(upper), special.expit(lower)
    # The difference of two logistic functions without cancellation in the upper tail.
    chance = np.where(lower > 0, special.expit(-lower) - special.expit(-upper), above - below)
    chance = np.maximum(chance, 1e-300)
    density_u, density_l = above * special.expit(-upper), below * special.expit(-lower)
    slope_u, slope_l = density_u * (1 - 2 * above), density_l * (1 - 2 * below)
    first_u, first_l = density_u / chance, -density_l / chance
    uu = slope_u / chance - first_u**2
    ll = -slope_l / chance - first_l**2
    ul = -first_u * first_l
    has_u, has_l = y < cuts, y > 0
    gradient = np.zeros(cuts + x.shape[1])
    np.add.at(gradient, y[has_u], (w * first_u)[has_u])
    np.add.at(gradient, y[has_l] - 1, (w * first_l)[has_l])
    gradient[cuts:] = -x.T @ (w * (first_u + first_l))
    second = np.zeros((len(gradient),) * 2)
    at = np.arange(cuts)
    second[at, at] += np.bincount(y[has_u], (w * uu)[has_u], cuts) + np.bincount(
        y[has_l] - 1, (w * ll)[has_l], cuts
    )
    inner = has_u & has_l
    cross = np.bincount(y[inner] - 1, (w * ul)[inner], cuts)
    second[at[:-1], at[1:]] += cross[:-1]
    second[at[1:], at[:-1]] += cross[:-1]
    by_cut = np.zeros((cuts, x.shape[1]))
    np.add.at(by_cut, y[has_u], -(w * (uu + ul))[has_u, None] * x[has_u])
    np.add.at(by_cut, y[has_l] - 1, -(w * (ul + ll))[has_l, None] * x[has_l])
    second[:cuts, cuts:], second[cuts:, :cuts] = by_cut, by_cut.T
    second[cuts:, cuts:] = x.T @ ((w * (uu + 2 * ul + ll))[:, None] * x)
    return float(w @ np.log(chance)), gradient, -second
