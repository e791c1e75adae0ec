"""Letters and marks of a PDF's pages with their printed places and sizes, and what is wrong with a page."""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2
from pypdfium2 import raw

from pipeline.render.theme import words

MM = 72 / 25.4
#: Room at the head and foot of a page that belongs to its running lines, and the margin of its body, in millimetres.
HEAD_MM, FOOT_MM, MARGIN_MM = 18.0, 17.0, 20.0
#: No text is smaller (points); small letters of formulas are, and are no text to be read by themselves.
LEAST_PT = 7.0
FORMULA_FONTS = ("NewCMMath", "NewComputerModernMath", "New Computer Modern Math")
#: Letters of one word stand nearer than this, in sizes.
BLANK_SIZES = 0.22
#: Pixels a point of the picture of a page without its text; a grey as light as this is seen as a mark.
PIXELS, SEEN = 2.0, 250
#: Of a page that is not the last of its part at most this share is blank at the foot.
BLANK = 0.35


@dataclass(frozen=True)
class Letter:
    """One printed letter: its box and baseline in points from the lower left corner, its size and font."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    base: float
    size: float
    font: str
    upright: bool = True
    #: Number by which the tags of the page know what the letter belongs to; -1 for what no tag holds.
    marked: int = -1
    #: Which piece of text it was written with.
    piece: int = 0

    @property
    def bold(self) -> bool:
        return "Semi" in self.font or "Bold" in self.font

    def apart_from(self, before: Letter) -> bool:
        """Whether another word begins with this letter than the one before it on the line belongs to."""
        return self.left - before.right > BLANK_SIZES * self.size


@dataclass(frozen=True)
class Line:
    """Letters on one line, from left to right."""

    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """The letters, with a blank where they stand apart."""
        made = ""
        for before, letter in zip((None, *self.letters), self.letters, strict=False):
            made += f" {letter.text}" if before is not None and letter.apart_from(before) else letter.text
        return made

    @property
    def bottom(self) -> float:
        return min(letter.bottom for letter in self.letters)

    @property
    def size(self) -> float:
        return max(letter.size for letter in self.letters)

    @property
    def bold(self) -> bool:
        return all(letter.bold for letter in self.letters)


def lines_of(letters: Iterable[Letter], level: float) -> list[Line]:
    """Lines of letters, from the top: one stands level whose base is lower by less than this, in sizes."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (-one.base, one.left)):
        if rows and rows[-1][0].base - letter.base < level * letter.size:
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return [Line(tuple(sorted(row, key=lambda one: one.left))) for row in rows]


def letters(page: pypdfium2.PdfPage) -> list[Letter]:
    """Every letter that is drawn."""
    text, matrix, made = page.get_textpage(), raw.FS_MATRIX(), []
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    across, up = ctypes.c_double(), ctypes.c_double()
    for place in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, place)
        if code < 33 or code == 160 or 0xD800 <= code < 0xE000:
            continue
        size, upright = raw.FPDFText_GetFontSize(text, place), True
        if raw.FPDFText_GetMatrix(text, place, matrix):
            size *= math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
            upright = abs(matrix.b) < 0.01 * abs(matrix.a)
        raw.FPDFText_GetFontInfo(text, place, buffer, 128, flags)
        font = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
        left, bottom, right, top = text.get_charbox(place)
        raw.FPDFText_GetCharOrigin(text, place, across, up)
        whole = raw.FPDFText_GetTextObject(text, place)
        marked, piece = (
            raw.FPDFPageObj_GetMarkedContentID(whole),
            ctypes.cast(whole, ctypes.c_void_p).value or 0,
        )
        made.append(Letter(chr(code), left, bottom, right, top, up.value, size, font, upright, marked, piece))
    return made


