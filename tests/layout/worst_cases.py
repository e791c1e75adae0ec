"""A made-up survey of the worst cases of a page: few answers, alike ones, a name too long, scripts of other letters.

Nobody gave these answers; what each unit is for stands in its name in `CASES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support import small_city

ITEMS = small_city.ITEMS
SURVEY = """title: {id: Survei Kepuasan Masyarakat Kota Contoh, en: Satisfaction survey of Kota Contoh}
period: "2024"
city: Kota Contoh
conducted_by: Bagian Organisasi
sampling: responden yang datang ke loket
fieldwork: {start: 2024-07-15, end: 2024-08-03}
target: "88.31"
target_source: Rencana Kota Contoh
synthetic: true
languages: [id, en]
order: form
"""
Draw = Callable[[np.random.Generator, int], np.ndarray]


@dataclass(frozen=True)
class Case:
    """A unit: its id, the name readers see, how many answer, how, and what some of them write."""

    id: str
    name: str
    n: int
    draw: Draw
    said: tuple[str, ...] = ()


def _usual(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.clip(np.round(3.4 + 0.45 * rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=(n, 9))), 1, 4)


def _low_third(rng: np.random.Generator, n: int) -> np.ndarray:
    table = _usual(rng, n)
    table[:, 2] = np.clip(table[:, 2] - 1, 1, 4)
    return table


def _alike(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.tile([3, 4, 2, 4, 3, 3, 4, 4, 3], (n, 1)).astype(float)


def _fours(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.full((n, 9), 4.0)


def _no_fourth(rng: np.random.Generator, n: int) -> np.ndarray:
    table = _usual(rng, n)
    table[:, 3] = np.nan
    return table


LONG = "Unit Pelaksana Teknis Dinas Pengelolaan Prasarana Perhubungan, Terminal, dan Parkir Daerah"
CASES = (
    Case("n-0", "Kelurahan Tanpa Jawaban", 0, _usual),
    Case("n-1", "Kelurahan Satu Jawaban", 1, _usual),
    Case("n-4", "Kelurahan Empat Jawaban", 4, _usual),
    Case("n-8-alike", "Kelurahan Delapan Sama", 8, _alike),
    Case("n-9", "Kelurahan Sembilan Jawaban", 9, _usual),
    Case("n-29", "Kelurahan Dua Puluh Sembilan", 29, _usual),
    Case("all-fours", "Kelurahan Semua Empat", 40, _fours),
    Case("one-item-missing", "Dinas Tanpa Unsur Keempat", 60, _no_fourth),
    Case("long-name", LONG, 75, _low_third, ("Antrean terlalu lama, petugas di loket hanya satu orang",) * 3),
    Case("arabic", "مكتب الخدمات العامة المنتدى", 70, _low_third, ("الانتظار طويل جدا في المكتب",) * 2),
    Case("javanese", "ꦏꦤ꧀ꦠꦺꦴꦂ ꦏꦼꦭꦸꦫꦲꦤ꧀ ꦱꦸꦏꦩꦗꦸ", 70, _low_third, ("ꦥꦺꦭꦪꦤꦤ꧀ ꦱꦲꦺ",) * 2),
    Case(
        "emoji",
        "Kelurahan Ceria 😀🌻👩‍👩‍👧",
        70,
        _low_third,
        ("Bagus sekali 👍👍", "Lama 😡 antre dari pagi"),
    ),
)


def write(root: Path) -> Path:
    """Write the survey with all its result tables, and return its root."""
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text(SURVEY, encoding="utf-8")
    pd.DataFrame(
        {"id": [case.id for case in CASES], "name": [case.name for case in CASES],
         "type": ["kelurahan" if case.name.startswith("Kelurahan") else "dinas" for case in CASES],
         "population": [400 + 10 * place for place in range(len(CASES))]}
    ).to_csv(raw / "units.csv", index=False)  # fmt: skip
    processed = root / "data" / "processed" / "2024"
    processed.mkdir(parents=True)
    frame = _responses()
    frame.to_parquet(processed / "responses.parquet", index=False)
    small_city.ledger(frame.assign(unit="")).head(0).to_parquet(processed / "ledger.parquet", index=False)
    small_city.compute(root, "2024")
    return root


def _responses() -> pd.DataFrame:
    """Answers in the shape that intake writes."""
    parts = []
    for place, case in enumerate(CASES):
        table = case.draw(np.random.default_rng([20240715, place]), case.n)
        part = pd.DataFrame(
            {item: pd.array(table[:, at], dtype="Float64").astype("Int8") for at, item in enumerate(ITEMS)}
        )
        part.insert(0, "unit", case.id)
        part["suggestion"] = pd.Series([*case.said, *[None] * (case.n - len(case.said))], dtype=object)
        parts.append(part)
    frame = small_city.as_written(pd.concat(parts, ignore_index=True), 41)
    people = range(len(frame))
    frame["service"] = [f"Layanan {'umum' if at % 3 else 'keliling'}" for at in people]
    frame["sex"] = ["male" if at % 2 else "female" for at in people]
    frame["education"] = ["sma" if at % 4 else "s1" for at in people]
    frame["occupation"] = "swasta"
    return frame
