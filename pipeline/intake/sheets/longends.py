"""Where a long table ends: an empty line and, below it, the headers of another table."""

from __future__ import annotations

import numpy as np

from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.problems import Problem


def leave_out(table: RawTable, row: int) -> None:
    """Put the rows of a second table apart, and name it.

    Examples
    --------
    >>> from pipeline.intake.files.table import from_rows
    >>> rows = [["id", "unit"], ["1", "a"], ["2", "b"], ["", ""], ["kode", "nama"], ["a", "Dinas A"]]
    >>> table = from_rows("a.csv", "", rows)
    >>> leave_out(table, 0)
    >>> sorted(table.apart), table.notes[0].row
    ([3, 4, 5], 5)
    """
    blank = np.arange(row + 1, table.height)
    for column in table.columns:
        blank = blank[~column.filled()[blank]] if len(blank) else blank
    for place in blank.tolist():
        if place + 1 >= table.height or not any(table.row(place + 1)):
            continue
        cells = table.row(place + 1)
        if _headers(table, row, place, cells):
            first = next(cell for cell in cells if cell)
            table.apart = table.apart | frozenset(range(place, table.height))
            table.notes.append(
                Problem(
                    f'another table begins below the answers, with "{first}": it is not read',
                    "if it holds answers, put it on a sheet of its own, with headers like those of the answers",
                    row=int(table.rows[place + 1]), fatal=False,
                )
            )  # fmt: skip
            return


def _headers(table: RawTable, row: int, end: int, cells: list[str]) -> bool:
    """Whether cells are words of their own where the rows above hold numbers, or texts that come again."""
    told = [(index, cell) for index, cell in enumerate(cells) if cell]
    if len(told) < 2 or any(cell[0].isdigit() for _, cell in told) or len({c for _, c in told}) < len(told):
        return False
    unlike = 0
    for index, cell in told:
        column = table.columns[index].take(slice(row + 1, end))
        texts = column.sample()
        if cell in column.used():
            return False
        unlike += 10 * sum(text[:1].isdigit() for text in texts) >= 9 * len(texts) > 0
    return unlike > 0
