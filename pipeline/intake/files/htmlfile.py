"""Tables of a web page, and of the XML workbooks of Excel 2003: what survey systems call an export.

Both are read by the parser of the standard library, which opens nothing, runs nothing and expands no
entities but those of HTML. Of a cell only the text counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from pipeline.intake.files.csvfile import decode
from pipeline.intake.files.table import RawTable, from_rows
from pipeline.intake.ground.problems import Refused

MAX_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_DEPTH, MAX_TABLES = 200_000_000, 20_000_000, 16_384, 50, 2_000
MAX_TAG = 1_000_000
#: Rows that an XML workbook may leave out before one that says its number.
MAX_GAP = 10_000
#: Their text is none of a cell.
_SILENT = {"script", "style", "template", "head", "title", "select", "textarea"}
_CONDITIONAL = re.compile(r"<!\[[^>]*>")
_CHARSET = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


@dataclass
class _Table:
    """A table while it is read."""

    name: str = ""
    rows: list[list[str]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    #: Cells that reach into rows below: column to text, rows left, whether the text is repeated.
    down: dict[int, tuple[str, int, bool]] = field(default_factory=dict)
    row: list[str] | None = None
    cell: list[str] | None = None
    span: tuple[int, int, bool] = (1, 1, False)
    place: int = 0
    in_head: bool = False
    in_caption: bool = False


class _Reader(HTMLParser):
    """Collects the tables of a page; a table within a cell is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.silent: list[str] = []
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        tag = tag.rpartition(":")[2]
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent.append(tag)
        elif tag in ("table", "worksheet"):
            self._table(tag, given)
        elif not self.open:
            return
        elif tag in ("tr", "row"):
            self._end_row()
            table = self.open[-1]
            self._skip(table, given.get("ss:index"))
            table.row = []
            if _HIDDEN.search(given.get("style", "")) or given.get("ss:hidden") == "1" or "hidden" in given:
                table.hidden.add(len(table.rows))
        elif tag in ("td", "th", "cell"):
            self._cell(tag, given)
        elif tag in ("br", "p", "div", "li") and self.open[-1].cell is not None:
            self.open[-1].cell.append(" ")
        elif tag in ("thead", "tbody", "tfoot"):
            self._end_row()
            self.open[-1].in_head = tag == "thead"
        elif tag == "caption":
            self.open[-1].in_caption = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close: an empty cell of an XML workbook, a line break."""
        self.handle_starttag(tag, attrs)
        if tag.rpartition(":")[2] not in ("br", "p", "meta", "link", "col", "hr", "img", "input"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, row or table."""
        tag = tag.rpartition(":")[2]
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        elif not self.open:
            return
        elif tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row", "thead"):
            self._end_row()
            self.open[-1].in_head = self.open[-1].in_head and tag != "thead"
        elif tag == "caption":
            self.open[-1].in_caption = False
        elif tag == "worksheet" or (tag == "table" and not self._of_sheet()):
            self._end_row()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Take the text of a cell or of a caption."""
        if self.silent or not self.open:
            return
        table = self.open[-1]
        if table.cell is not None:
            table.cell.append(data)
        elif table.in_caption:
            table.name += data

    def _of_sheet(self) -> bool:
        """Whether the innermost table is the sheet of an XML workbook, whose own tag is ``Worksheet``."""
        return bool(self.open) and self.open[-1].place < 0

    def _table(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table" and self._of_sheet():
            return
        if len(self.open) >= MAX_DEPTH or len(self.tables) >= MAX_TABLES:
            raise Refused(
                "holds too many tables within one another", "open it in a spreadsheet and save it as .xlsx"
            )
        made = _Table(given.get("ss:name", ""), place=-1 if tag == "worksheet" else 0)
        self.tables.append(made)
        self.open.append(made)

    def _skip(self, table: _Table, index: str | None) -> None:
        """Leave out the rows before a row that says its number."""
        wanted = int(index) - 1 if index and index.isdigit() and len(index) < 8 else 0
        if wanted > len(table.rows) + MAX_GAP:
            raise Refused("says of a row that it is far below the one before", "save it again as .xlsx")
        while len(table.rows) < wanted:
            table.rows.append([])

    def _cell(self, tag: str, given: dict[str, str]) -> None:
        self._end_cell()
        table = self.open[-1]
        if table.row is None:
            table.row = []
        index = given.get("ss:index", "")
        if index.isdigit() and len(index) < 6:
            table.row += [""] * min(int(index) - 1 - len(table.row), MAX_COLUMNS)
        wide = _number(given.get("colspan"), 1) + _number(given.get("ss:mergeacross"), 0)
        high = _number(given.get("rowspan"), 1) + _number(given.get("ss:mergedown"), 0)
        table.span = (wide, high, tag != "th" and not table.in_head)
        table.cell = []

    def _end_cell(self) -> None:
        table = self.open[-1]
        if table.cell is None or table.row is None:
            return
        text = " ".join("".join(table.cell).split())
        table.cell = None
        self._from_above(table)
        wide, high, repeats = table.span
        at = len(table.row)
        table.row += [text, *[""] * (wide - 1)]
        self.cells += wide
        if len(table.row) > MAX_COLUMNS or self.cells > MAX_CELLS:
            raise Refused("holds too many cells", "open it in a spreadsheet and save it as .xlsx")
        if high > 1:
            # What is merged downwards belongs to every row; of a header it is said once.
            table.down[at] = (text, high - 1, repeats)
            for more in range(at + 1, at + wide):
                table.down[more] = ("", high - 1, False)

    @staticmethod
    def _from_above(table: _Table) -> None:
        """Fill in the cells that reach down from rows above, up to the next free place."""
        row = table.row if table.row is not None else []
        while len(row) in table.down:
            at = len(row)
            text, left, repeats = table.down.pop(at)
            row.append(text if repeats else "")
            if left > 1:
                table.down[-at - 1] = (text, left - 1, repeats)

    def _end_row(self) -> None:
        table = self.open[-1]
        self._end_cell()
        if table.row is None:
            return
        self._from_above(table)
        for at in [at for at in table.down if at >= 0]:
            if at > len(table.row):
                table.row += [""] * (at - len(table.row))
            self._from_above(table)
        table.down = {-at - 1 if at < 0 else at: cell for at, cell in table.down.items()}
        table.rows.append(table.row)
        table.row = None


def _number(text: str | None, default: int) -> int:
    plain = (text or "").strip()
    return min(max(int(plain), default), 65_534) if plain.isdigit() and len(plain) < 8 else default


def read_html(path: Path, file: str, encoding: str | None = None) -> list[RawTable]:
    """Read every table of a web page, or every sheet of an XML workbook.

    A table is called by its caption, else "table 1", "table 2", ...; its rows are counted from 1. Tables that
    only arrange others (of one cell) are left out.

    Raises
    ------
    Refused
        If it holds no table, or more than a table can be.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Refused(f"is a web page of more than {MAX_BYTES // 1_000_000} MB", "export it as CSV")
    raw = path.read_bytes()
    text = _plain(_decoded(raw, encoding))
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        raise Refused(
            "is no web page that can be read", "open it in a spreadsheet and save it as .xlsx"
        ) from None
    while reader.open:
        reader._end_row()
        reader.open.pop()
    made: list[RawTable] = []
    names: set[str] = set()
    for number, table in enumerate(reader.tables, start=1):
        if (
            sum(bool(cell) for row in table.rows for cell in row) < 2
            or max(map(len, table.rows), default=0) < 2
        ):
            continue
        name = " ".join(table.name.split())[:100] or f"table {number}"
        name = f"{name} ({number})" if name in names else name
        names.add(name)
        found = from_rows(file, name, table.rows)
        found.hidden = frozenset(table.hidden)
        made.append(found)
    if not made:
        raise Refused("is a web page without a table", "open it in a spreadsheet and save the table as .xlsx")
    return made


def _decoded(raw: bytes, encoding: str | None) -> str:
    named = _CHARSET.search(raw[:4096])
    if (
        not encoding
        and named
        and named[1].lower() not in (b"utf-8", b"utf8")
        and not raw.startswith(b"\xff\xfe")
    ):
        try:
            return raw.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(raw, encoding)[0]


def _plain(text: str) -> str:
    """Take out what the parser reads slowly or not at all: comments, conditions, an unfinished last tag."""
    parts, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        parts.append(text[at:begin])
        end = text.find("-->", begin + 4)
        if end < 0:
            at = len(text)
            break
        at = end + 3
    parts.append(text[at:])
    text = "".join(parts)
    text = text[: text.rfind(">") + 1]
    longest = max((len(part) - part.rfind("<") for part in text.split(">") if "<" in part), default=0)
    if longest > MAX_TAG:
        raise Refused("is no web page that can be read", "open it in a spreadsheet and save it as .xlsx")
    return _CONDITIONAL.sub("", text)
