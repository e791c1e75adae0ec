"""What came of the survey before: its index, and what was promised and done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.base.section import say
from pipeline.report.official.part import part, within
from pipeline.report.unit.followup import followed

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@part
def previous(u: UnitReport) -> Any:
    """Say the index of the newest earlier survey that the unit was in, then what became of its plan."""
    w, then = u.words, u.years.then(u.unit.id)
    if not then:
        return [say(w, "official.previous.none"), within(followed(u))]
    survey, point = list(then.items())[-1]
    key = "official.previous.index" if point.letter else "official.previous.index_no_letter"
    return [say(w, key, survey=survey, value=w.number(point.value), letter=point.letter), within(followed(u))]
