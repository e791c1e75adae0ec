"""What stands above each figure of a city: the finding, from the verdicts of the rows that are drawn.

Where rows carry no verdict the title tells numbers of the figure and claims nothing (R16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import results, standings
from pipeline.report.city.counts import counts_of, versus_counts
from pipeline.words import page_one
from pipeline.words.narrative import inside_sentence

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.city import CityReport
    from pipeline.standings.years import Years

#: An unsur alone is named in full; several of one count by their codes.
NAMED, MOST_GROUPS = 1, 3


def _sides(city: CityReport, key: str, low: int, high: int, **values: Any) -> str:
    """Say how many are on each side, in words for one side only where the other is empty."""
    w = city.words
    side = "both" if low and high else "low" if low else "high" if high else "none"
    return str(w(f"story.title.{key}.{side}", low=w.integer(low), high=w.integer(high), **values))


def letters(city: CityReport, firm: int, units: int) -> str:
    """How many letters are firm."""
    key = "story.title.letters.some" if firm else "story.title.letters.none"
    return str(city.words(key, firm=city.words.integer(firm), units=city.words.integer(units)))


def targets(city: CityReport, verdicts: pd.Series) -> str:
    """How many of the units judged surely do not reach the target, and how many surely do."""
    below, above = (int((verdicts == word).sum()) for word in ("below", "above"))
    return _sides(city, "targets", below, above, units=city.words.integer(len(verdicts)))


def differ(city: CityReport) -> str:
    """How many units are shown below and above the others; without such tests, between which values they lie."""
    w, counts, values = city.words, versus_counts(city.ranked), city.ranked["ikm"]
    tested = sum(counts.values())
    if tested < 2:
        return str(w("story.title.between", low=w.number(values.min()), high=w.number(values.max()),
                     units=w.integer(len(values))))  # fmt: skip
    units, same = w.integer(tested), counts["equivalent"]
    if same and not counts["below"] and not counts["above"]:
        return str(w("story.title.differ.equivalent", same=w.integer(same), units=units))
    return _sides(city, "differ", counts["below"], counts["above"], units=units)


def gaps(city: CityReport, words: pd.Series) -> str:
    """How many gaps are out of the ordinary."""
    counts = counts_of(words, standings.UNUSUAL_WORDS)
    return _sides(city, "gaps", counts["low"], counts["high"], units=city.words.integer(len(words)))


def lagging(city: CityReport, table: pd.DataFrame) -> str:
    """Which unsur is clearly lower in most units; where none is, which one is listed most often."""
    column = "clear" if int(table["clear"].max()) else "low"
    most = int(table[column].max())
    items = [str(item) for item in table.index[table[column] == most]]
    w = city.words
    return str(w(f"story.title.lagging.{column}", names=_named(city, items), count=w.integer(most),
                 units=w.integer(len(city.ranked))))  # fmt: skip


def _named(city: CityReport, items: Sequence[str]) -> str:
    """Name an unsur with its code; several by their codes."""
    if len(items) <= NAMED:
        return str(city.words.join([f"{city.code(item)} {city.item_name(item)}" for item in items]))
    return str(city.words.join([city.code(item) for item in items]))


def moved(city: CityReport, years: Years, last: str) -> str:
    """What changed in the city since the survey that changes are told against."""
    return page_one.moved_title(city.words, years.change("", last))


def groups(city: CityReport, rows: pd.DataFrame) -> str:
    """Which groups of respondents are shown below and above the others."""
    w, said = city.words, []
    for word in ("below", "above"):
        found = [
            f"{inside_sentence(w(f'compare.attribute.{row.item}'))} {w.label(row.item, row.group)}"
            for row in results.rows_of(rows[rows["text"] == word])
        ]
        many = len(found) > MOST_GROUPS
        names = w("story.title.groups.many", count=w.integer(len(found))) if many else w.join(found)
        said += [w(f"story.title.groups.{word}", names=names)] if found else []
    whole = "; ".join(said) or str(w("story.title.groups.none"))
    return whole[:1].upper() + whole[1:]


def answers(city: CityReport, shares: Sequence[float]) -> str:
    """The share of the highest answer and of the two lowest: numbers, no finding."""
    w = city.words
    low = w.percent(sum(shares[: len(shares) // 2]))
    return str(w("story.title.answers", top=w.percent(shares[-1]), low=low))


def profiles(city: CityReport, units: Mapping[str, Mapping[str, float]]) -> str:
    """Which unsur has the smallest value in most units: by its figure."""
    lowest = smallest(units)
    w = city.words
    if not lowest:
        return str(w("story.title.profiles_even", units=w.integer(len(units))))
    most = max(lowest.values())
    items = sorted((item for item, count in lowest.items() if count == most), key=city.place_of)
    return str(w("story.title.profiles", names=_named(city, items), count=w.integer(most),
                 units=w.integer(len(units))))  # fmt: skip


def smallest(units: Mapping[str, Mapping[str, float]]) -> dict[str, int]:
    """Of how many units each unsur has the smallest value; a tie counts for each, but not where all are equal."""
    found: dict[str, int] = {}
    for values in units.values():
        least = min(values.values())
        same = [item for item, value in values.items() if value - least < 1e-9]
        for item in same if len(same) < len(values) else []:
            found[item] = found.get(item, 0) + 1
    return found


def values(city: CityReport, wide: pd.DataFrame) -> str:
    """Between which values all units and unsur lie."""
    w = city.words
    return str(w("story.title.values", low=w.number(wide.min().min()), high=w.number(wide.max().max())))


def pairs(city: CityReport, apart: int, tested: int) -> str:
    """How many pairs of units separate."""
    w = city.words
    return str(w("story.title.pairs", apart=w.integer(apart), pairs=w.integer(tested)))


def quadrants(city: CityReport, kind: str, certain: Sequence[str]) -> str:
    """Which unsur are surely low and tied to the others, or important."""
    w = city.words
    if not certain:
        return str(w(f"story.title.quadrants.{kind}.none"))
    return str(w(f"story.title.quadrants.{kind}.some", names=_named(city, certain)))
