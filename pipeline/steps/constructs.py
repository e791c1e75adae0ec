"""Reliability and validity of every questionnaire beside the index's own, and of each declared facet (R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.statistics.sample import scopes

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers


def questionnaires(data: Answers) -> dict[str, list[str]]:
    """Items of each questionnaire with an index of its own, then of each declared facet of two items or more.

    The items of the survey's own index are in neither: `tables.reliability` and its sisters are about them.
    """
    found = dict(data.instruments)
    for name, items in data.survey.definition.facets.items():
        asked = [item for item in items if item in data.answered]
        if len(asked) > 1:
            found[results.FACET + name] = asked
    return found


def constructs(data: Answers, *, confidence: float = 0.95) -> pd.DataFrame:
    """Reliability, validity, one-factor model and correlations of each, per unit and pooled.

    Returns
    -------
    DataFrame
        The rows of `reliability`, `validity`, `factors` and `association`, with the questionnaire
        or ``facet:<name>`` in ``group``. Of a facet only the first two: its model and correlations are
        parts of the whole's.
    """
    asked = questionnaires(data).items()
    parts = [_one(data, name, items, confidence) for name, items in asked if len(items) > 1]
    return results.concat(parts) if parts else results.empty()


def _one(data: Answers, name: str, items: list[str], confidence: float) -> pd.DataFrame:
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.correlation import association
    from pipeline.statistics.psychometrics.factor import table as factors
    from pipeline.statistics.psychometrics.items import validity
    from pipeline.statistics.psychometrics.reliability import table as reliability

    scale, frame = data.scale_of(items[0]), data.responses[items]
    asked = frame.notna().any(axis=1)
    if not asked.any():
        return results.empty()
    # A facet is a part of the survey's own questionnaire: its people are the whole's (R23).
    who = data.scopes if name.startswith(results.FACET) else data.scopes_of(items)
    shown = asked & ~data.by.isin(who.hidden)
    if not shown.any():
        return results.empty()
    frame, by, survey = frame[shown], data.labels[shown], data.survey.name
    same: Any = {"counted": who.city, "confidence": confidence, "survey": survey}
    made = [
        reliability.table(frame, by, scale=scale, **same),
        validity.table(frame, by, highest=scale[1], **same),
    ]
    if not name.startswith(results.FACET):
        made += [factors.table(frame, by, **same), association.table(frame, by, **same)]
    table = scopes.told(results.concat(made), who.hidden)
    table["group"] = name
    return table
