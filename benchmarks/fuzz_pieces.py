"""Pieces of hostile and of ordinary text, and small valid files, that fuzz cases are made of."""

# ruff: noqa: E501 (pieces of hostile text are listed, not read)
from __future__ import annotations

from pipeline import rules
from pipeline.survey import outside

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
    "@", "[", "unknown", "1.234", "-5", "9" * 30, "ya", "tidak", "@uji", "2024-01-01", "é", "\ufeff", "\x00", "A", "=1", "x" * 3000, "25,00", "100", "85.97", "1e9", "form", "14/2017", "inf", "٣", "Dinas B",
]  # fmt: skip


#: Small files that are read as they are; the cases change them.
CSV = "id,unit,Usia,Tanggal,U1,U2,U3\n1,Dinas A,30,2024-03-01,4,3,b. Mudah\n2,Dinas B,,31/12/2024 08:00,Sesuai,2,1\n"
DEFINITION = "title: Uji\nperiod: 2024\nfiles:\n- path: a.csv\n  order: form\n  columns: {Pelayanan: U1}\n"
HEADS = {
    "units.csv": "id,name,aliases,type,parent,population,sets,basic_service,target,deadline\na,Dinas A,DA,opd,,1200,uji,ya,85,2024-12-31\n",
    "external.csv": "unit," + ",".join(outside.MEASURES) + ",source\na,81.5,10,9\n",
    "published.csv": "unit,ikm,n,letter,rule\na,85.97,120,B,14/2017\n*,80,,,\n",
}  # fmt: skip

XML_PIECES = [
    b"<", b">", b"/>", b"&", b"&amp;", b"&e;", b'"', b"<c>", b"</c>", b'<c r="ZZ9" t="s"><v>99999999</v></c>', b'<c r="A0"/>',
    b'<c r="B2" t="d"><v>2024-99-99</v></c>', b'<c t="b"><v>7</v></c>', b'<row r="7" hidden="1">', b'<!DOCTYPE x [<!ENTITY e "x">]>',
    b"<!--", b"]]>", b"<![CDATA[", b"\x00", b"\xff\xfe", b"1e400", b"-1", b"NaN", b"t=\"e\"", b"xml:space='preserve'", b"<f>",
    b'<f t="shared" si="0" ref="A1:B2"/>', b"<v></v>", b"<is><t>x</t></is>", b'dimension ref="A1:B9"', b"count=\"-1\"", b"s=\"9999\"",
    b'number-columns-repeated="9"', b'office:value="1e999"', b'office:value-type="time"', b"<?xml?>", b"</sheetData>", b"date1904=\"1\"",
]  # fmt: skip
