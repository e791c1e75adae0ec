"""Read Excel and OpenDocument workbooks; cells become the text a person sees."""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
import zipfile
from pathlib import Path
from typing import Any

from pipeline.intake.files import sheetmarks, subprocess_reader
from pipeline.intake.files.table import RawTable, from_rows, letter
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.survey.errors import did_you_mean

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
#: What a workbook may unpack to; a zip bomb claims far more.
MAX_UNPACKED = 2_000_000_000
MAX_RATIO = 200
MAX_CELLS = 60_000_000
MAX_MEMBERS, MAX_REPEATED = 20_000, 5_000_000
_CELL = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
#: OpenDocument writes equal neighbours once; a cell with a value may claim to be repeated for ever.
_REPEATED = re.compile(rb"<table:table-cell\b[^>]*\boffice:value-type=[^>]*>")
_ROWS = re.compile(
    rb"(<table:table-row\b[^>]*number-rows-repeated=[^>]*[^/]>)((?:(?!</table:table-row>).){0,20000})", re.S
)
_NUMBER = re.compile(rb"number-(?:columns|rows)-repeated=\"([0-9]{1,9})\"")


def cell_text(value: Any) -> str:
    """Return a cell as text: whole numbers without decimals, dates in ISO form.

    Examples
    --------
    >>> cell_text(3.0), cell_text(2.5), cell_text(dt.date(2024, 3, 1)), cell_text(True)
    ('3', '2.5', '2024-03-01', 'TRUE')
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _guard(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        listed = archive.infolist()
        if len(listed) > MAX_MEMBERS:
            raise Refused(f"is an archive of {len(listed):,} files, not a workbook", "open and save it again")
        unpacked = sum(info.file_size for info in listed)
    if unpacked > MAX_UNPACKED or (unpacked > 50_000_000 and unpacked > MAX_RATIO * path.stat().st_size):
        raise Refused(
            f"unpacks to {unpacked / 1e6:,.0f} MB, which no survey needs",
            "copy the rows into a new workbook, or export the sheet as CSV",
        )
    if path.suffix.lower() in (".xlsx", ".xlsm", ".ods"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.lower().endswith(".xml"):
                    span = _span(archive, info)
                    if span:
                        raise Refused(
                            f"a sheet ({info.filename}) spans {span:,} cells, most of them empty",
                            "delete what stands far to the right or below, or export the sheet as CSV",
                        )


def _span(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """Return how many cells a sheet would take in memory, when that is far more than it holds.

    The member is read to its end, so that one that unpacks to something else than it claims is refused.
    """
    rows, count, carry = [0, 0], 0, b""
    columns: set[bytes] = set()
    repeated = 0
    with archive.open(info) as member:
        while part := member.read(1 << 22):
            text = carry + part
            places = _CELL.findall(text)
            if places:
                numbers = [int(number) for _, number in places]
                rows = [min(rows[0] or numbers[0], *numbers), max(rows[1], *numbers)]
                columns.update(letters for letters, _ in places)
                count += len(places)
            for element in _REPEATED.findall(text):
                times = 1
                for number in _NUMBER.findall(element):
                    times *= int(number)
                repeated = max(repeated, times)
            for head, cells in _ROWS.findall(text):
                if b"office:value-type" in cells:
                    repeated = max(
                        repeated, max(map(int, _NUMBER.findall(head))) * cells.count(b"<table:table-cell")
                    )
            carry = text[-300:]
    if repeated:
        return repeated if repeated > MAX_REPEATED else 0
    if not columns:
        return 0
    places_of = [sheetmarks.column_of(letters) for letters in columns]
    span = (rows[1] - rows[0] + 1) * (max(places_of) - min(places_of) + 1)
    # A sheet that is too large because it is full is told by the reader of cells.
    far = (span > MAX_REPEATED and span > 50 * count) or (span > MAX_CELLS and span > 2 * count)
    return span if far else 0


def read_workbook(path: Path, file: str, sheet: str | int | list[str | int] | None = None) -> list[RawTable]:
    """Read the chosen sheets of a workbook (every visible sheet when none is chosen).

    Raises
    ------
    Refused
        If it is no workbook, protected by a password, too large, or has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        _guard(path)
        apart = path.suffix.lower() in subprocess_reader.SUFFIXES
        book = (
            subprocess_reader.open_book(path, MAX_CELLS) if apart else CalamineWorkbook.from_path(str(path))
        )
    except subprocess_reader.BrokeOff:
        raise Refused(
            "is damaged, or needs more memory than a workbook may: its reader broke off",
            "open it and save it again as .xlsx, or export the sheet as CSV",
        ) from None
    except subprocess_reader.TooLong as error:
        raise Refused(
            f"was not read within {error.seconds} seconds",
            "save it as .xlsx, or export the sheet as CSV",
        ) from None
    except PasswordError:
        raise Refused("is protected by a password", "save a copy without one") from None
    except (*sheetmarks.UNPACKING, OSError, ValueError) as error:
        if "password required" in str(error):
            raise Refused("is protected by a password", "save a copy without one") from None
        raise Refused(
            f"is not a workbook that can be read ({_short(error)})", "open and save it again"
        ) from None
    except CalamineError as error:
        text = _short(error)
        if "password" in text.lower() or "encrypt" in text.lower():
            raise Refused("is protected by a password", "save a copy without one") from None
        raise Refused(f"is not a workbook that can be read ({text})", "open and save it again") from None
    chosen = _sheets(book, sheet)
    tables = []
    marks = sheetmarks.read(path)
    for name in chosen:
        try:
            found = book.get_sheet_by_name(name)
            if found.height * found.width > MAX_CELLS:
                raise Refused(f'the sheet "{name}" holds too many cells', "export it as CSV")
            rows = found.to_python(skip_empty_area=False)
        except CalamineError as error:
            raise Refused(f'the sheet "{name}" cannot be read ({_short(error)})') from None
        table = from_rows(file, name, [[cell_text(cell) for cell in row] for row in rows])
        _marked(table, marks.get(name) or _told(found))
        tables.append(table)
    if sheet is None and tables:
        unseen = [name for name in book.sheet_names if name not in chosen]
        for table in tables if unseen else ():
            table.notes.append(
                Problem(
                    f"hides {'a sheet' if len(unseen) == 1 else f'{len(unseen)} sheets'}"
                    f" ({', '.join(unseen[:3])}), not read",
                    "if it holds answers, name it under `sheet:`", file=file, fatal=False,
                )
            )  # fmt: skip
    return tables


