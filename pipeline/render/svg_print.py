"""Prepare a drawing for the PDF: text the drawing engine cannot shape is lifted out and set by Typst above it.

Inside an SVG, scripts whose letters join or carry marks (Arabic, Javanese, combining accents) reach the PDF as
glyphs without characters, which PDF/UA refuses. Typst itself sets them well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from pipeline.render.characters import PLACEHOLDER, Cleaner, fonts_with, is_plain
from pipeline.render.html_floats import view
from pipeline.render.theme import theme

_TEXT = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.S)
_HEAD = re.compile(r"<svg\b([^>]*)>", re.S)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TURN = re.compile(r"rotate\((-?[\d.]+)")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass
class Drawing:
    """An SVG the PDF can hold, its width in percent of the text, and the texts to set over it."""

    svg: str
    width: float
    overlays: list[dict[str, Any]] = field(default_factory=list)


def printable(svg: str, clean: Cleaner) -> Drawing:
    """Clean the drawing's text and lift out what needs shaping."""
    head = _HEAD.search(svg)
    if head is None:
        raise ValueError("a figure without an <svg> element")
    wide, high = view(head.group(1))
    page = theme()["page"]
    text_mm = page["width_mm"] - 2 * page["margin_mm"]
    width = round(min(100.0, 100 * _millimetres(head.group(1), wide) / text_mm), 2)
    points = width / 100 * text_mm / 25.4 * 72
    drawing = Drawing("", width)

    def one(match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        text = clean(unescape(re.sub(r"<[^>]+>", "", match.group(2))))
        if is_plain(text):
            if "<" not in match.group(2):
                return f"<text{match.group(1)}>{_by_font(text)}</text>"
            return re.sub(
                r">([^<>]+)<", lambda m: f">{_by_font(clean(unescape(m.group(1))))}<", match.group()
            )
        if "x" not in attributes or clean.strict:
            simple = "".join(c if is_plain(c) else PLACEHOLDER for c in text)
            return f"<text{match.group(1)}>{_by_font(simple)}</text>"
        drawing.overlays.append(_overlay(attributes, text, wide, high, points / wide))
        return ""

    drawing.svg = _TEXT.sub(one, svg)
    return drawing


def _by_font(text: str) -> str:
    """Name the font of each run: the drawing engine does not fall back from one bundled font to the next."""
    if all("Inter" in fonts_with(c) for c in text):
        return escape(text, quote=False)
    runs: list[tuple[str, str]] = []
    for character in text:
        having = fonts_with(character)
        name = next((f for f in theme()["family"] if f in having), "Inter")
        if runs and (runs[-1][0] == name):
            runs[-1] = (name, runs[-1][1] + character)
        else:
            runs.append((name, character))
    return "".join(
        escape(run, quote=False) if name == "Inter"
        else f'<tspan style="font-family:\'{name}\';font-weight:400">{escape(run, quote=False)}</tspan>'
        for name, run in runs
    )  # fmt: skip


def _overlay(attributes: dict[str, str], text: str, wide: float, high: float, scale: float) -> dict[str, Any]:
    style = {
        part.split(":", 1)[0].strip(): part.split(":", 1)[1].strip()
        for part in attributes.get("style", "").split(";") if ":" in part
    }  # fmt: skip
    look = {**attributes, **style}
    short = re.search(r"(?:(\d{3}|bold)\s+)?([\d.]+)px", look.get("font", ""))
    size = (
        float(short.group(2)) if short else float(re.sub(r"[^\d.]", "", look.get("font-size", "7.5")) or 7.5)
    )
    weight = (short.group(1) if short else None) or look.get("font-weight", "400")
    turn = _TURN.search(attributes.get("transform", ""))
    fill = look.get("fill", "#000000")
    return {
        "text": text, "x": round(100 * float(attributes["x"]) / wide, 3),
        "y": round(100 * float(attributes.get("y", 0)) / high, 3), "size": round(size * scale, 2),
        "weight": 600 if weight in ("600", "700", "bold") else 400,
        "anchor": _ANCHORS.get(look.get("text-anchor", "start"), 0.0),
        "angle": float(turn.group(1)) if turn else 0.0,
        "fill": fill if re.fullmatch(r"#[0-9a-fA-F]{6}", fill) else "#1d2b36",
    }  # fmt: skip


def height_mm(svg: str) -> float:
    """Printed height of a drawing."""
    head = _HEAD.search(svg)
    if head is None:
        return 0.0
    wide, high = view(head.group(1))
    return _millimetres(head.group(1), wide) * high / wide


_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}


def _millimetres(attributes: str, wide: float) -> float:
    size = re.search(r'\bwidth="([\d.]+)(mm|cm|in|pt|px)?"', attributes)
    if size is None:
        return wide * 25.4 / 72
    return float(size.group(1)) * _UNITS.get(size.group(2) or "px", 25.4 / 96)
