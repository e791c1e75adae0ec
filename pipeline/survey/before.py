"""Which surveys come before another: what a change, and a line over the years, is held against."""

from __future__ import annotations

from pathlib import Path

from pipeline.survey.definition import Definition
from pipeline.survey.errors import SurveyError
from pipeline.survey.folder import Survey, period_key, surveys
from pipeline.survey.loading import digest_of, load

#: A line is drawn of at most five surveys: the present one and so many before it.
MOST = 4
#: Written by a run beside the tables: earlier surveys that cannot be used, each with one sentence.
FILE = "earlier.json"


def before(survey: Survey) -> list[str]:
    """Names of the newest surveys with answers of an earlier period, at most :data:`MOST`, oldest first.

    A folder named after its period is placed by its name, another by the period its definition states.
    Surveys of the same period stand side by side instead.
    """
    own = period_key(survey.name)[:3]
    found = []
    for name in surveys(survey.root):
        if name == survey.name:
            break
        key = period_key(name)[:3]
        if (key < own) if key != (0, 0, 0) else _states_earlier(survey, name):
            found.append(name)
    return found[-MOST:]


def _states_earlier(survey: Survey, name: str) -> bool:
    try:
        return load(survey.root, name).period < survey.period
    except SurveyError:
        return False


def outline(root: Path, name: str) -> Survey:
    """The survey as far as the hash of its definition tells: enough to see whether anything changed.

    Reading a list of thousands of units takes a second; whether it is the list that was read the last
    time, its hash says at once.
    """
    return Survey(name, root, Definition(title=name), (), digest_of(root, name))
