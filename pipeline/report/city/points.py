"""The key points of a city's first page: a sentence each, and each from a verdict (R16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import blocks
from pipeline.report.city.counts import counts_of, versus_counts
from pipeline.report.city.headline import meaning
from pipeline.report.city.items import leading
from pipeline.report.city.target import judged, of_city
from pipeline.report.city.trend import ORDER, changes, latest, marked, years
from pipeline.report.data.city import CityReport, parts
from pipeline.words import narrative

#: What units are to a target, in the order it is told.
TARGETS = ("above", "below", "undecided")


def points(city: CityReport) -> list[Any]:
    """Return the points as a numbered list; one has no place where nothing was decided.

    The index and its letter, the target, the change, the unsur that lag, the units that differ.
    """
    said = [point for point in [_letter(city), *decided(city)] if point]
    return [blocks.bullets(said, ordered=True)] if said else []


def decided(city: CityReport) -> list[list[Any]]:
    """Return the points but the index itself: target, change, unsur, units; an empty one was not decided."""
    return [_target(city), _change(city), _unsur(city), _units(city)]


def _letter(city: CityReport) -> list[Any]:
    return [part for prose in meaning(city, city.headline) for part in prose.parts]


def _target(city: CityReport) -> list[Any]:
    """Whether the city reaches its target, and how many of its units do."""
    rows = judged(city)
    counts = counts_of(rows["text"], TARGETS)
    return joined(of_city(city), told(city, "counted", "targets_of", counts) if len(rows) else [])


def told(city: CityReport, key: str, group: str, counts: Mapping[str, int]) -> list[Any]:
    """How many units there are of each word, in one sentence; a word of no unit is not said."""
    w = city.words
    said = [w(f"story.{group}.{word}", n=w.integer(count)) for word, count in counts.items() if count]
    return parts(w, f"story.{key}", units=w.integer(sum(counts.values())), counts=w.join(said))


def _change(city: CityReport) -> list[Any]:
    """The city's change, and how many of its units changed; the section on it says what both rest on."""
    known, w = years(city), city.words
    if not known.earlier:
        return []
    last = latest(city)
    found, units = marked(narrative.change(w, known.change("", last), brief=True)), changes(city, last)
    if not len(units):
        return found
    counts = counts_of(units["text"], ORDER)
    return joined(found, told(city, "counted", "moved_units", counts))


def _unsur(city: CityReport) -> list[Any]:
    return leading(city) if len(city.ranked) > 1 else []


def _units(city: CityReport) -> list[Any]:
    """How many units differ from the others, and how many gaps are out of the ordinary."""
    w, counts = city.words, versus_counts(city.ranked)
    if sum(counts.values()) < 2:
        return []
    said = told(city, "compared", "compared_as", counts)
    if counts["undecided"]:
        said = joined(said, parts(w, "story.compared_not_equal"))
    low = int((city.ranked["unusual"] == "low").sum())
    judged = int(city.ranked["unusual"].isin(["high", "low", "usual"]).sum())
    if not judged:
        return said
    return joined(said, parts(w, "story.unusual" if low else "story.unusual_none", low=w.integer(low)))


def joined(*sentences: Any) -> list[Any]:
    """Parts of one paragraph after another, with a space between."""
    made: list[Any] = []
    for sentence in sentences:
        if sentence:
            made += [*([" "] if made else []), *sentence]
    return made
