"""Surveys as far as a trace needs them: cleaned, with the table of indices and the result files, no page rendered."""

from __future__ import annotations

from pathlib import Path

from pipeline import demo, intake, steps, survey
from pipeline.office import results
from tests.support import once


def ran(opened: survey.Survey) -> survey.Survey:
    """Clean a survey, compute its indices and write its result files, as a run does."""
    steps.keep(opened, intake.clean(opened))
    answers = steps.open_answers(opened.name, opened.root)
    steps.save(answers, index=steps.index(answers))
    results.write(opened)
    return opened


def small(root: Path) -> survey.Survey:
    """The small demo city: six units in three layouts, with every kind of dirt."""

    def make(to: Path) -> None:
        demo.write_small(to)
        ran(survey.load(to, "2025"))

    once.copy_of("traced small demo", root, make)
    return survey.load(root, "2025")
