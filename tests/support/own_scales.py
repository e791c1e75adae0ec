"""Questionnaires that are not the regulation's, in the shapes in which they are handed over; all values invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from pipeline import intake, survey
from pipeline.intake.propose import start
from tests.support.office_files import ods
from tests.support.raw_surveys import LABELS, balance
from tests.support.shapes import book as workbook
from tests.support.shapes import csv_text

PEOPLE = 60
UNITS = ("Poli Anggrek", "Poli Bakung", "Poli Cempaka")
TOPICS = (
    "ruang tunggu bersih", "petugas menjelaskan dengan jelas", "antrean berjalan tertib", "informasi mudah ditemukan",
    "petugas hadir tepat waktu", "keluhan ditanggapi", "berkas dikembalikan lengkap", "biaya sesuai pengumuman",
    "parkir memadai", "toilet bersih", "papan petunjuk terbaca", "loket dibuka sesuai jadwal", "data pribadi dijaga",
)  # fmt: skip
SETUJU = ("Sangat Tidak Setuju", "Tidak Setuju", "Netral", "Setuju", "Sangat Setuju")


@dataclass(frozen=True)
class Scale:
    """A fixture: how it is written, and what must be proposed."""

    name: str
    write: Callable[[Path], None]
    items: int
    high: int
    low: int = 1
    facets: int = 0
    units: int = 3
    people: int = PEOPLE
    #: Texts or codes that are set aside until somebody decides.
    aside: tuple[str, ...] = ()
    #: Fields of the respondent that must be recognised.
    fields: tuple[str, ...] = ()
    #: Unsur of the regulation beside it.
    unsur: int = 0
    instruments: int = 1
    #: Said on the terminal.
    said: tuple[str, ...] = ()
    #: Takes long to read, and tells little beside the others.
    heavy: bool = False


SCALES: list[Scale] = []


def scores(items: int, high: int = 5, people: int = PEOPLE, seed: int = 1, low: int = 1) -> list[list[int]]:
    """Answers that hang together, so that they look like those of people."""
    draw = random.Random(seed)
    out = []
    for _ in range(people):
        mood = draw.gauss(0.62, 0.2)
        row = [low + round((high - low) * min(1, max(0, mood + draw.gauss(0, 0.2)))) for _ in range(items)]
        out.append(row)
    for place in range(high - low + 1):  # every step is used
        out[place][place % items] = low + place
    return out


def profile(person: int) -> list[Any]:
    return [UNITS[person % 3], "LP"[person % 2], 18 + (person * 7) % 50]


def questions(count: int, start: str = "Menurut Anda, ") -> list[str]:
    return [f"{start}{TOPICS[n % 13]} di unit ini (bagian {n // 13 + 1})" for n in range(count)]


def table(
    head: Sequence[str], answers: Sequence[Sequence[Any]], first: Sequence[str] = ("Unit", "JK", "Usia")
) -> list[list[Any]]:
    return [[*first, *head], *[[*profile(n), *row] for n, row in enumerate(answers)]]


def book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]], merged: Sequence[str] = ()) -> None:
    def merge(made: openpyxl.Workbook) -> None:
        for cells in merged:
            made.worksheets[0].merge_cells(cells)

    path.write_bytes(workbook(sheets, merge))


def text(path: Path, rows: Sequence[Sequence[Any]], delimiter: str = ",") -> None:
    path.write_text(csv_text(rows, delimiter), encoding="utf-8", newline="")


def scale(items: int, high: int, **more: Any) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    def add(write: Callable[[Path], None]) -> Callable[[Path], None]:
        SCALES.append(Scale(write.__name__.replace("_", "-"), write, items, high, **more))
        return write

    return add


# numbers ---------------------------------------------------------------------------------------------------


@scale(13, 5, fields=("sex", "age", "answered_at"))
def long_questions(folder: Path) -> None:
    """Thirteen whole questions of a form, numbered, with the unit in a column."""
    rows = [
        [
            "Timestamp",
            "Unit Layanan",
            "Jenis Kelamin",
            "Usia",
            *[f"{n}. {q}" for n, q in enumerate(questions(13), 1)],
        ]
    ]
    rows += [
        [f"2024-03-{n % 28 + 1:02d} 08:{n % 60:02d}:00", *profile(n), *a] for n, a in enumerate(scores(13))
    ]
    book(folder / "a.xlsx", {"Form Responses 1": rows})


@scale(30, 5, facets=6, fields=("sex", "age"))
def six_constructs(folder: Path) -> None:
    head = [f"X{c}.{i}" for c in range(1, 7) for i in range(1, 6)]
    rows = table(head, scores(30))
    rows = [[*row, "Total" if n == 0 else sum(row[3:])] for n, row in enumerate(rows)]
    text(folder / "a.csv", rows, ";")


@scale(24, 5, facets=2)
def two_letters(folder: Path) -> None:
    """KP1-KP12 and LY1-LY12 with their statements behind, tab-separated."""
    head = [f"KP{i} {q}" for i, q in enumerate(questions(12, ""), 1)]
    head += [f"LY{i} Saya akan kembali karena {q}" for i, q in enumerate(questions(12, ""), 1)]
    text(folder / "a.tsv", table(head, scores(24)), "\t")


@scale(10, 5, people=48, units=1)
def headless(folder: Path) -> None:
    text(folder / "a.csv", scores(10, people=48))


@scale(60, 5, facets=5, aside=("0", "6"), fields=("sex", "age"))
def public_codes(folder: Path) -> None:
    """97 columns: profile in codes, sixty items where 6 is not used and 0 is blank, and other questions."""
    draw = random.Random(5)
    head = [f"Q{c}_{i}" for c in range(1, 6) for i in range(1, 13)]
    more = [
        f"D{n}. {t}" for n, t in enumerate(("Berapa kali Anda datang", "Status perkawinan", "Jumlah anak"), 1)
    ]
    rows = [["ID", "Agency", "Gender", "Age", *more, *head, *[f"Media dipakai {n}" for n in range(30)]]]
    for n, row in enumerate(scores(60)):
        row = [0 if (spin := draw.random()) < 0.04 else 6 if spin < 0.15 else v for v in row]
        rows.append([5000 + n * 3, *profile(n), draw.randint(1, 4), draw.randint(1, 3), draw.randint(0, 6), *row,
                     *[draw.randint(0, 1) for _ in range(30)]])  # fmt: skip
    text(folder / "a.csv", rows)


@scale(12, 5, aside=("9", "99"))
def codes_beyond_a_gap(folder: Path) -> None:
    rows = scores(12)
    for n, row in enumerate(rows):
        if n % 6 == 0:
            row[n % 12] = 9
        if n % 9 == 1:
            row[n % 7] = 99
    book(folder / "a.xlsx", {"Data": table([f"P{n}" for n in range(1, 13)], rows)})


@scale(15, 5, facets=3)
def codebook_row(folder: Path) -> None:
    """Codes above, questions below them, then the answers."""
    head = [f"T{c}{i}" for c in "ABC" for i in range(1, 6)]
    asked = [f"Bagian {c + 1}: {q}" for c in range(3) for q in questions(5, "")]
    asked = [f"{q} - {n}" for n, q in enumerate(asked)]
    rows = table(head, scores(15))
    text(folder / "a.csv", [rows[0], ["Unit", "Jenis kelamin", "Usia", *asked], *rows[1:]])


@scale(20, 5, facets=4)
def two_sheets(folder: Path) -> None:
    """The statements stand on a sheet of their own."""
    codes = [f"K{c}.{i}" for c in range(1, 5) for i in range(1, 6)]
    key = [["Kode", "Pernyataan"], *[[c, q] for c, q in zip(codes, questions(20))]]
    book(folder / "a.xlsx", {"Data": table(codes, scores(20)), "Kodebook": key})


@scale(12, 5, facets=3)
def merged_headers(folder: Path) -> None:
    """Numbers that begin anew under every construct, whose names are merged above them."""
    top = ["No", "Ruangan", "JK", "Keandalan", "", "", "", "Empati", "", "", "", "Bukti fisik", "", "", ""]
    low = ["", "", "", *[1, 2, 3, 4] * 3]
    rows = [["DATA HASIL KUESIONER"], [], top, low]
    rows += [[n + 1, UNITS[n % 3], "LP"[n % 2], *a] for n, a in enumerate(scores(12))]
    book(folder / "a.xlsx", {"Sheet1": rows}, ("A3:A4", "B3:B4", "C3:C4", "D3:G3", "H3:K3", "L3:O3"))


@scale(13, 5)
def more_than_nine_numbers(folder: Path) -> None:
    """Q1 to Q13 are not the nine unsur and four more."""
    text(folder / "a.csv", table([f"Q{n}" for n in range(1, 14)], scores(13)))


@scale(16, 7, facets=2)
def seven_steps(folder: Path) -> None:
    head = [f"[{c}] {q}" for c in ("Trust", "Satisfaction") for q in questions(8, "The ")]
    rows = table(head, scores(16, 7), ("Department", "Gender", "Age"))
    (folder / "a.ods").write_bytes(ods({"Data": rows}))


@scale(8, 10, low=0)
def nought_to_ten(folder: Path) -> None:
    text(
        folder / "a.csv",
        table([f"{q}?" for q in questions(8, "Seberapa puas Anda dengan ")], scores(8, 10, low=0)),
    )


@scale(14, 5, facets=2)
def totals_and_other_tables(folder: Path) -> None:
    """Sums, tests of validity and another table below the answers."""
    head = [f"{c}{i}" for c in "XY" for i in range(1, 8)]
    rows = table(head, answers := scores(14))
    columns = list(zip(*answers))
    rows += [["Jumlah", "", "", *[sum(c) for c in columns]]]
    rows += [["Rata-rata", "", "", *[round(sum(c) / len(c), 2) for c in columns]]]
    rows += [[], ["Keterangan"], ["1 = sangat tidak setuju"], ["5 = sangat setuju"]]
    book(folder / "a.xlsx", {"Tabulasi": rows})


# words -----------------------------------------------------------------------------------------------------


@scale(46, 5, facets=4, fields=("answered_at",))
def google_grid(folder: Path) -> None:
    parts = ("Kualitas Sistem", "Kualitas Informasi", "Kualitas Layanan", "Kepuasan")
    head = [f"{p} [{q}]" for k, p in enumerate(parts) for q in questions(12 if k < 2 else 11, f"{p} ")]
    rows = [["Cap waktu", "Alamat email", "Nama Lengkap", "Asal Puskesmas", "Jenis Kelamin", *head]]
    for n, row in enumerate(scores(46)):
        who = [f"2024/03/{n % 28 + 1:02d} 9:{n % 60:02d}:00", f"r{n}@contoh.invalid", f"Responden {n}"]
        rows.append(
            [
                *who,
                f"Puskesmas {'ABC'[n % 3]}",
                ("Laki-laki", "Perempuan")[n % 2],
                *[SETUJU[v - 1] for v in row],
            ]
        )
    book(folder / "a.xlsx", {"Form Responses 1": rows})


@scale(18, 5, facets=3)
def short_words(folder: Path) -> None:
    words = ("STS", "TS", "N", "S", "SS")
    head = [f"{c}{i}" for c in ("Sikap", "Minat", "Hasil") for i in range(1, 7)]
    text(folder / "a.csv", table(head, [[words[v - 1] for v in row] for row in scores(18)]), ";")


@scale(10, 4)
def four_short_words(folder: Path) -> None:
    words = ("TS", "KS", "S", "SS")
    head = [f"{n}. {q}" for n, q in enumerate(questions(10), 1)]
    text(
        folder / "a.csv",
        table(
            head, [[words[v - 1].lower() if v == 3 else words[v - 1] for v in row] for row in scores(10, 4)]
        ),
    )


@scale(12, 5)
def agree_in_english(folder: Path) -> None:
    words = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
    head = questions(12, "I think that ")
    rows = table(head, [[words[v - 1] for v in row] for row in scores(12)], ("Faculty", "Gender", "Age"))
    text(folder / "a.csv", rows)


@scale(9, 5)
def how_often(folder: Path) -> None:
    words = ("Tidak pernah", "Jarang", "Kadang-kadang", "Sering", "Selalu")
    text(
        folder / "a.csv",
        table(questions(9, "Petugas memastikan "), [[words[v - 1] for v in row] for row in scores(9)]),
    )


@scale(11, 5)
def number_and_word(folder: Path) -> None:
    words = ("Sangat tidak puas", "Tidak puas", "Cukup puas", "Puas", "Sangat puas")
    rows = table(
        questions(11, "Kepuasan atas "), [[f"{v} - {words[v - 1]}" for v in row] for row in scores(11)]
    )
    text(folder / "a.csv", rows)


@scale(8, 4)
def a_word_for_every_question(folder: Path) -> None:
    """As in the regulation's form, but of other questions: mudah, cepat, ramah ..."""
    words = ("mudah", "cepat", "ramah", "jelas", "lengkap", "nyaman", "aman", "wajar")
    degrees = ("Tidak ", "Kurang ", "", "Sangat ")
    answers = [[f"{degrees[v - 1]}{w}".capitalize() for v, w in zip(row, words)] for row in scores(8, 4)]
    text(folder / "a.csv", table(questions(8, "Apakah "), answers))


