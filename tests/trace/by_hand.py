"""Sums of a raw file as an evaluator finds them: openpyxl, csv, and a small dictionary; nothing of the pipeline.

What is written here is what a person would do with the file and the printed questionnaire beside it. It must never
import the pipeline: `test_oracle.py` holds `skm trace` against it.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl

#: The options of the regulation's questionnaire, lowest first, by code of the processing form; further wordings of
#: the same steps that the files use; and slips of the keyboard as they stand there.
OPTIONS = {
    "U1": ["tidak sesuai", "kurang sesuai", "sesuai", "sangat sesuai"],
    "U2": ["tidak mudah", "kurang mudah", "mudah", "sangat mudah"],
    "U3": ["tidak cepat", "kurang cepat", "cepat", "sangat cepat"],
    "U4": ["sangat mahal", "cukup mahal", "murah", "gratis"],
    "U5": ["tidak sesuai", "kurang sesuai", "sesuai", "sangat sesuai"],
    "U6": ["tidak kompeten", "kurang kompeten", "kompeten", "sangat kompeten"],
    "U7": ["tidak sopan dan ramah", "kurang sopan dan ramah", "sopan dan ramah", "sangat sopan dan ramah"],
    "U8": ["tidak ada", "ada tetapi tidak berfungsi", "berfungsi kurang maksimal", "dikelola dengan baik"],
    "U9": ["buruk", "cukup", "baik", "sangat baik"],
}
SLIPS = {
    "sangat sesusai": 4, "sesuia": 3, "sangat mudha": 4, "mudha": 3, "sangat ceppat": 4, "kurang cepatt": 2,
    "sangat kompetan": 4, "sopan dan ramh": 3, "sangat sopan dan rmah": 4, "dikelola degan baik": 4,
    "berfungsi kurang maximal": 3, "sangat biak": 4, "gratiss": 4,
}  # fmt: skip
Found = dict[tuple[str, str], list[int]]


def fold(text: object) -> str:
    """Lower case, single blanks."""
    return " ".join(str("" if text is None else text).replace("\u00a0", " ").lower().split())


def worded(item: str, text: object) -> int | None:
    """Score of an option text, also where letter and number stand beside it: ``b. Kurang cepat, 2``."""
    plain = re.sub(r"^[a-d][.)]\s*|,\s*[1-4]$", "", fold(text))
    return OPTIONS[item].index(plain) + 1 if plain in OPTIONS[item] else SLIPS.get(plain)


def lettered(_: str, text: object) -> int | None:
    """Score of a letter a to d, also with a full stop behind it."""
    plain = fold(text).rstrip(".")
    return "abcd".index(plain) + 1 if len(plain) == 1 and plain in "abcd" else None


def numbered(_: str, text: object) -> int | None:
    """Score of a number 1 to 4."""
    plain = fold(text).removesuffix(".0")
    return int(plain) if plain in ("1", "2", "3", "4") else None


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file by its headers."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def units_of(raw: Path) -> dict[str, str]:
    """Every spelling of units.csv, and the id it stands for."""
    found = {}
    for row in rows_of(raw / "units.csv"):
        for name in (row["id"], row["name"], *(row.get("aliases") or "").split(";")):
            if fold(name):
                found[fold(name)] = row["id"]
    return found


def one_row_each(rows: Iterator[dict[str, str]], unit: Callable[[dict[str, str]], str], headers: dict[str, str],
                 read: Callable[[str, object], int | None]) -> Found:  # fmt: skip
    """Answers of a table with a row per respondent; a row without any answer is no respondent."""
    found: Found = defaultdict(list)
    for row in rows:
        for item, header in headers.items():
            if (score := read(item, row[header])) is not None:
                found[unit(row), item].append(score)
    return found


def workbook(path: Path, unit: str) -> Found:
    """Answers of a workbook with titles above and sums below; the same line twice counts once."""
    table = list(openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True))
    top = next(at for at, row in enumerate(table) if fold(row[0]).startswith("no"))
    place = {
        f"U{n}": next(
            at for at, cell in enumerate(table[top]) if re.search(rf"(?:^{n}\.|u{n}\b)", fold(cell))
        )
        for n in range(1, 10)
    }
    found: Found = defaultdict(list)
    seen = set()
    for row in table[top + 1 :]:
        if not isinstance(row[0], int) or row in seen:
            continue
        seen.add(row)
        for item, at in place.items():
            if (score := numbered(item, row[at])) is not None:
                found[unit, item].append(score)
    return found


def one_row_an_answer(people: Path, answers: Path, unit: Callable[[dict[str, str]], str], names: tuple[str, str, str]
                      ) -> Found:  # fmt: skip
    """Answers as letters in a table of their own; the first row of an id is its respondent.

    Two different answers of one person to one question are none; an answer of nobody who is listed is nobody's.
    """
    who, what, said = names
    units: dict[str, str] = {}
    for row in rows_of(people):
        if fold(row[who]):
            units.setdefault(fold(row[who]), unit(row))
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows_of(answers):
        if fold(row[who]) in units and fold(row[said]) not in ("", "-", "x", "null"):
            given[fold(row[who]), row[what].strip()].add(fold(row[said]).rstrip("."))
    found: Found = defaultdict(list)
    for (person, item), texts in given.items():
        if len(texts) == 1 and (score := lettered(item, *texts)) is not None:
            found[units[person], item].append(score)
    return found


#: Headers of the demo's online form by code: a question each, in the order of the questionnaire (8 is facilities).
QUESTIONS = {
    "U1": "kesesuaian persyaratan", "U2": "kemudahan prosedur", "U3": "kecepatan waktu", "U4": "kewajaran biaya",
    "U5": "kesesuaian produk", "U6": "kompetensi", "U7": "perilaku petugas", "U8": "penanganan pengaduan",
    "U9": "sarana dan prasarana",
}  # fmt: skip


def demo(raw: Path) -> Found:
    """All answers of the demo city: an online form, a workbook per agency, a kiosk."""
    units = units_of(raw)
    form = raw / "formulir-daring.csv"
    heads = next(iter(csv.reader(form.open(encoding="utf-8-sig", newline=""))))
    headers = {i: next(h for h in heads if words in fold(h)) for i, words in QUESTIONS.items()}
    found = one_row_each(
        rows_of(form), lambda row: units.get(fold(row["Nama Kelurahan/Kecamatan"]), ""), headers, worded
    )
    for path in sorted((raw / "opd").glob("*.xlsx")):
        found |= workbook(path, path.stem)
    found |= one_row_an_answer(
        raw / "puskesmas" / "responden.csv", raw / "puskesmas" / "jawaban.csv",
        lambda row: units.get(fold(row["unit"]), ""), ("id_responden", "unsur", "jawaban"),
    )  # fmt: skip
    return found


def gianyar(raw: Path) -> Found:
    """The police office: option texts; its columns U8 and U9 hold facilities and complaints."""
    unit = next(rows_of(raw / "units.csv"))["id"]
    swapped = {f"U{n}": f"U{n}" for n in range(1, 8)} | {"U8": "U9", "U9": "U8"}
    return one_row_each(rows_of(raw / "wide_teks.csv"), lambda _: unit, swapped, worded)


def jepara(raw: Path) -> Found:
    """The public service mall: letters in a long table, counters by number."""
    units = units_of(raw)
    counters = {row["id_loket"]: units.get(fold(row["nama_loket"]), "") for row in rows_of(raw / "loket.csv")}
    return one_row_an_answer(
        raw / "9unsur_responden.csv", raw / "9unsur_hasil_long.csv", lambda row: counters.get(row["loket"], ""),
        ("id_responden", "id_soal", "jawaban"),
    )  # fmt: skip
