"""Every questionnaire and declared facet by its own reliability, for the city's pages (R12, R20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.questionnaires import main_title, rests, title_of
from pipeline.report.base.scale_verdicts import alpha, by_item, city_rows, city_scale, first, pools
from pipeline.report.base.section import runs_to_parts
from pipeline.report.city.psychometrics import (
    figures as psychometric_figures,
)
from pipeline.report.city.psychometrics import (
    tables as psychometric_tables,
)
from pipeline.report.data.city import CityReport, say
from pipeline.report.data.unit import estimate
from pipeline.words import scale as told
from pipeline.words.formats import NOTHING
from pipeline.words.scale_verdicts import ITEM_REST

if TYPE_CHECKING:
    from pipeline.report.base.scale_verdicts import Rows
    from pipeline.words import Words

#: Modules whose rows the table ``constructs`` holds together.
MODULES = ("reliability", "validity", "factors", "association")


def names(city: CityReport) -> list[str]:
    """Questionnaires beside the main one, then facets."""
    return list(dict.fromkeys(city.table("constructs")["group"]))


def view(city: CityReport, name: str) -> CityReport:
    """The city as if this questionnaire were the survey's own: every section can be asked of it."""
    rows, index = city.table("constructs"), city.table("instruments")
    mine = rows[rows["group"] == name].assign(group="")
    own = index[index["group"] == name].assign(group="")
    definition = city.survey.definition.model_copy(update={"facets": {}})
    return CityReport(
        replace(city.survey, definition=definition), city.lang,
        {**dict.fromkeys(MODULES, mine), "index": own}, data_hash=city.data_hash,
    )  # fmt: skip


def _cells(w: Words, title: str, rows: Rows, items: Sequence[str]) -> list[str]:
    """One questionnaire as printed: inside the units where several are pooled (R20)."""
    inside = pools(rows)
    end = "_within" if inside else ""
    verdict = alpha(rows, items, lambda text: (text,), inside)
    rest = rests(rows, f"item_rest{end}")
    kmo = estimate(first(rows, "validity", f"kmo{end}"))
    known = verdict.value is not None
    return [
        title, w.integer(len(by_item(rows, "validity", "item_rest"))), w.integer(verdict.n) if known else NOTHING,
        w.number(verdict.value) if known else NOTHING,
        w.interval(verdict.lower, verdict.upper) if known and verdict.lower is not None else NOTHING,
        w.number(verdict.pooled) if inside and verdict.pooled is not None else NOTHING,
        w.interval(min(rest), max(rest)) if rest else NOTHING,
        w.integer(sum(r < ITEM_REST for r in rest)) if rest else NOTHING,
        w.number(kmo) if kmo is not None else NOTHING,
    ]  # fmt: skip


def _rows_of(city: CityReport) -> Iterator[tuple[str, Rows, list[str]]]:
    w = city.words
    if len(results.pick(city.table("reliability"), scope="city")):
        yield main_title(city.context, w), city_rows(city), city.items
    for name in names(city):
        one = view(city, name)
        found = by_item(city_rows(one), "validity", "item_rest")
        title = title_of(city.survey, name, city.lang)
        yield (
            (w("constructs.facet", name=title) if name.startswith(results.FACET) else title),
            city_rows(one),
            list(found),
        )


def table(city: CityReport) -> Any:
    """All questionnaires and facets in one table; nothing where there is only the survey's own."""
    w = city.words
    if not names(city):
        return None
    cells = [_cells(w, title, rows, items) for title, rows, items in _rows_of(city)]
    headings = ("items", "n", "alpha", "interval", "pooled", "rest", "weak", "kmo")
    return blocks.table(
        columns=[
            blocks.column("name", w("constructs.col.name"), width="3fr"),
            *(blocks.column(key, w(f"constructs.col.{key}"), numeric=True) for key in headings),
        ],
        rows=cells, caption=w("constructs.caption"), key="constructs", compact=True,
        note=w("constructs.note", cut=w.number(ITEM_REST)),
    )  # fmt: skip


def chapters(city: CityReport) -> Any:
    """One chapter a questionnaire: findings, items, loadings, dimensions, reliability and fit of its own."""
    w = city.words
    if not names(city):
        return say(w, "constructs.none")
    made: list[Any] = [table(city)]
    for place, name in enumerate(name for name in names(city) if not name.startswith(results.FACET)):
        made += _chapter(view(city, name), title_of(city.survey, name, city.lang), f"-{place + 1}")
    return blocks.group(made)


def _chapter(one: CityReport, title: str, suffix: str) -> list[Any]:
    shown: tuple[Callable[[CityReport], Any], ...] = (
        psychometric_tables.items, psychometric_figures.loadings, psychometric_figures.scree,
        psychometric_figures.correlations, psychometric_tables.reliability, psychometric_tables.fit,
    )  # fmt: skip
    verdicts = city_scale(one)
    parts = [
        blocks.heading(title, level=3, key="construct"),
        *(blocks.prose(*runs_to_parts(runs)) for runs in told.found(one.words, verdicts)),
        *(section(one) for section in shown),
    ]  # fmt: skip
    return [blocks.rekeyed(part, suffix) for part in parts if part is not None]
