"""What of a survey's state needs somebody's attention, and how ``skm status`` says it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

#: Written by 4-compare for those who may not open a table: each unit against its target.
TARGETS_FILE = "targets.json"
#: Days before a deadline from which on it is near.
NEAR = 14
WIDTH = 80
#: A verdict of the result table in the words of `skm status`.
REACHES = {"above": "surely", "below": "surely not", "undecided": "cannot be told"}
_SHORT = {"surely": "yes", "surely not": "no", "cannot be told": "?"}
_NAME = 22


def read_targets(processed: Path) -> dict[str, dict[str, str]]:
    """Verdict of each unit against its target, as last computed; empty before that."""
    try:
        found: dict[str, dict[str, str]] = json.loads((processed / TARGETS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def reaches(target: str, stored: Mapping[str, str] | None) -> tuple[str, str]:
    """Whether the index reaches the target, and why that is not known.

    Parameters
    ----------
    target : str
        Index points, as the definition now has them; empty: none.
    stored : mapping, optional
        ``target``, ``verdict`` and ``reason`` of the unit in the last run.

    Examples
    --------
    >>> reaches("88.31", {"target": "88.31", "verdict": "below", "reason": ""})
    ('surely not', '')
    >>> reaches("90", {"target": "88.31", "verdict": "below", "reason": ""})
    ('', 'not computed for this target')
    """
    if not target:
        return "", ""
    if stored is None:
        return "", "not computed"
    if stored["target"] != target:
        return "", "not computed for this target"
    return REACHES.get(stored["verdict"], ""), stored["reason"]


def days_left(deadline: str, today: date) -> int | None:
    """Days until a deadline, negative when it has passed.

    Examples
    --------
    >>> days_left("2024-11-30", date(2024, 12, 2)), days_left("", date(2024, 12, 2))
    (-2, None)
    """
    return (date.fromisoformat(deadline) - today).days if deadline else None


def reasons(row: Mapping[str, Any]) -> list[str]:
    """What of a unit somebody should look at, the most pressing first."""
    found = []
    short = row["data"] in ("none", "few", "not read")
    state = {"none": "has no answers", "not read": "has answers that were not read yet"}.get(row["data"])
    missing = state or f"has {row['answers']} of {row['required']} required answers"
    if row["report"] == "failed":
        found.append(f"report failed (skm why {row['survey']} {row['unit']})")
    if row["basic_service"] and row["data"] in ("none", "few"):
        found.append(f"basic service {missing}")
    if short and row["deadline_state"]:
        found.append(f"deadline {row['deadline']} {days(row['days_left'])}: {missing}")
    if row["reaches"] == "surely not":
        found.append(f"surely below its target of {row['target']}")
    return found


def days(left: int) -> str:
    """The distance of a day in words.

    Examples
    --------
    >>> days(-1), days(0), days(12)
    ('passed 1 day ago', 'is today', 'in 12 days')
    """
    number = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return "is today" if left == 0 else f"passed {number} ago" if left < 0 else f"in {number}"


#: What comes first in the list: the beginning of a reason.
_PRESSING = ("report failed", "basic service", "deadline", "surely below")


def pressing(row: Mapping[str, Any]) -> tuple[int, int]:
    """Sort key: the worst reason, then how close (or how long past) the deadline is."""
    worst = row["attention"][0] if row["attention"] else ""
    rank = next((i for i, word in enumerate(_PRESSING) if worst.startswith(word)), len(_PRESSING))
    left = row["days_left"]
    return rank, left if rank < len(_PRESSING) and left is not None else 0


def text(found: list[dict[str, Any]]) -> Iterator[str]:
    """The rows for a terminal of 80 columns: what needs attention, then every unit."""
    urgent = [row for row in found if row["attention"]]
    if urgent:
        yield f"{len(urgent)} of {len(found)} units need attention:"
        for row in urgent:
            line = f"{row['unit']}: {'; '.join(row['attention'])}"
            yield from textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="      ")
        yield ""
    width = max([min(len(row["unit"]), _NAME) for row in found] + [4])
    yield f"{'unit':<{width}}  answers/req.  data      report   target     deadline"
    for row in found:
        needed = f"/{row['required']}" if row["required"] else ""
        answers = "" if row["answers"] is None else f"{row['answers']}{needed}"
        mark = f"{row['target']} {_SHORT.get(row['reaches'], '-')}" if row["target"] else ""
        line = f"{answers:>12}  {row['data']:<8}  {row['report']:<7}  {mark:<9}  {_column(row['days_left'])}"
        if len(row["unit"]) > width:
            yield row["unit"]
        name = row["unit"] if len(row["unit"]) <= width else ""
        yield f"{name:<{width}}  {line}".rstrip()
    ok = sum(r["report"] == "ok" for r in found)
    yield f"{ok} of {len(found)} reports are there and up to date"
    if any(row["target"] for row in found):
        yield "target: yes surely reached, no surely not, ? cannot be told, - no verdict yet"


def _column(left: int | None) -> str:
    if left is None:
        return ""
    return "today" if left == 0 else f"{-left} d ago" if left < 0 else f"in {left} d"
