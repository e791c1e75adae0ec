"""Spreadsheets of other programs, written small by code: OpenDocument and Excel 97-2003."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

Cells = Sequence[Sequence[Any]]


def ods(sheets: dict[str, Cells], hide: Sequence[int] = ()) -> bytes:
    """Return an OpenDocument spreadsheet; ``hide`` are rows of the first sheet, counted from 1."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    tables = []
    for number, (name, rows) in enumerate(sheets.items()):
        lines = []
        for at, row in enumerate(rows, start=1):
            cells = [_ods_cell(cell) for cell in row]
            mark = ' table:visibility="filter"' if number == 0 and at in hide else ""
            lines.append(f"<table:table-row{mark}>{''.join(cells)}</table:table-row>")
        tables.append(f'<table:table table:name="{escape(name)}">{"".join(lines)}</table:table>')
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
               f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
               "</office:document-content>")  # fmt: skip
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
                ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
                f' manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>')  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def _ods_cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    kind = 'office:value-type="string"'
    if isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def xls(sheets: dict[str, Cells]) -> bytes:
    """Return a workbook as Excel 97-2003 writes it: BIFF8 records in a compound file.

    Sources: Microsoft's [MS-XLS] for the records, [MS-CFB] for the container.
    """

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def label(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    bodies = []
    for rows in sheets.values():
        parts = [record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0x41, 0x06))]
        width = max(len(row) for row in rows)
        parts.append(record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is None or cell == "":
                    continue
                if isinstance(cell, int | float):
                    parts.append(record(0x0203, struct.pack("<HHHd", r, c, 0, float(cell))))
                else:
                    parts.append(record(0x0204, struct.pack("<HHH", r, c, 0) + label(str(cell))))
        parts.append(record(0x000A, b""))
        bodies.append(b"".join(parts))
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0x41, 0x06))
    head += record(0x0042, struct.pack("<H", 1200))
    names = [bytes([len(n), 1]) + n.encode("utf-16-le") for n in sheets]
    at = len(head) + sum(len(n) + 10 for n in names) + 4
    for name, body in zip(names, bodies):
        head += record(0x0085, struct.pack("<IBB", at, 0, 0) + name)
        at += len(body)
    return _compound(head + record(0x000A, b"") + b"".join(bodies))


def _compound(stream: bytes) -> bytes:
    """Put one stream called Workbook into a compound file with sectors of 512 bytes."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    used = len(stream) // 512
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fats = 1
    while fats * 128 < used + 1 + fats:
        fats += 1
    chain = [*range(1, used), end, end, *[fat_mark] * fats]
    chain += [free] * (fats * 128 - len(chain))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le")
        return (raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2 if name else 0, kind, 1)
                + struct.pack("<III", free, free, child) + b"\0" * 36 + struct.pack("<IQ", start, size))  # fmt: skip

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 0, len(stream))
    directory += entry("", 0, free, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fats, used, 0, 4096, end, 0, end, 0)
    places = [used + 1 + n for n in range(fats)]
    header += struct.pack("<109I", *places, *[free] * (109 - fats))
    return header + stream + directory + struct.pack(f"<{len(chain)}I", *chain)
