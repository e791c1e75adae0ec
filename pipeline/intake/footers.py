"""Rows below a table that hold its sums or means and say nothing of it.

A row of means passes every check of range: 3.4 is refused, but 3 or 4 is an answer like any
other. Such a row is known by two things together: it says nothing about a respondent where the
rows above do, and in every column it is the same multiple of that column's sum, to the decimals
it was printed with (the sum itself, the mean, the mean times a weight, ...).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.intake.coded import Coded

#: Lines of sums, means and weighted means below a table; more than this is no footer.
MOST = 8
#: With fewer columns, or fewer rows above, agreement proves nothing.
COLUMNS, ROWS = 3, 3
_NUMBER = re.compile(r"^-?\d+(?:[.,]\d+)?$")


def unlabelled(
    items: Mapping[str, Coded], who: Sequence[Coded], rows: np.ndarray, high: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the last rows that are sums or means of the rows above, though no label says so.

    Parameters
    ----------
    items : mapping
        Columns of answers.
    who : sequence of Coded
        Columns about the respondent or the row: id, number, date, sex, unit, ...
    rows : ndarray
        Positions of the rows that are data so far, in order.
    high : int
        The highest answer of the scale.

    Returns
    -------
    tuple of ndarray
        Positions of rows that are sums or means; and of a row that might be and is kept as a
        respondent: whole numbers, each the rounded mean, that are all alike or stand in a table
        that says nothing about respondents.

    Examples
    --------
    >>> from pipeline.intake.coded import encode
    >>> columns = {c: encode(["4", "3", "2", "4", "3.25"]) for c in ("U1", "U2", "U3")}
    >>> found, doubt = unlabelled(columns, [], np.arange(5), 4)
    >>> found.tolist(), doubt.tolist()
    ([4], [])
    """
    none = np.zeros(0, dtype=np.int64)
    if len(items) < COLUMNS or len(rows) <= ROWS:
        return none, none
    texts = {code: _texts(column, rows[-MOST:]) for code, column in items.items()}
    known = [column.filled()[rows] for column in who]
    # Columns that say of nearly every row who or what it is: in a footer all of them are empty.
    telling = [there for there in known if there[:-1].mean() > 0.9]
    last = min(MOST, len(rows) - ROWS)
    suspects: list[list[str]] = []
    while len(suspects) < last:
        place = len(rows) - 1 - len(suspects)
        cells = [texts[code][place - len(rows)] for code in items]
        silent = bool(telling) and not any(there[place] for there in telling)
        if not (silent or (not telling and _no_answers(cells, high))):
            break
        suspects.insert(0, cells)
    for count in range(len(suspects), 0, -1):
        sums = [_sum(column, rows[:-count]) for column in items.values()]
        if all(
            _multiple(cells, sums)
            if _no_answers(cells, high)
            # Whole means are answers, too: the row must differ, or lack much that the others tell.
            else (len(set(cells)) > 1 or len(telling) >= 3) and _rounded_means(cells, sums)
            for cells in suspects[-count:]
        ):
            return rows[-count:], none
    cells = [texts[code][-1] for code in items]
    if (suspects or not telling) and _rounded_means(
        cells, [_sum(column, rows[:-1]) for column in items.values()]
    ):
        return none, rows[-1:]
    return none, none


def _texts(column: Coded, rows: np.ndarray) -> list[str]:
    return [str(column.values[code]) for code in column.codes[rows]]


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.match(text) else None


def _no_answers(cells: Sequence[str], high: int) -> bool:
    """Whether some cell cannot be an answer: a fraction, or more than the scale has."""
    numbers = [number for cell in cells if (number := _number(cell)) is not None]
    # A number of hundreds of digits is infinite, and infinity is no whole number.
    return any(not number.is_integer() or number > high for number in numbers)


def _sum(column: Coded, rows: np.ndarray) -> tuple[float, int]:
    """Return the sum of the numbers of some rows, and how many there are."""
    numbers = [_number(str(value)) for value in column.values]
    counts = np.bincount(column.codes[rows], minlength=len(numbers))
    pairs = [(number, int(n)) for number, n in zip(numbers, counts) if number is not None and n]
    return sum(number * n for number, n in pairs), sum(n for _, n in pairs)


def _half(text: str) -> float:
    """Return half a unit of the last decimal printed; 12 decimals and more are exact."""
    decimals = len(re.split(r"[.,]", text)[1]) if re.search(r"[.,]", text) else 0
    return 0.5 * 10.0 ** -min(decimals, 9) + 1e-9


def _multiple(cells: Sequence[str], sums: Sequence[tuple[float, int]]) -> bool:
    """Whether a row is the same multiple of every column's sum, or of every column's mean."""
    for per_mean in (False, True):
        low, high, used = 0.0, float("inf"), 0
        for text, (total, n) in zip(cells, sums):
            number = _number(text)
            base = (total / n if per_mean else total) if n else 0.0
            if number is None or not base:
                if text:
                    break
                continue
            used += 1
            low = max(low, (number - _half(text)) / base)
            high = min(high, (number + _half(text)) / base)
        else:
            # The interval of factors that every column allows must not be empty, nor hold zero.
            if used >= COLUMNS and low <= high and low > 0:
                return True
    return False


def _rounded_means(cells: Sequence[str], sums: Sequence[tuple[float, int]]) -> bool:
    """Whether a row of whole numbers is the rounded mean of columns that do vary."""
    varied = 0
    for text, (total, n) in zip(cells, sums):
        number = _number(text)
        if number is None or not n or abs(number - total / n) > 0.5:
            return False
        varied += abs(number - total / n) > 1e-9
    return varied >= COLUMNS
