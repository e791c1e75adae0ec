"""The slides: the first with the index, then one question each, headed by the finding of its figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline import blocks
from pipeline.report.brief.pages import bare, inside, result
from pipeline.report.brief.press import asked, embargo, findings, measured, title, will_do
from pipeline.report.brief.ribbon import ribbon
from pipeline.report.city.head import document, titled
from pipeline.report.city.headline import for_information, headline, rests_on
from pipeline.report.city.lagging import often, untold
from pipeline.report.city.letters import letters, targets
from pipeline.report.city.trend import changed, trend
from pipeline.report.data.city import CityReport


def slides(city: CityReport) -> list[Any]:
    """Return the document and its blocks; each heading of level 2 opens a slide."""
    w, row = city.words, city.headline
    made: list[Any] = [document(city, titled(city), "slides")]
    if row is None or row.estimate != row.estimate:
        return [*made, blocks.heading(w("brief.slide.index"), key="slide-index"), *result(city)]
    first = [*for_information(city), headline(city, row), *rests_on(city), *embargo(city)]
    made += [blocks.heading(title(city), key="slide-index"), *first]
    for place, (heading, shown) in enumerate(_slides(city), 2):
        made += [blocks.heading(heading, key=f"slide-{place}"), *shown]
    return made


def _slides(city: CityReport) -> Iterator[tuple[str, list[Any]]]:
    """Yield heading and blocks of each slide that has something to show."""
    w = city.words
    if told := findings(city):
        yield w("brief.slide.findings"), [blocks.bullets(told, ordered=True)]
    for section in (letters(city), ribbon(city), targets(city)):
        yield from _of_figure(inside([section]))
    yield from _of_figure(inside([often(city)]), note=untold(city))
    change = [block for block in inside([trend(city)]) if isinstance(block, blocks.Figure)]
    said = [block for block in changed(city)[:1] if block is not None]
    if change:
        yield from _of_figure(change)
    elif said:
        yield w("brief.slide.change"), said
    yield w("brief.will_do"), inside(will_do(city))
    yield w("brief.measured"), inside(measured(city))
    if contact := asked(city):
        yield w("brief.ask"), contact


def _of_figure(shown: list[Any], note: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield the slide of the first figure among blocks: its title heads the slide, a short text stays with it."""
    figure = next((block for block in shown if isinstance(block, blocks.Figure)), None)
    if figure is not None:
        before = shown[: shown.index(figure)]
        yield figure.title, [*before, replace(bare(figure, note), title="")]
