"""How ``skm status`` says it: one screen whatever the number of units, a table of every unit, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.rules import enough
from pipeline.survey.codes import UNKNOWN_UNIT

from .causes import CAUSES, SURVEY, Group
from .status import State

#: Columns and lines of the screen.
WIDTH, LINES = 80, 24
#: Of the JSON: raised when a key changes its meaning or goes away; new keys may come.
SCHEMA = 1
_SHORT = {"surely": "yes", "surely not": "no", "cannot be told": "?"}
_NAME = 30
#: What a state is called, in the order in which it is counted.
_ANSWERS = {
    "ok": "enough", "open": f"with {enough()} or more, users not known", "few": "too few", "none": "none",
    "not read": "not read",
}  # fmt: skip
_REPORTS = {
    "ok": "up to date", "stale": "older than their data", "edited": "edited by hand", "failed": "failed",
    "missing": "missing",
}  # fmt: skip
_TARGETS = {"surely": "surely reached", "surely not": "surely not", "cannot be told": "cannot be told"}

Mark = Callable[[str], str]


def screen(state: State, mark: Mark = str) -> list[str]:
    """What needs somebody, grouped by cause, then a line for each state; at most `LINES` lines.

    Parameters
    ----------
    state : State
    mark : callable
        How the heading of a cause is set apart on this terminal.
    """
    above, below = list(_above(state)), list(_below(state))
    room = LINES - len(above) - len(below)
    # Three lines a cause as long as there is room, then one: the least urgent are told shortest.
    long = len(state.groups)
    while long and 3 * long + (len(state.groups) - long) > room:
        long -= 1
    told: list[str] = []
    for number, group in enumerate(state.groups, 1):
        told += _group(state, number, group, mark) if number <= long else [_one_line(state, number, group)]
    if len(told) > room:
        left = len(told) - room + 1
        told = [*told[: room - 1], f"and {left} more causes: skm status {state.survey} --json"]
    return [*above, *told, *below]


def _above(state: State) -> Iterator[str]:
    day = state.on.isoformat()
    yield _cut(f"{state.title} ({state.survey}), {day}")
    if state.running:
        yield _cut(f"A run is going on ({state.running}); this is how far it is.")
    if not state.groups:
        yield _nobody(state)
    else:
        things = len(state.groups)
        who = len({unit for group in state.groups for unit in group.units})
        yield _cut(
            f"{things} cause{'' if things == 1 else 's'} to see to, the most urgent first; "
            f"{who} of {_units(state.listed)} concerned:"
        )


def _nobody(state: State) -> str:
    """Why no cause is told."""
    if state.past:
        return "Nothing is late."
    return "Nothing needs somebody." if state.rows else "No unit is chosen."


def _units(count: int) -> str:
    return f"{count} unit{'' if count == 1 else 's'}"


def _listed(state: State) -> list[dict[str, Any]]:
    return [row for row in state.rows if row["unit"] != UNKNOWN_UNIT]


def _heading(state: State, number: int, group: Group) -> str:
    basic = f", {group.basic} basic service{'' if group.basic == 1 else 's'}" if group.basic else ""
    if group.units:
        return f"{number}. {group.cause.what}: {_units(group.count)}{basic}"
    thing = group.cause.things[group.count != 1]
    return f"{number}. {group.cause.what}: {group.count} {thing}".rstrip()


def _do(state: State, group: Group) -> str:
    if state.running and group.cause.code in ("not-read", "outdated"):
        return "Wait for the run that is going on"
    return group.cause.do.replace(SURVEY, state.survey)


def _group(state: State, number: int, group: Group, mark: Mark) -> list[str]:
    """Three lines of a cause: what and how many, what to do, which units; two where it is no unit's."""
    lines = [mark(_cut(_heading(state, number, group))), _cut(f"   {_do(state, group)}")]
    if group.units:
        rows = {row["unit"]: row for row in state.rows}
        names = [f"{unit}{_figure(group, rows[unit])}" for unit in group.units]
        lines.append("   " + _first(names, WIDTH - 3))
    return lines


def _one_line(state: State, number: int, group: Group) -> str:
    heading = _heading(state, number, group)
    room = WIDTH - len(heading) - 2
    if group.units and room > 12:
        heading += f" ({_first(list(group.units), room - 1)})"
    return _cut(heading)


def _figure(group: Group, row: dict[str, Any]) -> str:
    """The figure that goes with a unit under a cause."""
    code = group.cause.code
    if code.startswith("few"):
        return f" {row['answers']}" + (f"/{row['required']}" if row["required"] else "")
    if code == "late-plan":
        return f" {row['late_actions']} late"
    return ""


def _first(names: Sequence[str], room: int) -> str:
    """As many names as a line holds, and how many more there are.

    Examples
    --------
    >>> _first(["a", "b", "c"], 80), _first(["aaaa", "bbbb", "cccc"], 14)
    ('a, b, c', 'aaaa, + 2 more')
    """
    for count in range(len(names), 0, -1):
        rest = len(names) - count
        text = ", ".join(names[:count]) + (f", + {rest} more" if rest else "")
        if len(text) <= room:
            return text
    return f"{len(names)} units" if len(names) > 1 else _cut(names[0], room)


