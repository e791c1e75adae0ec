"""A questionnaire of many items in parts: several figures or tables that each fit a page, each saying which it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline import blocks

if TYPE_CHECKING:
    from pipeline.words import Words

#: So many rows of a figure fit a page and a telephone.
MOST_ROWS = 24
#: So many columns of single answers or values fit the width of a page.
MOST_COLUMNS = 20
#: Width of a letter of a compact table's heading and of the space between two columns, mm; codes as short as
#: this (U14) never need more room than their numbers.
LETTER_MM, GAP_MM, SHORT = 1.45, 2.6, 5
#: A matrix of more items than this is no longer read: its extremes are listed instead.
MOST_MAPPED = 20
#: So many pairs are listed from either end.
EXTREMES = 10


def chunks(count: int, most: int = MOST_ROWS) -> list[slice]:
    """Cut so many rows or columns into as few parts as fit a page each, of sizes as equal as can be.

    Examples
    --------
    >>> [(part.start, part.stop) for part in chunks(46)]
    [(0, 23), (23, 46)]
    >>> [(part.start, part.stop) for part in chunks(9)]
    [(0, 9)]
    """
    figures = -(-count // most)
    ends = [round(count * place / figures) for place in range(figures + 1)]
    return [slice(start, stop) for start, stop in pairwise(ends)]


def columns_that_fit(codes: Sequence[str], room_mm: float, least: int = 14) -> int:
    """How many columns of a compact table fit beside one another, by the longest of their headings.

    Examples
    --------
    >>> columns_that_fit(["U1", "U14"], 150.0), columns_that_fit(["responsive1"], 150.0, 6)
    (20, 8)
    """
    longest = max(map(len, codes), default=1)
    room = int(room_mm / (LETTER_MM * longest + GAP_MM))
    return max(least if longest <= SHORT else min(least, 6), min(MOST_COLUMNS, room))


def part_of(w: Words, caption: str, place: int, parts: int) -> str:
    """Add to a caption which part of how many this figure or table is; nothing of an only one."""
    if parts < 2:
        return caption
    said = w("common.part", part=w.integer(place + 1), parts=w.integer(parts))
    return f"{caption.removesuffix('.')} ({said})" + ("." if caption.endswith(".") else "")


def keyed(key: str, place: int) -> str:
    """Key of a part: the first keeps the whole's.

    Examples
    --------
    >>> keyed("answers", 0), keyed("answers", 1)
    ('answers', 'answers-2')
    """
    return key if place == 0 else f"{key}-{place + 1}"


def extremes(w: Words, pairs: Sequence[tuple[float, str, str]], key: str) -> Any:
    """List the pairs that go together most and least, where a matrix of all would not be read.

    Parameters
    ----------
    w : Words
    pairs : sequence of (correlation, item, item)
        Names as printed.
    key : str
        Of the table.
    """
    ordered = sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))
    shown = ordered if len(ordered) <= 2 * EXTREMES else [*ordered[:EXTREMES], *ordered[-EXTREMES:]]
    return blocks.table(
        blocks.columns(
            w, one=("common.pairs.one", "2fr"), other=("common.pairs.other", "2fr"), r="common.pairs.r"
        ),
        [[one, other, w.number(value)] for value, one, other in shown],
        caption=w("common.pairs.caption", count=w.integer(len(shown)), all=w.integer(len(ordered))), key=key,
        compact=True, row_header=False,
    )  # fmt: skip
