"""The ledger: one row for everything that was changed, set aside or doubted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.coded import Coded, compact, constant, stack
from pipeline.intake.identity import mask
from pipeline.intake.reasons import REASONS

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source_file", "source_row", "role", "column", "value", "action", "reason", "message", "cells",
)  # fmt: skip

#: Longer values are cut in the ledger; the raw file has the rest.
MAX_VALUE = 120


def shorten(text: str) -> str:
    """Return a value as the ledger shows it: masked, on one line, not too long."""
    text = " ".join(mask(text).split())
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "\u2026"


class Ledger:
    """Collects entries column by column; repeated text is stored once."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Coded]] = {
            name: [] for name in COLUMNS if name not in ("source_row", "cells")
        }
        self._rows: list[np.ndarray] = []
        self._cells: list[np.ndarray] = []

    def add(
        self,
        reason: str,
        files: Coded,
        rows: np.ndarray,
        *,
        role: str,
        column: str | Coded = "",
        value: str | Coded = "",
        note: str | Coded = "",
        cells: int | np.ndarray = 0,
    ) -> None:
        """Add one entry per row.

        Parameters
        ----------
        reason : str
            A code of `REASONS`; it decides the action and the sentence.
        files, rows : Coded, array
            Source of each entry.
        role : str
            wide, respondents, answers or suggestions.
        column : str or Coded
            Header of the cell; empty when the whole row is meant.
        value : str or Coded
            The raw text; it is masked here, so callers need not.
        note : str or Coded
            Appended to the sentence.
        cells : int or array
            How many answers the entry accounts for (conservation of cells).
        """
        length = len(rows)
        if not length:
            return
        known = REASONS[reason]
        sentence = known.sentence
        self._rows.append(np.asarray(rows, dtype=np.int64))
        self._cells.append(np.broadcast_to(np.asarray(cells, dtype=np.int64), (length,)).copy())
        parts = self._parts
        parts["source_file"].append(files)
        parts["role"].append(constant(role, length))
        parts["column"].append(column if isinstance(column, Coded) else constant(column, length))
        parts["value"].append(
            _trim(value).remap(shorten) if isinstance(value, Coded) else constant(shorten(value), length)
        )
        parts["action"].append(constant(known.action, length))
        parts["reason"].append(constant(reason, length))
        parts["message"].append(
            note.remap(lambda text: f"{sentence}: {text}" if text else sentence)
            if isinstance(note, Coded)
            else constant(f"{sentence}: {note}" if note else sentence, length)
        )

    def frame(self) -> pd.DataFrame:
        """Return the ledger, in the order of the files and their rows."""
        import pandas as pd

        data: dict[str, object] = {}
        rows = np.concatenate(self._rows) if self._rows else np.zeros(0, np.int64)
        for name in COLUMNS:
            if name == "source_row":
                data[name] = rows
            elif name == "cells":
                data[name] = np.concatenate(self._cells) if self._cells else np.zeros(0, np.int64)
            else:
                parts = self._parts[name]
                data[name] = category(stack(parts)) if parts else pd.Categorical([], categories=[])
        frame = pd.DataFrame(data)
        order = np.lexsort((rows, frame["source_file"].cat.codes.to_numpy()))
        return frame.iloc[order].reset_index(drop=True)


def _trim(column: Coded) -> Coded:
    """Drop values that no row uses: masking reads every value."""
    used, codes = np.unique(column.codes, return_inverse=True)
    return Coded(codes.astype(np.int32), column.values[used])


def category(column: Coded) -> pd.Categorical:
    """Return a categorical whose categories are sorted and used; empty text is a category."""
    import pandas as pd

    column = _trim(column)
    column = compact(column.codes, list(column.values))
    order = np.argsort(column.values.astype(str), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    codes = rank[column.codes] if len(order) else column.codes
    return pd.Categorical.from_codes(codes, categories=[str(v) for v in column.values[order]])
