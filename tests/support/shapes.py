"""One small survey in every shape that offices send, made by code: the answers never differ.

Twelve people, two units, nine unsur. Every fixture holds the same answers (`SCORES`, in the
order of the regulation's processing form), as far as its shape can carry them; what is told
beside them differs. `test_shapes.py` reads each one and holds the answers against `SCORES`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from tests.support.office_files import ods, xls
from tests.support.raw_surveys import LABELS, UNITS

Cells = Sequence[Sequence[Any]]

SCORES = [
    [3, 3, 4, 2, 3, 4, 3, 1, 3], [4, 4, 4, 4, 3, 3, 4, 4, 2], [3, 2, 3, 3, 3, 3, 3, 4, 3],
    [2, 3, 1, 4, 4, 3, 3, 4, 4], [3, 3, 3, 3, 3, 4, 3, 3, 4], [4, 3, 2, 2, 3, 3, 4, 2, 3],
    [3, 4, 3, 3, 2, 3, 3, 4, 3], [1, 3, 3, 4, 3, 2, 4, 4, 4], [3, 3, 4, 3, 3, 3, 3, 3, 1],
    [4, 2, 3, 1, 3, 4, 2, 4, 3], [3, 3, 3, 4, 4, 3, 3, 2, 3], [2, 4, 3, 3, 3, 3, 4, 4, 2],
]  # fmt: skip
UNIT = ["a"] * 7 + ["b"] * 5
NAME = {"a": "Dinas A", "b": "Dinas B"}
SEX = ["L", "P", "P", "L", "P", "L", "L", "P", "P", "L", "P", "L"]
AGE = [21, 34, 45, 28, 39, 52, 61, 33, 27, 46, 30, 24]
EDUCATION = ["SMA", "S1", "SMP", "D3", "S1", "SMA", "SD", "S1", "SMA", "S2", "D3", "SMA"]
WORK = [
    "Swasta",
    "PNS",
    "Wirausaha",
    "Swasta",
    "PNS",
    "TNI",
    "Lainnya",
    "PNS",
    "Swasta",
    "PNS",
    "Swasta",
    "Polri",
]
DAYS = [f"2024-03-{n:02d} 0{n % 9 + 1}:15:0{n % 10}" for n in range(4, 16)]
SAID = [
    "",
    "Ruang tunggu ditambah",
    "",
    "café ½ hari",
    "",
    "",
    "Loket dibuka lebih pagi",
    "",
    "",
    "",
    "Terima kasih",
    "",
]

#: The questionnaire's order: the question asked as number n, in canonical codes (U9 before U8).
QUESTIONNAIRE = [1, 2, 3, 4, 5, 6, 7, 9, 8]
QUESTIONS = [
    "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?",
    "Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
    "Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?",
    "Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?",
    "Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang tercantum dalam standar"
    " pelayanan dengan hasil yang diberikan?",
    "Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?",
    "Bagaimana pendapat Saudara tentang perilaku petugas dalam pelayanan terkait kesopanan dan keramahan?",
    "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?",
    "Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?",
]
OPTIONS = [
    ["Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"],
    ["Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"],
    ["Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"],
    ["Sangat mahal", "Cukup mahal", "Murah", "Gratis"],
    ["Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"],
    ["Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"],
    ["Tidak sopan dan ramah", "Kurang sopan dan ramah", "Sopan dan ramah", "Sangat sopan dan ramah"],
    ["Tidak ada", "Ada tetapi tidak berfungsi", "Berfungsi kurang maksimal", "Dikelola dengan baik"],
    ["Buruk", "Cukup", "Baik", "Sangat baik"],
]


def text(person: int, unsur: int) -> str:
    """Return an answer as the official option text; unsur from 1, in canonical codes."""
    return OPTIONS[unsur - 1][SCORES[person][unsur - 1] - 1]


@dataclass(frozen=True)
class Shape:
    """A fixture: its files, the definition they need, and what must come out."""

    name: str
    write: Callable[[Path], None]
    definition: str = ""
    units: str = UNITS
    #: Fields that must come out as told: sex, age, ...; unit always.
    fields: tuple[str, ...] = ()
    #: Reasons of the ledger, with counts, besides those of any clean survey.
    ledger: dict[str, int] = field(default_factory=dict)
    #: Rows that are no data, per source file in order of name.
    not_data: tuple[int, ...] = ()
    #: Parts of sentences that must be said of the files; nothing else may be.
    said: tuple[str, ...] = ()
    #: Answers that a fixture deliberately spoils: (person, unsur).
    spoiled: tuple[tuple[int, int], ...] = ()


SHAPES: list[Shape] = []


def shape(
    name: str, definition: str = "", **more: Any
) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Register a fixture."""

    def register(write: Callable[[Path], None]) -> Callable[[Path], None]:
        SHAPES.append(Shape(name, write, definition, **more))
        return write

    return register


