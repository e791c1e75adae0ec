"""Reading ``units.csv`` and ``services.csv``: every problem of the list at once, and what makes it ambiguous."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipeline.survey import plainfile
from pipeline.survey.agencies import circles
from pipeline.survey.codes import UNKNOWN_UNIT
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.text import fold
from pipeline.survey.units import Unit, slug

COLUMNS = (
    "id", "name", "aliases", "type", "parent", "population", "sets", "basic_service",
    "target", "deadline",
)  # fmt: skip


SERVICE_COLUMNS = ("unit", "service", "aliases", "population")


#: A list of 30,000 units has some 3 MB.
MAX_BYTES = 100_000_000


#: Control characters and those that turn the direction of writing round.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


_TRUE = {"yes", "ya", "y", "true", "1", "x"}


_FALSE = {"", "no", "tidak", "t", "n", "false", "0"}


def read_rows(
    path: Path, shown: str, allowed: tuple[str, ...], needed: tuple[str, ...]
) -> list[dict[str, str]]:
    """Read a small CSV with known columns; ``_line`` holds the row a spreadsheet shows."""
    table = read_cells(path, shown)
    header = [cell.strip() for cell in table[0]] if table else []
    if len(header) > 50:
        raise SurveyError(
            [Problem(f"has {len(header)} columns, which no such list needs", file=shown, line=1)]
        )
    problems = []
    for name in header:
        if name not in allowed:
            hint = did_you_mean(name, allowed) or f"columns are {', '.join(allowed)}"
            problems.append(Problem(f'there is no column "{name}"', file=shown, line=1, hint=hint))
    for name in needed:
        if name not in header:
            problems.append(Problem(f'the column "{name}" is missing', file=shown, line=1))
    if len(set(header)) < len(header):
        problems.append(Problem("a column is given twice", file=shown, line=1))
    if problems:
        raise SurveyError(problems)
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if invisible := _INVISIBLE.search("".join(cells)):
            problems.append(
                Problem(
                    f"holds an invisible character (U+{ord(invisible[0]):04X})",
                    file=shown, line=number, hint="delete it: it can hide or turn round what a name says",
                )
            )  # fmt: skip
            continue
        if len(cells) > len(header):
            problems.append(
                Problem(
                    f"has {len(cells)} cells, the header has {len(header)}",
                    file=shown,
                    line=number,
                    hint="put a name that contains the delimiter in double quotes",
                )
            )
            continue
        # A line may end early: what it lacks is empty, like what it leaves empty.
        row = {name: cell.strip() for name, cell in itertools.zip_longest(header, cells, fillvalue="")}
        row["_line"] = str(number)
        rows.append(row)
    if problems:
        raise SurveyError(problems)
    return rows


def read_cells(
    path: Path, shown: str, limit: int = MAX_BYTES, what: str = "a list of units"
) -> list[list[str]]:
    """Decode a small CSV and split it into cells, whatever its delimiter."""
    raw = plainfile.read(path, shown, limit, what)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        hint = "a cell may hold an unclosed quotation mark"
        raise SurveyError([Problem(f"cannot be split into cells ({error})", file=shown, hint=hint)]) from None
    if any(len(cell) > 100_000 for cells in table for cell in cells):
        hint = "a quotation mark may never be closed"
        what = "cannot be split into cells (one has more than 100,000 characters)"
        raise SurveyError([Problem(what, file=shown, hint=hint)])
    return table


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _count(text: str, shown: str, line: int, key: str, problems: list[Problem]) -> int | None:
    if not text:
        return None
    plain = re.sub(r"(?<=\d)[. ](?=\d{3}(\D|$))", "", text)
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        problems.append(
            Problem(f'"{text}" is not a count', file=shown, line=line, key=key, hint="write digits only")
        )
        return None
    return int(plain)


def _points(text: str, shown: str, line: int, problems: list[Problem]) -> str:
    plain = text.replace(",", ".")
    if plain and not (re.fullmatch(r"[0-9]{1,3}([.][0-9]+)?", plain) and float(plain) <= 100):
        problems.append(Problem(f'"{text}" is not a number of index points', file=shown, line=line, key="target",
                                hint="write it like 88.31, or leave it empty"))  # fmt: skip
        return ""
    return plain


def _day(text: str, shown: str, line: int, problems: list[Problem]) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        problems.append(Problem(f'"{text}" is not a day', file=shown, line=line, key="deadline",
                                hint="write it as year-month-day, like 2024-11-30"))  # fmt: skip
        return ""


def read_units(path: Path, services: Path, shown: str, shown_services: str) -> tuple[Unit, ...]:
    """Read ``units.csv`` and, where it exists, ``services.csv``; report every problem at once."""
    problems: list[Problem] = []
    rows = read_rows(path, shown, COLUMNS, ("id", "name"))
    per_unit, aliases = _services(services, shown_services, problems) if services.is_file() else ({}, {})
    units: list[Unit] = []
    for row in rows:
        line = int(row["_line"])
        name = row.get("name", "")
        identity = row.get("id", "")
        if not identity or not name:
            problems.append(Problem("id and name must be given", file=shown, line=line))
            continue
        if identity.casefold() == UNKNOWN_UNIT or re.search(r"[@*?\[\];]", identity):
            problems.append(
                Problem(f'"{identity}" cannot be an id', file=shown, line=line, key="id",
                        hint='letters, digits and hyphens; "unknown" is reserved')
            )  # fmt: skip
            continue
        basic = row.get("basic_service", "").casefold()
        if basic not in _TRUE | _FALSE:
            problems.append(
                Problem(f'"{basic}" is neither yes nor no', file=shown, line=line, key="basic_service")
            )
        mine = per_unit.pop(identity, {})
        population = _count(row.get("population", ""), shown, line, "population", problems)
        if population is None and mine and all(value is not None for value in mine.values()):
            population = sum(value or 0 for value in mine.values())
        units.append(
            Unit(
                id=identity,
                name=name,
                aliases=_split(row.get("aliases", "")),
                type=row.get("type", ""),
                parent=row.get("parent", ""),
                population=population,
                services=mine,
                service_aliases=aliases.get(identity, {}),
                sets=tuple(s.removeprefix("@") for s in _split(row.get("sets", ""))),
                basic_service=basic in _TRUE,
                target=_points(row.get("target", ""), shown, line, problems),
                deadline=_day(row.get("deadline", ""), shown, line, problems),
            )
        )
    known = [unit.id for unit in units]
    for stray in per_unit:
        problems.append(
            Problem(f'the unit "{stray}" is not in units.csv', file=shown_services, key="unit",
                    hint=did_you_mean(stray, known))
        )  # fmt: skip
    if not units and not problems:
        problems.append(Problem("lists no unit", file=shown))
    problems += check(units, shown)
    if problems:
        raise SurveyError(problems)
    return tuple(units)


def _services(
    path: Path, shown: str, problems: list[Problem]
) -> tuple[dict[str, dict[str, int | None]], dict[str, dict[str, str]]]:
    counts: dict[str, dict[str, int | None]] = {}
    aliases: dict[str, dict[str, str]] = {}
    for row in read_rows(path, shown, SERVICE_COLUMNS, ("unit", "service")):
        line = int(row["_line"])
        if not row["unit"] or not row["service"]:
            problems.append(Problem("unit and service must be given", file=shown, line=line))
            continue
        mine = counts.setdefault(row["unit"], {})
        if row["service"] in mine:
            problems.append(Problem(f'"{row["service"]}" is listed twice', file=shown, line=line))
        mine[row["service"]] = _count(row.get("population", ""), shown, line, "population", problems)
        for spelling in (row["service"], *_split(row.get("aliases", ""))):
            aliases.setdefault(row["unit"], {})[fold(spelling)] = row["service"]
    return counts, aliases


def check(units: Iterable[Unit], shown: str = "units.csv") -> list[Problem]:
    """Return what makes a list of units ambiguous: ids, names, folder names, parents."""
    problems: list[Problem] = []
    by_name: dict[str, str] = {}
    by_slug: dict[str, str] = {}
    ids: set[str] = set()
    units = list(units)
    for unit in units:
        if unit.id in ids:
            problems.append(Problem(f'the id "{unit.id}" is listed twice', file=shown, key="id"))
            continue
        ids.add(unit.id)
        for spelling in dict.fromkeys(fold(s) for s in (unit.id, unit.name, *unit.aliases)):
            if not spelling:
                continue
            other = by_name.setdefault(spelling, unit.id)
            if other != unit.id:
                problems.append(
                    Problem(f'"{spelling}" names both "{other}" and "{unit.id}"', file=shown,
                            hint="make ids, names and aliases different from one another")
                )  # fmt: skip
        folder = slug(unit.id)
        other = by_slug.setdefault(folder, unit.id)
        if other != unit.id:
            problems.append(
                Problem(f'"{other}" and "{unit.id}" would share the folder "{folder}"', file=shown,
                        key="id", hint="change one id")
            )  # fmt: skip
    for unit in units:
        if unit.parent and unit.parent not in ids:
            problems.append(
                Problem(f'the parent "{unit.parent}" of "{unit.id}" is not a unit id', file=shown,
                        key="parent", hint=did_you_mean(unit.parent, ids))
            )  # fmt: skip

    return problems + circles(units, shown)
