"""Rows that their own export marks: what the definition leaves out, what the ledger and the check say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.problems import Problem
from pipeline.intake.rows.typed_table import EXCLUDED, MERGED, USED, TypedTable
from pipeline.intake.values.exportmarks import Mark
from pipeline.survey.entries import Marks

#: The marks of a row, and the reasons under which the ledger has those that are kept and left out.
KEPT = {"rejected": "marked-rejected", "test": "marked-test", "incomplete": "marked-incomplete"}
LEFT_OUT = {
    "rejected": "rejected-submission",
    "test": "test-submission",
    "incomplete": "incomplete-submission",
}
SAME, SHARED = "same-submission", "shared-submission-id"
EXAMPLES = 3


def leave_out(body: TypedTable, marks: Marks) -> None:
    """Take out of use what the definition does not want, and what only says a submission again."""
    for mark in body.marks:
        if getattr(marks, mark.kind) == "exclude":
            body.set_aside(mark.rows, EXCLUDED, LEFT_OUT[mark.kind])
    if body.again is not None and marks.duplicate_id == "merge":
        body.set_aside(body.again.same, MERGED, SAME)


def enter(body: TypedTable, ledger: Ledger) -> None:
    """Enter the marked rows that are used all the same."""
    for mark in body.marks:
        _enter(body, ledger, KEPT[mark.kind], mark.rows, mark.header)
    if body.again is not None:
        # The id itself is not shown: it leads back to one submission.
        _enter(body, ledger, SHARED, body.again.shared, body.again.header)


def _enter(body: TypedTable, ledger: Ledger, reason: str, rows: np.ndarray, header: str) -> None:
    at = np.flatnonzero(rows & (body.state == USED))
    ledger.add(reason, body.files.take(at), body.rows[at], role=body.role, column=header)


def said(bodies: Sequence[TypedTable], marks: Marks) -> list[Problem]:
    """Return one sentence per kind of mark and column, over all files."""
    found: dict[tuple[str, str], list[tuple[TypedTable, Mark]]] = {}
    for body in bodies:
        for mark in body.marks:
            found.setdefault((mark.kind, mark.header), []).append((body, mark))
    problems = [_said(kind, header, pairs, marks) for (kind, header), pairs in found.items()]
    return problems + _shared([body for body in bodies if body.again is not None], marks)


def _said(kind: str, header: str, pairs: Sequence[tuple[TypedTable, Mark]], marks: Marks) -> Problem:
    number = sum(int(mark.rows.sum()) for _, mark in pairs)
    rows = sum(len(mark.rows) for _, mark in pairs)
    texts = list(dict.fromkeys(text for _, mark in pairs for text in mark.texts))
    shown = ", ".join(f'"{text}"' for text in texts[:EXAMPLES]) or "empty"
    left = getattr(marks, kind) == "exclude"
    fate = "they are left out, as `marks:` says" if left else "they count"
    if kind == "rejected":
        what = f"{number} of {rows} rows were rejected by the office ({shown}): {fate}"
    elif kind == "test":
        what = f"{number} of {rows} rows are previews or tests, not respondents ({shown}): {fate}"
    else:
        what = f"{number} of {rows} rows were not filled in to the end ({shown}): {fate}"
    stated = kind in marks.model_fields_set
    hint = "" if stated else f"to leave them out, say in survey.yml: marks: {{{kind}: exclude}}"
    return Problem(what, hint, file=_file(body for body, _ in pairs), column=header, fatal=False, first=True)


def _file(bodies: Iterable[TypedTable]) -> str:
    """Return the file that tables are of; of several none is named."""
    files = {body.origin for body in bodies}
    return files.pop() if len(files) == 1 else ""


def _shared(bodies: Sequence[TypedTable], marks: Marks) -> list[Problem]:
    """Say how many rows share the id of a submission, and what became of them."""
    again = [(body, body.again) for body in bodies if body.again is not None]
    if not again:
        return []
    number, same = (sum(int(x.sum()) for x in part) for part in zip(*((a.shared, a.same) for _, a in again)))
    hint = ""
    if marks.duplicate_id == "keep":
        fate = "all of them count, as `marks:` says"
    elif same:
        fate = f"{same} of them say again what another one says and are merged with it; the others count"
        hint = "to count each row, say in survey.yml: marks: {duplicate_id: keep}"
    else:
        fate = "their answers differ, and all of them count"
        hint = "look at them in the ledger, and delete in the system what was sent by mistake"
    return [
        Problem(
            f"{number} rows share the id of their submission with another row: {fate}", hint,
            file=_file(bodies), column=again[0][1].header, fatal=False, first=True,
        )
    ]  # fmt: skip
