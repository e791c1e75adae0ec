"""How wide the columns of a printed table are, where its headings fold, and whether it may break over pages."""

from __future__ import annotations

import math
from typing import Any

from pipeline.render.theme import theme

Block = dict[str, Any]

#: A table of more rows may break.
SHORT_TABLE = 13
#: From here on measuring the cells of a table is felt.
LONG_TABLE = 60
#: A heading of more letters may fold; the width of a letter in sizes, of short texts and of long ones.
LONG_HEAD, LETTER, OF_LONG = 12, 0.56, 0.52
#: White beside the text of a column, and on both sides of a row with its first line, in points and sizes.
BESIDE, ROW = 8.0, 1.5
#: Letters of a line of a note.
ONE_NOTE = 130
#: Of the height of a page: what moves to the next one as a whole leaves no more of this one blank.
WHOLE = 0.33


def _wide() -> float:
    """Width of the text of a page in points."""
    page = theme()["page"]
    return float(page["width_mm"] - 2 * page["margin_mm"]) * 72 / 25.4


def may_break(columns: list[Block], rows: list[list[str]], size: float, said: int = 0) -> bool:
    """Whether a table may stand on two pages: of many rows, or higher than a page can be left blank.

    Parameters
    ----------
    columns, rows
        What stands in it, its footer among the rows.
    size
        Of its letters, in points.
    said
        Letters of its caption and of the note below it.

    Examples
    --------
    >>> columns = [{"label": "unsur"}, {"label": "quadrant"}, {"label": "n", "numeric": True}]
    >>> may_break(columns, [["U1 Procedure", "low", "9"]] * 9, 8.5, 700)
    False
    >>> may_break(columns, [["U1 Procedure", "not certain; " * 14, "9"]] * 9, 8.5, 700)
    True
    """
    if len(rows) > SHORT_TABLE:
        return True
    lines = folds(columns, rows, size)
    high = sum(size * (ROW + 1.02 * (line - 1)) for line in lines)
    # Caption, headings, and a note of small letters under it.
    high += 3.5 * size + 10 * (1 + said // ONE_NOTE)
    page = theme()["page"]
    return high > WHOLE * (page["height_mm"] - 42) * 72 / 25.4


def folds(columns: list[Block], rows: list[list[str]], size: float) -> list[int]:
    """About how many lines each row fills, where columns of words share what the others leave.

    Examples
    --------
    >>> folds([{"label": "unsur"}, {"label": "n", "numeric": True}], [["U1", "9"], ["words and " * 20, "9"]], 8.5)
    [1, 2]
    """
    shares = widths(columns, rows)
    letter = OF_LONG * size
    made = heads(columns, rows, shares, size)
    auto = [
        max([len(row[at]) * letter for row in rows] + [made[at] or len(column["label"]) * letter])
        for at, column in enumerate(columns)
    ]
    left = _wide() - BESIDE * (len(columns) - 1)
    left -= sum(wide for wide, share in zip(auto, shares, strict=True) if not share)
    room = [max(left * share / (sum(shares) or 1), 4 * letter) for share in shares]
    return [
        max(
            math.ceil(len(cell) * letter / room[at]) if shares[at] and cell else 1
            for at, cell in enumerate(row)
        )
        for row in rows
    ]


def long_words(*texts: str) -> bool:
    """Whether texts are so long that their block must be allowed to break over pages."""
    return sum(map(len, texts)) > 1500


def text_size(block: Block) -> float:
    """Type size of a table: smaller for many columns, so that annex tables fit the page."""
    count = len(block["columns"])
    if block.get("compact") or count > 12:
        return 7.0
    return 7.5 if count > 9 else 8.5


def widths(columns: list[Block], rows: list[list[str]]) -> list[float]:
    """Share of the free width for each column; 0 means as wide as its content.

    Numbers and short codes are as wide as their content, text columns share what is left.
    """
    shares: list[float] = []
    longest: list[int] = []
    for at, column in enumerate(columns):
        seen = max([len(row[at]) for row in rows] or [0])
        longest.append(0 if column.get("numeric") else max(seen, len(column["label"])))
        wish = column.get("width")
        if wish and wish != "auto":
            shares.append(float(wish[:-2]))
        elif wish == "auto" or column.get("numeric") or longest[-1] <= 12:
            shares.append(0.0)
        else:
            shares.append(round(max(12, min(longest[-1], 60)) / 12, 2))
    # Something must take up the free width, or the rules would be shorter than the text.
    if not any(longest):
        return [0.0] + [1.0] * (len(columns) - 1) if len(columns) > 1 else [1.0]
    if not any(shares):
        shares[max(range(len(columns)), key=lambda at: longest[at])] = 1.0
    return shares


def heads(columns: list[Block], rows: list[list[str]], shares: list[float], size: float) -> list[float]:
    """Width in points for the headings of columns as wide as their content; 0 where a heading takes what it likes.

    A heading much longer than the numbers below it would take the width that a column of words needs, whose cells
    would then stand in a line a word. It folds, into three lines at most, where not everything fits beside it.

    Examples
    --------
    >>> columns = [{"label": "unsur"}, {"label": "share of the sum's variance", "numeric": True}] * 3
    >>> heads(columns, [["U1 Procedure", "15 %"] * 3], [1.0, 0.0] * 3, 8.5)
    [0.0, 70.7, 0.0, 70.7, 0.0, 70.7]
    >>> heads(columns[:2], [["U1 Procedure", "15 %"]], [1.0, 0.0], 8.5)
    [0.0, 0.0]
    """
    free = _wide() - BESIDE * (len(columns) - 1)
    letter = LETTER * size
    below = [letter * max([len(row[at]) for row in rows] or [0]) for at in range(len(columns))]
    made = [0.0] * len(columns)
    for lines in (1, 2, 3):
        taken = [head or letter * len(c["label"]) for head, c in zip(made, columns, strict=True)]
        if sum(map(max, taken, below)) <= free:
            break
        for at, column in enumerate(columns):
            label = column["label"]
            if not shares[at] and lines > 1 and len(label) > LONG_HEAD and letter * len(label) > below[at]:
                longest = max(map(len, label.split()), default=0)
                made[at] = round(letter * max(longest + 1, 1.1 * len(label) / lines), 1)
    return made


def lean(columns: list[Block], rows: list[list[str]], size: float) -> float:
    """Width in points of the first column of a long table of short numbers; 0 where it must be measured.

    Measuring every cell of an annex table is most of the time a report's PDF takes. Where each
    cell is plainly narrower than its share of the page, columns and rows can be fixed.

    Examples
    --------
    >>> lean([{"label": "U1", "numeric": True}] * 9, [["4"] * 9] * 99, 7.5)
    17.9
    >>> lean([{"label": "U1", "numeric": True}] * 9, [["4"] * 9] * 9, 7.5)
    0.0
    """
    others = len(columns) - 1
    if len(rows) <= LONG_TABLE or others < 1 or not all(column.get("numeric") for column in columns):
        return 0.0
    drawn = [[column["label"] for column in columns], *rows]
    if not all(text.isascii() for row in drawn for text in row):
        return 0.0
    # The widest of bold letters, and the white beside them.
    first = 0.66 * size * max(len(row[0]) for row in drawn) + 8
    each = 0.66 * size * max(len(text) for row in drawn for text in row[1:]) + 8
    free = _wide()
    return round(first, 2) if first + others * each <= free else 0.0
