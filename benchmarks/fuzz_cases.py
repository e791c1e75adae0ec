"""What is fed to the readers and the re-keyer: short byte strings, read as instructions that build a file.

Hypothesis (or atheris) chooses the bytes; they shrink well, and the same bytes always build the same file.
"""

# ruff: noqa: E501 (pieces of hostile text are listed, not read)
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import rules
from pipeline.intake import dates, headers, profile
from pipeline.intake.bodies import body
from pipeline.intake.identity import mask, mask_cell, mask_header
from pipeline.intake.problems import Refused
from pipeline.intake.raw import from_rows
from pipeline.intake.rawfiles import read_any
from pipeline.survey import SurveyError, yamlfile
from pipeline.survey import units as unit_list
from pipeline.survey.definition import FileEntry

_OFFICIAL = rules.load("14/2017")
OPTIONS = [text for u in _OFFICIAL.unsur for o in u.options for text in (o.text["id"], o.text["en"])]
LABELS = [text for u in _OFFICIAL.unsur for text in (u.short["id"], u.question["id"])]

PIECES = [
    ",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\r", "\0", "\ufeff", "sep=", "sep=;\n", 'sep="\n', " ", "  ", "\xa0",
    "\u200b", "\u202e", "\ud800", "\U0001f600", "é", "=1+1", "@x", "-1", "1", "2", "3", "4", "5", "0", "3,5", "2.0", "a", "b", "d", "e",
    "a. ", "b) ", "(c)", "d. Gratis, 4", "Sangat ", "Kurang ", "Tidak ", "cukup", "N/A", "-", "tes", "Jumlah", "Total", "Rata-rata",
    "id responden", "unit", "Dinas A", "Usia", "No", "Saran", "Tanggal", "2024-02-30", "31/12/2024 08:00", "45000", "0000-00-00",
    "3374065205900001", "081234567890", "Siti Aminah", "Pak ", "nama: ", "x@y.id", "Jl. A No. 1", "RT 03/RW 02", "U1", "U8", "U9", "Q8",
    "U10", "unsur8", "9" * 400, "x" * 3000, "1e309", "nan", "inf", "1_0", "٣", "Ⅳ", "²", "ﬁ", "I\u0307", "ß",
    "'", "`", "\\", "${7*7}", "{{7*7}}", "<b>", "&amp;", "%s", "{0}", "../", "CON", "\x1b[31m", "\x85", "\u2028",
    *LABELS[:18], *OPTIONS[:40],
]  # fmt: skip
YAML_PIECES = [
    "title: Uji\n", "city: X\n", "files:\n", "- path: a.csv\n", "  ", "    ", "- ", ": ", "\n", "&a ", "*a", "!!python/object:os.system ",
    "!!binary ", "[", "]", "{", "}", ",", '"', "'", "|\n", ">\n", "# ", "? ", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "~", "true",
    "null", "0x1F", "1e5", "9" * 5000, "-", "\t", "\\ud800", '"\\ud800"', '"\\0"', "\x07", "unit: ", "columns: ", "U1: ", "values: ",
    "scale: {min: 1, max: 4}\n", "order: form\n", "period: 2024\n", "indicators:\n", "units: [a]\n", "items: {U1: '1/9'}\n", "title: ",
    "2024-13-45", "fieldwork: {start: 2024-01-01}\n", "instruments:\n", "lookups:\n", "[" * 300, "{a: " * 200, "é", "\ufeff", "\0",
]  # fmt: skip
UNIT_PIECES = [
    "id,name\n", "id;name;aliases\n", "id", "name", "aliases", "type", "parent", "population", "sets", "basic_service", "target", "deadline",
    ",", ";", "\t", "\n", "\r\n", '"', "a", "b", "Dinas A", "dinas a", "CON", "../../etc", "nul.", "x" * 300, "\u202e", "\u200b", "\0", "*",
    "@", "[", "unknown", "1.234", "-5", "9" * 30, "ya", "tidak", "@uji", "2024-01-01", "é", "\ufeff", "\x00", "A", "=1", "x" * 200_000,
]  # fmt: skip


