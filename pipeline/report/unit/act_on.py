"""The unsur to act on, as page one lists them: what was tested, what users wrote, what is due (R18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import runs_to_parts, told
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.lowest_items import code, lower_codes
from pipeline.words import lowest as words
from pipeline.words import page_one

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


def act_on(u: UnitReport) -> list[Any]:
    """List the lowest unsur, then say once what was not told apart, what is a tie, and what is due."""
    w, found = u.words, low.lowest(u)
    if len(u.items) < 2:
        return []
    if not found:
        return [told(words.all_equal(w))]
    items = [runs_to_parts(page_one.act_item(w, e, code(e.item), lower_codes(u, e))) for e in found]
    ties = [page_one.act_tie(w, group, found) for group in low.equal_groups(u, found)]
    return [
        blocks.prose(page_one.act_lead(w, len(found))),
        blocks.bullets(items, ordered=True),
        told(*page_one.act_rest(w, found), *ties),
    ]
