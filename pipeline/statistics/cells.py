"""Small cells of counts: which to merge, which to hide, for many tables at once (R6)."""

from __future__ import annotations

import numpy as np

Array = np.ndarray

#: Below this number of respondents nothing but their number is shown.
N_MIN = 5


def hidden_cells(counts: Array, n_min: int = N_MIN) -> Array:
    """Which cells must be hidden when the margins are known; leading axes are separate tables.

    Small cells first; then, while a row or a column has exactly one hidden cell, its smallest
    other cell is hidden too (one that holds somebody, where there is one), so that no margin minus
    the rest gives a hidden count.

    Examples
    --------
    >>> hidden_cells(np.array([[3, 20], [30, 40]])).tolist()
    [[True, True], [True, True]]
    """
    counts = np.asarray(counts, dtype=float)
    flat = counts.reshape(-1, *counts.shape[-2:])
    hidden = (flat > 0) & (flat < n_min)
    active = np.flatnonzero(hidden.any(axis=(1, 2)))
    while len(active):
        changed = np.zeros(len(active), dtype=bool)
        for axis in (2, 1):
            if flat.shape[axis] < 2:
                continue
            part = hidden[active]
            table, line = np.nonzero(part.sum(axis) == 1)
            if not len(table):
                continue
            values, mask = flat[active], part
            if axis == 1:
                values, mask = values.transpose(0, 2, 1), mask.transpose(0, 2, 1)
            # A cell of nobody protects nothing that a reader cannot guess: it comes last.
            cost = np.where(mask[table, line], np.inf, values[table, line])
            cost = np.where(cost == 0, 1e18, cost)
            place = cost.argmin(1)
            if axis == 2:
                hidden[active[table], line, place] = True
            else:
                hidden[active[table], place, line] = True
            changed[table] = True
        active = active[changed]
    return hidden.reshape(counts.shape)


def merged_categories(counts: Array, other: int | None = None, n_min: int = N_MIN) -> Array:
    """Which categories of each row must be merged so that none and no merger is below ``n_min``.

    Parameters
    ----------
    counts : ndarray, rows x categories
    other : int, optional
        Position of a category that already collects the rest: it joins whenever others are merged.

    Examples
    --------
    >>> merged_categories(np.array([[40, 3, 1, 6], [10, 9, 0, 8]])).tolist()
    [[False, True, True, True], [False, False, False, False]]
    """
    counts = np.asarray(counts)
    present = counts > 0
    order = np.argsort(np.where(present, counts, np.iinfo(np.int64).max), axis=1, kind="stable")
    ranked = np.take_along_axis(np.where(present, counts, 0), order, 1)
    before = np.cumsum(ranked, axis=1) - ranked
    any_small: Array = np.any(present & (counts < n_min), axis=1)
    # In rising order: every small one, and then the next while the merger is still too small.
    take = ((ranked < n_min) | (before < n_min)) & (ranked > 0) & any_small[:, None]
    out = np.zeros_like(present)
    np.put_along_axis(out, order, take, 1)
    if other is not None:
        out[:, other] |= present[:, other] & any_small
        alone = out[:, other] & (out.sum(1) == 1)
        out[alone, other] = False
    return out
