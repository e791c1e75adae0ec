"""The overview of a city: opening it, its first page, and who is not counted.

Each section is one function that returns a block (or a group of blocks); the notebook
``6-overview`` is a list of calls with headings between them. The other sections live in
``overview_units``, ``overview_unsur``, ``overview_tests`` and ``overview_annex`` and are
offered here, so that a notebook imports one name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks, standings
from pipeline.report.base import unanswered
from pipeline.report.base.from_outside import city_outside
from pipeline.report.city.annex import groups, intake, method
from pipeline.report.city.equity import adjustment, equity
from pipeline.report.city.funnel import bands
from pipeline.report.city.headline import (
    for_information,
    headline,
    meaning,
    rests_on,
    units_fact,
    ways,
)
from pipeline.report.city.importance import importance
from pipeline.report.city.integrity import integrity
from pipeline.report.city.items import heatmap, unsur
from pipeline.report.city.lowest import lowest_fact
from pipeline.report.city.pairs import pairs
from pipeline.report.city.psychometrics.chapter import psychometrics
from pipeline.report.city.ranking import ranking, units
from pipeline.report.city.set import about_set, set_footer, set_title
from pipeline.report.city.spread import spread
from pipeline.report.city.target import target
from pipeline.report.city.tests import adequacy, comparison, reliability, versus_counts
from pipeline.report.city.trend import changed, trend
from pipeline.report.data.city import (
    CityReport,
    SetTables,
    first_rows,
    optional,
    read_tables,
    say,
    shown_sign,
    unknown_rows,
)
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.survey import Survey

__all__ = [
    "CityReport", "adequacy", "adjustment", "alternatives", "bands", "city_outside", "comparison", "equity",
    "groups", "head", "heatmap", "importance", "intake", "integrity", "left_out", "method", "open_city", "pairs",
    "psychometrics", "ranking", "reliability", "spread", "summary", "target", "trend", "units", "unsur",
]  # fmt: skip


def open_city(
    survey: Survey | str,
    lang: str = "id",
    root: Path | str | None = None,
    folder: Path | str | None = None,
    part: SetTables | None = None,
    modules: Sequence[str] = standings.MODULES,
) -> CityReport:
    """Open what the overview of a survey reads.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey or the name of its folder under ``data/raw``; empty means the newest.
    lang : str
        ``id`` or ``en``.
    root : Path, optional
        The folder with ``data/raw``; found upward from the current folder by default.
    folder : Path, optional
        Another folder of result tables than ``data/processed/<survey>``.
    part : SetTables, optional
        A named set computed by itself (`steps.named_set`): the overview is of its units only.
    modules : sequence of str
        The tables to read: a stage's page reads none that a later stage makes.

    Returns
    -------
    CityReport

    Raises
    ------
    SurveyError
        When there is no such survey or its definition cannot be used.
    """
    if part is not None:
        # Of what was read, nothing is known per set.
        return CityReport(part.survey, lang, part.tables, data_hash=str(part.survey.digest)[:12], part=part)
    loaded = load(survey, root)
    folder = Path(folder) if folder else Path(loaded.processed)
    return CityReport(
        survey=loaded,
        lang=lang,
        tables=read_tables(folder, modules),
        intake=optional(folder / "intake.parquet"),
        ledger=optional(folder / "ledger.parquet"),
        data_hash=str(loaded.digest)[:12],
    )


def load(survey: Survey | str, root: Path | str | None = None) -> Survey:
    """Return the survey itself, loading it by name when a name is given."""
    if not isinstance(survey, str | int):  # papermill's -p turns 2025 into a number
        return survey
    from pipeline.survey import find_root, newest
    from pipeline.survey import load as load_survey

    folder = Path(root) if root else find_root()
    return load_survey(folder, str(survey) or newest(folder))


def head(city: CityReport) -> Any:
    """Return the document block: title, language, footer, hash and the synthetic mark."""
    w, definition = city.words, city.survey.definition
    return blocks.document(
        title=set_title(city)
        or (w("overview.title", city=definition.city) if definition.city else city.place),
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
        version=__version__,
        synthetic=bool(definition.synthetic),
        renamed=w.renamed,
        kind="overview",
    )


def kicker(city: CityReport) -> str:
    """Return the small line above a title: what, when, and under which rule."""
    from pipeline import rules

    if city.foreign:
        return city.words("overview.kicker_foreign", period=period(city))
    rule = rules.load(city.survey.definition.rule)
    return city.words("overview.kicker", period=period(city), rule=rule.short)


def period(city: Any) -> str:
    """Return the days of fieldwork when known, else the survey's period."""
    fieldwork = city.survey.definition.fieldwork
    if fieldwork and (fieldwork.start or fieldwork.end):
        return city.words.date_range(fieldwork.start, fieldwork.end)
    return str(city.survey.definition.period or city.survey.name)


