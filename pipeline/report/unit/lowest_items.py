"""Which unsur comes first: answers and values of all unsur on shared rows, lowest on top.

Left, how many chose each answer, split where "less good" meets "good"; right, the value with
its interval over the letter bands. A second, narrow drawing serves telephones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.blocks import style
from pipeline.blocks.canvas import POINT, Canvas, Panel, ramp
from pipeline.report.base.figure_text import text_mm
from pipeline.report.base.parts import chunks, keyed, part_of
from pipeline.report.base.section import reading, section
from pipeline.report.data.unit import estimate, limit
from pipeline.report.unit.dot_plot import bands
from pipeline.report.unit.lowest_verdicts import equal_groups, lower_than, lowest, ordered
from pipeline.words import page_one

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.words.verdicts import Element

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
    rows = drawn_rows(u)
    if not rows:
        return blocks.prose(u.words("unit.which_first.none"))
    shown = chunks(len(rows))
    figures = [_figure(u, rows[part], place, len(shown)) for place, part in enumerate(shown)]
    # The first page stands alone where it holds the figure; what follows opens with the contents.
    alone = blocks.pagebreak() if len(rows) <= FIRST_PAGE else None
    return blocks.group(*figures, alone, blocks.contents())


def _figure(u: UnitReport, rows: list[Row], place: int, parts: int) -> Any:
    """One drawing of unsur; where they are too many for one, it says which part of how many."""
    w = u.words
    caption = w("unit.which_first.caption" if u.bands else "unit.which_first.caption_foreign")
    return blocks.figure(
        wide(u, rows), key=keyed("which-first", place), title=lowest_title(u),
        caption=part_of(w, caption, place, parts), alt=alt(u, rows), note=note(u) if place == parts - 1 else "",
        reading=reading(w, "unit.which_first") if place == 0 else (), narrow=narrow(u, rows),
    )  # fmt: skip


def lower_codes(u: UnitReport, e: Element) -> list[str]:
    """Codes of the unsur that one was shown to be lower than, in the order of the form."""
    return [code(other) for other in lower_than(u, e.item)] if e.lower else []


def lowest_title(u: UnitReport) -> str:
    """What the figure of all unsur shows of the lowest one; those of exactly its value are named with it."""
    found = lowest(u)
    if not found:
        return page_one.lowest_title(u.words, [], [])
    same = next((group for group in equal_groups(u, found[:1])), [])
    among = {e.item: e for e in found}
    return page_one.lowest_title(
        u.words, [among.get(e.item, e) for e in same] or found[:1], lower_codes(u, found[0])
    )


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
        rows.append(
            Row(
                item, u.item_name(item), found, float(row.estimate) * u.factor,
                None if lower is None else max(u.floor, lower * u.factor),
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


def wide(u: UnitReport, rows: list[Row]) -> str:
    """Draw the figure for a page."""
    body, names = ROW_MM * len(rows), 46.0
    canvas = Canvas(style.TEXT_WIDTH_MM, body + TOP_MM + BOTTOM_MM)
    down = (-0.5, len(rows) - 0.5)
    left = canvas.panel(names, BOTTOM_MM, 56, body, span(rows), down)
    right = canvas.panel(names + 60, BOTTOM_MM, 52, body, (floor(u, rows), 100.5), down)
    for position, row in enumerate(rows):
        name = f"{shorten(row.name, 26)}  {code(row.item)}"
        canvas.text(name, left.left - 3, left.y(position), "right", "center")
    distribution(u, left, rows)
    values(u, right, rows)
    return canvas.svg()


def narrow(u: UnitReport, rows: list[Row]) -> str:
    """Draw the figure for a telephone: the name above its row, the value at the edge."""
    body = 8.5 * len(rows)
    canvas = Canvas(90, body + TOP_MM + BOTTOM_MM)
    down = (-0.5, len(rows) - 0.5)
    left = canvas.panel(8, BOTTOM_MM, 36, body, span(rows), down)
    right = canvas.panel(47, BOTTOM_MM, 30, body, (floor(u, rows), 100.5), down)
    for position, row in enumerate(rows):
        name = f"{code(row.item)}  {shorten(row.name, 30)}"
        canvas.text(name, left.left - 20, left.y(position - 0.34), "left", "center")
    distribution(u, left, rows, height=0.42, offset=0.14)
    values(u, right, rows, offset=0.14)
    return canvas.svg()


def starts_of(rows: list[Row]) -> list[float]:
    """Where each row's answers start, so that "less good" ends at zero."""
    half = len(rows[0].shares) / 2
    return [-sum(split_at(row.shares, half)[0]) for row in rows]


