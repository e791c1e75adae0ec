"""What was set aside and what is doubted: nothing is deleted, everything is counted (R10)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import say, section, told
from pipeline.report.data.unit import estimate, whole
from pipeline.report.unit import verdicts
from pipeline.words import doubt as words
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Flags of rows, in the order they are listed.
ENTRY_FLAGS = ("duplicate_row", "burst", "midnight", "bulk_entry", "outside_period")
PATTERN_FLAGS = ("straightline", "mahalanobis", "person_total")
ACTIONS = ("excluded", "merged", "set-missing", "flagged", "rekeyed")


@section("doubts")
def doubts(u: UnitReport) -> Any:
    """Show the ledger by reason, the flags, and the index with and without flagged answers."""
    w = u.words
    # One paragraph: what was seen, how unusual it is among the units, whether the letter depends.
    paragraph = told(words.integrity(w, verdicts.integrity(u)), words.without(w, verdicts.doubt(u)))
    return blocks.group([paragraph, flags(u), with_without(u), interviewers(u), ledger(u)])


def interviewers(u: UnitReport) -> Any:
    """Say how much of the variation lies between interviewers, where they are recorded."""
    row = u.first("integrity", "interviewer_icc")
    value = estimate(row)
    if row is None or value is None:
        return None
    w = u.words
    count = w.integer(whole(row.denominator))
    # A negative estimate means none: chance alone gives values on both sides of nought.
    return say(
        w,
        "unit.doubts.interviewer",
        style="note",
        count=count,
        share=w.percent(max(value, 0), 1),
        p=w.p(row.p),
    )


def flags(u: UnitReport) -> Any:
    """Count the answers that carry each flag."""
    w, rows, unjudged = u.words, [], []
    for name in (*ENTRY_FLAGS, *PATTERN_FLAGS):
        row = u.first("integrity", name)
        if row is None or estimate(row) is None:
            unjudged.append(w.label("flag", name))
            continue
        kind = w("unit.doubts.entry" if name in ENTRY_FLAGS else "unit.doubts.pattern")
        rows.append(
            [w.label("flag", name), kind, w.integer(whole(row.numerator)), w.percent(row.estimate, 1)]
        )
    if not rows:
        return say(w, "unit.doubts.no_flags")
    note = [w("unit.doubts.flags_note")]
    expected = u.value("integrity", "straightline_expected", method="beta-binomial")
    if expected is not None:
        note.append(w("unit.doubts.expected", share=w.percent(expected, 1)))
    if unjudged:
        note.append(w("unit.doubts.unjudged", flags=w.join(unjudged)))
    return blocks.table(
        blocks.columns(
            w, flag=("unit.doubts.col_flag", "1fr"), kind=("unit.doubts.col_kind", ""),
            n="unit.doubts.col_rows", share="unit.doubts.col_share",
        ),
        rows, caption=w("unit.doubts.flags_caption"), key="flags", note=" ".join(note),
    )  # fmt: skip


def with_without(u: UnitReport) -> Any:
    """Set the index with all answers beside the index without flagged ones."""
    d, row = verdicts.doubt(u), u.ikm
    if row is None or d.value_without is None or not d.flagged:
        return None
    w = u.words
    without = u.first("integrity", "ikm_without_flagged", method="any")
    left = None if without is None else whole(without.n)
    left = u.n_valid - d.flagged if left is None else left
    rows = [
        [w("unit.doubts.all"), w.integer(u.n_valid), w.number(row.estimate), u.letter or NOTHING],
        [w("unit.doubts.without"), w.integer(left), w.number(d.value_without), d.letter_without or NOTHING],
    ]
    return blocks.table(
        blocks.columns(
            w, which=("unit.doubts.col_which", "1fr"), n="common.n", ikm="common.index",
            letter=("unit.unsur.col_letter", ""),
        ),
        rows, caption=w("unit.doubts.without_caption"), key="without-flagged",
    )  # fmt: skip


def ledger(u: UnitReport) -> Any:
    """Count what the intake did to this unit's records and cells, by reason."""
    w, rows = u.words, u.ledger
    if not len(rows) or "reason" not in rows:
        return say(w, "unit.doubts.no_ledger")
    counts = Counter(zip(rows["action"].astype(str), rows["reason"].astype(str)))
    rank = {action: place for place, action in enumerate(ACTIONS)}
    listed = sorted(sorted(counts.items()), key=lambda c: (rank.get(c[0][0], 9), -c[1], c[0][1]))
    cells = [[w.label("action", a), w.label("ledger", r), w.integer(n)] for (a, r), n in listed]
    return blocks.table(
        blocks.columns(
            w, action=("unit.doubts.col_action", ""), reason=("unit.doubts.col_reason", "1fr"),
            n="unit.doubts.col_count",
        ),
        cells, caption=w("unit.doubts.ledger_caption"), key="ledger",
        note=w("unit.doubts.ledger_note" if len(u.survey.units) == 1 else "unit.doubts.ledger_note_many"),
        row_header=False,
    )  # fmt: skip
