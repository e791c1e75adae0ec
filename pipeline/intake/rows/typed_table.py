"""The rows of a raw table that are data, and what every column of them is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.columns import fields
from pipeline.intake.columns.header_text import counts_columns, import_ids, joined
from pipeline.intake.columns.headers import Column, Header
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground import vectorised_text
from pipeline.intake.ground.coded import Coded, constant, stack
from pipeline.intake.sheets import footers, sumwords
from pipeline.intake.values import exportmarks
from pipeline.intake.values.calendars import Calendar
from pipeline.intake.values.exportmarks import Again, Cells, Mark
from pipeline.intake.values.items import ItemSet
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

USED, MERGED, EXCLUDED = 0, 1, 2

_TOTAL = re.compile(
    r"^(?:grand\s+)?(?:jumlah|jml|total|rata\s*-?\s*rata|rerata|nrr|ikm|skm|indeks|nilai\s+(?:rata|nrr|ikm|skm|unsur"
    r"|per\s+unsur|tertimbang|indeks)|mutu|kinerja|keterangan|ket\b|catatan|sum|average|mean|bobot|min|max"
    r"|minimum|maksimum|maximum|standar|std)\b",
    re.I,
)
_TOTAL_ALONE = re.compile(
    r"^(?:grand\s+)?(?:jumlah|jml|total|rata\s*-?\s*rata|rerata|nrr|ikm|skm|sum|average|mean)"
    r"(?:\s+(?:nilai|skor|per\s+unsur|tertimbang|unsur|keseluruhan))*\s*:?$",
    re.I,
)
_DIGIT_FIRST = r"^\.*(?:[0-9]|[^\x00-\x7F])"
_WHO = ("respondent", "sex", "age", "age_band", "education", "occupation", "answered_at", "suggestion")


@dataclass
class TypedTable:
    """Data rows of one or more tables with the same layout."""

    entry: FileEntry
    position: int
    items: ItemSet
    files: Coded
    rows: np.ndarray
    columns: dict[str, Coded]
    headers: dict[str, str]
    hows: dict[str, str]
    state: np.ndarray
    why: np.ndarray
    calendar: Calendar = field(default_factory=Calendar)
    hidden: np.ndarray | None = None
    #: What the export says of its own rows: rejected, a test, not finished; rows of one submission.
    marks: list[Mark] = field(default_factory=list)
    again: Again | None = None
    #: What its first table is called.
    origin: str = ""
    #: Where the shown name of a source is not its own (it held an identity): the own one.
    origins: dict[str, str] = field(default_factory=dict)
    #: Of long tables: columns that may be keys and are not used, by header; ids that are declared no items.
    spare: dict[str, Coded] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    #: The highest number in rows that are sums; no answer.
    sums: float = 0.0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def role(self) -> str:
        """The role the definition gives the file."""
        return self.entry.role

    @property
    def item_fields(self) -> list[str]:
        """The item columns of a wide table."""
        return [code for code in self.items.codes if code in self.columns]

    def set_aside(self, rows: np.ndarray, state: int, reason: str) -> None:
        """Take rows out of use; the first reason stands."""
        rows = rows & (self.state == USED)
        self.state[rows] = state
        self.why[rows] = reason

    def aside(self) -> Iterator[tuple[str, np.ndarray]]:
        """Yield each reason why rows were taken out of use, and those rows: the merged first."""
        for state in (MERGED, EXCLUDED):
            rows = np.flatnonzero(self.state == state)
            for reason in np.unique(self.why[rows].astype(str)):
                yield str(reason), rows[self.why[rows] == reason]


@dataclass(frozen=True)
class Kinds:
    """How many rows of a table are what, header apart."""

    read: int
    titles: int
    repeated: int
    blank: int
    total: int

    @property
    def not_data(self) -> int:
        """Rows that are no respondents."""
        return self.titles + self.repeated + self.blank + self.total


def body(
    table: RawTable, header: Header, entry: FileEntry, position: int, items: ItemSet
) -> tuple[TypedTable, Kinds]:
    """Return the data rows of a table and the count of those that are not."""
    below = slice(header.row + 1, table.height)
    cells = {column.index: table.columns[column.index].take(below) for column in header.columns}
    for index, more in header.joined.items():
        cells[index] = joined([cells[index], *(cells[i] for i in more)])
    used = [column for column in header.columns if column.field]
    blank, repeated, total = _kinds(cells, header, used, entry.role)
    if table.apart:
        apart = np.zeros(len(blank), dtype=bool)
        apart[[place - header.row - 1 for place in table.apart if place > header.row]] = True
        blank, repeated, total = blank | apart, repeated & ~apart, total & ~apart
    highest = 0.0
    if entry.role == "wide":
        highest = _footers(cells, header, items, blank | repeated, total, table)
    keep = ~(blank | repeated | total)
    # Without a header every row is read; else the header itself is none.
    read = table.height - (header.row >= 0)
    kinds = Kinds(read, max(header.row, 0), int(repeated.sum()), int(blank.sum()), int(total.sum()))
    rows = table.rows[below][keep]
    made = TypedTable(
        entry=entry,
        position=position,
        items=items,
        files=constant(table.name, len(rows)),
        rows=rows,
        columns={column.field: cells[column.index].take(keep) for column in used},
        headers={column.field: column.header for column in used},
        hows={column.field: column.how for column in used},
        state=np.zeros(len(rows), dtype=np.int8),
        why=np.full(len(rows), "", dtype=object),
        origins={} if table.name == table.origin else {table.name: table.origin},
        sums=highest,
        origin=table.name,
    )
    if table.hidden:
        at = [place - header.row - 1 for place in table.hidden if place > header.row]
        made.hidden = np.isin(np.flatnonzero(keep), at)
    if "respondent" in made.columns:
        # Folded once: ids are nearly all different, and several steps compare them.
        made.columns["respondent"] = made.columns["respondent"].refolded()
    if entry.role != "wide":
        made.spare = {
            column.header: cells[column.index].take(keep)
            for column in header.columns
            if not column.field and column.how == "not-used" and fields.may_be_key(column.header)
        }
    if entry.role in ("wide", "respondents") and "respondent" in made.columns:
        everything = [cells[column.index].take(keep).codes for column in header.columns
                      if fold(column.header) not in fields.NUMBERING]  # fmt: skip
        _repeats(made, everything)
    _marks(made, header, lambda index: cells[index].take(keep))
    return made, kinds


def _marks(made: TypedTable, header: Header, cells: Cells) -> None:
    """Find out what the export says of its own rows."""
    if made.role not in ("wide", "respondents"):
        return
    named = {column.index: column.header for column in header.columns}
    made.marks = exportmarks.find(named, cells)
    if made.role == "wide":
        systems = ("respondent", "answered_at", "entered_at")
        content = [column for name, column in made.columns.items() if name not in systems]
        made.again = exportmarks.same_submissions(named, cells, content)


def _footers(
    cells: dict[int, Coded],
    header: Header,
    items: ItemSet,
    gone: np.ndarray,
    total: np.ndarray,
    table: RawTable,
) -> float:
    """Add to the totals the rows that are sums or means of others, and say which; returns the highest sum."""
    answers = {c.field: cells[c.index] for c in header.columns if c.field in items.readers}
    who = [
        cells[c.index]
        for c in header.columns
        if c.field in (*_WHO, "unit", "service") or fold(c.header) in fields.NUMBERING
    ]
    beside = [
        cells[c.index] for c in header.columns if c.field not in items.readers and c.field != "suggestion"
    ]
    rows = np.flatnonzero(~(gone | total))
    known = np.flatnonzero(total)
    judged = footers.Table(answers, who, rows, items.high, items.readers, beside)
    found = footers.find(judged, known.tolist())
    total[list(found.rows)] = True
    table.notes += sumwords.notes(found, table.rows[header.row + 1 :])
    return footers.highest(judged, [*known[-footers.ROWS :].tolist(), *found.rows])


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    # Nearly every cell is a number: the first letter decides without the pattern.
    return lambda text: text[:1].isalpha() and bool(pattern.match(text))


def _echoes(header: str) -> Callable[[str], bool]:
    size = len(header)
    return lambda text: size <= len(text) <= size + 20 and text[:1].isalpha() and fold(text) == header


def _kinds(
    cells: dict[int, Coded], header: Header, used: list[Column], role: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    height = len(next(iter(cells.values()))) if cells else 0
    filled = np.zeros(height, dtype=np.int32)
    mapped = np.zeros(height, dtype=bool)
    who = np.zeros(height, dtype=bool)
    totals = np.zeros(height, dtype=bool)
    first_seen = np.zeros(height, dtype=bool)
    echoes = np.zeros(height, dtype=np.int32)
    for column in header.columns:
        cell = cells[column.index]
        there = cell.filled()
        numbering = not column.field and fold(column.header) in fields.NUMBERING
        # A unit or service may be called "Mutu ..."; only the bare word is a total there.
        pattern = _TOTAL_ALONE if column.field in ("unit", "service") else _TOTAL
        wanted = cell.map(_matches(pattern), bool, vectorised_text.letter_first)
        starts = there & ~first_seen & wanted
        if column.field != "suggestion" and column.field not in fields.LONG:
            totals |= starts
        first_seen |= there
        if column.field in _WHO:
            who |= there & ~starts
        if column.field:
            mapped |= there
            echoes += cell.map(_echoes(fold(column.header)), bool, vectorised_text.letter_first)
        # A number in the numbering column of an otherwise empty row is no respondent.
        if numbering:
            there = there & ~cell.map(lambda text: text.replace(".", "").isdigit(), bool, _DIGIT_FIRST)
        filled += there
    repeated = (echoes >= 2) & (2 * echoes >= len(used))
    for place in range(min(2, height) if role in ("wide", "respondents") else 0):
        ordered = [cells[column.index] for column in header.columns]
        texts = [str(cell.values[cell.codes[place]]) for cell in ordered]
        repeated[place] |= counts_columns(texts) or import_ids(texts)
    total = totals & ~who & ~repeated if role in ("wide", "respondents") else np.zeros(height, bool)
    notes = (filled == 1) & ~mapped if role in ("wide", "respondents") else np.zeros(height, bool)
    blank = ((filled == 0) | notes) & ~repeated & ~total
    return blank, repeated, total


def _repeats(made: TypedTable, everything: list[np.ndarray]) -> None:
    """Merge identical rows of one id; tell ids that different rows share."""
    ids = made.columns["respondent"]
    blank = ~ids.filled()
    counts = ids.present()[ids.codes]
    several = np.flatnonzero((counts > 1) & ~blank)
    if not len(several):
        return
    matrix = np.column_stack([ids.codes[several], *(codes[several] for codes in everything)])
    _, first, group = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    group = np.asarray(group).reshape(-1)
    later = np.ones(len(several), dtype=bool)
    later[first] = False
    mask = np.zeros(len(made), dtype=bool)
    mask[several[later]] = True
    made.set_aside(mask, MERGED, "duplicate-row" if made.role == "wide" else "duplicate-respondent")


def enter_hidden(body: TypedTable, ledger: Ledger) -> None:
    """Enter the used rows that their workbook hides."""
    if body.hidden is not None:
        at = np.flatnonzero(body.hidden & (body.state == USED))
        ledger.add("hidden-row", body.files.take(at), body.rows[at], role=body.role)


def merge(bodies: list[TypedTable]) -> TypedTable:
    """Put bodies of one layout below one another."""
    if len(bodies) == 1:
        return bodies[0]
    first = bodies[0]
    return TypedTable(
        entry=first.entry,
        position=first.position,
        items=first.items,
        files=stack([b.files for b in bodies]),
        rows=np.concatenate([b.rows for b in bodies]),
        columns={name: stack([b.columns[name] for b in bodies]) for name in first.columns},
        headers=first.headers,
        hows=first.hows,
        state=np.concatenate([b.state for b in bodies]),
        why=np.concatenate([b.why for b in bodies]),
        calendar=first.calendar,
        origins={shown: own for b in bodies for shown, own in b.origins.items()},
        spare={
            name: stack([b.spare[name] for b in bodies])
            for name in first.spare
            if all(name in b.spare for b in bodies)
        },
        others=frozenset().union(*(b.others for b in bodies)),
    )
