"""How figures look: colours, sizes and the bundled font, from the same theme file as the reports.

`figure(width, height)` makes a figure that belongs to nobody: no pyplot, hence nothing to close and nothing
that leaks from one unit's report into the next.
"""

from __future__ import annotations

import json
import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.blocks.errors import BlockError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RENDER = Path(__file__).resolve().parent.parent / "render"
THEME: dict[str, Any] = json.loads((_RENDER / "theme.json").read_text("utf-8"))
FONTS = _RENDER / "fonts"

INK: str = THEME["light"]["ink"]
MUTED: str = THEME["light"]["muted"]
HAIRLINE: str = THEME["light"]["hairline"]
ACCENT: str = THEME["light"]["accent"]
WARM: str = THEME["light"]["warm"]
GREY: str = THEME["figure"]["grey"]
answer_colours: tuple[str, ...] = tuple(THEME["answers"])
answer_inks: tuple[str, ...] = tuple(THEME["answers-ink"])
band_colours: dict[str, str] = dict(THEME["bands"])

TEXT_WIDTH_MM: float = THEME["page"]["width_mm"] - 2 * THEME["page"]["margin_mm"]
#: No figure is wider or taller, not even on a telephone, where it is scrolled past.
TALLEST_MM = 400.0
FIGURE_PT: float = THEME["size"]["figure"]
#: No text of a page is smaller, but the small letters of a formula.
LEAST_PT: float = THEME["size"]["least"]

_MM = 1 / 25.4


def rc() -> dict[str, Any]:
    """Matplotlib settings of the house style."""
    hairline = 0.5
    return {
        "font.family": list(THEME["family"]),
        "font.size": FIGURE_PT, "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": INK,
        "axes.titlesize": FIGURE_PT, "axes.titleweight": 600, "axes.titlelocation": "left",
        "axes.labelsize": FIGURE_PT, "axes.linewidth": hairline, "axes.spines.top": False,
        "axes.spines.right": False, "axes.grid": False, "axes.axisbelow": True, "axes.facecolor": "none",
        "axes.prop_cycle": _cycle(), "axes.unicode_minus": True, "figure.facecolor": "none",
        "xtick.labelsize": FIGURE_PT, "ytick.labelsize": FIGURE_PT, "xtick.color": MUTED,
        "ytick.color": INK, "xtick.major.width": hairline, "ytick.major.width": hairline,
        "xtick.major.size": 2.5, "ytick.major.size": 0, "lines.linewidth": 1.4, "lines.markersize": 4.5,
        "patch.linewidth": 0, "grid.color": HAIRLINE, "grid.linewidth": hairline,
        "legend.frameon": False, "legend.fontsize": FIGURE_PT, "svg.fonttype": "none",
        "savefig.facecolor": "none", "figure.autolayout": False, "image.cmap": "viridis",
    }  # fmt: skip


def _cycle() -> Any:
    from cycler import cycler

    return cycler(color=[ACCENT, WARM, INK, GREY, answer_colours[1], answer_colours[2]])


@cache
def register_fonts() -> None:
    """Make the bundled fonts known to matplotlib (once a process)."""
    from matplotlib import font_manager

    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    # The fallback scripts come in one weight; saying so for every semibold label would bury real messages.
    logging.getLogger("matplotlib.font_manager").addFilter(
        lambda record: "Failed to find font weight" not in record.getMessage()
    )
    _remember_fonts(font_manager.fontManager)


def _remember_fonts(manager: Any) -> None:
    """Look the files of a font up once, not once for every label.

    Matplotlib walks through all families of the list each time it measures a text, which is
    a tenth of the time of a figure. Which files there are does not change after this.
    """
    found = getattr(manager, "_find_fonts_by_props", None)
    if found is None:
        return  # another version of matplotlib: slower, not wrong
    known: dict[Any, list[str]] = {}

    def remembered(prop: Any, *others: Any, **more: Any) -> list[str]:
        if others or more:
            return list(found(prop, *others, **more))
        # Every size of a scalable font is the same file.
        key = (
            tuple(prop.get_family()), prop.get_style(), prop.get_variant(), prop.get_weight(),
            prop.get_stretch(), prop.get_file(),
        )  # fmt: skip
        if key not in known:
            known[key] = list(found(prop))
        return known[key]

    manager._find_fonts_by_props = remembered


def apply() -> None:
    """Set the house style for the artists drawn from now on."""
    import matplotlib as mpl

    register_fonts()
    settings: Any = rc()
    mpl.rcParams.update(settings)


def figure(width_mm: float = TEXT_WIDTH_MM, height_mm: float = 70) -> Figure:
    """Make an empty figure of this size in the house style; draw on `fig.add_axes` or `fig.subplots`.

    Parameters
    ----------
    width_mm, height_mm
        Printed size. 170 mm fills the text width of a page; 85 mm suits a telephone.

    Examples
    --------
    >>> fig = figure(170, 60)
    >>> ax = axes_mm(fig, left=40, bottom=8, width=120, height=48)
    >>> ax.plot([1, 2], [3, 4])[0].get_color()
    '#0f6b78'
    """
    if not (10 <= width_mm <= TALLEST_MM and 5 <= height_mm <= TALLEST_MM + 1e-6):
        raise BlockError(f"a figure of {width_mm:g} x {height_mm:g} mm does not fit a page")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as MplFigure

    apply()
    fig = MplFigure(figsize=(width_mm * _MM, height_mm * _MM))
    FigureCanvasAgg(fig)
    return fig


def axes_mm(fig: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes placed in millimetres from the lower left corner: margins stay the same in every figure."""
    across, up = fig.get_size_inches() / _MM
    return fig.add_axes((left / across, bottom / up, width / across, height / up))


def bare(axes: Axes, keep: tuple[str, ...] = ()) -> Axes:
    """Remove the spines not named in `keep`, all ticks and tick labels of axes without information."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
    if "left" not in keep:
        axes.tick_params(axis="y", left=False)
    if "bottom" not in keep:
        axes.tick_params(axis="x", bottom=False)
    return axes
