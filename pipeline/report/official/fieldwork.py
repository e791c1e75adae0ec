"""How the survey was carried out: by whom, how, where, when, and in how many working days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.foreign import given, theirs
from pipeline.report.base.section import say
from pipeline.report.official.part import own, part
from pipeline.report.unit.conduct import asked, convenience, mode_words
from pipeline.report.unit.head import period

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@part
def team(u: UnitReport) -> Any:
    """Say who conducted the survey, and list the team where the office names it."""
    w, d = u.words, u.survey.definition
    by = d.conducted_by
    if by and d.partner:
        by = w("unit.conduct.with_partner", by=by, partner=d.partner)
    said = say(w, "official.team.by", by=by) if by else None
    rows = [
        [w.integer(place), given(u.survey, one.role, u.lang), one.name, given(u.survey, one.position, u.lang)]
        for place, one in enumerate(d.team, 1)
    ]
    text = own(u, "team")
    if not (said or rows or text):
        return say(w, "official.team.none")
    return [said, *text, members(u, rows) if rows else None]


def members(u: UnitReport, rows: list[list[str]]) -> Any:
    """Table of the team; a column in which nothing is given is left out."""
    w = u.words
    columns = blocks.columns(
        w, no="official.col_no", role=("official.team.col_role", "1fr"),
        name=("official.team.col_name", "1.4fr"), position=("official.team.col_position", "1.6fr"),
    )  # fmt: skip
    used = [at for at, _ in enumerate(columns) if any(row[at] for row in rows)]
    return blocks.table(
        [columns[at] for at in used], [[row[at] for at in used] for row in rows],
        caption=w("official.team.caption"), key="team", row_header=False,
    )  # fmt: skip


@part
def method(u: UnitReport) -> Any:
    """Say how answers were collected and how respondents were found, and what that allows (R17)."""
    w, d = u.words, u.survey.definition
    low, high = u.scale
    key = "official.method.questions_foreign" if u.foreign else "official.method.questions"
    return [
        *own(u, "method"),
        say(w, key, count=w.integer(asked(u)), rule=u.rule.short, low=low, high=high),
        say(w, "official.method.mode", mode=mode_words(u)),
        say(w, "official.method.sampling", sampling=theirs(u.survey, d.sampling.rstrip(". "), u.lang))
        if d.sampling
        else None,
        convenience(u),
    ]


@part
def place(u: UnitReport) -> Any:
    """Say where answers were collected, as the office says it."""
    d, text = u.survey.definition, own(u, "place")
    where = given(u.survey, d.place, u.lang)
    if where:
        text = [blocks.prose(where), *text]
    return text or say(u.words, "official.place.none")


@part
def schedule(u: UnitReport) -> Any:
    """Table of what was done when, with working days; without one, the fieldwork as the definition states it."""
    w, d = u.words, u.survey.definition
    lines = [(given(u.survey, one.activity, u.lang), one.start, one.last) for one in d.schedule]
    if not lines:
        start, end = d.fieldwork.start, d.fieldwork.end  # days of answers alone are no schedule
        if start is None or end is None:
            return say(w, "official.schedule.none", period=period(u))
        lines = [(w("official.schedule.fieldwork"), start, end)]
    rows = [
        [w.integer(at), what, w.date_range(start, end), w.integer(working_days(start, end, d.holidays))]
        for at, (what, start, end) in enumerate(lines, 1)
    ]
    return blocks.table(
        blocks.columns(
            w, no="official.col_no", what=("official.schedule.col_what", "2fr"),
            when=("official.schedule.col_when", "1.6fr"), days="official.schedule.col_days",
        ),
        rows, caption=w("official.schedule.caption"), key="schedule", note=holidays(u, lines), row_header=False,
    )  # fmt: skip


def working_days(start: dt.date, end: dt.date, holidays: Collection[dt.date] = ()) -> int:
    """Days from Monday to Friday, first and last included, that are no listed holiday.

    Examples
    --------
    >>> working_days(dt.date(2025, 8, 11), dt.date(2025, 8, 18), [dt.date(2025, 8, 18)])
    5
    """
    days = (start + dt.timedelta(days=step) for step in range((end - start).days + 1))
    return sum(day.weekday() < 5 and day not in holidays for day in days)


def holidays(u: UnitReport, lines: list[tuple[str, dt.date, dt.date]]) -> str:
    """Say how working days were counted, and which holidays were taken out."""
    w, listed = u.words, sorted(u.survey.definition.holidays)
    taken = [
        day for day in listed if day.weekday() < 5 and any(start <= day <= end for _, start, end in lines)
    ]
    if taken:
        return w("official.schedule.note", days=w.join([w.date(day) for day in taken]))
    return w("official.schedule.note_without" if listed else "official.schedule.note_none")
