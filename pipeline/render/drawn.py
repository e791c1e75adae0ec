"""Pages drawn from data rather than read out of a notebook: a form, a poster; as PDF/UA or as a picture."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.render import pdf
from pipeline.render.characters import Cleaner
from pipeline.render.literal import Raw, value
from pipeline.render.theme import TEMPLATES, RenderError, colours


def page(template: str, data: Mapping[str, Any], day: dt.date) -> bytes:
    """Draw a page as tagged PDF.

    Parameters
    ----------
    template
        Name of a file in `templates/`, without its suffix; it has a function of the same name.
    data
        What the template is called with: text, numbers, lists and mappings. Every text is cleaned first.
    day
        Date of the document, never today's.

    Raises
    ------
    RenderError
        When the page cannot be drawn, or does not hold its text.
    """
    return _drawn(
        template, data, lambda files: pdf.compiled(files, day, format="pdf", standards=pdf.STANDARDS)
    )


def picture(template: str, data: Mapping[str, Any], day: dt.date, ppi: float, alt: str) -> bytes:
    """Draw the same page as PNG, with its alt text inside the file.

    Parameters
    ----------
    template, data, day
        As for `page`.
    ppi
        Pixels an inch.
    alt
        What the picture says, for whoever puts it on a page.
    """
    drawn = _drawn(template, data, lambda files: pdf.compiled(files, day, format="png", ppi=ppi))
    return described(drawn, alt)


def described(png: bytes, alt: str) -> bytes:
    r"""Put a description into a PNG, after its header.

    Examples
    --------
    >>> made = described(b"\x89PNG\r\n\x1a\n" + bytes(25) + b"rest", "B")
    >>> made[37:57], made[57:58], made[-4:]
    (b'iTXtDescription\x00\x00\x00\x00\x00', b'B', b'rest')
    """
    body = b"iTXt" + b"Description\0\0\0\0\0" + alt.encode("utf-8")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]


def _drawn(template: str, data: Mapping[str, Any], draw: Callable[[dict[str, bytes]], bytes]) -> bytes:
    files = {f"{name}.typ": (TEMPLATES / f"{name}.typ").read_bytes() for name in (template, "scale")}

    def made(cleaner: Cleaner) -> bytes:
        call = f"#{template}({value(_clean(data, cleaner))}, {value(colours())})\n"
        main = f'#import "{template}.typ": {template}\n{call}'.encode()
        return draw({"main.typ": main, **files})

    try:
        return made(Cleaner())
    except RenderError as error:
        if not pdf.glyph_trouble(error):
            raise
    return made(Cleaner(strict=True))


def _clean(data: Any, cleaner: Cleaner) -> Any:
    if isinstance(data, str) and not isinstance(data, Raw):
        return cleaner(data)
    if isinstance(data, Mapping):
        return {key: _clean(item, cleaner) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_clean(item, cleaner) for item in data]
    return data
