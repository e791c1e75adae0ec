"""All units of a city in one low figure: one stroke a unit from the highest value, its interval, the letters behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, standings
from pipeline.blocks import style
from pipeline.blocks.canvas import POINT, Canvas, Panel
from pipeline.report.base.figure_text import fit
from pipeline.report.city import ranking, titles

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.city import CityReport

#: Up to so many units each has a line with its name; of more than that dots would cover one another.
NAMED, DOTTED = 14, 250
#: Units named at each end.
ENDS = 3
WIDE_MM, NARROW_MM, TALL_MM = style.TEXT_WIDTH_MM, 88.0, 58.0


def ribbon(city: CityReport) -> Any:
    """Return the figure; nothing where fewer than two units can be compared."""
    w, rows = city.words, city.ranked
    if len(rows) < 2:
        return None
    span = ranking.span_of(city, rows)
    few = len(rows) <= NAMED
    wide, narrow = (
        (ranking.draw(city, rows, span), ranking.draw(city, rows, span, narrow=True))
        if few
        else (drawn(city, rows, span, WIDE_MM), drawn(city, rows, span, NARROW_MM))
    )
    return blocks.figure(
        wide, key="units", title=titles.differ(city), narrow=narrow, alt=ranking.alt(city, rows),
        caption=w("brief.units_caption_named" if few else "brief.units_caption", units=w.integer(len(rows))),
        note=" ".join(ranking.unlined(city)),
    )  # fmt: skip


def named_mm(units: int) -> float:
    """Height of the figure where each unit has a line of its own."""
    return ranking.ROW_MM * units + ranking.HEAD_MM + ranking.FOOT_MM


def drawn(city: CityReport, rows: pd.DataFrame, span: tuple[float, float], width: float) -> str:
    """Draw the units side by side."""
    canvas = Canvas(width, TALL_MM)
    low, high = span
    panel = canvas.panel(11, 5, width - 13, TALL_MM - 8, (-0.9, len(rows) - 0.1), (high, low))
    _letters(city, panel, span)
    _city(city, panel, span, len(rows))
    thick = min(1.6, 0.5 * (panel.right - panel.left) / len(rows))
    parted: dict[str, list[tuple[int, standings.Standing]]] = {style.GREY: [], style.ACCENT: []}
    for at, row in enumerate(standings.rows_of(rows)):
        parted[style.ACCENT if row.versus in ("above", "below") else style.GREY].append((at, row))
    for colour, members in parted.items():
        panel.upright([(at, r.upper, r.lower) for at, r in members if r.lower == r.lower], colour, thick)
        if len(rows) <= DOTTED:
            size = min(4.2, 0.7 * (panel.right - panel.left) / len(rows))
            panel.dots([(at, r.ikm) for at, r in members], colour, colour, size)
    if len(rows) > DOTTED:
        panel.line(list(enumerate(rows["ikm"])), style.INK, 1.0)
    _ends(city, panel, rows, width)
    return canvas.svg()


def _letters(city: CityReport, panel: Panel, span: tuple[float, float]) -> None:
    """Fill the bands of the letters, and write each letter and bound at the left edge."""
    canvas = panel.canvas
    if not city.bands:
        panel.band(*panel.across, style.band_colours["other"])
    for letter, _, lower, upper in city.bands:
        bottom, top = max(lower, span[0]), min(upper, span[1])
        if top <= bottom:
            continue
        colour = style.band_colours.get(letter, style.band_colours["other"])
        panel.bars([(*panel.across, top, bottom)], colour)
        if (top - bottom) / (span[1] - span[0]) > 0.16:
            middle = panel.y((top + bottom) / 2)
            canvas.text(letter, panel.left - 4, middle, "right", "center", style.MUTED, weight=600)
        if bottom > span[0]:
            edge = panel.y(bottom)
            canvas.text(
                city.words.number(lower), panel.left - 4, edge, "right", "center", style.MUTED, style.LEAST_PT
            )


def _city(city: CityReport, panel: Panel, span: tuple[float, float], units: int) -> None:
    """Draw the city's own index as a level line with its value."""
    row = city.headline
    if row is None or not span[0] <= row.estimate <= span[1]:
        return
    panel.level([(row.estimate, *panel.across)], style.INK, 0.8)
    said = city.words("overview.mean_label", value=city.words.number(row.estimate))
    panel.canvas.text(said, panel.right - 2, panel.y(row.estimate) - 2, "right", "bottom", style.INK)


def _ends(city: CityReport, panel: Panel, rows: pd.DataFrame, width: float) -> None:
    """Name the units at both ends in the corners that a falling row of strokes leaves free."""
    w, step = city.words, style.FIGURE_PT * 1.25
    room = (0.42 if width >= WIDE_MM else 0.6) * (panel.right - panel.left) / POINT
    top, bottom = list(standings.rows_of(rows.head(ENDS))), list(standings.rows_of(rows.tail(ENDS)))
    for at, row in enumerate(top):
        text = f"{fit(row.name, room - 12)} {w.number(row.ikm)}"
        panel.canvas.text(text, panel.right - 3, panel.top + 3 + at * step, "right", "top")
    for at, row in enumerate(reversed(bottom)):
        text = f"{fit(row.name, room - 12)} {w.number(row.ikm)}"
        panel.canvas.text(text, panel.left + 4, panel.bottom - 3 - at * step, "left", "bottom")
