"""How many factors, and how each item loads on the first: eigenvalues, parallel analysis, minres.

With a strong ceiling, items of unequal difficulty form a second factor in Pearson correlations
that is not there (a "difficulty factor"); polychoric correlations are given beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.statistics.data.covariance import correlation
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.response_patterns import Patterns
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.factor.minres import least_squares_loadings

#: Above this many rows the law of a correlation of unrelated items replaces shuffling.
SHUFFLED_ROWS = 5_000


@dataclass(frozen=True)
class Minres:
    """One factor by unweighted least squares.

    Attributes
    ----------
    loadings, communalities : ndarray (k,)
        The communality is the squared loading; above 1 it is a Heywood case.
    rms : float
        Root mean square residual correlation.
    share : float
        Share of the items' variance.
    converged : bool
    """

    loadings: Array
    communalities: Array
    rms: float
    share: float
    converged: bool


def minres(r: Array) -> Minres:
    """One factor that leaves the smallest residual correlations.

    Parameters
    ----------
    r : ndarray (k, k)
        Pearson or polychoric correlations.

    References
    ----------
    Harman, H. H., Jones, W. H. (1966). Factor analysis by minimizing residuals (minres).
    Psychometrika, 31, 351-368.

    Notes
    -----
    Checked against psych 2.2.9 on nine reference sets, within 1e-4 (psych's own stopping rule).

    Examples
    --------
    >>> minres(np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])).loadings.round(4).tolist()
    [0.8, 0.7, 0.6]
    """
    loadings, converged = least_squares_loadings(r)
    first, second = np.triu_indices(len(r), 1)
    residual = r[first, second] - loadings[first] * loadings[second]
    return Minres(
        loadings=loadings,
        communalities=loadings**2,
        rms=float(np.sqrt(np.mean(residual**2))),
        share=float(np.mean(loadings**2)),
        converged=converged,
    )


@dataclass(frozen=True)
class Parallel:
    """Eigenvalues against those of unrelated items.

    Attributes
    ----------
    eigenvalues : ndarray (k,)
        Of the answers, largest first.
    threshold : ndarray (k,)
        Quantile of the eigenvalues of unrelated items.
    draws : int
        Draws that gave a threshold.
    """

    eigenvalues: Array
    threshold: Array
    draws: int

    @property
    def factors(self) -> int:
        """Eigenvalues above their threshold before the first that is not."""
        above = self.eigenvalues > self.threshold
        return int(np.argmin(above)) if not above.all() else len(above)


def parallel(
    data: Patterns,
    r: Array,
    *,
    ordinal: bool = False,
    draws: int = 200,
    seed: int = 20170501,
    quantile: float = 0.95,
) -> Parallel:
    """Parallel analysis: shuffle every item's answers among the respondents, many times.

    Parameters
    ----------
    data : Patterns
        Complete rows.
    r : ndarray (k, k)
        Their correlations, Pearson or polychoric.
    ordinal : bool
        Draw polychoric correlations.
    draws, seed : int
        Number of shuffles; the same seed gives the same thresholds.
    quantile : float
        Of the drawn eigenvalues.

    Notes
    -----
    Shuffling keeps each item's ceiling. Above 5,000 rows the correlations of unrelated items are
    drawn from their normal law instead, variance 1/(n - 1) for Pearson and the inverse information
    at 0 for polychoric; the thresholds differ by less than the draws do.

    References
    ----------
    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis.
    Psychometrika, 30, 179-185.
    Timmerman, M. E., Lorenzo-Seva, U. (2011). Dimensionality assessment of ordered polytomous items
    with parallel analysis. Psychological Methods, 16, 209-220.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(300, 1)) + rng.normal(size=(300, 6))
    >>> parallel(Patterns(x, np.ones(300)), np.corrcoef(x.T)).factors
    1
    """
    rng = np.random.default_rng(seed)
    drawn = (
        _by_law(data, draws, ordinal, rng)
        if data.n > SHUFFLED_ROWS
        else _by_shuffling(data, draws, ordinal, rng)
    )
    usable = np.isfinite(drawn).all(axis=(1, 2))
    values = np.linalg.eigvalsh(drawn[usable])[:, ::-1]
    enough = len(values) >= draws / 2
    return Parallel(
        eigenvalues=np.linalg.eigvalsh(r)[::-1],
        threshold=np.quantile(values, quantile, axis=0) if enough else np.full(len(r), np.nan),
        draws=int(usable.sum()),
    )


def _by_shuffling(data: Patterns, draws: int, ordinal: bool, rng: np.random.Generator) -> Array:
    rows = np.repeat(data.values, data.counts.astype(int), axis=0)
    k = rows.shape[1]
    out = np.empty((draws, k, k))
    if not ordinal:
        for d in range(draws):
            out[d] = correlation(np.cov(rng.permuted(rows, axis=0).T))
        return out
    codes = np.stack([np.unique(column, return_inverse=True)[1].ravel() for column in rows.T], axis=1)
    wide = int(codes.max()) + 1
    first, second = np.triu_indices(k, 1)
    tables = np.empty((draws, len(first), wide, wide))
    block = np.arange(len(first)) * wide**2
    for d in range(draws):
        mixed = rng.permuted(codes, axis=0)
        place = mixed[:, first] * wide + mixed[:, second] + block
        tables[d] = np.bincount(place.ravel(), minlength=tables[d].size).reshape(tables[d].shape)
    rho = polychoric.two_step(tables, tolerance=1e-6)
    return _symmetric(rho, k)


def _by_law(data: Patterns, draws: int, ordinal: bool, rng: np.random.Generator) -> Array:
    k, n = data.values.shape[1], data.n
    first, second = np.triu_indices(k, 1)
    variance = np.full(len(first), 1 / (n - 1))
    if ordinal:
        cuts = [
            polychoric.thresholds(np.bincount(np.unique(x, return_inverse=True)[1].ravel(), data.counts))
            for x in data.values.T
        ]
        for p, (a, b) in enumerate(zip(first, second)):
            cells, slope = polychoric.cell_probabilities(cuts[a], cuts[b], np.array(0.0))
            variance[p] = 1 / (n * float((slope**2 / cells).sum()))
    return _symmetric(rng.normal(size=(draws, len(first))) * np.sqrt(variance), k)


def _symmetric(pairs: Array, k: int) -> Array:
    first, second = np.triu_indices(k, 1)
    out = np.broadcast_to(np.eye(k), (len(pairs), k, k)).copy()
    out[:, first, second] = pairs
    out[:, second, first] = pairs
    return out