@scale(10, 5, facets=2)
def limesurvey(folder: Path) -> None:
    head = [f"G{g}Q1[SQ{n:03d}]" for g in (1, 2) for n in range(1, 6)]
    rows = [["id", "submitdate", "lastpage", "startlanguage", "seed", "unit", *head]]
    for n, row in enumerate(scores(10)):
        rows.append(
            [
                n + 1,
                f"2024-03-{n % 28 + 1:02d} 10:00:00",
                4,
                "id",
                7 * n,
                UNITS[n % 3],
                *[f"A{v}" for v in row],
            ]
        )
    text(folder / "a.csv", rows)


@scale(12, 5, facets=3)
def qualtrics(folder: Path) -> None:
    """Three rows of headers: codes, texts, import ids."""
    codes = [f"Q{g}_{n}" for g in (2, 3, 4) for n in range(1, 5)]
    asked = [f"Please rate the following - {q}" for q in questions(12, "The ")]
    head = ["StartDate", "Finished", "ResponseId", "Q1", *codes]
    rows = [head, ["Start Date", "Finished", "Response ID", "Which office did you visit?", *asked]]
    rows.append([f'{{"ImportId":"{h}"}}' for h in head])
    words = ("Poor", "Fair", "Good", "Very good", "Excellent")
    words = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")
    for n, row in enumerate(scores(12)):
        rows.append(
            [
                f"2024-03-{n % 28 + 1:02d} 10:00:00",
                "True",
                f"R_{n}x",
                UNITS[n % 3],
                *[words[v - 1] for v in row],
            ]
        )
    text(folder / "a.csv", rows)


