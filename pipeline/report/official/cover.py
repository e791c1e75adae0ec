"""Title page, foreword and contents; a unit with too few answers gets its short page instead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.data.kind import WHOLE
from pipeline.report.official.part import own, part
from pipeline.report.unit.conduct import conduct
from pipeline.report.unit.head import head, period
from pipeline.report.unit.short_pages import short_page

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


def cover(u: UnitReport) -> Any:
    """Open the report with a page that says what it is, of which unit and period."""
    document = head(u)
    if u.kind != WHOLE:
        return document
    w, d = u.words, u.survey.definition
    under = [w("official.cover.period", period=period(u)), d.city]
    return replace(
        document, kicker=w("official.cover.title"), subtitle=" · ".join(filter(None, under)), chapters=True
    )


@part
def foreword(u: UnitReport) -> Any:
    """Print the office's own foreword under its heading."""
    text = own(u, "foreword")
    return [blocks.heading(u.words("official.foreword.heading"), key="foreword"), *text] if text else None


def contents(u: UnitReport) -> Any:
    """Place the contents; of a unit that gets no whole report, all that is told of it."""
    return blocks.group(blocks.pagebreak(), blocks.contents(depth=3)) if u.kind == WHOLE else short(u)


def short(u: UnitReport) -> Any:
    """Return all that is told of a unit that gets no whole report; nothing for the others."""
    return blocks.group(None if u.kind == WHOLE else [short_page(u), conduct(u, heading=True)])
