"""What a row of numbers can be of the rows above it: their sum, their mean, a multiple of both, ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.intake.ground import vectorised_text
from pipeline.survey.text import fold

_NUMBER = re.compile(r"^-?\d{1,15}(?:[.,]\d{1,25})?\s*%?$")
_TOO_LONG = re.compile(r"^-?\d{16,}(?:[.,]\d*)?$")
_FORMULA = re.compile(r"^=\s*[-+(]*[A-Za-z.]{2,20}\s*\(|^=\s*[A-Z]{1,3}\$?\d")
#: Words that name a row of sums, anywhere in its label; they prove nothing by themselves.
_LABEL = re.compile(
    r"\b(?:jumlah|jml|jlh|total|sub ?total|nilai|rata|rata2|rerata|mean|means|average|avg|sum|nrr|ikm|skm|indeks|index"
    r"|skor|score|bobot|tertimbang|weighted|persen|persentase|prosentase|percent|percentage|min|max|minimum|maksimum"
    r"|maximum|terendah|tertinggi|median|modus|std|stdev|simpangan|count|cacah|banyaknya|frekuensi|rekap\w*|hasil"
    r"|unsur|kinerja|mutu|konversi|n)\b"
)
_SIGMA = re.compile("[\u03a3\u2211\u01a9\u00d8\u2300\u0078\u0304]\\s|[\u03a3\u2211\u01a9]|x\u0304")
#: Cells that only fill a place.
_FILLERS = {"-", "--", "\u2013", "\u2014", "."}
#: Means are printed times these, in percent, in index points, in shares of the scale.
_FACTORS = (25.0, 100.0, 10.0, 0.11, 0.111, 0.1111, 0.071, 0.0714)


def number(text: str) -> float | None:
    """Return the number a cell holds, a percentage as it is printed.

    Examples
    --------
    >>> number("3,25"), number("81.5 %"), number("Baik")
    (3.25, 81.5, None)
    """
    if not text or not _NUMBER.match(text):
        return None
    return float(text.rstrip("% ").replace(",", "."))


def digits(text: str) -> bool:
    """Whether a text holds a digit."""
    return any(c.isdigit() for c in text)


def no_digit_first(values: np.ndarray) -> np.ndarray:
    """Return which texts begin with anything but a digit: the others are no label."""
    starts, data = vectorised_text.content(vectorised_text.arrow(values))
    out = np.zeros(len(values), dtype=bool)
    at = np.flatnonzero(starts[1:] > starts[:-1])
    first = data[starts[at]]
    out[at] = (first < ord("0")) | (first > ord("9"))
    return out


def says(text: str) -> bool:
    """Whether a cell says anything at all."""
    return bool(text) and text not in _FILLERS


def label(text: str) -> bool:
    """Whether a text is what rows of sums are called.

    Examples
    --------
    >>> label("\\u03a3 Nilai / Unsur"), label("NRR Tertimbang"), label("Dinas Apel"), label("12")
    (True, True, False, False)
    """
    if not text or len(text) > 80 or not (text[0].isalpha() or ord(text[0]) > 127 or text[0] in "( "):
        return False
    return bool(_SIGMA.search(text) or _LABEL.search(fold(text)))


def beyond(text: str, high: int) -> bool:
    """Whether a cell cannot be an answer although it is a number (or a formula that gives one).

    Examples
    --------
    >>> beyond("3.25", 4), beyond("18", 4), beyond("3.0", 4), beyond("=SUM(C2:C9)", 4), beyond("Sesuai", 4)
    (True, True, False, True, False)
    """
    if text[:1] == "=":
        return bool(_FORMULA.match(text))
    value = number(text)
    if value is None:
        return bool(_TOO_LONG.match(text))
    return not value.is_integer() or value > high or text.endswith("%")


def all_beyond(cells: Sequence[str], high: int) -> bool:
    """Whether no cell of a row is an answer."""
    return all(beyond(cell, high) for cell in cells if says(cell))


def formulas(cells: Sequence[str]) -> int:
    """Return how many cells are formulas as text."""
    return sum(cell[:1] == "=" and bool(_FORMULA.match(cell)) for cell in cells)


def only_numbers(cells: Sequence[str]) -> bool:
    """Whether every cell that says something is a number."""
    return all(number(cell) is not None for cell in cells if says(cell))


@dataclass
class Histogram:
    """How often each distinct value stands in some rows, per column; ``values`` are their numbers."""

    values: list[np.ndarray]
    counts: list[np.ndarray]

    def __add__(self, other: Histogram) -> Histogram:
        return Histogram(self.values, [a + b for a, b in zip(self.counts, other.counts)])

    @cached_property
    def n(self) -> int:
        """The number of rows that answer the most answered column."""
        return max((int(c[~np.isnan(v)].sum()) for v, c in zip(self.values, self.counts)), default=0)

    @cached_property
    def answered(self) -> np.ndarray:
        """How many numbers each column has."""
        return np.array([c[~np.isnan(v)].sum() for v, c in zip(self.values, self.counts)], dtype=float)

    @cached_property
    def sums(self) -> np.ndarray:
        """The sum of each column."""
        return np.array([np.nansum(np.where(c > 0, v, 0.0) * c) for v, c in zip(self.values, self.counts)])

    @cached_property
    def means(self) -> np.ndarray:
        """The mean of each column; NaN where nothing is answered."""
        return np.divide(
            self.sums, self.answered, out=np.full(len(self.sums), np.nan), where=self.answered > 0
        )

    @cached_property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The lowest and the highest number of each column."""
        there = [v[(c > 0) & ~np.isnan(v)] for v, c in zip(self.values, self.counts)]
        low, high = ([f(v) if len(v) else np.nan for v in there] for f in (np.min, np.max))
        return np.array(low), np.array(high)

    def times(self, score: int) -> np.ndarray:
        """How often a score was given in each column."""
        return np.array([c[v == score].sum() for v, c in zip(self.values, self.counts)], dtype=float)


