"""Items that run against the others: proposed, never turned.

An item worded or keyed the other way round makes every sum smaller than it should be. The signs of
the first component say which items stand on the other side; an item-rest correlation alone does
not (with half of the items reversed each has as many friends as foes).
"""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.covariance import Stack, correlation
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.pearson import fisher_interval, item_rest
from pipeline.statistics.psychometrics.reliability import alpha as coefficients


def reverse_keyed(stack: Stack, confidence: float = 0.95) -> Array:
    """Items whose reversal is proposed, shape (U, k).

    Those on the smaller side of the first principal component that, once turned, surely go with the
    others (Fisher interval of the item-rest correlation above zero); none where alpha would not rise, or
    where the component is no larger than that of unrelated items (95th percentile by Tracy and Widom's
    law): every first component has two sides.

    Parameters
    ----------
    stack : Stack
        Listwise covariances.
    confidence : float
        Of that interval.

    References
    ----------
    Johnstone, I. M. (2001). On the distribution of the largest eigenvalue in principal components analysis.
    Annals of Statistics, 29, 295-327.
    Revelle, W. (2024). psych: procedures for psychological, psychometric, and personality research
    (`alpha` with `check.keys`: negative loadings on the first component).

    Examples
    --------
    >>> c = np.full((4, 4), 0.5); np.fill_diagonal(c, 1.0)
    >>> turned = np.array([False, False, False, True])
    >>> one = Stack(np.array([100.0]), np.ones((1, 4)), coefficients.reverse(c, turned)[None],
    ...             np.ones((1, 4), dtype=bool), np.ones(100, dtype=bool))
    >>> reverse_keyed(one).tolist()
    [[False, False, False, True]]
    """
    out = np.zeros(stack.asked.shape, dtype=bool)
    cov = np.nan_to_num(stack.cov)
    # Where no two items run apart there is nothing to turn: most units cost one comparison.
    some = np.flatnonzero((cov < 0).any(axis=(1, 2)))
    if not len(some):
        return out
    keep = stack.varying[some]
    r = np.where(keep[:, :, None] & keep[:, None, :], correlation(cov[some]), 0.0)
    values, vectors = np.linalg.eigh(r)
    first = vectors[:, :, -1]
    first *= np.where(first.sum(axis=1) >= 0, 1.0, -1.0)[:, None]
    real = values[:, -1] > chance(stack.n[some], keep.sum(axis=1))
    flip = keep & (first < -1e-9) & real[:, None]
    lower, _ = fisher_interval(
        item_rest(coefficients.reverse(cov[some], flip)), stack.n[some][:, None], confidence
    )
    flip &= np.nan_to_num(lower, nan=-1.0) > 0
    before = coefficients.alpha(cov[some], stack.k[some])
    after = coefficients.alpha(coefficients.reverse(cov[some], flip), stack.k[some])
    out[some] = flip & (after > np.where(np.isnan(before), -np.inf, before))[:, None]
    return out


def chance(n: Array, k: Array) -> Array:
    """Largest eigenvalue that k unrelated items of n rows exceed once in twenty times.

    Examples
    --------
    >>> float(chance(np.array(30), np.array(9)).round(2))
    2.65
    """
    rows, items = np.sqrt(np.maximum(np.asarray(n, dtype=float) - 1, 1)), np.sqrt(np.maximum(k, 1))
    centre, scale = (rows + items) ** 2, (rows + items) * (1 / rows + 1 / items) ** (1 / 3)
    return np.asarray((centre + 0.979 * scale) / rows**2)
