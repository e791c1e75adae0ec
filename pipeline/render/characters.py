"""Let through only text the fonts can show (D9): one uncovered character would abort a whole PDF.

Control, private-use and bidirectional-override characters are removed; a character no bundled font has becomes
a visible box. Both are counted, so nothing disappears unsaid.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

from pipeline.render.theme import HERE

PLACEHOLDER = "□"
# Words longer than this get invisible break points, or they would run off the page.
LONG_WORD = 40

_SPACES = dict.fromkeys(map(ord, "\t\n\r\x0b\x0c\x85\u2028\u2029"), " ")
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_KEEP = "\u200b\u200c\u200d\u2060"
_LONG = re.compile(rf"[^\s\u200b]{{{LONG_WORD + 1},}}")


@cache
def _coverage() -> tuple[tuple[str, list[int], list[int]], ...]:
    data = json.loads((HERE / "fonts" / "coverage.json").read_text("utf-8"))
    return tuple((name, [a for a, _ in ranges], [b for _, b in ranges]) for name, ranges in data.items())


@cache
def fonts_with(character: str) -> frozenset[str]:
    """Names of the bundled families that have a glyph for the character."""
    point = ord(character)
    names = []
    for name, starts, ends in _coverage():
        place = bisect_right(starts, point) - 1
        if place >= 0 and point <= ends[place]:
            names.append(name)
    return frozenset(names)


def removed(text: str) -> tuple[str, int]:
    """Drop characters no document may hold; return the text and how many went.

    Examples
    --------
    >>> removed("a\\x00b\\ue000")
    ('ab', 2)
    """
    text = text.translate(_SPACES)
    if text.isascii() and text.isprintable():
        return text, 0
    if all(map(_stays, set(text))):
        return text, 0
    kept = [c for c in text if _stays(c)]
    return "".join(kept), len(text) - len(kept)


@cache
def _stays(character: str) -> bool:
    """Whether a document may hold the character: no control, no private use, no half of a pair."""
    if character in _KEEP:
        return True
    point = ord(character)
    unassigned = 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
    return not unassigned and unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs")


@cache
def _by_itself(character: str) -> bool:
    """Whether the character is shown wherever it stands, and joins none before or behind it."""
    joins = unicodedata.category(character)[0] == "M" or character in _JOINERS or character in _KEEP
    return not joins and _shown([character])


@dataclass
class Cleaner:
    """Cleans the text of one report and counts what it did.

    Parameters
    ----------
    covered
        Also replace what the fonts lack (PDF). HTML readers bring their own fonts.
    strict
        Keep single characters of the text font only: the last resort when shaping fails all the same.
    """

    covered: bool = True
    strict: bool = False
    removed: int = 0
    replaced: int = 0
    _known: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Clean one text."""
        if text.isascii() and text.isprintable() and len(text) <= LONG_WORD:
            return text
        hit = self._known.get(text)
        if hit is None:
            hit = self._known[text] = self._clean(text)
        self.removed += hit[1]
        self.replaced += hit[2]
        return hit[0]

    def _clean(self, text: str) -> tuple[str, int, int]:
        out, gone = removed(text)
        swapped = 0
        if self.covered:
            out, swapped = self._cover(unicodedata.normalize("NFC", out))
            out = _LONG.sub(_breakable, out)
        return out, gone, swapped

    def _cover(self, text: str) -> tuple[str, int]:
        if text.isascii() or (not self.strict and all(map(_by_itself, set(text)))):
            return text, 0
        out: list[str] = []
        swapped = 0
        for cluster in clusters(text):
            visible = [c for c in cluster if c not in _JOINERS and c not in "\u200b\u2060"]
            if not visible:
                if not self.strict:
                    out.append(cluster)
            elif self.strict:
                whole = len(cluster) == 1 and "Inter" in fonts_with(cluster)
                out.append(cluster if whole else PLACEHOLDER)
                swapped += not whole
            elif _shown(visible):
                out.append(cluster)
            elif fonts_with(cluster[0]):
                # The letter can be shown, its marks cannot: keep the letter and show that something is missing.
                out.append(cluster[0] + PLACEHOLDER)
                swapped += 1
            else:
                out.append(PLACEHOLDER)
                swapped += 1
        return "".join(out), swapped


def _shown(visible: list[str]) -> bool:
    """Whether one font has the base and all its marks: shaping never mixes fonts within a cluster."""
    fonts = frozenset.intersection(*(fonts_with(c) for c in visible))
    # Digits exist in the emoji font too, where "1" and its keycap are drawn over each other.
    return "Inter" in fonts if visible[0].isascii() else bool(fonts)


def clusters(text: str) -> list[str]:
    """Split text into base characters with the marks and joiners that belong to them.

    Examples
    --------
    >>> [len(cluster) for cluster in clusters("e\\u0301a")]
    [2, 1]
    """
    out: list[str] = []
    for character in text:
        joins = out and (
            unicodedata.category(character)[0] == "M" or character in _JOINERS or out[-1].endswith("\u200d")
        )
        if joins:
            out[-1] += character
        else:
            out.append(character)
    return out


def is_plain(text: str) -> bool:
    """Whether a drawing can show the text glyph by glyph: no marks, no joining, no right-to-left script."""
    if text.isascii():
        return True
    for character in text:
        if not fonts_with(character) & {"Inter", "Noto Emoji", "Noto Sans Symbols", "Noto Sans Symbols 2"}:
            return False
        if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf"):
            return False
    return True


def _breakable(match: re.Match[str]) -> str:
    """Insert zero-width spaces between clusters, about every 12 of them."""
    parts = clusters(match.group())
    return "\u200b".join("".join(parts[i : i + 12]) for i in range(0, len(parts), 12))
