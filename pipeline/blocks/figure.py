"""Figures: a matplotlib drawing or an SVG with the words that stand for it, as the same bytes every time."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from pipeline.blocks import style
from pipeline.blocks.base import Block, BlockError, need

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
    caption, alt
        How to read the figure, and what it shows to someone who cannot see it. Both are required.
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


_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_DROP = (
    re.compile(r"<\?xml.*?\?>", re.S),
    re.compile(r"<!DOCTYPE.*?>", re.S),
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"<metadata>.*?</metadata>", re.S),
)
_FORBIDDEN = re.compile(
    r"<\s*(script|foreignObject|iframe|image|style\s[^>]*@import)|\son\w+\s*=|javascript:|@import"
    r"|(?:href|src)\s*=\s*[\"'](?!#)",
    re.I,
)
_TAG = re.compile(r"<[^>]+>")


def _round(match: re.Match[str]) -> str:
    text = f"{float(match.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def clean_svg(svg: str) -> str:
    """Strip what differs between machines or is not needed, and refuse what could load or run.

    Raises
    ------
    BlockError
        When the SVG holds a script, an event handler, an embedded picture or an outside address.
    """
    for pattern in _DROP:
        svg = pattern.sub("", svg)
    svg = svg.strip()
    if not svg.startswith("<svg"):
        raise BlockError("a figure's SVG must start with <svg")
    tags_only = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", "".join(_TAG.findall(svg)))
    found = _FORBIDDEN.search(tags_only)
    if found:
        raise BlockError(f"a figure's SVG may not contain {found.group()!r}")
    # Round inside tags only: text such as "0,123" or "0.1234" is content.
    svg = _TAG.sub(lambda tag: _shrink(_NUMBER.sub(_round, tag.group())), svg)
    svg = _STYLE_SHEET.sub("", svg)
    used = set(_USED.findall(svg))
    svg = _TAG.sub(lambda t: _ID.sub(lambda m: m.group() if m.group(1) in used else "", t.group()), svg)
    # SVG folds runs of spaces; labels such as "Biaya/tarif  U4" mean theirs.
    svg = re.sub(r"(?<=>)[^<>]*\S[^<>]*(?=<)", lambda m: m.group().replace("  ", " \u00a0"), svg)
    return re.sub(r">\s+<(?!/?tspan)", "><", svg)


# Matplotlib's own sheet is "*{...}": inlined in a page it would restyle the whole page.
_STYLE_SHEET = re.compile(r"<defs>\s*<style[^>]*>\*\{[^}]*\}</style>\s*</defs>")
_FAMILY = re.compile(r"font-family: 'Inter'[^;\"]*;\s*|font: ([^;\"]*?)'Inter'[^;\"]*")
_USED = re.compile(r"(?:href=[\"']|url\()#([^\"')]+)")
_ID = re.compile(r' id="([^"]*)"')
_IDLE_TURN = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
_ROOT_STYLE = 'style="font-family:Inter;stroke-linejoin:round;stroke-linecap:butt"'


def _shrink(tag: str) -> str:
    """Shorten one tag: the family is said once, on the root, and idle rotations go."""
    if tag.startswith("<svg"):
        return tag if " style=" in tag else f"{tag[:-1]} {_ROOT_STYLE}>"
    tag = _IDLE_TURN.sub("", tag)
    if tag.startswith("<text"):
        tag = _FAMILY.sub(_family, tag)
    return re.sub(r"\s*\n\s*", " ", tag).replace(' z "', 'z"').replace("; ", ";")


def _family(match: re.Match[str]) -> str:
    return f"font: {match.group(1)}Inter" if match.group(1) else ""


def size_mm(svg: str) -> tuple[float, float]:
    """Width and height of an SVG in millimetres, from its own attributes."""
    return style.svg_size_mm(svg)
