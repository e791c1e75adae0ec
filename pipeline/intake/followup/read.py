"""Reading ``follow-up.csv``: the rows that say something, and one sentence for each that does not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline import rules
from pipeline.intake.followup.actions import (
    COLUMNS,
    DONE,
    FILE,
    NEEDED,
    PLANNED,
    Action,
    day,
    plain,
    role,
    spellings,
)
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.survey import Survey, SurveyError
from pipeline.survey.errors import did_you_mean
from pipeline.survey.text import fold
from pipeline.survey.unit_list import read_cells

#: A plan of thirty thousand units with ten actions each has some 60 MB.
MAX_BYTES = 100_000_000


@dataclass(frozen=True)
class Plan:
    """What a survey's ``follow-up.csv`` holds; ``there`` is False where there is no such file."""

    actions: tuple[Action, ...] = ()
    problems: tuple[Problem, ...] = ()
    there: bool = False


@dataclass
class _Reading:
    """One reading of a file: what words stand for, and what was found so far."""

    survey: Survey
    items: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)


def read(survey: Survey) -> Plan:
    """Read the plan of a survey.

    Parameters
    ----------
    survey : Survey

    Returns
    -------
    Plan
        The actions in the order of the file. A row that cannot be used is left out and told by one
        problem with row and column; the others count.
    """
    path = survey.raw / FILE
    if not path.exists() and not path.is_symlink():
        return Plan()
    try:
        table = read_cells(path, FILE, MAX_BYTES, "a plan for follow-up")
    except SurveyError as error:
        return Plan((), tuple(Problem(p.what, p.hint, file=FILE) for p in error.problems), there=True)
    reading = _Reading(survey, _items(survey))
    found: list[Action] = []
    try:
        places = _header(table, reading)
    except Refused as error:
        return Plan((), (*reading.problems, error.problem(FILE)), there=True)
    for row, line in _rows(table):
        try:
            found.append(_action(row, line, places, reading))
        except Refused as error:
            problem = replace(error.problem(FILE), row=row, fatal=False)
            reading.problems.append(problem)
    return Plan(tuple(found), tuple(reading.problems), there=True)


def _rows(table: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for row, line in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in line):
            yield row, line


def _header(table: list[list[str]], reading: _Reading) -> dict[str, int]:
    """Place of each column; refused where one lacks without which no row says anything."""
    known, places = spellings("columns"), dict[str, int]()
    for place, cell in enumerate(table[0] if table else []):
        name, text = known.get(fold(cell), ""), cell.strip()
        if name and name not in places:
            places[name] = place
        elif text:
            reading.problems.append(
                Problem("is no column of a plan, or stands there twice, and is not read",
                        f"columns are {', '.join(COLUMNS)}", file=FILE, row=1, column=plain(text), fatal=False)
            )  # fmt: skip
    for name in NEEDED:
        if name not in places and not (name == "unit" and len(reading.survey.units) == 1):
            hint = f"the first row names the columns: {', '.join(COLUMNS)}"
            raise Refused(f'has no column "{name}"', hint, row=1)
    return places


def _items(survey: Survey) -> dict[str, str]:
    """Every folded code and name of an unsur or own item, and its code."""
    rule = rules.load(survey.definition.rule)
    found: dict[str, str] = {}
    for unsur in rule.unsur:
        texts = (unsur.name["id"], unsur.name["en"], unsur.short["id"], unsur.short["en"], *unsur.labels)
        for text in texts:
            found.setdefault(fold(text), unsur.code)
    found |= {fold(unsur.code): unsur.code for unsur in rule.unsur}
    for code, instrument in survey.definition.instruments.items():
        found |= {fold(f"{code}.{item}"): f"{code}.{item}" for item in instrument.items}
    return found


def _action(row: int, line: list[str], places: Mapping[str, int], reading: _Reading) -> Action:
    """One row as an action."""
    beyond = itertools.islice(line, max(places.values()) + 1, None)
    if len(line) > len(places) and any(cell.strip() for cell in beyond):
        raise Refused("has more cells than there are columns: the row does not count",
                      "put a text that contains the delimiter in double quotes")  # fmt: skip
    text = {name: line[place].strip() if place < len(line) else "" for name, place in places.items()}
    unit = _unit(text.get("unit", ""), reading)
    unsur = _unsur(text.get("unsur", ""), reading)
    action = plain(text["action"])
    if not action:
        raise Refused("says nothing: the row does not count", "say what is to be done, or delete the row",
                      column="action")  # fmt: skip
    due, done = (_day(name, text.get(name, "")) for name in ("due", "done"))
    status = _status(text.get("status", ""), DONE if done else PLANNED)
    if done and status != DONE:
        raise Refused("has a day on which it was done, and a status that says it is not: the row does not count",
                      "clear the day, or write done (selesai) as its status", column="done")  # fmt: skip
    name = plain(text.get("id", ""))
    first = reading.seen.setdefault((unit, name), row) if name else row
    if first != row:
        raise Refused(f'the id "{name}" stands in row {first}, too: this row does not count',
                      "give each action of a unit an id of its own", column="id")  # fmt: skip
    return Action(name or f"#{row}", unit, unsur, action, _owner(row, text.get("owner", ""), reading),
                  due, status, done, plain(text.get("evidence", "")), row)  # fmt: skip


def _owner(row: int, text: str, reading: _Reading) -> str:
    """Who is in charge, masked where that names a person; then it is said."""
    found = role(text)
    if "<" in found and "<" not in text:
        reading.problems.append(
            Problem("named a person, or holds a number, and is masked; the row counts",
                    "name a role or a unit: it stays when people change",
                    file=FILE, row=row, column="owner", fatal=False)
        )  # fmt: skip
    return found


def _unit(text: str, reading: _Reading) -> str:
    survey = reading.survey
    if not text and len(survey.units) == 1:
        return survey.units[0].id
    if not text:
        raise Refused(
            "names no unit: the row does not count", "write its id or name as in units.csv", column="unit"
        )
    found = survey.spellings.get(fold(text))
    if found is None:
        hint = survey.near(text) or "write its id or name as in units.csv"
        raise Refused(f'there is no unit "{text}": the row does not count', hint, column="unit")
    return found


def _unsur(text: str, reading: _Reading) -> str:
    """Code of an unsur, empty where the action is about none."""
    if not text:
        return ""
    found = reading.items.get(fold(text))
    if found is None:
        # "U3 Waktu penyelesaian", as a report prints it: the name must not contradict the code.
        head, _, tail = text.partition(" ")
        code, name = reading.items.get(fold(head)), reading.items.get(fold(tail))
        found = code if code is not None and fold(code) == fold(head) and name in (None, code) else None
    if found is None:
        hint = (
            did_you_mean(text, reading.items)
            or "write its code (U1 to U9) or its name, or leave the cell empty"
        )
        raise Refused(f'there is no unsur "{text}": the row does not count', hint, column="unsur")
    return found


def _day(column: str, text: str) -> date | None:
    if not text:
        return None
    found = day(text)
    if found is None:
        raise Refused(
            f'"{text}" is no day: the row does not count',
            "write it as 2025-06-30 or 30/06/2025",
            column=column,
        )
    return found


def _status(text: str, otherwise: str) -> str:
    if not text:
        return otherwise
    known = spellings("statuses")
    found = known.get(fold(text))
    if found is None:
        hint = (
            did_you_mean(text, known)
            or "planned, in progress, done, dropped (direncanakan, berjalan, selesai, dibatalkan)"
        )
        raise Refused(f'"{text}" is no status: the row does not count', hint, column="status")
    return found
