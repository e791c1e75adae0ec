"""Which unsur lag most often, and how the unsur look in every unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit
from pipeline.report.base.parts import MOST_COLUMNS, chunks, columns_that_fit, keyed, part_of
from pipeline.report.city import titles
from pipeline.report.city.lowest import facts_note, no_channel
from pipeline.report.city.ranking import MOST_DRAWN, narrow_row_mm, pages_of
from pipeline.report.data.city import CityReport, absent, city_items, parts, say, unit_items
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd


def counts(city: CityReport) -> pd.DataFrame:
    """Count, per unsur, the units in which it is listed among the lowest, and with which mark.

    Unsur of exactly the lowest mean are all the lowest of their unit; where all are equal, none is.
    """
    import pandas as pd

    rows = results.pick(city.table("priorities"), scope="unit", statistic="priority")
    rows = rows[rows["unit"].isin(set(city.ranked["unit"]))]
    low = rows[rows["text"] != ""]
    items = sorted(set(rows["item"]), key=city.place_of)
    made = pd.DataFrame(
        {
            "units": rows.groupby("item")["unit"].nunique(),
            "lowest": rows[rows["estimate"] == 1].groupby("item")["unit"].nunique(),
            "low": low.groupby("item")["unit"].nunique(),
            "clear": low[low["text"] == "clearly-lower"].groupby("item")["unit"].nunique(),
            "fact": low[low["text"] == "states-a-fact"].groupby("item")["unit"].nunique(),
        }
    )
    return made.reindex(items).fillna(0).astype(int)


def unsur(city: CityReport) -> Any:
    """Return how often each unsur is among the three lowest of a unit, and clearly so."""
    w, table = city.words, counts(city)
    if not len(table):
        return absent(city, "overview.unsur_none")
    values = city_items(city)
    table = table.sort_values(["clear", "low", "lowest"], ascending=False, kind="stable")
    cells = []
    for item, row in table.iterrows():
        value = values.get(str(item), float("nan"))
        cells.append([
            f"{city.code(str(item))} {city.item_name(str(item))}",
            w.number(value) if value == value else NOTHING,
            w.integer(row["low"]), w.integer(row["clear"]), w.integer(row["lowest"]),
            w.integer(row["fact"]), w.integer(row["units"]),
        ])  # fmt: skip
    return blocks.group(
        *no_channel(city),
        blocks.prose(*leading(city)),
        blocks.table(
            columns=blocks.columns(
                w, unsur=("overview.col_unsur", "3fr"), value="overview.col_city_value",
                low="overview.col_low3", clear="overview.col_clear", lowest="overview.col_first",
                fact="overview.col_fact", units="overview.col_units",
            ),
            rows=cells, caption=w("overview.unsur_caption"), key="unsur-lag",
            note=f"{w('overview.unsur_note')} {facts_note(city, list(map(str, table.index)))}".strip(),
        ),
    )  # fmt: skip


def leading(city: CityReport) -> list[Any]:
    """Say which unsur are most often clearly lower in their unit, or that none is; nothing without an order."""
    w, table = city.words, counts(city)
    if not len(table):
        return []
    table = table.sort_values(["clear", "low", "lowest"], ascending=False, kind="stable")
    top = table[table["clear"] > 0].index[:3]
    if not len(top):
        return parts(w, "overview.unsur_unclear", units=w.integer(len(city.ranked)))
    names = [
        w(
            "overview.unsur_named", item=city.code(str(item)), name=city.item_name(str(item)),
            clear=w.integer(table.loc[item, "clear"]),
        )
        for item in top
    ]  # fmt: skip
    return parts(w, "overview.unsur_lead", names=w.join(names), units=w.integer(len(city.ranked)))


#: So many cells of the lowest value are named; more are counted.
CELLS = 4
#: Width of a letter of a column's code in the heatmap, mm.
LETTER_MM = 1.7


def heatmap(city: CityReport) -> Any:
    """Return units by unsur as a heatmap, and the same numbers as a table."""
    w = city.words
    wide = unit_items(city, list(city.ranked["unit"]))
    if not len(wide):
        return absent(city, "overview.heatmap_none")
    if len(wide) > MOST_DRAWN:
        return blocks.group(say(w, "overview.heatmap_many", count=w.integer(len(wide))))
    made: list[Any] = [say(w, "overview.heatmap_lead", low=w.integer(city.floor), style="note")]
    pages = [
        page.iloc[:, part] for part in chunks(len(wide.columns), MOST_COLUMNS) for page in pages_of(wide)
    ]
    low, high = float(wide.min().min()), float(wide.max().max())
    for number, page in enumerate(pages):
        made.append(
            blocks.figure(
                draw(city, page, low, high), key=f"heatmap-{number + 1}", alt=_alt(city, page),
                caption=_caption(city, number, len(pages)),
                title=titles.values(city, wide),
                narrow=draw(city, page, low, high, narrow=True),
                note=heatmap_note(city, wide) if number == len(pages) - 1 else "",
            )
        )  # fmt: skip
    parts = chunks(len(wide.columns), columns_that_fit([city.code(str(i)) for i in wide.columns], 120.0))
    tables = [_table(city, wide.iloc[:, part], place, len(parts)) for place, part in enumerate(parts)]
    return blocks.group(*made, *tables)


def heatmap_note(city: CityReport, wide: pd.DataFrame) -> str:
    """Say how to read a cell, and which columns are no satisfaction whatever their colour."""
    return f"{city.words('overview.heatmap_note')} {facts_note(city, list(map(str, wide.columns)))}".strip()


def _palette() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    # Light to dark on one scale, so that grey paper keeps the order; the dark end is the low one,
    # because the figure asks where something lags.
    style = blocks.style
    return LinearSegmentedColormap.from_list(
        "skm-lag", [style.WARM, style.answer_colours[1], "#f6f1ee", "#e2eef0"]
    )


def draw(city: CityReport, wide: pd.DataFrame, low: float, high: float, narrow: bool = False) -> Any:
    """Draw one page of the heatmap with seaborn; every cell carries its number."""
    import seaborn

    style, w = blocks.style, city.words
    width = 85.0 if narrow else style.TEXT_WIDTH_MM
    label = 0.0 if narrow else 62.0
    codes = [city.code(str(item)) for item in wide.columns]
    # Codes of a unit's own indicators may be words: upright where they would run into one another.
    longest = LETTER_MM * max(map(len, codes))
    upright = longest > (width - label) / len(codes)
    heads = max(8.0, longest + 2.0) if upright else 8.0
    row_mm = narrow_row_mm(len(wide), 8.2, heads) if narrow else 3.7 if len(wide) > 40 else 4.4
    height = row_mm * len(wide)
    fig = style.figure(width, height + heads)
    axes = style.axes_mm(fig, label, 1.0, width - label, height)
    digits = 0 if narrow or len(wide.columns) > 9 else 1
    seaborn.heatmap(
        wide.to_numpy(), ax=axes, cmap=_palette(), vmin=low, vmax=max(high, low + 1.0), cbar=False,
        linewidths=0.6, linecolor="white", mask=wide.isna().to_numpy(), xticklabels=False,
        yticklabels=False,
    )  # fmt: skip
    style.bare(axes)
    if narrow:
        # The name stands over its row of numbers: white cover on the upper half of each row.
        for place, unit in enumerate(wide.index):
            axes.axhspan(place, place + 0.5, color="white", lw=0, zorder=3)
            axes.text(0.0, place + 0.27, fit(city.names.get(unit, unit), 82.0), va="center", zorder=4)
    else:
        for place, unit in enumerate(wide.index):
            axes.text(-0.12, place + 0.5, fit(city.names.get(unit, unit), 59.0), va="center", ha="right")
    middle, values = 0.75 if narrow else 0.5, wide.to_numpy(dtype=float)
    for place in range(len(wide)):
        for column in range(len(wide.columns)):
            value = values[place, column]
            if value != value:
                continue
            dark = (value - low) / max(high - low, 1.0) < 0.22
            axes.text(
                column + 0.5, place + middle, w.number(value, digits), ha="center", va="center",
                color="white" if dark else style.INK, zorder=5,
            )  # fmt: skip
    for column, text in enumerate(codes):
        axes.text(
            column + 0.5, 1.0, text, ha="center", va="bottom", color=style.MUTED, weight=600,
            transform=axes.get_xaxis_transform(), rotation=90 if upright else 0,
        )  # fmt: skip
    return fig


def _caption(city: CityReport, number: int, pages: int) -> str:
    w = city.words
    page = w("overview.page_of", page=w.integer(number + 1), pages=w.integer(pages)) if pages > 1 else ""
    return w("overview.heatmap_caption", page=page).strip()


def _alt(city: CityReport, wide: pd.DataFrame) -> str:
    w, values = city.words, wide.to_numpy(dtype=float)
    if not np.isfinite(values).any():
        return w("overview.heatmap_none")
    lowest, highest = float(np.nanmin(values)), float(np.nanmax(values))
    least = np.argwhere(values - lowest < 1e-9).tolist()
    units = [city.names.get(unit, unit) for unit in wide.index]
    cells = [f"{city.code(str(wide.columns[item]))} ({units[unit]})" for unit, item in least[:CELLS]]
    return w(
        "overview.heatmap_alt" if len(least) <= CELLS else "overview.heatmap_alt_many",
        units=w.integer(len(wide)), items=w.integer(len(wide.columns)), low=w.number(lowest),
        high=w.number(highest), cells=w.join(cells), count=w.integer(len(least)),
    )  # fmt: skip


def _table(city: CityReport, wide: pd.DataFrame, place: int, parts: int) -> Any:
    w = city.words
    cells = [
        [city.names.get(unit, unit), *(w.number(v) if v == v else NOTHING for v in row)]
        for unit, row in zip(wide.index, wide.to_numpy())
    ]
    values = city_items(city)
    total = [w.number(values[item]) if values.get(item) == values.get(item) and item in values else NOTHING
             for item in wide.columns]  # fmt: skip
    names = "; ".join(f"{city.code(str(item))} {city.item_name(str(item))}" for item in wide.columns)
    facts = facts_note(city, list(map(str, wide.columns)))
    return blocks.table(
        columns=[
            blocks.column("unit", w("overview.col_unit"), width="2fr"),
            *(blocks.column(str(item), city.code(str(item)), numeric=True) for item in wide.columns),
        ],
        rows=cells, footer_rows=[[w("overview.city_row"), *total]], compact=True,
        caption=part_of(w, w("overview.heatmap_table", low=w.integer(city.floor)), place, parts),
        key=keyed("unit-unsur", place),
        note=f"{w('overview.heatmap_table_note', names=names)} {facts}".strip(),
    )  # fmt: skip
