"""How answers are spread in each type of unit, and the shape of every unit: means hide both.

The small profiles are drawn by matplotlib on one pair of axes: seaborn's grid makes axes for every unit.
"""

from __future__ import annotations

from typing import Any

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit, fit_apart, text_mm
from pipeline.report.city import titles
from pipeline.report.data.city import CityReport, absent

#: Small multiples that stay readable on a page.
MOST_UNITS, ACROSS, NARROW = 60, 6, 3


def spread(city: CityReport) -> Any:
    """Return the answers of each type of unit, then a small profile per unit."""
    w = city.words
    made: list[Any] = []
    rows = shares(city)
    if rows:
        made.append(
            blocks.figure(
                draw(city, rows), key="answers-by-type", caption=w("compare.spread_caption"), alt=alt(city, rows),
                title=titles.answers(city, rows[-1][2]),
                narrow=draw(city, rows, narrow=True), note=w("compare.spread_note"),
                reading=[(w(f"overview.reading.{part}"), w(f"compare.spread_reading.{part}"))
                         for part in ("shown", "good", "attention", "do")],
            )
        )  # fmt: skip
    units = profiles(city)
    if units:
        made.append(
            blocks.figure(
                multiples(city, units, ACROSS), key="profiles", caption=w("compare.multiples_caption"),
                title=titles.profiles(city, units),
                alt=multiples_alt(city, units), narrow=multiples(city, units, NARROW), note=w("compare.multiples_note"),
            )
        )  # fmt: skip
    if not made:
        made.append(absent(city, "compare.spread_none"))
    return blocks.group(*made)


def shares(city: CityReport) -> list[tuple[str, int, list[float]]]:
    """Type (or the city), number of units, share of each answer over all answers of its units."""
    table, kinds = city.table("index"), dict(zip(city.ranked["unit"], city.ranked["type"]))
    low, high = city.scale
    totals: dict[str, dict[int, float]] = {}
    units: dict[str, set[str]] = {}
    names = [f"share_{level}" for level in range(low, high + 1)]
    rows = results.pick(table, scope="unit", statistic=names, service="", group="")
    rows = rows[rows["unit"].isin(set(kinds)) & (rows["item"] != "") & rows["estimate"].notna()]
    for row in results.rows_of(rows):
        level = int(row.statistic.rpartition("_")[2])
        for kind in {kinds[row.unit] or city.words("compare.no_type"), ""}:
            counts = totals.setdefault(kind, dict.fromkeys(range(low, high + 1), 0.0))
            counts[level] += row.estimate * (row.n or 0)
            units.setdefault(kind, set()).add(row.unit)
    found = []
    for kind, counts in totals.items():
        total = sum(counts.values())
        if total:
            found.append((kind, len(units[kind]), [counts[level] / total for level in sorted(counts)]))
    found.sort(key=lambda entry: (entry[0] == "", -entry[2][-1]))
    return found if len(found) != 2 else found[:1]


def draw(city: CityReport, rows: list[tuple[str, int, list[float]]], narrow: bool = False) -> Any:
    """Draw a bar per type from the lowest to the highest answer."""
    import seaborn

    style, w = blocks.style, city.words
    width, names = (85.0, 30.0) if narrow else (style.TEXT_WIDTH_MM, 52.0)
    row_mm = 7.0
    fig = style.figure(width, row_mm * len(rows) + 10)
    axes = style.axes_mm(fig, names, 3, width - names - 2, row_mm * len(rows))
    style.bare(axes)
    levels = len(rows[0][2])
    colours = (list(style.answer_colours) * 2)[:levels] if levels <= 4 else [
        style.answer_colours[round(3 * i / (levels - 1))] for i in range(levels)
    ]  # fmt: skip
    inks = [style.answer_inks[style.answer_colours.index(c)] for c in colours]
    low = city.scale[0]
    cells = [(at, level, value) for at, row in enumerate(rows) for level, value in enumerate(row[2])]
    bars, answers, parts = zip(*cells, strict=True)
    seaborn.histplot(
        y=bars, hue=answers, weights=parts, hue_order=range(levels)[::-1], palette=colours[::-1], multiple="stack",
        discrete=True, shrink=0.72, alpha=1, edgecolor="white", linewidth=0.6, legend=False, ax=axes,
    )  # fmt: skip
    clear, half = 0.0, text_mm("0") / (width - names - 2)
    for at, (kind, units, values) in enumerate(rows):
        start = 0.0
        for level, value in enumerate(values):
            if value > (0.11 if narrow else 0.05):
                axes.text(
                    start + value / 2, at, w.percent(value), ha="center", va="center", color=inks[level]
                )
            # Over parts so thin that their heads would touch only the first is named.
            if at == 0 and start + value / 2 - half >= clear:
                clear = start + value / 2 + half
                axes.text(
                    start + value / 2,
                    -0.62,
                    w.integer(low + level),
                    ha="center",
                    va="center",
                    color=style.MUTED,
                )
            start += value
        name = kind or w("overview.city_row")
        axes.text(-0.015, at, fit(f"{name} ({w.integer(units)})", names - 2), ha="right", va="center",
                  transform=axes.get_yaxis_transform(), weight=400 if kind else 600)  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -1.0), xticks=[], yticks=[], xlabel="", ylabel="")
    return fig


