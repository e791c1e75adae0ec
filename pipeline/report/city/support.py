"""Which units need support first: each with the words that its own rows carry (R14), or why it has none."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from pipeline import blocks, results, standings
from pipeline.report.city.ranking import lowest_codes
from pipeline.report.city.target import judged
from pipeline.report.data.city import CityReport, first_rows, parts, say
from pipeline.words.formats import NOTHING

#: Units that are named as first: a list of most of a city would help nobody. The annex has every unit.
MOST = 12
#: Units lacking the same that are named; more are counted.
NAMED = 8
REASONS = ("target", "below", "low", "few")
#: The table of every unit that has a reason, in the annex.
KEY = "support"


class Need(NamedTuple):
    """A unit that needs support, the reasons, and the points that it surely lacks (negative)."""

    row: standings.Standing
    reasons: tuple[str, ...]
    lacks: float

    @property
    def unjudged(self) -> bool:
        """Whether too little is known of the unit to say whether it needs support."""
        return self.reasons == ("few",)


def needs(city: CityReport) -> list[Need]:
    """Return the units surely below target, shown below, unusually low, or with too few answers.

    Those with most reasons stand first, then those that surely lack most: where even the upper limit of the
    distance to the target (else to the other units) is low. Units of which too little is known come last, as
    nothing can be said of their service.
    """
    verdict = judged(city)
    far = results.pick(city.table("city"), scope="unit", statistic="target_gap")
    targets, most = dict(zip(verdict["unit"], verdict["text"])), dict(zip(far["unit"], far["upper"]))
    found = []
    for row in standings.rows_of(city.standings):
        if row.sign or row.ikm != row.ikm:
            found.append(Need(row, ("few",), 0.0))
            continue
        held = {"target": targets.get(row.unit) == "below", "below": row.versus == "below",
                "low": row.unusual == "low"}  # fmt: skip
        reasons = tuple(name for name, holds in held.items() if holds)
        if reasons:
            lacks = float(most.get(row.unit, float("nan"))) if held["target"] else row.difference_upper
            found.append(Need(row, reasons, lacks if lacks == lacks else 0.0))
    return sorted(found, key=_place)


def _place(need: Need) -> tuple[bool, int, float, float, str]:
    known = need.row.ikm == need.row.ikm
    return (
        need.unjudged,
        -len(need.reasons),
        need.lacks,
        need.row.ikm if known else need.row.n_valid,
        need.row.name,
    )


def first(found: list[Need]) -> list[Need]:
    """Units to name first: all that were judged where those are few, else those that have most reasons.

    A group with equally many reasons is cut only where it alone is longer than the list.
    """
    known = [need for need in found if not need.unjudged]
    if len(known) <= MOST:
        return known
    named: list[Need] = []
    for _, group in groupby(known, key=lambda need: len(need.reasons)):
        more = list(group)
        if len(named) + len(more) > MOST:
            break
        named += more
    return named or known[:MOST]


def needs_help(city: CityReport) -> Any:
    """Return how many units have each reason, those to support first, how many others, and who cannot be judged."""
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
    named = first(found)
    few = [need for need in found if need.unjudged]
    made = [lead, *([_table(city, named, w("story.help_caption"))] if named else [])]
    if rest := len(found) - len(few) - len(named):
        whole = blocks.page(w("story.help_whole"), f"annex.html#{KEY}")
        made.append(blocks.prose(*parts(w, "story.help_rest", n=w.integer(rest)), " ", whole, "."))
    return blocks.group(*made, *_unjudged(city, few))


def needs_of_all(city: CityReport) -> Any:
    """Return every unit that has a reason, where the story names some of them only; else nothing."""
    found = needs(city)
    few = [need for need in found if need.unjudged]
    told = all(len(names) <= NAMED for names in _lacking(city, few).values())
    if not city.standings["n_valid"].sum() or (told and len(first(found)) + len(few) == len(found)):
        return blocks.group()
    return blocks.group(_table(city, found, city.words("story.help_caption_all")))


def _unjudged(city: CityReport, few: list[Need]) -> list[Any]:
    """Name the units of which too little is known to say whether they need support, by what is lacking."""
    w = city.words
    said = []
    for why, names in _lacking(city, few).items():
        others = w("story.help_others", n=w.integer(len(names) - NAMED)) if len(names) > NAMED else ""
        said.append(f"{why}: {w.join([*names[:NAMED], *([others] if others else [])])}")
    return [say(w, "story.help_unjudged"), blocks.bullets(said)] if said else []


def _lacking(city: CityReport, few: list[Need]) -> dict[str, list[str]]:
    """Names of the units that cannot be judged, by what each lacks."""
    found: dict[str, list[str]] = {}
    for need in few:
        found.setdefault(_why(city, need.row, "few"), []).append(need.row.name)
    return found


def _table(city: CityReport, found: list[Need], caption: str) -> Any:
    w = city.words
    rows, note = first_rows(w, [_cells(city, need) for need in found], w("story.help_note"))
    return blocks.table(
        columns=blocks.columns(
            w, unit=("overview.col_unit", "3fr"), n="overview.col_valid", ikm="common.index",
            interval="overview.col_interval", why=("overview.col_why", "3fr"),
            lowest=("overview.col_lowest", ""),
        ),
        rows=rows, caption=caption, key=KEY, note=note, compact=True,
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
