"""Small cells of counts: which to merge, which to hide, for many tables at once (R6)."""

from __future__ import annotations

import numpy as np

from pipeline import rules

Array = np.ndarray

#: Below this number of respondents nothing but their number is shown.
N_MIN = rules.PRIVATE_BELOW


def hidden_cells(counts: Array, n_min: int = N_MIN) -> Array:
    """Which cells must be hidden when the margins are known; leading axes are separate tables.

    Small cells first; then, while a row or a column has exactly one hidden cell, its smallest
    other cell is hidden too (one that holds somebody, where there is one), so that no margin minus
    the rest gives a hidden count. Two hidden cells in every line are not enough: a count can still follow
    from several lines together, or be confined to a few values by those beside it. So each small cell
    becomes a corner of a rectangle of hidden cells along which people can be moved, margins kept, until
    the cell is empty or holds ``n_min``; where a table has no such rectangle, all of it is hidden.

    Examples
    --------
    >>> hidden_cells(np.array([[3, 20], [30, 40]])).tolist()
    [[True, True], [True, True]]
    """
    counts = np.asarray(counts, dtype=float)
    flat = counts.reshape(-1, *counts.shape[-2:])
    hidden = (flat > 0) & (flat < n_min)
    _by_lines(flat, hidden)
    if min(flat.shape[1:]) > 1:
        _by_rectangles(flat, hidden, n_min)
        # A cell that was hidden for another one may be the only one of its line no more, never again alone.
        _by_lines(flat, hidden)
    return hidden.reshape(counts.shape)


def _by_lines(flat: Array, hidden: Array) -> None:
    """Hide a second cell where a row or a column has exactly one; changes ``hidden``."""
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


def _by_rectangles(flat: Array, hidden: Array, n_min: int) -> None:
    """Give each small cell a rectangle of hidden cells in which it could be empty, or not small."""
    height, width = flat.shape[1:]
    for i in range(height):
        for j in range(width):
            near = np.flatnonzero((flat[:, i, j] > 0) & (flat[:, i, j] < n_min))
            if not len(near):
                continue
            value = flat[near, i, j]
            need = n_min - value
            best = np.full(len(near), np.inf)
            chosen = np.full((len(near), 2), -1)
            for k in (row for row in range(height) if row != i):
                for m in (column for column in range(width) if column != j):
                    beside, below, across = flat[near, i, m], flat[near, k, j], flat[near, k, m]
                    able = (across >= value) & (beside >= need) & (below >= need)
                    cost = beside * ~hidden[near, i, m] + below * ~hidden[near, k, j]
                    cost = np.where(able, cost + across * ~hidden[near, k, m], np.inf)
                    better = cost < best
                    best[better] = cost[better]
                    chosen[better] = k, m
            found = np.isfinite(best)
            rows, (k, m) = near[found], chosen[found].T
            hidden[rows, i, m] = hidden[rows, k, j] = hidden[rows, k, m] = True
            hidden[near[~found]] = True


def few_answered(n: Array, mean: Array, scale: tuple[float, float], n_min: int = N_MIN) -> Array:
    """Items that are not told of a unit: those few answered, and the next smallest beside them.

    The index is the mean of all items: with one unknown among them it could be solved for. And with too
    little room beside it nearly so: means at the upper end of the scale leave one at the end no other
    value. So items are hidden until they could be one step of the scale higher, or lower, between them.

    Parameters
    ----------
    n, mean : ndarray, units x items
        Answers and their mean.
    scale : (float, float)
        Lowest and highest answer.
    n_min : int
        Fewer are few.

    Examples
    --------
    >>> n, mean = np.array([[40, 3, 39, 40]] * 2), np.array([[3.2, 4, 3.1, 3], [3.2, 4, 2.9, 3]])
    >>> few_answered(n, mean, (1, 4)).tolist()
    [[True, True, True, False], [False, True, True, False]]
    """
    low: Array = (n > 0) & (n < n_min)
    for u in np.flatnonzero(low.any(1)):
        above = below = 0.0
        for j in np.argsort(np.where(low[u] | (n[u] == 0), np.inf, n[u]), kind="stable"):
            if low[u, j] or n[u, j] == 0 or min(above, below) >= 1:
                break
            low[u, j] = True
            above, below = above + scale[1] - mean[u, j], below + mean[u, j] - scale[0]
    return low


def merged_categories(counts: Array, other: int | None = None, n_min: int = N_MIN) -> Array:
    """Which categories of each row must be merged so that none and no merger is below ``n_min``.

    Parameters
    ----------
    counts : ndarray, rows x categories
    other : int, optional
        Position of a category that already collects the rest: it joins whenever others are merged.
    n_min : int
        Fewer are few.

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