def alt(city: CityReport, rows: list[tuple[str, int, list[float]]]) -> str:
    """Say the share of highest and lowest two answers of each type."""
    w = city.words
    told = [
        w("compare.spread_alt_row", type=kind or w("overview.city_row"), top=w.percent(values[-1]),
          low=w.percent(sum(values[: len(values) // 2])))
        for kind, _, values in rows
    ]  # fmt: skip
    return w("compare.spread_alt", rows="; ".join(told))


def profiles(city: CityReport) -> dict[str, dict[str, float]]:
    """Value of each unsur by unit, units by name; nothing where there are too many to draw, or none is shared.

    A profile joins the unsur that more than half of the units have: a unit with fewer than two of them
    has no line.
    """
    names = city.ranked.sort_values("name", kind="stable")["unit"]
    if not 2 <= len(names) <= MOST_UNITS:
        return {}
    rows = results.pick(city.table("index"), scope="unit", statistic="nrr", service="", group="")
    rows = rows[rows["unit"].isin(set(names)) & (rows["item"] != "") & rows["estimate"].notna()]
    found: dict[str, dict[str, float]] = {unit: {} for unit in names}
    for row in results.rows_of(rows):
        found[row.unit][row.item] = row.estimate * city.factor
    items = shared(city, found)
    return {unit: values for unit, values in found.items() if len(items & set(values)) > 1}


def shared(city: CityReport, units: dict[str, dict[str, float]]) -> set[str]:
    """Unsur that more than half of the units have."""
    return {i for i in city.items if sum(i in values for values in units.values()) > len(units) / 2}


def multiples(city: CityReport, units: dict[str, dict[str, float]], across: int) -> Any:
    """Draw one small profile per unit over the mean of all units."""
    from matplotlib.collections import LineCollection

    style = blocks.style
    width = style.TEXT_WIDTH_MM if across > NARROW else 85.0
    down = -(-len(units) // across)
    tall, one = 17.0, width / across
    fig = style.figure(width, tall * down + 4)
    axes = style.axes_mm(fig, 0, 4, width, tall * down)
    style.bare(axes)
    axes.set_xlim(0, across)
    axes.set_ylim(down, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    every = shared(city, units)
    items = [i for i in city.items if i in every]
    mean = {
        i: sum(v[i] for v in units.values() if i in v) / sum(i in v for v in units.values()) for i in items
    }
    everything = [v for values in units.values() for v in values.values()]
    low, high = min(everything), max(everything)
    span = max(high - low, 1.0)

    def place(values: dict[str, float], column: int, row: int) -> tuple[list[float], list[float]]:
        step = 0.84 / max(len(items) - 1, 1)
        used = [(k, values[i]) for k, i in enumerate(items) if i in values]
        return (
            [column + 0.04 + k * step for k, _ in used], [row + 0.94 - 0.66 * (v - low) / span for _, v in used]
        )  # fmt: skip

    everywhere = [divmod(number, across)[::-1] for number in range(len(units))]
    for lines, colour, thick in (
        ([place(mean, *at) for at in everywhere], style.GREY, 0.7),
        ([place(values, *at) for values, at in zip(units.values(), everywhere)], style.ACCENT, 1.1),
    ):
        axes.add_collection(
            LineCollection([list(zip(*line)) for line in lines], colors=colour, linewidths=thick)
        )
    names = fit_apart([city.names.get(unit, unit) for unit in units], one - 2)
    for (column, row), name in zip(everywhere, names):
        axes.text(column + 0.02, row + 0.13, name, va="center", fontsize=style.LEAST_PT)
    return fig


def multiples_alt(city: CityReport, units: dict[str, dict[str, float]]) -> str:
    """Say the lowest unsur of how many units it is."""
    w = city.words
    lowest = titles.smallest(units)
    told = [
        f"{city.code(i)} ({w.integer(count)})"
        for i, count in sorted(lowest.items(), key=lambda p: (-p[1], p[0]))
    ]
    return w("compare.multiples_alt", units=w.integer(len(units)), lowest=w.join(told))
