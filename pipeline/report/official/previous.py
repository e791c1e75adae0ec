"""What came of the survey before: its index and unsur, and what was promised and done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import say
from pipeline.report.data.unit import estimate
from pipeline.report.official.part import part, within
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.followup import followed
from pipeline.report.unit.headline import exactly
from pipeline.report.unit.lowest_items import code

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.results import Row
    from pipeline.standings.years import Point

#: Reasons of a value that may not be shown (R6).
HIDDEN = ("suppressed", "privacy", "no-variance")


@part
def previous(u: UnitReport) -> Any:
    """Say the index of the newest earlier survey that the unit was in, list its unsur, then what became of its plan."""
    w, then = u.words, u.years.then(u.unit.id)
    if not then:
        return [say(w, "official.previous.none"), within(followed(u))]
    survey, point = list(then.items())[-1]
    key = "official.previous.index" if point.letter else "official.previous.index_no_letter"
    said = say(w, key, survey=survey, value=w.number(point.value), letter=point.letter)
    return [said, *unsur(u, survey, point), within(followed(u))]


def unsur(u: UnitReport, survey: str, point: Point) -> list[Any]:
    """List every unsur in the earlier survey and in this one; one that is another by now has the reason instead.

    Values stand side by side and are not subtracted: what was tested is the change of the index (R15).
    """
    w, rows = u.words, {row.item: row for row in u.rows("trend", "nrr_then", other=survey)}
    kinds = u.years.kinds(u.unit.id, survey)
    changed = w.join([w(f"compare.kind.{kind}") for kind in kinds])
    if not rows or u.ikm is None:
        return []
    if all(estimate(row) is None and row.reason == "not-comparable" for row in rows.values()) and kinds:
        return [say(w, "official.previous.apart", survey=survey, kinds=changed)]
    cells = [
        [w.integer(at), f"{code(item)} {u.item_name(item, short=False)}", value(u, rows.get(item)),
         w.number(low.item_value(u, item))]
        for at, item in enumerate(u.items, 1)
    ]  # fmt: skip
    note = w("official.previous.note", factor=w.number(u.factor, 0))
    if kinds:
        note += " " + w("official.previous.changed", kinds=changed)
    return [
        blocks.table(
            [*blocks.columns(w, no="official.col_no", unsur=("unit.unsur.col_name", "1fr")),
             blocks.column("then", survey, numeric=True),
             blocks.column("now", u.survey.name, numeric=True)],
            cells, caption=w("official.previous.caption", survey=survey), key="previous-unsur", note=note,
            footer_rows=[["", w("unit.unsur.total"), w.number(point.value), w.number(exactly(u.ikm))]],
            row_header=False,
        )
    ]  # fmt: skip


def value(u: UnitReport, row: Row | None) -> str:
    """Write a value of then on the scale of 100, or why there is none."""
    w = u.words
    if row is None:
        return str(w("official.previous.not_asked"))
    if (found := estimate(row)) is not None:
        return str(w.number(found * u.factor))
    if row.reason == "not-comparable":
        kinds = w.join([w(f"compare.kind.{kind}") for kind in str(row.text).split(",") if kind])
        return str(w("official.previous.other", kinds=kinds))
    return str(w("unit.hidden" if row.reason in HIDDEN else "official.previous.not_asked"))
