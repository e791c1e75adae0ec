"""The press text: title, lead, findings, what the city will do, how it was measured, whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.at_random import how_drawn
from pipeline.report.city import followup, points
from pipeline.report.city.head import period
from pipeline.report.city.headline import exactly, for_information, letter_of, meaning, rests_on
from pipeline.report.city.release import release
from pipeline.report.data.city import CityReport, known, parts, say

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Findings told, in the order of the overview's points.
FINDINGS = 3


def press(city: CityReport) -> list[Any]:
    """Return the press text; where there is no index, only that there is none."""
    w, row = city.words, city.headline
    if row is None or row.estimate != row.estimate:
        return [say(w, "overview.no_index")]
    return [
        *embargo(city),
        blocks.heading(title(city), level=3, key="press-title"),
        blocks.prose(*lead(city, row)),
        *for_information(city),
        blocks.bullets(told) if (told := findings(city)) else None,
        blocks.heading(w("brief.will_do"), level=3, key="will-do"),
        *will_do(city),
        blocks.heading(w("brief.measured"), level=3, key="measured"),
        *measured(city),
        *([blocks.heading(w("brief.ask"), level=3, key="ask"), *contact] if (contact := asked(city)) else []),
        say(w, "brief.more", style="note"),
    ]


def embargo(city: CityReport) -> list[Any]:
    """When the text may be printed, where the definition says it."""
    day = city.survey.definition.release.embargo
    return [] if day is None else [say(city.words, "brief.embargo", date=city.words.date(day))]


def title(city: CityReport) -> str:
    """The city, its index and its letter: facts, no comparison."""
    w, row = city.words, city.headline
    letter, *_ = letter_of(city, row.method)
    key = "brief.title" if letter else "brief.title_foreign"
    name = w.label("letter", letter).lower() if letter else ""
    return str(w(key, place=city.place, value=w.number(exactly(row)), letter=letter, name=name))


def lead(city: CityReport, row: Any) -> list[Any]:
    """What the index is, how sure its letter is, and whose answers it holds."""
    w = city.words
    said = [part for prose in meaning(city, row) for part in prose.parts]
    interval = (
        parts(w, "brief.interval", interval=w.interval(row.lower, row.upper)) if known(row.lower) else []
    )
    if row.reason == "census":
        interval = []
    own = rests_on(city)
    people = [part for prose in own for part in prose.parts] or parts(
        w, "brief.people", people=w.integer(int(city.standings["n_valid"].sum())),
        units=w.integer(int((city.standings["n_valid"] > 0).sum())),
    )  # fmt: skip
    return points.joined(said, interval, people)


def findings(city: CityReport) -> list[Any]:
    """The first findings that there are: the target, the change, the unsur that lag, the units apart."""
    return [point for point in points.decided(city) if point][:FINDINGS]


def will_do(city: CityReport) -> list[Any]:
    """What units planned for these results, then what became of the plan before; nothing is promised for anybody."""
    w, rows = city.words, city.table(followup.MODULE)
    own = {r.statistic: r for r in results.rows_of(results.pick(rows, scope="city", group="", other=""))}
    made: list[Any] = []
    if own.get("units") is not None and own["units"].numerator:
        due = results.pick(rows, scope="unit", group="", other="", statistic="due_last")
        day = latest(due["text"])
        values = {"units": w.integer(own["units"].numerator), "planned": w.integer(own["planned"].estimate)}
        key = "brief.planned_by" if day else "brief.planned"
        made.append(say(w, key, date=w.date(day) if day else "", **values))
    else:
        made.append(say(w, "brief.no_plan"))
    found = followup.read(city)
    if found is not None and found[0] != city.survey.name:
        made.append(followup.said(city, found[1], found[0]))
    return made


def latest(days: Iterable[str]) -> str:
    """The last of days written as ISO text; "" where there is none.

    Examples
    --------
    >>> latest(["2026-03-01", "", "2026-09-30"]), latest([])
    ('2026-09-30', '')
    """
    return max((day for day in map(str, days) if day), default="")


def asked(city: CityReport) -> list[Any]:
    """Who held the survey, when it was released, whom to ask; corrections stand in the overview."""
    return [block for block in release(city).blocks if isinstance(block, blocks.Bullets)]


def measured(city: CityReport) -> list[Any]:
    """When, how and of whom it was asked, and what the numbers cannot tell."""
    w, definition = city.words, city.survey.definition
    said = [parts(w, "brief.when", period=period(city), rule=city.rule.short)] if not city.foreign else []
    mode = definition.mode
    if mode and w.has(f"labels.mode.{mode}"):
        said.append(parts(w, "brief.mode", mode=w(f"labels.mode.{mode}")))
    few = int((city.standings["sign"] != "").sum())
    if few:
        said.append(parts(w, "brief.few", units=w.integer(few)))
    limits = say(w, f"overview.sample.{how_drawn(definition.sampling)}")
    return [blocks.prose(*points.joined(*said)) if said else None, limits]
