"""What a factor model of several groups says about each group's moments, level by level.

Every level of invariance is one map from parameters to moments: thresholds and correlations of the
ordinal model, means and covariances of the normal one. The maps take whole batches of parameters and
complex numbers, so that their derivatives are exact (complex step) and need no code of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.statistics.data.grouped import Array

#: From the freest model to the strictest; each constrains what the one before it does, and more.
ORDINAL_LEVELS = ("configural", "thresholds", "metric", "scalar")
NORMAL_LEVELS = ("configural", "metric", "scalar", "strict")

Moments = Callable[[Array], Array]


def jacobian(moments: Moments, theta: Array) -> Array:
    """Derivatives of moments by parameters: the imaginary part of a tiny imaginary step, exact to rounding.

    Squire, W., Trapp, G. (1998). Using complex variables to estimate derivatives of real functions.
    SIAM Review, 40, 110-112.

    Examples
    --------
    >>> jacobian(lambda t: t**2, np.array([3.0, 4.0])).tolist()
    [[6.0, 0.0], [0.0, 8.0]]
    """
    step = 1e-30
    moved = moments(theta + 1j * step * np.eye(len(theta)))
    return np.asarray(moved.imag.reshape(len(theta), -1).T / step)


@dataclass(frozen=True)
class Ordinal:
    """Thresholds and correlations of ordinal answers in each group, at one level of invariance.

    Attributes
    ----------
    level : str
        One of `ORDINAL_LEVELS`.
    groups : int
    factor : ndarray (k,) of int
        Factor each item belongs to.
    cuts : ndarray (k,) of int
        Thresholds of each item.

    Notes
    -----
    Identified as Wu and Estabrook do: the answer behind an item has mean 0 and variance 1 in every
    group until thresholds are equal; from then on only in the first group. With s the inverse of
    its deviation and m its mean, a group's thresholds are s (t - m), its correlations
    s_a s_b l_a l_b phi. At ``scalar`` m is l times the mean of the group's factor.

    References
    ----------
    Wu, H., Estabrook, R. (2016). Identification of confirmatory factor analysis models of different
    levels of invariance for ordered categorical outcomes. Psychometrika, 81, 1014-1045.
    """

    level: str
    groups: int
    factor: Array
    cuts: Array

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """Rows and columns of each block of parameters."""
        at, g, k, f = ORDINAL_LEVELS.index(self.level), self.groups, len(self.factor), _count(self.factor)
        out = {"cut": (g if at < 1 else 1, int(self.cuts.sum())), "loading": (g if at < 2 else 1, k)}
        out["phi"] = (g, f * (f - 1) // 2)
        if at >= 1:
            out["scale"] = (g - 1, k)
            out["mean"] = (g - 1, k if at < 3 else f)
        if at >= 2:
            out["variance"] = (g - 1, f)
        return out

    def moments(self, theta: Array) -> Array:
        """Moments (..., groups, thresholds + pairs) of parameters (..., p)."""
        part, at = _parts(theta, self.shapes), ORDINAL_LEVELS.index(self.level)
        a, b = np.triu_indices(len(self.factor), 1)
        item = np.repeat(np.arange(len(self.cuts)), self.cuts)
        loading, cut = part["loading"], part["cut"]
        if at >= 1:
            scale = _after(part["scale"], 1.0)
            mean = _after(part["mean"], 0.0)
            if at == 3:
                mean = mean[..., self.factor] * loading
            cut = (cut - mean[..., item]) * scale[..., item]
            if at >= 2:
                loading = loading * scale
        phi = _phi(part, self.groups, _count(self.factor))
        correlation = loading[..., a] * loading[..., b] * phi[..., self.factor[a], self.factor[b]]
        shape = (*theta.shape[:-1], self.groups)
        return np.concatenate(
            [np.broadcast_to(x, (*shape, x.shape[-1])) for x in (cut, correlation)], axis=-1
        )

    def start(self, observed: Array, weight: Array) -> Array:
        """First values from the groups' weighted mean moments."""
        count = int(self.cuts.sum())
        mean = np.average(observed, axis=0, weights=weight)
        first = {"loading": starting_loadings(square(mean[count:], len(self.factor)), self.factor),
                 "cut": mean[:count]}  # fmt: skip
        if self.level == "configural":
            first["cut"] = observed[:, :count]
        return _filled(self.shapes, first)