def _told(sheet: Any) -> sheetmarks.Marks:
    """Return the merged cells of a workbook whose reader tells them."""
    ranges = getattr(sheet, "merged_cell_ranges", None) or ()
    return sheetmarks.Marks(merged=[(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in ranges])


def _marked(table: RawTable, marks: sheetmarks.Marks) -> None:
    """Keep which rows are hidden; say which columns are, and which formulas have no result."""
    table.hidden = frozenset(
        row - table.first for row in marks.hidden_rows if 0 <= row - table.first < table.height
    )
    table.merged = tuple(
        (top - table.first, left - 1, bottom - table.first, right - 1)
        for top, left, bottom, right in marks.merged
    )
    columns = sorted(c for c in marks.hidden_columns if c <= table.width)
    if columns:
        table.notes.append(
            Problem(
                f"hides the columns {', '.join(letter(c - 1) for c in columns[:8])}: read like the others",
                "name under `ignore:` what is not to be read", fatal=False,
            )
        )  # fmt: skip
    if marks.empty_formulas:
        table.notes.append(
            Problem(
                f"{len(marks.empty_formulas)} cells hold a formula without a stored result"
                f" (first: {marks.empty_formulas[0]}): they are read as empty",
                "open the workbook in a spreadsheet, save it, and run again", fatal=False,
            )
        )  # fmt: skip


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:120] if lines else type(error).__name__


def _sheets(book: Any, sheet: str | int | list[str | int] | None) -> list[str]:
    names: list[str] = list(book.sheet_names)
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if str(meta.visible).endswith("Visible") and str(meta.typ).endswith("WorkSheet")
    ] or names
    if sheet is None:
        return visible
    chosen: list[str] = []
    for wanted in sheet if isinstance(sheet, list) else [sheet]:
        if isinstance(wanted, int) or (str(wanted).isdigit() and str(wanted) not in names):
            number = int(wanted)
            if not 1 <= number <= len(names):
                raise Refused(f"has {len(names)} sheets, there is no sheet {number}", "the first sheet is 1")
            hits = [names[number - 1]]
        elif wanted in names:
            hits = [str(wanted)]
        else:
            pattern = str(wanted).casefold()
            hits = [name for name in visible if fnmatch.fnmatchcase(name.casefold(), pattern)]
        if not hits:
            hint = did_you_mean(str(wanted), names) or f"sheets are {', '.join(names)}"
            raise Refused(f'has no sheet "{wanted}"', hint)
        chosen += [name for name in hits if name not in chosen]
    return chosen
