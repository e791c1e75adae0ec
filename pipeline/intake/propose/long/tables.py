"""Tables of a database as they are exported: their header, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from pipeline.intake.columns.fields import field_of, looks_like_dates
from pipeline.intake.files.rawfiles import read_any
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Refused
from pipeline.intake.values.items import ItemSet, plain_key
from pipeline.survey.text import fold

#: More files are no export of one database, and reading them twice would cost.
MOST_FILES, MOST_COLUMNS = 80, 80
#: Words that say that a column holds keys, and nothing of what.
KEY_WORDS = {
    "id",
    "kode",
    "kd",
    "no",
    "nomor",
    "nr",
    "key",
    "fk",
    "pk",
    "code",
    "m",
    "tb",
    "tbl",
    "ref",
    "mst",
}
_SHORT = {
    "jkel": "sex", "jenkel": "sex", "jns kel": "sex", "kelamin": "sex", "tgl lahir": "", "pend": "education",
    "didik": "education", "kerja": "occupation", "job": "occupation", "thn": "", "umur resp": "age",
}  # fmt: skip
_ENTERED = re.compile(r"input|entri|entry|created|insert|dibuat")
_SCORE = re.compile(r"\d{1,2}(?:[.,]0+)?")


def words(name: str) -> list[str]:
    """Return the words of a name of a database, without those that only say that it is a key.

    Examples
    --------
    >>> words("id_instansi"), words("tgl_responden"), words("PendidikanID"), words("m_unit_layanan")
    (['instansi'], ['tgl', 'responden'], ['pendidikan'], ['unit', 'layanan'])
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("_", " "))
    return [word for word in fold(parted).split() if word not in KEY_WORDS]


@dataclass(frozen=True)
class Col:
    """One column of a table: its header and the cells below it."""

    header: str
    cells: Coded

    @cached_property
    def counts(self) -> dict[str, int]:
        """Texts that occur and how often."""
        return self.cells.used()

    @cached_property
    def filled(self) -> int:
        """Cells that are not empty."""
        return sum(self.counts.values())

    @property
    def distinct(self) -> int:
        """Different texts."""
        return len(self.counts)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The texts in the form in which keys are compared."""
        return frozenset(plain_key(fold(text)) for text in self.counts)

    @cached_property
    def wordy(self) -> bool:
        """Whether most different texts hold letters."""
        return (
            self.filled > 0
            and sum(any(c.isalpha() for c in text) for text in self.counts) >= 0.8 * self.distinct
        )

    @property
    def unique(self) -> bool:
        """Whether nearly every cell is its own."""
        return self.filled > 0 and self.distinct >= 0.95 * self.filled

    @cached_property
    def name(self) -> str:
        """What the words of the header are."""
        return " ".join(words(self.header))

    @cached_property
    def field(self) -> str:
        """The field about the respondent that the header names, with or without its key."""
        found = field_of(self.header) or _SHORT.get(self.name) or field_of(self.name)
        if found in (None, "", "respondent") and self.dates:
            return "entered_at" if _ENTERED.search(self.name) else "answered_at"
        return found or ""

    @cached_property
    def dates(self) -> bool:
        """Whether the cells begin like dates."""
        return looks_like_dates(self.cells)

    def is_score(self, items: ItemSet) -> bool:
        """Whether the cells can be answers: few small numbers, letters, or texts of options."""
        if not 2 <= self.distinct <= 15:
            return False
        good = sum(n for text, n in self.counts.items() if _answer(text, items))
        return good >= 0.9 * self.filled


def _answer(text: str, items: ItemSet) -> bool:
    plain = text.strip()
    if _SCORE.fullmatch(plain):
        return float(plain.replace(",", ".")) <= 10
    if len(plain) == 1 and plain.isalpha():
        return plain.lower() in "abcde"
    return any(reader.knows(plain) for reader in items.readers.values())


@dataclass(frozen=True)
class Table:
    """One table with its columns; ``header`` is the row as a spreadsheet counts, 0 for a dump."""

    file: str
    sheet: str
    header: int
    columns: tuple[Col, ...]
    rows: int
    dump: bool

    @property
    def name(self) -> str:
        """File, and table where the file has several."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    @cached_property
    def called(self) -> set[str]:
        """The words of the table's own name."""
        return set(words(self.sheet or Path(self.file).stem))


def tables(files: Sequence[Path], base: Path) -> list[Table]:
    """Read every table that has a row of headers; files that cannot be read are left out."""
    found: list[Table] = []
    if len(files) > MOST_FILES:
        return found
    for path in files:
        name = path.relative_to(base).as_posix()
        try:
            read = [table for table in read_any(path, name) if table.height > 1]
        except Refused:
            continue
        found += [made for table in read if (made := _table(table, several=len(read) > 1))]
    return found


def _table(table: RawTable, several: bool) -> Table | None:
    row = 0 if table.headed else header_row(table)
    if row < 0 or table.width > MOST_COLUMNS:
        return None
    headers = table.row(row)
    below = slice(row + 1, table.height)
    columns = tuple(Col(h, column.take(below)) for h, column in zip(headers, table.columns) if h)
    dump = table.keeps_sheet
    sheet = table.sheet if several or dump else ""
    return Table(
        table.file, sheet, 0 if dump else int(table.rows[row]), columns, table.height - row - 1, dump
    )


def header_row(table: RawTable) -> int:
    """Return the first row that can be headers: different words under which every column stands.

    It is chosen before any text is read as an unsur: a table of questions holds their labels as cells.
    """
    for row in range(min(table.height - 1, 12)):
        cells = table.row(row)
        texts = [cell for cell in cells if cell]
        if len(texts) < 2 or len(texts) < 0.8 * table.width:
            continue
        named = not any(cell[:1].isdigit() for cell in texts) and all(len(cell) <= 60 for cell in texts)
        return row if named and len({fold(cell) for cell in texts}) == len(texts) else -1
    return -1


def apart(one: Col, other: Col) -> float:
    """Return the share of rows in which two columns together are their own."""
    both = one.cells.filled() & other.cells.filled()
    if not both.any():
        return 0.0
    key = one.cells.codes[both].astype(np.int64) * max(len(other.cells.values), 1) + other.cells.codes[both]
    return float(len(np.unique(key)) / len(key))
