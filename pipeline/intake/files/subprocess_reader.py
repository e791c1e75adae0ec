"""Read workbooks of the kinds ``.xls``, ``.xlsb`` and ``.ods`` in a process of their own.

On some damaged files of these kinds the library that reads cells panics, asks for so much memory that the process
ends, or never ends (all found by fuzzing); none of that can be caught. So a small process reads them, within a bound
of memory and time, and only that one file is lost. It is this file run as a script: it imports the library and
nothing else of the house, which costs a tenth of a second.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUFFIXES = (".xls", ".xlsb", ".ods")
#: Bytes of address space: what fills every cell of an old workbook needs less.
MEMORY = 4_000_000_000
#: Seconds any file is given, and more for every megabyte: many times what a slow machine needs.
SECONDS, SECONDS_A_MEGABYTE = 60, 20


def end_with(parent: int, seconds: int) -> None:
    """End this process when the one that started it does, or after so many seconds of computing.

    Killed, that one can bound nothing any more, and a damaged file may be read without end.
    """
    with contextlib.suppress(Exception):  # only Linux tells of it
        import ctypes  # late: only Linux tells it

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)  # it was gone before
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such bound
        import resource  # late: Windows has none

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


class BrokeOff(Exception):
    """The process that read the workbook ended before it was done."""


class TooLong(Exception):
    """The process that read the workbook did not end within these seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"no end within {seconds} seconds")
        self.seconds = seconds


def patience(path: Path) -> int:
    """Return the seconds that reading a file may take."""
    return SECONDS + SECONDS_A_MEGABYTE * (path.stat().st_size // 1_000_000)


@dataclass(frozen=True)
class Meta:
    """A sheet as the library describes it."""

    name: str
    visible: str
    typ: str


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, or why they could not be read."""

    height: int
    width: int
    rows: list[list[Any]]
    error: str = ""
    merged_cell_ranges: list[list[list[int]]] | tuple[()] = ()

    def to_python(self, skip_empty_area: bool = False) -> list[list[Any]]:
        """Return the rows, as the library's own sheet does; dates are texts in ISO form already."""
        del skip_empty_area
        return self.rows


@dataclass(frozen=True)
class Book:
    """What the process told of a workbook, shaped like the library's own."""

    sheets_metadata: list[Meta]
    sheets: dict[str, Sheet]

    @property
    def sheet_names(self) -> list[str]:
        """Names in the order of the workbook."""
        return [meta.name for meta in self.sheets_metadata]

    def get_sheet_by_name(self, name: str) -> Sheet:
        """Return a sheet, or raise the library's own error."""
        found = self.sheets[name]
        if found.error:
            from python_calamine import CalamineError

            raise CalamineError(found.error)
        return found


def open_book(path: Path, most: int) -> Book:
    """Read a workbook in a process of its own; sheets of more than ``most`` cells are counted, not read.

    Raises
    ------
    BrokeOff, TooLong
        If that process ended early, or did not end.
    python_calamine.CalamineError, python_calamine.PasswordError, OSError
        As the library raises them.
    """
    with tempfile.TemporaryDirectory(prefix="skm-xls-") as folder:
        out = Path(folder) / "cells.json"
        # -P: names of modules beside this one must not stand for those of the standard library.
        command = [
            sys.executable,
            "-P",
            str(Path(__file__).resolve()),
            str(path.absolute()),
            str(out),
            str(most),
            str(os.getpid()),
        ]
        seconds = patience(path)
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TooLong(seconds) from None
        if done.returncode or not out.is_file():
            raise BrokeOff
        told = json.loads(out.read_bytes())
    return book(told)


def book(told: dict[str, Any]) -> Book:
    """Return what `read_here` told as a book, or raise what kept it from it."""
    import python_calamine

    if "password" in told:
        raise python_calamine.PasswordError(told["password"])
    if "error" in told:
        raise python_calamine.CalamineError(told["error"])
    if "system" in told:
        raise OSError(told["system"])
    return Book(
        [Meta(*meta) for meta in told["meta"]], {name: Sheet(*s) for name, s in told["sheets"].items()}
    )


def read_here(path: str, most: int) -> dict[str, Any]:
    """Read a workbook in this process, into what JSON can hold."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError as error:
        return {"password": str(error)}
    except CalamineError as error:
        return {"error": str(error)}
    except OSError as error:
        return {"system": str(error)}
    sheets: dict[str, list[Any]] = {}
    for name in book.sheet_names:
        try:
            sheet = book.get_sheet_by_name(name)
            large = sheet.height * sheet.width > most
            rows = [] if large else sheet.to_python(skip_empty_area=False)
            merged = getattr(sheet, "merged_cell_ranges", None) or []
            sheets[name] = [
                sheet.height,
                sheet.width,
                [[_plain(cell) for cell in row] for row in rows],
                "",
                merged,
            ]
        except CalamineError as error:
            sheets[name] = [0, 0, [], str(error) or "unreadable"]
    return {"meta": [[m.name, str(m.visible), str(m.typ)] for m in book.sheets_metadata], "sheets": sheets}


def _plain(cell: Any) -> Any:
    """A number, truth or text as it is; anything with a date or time in ISO form."""
    if cell is None or isinstance(cell, str | int | float):
        return cell
    return cell.isoformat(sep=" ", timespec="seconds") if hasattr(cell, "date") else _other(cell)


def _other(cell: Any) -> str:
    return str(cell.isoformat()) if hasattr(cell, "isoformat") else str(cell)


def main(arguments: list[str]) -> None:
    """Leave what a workbook holds in a file."""
    path, out, most, parent = arguments
    end_with(int(parent), 2 * patience(Path(path)))
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such bound.
        import resource  # late: Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Path(out).write_text(json.dumps(read_here(path, int(most))), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
