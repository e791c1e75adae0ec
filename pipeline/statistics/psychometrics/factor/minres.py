"""One factor by (weighted) least squares: the loadings whose products are nearest the correlations.

With equal weights this is minres; with the inverse variances of polychoric correlations it is the
first half of WLSMV.
"""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.grouped import Array


def least_squares_loadings(r: Array, weight: Array | None = None) -> tuple[Array, bool]:
    """Loadings minimising sum over pairs of w (r_ab - l_a l_b)^2, and whether that converged.

    Parameters
    ----------
    r : ndarray (k, k)
        Correlations; the diagonal is not used.
    weight : ndarray (k(k-1)/2,), optional
        Weights of the pairs in reading order, by default all 1.

    Returns
    -------
    loadings : ndarray (k,)
        With a positive sum. A loading may pass 1 (a Heywood case); it is not held back.
    converged : bool

    Notes
    -----
    Newton's method, Gauss-Newton where the curvature is not positive, halving steps that do not help.

    Examples
    --------
    >>> least_squares_loadings(np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]))[0].round(6).tolist()
    [0.8, 0.7, 0.6]
    """
    k = len(r)
    first, second = np.triu_indices(k, 1)
    w = np.ones(len(first)) if weight is None else np.asarray(weight, dtype=float)
    w = w / w.max()
    weights = np.zeros((k, k))
    weights[first, second] = w
    weights += weights.T
    values, vectors = np.linalg.eigh(r)
    x = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.1))
    x = np.clip(x if x.sum() >= 0 else -x, -0.95, 0.95)

    def loss(at: Array) -> float:
        return float((weights * (r - np.outer(at, at)) ** 2).sum()) / 4

    converged = False
    for _ in range(500):
        outer = np.outer(x, x)
        gradient = -(weights * (r - outer)) @ x
        # Gauss-Newton part, then the curvature the residuals add.
        gauss = weights * outer + np.diag(weights @ x**2)
        curvature = gauss - weights * (r - outer)
        if np.linalg.eigvalsh(curvature)[0] <= 1e-10:
            curvature = gauss
        step = np.linalg.lstsq(curvature, -gradient, rcond=None)[0]
        if np.abs(step).max() < 1e-12:
            converged = True
            break
        size, now = 1.0, loss(x)
        while size > 1e-10 and loss(x + size * step) > now + 1e-16:
            size /= 2
        if size <= 1e-10:
            converged = bool(np.abs(gradient).max() < 1e-9)
            break
        x = x + size * step
    return (x if x.sum() >= 0 else -x), converged
