"""The first sheets of a survey's workbook: the city in a few lines, and its units as a table with a chart."""

from __future__ import annotations

from typing import Any

from pipeline import results, standings
from pipeline.office.city import Results, title
from pipeline.office.sheets import Chart, Head, Sheet
from pipeline.words import Words

#: More units than this on one axis cannot be read: the chart then counts letters.
MOST_BARS = 80


def city(found: Results, w: Words, lang: str) -> Sheet:
    """What the headline is, of whom it is made, and how many units have which letter."""
    index = results.pick(found.public("index"), scope="city", item="", service="", group="")
    chosen = index[(index["statistic"] == "ikm") & (index["text"] == "headline")]
    headline = next(results.rows_of(chosen), None)
    counted = standings.counted_units(found.table("index"))
    lines: list[tuple[str, Any]] = [
        (w("office.row.survey"), title(found.survey, lang)), (w("office.row.city"), found.survey.definition.city),
        (w("office.row.period"), str(found.survey.period)), (w("office.row.rule"), found.rule.short),
        (w("office.summary.units"), len(found.standings)),
    ]  # fmt: skip
    if counted is not None:
        lines += [
            (w("office.summary.counted"), counted.units),
            (w("office.summary.respondents"), counted.people),
        ]
    if headline is not None:
        own = index[(index["method"] == headline.method) & (index["statistic"] == "letter")]
        letter = next((str(row.text) for row in results.rows_of(own)), "")
        lower, upper = found.within(headline.lower, headline.upper)
        lines += [
            (w("office.summary.index"), headline.estimate), (w("office.head.lower"), lower),
            (w("office.head.upper"), upper),
        ]  # fmt: skip
        lines += [(w("office.summary.letter"), letter)] if letter and not found.foreign else []
    rows = [
        (label, None if isinstance(value, str) else value, value if isinstance(value, str) else "")
        for label, value in lines
    ]
    heads = [
        Head(w("office.summary.what")),
        Head(w("office.summary.number"), True),
        Head(w("office.summary.text")),
    ]
    return Sheet(w("office.summary.name"), heads, rows, _notes(found, w))


def units(found: Results, w: Words) -> Sheet | None:
    """Every unit whose index is shown, the highest first, with a chart of index and interval; None without one.

    Units that are for information only (R6) stand behind the others, with their sign at the name.
    """
    shown = found.standings[found.standings["ikm"].notna()]
    shown = shown.sort_values(["sign", "ikm", "name"], ascending=[True, False, True])
    if not len(shown):
        return None
    limits = ("head.lower", "head.upper", "summary.minus", "summary.plus")
    heads = [
        Head(w("office.row.unit")), Head(w("common.index"), True, 2),
        *(Head(w(f"office.{key}"), True, 2) for key in limits),
        Head(w("office.row.letter")), Head(w("office.row.sign")),
    ]  # fmt: skip
    rows = []
    for row in standings.rows_of(shown):
        name = f"{row.name} ({row.sign})" if row.sign else row.name
        parts = (row.ikm - row.lower, row.upper - row.ikm)
        rows.append((name, row.ikm, row.lower, row.upper, *parts, row.letter, row.sign))
    chart = None
    if len(rows) <= MOST_BARS:
        chart = Chart(
            title=w("office.summary.chart_title", city=found.survey.definition.city or title(found.survey, w.lang)),
            axis=w("office.summary.chart_axis"), names=0, values=1, minus=4, plus=5, lowest=found.floor,
        )  # fmt: skip
    return Sheet(w("office.summary.chart_data"), heads, rows, [w("office.summary.note")], chart)


def _notes(found: Results, w: Words) -> list[str]:
    notes = [w("office.note_signs"), w("office.note_interval"), w("office.note_sample")]
    if found.survey.definition.synthetic:
        notes.insert(0, w("office.note_synthetic"))
    if found.foreign:
        notes.append(w("office.note_foreign"))
    return notes