def built(case: bytes, pieces: list[str]) -> str:
    """Text made of the pieces the bytes choose."""
    return "".join(pieces[byte % len(pieces)] for byte in case)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")


def encoded(case: bytes, pieces: list[str]) -> bytes:
    """The first byte chooses the encoding; some of the last are kept as they are."""
    if not case:
        return b""
    text = built(case[1:], pieces)
    raw = text.encode(ENCODINGS[case[0] % len(ENCODINGS)], "ignore")
    return raw + case if case[0] % 5 == 0 else raw


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
def spss() -> bytes:
    """A small SPSS file with labels."""
    import tempfile

    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"id": ["a", "b"], "U1": [1.0, 2.0], "U2": [3.0, None]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        pyreadstat.write_sav(
            frame, str(path), column_labels=["id", *LABELS[:2]], variable_value_labels={"U1": {1.0: "Baik"}}
        )
        return path.read_bytes()


XML_PIECES = [
    b"<", b">", b"/>", b"&", b"&amp;", b"&e;", b'"', b"<c>", b"</c>", b'<c r="ZZ9" t="s"><v>99999999</v></c>', b'<c r="A0"/>',
    b'<c r="B2" t="d"><v>2024-99-99</v></c>', b'<c t="b"><v>7</v></c>', b'<row r="7" hidden="1">', b'<!DOCTYPE x [<!ENTITY e "x">]>',
    b"<!--", b"]]>", b"<![CDATA[", b"\x00", b"\xff\xfe", b"1e400", b"-1", b"NaN", b"t=\"e\"", b"xml:space='preserve'", b"<f>",
    b'<f t="shared" si="0" ref="A1:B2"/>', b"<v></v>", b"<is><t>x</t></is>", b'dimension ref="A1:B9"', b"count=\"-1\"", b"s=\"9999\"",
    b'number-columns-repeated="9"', b'office:value="1e999"', b'office:value-type="time"', b"<?xml?>", b"</sheetData>", b"date1904=\"1\"",
]  # fmt: skip


def mutated(case: bytes, raw: bytes) -> bytes:
    """Change bytes: per four instruction bytes one replacement, insertion, deletion or doubling."""
    data = bytearray(raw)
    for start in range(0, len(case) - 3, 4):
        how, high, low, what = case[start : start + 4]
        at = ((high << 8 | low) * 7919) % max(len(data), 1)
        if how % 5 == 0 and data:
            data[at] = what
        elif how % 5 == 1:
            data[at:at] = XML_PIECES[what % len(XML_PIECES)]
        elif how % 5 == 2:
            del data[at : at + what]
        elif how % 5 == 3:
            data[at:at] = data[max(at - what, 0) : at]
        else:
            data[at : at + 1] = XML_PIECES[what % len(XML_PIECES)]
    return bytes(data)


def archive(case: bytes, members: list[tuple[str, bytes]]) -> bytes:
    """Mutate one member, or the archive around it."""
    which = case[0] if case else 0
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
        for number, (name, content) in enumerate(members):
            out.writestr(
                name, mutated(case[1:], content) if which % (len(members) + 1) == number else content
            )
    raw = made.getvalue()
    return mutated(case[1:], raw) if which % (len(members) + 1) == len(members) else raw


def _file(suffix: str, make: Callable[[bytes], bytes]) -> Callable[[bytes, Path], None]:
    def run(case: bytes, folder: Path) -> None:
        path = folder / f"case{suffix}"
        path.write_bytes(make(case))
        try:
            for table in read_any(path, path.name):
                for row in range(min(table.height, 3)):
                    table.row(row)
        except Refused as error:
            _sentence(str(error))

    return run


def _sav(case: bytes, folder: Path) -> None:
    """In this process, which a damaged file may kill; the product reads such files in one of their own."""
    from pipeline.intake.spss import parse

    path = folder / "case.sav"
    path.write_bytes(mutated(case, spss()))
    try:
        parse(path, path.name)
    except Refused as error:
        _sentence(str(error))


