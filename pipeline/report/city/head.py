"""The first page of a city's overview: the document itself, the index, what it means, who is not counted."""

from __future__ import annotations

from typing import Any

from pipeline import __version__, blocks, standings
from pipeline.report.base import unanswered
from pipeline.report.base.at_random import how_drawn
from pipeline.report.city.headline import (
    for_information,
    headline,
    rests_on,
    units_fact,
    ways,
)
from pipeline.report.city.letters import lettered
from pipeline.report.city.lowest import lowest_fact
from pipeline.report.city.points import points
from pipeline.report.city.set import about_set, set_footer, set_title
from pipeline.report.data.city import (
    CityReport,
    first_rows,
    say,
    shown_sign,
    unknown_rows,
)
from pipeline.words.formats import NOTHING


def head(city: CityReport) -> Any:
    """Return the document block: title, language, footer, hash and the synthetic mark."""
    return document(city, titled(city), "overview")


def annex_head(city: CityReport) -> Any:
    """Return the document block of the technical annex."""
    return document(city, city.words("story.annex_title", title=titled(city)), "annex")


def titled(city: CityReport) -> str:
    """Title of the overview."""
    w, definition = city.words, city.survey.definition
    whole = w("overview.title", city=definition.city) if definition.city else city.place
    return set_title(city) or whole


def document(city: CityReport, title: str, kind: str) -> Any:
    """Return the document block of one of the city's documents."""
    w, definition = city.words, city.survey.definition
    return blocks.document(
        title=title,
        kicker=kicker(city),
        lang=city.lang,
        survey=city.survey.name,
        unit="",
        city=definition.city,
        period=period(city),
        date=str(end_date(city) or ""),
        footer=set_footer(city)
        or w(
            "overview.footer_foreign" if city.foreign else "overview.footer",
            city=city.place,
            survey=city.survey.name,
        ),
        data_hash=city.data_hash,
        version=f"skm-pipeline {__version__}",
        synthetic=bool(definition.synthetic),
        renamed=w.renamed,
        kind=kind,
    )


def kicker(city: CityReport) -> str:
    """Return the small line above a title: what, when, and under which rule."""
    if city.foreign:
        return city.words("overview.kicker_foreign", period=period(city))
    return city.words("overview.kicker", period=period(city), rule=city.rule.short)


def period(city: Any) -> str:
    """Return the days of fieldwork when known, else the survey's period."""
    fieldwork = city.survey.definition.fieldwork
    if fieldwork and (fieldwork.start or fieldwork.end):
        return city.words.date_range(fieldwork.start, fieldwork.end)
    return str(city.survey.definition.period or city.survey.name)


def end_date(city: Any) -> Any:
    """Last day of fieldwork: the date a document carries, so that bytes do not depend on today.

    Without one: the day the data were taken from their system, else the end of the period's last year.
    """
    given = city.survey.definition.fieldwork
    if given.end or given.start or given.extracted:
        return given.end or given.extracted or given.start
    years = city.survey.years
    return f"{years[1]}-12-31" if years else ""


def summary(city: CityReport) -> Any:
    """Return the first page: the city's index, how sure it is, and what it rests on."""
    w, row = city.words, city.headline
    shown = (
        [*for_information(city), headline(city, row)]
        if row is not None and row.estimate == row.estimate
        else []
    )
    if not shown:
        return blocks.group(say(w, "overview.no_index", style="lead"), *about_set(city), _facts(city))
    return blocks.group(
        *unanswered.of_city(city),
        *shown,
        *rests_on(city),
        *about_set(city),
        _facts(city),
        *points(city),
        *_read(city),
    )


