"""Build a tidy result table from arrays, one block a statistic, sorted by scope and group.

`Blocks` takes rows as they are; `Sheet` lays out a number, or several, of every unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results

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


class Sheet:
    """Rows of one survey and scope, collected statistic by statistic: a number per unit, or m of them per unit.

    Items or pairs of a unit need no loop over units, and no estimate is NaN without a reason.

    Examples
    --------
    >>> sheet = Sheet("2024", "unit", ["a", "b"])
    >>> sheet.add("alpha", np.array([0.8, np.nan]), n=np.array([40, 1]), reason="too-few")
    >>> sheet.frame()[["unit", "estimate", "n", "reason"]].values.tolist()
    [['a', 0.8, 40, ''], ['b', nan, 1, 'too-few']]
    """

    def __init__(self, survey: str, scope: str, units: Sequence[str] | np.ndarray) -> None:
        self.survey, self.scope = survey, scope
        self.units = np.asarray(list(units), dtype=object)
        self._blocks = Blocks(survey)

    def add(
        self,
        statistic: str,
        estimate: np.ndarray,
        *,
        item: Sequence[str] | str = "",
        other: Sequence[str] | str = "",
        where: Any = None,
        reason: np.ndarray | str = "",
        caution: np.ndarray | str = "",
        **columns: Any,
    ) -> None:
        """Add one statistic of every unit.

        Parameters
        ----------
        statistic : str
            Its name.
        estimate : ndarray (U,) or (U, m)
            One number per unit, or m of them named by `item` and `other`.
        item, other : str or sequence of m (or, for one number per unit, U) str
            Labels.
        where : ndarray of bool, optional
            Rows to write, in the shape of `estimate`; by default all.
        reason : str or ndarray
            Why the estimate is NaN; ignored where it is a number. Where no reason is known,
            "not-estimable".
        caution : str or ndarray
            The reason that stands beside a number: why it has no interval.
        **columns
            Further columns of the result table, each broadcast to the shape of `estimate`; an array
            of shape (U,) goes with every one of the m columns.
        """
        estimate = np.asarray(estimate, dtype=float)
        shape = estimate.shape
        if estimate.size == 0:
            return
        keep: Any = slice(None) if where is None else np.broadcast_to(_wide(where, shape), shape).ravel()
        missing = ~np.isfinite(estimate)
        why = np.broadcast_to(_wide(np.asarray(reason, dtype=object), shape), shape)
        beside = np.broadcast_to(_wide(np.asarray(caution, dtype=object), shape), shape)
        why = np.where(missing, np.where(why == "", "not-estimable", why), beside)
        columns |= {"reason": why, "unit": self.units}
        rows: dict[str, Any] = {"estimate": np.where(missing, np.nan, estimate).ravel()[keep]}
        for name, value in columns.items():
            value = np.asarray(value, dtype=object if name in results.TEXT_COLUMNS else float)
            rows[name] = np.broadcast_to(_wide(value, shape), shape).ravel()[keep]
            if name in results.INTEGER_COLUMNS:
                rows[name] = np.rint(np.where(np.isfinite(rows[name]), rows[name], np.nan))
        for name, labels in (("item", item), ("other", other)):
            column = np.asarray(labels if isinstance(labels, str) else list(labels), dtype=object)
            rows[name] = np.broadcast_to(column, shape).ravel()[keep]
        place = np.broadcast_to(_wide(np.arange(len(self.units)), shape), shape).ravel()[keep]
        self._blocks.add(self.scope, statistic, place, **rows)

    def frame(self) -> pd.DataFrame:
        """Return everything collected, in the tidy shape, the rows of a unit together."""
        return self._blocks.frame()


def choose(conditions: list[tuple[Any, str]], size: int) -> np.ndarray:
    """Reason of each row: the first condition that holds, else ``""``.

    Examples
    --------
    >>> n = np.array([0, 1, 9])
    >>> choose([(n == 0, "no-data"), (n < 2, "too-few")], 3).tolist()
    ['no-data', 'too-few', '']
    """
    out = np.full(size, "", dtype=object)
    for mask, reason in reversed(conditions):
        out[np.broadcast_to(mask, size)] = reason
    return out


def names_where(flags: np.ndarray, items: Sequence[str]) -> np.ndarray:
    """Comma-joined item names where flagged, by unit.

    Examples
    --------
    >>> names_where(np.array([[True, False, True], [False] * 3]), ["U1", "U2", "U3"]).tolist()
    ['U1,U3', '']
    """
    out = np.full(len(flags), "", dtype=object)
    for u in np.flatnonzero(flags.any(axis=1)):
        out[u] = ",".join(name for name, flag in zip(items, flags[u]) if flag)
    return out


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


def _wide(value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Let a value per unit stand beside every column."""
    value = np.asarray(value)
    return value[:, None] if value.ndim == 1 and len(shape) == 2 else value
