"""Build a tidy result table from arrays, one block a statistic, sorted by scope and group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import results

if TYPE_CHECKING:
    import pandas as pd


class Blocks:
    """Collects blocks of rows (arrays or scalars a column) and joins them once.

    Rows of mappings would be a Python loop over millions of numbers; a block holds one statistic
    of all groups.
    """

    def __init__(self, survey: str = "", confidence: float = float("nan")) -> None:
        self.survey = survey
        self.confidence = confidence
        self._blocks: list[tuple[int, dict[str, Any]]] = []
        self._keys: list[tuple[np.ndarray, int]] = []

    def add(self, scope: str, statistic: str, order: np.ndarray, **columns: Any) -> None:
        """Add a block.

        Parameters
        ----------
        scope, statistic : str
            Same for the whole block.
        order : ndarray of int
            Position of each row's group within its scope; rows of a group stand together.
        columns : array or scalar
            Any of the result columns.
        """
        size = len(order)
        if size == 0:
            return
        if ("lower" in columns or "upper" in columns) and "confidence" not in columns:
            columns["confidence"] = self.confidence
        self._blocks.append((size, {"scope": scope, "statistic": statistic, **columns}))
        self._keys.append((np.asarray(order), results.SCOPES.index(scope)))

    def frame(self) -> pd.DataFrame:
        """Join the blocks into one result table."""
        import pandas as pd

        if not self._blocks:
            return results.empty()
        order = np.concatenate([key for key, _ in self._keys])
        scope = np.concatenate([np.full(len(key), rank) for key, rank in self._keys])
        by = np.lexsort((order, scope))
        data: dict[str, Any] = {}
        for column in results.COLUMNS:
            data[column] = self._column(column)[by]
        return results.frame(pd.DataFrame(data))

    def _column(self, column: str) -> Any:
        import pandas as pd

        if column in results.TEXT_COLUMNS:
            default: Any = self.survey if column == "survey" else ""
            return _texts([(b.get(column, default), n) for n, b in self._blocks])
        if column in results.FLOAT_COLUMNS:
            return np.concatenate([_full(b.get(column, np.nan), n, float) for n, b in self._blocks])
        values, blank = [], []
        for n, block in self._blocks:
            value = block.get(column)
            if value is None:
                values.append(np.zeros(n, dtype=np.int64))
                blank.append(np.ones(n, dtype=bool))
                continue
            part = _full(value, n, None)
            missing = np.asarray(pd.isna(part))
            values.append(np.where(missing, 0, part).astype(np.int64))
            blank.append(missing)
        return pd.arrays.IntegerArray(np.concatenate(values), np.concatenate(blank))


def _texts(parts: list[tuple[Any, int]]) -> Any:
    """Join texts (one for a block, or one a row) without an object for every row."""
    import pandas as pd
    import pyarrow as pa

    chunks = []
    for value, size in parts:
        if np.ndim(value) == 0:
            chunks.append(pa.repeat(pa.scalar(str(value), pa.large_string()), size))
        else:
            chunks.append(pa.array(_full(value, size, object), pa.large_string()))
    return pd.array(pa.concat_arrays(chunks), dtype="str")


def _full(value: Any, size: int, dtype: Any) -> np.ndarray:
    if np.ndim(value) == 0:
        return np.full(size, value, dtype=dtype)
    array = np.asarray(value, dtype=dtype).ravel()
    if len(array) != size:
        raise ValueError(f"a block of {size} rows got a column of {len(array)}")
    return array


def choose(conditions: list[tuple[Any, str]], size: int) -> np.ndarray:
    """Reason of each row: the first condition that holds, else ``""``."""
    out = np.full(size, "", dtype=object)
    for mask, reason in reversed(conditions):
        out[np.broadcast_to(mask, size)] = reason
    return out
