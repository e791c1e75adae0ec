"""Where the labels of points stand so that none covers another, nor a point that is not its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.blocks import style
from pipeline.report.base.figure_text import text_mm

Box = tuple[float, float, float, float]
#: On which sides of a point a label is tried: its corners, left and right, above and below, and between.
SIDES = (
    (1.0, 1), (-1.0, 1), (1.0, -1), (-1.0, -1), (1.0, 0), (-1.0, 0),
    (0.0, 1), (0.0, -1), (0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1),
)  # fmt: skip
#: How far, in gaps: every place but the first has a line to its point.
FAR = (1.0, 2.2, 3.4, 4.6, 5.8, 7.0, 8.2, 9.4, 11.8, 14.2, 16.6)
#: Rounds of choosing places, until every label has found one.
MOST_ROUNDS = 8
#: Nothing bounds the labels.
ANYWHERE: Box = (-math.inf, math.inf, -math.inf, math.inf)


def in_points(axes: Any, points: Any) -> Any:
    """Where points of the data stand in the drawing, in points, which is how large its letters are."""
    axes.autoscale_view()  # the limits are known before the places are
    return axes.transData.transform(points) * 72 / axes.figure.dpi


def write_labels(
    axes: Any,
    labels: Sequence[str],
    points: Sequence[tuple[float, float]],
    gap: float,
    *,
    on: bool = False,
    never: Iterable[Box] = (),
    within: Box = ANYWHERE,
    weights: Sequence[int] = (),
    box: Any = None,
) -> None:
    """Write a label for each point of a drawing where `free_places` finds one, all in points of the drawing.

    A label that found no place at its point is tied to it by a thin line.

    Parameters
    ----------
    axes : Axes
        Everything else is drawn: the limits do not move any more.
    labels, points : sequence
        What is written, and of which point of the data.
    gap, on, never, within
        As in `free_places`.
    weights : sequence of int
        How bold each label is; all alike where not given.
    box : mapping
        Ground under a label, as matplotlib's ``bbox``.
    """
    drawn = [(x, y) for x, y in in_points(axes, points).tolist()]
    sizes = [(text_mm(label) * 72 / 25.4 + 1.5, style.FIGURE_PT * 1.1) for label in labels]
    free = free_places(drawn, sizes, gap, on=on, never=never, within=within)
    bold: Sequence[int | None] = weights or [None] * len(labels)
    for label, point, at, size, there, weight in zip(labels, points, drawn, sizes, free, bold, strict=True):
        thread = {"arrowstyle": "-", "color": style.MUTED, "lw": 0.5, "shrinkA": 0, "shrinkB": gap / 2}
        axes.annotate(
            label, point, (there[0] - at[0], there[1] - at[1]), textcoords="offset points", ha="center",
            va="center", weight=weight, bbox=box,
            arrowprops=thread if not on and _away(at, there, size, gap) else None,
        )  # fmt: skip


def free_places(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    gap: float,
    *,
    on: bool = False,
    never: Iterable[Box] = (),
    within: Box = ANYWHERE,
) -> list[tuple[float, float]]:
    """Middle of each label, in the order given: the first place beside its point that nothing covers yet.

    A label that finds every place covered is the first to choose in another round; where that does not help
    either it takes its first place: a label is never left out.

    Parameters
    ----------
    points, sizes : sequence of (across, up)
        Points and their labels' sizes, all in one unit, such as millimetres.
    gap : float
        Between a point and its label; points are as large.
    on : bool
        The label itself is the mark: it stands on its point where it can.
    never : iterable of (left, right, low, high)
        Where other words stand.
    within : (left, right, low, high)
        The drawing, which no label leaves.

    Examples
    --------
    >>> free_places([(0, 0), (0, 0.5)], [(4, 2), (4, 2)], 1.0, on=True)
    [(0, 0), (0.0, 2.75)]
    >>> free_places([(0, 0), (3, 2)], [(4, 2), (4, 2)], 1.0)
    [(-3.0, 2.0), (6.0, 4.0)]
    """
    barred = [*never, *([] if on else [_box(x, y, gap, gap) for x, y in points])]
    order, best, least = list(range(len(points))), {}, len(points) + 1
    for _ in range(MOST_ROUNDS):
        found, stuck = _in_turn(order, points, sizes, gap, on, barred, within)
        if len(stuck) < least:
            best, least = found, len(stuck)
        if not stuck or order[: len(stuck)] == stuck:
            break
        order = [*stuck, *(one for one in order if one not in stuck)]
    return [best[one] for one in range(len(points))]


def _in_turn(
    order: Sequence[int],
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    gap: float,
    on: bool,
    barred: Sequence[Box],
    within: Box,
) -> tuple[dict[int, tuple[float, float]], list[int]]:
    """Places of labels, one after another in this order, and the labels that found all places covered."""
    taken, found, stuck = list(barred), {}, []
    for one in order:
        (x, y), (wide, high) = points[one], sizes[one]
        tried = list(_around(x, y, wide, high, gap, on))
        held = [at for at in tried if _holds(within, _box(*at, wide, high))] or tried
        others = taken if on else [box for box in taken if box != _box(x, y, gap, gap)]
        free = (
            at
            for at in held
            if not any(
                _meet(box, other) for box in _taken(at, (x, y), (wide, high), gap, on) for other in others
            )
        )
        place = next(free, None)
        if place is None:
            stuck.append(one)
        found[one] = held[0] if place is None else place
        taken += _taken(found[one], (x, y), (wide, high), gap, on)
    return found, stuck


def _away(
    point: tuple[float, float], middle: tuple[float, float], size: tuple[float, float], gap: float
) -> bool:
    """Whether a label does not stand at its point: its nearest edge is farther off than the gap, across or up."""
    edge = max(abs(middle[0] - point[0]) - size[0] / 2, abs(middle[1] - point[1]) - size[1] / 2)
    return edge > 1.5 * gap


def _taken(
    middle: tuple[float, float], point: tuple[float, float], size: tuple[float, float], gap: float, on: bool
) -> list[Box]:
    """What a label takes up, with small pieces of the line to a point that it does not stand at."""
    label = _box(*middle, *size)
    if on or not _away(point, middle, size, gap):
        return [label]
    steps = (1 / 8, 2 / 8, 3 / 8, 4 / 8, 5 / 8, 6 / 8, 7 / 8)
    ways = [(point[0] + s * (middle[0] - point[0]), point[1] + s * (middle[1] - point[1])) for s in steps]
    return [label, *(_box(*at, gap / 4, gap / 4) for at in ways)]


def _around(
    x: float, y: float, wide: float, high: float, gap: float, on: bool
) -> Iterable[tuple[float, float]]:
    """Places to try: beside and above first, then farther."""
    if on:
        yield x, y
        for step in (1.125, 2.25):
            for side, up in ((0.0, 1), (0.0, -1), (1.0, 0), (-1.0, 0)):
                yield x + side * step * wide, y + up * step * high
        return
    for far in FAR:
        across, above = wide / 2 + far * gap, far * high / 2 + gap
        for side, up in SIDES:
            yield x + side * across, y + up * above


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return x - wide / 2, x + wide / 2, y - high / 2, y + high / 2


def _holds(around: Box, one: Box) -> bool:
    return around[0] <= one[0] and one[1] <= around[1] and around[2] <= one[2] and one[3] <= around[3]


def _meet(one: Box, two: Box) -> bool:
    return one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]
