"""Tables and figures in HTML: captions, scopes, alt text, ids that cannot collide, sideways scrolling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any, Protocol

from pipeline.render.characters import Cleaner
from pipeline.render.theme import RenderError

Block = dict[str, Any]
#: Columns whose cells are names of pages: a unit's report, or where evidence stands.
LINKED = ("unit", "where")
#: A longer table stays one that scrolls: nobody reads as many cards.
MOST_CARDS = 60


class Writer(Protocol):
    """What tables and figures need of the writer of a page."""

    @property
    def words(self) -> Mapping[str, str]:
        """Words of the report's language."""

    @property
    def clean(self) -> Cleaner:
        """Takes out what no document may hold."""

    def text(self, value: object) -> str:
        """Text, escaped and cleaned."""

    def link(self, name: str) -> str:
        """Address of the report of the unit of this name; empty where there is none."""


def numbered(block: Block, kind: str, writer: Writer) -> str:
    """Write the caption with its number, such as "Tabel 3 · ..."."""
    number = f"{writer.words[kind]} {block['number']}"
    return f'<b class="number">{escape(number)}</b> {writer.text(block["caption"])}'


def table(block: Block, writer: Writer) -> str:
    """Write a table inside a region that can be focused and scrolled when the screen is narrow."""
    columns = block["columns"]
    # A class per column would need one rule per table; a class per cell costs 8 bytes in 6,000 cells.
    numeric = [bool(c.get("numeric")) for c in columns]
    accents = {tuple(cell) for cell in block.get("accent_cells", ())}
    bold = set(block.get("strong_rows", ()))
    named = {at for at, column in enumerate(columns) if column["key"] in LINKED}
    wide = wordy(columns, block["rows"])
    # A first column of names of some length must not be squeezed by what stands beside it.
    named_rows = max([len(row[0]) for row in block["rows"]] or [0]) > 20
    head = _head(columns, writer, wide, named_rows)
    cards = as_cards(columns, block["rows"], wide)
    spoken: dict[int, dict[int, str]] = {}
    for index, at, lang in block.get("langs", ()):
        spoken.setdefault(index, {})[at] = f' lang="{writer.text(lang)}"'
    says = [f' data-l="{writer.text(c["label"])}"' if cards and c["label"].strip() else "" for c in columns]
    rows = [
        _row(cells, numeric, block.get("row_header", True), writer, index in bold,
             {c for r, c in accents if r == index}, named, says, spoken.get(index, {}))
        for index, cells in enumerate(block["rows"])
    ]  # fmt: skip
    if not rows:
        rows = [f'<tr><td colspan="{len(columns)}" class="empty">{escape(writer.words["empty"])}</td></tr>']
    foot = "".join(
        _row(cells, numeric, block.get("row_header", True), writer, True, set(), set(), says, {})
        for cells in block.get("footer_rows", ())
    )
    label = f"{writer.words['scroll-table']}: {block['caption']}"
    classes = " compact" if block.get("compact") or len(columns) > 9 else ""
    classes += " cards" if cards else ""
    note = f'<p class="note">{writer.text(block["note"])}</p>' if block.get("note") else ""
    return (
        f'<div class="float" id="{block["anchor"]}"><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{writer.text(label)}"><table class="data{classes}">'
        f"<caption><span>{numbered(block, 'table', writer)}</span></caption><thead>{head}</thead>"
        f"<tbody>{''.join(rows)}</tbody>{f'<tfoot>{foot}</tfoot>' if foot else ''}</table></div>{note}</div>"
    )


def wordy(columns: list[Block], rows: list[list[str]]) -> set[int]:
    """Columns of sentences: on a telephone they keep a readable width and the table scrolls."""
    return {
        at for at, column in enumerate(columns)
        if not column.get("numeric") and max([len(row[at]) for row in rows] or [0]) > 45
    }  # fmt: skip


