"""Raw files to answers: read, re-key by meaning, check, and account for every row.

``clean(survey)`` returns an `Intake`; ``write(intake, survey)`` saves it. Nobody else opens a
raw file.
"""

from __future__ import annotations

from pipeline.intake.ground.near_names import unlisted_names
from pipeline.intake.ground.problems import IntakeError, Problem
from pipeline.intake.ground.reasons import REASONS
from pipeline.intake.rows.clean import Intake, clean, write
from pipeline.intake.values.facts import fact_items

__all__ = [
    "REASONS",
    "Intake",
    "IntakeError",
    "Problem",
    "clean",
    "fact_items",
    "unlisted_names",
    "write",
]
