"""Raw files to answers: read, re-key by meaning, check, and account for every row.

``clean(survey)`` returns an `Intake`; ``write(intake, survey)`` saves it. Nobody else opens a
raw file. Names are loaded when first used: who reads a plan for follow-up never pays for the answers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.intake.ground.near_names import unlisted_names
    from pipeline.intake.ground.problems import IntakeError, Problem
    from pipeline.intake.ground.reasons import REASONS
    from pipeline.intake.rows.cells import Cells, answer_cells
    from pipeline.intake.rows.clean import Intake, clean, write
    from pipeline.intake.values.facts import fact_items
    from pipeline.intake.values.printed import printed

#: Name offered here, and the module it lives in.
_HOME = {
    "REASONS": "ground.reasons",
    "Cells": "rows.cells",
    "Intake": "rows.clean",
    "IntakeError": "ground.problems",
    "Problem": "ground.problems",
    "answer_cells": "rows.cells",
    "clean": "rows.clean",
    "fact_items": "values.facts",
    "printed": "values.printed",
    "unlisted_names": "ground.near_names",
    "write": "rows.clean",
}

__all__ = [
    "REASONS",
    "Cells",
    "Intake",
    "IntakeError",
    "Problem",
    "answer_cells",
    "clean",
    "fact_items",
    "printed",
    "unlisted_names",
    "write",
]


def __getattr__(name: str) -> Any:
    """Load what is offered here when it is first asked for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
