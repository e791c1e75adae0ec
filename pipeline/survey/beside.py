"""Surveys of one period that stand beside one another: ``2021-internal`` and ``2021-external``."""

from __future__ import annotations

from pipeline.survey.folder import Survey, period_key, surveys
from pipeline.survey.period import is_period


def siblings(survey: Survey) -> list[str]:
    """Return the names of other surveys of the same period: ``2021-internal`` beside ``2021-external``.

    The same period is the same end and length as the folder's name says; a survey called by its
    period alone (``2021``) has no siblings.

    Examples
    --------
    >>> period_key("2021-internal")[:3] == period_key("2021-external")[:3]
    True
    """
    own = period_key(survey.name)[:3]
    if own == (0, 0, 0) or not _named(survey.name):
        return []
    return [
        name
        for name in surveys(survey.root)
        if name != survey.name and period_key(name)[:3] == own and _named(name)
    ]


def _named(name: str) -> bool:
    """Say whether a survey's folder has a name after its period."""
    return not is_period(name)
