"""What sort of page a unit's report is: whole, or one of the short ones (R6, R13).

A report of fifteen sections about eight identical answers, three answers, or answers of no listed
unit would be fifteen sentences that say "not shown". Such a report is a short page of its own: one
decision, taken here once, and each section says of which sorts of page it is a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.standings import PRIVATE_BELOW, UNKNOWN

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: A whole report; all answered alike; fewer than five answers; none; rows that name no listed unit.
WHOLE, ALIKE, FEW, EMPTY, UNLISTED = KINDS = ("whole", "alike", "few", "empty", "unlisted")
#: Pages about a unit that are not about its answers alone.
LISTED = (WHOLE, ALIKE, FEW, EMPTY)


def kind_of(u: UnitReport) -> str:
    """Decide which sort of page a unit gets.

    All answered alike where the data layer withheld every unsur's value because nobody differs
    (`statistics.disclosure.alike`).
    """
    if u.unit.id == UNKNOWN:
        return UNLISTED
    if u.n_valid == 0:
        return EMPTY
    if u.n_valid < PRIVATE_BELOW:
        return FEW
    values = list(u.by_item("index", "nrr").values())
    withheld = [row for row in values if row.estimate != row.estimate and row.reason == "no-variance"]
    return ALIKE if values and len(withheld) == len(values) else WHOLE