@dataclass(frozen=True)
class Sheet:
    """A page that is read once: its letters, its body's lines, where its last mark stands."""

    page: pypdfium2.PdfPage

    @cached_property
    def letters(self) -> list[Letter]:
        """Every letter of the page."""
        return letters(self.page)

    @cached_property
    def high(self) -> float:
        """Height of the page in points."""
        return float(self.page.get_size()[1])

    @cached_property
    def body(self) -> list[Letter]:
        """Letters that are not of the running lines."""
        ceiling = self.high - HEAD_MM * MM
        return [one for one in self.letters if one.bottom > FOOT_MM * MM and one.top < ceiling]

    @cached_property
    def lines(self) -> list[Line]:
        """Lines of the body, from the top; text in columns that stands level is one line."""
        return lines_of(self.body, level=0.3)

    @cached_property
    def marks(self) -> np.ndarray:
        """Picture of the page without its text, in greys: what a reader sees of its lines, bars, dots and boxes."""
        _ = self.letters  # read before they are hidden: nobody could do so afterwards
        for text in self.page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=6):
            raw.FPDFPageObj_SetIsActive(text, False)
        drawn = self.page.render(scale=PIXELS, grayscale=True).to_numpy()
        return drawn.reshape(drawn.shape[:2])

    @cached_property
    def lowest(self) -> float:
        """How far up from the foot of the page the last thing to be seen of the body stands."""
        ceiling = round(HEAD_MM * MM * PIXELS)
        body = self.marks[ceiling : round((self.high - FOOT_MM * MM) * PIXELS)]
        inked = np.flatnonzero((body < SEEN).any(axis=1))
        ends = [one.bottom for one in self.body]
        ends += [self.high - (ceiling + inked[-1] + 1) / PIXELS] if len(inked) else []
        return float(min(ends, default=self.high - HEAD_MM * MM))

    @property
    def blank(self) -> float:
        """Share of the body that is blank below its last mark."""
        return (self.lowest - MARGIN_MM * MM) / (self.high - 2 * MARGIN_MM * MM)

    @property
    def too_small(self) -> dict[float, str]:
        """Texts that are smaller than a reader can be asked to read, by size."""
        found: dict[float, str] = {}
        for letter in self.letters:
            if letter.size < LEAST_PT - 0.05 and not letter.font.startswith(FORMULA_FONTS):
                size = round(letter.size, 1)
                found[size] = found.get(size, "") + letter.text
        return found

    @property
    def lonely_heading(self) -> str:
        """The heading at the foot of the page with fewer than two lines below it; empty where there is none."""
        for line in self.lines[-2:]:
            below = self.lines[self.lines.index(line) + 1 :]
            if (
                is_heading(line)
                and not any(is_heading(one) for one in below)
                and self.lowest > line.bottom - 3 * line.size
            ):
                return line.text
        return ""


@cache
def _captions() -> re.Pattern[str]:
    said = "|".join(re.escape(words(lang)[kind]) for lang in ("id", "en") for kind in ("figure", "table"))
    return re.compile(rf"({said})(\d+)")


def captions(page: Sheet) -> list[tuple[str, int]]:
    """What is counted on a page, from its top: kind and number of each caption."""
    found = []
    for line in page.lines:
        bold = itertools.takewhile(lambda one: one.bold, line.letters)
        if match := _captions().fullmatch("".join(letter.text for letter in bold)):
            found.append((match[1], int(match[2])))
    return found


def out_of_order(pages: list[Sheet]) -> Iterator[tuple[int, str]]:
    """Captions that stand above one of a lower number, with their pages."""
    counted: dict[str, list[tuple[int, int]]] = {}
    for at, page in enumerate(pages, 1):
        for kind, n in captions(page):
            counted.setdefault(kind, []).append((at, n))
    for kind, places in counted.items():
        for (at, before), (_, after) in pairwise(places):
            if after <= before:
                yield at, f"{kind} {before} stands above {kind} {after}"


def is_heading(line: Line) -> bool:
    """Whether a line is a heading: larger than text, and bold throughout."""
    return line.bold and line.size > 10.0


def sheets(path: Path) -> list[Sheet]:
    """The pages of a file."""
    return [Sheet(page) for page in pypdfium2.PdfDocument(path)]


def wrong(path: Path) -> Iterator[str]:
    """What is wrong with the pages of a file, in words."""
    for number, said in faults(sheets(path)):
        yield f"{path.name}, page {number}: {said}"


def faults(pages: list[Sheet]) -> Iterator[tuple[int, str]]:
    """What is wrong with pages, each with its number."""
    yield from out_of_order(pages)
    for number, page in enumerate(pages, 1):
        for size, text in page.too_small.items():
            yield number, f"{size} pt: {text[:60]}"
        following = pages[number].lines if number < len(pages) else []
        ends_part = bool(following) and is_heading(following[0]) and following[0].size > 12.5
        if heading := page.lonely_heading:
            yield number, f"nothing under the heading {heading!r}"
        if page.blank > BLANK and not ends_part and number < len(pages):
            yield number, f"{page.blank:.0%} blank"
