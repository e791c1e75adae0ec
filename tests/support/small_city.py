"""A made-up survey small enough for a test: units of every awkward kind, through the real statistics.

``build(folder)`` writes the definition and ``responses.parquet`` as intake would, computes every
result table that exists, and saves them suppressed, exactly as the stage notebooks do.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import report
from tests.support import once

ITEMS = [f"U{i}" for i in range(1, 10)]

UNITS = """id,name,type,population
dinas-a,Dinas <A> & Co,dinas,900
dinas-b,Dinas B,dinas,400
dinas-c,Dinas C,dinas,
kel-tiga,Kelurahan Tiga,kelurahan,300
kel-tetap,Kelurahan Tetap,kelurahan,120
kel-kecil,Kelurahan Kecil,kelurahan,500
kel-kosong,Kelurahan Kosong,kelurahan,200
kel-baik,Kelurahan Baik,kelurahan,150
"""

#: Respondents of each unit.
SIZES = {"dinas-a": 120, "dinas-b": 60, "dinas-c": 45, "kel-tiga": 3, "kel-tetap": 40, "kel-kecil": 12,
         "kel-baik": 80, "unknown": 7}  # fmt: skip

SURVEY = """title: {{id: Survei Kepuasan Masyarakat Kota Contoh, en: Satisfaction survey of Kota Contoh}}
period: "2024"
city: Kota Contoh
conducted_by: Bagian Organisasi
partner: Universitas Contoh
mode: self-paper
sampling: responden yang datang ke loket
fieldwork: {{start: 2024-07-15, end: 2024-08-03}}
synthetic: true
languages: [id, en]
order: form
{more}"""

#: What stands in the answers of the unit of three and nowhere else: it must never be printed.
SECRET = "rahasia-tiga-orang"


def build(root: Path, name: str = "2024", scale: tuple[int, int] = (1, 4)) -> Path:
    """Write the survey under ``root`` and return ``root``; what was written once is copied."""
    if compute is not _as_stages_do:  # a test wants another one than all the others
        return write(root, name, scale)
    return once.copy_of(("small city", name, scale, UNITS, SIZES), root, lambda to: write(to, name, scale))


def write(root: Path, name: str, scale: tuple[int, int]) -> Path:
    """Write the survey under ``root``, compute its tables and return ``root``."""
    raw = root / "data" / "raw" / name
    raw.mkdir(parents=True)
    more = "" if scale == (1, 4) else f"scale: {{min: {scale[0]}, max: {scale[1]}}}\n"
    (raw / "survey.yml").write_text(SURVEY.format(more=more), encoding="utf-8")
    (raw / "units.csv").write_text(UNITS, encoding="utf-8")
    (raw / "services.csv").write_text(
        "unit,service,population\ndinas-a,KTP,600\ndinas-a,Akta <b>,200\ndinas-a,Langka,100\n",
        encoding="utf-8",
    )
    processed = root / "data" / "processed" / name
    processed.mkdir(parents=True)
    frame = responses(scale)
    frame.to_parquet(processed / "responses.parquet", index=False)
    ledger(frame).to_parquet(processed / "ledger.parquet", index=False)
    compute(root, name)
    return root


def responses(scale: tuple[int, int] = (1, 4), seed: int = 7) -> pd.DataFrame:
    """Return answers in the shape intake writes."""
    draw = np.random.default_rng(seed)
    low, high = scale
    parts = []
    for place, (unit, n) in enumerate(sorted(SIZES.items())):
        mood = draw.normal(0.75 + 0.04 * (place % 3), 0.12, n)
        answers = {}
        for j, item in enumerate(ITEMS):
            level = mood + draw.normal(0, 0.12, n) - (0.12 if item == "U3" else 0) + 0.01 * j
            value = np.clip(np.round(low + level * (high - low)), low, high)
            answers[item] = pd.array(value.astype(int), dtype="Int8")
        part = pd.DataFrame(answers)
        if unit == "kel-tetap":
            for item in ITEMS:
                part[item] = pd.array([high] * n, dtype="Int8")
        if unit == "dinas-b":
            part["U4"] = pd.array([high - 1] * n, dtype="Int8")
            part.loc[:3, "U8"] = pd.NA
        part.insert(0, "unit", unit)
        part["service"] = services(unit, n)
        part["sex"] = ["male" if i % 3 else "female" for i in range(n)]
        part["education"] = ["sma" if i % 5 else "s1" for i in range(n)]
        part.loc[part.index[:2], "education"] = "s3"
        part["occupation"] = ["swasta"] * n
        part["suggestion"] = [None] * n
        part["suggestion"] = part["suggestion"].astype(object)
        if unit == "dinas-a":
            part.loc[0, "suggestion"] = "Antre <script>alert(1)</script> terlalu lama"
            part.loc[1, "suggestion"] = "Hubungi 0812 3456 7890 atau budi@contoh.id"
            part.loc[2, "suggestion"] = "tidak ada"
            part.loc[3:4, "suggestion"] = "Tambah kursi"
        if unit == "kel-tiga":
            part["suggestion"] = SECRET
        parts.append(part)
    return as_written(pd.concat(parts, ignore_index=True), 37)


def as_written(answers: pd.DataFrame, apart: int) -> pd.DataFrame:
    """Units and their answers in the shape that intake writes; respondents came so many minutes apart."""
    frame = answers.sort_values("unit", kind="stable", ignore_index=True)
    n = len(frame)
    frame.insert(0, "respondent", range(1, n + 1))
    frame["source_file"], frame["source_row"] = "jawaban.xlsx", range(2, n + 2)
    frame["instrument"], frame["mode"], frame["executor"] = "", "self-paper", ""
    frame["interviewer"], frame["disability"], frame["unit_raw"] = "", pd.NA, frame["unit"]
    frame["weight"], frame["age"] = np.nan, pd.array([20 + i % 50 for i in range(n)], dtype="Int16")
    frame["age_band"] = pd.cut(frame["age"].astype(float), [0, 16, 25, 35, 45, 55, 120],
                               labels=["<17", "17-25", "26-35", "36-45", "46-55", "56+"]).astype(object)  # fmt: skip
    start = pd.Timestamp("2024-07-15 08:00")
    frame["answered_at"] = [start + pd.Timedelta(minutes=apart * i) for i in range(n)]
    frame["entered_at"] = frame["answered_at"]
    for item in ITEMS:
        frame[f"{item}__status"] = np.where(frame[item].isna(), "missing", "answered")
    return frame


def services(unit: str, n: int) -> list[str]:
    """Return the service of each respondent: dinas-a has a rare one, kel-baik two to compare."""
    if unit == "kel-baik":
        return ["Layanan umum" if i % 2 else "Layanan keliling" for i in range(n)]
    if unit != "dinas-a":
        return ["Layanan umum"] * n
    return ["Langka" if i < 3 else "KTP" if i % 3 else "Akta <b>" for i in range(n)]


def ledger(frame: pd.DataFrame) -> pd.DataFrame:
    """Return two flagged rows of dinas-b, as intake records them."""
    mine = frame[frame["unit"] == "dinas-b"].head(2)
    return pd.DataFrame(
        {"source_file": mine["source_file"], "source_row": mine["source_row"], "role": "wide", "column": "U8",
         "value": "", "action": "flagged", "reason": "incomplete", "message": "not every unsur was answered"}
    )  # fmt: skip


MODULES = ("index", "sampling", "profile", "integrity", "priorities", "reliability", "validity", "factors",
           "association", "invariance", "comparison", "ranking", "equity", "verdicts")  # fmt: skip


def compute(root: Path, name: str, *modules: str) -> None:
    """Compute and save every result table, or some, as the stage notebooks do."""
    from pipeline import steps

    data = steps.open_answers(name, root)
    for module in modules or MODULES:
        steps.save(data, **{module: getattr(steps, module)(data)})


_as_stages_do = compute


def as_json(block: object) -> str:
    """Return everything a reader could see of a block, as text."""
    return json.dumps(block.to_json(), ensure_ascii=False)  # type: ignore[attr-defined]


def opened(root: Path, unit: str, lang: str = "id") -> Any:
    """What the sections of a unit's report read."""
    return report.open_unit("2024", unit, lang=lang, root=root)
