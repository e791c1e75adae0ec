"""A raw table as its keeper would save it, and the writers of CSV and XLSX.

The writers are deterministic: the same cells give the same bytes, on every run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Sheet:
    """One table: headers, what each column means, rows of cells, and lines around them.

    ``roles`` names the meaning of every column (``unit``, ``U1``, ``phone``, ...); ``owners``
    the unit every row belongs to; ``touched`` the cells that already carry a typing error, so
    that no two errors fall on one cell and every count can be checked.
    """

    path: str
    roles: list[str]
    headers: list[str]
    rows: list[list[Any]]
    owners: list[str]
    style: str  # how answers are written: text, score, letter
    year: int
    above: list[list[Any]] = field(default_factory=list)
    below: list[list[Any]] = field(default_factory=list)
    name: str = "Data"
    delimiter: str = ","
    encoding: str = "utf-8"
    touched: set[tuple[int, int]] = field(default_factory=set)

    def column(self, role: str) -> int | None:
        """Position of the column with a role, or None."""
        return self.roles.index(role) if role in self.roles else None

    def items(self) -> list[int]:
        """Positions of the columns that hold answers."""
        return [i for i, role in enumerate(self.roles) if len(role) == 2 and role[0] == "U"]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def csv_bytes(sheet: Sheet) -> bytes:
    """Write the table as CSV in its own delimiter and encoding.

    Examples
    --------
    >>> csv_bytes(Sheet("a.csv", ["unit"], ["Unit"], [["x"], [None]], ["x", "x"], "text", 2025))
    b'Unit\\r\\nx\\r\\n""\\r\\n'
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=sheet.delimiter, lineterminator="\r\n")
    for line in (*sheet.above, sheet.headers, *sheet.rows, *sheet.below):
        writer.writerow([_plain(cell) for cell in line])
    return buffer.getvalue().encode(sheet.encoding)


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Write the tables as one workbook, one sheet each.

    The creation date is fixed and the writer stamps every member of the archive with
    1980-01-01, so equal cells give equal bytes.

    Examples
    --------
    >>> s = Sheet("a.xlsx", ["U1"], ["U1"], [[3]], ["x"], "score", 2025)
    >>> xlsx_bytes([s]) == xlsx_bytes([s])
    True
    """
    import xlsxwriter

    buffer = io.BytesIO()
    # Strings stay strings: a suggestion that looks like a formula must never become one.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {"title": "Data sintetis", "author": "Kota Contoh", "created": dt.datetime(sheets[0].year, 12, 1)}
    )
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    bold = book.add_format({"bold": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        lines = [*sheet.above, sheet.headers, *sheet.rows, *sheet.below]
        for r, line in enumerate(lines):
            for c, cell in enumerate(line):
                if cell is None or cell == "":
                    continue
                if isinstance(cell, dt.datetime):
                    page.write_datetime(r, c, cell, moment)
                elif isinstance(cell, int | float):
                    page.write_number(r, c, cell)
                else:
                    page.write_string(r, c, str(cell), bold if r <= len(sheet.above) else None)
    book.close()
    return buffer.getvalue()


def file_bytes(path: str, sheets: Sequence[Sheet]) -> bytes:
    """Bytes of a raw file from the table(s) in it, by the ending of its name."""
    return xlsx_bytes(sheets) if Path(path).suffix == ".xlsx" else csv_bytes(sheets[0])
