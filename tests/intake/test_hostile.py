"""Input made to break or to misuse: one clear sentence, little memory and time, nothing run, the rest still read."""

# ruff: noqa: E501 (hostile bytes are long)
from __future__ import annotations

import contextlib
import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_cases import ISOLATED, TARGETS, mutated
from benchmarks.fuzz_files import excel97, opendocument, spss, workbook
from pipeline import intake
from pipeline.intake.files import subprocess_reader
from pipeline.intake.files.rawfiles import read_any
from pipeline.intake.ground.problems import Refused
from pipeline.intake.sheets import sums
from pipeline.survey import SurveyError, outside, published, unit_list
from pipeline.survey.units import slug
from tests.support.processes import alive, children, soon
from tests.support.raw_surveys import LABELS, THREES, csv, make, wide

GOOD = {"baik.csv": wide([1, "a", *THREES])}
SHEET = "xl/worksheets/sheet1.xml"


def packed(members: list[tuple[str, bytes]], name: str = "", old: bytes = b"", new: bytes = b"") -> bytes:
    """A workbook of members, one of them changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members:
            archive.writestr(member, content.replace(old, new, 1) if member == name else content)
    return made.getvalue()


def lying(members: list[tuple[str, bytes]]) -> bytes:
    """A workbook whose sheet unpacks to 100 MB and claims 1,000 bytes."""
    raw = bytearray(packed([(n, b" " * 100_000_000 + c if n == SHEET else c) for n, c in members]))
    size = next(len(c) for n, c in members if n == SHEET) + 100_000_000
    claimed, real = (1000).to_bytes(4, "little"), size.to_bytes(4, "little")
    return bytes(raw.replace(real, claimed))


#: Called when each test runs: some are made with effort.
ODD_FILES = {
    "far.xlsx": (
        lambda: packed(workbook(), SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        "spans 17,179,869,184 cells",
    ),
    "hidden-far.xlsx": (
        lambda: packed(workbook(), SHEET, b"</sheetData>", b"<row><c r='XFD900000'><v>1</v></c></row></sheetData>"),
        "most of them empty",
    ),
    "rows.ods": (
        lambda: packed(opendocument(), "content.xml", b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'),
        "most of them empty",
    ),
    "columns.ods": (
        lambda: packed(opendocument(), "content.xml", b"<table:table-cell office", b'<table:table-cell table:number-columns-repeated="999999999" office'),
        "most of them empty",
    ),
    "entity.xlsx": (
        lambda: packed(
            packed_entity(), "xl/sharedStrings.xml", b"<t>unit</t>", b"<t>&secret;</t>"
        ),
        "is not a workbook that can be read",
    ),
    "laughs.xlsx": (
        lambda: packed(packed_entity(), "xl/sharedStrings.xml", b"<t>unit</t>", b"<t>&lol9;</t>"),
        "is not a workbook that can be read",
    ),
    "lying.xlsx": (lambda: lying(workbook()), "is not a workbook that can be read"),
    "half.xlsx": (lambda: packed(workbook())[:3000], "is not a workbook that can be read"),
    "password.xlsx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "is not a workbook that can be read",
    ),
    "many.xlsx": (lambda: packed([(f"x{n}", b"") for n in range(20_001)]), "archive of 20,001 files"),
    "columns.csv": (lambda: b"," * 200_000 + b"\n" + b"1," * 200_000, "columns, more than a spreadsheet can hold"),
    "ragged.csv": (lambda: b"a,b\n" + b"x" + b",1" * 16_000 + b"\n" + b"1,2\n" * 20_000, "it is no table"),
    "quote.csv": (lambda: b'a,b\n"' + b"x" * 1_200_000, "cannot be split into cells"),
    "line.csv": (lambda: b"a,b\n" + b"x" * 17_000_000, "a line of more than 16 MB"),
    "nul.csv": (lambda: b"\0" * 5000, "is empty"),
    "image.csv": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is a picture, not a table"),
    "fake.sav": (lambda: b"$FL2" + b"\xff" * 500, "is not an SPSS file"),
}  # fmt: skip


def packed_entity() -> list[tuple[str, bytes]]:
    """Members whose shared strings declare a file as an entity, and a billion laughs."""
    laughs = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    types = f'<!DOCTYPE sst [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY lol0 "lol">{laughs}]>'
    return [
        (
            name,
            content.replace(b"?>", b"?>" + types.encode(), 1) if name == "xl/sharedStrings.xml" else content,
        )
        for name, content in workbook()
    ]


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_gets_one_sentence_and_the_others_are_read(tmp_path: Path, name: str, monkeypatch):
    def no(*_: object, **__: object) -> None:
        raise AssertionError("a file was allowed to call out")

    monkeypatch.setattr(socket.socket, "connect", no)
    content, said = ODD_FILES[name]
    survey = make(tmp_path, {**GOOD, name: content()})
    began = time.process_time()
    made = intake.clean(survey)
    assert time.process_time() - began < 20
    assert len(made.responses) == 1
    problems = [p for p in made.problems if p.file == name]
    assert len(problems) == 1
    assert said in str(problems[0])
    assert problems[0].fatal


def test_links_to_other_workbooks_are_neither_followed_nor_read(tmp_path: Path, monkeypatch):
    book = packed(
        workbook(), "xl/workbook.xml", b"</workbook>", b'<externalReferences><externalReference r:id="rId9"/></externalReferences></workbook>'
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = [(n, archive.read(n)) for n in archive.namelist()]
    members.append(
        ("xl/externalLinks/externalLink1.xml", b'<externalLink><externalBook r:id="rId1"/></externalLink>')
    )
    target = f"file://{tmp_path}/data/raw/2024/rahasia.xlsx"
    members.append(
        (
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            f'<Relationships><Relationship Id="rId1" TargetMode="External" Target="{target}"/></Relationships>'.encode(),
        )
    )
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a link was followed"))
    members = [(n, c.replace(b"<v>Sesuai</v>", b"<v>3</v>")) for n, c in members]
    made = intake.clean(make(tmp_path, {"a.xlsx": packed(members)}))
    assert len(made.responses) == 6
    assert "rahasia" not in made.responses.to_csv() + made.ledger.to_csv()


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
def test_a_pipe_a_device_a_folder_and_a_link_to_elsewhere_are_said_and_never_opened(tmp_path: Path):
    survey = make(tmp_path, GOOD)
    outside = tmp_path / "rahasia.csv"
    outside.write_text(wide([1, "b", *THREES]), encoding="utf-8")
    os.mkfifo(survey.raw / "pipa.csv")
    (survey.raw / "folder.csv").mkdir()
    (survey.raw / "nol.csv").symlink_to("/dev/zero")
    (survey.raw / "luar.csv").symlink_to(outside)
    (survey.raw / "hilang.csv").symlink_to(tmp_path / "tidak-ada")
    made = intake.clean(survey)
    assert len(made.responses) == 1
    said = {p.file: p.what for p in made.problems if p.fatal}
    assert said == {
        "pipa.csv": "is a pipe or a socket, not a file", "folder.csv": "is a folder, not a file",
        "nol.csv": "is a device, not a file", "luar.csv": "is a link to a file outside the survey's folder",
        "hilang.csv": "is a link to a file that is not there",
    }  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("name", ["units.csv", "services.csv", "survey.yml"])
def test_a_definition_that_is_a_pipe_or_a_folder_is_said(tmp_path: Path, name: str):
    survey = make(tmp_path, GOOD)
    (survey.raw / name).unlink(missing_ok=True)
    (survey.raw / name).mkdir()
    from pipeline import survey as surveys

    if name == "services.csv":
        surveys.load(tmp_path, "2024")
        return
    with pytest.raises(SurveyError, match=r"a folder, not a file|there is no survey"):
        surveys.load(tmp_path, "2024")
    (survey.raw / name).rmdir()
    os.mkfifo(survey.raw / name)
    with pytest.raises(SurveyError, match=r"a pipe or a socket|there is no survey"):
        surveys.load(tmp_path, "2024")


LAUGHS = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{'*a,' * 9}]\n" for n in range(9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: !!python/object/apply:os.system ['touch MARK']\n", "could not determine a constructor"),
        ("title: !!python/name:os.system\n", "could not determine a constructor"),
        (LAUGHS, "aliases"), ("title: x\n<<: *a\n", "aliases"), ("title: " + "[" * 5000, "nested too deeply"),
        ("title: x\nscale: {min: 1, max: " + "9" * 5000 + "}\n", "cannot be read"),
        ('title: "a\\0b"\n', "a character that no text may hold"), ('title: "\\ud800"\n', "a character that no text may hold"),
        ("title: a\0b\n", "not valid YAML"), ("title: x\nfiles: [{path: ../../../etc/passwd}]\n", "must lie inside"),
        ("title: x\nlookups: [{field: item, path: ../../etc/passwd, key: a, text: b}]\n", "must lie inside"),
        ("title: x\n" + "x" * 4_000_001, "too large"),
    ],
)  # fmt: skip
def test_a_hostile_definition_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SurveyError) as caught:
        make(tmp_path, GOOD, text if "title:" in text else "title: Uji\n" + text)
    assert said in str(caught.value)
    assert not (tmp_path / "MARK").exists()


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("id,name\na,Dinas\0A\n", "invisible character (U+0000)"),
        ("id,name\na,\u202egnp.exe\n", "invisible character (U+202E)"),
        ("id,name\na,A\nA,B\n", "would share the folder"),
        ("id,name\na,Dinas A\nb,DINAS a\n", "names both"),
        ("id,name\n../a,X\na,Y\n", "would share the folder"),
        pytest.param("id,name\n" + "a" * 140_000 + ",x\n", "cannot be split into cells", id="long"),
        pytest.param("id,name" + ",x" * 100_000 + "\n", "columns, which no such list needs", id="wide"),
    ],
)
def test_a_hostile_list_of_units_is_refused_in_a_sentence(tmp_path: Path, units: str, said: str):
    with pytest.raises(SurveyError) as caught:
        make(tmp_path, GOOD, units=units)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", ".", "CON", "con.txt", "NUL.", "COM1", "a" * 300, "a/b\\c", "~root", "-rf", "$(id)",
     "\u202e", "\u200b", "🏥", "a\n b", "%00", "{0}", "C:\\x", "aux ", " trailing. ", "ünïcode"],
)  # fmt: skip
def test_a_unit_may_be_called_anything_and_its_folder_is_plain(name: str):
    made = slug(name)
    assert made.isascii()
    assert 0 < len(made) <= 60
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    assert made not in {"con", "nul", "aux", "prn", "com1"}


@pytest.mark.parametrize("text", ["9" * 400, "-" + "9" * 400, "1" + "0" * 5000])
def test_a_number_too_long_for_any_scale_is_out_of_range(tmp_path: Path, text: str):
    """Found by fuzzing the re-keyer: the number became infinite, and infinity is no whole number."""
    made = intake.clean(make(tmp_path, {"a.csv": wide([1, "a", f'"{text}"', *THREES[1:]])}))
    assert made.responses.loc[0, "U1__status"] == "invalid"
    assert set(made.ledger["reason"]) == {"out-of-range"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("published.csv", "unit,ikm\na\n"),
        ("external.csv", "ombudsman_score,unit\n50\n"),
        ("services.csv", "unit,service\na\n"),
    ],
)
def test_a_line_of_a_list_that_ends_too_early_is_told_and_not_a_crash(tmp_path: Path, name: str, text: str):
    """Found by fuzzing: a cell that is not there was asked for as if it were."""
    survey = make(tmp_path, GOOD)
    (survey.raw / name).write_text(text, encoding="utf-8")
    readers = {
        "published.csv": lambda: published.read_published(survey, "2024"),
        "external.csv": lambda: outside.read(survey.raw / name, name, {"a": "a"}.get, ["a"]),
        "services.csv": lambda: unit_list.read_units(
            survey.raw / "units.csv", survey.raw / name, "units.csv", name
        ),
    }
    with pytest.raises(SurveyError) as told:
        readers[name]()
    assert all(p.file and p.file.endswith(name) and p.line == 2 for p in told.value.problems)


@pytest.mark.parametrize(
    "index", ["nan", "-nan", "snan", "inf", "1_0", "\u0663\u0663", "1e1", "9" * 400, "0", "100,01", "", "-80"]
)
def test_what_is_no_printed_index_is_told_and_not_a_crash(tmp_path: Path, index: str):
    """Found while fuzzing: comparing with what is called not-a-number raises."""
    survey = make(tmp_path, GOOD)
    (survey.raw / "published.csv").write_text(f'unit,ikm\na,"{index}"\n', encoding="utf-8")
    with pytest.raises(SurveyError, match="is not an index"):
        published.read_published(survey, "2024")


def test_a_portable_spss_file_is_read(tmp_path: Path):
    """Found by fuzzing: every one was refused, because its reader knows no encodings."""
    path = tmp_path / "a.por"
    path.write_bytes(spss(".por"))
    (table,) = read_any(path, path.name)
    assert table.names == ("ID", "U1", "U2")
    assert [table.row(n)[:2] for n in (1, 2)] == [["a", "1"], ["b", "2"]]
    with pytest.raises(Refused, match="no `encoding`"):
        read_any(path, path.name, encoding="cp1252")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(min_size=1, max_size=60))
@pytest.mark.parametrize("target", [name for name in TARGETS if name not in ISOLATED])
def test_no_bytes_bring_a_reader_down(target: str, tmp_path: Path, case: bytes):
    TARGETS[target](case, tmp_path)  # a survey left above would be found by other tests


def test_an_spss_file_that_kills_its_reader_is_refused_and_the_others_are_read(tmp_path: Path, monkeypatch):
    survey = make(tmp_path, {**GOOD, "mati.sav": b"$FL2" + b"\0" * 500})
    killer = "import os, signal, sys\nos.kill(os.getpid(), signal.SIGSEGV)\n"
    fake = tmp_path / "palsu" / "pyreadstat.py"
    fake.parent.mkdir()
    fake.write_text(killer, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(fake.parent))
    monkeypatch.syspath_prepend(str(fake.parent))
    made = intake.clean(survey)
    assert len(made.responses) == 1
    assert [p.what for p in made.problems if p.file == "mati.sav"] == [
        "is damaged: the reader of SPSS files broke off"
    ]


#: Makes a survey with one file and reads it, in a process that may not use more memory than a small machine has.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2_500_000_000, 2_500_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
from pipeline import intake, survey
made = intake.clean(survey.load(sys.argv[1], "2024"))
print(len(made.responses), *(str(p).splitlines()[0] for p in made.problems), sep="\\n")
"""


