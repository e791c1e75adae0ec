"""What is followed up: the lowest unsur with what was tested, and the plan to fill in (R18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import say, section, told
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.lowest_items import code
from pipeline.report.unit.plan import plan
from pipeline.words import lowest as words
from pipeline.words import narrative
from pipeline.words.verdicts import Element

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


#: More pairs than this are not all listed: those not told apart are counted.
MOST_PAIRS = 60
UNDECIDED = "not-distinguishable"


@section("priorities")
def priorities(u: UnitReport) -> Any:
    """List the lowest unsur with what each is lower than, then leave the plan to the unit."""
    w, found = u.words, low.lowest(u)
    if not u.items:
        return say(w, "unit.no_answers")
    first = channel_first(u)
    if not found:
        return blocks.group(*first, told(words.all_equal(w)), plan(u, found))
    rows = [
        [w.integer(place), code(e.item), e.name, e.value, words.cell(w, e)]
        for place, e in enumerate(found, 1)
    ]
    table = blocks.table(
        blocks.columns(
            w, no="unit.priorities.col_no", item=("unit.unsur.col_code", ""),
            name=("unit.unsur.col_name", "2fr"), value="unit.unsur.col_value",
            mark=("unit.priorities.col_mark", "3fr"),
        ),
        rows, caption=w("unit.priorities.caption"), key="priorities", note=w("unit.priorities.note"),
        row_header=False,
    )  # fmt: skip
    ties = [words.tie(w, group, found) for group in low.equal_groups(u, found)]
    return blocks.group(
        *first, say(w, "unit.priorities.lead"), table, *(told(tie) for tie in ties), pairs(u, found),
        plan(u, found),
    )  # fmt: skip


def pairs(u: UnitReport, found: list[Element]) -> Any:
    """List every tested pair that holds a listed unsur, with the p that its word comes from."""
    w, place = u.words, [e.item for e in found]
    tested = {
        (row.item, row.other): (e, other, row)
        for e in reversed(found) for other, row in low.pairs_of(u, e.item).items()
    }  # fmt: skip
    if not tested:
        return None
    cells = []
    order = {item: at for at, item in enumerate(u.items)}
    shown = sorted(tested.values(), key=lambda t: (place.index(t[0].item), order[t[1]]))
    undecided = [t for t in shown if t[2].text == UNDECIDED] if len(shown) > MOST_PAIRS else []
    for e, other, row in (t for t in shown if t not in undecided):
        gap = row.estimate if row.item == e.item else -row.estimate
        cells.append([
            f"{code(e.item)} {e.name}", f"{code(other)} {u.item_name(other)}", w.integer(row.n),
            w.number(gap), w.p(row.p_adjusted), words.pair_word(w, row.text),
        ])  # fmt: skip
    count = len(u.rows("priorities", "lower_than"))
    note = [w("unit.priorities.pairs_note", pairs=w.integer(count))]
    if undecided:
        note.append(w("unit.priorities.pairs_left"))
    if not cells:
        return say(w, "unit.priorities.pairs_left", style="note")
    return blocks.table(
        blocks.columns(
            w, item=("unit.priorities.col_lowest", "2fr"), other=("unit.priorities.col_other", "2fr"),
            n="common.n", gap="unit.priorities.col_gap", p="unit.priorities.col_p",
            word=("unit.priorities.col_word", "1.6fr"),
        ),
        cells, caption=w("unit.priorities.pairs_caption"), key="lowest-pairs", compact=True,
        note=" ".join(note), row_header=False,
    )  # fmt: skip


# what the first page says of them ------------------------------------------------------------
def channel_first(u: UnitReport) -> list[Any]:
    """Say before anything else that half of the respondents or more found no complaint channel."""
    missing = low.no_channel(u)
    return [told(words.channel(u.words, missing))] if missing is not None else []


def highest_said(u: UnitReport) -> narrative.Runs:
    """Name the unsur with the largest values."""
    found = low.highest(u)
    return words.highest(u.words, found, low.equal_groups(u, found))
