"""The published number: its row of the result table, of ``results.csv``, and the pages it stands on."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import LANGUAGES, results
from pipeline.results.matching import ANSWERS_FILE, answers, matching
from pipeline.survey.errors import Problem, SurveyError
from pipeline.trace.model import Published
from pipeline.words import formats

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Row
    from pipeline.survey import Survey

#: Tables that hold means of items and indices, the survey's own first.
TABLES = ("index", "instruments")
#: What tells one row of `results.csv` from all others.
KEY = ("module", "scope", "unit", "service", "group", "item", "other", "statistic", "method")


def tables(survey: Survey) -> dict[str, pd.DataFrame]:
    """Rows of the two tables that a trace reads: of units and of the city, no services and no groups of units.

    A questionnaire with an index of its own stands in the column of groups.

    Raises
    ------
    SurveyError
        If the survey was not run yet.
    """
    found = {}
    for name in TABLES:
        path = Path(survey.processed) / f"{name}.parquet"
        if path.is_file():
            table = matching(path, [[("scope", "==", scope)] for scope in ("unit", "city")]).to_pandas()
            whole = (table["service"] == "") & ((table["group"] == "") | (name == "instruments"))
            found[name] = table[whole]
    if "index" not in found:
        raise SurveyError([Problem(f"{survey.name} has no results yet", hint=f"run: skm run {survey.name}")])
    return found


def of_service(survey: Survey, unit: str, service: str) -> dict[str, pd.DataFrame]:
    """Rows of the table of indices that are about one service of a unit."""
    path = Path(survey.processed) / "index.parquet"
    wanted = [("scope", "==", "service"), ("unit", "==", unit), ("service", "==", service)]
    table = matching(path, [wanted]).to_pandas()
    return {"index": table[table["group"] == ""]}


def services(survey: Survey, unit: str) -> list[str]:
    """The services that the answers of a unit name; none where the survey was not run yet.

    Small ones are published together under another name: each can be traced, their sum is nobody's.
    """
    if not (Path(survey.processed) / ANSWERS_FILE).is_file():
        return []
    found = answers(Path(survey.processed), unit, ["unit", "service"])
    return sorted({str(name) for name in found["service"].to_pylist() if name})


def rows(tables: Mapping[str, pd.DataFrame], **wanted: str) -> list[tuple[str, Row]]:
    """Rows of all tables that hold these values, with the table's name."""
    return [
        (name, row)
        for name, table in tables.items()
        for row in results.rows_of(results.pick(table, **wanted))
    ]


#: Rows of ``results.csv`` by `KEY`: the row's number, and its cells by column.
Lines = Mapping[tuple[str, ...], tuple[int, dict[str, str]]]


def published(found: Sequence[tuple[str, Row]], lines: Lines) -> list[Published]:
    """The rows as a trace holds them, each with its row of ``results.csv``."""
    made = []
    for module, row in found:
        key = (
            module, row.scope, row.unit, row.service, row.group, row.item, row.other, row.statistic, row.method
        )  # fmt: skip
        number, line = lines.get(key, (None, {}))
        made.append(
            Published(
                row.statistic, row.estimate, row.numerator, row.denominator, row.n,
                row.text, row.method, row.reason, number,
                (line.get("numerator", ""), line.get("denominator", "")),
            )
        )  # fmt: skip
    return made


def statistics(survey: Survey) -> set[str]:
    """Statistics of ``results.csv``; empty where the file is not there."""
    path = Path(survey.public) / "results.csv"
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {line.get("statistic") or "" for line in csv.DictReader(file)} - {""}


def csv_lines(survey: Survey, unit: str, statistics: Sequence[str]) -> Lines:
    """Rows of ``results.csv`` about a unit (empty: the city), by what tells them apart, with their numbers.

    The number is the one a spreadsheet shows: the header is 1. Empty where the file is not there.
    """
    path = Path(survey.public) / "results.csv"
    if not path.is_file():
        return {}
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        names = next(lines, [])
        at = {name: place for place, name in enumerate(names)}
        if not set(KEY) <= set(at):
            return {}
        for number, cells in enumerate(lines, 2):
            if cells[at["unit"]].removeprefix("'") == unit and cells[at["statistic"]] in statistics:
                # A text that a spreadsheet would run is written with an apostrophe before it.
                line = {name: cell.removeprefix("'") for name, cell in zip(names, cells, strict=False)}
                found[tuple(line[name] for name in KEY)] = (number, line)
    return found


def pages(survey: Survey, slug: str, city: bool, texts: Sequence[str]) -> list[tuple[str, str | None]]:
    """Files about the unit or the city that are there, below ``reports/<survey>/``, with the number as it is printed.

    Only pages that are text are looked into; the others are made of the same tables.
    """
    if city:
        names = ["public/index.html", "public/overview.html", "public/overview.pdf", "public/results.xlsx"]
    else:
        unit = f"units/{slug}"
        names = [
            f"public/{unit}/report.html", f"public/{unit}/report.pdf", f"public/{unit}/data.xlsx",
            f"public/{unit}/form.pdf", f"internal/{unit}/rows.xlsx",
        ]  # fmt: skip
    found: list[tuple[str, str | None]] = []
    for name in names:
        path = Path(survey.reports) / name
        if path.is_file() and not name.endswith(".html"):
            found.append((name, None))
        elif path.is_file():
            page = path.read_text(encoding="utf-8")
            found.append(
                (name, next((text for text in texts if re.search(rf"\b{re.escape(text)}\b", page)), ""))
            )
    return found


def printed(value: float, digits: int) -> list[str]:
    """A number as pages of either language print it.

    Examples
    --------
    >>> printed(87.198, 2)
    ['87,20', '87.20']
    """
    return [formats.number(value, lang, digits) for lang in LANGUAGES] if value == value else []
