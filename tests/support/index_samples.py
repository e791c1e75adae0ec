"""Answers made for the index tests, and how to read one row and its exact fraction."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline import results

ITEMS = [f"U{i}" for i in range(1, 10)]


def one(table: pd.DataFrame, **where: object) -> pd.Series:
    rows = results.pick(table, **{"item": "", **where})
    assert len(rows) == 1, rows
    return rows.iloc[0]


def exact(row: pd.Series) -> Fraction:
    return Fraction(int(row.numerator), int(row.denominator))


def with_total(total: int, n: int = 5000, items: int = 9) -> pd.DataFrame:
    """Row-level answers whose scores add up to ``total``."""
    low, rest = divmod(total, n * items)
    cells = np.full(n * items, low)
    cells[:rest] += 1
    return pd.DataFrame(cells.reshape(n, items), columns=ITEMS)


def made_up(n: int = 60, seed: int = 1, gaps: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.choice([1, 2, 3, 4], p=[0.02, 0.08, 0.5, 0.4], size=(n, 9)), columns=ITEMS).astype(
        "Int8"
    )
    return x.mask(rng.random((n, 9)) < gaps) if gaps else x