@scale(12, 5, facets=2)
def kobo_groups(folder: Path) -> None:
    head = [f"{g}/{p}{n}" for g, p in (("mutu", "m"), ("sikap", "s")) for n in range(1, 7)]
    rows = [["start", "end", "profil/unit", "profil/jenis_kelamin", *head, "_id", "_uuid", "_index"]]
    for n, row in enumerate(scores(12)):
        day = f"2024-03-{n % 28 + 1:02d}"
        rows.append([f"{day}T10:00:00", f"{day}T10:05:00", UNITS[n % 3], "LP"[n % 2],
                     *row, 900 + n, f"u-{n}", n + 1])  # fmt: skip
    text(folder / "a.csv", rows)


def _sav(path: Path, frame: Any, **more: Any) -> None:
    import pyreadstat

    pyreadstat.write_sav(frame, str(path), **more)


@scale(20, 5, facets=4)
def spss_labels(folder: Path) -> None:
    import pandas as pd

    codes = [f"x{c}_{i}" for c in range(1, 5) for i in range(1, 6)]
    made = pd.DataFrame(scores(20), columns=codes).astype(float)
    made.insert(0, "unit", [float(n % 3 + 1) for n in range(PEOPLE)])
    labels = dict(zip(codes, questions(20)))
    steps = {float(v): t for v, t in enumerate(SETUJU, 1)}
    names = {float(n + 1): unit for n, unit in enumerate(UNITS)}
    _sav(folder / "a.sav", made, column_labels={"unit": "Unit layanan", **labels},
         variable_value_labels={"unit": names, **dict.fromkeys(codes, steps)})  # fmt: skip


