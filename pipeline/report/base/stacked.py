"""Bars of counts in parts, one row each: units by letter and certainty, units by type and target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.figure_text import fit

if TYPE_CHECKING:
    from pipeline.words import Words

ROW_MM, HEAD_MM = 7.0, 8.0
#: A part narrower than this holds no number that can be read.
LEAST_MM = 3.4


def stacked(
    w: Words,
    rows: Sequence[tuple[str, Sequence[int]]],
    parts: Sequence[tuple[str, str]],
    *,
    shares: bool = False,
    narrow: bool = False,
) -> Any:
    """Draw a bar a row, its parts in order with their numbers, and above them what each part is.

    Parameters
    ----------
    w : Words
    rows : sequence of (name, counts)
        From the top; one count a part.
    parts : sequence of (label, colour)
    shares : bool
        Every bar is as long as another, and its name says of how many; otherwise bars are as long as their sums.
    narrow : bool
        For a telephone.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import seaborn  # late: a second of loading that pages without figures do not need
    from matplotlib.patches import Patch

    style = blocks.style
    width, names = (85.0, 30.0) if narrow else (style.TEXT_WIDTH_MM, 44.0)
    columns = 1 if narrow else len(parts)
    head = HEAD_MM + (4.0 * (len(parts) - 1) if narrow else 0.0)
    wide, height = width - names - 2, ROW_MM * len(rows)
    fig = style.figure(width, height + head + 1)
    axes = style.axes_mm(fig, names, 1, wide, height)
    style.bare(axes)
    sums = [sum(counts) for _, counts in rows]
    whole = [max(total, 1) if shares else max([*sums, 1]) for total in sums]
    cells = [
        (at, part, n / whole[at]) for at, (_, counts) in enumerate(rows) for part, n in enumerate(counts)
    ]
    bars, which, lengths = zip(*cells, strict=True)
    colours = [colour for _, colour in parts]
    seaborn.histplot(
        y=bars, hue=which, weights=lengths, hue_order=range(len(parts))[::-1], palette=colours[::-1],
        multiple="stack", discrete=True, shrink=0.72, alpha=1, edgecolor="white", linewidth=0.6, legend=False, ax=axes,
    )  # fmt: skip
    for at, (name, counts) in enumerate(rows):
        start = 0.0
        for part, count in enumerate(counts):
            length = count / whole[at]
            if length * wide >= LEAST_MM:
                axes.text(
                    start + length / 2,
                    at,
                    w.integer(count),
                    ha="center",
                    va="center",
                    color=ink(colours[part]),
                )
            start += length
        said = f"{name} ({w.integer(sums[at])})" if shares else name
        axes.text(
            -0.015, at, fit(said, names - 2), ha="right", va="center", transform=axes.get_yaxis_transform()
        )
    axes.legend(
        handles=[Patch(color=colour, label=label) for label, colour in parts], loc="lower left", ncol=columns,
        bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=0.9, handleheight=0.9, columnspacing=1.6,
        labelcolor=style.MUTED, borderpad=0,
    )  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -0.5), xticks=[], yticks=[], xlabel="", ylabel="")
    return fig


def ink(colour: str) -> str:
    """Colour of a number on a part.

    Examples
    --------
    >>> ink("#2b7a86"), ink("#d5dbdf")
    ('white', '#1d2b36')
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else blocks.style.INK
