"""Answers as small integers, and rows as groups: the input side of every statistic here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: The unit of rows whose unit is blank or not listed; counted, never compared.
UNKNOWN = "unknown"


class ScaleError(ValueError):
    """Answers that are not on the declared scale (R11)."""


@dataclass(frozen=True)
class Levels:
    """Answers as levels: 0 is no answer, 1 the lowest value of the scale, 2 the next, ...

    Small integers keep 12 million respondents in some hundred megabytes, and every item
    statistic follows exactly from counts of levels.
    """

    codes: np.ndarray
    items: tuple[str, ...]
    low: int
    high: int

    @property
    def count(self) -> int:
        """Number of levels, with the one for no answer."""
        return self.high - self.low + 2

    @property
    def values(self) -> np.ndarray:
        """Value of each level; the one for no answer is 0 and must be masked by its count."""
        return np.concatenate([[0], np.arange(self.low, self.high + 1)]).astype(float)

    def without(self, units: Groups, hidden: np.ndarray) -> Levels:
        """Without the answers to some items in some units (``hidden``: units x items)."""
        codes = self.codes.copy(order="F")
        rows = np.vstack([hidden, np.zeros(hidden.shape[1], dtype=bool)])
        for j in np.flatnonzero(hidden.any(0)):
            codes[rows[units.codes, j], j] = 0
        return replace(self, codes=codes)

    def take(self, rows: np.ndarray) -> Levels:
        """Some of the rows."""
        # Items stay contiguous: every pass over rows reads one item after the other.
        codes = np.empty((len(rows), len(self.items)), dtype=self.codes.dtype, order="F")
        for j in range(len(self.items)):
            codes[:, j] = self.codes[rows, j]
        return Levels(codes, self.items, self.low, self.high)


def _check_scale(scale: Sequence[int]) -> tuple[int, int]:
    low, high = int(scale[0]), int(scale[1])
    if not low < high or high - low > 200:
        raise ScaleError(f"a scale runs from a lower to a higher value, not from {low} to {high}")
    return low, high


def levels(answers: pd.DataFrame, scale: Sequence[int] = (1, 4)) -> Levels:
    """Turn item columns into levels, refusing what is not on the scale.

    Parameters
    ----------
    answers : DataFrame
        One column an item; integers (nullable or not), missing = no answer.
    scale : (int, int)
        Lowest and highest possible answer.

    Raises
    ------
    ScaleError
        If an answer is no whole number of the scale. The sentence names the column, the value
        and how many there are.

    Examples
    --------
    >>> import pandas as pd
    >>> levels(pd.DataFrame({"U1": [1, 4, None]})).codes[:, 0].tolist()
    [1, 4, 0]
    """
    import pandas as pd

    low, high = _check_scale(scale)
    codes = np.zeros((len(answers), answers.shape[1]), dtype=np.uint8, order="F")
    for j, item in enumerate(answers.columns):
        column = answers.iloc[:, j]
        blank = column.isna().to_numpy()
        if not pd.api.types.is_numeric_dtype(column.dtype):
            numbers = pd.to_numeric(column, errors="coerce")
            unread = column[numbers.isna().to_numpy() & ~blank]
            if len(unread):
                raise ScaleError(f"{item} holds {str(unread.iloc[0])!r}, which is no number")
            column = numbers
        if pd.api.types.is_integer_dtype(column.dtype):
            # Narrow numbers stay narrow: millions of rows are read once for every table.
            narrow = np.int16 if getattr(column.dtype, "itemsize", 8) == 1 else np.int64
            filled = column if not blank.any() else column.fillna(0)
            values = filled.to_numpy(dtype=narrow)
            wrong = ((values < low) | (values > high)) & ~blank
        else:
            values = column.to_numpy(dtype=float, na_value=np.nan)
            wrong = ((values < low) | (values > high) | (values != np.floor(values))) & ~blank
        if wrong.any():
            raise ScaleError(_sentence(str(item), values[wrong], low, high))
        level = np.where(blank, low, values) if values.dtype.kind == "f" else values
        codes[:, j] = level - low + 1 if low != 1 else level
        codes[blank, j] = 0
    return Levels(codes, tuple(str(c) for c in answers.columns), low, high)


def with_items(answers: pd.DataFrame, items: Mapping[str, Mapping[str, Any]] | None) -> pd.DataFrame:
    """Add an empty column for every weighed item that nobody was asked yet.

    A unit's own indicator has no column until its first respondent; the unit then has no index,
    and the others must not fail for it.
    """
    import pandas as pd

    wanted = {name: None for own in (items or {}).values() for name in own if name not in answers.columns}
    if not wanted:
        return answers
    blank = pd.DataFrame({name: pd.array([pd.NA] * len(answers), dtype="Int8") for name in wanted})
    return pd.concat([answers, blank.set_axis(answers.index)], axis=1)


def _sentence(item: str, wrong: np.ndarray, low: int, high: int) -> str:
    shown = ", ".join(f"{value:g}" for value in np.unique(wrong)[:5])
    times = "once" if len(wrong) == 1 else f"{len(wrong)} times"
    advice = (
        "the index multiplies by 25, which is right for answers 1-4 only; declare the real scale "
        "(then the conversion is 100/max, without a letter), or set these answers to missing"
        if (low, high) == (1, 4)
        else "declare the real scale, or set these answers to missing"
    )
    return f"{item} holds {shown} ({times}), outside the scale {low}-{high}: {advice}"


@dataclass(frozen=True)
class Groups:
    """Group of each row: ``codes`` index ``ids``; a code of ``len(ids)`` means left out."""

    codes: np.ndarray
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def regroup(self, of_group: np.ndarray, ids: Sequence[str]) -> Groups:
        """Group the groups: ``of_group[g]`` is the new code of group g (or ``len(ids)``)."""
        lookup = np.append(of_group, len(ids)).astype(np.int32)
        return Groups(lookup[self.codes], tuple(ids))


def groups(by: Any, n: int, listed: Collection[str] | None = None) -> Groups:
    """Group rows by a label; blank and missing labels become one group, ``unknown``.

    Parameters
    ----------
    by : array-like of length n, or None
        None puts every row into one group called ``""``.
    n : int
        Number of rows.
    listed : collection of str, optional
        Groups that must exist even without a row.

    Raises
    ------
    ValueError
        If there is not one label a row.
    """
    import pandas as pd

    if by is None:
        return Groups(np.zeros(n, dtype=np.int32), ("",))
    if len(by) != n:
        raise ValueError(f"{len(by)} labels for {n} rows of answers")
    codes, found = pd.factorize(pd.Series(by).reset_index(drop=True), use_na_sentinel=True)
    names = [str(name).strip() or UNKNOWN for name in found]
    ids = sorted({*names, *(str(u) for u in listed or ()), *([UNKNOWN] if (codes < 0).any() else [])})
    position = {name: i for i, name in enumerate(ids)}
    lookup = np.array([position[name] for name in names] + [position.get(UNKNOWN, 0)], dtype=np.int32)
    return Groups(lookup[codes], tuple(ids))


def aligned(answers: pd.DataFrame | pd.Series, by: Any) -> Any:
    """Bring labels into the row order of the answers when both carry the same unique index."""
    import pandas as pd

    if (
        isinstance(by, pd.Series)
        and len(by) == len(answers)
        and not by.index.equals(answers.index)
        and by.index.is_unique
        and answers.index.is_unique
        and by.index.isin(answers.index).all()
    ):
        return by.reindex(answers.index)
    return by
