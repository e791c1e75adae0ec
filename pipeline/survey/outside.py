"""``external.csv``: what others measured of the same units (Ombudsman, complaints), per unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.unit_list import read_rows

FILE = "external.csv"
#: Figures that may be given, with the lowest and highest value each can have.
MEASURES: dict[str, tuple[float, float | None]] = {
    "ombudsman_score": (0, 100),
    "complaints_received": (0, None),
    "complaints_solved": (0, None),
    "complaint_days": (0, None),
}
COUNTS = ("complaints_received", "complaints_solved")
COLUMNS = ("unit", *MEASURES, "source")


@dataclass(frozen=True, slots=True)
class Outside:
    """What others measured of one unit; a figure that is not given is absent."""

    unit: str
    figures: Mapping[str, float] = field(default_factory=dict)
    source: str = ""


def read(
    path: Path, shown: str, resolve: Callable[[str], str | None], names: list[str]
) -> tuple[Outside, ...]:
    """Read ``external.csv``; every problem is reported at once.

    Parameters
    ----------
    path : Path
    shown : str
        How the file is called in messages.
    resolve : callable
        From an id, name or alias to the unit's id; None where no unit is called so.
    names : list of str
        Ids, to suggest one.

    Raises
    ------
    SurveyError
        With line and column of every figure that is none, out of range, or contradictory.
    """
    problems: list[Problem] = []
    found: list[Outside] = []
    seen: dict[str, int] = {}
    for row in read_rows(path, shown, COLUMNS, ("unit",)):
        line = int(row["_line"])
        unit = resolve(row["unit"])
        if unit is None:
            hint = did_you_mean(row["unit"], names)
            what = f'the unit "{row["unit"]}" is not in units.csv'
            problems.append(Problem(what, file=shown, line=line, key="unit", hint=hint))
            continue
        if unit in seen:
            what = f'"{row["unit"]}" is given twice (also in line {seen[unit]})'
            hint = "one line per unit; add up counts, or keep the newest score"
            problems.append(Problem(what, file=shown, line=line, key="unit", hint=hint))
            continue
        seen[unit] = line
        figures = {}
        for name in MEASURES:
            value = _figure(row.get(name, ""), name, shown, line, problems)
            if value is not None:
                figures[name] = value
        if figures.get("complaints_solved", 0) > figures.get("complaints_received", float("inf")):
            problems.append(
                Problem("more complaints were solved than received", file=shown, line=line, key="complaints_solved",
                        hint="count complaints of the same period in both columns")
            )  # fmt: skip
        found.append(Outside(unit, figures, row.get("source", "")))
    if problems:
        raise SurveyError(problems)
    return tuple(found)


def _figure(text: str, name: str, shown: str, line: int, problems: list[Problem]) -> float | None:
    if not text:
        return None
    lowest, highest = MEASURES[name]
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    whole = name in COUNTS
    if not re.fullmatch(r"[0-9]{1,9}" if whole else r"[0-9]{1,9}(\.[0-9]{1,9})?", plain):
        kind = "a count" if whole else "a number"
        problems.append(
            Problem(f'"{text}" is not {kind}', file=shown, line=line, key=name,
                    hint="write digits only; leave the cell empty where nothing is known")
        )  # fmt: skip
        return None
    value = float(plain)
    if value < lowest or (highest is not None and value > highest):
        problems.append(
            Problem(f"{text} is outside {lowest:g} to {highest:g}", file=shown, line=line, key=name)
        )
        return None
    return value
