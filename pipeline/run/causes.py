"""Causes for which a survey needs somebody, the most urgent first, each with what to do and its units.

A unit stands once under each cause that is its own to mend; too few answers are one cause, whether its deadline has
passed or its service is basic: both only say how urgent it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.rules import enough
from pipeline.survey.codes import UNKNOWN_UNIT

#: Placeholder of the survey's name in what to do.
SURVEY = "{survey}"


@dataclass(frozen=True)
class Cause:
    """One cause: its heading, what to do, whether a day has passed with it, and of what is no unit's its things."""

    code: str
    what: str
    do: str
    past: bool = False
    things: tuple[str, str] = ("", "")


_ALL = (
    Cause("lost", "Much of the raw data was not used", "See where, and mend it first: skm check {survey}",
          things=("loss", "losses")),
    Cause("unused", "Raw files or sheets were not used", "See which and why: skm check {survey}",
          things=("file or sheet", "files or sheets")),
    Cause("failed", "The report failed", "See why, mend it, run again: skm why {survey} UNIT"),
    Cause("not-read", "Not read yet", "Read the answers and make the reports: skm run {survey}"),
    Cause("outdated", "The report is missing or older than its data", "Make it again: skm run {survey}"),
    Cause(
        "edited", "The report was edited by hand",
        "Keep it with skm run {survey} --keep-edited; a plain run makes it again",
    ),
    Cause("empty-near", "No answers, and the deadline is near", "Ask the unit today; there is still time"),
    Cause("few-near", "Too few answers, and the deadline is near", "Collect on; there is still time"),
    Cause(
        "empty-passed", "No answers, and the deadline has passed",
        "Ask for the answers, or set a new deadline in units.csv", past=True,
    ),
    Cause(
        "few-passed", "Too few answers, and the deadline has passed",
        "Collect on under a new deadline, or publish with the number beside it", past=True,
    ),
    Cause("empty", "No answers", "Ask the unit; a deadline in units.csv says by when"),
    Cause("few", "Too few answers", "Collect on; a deadline in units.csv says by when"),
    Cause("unlisted", "Answers that name no listed unit", "Add the spelling to aliases in units.csv",
          things=("answer", "answers")),
    Cause("late-plan", "Follow-up actions are late", "See which and whose: skm status {survey} --follow-up --late",
          past=True),
    Cause(
        "below-target", "The index is surely below its target",
        "See page one of its report, and plan actions in follow-up.csv",
    ),
)  # fmt: skip
#: Every cause by its code, the most urgent first.
CAUSES: dict[str, Cause] = {cause.code: cause for cause in _ALL}
_RANK = {code: place for place, code in enumerate(CAUSES)}


@dataclass(frozen=True)
class Group:
    """The units of one cause, the most urgent first.

    Attributes
    ----------
    cause : Cause
    units : tuple of str
        Ids; none for what is no unit's.
    basic : int
        How many of them are basic services.
    count : int
        Units, or for what is no unit's the files, losses or answers.
    """

    cause: Cause
    units: tuple[str, ...]
    basic: int
    count: int


def of_unit(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Causes of one unit, each with a sentence, the most urgent first.

    Parameters
    ----------
    row : mapping
        One of the rows of `status.State`.

    Examples
    --------
    >>> row = {"unit": "a", "answers": 12, "required": 30, "data": "few", "report": "ok", "reaches": "",
    ...        "basic_service": True, "deadline": "", "deadline_state": "", "target": "", "late_actions": 0}
    >>> of_unit(row)
    [('few', 'basic service: has 12 of 30 required answers')]
    """
    if row["unit"] == UNKNOWN_UNIT:
        return [("unlisted", f"{row['answers']} answers name no listed unit")] if row["answers"] else []
    found = [*_report(row), *_answers(row)]
    if row["late_actions"]:
        found.append(("late-plan", f"{row['late_actions']} of {row['planned_actions']} actions are late"))
    if row["reaches"] == "surely not":
        found.append(("below-target", f"surely below its target of {row['target']}"))
    return sorted(found, key=lambda one: _RANK[one[0]])


def _report(row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if row["data"] == "not read":
        return  # nothing can be up to date that was never read
    if row["report"] == "failed":
        yield "failed", f"report failed (skm why {row['survey']} {row['unit']})"
    elif row["report"] in ("stale", "missing"):
        yield "outdated", f"report is {row['report']}"
    elif row["report"] == "edited":
        yield "edited", "report was edited by hand"


def _answers(row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Whether answers lack, and how urgently: by the deadline, or else as a basic service."""
    if row["data"] in ("ok", "open"):
        return
    few = f"has {row['answers']} of {row['required']} required answers"
    if not row["required"]:
        few = f"has {row['answers']} answers: for information only below {enough()}; how many users it has is not known"
    missing = {"none": "has no answers", "not read": "has answers that were not read yet"}.get(
        row["data"], few
    )
    basic = "basic service" if row["basic_service"] else ""
    until = f"deadline {row['deadline']} {days(row['days_left'])}" if row["deadline_state"] else ""
    sentence = ": ".join(part for part in (", ".join(p for p in (basic, until) if p), missing) if part)
    if row["data"] == "not read":
        yield "not-read", sentence
    # Before its deadline is near a unit is still collecting; of a basic service that is said all the same.
    elif row["deadline_state"] or row["basic_service"] or not row["deadline"]:
        kind = "empty" if row["data"] == "none" else "few"
        yield kind + (f"-{row['deadline_state']}" if row["deadline_state"] else ""), sentence


def days(left: int) -> str:
    """The distance of a day in words.

    Examples
    --------
    >>> days(-1), days(0), days(12)
    ('passed 1 day ago', 'is today', 'in 12 days')
    """
    number = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return "is today" if left == 0 else f"passed {number} ago" if left < 0 else f"in {number}"


def pressing(row: Mapping[str, Any]) -> tuple[int, bool, float, int]:
    """Sort key of units: the worst cause, basic services first, then what share of the answers is there."""
    worst = row["causes"][0] if row["causes"] else ""
    if not worst:
        return len(_RANK), False, 0.0, 0
    share = (row["answers"] or 0) / (row["required"] or enough())
    left = row["days_left"] if row["days_left"] is not None else 0
    return _RANK[worst], not row["basic_service"], round(share, 6), left


def groups(rows: Sequence[Mapping[str, Any]], other: Mapping[str, int]) -> tuple[Group, ...]:
    """Group units by cause, the most urgent cause first.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of `status.State`, in the order in which units are to stand.
    other : mapping
        Causes that are no unit's (``lost``, ``unused``) and how many things they are.
    """
    found = []
    for code, cause in CAUSES.items():
        own = [row for row in rows if code in row["causes"]]
        if code == "unlisted":
            if count := sum(int(row["answers"] or 0) for row in own):
                found.append(Group(cause, (), 0, count))
        elif own:
            basic = sum(bool(row["basic_service"]) for row in own)
            found.append(Group(cause, tuple(str(row["unit"]) for row in own), basic, len(own)))
        elif other.get(code):
            found.append(Group(cause, (), 0, other[code]))
    return tuple(found)
