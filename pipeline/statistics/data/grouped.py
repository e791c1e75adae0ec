"""Answers laid out once so that every statistic of every unit is one pass over columns.

Rows are sorted by unit; a sum within each unit is then ``numpy.add.reduceat`` over one item
at a time. Whole numbers are kept as small integers: twelve million rows of nine items take
a hundred megabytes, and their sums of products stay exact, so "no variance" is decided
exactly and not by a tolerance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.statistics.data.levels import aligned, groups
from pipeline.statistics.data.small_cells import N_MIN

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]


@dataclass(frozen=True)
class Grouped:
    """Item columns of all units, rows sorted by unit.

    Attributes
    ----------
    units : tuple of str
        Unit ids in alphabetical order.
    items : tuple of str
        Item names.
    values : ndarray (k, N)
        Answers, one contiguous row per item; 0 where there is no answer.
    seen : ndarray (k, N) of bool, or None
        Where an answer exists; None when nothing is missing.
    starts, sizes : ndarray (U,)
        First row and number of rows of each unit.
    order : ndarray (N,) or None
        Position of each sorted row in the original frame; None when it was sorted already.
    """

    units: tuple[str, ...]
    items: tuple[str, ...]
    values: Array
    seen: Array | None
    starts: Array
    sizes: Array
    order: Array | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[1])

    @property
    def unit_of_row(self) -> Array:
        """Position of each row's unit in ``units``."""
        return np.repeat(np.arange(len(self.units), dtype=np.int32), self.sizes)

    def column(self, j: int) -> Array:
        """Answers to one item as floats (0 where there is none)."""
        return self.values[j].astype(np.float64)

    def sums(self, row_values: Array) -> Array:
        """Sum a value per row within each unit, as float."""
        if len(self.units) == 0:
            return np.zeros(0)
        return np.add.reduceat(row_values, self.starts, dtype=np.float64)

    def batches(self, longest: int = 512, rows: int = 1 << 15) -> Iterator[tuple[Array, Array, Array]]:
        """Cut the units into pieces of similar length, to be handled side by side.

        Yields
        ------
        unit : ndarray (b,)
            Unit of each piece (a long unit has several pieces).
        index : ndarray (b, r)
            Rows of each piece.
        real : ndarray (b, r) of bool
            False where a shorter piece was filled up.
        """
        pieces = -(-self.sizes // longest)
        unit = np.repeat(np.arange(len(self.units)), pieces)
        part = np.arange(len(unit)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        start = self.starts[unit] + part * longest
        length = np.minimum(longest, self.starts[unit] + self.sizes[unit] - start)
        order = np.argsort(length, kind="stable")[::-1]
        low = 0
        while low < len(order):
            width = int(length[order[low]])
            chosen = order[low : low + max(1, rows // max(1, width))]
            low += len(chosen)
            step = np.arange(width)
            real = step < length[chosen][:, None]
            yield unit[chosen], np.where(real, start[chosen][:, None] + step, start[chosen][:, None]), real

    def answered(self) -> Array:
        """Count the answers per unit and item, shape (U, k)."""
        if self.seen is None:
            return np.repeat(self.sizes[:, None].astype(float), len(self.items), axis=1)
        return np.stack([self.sums(s) for s in self.seen], axis=1) if self.items else self._none()

    def asked(self) -> Array:
        """Items with at least one answer in the unit, shape (U, k): what the unit asked."""
        return self.answered() > 0

    def complete(self, asked: Array | None = None) -> Array:
        """Rows that answered every item their unit asked, shape (N,).

        Parameters
        ----------
        asked : ndarray (U, k) of bool, optional
            Items that count, by unit; by default `asked()`.
        """
        wanted = self.asked() if asked is None else asked
        whole = np.repeat(wanted.any(axis=1), self.sizes)
        if self.seen is None:
            return whole
        for j in range(len(self.items)):
            if wanted[:, j].all():
                whole &= self.seen[j]
            elif wanted[:, j].any():
                whole &= self.seen[j] | np.repeat(~wanted[:, j], self.sizes)
        return whole

    def pooled(self) -> Grouped:
        """All rows as one group named "" (no copy of the answers)."""
        some = self.rows > 0
        return Grouped(
            units=("",) if some else (),
            items=self.items,
            values=self.values,
            seen=self.seen,
            starts=np.zeros(1 if some else 0, dtype=np.intp),
            sizes=np.array([self.rows] if some else [], dtype=np.intp),
            order=self.order,
        )

    def shared(self) -> Grouped:
        """Only the items that at least half of the respondents answered.

        Units may ask indicators of their own (ruling R12): pooling them listwise would leave no
        complete row. What the city shares is what most of its respondents were asked.
        """
        if self.seen is None:
            return self
        here = self.seen.sum(axis=1)
        keep = here * 2 >= self.seen.any(axis=0).sum()
        keep &= here > 0
        if keep.all():
            return self
        return replace(
            self,
            items=tuple(item for item, kept in zip(self.items, keep) if kept),
            values=self.values[keep],
            seen=self.seen[keep],
        )

    def of(self, counted: Collection[str] | None) -> Grouped:
        """Only the respondents of some units; None: of all (R23, see `scopes`)."""
        if counted is None or set(self.units) <= set(counted):
            return self.told()
        kept = np.array([unit in counted for unit in self.units], dtype=bool)
        rows = np.repeat(kept, self.sizes)
        sizes = self.sizes[kept]
        return replace(
            self,
            units=tuple(unit for unit, here in zip(self.units, kept) if here),
            values=self.values[:, rows],
            seen=None if self.seen is None else self.seen[:, rows],
            starts=(np.cumsum(sizes) - sizes).astype(self.starts.dtype),
            sizes=sizes,
            order=np.flatnonzero(rows) if self.order is None else self.order[rows],
        ).told()

    def told(self) -> Grouped:
        """Without the answers of units in which one to four people answered an item, or all of them (R23).

        Such an item, or what is made of whole questionnaires, is not told of the unit: the city's figure less
        the others' would tell it.
        """
        if self.seen is None or not len(self.items):
            return self
        n, whole = self.answered(), self.sums(self.complete())
        few = ((n > 0) & (n < N_MIN)).any(axis=1) | ((whole > 0) & (whole < N_MIN))
        if not few.any():
            return self
        seen = self.seen & ~np.repeat(few, self.sizes)
        return replace(self, seen=seen, values=np.where(seen, self.values, 0))

    def only(self, item: str) -> Grouped:
        """One item alone (a view: no answers are copied)."""
        j = self.items.index(item)
        part = slice(j, j + 1)
        return replace(
            self,
            items=(item,),
            values=self.values[part],
            seen=None if self.seen is None else self.seen[part],
        )

    def _none(self) -> Array:
        return np.zeros((len(self.units), 0))


def group(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[Any] | None = None,
    items: Sequence[str] | None = None,
) -> Grouped:
    """Lay out a frame of item columns by unit.

    Parameters
    ----------
    answers : DataFrame
        One column per item; nullable integers or floats; missing is never zero.
    by : Series or sequence, optional
        Unit of each row, by position. None: one unit named "".
    items : sequence of str, optional
        Columns to use; by default all columns.

    Returns
    -------
    Grouped

    Raises
    ------
    KeyError
        If an item is not a column.

    Examples
    --------
    >>> import pandas as pd
    >>> g = group(pd.DataFrame({"U1": [4, None], "U2": [3, 3]}), ["a", "a"])
    >>> g.units, g.answered().tolist()
    (('a',), [[1.0, 2.0]])
    """
    names = [str(c) for c in answers.columns] if items is None else [str(item) for item in items]
    absent = [name for name in names if name not in answers.columns]
    if absent:
        raise KeyError(f"no such item column: {', '.join(absent)}")
    rows = len(answers)
    labels = groups(aligned(answers, by), rows)
    units, codes = (labels.ids, labels.codes) if rows else ((), labels.codes)
    order = None if rows < 2 or bool(np.all(codes[1:] >= codes[:-1])) else np.argsort(codes, kind="stable")
    columns, seen, small = [], [], True
    for name in names:
        narrow = _bytes(answers[name])
        if narrow is not None:
            column, here = narrow
            columns.append(column if order is None else column[order])
            seen.append(here if order is None else here[order])
            continue
        column = _floats(answers[name])
        if order is not None:
            column = column[order]
        here = np.isfinite(column)
        column = np.where(here, column, 0.0)
        if small and (np.any(np.abs(column) > 127) or np.any(column != np.rint(column))):
            small = False
        columns.append(column.astype(np.int8) if small else column)
        seen.append(here)
    # Columns narrowed before a wide one was met widen again here; whole numbers lose nothing.
    values = np.array(columns, dtype=np.int8 if small else np.float64)
    sizes = np.bincount(codes, minlength=len(units)) if rows else np.zeros(len(units), dtype=np.intp)
    return Grouped(
        units=units,
        items=tuple(names),
        values=values.reshape(len(names), rows),
        seen=None if all(bool(s.all()) for s in seen) else np.array(seen),
        starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp) if len(units) else sizes,
        sizes=sizes,
        order=order,
    )


def _bytes(column: pd.Series) -> tuple[Array, Array] | None:
    """Answers of a column of nullable bytes (0 where there is none), and where there is one; else None."""
    import pandas as pd

    if column.dtype != pd.Int8Dtype():
        return None
    here = column.notna().to_numpy()
    return np.where(here, column.to_numpy(dtype=np.int8, na_value=0), np.int8(0)), here


def _floats(column: pd.Series) -> Array:
    import pandas as pd

    return np.asarray(pd.to_numeric(column).to_numpy(dtype="float64", na_value=np.nan), dtype=float)
