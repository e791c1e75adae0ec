"""The content of a file decides who reads it; what nobody reads is named in words an office understands."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.intake.files.htmlfile import read_html
from pipeline.intake.ground.problems import Refused
from pipeline.intake.rows.unit_names import unit_from_name
from tests.support.office_files import ods, xls
from tests.support.raw_surveys import LABELS, balance, cleaned, make

SCORES = [[1 + (p + u * u) % 4 for u in range(9)] for p in range(6)]
ROWS = [["No", "Unit", *LABELS], *[[str(p + 1), "ab"[p % 2], *map(str, row)] for p, row in enumerate(SCORES)]]


def html(rows: list[list[str]] = ROWS, cell: str = "td", head: str = "", more: str = "") -> str:
    lines = "".join("<tr>" + "".join(f"<{cell}>{text}</{cell}>" for text in row) + "</tr>" for row in rows)
    return f"{head}<table border=1>{lines}</table>{more}"


def xml_workbook() -> str:
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in row) + "</Row>"
        for row in ROWS
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Data"><Table>{rows}</Table></Worksheet></Workbook>'
    )


def book(kind: str = "xlsx") -> bytes:
    if kind != "xlsx":
        return {"ods": ods, "xls": xls}[kind]({"Data": ROWS})
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Data")
        for place, row in enumerate(ROWS):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def joined(mark: str) -> str:
    return "".join(mark.join(f'"{text}"' if mark in text else text for text in row) + "\r\n" for row in ROWS)


EXCEL_HEAD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    "<head><meta charset=utf-8><style>td{mso-number-format:'@'}</style><!--[if gte mso 9]><xml><x:Excel/></xml>"
    "<![endif]--></head><body>"
)
READ = {
    "halaman.xls": html(head="<html><head><meta charset='utf-8'></head><body>"),
    "excel.xls": html(head=EXCEL_HEAD, more="</body></html>"),
    "th.xls": html(cell="th"),
    "besar.XLS": html().replace("td>", "TD>").replace("<table", "<TABLE"),
    "peringatan.xls": html(head="<br />\n<b>Warning</b>: Undefined variable $no in <b>ekspor.php</b><br />\n"),
    "teks-di-atas.xls": html(head="Notice: Undefined index: no\n"),
    "tak-ditutup.xls": html().replace("</td>", "").replace("</tr>", ""),
    "dalam-tabel.xls": f"<table><tr><td>Laporan</td><td>{html()}</td></tr></table>",
    "judul.html": html([["Hasil survei", *[""] * 10], *ROWS]),
    "nama.xlsx": html(),
    "komentar.xls": "<!-- ekspor 1 < 2 > 0 -->\n" + html(),
    "skrip.xls": html(head="<script>document.write('<table><tr><td>x</td></tr></table>')</script>"),
    "entitas.xls": html().replace("Dinas A", "Dinas&nbsp;A").replace("Biaya/tarif", "Biaya&#47;tarif"),
    "cp1252.xls": html(head="<meta charset=windows-1252>").encode("cp1252"),
    "utf16.xls": html().encode("utf-16"),
    "xml.xls": xml_workbook(),
    "xml-2003.xml": xml_workbook(),
    "tab.xls": joined("\t"), "koma.xls": joined(","), "titik-koma.xlsx": joined(";"), "pipa.ods": joined("|"),
    "utf16-tab.xls": joined("\t").encode("utf-16"), "data.dat": joined(";"), "tab.csv": joined("\t"),
    "buku.xls": book(), "buku.csv": book(), "buku.sav": book(), "buku.ods": book(), "buku.dat": book(),
    "buku.txt": book(), "lembar.xlsx": book("ods"), "lembar.xls": book("ods"), "lembar.csv": book("ods"),
    "lama.xlsx": book("xls"), "lama.csv": book("xls"), "lama.dat": book("xls"),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_table_is_read_by_what_it_is_whatever_it_is_called(tmp_path: Path, name: str):
    made = cleaned(tmp_path, {name: READ[name]}, f"files:\n- path: {name}\n")
    found = made.responses.sort_values("source_row")
    assert found[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES
    assert found["unit"].tolist() == ["a", "b"] * 3
    assert not made.problems
    balance(made)


def archive(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, b"x")
    return out.getvalue()


def old_document(stream: str) -> bytes:
    """The first sectors of a file of the old kind with one stream of this name."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    return bytes(head) + stream.encode("utf-16-le").ljust(512, b"\0")


