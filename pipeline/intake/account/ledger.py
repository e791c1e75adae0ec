"""The ledger: one row for everything that was changed, set aside or doubted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.ground.coded import Coded, compact, constant, stack, trim
from pipeline.intake.ground.reasons import REASONS
from pipeline.intake.values.identity import mask_cell, mask_header

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source_file", "source_row", "role", "column", "value", "action", "reason", "message", "cells",
)  # fmt: skip

#: Longer values are cut in the ledger; the raw file has the rest.
MAX_VALUE = 120


def shorten(text: str) -> str:
    """Return a value as the ledger shows it: masked, on one line, not too long."""
    text = " ".join(mask_cell(text).split())
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "\u2026"


@dataclass(frozen=True)
class _Entries:
    """Entries of one call: numbers as arrays, everything else coded."""

    rows: np.ndarray
    cells: np.ndarray
    texts: dict[str, Coded]


class Ledger:
    """Collects entries column by column; repeated text is stored once."""

    def __init__(self) -> None:
        self._entries: list[_Entries | Ledger] = []

    def reserve(self) -> Ledger:
        """Return a ledger of its own whose entries will stand at this place of this one.

        Blocks that are made side by side, or later, then leave the same ledger as one by one.
        """
        kept = Ledger()
        self._entries.append(kept)
        return kept

    def _flat(self) -> Iterator[_Entries]:
        for entry in self._entries:
            if isinstance(entry, Ledger):
                yield from entry._flat()
            else:
                yield entry

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
            The raw text; like column and note it is masked here, so callers need not.
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
        texts = {
            "source_file": trim(files),
            "role": constant(role, length),
            "column": _said(column, length, mask_header),
            "value": _said(value, length, shorten),
            "action": constant(known.action, length),
            "reason": constant(reason, length),
            "message": _said(note, length, lambda text: f"{sentence}: {shorten(text)}" if text else sentence),
        }
        accounted = np.broadcast_to(np.asarray(cells, dtype=np.int64), (length,)).copy()
        self._entries.append(_Entries(np.asarray(rows, dtype=np.int64), accounted, texts))

    def frame(self) -> pd.DataFrame:
        """Return the ledger, in the order of the files and their rows."""
        import pandas as pd

        data: dict[str, object] = {}
        entries = list(self._flat())
        rows = np.concatenate([e.rows for e in entries] or [np.zeros(0, np.int64)])
        for name in COLUMNS:
            if name == "source_row":
                data[name] = rows
            elif name == "cells":
                data[name] = np.concatenate([e.cells for e in entries] or [np.zeros(0, np.int64)])
            else:
                parts = [e.texts[name] for e in entries]
                data[name] = category(stack(parts)) if parts else pd.Categorical([], categories=[])
        frame = pd.DataFrame(data)
        order = np.lexsort((rows, frame["source_file"].cat.codes.to_numpy()))
        return frame.iloc[order].reset_index(drop=True)


def _said(text: str | Coded, length: int, function: Callable[[str], str]) -> Coded:
    """Return a text of every entry, masked by ``function``."""
    return trim(text).remap(function) if isinstance(text, Coded) else constant(function(text), length)


def category(column: Coded) -> pd.Categorical[str]:
    """Return a categorical whose categories are sorted and used; empty text is a category."""
    import pandas as pd

    column = trim(column)
    column = compact(column.codes, list(column.values))
    order = np.argsort(column.values.astype(str), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    codes = rank[column.codes] if len(order) else column.codes
    return pd.Categorical.from_codes(codes, categories=pd.Index([str(v) for v in column.values[order]]))
