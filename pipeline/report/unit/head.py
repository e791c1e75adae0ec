"""The document itself and its first page: the number, how sure it is, what it means."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks
from pipeline.report.base.section import section, told
from pipeline.report.data.kind import KINDS, WHOLE
from pipeline.report.unit import verdicts
from pipeline.report.unit.act_on import act_on
from pipeline.report.unit.headline import cautions, limits, number
from pipeline.report.unit.priorities import channel_first
from pipeline.report.unit.short_pages import short_page
from pipeline.report.unit.tiles import sampled, tiles
from pipeline.words import narrative
from pipeline.words.formats import as_date

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


def head(u: UnitReport) -> Any:
    """Open the report: title, language, period, footer, hash. The first block of the notebook."""
    w, definition = u.words, u.survey.definition
    when = period(u)
    return blocks.document(
        title=u.name,
        kicker=w("unit.kicker_foreign", period=when)
        if u.foreign
        else w("unit.kicker", period=when, rule=u.rule.short),
        lang=u.lang,
        survey=definition.text(definition.title, u.lang),
        unit=u.name,
        city=definition.city,
        period=when,
        date=report_date(u),
        footer=w(
            "unit.footer_foreign" if u.foreign else "unit.footer",
            unit=u.name,
            period=definition.period or u.survey.name,
        ),
        data_hash=u.data_hash,
        version=f"skm-pipeline {__version__}",
        synthetic=bool(definition.synthetic),
        renamed=w.renamed,
        kind="unit",
        description=w("unit.description", unit=u.name, city=definition.city or w("common.unknown")),
    )


def period(u: UnitReport) -> str:
    """Days of fieldwork when known, else the period's name."""
    start, end = fieldwork(u)
    if start or end:
        return u.words.date_range(start, end)
    return str(u.survey.definition.period or u.survey.name)


def fieldwork(u: UnitReport) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of fieldwork: as the definition says, else as this unit's answers show."""
    given = u.survey.definition.fieldwork
    start, end = given.start, given.end
    if (start is None or end is None) and "answered_at" in u.responses:
        days = u.responses["answered_at"].dropna()
        if len(days):
            start = start or as_date(days.min())
            end = end or as_date(days.max())
    return start, end


def report_date(u: UnitReport) -> str:
    """Return the date a document carries: the last day of fieldwork, never today."""
    _, end = fieldwork(u)
    if end:
        return end.isoformat()
    years = u.survey.years
    return f"{years[1]}-12-31" if years else ""


@section("summary", kinds=KINDS)
def summary(u: UnitReport) -> Any:
    """First page: the number, what decides beside it, what it means, and which unsur to act on."""
    if u.kind != WHOLE:
        return short_page(u)
    w = u.words
    made = [
        *cautions(u),
        number(u),
        tiles(u),
        blocks.heading(w("unit.summary.meaning"), key="meaning"),
        *channel_first(u),
        told(narrative.certainty(w, verdicts.certainty(u)), sampled(u), *limits(u)),
    ]
    return blocks.group(*made, *act_on(u, made))
