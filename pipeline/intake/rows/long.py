"""One row per answer: long tables, joined with the tables of respondents and suggestions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded, compact, stack
from pipeline.intake.rows.lookups import Lookups
from pipeline.intake.rows.people import PARTS, people, suggestions
from pipeline.intake.rows.services import Fields
from pipeline.intake.rows.typed_table import EXCLUDED, MERGED, USED, TypedTable
from pipeline.intake.rows.wide import (
    CELL_REASONS,
    EXCLUDES,
    MISSPELT,
    Block,
    flag_missing,
    read_answers,
)
from pipeline.intake.values.answers import ANSWERED, INVALID, MISSING
from pipeline.intake.values.items import ItemSet
from pipeline.survey import Survey

#: Columns of a long table that hold an answer, and what is added to the item's code.
ANSWER_COLUMNS = {"answer": "", "answer_exp": "_exp", "answer_imp": "_imp"}
#: An answer to an item that another row of the same person contradicts.
CONFLICT = "conflicting-answers"


@dataclass
class Joined:
    """Everything that shares respondent ids: the people, their answers, their suggestions."""

    respondents: TypedTable | None
    answers: TypedTable
    suggestions: TypedTable | None
    #: Columns of answers and respondents that would fit, where those that are stated do not.
    better: tuple[str, str] | None = None


@dataclass
class _Cells:
    """The answers of one column, read with each row's own item."""

    suffix: str
    raw: Coded
    status: np.ndarray
    score: np.ndarray
    reasons: np.ndarray
    spelt: list[tuple[np.ndarray, Coded]]


def long_block(joined: Joined, survey: Survey, lookups: Lookups, ledger: Ledger) -> tuple[Block, int]:
    """Make a block of long tables; returns it and how many answers were read."""
    answers = joined.answers
    items = answers.items
    columns = [name for name in ANSWER_COLUMNS if name in answers.columns]
    filled = sum(answers.columns[name].filled().astype(np.int64) for name in columns)
    item = answers.columns["item"]
    ids, people_ids, person_rows = keys(joined)
    answers.set_aside(~answers.columns["respondent"].filled(), EXCLUDED, "no-respondent-id")
    answers.set_aside(item.map(answers.others.__contains__, bool), EXCLUDED, "other-question")
    answers.set_aside(~item.map(lambda code: code in items.readers, bool), EXCLUDED, "unknown-item")
    if joined.respondents is not None:
        answers.set_aside(person_rows[ids] < 0, EXCLUDED, "orphan-answer")
    cells = [_read(answers, items, name) for name in columns]
    person = _persons(answers, ids)
    _exclude(joined, cells, person, ids, person_rows)
    conflict = _duplicates(answers, cells, person, ledger)
    _enter_rows(answers, np.asarray(filled), ledger)
    used = np.flatnonzero(answers.state == USED)
    _enter_cells(answers, cells, used, conflict, ledger)

    everyone, first, inverse = np.unique(person[used], return_index=True, return_inverse=True)
    inverse = np.asarray(inverse).reshape(-1)
    first = used[first]
    scores, statuses = _pivot(items, item, cells, used, inverse, len(everyone), conflict)
    blocks_rows = _ranges(answers, used, inverse, len(everyone))
    if joined.respondents is None:
        fields = people(answers, first, survey, lookups, ledger)
        files, numbers = answers.files.take(first), answers.rows[first]
    else:
        at = person_rows[ids[first]]
        own = _parts(joined.respondents, answers)
        files, numbers, fields = _join_people(joined.respondents, at, own, survey, lookups, ledger)
        _borrow(fields, own, answers, first, survey, lookups, ledger)
    asked = list(scores)
    if len(everyone) and asked:
        missing = np.column_stack([statuses[code] == MISSING for code in asked])
        at = np.flatnonzero(missing.any(axis=1))
        if len(at):
            role = "answers" if joined.respondents is None else "respondents"
            flag_missing(ledger, missing[at], asked, files.take(at), numbers[at], role)
    if joined.suggestions is not None:
        _suggest(joined.suggestions, people_ids, ids[first], fields, ledger)
    block = Block(items, files, numbers, blocks_rows, fields, scores, statuses, asked)
    return block, int(np.asarray(filled).sum())


