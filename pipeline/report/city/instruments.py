"""The city's other questionnaires, and on how many unsur units are compared at all (R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, rules
from pipeline.report.base.own_weights import named
from pipeline.report.base.questionnaires import title_of
from pipeline.report.city.psychometrics import constructs
from pipeline.report.data.city import first_rows, known, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.city import CityReport


def shared(city: CityReport) -> list[Any]:
    """Say on which unsur units are compared, where their questionnaires differ; else nothing."""
    w = city.words
    rows = results.pick(city.table("index"), scope="unit", statistic="ikm_shared")
    if not len(rows):
        if not len(results.pick(city.table("index"), scope="city", statistic="ikm", method="shared-unsur",
                                reason="not-comparable")):  # fmt: skip
            return []
        return [blocks.notice(w("overview.shared_none"), kind="caution")]
    items = str(rows["other"].iloc[0]).split(",")
    codes = w.join([city.code(item) for item in items])
    if str(rows["text"].iloc[0]) == "weights":
        text = w("overview.shared_weights", names=named(city.survey, w), count=w.integer(len(items)))
    else:
        text = w("overview.shared", count=w.integer(len(items)), all=w.integer(len(city.items)), items=codes)
    return [blocks.notice(text, kind="info")]


def shared_items(city: CityReport) -> list[str]:
    """The unsur that all compared units ask; none listed where all ask the same, or share none."""
    rows = results.pick(city.table("index"), scope="unit", statistic="ikm_shared")
    return str(rows["other"].iloc[0]).split(",") if len(rows) else []


def shared_values(city: CityReport) -> dict[str, str]:
    """Each unit's index on the shared unsur, as printed; empty where all ask the same."""
    rows = results.pick(city.table("index"), scope="unit", statistic="ikm_shared")
    return {
        row.unit: city.words.number(row.estimate) if known(row.estimate) else NOTHING
        for row in results.rows_of(rows)
    }


def instruments(city: CityReport) -> list[Any]:
    """Return a table of every questionnaire beside the index, for the city and each unit."""
    w, table = city.words, city.table("instruments")
    names = list(dict.fromkeys(table["group"])) if len(table) else []
    if not names:
        return []
    index = table[(table["statistic"] == "ikm") & (table["item"] == "")]
    values = {(row.group, row.scope, row.unit): row for row in results.rows_of(index)}
    columns = [blocks.column("unit", w("overview.col_unit"), width="3fr")]
    for place, name in enumerate(names):
        columns.append(blocks.column(f"n{place}", w("overview.col_valid"), numeric=True))
        columns.append(
            blocks.column(f"v{place}", title_of(city.survey, name, city.lang, short=True), numeric=True)
        )
    cells = []
    for unit in city.survey.units:
        found = [values.get((name, "unit", unit.id)) for name in names]
        if any(row is not None for row in found):
            cells.append([unit.name, *(text for row in found for text in _pair(city, row))])
    means = [values.get((name, "city", "")) for name in names]
    footer = [w("overview.city_row"), *(text for row in means for text in _pair(city, row))]
    notes = [w("overview.instruments_note")]
    unverified = unverified_names(city, names)
    if unverified:
        notes.append(w("overview.instruments_unverified", names=w.join(unverified)))
    printed, told = first_rows(w, cells, " ".join(notes))
    return [
        blocks.heading(w("overview.instruments_heading"), key="instruments"),
        say(w, "overview.instruments_lead", style="note"),
        blocks.table(
            columns=columns, rows=printed, caption=w("overview.instruments_caption"), key="instruments-table",
            note=told, footer_rows=[footer], compact=True,
        ),
        constructs.table(city),
    ]  # fmt: skip


def unverified_names(city: CityReport, names: list[str]) -> list[str]:
    """Short names of the questionnaires whose rules were not seen in a regulation."""
    listed = city.survey.definition.instruments
    found = [rules.index_rule(listed[n].rule) for n in names if n in listed and listed[n].rule]
    return [rule.short[city.lang] for rule in found if not rule.verified]


def _pair(city: CityReport, row: Any) -> tuple[str, str]:
    """Respondents and index of one questionnaire, as printed."""
    w = city.words
    if row is None:
        return NOTHING, NOTHING
    n = w.integer(int(row.n)) if known(row.n) and row.reason != "suppressed" else NOTHING
    return n, w.number(row.estimate) if known(row.estimate) else NOTHING