def end_date(city: Any) -> Any:
    """Last day of fieldwork: the date a document carries, so that bytes do not depend on today.

    Without one: the day the data were taken from their system, else the end of the period's year.
    """
    given = city.survey.definition.fieldwork
    if given.end or given.start or given.extracted:
        return given.end or given.extracted or given.start
    year = str(city.survey.period)[:4]
    return f"{year}-12-31" if year.isdigit() else ""


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
        *_meaning(city, row),
        *changed(city),
        *alternatives(city),
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
                w.integer(firm), w("overview.fact_firm"),
                w("overview.fact_firm_note", ranked=w.integer(len(city.ranked))),
            )
        )  # fmt: skip
    facts += lowest_fact(city)
    return blocks.facts(facts)


def _meaning(city: CityReport, row: Any) -> list[Any]:
    w, ranked = city.words, city.ranked
    said = meaning(city, row)
    counts = versus_counts(ranked)
    if sum(counts.values()) >= 2:
        said.append(
            say(
                w, "overview.meaning_units", tested=w.integer(sum(counts.values())),
                **{word: w.integer(count) for word, count in counts.items()},
            )
        )  # fmt: skip
    if city.survey.definition.mode or city.survey.definition.sampling:
        said.append(say(w, "overview.meaning_sample", style="note"))
    return said


def alternatives(city: CityReport) -> list[Any]:
    """Return the tables of the city's index by every method and of units by letter."""
    return [*ways(city), *_letters(city)]


def _reason(city: CityReport, reason: str) -> str:
    return city.words.label("reason", reason) if reason else NOTHING


def _letters(city: CityReport) -> list[Any]:
    """Count units by letter and by how certain the letter is."""
    w, rows = city.words, city.ranked
    rows = rows[rows["letter"] != ""]
    if not len(rows) or city.few:
        return []
    words = {word: w.label("certainty", word) for word in ("firm", "leaning", "border")}
    held = rows["certainty"].where(rows["certainty"].isin(list(words)), "none")
    if (held == "none").any():  # answers that are all the same have a letter and no certainty
        words["none"] = w("overview.col_no_certainty")
    cells = []
    for letter, name, _, _ in reversed(city.bands):
        of = held[rows["letter"] == letter]
        cells.append(
            [f"{letter} · {name}", w.integer(len(of)), *(w.integer(int((of == k).sum())) for k in words)]
        )
    total = [int((held == word).sum()) for word in words]
    return [
        blocks.table(
            columns=[
                blocks.column("letter", w("overview.col_letter")),
                blocks.column("units", w("overview.col_units"), numeric=True),
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
    for row in table[table["sign"].ne("") | table["ikm"].isna()].itertuples():
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
                columns=[
                    blocks.column("unit", w("overview.col_unit")),
                    blocks.column("n", w("overview.col_valid"), numeric=True),
                    blocks.column("required", w("overview.col_required"), numeric=True),
                    blocks.column("sign", w("overview.col_sign")),
                    blocks.column("why", w("overview.col_why")),
                ],
                rows=printed, caption=w("overview.left_out_caption"), key="left-out", note=told,
            )
        )  # fmt: skip
    if unknown:
        made.append(say(w, "overview.unknown", n=w.integer(unknown)))
    if city.few and len(table) > 1:
        made.append(say(w, "overview.few"))
    return blocks.group(*made)
