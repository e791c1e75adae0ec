"""Small valid files of every kind, for fuzz cases to damage."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

from benchmarks.fuzz_pieces import LABELS


@cache
def workbook() -> list[tuple[str, bytes]]:
    """Members of a small workbook of two sheets."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    for name in ("Data", "Rekap"):
        sheet = book.add_worksheet(name)
        for column, text in enumerate(["id", "unit", "Usia", "Tanggal", *LABELS[:18:2]]):
            sheet.write(0, column, text)
        for row in (1, 2, 3):
            for column, value in enumerate([row, "Dinas A", 30.5, "=1+1", 1, 2, 3, 4, "Sesuai", "", 3, 3, 3]):
                sheet.write(row, column, value)
        sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    with zipfile.ZipFile(made) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@cache
def opendocument() -> list[tuple[str, bytes]]:
    """Members of a small OpenDocument sheet."""
    cell = '<table:table-cell office:value-type="{0}" {1}><text:p>{2}</text:p></table:table-cell>'
    rows = "".join(
        "<table:table-row>" + "".join(cells) + "</table:table-row>"
        for cells in (
            [cell.format("string", "", text) for text in ("id", "unit", *LABELS[:18:2])],
            [cell.format("float", f'office:value="{n}"', n) for n in range(11)],
            [cell.format("date", 'office:date-value="2024-01-02"', "x"),
             '<table:table-cell table:number-columns-repeated="3"/>'],
        )
    )  # fmt: skip
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return [("mimetype", kind), ("content.xml", content.encode()), ("META-INF/manifest.xml", b"<manifest/>")]


@cache
def spss(suffix: str = ".sav") -> bytes:
    """A small SPSS file with labels."""
    import tempfile

    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"ID": ["a", "b"], "U1": [1.0, 2.0], "U2": [3.0, None]})
    labels, values = ["id", *LABELS[:2]], {"U1": {1.0: "Baik"}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        if suffix == ".por":
            pyreadstat.write_por(frame, str(path), column_labels=labels)
        else:
            pyreadstat.write_sav(
                frame,
                str(path),
                column_labels=labels,
                variable_value_labels=values,
                compress=suffix == ".zsav",
            )
        return path.read_bytes()


@cache
def excel97() -> bytes:
    """A small workbook as Excel 97-2003 writes it, by the tests' own writer."""
    from tests.support import office_files as made

    rows = [
        ["id", "unit", "Usia", *LABELS[:6:2]],
        [1, "Dinas A", 30.5, 1, 2, "Sesuai"],
        [2, "Dinas B", "", 4, 3, 2],
    ]
    return bytes(made.xls({"Data": rows, "Rekap": [["Jumlah", 7]]}))
