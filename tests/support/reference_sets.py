"""Read one oracle set: the answers, the group of each row, and what R found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.scores import Scores, scores

#: Where the project's own sets are, each with the R script that made it.
ORACLE = Path(__file__).resolve().parents[1] / "oracle"
#: Sets with every statistic of items and units.
FOLDERS = (
    "01_six_categories",
    "05_zero_variance_item",
    "06_missing5pct",
    "07_n12",
    "08_n_less_than_k",
    "11_negative_item",
    "12_constant_unit",
    "13_skm_sim48",
    "18_strong_ceiling",
    "20_five_categories",
)


#: Scales other than 1 to 4, by the number of a set.
SCALES = {"01": (1, 6), "20": (1, 5)}


def scale_of(folder: str) -> tuple[int, int]:
    """Lowest and highest answer of a set."""
    return SCALES.get(folder[:2], (1, 4))


@dataclass(frozen=True)
class ReferenceSet:
    name: str
    items: list[str]
    answers: pd.DataFrame
    by: pd.Series
    results: dict[str, Any]

    def per_item(self, mapping: dict[str, Any]) -> np.ndarray:
        """Numbers of a mapping in the order of the items; what R left out is NaN."""
        return np.array([number(mapping.get(item, "NA")) for item in self.items])


def read(reference: Path, folder: str) -> ReferenceSet:
    found = json.loads((reference / folder / "results.json").read_text())
    data = rows(reference / folder)
    name = found["meta"].get("group")
    by = data[name] if name else pd.Series([""] * len(data))
    if pd.api.types.is_numeric_dtype(by):
        by = by.astype("Int64").astype("string")
    items = found["meta"]["items"]
    return ReferenceSet(folder, items, data[items].astype("Int64"), by, found)


def rows(folder: Path, year: int | None = 2024) -> pd.DataFrame:
    """Data of a set; the simulated city has two years, of which the later one is the set."""
    if (folder / "data.csv").exists():
        return pd.read_csv(folder / "data.csv")
    every = pd.read_csv(folder / "data.csv.gz")
    return every if year is None else every[every["year"] == year].reset_index(drop=True)


def row_measures(reference: Path, found: ReferenceSet) -> dict[str, Any]:
    """R's measures of every row, column by column; those of the large set lie in a file of their own."""
    block = found.results["careless"]
    if "rows" not in block:
        return block
    return block | {
        name: list(column) for name, column in pd.read_csv(reference / found.name / block["rows"]).items()
    }


def number(value: Any) -> float:
    """A number as R wrote it ("NA" and "NaN" are text there)."""
    return float("nan") if value in ("NA", "NaN") else float(value)


def numbers(values: Any) -> np.ndarray:
    return np.array([number(v) for v in (values if isinstance(values, list) else [values])])


def names(values: Any) -> list[str]:
    return [str(v) for v in (values if isinstance(values, list) else [values])]


def scores_as_in_r(ref: ReferenceSet) -> Scores:
    """Scores with the units in R's order, which sorts names another way."""
    here = ref.by.notna()
    found = scores(group(ref.answers[here], ref.by[here]))
    order = [found.units.index(name) for name in names(ref.results["units"]["groups"])]
    return found.select(np.array(order))
