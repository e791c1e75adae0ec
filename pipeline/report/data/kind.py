"""What sort of page a unit's report is: whole, or one of the short ones (R6, R13).

A report of fifteen sections about eight identical answers, three answers, or answers of no listed
unit would be fifteen sentences that say "not shown". Such a report is a short page of its own: one
decision, taken here once, and each section says of which sorts of page it is a part.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from pipeline.rules import PRIVATE_BELOW
from pipeline.standings import UNKNOWN

#: A whole report; all answered alike; fewer than five answers; none; rows that name no listed unit.
WHOLE, ALIKE, FEW, EMPTY, UNLISTED = KINDS = ("whole", "alike", "few", "empty", "unlisted")
#: Pages about a unit that are not about its answers alone.
LISTED = (WHOLE, ALIKE, FEW, EMPTY)


class Value(Protocol):
    """A row of an unsur's value, as far as it tells whether it was withheld."""

    @property
    def estimate(self) -> float:
        """The value, NaN where none is told."""
        ...

    @property
    def reason(self) -> str:
        """Why there is no value."""
        ...


def kind_of(unit: str, n_valid: int, values: Collection[Value]) -> str:
    """Decide which sort of page a unit gets, from its id, its valid answers and its rows of unsur values.

    All answered alike where the data layer withheld every unsur's value because nobody differs
    (`pipeline.statistics.disclosure.alike`).

    Examples
    --------
    >>> kind_of("dinas", 3, [])
    'few'
    """
    if unit == UNKNOWN:
        return UNLISTED
    if n_valid == 0:
        return EMPTY
    if n_valid < PRIVATE_BELOW:
        return FEW
    withheld = [row for row in values if row.estimate != row.estimate and row.reason == "no-variance"]
    return ALIKE if values and len(withheld) == len(values) else WHOLE
