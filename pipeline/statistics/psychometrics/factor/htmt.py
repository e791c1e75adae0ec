"""Are two declared facets two things: the heterotrait-monotrait ratio.

With one construct it does not exist; it is computed only for facets declared beforehand.
"""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.grouped import Array


def htmt(r: Array, first: Array, second: Array, geometric: bool = False) -> float:
    """Mean absolute correlation between two facets over the geometric mean of the means within each.

    Parameters
    ----------
    r : ndarray (k, k)
        Correlations.
    first, second : ndarray (k,) of bool
        Items of each facet.
    geometric : bool
        HTMT2: geometric means throughout, for items that measure unequally well.

    Returns
    -------
    float
        NaN where a facet has fewer than two items or a correlation is missing.

    References
    ----------
    Henseler, J., Ringle, C. M., Sarstedt, M. (2015). A new criterion for assessing discriminant
    validity. Journal of the Academy of Marketing Science, 43, 115-135.
    Roemer, E., Schuberth, F., Henseler, J. (2021). HTMT2: an improved criterion for assessing
    discriminant validity. Industrial Management & Data Systems, 121, 2637-2650.

    Examples
    --------
    >>> r = np.array([[1, 0.6, 0.3, 0.3], [0.6, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.6], [0.3, 0.3, 0.6, 1]])
    >>> round(htmt(r, np.array([1, 1, 0, 0], bool), np.array([0, 0, 1, 1], bool)), 6)
    0.5
    """
    if first.sum() < 2 or second.sum() < 2:
        return float("nan")
    size = np.abs(r)

    def mean(values: Array) -> float:
        if not np.isfinite(values).all():
            return float("nan")
        if geometric:
            return float(np.exp(np.mean(np.log(values)))) if (values > 0).all() else float("nan")
        return float(values.mean())

    def within(items: Array) -> float:
        inner = size[np.ix_(items, items)]
        return mean(inner[np.triu_indices(len(inner), 1)])

    below = within(first) * within(second)
    between = mean(size[np.ix_(first, second)].ravel())
    return between / float(np.sqrt(below)) if below > 0 else float("nan")
