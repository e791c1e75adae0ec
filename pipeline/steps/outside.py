"""What others measured of the same units: ``external.csv``, and the other survey of one period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import results
from pipeline import survey as surveys
from pipeline.survey import Survey, SurveyError
from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers

#: Measure from outside -> what it is held against: the index, and U8 (handling of complaints).
PAIRS = {
    "ombudsman_score": ("", "U8"),
    "complaints_per_1000": ("", "U8"),
    "complaints_solved_share": ("", "U8"),
    "complaint_days": ("", "U8"),
}
#: What is taken of the other survey of the period.
SHOWN = ("ikm", "letter", "n_valid")


def outside(data: Answers) -> pd.DataFrame:
    """Figures from outside beside each unit, what they have to do with the survey, and the other survey.

    Surveys of one period (``2021-internal``, ``2021-external``) are set side by side and never
    pooled: who asks, how and whom differs.
    """
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import criterion_validity

    figures = {o.unit: dict(o.figures) for o in data.survey.outside}
    for unit, mine in figures.items():
        received, users = mine.get("complaints_received"), data.population.get(unit)
        # A count follows the size of a unit; only per user does it say something of the unit.
        if received is not None and users:
            mine["complaints_per_1000"] = 1000 * received / users
        if received and "complaints_solved" in mine:
            mine["complaints_solved_share"] = mine["complaints_solved"] / received
    found = results.empty()
    if figures:  # without them nothing is held against the index, which then need not be computed
        found = criterion_validity.table(
            data.index_shown, figures, pairs=PAIRS, leave_out=data.beside_city, survey=data.survey.name
        )
    return results.concat([found, *(beside(data.survey, name) for name in siblings(data.survey))])


def siblings(survey: Survey) -> list[str]:
    """Other surveys of the same period that have been computed."""
    folder = survey.processed.parent
    return [n for n in surveys.siblings(survey) if (folder / n / "index.parquet").is_file()]


def beside(survey: Survey, name: str) -> pd.DataFrame:
    """Index, letter and answers of each unit in another survey of the period, matched by name.

    Rows have ``group`` = the other survey; ``other`` = who conducted it. What was hidden there
    stays hidden. A unit that is not found here by id, name or alias is left out.
    """
    import pandas as pd

    try:
        there = surveys.load(survey.root, name)
    except SurveyError:
        return results.empty()
    table = pd.read_parquet(survey.processed.parent / name / "index.parquet")
    table = results.pick(table, scope="unit", item="", service="", group="", statistic=list(SHOWN))
    known = {unit.id: unit for unit in there.units}

    def here(unit_id: str) -> str:
        unit = known.get(unit_id)
        spellings = (unit_id, unit.name, *unit.aliases) if unit else ()
        return next((survey.spellings[fold(s)] for s in spellings if fold(s) in survey.spellings), "")

    unit = table["unit"].map({u: here(u) for u in table["unit"].unique()})
    table = table.assign(unit=unit, group=name, other=there.definition.conducted_by, survey=survey.name)
    table = table[table["unit"] != ""].drop_duplicates(["unit", "statistic"])
    return results.frame(table)
