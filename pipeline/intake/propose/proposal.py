"""Look at files nobody has described yet and find out what a definition would say of them.

What a file shows is never asked: the header, its columns, the order of the questionnaire where
the answers tell it, the units, the people's dates. What it does not show (which of two unsur a
bare 8 means) is left open and said; `propose.write` writes it down.
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.intake.columns import headers, infosheet
from pipeline.intake.columns.guesses import MOST_UNITS, by_options, with_dates, with_unit
from pipeline.intake.columns.headers import Header
from pipeline.intake.files.rawfiles import READABLE, files_of, read_any
from pipeline.intake.files.table import RawTable, letter
from pipeline.intake.ground.coded import Coded, trim
from pipeline.intake.ground.problems import Refused
from pipeline.intake.propose.looks import Look, Proposal, Seen
from pipeline.intake.propose.order import order_found, order_of_ids
from pipeline.intake.propose.questionnaires import blocks as proposal_own
from pipeline.intake.propose.questionnaires import codebook
from pipeline.intake.propose.questionnaires.items import Found
from pipeline.intake.propose.units import settle
from pipeline.intake.rows import same_files
from pipeline.intake.rows.scalecheck import above, check_scale
from pipeline.intake.rows.typed_table import body
from pipeline.intake.sheets import merged, sheetparts
from pipeline.intake.values import calendars
from pipeline.intake.values.answers import INVALID
from pipeline.intake.values.calendars import FIELDS
from pipeline.intake.values.dates import parse_column
from pipeline.intake.values.items import ItemSet, itemset
from pipeline.survey import Survey
from pipeline.survey.definition import Definition
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

ORDER_OPEN = "a bare number does not say"
_ROLES: tuple[Literal["wide", "answers", "respondents", "suggestions"], ...] = (
    "wide",
    "answers",
    "respondents",
    "suggestions",
)
_NEEDS = {"answers": ("respondent", "item", "answer"), "respondents": ("respondent",),
          "suggestions": ("respondent", "suggestion")}  # fmt: skip


def propose(path: Path, name: str = "new", most: int = 400) -> Proposal:
    """Look at a file, or at every file of a folder.

    Parameters
    ----------
    path : Path
        The file or folder.
    name : str
        The survey's name, for messages.
    most : int
        Files that are looked at; the others are of the same kind, or the check will say so.

    Raises
    ------
    Refused
        If nothing at the path can be read.
    """
    found = files_of(path)
    if not found:
        raise Refused("holds no file that can be read", f"readable are {', '.join(READABLE)}")
    base = path if path.is_dir() else path.parent
    survey = Survey(name, base, Definition(title=name), (), "")
    made = Proposal(files=[p.relative_to(base).as_posix() for p in found])
    same = same_files.copies(found)
    made.copies = {
        copy.relative_to(base).as_posix(): kept.relative_to(base).as_posix() for copy, kept in same.items()
    }
    # A copy names no unit: whoever keeps it beside the file has one unit, not two.
    looked = [file for file in found if file not in same][:most]
    for file in looked:
        shown = file.relative_to(base).as_posix()
        try:
            _file(made, survey, file, shown)
        except Refused as error:
            made.unread.append(f"{shown}: {error.what}")
    if not made.looks:
        # Whoever tells it names the path: of a single file it would stand there twice.
        told = [line.removeprefix(f"{path.name}: ") for line in made.unread[:3]]
        raise Refused("; ".join(told) or "holds no table of answers", "is it the right file?")
    codebook.statements((own for look in made.looks for own in look.own), made.lists)
    settle(made, looked, base)
    _spans(made, name)
    return made


def _file(made: Proposal, survey: Survey, file: Path, shown: str) -> None:
    tables = [table for table in read_any(file, shown) if table.height]
    facts = [infosheet.read(table) if len(tables) > 1 else [] for table in tables]
    told = [fact for sheet in facts for fact in sheet]
    unit = infosheet.unit_named(told, {})
    made.facts += [(unit, fact) for fact in told]
    failed: list[str] = []
    looks: list[Look] = []
    for table, fact in zip(tables, facts):
        if fact:
            continue
        try:
            parts = sheetparts.prepare(table, FileEntry(path=["x"]), itemset(survey, ()), {})
            seen = [_look(survey, part) for part in parts]
        except Refused as error:
            made.lists += [table] if codebook.small(table) else []
            failed.append(f"{table.name if len(tables) > 1 else shown}: {error.what}")
            continue
        for look in seen:
            look.sheet = table.sheet if len(tables) > 1 else ""
        looks += seen
        if unit and not seen[0].units:
            seen[0].units = {unit: seen[0].rows}
            made.unit_from = made.unit_from or "workbook"
            people = next((f.value for f in told if f.name == "population" and f.value.isdigit()), "")
            if people:
                made.populations[fold(unit)] = people
    made.looks += looks
    made.unread += [] if looks else failed or [f"{shown}: is empty"]


def _look(survey: Survey, table: RawTable) -> Look:
    """Try what a table may be: wide, answers in long form, a questionnaire of its own, respondents."""
    first: Refused | None = None
    found = proposal_own.find(table)
    for role in _ROLES:
        if role == "respondents" and found and not proposal_own.names_unsur(found, itemset(survey, ())):
            headless = _headless(table)
            if headless is not None:
                return headless
            try:
                return _own(survey, table, found, None)
            except Refused as error:
                first = first or error
        entry = FileEntry(path=["x"], role=role)
        items = itemset(survey, ())
        try:
            header, order_open = _resolve(survey, table, entry, items)
        except Refused as error:
            first = first or error
            header, order_open = Header(-1, ()), ""
        if role == "wide" and found and proposal_own.asked_twice(found, header):
            found = None
        if role == "wide" and found and (header.open or not header.columns):
            with contextlib.suppress(Refused):  # other questions may hold the words of an unsur
                bare = entry.model_copy(update={"ignore": proposal_own.no_unsur(found, items)})
                apart, apart_open = _resolve(survey, table, bare, items)
                if proposal_own.weigh(found, apart, items) in ("own", "both"):
                    header, order_open = apart, apart_open
        if not header.columns:
            continue
        if role == "wide":
            columns = with_unit(table, header, by_options(table, header, items))
            columns = with_dates(table, header, columns)
            header = replace(header, columns=columns)
            kind = proposal_own.weigh(found, header, items)
            if found and kind in ("own", "both") and not _long(survey, table):
                with contextlib.suppress(Refused):
                    return _own(survey, table, found, header if kind == "both" else None, order_open)
            if not (header.open or any(c.field in items.readers for c in columns)):
                continue
        elif any(header.named(need) is None for need in _NEEDS[role]):
            continue
        try:
            return _seen(table, header, entry, items, order_open)
        except Refused as error:
            first = first or error
    headless = _headless(table)
    if headless is not None:
        return headless
    if found is None and (why := proposal_own.why_none(table)):
        raise Refused(
            f"no column is an unsur, nor an answer scale of its own: {why}", "is it the right file?"
        )
    raise first or Refused("no column is an unsur, by its header or by its answers")


def _long(survey: Survey, table: RawTable) -> bool:
    """Whether a table has the columns of answers in long form."""
    entry = FileEntry(path=["x"], role="answers")
    try:
        header, _ = _resolve(survey, table, entry, itemset(survey, ()))
    except Refused:
        return False
    return all(header.named(need) for need in _NEEDS["answers"])


def _own(survey: Survey, table: RawTable, found: Found, skm: Header | None, order_open: str = "") -> Look:
    """Look at a table as a questionnaire of its own, beside the unsur where it has them."""
    if skm:
        found = proposal_own.without(found, {c.index for c in skm.columns if c.field})
    else:
        order_open = ""  # numbers of own questions are no places in the regulation's
    owns = proposal_own.scales(found)
    order = "form" if order_open else None
    header, entry, items = proposal_own.resolved(survey, table, found, owns, skm is not None, order)
    look = _seen(table, header, entry, items, order_open)
    look.own, look.skm = owns, skm is not None
    look.notes += [*proposal_own.unit_asked(table, header, found), *found.notes]
    unit = header.named("unit")
    if unit:
        counts = table.columns[unit.index].take(found.place.rows).used()
        look.units = {t: n for t, n in counts.items() if fold(t)} if len(counts) <= MOST_UNITS else {}
    look.said_header = proposal_own.said_header(table, entry, items, found)
    proposal_own.set_aside(owns, {s.column.field: s.unknown for s in look.columns})
    if found.place.header < 0:
        look.headless = proposal_own.headless(table, owns)
    return look


def _resolve(survey: Survey, table: RawTable, entry: FileEntry, items: ItemSet) -> tuple[Header, str]:
    try:
        return headers.resolve(table, entry, items, None, survey.spellings), ""
    except Refused as error:
        if error.what.startswith(ORDER_OPEN):
            return headers.resolve(table, entry, items, "form", survey.spellings), error.what
        row = _first_row(table)
        if entry.header or entry.role != "wide" or row < 0 or not error.what.startswith("no row looks"):
            raise
    return _resolve(survey, table, entry.model_copy(update={"header": table.first + row}), items)


def _first_row(table: RawTable) -> int:
    """Return the first row that may be headers nobody knows: different texts, none of them a number."""
    for row in range(min(table.height, 10)):
        cells = [cell for cell in table.row(row) if cell]
        if len(cells) >= 3:
            words = not any(cell[:1].isdigit() for cell in cells)
            return row if words and len(set(cells)) == len(cells) else -1
    return -1


def _seen(table: RawTable, header: Header, entry: FileEntry, items: ItemSet, order_open: str) -> Look:
    made, _ = body(table, header, entry, 0, items)
    if entry.role == "wide":
        try:
            check_scale(made, {code: made.columns[code] for code in made.item_fields})
        except Refused as error:
            # Another scale is proposed; a table of means is none of answers.
            if error.what.startswith("holds means"):
                raise
    row = int(table.rows[header.row]) if header.row >= 0 else 0
    look = Look(table.file, table.sheet, entry.role, row, order_open=order_open, rows=len(made))
    look.open = header.open
    texts = [column.header for column in header.columns]
    look.calendar, look.doubts = calendars.find(made.columns, made.headers, texts, "", None)
    look.notes = [note.what for note in (*table.notes, *header.notes)]
    if header.named("unit") and merged.like_merged(made.columns["unit"]):
        look.down = made.headers["unit"]
    # A questionnaire of one's own has a scale of its own.
    look.above = above(made, {code: made.columns[code] for code in made.item_fields if "." not in code})
    for column in header.columns:
        cells = made.columns.get(column.field) if column.field else None
        reader = items.readers.get(column.field)
        if cells is None or reader is None:
            look.columns.append(Seen(column, len(made), len(made)))
            continue
        fits = filled = 0
        unknown: list[tuple[str, int, str]] = []
        for text, count in cells.used().items():
            reading = reader.read(text)
            filled += count
            fits += count if reading.status != INVALID else 0
            if reading.status == INVALID and not text.strip().isdigit():
                unknown.append((text, count, _nearest(text, reader.texts)))
        look.columns.append(Seen(column, fits, filled, tuple(sorted(unknown, key=lambda u: -u[1]))))
    look.order = next(
        (c.how.removeprefix("order-") for c in header.columns if c.how.startswith("order-")), ""
    )
    if look.order == "by-answers":
        look.order = order_found(header, items)
    if entry.role == "answers":
        look.order, look.order_open = order_of_ids(made.columns, items)
    _context(look, made.columns)
    return look


def _nearest(text: str, texts: Mapping[str, int]) -> str:
    near = difflib.get_close_matches(fold(text), list(texts), n=1, cutoff=0.8)
    return f"{near[0]} = {texts[near[0]]}" if near else ""


def _context(look: Look, columns: Mapping[str, Coded]) -> None:
    """Note the units and the span of the dates."""
    if "unit" in columns:
        counts = {t: n for t, n in columns["unit"].used().items() if fold(t)}
        if len(counts) <= MOST_UNITS:
            look.units = counts
    look.dates = {name: trim(columns[name]) for name in FIELDS if name in columns}


def _spans(made: Proposal, name: str) -> None:
    """Settle the calendars of all tables, then note the first and the last day of each."""
    looks = [look for look in made.looks if look.dates]
    doubts = calendars.decide(
        [(look.file, look.calendar) for look in looks], calendars.span_of(None, None, name)
    )
    made.dates = [problem.what for look in looks for problem in look.doubts] + [
        problem.what for problem in doubts
    ]
    for look in looks:
        _span(look, look.dates)


def _span(look: Look, columns: Mapping[str, Coded]) -> None:
    for name in FIELDS:
        if name in columns:
            moments, _ = parse_column(columns[name], look.calendar.month_first, name in look.calendar.swapped)
            known = moments[~np.isnat(moments)]
            if len(known):
                look.first, look.last = (str(day)[:10] for day in (known.min(), known.max()))
                return


def _headless(table: RawTable) -> Look | None:
    """Take a table without a header whose columns hold k questions of answers 1 to 4."""
    if table.height < 3:
        return None
    scored = []
    for column in table.columns:
        counts = column.used()
        good = sum(n for t, n in counts.items() if t in ("1", "2", "3", "4"))
        scored.append(good >= 0.9 * table.height and bool(counts))
    # In front of nine questions a number of the unit may stand, in blocks; else they are ten questions.
    if scored[:1] == [True] and (first := table.columns[0]).filled().all():
        scored[0] = int((np.diff(first.codes) != 0).sum()) > 2 * len(first.used())
    runs = [i for i, hit in enumerate(scored) if hit]
    if len(runs) != 9 or runs != list(range(runs[0], runs[0] + 9)):
        return None
    names = [f"kolom {letter(i)}" for i in range(table.width)]
    for number, index in enumerate(runs, start=1):
        names[index] = f"U{number}"
    look = Look(table.file, table.sheet, "wide", 0, rows=table.height, headless=names)
    look.order_open = "the file has no headers: nothing says which question a column answers"
    return look
