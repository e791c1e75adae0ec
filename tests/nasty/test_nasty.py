"""The nasty surveys hold what their names say, the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.nasty import PROJECTS, write
from tests.nasty.units import nasty_units, old_rule_unit

ITEMS = [f"U{i}" for i in range(1, 10)]


def alpha(table: np.ndarray) -> float:
    k = table.shape[1]
    return k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1))


def answers_of(root: Path) -> dict[str, pd.DataFrame]:
    raw = root / "city" / "data" / "raw" / "2025"
    frame = pd.concat([pd.read_csv(raw / "daring.csv"), pd.read_csv(raw / "kertas.csv")])
    return dict(list(frame.groupby("Unit")))


def test_the_same_seed_writes_the_same_surveys(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b")
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert len(files) >= 3 * len(PROJECTS)
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_each_nasty_unit_is_what_it_is_called(tmp_path):
    write(tmp_path)
    unit = answers_of(tmp_path)
    tables = {name: frame[ITEMS].to_numpy() for name, frame in unit.items()}
    assert {len(tables[f"Empat Semua {n}"]) for n in ("Delapan", "Lima Belas", "Banyak")} == {8, 15, 40}
    assert all((tables[f"Empat Semua {n}"] == 4).all() for n in ("Delapan", "Lima Belas", "Banyak"))
    assert alpha(tables["Alfa Negatif"]) < 0
    assert (tables["Satu Butir Tetap"].var(axis=0) == 0).sum() == 1
    assert len(set(tables["Nilai Seri"].sum(axis=0))) == 1
    assert (tables["Tanpa Saluran"][:, 7] == 1).mean() == 0.5
    assert len(tables["Enam Orang"]) == 6
    assert len(tables["Tiga Orang"]) == 3
    assert "Kosong" not in tables
    first, second = (np.corrcoef(tables[n].T)[0, 8] for n in ("Faktor Satu", "Faktor Dua"))
    assert first < -0.1 < 0.1 < second
    pooled = np.vstack([tables["Faktor Satu"], tables["Faktor Dua"]])
    assert alpha(pooled) > alpha(tables["Faktor Satu"]) + 0.3


def test_a_census_is_one_and_paper_is_keyed_in_one_go(tmp_path):
    write(tmp_path)
    census = next(u for u in nasty_units() if u.id == "sensus")
    assert census.n == census.population
    paper = answers_of(tmp_path)["Kertas Sekaligus"]
    moments = pd.to_datetime(paper["Waktu entri"]).sort_values()
    assert moments.iloc[-1] - moments.iloc[0] < pd.Timedelta(hours=2)
    assert old_rule_unit()[0].population == 220
