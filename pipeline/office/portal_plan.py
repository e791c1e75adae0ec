"""Whether a unit is late with its follow-up, on the portal: as the overview tells it, by the survey's own day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.results.matching import matching

if TYPE_CHECKING:
    from pipeline.office.city import Results

COLUMNS = ("scope", "statistic", "unit", "group", "other", "estimate")


def states(found: Results) -> dict[str, str]:
    """``late`` or ``kept`` for each unit with a plan of which that can be told; read once.

    The plan of the survey before is meant where there is one, else the survey's own: what was promised before can be
    late. Of a unit of which only the count may be shown nothing is told.
    """
    if "_plans" not in found.__dict__:
        path = Path(found.survey.processed) / "followup.parquet"
        made: dict[str, str] = {}
        if path.is_file():
            wanted = [("scope", "==", "unit"), ("statistic", "in", ["planned", "late"]), ("group", "==", "")]
            rows = list(zip(*(matching(path, [wanted], COLUMNS).to_pydict()[name] for name in COLUMNS[1:])))
            plan_of = next((name for name in sorted({row[3] for row in rows}) if name), "")
            count = {(unit, what): value for what, unit, _, other, value in rows if other == plan_of}
            for unit in {row[1] for row in rows} - set(found.private):
                planned, late = count.get((unit, "planned")), count.get((unit, "late"))
                if planned and late is not None and late == late:
                    made[str(unit)] = "late" if late else "kept"
        found.__dict__["_plans"] = made
    kept: dict[str, str] = found.__dict__["_plans"]
    return kept
