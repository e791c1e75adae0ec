"""How many people and units a city has, and which of them its index leaves out (R5, R6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.rows import Blocks
from pipeline.statistics.data.small_cells import N_MIN
from pipeline.statistics.data.summary import Summary

Array = np.ndarray


def left_out(blocks: Blocks, s: Summary, ids: Sequence[str], listed: Array, eligible: Array) -> None:
    """Add the city's counts of people, and of the units without an index of their own.

    Parameters
    ----------
    blocks : Blocks
        The rows to add to.
    s : Summary
        Of the units.
    ids : sequence of str
        The units.
    listed, eligible : ndarray of bool
        Units of the register; those with enough answers and an index.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.index.table import table
    >>> rows = table(pd.DataFrame({"U1": [4] * 8}), ["a"] * 6 + ["b"] * 2, listed=["a", "b", "c"])
    >>> found = rows[rows.statistic.isin(["units_without_data", "units_suppressed"])]
    >>> found[["statistic", "estimate"]].values.tolist()
    [['units_without_data', 1.0], ['units_suppressed', 1.0]]
    """
    unknown = np.array(ids, dtype=object) == UNKNOWN
    empty = listed & (s.valid == 0)
    small = listed & (s.valid > 0) & (s.valid < N_MIN)
    undefined = listed & (s.valid >= N_MIN) & ~eligible
    unlisted = ~listed & ~unknown
    zero = np.array([0])
    blocks.add("city", "n", zero, estimate=float(s.rows.sum()), n=int(s.rows.sum()))
    blocks.add("city", "n_valid", zero, estimate=float(s.valid.sum()), n=int(s.rows.sum()))
    for name, mask, reason in (
        ("units_without_data", empty, ""),
        ("units_suppressed", small, "suppressed"),
        ("units_undefined", undefined, ""),
        ("units_not_listed", unlisted, ""),
        ("rows_unknown", unknown, ""),
    ):
        count = float(s.rows[mask].sum() if name == "rows_unknown" else mask.sum())
        method = "left-out" if reason == "" else reason
        blocks.add("city", name, zero, estimate=count, n=int(s.rows[mask].sum()), method=method)
