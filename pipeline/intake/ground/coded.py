"""A column of text as codes into its distinct values.

Survey columns repeat a handful of texts millions of times. Every question about a text
("which score?", "a phone number?") is asked once per distinct value and taken by code, so
that the cost does not grow with the number of respondents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.intake.ground import vectorised_text


@dataclass(frozen=True)
class Coded:
    """``values[codes[i]]`` is the text of row i; the empty text means an empty cell."""

    codes: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: np.ndarray | slice) -> Coded:
        """Return the column for some rows (positions, a mask, or a slice, which copies nothing)."""
        return Coded(self.codes[rows], self.values)

    def texts(self) -> np.ndarray:
        """Return the text of every row."""
        return self.values[self.codes]

    def map(
        self,
        function: Callable[[str], Any],
        dtype: Any = object,
        among: str | Callable[[np.ndarray], np.ndarray] = "",
    ) -> np.ndarray:
        """Return ``function`` of every row, called once per distinct value.

        ``among`` says where ``function`` can be other than False (see `quick.ask`): where nearly
        every value is distinct, only those are asked.
        """
        if among and len(self.values):
            return vectorised_text.ask(self.values, function, among)[self.codes]
        if dtype is object:
            table = np.empty(len(self.values), dtype=object)
            table[:] = [function(value) for value in self.values]
        else:
            table = np.array([function(value) for value in self.values], dtype=dtype)
        return table[self.codes] if len(table) else np.zeros(len(self.codes), dtype=dtype)

    def remap(self, function: Callable[[str], str]) -> Coded:
        """Return the column with every distinct value replaced; equal results share a code."""
        return compact(self.codes, [function(value) for value in self.values])

    def refolded(self) -> Coded:
        """Return the column with every text folded: for ids, which are nearly all different."""
        if len(self.values) < vectorised_text.MANY:
            return compact(self.codes, vectorised_text.folded(self.values))
        found = vectorised_text.arrow(vectorised_text.folded(self.values)).dictionary_encode()
        lookup = np.asarray(found.indices, dtype=np.int32)
        return Coded(lookup[self.codes], found.dictionary.to_numpy(zero_copy_only=False))

    def filled(self) -> np.ndarray:
        """Return which rows are not empty."""
        return self.values.astype(bool)[self.codes] if len(self.values) else np.zeros(len(self), bool)

    def used(self) -> dict[str, int]:
        """Return the texts that occur, and how often; the empty text is left out."""
        return {str(v): int(n) for v, n in zip(self.values, self.present()) if n and v}

    def sample(self, rows: int = 400) -> list[str]:
        """Return the texts of the first rows, each once, empty ones left out."""
        return [str(v) for v in dict.fromkeys(self.values[self.codes[:rows]]) if v]

    def present(self) -> np.ndarray:
        """Return how often each distinct value occurs."""
        return np.bincount(self.codes, minlength=len(self.values))


def compact(codes: np.ndarray, texts: Sequence[str]) -> Coded:
    """Recode so that equal texts share one code.

    Examples
    --------
    >>> compact(np.array([0, 1, 2]), ["a", "b", "a"]).codes.tolist()
    [0, 1, 0]
    """
    seen: dict[str, int] = {}
    lookup = np.fromiter((seen.setdefault(t, len(seen)) for t in texts), np.int32, len(texts))
    values = np.empty(len(seen), dtype=object)
    values[:] = list(seen)
    return Coded(lookup[codes] if len(texts) else np.zeros(len(codes), np.int32), values)


def encode(cells: Sequence[str]) -> Coded:
    """Encode texts in order of first appearance, blanks around them removed."""
    seen: dict[str, int] = {}
    codes = np.array([seen.setdefault(cell, len(seen)) for cell in cells], dtype=np.int32)
    if any(text != text.strip() for text in seen):
        return compact(codes, [text.strip() for text in seen])
    values = np.empty(len(seen), dtype=object)
    values[:] = list(seen)
    return Coded(codes, values)


def constant(value: str, length: int) -> Coded:
    """Return a column with one text in every row."""
    values = np.empty(1, dtype=object)
    values[0] = value
    return Coded(np.zeros(length, dtype=np.int32), values)


def narrow(column: Coded) -> Coded:
    """Return the column with codes as small as its number of values allows, to be kept.

    Only for columns that are taken from and stacked: arithmetic on small codes could overflow.
    """
    size = len(column.values)
    kind = np.uint8 if size <= 256 else np.uint16 if size <= 65_536 else np.int32
    return Coded(column.codes.astype(kind, copy=False), column.values)


def choose(where: np.ndarray, yes: Coded, no: Coded) -> Coded:
    """Return ``yes`` where the mask holds, else ``no``."""
    codes = np.where(where, yes.codes, no.codes.astype(np.int32) + len(yes.values))
    return compact(codes.astype(np.int32), [*yes.values, *no.values])


def stack(columns: Sequence[Coded]) -> Coded:
    """Put columns below one another."""
    if len(columns) == 1:
        return columns[0]
    seen: dict[str, int] = {}
    parts = []
    for column in columns:
        lookup = np.fromiter(
            (seen.setdefault(v, len(seen)) for v in column.values), np.int32, len(column.values)
        )
        parts.append(lookup[column.codes] if len(lookup) else column.codes)
    values = np.empty(len(seen), dtype=object)
    values[:] = list(seen)
    return Coded(np.concatenate(parts) if parts else np.zeros(0, np.int32), values)


def trim(column: Coded) -> Coded:
    """Drop values that no row uses.

    Examples
    --------
    >>> trim(Coded(np.array([2, 2]), np.array(["a", "b", "c"], dtype=object))).values.tolist()
    ['c']
    """
    used = column.present() > 0
    if used.all():
        return column
    place = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return Coded(place[column.codes], column.values[used])