def as_cards(columns: list[Block], rows: list[list[str]], wide: set[int]) -> bool:
    """Whether the rows become cards on a telephone: sentences and three columns more do not fit beside each other.

    Examples
    --------
    >>> columns = [{"label": "no"}, {"label": "action"}, {"label": "due"}, {"label": "state"}]
    >>> as_cards(columns, [["1", "Open a second counter", "May", "open"]], {1})
    True
    >>> as_cards(columns[:2], [["1", "Open a second counter"]], {1})
    False
    """
    plain = not any(column.get("group") for column in columns)
    return bool(wide - {0}) and plain and 4 <= len(columns) <= 9 and len(rows) <= MOST_CARDS


def _head(columns: list[Block], writer: Writer, wide: set[int], names: bool) -> str:
    room = {id(columns[at]): "w" for at in wide}
    if names and not columns[0].get("numeric"):
        room.setdefault(id(columns[0]), "t")

    def label(column: Block, span: str = "") -> str:
        # A long heading over numbers, which would else stand in as many lines as it has words.
        long = " l" if len(column["label"]) > 20 else ""
        kind = f"n{long}" if column.get("numeric") else room.get(id(column), "")
        cls = f' class="{kind}"' if kind else ""
        # An empty header cell is announced as nothing; a td says it heads nothing.
        if not column["label"].strip():
            return f"<td{span}></td>"
        text = column["label"]
        # "1 %" must not break between number and sign.
        text = text.replace(" ", "\u00a0") if len(text) <= 6 else text
        return f'<th scope="col"{span}{cls}>{writer.text(text)}</th>'

    if not any(c.get("group") for c in columns):
        return f"<tr>{''.join(label(c) for c in columns)}</tr>"
    top: list[str] = []
    low: list[str] = []
    at = 0
    while at < len(columns):
        group = columns[at].get("group") or ""
        end = at + 1
        while group and end < len(columns) and columns[end].get("group") == group:
            end += 1
        if group:
            top.append(f'<th scope="colgroup" colspan="{end - at}" class="g">{writer.text(group)}</th>')
            low.extend(label(c) for c in columns[at:end])
        else:
            top.append(label(columns[at], ' rowspan="2"'))
        at = end
    return f"<tr>{''.join(top)}</tr><tr>{''.join(low)}</tr>"


def _row(
    cells: list[str],
    numeric: list[bool],
    header: bool,
    writer: Writer,
    bold: bool,
    accents: set[int],
    named: set[int],
    says: list[str],
    spoken: Mapping[int, str],
) -> str:
    out = []
    for at, cell in enumerate(cells):
        names = ("n" if numeric[at] else "") + (" hit" if at in accents else "")
        cls = f' class="{names.strip()}"' if names else ""
        text = writer.text(cell)
        if at in named and (address := writer.link(cell)):
            text = f'<a href="{writer.text(address)}">{text}</a>'
        cls += spoken.get(at, "") if spoken else ""
        out.append(
            f'<th scope="row"{cls}{says[at]}>{text}</th>'
            if header and at == 0 and text.strip()
            else f"<td{cls}{says[at]}>{text}</td>"
        )
    return f'<tr class="strong">{"".join(out)}</tr>' if bold else f"<tr>{''.join(out)}</tr>"


def figure(block: Block, writer: Writer) -> str:
    """Write a figure: title and caption above, drawing on a light card, reading columns below."""
    anchor = block["anchor"]
    title = f"<strong>{writer.text(block['title'])}</strong>" if block.get("title") else ""
    caption = f"<figcaption>{title}<span>{numbered(block, 'figure', writer)}</span></figcaption>"
    narrow = block.get("narrow") or ""
    cls = "card wide" if narrow else "card"
    drawing = drawn(block["svg"], anchor, block["alt"], writer)
    label = writer.text(f"{writer.words['scroll-figure']}: {block['caption']}")
    body = f'<div class="{cls} scroll" tabindex="0" role="region" aria-label="{label}">{drawing}</div>'
    if narrow:
        body += f'<div class="card narrow">{drawn(narrow, f"{anchor}-n", block["alt"], writer)}</div>'
    reading = ""
    if block.get("reading"):
        items = "".join(
            f"<div><dt>{writer.text(r['label'])}</dt><dd>{writer.text(r['text'])}</dd></div>"
            for r in block["reading"]
        )
        reading = f'<dl class="reading">{items}</dl>'
    note = f'<p class="note">{writer.text(block["note"])}</p>' if block.get("note") else ""
    return f'<figure class="float" id="{anchor}">{caption}{body}{reading}{note}</figure>'


