"""Unsur of the regulation that nobody answered: what the index does not rest on is told first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import rules
from pipeline.intake.ground.problems import Problem
from pipeline.survey import Survey
from pipeline.survey.codes import STATUS

if TYPE_CHECKING:
    import pandas as pd


def said(frame: pd.DataFrame, survey: Survey) -> list[Problem]:
    """Return a sentence about the unsur without any answer, where others were answered.

    Nothing is said where the survey asks none of the regulation's unsur, or where its definition leaves
    them out for every unit (``indicators:``).
    """
    rule = rules.load(survey.definition.rule)
    answered = [
        code
        for code in rule.codes
        if f"{code}{STATUS}" in frame.columns and (frame[f"{code}{STATUS}"] == "answered").any()
    ]
    lacking = [code for code in rule.codes if code not in answered and not _left_out(survey, code)]
    if not answered or not lacking:
        return []
    names = ", ".join(f"{code} ({rule.get(code).short.id})" for code in lacking)
    return [
        Problem(
            f"nobody answered {names}: the index rests on the other unsur alone, and reports say so on page one",
            "was it asked? then its column or question is not recognised; if it was not, say so under `indicators:`",
            file=survey.name, fatal=False, first=True,
        )
    ]  # fmt: skip


def _left_out(survey: Survey, code: str) -> bool:
    """Whether the definition lists the items of every unit, and this one for none."""
    listed = {unit for entry in survey.definition.indicators for unit in survey.select(entry.units)}
    asked = any(code in entry.items for entry in survey.definition.indicators)
    return not asked and {unit.id for unit in survey.units} <= listed
