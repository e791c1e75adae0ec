"""Which column of a raw table is what: by the definition, by meaning, never by position alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.intake.columns import asides, claims, fields, header_text, headerrow, orders
from pipeline.intake.columns.claims import ASIDE, FORM, PLAIN, Claim
from pipeline.intake.columns.packed import unpack
from pipeline.intake.columns.question_headers import field_asked
from pipeline.intake.columns.systems import is_system
from pipeline.intake.files.table import RawTable, letter
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.values.answers import ANSWERED
from pipeline.intake.values.identity import asks_identity, identity_content
from pipeline.intake.values.items import ItemSet, position
from pipeline.survey.entries import FileEntry
from pipeline.survey.errors import did_you_mean
from pipeline.survey.text import fold

#: Headers under which units may stand, if the content says so.
_PLACE = re.compile(
    r"^(?:nama|name)|\b(?:unit|opd|skpd|instansi|dinas|badan|kantor|loket|gerai|poli|puskesmas|kelurahan"
    r"|kecamatan|desa|tempat|lokasi|pelayanan|layanan|cabang|office|agency|counter)\b"
)
#: An id that comes more often than so many times, on average, is none of respondents.
REPEATED = 5
#: Fields whose texts are shown as they are: a column of names of persons under such a header is dropped.
SHOWN = ("unit", "service", "executor")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a raw table: where, its header, what it is, and what told so."""

    index: int
    header: str
    field: str
    how: str
    #: For a column of identity: what its content is, or "header" where only the header says so.
    kind: str = ""


@dataclass(frozen=True)
class Header:
    """The header of a raw table and what its columns are.

    ``row`` is -1 where the table has no header; ``joined`` are further columns that continue one;
    ``open`` are the items that several columns could be the answers to (see `claims`).
    """

    row: int
    columns: tuple[Column, ...]
    joined: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    open: tuple[claims.Rivals, ...] = ()
    notes: tuple[Problem, ...] = ()

    def named(self, field: str) -> Column | None:
        """Return the column of a field."""
        return next((column for column in self.columns if column.field == field), None)


def resolve(
    table: RawTable,
    entry: FileEntry,
    items: ItemSet,
    order: str | None,
    units: Mapping[str, str] | None = None,
) -> Header:
    """Return what every column is.

    Raises
    ------
    Refused
        If a column named in the definition is not there, two columns claim one item, or a bare
        number could mean two unsur.
    """
    row = headerrow.find(table, entry, items)
    if entry.role == "wide":
        table = unpack(table, row)
    headers = header_text.texts(table, row)
    if entry.headers:
        if len(entry.headers) != table.width:
            raise Refused(
                f"has {table.width} columns, but `headers:` names {len(entry.headers)}",
                "name every column, in order; one that is not needed may be called '-'",
            )
        headers = [" ".join(text.split()) for text in entry.headers]
    names = table.names or ("",) * len(headers)
    body = slice(row + 1, table.height)
    found: dict[int, tuple[str, str]] = {}
    _explicit(entry, items, headers, names, found)
    ignored = {fold(text) for text in entry.ignore}
    reader = _Reader(table, body, entry, items, units, headers, found)
    for index, header in enumerate(headers):
        if index in found or not header:
            continue
        if fold(header) in ignored:
            found[index] = ("", "ignored")
            continue
        told = [text for text in (*header_text.candidates(header), names[index]) if text]
        if reader.declared(index, told) or reader.stands_beside(index, header):
            continue
        if not any(reader.recognise(index, text, last=text == told[-1]) for text in told) and any(
            asks_identity(text, reader.column(index)) for text in told
        ):
            found[index] = ("", "identity")
    reader.questions()
    _stamps(headers, found, reader.taken)
    settled = reader.settle(order)
    columns = []
    for index, header in enumerate(headers):
        name, how = found.get(index, ("", "not-used"))
        kind = ""
        if how == "identity" or how == "not-used" or (name in SHOWN and how != "definition"):
            cells = table.columns[index].take(body)
            if not (name == "unit" and _units(cells, units)):
                kind = identity_content(cells)
            if kind or how == "identity":
                name, how, kind = "", "identity", kind or "header"
        # Of a table of its own the key of another may be such a column, so only whole questionnaires are judged.
        if how == "not-used" and entry.role == "wide":
            empty = not table.columns[index].take(body).filled().any()
            how = "system" if is_system(header, empty) else how
        columns.append(Column(index, header or f"(column {letter(index)})", name, how, kind))
    joined = {first: tuple(more) for first, more in reader.joined.items()}
    return Header(row, tuple(columns), joined, tuple(settled.open), tuple(claims.told(settled, headers)))


