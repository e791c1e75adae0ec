"""What a workbook says of its rows beside their content: hidden ones, formulas without a result.

The reader of cells does not tell. The sheets are looked through as text, in parts, and only for
two kinds of tags: nothing is parsed as XML, so nothing of it can be expanded or fetched.
"""

from __future__ import annotations

import html
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PART = 4_000_000
#: What `zipfile` raises at an archive that is damaged, encrypted or packed in a way it does not know.
UNPACKING = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
)  # NotImplementedError, too
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)=(?:\"([^\"]*)\"|'([^']*)')")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_COL = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
#: A cell with a formula and nothing (or an empty result) after it.
_EMPTY = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_ODS_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b[^>]*>|<table:table-row\b[^>]*>|<table:table\s[^>]*>"
)
_ODS_ROW = re.compile(rb"<table:table-row\b[^>]*>|<table:table\s[^>]*>")


@dataclass
class Marks:
    """Rows (as a spreadsheet counts), columns (1 is A) and cells of one sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    empty_formulas: list[str] = field(default_factory=list)
    #: First row, first column, last row, last column of cells that are one.
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read(path: Path) -> dict[str, Marks]:
    """Return the marks of every sheet of an XLSX, XLSM or ODS file; other kinds tell nothing.

    A file that is odd in any way has no marks: reading its cells will say what is wrong.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if path.suffix.lower() == ".ods":
                return _ods(archive)
            return {name: _sheet(archive, part) for name, part in _parts(archive).items()}
    except (*UNPACKING, KeyError, OSError, ValueError):
        return {}


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode(): html.unescape((a or b).decode("utf-8", "replace"))
        for key, a, b in _ATTRIBUTE.findall(tag)
    }


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet."""
    targets = {}
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = _attributes(tag)
        target = found.get("Target", "")
        targets[found.get("Id", "")] = target.removeprefix("/") if target[:1] == "/" else f"xl/{target}"
    names = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        found = _attributes(tag)
        part = targets.get(next((v for k, v in found.items() if k.endswith(":id")), ""))
        if part in archive.namelist():
            names[found.get("name", "")] = str(part)
    return names


def _pieces(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """Yield a part of the archive in pieces that end behind a tag."""
    rest = b""
    with archive.open(part) as file:
        while piece := file.read(PART):
            rest += piece
            cut = rest.rfind(end) + len(end)
            if cut >= len(end):
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > 16 * PART:
                rest = b""
    yield rest


def _sheet(archive: zipfile.ZipFile, part: str) -> Marks:
    marks = Marks()
    for piece in _pieces(archive, part, b"row>"):
        if b"hidden=" in piece:
            for tag in _ROW.findall(piece):
                found = _attributes(tag)
                if found.get("hidden") in ("1", "true") and found.get("r", "").isdigit():
                    marks.hidden_rows.add(int(found["r"]))
            for tag in _COL.findall(piece):
                found = _attributes(tag)
                if found.get("hidden") in ("1", "true"):
                    first, last = int(found.get("min", 1)), int(found.get("max", 1))
                    # Everything to the right of a table is often hidden, to the last of 16,384 columns.
                    marks.hidden_columns.update(range(first, min(last, first + 500) + 1))
        if b"mergeCell" in piece:
            for left, top, right, bottom in _MERGE.findall(piece):
                marks.merged.append((int(top), column_of(left), int(bottom), column_of(right)))
        if b"<f" in piece or b":f" in piece:
            for match in _EMPTY.finditer(piece):
                marks.empty_formulas.append(_attributes(match[1]).get("r", "?"))
    return marks


def column_of(letters: bytes) -> int:
    """Return the number of a column by its letters.

    Examples
    --------
    >>> column_of(b"A"), column_of(b"AA")
    (1, 27)
    """
    place = 0
    for sign in letters:
        place = place * 26 + sign - 64
    return place


def _ods(archive: zipfile.ZipFile) -> dict[str, Marks]:
    made: dict[str, Marks] = {}
    current, row, column = Marks(), 0, 1
    for piece in _pieces(archive, "content.xml", b">"):
        pattern = _ODS_CELL if b"number-rows-spanned" in piece else _ODS_ROW
        for tag in pattern.findall(piece):
            found = _attributes(tag)
            if tag.startswith(b"<table:table-row"):
                count = int(found.get("table:number-rows-repeated", "1"))
                if found.get("table:visibility") in ("collapse", "filter"):
                    current.hidden_rows.update(range(row + 1, row + 1 + min(count, 100_000)))
                row, column = row + count, 1
            elif tag.startswith((b"<table:table-cell", b"<table:covered")):
                high = int(found.get("table:number-rows-spanned", "1"))
                wide = int(found.get("table:number-columns-spanned", "1"))
                if high > 1:
                    current.merged.append((row, column, row + high - 1, column + wide - 1))
                column += int(found.get("table:number-columns-repeated", "1"))
            else:
                current, row, column = made.setdefault(found.get("table:name", ""), Marks()), 0, 1
    return made
