"""Whether a unit is late with its follow-up, on the portal: as the overview tells it, by the survey's own day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office.city import kept

if TYPE_CHECKING:
    from pipeline.office.city import Results


@kept
def states(found: Results) -> dict[str, str]:
    """``late`` or ``kept`` for each unit with a plan of which that can be told; read once.

    The plan of the survey before is meant where there is one, else the survey's own: what was promised before can be
    late. Of a unit of which only the count may be shown nothing is told.
    """
    wanted = [("scope", "==", "unit"), ("statistic", "in", ["planned", "late"]), ("group", "==", "")]
    rows = found.some("followup", wanted, ("statistic", "other", "estimate"))
    plan_of = next((name for name in sorted({other for _, _, other, _ in rows}) if name), "")
    count = {(unit, what): value for unit, what, other, value in rows if other == plan_of}
    made = {}
    for unit in {unit for unit, *_ in rows}:
        planned, late = count.get((unit, "planned")), count.get((unit, "late"))
        if planned and late is not None and late == late:
            made[str(unit)] = "late" if late else "kept"
    return made