def _sentence(text: str) -> None:
    if not text or len(text) > 2000 or "Traceback" in text or "\n" in text:
        raise AssertionError(f"no clear sentence: {text[:200]!r}")


def _yaml(case: bytes, folder: Path) -> None:
    from pipeline.survey.folder import _definition

    path = folder / "survey.yml"
    path.write_bytes(encoded(b"\0" + case, YAML_PIECES) if case[:1] < b"\xe0" else case)
    try:
        yamlfile.read(path)
        _definition(path, "survey.yml")
    except SurveyError as error:
        for problem in error.problems:
            str(problem)


def _units(case: bytes, folder: Path) -> None:
    path = folder / "units.csv"
    path.write_bytes(encoded(case, UNIT_PIECES))
    try:
        found = unit_list.read_units(path, folder / "services.csv", "units.csv", "services.csv")
    except SurveyError:
        return
    for unit in found:
        name = unit_list.slug(unit.id)
        if not name or len(name) > 60 or not name.isascii() or "/" in name or "." in name or name == "con":
            raise AssertionError(f"an unsafe folder name {name!r}")


@cache
def _items() -> Any:
    import tempfile

    from pipeline import survey as surveys
    from pipeline.intake.items import itemset

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "data/raw/2024"
        raw.mkdir(parents=True)
        (raw / "survey.yml").write_text("title: Uji\n", encoding="utf-8")
        (raw / "units.csv").write_text("id,name\na,Dinas A\n", encoding="utf-8")
        return itemset(surveys.load(folder, "2024"), [], {})


def _rekey(case: bytes, folder: Path) -> None:
    """Every text has one reading, inside the scale, for every item; masks and dates never fail."""
    text = built(case, PIECES)
    for reader in _items().readers.values():
        reading = reader.read(text)
        answered = reading.status == 1
        if answered != (reader.low <= reading.score <= reader.high) or (not answered and reading.score):
            raise AssertionError(f"{text!r} is read as {reading}")
        if reading.status == 3 and not reading.reason:
            raise AssertionError(f"{text!r} is set aside without a reason")
        if len(reader._cache) > 1000:
            reader._cache.clear()


def _texts(case: bytes, folder: Path) -> None:
    """Ages, dates, categories, masks and headers of any text."""
    from pipeline.survey.persons import is_person, shown

    text = built(case, PIECES)
    once = mask(text)
    if once.count("3374065205900001") or mask_cell(text).count("081234567890") > text.count("9" * 400):
        raise AssertionError(f"{text!r} is shown as {once!r}")
    mask_header(text), is_person(text), shown(text)
    dates.parse(text, bool(len(case) % 2)), profile.age(text)
    for field in profile.FIELDS:
        profile.category(field, text, {})


def _headers(case: bytes, folder: Path) -> None:
    """A small table of any cells finds its header, its columns and its rows, or is refused."""
    cells = [PIECES[byte % len(PIECES)] for byte in case]
    width = 1 + (case[0] % 14 if case else 0)
    rows = [cells[i : i + width] for i in range(0, len(cells), width)] or [[""]]
    table = from_rows("a.csv", "", [[cell.strip() for cell in row] for row in rows])
    entry = FileEntry(path="a.csv")
    try:
        header = headers.resolve(table, entry, _items(), None, {"dinas a": "a"})
        made, kinds = body(table, header, entry, 0, _items())
    except Refused as error:
        _sentence(str(error))
        return
    if kinds.read != len(made) + kinds.not_data:
        raise AssertionError(f"{kinds} and {len(made)} rows")


TARGETS: dict[str, Callable[[bytes, Path], None]] = {
    "csv": _file(".csv", lambda case: encoded(case, PIECES)),
    "xlsx": _file(".xlsx", lambda case: archive(case, workbook())),
    "ods": _file(".ods", lambda case: archive(case, opendocument())),
    "sav": _sav,
    "survey.yml": _yaml,
    "units.csv": _units,
    "rekeyer": _rekey,
    "texts": _texts,
    "headers": _headers,
}


def names() -> Iterator[str]:
    """Names of what is fuzzed."""
    yield from TARGETS
