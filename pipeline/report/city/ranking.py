"""Where each unit stands: the caterpillar figure and the table of all units.

A unit's place is never a bare rank: the figure shows its interval over the letter bands,
grey unless the comparison with the other units shows it above or below them (R14).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import blocks, standings
from pipeline.report.base.figure_text import fit, text_mm
from pipeline.report.base.forest import Estimate, beside, forest
from pipeline.report.base.parts import chunks
from pipeline.report.city import titles
from pipeline.report.city.counts import versus_counts
from pipeline.report.city.instruments import instruments, shared, shared_values
from pipeline.report.city.lowest import facts_note
from pipeline.report.data.city import MOST_ROWS, CityReport, absent, say, shown_sign, sure_words
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

#: Units in one figure: what a page holds at a size that can be read.
PER_FIGURE = 50
#: Above this many units the figures show the two ends; the table still holds everybody.
MOST_DRAWN = 200
ENDS = 25

#: Row height by number of rows: a full page still holds the heading and the reading aid.
ROW_MM, _DENSE_ROW_MM, _DENSE_FROM = 4.1, 3.6, 40
HEAD_MM, FOOT_MM = 7.0, 10.0
#: Rows of a page whose heading, lead and reading aid stand with them.
_TALL_MM = 155.0
#: Longer names are cut in figures; tables hold them whole.
MOST_NAME_MM = 64.0


def pages_of(rows: pd.DataFrame, most: int = MOST_DRAWN) -> list[pd.DataFrame]:
    """Cut the ranked units into pages of equal length; very many are reduced to both ends."""
    import pandas as pd

    if len(rows) > most:
        rows = pd.concat([rows.head(ENDS), rows.tail(ENDS)])
    return [rows.iloc[part] for part in chunks(len(rows), PER_FIGURE)]


def narrow_row_mm(rows: int, wanted: float, around: float) -> float:
    """Height of a row on a telephone: as wanted, or what the tallest figure leaves after what is around.

    Examples
    --------
    >>> narrow_row_mm(20, 8.0, 17.0), round(narrow_row_mm(50, 8.0, 17.0), 2)
    (8.0, 7.66)
    """
    return min(wanted, (blocks.style.TALLEST_MM - around) / max(rows, 1))


#: Reasons for which an index has no interval of its own, and units named with one.
UNLINED, FEW_NAMED = ("census", "no-variance"), 4


def strip(city: CityReport) -> Any:
    """Return the caterpillar on one page: of more units than that the two ends."""
    return ranking(city, most=PER_FIGURE)


def ranking_of_many(city: CityReport) -> Any:
    """Return the whole caterpillar where one page does not hold it, else nothing."""
    return ranking(city) if len(city.ranked) > PER_FIGURE else blocks.group()


def ranking(city: CityReport, most: int = MOST_DRAWN) -> Any:
    """Return the caterpillar: every comparable unit with its interval over the letter bands."""
    w, ranked = city.words, city.ranked
    if not len(ranked):
        return absent(city, "overview.ranking_none")
    if len(ranked) == 1:
        return blocks.group(say(w, "overview.ranking_one", name=ranked.iloc[0]["name"]))
    pages = pages_of(ranked, most)
    span = span_of(city, ranked)
    made: list[Any] = [say(w, "overview.ranking_lead", style="note"), *shared(city)]
    if len(ranked) > most:
        made.append(say(w, "overview.ranking_ends", ends=w.integer(ENDS), all=w.integer(len(ranked))))
    for number, page in enumerate(pages):
        last = number == len(pages) - 1
        made.append(
            blocks.figure(
                draw(city, page, span), key=f"ranking-{number + 1}", alt=alt(city, page),
                title=titles.differ(city),
                caption=_caption(city, number, len(pages)), narrow=draw(city, page, span, narrow=True),
                note=_note(city) if last else "", reading=_reading(city) if last else (),
            )
        )  # fmt: skip
    return blocks.group(*made)


def span_of(city: CityReport, rows: pd.DataFrame) -> tuple[float, float]:
    """Range of the axis: all intervals, and at least a few points, so that noise stays small."""
    low = float(rows["lower"].fillna(rows["ikm"]).min())
    high = float(rows["upper"].fillna(rows["ikm"]).max())
    spare = max(1.0, (high - low) * 0.06)
    low, high = low - spare, min(100.0, high + spare)
    return (min(low, high - 8.0), high)


def draw(city: CityReport, rows: pd.DataFrame, span: tuple[float, float], narrow: bool = False) -> Any:
    """Draw one page of the caterpillar.

    Parameters
    ----------
    city : CityReport
        For words, bands and the city's mean.
    rows : DataFrame
        Standings of the units to draw, in order from the top.
    span : tuple
        Range of the axis, shared by all pages.
    narrow : bool
        For a telephone: the name stands over its interval and the rank range is left out.

    Returns
    -------
    matplotlib.figure.Figure
    """
    style, w = blocks.style, city.words
    ranked = bool(rows["rank_low"].notna().any()) and not narrow
    width = 85.0 if narrow else style.TEXT_WIDTH_MM
    row_mm = min(_DENSE_ROW_MM, _TALL_MM / len(rows)) if len(rows) > _DENSE_FROM else ROW_MM
    if narrow:
        row_mm = narrow_row_mm(len(rows), 8.0, HEAD_MM + FOOT_MM)
    left, right = (0.0, 12.0) if narrow else (_label_mm(rows), 32.0 if ranked else 14.0)
    height = row_mm * len(rows)
    fig = style.figure(width, height + HEAD_MM + FOOT_MM)
    axes = style.axes_mm(fig, left, FOOT_MM, width - left - right, height)
    style.bare(axes)
    axes.set_xlim(*span)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([])
    _draw_bands(city, axes, span)
    _draw_mean(city, axes, span, len(rows), narrow)
    lower = 0.18 if narrow else 0.0  # on a telephone the name stands over its interval
    colours = [style.ACCENT if word in ("above", "below") else style.GREY for word in rows["versus"]]
    forest(axes, [
        Estimate(place + lower, row.ikm, row.lower, row.upper, colour)
        for place, (row, colour) in enumerate(zip(standings.rows_of(rows), colours, strict=True))
    ], size=4.5)  # fmt: skip
    pulled = [(at + lower, value) for at, value in enumerate(rows["shrunken"]) if value == value]
    if pulled:
        places, values = np.transpose(pulled)
        reach = 0.2 if narrow else 0.32
        axes.vlines(values, places - reach, places + reach, color=style.INK, lw=1.0)
    for place, row in enumerate(standings.rows_of(rows)):
        at = place + lower
        if narrow:
            axes.text(
                0.0, place - 0.22, fit(row.name, 82.0), va="center", transform=axes.get_yaxis_transform()
            )
        beside(axes, at, "" if narrow else fit(row.name, MOST_NAME_MM), w.number(row.ikm),
               600 if row.versus in ("above", "below") else 400)  # fmt: skip
        if ranked and row.rank_low == row.rank_low:
            axes.text(
                1.0, at, f"{row.rank_low:.0f}–{row.rank_high:.0f}", va="center", ha="right",
                color=style.MUTED, transform=_right_edge(fig, axes),
            )  # fmt: skip
    _heads(city, fig, axes, ranked)
    return fig


def _label_mm(rows: pd.DataFrame) -> float:
    """Room for the longest name, within limits."""
    longest = max((text_mm(name) for name in rows["name"]), default=20.0)
    return min(MOST_NAME_MM, max(20.0, longest)) + 4.0


def _right_edge(fig: Any, axes: Any) -> Any:
    """Figure edge across, data up: for the column of rank ranges."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(fig.transFigure, axes.transData)


