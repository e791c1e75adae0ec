"""The city's index followed back to the units that make it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline import results, rules
from pipeline.trace import published
from pipeline.trace.model import INDEX, UNTOLD, Member, Trace
from pipeline.trace.opened import Opened, bounds

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Row
    from pipeline.trace.model import Published
    from pipeline.trace.subject import Subject

#: Headlines that are the simple mean of units, and whose units they are.
SIMPLE = ("mean-of-units", "mean-of-all-units")


def of_city(opened: Opened, whose: Subject, code: str, lang: str) -> Trace:
    """Follow the city's index, or its mean of an unsur, back to its units."""
    survey, context = opened.survey, opened.context
    number, item = ("ikm", "") if code == INDEX else ("nrr", code)
    lines = published.csv_lines(survey, "", ("ikm", "nrr"))
    found = published.rows({"index": opened.tables["index"]}, scope="city", statistic=number, item=item)
    headline = next((pair for pair in found if _leads(pair[1], code)), None)
    stored = published.published([headline], lines)[0] if headline else None
    others = published.published([pair for pair in found if pair is not headline], lines)
    method = stored.method if stored else ""
    members, left = _members(opened, method, code)
    exact = None
    if members and method in SIMPLE:
        exact = sum((one.exact for one in members), Fraction(0)) / len(members)
    lettered = code == INDEX and not context.foreign
    return Trace(
        survey=survey.name, unit=whose.unit, name=whose.name, slug=whose.slug, item=code,
        item_name="" if code == INDEX else context.name(code, lang), scale=context.scale,
        factor=rules.factor(context.scale), rule=context.rule.short,
        respondents=sum(one.n for one in members), published=stored, exact=exact,
        letter=rules.letter(exact, context.rule) if lettered and exact is not None else "",
        bounds=tuple(bounds(context, lang)) if lettered else (), legacy=others, members=members, left_out=left,
        method=method, pages=published.pages(survey, whose.slug, True, _printed(stored, code, context.factor)),
        foreign=context.foreign,
    )  # fmt: skip


def _leads(row: Row, code: str) -> bool:
    """Whether a row is the one that pages print first: the headline, or an unsur's mean of units."""
    return row.text == "headline" if code == INDEX else row.method in SIMPLE


def _printed(stored: Published | None, code: str, factor: float) -> list[str]:
    if stored is None:
        return []
    return published.printed(stored.value * (1 if code == INDEX else factor), 2)


def _members(opened: Opened, method: str, code: str) -> tuple[list[Member], list[tuple[str, str, str]]]:
    """Units that make the city's number, and those left out with the reason."""
    context, index = opened.context, opened.tables["index"]
    means: dict[str, dict[str, Fraction]] = {}
    for mean in results.rows_of(results.pick(index, scope="unit", statistic="nrr")):
        if mean.numerator is not None and mean.denominator:
            means.setdefault(mean.unit, {})[mean.item] = Fraction(mean.numerator, mean.denominator)
    units, valid = _of(index, "ikm"), {unit: row.estimate for unit, row in _of(index, "n_valid").items()}
    counted = next(results.rows_of(results.pick(index, scope="city", statistic="units_counted")), None)
    # Where fewer than half of the units would remain, all of five answers make the headline (R5).
    every = method != "mean-of-units" or (counted is not None and counted.text == "for-information")
    made: list[Member] = []
    left: list[tuple[str, str, str]] = []
    for unit in opened.survey.units:
        n, row = valid.get(unit.id, 0), units.get(unit.id)
        sign = context.sign(n, unit.population)
        exact = _exact(opened, unit.id, means.get(unit.id, {}), row, code)
        if not n:
            left.append((unit.id, unit.name, "no-data"))
        elif sign == rules.PRIVACY:
            left.append((unit.id, unit.name, "suppressed"))
        elif sign and not every:
            left.append((unit.id, unit.name, "for-information"))
        elif exact is None:
            left.append((unit.id, unit.name, UNTOLD))
        else:
            made.append(Member(unit.id, unit.name, int(n), exact))
    return made, left


def _of(index: pd.DataFrame, statistic: str) -> dict[str, Row]:
    """Rows of a statistic of whole units, by unit."""
    rows = results.pick(index, scope="unit", statistic=statistic, item="")
    return {row.unit: row for row in results.rows_of(rows)}


def _exact(
    opened: Opened, unit: str, means: dict[str, Fraction], row: Row | None, code: str
) -> Fraction | None:
    """A unit's exact mean of an unsur, or index from all of its means; None where it is not told."""
    if code != INDEX:
        return means.get(code)
    weights = opened.weights(unit)
    if set(weights) <= set(means):
        total = sum((means[item] * weight for item, weight in weights.items()), Fraction(0))
        return rules.factor(opened.context.scale) * total
    if row is None or row.numerator is None or not row.denominator:
        return None
    return Fraction(row.numerator, row.denominator)  # one of its unsur is not told, its index is
