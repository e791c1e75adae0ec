"""Which calendar the dates of a form follow: 3/4/2025 is the third of April, or the fourth of March.

Every export of one form follows one calendar, but a file tells which only if a day above 12 occurs in it.
Where none does, its sibling files, the fieldwork and AM or PM tell; where nothing does, it is said. A column
of texts with days above 12 beside date cells with days up to 12 was opened in a spreadsheet of the
other calendar: it took what it could read for dates, and exchanged day and month of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.ground import vectorised_text
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem
from pipeline.intake.values import dates
from pipeline.survey.period import WRITTEN, months
from pipeline.survey.text import fold

DAY, MONTH, OPEN, MIXED, NONE = "day", "month", "open", "mixed", ""
#: The fields that hold dates.
FIELDS = ("answered_at", "entered_at")
#: How unlikely it may be that all cells lie up to 12 and all texts above by chance.
CHANCE = 0.01
#: Fewer ambiguous dates than this are not worth a sentence.
FEW = 3
#: With fewer dates, that all of them fit the fieldwork only when exchanged proves little.
ENOUGH = 5
MOST = 5000
_CLOCK = re.compile(r"\d\s?[AP]M\b")
_PERIOD = re.compile(WRITTEN)

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Evidence:
    """What the texts of a column of dates show of its calendar.

    ``first`` and ``second`` are texts whose first or second number is above 12, ``open`` those that can
    be read both ways, ``small`` the cells with a day up to 12 (empty where one has a later day).
    """

    header: str = ""
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    small: tuple[dt.datetime, ...] = ()
    clock: bool = False

    @property
    def calendar(self) -> str:
        """The calendar that the numbers themselves tell."""
        if self.first and self.second:
            return MIXED
        if self.first or self.second:
            return DAY if self.first else MONTH
        return OPEN if self.open else NONE


@dataclass
class Calendar:
    """The calendar of a table: how its texts are read, and in which columns cells are exchanged back."""

    kind: str = NONE
    form: tuple[str, ...] = ()
    columns: dict[str, Evidence] = field(default_factory=dict)
    swapped: frozenset[str] = frozenset()
    #: What told so, where it was not the numbers.
    why: str = ""

    @property
    def month_first(self) -> bool:
        """Whether texts are read with the month first."""
        return self.kind == MONTH

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What tables must share to be read as one."""
        return self.kind, tuple(sorted(self.swapped))


def look(column: Coded, header: str = "") -> Evidence:
    """Return what a column shows.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> look(encode(["3/13/2025 9:10:00", "3/1/2025 9:12:00"])).calendar, look(encode(["3/1/2025"])).calendar
    ('month', 'open')
    """
    values = column.values[column.present() > 0]
    local = (
        values[vectorised_text.matching(values, dates.NOT_YEAR_FIRST)]
        if len(values) >= vectorised_text.MANY
        else values
    )
    kinds: dict[str, list[str]] = {"first": [], "second": [], "open": []}
    others: list[str] = []
    for text in local:
        parts = dates.local_parts(str(text)) if text else None
        if parts is None:
            others.append(str(text))
            continue
        kind = "first" if parts[0] > 12 else "second" if parts[1] > 12 else "open"
        if len(kinds[kind]) < MOST and parts[0] != parts[1]:
            kinds[kind].append(str(text))
    if len(local) < len(values):
        # Beside texts every cell matters; where there are none, the first tell.
        rest = values if any(kinds.values()) else values[:MOST]
        others = [str(value) for value in rest if dates.local_parts(str(value)) is None]
    clock = any(_CLOCK.search(text) for texts in kinds.values() for text in texts[:20])
    return Evidence(
        header, tuple(kinds["first"]), tuple(kinds["second"]), tuple(kinds["open"]), _small(others), clock
    )


def _small(texts: Sequence[str]) -> tuple[dt.datetime, ...]:
    """Return the moments of date cells, or nothing as soon as one of them has a day above 12."""
    found = []
    for text in texts:
        moment, _ = dates.parse(text) if text else (None, "")
        if moment is None or not dates.is_cell(text):
            continue
        if moment.day > 12:
            return ()
        found.append(moment)
    return tuple(found)


def exchanged(moment: dt.datetime) -> dt.datetime:
    """Return a moment with day and month exchanged (its day is at most 12).

    Examples
    --------
    >>> exchanged(dt.datetime(2025, 2, 6, 9))
    datetime.datetime(2025, 6, 2, 9, 0)
    """
    return moment.replace(month=moment.day, day=moment.month)


