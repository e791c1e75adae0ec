"""Result tables of ``4-compare``: units against one another, groups of people, and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.steps.answers import Answers

if TYPE_CHECKING:
    import pandas as pd


def settings(data: Answers, confidence: float) -> dict[str, Any]:
    """What every comparison of units is told alike: the scale, units left out, how sure, the survey's name."""
    return {
        "scale": data.scale,
        "leave_out": data.left_out,
        "confidence": confidence,
        "survey": data.survey.name,
    }


def comparison(data: Answers, *, confidence: float = 0.95, across: bool = True) -> pd.DataFrame:
    """Tests between units of a type and of the city, and between services of a unit; who is left out, and why."""
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import table as module

    whole, data = data, data.shown
    units = module.table(
        data.common, data.labels, types=data.types, across=across, **settings(data, confidence)
    )
    return results.concat([units, services(whole, confidence=confidence)])


def services(data: Answers, *, confidence: float = 0.95) -> pd.DataFrame:
    """Each service of a unit against the others of that unit; suppressed ones take no part."""
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import services as module
    from pipeline.statistics.disclosure import suppression as disclosure

    # The index of all answers is there already: of those shown it need not be made again.
    index, data = data.index_shown, data.shown
    index = results.pick(index, scope="service", item="", statistic=["n_valid", "ikm"])
    shown = disclosure.suppress(index)
    small = shown[shown["reason"] == "suppressed"]
    return module.table(
        data.common,
        data.labels,
        data.service_labels,
        hidden=set(zip(small["unit"].astype(str), small["service"].astype(str), strict=True)),
        **settings(data, confidence),
    )


def ranking(data: Answers, *, confidence: float = 0.95) -> pd.DataFrame:
    """Shrunken means, rank ranges and funnel limits, in the city and within each type."""
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import ranking as module

    data = data.shown
    return module.table(data.common, data.by, types=data.types, **settings(data, confidence))


#: An attribute fewer respondents state would cost the others their rows.
STATED = 0.8


def adjustment(
    data: Answers, *, attributes: Sequence[str] | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Unit means as if each unit had the same respondents; ways of asking held against one another, where several."""
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import adjustment as module

    data = data.shown
    made = module.table(data.common, data.by, attributes=mix(data, attributes), **settings(data, confidence))
    return results.concat([made, modes(data, attributes=attributes, confidence=confidence)])


def modes(
    data: Answers, *, attributes: Sequence[str] | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Ways of asking within the units that used both, at equal respondents; empty where there is one way."""
    from pipeline.statistics.design import modes as module  # late: only what is asked for is loaded

    asked = data.responses.get("mode")
    if asked is None or asked.nunique() < 2:
        return results.empty()
    held = mix(data, attributes)
    return module.table(
        data.common,
        data.by,
        mode=asked,
        attributes=held[[name for name in held if name != "mode"]],
        **settings(data, confidence),
    )


def mix(data: Answers, attributes: Sequence[str] | None = None) -> pd.DataFrame:
    """What is held constant: the definition's choice or another, as far as most respondents stated it."""
    asked, chosen = data.responses, data.survey.definition.adjust_for if attributes is None else attributes
    named = [c for c in chosen if c in asked and asked[c].notna().mean() >= STATED]
    return asked[named]


def city(data: Answers, *, confidence: float = 0.95) -> pd.DataFrame:
    """The city by three weightings with design-based intervals, and units against their target."""
    # late: only what is asked for is loaded
    from pipeline.statistics.index import stratified as module

    definition = data.survey.definition
    return module.table(
        data.frame,
        data.by,
        types=data.types,
        headline=definition.headline if definition.headline in module.AGGREGATES else "mean-of-units",
        target=definition.target,
        targets={u.id: u.target for u in data.survey.units if u.target},
        leave_out=data.left_out,
        confidence=confidence,
        **data.weighed,
    )


def equity(
    data: Answers,
    *,
    attributes: Sequence[str] | None = None,
    margin: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Gaps between groups of respondents, in the city and in each unit; the definition's margin by default."""
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import equity as module

    data = data.shown
    named = [name for name in attributes or module.ATTRIBUTES if name in data.responses]
    return module.table(
        data.common,
        data.by,
        attributes=data.responses[named],
        scale=data.scale,
        leave_out=data.beside_city,
        margin=float(data.survey.definition.equivalence_margin if margin is None else margin),
        confidence=confidence,
        survey=data.survey.name,
    )


#: People from whom on a city is told which of its items go together.
LEAST = 30


def importance(data: Answers, *, draws: int | None = None, confidence: float = 0.95) -> pd.DataFrame:
    """Which items go with the others, and gaps to expectations or stated importance where asked."""
    # late: only what is asked for is loaded
    from pipeline.statistics.importance import table as module

    data = data.shown

    def asked(ending: str) -> pd.DataFrame | None:
        named = {f"{item}{ending}": item for item in data.items if f"{item}{ending}" in data.responses}
        return data.responses[list(named)].rename(columns=named) if named else None

    taking = data.by.isin(data.scopes.city)
    if taking.sum() < LEAST:
        taking &= False
    expected, stated = asked("_exp"), asked("_imp")
    overall = data.survey.definition.overall
    judged = data.responses.get(overall)
    return module.table(
        data.frame[taking],
        data.by[taking],
        overall=None if judged is None else judged[taking],
        expectations=None if expected is None else expected[taking],
        importances=None if stated is None else stated[taking],
        states_fact=data.states_fact,
        draws=module.DRAWS if draws is None else draws,
        confidence=confidence,
        survey=data.survey.name,
    )


def verdicts(
    data: Answers,
    trend: pd.DataFrame | None = None,
    *,
    margin: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Letters with certainty, differences, changes and separated pairs as rows to write sentences from."""
    # late: only what is asked for is loaded
    from pipeline.statistics.compare import verdicts as module

    data, index = data.shown, data.index_shown
    return module.table(
        data.common,
        data.by,
        types=data.types,
        index=index,
        trend=trend,
        margin=float(data.survey.definition.equivalence_margin if margin is None else margin),
        **settings(data, confidence),
    )
