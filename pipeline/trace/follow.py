"""``trace``: any published number that is asked for, followed back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.survey.context import Context
from pipeline.trace.city import of_city
from pipeline.trace.opened import open_survey
from pipeline.trace.subject import item_code, of_service, subject
from pipeline.trace.unit import of_unit
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.trace.model import Trace


def trace(survey: Survey, unit: str, item: str, lang: str = "id", service: str = "") -> Trace:
    """Follow a published number back to the raw rows.

    Parameters
    ----------
    survey : Survey
    unit : str
        A unit (id, name or alias), or ``CITY``.
    item : str
        Code or name of an unsur or indicator, or ``IKM``.
    lang : str
        Language of the names in it.
    service : str
        One of the unit's services; empty: the whole unit.

    Returns
    -------
    Trace

    Raises
    ------
    SurveyError
        Where there is no such unit or item, or the survey was not run.
    """
    whose = subject(survey, unit)
    opened = open_survey(survey)
    if service:
        whose = of_service(survey, whose, service)
    code = item_code(opened.context, item, opened.asked, whose.city)
    return of_city(opened, whose, code, lang) if whose.city else of_unit(opened, whose, code, lang)


def words(survey: Survey, made: Trace, lang: str) -> Words:
    """Words of a language as they are said of this index: of a questionnaire of one's own there are no unsur.

    Parameters
    ----------
    survey : Survey
    made : Trace
    lang : str
        ``id`` or ``en``.
    """
    items = [item.code for item in made.items]
    return said_of(lang, items, Context(survey).rule.codes, made.foreign)
