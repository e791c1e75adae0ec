"""What stands below a header on one sheet: blocks of answers with titles, and tables that are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.columns import header_text as titles
from pipeline.intake.columns import headerrow
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.problems import Problem
from pipeline.intake.sheets import sums
from pipeline.intake.values.answers import ANSWERED, NOT_APPLICABLE, ItemReader
from pipeline.intake.values.items import ItemSet, position
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

#: Rows without answers that are looked at; a table with more is full of people who answered nothing.
MOST = 4000
#: Columns of answers that tell whether a row answers anything.
PROBES = 4
#: A column with more texts than this holds no answers to a question with options.
MOST_TEXTS = 500
#: What recognised cells add up to in a row of headers.
ENOUGH = 6.0
#: Cells of a title, a note, a signature.
FEW = 3
#: Rows above a header in which its title may stand.
TITLES = 12


@dataclass
class Block:
    """Rows of answers under one title: where it begins, its header, its first row of data.

    ``own`` tells that its header is not that of the block above; ``bare`` that it has none, only a title.
    """

    begin: int
    header: int
    data: int
    titles: list[str] = field(default_factory=list)
    own: bool = False
    bare: bool = False


def blocks(table: RawTable, row: int, entry: FileEntry, items: ItemSet) -> list[Block]:
    """Return the blocks of answers of a sheet; what belongs to none is put apart and named."""
    first = Block(0, row, row + 1, _texts(table, range(max(row - TITLES, 0), row)))
    reader = _Below(table, row, entry, items)
    found, gone = [first], set(table.apart)
    other: tuple[int, int] | None = None
    for start, stop in reader.runs():
        block = reader.block(start, stop)
        if block is not None:
            if other:
                gone.update(reader.leave_out(*other, block.begin))
                other = None
            found.append(block)
            gone.update(
                i for i in range(block.begin, block.data) if i == block.header or not reader.person(i)
            )
        elif start == row + 1 and reader.continues(start, stop):
            gone.update(range(start, stop))
        elif other is None:
            other = reader.other(start, stop)
            if other is None and stop == table.height:
                gone.update(reader.tail(start, stop))
    if other:
        gone.update(reader.leave_out(*other, table.height))
    table.apart = frozenset(gone)
    ends = [*(block.begin for block in found[1:]), table.height]
    # A title above a header under which titles of units follow has no rows of its own.
    lived = [b for b, end in zip(found, ends) if b is first or any(i not in gone for i in range(b.data, end))]
    if len(lived) > 1 and lived[1].bare and all(i in gone for i in range(first.data, lived[1].begin)):
        lived[1] = Block(0, row, lived[1].data, lived[1].titles, bare=True)
        return lived[1:]
    return lived


def _texts(table: RawTable, rows: range) -> list[str]:
    """Return the texts of title rows: those with few cells, at least one of them words."""
    out = []
    for index in rows:
        cells = [cell for cell in table.row(index) if cell]
        if 0 < len(cells) <= FEW and any(c.isalpha() for c in cells[0]):
            joined = " ".join(cells)
            out.append(joined if ":" in joined or len(cells) == 1 or cells[0].rstrip().endswith(":") else
                       f"{cells[0]}: {' '.join(cells[1:])}")  # fmt: skip
    return out


class _Below:
    """Says of the rows without answers what they are."""

    def __init__(self, table: RawTable, row: int, entry: FileEntry, items: ItemSet) -> None:
        self.table, self.row, self.items = table, row, items
        self.wanted = headerrow.named(entry)
        self.heads = [fold(text) for text in titles.texts(table, row)]
        self.columns = self._items(titles.texts(table, row))
        below = slice(row + 1, table.height)
        self.filled = {i: table.columns[i].filled()[below] for i in self.columns}
        # "Saran" and "Waktu" name an unsur, too; no question has so many answers that differ.
        few = [i for i in self.columns if len(table.columns[i].values) <= MOST_TEXTS]
        fullest = sorted(few, key=lambda i: -int(self.filled[i].sum()))[:PROBES]
        silent = np.ones(max(table.height - row - 1, 0), dtype=bool)
        for index in fullest:
            column = table.columns[index]
            reader = items.readers.get(self.columns[index])
            used = np.bincount(column.codes[below], minlength=len(column.values)) > 0
            answers = [u and _answers(str(v), reader) for u, v in zip(used, column.values)]
            silent &= ~np.array(answers, dtype=bool)[column.codes[below]]
        self.silent = silent if fullest else np.zeros_like(silent)
        if len(silent) and titles.import_ids(table.row(row + 1)):
            self.silent[0] = False  # the third row of headers of an export: no table begins here
        self._typical: list[tuple[int, bool]] | None = None

    def _items(self, heads: list[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for index, head in enumerate(heads):
            for text in titles.candidates(head) if head else ():
                hit = self.items.match(text)
                number = position(text)
                code = hit[0] if hit else self.items.by_position(number, "form") if number else None
                if code or fold(text) in self.wanted:
                    found.setdefault(index, code or "")
        if any(found.values()):
            return {index: code for index, code in found.items() if code}
        return found

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield rows without answers that follow one another."""
        places = np.flatnonzero(self.silent) + self.row + 1
        if not len(places) or len(places) > MOST:
            return
        cuts = np.flatnonzero(np.diff(places) > 1)
        for start, stop in zip([0, *(cuts + 1)], [*cuts, len(places) - 1]):
            yield int(places[start]), int(places[stop]) + 1

    @property
    def typical(self) -> list[tuple[int, bool]]:
        """Columns that are no answers and that nearly every row with answers fills; whether with digits."""
        if self._typical is None:
            answering = np.flatnonzero(~self.silent) + self.row + 1
            self._typical = []
            for index, column in enumerate(self.table.columns):
                there = column.filled()[answering]
                if index not in self.columns and len(there) and there.mean() > 0.8:
                    sample = [str(t) for t in column.values[column.codes[answering[:200]]] if t]
                    self._typical.append((index, 2 * sum(map(_numbered, sample)) > len(sample)))
        return self._typical

    def person(self, index: int) -> bool:
        """Whether a row without answers says of somebody what the others say."""
        cells = self.table.row(index)
        return bool(self.typical) and all(
            cells[i] and (_numbered(cells[i]) or not digits) for i, digits in self.typical
        ) and not self._known(cells)  # fmt: skip

    def _known(self, cells: list[str]) -> bool:
        return (
            sum(bool(c) for c in cells) >= FEW and headerrow.weigh(cells, self.wanted, self.items) >= ENOUGH
        )

    def block(self, start: int, stop: int) -> Block | None:
        """Return the block of answers that begins in a run, by a header or by a title alone."""
        if stop >= self.table.height:
            return None
        headers = [i for i in range(start, stop) if self._known(self.table.row(i))]
        begin = next((i for i in range(start, stop) if not self.person(i)), stop)
        if headers:
            at = headers[-1]
            cells = [fold(text) for text in titles.texts(self.table, at)]
            same = sum(a == b for a, b in zip(cells, self.heads) if b)
            own = 10 * same < 8 * sum(bool(head) for head in self.heads)
            if not self._holds_answers(at, stop):
                return None
            self.heads = cells
            data = next((i for i in range(at + 1, stop) if self.person(i)), stop)
            return Block(begin, at, data, _texts(self.table, range(begin, at)), own)
        named = [i for i in range(begin, stop) if self._title(i)]
        if not named or any(self._heads(i) for i in range(begin, stop)):
            return None
        told = _texts(self.table, range(begin, stop))
        return Block(begin, self.row, stop, told, bare=True) if told and not self._summed(told) else None

    def _title(self, index: int) -> bool:
        cells = [i for i, cell in enumerate(self.table.row(index)) if cell]
        return (
            len(cells) == 1
            and not self.person(index)
            and not sums.digits(self.table.row(index)[cells[0]][:1])
        )

    @staticmethod
    def _summed(texts: list[str]) -> bool:
        return all(sums.label(text) and "unit" not in fold(text) for text in texts)

    def _holds_answers(self, header: int, stop: int) -> bool:
        """Whether more numbers below a header are answers than means, sums and other numbers."""
        columns = self._items(titles.texts(self.table, header))
        good = bad = 0
        for index in range(stop, min(stop + 200, self.table.height)):
            if self._known(self.table.row(index)):
                break
            for place in columns:
                text = str(self.table.columns[place].values[self.table.columns[place].codes[index]])
                strange = sums.beyond(text, self.items.high)
                bad += strange
                good += not strange and _answers(text, self.items.readers.get(columns[place]))
        return good > bad

    def _heads(self, index: int) -> bool:
        """Whether a row may be the header of a table that is none of answers."""
        cells = [cell for cell in self.table.row(index) if cell]
        words = all(any(c.isalpha() for c in cell) and not cell[0].isdigit() for cell in cells)
        return len(cells) >= 2 and words and len(set(cells)) == len(cells) and not self.person(index)

    def other(self, start: int, stop: int) -> tuple[int, int] | None:
        """Return where a table begins that is none of answers, and its header; None where none does."""
        for index in range(start, stop):
            row = self.table.row(index)
            if not (self._heads(index) or (self._known(row) and not self.person(index))):
                continue
            before = [i for i in range(start, index) if not self.person(i)]
            inside = sum(bool(row[i]) for i in self.columns) >= 2
            # Below nothing at all, or where answers should be: words of a row of people are none.
            below = stop < self.table.height or index + 1 < stop
            if below and (before or (inside and self.typical)):
                return (before[0] if before else index), index
        return None

    def continues(self, start: int, stop: int) -> bool:
        """Whether rows right below the header only go on with it: ids, kinds of answers, explanations."""
        rows = [self.table.row(i) for i in range(start, stop)]
        return (
            stop < self.table.height
            and bool(self.typical)
            and all(sum(map(bool, row)) >= FEW and _explains(row) for row in rows)
            and not any(self.person(i) for i in range(start, stop))
        )

    def leave_out(self, begin: int, header: int, end: int) -> range:
        """Name a table that is none of answers; its rows are left out."""
        cells = [cell for cell in self.table.row(header) if cell]
        rows = [i for i in range(header + 1, end) if any(self.table.row(i))]
        like = sum(self._person_with_answers(i) for i in rows)
        data = int((~self.silent).sum())
        numbers = self.table.rows
        hint = "if it holds answers, put it on a sheet of its own, with headers like those of the answers"
        what = f'another table begins below the answers, with "{cells[0]}": it is not read'
        row = int(numbers[header])
        if like:
            self.table.notes.append(
                Problem(what, hint, row=row, lost=like, of=max(data, like), may_stop=False)
            )
        else:
            self.table.notes.append(Problem(what, hint, row=row, fatal=False))
        return range(begin, end)

    def _person_with_answers(self, index: int) -> bool:
        cells = self.table.row(index)
        read = [
            self.items.readers[code].read(cells[i]).status == ANSWERED
            for i, code in self.columns.items()
            if code
        ]
        return bool(read) and 2 * sum(read) > len(read) and self.person(index)

    def _several(self, row: list[str]) -> bool:
        return sum(map(bool, row)) > 1 or any(row[i] for i in self.columns)

    def tail(self, start: int, stop: int) -> list[int]:
        """Return the rows below the last answers that say nothing of people: notes, a key, a signature."""
        gone: list[int] = []
        blank = False
        for index in range(start, stop):
            row = self.table.row(index)
            cells = [cell for cell in row if cell]
            blank = blank or not cells
            inside = len(cells) <= FEW and any(row[i] and not sums.digits(row[i]) for i in self.columns)
            if cells and not self.person(index) and (blank or inside):
                gone.append(index)
        told = [i for i in gone if self._several(self.table.row(i))]
        if told:
            self.table.notes.append(
                Problem(
                    "below the answers stands text that answers nothing (notes, a key, a signature): it is not read",
                    row=int(self.table.rows[told[0]]), fatal=False,
                )
            )  # fmt: skip
        return gone


def _explains(row: list[str]) -> bool:
    """Whether the cells of a row are all different, or data of a program: people's answers are alike."""
    cells = [cell for cell in row if cell]
    return len(set(cells)) == len(cells) or all(cell[0] in "{[" for cell in cells)


def _numbered(text: str) -> bool:
    """Whether a text is a number or an id: digits, and few letters."""
    return 0 < sum(map(str.isdigit, text)) >= sum(map(str.isalpha, text))


def _answers(text: str, reader: ItemReader | None) -> bool:
    """Whether a cell answers anything: a number of any kind, or an option."""
    if not text:
        return False
    if sums.number(text) is not None or sums.formulas([text]) or reader is None:
        return True
    return reader.read(text).status in (ANSWERED, NOT_APPLICABLE)
