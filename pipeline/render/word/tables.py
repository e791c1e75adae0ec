"""Tables in Word: editable, with header rows that repeat and rows that do not break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.render.table_room import text_size
from pipeline.render.theme import theme
from pipeline.render.word.runs import attribute, looks, paragraph, run

Block = dict[str, Any]
#: Twentieths of a point of the text's width on A4.
TEXT_WIDTH = 9638
#: Twentieths of a point that a letter takes, by the size of the text in points.
LETTER = 12.5
#: Letters beyond which a column is no wider, and twentieths of a point at both sides of a cell.
MOST_LETTERS, MARGINS = 30, 170


def table(block: Block, rows: Sequence[Sequence[str]], footer: Sequence[Sequence[str]], clean: Any) -> str:
    """Write a table of cleaned rows.

    Parameters
    ----------
    block
        The table's block.
    rows, footer
        Its rows and the lines under them, cleaned.
    clean
        Cleans a text.
    """
    columns = block["columns"]
    size = text_size(block)
    labels = [clean(column["label"]) for column in columns]
    grid = shares(columns, labels, [*rows, *footer], size)
    strong, accents = set(block.get("strong_rows", ())), {tuple(c) for c in block.get("accent_cells", ())}
    langs: dict[int, dict[int, str]] = {}
    for number, at, lang in block.get("langs", ()):
        langs.setdefault(number, {})[at] = lang
    body = [_head_groups(columns, grid, size, clean), _row(labels, columns, grid, size, header=True)]
    for number, cells in enumerate(rows):
        warm = {at for at in range(len(cells)) if (number, at) in accents}
        body.append(
            _row(cells, columns, grid, size, bold=number in strong, warm=warm, langs=langs.get(number, {}))
        )
    body += [_row(cells, columns, grid, size, bold=True) for cells in footer]
    first = 1 if block.get("row_header", True) else 0
    drawn = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>'
        f'<w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="{first}" w:lastColumn="0" w:noHBand="1" '
        'w:noVBand="1"/>'
        f'<w:tblCaption w:val="{attribute(clean(block["caption"]))}"/></w:tblPr>'
        f"<w:tblGrid>{drawn}</w:tblGrid>{''.join(body)}</w:tbl>"
    )


def shares(
    columns: Sequence[Block], labels: Sequence[str], rows: Sequence[Sequence[str]], size: float
) -> list[int]:
    """Width of each column: its longest word at least, a number whole; what is left goes where text is long.

    Examples
    --------
    >>> columns = [{"label": "n", "numeric": True}, {"label": "x", "width": "1fr"}]
    >>> sum(shares(columns, ["n", "x"], [["100", "a text"]], 8.5)) == TEXT_WIDTH
    True
    """
    least, wish = [], []
    for at, (column, label) in enumerate(zip(columns, labels, strict=True)):
        texts = [row[at] for row in rows] or [""]
        longest = max(map(len, texts))
        words = max(len(word) for text in texts for word in text.split(" "))  # a hard space keeps together
        heads = round(1.2 * max(len(word) for word in label.split(" ")))  # bold
        narrow = max(2, words, heads, longest if column.get("numeric") else 0)
        least.append(round(LETTER * size * min(narrow, MOST_LETTERS)) + MARGINS)
        wish.append(round(LETTER * size * min(max(narrow, longest), 2 * MOST_LETTERS)) + MARGINS)
    room = TEXT_WIDTH - sum(least)
    if room <= 0:
        return _exactly([round(width * TEXT_WIDTH / sum(least)) for width in least])
    more = [w - n for w, n in zip(wish, least, strict=True)]
    # Where everything has its wish, all columns grow alike: the rules run over the whole width.
    parts = more if sum(more) > room else [w + m for w, m in zip(wish, more, strict=True)]
    return _exactly([n + round(room * part / sum(parts)) for n, part in zip(least, parts, strict=True)])


def _exactly(grid: list[int]) -> list[int]:
    """The widths with the rest of rounding in the widest column."""
    at = max(range(len(grid)), key=lambda place: grid[place])
    return [width + (TEXT_WIDTH - sum(grid) if place == at else 0) for place, width in enumerate(grid)]


def _head_groups(columns: Sequence[Block], grid: Sequence[int], size: float, clean: Any) -> str:
    """Write the row of headings that stand over several columns; nothing where there is none."""
    if not any(column.get("group") for column in columns):
        return ""
    cells: list[tuple[str, int, int]] = []
    for column, width in zip(columns, grid, strict=True):
        label = clean(column.get("group") or "")
        if cells and label and cells[-1][0] == label:
            cells[-1] = (label, cells[-1][1] + 1, cells[-1][2] + width)
        else:
            cells.append((label, 1, width))
    centred = '<w:jc w:val="center"/>'
    shown = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{span}"/></w:tcPr>'
        f"{paragraph(run(label, _size(size)), 'TableHead', centred)}</w:tc>"
        for label, span, width in cells
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{shown}</w:tr>"


def _row(
    cells: Sequence[str],
    columns: Sequence[Block],
    grid: Sequence[int],
    size: float,
    *,
    header: bool = False,
    bold: bool = False,
    warm: set[int] | frozenset[int] = frozenset(),
    langs: Mapping[int, str] | None = None,
) -> str:
    style, made = "TableHead" if header else "TableText", []
    for at, (text, column, width) in enumerate(zip(cells, columns, grid, strict=True)):
        colour = theme()["light"]["warm"].lstrip("#") if at in warm else ""
        look = looks(["strong"] if bold or at in warm else [], colour) + _size(size)
        side = '<w:jc w:val="right"/>' if column.get("numeric") else ""
        shown = paragraph(run(text, look, (langs or {}).get(at, "")), style, side)
        made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{shown}</w:tc>')
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{''.join(made)}</w:tr>"


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
