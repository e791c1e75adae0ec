"""The psychometric chapter: what a reviewer asks of the scale, what was refused, and what to write about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.scale_verdicts import city_scale
from pipeline.report.base.section import runs_to_parts
from pipeline.report.city.psychometrics import figures, methods, tables
from pipeline.report.city.psychometrics.facets import facets
from pipeline.report.city.psychometrics.refusals import refusals
from pipeline.report.city.psychometrics.response import response
from pipeline.report.data.city import CityReport, absent, say
from pipeline.words import scale, scale_advice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.words.narrative import Runs

#: Complete answers from which on the items of a city are spoken of.
FEWEST = 30


def psychometrics(city: CityReport, pooled: bool = True) -> Any:
    """Return the chapter, in the order a reviewer reads: findings, items, dimensions, fit, limits, methods.

    Parameters
    ----------
    city : CityReport
        The survey as the overview reads it.
    pooled : bool
        With the table of reliability coefficients; not where a page shows it elsewhere.
    """
    w = city.words
    if not len(results.pick(city.table("factors"), scope="city")):
        return absent(city, "psychometrics.none")
    complete = city.first("reliability", scope="city", statistic="alpha", method="jackknife")
    if complete is not None and complete.n < FEWEST:
        return blocks.group(say(w, "psychometrics.too_few", n=w.integer(complete.n), least=w.integer(FEWEST)))
    verdicts = city_scale(city)
    refused = refusals(city)
    per_item = [
        tables.items(city), tables.item_tables(city), tables.ordinal_items(city), figures.loadings(city),
    ]  # fmt: skip
    alike = [tables.invariance(city), tables.dif(city)]
    return blocks.group(
        [_paragraph(runs) for runs in scale.found(w, verdicts)],
        say(w, "psychometrics.law", style="note") if verdicts.decreed else None,
        _part(city, "advice", [_list(scale_advice.advice(w, verdicts), ordered=True)]),
        _part(city, "limits", [_list(scale.limits(w, verdicts))]),
        _part(city, "items", per_item),
        _part(city, "dimensions", [figures.scree(city), tables.minres(city)]),
        _part(city, "pairs", [figures.correlations(city), tables.rank_pairs(city)]),
        _part(city, "reliability", [tables.reliability(city)] if pooled else []),
        _part(city, "fit", [tables.fit(city)]),
        _part(city, "response", response(city)),
        _part(city, "facets", [facets(city)]),
        _part(city, "alike", alike),
        _part(city, "refusals", [_list(refused)] if refused else []),
        _part(city, "formulas", methods.formulas(city)),
        _part(city, "paragraph", methods.paragraph(city, verdicts)),
    )


def _part(city: CityReport, key: str, made: Iterable[Any]) -> list[Any]:
    """A part under its question, or nothing where there is nothing to show."""
    shown = [block for block in made if block is not None]
    return (
        [blocks.heading(city.words(f"psychometrics.part.{key}"), level=3, key=f"psy-{key}"), *shown]
        if shown
        else []
    )


def _paragraph(runs: Runs) -> Any:
    return blocks.prose(*runs_to_parts(runs))


def _list(lines: Iterable[Runs], ordered: bool = False) -> Any:
    return blocks.bullets([runs_to_parts(runs) for runs in lines], ordered=ordered)
