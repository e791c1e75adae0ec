"""One row per answer: long tables, brought to a row per person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded
from pipeline.intake.rows.joined import Joined, borrow, enter_rows, join_people, keys, parts_of, suggest
from pipeline.intake.rows.lookups import Lookups
from pipeline.intake.rows.people import people
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
    enter_rows(answers, np.asarray(filled), ledger)
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
        own = parts_of(joined.respondents, answers)
        files, numbers, fields = join_people(joined.respondents, at, own, survey, lookups, ledger)
        borrow(fields, own, answers, first, survey, lookups, ledger)
    asked = list(scores)
    if len(everyone) and asked:
        missing = np.column_stack([statuses[code] == MISSING for code in asked])
        at = np.flatnonzero(missing.any(axis=1))
        if len(at):
            role = "answers" if joined.respondents is None else "respondents"
            flag_missing(ledger, missing[at], asked, files.take(at), numbers[at], role)
    if joined.suggestions is not None:
        suggest(joined.suggestions, people_ids, ids[first], fields, ledger)
    block = Block(items, files, numbers, blocks_rows, fields, scores, statuses, asked)
    return block, int(np.asarray(filled).sum())


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
