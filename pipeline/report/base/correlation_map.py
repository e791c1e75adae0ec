"""Correlations of every two items as a lower triangle, drawn by seaborn: of the overview and of a stage's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.blocks import style
from pipeline.report.base.figure_text import fit, text_mm

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.words import Words

#: Width on a page and on a telephone, mm, and the least that a cell is wide: as wide as its number.
WIDE_MM, NARROW_MM = 132.0, 85.0
CELL_MM = 5.8
#: On a cell of a stronger correlation its number is white.
DARK = 0.62


def square(rows: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Lay pairs (``item``, ``other``, ``estimate``) out as a symmetric matrix of these items, NaN where none is.

    Examples
    --------
    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"item": ["U1"], "other": ["U2"], "estimate": [0.5]})
    >>> square(pairs, ["U1", "U2"]).to_numpy().tolist()
    [[nan, 0.5], [0.5, nan]]
    """
    import pandas as pd

    wide = pd.DataFrame(index=list(items), columns=list(items), dtype=float)
    for item, other, value in zip(rows["item"], rows["other"], rows["estimate"], strict=True):
        wide.loc[item, other] = wide.loc[other, item] = value
    return wide


def correlation_map(
    w: Words, wide: pd.DataFrame, names: Sequence[str], codes: Sequence[str], width: float = WIDE_MM
) -> Any:
    """Draw the lower triangle, each cell with its number: the colours only repeat it.

    Parameters
    ----------
    w : Words
        Writes the numbers.
    wide : DataFrame
        A symmetric matrix; a cell without a number stays empty.
    names, codes : sequence of str
        What stands beside the rows and under the columns, in the order of `wide`; codes beside the rows as well
        where names would leave the cells too narrow for their numbers.
    width : float
        `WIDE_MM` or `NARROW_MM`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import numpy as np
    import seaborn
    from matplotlib.colors import LinearSegmentedColormap

    k = len(wide)
    values = wide.iloc[1:, :-1].to_numpy(dtype=float)
    # A number below zero is longer by its sign.
    least = CELL_MM + (0.9 if (values < 0).any() else 0.0)
    beside = min(max(map(text_mm, names)) + 3.0, 0.4 * width)
    cell = (width - beside - 2.0) / max(k - 1, 1)
    if cell < least:
        names = codes
        beside = max(map(text_mm, names)) + 3.0
        cell = (width - beside - 2.0) / max(k - 1, 1)
    high = min(cell, 7.0) * (k - 1)
    fig = style.figure(width, high + 8.0)
    axes = style.axes_mm(fig, beside, 7.0, width - beside - 2.0, high)
    ramp = LinearSegmentedColormap.from_list("pairs", [style.WARM, "#ffffff", style.ACCENT])
    seaborn.heatmap(
        values, mask=np.triu(np.ones(values.shape, dtype=bool), 1) | np.isnan(values), ax=axes, cmap=ramp,
        vmin=-1, vmax=1, cbar=False, linewidths=0.6, linecolor="white", xticklabels=False, yticklabels=False,
    )  # fmt: skip
    for y in range(k - 1):
        for x in range(y + 1):
            value = values[y, x]
            if value == value:
                axes.text(x + 0.5, y + 0.52, w.number(value), ha="center", va="center",
                          color="#ffffff" if abs(value) > DARK else style.INK,
                          fontsize=style.LEAST_PT)  # fmt: skip
    middle = [place + 0.5 for place in range(k - 1)]
    axes.set_yticks(middle, [fit(name, beside - 2.0) for name in names[1:]], rotation=0)
    axes.set_xticks(middle, codes[:-1], rotation=0)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(length=0)
    return fig