def find(
    columns: Mapping[str, Coded],
    headers: Mapping[str, str],
    form: Sequence[str],
    stated: str,
    span: Span | None,
) -> tuple[Calendar, list[Problem]]:
    """Return the calendar of a table, as far as it tells by itself, and what is to be said of it.

    Parameters
    ----------
    columns, headers : mapping
        The columns of dates and their headers, by field.
    form : sequence of str
        The headers of the whole table: tables that share them are exports of one form.
    stated : str
        ``day-first`` or ``month-first`` where the definition says it: nothing is found out then.
    span : tuple, optional
        Begin and end of the fieldwork.
    """
    seen = {name: look(columns[name], headers[name]) for name in FIELDS if name in columns}
    made = Calendar(form=tuple(sorted(map(fold, form))), columns=seen)
    if stated:
        made.kind, made.why = (MONTH if stated == "month-first" else DAY), "stated"
        return made, []
    kinds = {one.calendar for one in seen.values()} - {NONE}
    for kind in (MIXED, MONTH, DAY, OPEN):
        if kind in kinds:
            made.kind = kind
            break
    problems: list[Problem] = []
    swapped = []
    for name, one in seen.items():
        if one.calendar == MIXED:
            problems.append(_two(one))
        elif one.small and not one.open:
            verdict = _swapped(one, span)
            swapped += [name] if verdict else []
            if verdict or (verdict is None and (one.first or one.second)):
                problems.append(_mixed(one, bool(verdict)))
    made.swapped = frozenset(swapped)
    return made, problems


def _swapped(one: Evidence, span: Span | None) -> bool | None:
    """Whether day and month of the cells were exchanged; None where it cannot be known."""
    back = [exchanged(moment) for moment in one.small]
    if span is not None:
        inside, after = (sum(span[0] <= m < span[1] for m in some) for some in (one.small, back))
        if after == len(back) and inside < after and (one.first or one.second):
            return True
        if after == len(back) and 2 * inside < len(back) and len(back) >= ENOUGH:
            return True
        if inside == len(back) and after < inside:
            return False
    if not (one.first or one.second):
        return False
    if _closer(one, back):
        return True
    days = {(m.year, m.month, m.day) for m in one.small}
    chance = (12 / 30.4) ** len(days) * (18.4 / 30.4) ** len(
        {t.split()[0] for t in (*one.first, *one.second)}
    )
    return True if chance < CHANCE else None


def _closer(one: Evidence, back: Sequence[dt.datetime]) -> bool:
    """Whether the cells lie in the months of the texts only when they are exchanged."""
    read = [dates.parse(text, bool(one.second))[0] for text in (*one.first, *one.second)]
    months = [m.year * 12 + m.month for m in read if m is not None]
    if not months or len({(m.month, m.day) for m in one.small}) < 2:
        return False
    low, high = min(months), max(months)
    stay, moved = (sum(low <= m.year * 12 + m.month <= high for m in some) for some in (one.small, back))
    return moved == len(back) and 2 * stay < len(back)


def _mixed(one: Evidence, back: bool) -> Problem:
    texts = (*one.first, *one.second)
    fate = "day and month of the cells are exchanged back" if back else "they are read as they stand"
    beside = f" beside texts such as {_day(texts[0])}" if texts else ""
    return Problem(
        f"{len(one.small)} different date cells have days up to 12 only{beside}: a spreadsheet that puts the month"
        f" elsewhere took them for other dates; {fate}",
        "look at the dates on the validation page; `dates: day-first` or `dates: month-first` under `files:` leaves"
        " cells as they stand",
        column=one.header, fatal=False, first=True,
    )  # fmt: skip


def _two(one: Evidence) -> Problem:
    return Problem(
        f"{len(one.first)} different dates have the day first ({_day(one.first[0])}) and {len(one.second)} the month"
        f" first ({_day(one.second[0])}): read with the day first",
        "split the file, or correct it: dates that cannot be read so are missing and stand in the ledger",
        column=one.header, fatal=False, first=True,
    )  # fmt: skip


