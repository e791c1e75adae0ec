"""A named set of units by itself: every table of a survey, computed from the set's answers alone.

Ranks, simultaneous intervals, tests between units, bands and shrunken means depend on who else
takes part. So nothing is filtered out of the city's tables: the same functions are called again
on the answers of the set's units, as if the survey consisted of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.rules import TESTED_FROM
from pipeline.statistics.sample import scopes
from pipeline.steps import compare, tables, waves
from pipeline.steps.answers import Answers, open_answers
from pipeline.steps.constructs import constructs
from pipeline.steps.files import shown
from pipeline.steps.followup import followup
from pipeline.steps.instruments import instruments
from pipeline.steps.outside import outside
from pipeline.survey import Survey, Unit
from pipeline.survey.sets import declared

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

#: Tables whose rows of the scope city are of all people of a set together.
POOLED = (
    "instruments", "integrity", "reliability", "validity", "constructs", "factors", "invariance", "association",
    "equity", "importance",
)  # fmt: skip
#: Fewer people than this are told of nowhere (R6), not even by taking one page from another.
FEW = 5


@dataclass(frozen=True)
class SetResults:
    """What an overview of a set reads.

    Attributes
    ----------
    name : str
        The set, as units.csv names it.
    survey : Survey
        The definition with the set's units only.
    tables : mapping
        Result tables by module name, suppressed.
    listed : int
        Units of the whole survey.
    withheld : tuple of str
        Attributes of respondents that are not compared between groups in this set, because the
        difference to another published page would tell of fewer than five people.
    bare : bool
        Whether the set's people, less those of another published page, are those of one unit: then
        nothing is told of all of them together but the index (R23).
    """

    name: str
    survey: Survey
    tables: Mapping[str, pd.DataFrame]
    listed: int
    withheld: tuple[str, ...] = ()
    bare: bool = False


def named_set(survey: str, name: str, root: str | Path = "") -> SetResults | None:
    """Compute the tables of a named set; None when no set is asked for (the whole city).

    Parameters
    ----------
    survey, root
        As in `open_answers`.
    name : str
        A word of the column ``sets`` of units.csv, without the ``@``.

    Raises
    ------
    SurveyError
        If no unit is in that set; the message suggests the closest.
    """
    if not name:
        return None
    data = open_answers(survey, root)
    whole = data.survey
    ids = whole.select([f"@{name}"])
    part = of_units(data, ids)
    withheld = telling(data, ids)
    part = replace(part, responses=part.responses.drop(columns=list(withheld)))
    made = every_table(part)
    told = {module: shown(part, module, table) for module, table in made.items()}
    if bare := tells_of_one(data, name):
        for module in set(told) & set(POOLED):
            told[module] = told[module][told[module]["scope"] != "city"]
    return SetResults(name, part.survey, told, len(whole.units), withheld, bare)


def every_table(part: Answers) -> dict[str, pd.DataFrame]:
    """Every result table, by the functions that the stage notebooks call.

    The answers of a unit too small to be shown (R6) are counted, and enter nothing else.
    """
    counted = {"index": part.index, "sampling": tables.sampling(part), "city": compare.city(part)}
    part = part.shown
    if not len(part.responses):
        return {"index": counted["index"], "sampling": counted["sampling"]}
    ids = [unit.id for unit in part.survey.units]
    before = [of_units(then, ids) for then in waves.earlier_answers(part)]
    trend = waves.trend(part, [then for then in before if len(then.responses)])
    return {
        **counted,
        "instruments": instruments(part),
        "integrity": tables.integrity(part),
        "priorities": tables.priorities(part),
        "reliability": tables.reliability(part),
        "validity": tables.validity(part),
        "constructs": constructs(part),
        "factors": tables.factors(part),
        "invariance": tables.invariance(part),
        "association": tables.association(part),
        "comparison": compare.comparison(part),
        "ranking": compare.ranking(part),
        "outside": outside(part),
        "followup": followup(part),
        "adjustment": compare.adjustment(part),
        "trend": trend,
        "equity": compare.equity(part),
        "importance": compare.importance(part),
        "verdicts": compare.verdicts(part, trend),
    }


def of_units(data: Answers, ids: Iterable[str]) -> Answers:
    """The answers of some units, with a definition that knows of these units only."""
    kept = set(ids)
    responses = data.responses[data.by.isin(kept)].reset_index(drop=True)
    return Answers(_survey_of(data.survey, kept), responses, data.with_status, whole=False)


def _survey_of(survey: Survey, kept: set[str]) -> Survey:
    definition = survey.definition
    # Patterns that choose no unit of the set would be mistakes in a definition: ids take their place.
    indicators = [
        entry.model_copy(update={"units": mine})
        for entry in definition.indicators
        if (mine := [i for i in survey.select(entry.units) if i in kept])
    ]
    published = [row for row in definition.published if row.unit in kept]
    known = {unit.id: unit for unit in survey.units}
    return replace(
        survey,
        definition=definition.model_copy(update={"indicators": indicators, "published": published}),
        units=tuple(replace(u, parent=_parent(u, known, kept)) for u in survey.units if u.id in kept),
        outside=tuple(row for row in survey.outside if row.unit in kept),
    )


def _parent(unit: Unit, known: Mapping[str, Unit], kept: set[str]) -> str:
    """The closest unit above that is in the set; empty when there is none."""
    at = unit.parent
    while at and at not in kept:
        at = known[at].parent if at in known else ""
    return at


def population(data: Answers, units: Iterable[str]) -> frozenset[str]:
    """Units whose people are those of all figures of a set."""
    return scopes.city_of(data.scopes, frozenset(units), data.population, data.survey.definition.headline)


def tells_of_one(data: Answers, name: str) -> bool:
    """Whether the figures of a set's people would, beside those of the city and of other sets, be one unit's.

    The sets come in the order of their names: the first of two that together would tell keeps its figures.
    """
    published = [data.scopes.city]
    for one in declared(data.survey):
        mine = population(data, one.units)
        bare = bool(mine) and mine not in published and scopes.tells_one(published, mine)
        if one.name == name:
            return bare
        if not bare:
            published.append(mine)
    return False


def telling(data: Answers, ids: Iterable[str]) -> tuple[str, ...]:
    """Attributes whose groups in this set would, beside another page, tell of fewer than five people.

    The overview of the city, and of every other set, may compare groups of respondents, too. Where
    one contains the other, subtracting the two leaves the people in between: an attribute of whom
    one group has one to four of them is not compared in this set.

    Parameters
    ----------
    data : Answers
        Of the whole survey.
    ids : iterable of str
        The set's units.
    """
    from pipeline.statistics.compare import equity  # late: only what is asked for is loaded

    # Units that are not counted take part in no comparison of groups, here or there.
    here = population(data, ids)
    others = {population(data, one.units) for one in declared(data.survey)} | {data.scopes.city}
    nested = [(here & there, here ^ there) for there in others if here < there or there < here]
    rows = [[data.by.isin(units) for units in pair] for pair in nested]
    named = [name for name in equity.ATTRIBUTES if name in data.responses]
    return tuple(name for name in named if any(_few(data.responses[name], *pair) for pair in rows))


def _few(attribute: pd.Series, smaller: pd.Series, between: pd.Series) -> bool:
    """Whether a group that both pages show has one to four people in the units between the two."""

    inside, rest = (attribute[taking].dropna().astype(str).value_counts() for taking in (smaller, between))
    shown = rest[rest.index.isin(inside.index[inside >= TESTED_FROM])]
    return bool(((shown > 0) & (shown < FEW)).any())
