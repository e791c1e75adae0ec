"""What the definition says of how answers were collected, computed beside the sample sizes: register, clusters.

Only where the definition names it: of any other survey nothing is read and nothing is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers
    from pipeline.survey.register import Register

Margins = dict[str, Mapping[str, int]]


def collected(data: Answers, *, confidence: float = 0.95) -> list[pd.DataFrame]:
    """Rows of `raked` and `clusters`, where the definition asks for them.

    Of a set, or of some of the answers, nothing: a register counts the users of a whole unit, and of all units.
    """
    definition = data.survey.definition
    if not data.whole or not (definition.raking or definition.clusters):
        return []
    made = []
    if definition.raking:
        made.append(_raked(data.shown, definition.raking, confidence))
    if definition.clusters:
        made.append(_clustered(data.shown, confidence))
    return made


def _raked(data: Answers, register: Register, confidence: float) -> pd.DataFrame:
    from pipeline.statistics.design import raked as module  # late: only what is asked for is loaded

    named = {name for margins in (register.city, *register.units.values()) for name in margins}
    return module.table(
        data.frame,
        data.by,
        traits=data.responses[[name for name in data.responses if name in named]],
        units={unit: _as_answered(m, data) for unit, m in register.units.items() if unit in data.answering},
        city=_as_answered(register.city, data),
        city_units=sorted(data.scopes.city),
        city_items=data.shared,
        population=data.population,
        items=data.weights,
        rule=data.survey.definition.rule,
        scale=data.scale,
        confidence=confidence,
        survey=data.survey.name,
    )


def _as_answered(margins: Mapping[Any, Mapping[str, int]], data: Answers) -> Margins:
    """Margins with services spelled as the answers have them."""
    made: Margins = {str(name): counts for name, counts in margins.items()}
    if "service" in made:
        spelled = {fold(str(name)): str(name) for name in data.service.unique()}
        made["service"] = {spelled.get(fold(name), name): n for name, n in made["service"].items()}
    return made


def _clustered(data: Answers, confidence: float) -> pd.DataFrame:
    import pandas as pd

    # late: only what is asked for is loaded
    from pipeline.statistics.design import clusters as module

    ways = {
        "interviewer": lambda: data.responses["interviewer"].replace("", None),
        "day": lambda: data.responses["answered_at"].dt.normalize(),
    }
    asked = {name: ways[name]() for name in data.survey.definition.clusters}
    return module.table(
        data.frame,
        data.by,
        clusters=pd.DataFrame(asked),
        units=[unit for unit in data.listed if unit not in data.left_out],
        items=data.weights,
        rule=data.survey.definition.rule,
        scale=data.scale,
        confidence=confidence,
        survey=data.survey.name,
    )
