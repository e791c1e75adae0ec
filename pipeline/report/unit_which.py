"""Which unsur comes first: answers and values of all unsur on shared rows, lowest on top.

Left, how many chose each answer, split where "less good" meets "good"; right, the value with
its interval over the letter bands. A second, narrow drawing serves telephones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.blocks import style
from pipeline.report.section import reading, section
from pipeline.report.unit import estimate, limit
from pipeline.report.unit_draw import beside, over
from pipeline.report.unit_verdicts import ordered

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport

ROW_MM = 5.4
#: So many unsur fit the first page below the summary.
FIRST_PAGE = 11
TOP_MM, BOTTOM_MM = 6.0, 6.5


@dataclass(frozen=True)
class Row:
    """One unsur as drawn."""

    item: str
    name: str
    shares: tuple[float, ...]
    value: float
    lower: float | None
    upper: float | None


@section("which_first")
def which_first(u: UnitReport) -> Any:
    """Show all unsur from the lowest: the distribution of answers beside the value."""
    w, rows = u.words, drawn_rows(u)
    if not rows:
        return blocks.prose(w("unit.which_first.none"))
    low = u.scale[0]
    figure = blocks.figure(
        wide(u, rows),
        key="which-first",
        title="",
        caption=w("unit.which_first.caption" if u.bands else "unit.which_first.caption_foreign",
                  low=w.integer(u.factor * low), high=100),
        alt=alt(u, rows),
        note=note(u),
        reading=reading(w, "unit.which_first"),
        narrow=narrow(u, rows),
    )  # fmt: skip
    # The first page stands alone where it holds the figure; what follows opens with the contents.
    alone = blocks.pagebreak() if len(rows) <= FIRST_PAGE else None
    return blocks.group(figure, alone, blocks.contents())


def note(u: UnitReport) -> str:
    """Say what the colours stand for, in words."""
    low, high = u.scale
    if u.foreign:
        return u.words("unit.which_first.note_foreign", low=low, high=high)
    return u.words("unit.which_first.note")


def drawn_rows(u: UnitReport) -> list[Row]:
    """Return the unsur from the lowest value to the highest."""
    low, high = u.scale
    nrr = u.by_item("index", "nrr")
    shares = {code: u.by_item("index", f"share_{code}") for code in range(low, high + 1)}
    rows = []
    for item in ordered(u):
        row = nrr[item]
        found = tuple(estimate(shares[code].get(item)) or 0.0 for code in range(low, high + 1))
        lower, upper = limit(row.lower), limit(row.upper)
        floor = u.factor * low
        rows.append(
            Row(
                item, u.item_name(item), found, float(row.estimate) * u.factor,
                None if lower is None else max(floor, lower * u.factor),
                None if upper is None else min(100.0, upper * u.factor),
            )
        )  # fmt: skip
    return rows


def alt(u: UnitReport, rows: list[Row]) -> str:
    """Say the figure's numbers to somebody who cannot see it."""
    w = u.words
    lines = []
    for row in rows:
        top = w.percent(row.shares[-1])
        bottom = w.percent(sum(row.shares[: len(row.shares) // 2]))
        interval = w.interval(row.lower, row.upper) if row.lower is not None else w("common.none")
        lines.append(
            w("unit.which_first.alt_row", name=row.name, value=w.number(row.value), interval=interval,
              top=top, bottom=bottom)
        )  # fmt: skip
    return w("unit.which_first.alt", count=w.integer(len(rows))) + " " + "; ".join(lines) + "."


def wide(u: UnitReport, rows: list[Row]) -> Any:
    """Draw the figure for a page."""
    body = ROW_MM * len(rows)
    fig = style.figure(style.TEXT_WIDTH_MM, body + TOP_MM + BOTTOM_MM)
    names = 46.0
    left = style.axes_mm(fig, names, BOTTOM_MM, 56, body)
    right = style.axes_mm(fig, names + 60, BOTTOM_MM, 52, body)
    for position, row in enumerate(rows):
        name = f"{shorten(row.name, 26)}  {code(row.item)}"
        beside(left, 0, position, name, (-3, 0), ha="right", va="center")
    distribution(u, left, rows)
    values(u, right, rows)
    return fig


def narrow(u: UnitReport, rows: list[Row]) -> Any:
    """Draw the figure for a telephone: the name above its row, the value at the edge."""
    body = 8.5 * len(rows)
    fig = style.figure(90, body + TOP_MM + BOTTOM_MM)
    left = style.axes_mm(fig, 8, BOTTOM_MM, 36, body)
    right = style.axes_mm(fig, 47, BOTTOM_MM, 30, body)
    for position, row in enumerate(rows):
        name = f"{code(row.item)}  {shorten(row.name, 30)}"
        beside(left, 0, position - 0.34, name, (-20, 0), ha="left", va="center")
    distribution(u, left, rows, height=0.42, offset=0.14)
    values(u, right, rows, offset=0.14)
    return fig


def distribution(
    u: UnitReport, axes: Any, rows: list[Row], height: float = 0.62, offset: float = 0.0
) -> None:
    """Stack the answers around the border between less good and good."""
    colours, inks = palette(len(rows[0].shares))
    half = len(rows[0].shares) / 2
    starts = [-sum(split_at(row.shares, half)[0]) for row in rows]
    axes.set_xlim(min(-0.07, *starts) if len(starts) > 1 else min(-0.07, starts[0]), 1.0)
    span = axes.get_xlim()[1] - axes.get_xlim()[0]
    places = [position + offset for position in range(len(rows))]
    for level, (colour, ink) in enumerate(zip(colours, inks)):
        shares = [row.shares[level] for row in rows]
        axes.barh(places, shares, left=starts, height=height, color=colour)
        for place, share, start in zip(places, shares, starts):
            if share / span > 0.09:
                axes.text(start + share / 2, place + 0.02, f"{share * 100:.0f}", ha="center", va="center",
                          color=ink, fontsize=6.4)  # fmt: skip
        starts = [start + share for start, share in zip(starts, shares)]
    # The line stops between rows where the names stand there.
    reach = 0.5 if height > 0.5 else height / 2 + 0.04
    zero = [0.0] * len(places)
    axes.vlines(
        zero, [p - reach for p in places], [p + reach for p in places], color=style.INK, linewidth=0.7
    )
    axes.set_ylim(len(rows) - 0.5, -0.5)
    headings(u, axes, colours, rows[0], span)
    axes.set_yticks([])
    axes.set_xticks([])
    style.bare(axes)


def split_at(shares: tuple[float, ...], half: float) -> tuple[list[float], list[float]]:
    """Split shares in the middle; of an odd number the middle one lies on both sides.

    Examples
    --------
    >>> split_at((0.2, 0.4, 0.4), 1.5)
    ([0.2, 0.2], [0.2, 0.4])
    """
    whole = int(half)
    if half == whole:
        return list(shares[:whole]), list(shares[whole:])
    middle = shares[whole] / 2
    return [*shares[:whole], middle], [middle, *shares[whole + 1 :]]


def palette(levels: int) -> tuple[list[str], list[str]]:
    """Colours of the answers from the lowest, and the ink that is legible on each."""
    if levels == len(style.answer_colours):
        return list(style.answer_colours), list(style.answer_inks)
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    ramp = LinearSegmentedColormap.from_list("answers", style.answer_colours)
    colours = [to_hex(ramp(i / max(1, levels - 1))) for i in range(levels)]
    inks = [style.answer_inks[round(i * 3 / max(1, levels - 1))] for i in range(levels)]
    return colours, inks


def headings(u: UnitReport, axes: Any, colours: list[str], first: Row, span: float) -> None:
    """Name the answers above the first row, each near its own part of the axis."""
    if u.foreign:
        return
    w = u.words
    look: dict[str, Any] = {"va": "bottom", "fontsize": 6.6, "fontweight": 600}
    over(axes, 0, 1, w("unit.which_first.label_less"), (-2, 2), ha="right", color=style.WARM, **look)
    over(axes, 0, 1, w("unit.which_first.label_good"), (2, 2), ha="left", color=colours[3], **look)
    end = axes.get_xlim()[1]
    over(axes, end, 1, w("unit.which_first.label_very_good"), (0, 2), ha="right", color=colours[3], **look)


def values(u: UnitReport, axes: Any, rows: list[Row], offset: float = 0.0) -> None:
    """Draw value and interval of every unsur over the letter bands."""
    lowest = min(row.lower if row.lower is not None else row.value for row in rows)
    floor = u.factor * u.scale[0]
    # At least one border between letters is in view.
    start = max(floor, min([lowest - 2.0, *(lower - 2.0 for _, _, lower, _ in u.bands[-1:])]))
    axes.set_xlim(start, 100.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    ticks = []
    for letter, _, lower, upper in u.bands:
        if upper <= start:
            continue
        axes.axvspan(
            max(lower, start), upper if upper < 100 else 100.5, color=style.band_colours[letter], lw=0
        )
        middle = (max(lower, start) + upper) / 2
        over(axes, middle, 1, letter, (0, 2), ha="center", va="bottom", color=style.MUTED, fontsize=6.6,
             fontweight=600)  # fmt: skip
        if lower > start:
            ticks.append(lower)
    places = [position + offset for position in range(len(rows))]
    known = [(place, row.lower, row.upper) for place, row in zip(places, rows) if row.lower is not None]
    if known:
        axes.hlines(*zip(*known), color=style.ACCENT, linewidth=1.4)
    axes.plot([row.value for row in rows], places, "o", color=style.ACCENT, markersize=4.4)
    for position, (y, row) in enumerate(zip(places, rows)):
        bold = 600 if position < 3 else 400
        beside(axes, 1, y, u.words.number(row.value), (4, 0), ha="left", va="center", fontweight=bold)
    axes.set_yticks([])
    digits = 2 if ticks else 0
    ticks = ticks or [math.ceil(start), 100]
    axes.set_xticks(ticks, [u.words.number(t, digits) for t in ticks], fontsize=6)
    style.bare(axes)
    axes.tick_params(axis="x", pad=2)


def code(item: str) -> str:
    """Return the short code of an item: its own instrument's name is dropped."""
    return item.rpartition(".")[2]


def shorten(text: str, length: int) -> str:
    """Cut a long name where a word ends.

    Examples
    --------
    >>> shorten("Produk spesifikasi jenis pelayanan", 20)
    'Produk spesifikasi…'
    """
    if len(text) <= length:
        return text
    cut = text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,")
    return (cut or text[: length - 1]) + "…"
