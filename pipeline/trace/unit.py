"""A unit's number followed back: result tables, answers, and the raw files read again, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import rules
from pipeline.results.matching import answers as answers_of
from pipeline.results.matching import matching
from pipeline.survey.codes import STATUS
from pipeline.trace import published
from pipeline.trace.model import INDEX, Item, Published, Trace
from pipeline.trace.opened import Opened, bounds
from pipeline.trace.rows import aside, labels, places
from pipeline.trace.subject import Subject

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.intake import Cells
    from pipeline.results import Row
    from pipeline.survey import Survey

#: Statistics of a unit that a trace shows.
STATISTICS = ("nrr", "nrr_weighted", "ikm", "letter", "ikm_legacy", "n_valid")
#: Where a questionnaire stood.
PLACE = ("source_file", "source_row", "answer_rows")


def of_unit(opened: Opened, whose: Subject, code: str, lang: str) -> Trace:
    """Follow a unit's number back."""
    survey, context = opened.survey, opened.context
    weights = opened.weights(whose.unit)
    asked = [i for i in weights if i in opened.asked] if code == INDEX else [code]
    answers = _answers(opened, whose, asked)
    files = sorted({str(name) for name in answers["source_file"]} | _unused(survey))
    long = bool((answers["answer_rows"] != "").any()) or not len(answers)
    from pipeline.intake import answer_cells  # late: only now files are opened

    named = published.services(survey, whose.unit) if whose.service else []
    cells = answer_cells(survey, whose.unit, asked, files, joined=long, service=whose.service, services=named)
    lines = published.csv_lines(survey, whose.unit, STATISTICS)
    found = _rows(opened, whose)
    stored = published.published(found, lines)
    by_item: dict[tuple[str, str], Published] = {}
    for (_, row), made in zip(found, stored, strict=True):
        by_item.setdefault((row.statistic, row.item), made)  # the survey's own table comes first
    items = [_item(opened, answers, cells, i, weights.get(i), by_item, lang) for i in asked]
    scale = context.scale if code == INDEX else context.scale_of(code)
    valid = next((p.value for p in stored if p.statistic == "n_valid"), float(len(answers)))
    exact = _index(items, weights, rules.factor(scale)) if code == INDEX else items[0].mean
    unlettered = context.foreign or code != INDEX
    stands = next((p for p in stored if p.statistic == "ikm"), None) if code == INDEX else items[0].nrr
    return Trace(
        survey=survey.name, unit=whose.unit, name=whose.name, slug=whose.slug, item=code,
        item_name="" if code == INDEX else context.name(code, lang), scale=scale, factor=rules.factor(scale),
        rule=context.rule.short, respondents=len(answers), sign=_sign(opened, whose, valid), items=items,
        published=stands,
        exact=exact, letter="" if unlettered or exact is None else rules.letter(exact, context.rule),
        bounds=() if unlettered else tuple(bounds(context, lang)),
        legacy=[p for p in stored if p.statistic == "ikm_legacy"] if code == INDEX else (),
        labels=() if code == INDEX else labels(cells), places=places(answers, cells, code),
        aside=aside(survey, cells, () if code == INDEX else (code,)),
        pages=published.pages(survey, survey.slug(whose.unit), False, _printed(stands, code, scale)),
        problems=cells.problems,
        equal_weights=len(set(weights.values())) <= 1, long=long, foreign=context.foreign,
        service=whose.service,
    )  # fmt: skip


def _rows(opened: Opened, whose: Subject) -> list[tuple[str, Row]]:
    """Rows of the result tables about the unit, or about its service."""
    if whose.service:
        mine = published.of_service(opened.survey, whose.unit, whose.service)
        return published.rows(mine, scope="service", unit=whose.unit)
    return published.rows(opened.tables, scope="unit", unit=whose.unit)


def _sign(opened: Opened, whose: Subject, valid: float) -> str:
    """How much may be told (R6): of a service nothing below five of its own answers, else what holds of its unit."""
    population = opened.survey.unit(whose.unit).population
    own = opened.context.sign(valid, population)
    if not whose.service or own == rules.PRIVACY:
        return own
    told = published.rows(opened.tables, scope="unit", unit=whose.unit, statistic="n_valid")
    return opened.context.sign(next((row.estimate for _, row in told), valid), population)


def _printed(stands: Published | None, code: str, scale: tuple[int, int]) -> list[str]:
    """How pages print the number: the index with two decimals, a mean on the scale to 100 or with three."""
    if stands is None:
        return []
    if code == INDEX:
        return published.printed(stands.value, 2)
    on_scale = stands.value * float(rules.factor(scale))
    return [*published.printed(on_scale, 2), *published.printed(stands.value, 3)]


def _answers(opened: Opened, whose: Subject, items: Sequence[str]) -> pd.DataFrame:
    """Answers of a unit, or its service, in the order in which they were read, with where they stood."""
    columns = ["unit", "service", *PLACE, *(name for item in items for name in (item, f"{item}{STATUS}"))]
    found = answers_of(Path(opened.survey.processed), whose.unit, columns).to_pandas()
    return found[found["service"] == whose.service] if whose.service else found


def _unused(survey: Survey) -> set[str]:
    """Files of which no row was used: whose they are only reading them again can say."""
    path = Path(survey.processed) / "intake.parquet"
    if not path.is_file():
        return set()
    found = matching(path, [[("used", "==", 0)]], ["source_file", "used"])
    return {str(name) for name in found["source_file"].to_pylist()}


def _item(
    opened: Opened, answers: pd.DataFrame, cells: Cells, item: str, weight: Fraction | None,
    stored: Mapping[tuple[str, str], Published], lang: str,
) -> Item:  # fmt: skip
    given = answers[item].dropna().astype(int)
    status = answers[f"{item}{STATUS}"].astype(str)
    low, high = opened.context.scale_of(item)
    used = cells.answers[(cells.answers["item"] == item) & (cells.answers["state"] == "used")]
    again = used["score"].dropna().astype(int)
    return Item(
        code=item, name=opened.context.name(item, lang), total=int(given.sum()), n=len(given),
        raw_total=int(again.sum()), raw_n=len(again),
        counts={score: int((given == score).sum()) for score in range(low, high + 1)},
        gaps={str(name): int(n) for name, n in status[status != "answered"].value_counts().sort_index().items()},
        weight=weight, nrr=stored.get(("nrr", item)), weighted=stored.get(("nrr_weighted", item)),
    )  # fmt: skip


def _index(items: Sequence[Item], weights: Mapping[str, Fraction], factor: Fraction) -> Fraction | None:
    """The exact index: the factor times the sum of the weighted means; None where an item has no answer."""
    total = Fraction(0)
    for item in items:
        if item.mean is None or item.weight is None:
            return None
        total += item.mean * item.weight
    return factor * total if len(items) == len(weights) else None
