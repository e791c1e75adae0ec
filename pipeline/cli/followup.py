"""``skm status --follow-up``: how far each unit is with what it promised; reads one small file and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.intake.followup.actions import DONE, DROPPED, FILE, Action
from pipeline.intake.followup.read import Plan, read

if TYPE_CHECKING:
    from pipeline.survey import Survey

#: Sentences about rows that a command prints; the rest is counted.
MOST_TOLD = 5
_NAME, _ACTION = 34, 60


def rows(survey: Survey, plan: Plan, on: date, *, late: bool = False) -> list[dict[str, Any]]:
    """One row per unit with a plan, those with most that is late first.

    Parameters
    ----------
    survey : Survey
    plan : Plan
        As it was read of that survey.
    on : date
        The day by which something is late; a command may take today, a report never does.
    late : bool
        Only what is late.
    """
    names = {unit.id: unit.name for unit in survey.units}
    by_unit: dict[str, list[Action]] = {}
    for action in plan.actions:
        by_unit.setdefault(action.unit, []).append(action)
    found = []
    for unit, own in by_unit.items():
        behind = [action for action in own if action.late(on)]
        if late and not behind:
            continue
        due = [action.due for action in own if action.open and action.due is not None]
        done = sum(action.status == DONE for action in own)
        found.append({
            "survey": survey.name, "unit": unit, "name": names[unit], "on": on.isoformat(), "planned": len(own),
            "done": done, "open": sum(action.open for action in own),
            "dropped": sum(action.status == DROPPED for action in own), "late": len(behind),
            "percent_done": round(100 * done / len(own), 1), "first_due": min(due).isoformat() if due else "",
            "actions": [_action(action, on) for action in (behind if late else own)],
        })  # fmt: skip
    return sorted(found, key=lambda row: (-row["late"], row["percent_done"], row["unit"]))


def _action(action: Action, on: date) -> dict[str, Any]:
    days = (on - action.due).days if action.late(on) and action.due else 0
    return {
        "id": action.id, "unsur": action.unsur, "action": action.action, "owner": action.owner,
        "due": action.due.isoformat() if action.due else "", "status": action.status,
        "done": action.done.isoformat() if action.done else "", "days_late": days,
    }  # fmt: skip


def as_text(survey: Survey, found: list[dict[str, Any]], on: date, *, late: bool) -> Iterator[str]:
    """The rows for a terminal: a line a unit, what is late below it."""
    if not found:
        none = f"nothing is late on {on.isoformat()}" if late else "no action is planned"
        yield f"{survey.name}: {none} ({FILE})"
        return
    yield f"{'unit':<{_NAME}}  planned  done  late  first due   (on {on.isoformat()})"
    for row in found:
        if len(row["unit"]) > _NAME:
            yield row["unit"]
        name = row["unit"] if len(row["unit"]) <= _NAME else ""
        yield f"{name:<{_NAME}}  {row['planned']:>7}  {row['done']:>4}  {row['late']:>4}  {row['first_due']}".rstrip()
        for one in row["actions"]:
            if one["days_late"]:
                what = one["action"] if len(one["action"]) <= _ACTION else one["action"][: _ACTION - 2] + " …"
                owner = f" ({one['owner']})" if one["owner"] else ""
                yield f"    {one['days_late']} d late: {one['unsur'] or '-'} {what}{owner}"
    behind = sum(row["late"] > 0 for row in found)
    yield f"{behind} of {len(found)} units are late"


def lines(
    survey: Survey,
    on: date,
    *,
    late: bool,
    as_json: bool,
    plain: bool,
    units: Sequence[str] | None = None,
) -> tuple[list[str], list[str]]:
    """What the command prints, of all units or of some, and what it says of rows that were not read."""
    plan = read(survey)
    found = rows(survey, plan, on, late=late)
    if units is not None:
        found = [row for row in found if row["unit"] in set(units)]
    if as_json:
        return [json.dumps(found, indent=1, ensure_ascii=plain)], wrong(plan)
    if not plan.there:
        return [f"{survey.name} has no {FILE}; docs/follow-up.md says what it holds"], []
    return list(as_text(survey, found, on, late=late)), wrong(plan)


def wrong(plan: Plan) -> list[str]:
    """Sentences about rows that do not count, or were masked: the first of them, and how many more there are."""
    told = [str(problem) for problem in plan.problems[:MOST_TOLD]]
    rest = len(plan.problems) - len(told)
    return [*told, *([f"and {rest} more in {FILE}"] if rest else [])]