#: Found by fuzzing: the first makes the library that reads cells panic, the second makes it end the process.
PANIC_CASES = {"panic": "3d856545b193b90092d7019a131a667775ed1632", "abort": "cc33717ea42f60de5f83"}


def broken(members: list[tuple[str, bytes]], name: str, how: str) -> bytes:
    """A compressed workbook of which one member is damaged, encrypted, or packed in a way nobody knows."""
    raw = bytearray(packed(members))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        at = archive.getinfo(name).header_offset
    listed = raw.rindex(name.encode()) - 46
    if how == "damaged":
        content = at + 30 + len(name)
        raw[content : content + 20] = b"\xff" * 20
    elif how == "encrypted":
        raw[at + 6], raw[listed + 8] = raw[at + 6] | 1, raw[listed + 8] | 1
    elif how == "method":
        raw[at + 8], raw[listed + 10] = 99, 99
    else:
        raw[listed + 6] = 230
    return bytes(raw)


@pytest.mark.parametrize("how", ["damaged", "encrypted", "method", "version"])
@pytest.mark.parametrize(
    ("kind", "members", "name"), [(".xlsx", workbook, SHEET), (".ods", opendocument, "content.xml")]
)
def test_an_archive_that_cannot_be_unpacked_is_refused_in_a_sentence(
    tmp_path: Path, kind, members, name, how: str
):
    """Found by fuzzing: a damaged download ended the run; what the archive raises is of many kinds."""
    path = tmp_path / f"rusak{kind}"
    path.write_bytes(broken(members(), name, how))
    with pytest.raises(
        Refused, match="password" if how == "encrypted" else "is not a workbook that can be read"
    ):
        read_any(path, path.name)


