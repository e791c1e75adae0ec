"""From arrays by unit to rows of the tidy result shape.

Statistics are computed as arrays: a number per unit, or m of them per unit (items, pairs). This
lays them out as columns without a loop over units, keeps the rows of a unit together, and holds
the rule that no estimate is NaN without a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.grouping import Array

if TYPE_CHECKING:
    import pandas as pd


class Sheet:
    """Rows of one survey and scope, collected statistic by statistic.

    Examples
    --------
    >>> sheet = Sheet("2024", "unit", ["a", "b"])
    >>> sheet.add("alpha", np.array([0.8, np.nan]), n=np.array([40, 1]), reason="too-few")
    >>> sheet.frame()[["unit", "estimate", "n", "reason"]].values.tolist()
    [['a', 0.8, 40, ''], ['b', nan, 1, 'too-few']]
    """

    def __init__(self, survey: str, scope: str, units: Sequence[str]) -> None:
        self.survey, self.scope = survey, scope
        self.units = np.asarray(list(units), dtype=object)
        self._parts: list[dict[str, Any]] = []

    def add(
        self,
        statistic: str,
        estimate: Array,
        *,
        item: Sequence[str] | str = "",
        other: Sequence[str] | str = "",
        where: Any = None,
        reason: Array | str = "",
        caution: Array | str = "",
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
        columns |= {"reason": why, "unit": self.units, "place": np.arange(len(self.units))}
        part: dict[str, Any] = {"estimate": np.where(missing, np.nan, estimate).ravel()[keep]}
        for name, value in columns.items():
            value = np.asarray(value, dtype=object if name in results.TEXT_COLUMNS else float)
            part[name] = np.broadcast_to(_wide(value, shape), shape).ravel()[keep]
        for name, labels in (("item", item), ("other", other)):
            column = np.asarray(labels if isinstance(labels, str) else list(labels), dtype=object)
            part[name] = np.broadcast_to(column, shape).ravel()[keep]
        part["statistic"] = np.full(len(part["estimate"]), statistic, dtype=object)
        self._parts.append(part)

    def frame(self) -> pd.DataFrame:
        """Return everything collected, in the tidy shape, the rows of a unit together."""
        import pandas as pd

        parts = [part for part in self._parts if len(part["estimate"])]
        if not parts:
            return results.empty()
        order = np.argsort(np.concatenate([part["place"] for part in parts]), kind="stable")
        data: dict[str, Any] = {"survey": self.survey, "scope": self.scope}
        for name in sorted({name for part in parts for name in part} - {"place"}):
            blank: Any = "" if name in results.TEXT_COLUMNS else np.nan
            dtype = object if name in results.TEXT_COLUMNS else float
            column = np.concatenate(
                [
                    part[name] if name in part else np.full(len(part["estimate"]), blank, dtype)
                    for part in parts
                ]
            )[order]
            data[name] = _integers(column) if name in results.INTEGER_COLUMNS else column
        return results.frame(pd.DataFrame(data))


def first_reason(*checks: tuple[Any, str], size: int) -> Array:
    """Return the first reason that holds for each unit, "" where none does.

    Examples
    --------
    >>> n = np.array([0, 1, 9])
    >>> first_reason((n == 0, "no-data"), (n < 2, "too-few"), size=3).tolist()
    ['no-data', 'too-few', '']
    """
    out = np.full(size, "", dtype=object)
    for holds, reason in reversed(checks):
        out[np.broadcast_to(holds, size)] = reason
    return out


def names_where(flags: Array, items: Sequence[str]) -> Array:
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


def _integers(column: Array) -> Any:
    import pandas as pd

    blank = ~np.isfinite(column)
    return pd.arrays.IntegerArray(np.rint(np.where(blank, 0, column)).astype(np.int64), blank)


def _wide(value: Array, shape: tuple[int, ...]) -> Array:
    """Let a value per unit stand beside every column."""
    value = np.asarray(value)
    return value[:, None] if value.ndim == 1 and len(shape) == 2 else value
