"""Dots with intervals over the letter bands: one drawing for services and for units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.blocks import style
from pipeline.blocks.canvas import POINT, Canvas, Panel
from pipeline.report.base.figure_text import text_mm

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


#: Room of a name beside its row on a page, and above its row on a telephone.
NAMES_MM, ALONE_MM = 59.0, 80.0


@dataclass(frozen=True)
class Dot:
    """One row of the drawing."""

    name: str
    value: float
    lower: float | None
    upper: float | None
    note: str = ""
    strong: bool = False
    faint: bool = False


def dots(
    u: UnitReport,
    rows: Sequence[Dot],
    width: float = style.TEXT_WIDTH_MM,
    line: float | None = None,
    line_label: str = "",
    row_mm: float = 5.0,
) -> str:
    """Draw rows top to bottom in the given order, as SVG.

    Parameters
    ----------
    u : UnitReport
        For the bands and the way numbers are written.
    rows : sequence of Dot
        A strong row stands out, a faint one is for information only.
    width : float
        On a narrow drawing, for a telephone, a name stands above its row.
    line, line_label
        A dotted upright line, such as the city's mean, and what it is.
    row_mm : float
        Height of a row.
    """
    wide = width > 120
    names, edge = (NAMES_MM + 3, 34.0) if wide else (2.0, 15.0)
    row_mm, lower = (row_mm, 0.0) if wide else (8.0, 0.18)
    top, bottom = 5.0, 9.0 if line_label else 6.0
    body = row_mm * len(rows)
    canvas = Canvas(width, body + top + bottom)
    start, end = reach(u, rows)
    panel = canvas.panel(names, bottom, width - names - edge, body, (start, end), (-0.5, len(rows) - 0.5))
    bands(u, panel)
    if line is not None:
        # On a telephone the line stops between rows, where the names stand.
        parts = [panel.down[::-1]] if wide else [(p + 0.48, p - 0.08) for p in range(len(rows))]
        panel.upright([(line, low, high) for low, high in parts], style.INK, 0.8, dash=1.2)
        canvas.text(line_label, panel.x(line), panel.bottom + 13, "center", "top", size=style.LEAST_PT)
    some = any(row.strong for row in rows)
    for kind in sorted({(row.strong, row.faint) for row in rows}):
        colour = style.ACCENT if kind[0] or not some else style.GREY
        alike = [(place + lower, row) for place, row in enumerate(rows) if (row.strong, row.faint) == kind]
        panel.level(
            [(p, r.lower, r.upper) for p, r in alike if r.lower is not None and r.upper is not None],
            colour, 1.8 if kind[0] else 1.3,
        )  # fmt: skip
        panel.dots([(r.value, p) for p, r in alike], "#ffffff" if kind[1] else colour, colour)
    for position, row in enumerate(rows):
        y, bold = panel.y(position + lower), 600 if row.strong else 400
        if wide:
            canvas.text(row.name, panel.left - 4, y, "right", "center", weight=bold)
        else:
            canvas.text(row.name, panel.left, panel.y(position - 0.26), "left", "center", weight=bold)
        canvas.text(u.words.number(row.value), panel.right + 27, y, "right", "center", weight=bold)
        if wide and row.note:
            canvas.text(row.note, panel.right + 92, y, "right", "center", style.MUTED)
    return canvas.svg()


def reach(u: UnitReport, rows: Sequence[Dot]) -> tuple[float, float]:
    """Where the axis starts and ends: around all intervals, within the scale."""
    low = min(row.lower if row.lower is not None else row.value for row in rows)
    high = max(row.upper if row.upper is not None else row.value for row in rows)
    return max(u.floor, low - 1.5), min(100.5, high + 1.5)


def bands(u: UnitReport, panel: Panel, least: float = 0.04) -> None:
    """Colour the letter bands, name those wider than a share of the axis, and say where they meet."""
    start, end = panel.across
    ticks = []
    for letter, _, lower, upper in u.bands:
        if upper <= start or lower >= end:
            continue
        left, right = max(lower, start), min(upper if upper < 100 else end, end)
        panel.band(left, right, style.band_colours[letter])
        if right - left > (end - start) * least:
            panel.canvas.text(letter, panel.x((left + right) / 2), panel.top - 2, "center", "bottom",
                              style.MUTED, style.LEAST_PT, 600)  # fmt: skip
        if start < lower < end:
            ticks.append(lower)
    digits = 2 if ticks else 0
    clear = panel.left - 60.0
    for tick in ticks or [math.ceil(start), math.floor(min(end, 100.0))]:
        written, x = u.words.number(tick, digits), panel.x(tick)
        half = text_mm(written) * POINT / 2
        x = min(max(x, half + 0.5), panel.canvas.width - half - 0.5)
        if x - half < clear:  # where letters meet close together the first border is told
            continue
        clear = x + half + 3.0
        panel.canvas.text(written, x, panel.bottom + 4.5, "center", "top", style.MUTED, style.LEAST_PT)