@dataclass(frozen=True)
class Normal:
    """Means and covariances of the answers taken as numbers, in each group, at one level.

    Attributes are those of `Ordinal`, with levels of `NORMAL_LEVELS`; moments are the means, then
    the lower triangle of the covariances.

    Meredith, W. (1993). Measurement invariance, factor analysis and factorial invariance.
    Psychometrika, 58, 525-543.
    """

    level: str
    groups: int
    factor: Array

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """Rows and columns of each block of parameters."""
        at, g, k, f = NORMAL_LEVELS.index(self.level), self.groups, len(self.factor), _count(self.factor)
        out = {"loading": (g if at < 1 else 1, k), "intercept": (g if at < 2 else 1, k)}
        out |= {"error": (g if at < 3 else 1, k), "phi": (g, f * (f - 1) // 2)}
        if at >= 1:
            out["variance"] = (g - 1, f)
        if at >= 2:
            out["mean"] = (g - 1, f)
        return out

    def moments(self, theta: Array) -> Array:
        """Moments (..., groups, k + k(k+1)/2) of parameters (..., p)."""
        part = _parts(theta, self.shapes)
        a, b = np.tril_indices(len(self.factor))
        loading, mean = part["loading"], part["intercept"]
        if "mean" in part:
            mean = mean + loading * _after(part["mean"], 0.0)[..., self.factor]
        phi = _phi(part, self.groups, _count(self.factor))
        cov = loading[..., a] * loading[..., b] * phi[..., self.factor[a], self.factor[b]]
        cov = cov + np.where(a == b, part["error"][..., a], 0.0)
        shape = (*theta.shape[:-1], self.groups)
        return np.concatenate([np.broadcast_to(x, (*shape, x.shape[-1])) for x in (mean, cov)], axis=-1)

    def start(self, mean: Array, cov: Array, weight: Array) -> Array:
        """First values from the groups' weighted mean covariances."""
        pooled = np.average(cov, axis=0, weights=weight)
        deviation = np.sqrt(np.diag(pooled))
        loading = starting_loadings(pooled / np.outer(deviation, deviation), self.factor)
        at = NORMAL_LEVELS.index(self.level)
        first = {"loading": loading * deviation, "error": (1 - loading**2) * deviation**2,
                 "intercept": mean if at < 2 else np.average(mean, axis=0, weights=weight)}  # fmt: skip
        return _filled(self.shapes, first)


def square(upper: Array, k: int) -> Array:
    """Correlation matrix (..., k, k) from its entries above the diagonal in reading order.

    Examples
    --------
    >>> square(np.array([0.5]), 2).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    a, b = np.triu_indices(k, 1)
    out = np.broadcast_to(np.eye(k), (*upper.shape[:-1], k, k)).copy()
    out[..., a, b] = out[..., b, a] = upper
    return out


def starting_loadings(r: Array, factor: Array) -> Array:
    """Rough loadings of each factor's items: their first principal component, held within 0.95."""
    out = np.full(len(r), 0.7)
    for f in np.unique(factor):
        here = np.flatnonzero(factor == f)
        values, vectors = np.linalg.eigh(r[np.ix_(here, here)])
        x = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.1))
        out[here] = np.clip(x if x.sum() >= 0 else -x, -0.95, 0.95)
    return out


def _count(factor: Array) -> int:
    return int(factor.max()) + 1


def _parts(theta: Array, shapes: dict[str, tuple[int, int]]) -> dict[str, Array]:
    out, low = {}, 0
    for name, (rows, columns) in shapes.items():
        high = low + rows * columns
        out[name] = theta[..., low:high].reshape(*theta.shape[:-1], rows, columns)
        low = high
    return out


def _filled(shapes: dict[str, tuple[int, int]], first: dict[str, Array]) -> Array:
    plain = {"scale": 1.0, "variance": 1.0, "mean": 0.0, "phi": 0.3}
    parts = [np.broadcast_to(first.get(name, plain.get(name, 0.0)), shape) for name, shape in shapes.items()]
    return np.concatenate([np.asarray(part, dtype=float).ravel() for part in parts])


def _after(block: Array, first: float) -> Array:
    """Put the first group's fixed value before the free ones of the others."""
    fixed = np.full((*block.shape[:-2], 1, block.shape[-1]), first, dtype=block.dtype)
    return np.concatenate([fixed, block], axis=-2)


def _phi(part: dict[str, Array], groups: int, factors: int) -> Array:
    """Covariances of the factors, (..., groups, f, f); variance 1 where it is not free."""
    off = part["phi"]
    out = np.zeros((*off.shape[:-2], groups, factors, factors), dtype=off.dtype)
    a, b = np.tril_indices(factors, -1)
    out[..., a, b] = out[..., b, a] = off
    place = np.arange(factors)
    out[..., place, place] = _after(part["variance"], 1.0) if "variance" in part else 1.0
    return out
