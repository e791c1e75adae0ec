"""Names as people write them, brought to the form in which two spellings of one name are the same."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: What is neither letter nor digit of ASCII becomes a blank.
_TO_BLANK = {number: " " for number in range(128) if not chr(number).isalnum()}


#: Characters that are not seen, so that no name differs by them: soft hyphen, zero-width blanks and joiners,
#: marks of direction, byte order mark, forms of emoji.
UNSEEN = dict.fromkeys(
    [
        0xAD,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        0xFE0E,
        0xFE0F,
    ]
)


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Bring a name to the form in which two spellings of it are the same.

    Examples
    --------
    >>> fold(" Dinas  Kesehatan, ") == fold("dinas kesehatan")
    True
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    if text.isascii():
        return " ".join(text.lower().translate(_TO_BLANK).split())
    plain = unicodedata.normalize("NFKC", text.translate(UNSEEN)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def comma_separated(text: str) -> list[str]:
    """Words that stand with commas between them, as in ``--lang id,en``.

    Examples
    --------
    >>> comma_separated("id, en,"), comma_separated("")
    (['id', 'en'], [])
    """
    return [part.strip() for part in text.split(",") if part.strip()]
