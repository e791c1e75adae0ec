"""Read one reference set: the answers, the group of each row, and what R found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDERS = (
    "01_bfi_9items",
    "05_zero_variance_item",
    "06_missing5pct",
    "07_n12",
    "08_n_less_than_k",
    "11_negative_item",
    "12_constant_unit",
    "13_skm_sim48",
    "18_real_skck_gianyar",
    "20_real_servqual_rs",
)


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
    data = pd.read_csv(reference / folder / "data.csv")
    name = found["meta"].get("group")
    by = data[name] if name else pd.Series([""] * len(data))
    if pd.api.types.is_numeric_dtype(by):
        by = by.astype("Int64").astype("string")
    items = found["meta"]["items"]
    return ReferenceSet(folder, items, data[items].astype("Int64"), by, found)


def number(value: Any) -> float:
    """A number as R wrote it ("NA" and "NaN" are text there)."""
    return float("nan") if value in ("NA", "NaN") else float(value)


def numbers(values: Any) -> np.ndarray:
    return np.array([number(v) for v in (values if isinstance(values, list) else [values])])


def names(values: Any) -> list[str]:
    return [str(v) for v in (values if isinstance(values, list) else [values])]
