"""Figures: a matplotlib drawing or an SVG with the words that stand for it, as the same bytes every time."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from pipeline.blocks.base import Block, need
from pipeline.blocks.errors import BlockError
from pipeline.blocks.svg import clean_svg

# One salt for all figures: ids then depend on what is drawn only, never on the clock or on memory.
HASH_SALT = "skm-pipeline"


@dataclass(frozen=True)
class Reading:
    """One of the small columns under a figure: what is shown, what is good, what to do."""

    label: str
    text: str

    def to_json(self) -> dict[str, str]:
        """Return the reading as JSON."""
        return {"label": self.label, "text": self.text}


@dataclass(frozen=True)
class Figure(Block):
    """A drawing with caption, alt text and the columns that help read it."""

    kind_name: ClassVar[str] = "figure"
    svg: str
    key: str
    caption: str
    alt: str
    title: str = ""
    note: str = ""
    reading: tuple[Reading, ...] = ()
    narrow: str = ""

    def plain_text(self) -> str:
        """Return caption and alt text."""
        return f"{self.caption}\n{self.alt}"


def figure(
    fig: Any,
    key: str,
    title: str = "",
    caption: str = "",
    alt: str = "",
    note: str = "",
    reading: Iterable[Reading | tuple[str, str]] = (),
    narrow: Any = None,
) -> Figure:
    """Show a figure.

    Parameters
    ----------
    fig
        A `matplotlib.figure.Figure` (from `style.figure`) or SVG text.
    key
        Name for `ref(key)`; unique in a report.
    title
        What the figure shows, as a finding; stands above it.
    caption, alt
        How to read the figure, and what it shows to someone who cannot see it. Both are required.
    note
        Small print below the figure.
    reading
        Up to four (label, text) columns printed under the figure.
    narrow
        The same figure drawn for a telephone (about 85 mm wide); HTML shows it on narrow screens.

    Raises
    ------
    BlockError
        Without key, caption or alt text, or with more than four readings.
    """
    need(key, "key", "a figure")
    need(caption, "caption", f"figure {key!r}")
    need(alt, "alt text", f"figure {key!r}")
    columns = tuple(r if isinstance(r, Reading) else Reading(*r) for r in reading)
    if len(columns) > 4:
        raise BlockError(f"figure {key!r} has {len(columns)} reading columns; four fit a page")
    return Figure(to_svg(fig), key, caption, alt, title, note, columns, to_svg(narrow) if narrow else "")


def to_svg(fig: Any) -> str:
    """Turn a matplotlib figure or SVG text into small, deterministic SVG.

    Text stays text (the bundled font serves it), dates and metadata go, coordinates keep two decimals.
    """
    if isinstance(fig, str):
        return clean_svg(fig)
    if not hasattr(fig, "savefig"):
        raise BlockError(f"a figure is a matplotlib Figure or SVG text, not {type(fig).__name__}")
    import matplotlib as mpl

    buffer = io.StringIO()
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": HASH_SALT, "path.simplify": True}
    with mpl.rc_context(settings), warnings.catch_warnings():
        # A glyph no bundled font has is no fault of the figure: the exporters replace and count it.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return clean_svg(buffer.getvalue())