def keys(joined: Joined) -> tuple[np.ndarray, Coded, np.ndarray]:
    """Code the respondent ids of all tables alike; the row of each id among the respondents."""
    bodies = [joined.answers, joined.respondents, joined.suggestions]
    columns = [body.columns["respondent"] for body in bodies if body is not None]
    everything = stack(columns)
    ends = np.cumsum([len(column) for column in columns])
    ids = everything.codes[: ends[0]]
    rows = np.full(len(everything.values), -1, dtype=np.int64)
    if joined.respondents is not None:
        body = joined.respondents
        mine = everything.codes[ends[0] : ends[1]]
        body.set_aside(~everything.filled()[ends[0] : ends[1]], EXCLUDED, "no-respondent-id")
        _one_row_each(body, mine)
        usable = np.flatnonzero(body.state == USED)
        rows[mine[usable]] = usable
        answered = np.zeros(len(everything.values), dtype=bool)
        answered[ids] = True
        body.set_aside(~answered[mine], EXCLUDED, "no-answers")
    return ids, everything, rows


def answer_column(code: str) -> tuple[str, str]:
    """The item as long tables name it, and the column that holds its answers.

    Examples
    --------
    >>> answer_column("U1"), answer_column("mutu.p1_exp")
    (('U1', 'answer'), ('mutu.p1', 'answer_exp'))
    """
    for name, suffix in ANSWER_COLUMNS.items():
        if suffix and code.endswith(suffix):
            return code.removesuffix(suffix), name
    return code, "answer"


def _one_row_each(body: TypedTable, mine: np.ndarray) -> None:
    """Keep the first row of every id: equal profiles are merged, others set aside."""
    usable = np.flatnonzero(body.state == USED)
    _, first, inverse = np.unique(mine[usable], return_index=True, return_inverse=True)
    owner = usable[first[np.asarray(inverse).reshape(-1)]]
    later = usable != owner
    same = np.ones(len(usable), dtype=bool)
    for name, column in body.columns.items():
        if name not in ("answered_at", "entered_at", "respondent", "suggestion"):
            same &= column.codes[usable] == column.codes[owner]
    for rows, state, reason in (
        (usable[later & same], MERGED, "duplicate-respondent"),
        (usable[later & ~same], EXCLUDED, "id-reused"),
    ):
        chosen = np.zeros(len(body), dtype=bool)
        chosen[rows] = True
        body.set_aside(chosen, state, reason)


def _read(answers: TypedTable, items: ItemSet, name: str) -> _Cells:
    raw = answers.columns[name]
    item = answers.columns["item"]
    status = np.zeros(len(answers), dtype=np.int8)
    score = np.zeros(len(answers), dtype=np.int8)
    reasons = np.full(len(answers), "", dtype=object)
    spelt: list[tuple[np.ndarray, Coded]] = []
    for number, code in enumerate(item.values):
        full = f"{code}{ANSWER_COLUMNS[name]}"
        if full not in items.readers:
            continue
        at = np.flatnonzero(item.codes == number)
        read = read_answers(items, full, raw.take(at))
        status[at], score[at] = read.status, read.score
        for reason in (*CELL_REASONS, EXCLUDES):
            reasons[at[read.where(reason)]] = reason
        slips = read.where(MISSPELT)
        if slips.any():
            spelt.append((at[slips], read.spelt(full).take(slips)))
    return _Cells(ANSWER_COLUMNS[name], raw, status, score, reasons, spelt)


def _exclude(
    joined: Joined, cells: list[_Cells], person: np.ndarray, ids: np.ndarray, person_rows: np.ndarray
) -> None:
    """Set the whole questionnaires aside that hold an answer the definition will not have."""
    answers = joined.answers
    hit = np.zeros(len(answers), dtype=bool)
    for cell in cells:
        hit |= (cell.reasons == EXCLUDES) & (answers.state == USED)
    if not hit.any():
        return
    out = np.isin(person, np.unique(person[hit])) & (answers.state == USED)
    answers.set_aside(out, EXCLUDED, EXCLUDES)
    if joined.respondents is not None:
        # Somebody who rated two units may be used at the other.
        gone = np.setdiff1d(ids[out], ids[answers.state == USED])
        theirs = np.zeros(len(joined.respondents), dtype=bool)
        theirs[person_rows[gone]] = True
        joined.respondents.set_aside(theirs, EXCLUDED, EXCLUDES)


def _persons(answers: TypedTable, ids: np.ndarray) -> np.ndarray:
    """Return the person of every answer; somebody who rated two units counts at each."""
    if "unit" not in answers.columns:
        return ids.astype(np.int64)
    units = answers.columns["unit"]
    return ids.astype(np.int64) * max(len(units.values), 1) + units.codes


