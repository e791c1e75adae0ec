"""Write the nasty surveys as files a run reads: definition, list of units, answers."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.nasty.units import Unit, nasty_units, old_rule_unit, one_unit, ordinary_units, two_units

#: Project -> the units it surveys, and the names of its surveys, newest last.
PROJECTS: dict[str, tuple[Callable[[], list[Unit]], tuple[str, ...]]] = {
    "city": (lambda: ordinary_units() + nasty_units(), ("2024", "2025")),
    "two": (two_units, ("2025",)),
    "one": (one_unit, ("2025",)),
    "old-rule": (old_rule_unit, ("2005",)),
}

DEFINITION = """# Made-up answers that nobody gave, drawn by tests/nasty.
title: {{id: Survei Kepuasan Masyarakat Kota Sulit {year}, en: Satisfaction survey of Kota Sulit {year}}}
period: '{year}'
city: Kota Sulit
conducted_by: Bagian Organisasi Kota Sulit
sampling: Setiap pengguna yang datang diminta mengisi; bukan sampel acak.
report_date: {year}-12-01
fieldwork: {{start: {year}-08-01, end: {year}-09-30, extracted: {year}-11-20}}
synthetic: true
rule: {rule}
order: form
target: '88.31'
target_source: Rencana Kota Sulit
languages: [{languages}]
files:
  - {{path: daring.csv, mode: online}}
  - {{path: kertas.csv, mode: self-paper, optional: true}}
"""

SAID = ("", "", "Antrean lama", "Antrean lama", "tidak ada", "Tambah kursi", "-", "Petugas ramah")
SEXES = ("Laki-laki", "Perempuan")
SCHOOLS = ("SMA", "S1", "SMP", "Diploma")
SERVICES = ("Loket A", "Loket B")


def write(root: Path, languages: tuple[str, ...] = ("id",), seed: int = 20250801) -> dict[str, Path]:
    """Write every project below a folder and return each one's root."""
    return {name: write_project(root / name, name, languages, seed) for name in PROJECTS}


def write_project(root: Path, name: str, languages: tuple[str, ...], seed: int) -> Path:
    """Write one project with all its surveys."""
    units, years = PROJECTS[name]
    for place, year in enumerate(years):
        raw = root / "data" / "raw" / year
        raw.mkdir(parents=True, exist_ok=True)
        rule = "25/2004" if name == "old-rule" else "14/2017"
        text = DEFINITION.format(year=year, rule=rule, languages=", ".join(languages))
        (raw / "survey.yml").write_text(text, encoding="utf-8")
        _units(raw / "units.csv", units())
        asked = [unit for unit in units() if year in unit.years or len(years) == 1]
        if name == "city":
            _plan(raw / "follow-up.csv", units(), int(year))
        newest = place == len(years) - 1
        _answers(raw, asked, year, np.random.default_rng([seed, place]), newest)
    return root


def _units(path: Path, units: list[Unit]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "name", "type", "population"])
        table.writerows([u.id, u.name, u.kind, u.population or ""] for u in units)


#: What an office may promise: texts with numbers, claims and code of their own, a person in charge, no day, no word.
PROMISED = (
    ("U3", "Tambah 17 loket agar nilai naik, lebih baik daripada unit lain <script>alert(1)</script>", "Siti Aminah"),
    ("U9", '=HYPERLINK("http://contoh.invalid")', "Kepala Seksi (0812-3456-7890)"),
    ("", "Kami unit terbaik; keluhan turun 99,9 %", ""),
    ("U99", "Baris tanpa unsur yang dikenal", "Sekretariat"),
)  # fmt: skip
STATES = ("selesai", "sedang berjalan", "direncanakan", "dibatalkan", "")


def _plan(path: Path, units: list[Unit], year: int) -> None:
    """A plan in which every fourth unit has nothing, some finish all, and some rows are of no use."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "unit", "unsur", "action", "owner", "due", "status", "done", "evidence"])
        for place, unit in enumerate(units):
            for number, (unsur, action, owner) in enumerate(PROMISED if place % 4 else ()):
                state = "selesai" if place % 4 == 1 else STATES[(place + number) % len(STATES)]
                due = f"{year + 1}-0{number + 4}-15" if (place + number) % 3 else ""
                done = f"{year + 1}-0{number + 3}-10" if state == "selesai" and place % 5 else ""
                table.writerow([number, unit.id, unsur, action, owner, due, state, done, "Foto" * number])


def _answers(raw: Path, units: list[Unit], year: str, rng: np.random.Generator, newest: bool) -> None:
    """The answers of one year; paper has its own file because it has its own mode."""
    rows: dict[str, list[list[object]]] = {"daring.csv": [], "kertas.csv": []}
    items = 9
    for unit in units:
        table = unit.draw(rng, unit.n)
        items = table.shape[1] if len(table) else items
        if not newest and unit.shift_before:
            moved = np.clip(table + (rng.random(table.shape) < unit.shift_before * 0.4), 1, 4)
            table = moved.astype(int)
        people = _people(rng, unit, year)
        mine = [[unit.name, *person, *answers] for person, answers in zip(people, table.tolist())]
        rows["kertas.csv" if unit.entry == "paper" else "daring.csv"] += mine
    head = ["Unit", "Waktu entri", "Layanan", "Jenis kelamin", "Usia", "Pendidikan", "Saran",
            *(f"U{i}" for i in range(1, items + 1))]  # fmt: skip
    for name, lines in rows.items():
        if lines:
            with (raw / name).open("w", encoding="utf-8", newline="") as file:
                table_writer = csv.writer(file)
                table_writer.writerow(head)
                table_writer.writerows(lines)


def _people(rng: np.random.Generator, unit: Unit, year: str) -> list[list[object]]:
    """When each form was entered, who answered, and what was suggested."""
    start = dt.datetime(int(year), 8, 1, 8, 0)
    days = rng.integers(0, 55, size=unit.n)
    minutes = rng.integers(0, 480, size=unit.n)
    seconds = rng.integers(0, 60, size=unit.n)
    moments = sorted(
        start + dt.timedelta(days=int(d), minutes=int(m), seconds=int(s))
        for d, m, s in zip(days, minutes, seconds)
    )
    if unit.entry in ("paper", "bulk"):
        late = dt.datetime(int(year), 9, 29, 9, 0)
        first = 0 if unit.entry == "paper" else unit.n - round(0.35 * unit.n)
        gap = 45 if unit.entry == "paper" else 4
        moments[first:] = [late + dt.timedelta(seconds=gap * i) for i in range(unit.n - first)]
    sexes = rng.choice(SEXES, size=unit.n)
    ages = rng.integers(18, 66, size=unit.n)
    schools = rng.choice(SCHOOLS, size=unit.n)
    services = rng.choice(SERVICES, size=unit.n)
    said = rng.choice(SAID, size=unit.n)
    return [
        [moment.strftime("%Y-%m-%d %H:%M:%S"), service, sex, int(age), school, text]
        for moment, service, sex, age, school, text in zip(moments, services, sexes, ages, schools, said)
    ]
