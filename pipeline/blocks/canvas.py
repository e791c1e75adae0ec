"""Small drawings of rectangles, lines, dots and words, written as SVG without a plotting library.

A unit's report draws six of them, once a unit. Matplotlib makes axes, ticks, scales and text layout for each,
which cost half of a report's time; nothing of that is used where the places are known in millimetres. Texts
stand where matplotlib would put them, which a test holds against matplotlib itself.

Examples
--------
>>> canvas = Canvas(40, 20)
>>> panel = canvas.panel(left=10, bottom=5, width=20, height=10, across=(0, 1), down=(0, 2))
>>> panel.bars([(0.0, 0.5, 0.0, 1.0)], "#0f6b78")
>>> canvas.text("a < b", panel.right, panel.y(1), size=6.0)
>>> canvas.marks[0]
'<path d="M28.35 14.17H56.69V28.35H28.35z" style="fill:#0f6b78"/>'
>>> canvas.marks[1]
'<text x="85.04" y="28.35" style="font-size:6px;fill:#1d2b36">a &lt; b</text>'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from pipeline.blocks import style
from pipeline.blocks.errors import BlockError

#: Points of a millimetre.
POINT = 72 / 25.4
#: Height above and depth below the baseline that the bundled Inter declares, per point of size.
ASCENT, DESCENT = 1984 / 2048, 494 / 2048
#: Where a text's baseline lies below its place, per point of size.
_BASELINE = {"baseline": 0.0, "center": (ASCENT - DESCENT) / 2, "bottom": -DESCENT, "top": ASCENT}
_ANCHOR = {"left": "", "center": "text-anchor:middle;", "right": "text-anchor:end;"}

Limits = tuple[float, float]


def _n(value: float) -> str:
    """Write a coordinate with two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Canvas:
    """A drawing of a printed size; panels are placed on it from the lower left corner.

    Parameters
    ----------
    width, height : float
        Printed size in millimetres; 170 fills the text width of a page, 90 suits a telephone.

    Raises
    ------
    BlockError
        When the drawing fits no page.
    """

    def __init__(self, width: float, height: float) -> None:
        if not (10 <= width <= 400 and 5 <= height <= 400):
            raise BlockError(f"a figure of {width:g} x {height:g} mm does not fit a page")
        self.width, self.height = width * POINT, height * POINT
        self.marks: list[str] = []

    def panel(
        self, left: float, bottom: float, width: float, height: float, across: Limits, down: Limits
    ) -> Panel:
        """Add a panel at this place (mm) whose values run over ``across``, and ``down`` from its top."""
        x, y = left * POINT, self.height - (bottom + height) * POINT
        return Panel(self, x, x + width * POINT, y, y + height * POINT, across, down)

    def text(
        self, text: str, x: float, y: float, ha: str = "left", va: str = "baseline",
        colour: str = style.INK, size: float = style.FIGURE_PT, weight: int = 400, rim: bool = False,
    ) -> None:  # fmt: skip
        """Write a line of text at a place in points; ``ha`` and ``va`` say which of its points stands there.

        A rim in the colour of paper keeps letters apart from a line that passes behind them.
        """
        look = "" if weight == 400 else f"font-weight:{weight};"
        look += "paint-order:stroke;stroke:#fff;stroke-width:2px;" if rim else ""
        look += "" if size == style.FIGURE_PT else f"font-size:{size:g}px;"
        self.marks.append(
            f'<text x="{_n(x)}" y="{_n(y + _BASELINE[va] * size)}"'
            f' style="{look}{_ANCHOR[ha]}fill:{colour}">{escape(" ".join(text.splitlines()), quote=False)}</text>'
        )

    def svg(self) -> str:
        """Return the drawing."""
        wide, high = _n(self.width), _n(self.height)
        head = f'<svg width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
        return f'{head} xmlns="http://www.w3.org/2000/svg" version="1.1">{"".join(self.marks)}</svg>'


