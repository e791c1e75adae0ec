"""The graded response model of one trait, by marginal maximum likelihood.

P(answer >= c) = 1 / (1 + exp(-(a theta + d_c))) with theta standard normal over the respondents: the answer moves up
with the trait, an item's categories share one discrimination a.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import expit, log_expit, logsumexp

Array = np.ndarray

#: Points at which the trait is integrated over, and their weights: a standard normal, finely cut.
POINTS = np.linspace(-6.0, 6.0, 61)
LOG_WEIGHTS = -0.5 * POINTS**2 - logsumexp(-0.5 * POINTS**2)
#: Mean gradient a respondent below which the fit has converged, and a discrimination that no data determine.
FLAT, STEEPEST = 1e-6, 15.0


@dataclass(frozen=True)
class Graded:
    """A fitted model.

    Attributes
    ----------
    discrimination, errors : ndarray (k,)
        a of each item and its standard error.
    intercepts : tuple of ndarray
        d_c of each item, falling; one less than its categories.
    log_likelihood : float
    n : int
        Respondents.
    converged : bool
    """

    discrimination: Array
    errors: Array
    intercepts: tuple[Array, ...]
    log_likelihood: float
    n: int
    converged: bool

    def thresholds(self, item: int) -> Array:
        """Traits at which half would give the category or a higher one, b_c = -d_c / a."""
        found: Array = -self.intercepts[item] / self.discrimination[item]
        return found


def fit(codes: Array, categories: Sequence[int]) -> Graded:
    """Fit the model to categories 0, 1, ...; -1 is no answer and is passed over.

    Marginal maximum likelihood over 61 points; the gradient is the expected gradient of complete data (Fisher's
    identity), as in the EM algorithm of Bock and Aitkin (1981), Psychometrika 46, 443-459. A few steps of scoring
    with the cross-products of respondents' gradients, then a quasi-Newton method that starts from their inverse.
    Standard errors are those of the cross-products. Model: Samejima (1969), Psychometrika Monograph 17. Checked
    against R: ltm (``grm``), and its likelihood pushed to the top.

    Parameters
    ----------
    codes : ndarray of int (n, k)
    categories : sequence of int
        Categories of each item, two at least.

    Examples
    --------
    >>> random = np.random.default_rng(2)
    >>> latent = random.normal(size=(1000, 1)) * 1.5 + random.logistic(size=(1000, 4))
    >>> made = fit((latent > -1).astype(int) + (latent > 1), [3] * 4)
    >>> made.converged, bool(np.abs(made.discrimination - 1.5).max() < 0.3)
    (True, True)
    """
    patterns, counts = np.unique(codes[(codes >= 0).any(axis=1)], axis=0, return_counts=True)
    data = _Data(patterns, counts.astype(float), tuple(categories))
    near, curvature = data.scored(data.start())
    options = {"gtol": FLAT * data.n, "maxiter": 300, "hess_inv0": curvature}
    found = optimize.minimize(data.value, near, jac=True, method="BFGS", options=options)
    a, d = data.parts(found.x)
    _, slope = data.value(found.x)
    flat = bool(np.abs(slope).max() < 10 * FLAT * data.n and np.abs(a).max() < STEEPEST)
    errors = data.errors(found.x) if flat else np.full(len(a), np.nan)
    return Graded(
        a, errors, tuple(d), -float(found.fun), int(data.n), flat and bool(np.isfinite(errors).all())
    )


def probabilities(theta: Array, a: float, d: Array) -> Array:
    """Log probability of each category at each trait, categories x points.

    Examples
    --------
    >>> np.exp(probabilities(np.array([0.0]), 1.0, np.array([0.0]))).round(2).tolist()
    [[0.5], [0.5]]
    """
    eta = a * theta[None, :] + d[:, None]
    top, bottom = log_expit(eta), log_expit(-eta)
    # Between two steps: s(u) s(-l) (1 - exp(l - u)), which loses no digits where both are near 0 or 1.
    middle = top[:-1] + bottom[1:] + np.log(-np.expm1(np.diff(d)))[:, None]
    return np.vstack([bottom[:1], middle, top[-1:]])


def information(theta: Array, a: float, d: Array) -> Array:
    """Information of one item at each trait: sum over categories of P'^2 / P.

    Examples
    --------
    >>> information(np.array([0.0]), 2.0, np.array([0.0])).tolist()
    [1.0]
    """
    step = expit(a * theta[None, :] + d[:, None])
    slope = np.vstack([np.zeros(len(theta)), a * step * (1 - step), np.zeros(len(theta))])
    found: Array = ((slope[:-1] - slope[1:]) ** 2 / np.exp(probabilities(theta, a, d))).sum(axis=0)
    return found


def expected(theta: Array, a: float, d: Array, values: Array) -> Array:
    """Mean answer to an item at each trait.

    Examples
    --------
    >>> expected(np.array([0.0]), 1.0, np.array([0.0]), np.array([1.0, 4.0])).tolist()
    [2.5]
    """
    found: Array = values @ np.exp(probabilities(theta, a, d))
    return found


class _Data:
    """Distinct rows of answers, how often each occurs, and the likelihood of parameters given them."""

    def __init__(self, patterns: Array, counts: Array, categories: tuple[int, ...]) -> None:
        self.counts, self.categories, self.n = counts, categories, float(counts.sum())
        self.offsets = np.concatenate([[0], np.cumsum(categories)])
        self.patterns = patterns
        hot = np.zeros((len(patterns), self.offsets[-1]))
        for j in range(len(categories)):
            rows = np.flatnonzero(patterns[:, j] >= 0)
            hot[rows, self.offsets[j] + patterns[rows, j]] = 1.0
        self.hot = hot

    def start(self) -> Array:
        """Discriminations of one, intercepts of the shares."""
        made = []
        totals = self.counts @ self.hot
        for j, size in enumerate(self.categories):
            n = totals[self.offsets[j] : self.offsets[j] + size]
            above = np.cumsum(n[::-1])[::-1][1:] / n.sum()
            d = 1.2 * np.log(above / (1 - above))
            made.append(np.concatenate([[1.0], d[:1], np.log(-np.diff(d))]))
        return np.concatenate(made)

    def parts(self, x: Array) -> tuple[Array, list[Array]]:
        """Discriminations and falling intercepts: the first, then the logarithms of the steps down."""
        a, d, at = [], [], 0
        for size in self.categories:
            a.append(x[at])
            d.append(x[at + 1] - np.concatenate([[0.0], np.cumsum(np.exp(x[at + 2 : at + size]))]))
            at += size
        return np.array(a), d

    def posterior(self, x: Array) -> tuple[Array, Array]:
        """Log-likelihood of each distinct row, and the weight of each point given it."""
        a, d = self.parts(x)
        table = np.vstack([probabilities(POINTS, a[j], d[j]) for j in range(len(a))])
        joint = self.hot @ table + LOG_WEIGHTS
        highest = joint.max(axis=1, keepdims=True)
        weight = np.exp(joint - highest)
        total = weight.sum(axis=1, keepdims=True)
        return (highest + np.log(total))[:, 0], weight / total

    def value(self, x: Array) -> tuple[float, Array]:
        """Minus the log-likelihood, and its gradient."""
        if not np.isfinite(x).all():
            return np.inf, np.zeros_like(x)
        likelihood, weight = self.posterior(x)
        answered = self.hot.T @ (weight * self.counts[:, None])
        gradient = [
            (answered[part][:, None, :] * slopes).sum(axis=(0, 2)) for part, slopes in self._slopes(x)
        ]
        return -float(self.counts @ likelihood), -np.concatenate(gradient)

    def _slopes(self, x: Array) -> list[tuple[slice, Array]]:
        """Of each item: rows of its categories, and d log P / d parameter, categories x parameters x points."""
        a, d = self.parts(x)
        made, at = [], 0
        for j, size in enumerate(self.categories):
            eta = a[j] * POINTS[None, :] + d[j][:, None]
            gap = -np.diff(d[j])
            kappa = 1 / np.expm1(np.minimum(gap, 700.0))
            by_eta = np.zeros((size, size - 1, len(POINTS)))
            for c in range(size - 1):
                by_eta[c, c] -= expit(eta[c])
                by_eta[c + 1, c] += expit(-eta[c])
                if c:
                    by_eta[c, c] -= kappa[c - 1]
                if c < size - 2:
                    by_eta[c + 1, c] += kappa[c]
            steps = np.exp(x[at + 2 : at + size])
            # d_c is the first intercept less the steps down to it.
            slopes = [(by_eta * POINTS).sum(axis=1), by_eta.sum(axis=1)]
            slopes += [-steps[s] * by_eta[:, s + 1 :].sum(axis=1) for s in range(size - 2)]
            made.append((slice(self.offsets[j], self.offsets[j] + size), np.stack(slopes, axis=1)))
            at += size
        return made

    def crossed(self, x: Array) -> Array:
        """Cross-products of the respondents' gradients: the information, without second derivatives."""
        _, weight = self.posterior(x)
        columns = []
        for part, slopes in self._slopes(x):
            hot = self.hot[:, part]
            columns += [(hot * (weight @ slopes[:, p].T)).sum(axis=1) for p in range(slopes.shape[1])]
        scores = np.column_stack(columns)
        found: Array = scores.T @ (scores * self.counts[:, None])
        return found

    def scored(self, x: Array, turns: int = 8) -> tuple[Array, Array]:
        """Go uphill along the inverse of the cross-products; where it ends, and that inverse."""
        value, slope = self.value(x)
        inverse = np.eye(len(x)) / self.n
        for _ in range(turns):
            crossed = self.crossed(x)
            # A little of the diagonal keeps an item that tells next to nothing from running away.
            inverse = np.linalg.inv(crossed + np.diag(1e-6 * np.diag(crossed) + 1e-9))
            step, length = -inverse @ slope, 1.0
            while length > 1e-3 and self.value(x + length * step)[0] > value:
                length /= 2
            if length <= 1e-3:
                break
            x = x + length * step
            value, slope = self.value(x)
        return x, (inverse + inverse.T) / 2

    def errors(self, x: Array) -> Array:
        """Standard errors of the discriminations, from the cross-products of respondents' gradients."""
        crossed = self.crossed(x)
        if np.linalg.matrix_rank(crossed, hermitian=True) < len(crossed):
            return np.full(len(self.categories), np.nan)
        starts = np.concatenate([[0], np.cumsum(self.categories)[:-1]])
        found: Array = np.sqrt(np.diag(np.linalg.inv(crossed)))[starts]
        return found