@pytest.mark.parametrize("text", ["9" * 400, "-" + "9" * 400])
def test_a_number_too_long_in_a_row_that_may_be_a_total_is_no_crash(text: str):
    """Found by fuzzing: the number became infinite, and infinity is no whole number."""
    assert sums.beyond(text, 4)


@pytest.mark.parametrize("case", ["panic", pytest.param("abort", marks=pytest.mark.full)])
def test_an_old_workbook_that_kills_its_reader_is_refused_in_a_sentence(tmp_path: Path, case: str):
    path = tmp_path / "mati.xls"
    path.write_bytes(mutated(bytes.fromhex(PANIC_CASES[case]), excel97()))
    with pytest.raises(Refused, match="its reader broke off"):
        read_any(path, path.name)


def test_a_workbook_whose_reader_never_ends_is_refused_in_a_sentence(tmp_path: Path, monkeypatch):
    """Found by fuzzing: a tag that is never closed keeps the library in a loop."""
    path = tmp_path / "lama.ods"
    path.write_bytes(packed(opendocument(), "content.xml", b"</table:table>", b"</tab\0e:table>"))
    monkeypatch.setattr(subprocess_reader, "patience", lambda _: 1)
    with pytest.raises(Refused, match="was not read within 1 seconds"):
        read_any(path, path.name)


