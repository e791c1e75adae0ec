"""The city's lowest unsur, its ties, what states a fact, and units without a complaint channel (R18)."""

from __future__ import annotations

from typing import Any

from pipeline import blocks, results
from pipeline.report.city.instruments import shared_items
from pipeline.report.data.city import CityReport, city_items, say

#: More units than this are counted, the first of them named.
MOST_NAMED = 12


def lowest_items(city: CityReport) -> tuple[list[str], float] | None:
    """Unsur with the city's lowest value and that value, among those that all units ask.

    Several where they tie; none where all have one value. The city's values are means over units and
    no fractions of two integers: equal within a billionth of a point is a tie.
    """
    asked = shared_items(city)
    values = {item: v for item, v in city_items(city).items() if v == v and (not asked or item in asked)}
    if not values or max(values.values()) - min(values.values()) < 1e-9:
        return None
    least = min(values.values())
    return [item for item, value in values.items() if value - least < 1e-9], least


def lowest_fact(city: CityReport) -> list[Any]:
    """Return the tile of the city's lowest unsur: a figure, not a tested claim."""
    w, found = city.words, lowest_items(city)
    if found is None:
        return []
    items, value = found
    key = "overview.fact_lowest_note"
    if len(items) > 1:
        key = "overview.fact_lowest_tie"
    elif items[0] in city.context.facts:
        key = "overview.fact_lowest_states_fact"
    note = w(key, name=w.join([city.item_name(item) for item in items]), value=w.number(value))
    return [blocks.fact(", ".join(city.code(item) for item in items), w("overview.fact_lowest"), note)]


def no_channel(city: CityReport) -> list[Any]:
    """Name the units where half of the respondents or more say that there is no complaint channel."""
    rows = results.pick(city.table("priorities"), scope="unit", statistic="no_channel")
    rows = rows[(rows["text"] == "half-or-more") & rows["unit"].isin(set(city.shown["unit"]))]
    if not len(rows):
        return []
    w, many = city.words, len(rows) > MOST_NAMED
    rows = rows.sort_values(["estimate", "unit"], ascending=[False, True], kind="stable").head(MOST_NAMED)
    named = [
        w("overview.no_channel_unit", unit=city.names.get(row.unit, row.unit), count=w.integer(row.numerator),
          n=w.integer(row.denominator))
        for row in results.rows_of(rows)
    ]  # fmt: skip
    key = "overview.no_channel_many" if many else "overview.no_channel"
    return [say(w, key, units=w.join(named), count=w.integer(len(rows)))]


def facts_note(city: CityReport, items: list[str]) -> str:
    """Caution that some of the unsur shown state a fact, whatever their value; "" where none does."""
    w, facts = city.words, city.context.facts
    names = [f"{city.code(item)} {city.item_name(item)}" for item in items if item in facts]
    return str(w("overview.facts_note", names=w.join(names))) if names else ""
