"""The cells behind a unit's answers: read from its raw files again, with what each was read as and what became of it.

Whoever follows a published number back to the raw rows needs what ``responses.parquet`` does not keep: the text
of each answer, its column and sheet, and the rows set aside that would have been this unit's. Nothing is decided
here: the same readers and the same joins as in `clean` say it again, on the files of this unit alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.intake.account.ledger import Ledger, shorten
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem
from pipeline.intake.rows import joining
from pipeline.intake.rows.chunks import together
from pipeline.intake.rows.joined import Joined, keys
from pipeline.intake.rows.long import CONFLICT, answer_column, long_block
from pipeline.intake.rows.people import people
from pipeline.intake.rows.rare import OTHER
from pipeline.intake.rows.services import Stated
from pipeline.intake.rows.sources import Job, Reader, Sources, grouped
from pipeline.intake.rows.typed_table import EXCLUDED, MERGED, USED, TypedTable
from pipeline.intake.rows.wide import read_answers, wide_block
from pipeline.intake.values.answers import ANSWERED, STATUS_NAMES
from pipeline.intake.values.identity import mask_header

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

#: What becomes of a row.
STATES = {USED: "used", MERGED: "merged", EXCLUDED: "excluded"}
CELLS = (
    "item", "source_file", "sheet", "column", "header", "source_row", "text", "score", "status", "reading",
    "state", "why",
)  # fmt: skip
ASIDE = ("source_file", "sheet", "role", "source_row", "item", "state", "why", "known")


@dataclass(frozen=True)
class Cells:
    """What the raw files hold for a unit.

    Attributes
    ----------
    answers : DataFrame
        One row per cell that holds, or should hold, an answer of the unit (`CELLS`): rows set aside are among them.
    aside : DataFrame
        One row per raw row that was set aside (`ASIDE`); ``item`` where a row holds one answer; ``known`` is False
        where it cannot be said whose it is.
    problems : tuple of Problem
        Why a file could not be read again.
    """

    answers: pd.DataFrame
    aside: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def answer_cells(
    survey: Survey, unit: str, items: Collection[str], files: Collection[str], *, joined: bool,
    service: str = "", services: Collection[str] = (),
) -> Cells:  # fmt: skip
    """Read the raw files of a unit, or of one of its services, again.

    Parameters
    ----------
    survey : Survey
    unit : str
        Its id.
    items : collection of str
        Which items' cells.
    files : collection of str
        Sources as ``responses.parquet`` names them (``source_file``): others are not read.
    joined : bool
        Whether respondents and answers stand in tables of their own: then all of those are read.
    service : str
        As ``responses.parquet`` writes it; empty: the whole unit.
    services : collection of str
        All services that ``responses.parquet`` has of the unit: what else its rows name was put together (`rare`).

    Returns
    -------
    Cells
    """
    reader = Reader(survey)

    def among(job: Job) -> bool:
        if job.entry.role != "wide":
            return joined
        return any(
            name == job.label or name.startswith((f"{job.label}#", f"{job.label} (")) for name in files
        )

    sources = reader.read(among=among)
    joins = joining.settled(sources)
    made = _Found(survey, sources, (unit, service, tuple(services)), tuple(items))
    for group in grouped([body for body in sources.bodies if body.role == "wide"]):
        made.wide(together(group))
    for one in joins:
        made.long(one)
    return made.frames()


def _texts(column: Coded | np.ndarray) -> np.ndarray:
    return column.texts() if isinstance(column, Coded) else np.asarray(column)


class _Found:
    """Collects cells and rows of one unit, or of one of its services."""

    def __init__(
        self,
        survey: Survey,
        sources: Sources,
        whose: tuple[str, str, tuple[str, ...]],
        items: tuple[str, ...],
    ) -> None:
        self.survey, self.sources, self.items = survey, sources, items
        self.unit, self.service, self.services = whose
        self.cells: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []
        self.at = {
            (str(row["source_file"]), str(row["field"])): (str(row["column"]), str(row["header"]))
            for row in sources.columns
            if row.get("field")
        }

    def mine(self, body: TypedTable, served: np.ndarray | None = None) -> np.ndarray:
        """Return which rows of a table are the unit's and the service's, those set aside too.

        ``served`` says which rows are the service's where another table names it.
        """
        everyone, found = np.arange(len(body)), self.sources.lookups
        later: list[Stated] | None = None if self.service and served is None else []
        fields = people(body, everyone, self.survey, found, Ledger(), ("units",), later=later)
        own = _texts(fields["unit"]) == self.unit
        if self.service:
            own &= self.serves(_texts(fields["service"])) if served is None else served
        return np.asarray(own, dtype=bool)

    def serves(self, named: np.ndarray) -> np.ndarray:
        """Return which services are the one that is asked for."""
        found = named == self.service
        if self.service == OTHER:
            found |= (named != "") & ~np.isin(named, self.services)
        return np.asarray(found, dtype=bool)

    def wide(self, body: TypedTable) -> None:
        """Take the cells of a table with a row per respondent."""
        wide_block(body, self.survey, self.sources.lookups, Ledger(), later=[])
        mine = self.mine(body)
        for item in self.items:
            if item in body.item_fields:
                self._cells(body, item, item, np.flatnonzero(mine))
        self._aside(body, mine & (body.state != USED), True)

    def long(self, joined: Joined) -> None:
        """Take the cells of tables with a row per answer."""
        answers, theirs = joined.answers, joined.respondents
        # Which respondent each answer belongs to, before anybody is set aside.
        ids, _, rows = keys(joined)
        person = rows[ids]
        entered = Ledger()
        long_block(joined, self.survey, self.sources.lookups, entered)
        if theirs is None or "unit" in answers.columns:
            known = np.ones(len(answers), dtype=bool)
            served = None
            if theirs is not None and "service" in theirs.columns:
                served = (person >= 0) & self.mine(theirs)[person]
            mine = self.mine(answers, served)
        else:
            known = person >= 0
            of_people = self.mine(theirs)
            mine = known & of_people[person]
            self._aside(theirs, of_people & (theirs.state != USED), True)
        item = answers.columns["item"].texts()
        conflicts = _conflicts(entered)
        for code in self.items:
            base, name = answer_column(code)
            if name in answers.columns:
                self._cells(answers, code, name, np.flatnonzero(mine & (item == base)), conflicts)
        self._aside(answers, mine & (answers.state != USED), True)
        self._aside(answers, ~known & (answers.state != USED), False)

    def _cells(
        self,
        body: TypedTable,
        item: str,
        column: str,
        at: np.ndarray,
        conflicts: frozenset[tuple[str, int]] = frozenset(),
    ) -> None:
        read = read_answers(body.items, item, body.columns[column].take(at))
        raw = read.raw.remap(shorten).texts()
        for place, row in enumerate(at.tolist()):
            reading = read.readings[read.raw.codes[place]]
            file, number = str(body.files.values[body.files.codes[row]]), int(body.rows[row])
            against = (file, number) in conflicts
            answered = reading.status == ANSWERED and not against
            letter, header = self.at.get((file, column), ("", mask_header(body.headers[column])))
            self.cells.append({
                "item": item, "source_file": file, "sheet": self.sources.tabs.get(file, ""), "column": letter,
                "header": header, "source_row": number, "text": str(raw[place]),
                "score": reading.score if answered else None,
                "status": "invalid" if against else STATUS_NAMES[reading.status],
                "reading": CONFLICT if against else (reading.reason or reading.how),
                "state": STATES[int(body.state[row])], "why": str(body.why[row]),
            })  # fmt: skip

    def _aside(self, body: TypedTable, which: np.ndarray, known: bool) -> None:
        item = body.columns["item"].texts() if "item" in body.columns else None
        for row in np.flatnonzero(which).tolist():
            file = str(body.files.values[body.files.codes[row]])
            self.rows.append({
                "source_file": file, "sheet": self.sources.tabs.get(file, ""), "role": body.role,
                "source_row": int(body.rows[row]), "item": "" if item is None else str(item[row]),
                "state": STATES[int(body.state[row])], "why": str(body.why[row]), "known": known,
            })  # fmt: skip

    def frames(self) -> Cells:
        """Return what was found, in the order of files and rows."""
        import pandas as pd

        cells = pd.DataFrame(self.cells, columns=list(CELLS)).astype({"score": "Int8", "source_row": "int64"})
        aside = pd.DataFrame(self.rows, columns=list(ASIDE)).astype({"known": "bool", "source_row": "int64"})
        said = tuple(problem for problem in self.sources.problems if problem.fatal)
        return Cells(
            cells.sort_values(["item", "source_file", "source_row"], kind="stable", ignore_index=True),
            aside.sort_values(["source_file", "source_row"], kind="stable", ignore_index=True),
            said,
        )


def _conflicts(ledger: Ledger) -> frozenset[tuple[str, int]]:
    """Rows whose answer another row of the same person contradicts."""
    frame = ledger.frame()
    found = frame[frame["reason"] == CONFLICT]
    return frozenset(zip(found["source_file"].astype(str), found["source_row"].tolist(), strict=True))
