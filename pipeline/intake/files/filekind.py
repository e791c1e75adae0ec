"""What a file is by its content: the ending of its name is what somebody hoped it to be.

Survey systems write web pages and texts and call them ``.xls``; people rename what a program refuses. So
the first bytes decide which reader takes a file, and what no reader takes is named in words an office
understands, with what to do about it.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from pipeline.intake.files.sheetmarks import UNPACKING
from pipeline.intake.ground.problems import Refused

#: Kinds that are no ending of a workbook or an SPSS file.
TEXT, HTML, XML_WORKBOOK, SQL = "text", "html", "xml-workbook", "sql"
HEAD = 16_384
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: First bytes of what holds other files, and of databases.
_PACKED = {
    b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "rar", b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}  # fmt: skip
_DATABASES = {b"SQLite format 3": "SQLite", b"\x00\x01\x00\x00Standard ": "Access"}
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
_TAG = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,4000}?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|table|thead|tbody|tr|meta|style|div|center|font|h[1-6]|p|br|script|title|span|b|i|form"
    r"|link|caption)\b",
    re.I | re.S,
)
_JSON = re.compile(r"(?:\[\s*)?\{\s*\"[^\"\n]{0,200}\"\s*:|\[\s*\[?\s*\"[^\"\n]{0,200}\"\s*,\s*$", re.M)
_STATEMENT = re.compile(
    r"^\s*(?:insert\s+(?:ignore\s+)?into\s|replace\s+into\s|insert\s+\[|create\s+table\s|drop\s+table\s"
    r"|copy\s+\S+\s.{0,4000}?from\s+stdin)", re.I | re.M,
)  # fmt: skip
_SQL_START = re.compile(
    r"\s*(?:--|/\*|#|insert\s|create\s|drop\s|set\s|use\s|begin\b|start\s|pragma\s|copy\s|replace\s|lock\s|delimiter\s|go\b)",
    re.I,
)


def kind(path: Path) -> str:
    """Return which reader a file needs: the ending of a workbook or SPSS file, or one of the kinds above.

    Empty where nothing is known: then the ending of the name decides, and its reader says what is wrong.

    Raises
    ------
    Refused
        If it is a kind of file that holds no table that can be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head[:2] == b"PK" and head[2:4] in (b"\x03\x04", b"\x05\x06"):
        return _zip(path)
    if head.startswith(_OLE):
        return _ole(path)
    if head.startswith((b"$FL2", b"$FL3")):
        return ".sav"
    packed = next((name for first, name in _PACKED.items() if head.startswith(first)), "")
    if packed:
        raise Refused(f"is a packed file ({packed})", "unpack it and put the tables into the survey's folder")
    if what := _signed(head):
        raise Refused(what, "export it as CSV, XLSX or SAV")
    return _text(head, path.suffix.lower())


def _signed(head: bytes) -> str:
    """Return what a file is that says so in its first bytes and holds no table; else ``""``."""
    if head.startswith(b"%PDF"):
        return "is a PDF, which keeps how a table looks and not its cells"
    if head.startswith(b"{\\rtf"):
        return "is a text document (RTF), not a table"
    if head.startswith(_PICTURES):
        return "is a picture, not a table"
    if head.startswith(b"PAR1"):
        return "is a data file for programs (Parquet)"
    if head.startswith(b"<stata_dta>"):
        return "is a data file of Stata"
    database = next((name for first, name in _DATABASES.items() if head.startswith(first)), "")
    return f"is a database ({database})" if database else ""


def _zip(path: Path) -> str:
    suffix = path.suffix.lower()
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            told = archive.open("mimetype").read(200) if "mimetype" in names else b""
    except (*UNPACKING, OSError, ValueError):
        return ".ods" if suffix == ".ods" else ".xlsx"  # damaged: its reader says how
    if "xl/workbook.bin" in names:
        return ".xlsb"
    if any(name.startswith("xl/") for name in names):
        return ".xlsm" if suffix == ".xlsm" else ".xlsx"
    if b"opendocument.spreadsheet" in told or (suffix == ".ods" and "content.xml" in names):
        return ".ods"
    if any(name.startswith(("word/", "ppt/")) for name in names) or b"opendocument" in told:
        raise Refused(
            "is a document of a word processor, not a table",
            "copy its table into a spreadsheet and save that as .xlsx",
        )
    raise Refused(
        f"is an archive of {len(names):,} files, not a workbook",
        "unpack it and put the tables into the survey's folder",
    )


def _ole(path: Path) -> str:
    """Tell an old workbook from other documents of its time by the names of the streams within."""
    with path.open("rb") as file:
        head = file.read(512)
        shift = min(max(int.from_bytes(head[30:32], "little"), 7), 16)
        place = (int.from_bytes(head[48:52], "little") + 1) << shift
        file.seek(min(place, path.stat().st_size))
        names = file.read(1 << 14)
    if "WordDocument".encode("utf-16-le") in names or "PowerPoint".encode("utf-16-le") in names:
        raise Refused(
            "is a document of a word processor, not a table",
            "copy its table into a spreadsheet and save that as .xlsx",
        )
    if "EncryptedPackage".encode("utf-16-le") in names:
        raise Refused("is protected by a password", "save a copy without one")
    return ".xls"


def _text(head: bytes, suffix: str) -> str:
    if head.startswith(b"ASCII SPSS PORT") or b"SPSSPORT" in head[:600]:
        return ".por"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "ignore")
    elif head.count(0) > len(head) // 4:
        text = head.decode("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "ignore")
    elif b"\0" in head:
        return ""
    else:
        text = head.decode("utf-8", "ignore")
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        return ""
    if start.startswith("<"):
        return _tagged(start, text)
    if suffix in (".xls", ".xlsx", ".html", ".htm") and re.search(r"<table\b.*<t[rdh]\b", text, re.I | re.S):
        return HTML  # warnings of the program that wrote it stand above the table
    if start[:13].lower() == "mime-version:":
        raise Refused("is a web archive (MHTML)", "open it in a spreadsheet and save it as .xlsx")
    if suffix == ".json" or _JSON.match(start):
        raise Refused("is JSON, a file for programs", "export it as CSV, XLSX or SAV")
    if suffix == ".sql" or (_SQL_START.match(start) and _STATEMENT.search(text)):
        return SQL
    printable = sum(char.isprintable() or char in "\t\r\n" for char in text)
    return TEXT if printable >= 0.9 * len(text) else ""


def _tagged(start: str, text: str) -> str:
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and re.search(
        r"<(?:\w+:)?workbook\b", text, re.I
    ):
        return XML_WORKBOOK
    if _TAG.match(start):
        return HTML
    if start.startswith("<?xml"):
        raise Refused("is XML, a file for programs", "export it as CSV, XLSX or SAV")
    return TEXT
