"""Which units weigh the unsur in their own way: a sentence about weights names them (R1, R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.words import Words

#: More units than this are not all named in one sentence.
NAMED = 3


def weighing(survey: Survey) -> list[str]:
    """Ids of the units whose items do not all weigh alike, in the order of units.csv."""
    if not survey.definition.indicators:
        return []
    own = ((unit.id, survey.weights(unit.id)) for unit in survey.units)
    return [unit for unit, weights in own if weights and len(set(weights.values())) > 1]


def named(survey: Survey, w: Words, besides: str = "") -> str:
    """Name them as a sentence does; of many the first ones, and how many more."""
    names = {unit.id: unit.name for unit in survey.units}
    found = [names[unit] for unit in weighing(survey) if unit != besides]
    if len(found) > NAMED + 1:
        more = w("common.more_units", count=w.integer(len(found) - NAMED))
        return w.join([*found[:NAMED], more])
    return w.join(found)
