"""The plans for follow-up: this survey's own, and what became of the newest one before it."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from typing import TYPE_CHECKING

from pipeline import results
from pipeline import survey as surveys
from pipeline.intake.followup import read as reader
from pipeline.survey import Survey, SurveyError
from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.intake.followup.read import Plan
    from pipeline.steps.answers import Answers


def followup(data: Answers) -> pd.DataFrame:
    """What became of each unit's plan: of this survey's own, and of the newest survey before it that has one.

    Units below five answers are left out of every row, those of the city among them: the table then says
    of a unit what all others say, and its sums are those of the rows that are shown. Rows ``not_read``
    carry what was wrong with a file, in its sentence.
    """
    survey, hidden = data.survey, data.shown.hidden
    listed = [unit.id for unit in survey.units if unit.id not in hidden]
    # Of a named set the file is that of the whole survey: its other units are no mistakes.
    own = reader.read(survey if data.whole else surveys.load(survey.root, survey.name))
    made = [_table(survey, frame(own), survey, listed, "")] if own.there else []
    made += [wrong(survey, own, "")]
    then = before(survey)
    if then is not None:
        old, plan = then
        here = {unit.id: here_called(survey, old, unit.id) for unit in old.units}
        asked = {now for now in here.values() if now}
        actions = frame(plan).assign(unit=lambda table: table["unit"].map(here))
        units = [unit for unit in listed if unit in asked]
        made += [_table(survey, actions, old, units, old.name), wrong(survey, plan, old.name)]
    return results.concat(made)


def frame(plan: Plan) -> pd.DataFrame:
    """A plan as a frame of one row per action, days as they are."""
    import pandas as pd

    from pipeline.statistics.followup.table import COLUMNS  # late: only what is asked for is loaded

    rows = [dict(zip((*COLUMNS, "row"), astuple(action))) for action in plan.actions]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def before(survey: Survey) -> tuple[Survey, Plan] | None:
    """The newest survey before this one that has a plan, as far as its definition can be read."""
    for name in reversed(surveys.before(survey)):
        try:
            old = surveys.load(survey.root, name)
        except SurveyError:
            continue
        plan = reader.read(old)
        if plan.there:
            return old, plan
    return None


def here_called(survey: Survey, old: Survey, unit: str) -> str:
    """The id that a unit of another survey has in this one, matched by id, name or alias; empty: none."""
    known = old.unit(unit)
    spellings = (known.id, known.name, *known.aliases)
    return next((survey.spellings[fold(s)] for s in spellings if fold(s) in survey.spellings), "")


def judged_on(survey: Survey) -> date | None:
    """The day on which a plan is judged in this survey's reports: their own, else the end of the fieldwork."""
    work = survey.definition.fieldwork
    return survey.definition.report_date or work.end or work.start


def _table(
    survey: Survey, actions: pd.DataFrame, asked_by: Survey, units: list[str], plan_of: str
) -> pd.DataFrame:
    # late: only what is asked for is loaded
    from pipeline.statistics.followup import table as module

    return module.table(
        actions,
        units=units,
        on=judged_on(survey),
        issued=asked_by.definition.report_date,
        survey=survey.name,
        plan_of=plan_of,
    )


def wrong(survey: Survey, plan: Plan, plan_of: str) -> pd.DataFrame:
    """Rows that say what of a plan was not read, one per sentence."""
    return results.frame(
        {"survey": survey.name, "scope": "surveys", "other": plan_of, "statistic": "not_read",
         "text": f"{problem.where}: {problem.what}", "method": problem.hint}
        for problem in plan.problems
    )  # fmt: skip
