"""What changed since earlier surveys (R8, R15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import say, section, told
from pipeline.report.base.years_alike import caution
from pipeline.report.data.unit import estimate, limit
from pipeline.report.unit import years as unit_years
from pipeline.report.unit.lowest_items import code
from pipeline.standings.years import Point, words_of
from pipeline.survey import UNKNOWN_UNIT
from pipeline.words import narrative

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@section("change")
def change(u: UnitReport) -> Any:
    """Say what changed against the newest comparable survey, and draw and list the unit's indices by survey."""
    w, then = u.words, list(u.years.then(u.unit.id).values())
    if not then or u.ikm is None:
        return blocks.group(say(w, "compare.unit.change_none"), unread(u))
    last = u.years.against(u.unit.id)
    asked = next(iter(u.wider("trend", "year_invariance")), None)
    return blocks.group(
        changed(u),
        caution(w, asked, u.survey.name, last),
        letters(u, last),
        adjusted(u, last),
        unread(u),
        unit_years.figure(u),
        table(u, then),
    )


def changed(u: UnitReport) -> Any:
    """Say the change against one survey, and which newer one is passed over; page one says it in a tile."""
    if u.ikm is None or u.unit.id == UNKNOWN_UNIT:
        return None
    w, years, unit = u.words, u.years, u.unit.id
    last = years.against(unit)
    if not last:
        return say(w, "compare.unit.change_none") if years.earlier else unread(u)
    passed = [
        w.runs("narrative.change.skipped", survey=one.survey, kinds=words_of(w, one))
        for one in years.skipped(unit, last)
    ]
    return told(narrative.change(w, years.change(unit, last)), *passed)


def unread(u: UnitReport) -> Any:
    """Name the earlier surveys that are there and were not read."""
    w, found = u.words, u.years.unread
    if not found:
        return None
    names = [f"{name} ({w.label('reason', reason)})" for name, reason in found.items()]
    return say(w, "compare.years.unread", style="note", surveys=w.join(names))


def letters(u: UnitReport, survey: str) -> Any:
    """Say both letters and how sure it is that they differ, where they do."""
    row = next(iter(u.rows("trend", "letter_change", other=survey)), None)
    confidence = estimate(row)
    if row is None or confidence is None:
        return None
    old, _, new = str(row.text).partition(">")
    w = u.words
    return (
        say(w, "compare.unit.letters", then=old, now=new, confidence=w.percent(confidence))
        if old != new
        else None
    )


def adjusted(u: UnitReport, survey: str) -> Any:
    """Say the change at equal mix of respondents."""
    row = next(iter(u.rows("trend", "change_adjusted", other=survey)), None)
    value = estimate(row)
    mix = estimate(next(iter(u.rows("trend", "change_mix", other=survey)), None))
    if row is None or value is None or mix is None:
        return None
    w = u.words
    return say(w, "compare.unit.adjusted", style="note", value=w.number(value), mix=w.number(mix),
               interval=w.interval(row.lower, row.upper))  # fmt: skip


def table(u: UnitReport, then: list[Point]) -> Any:
    """List the unit's index of every survey with letter, n, and whether it can be compared."""
    w = u.words
    rows = [[p.survey, w.number(p.value), interval(u, p), p.letter or w("common.none"),
             w.integer(p.n) if p.n is not None else w("common.none"), able(u, p)] for p in then]  # fmt: skip
    own = unit_years.now(u)
    if own is not None:
        rows.append([u.survey.name, w.number(own.value), interval(u, own), u.letter or w("common.none"),
                     w.integer(u.n_valid), w("compare.unit.this_survey")])  # fmt: skip
    return blocks.table(
        blocks.columns(
            w, survey=("compare.col_survey", ""), index="compare.unit.col_index",
            interval="overview.col_interval", letter=("overview.col_letter", ""), n="overview.col_n",
            able=("compare.col_comparable", "2fr"),
        ),
        rows, caption=w("compare.unit.history_caption"), key="history", note=w("compare.unit.history_note"),
        strong_rows=[len(rows) - 1],
    )  # fmt: skip


def interval(u: UnitReport, row: Point) -> str:
    """Write an interval, clipped at the end of the scale, or a dash."""
    lower, upper = limit(row.lower), limit(row.upper)
    return (
        u.words("common.none")
        if lower is None or upper is None
        else u.words.interval(lower, min(100.0, upper))
    )


def able(u: UnitReport, point: Point) -> str:
    """Say whether a survey can be held against the present one, and what changed where not."""
    w, kinds = u.words, u.years.kinds(u.unit.id, point.survey)
    if kinds:
        return f"{w('compare.card_no')}: {w.join([w(f'compare.kind.{kind}') for kind in kinds])}"
    if point.printed:
        return str(w("compare.card_printed"))
    _, left = u.years.items(point.survey)
    items = w.join([code(item) for item in left])
    return str(w("compare.card_without", items=items) if left else w("compare.card_yes"))
