"""Names of points: none over another, none far from its point without a line that ties it."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.text import Text

from pipeline import blocks
from pipeline.report.base.figure_text import text_mm
from pipeline.report.base.label_places import free_places, in_points, write_labels

#: Few answers in all, so that the points stand in one corner.
CROWDED = [(331, 40), (221, 39), (308, 5), (320, 42), (291, 10), (300, 2), (305, 18), (312, 24)]
NAMES = [
    "puskesmas-mawar", "kelurahan-pena", "kelurahan-sapu", "dinas-kesehatan", "kelurahan-sepatu",
    "kelurahan-topi", "kelurahan-tas", "kecamatan-tas",
]  # fmt: skip


def crowded():
    """Points of a corner in a drawing that has room around them."""
    fig = blocks.style.figure(140, 77)
    axes = blocks.style.axes_mm(fig, 16, 12, 120, 62)
    axes.scatter(*zip(*CROWDED, strict=True))
    axes.plot([0, 331], [0, 331])
    axes.margins(x=0.25, y=0.12)
    return axes


def overlap(one, two) -> bool:
    return bool(one.x0 < two.x1 and two.x0 < one.x1 and one.y0 < two.y1 and two.y0 < one.y1)


def test_no_name_of_a_crowded_corner_stands_over_another_or_over_a_point():
    axes = crowded()
    write_labels(axes, NAMES, CROWDED, 5.0)
    axes.figure.canvas.draw()
    words = [Text.get_window_extent(text) for text in axes.texts]
    assert not any(overlap(one, two) for one, two in itertools.combinations(words, 2))
    points = axes.transData.transform(CROWDED)
    assert not any(box.contains(x, y) for box in words for x, y in points)


def test_a_name_is_tied_by_a_line_to_a_point_that_it_does_not_stand_beside_and_only_then():
    axes = crowded()
    write_labels(axes, NAMES, CROWDED, 5.0)
    axes.figure.canvas.draw()
    far = []
    for text, (x, y) in zip(axes.texts, in_points(axes, CROWDED), strict=True):
        box = Text.get_window_extent(text)  # an annotation's own has its line in it
        scale = 72 / axes.figure.dpi
        away = max(box.x0 * scale - x, x - box.x1 * scale, box.y0 * scale - y, y - box.y1 * scale)
        assert (text.arrow_patch is not None) == (away > 8.5), text.get_text()
        far.append(away > 8.5)
    assert any(far)
    assert not all(far)


@pytest.mark.parametrize("on", [True, False])
def test_names_of_points_with_room_about_them_stay_at_their_points(on: bool):
    points = [(0.0, 0.0), (300.0, 100.0), (150.0, 300.0)]
    sizes = [(text_mm(name), 8.0) for name in NAMES[:3]]
    for (x, y), (there_x, there_y), (wide, high) in zip(
        points, free_places(points, sizes, 5.0, on=on), sizes, strict=True
    ):
        assert abs(there_x - x) <= wide / 2 + 5.01
        assert abs(there_y - y) <= high / 2 + 5.01
