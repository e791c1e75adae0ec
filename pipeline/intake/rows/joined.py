"""Tables that share respondent ids: one row of each person, what their own table tells of them, their suggestions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded, compact, stack
from pipeline.intake.rows.lookups import Lookups
from pipeline.intake.rows.people import PARTS, people, suggestions
from pipeline.intake.rows.services import Fields
from pipeline.intake.rows.typed_table import EXCLUDED, MERGED, USED, TypedTable
from pipeline.survey import Survey


@dataclass
class Joined:
    """Everything that shares respondent ids: the people, their answers, their suggestions."""

    respondents: TypedTable | None
    answers: TypedTable
    suggestions: TypedTable | None
    #: Columns of answers and respondents that would fit, where those that are stated do not.
    better: tuple[str, str] | None = None


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


def enter_rows(body: TypedTable, filled: np.ndarray, ledger: Ledger) -> None:
    """Enter the rows of a table that are set aside, and how many of their cells were filled."""
    item = body.columns.get("item")
    for reason, at in body.aside():
        ledger.add(
            reason, body.files.take(at), body.rows[at], role=body.role,
            value=body.columns["answer"].take(at) if "answer" in body.columns else "",
            note=item.take(at) if item is not None else "", cells=filled[at],
        )  # fmt: skip


def parts_of(respondents: TypedTable, answers: TypedTable) -> tuple[str, ...]:
    """Return what the respondents table tells; the rest comes from the answers table."""
    parts = list(PARTS)
    if "unit" in answers.columns:
        parts.remove("units")
    if {"answered_at", "entered_at"} & set(answers.columns) and "answered_at" not in respondents.columns:
        parts.remove("moments")
    return tuple(parts)


def join_people(
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


def borrow(
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


def suggest(body: TypedTable, everyone: Coded, persons: np.ndarray, fields: Fields, ledger: Ledger) -> None:
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
    enter_rows(body, np.zeros(len(body), dtype=np.int64), ledger)
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
