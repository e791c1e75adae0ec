"""A survey whose raw files hold the identities of `planted`, each at its place."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.comments import Comment

from tests.support.planted import Planted
from tests.support.raw_surveys import LABELS, THREES

DEFINITION = """
order: questionnaire
unmatched: missing
files:
  - path: "lebar*.csv"
    columns: {executor: Pelaksana, weight: Bobot, interviewer: Pewawancara, disability: Disabilitas}
  - {path: "nama/*.csv"}
  - {path: "label/*.csv"}
  - {path: "buku.xlsx", sheet: "*", unit: {sheet: true}}
  - {path: "dua.xlsx"}
  - {path: "titik.csv", delimiter: ";"}
  - {path: "spss.sav", unit: b}
  - {path: "web.html", unit: b}
  - {path: "dump.sql", unit: c}
  - {path: orang.csv, role: respondents, join: kios, columns: {respondent: id, unit: loket, service: layanan}}
  - {path: jawaban.csv, role: answers, join: kios, columns: {respondent: id, item: soal, answer: jawab}}
  - {path: saran.csv, role: suggestions, join: kios, columns: {respondent: id, suggestion: saran}}
lookups:
  - {field: unit, path: loket.csv, key: kode, text: nama}
  - {field: item, path: soal.csv, key: kode, text: tanya, options: [a, b, c, d]}
