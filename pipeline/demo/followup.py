"""``follow-up.csv`` of the demo: what each unit promised after a survey, and how far it is. All of it is invented."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from pipeline.demo.city import DemoUnit
from pipeline.results.csvfile import as_csv

#: The first year whose plans are told; the reports of the year after begin with them.
FIRST_YEAR = 2024
HEADER = ("id", "unit", "unsur", "action", "owner", "due", "status", "done", "evidence")
#: What a unit may have promised, by unsur, and what it shows of it.
PROMISED = {
    "U1": ("Memasang daftar persyaratan dengan contoh berkas di setiap loket", "Foto papan persyaratan"),
    "U2": ("Menerbitkan alur layanan satu halaman dan menempatkan petugas pengarah", "Surat tugas petugas pengarah"),
    "U3": ("Mencatat waktu setiap berkas dan menambah loket pada jam ramai", "Rekap waktu layanan bulanan"),
    "U5": ("Memeriksa hasil layanan terhadap standar sebelum diserahkan", "Lembar periksa hasil layanan"),
    "U6": ("Melatih petugas loket dan menyusun panduan jawaban", "Daftar hadir pelatihan"),
    "U7": ("Menetapkan kode perilaku pelayanan dan membahas keluhan setiap bulan", "Notula rapat bulanan"),
    "U8": ("Mengumumkan saluran pengaduan dan mencatat setiap pengaduan", "Buku pengaduan"),
    "U9": ("Memperbaiki ruang tunggu, toilet, dan jalur landai", "Foto ruang tunggu"),
}  # fmt: skip
OWNERS = ("Kepala Seksi Pelayanan", "Sekretariat", "Subbagian Umum dan Kepegawaian", "Pengelola Pengaduan")
#: Written as offices do: in either language, days either way.
SAID = {
    "done": "selesai",
    "in-progress": "sedang berjalan",
    "planned": "direncanakan",
    "dropped": "dibatalkan",
}
#: A unit in so many has no plan at all.
WITHOUT_PLAN = 7


def report_date(year: int) -> date:
    """The day on which the reports of a year are issued.

    Examples
    --------
    >>> report_date(2024)
    datetime.date(2024, 12, 5)
    """
    return date(year, 12, 5)


@dataclass(frozen=True)
class Promise:
    """One row of a plan."""

    id: str
    unit: str
    unsur: str
    action: str
    owner: str
    due: date
    status: str
    done: date | None
    evidence: str


def number_of(unit: DemoUnit) -> int:
    """A number of the unit's own, the same in every year, whichever units are listed.

    Examples
    --------
    >>> from pipeline.demo import city
    >>> number_of(city.CATALOGUE[0]) == number_of(city.CATALOGUE[1])
    False
    """
    return zlib.crc32(unit.id.encode())


def promised(unit: DemoUnit, year: int, seed: int, *, told: bool) -> list[Promise]:
    """Two to four promises of a unit after a year's survey; what became of them only where ``told``."""
    draw = np.random.default_rng([seed, year, number_of(unit)])
    weak = [item for item in unit.weak if item in PROMISED]
    rest = [item for item in PROMISED if item not in weak]
    chosen = [*weak, *draw.permutation(rest).tolist()][: int(draw.integers(2, 5))]
    issued, made = report_date(year), []
    quick = draw.random() < 0.2  # an office that finishes all it promised
    for number, item in enumerate(chosen, 1):
        action, evidence = PROMISED[item]
        due = issued + timedelta(days=int(draw.integers(2, 15)) * 30)
        draws = draw.random(2)
        status = (
            "done"
            if quick
            else str(draw.choice(["done", "in-progress", "planned", "dropped"], p=[0.5, 0.25, 0.15, 0.1]))
        )
        taken = min(due + timedelta(days=int(40 * draws[1]) - 30), report_date(year + 1) - timedelta(days=20))
        done = taken if told and status == "done" else None
        status = status if told else "planned"
        shown = evidence if done or (told and status == "in-progress" and draws[0] < 0.5) else ""
        owner = OWNERS[int(draw.integers(len(OWNERS)))]
        made.append(Promise(f"{year}-{number}", unit.id, item, action, owner, due, status, done, shown))
    return made


def carried(before: Sequence[Promise], year: int) -> list[Promise]:
    """What of an older plan is still open, as ``skm new --from`` takes it over, with a new day for what was late."""
    issued = report_date(year)
    still = [one for one in before if one.status in ("planned", "in-progress")]
    return [replace(one, due=max(one.due, issued + timedelta(days=90)), evidence="") for one in still]


def plans(units: Sequence[DemoUnit], year: int, years: Sequence[int], seed: int) -> bytes:
    """``follow-up.csv`` of a year; what became of it is told of all years before the newest.

    Parameters
    ----------
    units : sequence of DemoUnit
        Units of that year.
    year : int
    years : sequence of int
        All years of the demo: what is open of the year before is carried over.
    seed : int

    Examples
    --------
    >>> from pipeline.demo import city
    >>> plans(city.CATALOGUE[:2], 2024, [2024, 2025], 1).decode().splitlines()[0]
    'id,unit,unsur,action,owner,due,status,done,evidence'
    """
    told, before = year < max(years), year - 1 in years and year > FIRST_YEAR
    rows: list[Promise] = []
    for unit in units:
        if number_of(unit) % WITHOUT_PLAN == 0:
            continue
        own = carried(promised(unit, year - 1, seed, told=True), year) if before else []
        taken = {one.unsur for one in own}
        # Of the newest year every second office has promised something new by the day of its report.
        new = promised(unit, year, seed, told=told) if told or number_of(unit) % 2 else []
        rows += [*own, *(one for one in new if one.unsur not in taken)]
    return _csv(rows)


def _csv(rows: Sequence[Promise]) -> bytes:
    lines = []
    for number, one in enumerate(rows):
        # Half of the days as a spreadsheet in Indonesia shows them.
        form = "%Y-%m-%d" if number % 2 else "%d/%m/%Y"
        done = one.done.strftime(form) if one.done else ""
        lines.append([one.id, one.unit, one.unsur, one.action, one.owner, one.due.strftime(form),
                      SAID[one.status], done, one.evidence])  # fmt: skip
    return as_csv(HEADER, lines)