class _Reader:
    """Says of one column after the other what it is."""

    def __init__(
        self,
        table: RawTable,
        body: slice,
        entry: FileEntry,
        items: ItemSet,
        units: Mapping[str, str] | None,
        headers: list[str],
        found: dict[int, tuple[str, str]],
    ) -> None:
        self.table, self.body, self.entry, self.items = table, body, entry, items
        self.units, self.headers, self.found = units, headers, found
        self.long = entry.role in ("answers", "suggestions")
        self.taken = {name for name, _ in found.values()}
        #: What a column may be the answers to, said by a text of its header or by a bare number.
        self.said: dict[int, tuple[str, str, int, str]] = {}
        self.numbers: dict[int, tuple[int, int, str]] = {}
        self.known = {
            fold(text): index
            for index, header in enumerate(headers)
            for text in header_text.candidates(header)
        }
        self.joined: dict[int, list[int]] = {}

    def column(self, index: int) -> Coded:
        """Return the cells of a column below the header."""
        return self.table.columns[index].take(self.body)

    def declared(self, index: int, told: Sequence[str]) -> bool:
        """Whether a header is an item that the definition itself declares, whatever else it may mean."""
        own = next((text for text in told if self.items.declared(text)), "")
        return self.entry.role == "wide" and bool(own) and self.note(index, own, PLAIN)

    def recognise(self, index: int, text: str, last: bool = True) -> bool:
        """Say what a column is by a text of its header; False when the text does not tell.

        Only the ``last``, most special text can say that a column identifies people: a group
        called "identitas" holds the unit and the sex as well.
        """
        name = fields.field_of(text, self.long)
        if name and name not in self.taken and _plausible(name, self.column(index), self.entry.role):
            self.found[index] = (name, "name")
            self.taken.add(name)
            return True
        if name and self.continues(index, name):
            return True
        if (
            "unit" not in self.taken
            and self.entry.unit is None
            and names_units(text, self.column(index), self.units)
        ):
            self.found[index] = ("unit", "content")
            self.taken.add("unit")
            return True
        if last and asks_identity(text, self.column(index)):
            self.found[index] = ("", "identity")
            return True
        if self.entry.role != "wide":
            return False
        return self.note(index, text, PLAIN) or self.note(index, asides.core(text), FORM)

    def note(self, index: int, text: str, rank: int, kind: str = "") -> bool:
        """Note which item a text means, by its words or by a bare number."""
        if not text:
            return False
        hit = self.items.match(text)
        if hit and (rank == ASIDE or _answers(self.column(index), self.items, *hit)):
            self.said[index] = (*hit, rank, kind)
            self.found[index] = ("", "beside")
            return True
        number = position(text)
        if number is not None and self.items.orders and not (hit or text.isdigit()):
            self.numbers[index] = (number, rank, kind)
            self.found[index] = ("", "beside")
            return True
        return False

    def stands_beside(self, index: int, header: str) -> bool:
        """Whether a header quotes another question, or a field, and says something else about it."""
        if self.entry.role != "wide":
            return False
        if asides.ticks_of(header, self.headers, self.column(index)):
            self.found[index] = ("", "beside")
            return True
        whole = self.items.match(header)
        if fields.field_of(fields.bracketless(header)) or (whole and whole[1] != "label-within"):
            return False
        for said in asides.beside(header):
            if self.note(index, said.base, ASIDE, said.kind):
                return True
            name = fields.field_of(said.base)
            # What is advised about a unit or a service is a suggestion; about a question it is a remark.
            if name and (said.kind == "advice" or (name == "suggestion" and said.kind == "comment")):
                continue
            if name or self.known.get(fold(said.base), index) != index:
                self.found[index] = ("", "beside")
                return True
        return False

    def settle(self, order: str | None) -> claims.Settled:
        """Give every item its column: bare numbers by the order, rivals by their answers."""
        plain = {i: number for i, (number, rank, _) in self.numbers.items() if rank != ASIDE}
        cells = {i: self.column(i) for i in (*self.said, *self.numbers)}
        hits = orders.positions(self.items, plain, cells, order, self.headers)
        by_number = {plain[index]: hit for index, hit in hits.items()}
        made = [Claim(index, code, how, rank, kind) for index, (code, how, rank, kind) in self.said.items()]
        for index, (number, rank, kind) in self.numbers.items():
            if number in by_number:
                made.append(Claim(index, *by_number[number], rank, kind))
            elif rank != ASIDE:
                self.found[index] = ("", "not-used")
        named = {name: i for i, (name, how) in self.found.items() if how == "definition"}
        settled = claims.settle(sorted(made, key=lambda claim: claim.index), cells, self.items.readers, named)
        for claim in made:
            if claim.index in settled.beside:
                self.found[claim.index] = ("", "not-used" if claim.code in named else "beside")
        self.found.update(settled.items)
        for first, more in settled.joined.items():
            self.joined.setdefault(first, []).extend(more)
            self.found.update(dict.fromkeys(more, ("", "joined")))
        return settled

    def questions(self) -> None:
        """Look among the columns left over for questions about the respondent."""
        for index, header in enumerate(self.headers):
            if index in self.found or not header:
                continue
            name = field_asked(header, self.column(index))
            if name and name not in self.taken:
                self.found[index] = (name, "question")
                self.taken.add(name)

    def continues(self, index: int, name: str) -> bool:
        """Join a column to an earlier one under the same header, where no row fills both.

        A form that branches asks the same question on every branch; a question that was deleted
        and asked anew leaves its old column behind.
        """
        first = next((i for i, (other, _) in self.found.items() if other == name), None)
        if first is None or first in self.joined.get(index, ()):
            return False
        same = fold(self.headers[first]) == fold(self.headers[index])
        group = [first, *self.joined.get(first, []), index]
        if not same or not header_text.apart([self.column(i) for i in group]):
            return False
        self.joined.setdefault(first, []).append(index)
        self.found[index] = ("", "joined")
        return True


