"""The city's index followed back to the units that make it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline import results, rules
from pipeline.survey.errors import Problem, SurveyError
from pipeline.trace import published
from pipeline.trace.model import INDEX, Member, Trace
from pipeline.trace.opened import Opened, bounds

if TYPE_CHECKING:
    from pipeline.results import Row
    from pipeline.trace.subject import Subject

#: Headlines that are the simple mean of units, and whose units they are.
SIMPLE = ("mean-of-units", "mean-of-all-units")


def of_city(opened: Opened, whose: Subject, code: str, lang: str) -> Trace:
    """Follow the city's index back; an unsur of the city is followed through its units.

    Raises
    ------
    SurveyError
        For an unsur: the sentence says what can be traced.
    """
    if code != INDEX:
        hint = f"trace CITY {INDEX}, or {code} of a unit"
        raise SurveyError([Problem(f"the city's {code} is a mean of its units'", hint=hint)])
    survey, context = opened.survey, opened.context
    index = opened.tables["index"]
    lines = published.csv_lines(survey, "", ("ikm", "letter"))
    found = published.rows({"index": index}, scope="city", statistic="ikm")
    headline = next((pair for pair in found if pair[1].text == "headline"), None)
    stored = published.published([headline], lines)[0] if headline else None
    others = published.published([pair for pair in found if pair is not headline], lines)
    method = stored.method if stored else ""
    members, left = _members(opened, method)
    exact = None
    if members and method in SIMPLE:
        exact = sum((one.exact for one in members), Fraction(0)) / len(members)
    foreign = context.foreign
    texts = published.printed(stored.value, 2) if stored else []
    return Trace(
        survey=survey.name, unit=whose.unit, name=whose.name, slug=whose.slug, item=INDEX, item_name="",
        scale=context.scale, factor=rules.factor(context.scale), rule=context.rule.short,
        respondents=sum(one.n for one in members), published=stored, exact=exact,
        letter="" if foreign or exact is None else rules.letter(exact, context.rule),
        bounds=() if foreign else tuple(bounds(context, lang)), legacy=others, members=members, left_out=left,
        method=method, pages=published.pages(survey, whose.slug, True, texts),
    )  # fmt: skip


def _members(opened: Opened, method: str) -> tuple[list[Member], list[tuple[str, str, str]]]:
    """Units that make the city's index, and those left out with the reason."""
    context, index = opened.context, opened.tables["index"]
    units = {row.unit: row for row in _of(index, "ikm")}
    means: dict[str, dict[str, Fraction]] = {}
    for mean in results.rows_of(results.pick(index, scope="unit", statistic="nrr")):
        if mean.numerator is not None and mean.denominator:
            means.setdefault(mean.unit, {})[mean.item] = Fraction(mean.numerator, mean.denominator)
    valid = {row.unit: row.estimate for row in _of(index, "n_valid")}
    counted = next(results.rows_of(results.pick(index, scope="city", statistic="units_counted")), None)
    # Where fewer than half of the units would remain, all of five answers make the headline (R5).
    every = method != "mean-of-units" or (counted is not None and counted.text == "for-information")
    made: list[Member] = []
    left: list[tuple[str, str, str]] = []
    for unit in opened.survey.units:
        row = units.get(unit.id)
        sign = context.sign(valid.get(unit.id, 0), unit.population)
        if not valid.get(unit.id):
            left.append((unit.id, unit.name, "no-data"))
        elif sign == rules.PRIVACY or row is None or row.numerator is None or not row.denominator:
            left.append((unit.id, unit.name, "suppressed"))
        elif sign and not every:
            left.append((unit.id, unit.name, "for-information"))
        else:
            exact = _exact(opened, unit.id, means.get(unit.id, {})) or Fraction(
                row.numerator, row.denominator
            )
            made.append(Member(unit.id, unit.name, int(valid[unit.id]), exact))
    return made, left


def _of(index: object, statistic: str) -> list[Row]:
    rows = results.pick(index, scope="unit", statistic=statistic, item="")  # type: ignore[arg-type]
    return list(results.rows_of(rows))


def _exact(opened: Opened, unit: str, means: dict[str, Fraction]) -> Fraction | None:
    """A unit's index from its exact means; None where one of them is not told."""
    weights = opened.weights(unit)
    if not set(weights) <= set(means):
        return None
    total = sum((means[item] * weight for item, weight in weights.items()), Fraction(0))
    return rules.factor(opened.context.scale) * total
