"""Result tables of ``2-index`` and ``3-reliability``: each unit by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline import results
from pipeline.steps.answers import USUAL

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers


def index(data: Answers, *, confidence: float = USUAL) -> pd.DataFrame:
    """NRR, IKM, letter and certainty of every unit, service, agency, type and the city."""
    # The usual one is kept with the answers, where other tables look for it.
    return data.index if confidence == USUAL else data.index_at(confidence)


def sampling(data: Answers, *, confidence: float = 0.95) -> pd.DataFrame:
    """Required and achieved sample of every unit; the index by register and clusters, where the definition asks."""
    # late: only what is asked for is loaded
    from pipeline.statistics.sample import size as module
    from pipeline.steps import design

    sizes = module.table(data.labels, answers=data.frame, confidence=confidence, **data.weighed)
    return results.concat([sizes, *design.collected(data, confidence=confidence)])


def profile(data: Answers) -> pd.DataFrame:
    """Who answered: counts and shares, small categories merged, small crossed cells hidden."""
    # late: only what is asked for is loaded
    from pipeline.statistics.sample import profile as module

    full = data.survey.definition.poster_counts == "full"
    data = data.shown
    return module.table(
        data.responses, data.labels, full=full, counted=data.scopes.city, survey=data.survey.name
    )


def integrity(data: Answers, *, confidence: float = 0.95) -> pd.DataFrame:
    """What is doubtful about the answers, and whether the letter depends on it."""
    # late: only what is asked for is loaded
    from pipeline.statistics.integrity import table as module

    data, work = data.shown, data.survey.definition.fieldwork
    return module.table(
        data.responses,
        data.frame,
        data.labels,
        period=(work.start, work.end),
        mode=data.survey.definition.mode,
        headline=data.survey.definition.headline,
        confidence=confidence,
        **data.weighed,
    )


def priorities(data: Answers) -> pd.DataFrame:
    """The unsur from the lowest, each with what can be said of it."""
    # late: only what is asked for is loaded
    from pipeline.statistics.index import priorities as module

    data = data.shown
    return module.table(
        data.frame,
        data.labels,
        rule=data.survey.definition.rule,
        scale=data.scale,
        states_fact=data.states_fact,
        listed=data.listed,
        survey=data.survey.name,
    )


def reliability(data: Answers, *, confidence: float = 0.95, models: bool | None = None) -> pd.DataFrame:
    """Reliability per unit and pooled; `models`: omega of every unit, of none, or as their number allows."""
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.reliability import table as module

    data = data.shown
    return module.table(
        data.frame,
        data.labels,
        scale=data.scale,
        counted=data.scopes.city,
        confidence=confidence,
        models=models,
        survey=data.survey.name,
    )


def validity(
    data: Answers, *, confidence: float = 0.95, draws: int = 200, models: bool | None = None
) -> pd.DataFrame:
    """Validity per unit and pooled; `draws` of the parallel analysis, `models` as in `reliability`."""
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.items import validity as module

    data = data.shown
    return module.table(
        data.frame,
        data.labels,
        highest=data.scale[1],
        counted=data.scopes.city,
        confidence=confidence,
        draws=draws,
        models=models,
        survey=data.survey.name,
    )


def factors(data: Answers, *, confidence: float = 0.95, units: bool | None = None) -> pd.DataFrame:
    """One-factor models pooled, and of `units` (all, none, or as their number allows); item response of the city."""
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.factor import table as module
    from pipeline.statistics.psychometrics.response import table as response

    data, facets = data.shown, data.survey.definition.facets or None
    made = module.table(
        data.frame,
        data.labels,
        facets=facets,
        counted=data.scopes.city,
        confidence=confidence,
        units=units,
        survey=data.survey.name,
    )
    counted = data.common[data.by.isin(data.scopes.city)]
    items = response.table(counted, scale=data.scale, confidence=confidence, survey=data.survey.name)
    return results.concat([made, items])


#: Respondents' groups whose answers should mean the same.
GROUPS = ("sex", "mode", "disability")


def invariance(data: Answers, *, groups: Sequence[str] = GROUPS) -> pd.DataFrame:
    """Whether groups of respondents, and units, use the items alike."""
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.invariance import table as module

    data = data.shown
    # Groups of respondents are those of the city's index; of units, those that are compared.
    inside = data.by.isin(data.scopes.city)
    asked = data.responses[[c for c in groups if c in data.responses]].where(inside)
    return module.table(
        data.frame,
        data.labels,
        groups=asked[[c for c in asked if asked[c].nunique() >= 2]],
        types=data.types,
        leave_out=data.left_out,
        scale=data.scale,
        survey=data.survey.name,
    )


def association(
    data: Answers, *, confidence: float = 0.95, frequencies: bool = True, kendall_by_unit: bool = False
) -> pd.DataFrame:
    """Which unsur move together, per unit and pooled; `frequencies`: the crossed tables, too."""
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.correlation import association as module

    data = data.shown
    return module.table(
        data.frame,
        data.labels,
        frequencies=frequencies,
        kendall_by_unit=kendall_by_unit,
        counted=data.scopes.city,
        confidence=confidence,
        survey=data.survey.name,
    )