def _cut(text: str, room: int = WIDTH) -> str:
    # A title may hold what moves the cursor of a terminal.
    text = "".join(letter for letter in text if letter.isprintable())
    return text if len(text) <= room else text[: room - 4].rstrip() + " ..."


def _below(state: State) -> Iterator[str]:
    rows = _listed(state)
    if state.never_run:
        yield f"No run of this survey yet; --units lists its units, skm run {state.survey} reads their answers"
        return
    if not rows:
        yield _cut(f"All units: skm status {state.survey} --units")
        return
    if len(rows) < state.listed:  # else the counts below would be taken for those of all
        yield f"Of {'this unit' if len(rows) == 1 else f'these {len(rows)} units'}:"
    yield _line("Answers", _counted(rows, "data", _ANSWERS))
    yield _line("Reports", _counted(rows, "report", _REPORTS))
    if any(row["target"] for row in rows):
        counts = _counted([row for row in rows if row["target"]], "reaches", _TARGETS)
        none = sum(bool(row["target"]) and not row["reaches"] for row in rows)
        yield _line("Target", [*counts, *([f"{none} not judged"] if none else [])])
    if any(row["deadline"] for row in rows):
        count = {name: sum(row["deadline_state"] == name for row in rows) for name in ("passed", "near")}
        later = sum(bool(row["deadline"]) and not row["deadline_state"] for row in rows)
        parts = [(count["passed"], "passed"), (count["near"], "near"), (later, "later")]
        yield _line("Deadline", [f"{n} {word}" for n, word in parts if n])
    if state.plans:
        planned = [row for row in rows if row["planned_actions"]]
        late = sum(row["late_actions"] > 0 for row in planned)
        yield _line("Follow-up", [f"{_units(len(planned))} with a plan", f"{late} of them late"])
    yield _cut(f"All units: skm status {state.survey} --units (also --only, --type, --late, --html)")


def _counted(rows: Sequence[dict[str, Any]], key: str, names: dict[str, str]) -> list[str]:
    counts = {state: sum(row[key] == state for row in rows) for state in names}
    return [f"{count} {names[state]}" for state, count in counts.items() if count]


def _line(name: str, parts: Sequence[str]) -> str:
    return _cut(f"{name:<10} {', '.join(parts)}" if parts else name)


def table(state: State) -> Iterator[str]:
    """Every unit on a line, the most urgent first; its causes by their numbers on the screen."""
    if not state.rows:
        yield _nobody(state)
        return
    number = {group.cause.code: str(place) for place, group in enumerate(state.groups, 1)}
    for group in state.groups:
        yield _cut(_heading(state, int(number[group.cause.code]), group))
    if state.groups:
        yield ""
    width = max([min(len(row["unit"]), _NAME) for row in state.rows] + [4])
    yield f"{'unit':<{width}}  answers/req.  report   target     deadline   causes"
    for row in state.rows:
        needed = f"/{row['required']}" if row["required"] else ""
        answers = "not read" if row["answers"] is None else f"{row['answers']}{needed}"
        mark = f"{row['target']} {_SHORT.get(row['reaches'], '-')}" if row["target"] else ""
        causes = " ".join(number[code] for code in row["causes"] if code in number)
        line = f"{answers:>12}  {row['report']:<7}  {mark:<9}  {_left(row['days_left']):<9}  {causes}"
        if len(row["unit"]) > width:
            yield row["unit"]
        name = row["unit"] if len(row["unit"]) <= width else ""
        yield f"{name:<{width}}  {line}".rstrip()
    if any(row["target"] for row in state.rows):
        yield "target: yes surely reached, no surely not, ? cannot be told, - no verdict yet"


def _left(left: int | None) -> str:
    if left is None:
        return ""
    return "today" if left == 0 else f"{-left} d ago" if left < 0 else f"in {left} d"


def as_object(state: State) -> dict[str, Any]:
    """The state as JSON holds it: docs/status.md says what each key is."""
    return {
        "schema": SCHEMA,
        "survey": state.survey,
        "title": state.title,
        "on": state.on.isoformat(),
        "running": state.running,
        "never_run": state.never_run,
        "only_late": state.past,
        "listed": state.listed,
        "causes": [
            {
                "cause": group.cause.code, "what": group.cause.what, "do": _do(state, group),
                "count": group.count, "basic_services": group.basic, "units": list(group.units),
            }
            for group in state.groups
        ],
        "units": state.rows,
    }  # fmt: skip


def as_json(state: State, *, plain: bool = False) -> str:
    """The state as JSON text; `plain` escapes what is not ASCII."""
    return json.dumps(as_object(state), indent=1, ensure_ascii=plain)


def only_past(state: State) -> State:
    """The same of what a day has passed with: answers after their deadline, actions of the follow-up."""
    groups = tuple(group for group in state.groups if group.cause.past)
    units = {unit for group in groups for unit in group.units}
    past = {code for code, cause in CAUSES.items() if cause.past}
    rows = [{**row, **_kept(row, past)} for row in state.rows if row["unit"] in units]
    return replace(state, rows=rows, groups=groups, past=True)


def _kept(row: dict[str, Any], codes: set[str]) -> dict[str, list[str]]:
    pairs = [pair for pair in zip(row["causes"], row["attention"], strict=True) if pair[0] in codes]
    return {"causes": [code for code, _ in pairs], "attention": [text for _, text in pairs]}
