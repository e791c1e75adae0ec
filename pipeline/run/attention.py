"""Targets and deadlines of units, as ``skm status`` judges them: verdicts of the last run, days by a day handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

#: Written by 4-compare for those who may not open a table: each unit against its target.
TARGETS_FILE = "targets.json"
#: Days before a deadline from which on it is near.
NEAR = 14
#: A verdict of the result table in the words of `skm status`.
REACHES = {"above": "surely", "below": "surely not", "undecided": "cannot be told"}


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


def deadline_state(left: int | None) -> str:
    """``passed``, ``near`` or nothing, by the days that are left.

    Examples
    --------
    >>> deadline_state(-1), deadline_state(0), deadline_state(NEAR + 1), deadline_state(None)
    ('passed', 'near', '', '')
    """
    if left is None or left > NEAR:
        return ""
    return "passed" if left < 0 else "near"
