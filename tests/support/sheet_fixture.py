"""The twelve answers of `shapes` on sheets as people fill them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import intake
from tests.support.raw_surveys import LABELS, balance, cleaned
from tests.support.shapes import SCORES, book

UNITS = "id,name,aliases\napel,Dinas Apel,\nbelimbing,Dinas Belimbing,\n"
EIGHT = {"apel": SCORES[:7], "belimbing": SCORES[7:]}
NAMES = {"apel": "Dinas Apel", "belimbing": "Dinas Belimbing"}
BLANK: list[Any] = []


def read(
    tmp_path: Path, rows: Sequence[Sequence[Any]], definition: str = "", change: Any = None
) -> intake.Intake:
    """Read a sheet as a workbook; rows and answers are conserved."""
    made = cleaned(tmp_path, {"a.xlsx": book({"Data": rows}, change)}, definition, units=UNITS)
    balance(made)
    return made


def by_unit(made: intake.Intake) -> dict[str, list[list[int]]]:
    frame = made.responses.sort_values("source_row")
    return {
        str(unit): part[[f"U{u}" for u in range(1, 10)]].astype(int).values.tolist()
        for unit, part in frame.groupby("unit", observed=True)
    }


def block(unit: str, *, start: int = 1) -> list[list[Any]]:
    return [[start + i, *scores] for i, scores in enumerate(EIGHT[unit])]


HEAD = ["No", *LABELS]
MEANS = {
    unit: [round(sum(s[u] for s in rows) / len(rows), 2) for u in range(9)] for unit, rows in EIGHT.items()
}


def merged_rows() -> list[list[Any]]:
    rows = [["Unit layanan", "No", *LABELS]]
    for unit, name in NAMES.items():
        rows += [[name if i == 0 else None, i + 1, *s] for i, s in enumerate(EIGHT[unit])]
    return rows


def merge(*cells: str) -> Any:
    def change(made: Any) -> None:
        for place in cells:
            made["Data"].merge_cells(place)

    return change