def span(rows: list[Row]) -> tuple[float, float]:
    """Reach of the answers to both sides of zero."""
    return min(-0.07, *starts_of(rows)), 1.0


def distribution(
    u: UnitReport, panel: Panel, rows: list[Row], height: float = 0.62, offset: float = 0.0
) -> None:
    """Stack the answers around the border between less good and good."""
    colours, inks = palette(len(rows[0].shares))
    starts, whole = starts_of(rows), panel.across[1] - panel.across[0]
    places = [position + offset for position in range(len(rows))]
    for level, (colour, ink) in enumerate(zip(colours, inks)):
        ends = [start + row.shares[level] for start, row in zip(starts, rows)]
        panel.bars([(s, e, p - height / 2, p + height / 2) for s, e, p in zip(starts, ends, places)], colour)
        for place, row, start in zip(places, rows, starts):
            share = row.shares[level]
            if share / whole > 0.09:
                panel.canvas.text(f"{share * 100:.0f}", panel.x(start + share / 2), panel.y(place + 0.02),
                                  "center", "center", ink, style.LEAST_PT)  # fmt: skip
        starts = ends
    # The line stops between rows where the names stand there.
    reach = 0.5 if height > 0.5 else height / 2 + 0.04
    panel.upright([(0.0, p - reach, p + reach) for p in places], style.INK, 0.7)
    headings(u, panel, colours)


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
    colours = [ramp(style.answer_colours, i / max(1, levels - 1)) for i in range(levels)]
    inks = [style.answer_inks[round(i * 3 / max(1, levels - 1))] for i in range(levels)]
    return colours, inks


def headings(u: UnitReport, panel: Panel, colours: list[str]) -> None:
    """Name the answers above the first row, each near its own part of the axis."""
    if u.foreign:
        return
    w, zero, top = u.words, panel.x(0), panel.top - 2
    less = w("unit.which_first.label_less")
    # A little room: the letters are bold. Where few answers lie to the left the words begin at the drawing's edge.
    ends = max(zero - 2, 1.1 * text_mm(less) * POINT)
    for text, x, ha, colour in (
        (less, ends, "right", style.WARM),
        (w("unit.which_first.label_good"), ends + 4, "left", colours[3]),
        (w("unit.which_first.label_very_good"), panel.right, "right", colours[3]),
    ):
        panel.canvas.text(text, x, top, ha, "bottom", colour, style.LEAST_PT, 600)


def floor(u: UnitReport, rows: list[Row]) -> float:
    """Where the axis of values starts: at least one border between letters is in view."""
    lowest = min(row.lower if row.lower is not None else row.value for row in rows)
    return max(u.floor, min([lowest - 2.0, *(lower - 2.0 for _, _, lower, _ in u.bands[-1:])]))


def values(u: UnitReport, panel: Panel, rows: list[Row], offset: float = 0.0) -> None:
    """Draw value and interval of every unsur over the letter bands."""
    bands(u, panel, least=0.0)
    places = [position + offset for position in range(len(rows))]
    panel.level(
        [(p, r.lower, r.upper) for p, r in zip(places, rows) if r.lower is not None and r.upper is not None],
        style.ACCENT, 1.4,
    )  # fmt: skip
    panel.dots([(row.value, place) for place, row in zip(places, rows)], style.ACCENT, style.ACCENT)
    listed = {e.item for e in lowest(u)}
    for place, row in zip(places, rows):
        panel.canvas.text(u.words.number(row.value), panel.right + 4, panel.y(place), "left", "center",
                          weight=600 if row.item in listed else 400)  # fmt: skip


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
