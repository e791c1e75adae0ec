"""How consistent a unit's answers to each questionnaire and declared facet are (R12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.questionnaires import rests
from pipeline.report.base.scale_verdicts import by_item, first
from pipeline.report.base.section import say
from pipeline.report.data.unit import estimate
from pipeline.words.formats import NOTHING
from pipeline.words.scale_verdicts import ITEM_REST

if TYPE_CHECKING:
    from pipeline.report.base.scale_verdicts import Rows
    from pipeline.report.data.unit import UnitReport


def unit_sentence(u: UnitReport, name: str) -> Any:
    """What a unit's own answers say of one questionnaire's consistency, in a line; the reason where nothing."""
    w, rows = u.words, unit_rows(u, name)
    found = _own_alpha(rows)
    value = estimate(found)
    if found is None or value is None:
        reason = (
            w.label("reason", found.reason)
            if found is not None and found.reason
            else w.label("reason", "no-data")
        )
        return say(w, "constructs.unit.none", reason=reason, style="note")
    rest = rests(rows)
    interval = (
        w("constructs.unit.interval", interval=w.interval(found.lower, found.upper))
        if found.lower == found.lower
        else ""
    )
    key = "constructs.unit.alpha" if rest else "constructs.unit.alpha_only"
    return say(
        w, key, alpha=w.number(value), interval=interval, n=w.integer(found.n),
        low=w.number(min(rest)) if rest else "", high=w.number(max(rest)) if rest else "",
        weak=w.integer(sum(r < ITEM_REST for r in rest)), count=w.integer(len(rest)), cut=w.number(ITEM_REST),
        style="note",
    )  # fmt: skip


def unit_rows(u: UnitReport, name: str) -> Rows:
    """Rows of one questionnaire of a unit, whatever the module."""

    def rows(module: str, statistic: str, **where: str) -> Sequence[Any]:
        return u.rows("constructs", statistic, **{"service": "", "group": name, **where})

    return rows


def unit_facets(u: UnitReport) -> Any:
    """Reliability of each declared facet, from a unit's own answers; nothing where none is declared."""
    w = u.words
    listed = [
        name
        for name in u.survey.definition.facets
        if unit_rows(u, results.FACET + name)("reliability", "alpha")
    ]
    if not listed:
        return None
    cells = []
    for name in listed:
        rows = unit_rows(u, results.FACET + name)
        found, rest = _own_alpha(rows), rests(rows)
        value, count = estimate(found), len(by_item(rows, "validity", "item_rest"))
        cells.append([
            name, w.integer(count), w.number(value),
            w.interval(found.lower, found.upper) if value is not None and found.lower == found.lower else NOTHING,
            w.interval(min(rest), max(rest)) if rest else NOTHING,
        ])  # fmt: skip
    return blocks.table(
        columns=[
            blocks.column("name", w("constructs.col.facet"), width="2fr"),
            *(blocks.column(key, w(f"constructs.col.{key}"), numeric=True)
              for key in ("items", "alpha_own", "interval", "rest_own")),
        ],
        rows=cells, caption=w("constructs.unit.caption"), key="facets",
        note=w("constructs.unit.note", cut=w.number(ITEM_REST)),
    )  # fmt: skip


def _own_alpha(rows: Rows) -> Any:
    """A unit's alpha with its interval, else without one, else None."""
    return first(rows, "reliability", "alpha", method="jackknife") or first(rows, "reliability", "alpha")