def test_an_spss_file_whose_reader_never_ends_is_refused_in_a_sentence(tmp_path: Path, monkeypatch):
    path = tmp_path / "lama.sav"
    path.write_bytes(spss())
    monkeypatch.setattr(subprocess_reader, "patience", lambda _: 0)
    with pytest.raises(Refused, match="was not read within 0 seconds"):
        read_any(path, path.name)


def test_a_larger_file_is_given_more_time(tmp_path: Path):
    small, large = tmp_path / "a.ods", tmp_path / "b.ods"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * 2_000_000)
    assert subprocess_reader.patience(small) == 60
    assert subprocess_reader.patience(large) == 100


@pytest.mark.full
@pytest.mark.parametrize("case", PANIC_CASES)
def test_an_old_workbook_that_kills_its_reader_is_refused_and_the_others_are_read(tmp_path: Path, case: str):
    damaged = mutated(bytes.fromhex(PANIC_CASES[case]), excel97())
    make(tmp_path, {**GOOD, "mati.xls": damaged})
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-500:]
    count, *said = done.stdout.splitlines()
    assert count == "1"
    assert len(said) == 1
    assert "mati.xls" in said[0]
    assert "its reader broke off" in said[0]
    assert "panicked" not in done.stderr


def _sparse(path: Path) -> None:
    with path.open("wb") as handle:
        handle.write(b"id,unit\n")
        handle.truncate(2_000_000_000)


