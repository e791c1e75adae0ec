"""Where the rows of answers of an undescribed table begin and end, and what stands above them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.columns.header_text import import_ids
from pipeline.intake.files.table import RawTable
from pipeline.intake.values import likert

#: How far down headers are looked for, and how many rows below them are looked at.
SEARCH, BELOW = 30, 200
_NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d+)?")
_SMALL = re.compile(r"-?\d{1,2}(?:[.,]0+)?")
#: What begins a row of sums, means or notes below the answers.
_ENDS = re.compile(
    r"^\W*(?:grand\s+)?(?:jumlah|jml|total|rata|rerata|mean|average|sum|skor|nilai|min\b|max\b|minimum|maksimum|maximum"
    r"|standar|std|st\.?\s*dev|simpangan|varian|r\s*-?\s*(?:hitung|tabel|count)|valid|alpha|keterangan|ket\b|catatan|note"
    r"|sumber|source|persen|%)",
    re.I,
)


@dataclass(frozen=True)
class Place:
    """Header row (-1: none), rows of answers, and per column its header and second name."""

    header: int
    rows: slice
    headers: tuple[str, ...]
    names: tuple[str, ...]
    #: Rows above the header, nearest first, that may hold cells covering several columns.
    above: tuple[int, ...] = field(default=())


def counting(cells: Sequence[str]) -> bool:
    """Whether the numbers of a row only count: 1, 2, 3, also anew under every group.

    Examples
    --------
    >>> counting(list("12312345")), counting(list("34334")), counting(["(1)", "(2)", "(3)", "(4)"])
    (True, False, True)
    """
    numbers = [int(bare) for cell in cells if (bare := cell.strip("() ")).isdigit() and len(bare) <= 3]
    if len(numbers) < 4 or 2 * len(numbers) < sum(map(bool, cells)):
        return False
    return numbers[0] == 1 and all(b in (a + 1, 1) for a, b in itertools.pairwise(numbers))


def place(table: RawTable) -> Place | None:
    """Return where headers and answers of a table stand; None where it holds too few rows of numbers or words."""
    if table.height < 4 or table.width < 3:
        return None
    head = 0 if table.headed else _header(table)
    if head is None:
        return None
    columns = _columns(table, head + 1)
    if not columns:
        return None
    stop = _stop(table, head + 1, columns)
    if stop - head - 1 < 3:
        return None
    if head < 0:
        names = tuple("" for _ in range(table.width))
        return Place(-1, slice(0, stop), tuple(f"butir {n + 1}" for n in range(table.width)), names)
    return _named(table, head, stop, columns)


def _named(table: RawTable, head: int, stop: int, columns: list[int]) -> Place:
    """Choose among the rows above the answers: questions, codes, the line of import ids."""
    first = head + 1
    while head > 0 and (import_ids(table.row(head)) or _spare(table, head, columns)):
        head -= 1
    cells = [" ".join(cell.split()) for cell in table.row(head)]
    names = list(table.names) or [""] * table.width
    if head > 0 and not any(names):
        other = [" ".join(cell.split()) for cell in table.row(head - 1)]
        full = sum(bool(other[i]) for i in columns) >= 0.8 * len(columns)
        distinct = len({other[i] for i in columns}) >= 0.8 * len(columns)
        if full and distinct:
            names = other
    above = tuple(
        row
        for row in (head - 1, head - 2)
        if row >= 0 and not (names != [""] * table.width and row == head - 1)
    )
    for row in above:
        upper_row = table.row(row)
        if sum(bool(cell) for cell in upper_row) >= 2:
            cells = [cell or " ".join(upper_row[i].split()) for i, cell in enumerate(cells)]
    return Place(head, slice(first, stop), tuple(cells), tuple(names), above if not table.headed else ())


def _first(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell), "")


def _spare(table: RawTable, row: int, columns: list[int]) -> bool:
    """Whether a row only counts columns that have proper headers above it."""
    cells, over = table.row(row), table.row(row - 1)
    own = sum(bool(over[i]) for i in columns)
    return (
        counting(cells)
        and own >= 0.8 * len(columns)
        and len({over[i] for i in columns}) >= 0.8 * len(columns)
    )


def _header(table: RawTable) -> int | None:
    """Return the row in which most cells are unlike the column below: the lowest, where several are."""
    best, row_of = 0, None
    for row in range(min(table.height - 3, SEARCH)):
        cells = table.row(row)
        if sum(map(bool, cells)) < 3:
            continue
        count = counting(cells)
        hits = 0
        for index, cell in enumerate(cells):
            if not cell:
                continue
            bare = cell.strip("() ")
            foreign = (count and bare.isdigit()) or not (_NUMBER.fullmatch(cell) or _rates(cell))
            if not foreign:
                continue
            below = _answers(table, index, row + 1)
            hits += below is not None and likert.bare(cell)[0] not in below
        # Rows of one header stand together: a row further down that is as good is an answer that counts 1, 2, 3.
        if hits >= 3 and (hits > best or (hits == best and row - (row_of or 0) <= 3)):
            best, row_of = hits, row
    if row_of is not None:
        return row_of
    small = [
        i
        for i in range(table.width)
        if _answers(table, i, 0) is not None and _SMALL.fullmatch(table.row(0)[i])
    ]
    return -1 if len(small) >= 3 and 2 * len(small) >= table.width else None


def _rates(text: str) -> bool:
    """Whether a cell is an answer in words: a degree other than the word alone, or a short form."""
    folded = likert.bare(text)[0]
    if any(folded in line for line in likert.tables()["short"]) and len(folded) <= 3:
        return True
    found = likert.degree(folded)
    return found is not None and found[0] != "+" and len(folded.split()) <= 4


def _answers(table: RawTable, index: int, start: int) -> frozenset[str] | None:
    """Return the words of a scale in a column below a row, none where it holds numbers; None where neither."""
    counts = table.columns[index].take(slice(start, min(table.height, start + BELOW))).used()
    total = sum(counts.values())
    if total < 3:
        return None
    numbers = sum(n for t, n in counts.items() if _NUMBER.fullmatch(t))
    if numbers >= 0.7 * total:
        return frozenset()
    if len(counts) > 20:
        return None
    words = {likert.bare(t)[0]: n for t, n in counts.items() if not _NUMBER.fullmatch(t)}
    often = [text for text, n in words.items() if n >= 0.02 * total or n >= 2]
    if likert.find(often):
        return frozenset(often)
    codes = [t for t in counts if re.fullmatch(r"(?:[A-Za-z]{1,2}\d|[A-Ga-g])", t)]
    return frozenset(map(str.casefold, codes)) if sum(counts[t] for t in codes) >= 0.7 * total else None


def _columns(table: RawTable, start: int) -> list[int]:
    return [index for index in range(table.width) if _answers(table, index, start) is not None]


def _stop(table: RawTable, start: int, columns: list[int]) -> int:
    """Return the row after the last row of answers: before a blank row with something else below, or sums."""
    filled = np.zeros(table.height, dtype=np.int32)
    for index in columns:
        filled += table.columns[index].filled()
    body = filled[start:]
    if not len(body):
        return start
    usual = float(np.median(body[body > 0])) if (body > 0).any() else 0.0
    seen = 0
    for row in range(start, table.height):
        if filled[row] == 0:
            if seen >= 3 and not any(table.row(row)):
                # A blank row ends the answers where little of their kind comes below it.
                below = filled[row + 1 :]
                if int((below >= 0.5 * usual).sum()) < 0.5 * seen:
                    return row
            continue
        seen += 1
        if seen > 3 and table.height - row <= 40 and _ENDS.match(_first(table.row(row))):
            return row
    return table.height


def upper(table: RawTable, where: Place, index: int) -> str:
    """Return the text of the cell above a header that covers several columns, if there is one."""
    for row in where.above:
        cells = table.row(row)
        texts = [" ".join(cell.split()) for cell in cells]
        if sum(map(bool, texts)) < 2:
            continue
        spanning = next((texts[i] for i in range(index, -1, -1) if texts[i]), "")
        start = next((i for i in range(index, -1, -1) if texts[i]), index)
        wide = start + 1 < len(texts) and not texts[start + 1]
        if spanning and wide and spanning != where.headers[index]:
            return spanning
    return ""