def _duplicates(answers: TypedTable, cells: list[_Cells], person: np.ndarray, ledger: Ledger) -> np.ndarray:
    """Merge equal answers of one person to one item; return the rows that hold a conflict."""
    conflict = np.zeros(len(answers), dtype=bool)
    usable = np.flatnonzero(answers.state == USED)
    item = answers.columns["item"]
    key = person[usable] * max(len(item.values), 1) + item.codes[usable]
    order = np.argsort(key, kind="stable")
    _, starts, counts = np.unique(key[order], return_index=True, return_counts=True)
    if not (counts > 1).any():
        return conflict
    merged = np.zeros(len(answers), dtype=bool)
    others = np.zeros(len(answers), dtype=bool)
    for start, count in zip(starts[counts > 1], counts[counts > 1]):
        group = usable[order[start : start + count]]
        said = [r for r in group if any(c.status[r] != MISSING for c in cells)] or [group[0]]
        contents = {tuple((int(c.status[r]), int(c.score[r])) for c in cells) for r in said}
        if len(contents) == 1:
            merged[[r for r in group if r != said[0]]] = True
        else:
            conflict[said[0]] = True
            others[[r for r in group if r != said[0]]] = True
    answers.set_aside(merged, MERGED, "duplicate-answer")
    answers.set_aside(others, EXCLUDED, "duplicate-of-conflict")
    return conflict


def _enter_rows(body: TypedTable, filled: np.ndarray, ledger: Ledger) -> None:
    item = body.columns.get("item")
    for reason, at in body.aside():
        ledger.add(
            reason, body.files.take(at), body.rows[at], role=body.role,
            value=body.columns["answer"].take(at) if "answer" in body.columns else "",
            note=item.take(at) if item is not None else "", cells=filled[at],
        )  # fmt: skip


def _enter_cells(
    answers: TypedTable, cells: list[_Cells], used: np.ndarray, conflict: np.ndarray, ledger: Ledger
) -> None:
    item = answers.columns["item"]
    for name, cell in zip([n for n in ANSWER_COLUMNS if n in answers.columns], cells):
        filled = cell.raw.filled()
        for reason in (*CELL_REASONS, CONFLICT, "blank-answer"):
            if reason == CONFLICT:
                hit = conflict[used] & filled[used]
            elif reason == "blank-answer":
                hit = ~filled[used]
            else:
                hit = (cell.reasons[used] == reason) & ~conflict[used]
            at = used[hit]
            ledger.add(
                reason, answers.files.take(at), answers.rows[at], role="answers",
                column=answers.headers[name], value=cell.raw.take(at), note=item.take(at),
                cells=0 if reason == "blank-answer" else 1,
            )  # fmt: skip
        usable = np.zeros(len(answers), dtype=bool)
        usable[used] = ~conflict[used]
        for at, notes in cell.spelt:
            keep = usable[at]
            at, notes = at[keep], notes.take(keep)
            ledger.add(
                MISSPELT, answers.files.take(at), answers.rows[at], role="answers",
                column=answers.headers[name], value=cell.raw.take(at), note=notes,
            )  # fmt: skip


