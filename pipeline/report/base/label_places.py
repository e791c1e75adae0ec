"""Where the labels of points stand so that none covers another, nor a point that is not its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.blocks import style
from pipeline.report.base.figure_text import text_mm

Box = tuple[float, float, float, float]
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
    for label, point, (x, y), (there_x, there_y), weight in zip(
        labels, points, drawn, free, bold, strict=True
    ):
        axes.annotate(
            label, point, (there_x - x, there_y - y), textcoords="offset points", ha="center", va="center",
            weight=weight, bbox=box,
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

    Where every place is covered the first one is taken: a label is never left out.

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
    taken: list[Box] = [*never, *([] if on else [_box(x, y, gap, gap) for x, y in points])]
    found = []
    for (x, y), (wide, high) in zip(points, sizes, strict=True):
        tried = list(_around(x, y, wide, high, gap, on))
        held = [at for at in tried if _holds(within, _box(*at, wide, high))] or tried
        free = (at for at in held if not any(_meet(_box(*at, wide, high), other) for other in taken))
        found.append(next(free, held[0]))
        taken.append(_box(*found[-1], wide, high))
    return found


def _around(
    x: float, y: float, wide: float, high: float, gap: float, on: bool
) -> Iterable[tuple[float, float]]:
    """Places to try: beside and above first, then farther."""
    if on:
        yield x, y
        for step in (1.125, 2.25):
            for side, up in ((0, 1), (0, -1), (1, 0), (-1, 0)):
                yield x + side * step * wide, y + up * step * high
        return
    for far in (1.0, 2.2, 3.4):
        across, above = wide / 2 + far * gap, far * high / 2 + gap
        for side, up in ((1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0)):
            yield x + side * across, y + up * above


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return x - wide / 2, x + wide / 2, y - high / 2, y + high / 2


def _holds(around: Box, one: Box) -> bool:
    return around[0] <= one[0] and one[1] <= around[1] and around[2] <= one[2] and one[3] <= around[3]


def _meet(one: Box, two: Box) -> bool:
    return one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]
