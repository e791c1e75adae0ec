"""What a trace holds: plain values, without a word a reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.intake.ground.problems import Problem

#: What asks for the index instead of an unsur, and for the city instead of a unit.
INDEX, CITY = "IKM", "CITY"
#: Why a unit is not in the city's number, beside the reasons of result tables: its own is told in none of them.
UNTOLD = "untold"


@dataclass(frozen=True)
class Published:
    """A number of the result tables, and where it was published.

    Attributes
    ----------
    value : float
        NaN where it is not told; ``reason`` says why.
    numerator, denominator : int or None
        As the table holds them.
    csv_row : int or None
        Row of ``results.csv`` as a spreadsheet numbers it; None where it does not stand there.
    csv_pair : tuple of text
        Numerator and denominator as ``results.csv`` writes them.
    """

    statistic: str
    value: float
    numerator: int | None
    denominator: int | None
    n: int | None
    text: str = ""
    method: str = ""
    reason: str = ""
    csv_row: int | None = None
    csv_pair: tuple[str, str] = ("", "")

    @property
    def told(self) -> bool:
        """Whether there is a number."""
        return self.value == self.value


@dataclass(frozen=True)
class Label:
    """One way in which an answer is written in the raw files, and what it was read as."""

    text: str
    score: int | None
    status: str
    reading: str
    count: int


@dataclass(frozen=True)
class Place:
    """Rows of one column of one file that gave one answer; without a score all that were used."""

    file: str
    sheet: str
    column: str
    header: str
    score: int | None
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Aside:
    """Rows or cells that do not count, and why.

    ``kind`` is row (the whole questionnaire, or the whole line of a table of answers) or cell; ``known`` is False
    where it cannot be said whose rows these are. ``in_ledger`` of ``count`` are in the ledger of the run.
    """

    kind: str
    reason: str
    file: str
    sheet: str
    role: str
    rows: tuple[int, ...]
    values: tuple[str, ...] = ()
    known: bool = True
    in_ledger: int = 0

    @property
    def count(self) -> int:
        """How many."""
        return len(self.rows)


@dataclass(frozen=True)
class Item:
    """One unsur (or indicator of a unit's own) as the answers give it.

    Attributes
    ----------
    total, n : int
        Sum and number of the answers in ``responses.parquet``.
    raw_total, raw_n : int
        The same from the raw files, read again.
    counts : mapping
        Answers by score.
    gaps : mapping
        Respondents without an answer, by status.
    """

    code: str
    name: str
    total: int
    n: int
    raw_total: int
    raw_n: int
    counts: dict[int, int]
    gaps: dict[str, int]
    weight: Fraction | None
    nrr: Published | None = None
    weighted: Published | None = None

    @property
    def mean(self) -> Fraction | None:
        """The NRR, exactly."""
        return Fraction(self.total, self.n) if self.n else None

    @property
    def agrees(self) -> bool:
        """Whether raw files, answers, result table and ``results.csv`` say the same sum and number."""
        stored = self.nrr
        ours = (self.total, self.n)
        if (self.raw_total, self.raw_n) != ours:
            return False
        if stored is None or not stored.told:
            return True
        csv = stored.csv_pair == tuple(map(str, ours)) or not stored.csv_row
        return (stored.numerator, stored.denominator) == ours and csv


@dataclass(frozen=True)
class Member:
    """One unit of a city's index."""

    unit: str
    name: str
    n: int
    exact: Fraction


@dataclass(frozen=True)
class Trace:
    """One published number, followed back.

    Attributes
    ----------
    unit, name, slug : str
        The unit, or ``CITY``.
    item : str
        Code of an unsur, or ``IKM``.
    factor : Fraction
        From a mean to its value on the scale that ends at 100.
    items : list of Item
        The one, or all of the index.
    exact : Fraction or None
        The number, from ``responses.parquet``.
    sign : str
        ``x`` where nothing of the unit is published (R6), ``E`` for information only.
    pages : list of (file, text)
        Files about this unit below ``reports/<survey>/``, and the number as the page prints it: empty where it was
        not found, None where the file is no text.
    left_out : list of (id, name, reason)
        Units that are not in the city's index.
    service : str
        The service of the unit whose number it is; empty: the whole unit's.
    foreign : bool
        Whether the survey's index is none of the regulation's, and has no letter (R11).
    """

    survey: str
    unit: str
    name: str
    slug: str
    item: str
    item_name: str
    scale: tuple[int, int]
    factor: Fraction
    rule: str
    respondents: int
    sign: str = ""
    items: Sequence[Item] = ()
    published: Published | None = None
    exact: Fraction | None = None
    letter: str = ""
    bounds: Sequence[tuple[str, str, str]] = ()
    legacy: Sequence[Published] = ()
    labels: Sequence[Label] = ()
    places: Sequence[Place] = ()
    aside: Sequence[Aside] = ()
    members: Sequence[Member] = ()
    left_out: Sequence[tuple[str, str, str]] = ()
    method: str = ""
    pages: Sequence[tuple[str, str | None]] = ()
    problems: Sequence[Problem] = ()
    equal_weights: bool = True
    long: bool = False
    foreign: bool = False
    service: str = ""

    @property
    def agrees(self) -> bool:
        """Whether everything that can be held against one another is the same."""
        return all(item.agrees for item in self.items) and self.follows is not False

    @property
    def follows(self) -> bool | None:
        """Whether the published number follows from the answers; None where none is published."""
        if self.published is None or not self.published.told or self.exact is None:
            return None
        return same(self.exact, self.published)


#: The result tables cut a fraction that does not fit them to sixteen decimals.
CUT = 10**16


def same(exact: Fraction, stored: Published) -> bool:
    """Whether a stored fraction is this number, or this number cut to sixteen decimals.

    Examples
    --------
    >>> one = Published("ikm", 0.0, 3333333333333333, 10**16, 5)
    >>> same(Fraction(1, 3), one), same(Fraction(1, 4), one)
    (True, False)
    """
    if stored.numerator is None or not stored.denominator:
        return abs(float(exact) - stored.value) < 1e-9
    kept = Fraction(stored.numerator, stored.denominator)
    return abs(kept - exact) <= Fraction(1, CUT)