def _facts(city: CityReport) -> Any:
    w, table = city.words, city.standings
    valid = int(table["n_valid"].sum())
    enough = int((table["n_valid"] >= table["required"]).sum())
    known = int(table["required"].notna().sum())
    firm = int((city.ranked["certainty"] == "firm").sum())
    facts = [
        units_fact(city),
        blocks.fact(
            w.integer(valid), w("overview.fact_valid"),
            w("overview.fact_valid_note", enough=w.integer(enough), known=w.integer(known))
            if known
            else w("overview.fact_valid_unknown"),
        ),
    ]  # fmt: skip
    if city.bands and len(city.ranked) > 1:
        facts.append(
            blocks.fact(
                w.integer(firm), w("overview.fact_firm", n=firm),
                w("overview.fact_firm_note", ranked=w.integer(len(city.ranked))),
            )
        )  # fmt: skip
    facts += lowest_fact(city)
    return blocks.facts(facts)


def _read(city: CityReport) -> list[Any]:
    """How respondents were chosen, and where the tests and tables stand."""
    w, sampling = city.words, city.survey.definition.sampling
    return [
        *([say(w, "overview.few", style="note")] if city.few and len(city.standings) > 1 else []),
        say(w, f"overview.sample.{how_drawn(sampling)}", style="note"),
        say(w, "story.see_annex", style="note"),
    ]


def alternatives_of(city: CityReport) -> Any:
    """Return the other ways to make the city's index, and its letters, as a section."""
    row = city.headline
    return blocks.group(*(alternatives(city) if row is not None and row.estimate == row.estimate else []))


def alternatives(city: CityReport) -> list[Any]:
    """Return the tables of the city's index by every method and of units by letter."""
    return [*ways(city), *_letters(city)]


def _reason(city: CityReport, reason: str) -> str:
    return city.words.label("reason", reason) if reason else NOTHING


def _letters(city: CityReport) -> list[Any]:
    """Count units by letter and by how certain the letter is."""
    w = city.words
    rows, words = lettered(city)
    if not len(rows) or city.few:
        return []
    held, cells = rows["held"], []
    for letter, name, _, _ in reversed(city.bands):
        of = held[rows["letter"] == letter]
        cells.append(
            [f"{letter} · {name}", w.integer(len(of)), *(w.integer(int((of == k).sum())) for k in words)]
        )
    total = [int((held == word).sum()) for word in words]
    return [
        blocks.table(
            columns=[
                *blocks.columns(w, letter=("overview.col_letter", ""), units="overview.col_units"),
                *(blocks.column(k, label, numeric=True) for k, label in words.items()),
            ],
            rows=cells, footer_rows=[[w("common.total"), w.integer(len(rows)), *map(w.integer, total)]],
            caption=w("overview.letters_caption"), key="letters", note=w("overview.letters_note"),
        )
    ]  # fmt: skip


def left_out(city: CityReport) -> Any:
    """Return who is not in the ranking, and why: no data, too few, for information, unknown."""
    w, table = city.words, city.standings
    cells = []
    for row in standings.rows_of(table[table["sign"].ne("") | table["ikm"].isna()]):
        if row.n_valid < 1:
            why = w("overview.why_none")
        elif row.sign == "x":
            why = w("overview.why_few")
        elif row.sign == "E":
            why = w("overview.why_information")
        else:
            why = _reason(city, row.reason)
        need = w.integer(row.required) if row.required == row.required else NOTHING
        cells.append([row.name, w.integer(row.n_valid), need, shown_sign(row) or NOTHING, why])
    unknown = unknown_rows(city)
    made: list[Any] = [
        say(w, "overview.left_out_lead" if cells else "overview.left_out_none",
            count=w.integer(len(cells)), listed=w.integer(len(table))),
    ]  # fmt: skip
    if cells:
        printed, told = first_rows(w, cells, w("overview.signs_note"))
        made.append(
            blocks.table(
                columns=blocks.columns(
                    w, unit=("overview.col_unit", ""), n="overview.col_valid",
                    required="overview.col_required", sign=("overview.col_sign", ""),
                    why=("overview.col_why", ""),
                ),
                rows=printed, caption=w("overview.left_out_caption"), key="left-out", note=told,
            )
        )  # fmt: skip
    if unknown:
        made.append(say(w, "overview.unknown", n=w.integer(unknown)))
    if city.few and len(table) > 1:
        made.append(say(w, "overview.few"))
    return blocks.group(*made)