def span_of(start: dt.date | None, end: dt.date | None, period: str) -> Span | None:
    """Return the time in which answers can have been given: the fieldwork, else a period shorter than a year.

    Examples
    --------
    >>> [str(day.date()) for day in span_of(None, None, "2025-tw2")]
    ['2025-04-01', '2025-07-01']
    """
    if start and end:
        midnight = dt.time()
        return dt.datetime.combine(start, midnight), dt.datetime.combine(end, midnight) + dt.timedelta(1)
    match = _PERIOD.match(period)
    if not match or match[0] == match["year"]:  # a year alone is too long to decide a day by
        return None
    year, (first, length) = int(match["year"]), months(match)
    last = first - 1 + length
    return dt.datetime(year, first, 1), dt.datetime(year + last // 12, last % 12 + 1, 1)


def decide(calendars: Sequence[tuple[str, Calendar]], span: Span | None) -> list[Problem]:
    """Settle the tables whose own numbers do not tell, by their siblings, the fieldwork, AM and PM.

    ``calendars`` are all tables of the survey with their names; what is said of them is returned.
    """
    known: dict[tuple[str, ...], dict[str, str]] = {}
    for name, one in calendars:
        if one.kind in (DAY, MONTH) and one.why != "stated":
            known.setdefault(one.form, {}).setdefault(one.kind, name)
    told: dict[tuple[str, str, str], list[tuple[str, Calendar]]] = {}
    for name, one in calendars:
        if one.kind != OPEN:
            continue
        kind, why = _decided(one, known.get(one.form, {}), span)
        one.kind, one.why = kind or DAY, why
        header = next(e.header for e in one.columns.values() if e.open)
        if kind == MONTH or (not kind and _matters(one)):
            told.setdefault((kind, why, header), []).append((name, one))
    return [_told(*key, found) for key, found in told.items()]


def _decided(one: Calendar, siblings: Mapping[str, str], span: Span | None) -> tuple[str, str]:
    if len(siblings) == 1:
        kind, name = next(iter(siblings.items()))
        return kind, f"as {name} shows, an export of the same form"
    texts = [text for e in one.columns.values() for text in e.open]
    if span is not None:
        fits = {
            kind: all(
                (m := dates.parse(text, kind == MONTH)[0]) is not None and span[0] <= m < span[1]
                for text in texts
            )
            for kind in (DAY, MONTH)
        }
        if fits[DAY] != fits[MONTH]:
            return (DAY if fits[DAY] else MONTH), "the time of the survey allows nothing else"
    if any(e.clock for e in one.columns.values()):
        return MONTH, "with AM and PM"
    return "", ""


def _matters(one: Calendar) -> bool:
    """Whether so many dates can be read in two ways that it must be said."""
    return len({text.split()[0] for e in one.columns.values() for text in e.open}) >= FEW


def _told(kind: str, why: str, header: str, found: Sequence[tuple[str, Calendar]]) -> Problem:
    name, one = found[0]
    text = _day(next(text for e in one.columns.values() for text in e.open))
    file = name if len(found) == 1 else ""
    many = f" (in {len(found)} files)" if len(found) > 1 else ""
    if kind == MONTH:
        return Problem(
            f"dates such as {text} are read with the month first, {why}{many}",
            "if the day stands first, say `dates: day-first` under `files:`",
            file=file, column=header, fatal=False, first=True,
        )  # fmt: skip
    return Problem(
        f"no date shows whether the day or the month stands first ({text}): read with the day first{many}",
        "say `dates: day-first` or `dates: month-first` under `files:`, or state the `fieldwork:`",
        file=file, column=header, fatal=False, first=True,
    )  # fmt: skip


def _day(text: str) -> str:
    """Return day and month of a text as they stand: with the year they look like a telephone number."""
    match = re.match(r"\D*(\d+\D\d+)", text)
    return match[1] if match else ""


def year_first(text: str, month_first: bool, exchange: bool) -> str:
    """Return a date as a cell of it would be written; a text that is none as it stands.

    Examples
    --------
    >>> year_first("3/4/2025 9:10", True, False), year_first("kemarin", True, False)
    ('2025-03-04 09:10:00', 'kemarin')
    """
    moment, _ = dates.parse(text, month_first)
    if moment is None:
        return text
    if exchange and moment.day <= 12 and dates.is_cell(text):
        moment = exchanged(moment)
    return moment.isoformat(" ")


def cells_of(column: Coded) -> np.ndarray:
    """Return which rows hold a date cell, not a text with day and month in some order."""
    return column.map(lambda text: bool(text) and dates.is_cell(text), bool)