def _pivot(
    items: ItemSet,
    item: Coded,
    cells: list[_Cells],
    used: np.ndarray,
    person: np.ndarray,
    count: int,
    conflict: np.ndarray,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    scores: dict[str, np.ndarray] = {}
    statuses: dict[str, np.ndarray] = {}
    suffixes = [cell.suffix for cell in cells]
    for code in items.codes:
        base, column = answer_column(code)
        suffix = ANSWER_COLUMNS[column]
        if suffix not in suffixes:
            continue
        cell = cells[suffixes.index(suffix)]
        wanted = (item.values == base)[item.codes[used]]
        at = used[wanted]
        score, status = np.zeros(count, dtype=np.int8), np.full(count, MISSING, dtype=np.int8)
        good = np.where(conflict[at], INVALID, cell.status[at]).astype(np.int8)
        status[person[wanted]] = good
        score[person[wanted]] = np.where(good == ANSWERED, cell.score[at], 0)
        scores[code], statuses[code] = score, status
    return scores, statuses


def _ranges(answers: TypedTable, used: np.ndarray, person: np.ndarray, count: int) -> np.ndarray:
    """Return the answer rows of every person, as a reader would write them: 2-10, 14."""
    texts = np.full(count, "", dtype=object)
    if not len(used):
        return texts
    order = np.lexsort((answers.rows[used], answers.files.codes[used], person))
    who, rows = person[order], answers.rows[used][order]
    files = answers.files.codes[used][order]
    starts = np.flatnonzero(np.r_[True, (np.diff(who) != 0) | (np.diff(rows) != 1) | (np.diff(files) != 0)])
    ends = np.r_[starts[1:] - 1, len(rows) - 1]
    for start, end in zip(starts, ends):
        span = str(rows[start]) if start == end else f"{rows[start]}-{rows[end]}"
        owner = who[start]
        texts[owner] = f"{texts[owner]}, {span}" if texts[owner] else span
    return texts


def _parts(respondents: TypedTable, answers: TypedTable) -> tuple[str, ...]:
    """Return what the respondents table tells; the rest comes from the answers table."""
    parts = list(PARTS)
    if "unit" in answers.columns:
        parts.remove("units")
    if {"answered_at", "entered_at"} & set(answers.columns) and "answered_at" not in respondents.columns:
        parts.remove("moments")
    return tuple(parts)


def _join_people(
    body: TypedTable,
    at: np.ndarray,
    parts: tuple[str, ...],
    survey: Survey,
    lookups: Lookups,
    ledger: Ledger,
) -> tuple[Coded, np.ndarray, Fields]:
    """Read the profile of the people who answered; the others are set aside."""
    keep = np.zeros(len(body), dtype=bool)
    keep[at] = True
    body.set_aside(~keep, EXCLUDED, "no-answers")
    for reason, rows in body.aside():
        ledger.add(reason, body.files.take(rows), body.rows[rows], role="respondents")
    once, inverse = np.unique(at, return_inverse=True)
    made = people(body, once, survey, lookups, ledger, parts)
    back = np.asarray(inverse).reshape(-1)
    fields: Fields = {
        name: value.take(back) if isinstance(value, Coded) else value[back] for name, value in made.items()
    }
    return body.files.take(at), body.rows[at], fields


def _borrow(
    fields: Fields,
    own: tuple[str, ...],
    answers: TypedTable,
    first: np.ndarray,
    survey: Survey,
    lookups: Lookups,
    ledger: Ledger,
) -> None:
    """Take from the answers table what only it knows: the unit rated, the time of answering."""
    parts = tuple(
        part
        for part, names in (("units", ("unit",)), ("moments", ("answered_at", "entered_at")))
        if any(name in answers.columns for name in names) and part not in own
    )
    fields.update(people(answers, first, survey, lookups, ledger, parts))


def _suggest(body: TypedTable, everyone: Coded, persons: np.ndarray, fields: Fields, ledger: Ledger) -> None:
    """Attach suggestions to their respondents; several of one respondent stand one below another."""
    mine = everyone.codes[len(everyone) - len(body) :]
    place = np.full(len(everyone.values), -1, dtype=np.int64)
    place[persons[::-1]] = np.arange(len(persons))[::-1]
    owner = place[mine]
    raw = body.columns["suggestion"]
    body.set_aside(owner < 0, EXCLUDED, "orphan-suggestion")
    usable = np.flatnonzero(body.state == USED)
    _, first = np.unique(owner[usable] * max(len(raw.values), 1) + raw.codes[usable], return_index=True)
    again = np.zeros(len(body), dtype=bool)
    again[np.delete(usable, first)] = True
    body.set_aside(again, MERGED, "duplicate-suggestion")
    _enter_rows(body, np.zeros(len(body), dtype=np.int64), ledger)
    rows = np.flatnonzero(body.state == USED)
    column = raw.take(rows)

    def enter(reason: str, hit: np.ndarray) -> None:
        at = rows[hit]
        ledger.add(reason, body.files.take(at), body.rows[at], role="suggestions",
                   column=body.headers["suggestion"], value=raw.take(at))  # fmt: skip

    said = suggestions(column, enter)
    texts = np.full(len(persons), "", dtype=object)
    for person, text in zip(owner[rows], said.texts()):
        if text:
            texts[person] = f"{texts[person]}\n{text}" if texts[person] else text
    existing = fields.get("suggestion")
    if isinstance(existing, Coded):
        own = existing.texts()
        texts = np.array([a if not b else (b if not a else f"{b}\n{a}") for a, b in zip(texts, own)], object)
    fields["suggestion"] = compact(np.arange(len(texts), dtype=np.int32), list(texts))
