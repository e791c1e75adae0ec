"""Rows of a table that hold sums or means of other rows, whatever they are called.

Such a row is no respondent, and its label is no proof either way: offices write "Nilai/Unsur",
"Σ Nilai", or nothing. Arithmetic decides. In every column of answers the row is the sum, the mean,
a weighted mean, ... of the rows above it (of all, or of those since the last such row; of the rows
below where it stands on top), to the decimals it was printed with. Only where arithmetic cannot tell,
because sums of few answers are answers again, it must also say nothing about a respondent; the label
supports, and what stays open is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.ground.coded import Coded
from pipeline.intake.sheets import sums
from pipeline.intake.sheets.sums import Histogram
from pipeline.intake.values.answers import ANSWERED, ItemReader

#: Rows at the end of a table without anything about respondents that are looked at.
MOST = 8
#: With fewer columns agreement proves nothing.
COLUMNS = 3
#: More rows than this are not looked at one by one: it is no table with a few sums in it.
ROWS = 3000
#: In a table of so few rows there may be more sums than people.
FEW = 100
#: The kinds of sums that a respondent without a name can equal by chance.
_CHANCE = ("min", "max", "count")


@dataclass
class Found:
    """What was found: positions of sums and what each is, and rows that might be such and count."""

    rows: dict[int, str] = field(default_factory=dict)
    doubts: dict[int, str] = field(default_factory=dict)
    #: Rows that a label, or nothing but numbers beyond the scale, tell: the sums do not agree.
    amiss: list[int] = field(default_factory=list)


@dataclass
class Row:
    """One row that may be sums: its cells, and what it says beside them."""

    place: int
    cells: list[str]
    silent: bool
    labelled: bool
    beyond: bool = False
    #: Whether only such rows follow: in the middle of a table whole means are somebody's answers.
    last: bool = False

    def __post_init__(self) -> None:
        """Read the numbers."""
        self.numbers = [sums.number(cell) for cell in self.cells]
        self.used = sum(number is not None for number in self.numbers)


class Table:
    """The columns of answers of a table, and what stands beside them."""

    def __init__(
        self,
        items: Mapping[str, Coded],
        who: Sequence[Coded],
        rows: np.ndarray,
        high: int,
        readers: Mapping[str, ItemReader] | None = None,
        beside: Sequence[Coded] = (),
    ) -> None:
        self.items, self.rows, self.high = list(items.values()), rows, high
        self.beside = [*who, *(column for column in beside if not any(column is w for w in who))]
        self.who = list(who)
        self.values = [
            _scores(column, readers.get(code) if readers else None) for code, column in items.items()
        ]
        self.strange = self._strange()
        self.telling = self._telling() if len(rows) else []

    def _strange(self) -> np.ndarray:
        """Which rows hold a number that is no answer."""
        strange = np.zeros(len(self.rows), dtype=bool)
        for column in self.items:
            flags = np.array([sums.beyond(str(v), self.high) for v in column.values], dtype=bool)
            if flags.any():
                strange |= flags[column.codes[self.rows]]
        return strange

    def _telling(self) -> list[Coded]:
        """Return the columns that say of nearly every row who or what it is: in a footer all of them are empty."""
        filled = [column.filled()[self.rows] for column in self.who]
        named = np.logical_or.reduce(filled) if filled else np.zeros(0, dtype=bool)
        # A table of few people may have more lines of sums than people.
        plain = ~self.strange
        if not filled or not named.any() or (2 * (named & plain).sum() < plain.sum() and len(named) > 12):
            return []
        base = named & plain if (named & plain).any() else named
        return [column for column, there in zip(self.who, filled) if there[base].mean() > 0.9]

    def histogram(self, rows: np.ndarray) -> Histogram:
        """Count the answers of some rows."""
        return Histogram(
            self.values,
            [np.bincount(c.codes[rows], minlength=len(c.values)) for c in self.items],
        )

    def row(self, place: int) -> Row:
        """Return a row as it is judged."""
        cells = [str(column.values[column.codes[place]]) for column in self.items]
        beside = [str(column.values[column.codes[place]]) for column in self.beside]
        labels = [text for text in beside if sums.label(text)]
        told = [str(column.values[column.codes[place]]) for column in self.telling]
        odd = [text for column, text in zip(self.telling, told) if text and _unlike(column, text)]
        silent = bool(told) and not any(sums.says(t) and not sums.label(t) and t not in odd for t in told)
        return Row(place, cells, silent, bool(labels or odd), self.beyond(cells))

    def beyond(self, cells: Sequence[str]) -> bool:
        """Whether some cell cannot be an answer: a fraction, or more than the scale has."""
        return any(sums.beyond(cell, self.high) for cell in cells)

    def suspects(self) -> list[int]:
        """Return the positions of rows that may be sums, in order."""
        rows = self.rows
        # So many strange rows are another scale, if it is no table of a few people.
        other = 2 * self.strange.sum() > len(rows) > FEW
        strange = np.zeros(len(rows), dtype=bool) if other else self.strange
        quiet = self._quiet()
        ends = np.zeros(len(rows), dtype=bool)
        ends[-MOST if not self.telling else -1 :] = True
        places = rows[strange | quiet | ends]
        return [*places[: ROWS // 2], *places[ROWS // 2 :][-ROWS // 2 :]]

    def _quiet(self) -> np.ndarray:
        """Rows with at most a label where others say who answered."""
        rows = self.rows
        if not self.telling:
            return np.zeros(len(rows), dtype=bool)
        told = np.zeros(len(rows), dtype=np.int16)
        for column in self.telling:
            told += column.filled()[rows]
        if len(self.telling) > 1:
            return told <= 1
        column = self.telling[0]
        digits = _mostly_digits(column)
        odd = column.map(
            lambda t: sums.label(t) or (digits and not sums.digits(t)), bool, sums.no_digit_first
        )
        return (told == 0) | odd[rows]


def _scores(column: Coded, reader: ItemReader | None) -> np.ndarray:
    """Return the number of every distinct value of a column; NaN where it is none."""
    made = np.full(len(column.values), np.nan)
    for place, text in enumerate(column.values):
        number = sums.number(str(text))
        if number is None and reader is not None and text:
            reading = reader.read(str(text))
            number = float(reading.score) if reading.status == ANSWERED else None
        if number is not None:
            made[place] = number
    return made


def _mostly_digits(column: Coded) -> bool:
    texts = column.sample()
    # In a table of few people the labels of several lines of sums are many.
    return 10 * sum(map(sums.digits, texts)) > (8 if len(texts) > 50 else 5) * len(texts)


def _unlike(column: Coded, text: str) -> bool:
    """Whether a text without a digit stands where the others are numbers."""
    return not sums.digits(text) and _mostly_digits(column)


def find(table: Table, breaks: Sequence[int] = ()) -> Found:
    """Find the rows that are sums or means of others.

    Parameters
    ----------
    table : Table
    breaks : sequence of int
        Positions of rows already known as sums: a new sum begins below each.

    Returns
    -------
    Found

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> columns = {c: encode(["4", "3", "2", "4", "3.25"]) for c in ("U1", "U2", "U3")}
    >>> find(Table(columns, [], np.arange(5), 4)).rows
    {4: 'mean'}
    """
    found = Found()
    if len(table.items) < COLUMNS or len(table.rows) < 2:
        return found
    suspects = [table.row(int(place)) for place in table.suspects()]
    _mark_last(table, suspects)
    if suspects:
        left = _downwards(table, suspects, breaks, found)
        _upwards(table, left, found)
        _beside(table, suspects, found)
    return found


def _mark_last(table: Table, suspects: Sequence[Row]) -> None:
    """Mark the rows that only rows without people follow, and the last row of a table that names nobody."""
    named = {row.place: row for row in suspects}
    for place in table.rows[::-1].tolist():
        row = named.get(place)
        if row is None:
            return
        row.last = row.silent or row.beyond or not table.telling
        if not (row.silent or row.beyond):
            return


def highest(table: Table, places: Sequence[int]) -> float:
    """Return the highest number in some rows, 0 where there is none."""
    numbers = [sums.number(str(c.values[c.codes[place]])) for c in table.items for place in places]
    return max((number for number in numbers if number is not None), default=0.0)


def _downwards(table: Table, suspects: list[Row], breaks: Sequence[int], found: Found) -> list[Row]:
    """Compare every suspect with the rows above it; returns those that are none and no answers either."""
    everything = table.histogram(table.rows[:0])
    segment = everything
    start, fresh, left = 0, True, []
    known = np.asarray(sorted(breaks), dtype=np.int64)
    for row in suspects:
        at = int(np.searchsorted(table.rows, row.place))
        if at > start:
            between = table.rows[start:at]
            fresh = fresh or len(found.rows) > 0
            cut = int(np.searchsorted(known, row.place)) - 1
            after = between[between > known[cut]] if cut >= 0 and known[cut] > between[0] else between
            counted = table.histogram(between)
            everything = everything + counted
            begins = fresh or len(after) < len(between)
            segment = table.histogram(after) if begins else segment + counted
            fresh = False
        start = at + 1
        kind = _kind(table, row, [segment, everything])
        if kind:
            found.rows[row.place] = kind
            fresh = True
            continue
        if row.beyond and (
            row.silent
            or row.labelled
            or 2 * sum(sums.beyond(c, table.high) for c in row.cells) >= max(row.used, 1)
        ):
            left.append(row)  # whatever it is, nobody's answers
            continue
        _doubt(table, row, everything, found)
        own = table.histogram(np.array([row.place]))
        segment = own if fresh and segment.n else segment + own
        everything, fresh = everything + own, False
    return left


def _kind(table: Table, row: Row, above: Sequence[Histogram]) -> str:
    """Return what of the rows above a row is: sum, mean, ...; empty where it is nothing of them."""
    if row.used < COLUMNS or not sums.only_numbers(row.cells):
        return "formula" if sums.formulas(row.cells) >= COLUMNS else ""
    bare = not table.telling
    for counted in above:
        if not counted.n:
            continue
        kind = sums.kind(
            row.cells, counted, table.high, free=row.beyond and (row.silent or bare or row.labelled)
        )
        if not kind:
            continue
        if row.beyond:
            if row.labelled or row.silent or (counted.n > 1 and _telling(row, kind)):
                return kind
        elif row.silent and row.labelled:
            return kind
        elif kind == "sum" and counted.n > 1:
            # Sums that are answers again: the row must lack what others tell, or differ in itself.
            if row.silent or (bare and row.last and len(set(row.cells)) > 2):
                return kind
        elif (
            kind == "mean"
            and row.silent
            and row.last
            and counted.n > 2
            and (len(set(row.cells)) > 1 or len(table.telling) >= 3)
            and sums.varied(row.cells, counted)
        ):
            return kind
    return ""


def _telling(row: Row, kind: str) -> bool:
    """Whether numbers beyond the scale prove by themselves what a row is: where answers agree by chance, no."""
    if any(number is not None and not number.is_integer() for number in row.numbers):
        return kind in ("sum", "mean", "weighted")
    return kind in ("sum", "weighted") and len(set(row.cells)) > 1


def _doubt(table: Table, row: Row, above: Histogram, found: Found) -> None:
    """Keep a row that might be sums as a respondent, and say so."""
    if row.used < COLUMNS or not above.n or not sums.only_numbers(row.cells) or row.beyond:
        return
    if not row.last or (table.telling and not row.silent and not row.labelled):
        return
    kind = sums.kind(row.cells, above, table.high)
    if not kind or (kind in _CHANCE and not (row.silent or row.labelled)):
        return
    # The same answers twice are no sum of anything; a mean must be one of answers that differ.
    alike = len(set(row.cells)) == 1 and not row.silent
    if kind == "mean" and (alike or not sums.varied(row.cells, above)):
        return
    if kind == "sum" and above.n == 1 and not (row.silent or row.labelled):
        return
    found.doubts[row.place] = kind


def _upwards(table: Table, left: list[Row], found: Found) -> None:
    """Compare what is nobody's answers with the rows below it, with all rows, and with those of its unit."""
    mine = np.array([row.place for row in left], dtype=np.int64)
    rows = table.rows[
        ~np.isin(table.rows, mine) & ~np.isin(table.rows, np.array(list(found.rows), dtype=np.int64))
    ]
    for number, row in enumerate(left):
        after = rows[rows > row.place]
        nearest = min((r for r in [*mine, *found.rows] if r > row.place and (after < r).any()), default=None)
        groups = [rows, after] + ([after[after < nearest]] if nearest is not None else [])
        groups += [
            rows[column.codes[rows] == column.codes[row.place]]
            for column in table.who
            if column.values[column.codes[row.place]] and number < 200
        ]
        kind = next((k for g in groups if len(g) and (k := _kind(table, row, [table.histogram(g)]))), "")
        if kind:
            found.rows[row.place] = kind
        elif sums.formulas(row.cells) >= COLUMNS:
            found.rows[row.place] = "formula"
        elif (row.silent or (row.labelled and not table.telling)) and row.used >= COLUMNS:
            partly = max(sums.agreeing(row.cells, table.histogram(g)) for g in (rows, rows[rows < row.place]))
            if (row.labelled and sums.all_beyond(row.cells, table.high)) or (
                3 * partly >= 2 * row.used
                and 2 * sum(sums.beyond(c, table.high) for c in row.cells) >= row.used
            ):
                found.rows[row.place] = "sum"
                found.amiss.append(row.place)


def _beside(table: Table, suspects: list[Row], found: Found) -> None:
    """Take the rows between and below sums with them: an index, a percentage, sums that are answers again."""
    if not found.rows:
        return
    named = {row.place: row for row in suspects}
    places = table.rows.tolist()
    for order in (range(len(places)), range(len(places) - 1, -1, -1)) if found.doubts else ():
        before = -1
        for number in order:
            place = places[number]
            if place in found.doubts and before in found.rows and named[place].silent:
                found.rows[place] = found.doubts.pop(place)
            before = place
    data = table.rows[~np.isin(table.rows, np.array([*found.rows, *named], dtype=np.int64))]
    last = int(data[-1]) if len(data) else -1
    for row in suspects:
        short = 0 < row.used < COLUMNS and sums.all_beyond(row.cells, table.high)
        if row.place not in found.rows and short and (row.silent or not table.telling) and row.place > last:
            found.rows[row.place] = "index"
