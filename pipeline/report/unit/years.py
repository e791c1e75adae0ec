"""The line of a unit's indices over up to five surveys: broken where it must be, a gap where nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.blocks import style
from pipeline.blocks.canvas import Canvas, Panel
from pipeline.report.base.section import reading
from pipeline.report.data.unit import limit
from pipeline.report.unit.lowest_items import code
from pipeline.standings.years import Break, Line, Point, alt, broken, shown_breaks, words_of
from pipeline.words import page_one

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Letters that fit between two surveys of a wide figure.
ROOM = 28


def now(u: UnitReport) -> Point | None:
    """The unit's point in the present survey."""
    row = u.ikm
    if row is None:
        return None
    return Point(u.survey.name, row.estimate, limit(row.lower), limit(row.upper), u.letter, u.n_valid)


def figure(u: UnitReport) -> Any:
    """Draw the unit's line; nothing where fewer than two surveys know its index."""
    point = now(u)
    if point is None:
        return None
    w, line = u.words, u.years.line(u.unit.id, point)
    if sum(p.value is not None for p in line.points) < 2:
        return None
    return blocks.figure(
        draw(u, line, style.TEXT_WIDTH_MM), key="years", title=title(u),
        caption=w("compare.years.caption"), alt=alt(w, line, code),
        narrow=draw(u, line, 85.0), note=" ".join([w("compare.years.note"), *broken(w, line, code)]),
        reading=reading(w, "compare.years.reading"),
    )  # fmt: skip


def title(u: UnitReport) -> str:
    """What the surveys drawn show of a change: the verdict that the section tells."""
    last = u.years.against(u.unit.id)
    if not last:
        return u.words("pageone.title.years-none")
    return page_one.moved_title(u.words, u.years.change(u.unit.id, last))


def reach(line: Line) -> tuple[float, float]:
    """Lowest and highest value drawn: all intervals, six points at least, within the scale."""
    low = min(p.lower if p.lower is not None else p.value for p in line.points if p.value is not None)
    high = max(p.upper if p.upper is not None else p.value for p in line.points if p.value is not None)
    spare = max(1.0, (6 - (high - low)) / 2)
    return low - spare, min(100.5, high + spare)


def draw(u: UnitReport, line: Line, width: float) -> str:
    """Draw the line as SVG."""
    w, wide, height = u.words, width > 120, 56.0
    low, high = reach(line)
    canvas = Canvas(width, height)
    panel = canvas.panel(11, 8, width - 14, height - 15, (-0.45, len(line.points) - 0.55), (high, low))
    for tick in range(25, 101, 5):
        if low < tick < high:
            panel.level([(tick, *panel.across)], "#e3e6e8", 0.6)
            canvas.text(
                w.integer(tick), panel.left - 5, panel.y(tick), "right", "center", style.MUTED, style.LEAST_PT
            )
    for one in shown_breaks(line):
        _break(u, panel, line, one, wide)
    for run in line.runs:
        panel.line([(line.place(p.survey), p.value or 0.0) for p in run], style.ACCENT, 1.6)
    for place, point in enumerate(line.points):
        _point(u, panel, place, point)
    return canvas.svg()


def _point(u: UnitReport, panel: Panel, place: int, point: Point) -> None:
    """Draw a survey's index with its interval, and name the survey; say where there is nothing."""
    canvas, x, own = panel.canvas, panel.x(place), point.survey == u.survey.name
    canvas.text(point.survey, x, panel.bottom + 4, "center", "top", weight=600 if own else 400)
    if point.value is None:
        canvas.text(
            u.words("compare.years.no_data"),
            x,
            panel.bottom - 5,
            "center",
            "bottom",
            style.MUTED,
            style.LEAST_PT,
        )
        return
    colour, top = style.INK if own else style.ACCENT, point.value
    if point.lower is not None and point.upper is not None:
        top = min(point.upper, panel.down[0])
        panel.upright([(place, point.lower, top)], colour, 1.3)
    panel.dots([(place, point.value)], "#ffffff" if point.printed else colour, colour, 5.2 if own else 4.4)
    canvas.text(u.words.number(point.value), x, panel.y(top) - 4, "center", "bottom", colour, style.LEAST_PT,
                600 if own else 400, rim=True)  # fmt: skip


def _break(u: UnitReport, panel: Panel, line: Line, one: Break, wide: bool) -> None:
    """Draw an upright dashed line between two surveys, with what changed above it."""
    at = (line.place(one.before) + line.place(one.after)) / 2
    panel.upright([(at, panel.down[1], panel.down[0])], style.MUTED, 0.8, dash=2.0)
    said = words_of(u.words, one, code) if wide else ""
    if len(said) > ROOM:
        said = u.words("compare.years.several")
    if said:
        panel.canvas.text(said, panel.x(at), panel.top - 3, "center", "bottom", style.MUTED, style.LEAST_PT)
