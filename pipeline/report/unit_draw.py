"""Dots with intervals over the letter bands: one drawing for services and for units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.blocks import style

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport


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
    names: float = 62,
    line: float | None = None,
    line_label: str = "",
    row_mm: float = 5.0,
) -> Any:
    """Draw rows top to bottom in the given order.

    Parameters
    ----------
    u : UnitReport
        For the bands and the way numbers are written.
    rows : sequence of Dot
        A strong row stands out, a faint one is for information only.
    line, line_label
        A dotted upright line, such as the city's mean, and what it is.
    """
    wide = width > 120
    edge = 34.0 if wide else 15.0
    top, bottom = 5.0, 9.0 if line_label else 6.0
    body = row_mm * len(rows)
    fig = style.figure(width, body + top + bottom)
    axes = style.axes_mm(fig, names, bottom, width - names - edge, body)
    start = backdrop(u, axes, rows)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    if line is not None:
        axes.axvline(line, color=style.INK, linewidth=0.8, linestyle=(0, (1.5, 1.5)))
        axes.annotate(line_label, (line, 0), (0, -13), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha="center", va="top", fontsize=6.4)  # fmt: skip
    for position, row in enumerate(rows):
        colour = style.ACCENT if row.strong or not any(r.strong for r in rows) else style.GREY
        face = "white" if row.faint else colour
        if row.lower is not None and row.upper is not None:
            axes.plot([max(start, row.lower), row.upper], [position, position], color=colour,
                      linewidth=1.8 if row.strong else 1.3, solid_capstyle="butt")  # fmt: skip
        axes.plot([row.value], [position], "o", color=colour, markerfacecolor=face, markersize=4.4)
        bold = 600 if row.strong else 400
        axes.annotate(row.name, (0, position), (-4, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", ha="right", va="center", fontweight=bold)  # fmt: skip
        axes.annotate(u.words.number(row.value), (1, position), (26 if wide else 28, 0),
                      xycoords=("axes fraction", "data"), textcoords="offset points", ha="right",
                      va="center", fontweight=bold)  # fmt: skip
        if wide and row.note:
            axes.annotate(row.note, (1, position), (92, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", ha="right", va="center", color=style.MUTED)  # fmt: skip
    return fig


def backdrop(u: UnitReport, axes: Any, rows: Sequence[Dot]) -> float:
    """Colour the letter bands, set the axis, and return where it starts."""
    low = min(row.lower if row.lower is not None else row.value for row in rows)
    high = max(row.upper if row.upper is not None else row.value for row in rows)
    start = max(u.factor * u.scale[0], low - 1.5)
    end = min(100.5, high + 1.5)
    axes.set_xlim(start, end)
    ticks = []
    for letter, _, lower, upper in u.bands:
        if upper <= start or lower >= end:
            continue
        left, right = max(lower, start), min(upper if upper < 100 else end, end)
        axes.axvspan(left, right, color=style.band_colours[letter], lw=0)
        if right - left > (end - start) * 0.04:
            axes.annotate(letter, ((left + right) / 2, 1), (0, 2), xycoords=("data", "axes fraction"),
                          textcoords="offset points", ha="center", va="bottom", color=style.MUTED,
                          fontsize=6.6, fontweight=600)  # fmt: skip
        if start < lower < end:
            ticks.append(lower)
    if len(ticks) < 1:
        ticks = [round(start + (end - start) * part, 0) for part in (0.1, 0.9)]
    axes.set_xticks(ticks, [u.words.number(t) for t in ticks], fontsize=6)
    axes.set_yticks([])
    style.bare(axes)
    axes.tick_params(axis="x", pad=2)
    return start
