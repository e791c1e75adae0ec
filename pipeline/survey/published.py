"""Indices of surveys whose answers are gone: ``data/raw/<survey>/published.csv``.

Such a folder needs no ``survey.yml``: of an old survey often only the printed table is left.
The file says what was printed and under which conditions, so that a comparison can say what it
is worth (R8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.survey.errors import Problem, SurveyError
from pipeline.survey.folder import RAW, Survey, period_key
from pipeline.survey.text import fold
from pipeline.survey.unit_list import read_rows

FILE = "published.csv"
COLUMNS = ("unit", "ikm", "n", "letter", "rule", "order", "mode", "executor", "source")
#: Conditions a row may state; one survey has one of each.
CONDITIONS = ("rule", "order", "mode", "executor")
#: What stands for the whole survey in the column "unit".
WHOLE = ("", "*")


@dataclass(frozen=True)
class PublishedSurvey:
    """What is left of an earlier survey.

    Attributes
    ----------
    survey : str
        Its name.
    ikm : dict of unit id ("" the city) to index points, exactly as printed
    n : dict of unit id to respondents, where printed
    letter : dict of unit id to letter, where printed
    conditions : dict with any of rule, order, mode, executor
    unknown : tuple of str
        Names of units that the present list does not know.
    """

    survey: str
    ikm: dict[str, Decimal]
    n: dict[str, int]
    letter: dict[str, str]
    conditions: dict[str, str]
    unknown: tuple[str, ...] = ()


def published_surveys(root: Path | str) -> list[str]:
    """Names of surveys of which a ``published.csv`` is there, oldest period first."""
    folder = Path(root) / RAW
    if not folder.is_dir():
        return []
    return sorted((p.name for p in folder.iterdir() if (p / FILE).is_file()), key=period_key)


def read_published(survey: Survey, name: str) -> PublishedSurvey:
    """Read another survey's published indices, its units named as in the present ``units.csv``.

    Parameters
    ----------
    survey : Survey
        The present survey: its ids, names and aliases are what units are matched by.
    name : str
        Folder of the earlier survey.

    Raises
    ------
    SurveyError
        With every line that cannot be read.
    """
    path = survey.root / RAW / name / FILE
    shown = f"{(RAW / name).as_posix()}/{FILE}"
    problems: list[Problem] = []
    made = PublishedSurvey(name, {}, {}, {}, {})
    unknown: list[str] = []
    for row in read_rows(path, shown, COLUMNS, ("unit", "ikm")):
        line = int(row["_line"])
        told = row["unit"]
        unit = "" if told in WHOLE else survey.spellings.get(fold(told), "")
        value = _points(row["ikm"])
        if value is None:
            problems.append(
                Problem(f'"{row["ikm"]}" is not an index', file=shown, line=line, key="ikm",
                        hint="write it as printed, between 25 and 100, such as 85,97")
            )  # fmt: skip
            continue
        _conditions(row, made, shown, line, problems)
        if told not in WHOLE and not unit:
            unknown.append(told)
            continue
        if unit in made.ikm:
            problems.append(Problem(f'"{told or "*"}" is listed twice', file=shown, line=line, key="unit"))
        made.ikm[unit] = value
        if row.get("letter"):
            made.letter[unit] = row["letter"].upper()
        if count := row.get("n", ""):
            if re.fullmatch(r"[0-9]{1,9}", count):
                made.n[unit] = int(count)
            else:
                problems.append(Problem(f'"{count}" is not a count', file=shown, line=line, key="n"))
    if problems:
        raise SurveyError(problems)
    return PublishedSurvey(name, made.ikm, made.n, made.letter, made.conditions, tuple(unknown))


def _points(text: str) -> Decimal | None:
    """Index points, with a decimal point or comma; None when it is none."""
    # Decimal knows more numbers than are printed: nan (which cannot be compared), 1_0, other digits.
    if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,20})?", text.strip()):
        return None
    value = Decimal(text.strip().replace(",", "."))
    return value if Decimal(0) < value <= Decimal(100) else None


def _conditions(
    row: dict[str, str], made: PublishedSurvey, shown: str, line: int, problems: list[Problem]
) -> None:
    for key in CONDITIONS:
        told = row.get(key, "")
        if told and made.conditions.setdefault(key, told) != told:
            problems.append(
                Problem(f'says "{told}", an earlier line "{made.conditions[key]}"', file=shown, line=line,
                        key=key, hint="one survey has one; give each survey a folder of its own")
            )  # fmt: skip
