"""Average ranks within each unit, and Spearman's correlation from them."""

from __future__ import annotations

import numpy as np

from pipeline.statistics.covariance import ratio, root
from pipeline.statistics.grouping import Array

#: Cells of a unit x value table above which ranks come from a sort instead.
LARGEST_TABLE = 50_000_000


def ranks_within(values: Array, unit: Array, units: int, use: Array | None = None) -> Array:
    """Ranks of the rows within their unit, ties averaged.

    Parameters
    ----------
    values : ndarray (N,)
        What to rank.
    unit : ndarray (N,)
        Position of each row's unit, 0..units-1.
    units : int
        Number of units.
    use : ndarray (N,) of bool, optional
        Rows that count; the others get rank 0.

    Examples
    --------
    >>> ranks_within(np.array([3, 1, 3, 9]), np.array([0, 0, 0, 1]), 2).tolist()
    [2.5, 1.0, 2.5, 1.0]
    """
    use = np.ones(len(values), dtype=bool) if use is None else use
    out = np.zeros(len(values))
    if len(values) == 0:
        return out
    place, distinct = _places(values)
    if units * distinct <= LARGEST_TABLE:
        cell = unit.astype(np.int64) * distinct + place
        counts = np.bincount(cell[use], minlength=units * distinct).reshape(units, -1)
        rank = np.cumsum(counts, axis=1) - (counts - 1) / 2
        out[use] = rank.ravel()[cell[use]]
        return out
    rows = np.flatnonzero(use)
    order = rows[np.lexsort((place[rows], unit[rows]))]
    u, v = unit[order], place[order]
    first = np.concatenate([[True], u[1:] != u[:-1]])
    start = np.flatnonzero(first)[np.cumsum(first) - 1]
    new = first | np.concatenate([[True], v[1:] != v[:-1]])
    run = np.cumsum(new) - 1
    begins = np.flatnonzero(new)
    ends = np.concatenate([begins[1:], [len(order)]])
    middle = (begins + ends + 1) / 2
    out[order] = middle[run] - start
    return out


def spearman(x: Array, y: Array, unit: Array, units: int, use: Array | None = None) -> Array:
    """Spearman's correlation of two columns within each unit (Pearson's r of average ranks).

    Returns
    -------
    ndarray (U,)
        NaN where one of them does not vary.

    Examples
    --------
    >>> spearman(np.array([1, 2, 3, 4]), np.array([1, 3, 2, 4]), np.zeros(4, dtype=int), 1).tolist()
    [0.8]
    """
    use = np.ones(len(x), dtype=bool) if use is None else use
    n = np.bincount(unit[use], minlength=units).astype(float)
    middle = ((n + 1) / 2)[unit]
    a = np.where(use, ranks_within(x, unit, units, use) - middle, 0.0)
    b = np.where(use, ranks_within(y, unit, units, use) - middle, 0.0)

    def sums(product: Array) -> Array:
        return np.bincount(unit, weights=product, minlength=units)

    return np.clip(ratio(sums(a * b), root(sums(a * a) * sums(b * b))), -1.0, 1.0)


def _places(values: Array) -> tuple[Array, int]:
    """Order of each value among the distinct ones, and how many places there are."""
    low, high = values.min(), values.max()
    if high - low < 1000 and bool(np.all(values == np.rint(values))):
        return (values - low).astype(np.int64), int(high - low) + 1
    distinct, place = np.unique(values, return_inverse=True)
    return place.ravel().astype(np.int64), len(distinct)
