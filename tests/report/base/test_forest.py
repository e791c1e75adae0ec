"""Estimates with intervals: one drawing, whatever figure it stands in."""

from __future__ import annotations

import re

from pipeline import blocks
from pipeline.report.base.forest import Estimate, forest

NAN = float("nan")


def drawn(*rows: Estimate) -> str:
    fig = blocks.style.figure(80, 40)
    axes = blocks.style.axes_mm(fig, 5, 5, 70, 30)
    forest(axes, rows)
    return str(blocks.figure(fig, key="k", caption="c", alt="a").svg)


def test_an_estimate_without_limits_has_a_mark_and_no_interval():
    bounded, alone = Estimate(0, 80, 78, 82, "#0f6b78"), Estimate(1, 85, NAN, NAN, "#a4502a")
    both, first = drawn(bounded, alone), drawn(bounded)
    assert "#a4502a" not in first
    assert "stroke:#a4502a" not in both
    assert both.count("stroke:#0f6b78") == first.count("stroke:#0f6b78") == 1
    assert "fill:#a4502a" in both


def test_a_hollow_mark_is_white_with_an_edge_of_its_colour_and_a_square_has_no_curve():
    svg = drawn(
        Estimate(0, 80, NAN, NAN, "#0f6b78", hollow=True), Estimate(1, 81, NAN, NAN, "#a4502a", mark="s")
    )
    assert re.search(r"fill:#ffffff;stroke:#0f6b78;stroke-width:0\.9", svg)
    assert re.search(r'd="M[^C"]*z"[^>]*fill:#a4502a', svg)


def test_the_same_rows_give_the_same_bytes():
    rows = [Estimate(place, 80 + place, 79, 81 + place, "#0f6b78") for place in range(5)]
    assert drawn(*rows) == drawn(*rows)
