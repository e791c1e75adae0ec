"""One row per respondent, one column per item."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.answers import ANSWERED, INVALID, MISSING, Reading
from pipeline.intake.bodies import EXCLUDED, MERGED, USED, Body
from pipeline.intake.coded import Coded, compact, constant
from pipeline.intake.items import ItemSet
from pipeline.intake.ledger import Ledger
from pipeline.intake.lookups import Lookups
from pipeline.intake.people import Fields, people
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


CELL_REASONS = (
    "out-of-range", "unreadable-answer", "contradictory-answer", "placeholder", "not-applicable",
)  # fmt: skip


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


def wide_block(body: Body, survey: Survey, lookups: Lookups, ledger: Ledger) -> tuple[Block, int]:
    """Make a block of a wide body; returns it and how many answers were read."""
    codes = body.item_fields
    reads = {code: read_answers(body.items, code, body.columns[code]) for code in codes}
    filled = np.zeros(len(body), dtype=np.int64)
    useful = np.zeros(len(body), dtype=bool)
    for read in reads.values():
        filled += read.raw.filled()
        useful |= (read.status == ANSWERED) | (read.status == INVALID)
    body.set_aside(~useful, EXCLUDED, "all-blank")
    for state in (MERGED, EXCLUDED):
        for reason in np.unique(body.why[body.state == state].astype(str)):
            at = np.flatnonzero((body.state == state) & (body.why == reason))
            ledger.add(reason, body.files.take(at), body.rows[at], role=body.role, cells=filled[at])
    rows = np.flatnonzero(body.state == USED)
    shared_ids(body, rows, ledger)
    fields = people(body, rows, survey, lookups, ledger)
    incomplete(body, rows, reads, ledger)
    scores: dict[str, np.ndarray] = {}
    statuses: dict[str, np.ndarray] = {}
    for code, read in reads.items():
        for reason in CELL_REASONS:
            at = np.flatnonzero(read.where(reason) & (body.state == USED))
            ledger.add(
                reason, body.files.take(at), body.rows[at], role=body.role,
                column=body.headers[code], value=read.raw.take(at), note=code, cells=1,
            )  # fmt: skip
        scores[code], statuses[code] = read.score[rows], read.status[rows]
    block = Block(body.items, body.files.take(rows), body.rows[rows], None, fields, scores, statuses, codes)
    return block, int(filled.sum())


def shared_ids(body: Body, rows: np.ndarray, ledger: Ledger) -> None:
    """Flag rows of one file that carry the same id and differ in content."""
    if "respondent" not in body.columns or not len(rows):
        return
    ids = body.columns["respondent"]
    key = body.files.codes[rows].astype(np.int64) * max(len(ids.values), 1) + ids.codes[rows]
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    several = (counts[np.asarray(inverse).reshape(-1)] > 1) & ids.filled()[rows]
    at = rows[several]
    # The id itself is never shown: it may be a NIK or a phone number.
    ledger.add("duplicate-id", body.files.take(at), body.rows[at], role=body.role,
               column=body.headers["respondent"])  # fmt: skip


def incomplete(body: Body, rows: np.ndarray, reads: dict[str, Read], ledger: Ledger) -> None:
    """Flag rows that leave items unanswered; the ledger names the items."""
    if not reads:
        return
    missing = np.column_stack([read.status[rows] == MISSING for read in reads.values()])
    at = np.flatnonzero(missing.any(axis=1))
    if not len(at):
        return
    flag_missing(ledger, missing[at], list(reads), body.files.take(rows[at]), body.rows[rows[at]], body.role)


def flag_missing(
    ledger: Ledger, missing: np.ndarray, codes: list[str], files: Coded, numbers: np.ndarray, role: str
) -> None:
    """Enter which items each incomplete row lacks."""
    patterns, inverse = np.unique(missing, axis=0, return_inverse=True)
    names = [", ".join(code for code, gone in zip(codes, pattern) if gone) for pattern in patterns]
    lacking = compact(np.asarray(inverse).reshape(-1).astype(np.int32), names)
    ledger.add("incomplete", files, numbers, role=role, column=lacking, value=constant("", len(numbers)))
