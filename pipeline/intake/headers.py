"""Which column of a raw table is what: by the definition, by meaning, never by position alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.intake import fields
from pipeline.intake.answers import ANSWERED
from pipeline.intake.coded import Coded
from pipeline.intake.identity import identity_content, is_identity_header
from pipeline.intake.items import ItemSet, position
from pipeline.intake.problems import Refused
from pipeline.intake.raw import RawTable, letter
from pipeline.survey.definition import FileEntry
from pipeline.survey.errors import did_you_mean
from pipeline.survey.units import fold

#: How far down a header may stand below titles.
SEARCH_ROWS = 40


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a raw table: where, its header, what it is, and what told so."""

    index: int
    header: str
    field: str
    how: str


@dataclass(frozen=True)
class Header:
    """The header of a raw table and what its columns are."""

    row: int
    columns: tuple[Column, ...]

    def named(self, field: str) -> Column | None:
        """Return the column of a field."""
        return next((column for column in self.columns if column.field == field), None)


def find(table: RawTable, entry: FileEntry, items: ItemSet) -> int:
    """Return the index of the header row: the one in which most cells are recognised."""
    if entry.header is not None:
        index = entry.header - table.first
        if not 0 <= index < table.height:
            raise Refused(f"has no row {entry.header} for the headers", "correct `header:`")
        return index
    wanted = {fold(text) for names in entry.columns.values() for text in names}
    if entry.unit and entry.unit.column:
        wanted.add(fold(entry.unit.column))
    best, best_score = -1, 0.0
    long = entry.role in ("answers", "suggestions")
    for index in range(min(table.height, SEARCH_ROWS)):
        # Answers repeat, headers do not: once a good row is found, a few rows below it suffice.
        if best >= 0 and best_score >= 8 and index > best + 5:
            break
        seen = {fold(cell) for cell in table.row(index) if cell}
        score = sum(_weight(cell, wanted, items, long) for cell in seen)
        if score > best_score:
            best, best_score = index, score
    needed = 2 if wanted or long else 4
    if best < 0 or best_score < needed:
        shown = next((table.row(i) for i in range(table.height) if any(table.row(i))), [])
        raise Refused(
            "no row looks like headers"
            + (f" (the first row is {', '.join(shown[:4])!s} ...)" if shown else ""),
            "say which row it is with `header:` and name the columns under `columns:`",
        )
    return best


def _weight(cell: str, wanted: set[str], items: ItemSet, long: bool) -> float:
    """How much a folded cell looks like a header."""
    if cell in wanted:
        return 3
    if cell.isdigit():
        return 0
    known = items.seen.get((cell, long))
    if known is None:
        if (
            fields.field_of(cell, long)
            or fields.is_stamp(cell)
            or position(cell) is not None
            or items.match(cell)
        ):
            known = 2.0
        else:
            known = 1.0 if is_identity_header(cell) else 0.0
        if len(items.seen) < 100_000:
            items.seen[cell, long] = known
    return known


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
    row = find(table, entry, items)
    headers = _headers(table, row)
    body = slice(row + 1, table.height)
    found: dict[int, tuple[str, str]] = {}
    _explicit(entry, items, headers, found)
    ignored = {fold(text) for text in entry.ignore}
    long = entry.role in ("answers", "suggestions")
    taken = {name for name, _ in found.values()}
    positional: dict[int, int] = {}
    for index, header in enumerate(headers):
        if index in found or not header:
            continue
        if fold(header) in ignored:
            found[index] = ("", "ignored")
            continue
        field = fields.field_of(header, long)
        if field and field not in taken and _plausible(field, table.columns[index].take(body)):
            found[index] = (field, "name")
            taken.add(field)
            continue
        if (
            "unit" not in taken
            and entry.unit is None
            and names_units(header, table.columns[index].take(body), units)
        ):
            found[index] = ("unit", "content")
            taken.add("unit")
            continue
        if is_identity_header(header):
            found[index] = ("", "identity")
            continue
        if entry.role == "wide":
            hit = items.match(header)
            if hit and _answers(table.columns[index].take(body), items, *hit):
                _claim(found, index, hit[0], hit[1], headers)
                continue
            number = position(header)
            if number is not None and items.orders and not (hit or header.isdigit()):
                positional[index] = number
    _stamps(headers, found, taken)
    for index, hit in _positions(table, body, items, positional, order, headers).items():
        _claim(found, index, *hit, headers)
    columns = []
    for index, header in enumerate(headers):
        field, how = found.get(index, ("", "not-used"))
        if how == "not-used" and identity_content(table.columns[index].take(body)):
            how = "identity"
        columns.append(Column(index, header or f"(column {letter(index)})", field, how))
    return Header(row, tuple(columns))


def _headers(table: RawTable, row: int) -> list[str]:
    """Return the header cells; where one is empty, the cell above it (merged cells)."""
    cells = table.row(row)
    for above in range(row - 1, max(row - 3, -1), -1):
        upper = table.row(above)
        if sum(bool(c) for c in upper) < 2:
            continue
        cells = [cell or upper[index] for index, cell in enumerate(cells)]
    return [" ".join(cell.split()) for cell in cells]


def _explicit(
    entry: FileEntry, items: ItemSet, headers: list[str], found: dict[int, tuple[str, str]]
) -> None:
    folded = [fold(header) for header in headers]
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
        index = _locate(spellings, headers, folded)
        if index is None:
            raise Refused(
                f'there is no column "{spellings[0]}", which `columns:` names for {name}',
                did_you_mean(spellings[0], [h for h in headers if h])
                or f"the columns are {', '.join(h for h in headers if h)}",
            )
        if index in found:
            raise Refused(f'the column "{headers[index]}" is named for {found[index][0]} and for {name}')
        found[index] = (field, "definition")


def _locate(spellings: list[str], headers: list[str], folded: list[str]) -> int | None:
    for spelling in spellings:
        exact = [i for i, header in enumerate(headers) if header == " ".join(spelling.split())]
        loose = [i for i, header in enumerate(folded) if header and header == fold(spelling)]
        hits = exact or loose
        if len(hits) > 1:
            places = ", ".join(letter(i) for i in hits)
            raise Refused(f'the header "{spelling}" stands over several columns ({places})', "rename one")
        if hits:
            return hits[0]
    return None


def names_units(header: str, column: Coded, units: Mapping[str, str] | None) -> bool:
    """Whether a column that sounds like a person's name holds the names of units instead."""
    if not units or not fold(header).startswith(("nama", "name")):
        return False
    counts = column.used()
    known = sum(n for text, n in counts.items() if fold(text) in units)
    return bool(counts) and 2 * known >= sum(counts.values())


def _claim(found: dict[int, tuple[str, str]], index: int, code: str, how: str, headers: list[str]) -> None:
    for other, (name, evidence) in found.items():
        if name != code:
            continue
        if evidence == "definition":
            found[index] = ("", "not-used")
            return
        raise Refused(
            f'the columns "{headers[other]}" ({letter(other)}) and "{headers[index]}" ({letter(index)})'
            f" both mean {code}",
            f"say which one under `columns:`, e.g. {code}: {headers[index]!r}",
        )
    found[index] = (code, how)


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
