"""What was set aside and what is doubted: nothing is deleted, everything is counted (R10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report import unit_verdicts as verdicts
from pipeline.report.section import say, section, told
from pipeline.report.unit import estimate, whole
from pipeline.words import narrative

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport

#: Flags of rows, in the order they are listed.
FLAGS = (
    "straightline", "longstring", "irv", "mahalanobis", "person_total", "burst", "midnight",
    "duplicate_row", "entered-in-bulk", "entered_in_bulk", "after_extraction",
)  # fmt: skip
ACTIONS = ("excluded", "merged", "set-missing", "flagged", "rekeyed")


@section("doubts")
def doubts(u: UnitReport) -> Any:
    """Show the ledger by reason, the flags, and the index with and without flagged answers."""
    w = u.words
    made: list[Any] = [told(narrative.doubt(w, verdicts.doubt(u))), flags(u), with_without(u), ledger(u)]
    return blocks.group(made)


def flags(u: UnitReport) -> Any:
    """Count the answers that carry each flag."""
    w, rows = u.words, []
    for name in FLAGS:
        row = u.first("integrity", name)
        if row is None or estimate(row) is None:
            continue
        count = flagged(row, u.n)
        rows.append([w.label("flag", name), w.integer(count), w.percent(count / u.n if u.n else None, 1)])
    if not rows:
        return say(w, "unit.doubts.no_flags")
    return blocks.table(
        [blocks.column("flag", w("unit.doubts.col_flag"), width="1fr"),
         blocks.column("n", w("unit.doubts.col_rows"), numeric=True),
         blocks.column("share", w("unit.doubts.col_share"), numeric=True)],
        rows, caption=w("unit.doubts.flags_caption"), key="flags", note=w("unit.doubts.flags_note"),
    )  # fmt: skip


def flagged(row: Any, n: int) -> int:
    """Return how many rows carry a flag: a count, or a share of the rows."""
    count = whole(row.numerator)
    if count is not None:
        return count
    return round(row.estimate * n) if 0 < row.estimate < 1 else int(row.estimate)


def with_without(u: UnitReport) -> Any:
    """Set the index with all answers beside the index without flagged ones."""
    d, row = verdicts.doubt(u), u.ikm
    if row is None or d.value_without is None or not d.flagged:
        return None
    w = u.words
    without = u.first("integrity", "ikm_without_flagged")
    left = whole(without.n)
    left = u.n_valid - d.flagged if left is None else left
    rows = [
        [w("unit.doubts.all"), w.integer(u.n_valid), w.number(row.estimate), u.letter or "–"],
        [w("unit.doubts.without"), w.integer(left), w.number(d.value_without), d.letter_without or "–"],
    ]
    return blocks.table(
        [blocks.column("which", w("unit.doubts.col_which"), width="1fr"),
         blocks.column("n", w("common.n"), numeric=True),
         blocks.column("ikm", w("common.index"), numeric=True),
         blocks.column("letter", w("unit.unsur.col_letter"))],
        rows, caption=w("unit.doubts.without_caption"), key="without-flagged",
    )  # fmt: skip


def ledger(u: UnitReport) -> Any:
    """Count what the intake did to this unit's records and cells, by reason."""
    w, rows = u.words, u.ledger
    if not len(rows) or "reason" not in rows:
        return say(w, "unit.doubts.no_ledger")
    counts = rows.groupby([rows["action"].astype(str), rows["reason"].astype(str)], observed=True).size()
    rank = {action: place for place, action in enumerate(ACTIONS)}
    listed = sorted(counts.items(), key=lambda c: (rank.get(c[0][0], 9), -c[1], c[0][1]))
    cells = [[w.label("action", a), w.label("ledger", r), w.integer(n)] for (a, r), n in listed]
    return blocks.table(
        [blocks.column("action", w("unit.doubts.col_action")),
         blocks.column("reason", w("unit.doubts.col_reason"), width="1fr"),
         blocks.column("n", w("unit.doubts.col_count"), numeric=True)],
        cells, caption=w("unit.doubts.ledger_caption"), key="ledger", note=w("unit.doubts.ledger_note"),
        row_header=False,
    )  # fmt: skip