@scale(12, 5, facets=2, heavy=True)
def spss_bare(folder: Path) -> None:
    """Neither labels of variables nor of values."""
    import pandas as pd

    codes = [f"{c}{i}" for c in ("tang", "rel") for i in range(1, 7)]
    made = pd.DataFrame(scores(12), columns=codes).astype(float)
    made.insert(0, "unit", list(UNITS) * 20)
    _sav(folder / "a.sav", made)


@scale(8, 5, heavy=True)
def spss_ends(folder: Path) -> None:
    """Labels at the ends of the scale only."""
    import pandas as pd

    codes = [f"v{i}" for i in range(1, 9)]
    made = pd.DataFrame(scores(8), columns=codes).astype(float)
    made.insert(0, "unit", list(UNITS) * 20)
    ends = {1.0: "Sangat tidak setuju", 5.0: "Sangat setuju"}
    _sav(folder / "a.sav", made, column_labels={"unit": "Unit", **dict(zip(codes, questions(8)))},
         variable_value_labels=dict.fromkeys(codes, ends))  # fmt: skip


@scale(8, 5)
def found_and_expected(folder: Path) -> None:
    """Every question twice, as in SERVQUAL: what is expected is no part of the index."""
    head = [f"{part} [{q}]" for part in ("Persepsi", "Harapan") for q in questions(8, "")]
    both = [[*a, *b] for a, b in zip(scores(8), scores(8, seed=2))]
    text(folder / "a.csv", table(head, both))