def photo(block: Block, writer: Writer) -> str:
    """Write a photo with its caption; base64 holds no character that means anything in HTML."""
    size = f'width="{int(block["width"])}" height="{int(block["height"])}"'
    jpeg = re.sub(r"[^A-Za-z0-9+/=]", "", block["jpeg"])
    spoken = f' lang="{writer.text(block["lang"])}"' if block.get("lang") else ""
    return (
        f'<figure class="float photo" id="{block["anchor"]}"><figcaption><span>{numbered(block, "figure", writer)}'
        f'</span></figcaption><img {size}{spoken} alt="{writer.text(block["alt"])}" '
        f'src="data:image/jpeg;base64,{jpeg}"></figure>'
    )


_ID = re.compile(r'\b(id|aria-labelledby)="([^"]+)"')
_USE = re.compile(r"(href=\"#|url\(#)")
_DANGER = re.compile(
    r"<\s*(script|foreignObject|iframe|image|style)\b|<[^>]*\s(on\w+\s*=|href\s*=\s*[\"'](?!#))", re.I
)
_SIZE = re.compile(r'\s(?:width|height)="[^"]*"')
_OPEN = re.compile(r"<svg\b([^>]*)>", re.S)
_TEXT = re.compile(r">([^<>]+)<")
_NAMESPACES = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


def drawn(svg: str, anchor: str, alt: str, writer: Writer) -> str:
    """Inline an SVG: ids get the figure's name as prefix, the root its role and words.

    Two matplotlib figures share ids ("p1a2b" for the same clip path), and in one page the second would use
    the first one's shape.
    """
    if _DANGER.search(svg):
        raise RenderError(
            f"the figure {anchor!r} holds something that could load or run; make it with blocks.figure"
        )
    prefix = f"{anchor}-"
    start = svg.index("<svg")
    head = _OPEN.match(svg, start)
    if head is None:
        raise ValueError("not an SVG")
    wide, high = view(head.group(1))
    body = svg[head.end() :]
    body = re.sub(r"<[^>]+>", lambda t: _prefix(t.group(), prefix), body)
    body = _TEXT.sub(lambda t: f">{_readable(t.group(1), writer)}<", body)
    rest = _NAMESPACES.sub("", _SIZE.sub("", re.sub(r'\sversion="[^"]*"', "", head.group(1))))
    if "viewBox" not in rest:
        rest += f' viewBox="0 0 {wide:g} {high:g}"'
    style = re.search(r'\sstyle="([^"]*)"', rest)
    rest = rest.replace(style.group(), "") if style else rest
    # --w is the drawing's natural width: on a telephone it scrolls instead of shrinking to nothing.
    look = f"--w:{wide:.0f}px;{style.group(1) if style else ''}"
    title = f"{prefix}alt"
    return (
        f'<svg{rest} style="{look}" role="img" aria-labelledby="{title}">'
        f'<title id="{title}">{writer.text(alt)}</title>{body}'
    )


def _prefix(tag: str, prefix: str) -> str:
    return _USE.sub(rf"\g<1>{prefix}", _ID.sub(rf'\g<1>="{prefix}\g<2>"', tag)).replace("xlink:href", "href")


def _readable(text: str, writer: Writer) -> str:
    # Already escaped by the drawing: only what no document may hold is taken out.
    return writer.clean(text) if not text.isspace() else text


def view(attributes: str) -> tuple[float, float]:
    """Width and height of the drawing in its own units."""
    box = re.search(r'viewBox="([^"]+)"', attributes)
    if box:
        _, _, wide, high = (float(v) for v in re.split(r"[\s,]+", box.group(1).strip()))
        return wide, high
    size = {n: float(v) for n, v in re.findall(r'\b(width|height)="([\d.]+)', attributes)}
    return size.get("width", 480.0), size.get("height", 200.0)
