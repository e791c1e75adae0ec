"""Figures in Word: drawings become pictures at 200 pixels an inch, with the figure's alt text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.render import drawn
from pipeline.render.characters import Cleaner
from pipeline.render.literal import Raw, literal
from pipeline.render.strip import strip
from pipeline.render.svg_print import printable
from pipeline.render.theme import theme
from pipeline.render.word.runs import attribute, paragraph

Block = dict[str, Any]
PPI = 200.0
#: First bytes of a photo.
JPEG = b"\xff\xd8\xff"
#: English Metric Units of an inch, in which Word measures pictures.
EMU = 914400


def figure(block: Block, day: dt.date) -> bytes:
    """Draw a figure's SVG as PNG, as wide as in the PDF."""
    drawing = printable(block["svg"], Cleaner())
    data = {
        "svg": Raw(literal(drawing.svg)), "width": text_mm() * drawing.width / 100, "overlays": drawing.overlays,
        "strip": None,
    }  # fmt: skip
    return drawn.picture("picture", data, day, PPI, block["alt"])


def scale(block: Block, lang: str, day: dt.date) -> bytes | None:
    """Draw the scale of letters with the index on it; None where there is none."""
    found = strip(block, lang)
    if found is None:
        return None
    data = {"svg": "", "width": text_mm(), "overlays": [], "strip": found.to_typst()}
    return drawn.picture("picture", data, day, PPI, block["alt"])


def text_mm() -> float:
    """Millimetres of the text's width."""
    page = theme()["page"]
    return float(page["width_mm"] - 2 * page["margin_mm"])


def placed(png: bytes, number: int, alt: str, style: str = "Picture") -> str:
    """Write the paragraph that shows picture `number`."""
    wide, high = (int.from_bytes(png[at : at + 4], "big") / PPI for at in (16, 20))
    return framed((wide, high), number, alt, style)


def file(data: bytes, number: int) -> str:
    """Name of a picture's file by what it is: drawings are PNG, photos JPEG."""
    return f"picture{number}.{'jpg' if data.startswith(JPEG) else 'png'}"


def photo_size(width: int, height: int) -> tuple[float, float]:
    """Inches of a photo: as wide as the text, at most three quarters of that high."""
    most = text_mm() / 25.4
    scale = min(most / width, 0.75 * most / height)
    return width * scale, height * scale


def framed(inches: tuple[float, float], number: int, alt: str, style: str = "Picture") -> str:
    """Write the paragraph that shows picture `number` in a size."""
    wide, high = inches
    extent = f'cx="{round(wide * EMU)}" cy="{round(high * EMU)}"'
    about = f'id="{number}" name="picture{number}" descr="{attribute(alt)}"'
    return paragraph(
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr {about}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
        f'<a:blip r:embed="picture{number}"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        style,
    )