def _draw_bands(city: CityReport, axes: Any, span: tuple[float, float]) -> None:
    style = blocks.style
    for letter, _, lower, upper in city.bands:
        left, right = max(lower, span[0]), min(upper, span[1])
        if right <= left:
            continue
        axes.axvspan(left, right, color=style.band_colours.get(letter, style.band_colours["other"]), lw=0)
        if (right - left) / (span[1] - span[0]) > 0.04:
            axes.text(
                (left + right) / 2, 1.0, letter, ha="center", va="bottom", color=style.MUTED,
                weight=600, transform=axes.get_xaxis_transform(),
            )  # fmt: skip
        if left > span[0]:
            axes.text(
                left, 0.0, city.words.number(lower), ha="center", va="top", color=style.MUTED,
                fontsize=style.LEAST_PT, transform=axes.get_xaxis_transform(),
            )  # fmt: skip
    if not city.bands:
        axes.axvspan(*span, color=style.band_colours["other"], lw=0)


def _draw_mean(city: CityReport, axes: Any, span: tuple[float, float], rows: int, narrow: bool) -> None:
    row = city.headline
    if row is None or not span[0] <= row.estimate <= span[1]:
        return
    style = blocks.style
    if narrow:  # only beside the intervals: between them stand names
        at = np.arange(rows) + 0.18
        axes.vlines([row.estimate] * rows, at - 0.24, at + 0.32, color=style.INK, lw=0.8, ls=(0, (1.5, 1.5)))
    else:
        axes.axvline(row.estimate, color=style.INK, lw=0.8, ls=(0, (1.5, 1.5)))
    where = (row.estimate - span[0]) / (span[1] - span[0])
    side = "right" if where > 0.7 else "left" if where < 0.3 else "center"
    axes.annotate(
        city.words("overview.mean_label", value=city.words.number(row.estimate)),
        (row.estimate, rows - 0.5), xytext=(0, -13), textcoords="offset points",
        ha=side, va="top", color=style.INK, annotation_clip=False,
    )  # fmt: skip