@dataclass(frozen=True)
class Panel:
    """A part of a canvas with a scale of its own; what would stand over its edges ends there."""

    canvas: Canvas
    left: float
    right: float
    top: float
    bottom: float
    across: Limits
    down: Limits

    def x(self, value: float) -> float:
        """Place of a value across, in points from the left of the canvas."""
        start, end = self.across
        return self.left + (value - start) / (end - start) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Place of a value down, in points from the top of the canvas."""
        start, end = self.down
        return self.top + (value - start) / (end - start) * (self.bottom - self.top)

    def _x(self, value: float) -> float:
        return min(max(self.x(value), self.left), self.right)

    def _y(self, value: float) -> float:
        return min(max(self.y(value), self.top), self.bottom)

    def bars(self, boxes: Iterable[tuple[float, float, float, float]], fill: str, gap: float = 0.0) -> None:
        """Fill boxes ``(left, right, top, bottom)`` in one colour, ``gap`` points smaller on every side."""
        drawn = []
        for left, right, top, bottom in boxes:
            x0, x1 = _n(self._x(left) + gap), _n(self._x(right) - gap)
            y0, y1 = _n(self._y(top) + gap), _n(self._y(bottom) - gap)
            if x0 != x1 and y0 != y1:
                drawn.append(f"M{x0} {y0}H{x1}V{y1}H{x0}z")
        self._path(drawn, f"fill:{fill}")

    def band(self, left: float, right: float, fill: str) -> None:
        """Fill the panel's whole height between two values across."""
        self.bars([(left, right, *self.down)], fill)

    def level(self, lines: Iterable[tuple[float, float, float]], colour: str, width: float) -> None:
        """Draw level lines ``(y, from, to)``."""
        drawn = [f"M{_n(self._x(start))} {_n(self._y(y))}H{_n(self._x(end))}" for y, start, end in lines]
        self._path(drawn, f"fill:none;stroke:{colour};stroke-width:{width:g}")

    def upright(
        self, lines: Iterable[tuple[float, float, float]], colour: str, width: float, dash: float = 0.0
    ) -> None:
        """Draw upright lines ``(x, from, to)``, dashed with strokes and gaps of this many points if any."""
        drawn = [f"M{_n(self._x(x))} {_n(self._y(start))}V{_n(self._y(end))}" for x, start, end in lines]
        dashes = f";stroke-dasharray:{dash:g},{dash:g}" if dash else ""
        self._path(drawn, f"fill:none;stroke:{colour};stroke-width:{width:g}{dashes}")

    def line(self, places: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        """Draw a line through places ``(x, y)``; one place alone draws nothing."""
        drawn = "L".join(f"{_n(self._x(x))} {_n(self._y(y))}" for x, y in places)
        if len(places) > 1:
            self._path([f"M{drawn}"], f"fill:none;stroke:{colour};stroke-width:{width:g}")

    def dots(self, places: Iterable[tuple[float, float]], fill: str, edge: str, size: float = 4.4) -> None:
        """Draw dots of this diameter in points at ``(x, y)``, each with a rim of one point."""
        for x, y in places:
            self.canvas.marks.append(
                f'<circle cx="{_n(self._x(x))}" cy="{_n(self._y(y))}" r="{size / 2:g}"'
                f' style="fill:{fill};stroke:{edge}"/>'
            )

    def _path(self, drawn: Sequence[str], look: str) -> None:
        if drawn:
            self.canvas.marks.append(f'<path d="{"".join(drawn)}" style="{look}"/>')


def ramp(colours: Sequence[str], share: float) -> str:
    """Colour at a share of the way through colours, in 256 steps as a map of colours has them.

    Examples
    --------
    >>> ramp(["#000000", "#ffffff"], 0.5), ramp(["#000000", "#ffffff"], 1.0)
    ('#808080', '#ffffff')
    """
    place = min(max(int(share * 256), 0), 255) / 255 * (len(colours) - 1)
    at = min(int(place), len(colours) - 2)
    pairs = ((int(colours[at][i : i + 2], 16), int(colours[at + 1][i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * (place - at)):02x}" for low, high in pairs)
