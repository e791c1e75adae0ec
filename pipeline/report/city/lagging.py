"""What lags most often, and in which types of unit: a map of counts, and where the values are lowest."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit, fit_apart, text_mm
from pipeline.report.city import titles
from pipeline.report.city.items import counts, leading, unsur
from pipeline.report.city.letters import kinds
from pipeline.report.city.lowest import facts_note, no_channel
from pipeline.report.data.city import CityReport, parts, say, unit_items

if TYPE_CHECKING:
    import pandas as pd

#: Unsur and types that one figure shows; the annex has a row for every unsur and a map of every unit.
MOST_ITEMS, MOST_TYPES = 15, 6
#: Least room between the heads of two columns, mm, and how far beyond its column a raised head may reach.
APART_MM, REACH = 2.0, 1.6
#: Unsur whose lowest units are named, and units named of each.
NAMED, EACH = 3, 3


def lagging(city: CityReport) -> Any:
    """Return what lags, a map of unsur by type, and the units with the lowest values of those that lag most."""
    figure = often(city)
    if figure is None:
        return unsur(city)
    return blocks.group(
        *no_channel(city), blocks.prose(*leading(city)), figure, *_where(city, _ordered(city))
    )


def often(city: CityReport, most: int = MOST_ITEMS) -> Any:
    """Return the map of unsur by type of unit, those first that are most often among the lowest; None without types."""
    w, every = city.words, kinds(city, city.ranked)
    found, table = every[:MOST_TYPES], _ordered(city, most)
    if not len(table) or not found:
        return None
    marked = _marked(city)
    grid = {
        item: [
            int(marked.loc[marked["item"] == item, "unit"].isin(set(own["unit"])).sum()) for _, own in found
        ]
        for item in table.index
    }
    sizes = [len(own) for _, own in found]
    names = [name for name, _ in found]
    note = f"{w('story.lagging_note')} {untold(city, most)}".strip()
    return blocks.figure(
        draw(city, table, grid, names, sizes), key="lagging", caption=w("story.lagging_caption"), note=note,
        title=titles.lagging(city, counts(city)),
        narrow=draw(city, table, grid, names, sizes, narrow=True), alt=_alt(city, table, grid, names, sizes),
    )  # fmt: skip


def untold(city: CityReport, most: int = MOST_ITEMS) -> str:
    """Say what the map cannot be read without: which of its unsur state a fact, and how many types it leaves out."""
    w, types = city.words, len(kinds(city, city.ranked))
    drawn = w("story.types_drawn", drawn=w.integer(MOST_TYPES), types=w.integer(types))
    facts = facts_note(city, list(map(str, _ordered(city, most).index)))
    return " ".join(filter(None, [facts, drawn if types > MOST_TYPES else ""]))


def _ordered(city: CityReport, most: int = MOST_ITEMS) -> pd.DataFrame:
    """Counts of the unsur, those that are listed most often first."""
    order = ["low", "clear", "lowest"]
    return counts(city).sort_values(order, ascending=False, kind="stable").head(most)


def _marked(city: CityReport) -> pd.DataFrame:
    """Rows of the unsur that are listed among the lowest of a compared unit."""
    rows = results.pick(city.table("priorities"), scope="unit", statistic="priority")
    return rows[rows["unit"].isin(set(city.ranked["unit"])) & (rows["text"] != "")]


def draw(
    city: CityReport,
    table: pd.DataFrame,
    grid: dict[Any, list[int]],
    names: list[str],
    sizes: list[int],
    narrow: bool = False,
) -> Any:
    """Draw a cell for each unsur and type: in how many of its units the unsur is among the lowest."""
    import seaborn  # late: a second of loading that pages without figures do not need

    style, w = blocks.style, city.words
    # What the names of the rows do not need is the columns': their heads are as long as types are called.
    named = min(
        46.0, max(text_mm(f"{city.code(str(i))} {city.item_name(str(i))}") for i in table.index) + 4.5
    )
    width, label, clear = (85.0, 9.0, 20.0) if narrow else (style.TEXT_WIDTH_MM, named, 22.0)
    heads = [w("story.all_units"), *names]
    columns = [[int(table.loc[item, "low"]), *grid[item]] for item in table.index]
    of = [len(city.ranked), *sizes]
    row_mm, wide = 7.0, width - label - clear
    head = 26.0 if narrow else 13.0 if _near(heads, wide) else 9.0
    height = row_mm * len(table)
    fig = style.figure(width, height + head)
    axes = style.axes_mm(fig, label, 0.5, wide, height)
    share = np.array(columns, dtype=float) / np.array(of, dtype=float)
    seaborn.heatmap(
        share, ax=axes, cmap=_palette(), vmin=0, vmax=1, cbar=False, linewidths=1.2, linecolor="white",
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    style.bare(axes)
    across = axes.get_yaxis_transform()
    for at, item in enumerate(table.index):
        code = city.code(str(item))
        text = code if narrow else f"{code} {city.item_name(str(item))}"
        axes.text(-0.015, at + 0.5, fit(text, label - 2), ha="right", va="center", transform=across)
        for column, count in enumerate(columns[at]):
            axes.text(
                column + 0.5, at + 0.5, w.integer(count), ha="center", va="center",
                color="white" if share[at, column] > 0.72 else style.INK, weight=600 if column == 0 else 400,
            )  # fmt: skip
        axes.text(1.0 + clear / wide, at + 0.5, w.integer(int(table.loc[item, "clear"])), ha="right", va="center",
                  transform=across)  # fmt: skip
    _heads(city, axes, [f"{name} ({w.integer(n)})" for name, n in zip(heads, of)], wide, clear, narrow)
    return fig


def _heads(city: CityReport, axes: Any, heads: list[str], wide: float, clear: float, narrow: bool) -> None:
    """Write what each column is of: on a page its name over the number of its units, on a telephone aslant.

    Where two names would come near one another every second one stands a line higher, rather than cut.
    """
    muted = {"va": "bottom", "color": blocks.style.MUTED}
    each = wide / len(heads)
    names = [head.rpartition(" ")[0] for head in heads]
    near = _near(names, wide)
    names = fit_apart(names, each * REACH)
    for column, head in enumerate(heads):
        between = "\n\n" if near and column % 2 else "\n"
        said = fit(head, 26.0) if narrow else f"{names[column]}{between}{head.rpartition(' ')[2]}"
        axes.text(
            column + (0.6 if narrow else 0.5), 1.01, said,
            ha="left" if narrow else "center", rotation=60 if narrow else 0, linespacing=1.1,
            transform=axes.get_xaxis_transform(), **muted,
        )  # fmt: skip
    last = "\n".join(city.words("story.col_clear").rsplit(" ", 1))
    axes.text(1.0 + clear / wide, 1.01, last, ha="right", linespacing=1.1, transform=axes.transAxes, **muted)


def _near(names: list[str], wide: float) -> bool:
    """Whether names side by side over columns of this width in all would come near one another."""
    pairs = itertools.pairwise(names)
    return any((text_mm(a) + text_mm(b)) / 2 > wide / len(names) - APART_MM for a, b in pairs)


def _palette() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    style = blocks.style
    return LinearSegmentedColormap.from_list("skm-often", ["#f6f7f7", style.answer_colours[1], style.WARM])


def _alt(
    city: CityReport, table: pd.DataFrame, grid: dict[Any, list[int]], names: list[str], sizes: list[int]
) -> str:
    """Say of each unsur in how many units it is among the lowest, and in how many of each type."""
    w, told = city.words, []
    for item in table.index:
        own = [
            w("story.lagging_alt_type", type=name, count=w.integer(count), of=w.integer(size))
            for name, count, size in zip(names, grid[item], sizes)
            if count
        ]
        told.append(
            w("story.lagging_alt_item", item=city.code(str(item)), count=w.integer(int(table.loc[item, "low"])),
              types=w.join(own) if own else w("common.none"))
        )  # fmt: skip
    return w("story.lagging_alt", units=w.integer(len(city.ranked)), rows="; ".join(told))


def _where(city: CityReport, table: pd.DataFrame) -> list[Any]:
    """Name the unsur that are most often among the three lowest, in how many units, and those of smallest value.

    The sentence above the figure names others: there the order is by test.
    """
    w, values = city.words, unit_items(city, list(city.ranked["unit"]))
    said = []
    for item in [i for i in table.index if i in values.columns][:NAMED]:
        own = values[item].dropna().sort_values(kind="stable")
        units = [
            f"{city.names.get(str(unit), str(unit))} ({w.number(v)})" for unit, v in own.head(EACH).items()
        ]
        if len(own) > EACH:
            said.append(
                parts(w, "story.lagging_where", item=city.code(str(item)), name=city.item_name(str(item)),
                      low=w.integer(int(table.loc[item, "low"])), units=w.join(units))
            )  # fmt: skip
    return [say(w, "story.lagging_lead"), blocks.bullets(said)] if said else []
