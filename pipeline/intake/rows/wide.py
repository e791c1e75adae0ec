"""One row per respondent, one column per item."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded, compact, constant
from pipeline.intake.rows.lookups import Lookups
from pipeline.intake.rows.people import people
from pipeline.intake.rows.services import Fields, Stated
from pipeline.intake.rows.typed_table import EXCLUDED, USED, TypedTable
from pipeline.intake.values.answers import ANSWERED, INVALID, MISSING, Reading
from pipeline.intake.values.items import ItemSet
from pipeline.survey import Survey


@dataclass
class Block:
    """Used respondents of one body: their source, profile, scores and statuses."""

    items: ItemSet
    files: Coded
    rows: np.ndarray
    answer_rows: np.ndarray | None
    fields: Fields
    scores: dict[str, np.ndarray]
    statuses: dict[str, np.ndarray]
    asked: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Read:
    """A column of answers, read: per row the status, score, and code of its reading."""

    raw: Coded
    readings: list[Reading]
    status: np.ndarray
    score: np.ndarray

    def where(self, reason: str) -> np.ndarray:
        """Return the rows whose reading gave a reason."""
        table = np.array([r.reason == reason for r in self.readings], dtype=bool)
        return table[self.raw.codes] if len(table) else np.zeros(len(self.raw), dtype=bool)

    def spelt(self, code: str) -> Coded:
        """Return, for the ledger, the item and the option each misspelt answer was read as."""
        notes = [f'{code}, read as "{r.option}" = {r.score}' if r.option else code for r in self.readings]
        return compact(self.raw.codes, notes)


CELL_REASONS = (
    "out-of-range", "unreadable-answer", "contradictory-answer", "placeholder", "not-applicable",
)  # fmt: skip

#: The reading for which the definition leaves out the whole questionnaire.
EXCLUDES = "excluded-answer"
#: The reading of a misspelt option: used, and entered.
MISSPELT = "misspelt-answer"


def read_answers(items: ItemSet, code: str, raw: Coded) -> Read:
    """Read a column of answers to one item."""
    reader = items.readers[code]
    readings = [reader.read(str(value)) for value in raw.values]
    if not readings:
        zeros = np.zeros(len(raw), dtype=np.int8)
        return Read(raw, [], zeros, zeros)
    status = np.array([r.status for r in readings], dtype=np.int8)[raw.codes]
    score = np.array([r.score if r.status == ANSWERED else 0 for r in readings], dtype=np.int8)[raw.codes]
    return Read(raw, readings, status, score)


def wide_block(
    body: TypedTable, survey: Survey, lookups: Lookups, ledger: Ledger, later: list[Stated] | None = None
) -> tuple[Block, int]:
    """Make a block of a wide body; returns it and how many answers were read.

    ``later`` collects the services, to be settled over several blocks (see `people`).
    """
    codes = body.item_fields
    reads = {code: read_answers(body.items, code, body.columns[code]) for code in codes}
    filled = np.zeros(len(body), dtype=np.int64)
    useful = np.zeros(len(body), dtype=bool)
    for read in reads.values():
        filled += read.raw.filled()
        useful |= (read.status == ANSWERED) | (read.status == INVALID)
    for read in reads.values():
        if any(reading.reason == EXCLUDES for reading in read.readings):
            body.set_aside(read.where(EXCLUDES), EXCLUDED, EXCLUDES)
    body.set_aside(~useful, EXCLUDED, "all-blank")
    for reason, at in body.aside():
        ledger.add(reason, body.files.take(at), body.rows[at], role=body.role, cells=filled[at])
    rows = np.flatnonzero(body.state == USED)
    shared_ids(body, rows, ledger)
    fields = people(body, rows, survey, lookups, ledger, later=later)
    incomplete(body, rows, reads, ledger)
    scores: dict[str, np.ndarray] = {}
    statuses: dict[str, np.ndarray] = {}
    for code, read in reads.items():
        for reason in CELL_REASONS:
            if not any(reading.reason == reason for reading in read.readings):
                continue
            at = np.flatnonzero(read.where(reason) & (body.state == USED))
            ledger.add(
                reason, body.files.take(at), body.rows[at], role=body.role,
                column=body.headers[code], value=read.raw.take(at), note=code, cells=1,
            )  # fmt: skip
        at = np.flatnonzero(read.where(MISSPELT) & (body.state == USED))
        if len(at):
            ledger.add(
                MISSPELT, body.files.take(at), body.rows[at], role=body.role,
                column=body.headers[code], value=read.raw.take(at), note=read.spelt(code).take(at),
            )  # fmt: skip
        scores[code], statuses[code] = read.score[rows], read.status[rows]
    block = Block(body.items, body.files.take(rows), body.rows[rows], None, fields, scores, statuses, codes)
    return block, int(filled.sum())


def shared_ids(body: TypedTable, rows: np.ndarray, ledger: Ledger) -> None:
    """Flag rows of one file that carry the same id and differ in content."""
    if "respondent" not in body.columns or not len(rows):
        return
    ids = body.columns["respondent"]
    again = np.bincount(ids.codes[rows], minlength=len(ids.values)) > 1
    # Only ids that come again anywhere are looked at file by file.
    rows = rows[(again & ids.values.astype(bool))[ids.codes[rows]]]
    if not len(rows):
        return
    key = body.files.codes[rows].astype(np.int64) * max(len(ids.values), 1) + ids.codes[rows]
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    at = rows[counts[np.asarray(inverse).reshape(-1)] > 1]
    # The id itself is never shown: it may be a NIK or a phone number.
    ledger.add("duplicate-id", body.files.take(at), body.rows[at], role=body.role,
               column=body.headers["respondent"])  # fmt: skip


def incomplete(body: TypedTable, rows: np.ndarray, reads: dict[str, Read], ledger: Ledger) -> None:
    """Flag rows that leave items unanswered; the ledger names the items."""
    if not reads:
        return
    gaps = [read.status[rows] == MISSING for read in reads.values()]
    at = np.flatnonzero(np.logical_or.reduce(gaps))
    if not len(at):
        return
    missing = np.column_stack([gap[at] for gap in gaps])
    flag_missing(ledger, missing, list(reads), body.files.take(rows[at]), body.rows[rows[at]], body.role)


def flag_missing(
    ledger: Ledger, missing: np.ndarray, codes: list[str], files: Coded, numbers: np.ndarray, role: str
) -> None:
    """Enter which items each incomplete row lacks."""
    patterns, inverse = _patterns(missing)
    names = [", ".join(code for code, gone in zip(codes, pattern) if gone) for pattern in patterns]
    lacking = compact(inverse, names)
    ledger.add("incomplete", files, numbers, role=role, column=lacking, value=constant("", len(numbers)))


def _patterns(missing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct rows of a table of gaps, and which of them each row is."""
    if missing.shape[1] > 62:
        patterns, inverse = np.unique(missing, axis=0, return_inverse=True)
        return patterns, np.asarray(inverse).reshape(-1).astype(np.int32)
    # A row of gaps is one whole number: sorting numbers is quicker than sorting rows.
    packed = missing @ (np.int64(1) << np.arange(missing.shape[1], dtype=np.int64)[::-1])
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    return missing[first], np.asarray(inverse).reshape(-1).astype(np.int32)
