"""Raw files to answers: read, re-key by meaning, check, and account for every row.

``clean(survey)`` returns an `Intake`; ``write(intake, survey)`` saves it. Nobody else opens a
raw file.
"""

from __future__ import annotations

from pipeline.intake.clean import Intake, clean, write
from pipeline.intake.facts import fact_items
from pipeline.intake.names import unlisted_names
from pipeline.intake.problems import IntakeError, Problem
from pipeline.intake.reasons import ACTIONS, REASONS

__all__ = [
    "ACTIONS",
    "REASONS",
    "Intake",
    "IntakeError",
    "Problem",
    "clean",
    "fact_items",
    "unlisted_names",
    "write",
]