@scale(7, 5, instruments=2, said=("what people expect",))
def perhaps_expected(folder: Path) -> None:
    head = [f"{part}{n}" for part in "PE" for n in range(1, 8)]
    text(folder / "a.csv", table(head, scores(14)))


# beside others ---------------------------------------------------------------------------------------------


@scale(6, 5, unsur=9)
def beside_the_nine(folder: Path) -> None:
    head = [*LABELS, *[f"K{n}. {q}" for n, q in enumerate(questions(6), 1)]]
    both = [[*nine, *own] for nine, own in zip(scores(9, 4, seed=3), scores(6, 5))]
    text(folder / "a.csv", table(head, both))


@scale(6, 5, said=("two answers (yes/no)",))
def yes_and_no(folder: Path) -> None:
    head = [*questions(6), *[f"Apakah Anda menerima layanan {n} di sini" for n in range(5)]]
    rows = [[*a, *[(n + k) % 2 for k in range(5)]] for n, a in enumerate(scores(6))]
    text(folder / "a.csv", table(head, rows))


@scale(13, 5, units=2, people=120, instruments=2)
def a_folder_of_two_questionnaires(folder: Path) -> None:
    text(folder / "Dinas Satu.csv", table(questions(13), scores(13), ("No antrean", "JK", "Usia")))
    text(
        folder / "Dinas Dua.csv",
        table([f"Z{n}" for n in range(1, 8)], scores(7), ("No antrean", "JK", "Usia")),
    )


# what must be proposed of each ----------------------------------------------------------------------------


def sent(tmp_path: Path, scale: Scale) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    scale.write(folder)
    found = list(folder.iterdir())
    return found[0] if len(found) == 1 else folder


def holds(tmp_path: Path, scale: Scale) -> None:
    """Hold that a fixture is proposed as it is, and read untouched."""
    root = tmp_path / "r"
    _, told = start.from_file(root, "2024", sent(tmp_path, scale))
    assert "not the unsur of PermenPANRB 14/2017" in "\n".join(told)
    for text in scale.said:
        assert text in (root / "data/raw/2024/survey.yml").read_text(encoding="utf-8")
    loaded = survey.load(root, "2024")
    made = intake.clean(loaded)
    balance(made)
    assert not [problem for problem in made.problems if problem.fatal]
    instrument = loaded.definition.instruments["kuesioner"]
    assert (len(instrument.items), instrument.scale.min, instrument.scale.max) == (
        scale.items,
        scale.low,
        scale.high,
    )
    assert len(loaded.definition.facets) == scale.facets
    assert set(instrument.values) == set(scale.aside)
    assert len(loaded.definition.instruments) == scale.instruments
    frame = made.responses
    own = [c for c in frame if c.startswith("kuesioner.") and not c.endswith(("__status", "_exp"))]
    assert len(own) == scale.items
    assert len(frame) == scale.people
    assert frame["unit"].nunique() == scale.units
    assert not (frame["unit"] == "unknown").any()
    assert sum(c in frame for c in [f"U{n}" for n in range(1, 10)]) == scale.unsur
    for field in scale.fields:
        assert frame[field].notna().all(), field
