"""What is fed to the readers and the re-keyer: short byte strings, read as instructions that build a file.

Hypothesis (or atheris) chooses the bytes; they shrink well, and the same bytes always build the same file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.fuzz_files import excel97, opendocument, spss, workbook
from benchmarks.fuzz_pieces import (
    CSV,
    DEFINITION,
    HEADS,
    OPTIONS,
    PIECES,
    UNIT_PIECES,
    XML_PIECES,
    YAML_PIECES,
)
from pipeline.intake.columns import headers
from pipeline.intake.files import subprocess_reader
from pipeline.intake.files.rawfiles import read_any
from pipeline.intake.files.table import from_rows
from pipeline.intake.ground.problems import Refused
from pipeline.intake.rows.typed_table import body
from pipeline.intake.values import dates, profile
from pipeline.intake.values.identity import mask, mask_cell, mask_header
from pipeline.survey import SurveyError, outside, published, unit_list, units, yamlfile
from pipeline.survey.definition import FileEntry


def built(case: bytes, pieces: list[str]) -> str:
    """Text made of the pieces the bytes choose."""
    return "".join(pieces[byte % len(pieces)] for byte in case)


def any_text(case: bytes, pieces: list[str]) -> str:
    """Text of a few pieces or of many, or, one time in four, of any characters: lone surrogates, odd digits, too."""
    if case[:1] and case[0] % 4 == 0:
        rest = case[1:]
        if case[0] % 8 == 0:
            return rest.decode("utf-8", "surrogateescape")
        return rest[: len(rest) // 2 * 2].decode("utf-16-le", "surrogatepass")
    return built(few(case), pieces)


def misspelt(case: bytes) -> str:
    """An option with some characters left out, doubled or changed, or a piece put in."""
    text = OPTIONS[case[0] % len(OPTIONS)]
    for how, where, what in zip(case[1:10:3], case[2:10:3], case[3:10:3]):
        at = where % (len(text) + 1)
        put = ("", text[at : at + 1] * 2, chr(97 + what % 26), PIECES[what % len(PIECES)])[how % 4]
        text = text[:at] + put + text[at + (how % 4 < 3) :]
    return text


def few(case: bytes) -> bytes:
    """Half of the cases whole; of the others the first bytes, so that a file may be nearly right."""
    if not case or case[-1] % 2:
        return case
    return case[: 4 + 4 * (case[-1] // 2 % 2)]


def changed(case: bytes, pieces: list[str], valid: str) -> bytes:
    """Half of the cases are made of pieces, half are a valid file with changes of bytes and pieces."""
    if case[:1] and case[0] % 2:
        return encoded(case[1:], pieces)
    return mutated(few(case[1:]), valid.encode(), [p.encode("utf-8", "surrogatepass") for p in pieces])


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")


def encoded(case: bytes, pieces: list[str]) -> bytes:
    """The first byte chooses the encoding; some of the last are kept as they are."""
    if not case:
        return b""
    text = built(case[1:], pieces)
    raw = text.encode(ENCODINGS[case[0] % len(ENCODINGS)], "ignore")
    return raw + case if case[0] % 5 == 0 else raw


def mutated(case: bytes, raw: bytes, pieces: list[bytes] = XML_PIECES) -> bytes:
    """Change bytes: per four instruction bytes one replacement, insertion, deletion or doubling."""
    data = bytearray(raw)
    for start in range(0, len(case) - 3, 4):
        how, high, low, what = case[start : start + 4]
        at = ((high << 8 | low) * 7919) % max(len(data), 1)
        if how % 5 == 0 and data:
            data[at] = what
        elif how % 5 == 1:
            data[at:at] = pieces[what % len(pieces)]
        elif how % 5 == 2:
            del data[at : at + what]
        elif how % 5 == 3:
            data[at:at] = data[max(at - what, 0) : at]
        else:
            data[at : at + 1] = pieces[what % len(pieces)]
    return bytes(data)


def archive(case: bytes, members: list[tuple[str, bytes]]) -> bytes:
    """Mutate one member, or the archive around it."""
    which = case[0] if case else 0
    made = io.BytesIO()
    # Stored, a change in the archive reaches the content; compressed, it breaks the packing.
    packing = zipfile.ZIP_DEFLATED if case[-1:] >= b"\xc0" else zipfile.ZIP_STORED
    with zipfile.ZipFile(made, "w", packing) as out:
        for number, (name, content) in enumerate(members):
            out.writestr(
                name, mutated(few(case[1:]), content) if which % (len(members) + 1) == number else content
            )
    raw = made.getvalue()
    return mutated(few(case[1:]), raw) if which % (len(members) + 1) == len(members) else raw


def _file(suffix: str, make: Callable[[bytes], bytes]) -> Callable[[bytes, Path], str]:
    def run(case: bytes, folder: Path) -> str:
        path = folder / f"case{suffix}"
        path.write_bytes(make(case))
        try:
            for table in read_any(path, path.name):
                for row in range(min(table.height, 3)):
                    table.row(row)
        except Refused as error:
            return _sentence(str(error))
        return "read"

    return run


def _in_this_process(path: Path, most: int) -> Any:
    """What stands for `subprocess_reader.open_book` while cases run: a process for each would take most of the time."""
    try:
        told = subprocess_reader.read_here(str(path), most)
    except BaseException as error:
        # What Rust raises when it panics is no Exception and has no public name; it ends the product's process.
        if type(error).__name__ == "PanicException":
            raise subprocess_reader.BrokeOff from None
        raise
    return subprocess_reader.book(json.loads(json.dumps(told)))


def _apart(suffix: str, make: Callable[[bytes], bytes]) -> Callable[[bytes, Path], str]:
    """A kind of workbook that the product reads in a process of its own, read in this one."""
    inner = _file(suffix, make)

    def run(case: bytes, folder: Path) -> str:
        with mock.patch.object(subprocess_reader, "open_book", _in_this_process):
            return inner(case, folder)

    return run


def _spss(suffix: str) -> Callable[[bytes, Path], str]:
    """In this process, which a damaged file may kill; the product reads such files in one of their own."""
    from pipeline.intake.files.spss import parse

    def run(case: bytes, folder: Path) -> str:
        path = folder / f"case{suffix}"
        path.write_bytes(mutated(few(case), spss(suffix)))
        try:
            parse(path, path.name)
        except Refused as error:
            return _sentence(str(error))
        return "read"

    return run


def _sentence(text: str) -> str:
    if not text or len(text) > 2000 or "Traceback" in text or "\n" in text:
        raise AssertionError(f"no clear sentence: {text[:200]!r}")
    if "does not fit into memory" in text:
        raise AssertionError("a file of some kilobytes takes all memory")
    return "refused"


def _yaml(case: bytes, folder: Path) -> str:
    from pipeline.survey.loading import _definition

    path = folder / "survey.yml"
    # One in eight is no text at all.
    path.write_bytes(changed(case, YAML_PIECES, DEFINITION) if case[:1] < b"\xe0" else case)
    try:
        yamlfile.read(path)
        _definition(path, "survey.yml")
    except SurveyError as error:
        return _problems(error)
    return "read"


def _problems(error: SurveyError) -> str:
    for problem in error.problems:
        if not str(problem) or "Traceback" in str(problem):
            raise AssertionError(f"no clear sentence: {str(problem)[:200]!r}")
    return "refused"


def _units(case: bytes, folder: Path) -> str:
    path = folder / "units.csv"
    path.write_bytes(changed(case, UNIT_PIECES, HEADS["units.csv"]))
    try:
        found = unit_list.read_units(path, folder / "services.csv", "units.csv", "services.csv")
    except SurveyError as error:
        return _problems(error)
    for unit in found:
        name = units.slug(unit.id)
        if not name or len(name) > 60 or not name.isascii() or "/" in name or "." in name or name == "con":
            raise AssertionError(f"an unsafe folder name {name!r}")
    return "read"


def _external(case: bytes, folder: Path) -> str:
    path = folder / "external.csv"
    path.write_bytes(changed(case, UNIT_PIECES, HEADS["external.csv"]))
    try:
        found = outside.read(
            path, "external.csv", lambda text: text if text in ("a", "b") else None, ["a", "b"]
        )
    except SurveyError as error:
        return _problems(error)
    for figures in found:
        for name, value in figures.figures.items():
            lowest, highest = outside.MEASURES[name]
            if not lowest <= value <= (1e10 if highest is None else highest):
                raise AssertionError(f"{name} is {value}")
    return "read"


def _published(case: bytes, folder: Path) -> str:
    path = folder / "data/raw/2023/published.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(changed(case, UNIT_PIECES, HEADS["published.csv"]))
    survey = replace(_survey(), root=folder)
    try:
        found = published.read_published(survey, "2023")
    except SurveyError as error:
        return _problems(error)
    if not all(0 < points <= 100 for points in found.ikm.values()):
        raise AssertionError(f"an index out of range: {found.ikm}")
    return "read"


@cache
def _survey() -> Any:
    import tempfile

    from pipeline import survey as surveys

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "data/raw/2024"
        raw.mkdir(parents=True)
        (raw / "survey.yml").write_text("title: Uji\n", encoding="utf-8")
        (raw / "units.csv").write_text("id,name\na,Dinas A\n", encoding="utf-8")
        return surveys.load(folder, "2024")


@cache
def _items() -> Any:
    from pipeline.intake.values.items import itemset

    return itemset(_survey(), [], {})


def _rekey(case: bytes, folder: Path) -> str:
    """Every text has one reading, inside the scale, for every item; masks and dates never fail."""
    text, known = misspelt(case) if case[-1] % 2 else any_text(case, PIECES), "refused"
    for reader in _items().readers.values():
        reading = reader.read(text)
        answered = reading.status == 1
        if answered != (reader.low <= reading.score <= reader.high) or (not answered and reading.score):
            raise AssertionError(f"{text!r} is read as {reading}")
        if reading.status == 3 and not reading.reason:
            raise AssertionError(f"{text!r} is set aside without a reason")
        known = "read" if answered else known
        if len(reader._cache) > 1000:
            reader._cache.clear()
    return known


def _texts(case: bytes, folder: Path) -> str:
    """Ages, dates, categories, masks and headers of any text."""
    from pipeline.survey.identity.persons import is_person, shown

    text = any_text(case, PIECES)
    once = mask(text)
    if once.count("3374065205900001") or mask_cell(text).count("081234567890") > text.count("9" * 400):
        raise AssertionError(f"{text!r} is shown as {once!r}")
    mask_header(text), is_person(text), shown(text)
    dates.parse(text, bool(len(case) % 2)), profile.age(text)
    for field in profile.FIELDS:
        profile.category(field, text, {})
    return "read"


def _headers(case: bytes, folder: Path) -> str:
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
        return _sentence(str(error))
    if kinds.read != len(made) + kinds.not_data:
        raise AssertionError(f"{kinds} and {len(made)} rows")
    return "read"


TARGETS: dict[str, Callable[[bytes, Path], str]] = {
    "csv": _file(".csv", lambda case: changed(case, PIECES, CSV)),
    "tsv": _file(".tsv", lambda case: changed(case, PIECES, CSV.replace(",", "\t"))),
    "xlsx": _file(".xlsx", lambda case: archive(case, workbook())),
    "xls": _apart(".xls", lambda case: mutated(few(case), excel97())),
    "ods": _apart(".ods", lambda case: archive(case, opendocument())),
    "sav": _spss(".sav"),
    "zsav": _spss(".zsav"),
    "por": _spss(".por"),
    "survey.yml": _yaml,
    "units.csv": _units,
    "external.csv": _external,
    "published.csv": _published,
    "rekeyer": _rekey,
    "texts": _texts,
    "headers": _headers,
}
#: Readers that the product runs in a process of their own.
ISOLATED = frozenset({"xls", "ods", "sav", "zsav", "por"})


def names() -> Iterator[str]:
    """Names of what is fuzzed."""
    yield from TARGETS
