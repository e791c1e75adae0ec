"""What of a survey's folders goes into its replication package, and what does not."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.intake.followup.actions import COLUMNS as PLAN_COLUMNS
from pipeline.intake.followup.actions import FILE as PLAN_FILE
from pipeline.intake.followup.read import read as read_plan
from pipeline.office.results import PUBLISHED
from pipeline.results import csvfile
from pipeline.run.keys import DEFINITION_FILES, THEMES_FILE
from pipeline.run.plan import UNITS_FILE
from pipeline.survey.context import ASKED_FILE
from pipeline.survey.identity.persons import mask
from pipeline.survey.written import CONTENT, is_written

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.office.city import Results
    from pipeline.survey import Survey

#: Result tables of the package: those of which ``results.csv`` publishes the rows, and what else the city's
#: overview is made of. Others tell their numbers on the annex's pages only.
TABLES = (*PUBLISHED, "trend", "city", "followup")
#: Statistics that do not rest on what people of this survey answered.
COUNTS = (
    "n", "n_valid", "population", "required", "required_krejcie_morgan", "required_slovin", "shortfall", "coverage",
    "ikm_then",
)  # fmt: skip
#: Parts of an entry of the list of units that hold no text of a raw file.
_UNIT_KEYS = ("id", "slug", "name", "n", "required")


def definition(survey: Survey, private: list[str]) -> dict[str, bytes]:
    """Files of the definition by name; the plan for follow-up as reports print it.

    Parameters
    ----------
    survey : Survey
    private : list of str
        Units of which nothing but the count may be told.
    """
    found = {}
    for name in (*DEFINITION_FILES, THEMES_FILE):
        path = survey.raw / name
        if path.is_file():
            found[name] = path.read_bytes()
    for path in sorted((survey.raw / CONTENT).rglob("*.md")):
        found[path.relative_to(survey.raw).as_posix()] = path.read_bytes()
    if text := plan(survey, private):
        found[PLAN_FILE] = text
    return found


def plan(survey: Survey, private: list[str]) -> bytes:
    """The plan for follow-up as CSV, persons masked, without units of fewer than five answers; empty: none."""
    actions = [action for action in read_plan(survey).actions if action.unit not in private]
    if not actions:
        return b""
    rows = []
    for one in actions:
        values = {name: getattr(one, name, "") for name in PLAN_COLUMNS}
        values["id"] = "" if str(values["id"]).startswith("#") else values["id"]
        rows.append(["" if value is None else str(value) for value in values.values()])
    return csvfile.as_csv(PLAN_COLUMNS, rows)


def doubtful(survey: Survey) -> list[str]:
    """Lines of ``survey.yml`` that look as if they named or led to a person, a sentence each.

    A contact, a team and a signature are meant to be printed; whoever publishes the package looks at them once.
    """
    lines = (survey.raw / "survey.yml").read_text(encoding="utf-8-sig").splitlines()
    return [f"survey.yml, line {number}" for number, line in enumerate(lines, 1) if mask(line) != line]


def tables(found: Results) -> Iterator[tuple[str, bytes]]:
    """Result tables that may be published, how was asked, and the list of units, by file name.

    A table of which every row may be shown is the stored file itself, so that its hash is the one in ``run.json``.
    """
    survey = found.survey
    for module in TABLES:
        path = survey.processed / f"{module}.parquet"
        if path.is_file():
            yield path.name, _public(found, module, path)
    if (asked := survey.processed / ASKED_FILE).is_file():
        yield ASKED_FILE, asked.read_bytes()
    listed: list[dict[str, Any]] = json.loads((survey.processed / UNITS_FILE).read_text(encoding="utf-8"))
    kept = [{key: unit[key] for key in _UNIT_KEYS if key in unit} for unit in listed]
    yield UNITS_FILE, (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _public(found: Results, module: str, path: Path) -> bytes:
    whole = found.table(module)
    rows = whole[may_be_told(whole, found.private)]
    if len(rows) == len(whole):
        return path.read_bytes()
    text = io.BytesIO()
    rows.reset_index(drop=True).to_parquet(text, index=False)
    return text.getvalue()


def may_be_told(table: pd.DataFrame, private: Sequence[str]) -> pd.Series:
    """Which rows say nothing of the answers of a unit of fewer than five (a second lock behind R6).

    What remains of such a unit says why there is no number, how many people it has and needs, or what an
    earlier survey published of it.
    """
    about = table["unit"].isin(list(private)) | table["other"].isin(list(private))
    numbers = table[["estimate", "lower", "upper", "numerator", "p"]].notna().any(axis=1)
    told: pd.Series = ~about | ~numbers | table["statistic"].isin(COUNTS)
    return told


def absent(made: Mapping[str, Any], kept: Collection[str]) -> list[tuple[str, str, str]]:
    """Files that the run read and the package does not hold: name, SHA-256, and why not."""
    rows = []
    for name, sha in made["raw"].items():
        if name in kept and name != PLAN_FILE:
            continue
        if name == PLAN_FILE:
            why = "given as reports print it: persons masked, no unit of fewer than five answers"
        elif is_written(name):
            why = "photos may show persons"
        else:
            why = "answers of respondents, or a table that belongs to them"
        rows.append((name, sha, why))
    return rows
