"""The PDF says what the HTML says: every sentence and every row of the one stands in the other.

So whatever the gate holds of the HTML holds of the PDF. White space is left out on both sides, and a page
break may fall inside a passage.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from tests.gate.context import Failure
from tests.gate.page import Page, Passage

COMPARED = ("head", "fact", "sentence", "row", "note", "bullet", "title")
#: Letters of a sheet's foot that are enough to know it by.
FOOT = 16
_BLANK = re.compile(r"[\s\u00a0\u00ad\u200b-\u200d\ufeff\ufffe\u0002-]+")


def text_of(path: Path) -> list[str]:
    """Text of every page of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return [document[i].get_textpage().get_text_range() for i in range(len(document))]
    finally:
        document.close()


def check(page: Page) -> Iterator[Failure]:
    """Passages of a page's HTML that its PDF does not have."""
    path = page.path.with_suffix(".pdf") if page.path else None
    if path is None or not path.is_file():
        return
    yield from missing(page, text_of(path))


def missing(page: Page, sheets: list[str]) -> Iterator[Failure]:
    """Passages that stand on no sheet, and over no break between two."""
    packed = [_packed(s) for s in sheets]
    whole = "\n".join(packed)
    for passage in page.of(*COMPARED):
        if (passage.place in ("", "answers") and _quoted(passage)) or _footer(passage):
            continue
        pieces = (
            [_packed(c) for c in passage.cells]
            if passage.kind in ("row", "fact")
            else [_packed(passage.text)]
        )
        lost = [p for p in pieces if p and p not in whole and not _over_break(p, packed)]
        if lost:
            yield Failure("pdf-says-something-else", f"{page.name}.{page.lang}", passage.text, lost[0][:80])


def _packed(text: str) -> str:
    return _BLANK.sub("", text).lower()


def _quoted(passage: Passage) -> bool:
    return (passage.kind == "bullet" and passage.text[:1] in "“\"'") or passage.place == "answers"


def _footer(passage: Passage) -> bool:
    """The page's foot and its notice, which a sheet sets in its own words."""
    return ("skm-pipeline" in passage.text and "data " in passage.text) or (
        not passage.section and "·" in passage.text
    )


def _over_break(piece: str, packed: list[str]) -> bool:
    """Whether a passage begins on one sheet and ends on the next."""
    for one, other in itertools.pairwise(packed):
        # Not the longest beginning alone: the sheet's foot may begin with the very letter that follows the break.
        if any(piece[:cut] in one and piece[cut:] in other for cut in range(4, len(piece))):
            return True
        # A beginning of one short word counts right above the foot, which both sheets have.
        if any(_above_foot(piece[:cut], one, other) and piece[cut:] in other for cut in range(1, 4)):
            return True
    return False


def _above_foot(start: str, one: str, other: str) -> bool:
    """Whether these letters stand on a sheet right before what stands at the foot of the next one, too."""
    ends = [found.end() for found in re.finditer(re.escape(start), one)]
    return any(len(one) >= end + FOOT and one[end : end + FOOT] in other for end in ends)
