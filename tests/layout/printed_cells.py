"""Cells of printed tables, known by the tags of the page: those of many lines beside free width."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pypdfium2 import raw

from tests.layout.printed import MARGIN_MM, MM, Letter, Line, Sheet, lines_of

#: More lines than this are too many for a cell where a wider one would have fewer.
LINES = 3
#: White between the texts of two columns, in sizes of their letters; less than this in points is not free.
BETWEEN, FREE_PT = 1.0, 18.0
#: A text of several lines fills them to this much less than their width.
RAGGED = 1.15


@dataclass(frozen=True)
class Cell:
    """A cell: whether it heads its column, and its lines."""

    heads: bool
    lines: list[Line]

    @property
    def text(self) -> str:
        """All lines."""
        return " ".join(line.text for line in self.lines)

    @property
    def left(self) -> float:
        return min(line.letters[0].left for line in self.lines)

    @property
    def right(self) -> float:
        return max(line.letters[-1].right for line in self.lines)

    @property
    def length(self) -> float:
        """Length of all lines behind each other."""
        return sum(line.letters[-1].right - line.letters[0].left for line in self.lines)

    @property
    def word(self) -> float:
        """Length of the longest piece that does not break."""
        longest = start = 0.0
        for line in self.lines:
            start = line.letters[0].left
            for before, letter in pairwise(line.letters):
                if letter.apart_from(before):
                    start = letter.left
                longest = max(longest, letter.right - start)
            longest = max(longest, line.letters[-1].right - start)
        return longest


def _kind(element: Any) -> str:
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    text = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, text, size)
    return text.raw[: size - 2].decode("utf-16-le")


def _marked(element: Any) -> Iterator[int]:
    """Numbers of what an element and those below it hold."""
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        below = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if below:
            yield from _marked(below)
        else:
            yield raw.FPDF_StructElement_GetChildMarkedContentID(element, at)


def _below(element: Any, kinds: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The nearest elements of some kinds below an element."""
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        below = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if below:
            kind = _kind(below)
            if kind in kinds:
                yield kind, below
            else:
                yield from _below(below, kinds)


def tables(page: Sheet) -> Iterator[list[list[Cell]]]:
    """Tables of a page, row by row; of one that began before it the rows that stand here."""
    tree = raw.FPDF_StructTree_GetForPage(page.page)
    if not tree:
        return
    letters: dict[int, list[Letter]] = {}
    for letter in page.letters:
        if letter.marked >= 0:
            letters.setdefault(letter.marked, []).append(letter)
    try:
        for at in range(raw.FPDF_StructTree_CountChildren(tree)):
            top = raw.FPDF_StructTree_GetChildAtIndex(tree, at)
            found = [top] if _kind(top) == "Table" else [one for _, one in _below(top, ("Table",))]
            for table in found:
                yield [
                    [
                        Cell(
                            kind == "TH",
                            lines_of(
                                (one for mark in _marked(cell) for one in letters.get(mark, [])), level=0.5
                            ),
                        )
                        for kind, cell in _below(row, ("TH", "TD"))
                    ]
                    for _, row in _below(table, ("TR",))
                ]
    finally:
        raw.FPDF_StructTree_Close(tree)


@dataclass(frozen=True)
class Column:
    """What a column takes and what it needs: its edges, whether a cell of it is folded, the room it can do with,
    its longest word."""

    left: float
    right: float
    folded: bool
    need: float
    word: float


def _column(cells: list[Cell]) -> Column:
    said = [cell for cell in cells if cell.lines]
    if not said:
        return Column(math.inf, -math.inf, False, 0.0, 0.0)
    body = [cell for cell in said if not cell.heads]
    # A heading of three lines takes a third of its length; numbers under it do not fold.
    heads = [max(cell.word, RAGGED * cell.length / LINES) for cell in said if cell.heads]
    return Column(
        min(cell.left for cell in said),
        max(cell.right for cell in said),
        any(len(cell.lines) > 1 for cell in body),
        max([cell.right - cell.left for cell in body] + heads),
        max(cell.word for cell in said),
    )


def folded(page: Sheet) -> Iterator[str]:
    """Cells of more lines than a reader likes beside width that is free: right of the table, in other columns."""
    edge = page.page.get_size()[0] - MARGIN_MM * MM
    for rows in tables(page):
        wide = max(map(len, rows), default=0)
        grid = [row for row in rows if len(row) == wide]
        long = [(at, cell) for row in grid for at, cell in enumerate(row) if len(cell.lines) > LINES]
        if not long:
            continue
        columns = [_column([row[at] for row in grid]) for at in range(wide)]
        for at, cell in long:
            free = _free(columns, at, edge, cell.lines[0].size)
            own = max(columns[at].right - columns[at].left, 1.0)
            lines = math.ceil(RAGGED * cell.length / (own + free))
            if free > FREE_PT and lines < len(cell.lines):
                yield f"{len(cell.lines)} lines beside {free:.0f} free points: {cell.text[:60]}"


def _free(columns: list[Column], own: int, edge: float, size: float) -> float:
    """Width in points that other columns of a table, or what is beside it, could give to one of them."""
    shown = [(at, column) for at, column in enumerate(columns) if column.right > column.left]
    last = shown[-1][1]
    # A folded column reaches farther than its text: the next word had no room.
    free = max(0.0, edge - last.right - (last.word if last.folded else 0.0))
    for place, (at, column) in enumerate(shown):
        if at == own or column.folded:
            continue
        # A column reaches half-way to its neighbours' texts; beside a folded one its own text says how far.
        before = shown[place - 1][1] if place else None
        after = shown[place + 1][1] if place + 1 < len(shown) else None
        left = column.left if before is None or before.folded else (before.right + column.left) / 2
        right = column.right if after is None else (column.right + after.left) / 2
        free += max(0.0, right - left - column.need - BETWEEN * size)
    return free
