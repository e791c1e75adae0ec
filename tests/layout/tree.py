"""What is wrong with a report before it is laid out: names cut alike, empty columns, the same numbers shown twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape

from pipeline.render.content import Report, _walk

_TEXT = re.compile(r"<text\b[^>]*>(.*?)</text>", re.S)
_NUMBER = re.compile(r"[−-]?\d+(?:\.\d{3})*,\d+")
# What of a finished page is looked at: where a figure or table begins, its drawings, its rows.
_SHOWN = re.compile(
    r"""<(?P<kind>h2|svg|table)\b(?P<within>[^>]*>.*?)</(?P=kind)>"""
    r"""|<(?P<begins>figure|div) class="float[^"]*" id="(?P<id>[^"]+)">""",
    re.S,
)
_ROW, _CELL = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.S), re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.S)
#: What a cell holds where there is nothing to say.
EMPTY = ("", "–", "-", "−")
#: So much of the numbers of both are the same where a figure and a table show one thing twice.
ALIKE = 0.95
#: Fewer numbers than this may well be said in both.
FEW = 6


def _plain(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", text)).replace("\u00a0", " ").strip()


def labels(svg: str) -> list[str]:
    """Texts of a drawing."""
    return [_plain(found) for found in _TEXT.findall(svg)]


def cut_alike(svg: str) -> list[str]:
    """Cut names that stand in a drawing more than once: a reader cannot tell them apart."""
    counts = Counter(text for text in labels(svg) if "…" in text)
    return [text for text, times in counts.items() if times > 1]


def empty_columns(table: dict) -> list[str]:
    """Columns with a heading and nothing below it; one row alone may lack what others have."""
    rows = [*table["rows"], *table.get("footer_rows", ())]
    if len(table["rows"]) < 2:
        return []
    return [
        column["label"]
        for at, column in enumerate(table["columns"])
        if all(str(row[at]).strip() in EMPTY for row in rows)
    ]


def shown_twice(figure: dict, table: dict) -> bool:
    """Whether a figure prints just the numbers of a table: each has nearly all of the other's."""
    drawn = Counter(number for text in labels(figure["svg"]) for number in _NUMBER.findall(text))
    listed = Counter(number for row in table["rows"] for cell in row for number in _NUMBER.findall(str(cell)))
    if drawn.total() < FEW or listed.total() < FEW:
        return False
    both = (drawn & listed).total()
    return both >= ALIKE * drawn.total() and both >= ALIKE * listed.total()


def cut_cells(table: dict) -> list[str]:
    """Cut names of a table's first column that stand in it more than once."""
    counts = Counter(str(row[0]) for row in table["rows"] if "…" in str(row[0]))
    return [text for text, times in counts.items() if times > 1]


def of_page(html: str) -> Iterator[dict]:
    """Headings, figures and tables of a finished page, as blocks: what is printed has the same ones."""
    key = ""
    for found in _SHOWN.finditer(html):
        kind, within = found["kind"], found["within"] or ""
        if kind is None:
            key = found["id"]
        elif kind == "h2":
            yield {"type": "heading", "level": 2, "text": _plain(within.partition(">")[2])}
        elif kind == "svg":
            narrow = f'aria-labelledby="{key}-n-alt"' in within.partition(">")[0]
            yield {
                "type": "figure",
                "key": key,
                "svg": "" if narrow else within,
                "narrow": within if narrow else "",
            }
        else:
            head, _, body = within.partition("</thead>")
            cells = [[_plain(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(body)]
            wide = max(map(len, cells), default=0)
            labels = [_plain(cell) for cell in _CELL.findall(_ROW.findall(head)[-1])]
            labels += [""] * (wide - len(labels))
            rows = [row for row in cells if len(row) == wide > 1]
            yield {
                "type": "table",
                "key": key,
                "columns": [{"label": label} for label in labels[:wide]],
                "rows": rows,
            }


def wrong(report: Report) -> Iterator[str]:
    """What is wrong with the blocks of a report, in words."""
    return faults(_walk(report.blocks))


def faults(blocks: Iterable[dict]) -> Iterator[str]:
    """What is wrong with blocks, in words."""
    part, figures, tables = "", [], []
    for block in [*blocks, {"type": "heading", "level": 2, "text": ""}]:
        if block["type"] == "heading" and block["level"] <= 2:
            for figure in figures:
                for table in tables:
                    if shown_twice(figure, table):
                        yield f"{part}: figure {figure['key']} and table {table['key']} show the same numbers"
            part, figures, tables = block["text"], [], []
        elif block["type"] == "figure":
            figures.append(block)
            for svg in (block["svg"], block.get("narrow") or ""):
                for name in cut_alike(svg):
                    yield f"{part}: figure {block['key']}: two names are cut to {name!r}"
        elif block["type"] == "table":
            tables.append(block)
            for name in empty_columns(block):
                yield f"{part}: table {block['key']}: the column {name!r} is empty"
            for name in cut_cells(block):
                yield f"{part}: table {block['key']}: two names are cut to {name!r}"
