"""A raw table as it was read: cells as text, with the row numbers a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pipeline.intake.ground.coded import Coded, encode
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.survey.identity.persons import shown

#: More missing cells than this are not filled up.
MAX_EMPTY = 20_000_000


@dataclass
class RawTable:
    """Every row of a file or sheet, the rows above the header included.

    ``first`` is the number a spreadsheet gives the first row; a quoted line break inside a
    cell does not start a new row, an empty line does.

    ``names`` are second names of the columns (the variables of an SPSS file, whose labels are
    the headers). With ``headed`` the first row is known to be the header. ``hidden`` are the
    positions of rows that the workbook hides, ``notes`` what else needs to be said, ``unpacked``
    that cells holding several answers were already taken apart. ``label`` is what the table is
    called where its own name may not be shown.
    """

    file: str
    sheet: str
    columns: list[Coded]
    first: int = 1
    names: tuple[str, ...] = ()
    headed: bool = False
    unpacked: bool = False
    hidden: frozenset[int] = frozenset()
    notes: list[Problem] = field(default_factory=list)
    label: str = ""
    #: The number of every row, where they do not just count on: lines of a dump.
    numbers: np.ndarray | None = None
    #: Whether the sheet is said even where it is the only one: a dump has more tables than are read.
    keeps_sheet: bool = False
    #: Cells merged by the workbook: top, left, bottom, right, as positions.
    merged: tuple[tuple[int, int, int, int], ...] = ()
    #: Where the header is known to stand, and the rows that belong to no table of answers.
    header: int | None = None
    apart: frozenset[int] = frozenset()

    @property
    def origin(self) -> str:
        """File, and sheet where there are several, as they are called."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    @property
    def name(self) -> str:
        """The name in ledger and counts: the origin, should that identify nobody."""
        return self.label or (f"{shown(self.file)}#{shown(self.sheet)}" if self.sheet else shown(self.file))

    @cached_property
    def height(self) -> int:
        """Number of rows, header and titles included."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns)

    def row(self, index: int) -> list[str]:
        """Return the cells of one row."""
        return [str(column.values[column.codes[index]]) for column in self.columns]

    @cached_property
    def rows(self) -> np.ndarray:
        """The spreadsheet's number of every row."""
        if self.numbers is not None:
            return self.numbers
        return np.arange(self.first, self.first + self.height, dtype=np.int64)


def from_rows(file: str, sheet: str, rows: Sequence[Sequence[str]], first: int = 1) -> RawTable:
    """Make a table of rows that may differ in length; missing cells are empty."""
    width = max((len(row) for row in rows), default=0)
    filled = sum(map(len, rows))
    if width * len(rows) > MAX_EMPTY and width * len(rows) > 20 * filled:
        longest = max(range(len(rows)), key=lambda place: len(rows[place]))
        raise Refused(
            f"one row has {width:,} cells, the {len(rows):,} rows have {filled:,} together: it is no table",
            "look at that row; save the table again",
            row=longest + first,
        )
    if any(len(row) < width for row in rows):
        rows = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
    columns = [encode(cells) for cells in zip(*rows)]
    return RawTable(file, sheet, columns, first)


def letter(index: int) -> str:
    """Return the letters a spreadsheet gives a column (0 is A).

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