def _one_line(path: Path) -> None:
    with path.open("wb") as handle:
        for _ in range(2000):
            handle.write(b"x" * 1_000_000)


def _ten_million(path: Path) -> None:
    path.write_bytes(b"," * 9_999_999 + b"\n" + b"1," * 9_999_999 + b"1\n")


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in workbook():
            if name == SHEET:
                with archive.open(name, "w", force_zip64=True) as member:
                    for _ in range(1500):
                        member.write(b" " * 1_000_000)
                continue
            archive.writestr(name, content)


@pytest.mark.full
@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize(
    ("name", "write", "said"),
    [
        ("sparse.csv", _sparse, "a line of more than 16 MB"), ("line.csv", _one_line, "a line of more than 16 MB"),
        ("wide.csv", _ten_million, "more than"), ("bomb.xlsx", _bomb, "no survey needs"),
    ],
)  # fmt: skip
def test_the_largest_of_them_need_little_memory_and_time(
    tmp_path: Path, name: str, write, said: str, project_root
):
    survey = make(tmp_path, GOOD)
    write(survey.raw / name)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=project_root,
    )
    (survey.raw / name).unlink()
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert lines[0] == "1"
    assert any(said in line and name in line for line in lines[1:])


@pytest.mark.full
def test_a_file_with_one_bad_neighbour_of_every_kind_is_still_read(tmp_path: Path):
    small = {
        n: make_() for n, (make_, _) in ODD_FILES.items() if n not in ("lying.xlsx", "line.csv", "ragged.csv")
    }
    made = intake.clean(make(tmp_path, {**GOOD, **small, "dua.csv": csv(["unit", *LABELS], ["b", *THREES])}))
    assert sorted(made.responses["unit"].astype(str)) == ["a", "b"]
    assert {p.file for p in made.problems if p.fatal} == set(small)


READS = "import pathlib, sys; from pipeline.intake.files import subprocess_reader as reader\n"


def test_a_reader_ends_with_the_process_that_started_it_however_long_it_would_read(tmp_path):
    never = tmp_path / "never.xls"
    os.mkfifo(never)
    reading = subprocess.Popen(
        [sys.executable, "-c", READS + "reader.open_book(pathlib.Path(sys.argv[1]), 10)", str(never)]
    )
    held: list[int] = []

    def is_read() -> bool:
        with contextlib.suppress(OSError):  # while nobody reads it
            held.append(os.open(never, os.O_WRONLY | os.O_NONBLOCK))
        return bool(held) or reading.poll() is not None

    soon(is_read, "the file is read")
    (reader,) = children(reading.pid)
    reading.kill()
    reading.wait()
    soon(lambda: not alive(reader), "the reader ended")
    os.close(held[0])


def test_a_reader_whose_starter_was_gone_before_does_not_begin():
    code = READS + "reader.end_with(1, 60); print('began')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_the_reader_of_spss_files_knows_who_started_it(tmp_path, monkeypatch):
    from pipeline.intake.files import spss

    path, ends = tmp_path / "a.sav", []
    path.write_bytes(b"")
    monkeypatch.setattr(subprocess_reader, "end_with", lambda *told: ends.append(told))

    def run(command, **_):
        spss.main(command[3:])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(spss.subprocess, "run", run)
    spss.read_spss(path, "a.sav")
    assert ends == [(os.getpid(), 120)]
