"""Give every group the same answer categories, or say that it cannot be done.

A threshold can only be equal in two groups that both have it. Under strong ceiling some group never
used the lowest answer; that answer is then joined to its neighbour in *every* group, and named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.statistics.data.grouped import Array

#: Categories an item needs: with two, equal thresholds cannot be told from unequal spread.
FEWEST = 3


@dataclass(frozen=True)
class Joined:
    """One item's answers after joining.

    Attributes
    ----------
    codes : list of ndarray
        Answers of each group as 0, 1, 2, ...
    categories : int
    note : str
        Which answers were joined, as "1+2"; "" where none.
    """

    codes: list[Array]
    categories: int
    note: str


def join(groups: list[Array]) -> Joined:
    """Join answers that some group never gave to their neighbour towards the middle, in all groups.

    Parameters
    ----------
    groups : list of ndarray
        Answers of each group to one item, whole numbers.

    Notes
    -----
    The answer given least often goes first; it joins the neighbour of fewer answers. Joining keeps the
    model estimable and costs information; it is never done where every group used every answer.

    References
    ----------
    Rutkowski, L., Svetina, D., Liaw, Y.-L. (2019). Collapsing categorical variables and measurement
    invariance. Structural Equation Modeling, 26, 790-802.

    Examples
    --------
    >>> join([np.array([1, 2, 3, 4]), np.array([2, 3, 4, 4])]).note
    '1+2'
    """
    values = np.unique(np.concatenate(groups))
    counts = np.stack([[(g == v).sum() for v in values] for g in groups]).astype(float)
    blocks = [[i] for i in range(len(values))]
    while len(blocks) > 1:
        table = np.stack([counts[:, block].sum(axis=1) for block in blocks], axis=1)
        empty = np.flatnonzero((table == 0).any(axis=0))
        if len(empty) == 0:
            break
        total = table.sum(axis=0)
        at = int(empty[np.argmin(total[empty])])
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(blocks)]
        to = min(beside, key=lambda i: (total[i], i))
        low = min(at, to)
        blocks[low : low + 2] = [blocks[low] + blocks[low + 1]]
    lookup = np.zeros(len(values), dtype=int)
    for code, block in enumerate(blocks):
        lookup[block] = code
    note = " ".join("+".join(f"{values[i]:g}" for i in block) for block in blocks if len(block) > 1)
    return Joined([lookup[np.searchsorted(values, g)] for g in groups], len(blocks), note)