def _explicit(
    entry: FileEntry,
    items: ItemSet,
    headers: list[str],
    names: Sequence[str],
    found: dict[int, tuple[str, str]],
) -> None:
    requested = dict(entry.columns)
    if entry.unit and entry.unit.column:
        requested.setdefault("unit", [entry.unit.column])
    known = [*fields.PROFILE, *(fields.LONG if entry.role == "answers" else ()), *items.codes]
    for name, spellings in requested.items():
        field = name
        if name not in known:
            code = items.ids.get(fold(name.replace("_", " ")))
            if code is None:
                hint = did_you_mean(name, known) or f"fields are {', '.join(known)}"
                raise Refused(f'`columns:` names the field "{name}", which does not exist', hint)
            field = code
        index = _locate(spellings, headers, names)
        if index is None:
            raise Refused(
                f'there is no column "{spellings[0]}", which `columns:` names for {name}',
                did_you_mean(spellings[0], [h for h in headers if h])
                or f"the columns are {', '.join(h for h in headers if h)}",
            )
        if index in found:
            raise Refused(f'the column "{headers[index]}" is named for {found[index][0]} and for {name}')
        found[index] = (field, "definition")


def _locate(spellings: list[str], headers: list[str], names: Sequence[str]) -> int | None:
    hits = header_text.locate(spellings, headers, names)
    if len(hits) > 1:
        places = ", ".join(letter(i) for i in hits)
        raise Refused(
            f'the header "{spellings[0]}" stands over several columns ({places})',
            f"name one by its place: column {letter(hits[0])}",
        )
    return hits[0] if hits else None


def names_units(header: str, column: Coded, units: Mapping[str, str] | None) -> bool:
    """Whether a column whose header speaks of a name or a place holds the units that are listed."""
    return bool(_PLACE.search(fold(header))) and _units(column, units)


def _units(column: Coded, units: Mapping[str, str] | None) -> bool:
    """Whether at least half of the filled cells name listed units."""
    if not units:
        return False
    counts = column.used()
    known = sum(n for text, n in counts.items() if fold(text) in units)
    return bool(counts) and 2 * known >= sum(counts.values())


def _plausible(field: str, column: Coded, role: str) -> bool:
    """Whether the content can be what a short header says (a "Usia" of option texts is none)."""
    if field == "respondent" and role == "wide":
        # The id of a form, the same in every row, tells nobody from anybody.
        counts = column.present()[column.values != ""]
        return REPEATED * int((counts > 0).sum()) >= int(counts.sum())
    if field not in ("answered_at", "entered_at"):
        return True
    texts = column.sample()
    return not texts or any(any(c.isdigit() for c in text) for text in texts)


def _answers(column: Coded, items: ItemSet, code: str, how: str) -> bool:
    """Whether a column can hold answers to an item that its header only resembles."""
    if fields.looks_like_dates(column):
        return False
    if how in ("question", "id"):
        return True
    counts = column.used()
    total = sum(counts.values())
    # By occurrence: the totals below a table are many different numbers, but few cells.
    readable = sum(n for text, n in counts.items() if items.readers[code].read(text).status == ANSWERED)
    if how == "label":
        return not total or readable > 0 or len(counts) <= 30
    return 2 * readable >= total


def _stamps(headers: list[str], found: dict[int, tuple[str, str]], taken: set[str]) -> None:
    for index, header in enumerate(headers):
        if index not in found and fields.is_stamp(header):
            field = "answered_at" if "answered_at" not in taken else "entered_at"
            if field not in taken:
                found[index] = (field, "name")
                taken.add(field)