def _half(text: str) -> float:
    """Return how far a printed number may be from the exact one.

    Half a unit of the last decimal; a whole one where two and more are printed, since many cut off.
    """
    decimals = len(re.split(r"[.,]", text.rstrip("% "))[1]) if re.search(r"[.,]", text) else 0
    return (0.5 if decimals < 2 else 1.0) * 10.0 ** -min(decimals, 9) + 1e-9


def _equal(cells: Sequence[str], exact: np.ndarray) -> int:
    """Return in how many columns a row is a statistic of them; -1 as soon as ``exact`` has no number."""
    return sum(
        value is not None and not np.isnan(wanted) and abs(value - wanted) <= _half(cell)
        for cell, wanted in zip(cells, exact)
        for value in [number(cell)]
    )


def kind(cells: Sequence[str], above: Histogram, high: int, free: bool = False) -> str:
    """Return what a row is of the rows above: sum, mean, weighted, min, max, count; empty for nothing.

    With ``free`` any multiple of the means will do, if the columns differ: weights are printed in many ways.

    Examples
    --------
    >>> rows = Histogram([np.array([2.0, 3.0])] * 3, [np.array([1, 2]), np.array([2, 1]), np.array([0, 3])])
    >>> kind(["8", "7", "9"], rows, 4), kind(["2,7", "2,3", "3,0"], rows, 4), kind(["0.296", "0.259", "0.333"], rows, 4)
    ('sum', 'mean', 'weighted')
    """
    used = sum(number(cell) is not None for cell in cells)
    if not used:
        return ""
    if _equal(cells, above.sums) == used:
        return "sum"
    if _equal(cells, above.means) == used:
        return "mean"
    columns = len(cells)
    for factor in (*_FACTORS, 1 / columns, 25 / columns, 100 / high, 1 / high, 1 / 9, 1 / 14, 25 / 9):
        if _equal(cells, above.means * factor) == used:
            return "weighted"
    low, top = above.ends
    for name, exact in (
        ("max", top),
        ("min", low),
        ("count", above.answered),
        ("count", np.full(columns, float(above.n))),
    ):
        if _equal(cells, exact) == used:
            return name
    for score in range(1, min(high, 10) + 1):
        counts = above.times(score)
        if counts.any() and (
            _equal(cells, counts) == used or _equal(cells, counts * 100 / max(above.n, 1)) == used
        ):
            return "count"
    return "weighted" if free and _multiple(cells, above) else ""


def agreeing(cells: Sequence[str], above: Histogram) -> int:
    """Return in how many columns a row is the sum, or the mean to some decimal, of the rows above."""
    if not above.n:
        return 0
    exact = [mean if re.search(r"[.,]", cell) else np.nan for cell, mean in zip(cells, above.means)]
    return max(_equal(cells, above.sums), _equal(cells, np.array(exact)))


def varied(cells: Sequence[str], above: Histogram) -> bool:
    """Whether a row of means is one of answers that differ, in columns enough to prove it."""
    low, high = above.ends
    pairs = [(number(cell), mean) for cell, mean in zip(cells, above.means)]
    differ = [
        value is not None and (abs(value - mean) > 1e-9 or least < most)
        for (value, mean), least, most in zip(pairs, low, high)
    ]
    return sum(differ) >= 3


def _multiple(cells: Sequence[str], above: Histogram) -> bool:
    """Whether a row is the same multiple of every column's sum, or of every column's mean."""
    if len({round(mean, 6) for mean in above.means if not np.isnan(mean)}) < 3:
        return False
    for bases in (above.sums, above.means):
        low, high, used = 0.0, float("inf"), 0
        for text, base in zip(cells, bases):
            value = number(text)
            if value is None or not base or np.isnan(base):
                if says(text):
                    break
                continue
            used += 1
            low = max(low, (value - _half(text)) / base)
            high = min(high, (value + _half(text)) / base)
        else:
            # The interval of factors that every column allows must not be empty, nor hold zero.
            if used >= 3 and low <= high and low > 0:
                return True
    return False