def _heads(city: CityReport, fig: Any, axes: Any, ranked: bool) -> None:
    style, w = blocks.style, city.words
    axes.text(
        1.02, 1.0, w("common.index"), ha="left", va="bottom",
        color=style.MUTED, transform=axes.transAxes,
    )  # fmt: skip
    if ranked:
        from matplotlib.transforms import blended_transform_factory

        mixed = blended_transform_factory(fig.transFigure, axes.transAxes)
        axes.text(
            1.0, 1.0, w("overview.rank_head"), ha="right", va="bottom", color=style.MUTED,
            transform=mixed,
        )  # fmt: skip


def _caption(city: CityReport, number: int, pages: int) -> str:
    w = city.words
    page = w("overview.page_of", page=w.integer(number + 1), pages=w.integer(pages)) if pages > 1 else ""
    return w("overview.ranking_caption", page=page).strip()


def _note(city: CityReport) -> str:
    w = city.words
    pieces = [w("overview.ranking_note")]
    if city.ranked["shrunken"].notna().any():
        pieces.append(w("overview.ranking_note_shrunken"))
    if city.ranked["rank_low"].notna().any():
        pieces.append(w("overview.ranking_note_rank"))
    return " ".join([*pieces, *unlined(city)])


def unlined(city: CityReport) -> list[str]:
    """Say which units stand in a figure as a dot without a line, and why they have no interval."""
    w, said = city.words, []
    for reason in UNLINED:
        names = list(city.ranked.loc[city.ranked["reason"] == reason, "name"])
        if names:
            who = (
                w.join(names)
                if len(names) <= FEW_NAMED
                else w("overview.unlined_units", n=w.integer(len(names)))
            )
            said.append(w(f"overview.unlined.{reason}", units=who))
    return said


def _reading(city: CityReport) -> Sequence[tuple[str, str]]:
    w = city.words
    return [
        (w(f"overview.reading.{part}"), w(f"overview.ranking_reading.{part}"))
        for part in ("shown", "good", "attention", "do")
    ]


def alt(city: CityReport, rows: pd.DataFrame) -> str:
    """Say what the figure shows from its numbers: ends, mean, how many stand apart."""
    w = city.words
    first, last = rows.iloc[0], rows.iloc[-1]
    text = w(
        "overview.ranking_alt", count=w.integer(len(rows)),
        first=first["name"], first_value=w.number(first["ikm"]),
        first_interval=w.interval(first["lower"], first["upper"]),
        last=last["name"], last_value=w.number(last["ikm"]),
        last_interval=w.interval(last["lower"], last["upper"]),
    )  # fmt: skip
    counts = versus_counts(rows)
    if sum(counts.values()):
        text += " " + w(
            "overview.ranking_alt_versus", **{key: w.integer(value) for key, value in counts.items()}
        )
    return text


def lowest_codes(city: CityReport, items: str) -> str:
    """Codes of the unit's lowest unsur: several only where their means are exactly equal."""
    return " = ".join(city.code(item) for item in items.split(",") if item)


def units(city: CityReport) -> Any:
    """Return the table of units: n, required, index, interval, letter, certainty, sign, lowest unsur."""
    w, table = city.words, city.standings
    if len(table) > MOST_ROWS:  # the table itself is in the portal and the result files
        return blocks.group(say(w, "overview.units_many", count=w.integer(len(table))))
    table = table.sort_values("name", kind="stable")
    columns = blocks.columns(
        w, unit=("overview.col_unit", "3fr"), n="overview.col_valid", required="overview.col_required",
        ikm="common.index", interval="overview.col_interval",
    )  # fmt: skip
    same = shared_values(city)
    if same:
        columns.append(blocks.column("same", w("overview.col_shared"), numeric=True))
    if city.bands:
        columns.append(blocks.column("letter", w("overview.col_letter")))
        columns.append(blocks.column("certainty", w("overview.col_certainty")))
    columns.append(blocks.column("sign", w("overview.col_sign")))
    columns.append(blocks.column("lowest", w("overview.col_lowest")))
    cells = []
    codes = sorted({item for items in table["lowest_item"] for item in items.split(",") if item})
    for row in standings.rows_of(table):
        cell = {
            "unit": row.name,
            "n": w.integer(row.n_valid),
            "required": w.integer(row.required) if row.required == row.required else NOTHING,
            "ikm": w.number(row.ikm) if row.ikm == row.ikm else NOTHING,
            "interval": w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
            "same": same.get(row.unit, NOTHING),
            "letter": row.letter or NOTHING,
            "certainty": sure_words(city, row),
            "sign": shown_sign(row),
            "lowest": lowest_codes(city, row.lowest_item) or NOTHING,
        }
        cells.append([cell[column.key] for column in columns])
    notes = [w("overview.units_note"), facts_note(city, codes), w("overview.signs_note")]
    return blocks.group(
        blocks.table(
            columns=columns, rows=cells, caption=w("overview.units_caption"), key="units",
            note=" ".join(filter(None, notes)), compact=True,
        ),
        *instruments(city),
    )  # fmt: skip
