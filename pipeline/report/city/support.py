"""Which units need support first: each with the words that its own rows carry (R14), or why it has none."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline import blocks, results, standings
from pipeline.report.city.ranking import lowest_codes
from pipeline.report.city.target import judged
from pipeline.report.data.city import CityReport, say
from pipeline.words.formats import NOTHING

#: Rows that fit a page; the annex says the same of every unit in its own tables.
MOST = 34
REASONS = ("target", "below", "low", "few")


class Need(NamedTuple):
    """A unit that needs support, and the reasons."""

    row: standings.Standing
    reasons: tuple[str, ...]
    distance: float


def needs(city: CityReport) -> list[Need]:
    """Return the units surely below target, shown below, unusually low, or with too few answers.

    Those with most reasons stand first, then those farthest from the target or lowest; units of which
    too little is known come last, as nothing can be said of their service.
    """
    verdict = judged(city)
    far = results.pick(city.table("city"), scope="unit", statistic="target_gap")
    targets, gaps = dict(zip(verdict["unit"], verdict["text"])), dict(zip(far["unit"], far["estimate"]))
    found = []
    for row in standings.rows_of(city.standings):
        if row.sign or row.ikm != row.ikm:
            found.append(Need(row, ("few",), 0.0))
            continue
        held = {"target": targets.get(row.unit) == "below", "below": row.versus == "below",
                "low": row.unusual == "low"}  # fmt: skip
        reasons = tuple(name for name, holds in held.items() if holds)
        if reasons:
            distance = float(gaps.get(row.unit, 0.0))
            found.append(Need(row, reasons, distance if distance == distance else 0.0))
    return sorted(found, key=_place)


def _place(need: Need) -> tuple[bool, int, float, float, str]:
    known = need.row.ikm == need.row.ikm
    few = need.reasons == ("few",)
    return few, -len(need.reasons), need.distance, need.row.ikm if known else need.row.n_valid, need.row.name


def needs_help(city: CityReport) -> Any:
    """Return how many units have each reason, and the units."""
    w, found = city.words, needs(city)
    if not city.standings["n_valid"].sum():
        return blocks.group()
    if not found:
        by = say(w, "story.help_judged_by", "note", judged=w.join(judged_by(city)))
        return blocks.group(say(w, "story.help_none"), by)
    some = [name for name in REASONS if any(name in need.reasons for need in found)]
    counted = [
        w(f"story.help_count.{name}", count=w.integer(sum(name in need.reasons for need in found)))
        for name in some
    ]
    lead = say(w, "story.help_lead", units=w.integer(len(found)), listed=w.integer(len(city.standings)),
               counts=w.join(counted))  # fmt: skip
    note = w("story.help_note")
    if len(found) > MOST:
        note += " " + w("story.help_cut", shown=w.integer(MOST), all=w.integer(len(found)))
    return blocks.group(
        lead,
        blocks.table(
            columns=blocks.columns(
                w, unit=("overview.col_unit", "2.4fr"), n="overview.col_valid", ikm="common.index",
                interval="overview.col_interval", why=("overview.col_why", "3fr"),
                lowest=("overview.col_lowest", ""),
            ),
            rows=[_cells(city, need) for need in found[:MOST]],
            caption=w("story.help_caption"), key="support", note=note, compact=True,
        ),
    )  # fmt: skip


def judged_by(city: CityReport) -> list[str]:
    """What the units were judged by: a survey without a target, or with one unit, has less of it."""
    ranked = city.ranked
    held = {
        "target": len(judged(city)) > 0,
        "below": bool(ranked["versus"].ne("").any()),
        "low": bool(ranked["unusual"].isin(standings.UNUSUAL_WORDS).any()),
        "few": True,
    }
    return [city.words(f"story.help_judged.{name}") for name in REASONS if held[name]]


def _cells(city: CityReport, need: Need) -> list[str]:
    w, row = city.words, need.row
    return [
        row.name,
        w.integer(row.n_valid),
        w.number(row.ikm) if row.ikm == row.ikm else NOTHING,
        w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
        "; ".join(_why(city, row, name) for name in need.reasons),
        lowest_codes(city, row.lowest_item) or NOTHING,
    ]


def _why(city: CityReport, row: standings.Standing, name: str) -> str:
    w = city.words
    if name == "target":
        return w("compare.target_word.below").lower()
    if name == "below":
        return w("compare.difference.below")
    if name == "low":
        return w("compare.unusual.low")
    if row.n_valid < 1:
        return w("overview.why_none")
    return w("story.help_few.private" if row.sign == "x" else "story.help_few.information")