"""
UNITS = "id,name,aliases\na,Dinas A,DA\nb,Dinas B,\nc,Dinas C,\n"
_HEADER = (
    "id responden", "unit", "Jenis Layanan", "Usia", "Jenis Kelamin", "Pendidikan", "Pekerjaan", "Disabilitas",
    "Tanggal", "Pewawancara", "Pelaksana", "Bobot", "Saran", "Lain-lain",
)  # fmt: skip
_PLACE = {
    "respondent": 0, "unit": 1, "service": 2, "age": 3, "sex": 4, "education": 5, "occupation": 6, "disability": 7,
    "date": 8, "interviewer": 9, "executor": 10, "weight": 11, "suggestion": 12, "extra column": 13,
}  # fmt: skip
_OPTIONS = ("Tidak Sesuai", "Kurang Sesuai", "Sesuai", "Sangat Sesuai")


def raw_files(wanted: Sequence[Planted]) -> dict[str, str | bytes]:
    """Return the raw files: names and contents."""
    at: dict[str, list[Planted]] = {}
    for one in wanted:
        at.setdefault(one.place, []).append(one)
    files: dict[str, str | bytes] = {
        "lebar.csv": _wide(at), "titik.csv": _semicolons(at.get("semicolon file", [])), "buku.xlsx": _book(at),
        "dua.xlsx": _two_rows(at), "spss.sav": _sav(at),
    }  # fmt: skip
    for number, one in enumerate(at.get("file name", [])):
        name = re.sub(r'[\\/:*?"<>|]', " ", one.said).strip(". ")
        files[f"nama/{name} {number}.csv"] = _csv(["unit", *LABELS], ["a", *_scores(number)], ["b", *THREES])
    for number, one in enumerate(at.get("item header", [])):
        labels = [f"{label} ({one.said})" if k == number % 9 else label for k, label in enumerate(LABELS)]
        files[f"label/{number}.csv"] = _csv(["unit", *labels], ["a", *_scores(number)], ["b", *THREES])
    return files | _long(at) | _exports(at)


def _csv(*rows: Sequence[object], delimiter: str = ",") -> str:
    return "".join(delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


def _scores(number: int) -> list[int]:
    return [1 + (number // 4**k) % 4 for k in range(9)]


def _wide(at: dict[str, list[Planted]]) -> str:
    headers = at.get("header", [])
    rows: list[list[object]] = [[*_HEADER, *LABELS, *(one.said for one in headers)]]
    good = [
        "r",
        "a",
        "KTP",
        30,
        "L",
        "SMA",
        "PNS",
        "Tidak",
        "2024-07-20",
        "Petugas",
        "Bagian",
        1,
        "Baik",
        "x",
    ]
    for number in range(60):
        plain = [f"k{number}", "abc"[number % 3], *good[2:]]
        rows.append([*plain, *_scores(number), *["ya"] * len(headers)])
    number = 0
    for place, column in _PLACE.items():
        for one in at.get(place, []):
            number += 1
            row: list[object] = [f"r{number}", *good[1:]]
            row[column] = f"tolong {one.said} besok" if place == "suggestion" else one.said
            rows.append([*row, *_scores(number), *["ya"] * len(headers)])
    for one in at.get("option", []):
        number += 1
        rows.append([f"r{number}", *good[1:], one.said, *THREES[1:], *["ya"] * len(headers)])
    return _csv(*rows)


def _semicolons(ones: list[Planted]) -> str:
    rows: list[list[object]] = [["unit", "Saran", "Keterangan lain", *LABELS]]
    for number, one in enumerate(ones or [Planted("", "", "", "")]):
        rows.append(["b", one.said, f"catatan {one.said}", *_scores(number)])
    return _csv(*rows, delimiter=";")


def _book(at: dict[str, list[Planted]]) -> bytes:
    """A workbook: sheets named by people, a title row, comments of cells."""
    book = openpyxl.Workbook()
    book.active.title = "Dinas A"
    names = [re.sub(r"[\\/:*?\[\]]", " ", one.said)[:31].strip("' ") for one in at.get("sheet name", [])]
    for place, name in enumerate(["Dinas A", *dict.fromkeys(names)]):
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for one in at.get("title row", [])[place::8] if place < 8 else []:
            sheet.append([one.said])
        sheet.append(["No", "Saran", *LABELS])
        for number in range(3):
            sheet.append([number + 1, "Baik", *_scores(number + 5 * place)])
    for number, one in enumerate(at.get("comment", [])):
        book["Dinas A"].cell(number + 1, 2).comment = Comment(one.said, one.said)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _two_rows(at: dict[str, list[Planted]]) -> bytes:
    """A workbook whose header has two rows, the second with identities under columns that are not used."""
    book = openpyxl.Workbook()
    sheet = book.active
    ones = at.get("second header row", [])
    sheet.append(["unit", *LABELS, *["Catatan"] * len(ones)])
    sheet.append([None, *[None] * 9, *(one.said for one in ones)])
    for number in range(8):
        sheet.append(["b", *_scores(number), *["ya"] * len(ones)])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _sav(at: dict[str, list[Planted]]) -> bytes:
    """An SPSS file: labels of variables that are not used, labels of values, texts of cells."""
    import pyreadstat

    labels, values = at.get("sav label", []), at.get("sav value", [])
    data = {f"u{k + 1}": [1 + (n + k) % 4 for n in range(12)] for k in range(9)}
    frame = pd.DataFrame(data)
    frame["kerja"] = [(n % (len(values) or 1)) + 1 for n in range(12)] if values else [1] * 12
    for number, _ in enumerate(labels):
        frame[f"lain{number}"] = "ya"
    told = {
        **dict(zip(data, LABELS)),
        "kerja": "Pekerjaan",
        **{f"lain{n}": one.said for n, one in enumerate(labels)},
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sav"
        pyreadstat.write_sav(
            frame, str(path), column_labels=[told[name] for name in frame],
            variable_value_labels={"kerja": {n + 1: one.said for n, one in enumerate(values)} or {1: "PNS"}},
        )  # fmt: skip
        return path.read_bytes()


def _long(at: dict[str, list[Planted]]) -> dict[str, str | bytes]:
    """Tables of respondents, answers and suggestions, and the tables of codes they use."""
    people: list[list[object]] = [["id", "loket", "layanan"]]
    answers: list[list[object]] = [["id", "soal", "jawab"]]
    said: list[list[object]] = [["id", "saran"]]
    lookups = at.get("lookup text", [])
    ids = [one.said for one in at.get("long respondent", [])] or ["q0"]
    services, wrong, free = (at.get(f"long {name}", []) for name in ("service", "answer", "suggestion"))
    ids += [f"q{n}" for n in range(1, max(len(services), len(wrong), len(free), len(lookups), 6) + 1)]
    for number, who in enumerate(ids):
        service = services[number].said if number < len(services) else "KTP"
        loket = f"n{number}" if number < len(lookups) else "n-a"
        people.append([who, loket, service])
        for k in range(9):
            answer = wrong[number].said if k == 0 and number < len(wrong) else "abcd"[(number + k) % 4]
            answers.append([who, f"S{k + 1}", answer])
        if number < len(free):
            said.append([who, f"mohon {free[number].said} ya"])
    counters = [["kode", "nama"], ["n-a", "Dinas C"], *([f"n{n}", one.said] for n, one in enumerate(lookups))]
    asked: list[list[object]] = [["kode", "tanya", "a", "b", "c", "d"]]
    options = at.get("lookup option", [])
    for k, label in enumerate(LABELS):
        mine = options[k::9]
        texts = [f"{option} {one.said}" for option, one in zip(_OPTIONS, mine)]
        question = f"{label} {mine[4].said}" if len(mine) > 4 else label
        asked.append([f"S{k + 1}", question, *texts, *_OPTIONS[len(texts) :]])
    return {
        "orang.csv": _csv(*people), "jawaban.csv": _csv(*answers), "saran.csv": _csv(*said),
        "loket.csv": _csv(*counters), "soal.csv": _csv(*asked),
    }  # fmt: skip


def _exports(at: dict[str, list[Planted]]) -> dict[str, str | bytes]:
    """A web page and a dump of a database: titles, headers, remarks and cells."""
    page, dump = at.get("web page", []), at.get("sql dump", [])
    head = "".join(
        f"<th>{name}</th>" for name in ("Jenis Layanan", "Saran", *LABELS, *(one.said for one in page[:3]))
    )
    lines = [
        "".join(
            f"<td>{cell}</td>"
            for cell in (one.said, f"tolong {one.said} ya", *_scores(n), *[1] * len(page[:3]))
        )
        for n, one in enumerate(page or [Planted("", "", "", "")])
    ]
    title = page[-1].said if page else ""
    web = f"<html><title>{title}</title><table><tr>{head}</tr>" + "".join(
        f"<tr>{line}</tr>" for line in lines
    )
    columns = ["layanan", "saran", *(label.replace("/", " ") for label in LABELS)]
    texts = (one.said.replace("'", "''") for one in dump or [Planted("", "", "", "")])
    values = ",\n".join(
        f"('{said}', 'mohon {said}', {', '.join(map(str, _scores(n)))})" for n, said in enumerate(texts)
    )
    made = ", ".join(f"`{name}` text" for name in columns)
    remark = f"-- {dump[-1].said}\n" if dump else ""
    sql = f"{remark}CREATE TABLE `hasil` ({made});\nINSERT INTO `hasil` VALUES {values};\n"
    return {"web.html": web + "</table></html>", "dump.sql": sql}
