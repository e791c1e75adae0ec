"""What is followed up: the three lowest unsur with their marks, and the plan to fill in (R18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report import unit_verdicts as verdicts
from pipeline.report.section import say, section
from pipeline.report.unit_which import code
from pipeline.words import narrative

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport


@section("priorities")
def priorities(u: UnitReport) -> Any:
    """List the three lowest unsur with their marks, then leave the plan to the unit."""
    w, low = u.words, verdicts.lowest(u)
    if not low:
        return say(w, "unit.no_answers")
    rows = [
        [w.integer(place), code(e.item), e.name, e.value,
         w(f"unit.priorities.mark.{e.mark or 'unmarked'}", ties=narrative.tied_names(w, e) or w("common.none"))]
        for place, e in enumerate(low, 1)
    ]  # fmt: skip
    table = blocks.table(
        [blocks.column("no", w("unit.priorities.col_no"), numeric=True),
         blocks.column("item", w("unit.unsur.col_code")),
         blocks.column("name", w("unit.unsur.col_name"), width="2fr"),
         blocks.column("value", w("unit.unsur.col_value"), numeric=True),
         blocks.column("mark", w("unit.priorities.col_mark"), width="3fr")],
        rows, caption=w("unit.priorities.caption"), key="priorities", note=w("unit.priorities.note"),
        row_header=False,
    )  # fmt: skip
    same = verdicts.tied(u)
    tie = say(w, "unit.priorities.tie", names=w.join([narrative.named(w, e) for e in same])) if same else None
    return blocks.group(say(w, "unit.priorities.lead"), table, tie, plan(u, low))


def plan(u: UnitReport, low: list[verdicts.Element]) -> Any:
    """Return the empty follow-up plan (RTL) in the form evaluators know."""
    w = u.words
    rows = [[w.integer(i), f"{code(e.item)} {e.name}", "", "", ""] for i, e in enumerate(low, 1)]
    return blocks.table(
        [blocks.column("no", w("unit.priorities.col_no"), numeric=True),
         blocks.column("unsur", w("unit.priorities.col_unsur"), width="2fr"),
         blocks.column("program", w("unit.priorities.col_program"), width="3fr"),
         blocks.column("when", w("unit.priorities.col_when"), width="1.4fr"),
         blocks.column("who", w("unit.priorities.col_who"), width="1.8fr")],
        rows, caption=w("unit.priorities.plan_caption"), key="plan", note=w("unit.priorities.plan_note"),
        row_header=False, breakable=False,
    )  # fmt: skip
