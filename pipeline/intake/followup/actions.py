"""One planned action, and what the words of its row mean: columns, states, days, texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from pipeline.intake.values.onedate import parse
from pipeline.rules.datafile import packed
from pipeline.survey.identity.persons import is_person, mask
from pipeline.survey.text import UNSEEN, fold

FILE = "follow-up.csv"
COLUMNS = ("id", "unit", "unsur", "action", "owner", "due", "status", "done", "evidence")
#: Columns without which no row says anything.
NEEDED = ("unit", "action")
PLANNED, RUNNING, DONE, DROPPED = STATUSES = ("planned", "in-progress", "done", "dropped")
#: Longer than any sentence of a plan: what is beyond is cut, and the cut is seen.
LONGEST = 400
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Action:
    """One row of a plan for follow-up; ``owner``, ``action`` and ``evidence`` are masked."""

    id: str
    unit: str
    unsur: str
    action: str
    owner: str = ""
    due: date | None = None
    status: str = PLANNED
    done: date | None = None
    evidence: str = ""
    row: int = 0

    @property
    def open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status in (PLANNED, RUNNING)

    def late(self, on: date | None) -> bool:
        """Whether it was due before a day and is neither done nor dropped.

        Examples
        --------
        >>> one = Action("1", "a", "U3", "x", due=date(2025, 6, 30))
        >>> one.late(date(2025, 6, 30)), one.late(date(2025, 7, 1)), one.late(None)
        (False, True, False)
        """
        return self.open and self.due is not None and on is not None and self.due < on


@cache
def spellings(kind: str) -> dict[str, str]:
    """Return every folded spelling of a column or a state, and our name for it.

    Examples
    --------
    >>> spellings("statuses")["sedang berjalan"], spellings("columns")["penanggung jawab"]
    ('in-progress', 'owner')
    """
    found = packed(__package__, "spellings.yml")[kind]
    return {fold(s): name for name, known in found.items() for s in (name, *known)}


def day(text: str) -> date | None:
    """Return the day that a cell means: year first, or day first; None where it means none.

    Examples
    --------
    >>> day("2025-06-30"), day("30/6/2025") == day("30 Juni 2025"), day("6/30/2025"), day("segera")
    (datetime.date(2025, 6, 30), True, None, None)
    """
    moment, _ = parse(text)
    return moment.date() if moment else None


@lru_cache(maxsize=20_000)  # thousands of units promise the same in the same words
def plain(text: str) -> str:
    """Return a text as one line without what is not seen, what identifies people masked, cut where it never ends.

    Examples
    --------
    >>> plain("Papan \\u202einformasi\\n baru, tanya Pak Sarkawi 0812-3456-7890")
    'Papan informasi baru, tanya Pak <name> <phone>'
    """
    shown = mask(" ".join(_CONTROL.sub(" ", text.translate(UNSEEN)).split()))
    return shown if len(shown) <= LONGEST else shown[:LONGEST].rsplit(" ", 1)[0] + " …"


@lru_cache(maxsize=20_000)
def role(text: str) -> str:
    """Return who is in charge: a role or a unit as it stands, a person masked.

    Examples
    --------
    >>> role("Kepala Seksi Pelayanan"), role("Siti Aminah"), role("Subbag Umum (Siti Aminah)")
    ('Kepala Seksi Pelayanan', '<name>', 'Subbag Umum (<name>)')
    """
    shown = plain(text)
    return shown if "<name>" in shown or not is_person(text) else "<name>"
