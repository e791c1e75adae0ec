"""Random cities with everything that is hidden in them, and what a reader has of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import results, standings, steps
from pipeline import survey as surveys
from pipeline.office.results import LEFT_OUT_SCOPES
from pipeline.steps import Answers
from pipeline.steps.files import shown

ITEMS = [f"U{i}" for i in range(1, 10)]
SERVICES = ("KTP", "Akta", "Izin", "Surat", "Pajak")
SIZES = (1, 2, 3, 4, 5, 8, 12, 31, 34, 40, 62)
MODULES = ("index", "profile", "reliability")
DEFINITION = (
    "title: Survei contoh\ncity: Kota Contoh\nrule: 14/2017\nsynthetic: true\norder: form\nmode: self-paper\n"
)


def city(root: Path, seed: int, units: int = 7) -> Answers:
    """Answers of a city: tiny units, unsur that few answered, services and categories of one to four people."""
    draw = np.random.default_rng(seed)
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text(DEFINITION, encoding="utf-8")
    names = [f"unit-{k}" for k in range(units)]
    lines = ["id,name,type,parent,population"]
    parts = []
    for k, unit in enumerate(names):
        n = int(draw.choice(SIZES)) if k > 2 else int(draw.choice(SIZES[-4:]))
        kind, parent = draw.choice(["dinas", "desa"]), names[0] if k in (1, 3) else ""
        lines.append(f"{unit},Unit {k},{kind},{parent},{n * 9}")
        parts.append(people(draw, unit, n, few=bool(draw.random() < 0.4)))
    (raw / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    frame = pd.concat(parts, ignore_index=True).sort_values("unit", kind="stable", ignore_index=True)
    return Answers(surveys.load(root, "2024"), frame, tuple(ITEMS))


def people(draw: np.random.Generator, unit: str, n: int, few: bool) -> pd.DataFrame:
    """The questionnaires of one unit; with ``few`` one unsur is answered by one to four people."""
    mood = draw.normal(3.2, 0.5, n)
    rows = pd.DataFrame({"unit": [unit] * n})
    for item in ITEMS:
        value = np.clip(np.rint(mood + draw.normal(0, 0.6, n)), 1, 4).astype(int)
        column = pd.array(value, dtype="Int8")
        column[draw.random(n) < 0.01] = pd.NA
        rows[item] = column
    if few and n > 5:
        kept = draw.permutation(n)[: int(draw.integers(1, 5))]
        column = rows[draw.choice(ITEMS[1:])].array
        column[~np.isin(np.arange(n), kept)] = pd.NA
    some = list(SERVICES)[: int(draw.integers(1, 6))]
    shares = draw.dirichlet(np.full(len(some), 0.6))
    rows["service"] = draw.choice(some, n, p=shares)
    disabled = draw.random(n) < draw.choice([0.03, 0.1, 0.3])
    stated = draw.choice(
        np.array(["physical", "sensory", "mental", None], dtype=object), n, p=[0.5, 0.3, 0.1, 0.1]
    )
    rows["disability"] = np.where(disabled, "yes", np.where(draw.random(n) < 0.05, None, "no"))
    rows["disability_kind"] = np.where(disabled, stated, None)
    rows["sex"] = draw.choice(np.array(["male", "female", None], dtype=object), n, p=[0.5, 0.47, 0.03])
    ages, jobs = (
        ["<17", "17-25", "26-35", "36-45", "56+"],
        ["pns", "tni", "swasta", "wirausaha", "other", None],
    )
    rows["age_band"] = draw.choice(ages, n, p=[0.02, 0.25, 0.35, 0.28, 0.1])
    rows["occupation"] = draw.choice(np.array(jobs, dtype=object), n, p=[0.2, 0.02, 0.4, 0.3, 0.05, 0.03])
    return rows


def published(data: Answers, modules: Sequence[str] = MODULES) -> dict[str, pd.DataFrame]:
    """The rows of ``results.csv``, a table a module."""
    tables = {name: shown(data, name, getattr(steps, name)(data)) for name in modules}
    units = standings.table(data.survey.units, tables, data.floor)
    private = list(units.loc[units["sign"] == "x", "unit"])
    out = {}
    for name, table in tables.items():
        rows = standings.public(table, private)
        out[name] = rows[~rows["scope"].isin(LEFT_OUT_SCOPES)]
        assert list(out[name].columns) == list(results.COLUMNS)
    return out
