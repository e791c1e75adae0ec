"""Which pairs of units separate: every pair as a cell, units ordered by mean; never a bare rank.

The cells are drawn by matplotlib: `seaborn.heatmap` writes a path for each, 368 kB against 33 for 48 units.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit_apart
from pipeline.report.city import titles
from pipeline.report.data.city import CityReport, absent, known, say

#: Units that fit a figure whose names can still be read.
MOST_UNITS = 60
#: More of them on a telephone are shown by the drawing for a page, which scrolls.
MOST_NARROW = 20
#: A row that holds a name of the smallest size.
ROW_MM = 2.7


def pairs(city: CityReport) -> Any:
    """Return how many pairs separate and the matrix of differences."""
    w = city.words
    row = city.first("verdicts", scope="city", statistic="pairs_separated", group="")
    able = city.first("verdicts", scope="city", statistic="rankable", group="")
    if row is None or not known(row.denominator) or not row.denominator:
        return absent(city, "compare.pairs_none")
    made: list[Any] = [
        say(w, "compare.pairs_lead", apart=w.integer(row.numerator), pairs=w.integer(row.denominator)),
    ]
    if able is not None and able.text:
        made.append(say(w, f"compare.rankable_{able.text}", share=w.percent(able.estimate)))
    matrix = differences(city)
    if matrix is None:
        made.append(say(w, "compare.pairs_many", most=w.integer(MOST_UNITS)))
        return blocks.group(*made)
    units, difference, apart = matrix
    made.append(
        blocks.figure(
            draw(city, units, difference, apart), key="pairs", caption=w("compare.pairs_caption"),
            title=titles.pairs(city, row.numerator, row.denominator),
            alt=alt(city, units, difference, apart), note=w("compare.pairs_note"),
            narrow=draw(city, units, difference, apart, narrow=True) if len(units) <= MOST_NARROW else None,
            reading=[(w(f"overview.reading.{part}"), w(f"compare.pairs_reading.{part}"))
                     for part in ("shown", "good", "attention", "do")],
        )
    )  # fmt: skip
    return blocks.group(*made)


def differences(city: CityReport) -> tuple[list[str], np.ndarray, np.ndarray] | None:
    """Units by mean, the difference of every pair, and whether its simultaneous interval leaves out 0.

    Pairs are tested within types and, where there are few units, in the whole city; a pair not tested
    stays empty.
    """
    units = list(city.ranked["unit"])
    if len(units) > MOST_UNITS or len(units) < 3:
        return None
    rows = results.pick(city.table("comparison"), scope="pair", statistic="games_howell")
    rows = rows[rows["unit"].isin(units) & rows["other"].isin(units)]
    wide = rows[rows["group"] == ""]
    rows = wide if len(wide) else rows
    if not len(rows):
        return None
    place = {unit: at for at, unit in enumerate(units)}
    difference = np.full((len(units),) * 2, np.nan)
    apart = np.zeros((len(units),) * 2, dtype=bool)
    for row in results.rows_of(rows):
        a, b = place[row.unit], place[row.other]
        difference[a, b], difference[b, a] = row.estimate, -row.estimate
        apart[a, b] = apart[b, a] = bool(row.lower > 0 or row.upper < 0)
    return units, difference, apart


def draw(
    city: CityReport, units: list[str], difference: np.ndarray, apart: np.ndarray, narrow: bool = False
) -> Any:
    """Draw a cell per pair: dark where the pair separates, light where no difference is shown.

    Cells are squares until the names beside them would be too small to read: then they are higher than wide.
    """
    from matplotlib.collections import PolyCollection

    style, w = blocks.style, city.words
    width, names = (85.0, 30.0) if narrow else (style.TEXT_WIDTH_MM, 56.0)
    side = width - names - 4
    size = len(units)
    high = max(side, ROW_MM * size)
    fig = style.figure(width, high + 14)
    axes = style.axes_mm(fig, names, 12, side, high)
    style.bare(axes)
    for shown, colour in ((False, style.band_colours["other"]), (True, style.INK)):
        axes.add_collection(PolyCollection(_runs(difference, apart, shown), facecolors=colour, linewidths=0))
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    for at in range(size):
        axes.axhline(at + 0.5, color="white", lw=0.35)
        axes.axvline(at + 0.5, color="white", lw=0.35)
    small = max(style.LEAST_PT, min(style.FIGURE_PT, high / size * 2.2))
    axes.set_yticks(range(size), fit_apart([city.names.get(u, u) for u in units], names - 3), fontsize=small)
    axes.set_xticks([])
    axes.tick_params(axis="y", left=False, pad=2)
    legend = w("compare.pairs_legend").replace(" · ", "\n" if narrow else " · ")
    axes.text(0.98, 0.98, legend, transform=axes.transAxes, ha="right", va="top")
    axes.set_xlabel(w("compare.pairs_x"))
    return fig


def _runs(difference: np.ndarray, apart: np.ndarray, shown: bool) -> list[list[tuple[float, float]]]:
    """Rectangles of neighbouring pairs with one verdict, row by row below the diagonal."""
    found = []
    for a in range(len(apart)):
        hit = np.isfinite(difference[a, :a]) & (apart[a, :a] == shown)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], hit, [False]]).astype(int)))
        for left, right in zip(edges[::2] - 0.5, edges[1::2] - 0.5):
            found.append([(left, a - 0.5), (right, a - 0.5), (right, a + 0.5), (left, a + 0.5)])
    return found


def alt(city: CityReport, units: list[str], difference: np.ndarray, apart: np.ndarray) -> str:
    """Say how many of the tested pairs separate and which unit separates from most others."""
    w = city.words
    tested = np.isfinite(difference)
    most = int(np.argmax(apart.sum(axis=1)))
    return w(
        "compare.pairs_alt", units=w.integer(len(units)), pairs=w.integer(int(tested.sum() // 2)),
        apart=w.integer(int(apart.sum() // 2)), name=city.names.get(units[most], units[most]),
        most=w.integer(int(apart[most].sum())),
    )  # fmt: skip
