"""Estimates with intervals of several rows: one drawing for ranking, target, groups and loadings.

seaborn draws the estimates. The intervals were computed elsewhere; seaborn's own are of raw answers, and its
`objects` interface, which takes given limits, is half as dear again for twice the bytes (90 ms and 29 kB
against 54 ms and 13 kB for 48 units): the intervals are one collection of level lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: A filled mark is larger by the edge that matplotlib gives a mark of a line.
EDGE = 1.0


@dataclass(frozen=True)
class Estimate:
    """One estimate: where its row stands, its value, its limits, its look.

    Attributes
    ----------
    place : float
        Of its row, down.
    value, lower, upper : float
        NaN limits where there is no interval.
    colour : str
    hollow : bool
        White inside, drawn over the filled ones.
    mark : str
        ``o`` or ``s``.
    """

    place: float
    value: float
    lower: float
    upper: float
    colour: str
    hollow: bool = False
    mark: str = "o"


def forest(axes: Any, rows: Sequence[Estimate], size: float = 4.2, thick: float = 1.4) -> None:
    """Draw intervals, then estimates over them; looks of rows are their own."""
    import seaborn  # late: a second of loading that pages without figures do not need

    bounded = [row for row in rows if row.lower == row.lower and row.upper == row.upper]
    if bounded:
        axes.hlines(
            [row.place for row in bounded], [row.lower for row in bounded], [row.upper for row in bounded],
            colors=[row.colour for row in bounded], lw=thick, capstyle="butt",
        )  # fmt: skip
    for hollow, mark in sorted({(row.hollow, row.mark) for row in rows}):
        alike = [row for row in rows if (row.hollow, row.mark) == (hollow, mark)]
        colours = [row.colour for row in alike]
        seaborn.scatterplot(
            x=[row.value for row in alike], y=[row.place for row in alike], marker=mark, ax=axes,
            s=(size if hollow else size + EDGE) ** 2,
            color="white" if hollow else None, hue=None if hollow else colours,
            palette=None if hollow else {colour: colour for colour in colours}, legend=False,
            edgecolor=colours if hollow else "none", linewidth=0.9 if hollow else 0.0, zorder=3 if hollow else 2.5,
        )  # fmt: skip
    axes.set(xlabel="", ylabel="")


def beside(axes: Any, place: float, name: str, value: str, weight: int = 400) -> None:
    """Write a row's name to its left and its value to its right."""
    across = axes.get_yaxis_transform()
    if name:
        axes.text(-0.015, place, name, ha="right", va="center", transform=across)
    axes.text(1.02, place, value, ha="left", va="center", transform=across, weight=weight)


def heading(axes: Any, place: float, text: str, names_mm: float, wide_mm: float) -> None:
    """Write the heading of a group of rows above their names; ``wide_mm`` is the width of the axes."""
    axes.text(-names_mm / wide_mm, place, text, weight=600, va="center", transform=axes.get_yaxis_transform())
