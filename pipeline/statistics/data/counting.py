"""How often groups answered what, and sums of looked-up numbers over the items of each row.

Over millions of rows a pass costs more than arithmetic: neighbouring items are read as one number
of several digits, so that one pass counts or looks up two or three of them.
"""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.levels import Levels

Array = np.ndarray

#: Rows looked up at a time, so that what is gathered stays in the processor's cache.
_PIECE = 16_384
#: Largest number that several answers are read as while counting: it fits one byte.
_BYTE = 256


def _together(groups: int, width: int, items: int, most: int) -> int:
    """How many items to read at once, so that there are at most ``most`` cells; at least one."""
    step = 1
    while step < items and groups * width ** (step + 1) <= most:
        step += 1
    return step


def level_counts(levels: Levels, codes: Array, size: int) -> Array:
    """How often each level of each item occurs in each group.

    Parameters
    ----------
    levels : Levels
    codes : ndarray of int
        Group of each row; ``size`` means none.
    size : int
        Number of groups.

    Returns
    -------
    ndarray of int, groups x items x levels

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import levels as read
    >>> answers = read(pd.DataFrame({"U1": [4, 4, None], "U2": [3, 4, 4]}))
    >>> level_counts(answers, np.array([0, 0, 1]), 1)[0].tolist()
    [[0, 0, 0, 0, 2], [0, 0, 0, 1, 1]]
    """
    k, width = len(levels.items), levels.count
    out = np.empty((size, k, width), dtype=np.int64)
    step = 1
    if width <= _BYTE:
        # More cells than rows would cost more than another pass.
        step = min(_together(1, width, k, _BYTE), _together(size + 1, width, k, len(codes)))
    place = np.empty(len(codes), dtype=np.intp)
    for first in range(0, k, step):
        items = range(first, min(first + step, k))
        joint = levels.codes[:, first]
        for j in items[1:]:
            joint = joint * np.uint8(width) + levels.codes[:, j]
        cells = width ** len(items)
        np.multiply(codes, cells, out=place, dtype=np.intp, casting="unsafe")
        place += joint
        found = np.bincount(place, minlength=(size + 1) * cells)[: size * cells]
        table = found.reshape((size, *[width] * len(items)))
        for axis, j in enumerate(items, start=1):
            others = tuple(other for other in range(1, len(items) + 1) if other != axis)
            out[:, j] = table.sum(axis=others) if others else table
    return out


def add_up(levels: Levels, of: Array, tables: Array, dtype: type) -> Array:
    """Sum over items of ``tables[item, of[row], level]`` for each row, in the order of the items.

    Parameters
    ----------
    levels : Levels
    of : ndarray of int
        Which part of the tables each row looks in.
    tables : ndarray, items x parts x levels
    dtype : type
        Of the sums.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import levels as read
    >>> answers = read(pd.DataFrame({"U1": [4, 3], "U2": [3, None]}))
    >>> add_up(answers, np.zeros(2, dtype=int), np.tile(answers.values, (2, 1, 1)), float).tolist()
    [7.0, 3.0]
    """
    width, parts = levels.count, tables.shape[1]
    used = [j for j in range(len(levels.items)) if tables[j].any()]
    out: Array = np.zeros(len(of), dtype=dtype)
    plan = _plan(tables, used, width, max(len(of) // 4, parts * width))
    place, value = np.empty(_PIECE, dtype=np.intp), np.empty(_PIECE, dtype=tables.dtype)
    for start in range(0, len(of), _PIECE):
        rows = slice(start, min(start + _PIECE, len(of)))
        here, found = place[: rows.stop - start], value[: rows.stop - start]
        for items, table in plan:
            here[:] = of[rows]
            for j in items:
                here *= width
                here += levels.codes[rows, j]
            out[rows] += np.take(table, here, out=found, mode="clip")
    return out


def _plan(tables: Array, used: list[int], width: int, most: int) -> list[tuple[list[int], Array]]:
    """Tables to look in, one after the other: items that are read at once, and their sums.

    Sums of floats depend on their order in the last digit, so only the first items, which are
    added up from the left anyway, may share a table.
    """
    parts, floats = tables.shape[1], tables.dtype.kind == "f"
    step = _together(parts, width, len(used), most) if used else 1
    plan, first = [], 0
    while first < len(used):
        items = used[first : first + (1 if floats and first else step)]
        table = np.zeros((parts, 1), dtype=tables.dtype)
        for j in items:
            table = (table[:, :, None] + tables[j][:, None, :]).reshape(parts, -1)
        plan.append((items, table.ravel()))
        first += len(items)
    return plan