REFUSED = {
    "laporan.pdf": (b"%PDF-1.7 ...", "is a PDF"), "laporan.xlsx": (b"%PDF-1.4", "is a PDF"),
    "surat.docx": (archive("word/document.xml"), "word processor"),
    "surat.xls": (archive("word/document.xml"), "word processor"),
    "paparan.xlsx": (archive("ppt/presentation.xml"), "word processor"),
    "surat.odt": (archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "word processor"),
    "lama.doc": (old_document("WordDocument"), "word processor"),
    "lama.xls": (old_document("WordDocument"), "word processor"),
    "sandi.xlsx": (old_document("EncryptedPackage"), "protected by a password"),
    "surat.rtf": (b"{\\rtf1 x", "RTF"), "surat2.xls": (b"{\\rtf1 x", "RTF"),
    "semua.zip": (archive("a.csv", "b.csv"), "archive of 2 files"),
    "semua.xlsx": (archive("a.csv"), "archive of 1 files"),
    "a.gz": (b"\x1f\x8b\x08", "gzip"), "a.rar": (b"Rar!\x1a", "rar"), "a.7z": (b"7z\xbc\xaf\x27\x1c", "7z"),
    "a.json": (b'[{"U1": 3, "U2": 4}]', "JSON"), "b.csv": (b'{"data": [{"U1": 3}]}', "JSON"),
    "c.csv": (b'[\n  {"unit": "a"}\n]', "JSON"), "foto.xls": (b"\x89PNG\r\n\x1a\n", "picture"),
    "foto.jpg": (b"\xff\xd8\xff\xe0", "picture"), "basis.db": (b"SQLite format 3\0", "database"),
    "basis.mdb": (b"\x00\x01\x00\x00Standard Jet DB", "database"), "a.parquet": (b"PAR1", "Parquet"),
    "a.xml": (b"<?xml version='1.0'?><data><row/></data>", "XML"), "arsip.xls": (b"MIME-Version: 1.0\r\n", "MHTML"),
    "kosong.html": (b"<html><body><p>Tidak ada data</p></body></html>", "a web page without a table"),
    "masuk.xls": (b"<!DOCTYPE html><html><form>Silakan masuk <input></form></html>", "a web page without a table"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_said_in_plain_words_with_what_to_do(tmp_path: Path, name: str):
    content, said = REFUSED[name]
    files = {"baik.csv": joined(","), name: content}
    made = cleaned(tmp_path, files, f"files:\n- path: [baik.csv, {name}]\n")
    assert len(made.responses) == 6
    (problem,) = made.problems
    assert problem.fatal
    assert said in problem.what
    assert problem.hint


def test_cells_that_reach_over_rows_and_columns_are_placed(tmp_path: Path):
    head = "<tr><th rowspan=2>No</th><th rowspan=2>Unit</th><th colspan=9>Unsur</th></tr>"
    head += "<tr>" + "".join(f"<th>{label}</th>" for label in LABELS) + "</tr>"
    body = ""
    for p, row in enumerate(SCORES):
        unit = f"<td rowspan='3'>{'ab'[p // 3]}</td>" if p % 3 == 0 else ""
        body += f"<tr><td>{p + 1}</td>{unit}" + "".join(f"<td>{s}</td>" for s in row) + "</tr>"
    made = cleaned(tmp_path, {"a.xls": f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"})
    assert made.responses["unit"].tolist() == ["a"] * 3 + ["b"] * 3
    assert made.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES


def test_every_table_of_a_page_is_looked_at_and_one_can_be_chosen(tmp_path: Path):
    menu = "<table><tr><td>Beranda</td><td>Keluar</td></tr></table>"
    half = [ROWS[0], *ROWS[1:4]]
    page = menu + html(half).replace("border=1>", "><caption>a</caption>") + html([ROWS[0], *ROWS[4:]])
    made = cleaned(tmp_path, {"a.html": page})
    assert len(made.responses) == 6
    assert not made.problems
    one = cleaned(tmp_path / "2", {"a.html": page}, "files:\n- {path: a.html, sheet: a}\n")
    assert len(one.responses) == 3
    with pytest.raises(intake.IntakeError, match='has no table "b"'):
        cleaned(tmp_path / "3", {"a.html": page}, "files:\n- {path: a.html, sheet: b}\n")


HOSTILE = {
    "tags": "<table>" + "<tr><td>" * 50_000,
    "nested": "<table><tr><td>" * 5_000,
    "open": "<table><tr><td>" + "<a " * 500_000,
    "comments": "<table><tr><td>x</td><td>y</td></tr></table>" + "<!--" * 300_000,
    "declarations": "<table><tr><td>x</td><td>y</td></tr>" + "<![" * 300_000 + "</table>",
    "spans": "<table>" + "<tr><td colspan=65000 rowspan=65000>x</td></tr>" * 2_000 + "</table>",
    "entities": "<table><tr>" + "<td>&" + "amp;" * 100_000 + "</td><td>b</td></tr></table>",
    "script": "<table><tr><td><script>" + "</scrip" * 200_000 + "</td></tr></table>",
    "quote": "<table><tr><td style='" + "x" * 2_000_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_page_ends_in_a_table_or_one_sentence_soon(tmp_path: Path, case: str):
    path = tmp_path / "a.xls"
    path.write_text(HOSTILE[case], encoding="utf-8")
    began = time.process_time()
    try:
        assert all(table.width <= 16_384 for table in read_html(path, "a.xls"))
    except Refused as refused:
        assert refused.what  # noqa: PT017
    assert time.process_time() - began < 8


def test_an_xml_workbook_that_leaves_out_a_million_rows_is_refused(tmp_path: Path):
    path = tmp_path / "a.xls"
    path.write_text(xml_workbook().replace("<Row>", '<Row ss:Index="1000000">', 1), encoding="utf-8")
    with pytest.raises(Refused, match="far below the one before"):
        read_html(path, "a.xls")


def test_a_page_brings_no_script_into_what_is_kept(tmp_path: Path):
    rows = [ROWS[0], *[[row[0], f"{row[1]}<script>alert(1)</script>", *row[2:]] for row in ROWS[1:]]]
    made = cleaned(tmp_path, {"a.xls": html(rows)})
    assert made.responses["unit"].tolist() == ["a", "b"] * 3 or set(made.responses["unit"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("name", "pattern", "unit"),
    [
        ("skm_dinas-a.xlsx", "skm_{unit}", "dinas-a"), ("skm_dinas-a.xlsx", "skm_{unit}.xlsx", "dinas-a"),
        ("SKM_Dinas A_2024.XLSX", "skm_{unit}_2024", "Dinas A"), ("x/skm_a.csv", "skm_{unit}", "a"),
        ("skm_a.csv.xls", "skm_{unit}", "a"), ("skm_Kec. Utara.ods", "skm_{unit}", "Kec. Utara"),
        ("skm_v2.1.xlsx", "skm_{unit}", "v2.1"), ("skm_a.sql", "skm_{unit}", "a"), ("a.html", "{unit}", "a"),
        ("skm_dinas a.xlsx", "skm_{unit}*", "dinas a"),
        ("dinas-a/jan.xlsx", "{unit}/*", "dinas-a"), ("dinas-a/skm.2024.xlsx", "{unit}/skm.2024", "dinas-a"),
        ("skm_a.xlsx", "skm_{unit}.csv", "skm_a"), ("a.sav", "{unit}.sav", "a"),
    ],
)  # fmt: skip
def test_the_unit_of_a_file_name_stops_before_the_ending(name: str, pattern: str, unit: str):
    assert unit_from_name(name, pattern, False) == unit


def test_a_unit_in_the_names_of_files_reaches_the_answers(tmp_path: Path):
    files = {
        f"skm_{unit}.xls": html([["No", *LABELS], ["1", *map(str, SCORES[at])]])
        for at, unit in enumerate("ab")
    }
    survey = make(tmp_path, files, "files:\n- {path: '*.xls', unit: {file: 'skm_{unit}'}}\n")
    assert sorted(intake.clean(survey).responses["unit"]) == ["a", "b"]
