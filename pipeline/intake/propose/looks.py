"""What was seen in raw files that no definition describes yet: columns, tables, and the proposal made of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.intake.columns import infosheet
from pipeline.intake.columns.claims import Rivals
from pipeline.intake.columns.guesses import GUESSES
from pipeline.intake.columns.headers import Column
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem
from pipeline.intake.propose.questionnaires.blocks import OwnScale
from pipeline.intake.rows.scalecheck import Above
from pipeline.intake.values.calendars import Calendar


@dataclass(frozen=True)
class Seen:
    """One column: what it is taken for, by which evidence, and how many answers agree."""

    column: Column
    fits: int = 0
    filled: int = 0
    unknown: tuple[tuple[str, int, str], ...] = ()

    @property
    def confidence(self) -> str:
        """``certain``, ``likely`` or ``guess``; empty for a column that is not used."""
        if not self.column.field:
            return ""
        share = self.fits / self.filled if self.filled else 1.0
        if self.column.how in GUESSES or share < 0.5:
            return "guess"
        strong = ("question", "label", "id", "name", "definition", "order-by-answers", "content")
        return "certain" if self.column.how in strong and share >= 0.95 else "likely"


@dataclass
class Look:
    """What one table shows."""

    file: str
    sheet: str
    role: str
    header: int
    columns: list[Seen] = field(default_factory=list)
    order: str = ""
    order_open: str = ""
    above: Above = field(default_factory=Above)
    #: The column of units whose names stand once above blanks, as merged cells are exported.
    down: str = ""
    units: dict[str, int] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    headless: list[str] = field(default_factory=list)
    #: Items that several columns could be the answers to.
    open: tuple[Rivals, ...] = ()
    #: Questionnaires of one's own in this table, and whether the regulation's stands beside them.
    own: list[OwnScale] = field(default_factory=list)
    skm: bool = True
    #: The row of the headers, where a run would not find it by itself; 0: it would.
    said_header: int = 0
    #: Its columns of dates, the calendar they follow, and what is to be said of it.
    dates: dict[str, Coded] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    doubts: list[Problem] = field(default_factory=list)


@dataclass
class Proposal:
    """What the files of a survey show; ``facts`` with the unit their workbook names."""

    looks: list[Look] = field(default_factory=list)
    facts: list[tuple[str, infosheet.Fact]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    units: dict[str, Counter[str]] = field(default_factory=dict)
    populations: dict[str, str] = field(default_factory=dict)
    unit_from: str = ""
    files: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    #: Files that repeat another of their folder, and which: they name no unit.
    copies: dict[str, str] = field(default_factory=dict)
    #: Small tables that hold no answers, perhaps a list of what codes mean.
    lists: list[RawTable] = field(default_factory=list)
