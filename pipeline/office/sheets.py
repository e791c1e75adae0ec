"""Spreadsheets that are easy to read by eye, by screen reader and by machine.

One table per sheet, one header row, frozen, no merged cells; every text cell is text; the
same tables give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.office import safe
from pipeline.results import store

#: A spreadsheet holds this many rows; more must go into the CSV.
MOST_ROWS = 1_048_000
_NARROWEST, _WIDEST = 8, 60


@dataclass(frozen=True)
class Head:
    """One column: its label, whether its cells are numbers, and how many decimals show."""

    label: str
    numeric: bool = False
    digits: int | None = None


#: All that a formula of ours is made of: these functions, cells of our sheets, numbers, letters of a rule.
_FORMULA = re.compile(
    r"=(?:(?:SUM|COUNT|SUMPRODUCT|ISNUMBER|ROUND|INT|IF)\(|'[^'\[\]:*?/\\!]{1,31}'!|\$?[A-Z]{1,3}\$?[0-9]{1,7}"
    r"|[0-9]+(?:\.[0-9]+)?|\"[A-Z]?\"|>=|[-+*/,:()])+"
)


@dataclass(frozen=True)
class Formula:
    """A cell that a spreadsheet computes, with the value that it has now.

    Only code of this package makes one: a text that was read from anywhere is written as text, whatever it
    begins with (`safe.text`), and what is none of our own words is refused here.

    Examples
    --------
    >>> Formula("=SUM('Answers'!B2:B9)/COUNT('Answers'!B2:B9)", 3.5).value
    3.5
    >>> Formula("=HYPERLINK(A1)", 0)
    Traceback (most recent call last):
    ValueError: '=HYPERLINK(A1)' is no formula of ours
    """

    text: str
    value: float | str

    def __post_init__(self) -> None:
        """Refuse what is not made of our own words."""
        if not _FORMULA.fullmatch(self.text):
            raise ValueError(f"{self.text!r} is no formula of ours")


@dataclass(frozen=True)
class Chart:
    """A chart of bars that a spreadsheet draws from its sheet: numbers of columns, and where the axis begins.

    Its title is said of the sheet's own rows, the first on top; ``minus`` and ``plus`` are the parts of an interval.
    """

    title: str
    axis: str
    names: int
    values: int
    minus: int
    plus: int
    lowest: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """One table on its own sheet; ``notes`` stand under it, one to a row, and a chart to its right."""

    name: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = field(default=())
    chart: Chart | None = None


def write(path: Path, sheets: Iterable[Sheet], title: str, subject: str = "") -> Path:
    """Write a workbook whose bytes depend on its content only.

    Parameters
    ----------
    path : Path
        The ``.xlsx`` file.
    sheets : iterable of Sheet
        In order.
    title, subject : str
        Document properties; assistive technology reads the title.

    Returns
    -------
    Path
    """
    import xlsxwriter

    with store.replacing(path) as aside:
        book = xlsxwriter.Workbook(str(aside), {**safe.AS_WRITTEN, "nan_inf_to_errors": False})
        book.set_properties(
            {"title": title, "subject": subject, "author": "skm-pipeline", "created": safe.CREATED}
        )
        formats = _Formats(book)
        taken: set[str] = set()
        for sheet in sheets:
            _sheet(book, sheet, formats, taken)
        book.close()
    return path


class _Formats:
    """Cell formats, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.number_head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"}
        )
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.note = book.add_format({"font_color": "#5c6870", "num_format": "@"})
        self._numbers: dict[int | None, Any] = {}

    def number(self, digits: int | None) -> Any:
        """Format of a number column; None shows what is there."""
        if digits not in self._numbers:
            shown = "General" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
            self._numbers[digits] = self._book.add_format({"num_format": shown, "valign": "top"})
        return self._numbers[digits]


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name a spreadsheet accepts: at most 31 characters, none of ``[]:*?/\\``, unique.

    Examples
    --------
    >>> sheet_name("Unsur/Layanan", set())
    'Unsur-Layanan'
    """
    clean = "".join("-" if c in "[]:*?/\\" else c for c in name).strip("' ")[:31] or "-"
    found, number = clean, 2
    while found.casefold() in taken:
        tail = f" {number}"
        found, number = clean[: 31 - len(tail)] + tail, number + 1
    taken.add(found.casefold())
    return found


def _sheet(book: Any, sheet: Sheet, formats: _Formats, taken: set[str]) -> None:
    page = book.add_worksheet(sheet_name(sheet.name, taken))
    page.hide_gridlines(2)
    page.freeze_panes(1, 1)
    widths = [max(len(word) for word in (head.label.split() or [""])) for head in sheet.heads]
    for column, head in enumerate(sheet.heads):
        page.write_string(
            0, column, safe.text(head.label), formats.number_head if head.numeric else formats.head
        )
    count = 0
    for count, row in enumerate(sheet.rows, start=1):
        if count > MOST_ROWS:
            raise ValueError(f"sheet {sheet.name!r} has more rows than a spreadsheet holds")
        for column, (head, value) in enumerate(zip(sheet.heads, row)):
            found = safe.number(value) if head.numeric else None
            if isinstance(value, Formula):
                page.write_formula(count, column, value.text, formats.number(head.digits), value.value)
                widths[column] = max(widths[column], 6 + (head.digits or 2))
            elif found is not None:
                page.write_number(count, column, found, formats.number(head.digits))
                widths[column] = max(widths[column], 6 + (head.digits or 2))
            elif isinstance(value, str) or not head.numeric:
                written = safe.text(value) if isinstance(value, str) or value == value else ""
                if written:
                    page.write_string(count, column, written, formats.text)
                    widths[column] = max(widths[column], min(len(written), _WIDEST))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    if count:
        page.autofilter(0, 0, count, len(sheet.heads) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if sheet.chart is not None and count:
        _chart(book, page, sheet, sheet.chart, count)
    for number, note in enumerate(sheet.notes):
        page.write_string(count + 2 + number, 0, safe.text(note), formats.note)


def _chart(book: Any, page: Any, sheet: Sheet, chart: Chart, count: int) -> None:
    """Draw bars with their intervals beside the table; titles are texts, never formulas."""
    made = book.add_chart({"type": "bar"})
    place = page.get_name()

    def cells(column: int) -> list[Any]:
        return [place, 1, column, count, column]

    error = {
        "type": "custom", "plus_values": _range(place, chart.plus, count), "color": "#1f2a30",
        "minus_values": _range(place, chart.minus, count), "line": {"color": "#1f2a30"},
    }  # fmt: skip
    made.add_series({
        "categories": cells(chart.names), "values": cells(chart.values), "y_error_bars": error, "gap": 60,
        "fill": {"color": "#7fa3b5"}, "border": {"none": True},
    })  # fmt: skip
    # A title that begins like a formula would be taken for one.
    made.set_title(
        {"name": " " + safe.text(chart.title).lstrip("'"), "name_font": {"size": 11, "bold": True}}
    )
    made.set_x_axis({"name": chart.axis, "min": chart.lowest, "max": 100, "major_gridlines": {"visible": True,
                     "line": {"color": "#d8dee2"}}, "num_format": "0"})  # fmt: skip
    made.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    made.set_legend({"none": True})
    made.set_size({"width": 760, "height": 120 + 19 * count})
    page.insert_chart(1, len(sheet.heads) + 1, made, {"description": f"{chart.title}. {chart.axis}."})


def _range(place: str, column: int, count: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    quoted = place.replace("'", "''")
    return f"='{quoted}'!{xl_range_abs(1, column, count, column)}"
