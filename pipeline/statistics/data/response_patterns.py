"""Distinct rows of answers with how often each occurs.

Nine items with four answers have 262,144 possible rows however many people answered. Models that
need every row (robust errors, weights of ordinal models) therefore work on patterns: fourteen
thousand respondents are a few thousand patterns, twelve million not many more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.statistics.data.grouped import Array, Grouped


@dataclass(frozen=True)
class Patterns:
    """Distinct complete rows.

    Attributes
    ----------
    values : ndarray (P, k)
        Answers.
    counts : ndarray (P,)
        Rows with this pattern.
    """

    values: Array
    counts: Array

    @property
    def n(self) -> float:
        """Rows."""
        return float(self.counts.sum())

    @property
    def mean(self) -> Array:
        """Item means."""
        return np.asarray(self.counts @ self.values / self.n)

    @property
    def cov(self) -> Array:
        """Covariances with divisor n, as maximum likelihood uses them."""
        centred = self.values - self.mean
        return np.asarray((centred * self.counts[:, None]).T @ centred / self.n)

    def only(self, keep: Array) -> Patterns:
        """Return the patterns of some items (positions or a mask)."""
        return Patterns(self.values[:, keep], self.counts)


def patterns(grouped: Grouped, unit: int, keep: Array, rows: Array | None = None) -> Patterns:
    """Patterns of one unit's complete rows.

    Parameters
    ----------
    grouped : Grouped
        Answers by unit.
    unit : int
        Position of the unit.
    keep : ndarray (k,) of bool
        Items to use.
    rows : ndarray (N,) of bool, optional
        Complete rows, by default those that answered every item in `keep`.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.grouped import group
    >>> p = patterns(group(pd.DataFrame({"U1": [1, 2, 1], "U2": [3, 3, 3]})), 0, np.array([True, True]))
    >>> p.values.tolist(), p.counts.tolist()
    ([[1.0, 3.0], [2.0, 3.0]], [2.0, 1.0])
    """
    start = int(grouped.starts[unit])
    here = slice(start, start + int(grouped.sizes[unit]))
    values = grouped.values[np.asarray(keep), here]
    if rows is not None:
        values = values[:, rows[here]]
    elif grouped.seen is not None:
        values = values[:, grouped.seen[np.asarray(keep), here].all(axis=0)]
    return distinct(values)


def distinct(values: Array) -> Patterns:
    """Patterns of complete rows, in the order of their answers.

    Parameters
    ----------
    values : ndarray (k, n)
        Answers by item.

    Examples
    --------
    >>> p = distinct(np.array([[1, 2, 1], [3, 3, 3]]))
    >>> p.values.tolist(), p.counts.tolist()
    ([[1.0, 3.0], [2.0, 3.0]], [2.0, 1.0])
    """
    if values.shape[1] == 0:
        return Patterns(np.zeros((0, values.shape[0])), np.zeros(0))
    low, high = values.min(), values.max()
    base = int(high) - int(low) + 1
    whole = values.dtype.kind in "iu" or np.array_equal(values, np.rint(values))
    if whole and base ** values.shape[0] < 2**62:
        # One whole number per row sorts far quicker than rows do.
        power = base ** np.arange(values.shape[0], dtype=np.int64)[::-1]
        code, counts = np.unique((values - low).T.astype(np.int64) @ power, return_counts=True)
        rows = code[:, None] // power % base + int(low)
    else:
        rows, counts = np.unique(values.T, axis=0, return_counts=True)
    return Patterns(rows.astype(float), counts.astype(float))
