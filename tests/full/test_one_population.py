"""A whole run, twice: what people of units below five answered changes no public byte (R6, R23)."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
#: Name, type, answers.
UNITS = (
    ("Loket A", "kelurahan", 36), ("Loket B", "kelurahan", 32), ("Loket C", "dinas", 7), ("Loket D", "dinas", 4),
    ("Loket E", "kelurahan", 1), ("Loket F", "dinas", 3),
)  # fmt: skip
HEAD = ["Unit", "Tanggal", "Layanan", "Jenis kelamin", "Usia", "Pendidikan", "Disabilitas", "Saran"]
DEFINITION = """title: {id: Survei Kota Kecil, en: Survey of Kota Kecil}
period: '2025'
city: Kota Kecil
sampling: Setiap pengguna yang datang diminta mengisi.
fieldwork: {start: 2025-08-01, end: 2025-09-30}
synthetic: true
order: form
target: '80'
languages: [id, en]
files: [{path: jawaban.csv, mode: online}]
"""


def write(root: Path, hidden_seed: int) -> None:
    raw = root / "data/raw/2025"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text(DEFINITION, encoding="utf-8")
    lines = [f"{name.lower().replace(' ', '-')},{name},{kind},{5 * n + 200}" for name, kind, n in UNITS]
    (raw / "units.csv").write_text("\n".join(["id,name,type,population", *lines]) + "\n", encoding="utf-8")
    shown, hidden = np.random.default_rng(1), np.random.default_rng([hidden_seed, 9])
    with (raw / "jawaban.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*HEAD, *(f"U{i}" for i in range(1, 10))])
        for name, _, n in UNITS:
            table.writerows([name, *person(shown if n >= 5 else hidden, n >= 5)] for _ in range(n))


def person(rng: np.random.Generator, whole: bool) -> list[object]:
    answers: list[object] = rng.integers(2 if whole else 1, 5, 9).tolist()
    if not whole:  # one answer stays, so that the number of people does
        answers = [a if j == 0 or rng.random() < 0.7 else "" for j, a in enumerate(answers)]
    return [
        f"2025-08-{rng.integers(1, 29):02d}", rng.choice(["KTP", "KK"] if whole else ["KTP", "Akta", "Pindah"]),
        rng.choice(["Laki-laki", "Perempuan"]), int(rng.integers(18, 66)),
        rng.choice(["SMA", "S1"] if whole else ["SMP", "S3"]), rng.choice(["Tidak", "Tidak" if whole else "Ya"]),
        rng.choice(["", "Antre lama", "Tambah kursi"] if whole else ["Pindahkan loket", "Petugas kurang"]), *answers,
    ]  # fmt: skip


def public(root: Path) -> dict[str, str]:
    base = root / "reports/2025/public"
    return {
        path.relative_to(base).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(base.rglob("*"))
        if path.is_file()
    }


@pytest.mark.full
def test_what_people_of_hidden_units_answered_changes_no_public_byte(tmp_path):
    found = []
    for seed in (1, 2):
        root = tmp_path / str(seed)
        write(root, seed)
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "run", "--root", str(root), "--quiet"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stdout + done.stderr
        found.append(public(root))
    assert len(found[0]) > 30
    assert found[0] == found[1]
