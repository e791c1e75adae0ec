"""Dots with intervals over the letter bands: one drawing for services and for units."""

from __future__ import annotations

import math
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


def beside(axes: Any, x: float, y: float, text: str, shift: tuple[float, float], **look: Any) -> None:
    """Write text at a fraction ``x`` of the width and the row ``y``, shifted by points."""
    _write(axes, axes.get_yaxis_transform(), x, y, text, shift, look)


def over(axes: Any, x: float, y: float, text: str, shift: tuple[float, float], **look: Any) -> None:
    """Write text at the value ``x`` and a fraction ``y`` of the height, shifted by points."""
    _write(axes, axes.get_xaxis_transform(), x, y, text, shift, look)


def _write(
    axes: Any, where: Any, x: float, y: float, text: str, shift: tuple[float, float], look: Any
) -> None:
    from matplotlib.transforms import ScaledTranslation

    # A plain text with a shifted transform costs a third of an annotation.
    move = ScaledTranslation(shift[0] / 72, shift[1] / 72, axes.figure.dpi_scale_trans)
    axes.text(x, y, text, transform=where + move, **look)


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
        over(axes, line, 0, line_label, (0, -13), ha="center", va="top", fontsize=6.4)
    some = any(row.strong for row in rows)
    for kind in sorted({(row.strong, row.faint) for row in rows}):
        colour = style.ACCENT if kind[0] or not some else style.GREY
        alike = [(place, row) for place, row in enumerate(rows) if (row.strong, row.faint) == kind]
        known = [(p, max(start, r.lower), r.upper) for p, r in alike if r.lower is not None]
        if known:
            axes.hlines(*zip(*known), color=colour, linewidth=1.8 if kind[0] else 1.3)
        axes.plot([r.value for _, r in alike], [p for p, _ in alike], "o", color=colour,
                  markerfacecolor="white" if kind[1] else colour, markersize=4.4)  # fmt: skip
    for position, row in enumerate(rows):
        bold = 600 if row.strong else 400
        right: dict[str, Any] = {"ha": "right", "va": "center"}
        beside(axes, 0, position, row.name, (-4, 0), fontweight=bold, **right)
        beside(axes, 1, position, u.words.number(row.value), (27, 0), fontweight=bold, **right)
        if wide and row.note:
            beside(axes, 1, position, row.note, (92, 0), color=style.MUTED, **right)
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
            over(axes, (left + right) / 2, 1, letter, (0, 2), ha="center", va="bottom", color=style.MUTED,
                 fontsize=6.6, fontweight=600)  # fmt: skip
        if start < lower < end:
            ticks.append(lower)
    digits = 2 if ticks else 0
    ticks = ticks or [math.ceil(start), math.floor(min(end, 100.0))]
    axes.set_xticks(ticks, [u.words.number(t, digits) for t in ticks], fontsize=6)
    axes.set_yticks([])
    style.bare(axes)
    axes.tick_params(axis="x", pad=2)
    return start
