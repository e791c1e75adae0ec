"""Which column of a raw table is what: by the definition, by meaning, never by position alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.intake import fields, headerrow, titles
from pipeline.intake.answers import ANSWERED
from pipeline.intake.asked import field_asked
from pipeline.intake.coded import Coded
from pipeline.intake.identity import identity_content, is_identity_header
from pipeline.intake.items import ItemSet, position
from pipeline.intake.packed import unpack
from pipeline.intake.problems import Refused
from pipeline.intake.raw import RawTable, letter
from pipeline.survey.definition import FileEntry
from pipeline.survey.errors import did_you_mean
from pipeline.survey.units import fold

#: Headers under which units may stand, if the content says so.
_PLACE = re.compile(
    r"^(?:nama|name)|\b(?:unit|opd|skpd|instansi|dinas|badan|kantor|loket|gerai|poli|puskesmas|kelurahan"
    r"|kecamatan|desa|tempat|lokasi|pelayanan|layanan|cabang|office|agency|counter)\b"
)
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

    ``row`` is -1 where the table has no header; ``joined`` are further columns that continue one.
    """

    row: int
    columns: tuple[Column, ...]
    joined: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

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
    headers = titles.texts(table, row)
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
        told = [text for text in (*titles.candidates(header), names[index]) if text]
        if not any(reader.recognise(index, text, last=text == told[-1]) for text in told) and any(
            is_identity_header(text) for text in told
        ):
            found[index] = ("", "identity")
    reader.questions()
    _stamps(headers, found, reader.taken)
    for index, hit in _positions(table, body, items, reader.positional, order, headers).items():
        reader.claim(index, *hit)
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
        columns.append(Column(index, header or f"(column {letter(index)})", name, how, kind))
    return Header(row, tuple(columns), {first: tuple(more) for first, more in reader.joined.items()})


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
        self.positional: dict[int, int] = {}
        self.joined: dict[int, list[int]] = {}

    def column(self, index: int) -> Coded:
        """Return the cells of a column below the header."""
        return self.table.columns[index].take(self.body)

    def recognise(self, index: int, text: str, last: bool = True) -> bool:
        """Say what a column is by a text of its header; False when the text does not tell.

        Only the ``last``, most special text can say that a column identifies people: a group
        called "identitas" holds the unit and the sex as well.
        """
        name = fields.field_of(text, self.long)
        if name and name not in self.taken and _plausible(name, self.column(index)):
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
        if last and is_identity_header(text):
            self.found[index] = ("", "identity")
            return True
        if self.entry.role != "wide":
            return False
        hit = self.items.match(text)
        if hit and _answers(self.column(index), self.items, *hit):
            self.claim(index, *hit)
            return True
        number = position(text)
        if number is not None and self.items.orders and not (hit or text.isdigit()):
            self.positional[index] = number
            return True
        return False

    def questions(self) -> None:
        """Look among the columns left over for questions about the respondent."""
        for index, header in enumerate(self.headers):
            if index in self.found or index in self.positional or not header:
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
        same = fold(self.headers[first]) == fold(self.headers[index]) or name in self.items.readers
        group = [first, *self.joined.get(first, []), index]
        if not same or not titles.apart([self.column(i) for i in group]):
            return False
        self.joined.setdefault(first, []).append(index)
        self.found[index] = ("", "joined")
        return True

    def claim(self, index: int, code: str, how: str) -> None:
        """Give a column its item; two that cannot be one are refused."""
        for other, (name, evidence) in self.found.items():
            if name != code:
                continue
            if evidence == "definition":
                self.found[index] = ("", "not-used")
                return
            if self.continues(index, code):
                return
            raise Refused(
                f'the columns "{self.headers[other]}" ({letter(other)}) and "{self.headers[index]}"'
                f" ({letter(index)}) both mean {code}",
                f"say which one under `columns:`, e.g. {code}: column {letter(index)}",
            )
        self.found[index] = (code, how)


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
    hits = titles.locate(spellings, headers, names)
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


def _plausible(field: str, column: Coded) -> bool:
    """Whether the content can be what a short header says (a "Usia" of option texts is none)."""
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


def _positions(
    table: RawTable,
    body: slice,
    items: ItemSet,
    positional: dict[int, int],
    order: str | None,
    headers: list[str],
) -> dict[int, tuple[str, str]]:
    """Give bare numbers their item: by a stated order, or by the texts of the answers."""
    hits: dict[int, tuple[str, str]] = {}
    doubtful: dict[int, int] = {}
    for index, number in positional.items():
        code = items.by_position(number, "form")
        if code is None:
            continue
        if items.ambiguous(number):
            doubtful[index] = number
        else:
            hits[index] = (code, "position")
    if not doubtful:
        return hits
    texts = {i: list(table.columns[i].take(body).used()) for i in doubtful}
    decided = decide_order(items, {number: texts[index] for index, number in doubtful.items()})
    if order and decided and decided != order:
        raise Refused(
            f"the definition says order: {order}, but the answers under"
            f" {_quoted(headers, doubtful)} are the options of order: {decided}",
            "correct `order:`, or map the columns under `columns:`",
        )
    chosen = order or decided
    if chosen is None:
        raise Refused(*both_readings(items, {headers[i]: n for i, n in doubtful.items()}))
    how = f"order-{chosen}" if order else "order-by-answers"
    for index, number in doubtful.items():
        code = items.by_position(number, chosen)
        if code:
            hits[index] = (code, how)
    return hits


def _quoted(headers: list[str], doubtful: Mapping[int, int]) -> str:
    return " and ".join(f'"{headers[i]}"' for i in doubtful)


def decide_order(items: ItemSet, texts: Mapping[int, list[str]]) -> str | None:
    """Return the only order under which the option texts belong to their item, else None.

    Numbers and letters decide nothing. The official wording decides before synonyms do,
    because general wordings (baik, sangat baik) are synonyms for several unsur.
    """
    for strict in (True, False):
        fits: dict[str, int] = {}
        for order in items.orders:
            score = wrong = 0
            for number, values in texts.items():
                code = items.by_position(number, order)
                reader = items.readers[code] if code else None
                for value in values:
                    if reader is None:
                        continue
                    if not any(r.knows(value) for r in items.readers.values()):
                        continue
                    known = fold(value) in reader.official if strict else reader.knows(value)
                    score, wrong = score + known, wrong + (not known)
            fits[order] = score if not wrong else 0
        good = [order for order, score in fits.items() if score]
        if len(good) == 1:
            return good[0]
    return None


def both_readings(items: ItemSet, doubtful: Mapping[str, int]) -> tuple[str, str]:
    """Return the sentence that shows what bare numbers mean under either order, and the hint."""
    readings = []
    for order in items.orders:
        parts = []
        for header, number in doubtful.items():
            code = items.by_position(number, order) or "?"
            parts.append(f'"{header}" = {code} ({items.shown_label(code)})')
        readings.append(f"order: {order} reads {', '.join(parts)}")
    return (
        "a bare number does not say which unsur is meant: " + "; ".join(readings),
        "state `order: form` or `order: questionnaire` in survey.yml, whichever the questionnaire used",
    )
