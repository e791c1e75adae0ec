"""Small surveys made by hand, for the tests of definition and intake."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline import intake, survey

REAL = Path(__file__).parents[1] / "real"
UNITS = "id,name,aliases\na,Dinas A,DA\nb,Dinas B,\n"
CODES = [f"U{n}" for n in range(1, 10)]


def make(
    root: Path, files: Mapping[str, str | bytes], definition: str = "", units: str = UNITS, name: str = "2024"
) -> survey.Survey:
    """Write a survey's folder and load it."""
    folder = root / "data" / "raw" / name
    folder.mkdir(parents=True, exist_ok=True)
    text = definition if "title:" in definition else "title: Uji\n" + definition
    (folder / "survey.yml").write_text(text, encoding="utf-8")
    (folder / "units.csv").write_text(units, encoding="utf-8")
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            target.write_text(content, encoding="utf-8", newline="")
    return survey.load(root, name)


def cleaned(root: Path, files: Mapping[str, str | bytes], definition: str = "", **more: Any) -> intake.Intake:
    """Write, load and clean a survey."""
    return intake.clean(make(root, files, definition, **more))


def csv(header: Sequence[str], *rows: Sequence[object], delimiter: str = ",") -> str:
    """Return CSV text; a cell with the delimiter or a quote must be quoted by the caller."""
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in (header, *rows))


def wide(*rows: Sequence[object], extra: Sequence[str] = ()) -> str:
    """Return a wide CSV of the nine unsur by label, preceded by id, unit, and extra columns."""
    return csv(["id responden", "unit", *extra, *LABELS], *rows)


LABELS = (
    "Persyaratan", "Prosedur", "Waktu pelayanan", "Biaya/tarif", "Produk layanan", "Kompetensi pelaksana",
    "Perilaku pelaksana", "Penanganan pengaduan", "Sarana dan prasarana",
)  # fmt: skip
THREES = [3] * 9


def reasons(made: intake.Intake) -> dict[str, int]:
    """Return how often each reason stands in the ledger."""
    return {str(k): int(v) for k, v in made.ledger["reason"].value_counts().items() if v}


def balance(made: intake.Intake) -> None:
    """Hold that no row and no answer was lost."""
    table = made.counts
    assert (table["read"] == table[["used", "merged", "excluded", "not_data"]].sum(axis=1)).all()
    items = [c.removesuffix("__status") for c in made.responses if c.endswith("__status")]
    answered = sum(int((made.responses[f"{code}__status"] == "answered").sum()) for code in items)
    assert made.answers_read == answered + int(made.ledger["cells"].sum())


def real(root: Path, slug: str, data: Path) -> survey.Survey:
    """Lay out a real survey: its definition from the repository, its files from outside."""
    listing = yaml.safe_load((REAL / slug / "files.yml").read_text(encoding="utf-8"))
    folder = root / "data" / "raw" / listing["survey"]
    folder.mkdir(parents=True)
    for name in ("survey.yml", "units.csv"):
        shutil.copy(REAL / slug / name, folder / name)
    for name in listing["files"]:
        shutil.copy(data / listing["folder"] / name, folder / name)
    return survey.load(root, listing["survey"])
