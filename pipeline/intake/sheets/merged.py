"""Cells that a workbook merges over several rows: what stands in them holds for every one of these rows."""

from __future__ import annotations

import numpy as np

from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded

#: More merged cells than this are decoration.
MOST = 200_000


def fill(table: RawTable, row: int, numbers: bool = False) -> None:
    """Fill merged cells below the header down, as a person reads them.

    Parameters
    ----------
    table : RawTable
        Its columns are replaced.
    row : int
        The row of the headers: cells merged above it are titles.
    numbers : bool
        Whether short numbers are filled, too: among answers one cell is one answer, of however many rows.

    Examples
    --------
    >>> from pipeline.intake.files.table import from_rows
    >>> table = from_rows("a.xlsx", "", [["Unit", "U1"], ["A", "3"], ["", "4"], ["", "2"]])
    >>> table.merged = ((1, 0, 2, 0),)
    >>> fill(table, 0)
    >>> table.columns[0].texts().tolist()
    ['Unit', 'A', 'A', '']
    """
    columns: dict[int, Coded] = {}
    for top, left, bottom, _ in table.merged[:MOST]:
        if bottom <= top or top <= row or left >= table.width or top >= table.height:
            continue
        column = columns.get(left)
        if column is None:
            source = table.columns[left]
            column = columns[left] = Coded(source.codes.copy(), source.values)
        text = str(column.values[column.codes[top]])
        if not text or (not numbers and len(text) <= 2 and text.isdigit()):
            continue
        covered = slice(top + 1, min(bottom, table.height - 1) + 1)
        empty = ~column.filled()[covered] if bottom - top > 50 else _empty(column, covered)
        column.codes[covered] = np.where(empty, column.codes[top], column.codes[covered])
    if columns:
        table.columns = [columns.get(index, column) for index, column in enumerate(table.columns)]


def _empty(column: Coded, rows: slice) -> np.ndarray:
    return np.array([not column.values[code] for code in column.codes[rows]], dtype=bool)


def fill_down(column: Coded, row: int) -> Coded:
    """Return a column below the header with every empty cell as the one above it.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> fill_down(encode(["Unit", "A", "", "B", ""]), 0).texts().tolist()
    ['Unit', 'A', 'A', 'B', 'B']
    """
    there = column.filled()
    there[: row + 1] = True
    last = np.maximum.accumulate(np.where(there, np.arange(len(column)), 0))
    # Nothing stands above the first name: what is empty there stays so.
    last[(last <= row)] = np.flatnonzero(last <= row)
    return Coded(column.codes[last], column.values)


def like_merged(column: Coded) -> bool:
    """Whether a column looks as merged cells do where the merge is lost: names, each above a block of blanks.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> like_merged(encode(["A", "", "", "B", "", ""])), like_merged(encode(["A", "", "B", "A", "", ""]))
    (True, False)
    """
    there = column.filled()
    names = column.codes[there]
    # Every name once, the first in the first row, and fewer names than blanks.
    return bool(
        len(names) and there[0] and 2 * len(names) <= len(there) and len(np.unique(names)) == len(names)
    )
