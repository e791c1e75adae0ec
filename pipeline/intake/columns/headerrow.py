"""Which row of a raw table holds the headers: the one in which most cells are recognised."""

from __future__ import annotations

from pipeline.intake.columns import fields, header_text
from pipeline.intake.columns.asides import core
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.problems import Refused
from pipeline.intake.values.identity import is_identity_header
from pipeline.intake.values.items import ItemSet, position
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

#: How far down a header may stand below titles.
SEARCH_ROWS = 40


def find(table: RawTable, entry: FileEntry, items: ItemSet) -> int:
    """Return the index of the header row: the one in which most cells are recognised."""
    if entry.headers or entry.header == 0:
        return -1
    if table.header is not None:
        return table.header
    if table.headed:
        return 0
    if entry.header is not None:
        index = entry.header - table.first
        if not 0 <= index < table.height:
            raise Refused(f"has no row {entry.header} for the headers", "correct `header:`")
        return index
    wanted = named(entry)
    best, best_score = -1, 0.0
    long = entry.role in ("answers", "suggestions")
    for index in range(min(table.height, SEARCH_ROWS)):
        # Answers repeat, headers do not: once a good row is found, a few rows below it suffice.
        if best >= 0 and best_score >= 8 and index > best + 5:
            break
        score = weigh(table.row(index), wanted, items, long)
        if score > best_score:
            best, best_score = index, score
    needed = 2 if wanted or long else 4
    if best < 0 or best_score < needed:
        # The cells themselves are not shown: without headers they are somebody's answers.
        first = next((i for i in range(table.height) if any(table.row(i))), None)
        filled = sum(bool(cell) for cell in table.row(first)) if first is not None else 0
        raise Refused(
            "no row looks like headers"
            + (f" (row {first + table.first} has {filled} filled cells)" if first is not None else ""),
            "say which row it is with `header:` and name the columns under `columns:`",
        )
    return best + header_text.numbers_below(table, best)


def named(entry: FileEntry) -> set[str]:
    """Return the headers an entry of the definition names, folded."""
    wanted = {fold(text) for names in entry.columns.values() for text in names}
    if entry.unit and entry.unit.column:
        wanted.add(fold(entry.unit.column))
    return wanted


def weigh(cells: list[str], wanted: set[str], items: ItemSet, long: bool = False) -> float:
    """Return how much a row looks like headers."""
    return sum(_weight(cell, wanted, items, long) for cell in set(cells) if cell)


def _weight(cell: str, wanted: set[str], items: ItemSet, long: bool) -> float:
    """How much a cell looks like a header."""
    if wanted and fold(cell) in wanted:
        return 3
    if cell.strip("() ").isdigit():
        return 0
    known = items.seen.get((cell, long))
    if known is None:
        known = max(_looks(text, items, long) for text in header_text.candidates(cell))
        if len(items.seen) < 100_000:
            items.seen[cell, long] = known
    return known


def _looks(text: str, items: ItemSet, long: bool) -> float:
    named = fields.field_of(text, long) or fields.is_stamp(text) or items.match(text)
    if named or position(text) is not None:
        return 2.0
    form = position(core(text))
    if form is not None and not core(text).isdigit():
        return 2.0
    return 1.0 if is_identity_header(text) else 0.0
