"""Which nasty units there are: name, kind, users of the period, how many answer, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.nasty import answers

Draw = Callable[[np.random.Generator, int], np.ndarray]


@dataclass(frozen=True)
class Unit:
    """A unit of a nasty survey."""

    id: str
    name: str
    kind: str
    n: int
    draw: Draw
    population: int | None = None
    entry: str = "web"
    years: tuple[str, ...] = ("2024", "2025")
    shift_before: float = 0.0


def _shifted(shift: float) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> np.ndarray:
        return answers.ordinary(rng, n, shift=shift)

    return draw


def _factors(first: bool) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> np.ndarray:
        return answers.two_factors(rng, n, first)

    return draw


def _fours(rng: np.random.Generator, n: int) -> np.ndarray:
    return answers.all_fours(n)


def ordinary_units() -> list[Unit]:
    """Units there is nothing nasty about but their neighbours: one far below, one far above, two alike."""
    return [
        Unit("dinas-biasa", "Dinas Biasa", "dinas", 150, _shifted(0.0), 900),
        Unit("dinas-serupa", "Dinas Serupa", "dinas", 150, _shifted(0.0), 900),
        Unit("dinas-rendah", "Dinas Rendah", "dinas", 120, _shifted(-0.6), 700, shift_before=0.7),
        Unit("dinas-tinggi", "Dinas Tinggi", "dinas", 120, _shifted(0.5), 700),
        Unit("dinas-baru", "Dinas Baru", "dinas", 60, _shifted(0.1), 400, years=("2025",)),
        Unit("dinas-tanpa-populasi", "Dinas Tanpa Populasi", "dinas", 60, _shifted(0.1)),
    ]


def nasty_units() -> list[Unit]:
    """One unit for each thing that a sentence can trip over."""
    both = ("2025",)
    return [
        Unit("alfa-negatif", "Alfa Negatif", "dinas", 60, answers.opposed, 400, years=both),
        Unit("satu-butir-tetap", "Satu Butir Tetap", "dinas", 50, answers.constant_item, 300, years=both),
        Unit("faktor-satu", "Faktor Satu", "dinas", 60, _factors(True), 500, years=both),
        Unit("faktor-dua", "Faktor Dua", "dinas", 60, _factors(False), 500, years=both),
        Unit("nilai-seri", "Nilai Seri", "dinas", 48, answers.ties, 300, years=both),
        Unit("tanpa-saluran", "Tanpa Saluran", "dinas", 60, answers.no_channel, 400, years=both),
        Unit("sensus", "Sensus", "kelurahan", 45, _shifted(0.3), 45),
        Unit("hampir-sensus", "Hampir Sensus", "kelurahan", 92, _shifted(0.3), 120),
        Unit("enam-orang", "Enam Orang", "kelurahan", 6, _shifted(0.0), 80),
        Unit("empat-semua-delapan", "Empat Semua Delapan", "kelurahan", 8, _fours, 90),
        Unit("empat-semua-lima-belas", "Empat Semua Lima Belas", "kelurahan", 15, _fours, 15, years=both),
        Unit("empat-semua-banyak", "Empat Semua Banyak", "kelurahan", 40, _fours, 400, years=both),
        Unit("lima-satu", "Lima Satu", "kelurahan", 5, _shifted(0.0), 60),
        Unit("lima-dua", "Lima Dua", "kelurahan", 5, _shifted(-0.5), 60, years=both),
        Unit("lima-tiga", "Lima Tiga", "kelurahan", 5, _shifted(0.5), 60, years=both),
        Unit("tiga-orang", "Tiga Orang", "kelurahan", 3, _shifted(0.0), 70),
        Unit("kosong", "Kosong", "kelurahan", 0, _shifted(0.0), 50),
        Unit("entri-ganda", "Entri Ganda", "kelurahan", 90, answers.padded, 600, entry="bulk", years=both),
        Unit("kertas-sekaligus", "Kertas Sekaligus", "kelurahan", 80, _shifted(0.2), 600, entry="paper"),
    ]


def two_units() -> list[Unit]:
    """A city of two units whose factors are opposite."""
    return [
        Unit("faktor-satu", "Faktor Satu", "dinas", 120, _factors(True), 500),
        Unit("faktor-dua", "Faktor Dua", "dinas", 120, _factors(False), 500),
    ]


def one_unit() -> list[Unit]:
    """A city of one unit that compares itself with nobody."""
    return [Unit("sendiri", "Unit Sendiri", "dinas", 70, _shifted(0.0), 300)]


def old_rule_unit() -> list[Unit]:
    """220 users of one unit under the rule of 2004, 150 of whom answered its 14 unsur."""

    def draw(rng: np.random.Generator, n: int) -> Any:
        return answers.ordinary(rng, n, items=14)

    return [Unit("unit-lama", "Unit Lama", "dinas", 150, draw, 220)]
