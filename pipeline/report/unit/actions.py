"""A unit's plans for follow-up as its pages print them: each action with its day, state and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.report.base.foreign import theirs
from pipeline.report.data.unit import estimate

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

MODULE = "followup"
OWN = ""
_TOKEN = re.compile(r"<(?:nik|nip|phone|email|url|account|name|number|plate|address|date)>")


@dataclass(frozen=True)
class Planned:
    """One action; texts are masked, days are None where none was written."""

    id: str
    unsur: str
    action: str
    owner: str
    due: date | None
    status: str
    done: date | None
    evidence: str
    days_late: int


def actions(u: UnitReport, plan_of: str = OWN) -> list[Planned]:
    """Actions of this unit in the order of the file: of the survey's own plan, or of an earlier survey's."""

    def texts(statistic: str) -> Mapping[str, str]:
        return {row.group: row.text for row in u.rows(MODULE, statistic, other=plan_of)}

    said = {name: texts(name) for name in ("unsur", "owner", "due", "status", "done_on", "evidence")}
    late = {row.group: int(estimate(row) or 0) for row in u.rows(MODULE, "days_late", other=plan_of)}
    return [
        Planned(
            id=row.group, unsur=said["unsur"].get(row.group, ""), action=shown(u, row.text),
            owner=shown(u, said["owner"].get(row.group, "")), due=_day(said["due"].get(row.group, "")),
            status=said["status"].get(row.group, ""), done=_day(said["done_on"].get(row.group, "")),
            evidence=shown(u, said["evidence"].get(row.group, "")), days_late=late.get(row.group, 0),
        )
        for row in u.rows(MODULE, "action", other=plan_of)
    ]  # fmt: skip


def kept(planned: Iterable[Planned]) -> list[Planned]:
    """Those of these actions that were not given up: what was is no plan for an unsur."""
    return [one for one in planned if one.status != "dropped"]


def earlier(u: UnitReport) -> str:
    """Name of the earlier survey whose plan is accounted for; empty where there is none."""
    return next((row.other for row in u.rows(MODULE, "planned") if row.other), "")


def due(u: UnitReport) -> date | None:
    """The day by which the unit's own plan is to be finished: the last due date of what is not done."""
    row = u.first(MODULE, "due_last", other=OWN)
    return _day(row.text) if row is not None else None


def shown(u: UnitReport, text: str) -> str:
    """Write what was masked in the reader's language, the rest in the office's."""
    masked = _TOKEN.sub(f"[{u.words('unit.followed.masked')}]", text)
    return theirs(u.survey, masked, u.lang)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