def csv_text(rows: Cells, delimiter: str = ",") -> str:
    """Return CSV text, quoting what needs it."""
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def book(sheets: dict[str, Cells], change: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """Return an XLSX workbook."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HEAD = [
    "No",
    "Unit",
    "Tanggal",
    "Jenis Kelamin",
    "Usia",
    "Pendidikan Terakhir",
    "Pekerjaan",
    *LABELS,
    "Saran",
]
PROFILE = ("sex", "age", "education", "occupation", "suggestion")


def plain(decimals: str = "") -> list[list[Any]]:
    """Return the plain wide table: one row per person, labels as headers."""
    rows: list[list[Any]] = [HEAD]
    for i, scores in enumerate(SCORES):
        answers = [f"{score}{decimals}" if decimals else score for score in scores]
        rows.append([i + 1, UNIT[i], DAYS[i], SEX[i], AGE[i], EDUCATION[i], WORK[i], *answers, SAID[i]])
    return rows


def _delimited(encoding: str, delimiter: str, decimals: str = "") -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "a.csv").write_bytes(csv_text(plain(decimals), delimiter).encode(encoding))

    return write


# Every encoding with every delimiter: test_intake_readers.py. Here each of them once.
for _encoding, _name, _sign in (
    ("utf-8", "comma", ","), ("utf-8-sig", "semicolon", ";"), ("utf-16", "tab", "\t"),
    ("utf-16-le", "semicolon", ";"), ("utf-16-be", "comma", ","), ("cp1252", "pipe", "|"),
):  # fmt: skip
    shape(f"csv-{_encoding}-{_name}", fields=PROFILE)(_delimited(_encoding, _sign))
shape("csv-decimal-commas", fields=PROFILE)(_delimited("cp1252", ";", ",0"))


@shape("xlsx-titles-and-labelled-footers", fields=PROFILE, not_data=(8,))
def titled(folder: Path) -> None:
    sums = [sum(s[u] for s in SCORES) for u in range(9)]
    means = [round(total / 12, 4) for total in sums]
    blank = [None] * 6
    rows = [
        ["PEMERINTAH KOTA CONTOH"], ["REKAPITULASI HASIL SURVEI KEPUASAN MASYARAKAT TAHUN 2024"], [],
        *plain(), [],
        ["Jumlah nilai", *blank, *sums], ["NRR per unsur", *blank, *means],
        ["NRR tertimbang", *blank, *[round(m * 0.111, 4) for m in means]],
        ["IKM unit pelayanan", *blank, round(sum(means) / 9 * 25, 2)],
    ]  # fmt: skip
    (folder / "a.xlsx").write_bytes(book({"Rekap": rows}))


@shape("xlsx-unlabelled-footers", fields=PROFILE, not_data=(4,),
       said=("rows 15, 16 and 17 hold sums or means of other rows",))  # fmt: skip
def unlabelled(folder: Path) -> None:
    sums = [sum(s[u] for s in SCORES) for u in range(9)]
    blank = [None] * 7
    rows = [*plain(), [], [*blank, *sums], [*blank, *[round(t / 12, 2) for t in sums]],
            [*blank, *[round(t / 12 * 0.111, 3) for t in sums]]]  # fmt: skip
    (folder / "a.xlsx").write_bytes(book({"Rekap": rows}))


@shape("csv-means-rounded-to-answers", fields=PROFILE, not_data=(1,),
       said=("row 14: holds sums or means of other rows: it is no respondent",))  # fmt: skip
def rounded(folder: Path) -> None:
    means = [round(sum(s[u] for s in SCORES) / 12) for u in range(9)]
    (folder / "a.csv").write_text(
        csv_text([*plain(), ["", "", "", "", "", "", "", *means, ""]]), encoding="utf-8"
    )


@shape("csv-bare-answers-with-means", "files:\n- {path: '*.csv', unit: {file: true}}\n", not_data=(1, 1),
       said=("a.csv, row 9: holds sums or means", "b.csv, row 7: holds sums or means"))  # fmt: skip
def bare(folder: Path) -> None:
    for unit in ("a", "b"):
        mine = [s for s, u in zip(SCORES, UNIT) if u == unit]
        means = [f"{sum(s[u] for s in mine) / len(mine):.2f}".replace(".", ",") for u in range(9)]
        rows = [LABELS, *mine, means]
        (folder / f"{unit}.csv").write_text(csv_text(rows, ";"), encoding="utf-8")


@shape("xlsx-merged-headers", "order: form\n", fields=("sex", "age"), not_data=(2,))
def merged(folder: Path) -> None:
    rows: list[list[Any]] = [
        ["No", "Unit", "Jenis Kelamin", "Usia", "Nilai unsur pelayanan", *[None] * 8],
        [None, None, None, None, *range(1, 10)],
        [f"({n})" for n in range(1, 14)],
    ]  # fmt: skip
    rows += [[i + 1, UNIT[i], SEX[i], AGE[i], *s] for i, s in enumerate(SCORES)]

    def merge(made: openpyxl.Workbook) -> None:
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:M1"):
            made["Data"].merge_cells(cells)

    (folder / "a.xlsx").write_bytes(book({"Data": rows}, merge))


@shape(
    "xlsx-hidden-rows-columns-sheets", fields=PROFILE, ledger={"hidden-row": 3},
    said=("hides the columns F", "hides a sheet (Lama)"),
)  # fmt: skip
def hidden(folder: Path) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        for row in (3, 4, 9):
            made["Data"].row_dimensions[row].hidden = True
        made["Data"].column_dimensions["F"].hidden = True
        made["Lama"].sheet_state = "hidden"

    old = [HEAD, [1, "a", DAYS[0], "L", 30, "SMA", "PNS", *[1] * 9, ""]]
    (folder / "a.xlsx").write_bytes(book({"Data": plain(), "Lama": old}, hide))


@shape("xlsx-formulas", fields=("sex",), said=("2 cells hold a formula without a stored result (first: E3)",),
       spoiled=((1, 2), (4, 5)), ledger={"incomplete": 2})  # fmt: skip
def formulas(folder: Path) -> None:
    rows = [["No", "Unit", "Jenis Kelamin", *LABELS]]
    rows += [[i + 1, UNIT[i], SEX[i], *s] for i, s in enumerate(SCORES)]
    made = book({"Data": rows})
    # openpyxl stores no results: the XML is written as spreadsheets write it.
    source = zipfile.ZipFile(io.BytesIO(made))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = content.replace(
                    b'<c r="D2" t="n"><v>3</v></c>', b'<c r="D2"><f>1+2</f><v>3</v></c>'
                )
                content = content.replace(b'<c r="E3" t="n"><v>4</v></c>', b'<c r="E3"><f>2+2</f></c>')
                content = content.replace(b'<c r="H6" t="n"><v>3</v></c>', b'<c r="H6"><f>Z9</f><v></v></c>')
                shared = b'<f t="shared" ref="H7:H8" si="0">1+2</f>'
                content = content.replace(b'<c r="H7" t="n"><v>3', b'<c r="H7">' + shared + b"<v>3")
                if content.count(b"<f") != 4:
                    raise ValueError("the workbook is written in another way: adapt this fixture")
            target.writestr(info, content)
    (folder / "a.xlsx").write_bytes(out.getvalue())


@shape("xlsx-several-sheets", "files:\n- {path: a.xlsx, unit: {sheet: true}}\n", fields=PROFILE)
def sheets(folder: Path) -> None:
    made = {NAME[unit]: [HEAD, *[row for row in plain()[1:] if row[1] == unit]] for unit in ("a", "b")}
    recap = [["Unit", *LABELS, "IKM"], *[[name, *[3.21] * 9, 80.25] for name in NAME.values()]]
    (folder / "a.xlsx").write_bytes(
        book({"Petunjuk": [["Isi satu lembar per dinas"]], **made, "Rekap": recap})
    )


@shape("google-forms", fields=("sex", "age", "education", "occupation", "suggestion", "service"))
def google_forms(folder: Path) -> None:
    """Question texts with trailing blanks, NBSP and line breaks; one question on two branches."""
    asked = [QUESTIONS[u - 1] for u in QUESTIONNAIRE]
    asked = [f"{n}. {q}" for n, q in enumerate(asked, start=1)]
    asked[0] += "  "
    asked[2] = asked[2].replace("kecepatan waktu", "kecepatan\u00a0waktu")
    asked[4] = asked[4].replace(" antara", "\nantara")
    head = [
        "Timestamp", "Email Address", "Nama Lengkap", "Unit Layanan yang dikunjungi ", "Jenis layanan", "Jenis layanan",
        "Jenis Kelamin ", "Usia (tahun)", "Pendidikan Terakhir", "Pekerjaan Utama",
        *asked[:3], asked[3], asked[3], *asked[4:], "Kritik dan saran untuk perbaikan layanan\u00a0",
    ]  # fmt: skip
    rows = [head]
    for i in range(12):
        day = dt.datetime.fromisoformat(DAYS[i])
        stamp = day.strftime("%d/%m/%Y %H:%M:%S")
        answers = [text(i, u) for u in QUESTIONNAIRE]
        fee = [answers[3], ""] if UNIT[i] == "a" else ["", answers[3]]
        service = ["KTP", ""] if UNIT[i] == "a" else ["", "Izin"]
        rows.append([stamp, f"orang{i}@contoh.id", f"Warga {i}", NAME[UNIT[i]], *service,
                     "Laki-laki" if SEX[i] == "L" else "Perempuan", AGE[i], EDUCATION[i], WORK[i],
                     *answers[:3], *fee, *answers[4:], SAID[i]])  # fmt: skip
    (folder / "Survei Kepuasan (Jawaban) - Form Responses 1.csv").write_text(csv_text(rows), encoding="utf-8")


@shape("google-forms-grid", fields=("sex",))
def google_grid(folder: Path) -> None:
    """A grid: the question in front, the row in brackets; letter, text and score in the answer."""
    head = ["Timestamp", "Unit", "Jenis Kelamin",
            *[f"Bagaimana penilaian Saudara? [{label}]" for label in LABELS]]  # fmt: skip
    rows = [head]
    for i in range(12):
        answers = [f"{'abcd'[SCORES[i][u - 1] - 1]}. {text(i, u)}, {SCORES[i][u - 1]}" for u in range(1, 10)]
        rows.append([dt.datetime.fromisoformat(DAYS[i]), NAME[UNIT[i]], SEX[i], *answers])
    (folder / "a.xlsx").write_bytes(book({"Form Responses 1": rows}))


KOBO_META = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
    "_tags", "_index",
)  # fmt: skip


def _kobo(head: list[str], answer: Callable[[int, int], Any], unit: Callable[[int], str]) -> list[list[Any]]:
    rows: list[list[Any]] = [["start", "end", *head, *KOBO_META]]
    for i in range(12):
        begun = f"{DAYS[i].replace(' ', 'T')}.123+07:00"
        meta = [100 + i, f"{i:08x}-3f1b-4c8e-9a51-2b6c7d8e9f00", DAYS[i].replace(" ", "T"), "", "",
                "submitted_via_web", "", "v7Qx", "", i + 1]  # fmt: skip
        rows.append([begun, begun.replace(".123", ".999"), unit(i), "male" if SEX[i] == "L" else "female", AGE[i],
                     *[answer(i, u) for u in QUESTIONNAIRE], *meta])  # fmt: skip
    return rows


KOBO_CODES = (
    "order: questionnaire\nvalues:\n"
    "  answers: {tidak_puas: '1', kurang_puas: '2', puas: '3', sangat_puas: '4'}\n"
)


@shape("kobo-codes", KOBO_CODES, fields=("sex", "age"))
def kobo_codes(folder: Path) -> None:
    """Names with groups in front, codes of the choices, semicolons: the default export."""
    head = [
        "identitas/unit",
        "identitas/jenis_kelamin",
        "identitas/usia",
        *[f"skm/u{n}" for n in range(1, 10)],
    ]
    codes = ["tidak_puas", "kurang_puas", "puas", "sangat_puas"]
    rows = _kobo(head, lambda i, u: codes[SCORES[i][u - 1] - 1], lambda i: UNIT[i])
    (folder / "SKM_-_all_versions_-_False.csv").write_text(csv_text(rows, ";"), encoding="utf-8-sig")


@shape("kobo-labels", fields=("sex", "age"))
def kobo_labels(folder: Path) -> None:
    """Labels with their groups in front, texts of the choices, a workbook."""
    head = ["Profil Responden/Nama unit layanan", "Profil Responden/Jenis Kelamin", "Profil Responden/Usia",
            *[f"Penilaian/{QUESTIONS[u - 1]}" for u in QUESTIONNAIRE]]  # fmt: skip
    rows = _kobo(head, text, lambda i: NAME[UNIT[i]])
    (folder / "SKM - all versions - labels.xlsx").write_bytes(book({"SKM": rows}))


LIME = ("order: form\nfiles:\n- path: '*.csv'\n  columns: {unit: 'INSTANSI[unit]', sex: JK}\n"
        "values:\n  answers: {A1: '1', A2: '2', A3: '3', A4: '4'}\n")  # fmt: skip


def _lime(head: list[str], answer: Callable[[int, int], str]) -> list[list[Any]]:
    rows: list[list[Any]] = [["id", "submitdate", "lastpage", "startlanguage", "seed", *head]]
    rows += [
        [i + 1, DAYS[i], 3, "id", 1_800_000 + i, UNIT[i], SEX[i], *[answer(i, u) for u in range(1, 10)]]
        for i in range(12)
    ]
    return rows


@shape("limesurvey-codes", LIME, fields=("sex",))
def limesurvey_codes(folder: Path) -> None:
    rows = _lime(
        ["INSTANSI[unit]", "JK", *[f"SKM[U{n}]" for n in range(1, 10)]], lambda i, u: f"A{SCORES[i][u - 1]}"
    )
    (folder / "results-survey482915.csv").write_text(csv_text(rows), encoding="utf-8-sig")


@shape("limesurvey-texts", fields=("sex",))
def limesurvey_texts(folder: Path) -> None:
    head = [
        "Nama instansi",
        "Jenis kelamin",
        *[f"U{n}. {question}" for n, question in enumerate(QUESTIONS, start=1)],
    ]
    rows = _lime(head, text)
    rows[0][:5] = ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]
    (folder / "results-survey482915.csv").write_text(csv_text(rows), encoding="utf-8")


@shape("spss", fields=("sex", "age"), spoiled=((2, 3),), ledger={"placeholder": 1, "incomplete": 1})
def spss(folder: Path) -> None:
    """Labels of variables and values, one variable coded the other way round, a declared missing value."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({f"X{u}": [float(s[u - 1]) for s in SCORES] for u in range(1, 10)})
    labels = {f"X{u}": dict(enumerate(OPTIONS[u - 1], start=1)) for u in range(1, 10)}
    frame["X6"] = 5 - frame["X6"]
    labels["X6"] = {5 - code: label for code, label in labels["X6"].items()}
    frame.loc[2, "X3"] = 9.0
    labels["X3"][9] = "Tidak tahu"
    frame["KELAMIN"] = [1.0 if s == "L" else 2.0 for s in SEX]
    frame["UMUR"] = [float(a) for a in AGE]
    frame["OPD"] = [1.0 if u == "a" else 2.0 for u in UNIT]
    names = {f"X{u}": QUESTIONS[u - 1] for u in range(1, 10)} | {
        "KELAMIN": "Jenis kelamin",
        "OPD": "Nama instansi",
    }
    labels |= {"KELAMIN": {1: "Laki-laki", 2: "Perempuan"}, "OPD": {1: "Dinas A", 2: "Dinas B"}}
    pyreadstat.write_sav(
        frame, str(folder / "a.sav"), column_labels=[names.get(c, "") for c in frame.columns],
        variable_value_labels=labels,
        missing_ranges={"X3": [9]},
    )  # fmt: skip


LONG = ("files:\n- {path: responden.csv, role: respondents}\n- {path: jawaban.csv, role: answers}\n"
        "- {path: saran.csv, role: suggestions}\n")  # fmt: skip


@shape("long-tables", LONG, fields=("sex", "age", "suggestion"))
def long(folder: Path) -> None:
    people = [["id responden", "unit", "jenis kelamin", "usia"]]
    people += [[f"r{i}", UNIT[i], SEX[i], AGE[i]] for i in range(12)]
    answers = [["id responden", "pertanyaan", "jawaban"]]
    answers += [
        [f"r{i}", QUESTIONS[u - 1], "abcd"[SCORES[i][u - 1] - 1]] for i in range(12) for u in range(1, 10)
    ]
    said = [["id responden", "saran"], *[[f"r{i}", text] for i, text in enumerate(SAID) if text]]
    for name, rows in (("responden", people), ("jawaban", answers), ("saran", said)):
        (folder / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")


@shape("three-sheet-template", fields=("sex", "education", "occupation", "suggestion"),
       units="id,name,population\na,Dinas A,1200\nb,Dinas B,\n",
       said=("says that 950 people used Dinas B; units.csv says none", 'says "Tahun: 2023"'))  # fmt: skip
def three_sheets(folder: Path) -> None:
    for unit, people in (("a", "1.200"), ("b", 950)):
        info = [
            ["Parameter", "Isi Data"], ["Nama Dinas", NAME[unit]], ["Nama UPTD", "-"], ["Periode", "Semester I"],
            ["Tahun", 2024 if unit == "a" else 2023], ["Jenis Layanan", "Perizinan"], ["Populasi (N)", people],
            ["Penanggung Jawab", "Siti Rahayu"], ["NIP", "197001012000031001"], ["Tanggal FKP", dt.date(2024, 5, 2)],
            ["Tren SKM Tahun 2022", "84,96"], ["Tren SKM Tahun 2023", "85,76"],
        ]  # fmt: skip
        when = [
            ["No", "Kegiatan", "Waktu Pelaksanaan", "Jumlah Hari Kerja"], [1, "Persiapan", "1 - 8 Maret 2024", 6],
            [2, "Pengumpulan Data", "11 - 18 Maret 2024", 6], [3, "Pengolahan Data", "19 - 26 Maret 2024", 6],
        ]  # fmt: skip
        head = ["No", "Jenis Kelamin (L/P)", "Pendidikan Terakhir", "Pekerjaan", "Jenis Layanan", "U1 (Persyaratan)",
                "U2 (Prosedur)", "U3 (Waktu)", "U4 (Biaya/Tarif)", "U5 (Produk)", "U6 (Kompetensi)", "U7 (Perilaku)",
                "U8 (Sarana & Prasarana)", "U9 (Pengaduan)", "Saran/Masukan"]  # fmt: skip
        rows = [head, *[
            [n, SEX[i], EDUCATION[i], WORK[i], "Perizinan", *[SCORES[i][u - 1] for u in QUESTIONNAIRE], SAID[i]]
            for n, i in enumerate((i for i in range(12) if UNIT[i] == unit), start=1)
        ]]  # fmt: skip
        made = book({"Info_Umum": info, "Waktu_Pelaksanaan": when, "Data_Survei_Mentah": rows})
        (folder / f"skm {unit}.xlsx").write_bytes(made)


@shape(
    "ikmkoding",
    "order: form\nfiles:\n- {path: quis.xlsx, unit: {column: ID LOKET}}\n",
    fields=("sex", "age", "education", "occupation"),
)
def ikmkoding(folder: Path) -> None:
    head = [
        "Tanggal",
        "ID LOKET",
        "Nama",
        "Umur",
        "Jenis kelamin",
        "Pekerjaan",
        "Pendidikan",
        *[f"U{n}" for n in range(1, 10)],
    ]
    rows: list[list[Any]] = [head]
    for i in range(12):
        day = dt.datetime.fromisoformat(DAYS[i])
        person = [day, UNIT[i].upper(), f"Warga {i}", AGE[i], SEX[i], WORK[i], EDUCATION[i]]
        rows.append([*person, *SCORES[i]])
    (folder / "quis.xlsx").write_bytes(book({"Sheet1": rows}))


@shape("folder-per-unit", fields=PROFILE, units="id,name,aliases\na,Dinas A,\nb,Dinas B,\n")
def folders(folder: Path) -> None:
    for unit in ("a", "b"):
        mine = [[row[0], *row[2:]] for row in plain() if row[1] in ("Unit", unit)]
        (folder / NAME[unit]).mkdir()
        cut = len(mine) // 2
        (folder / NAME[unit] / "bulan 1.csv").write_text(csv_text(mine[:cut]), encoding="utf-8")
        (folder / NAME[unit] / "bulan 2.xlsx").write_bytes(book({"x": [mine[0], *mine[cut:]]}))


COLUMNS = "{unit: column B, sex: column C, age: kolom D, " + ", ".join(
    f"U{n}: column {'EFGHIJKLM'[n - 1]}" for n in range(1, 10)
) + "}"  # fmt: skip


@shape(
    "csv-without-header", f"files:\n- path: a.csv\n  header: 0\n  columns: {COLUMNS}\n", fields=("sex", "age")
)
def headless(folder: Path) -> None:
    rows = [[i + 1, UNIT[i], SEX[i], AGE[i], *SCORES[i]] for i in range(12)]
    (folder / "a.csv").write_text(csv_text(rows, ";"), encoding="utf-8")


@shape(
    "csv-without-header-names", f"files:\n- path: a.csv\n  headers: [No, Unit, JK, Umur, {', '.join(LABELS)}]\n",
    fields=("sex", "age"),
)  # fmt: skip
def headless_named(folder: Path) -> None:
    headless(folder)


@shape("pipe-joined", "order: questionnaire\nunmatched: missing\n", fields=("sex",),
       spoiled=tuple((11, u) for u in range(1, 10)), ledger={"all-blank": 0, "unreadable-answer": 1, "incomplete": 1},
       said=("1 answer is no option of U1",))  # fmt: skip
def piped(folder: Path) -> None:
    rows = [["ID", "Unit", "Jenis Kelamin", "Tanggal", "Nilai"]]
    rows += [
        [i, UNIT[i], SEX[i], DAYS[i], "|".join(str(SCORES[i][u - 1]) for u in QUESTIONNAIRE)]
        for i in range(12)
    ]
    rows[-1][-1] = "3|4|4"
    (folder / "a.csv").write_text(csv_text(rows), encoding="utf-8")


@shape("json-in-a-cell", fields=("sex",))
def packed_json(folder: Path) -> None:
    rows = [["ID", "Unit", "Jenis Kelamin", "Tanggal", "Jawaban"]]
    rows += [
        [i, UNIT[i], SEX[i], DAYS[i], json.dumps([text(i, u) for u in QUESTIONNAIRE])] for i in range(12)
    ]
    (folder / "a.csv").write_text(csv_text(rows), encoding="utf-8")


@shape("ods", fields=PROFILE, ledger={"hidden-row": 1})
def opendocument(folder: Path) -> None:
    (folder / "a.ods").write_bytes(ods({"Data": plain(), "Petunjuk": [["Isi angka"]]}, hide=[5]))


@shape("xls", fields=PROFILE)
def excel_97(folder: Path) -> None:
    (folder / "a.xls").write_bytes(xls({"Data": plain(), "Petunjuk": [["Isi angka"]]}))
