"""Geometry of the headline's scale strip, shared by HTML and PDF so that both put the dot in the same place."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Segment:
    """One letter's stretch of the strip, in percent of its width."""

    letter: str
    name: str
    tick: str
    left: float
    width: float
    current: bool


@dataclass(frozen=True)
class Strip:
    """Segments and marks, in percent of the strip's width; marks are None when unknown."""

    segments: tuple[Segment, ...]
    dot: float | None
    lower: float | None
    upper: float | None

    def to_typst(self, clean: Callable[[str], str] = str) -> dict[str, Any]:
        """Return what Typst's template draws the strip from, its texts cleaned: it adds the widths up itself."""
        segments = [
            {"letter": clean(s.letter), "name": clean(s.name), "tick": clean(s.tick),
             "width": s.width, "current": s.current}
            for s in self.segments
        ]  # fmt: skip
        return {"segments": segments, "dot": self.dot, "lower": self.lower, "upper": self.upper}


def strip(headline: dict[str, Any], lang: str) -> Strip | None:
    """Lay out the strip of a headline; None when it has no bands.

    The lowest letter spans more than half of the legal scale (25 to 64.99) and would squeeze the letters that
    units really get. It is cut to the width of its neighbours, and its tick says so ("25 …"), unless the
    estimate or its interval stands in the part that would be cut.
    """
    bands = [b if isinstance(b, dict) else {} for b in headline.get("bands", ())]
    if not bands:
        return None
    bounds = [(float(b["lower"]), float(b["upper"])) for b in bands]
    estimate, lower, upper = (headline.get(k) for k in ("estimate", "lower", "upper"))
    # Printed upper bounds end at 64.99 where the next begins at 65.00: the next lower bound is the border.
    edges = [low for low, _ in bounds] + [bounds[-1][1]]
    start, cut = edges[0], False
    if len(bounds) > 1:
        others = [b - a for a, b in itertools.pairwise(edges[1:])]
        wanted = edges[1] - sum(others) / len(others)
        seen = min([v for v in (estimate, lower) if v is not None] or [edges[1]])
        wanted = min(wanted, seen - 0.02 * (edges[-1] - wanted))
        if wanted > start:
            start, cut = wanted, True
    edges[0] = start
    span = edges[-1] - start or 1.0

    def place(value: float | None) -> float | None:
        return None if value is None else round(min(100.0, max(0.0, 100 * (value - start) / span)), 2)

    segments = []
    for index, (band, left, right) in enumerate(zip(bands, edges[:-1], edges[1:], strict=True)):
        tick = str(band.get("tick") or number(float(band["lower"]), lang, 0 if index == 0 else 2))
        segments.append(Segment(
            str(band["letter"]), str(band["name"]), f"{tick} …" if index == 0 and cut else tick,
            place(left) or 0.0, round(100 * (right - left) / span, 2),
            bool(headline.get("letter")) and band["letter"] == headline["letter"],
        ))  # fmt: skip
    return Strip(tuple(segments), place(estimate), place(lower), place(upper))


def number(value: float, lang: str, digits: int) -> str:
    """Format a bound in the language's notation.

    Examples
    --------
    >>> number(76.61, "id", 2)
    '76,61'
    """
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if lang == "id" else text
