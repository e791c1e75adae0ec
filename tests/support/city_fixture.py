"""A small city made by hand: result tables of the tidy shape, without computing any statistic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from pipeline import results
from pipeline import survey as surveys
from tests.support import compare_fixture

ITEMS = [f"U{k}" for k in range(1, 10)]
LETTERS = ((88.31, "A"), (76.61, "B"), (65.0, "C"), (0.0, "D"))


def letter(value: float) -> str:
    return next(name for lower, name in LETTERS if value >= lower)


def make_survey(root: Path, units: int = 12, *, scale: str = "", name: str = "2024", more: str = "") -> Any:
    """Write a definition and a list of units, and load them."""
    raw = root / "data" / "raw" / name
    raw.mkdir(parents=True, exist_ok=True)
    (raw / "survey.yml").write_text(
        "title: {id: Survei Kepuasan Masyarakat Contoh, en: Example satisfaction survey}\n"
        "city: Kota Contoh\nconducted_by: Bagian Organisasi\nrule: 14/2017\n"
        "fieldwork: {start: 2024-07-15, end: 2024-08-03}\nsynthetic: true\n" + scale + more,
        encoding="utf-8",
    )
    kinds = ("dinas", "puskesmas", "kelurahan")
    lines = ["id,name,type,parent,population"]
    for k in range(1, units + 1):
        kind = kinds[k % 3]
        population = "" if k == 3 else str(180 + 40 * k)
        parent = "unit-01" if k == 4 else ""
        lines.append(f"unit-{k:02d},{kind.title()} Nomor {k:02d},{kind},{parent},{population}")
    (raw / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return surveys.load(root, name)


def make_tables(survey: Any, *, foreign: bool = False, few: tuple[str, ...] = (), seed: int = 7) -> dict:
    """Result tables for every unit: the last is for information, the one before has no data."""
    draw = np.random.default_rng(seed)
    index, sampling, priorities, comparison, reliability, integrity, validity = ([] for _ in range(7))
    base: dict[str, Any] = {"survey": survey.name, "scope": "unit"}
    values = []
    count = len(survey.units)
    for place, unit in enumerate(survey.units):
        n = 120 + 7 * place
        if count > 2 and place == count - 1:
            n = 12
        if count > 2 and place == count - 2:
            n = 0
        if unit.id in few:
            n = 3
        row = {**base, "unit": unit.id}
        if unit.population:
            sampling.append({**row, "statistic": "required", "estimate": 100 + place, "n": n})
        index.append({**row, "statistic": "n", "estimate": n, "n": n})
        index.append({**row, "statistic": "n_valid", "estimate": n, "n": n})
        if n == 0:
            index.append({**row, "statistic": "ikm", "reason": "no-data"})
            continue
        items = np.round(draw.normal(86, 4) + draw.normal(0, 3, len(ITEMS)), 2).clip(60, 99)
        items[3] -= 9
        if n < 5:
            index.append({**row, "statistic": "ikm", "n": n, "reason": "suppressed"})
            index += [{**row, "statistic": "nrr", "item": i, "n": n, "reason": "suppressed"} for i in ITEMS]
            continue
        value = float(items.mean())
        values.append((unit.id, n, value))
        half = 14.0 / np.sqrt(n)
        index.append(
            {**row, "statistic": "ikm", "estimate": value, "lower": value - half, "upper": value + half,
             "n": n, "method": "100/5" if foreign else "exact", "confidence": 0.95}
        )  # fmt: skip
        if not foreign:
            sure = float(draw.uniform(0.6, 1.0))
            word = "firm" if sure >= 0.95 else "leaning" if sure >= 0.8 else "border"
            index.append({**row, "statistic": "letter", "text": letter(value), "estimate": value, "n": n})
            index.append({**row, "statistic": "certainty", "text": word, "estimate": sure, "n": n})
        index.append({**row, "statistic": "margin", "estimate": half, "n": n})
        factor = 20 if foreign else 25
        for item, v in zip(ITEMS, items):
            index.append(
                {**row, "statistic": "nrr", "item": item, "estimate": v / factor, "n": n,
                 "lower": (v - 2) / factor, "upper": (v + 2) / factor}
            )  # fmt: skip
        for rank, where in enumerate(np.argsort(items), start=1):
            mark = {1: "clearly-lower", 2: "not-distinguishable", 3: "states-a-fact"}.get(rank, "")
            priorities.append(
                {**row, "statistic": "priority", "item": ITEMS[where], "estimate": rank, "text": mark}
            )
        reliability.append(
            {**row, "statistic": "alpha", "estimate": float(draw.uniform(0.6, 0.93)), "lower": 0.6,
             "upper": 0.95, "n": n}
        )  # fmt: skip
        for k, item in enumerate(ITEMS):
            validity.append({**row, "statistic": "item_rest", "item": item, "estimate": 0.2 + k / 20, "n": n})
        share = float(draw.uniform(0, 0.4))
        integrity.append(
            {**row, "statistic": "straightline", "estimate": share, "numerator": int(share * n),
             "denominator": n, "n": n}
        )  # fmt: skip
        integrity.append(
            {**row, "statistic": "ikm_without_flagged", "estimate": value - 1, "text": "B", "n": n}
        )
        integrity.append({**row, "statistic": "letter_changes", "estimate": float(place % 5 == 0), "n": n})
    known = [(unit, n, v) for unit, n, v in values if n >= 30]
    if known:
        mean = float(np.mean([v for _, _, v in known]))
        city = {"survey": survey.name, "scope": "city"}
        for k, method in enumerate(("mean-of-units", "pooled")):
            index.append(
                {**city, "statistic": "ikm", "estimate": mean - k / 3, "lower": mean - 0.4, "upper": mean + 0.4,
                 "method": method, "n": 2000, "text": "headline" if k == 0 else ""}
            )  # fmt: skip
            if not foreign:
                index.append({**city, "statistic": "letter", "text": letter(mean), "method": method})
                index.append(
                    {**city, "statistic": "certainty", "text": "firm", "estimate": 0.991, "method": method}
                )
        index.append({**city, "statistic": "ikm", "method": "population-weighted", "reason": "no-population"})
        for kind in ("dinas", "puskesmas", "kelurahan"):
            index.append(
                {"survey": survey.name, "scope": "type", "group": kind, "statistic": "ikm", "estimate": mean,
                 "lower": mean - 1, "upper": mean + 1, "n": 500, "method": "mean-of-units"}
            )  # fmt: skip
    if len(known) > 1:
        city = {"survey": survey.name, "scope": "city", "n": 1800}
        comparison += [
            {**city, "statistic": "kruskal_h", "estimate": 214.5, "df": 11, "p": 1e-9},
            {**city, "statistic": "epsilon2", "estimate": 0.11},
            {**city, "statistic": "welch_f", "estimate": 19.2, "df": 11, "p": 1e-9},
            {**city, "statistic": "icc1", "estimate": 0.09, "lower": 0.05, "upper": 0.16},
        ]
    index.append({**base, "unit": "unknown", "statistic": "n", "estimate": 41, "n": 41})
    named = {
        "index": index, "sampling": sampling, "priorities": priorities, "comparison": comparison,
        "reliability": reliability, "integrity": integrity, "validity": validity,
    }  # fmt: skip
    if len(known) > 1:
        more = compare_fixture.rows(survey, known, ITEMS)
        comparison += more.pop("pairs")
        named |= more
    return {name: results.frame(rows) for name, rows in named.items() if rows}


def make_city(
    root: Path, units: int = 12, *, foreign: bool = False, few: tuple[str, ...] = (), more: str = ""
) -> Any:
    """A survey with its tables written where the readers look for them."""
    scale = "scale: {min: 1, max: 5}\n" if foreign else ""
    survey = make_survey(root, units, scale=scale, more=more)
    survey.processed.mkdir(parents=True, exist_ok=True)
    for name, table in make_tables(survey, foreign=foreign, few=few).items():
        table.to_parquet(survey.processed / f"{name}.parquet", index=False)
    return survey
