"""A photograph with the words that stand for it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import ClassVar

from pipeline.blocks.base import Block, need
from pipeline.blocks.errors import BlockError

#: First bytes of the one form in which photos reach a report.
JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Photo(Block):
    """A photograph: its JPEG as base64, caption and alt text."""

    kind_name: ClassVar[str] = "photo"
    jpeg: str
    width: int
    height: int
    key: str
    caption: str
    alt: str
    lang: str = ""

    def plain_text(self) -> str:
        """Return caption and alt text."""
        return f"{self.caption}\n{self.alt}"


def photo(jpeg: bytes, size: tuple[int, int], key: str, caption: str, alt: str, lang: str = "") -> Photo:
    """Show a photograph.

    Parameters
    ----------
    jpeg
        The picture as it is to be published: whatever it says of place, time and camera is published with it.
    size
        Width and height in pixels.
    key
        Name for `ref(key)`; unique in a report.
    caption, alt
        The line with the number, and what is seen by someone who cannot see it. Both are required.
    lang
        Language of the alternative text where it is not the report's.

    Raises
    ------
    BlockError
        Without key, caption or alt text, or for anything but a JPEG.
    """
    need(key, "key", "a photo")
    need(caption, "caption", f"photo {key!r}")
    need(alt, "alt text", f"photo {key!r}")
    if not jpeg.startswith(JPEG):
        raise BlockError(f"photo {key!r} is no JPEG")
    return Photo(base64.b64encode(jpeg).decode("ascii"), *size, key, caption, alt, lang)
