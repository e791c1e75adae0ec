"""Do the unsur go together: reliability and validity in plain words, then the table (R9)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.blocks import style
from pipeline.blocks.canvas import Canvas, ramp
from pipeline.report.base.parts import MOST_MAPPED, extremes
from pipeline.report.base.scale_verdicts import unit_scale
from pipeline.report.base.section import reading, runs_to_parts, say, section, told
from pipeline.report.data.unit import estimate, whole
from pipeline.report.unit.constructs import unit_facets
from pipeline.report.unit.lowest_items import code, shorten
from pipeline.report.unit.supported import supported
from pipeline.words import narrative, scale, scale_advice
from pipeline.words.formats import NOTHING
from pipeline.words.scale_verdicts import ITEM_REST

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: The heat map needs this many items and answers to say anything.
MAP_ITEMS, MAP_ANSWERS = 3, 30
NAMES_MM = 42.0
#: Colours of a correlation from -1 over 0 to 1.
RAMP = (style.WARM, "#ffffff", style.answer_colours[2], style.ACCENT)


@dataclass(frozen=True)
class Pairs:
    """A value for every two items, in the order of the form; NaN where there is none."""

    items: list[str]
    found: Mapping[tuple[str, str], float]

    def __len__(self) -> int:
        """How many items."""
        return len(self.items)

    def __call__(self, one: str, other: str) -> float:
        """Return the value of two items."""
        return self.found.get((one, other), math.nan)


@section("consistency")
def consistency(u: UnitReport) -> Any:
    """Say what the figures show and what to do, then list them and what the number of answers refuses."""
    w = u.words
    if len(u.items) < 2:
        return say(w, "unit.consistency.too_few_items")
    verdicts = unit_scale(u)
    return blocks.group(
        [told(runs) for runs in scale.brief(w, verdicts)],
        say(w, "scale.advice.title", style="lead"),
        blocks.bullets([runs_to_parts(runs) for runs in scale_advice.advice(w, verdicts)], ordered=True),
        table(u),
        supported(u),
        unit_facets(u),
        told(*scale.limits(w, verdicts), style="note"),
        heatmap(u),
    )


def table(u: UnitReport) -> Any:
    """Table of item statistics: value, spread, item-rest, item-total against r table, KMO."""
    w = u.words
    columns = [
        *blocks.columns(
            w, item=("unit.unsur.col_code", ""), name=("unit.unsur.col_name", "1fr"),
            nrr="unit.unsur.col_nrr", sd="unit.unsur.col_sd", rest="unit.consistency.col_rest",
            drop="unit.consistency.col_drop",
        ),
        blocks.column("kmo", "KMO", numeric=True),
        *blocks.columns(w, total="unit.consistency.col_total", table="unit.consistency.col_table"),
    ]  # fmt: skip
    found = {
        "nrr": u.by_item("index", "nrr"), "sd": u.by_item("index", "sd"),
        "rest": u.by_item("validity", "item_rest"),
        "drop": u.by_item("reliability", "alpha_if_dropped"),
        "kmo": u.by_item("validity", "kmo_item"),
        "total": u.by_item("validity", "item_total"),
    }  # fmt: skip
    critical = u.value("validity", "r_table", method="two-sided")
    one = u.value("validity", "r_table", method="one-sided")
    explained = w("unit.consistency.note", threshold=w.number(ITEM_REST), one=w.number(one, 3))
    rows, accents = [], []
    for place, item in enumerate(u.items):
        cells = {key: w.number(estimate(rows_.get(item))) for key, rows_ in found.items()}
        cells |= {"item": code(item), "name": u.item_name(item), "table": w.number(critical, 3)}
        cells["total"] = w.number(estimate(found["total"].get(item)), 3)
        rows.append({c.key: cells[c.key] for c in columns})
        rest = estimate(found["rest"].get(item))
        if rest is not None and rest < ITEM_REST:
            accents.append((place, "rest"))
    return blocks.table(
        columns, rows, caption=w("unit.consistency.caption", n=w.integer(complete(u))), key="consistency",
        note=" ".join(filter(None, [explained, overall(u), absent(u, found)])),
        accent_cells=accents,
    )  # fmt: skip


def complete(u: UnitReport) -> int | None:
    """Rows that answered everything: what these statistics rest on."""
    row = u.first("reliability", "alpha", method="jackknife") or u.first("reliability", "alpha")
    return None if row is None else whole(row.n)


def overall(u: UnitReport) -> str:
    """KMO and Bartlett of the whole set, in one line."""
    w = u.words
    kmo, bartlett = u.value("validity", "kmo"), u.first("validity", "bartlett")
    if kmo is None or bartlett is None or estimate(bartlett) is None:
        row = u.first("validity", "kmo")
        reason = w.label("reason", row.reason) if row is not None and row.reason else ""
        return w("unit.consistency.no_kmo", reason=reason) if reason else ""
    return w(
        "unit.consistency.overall", kmo=w.number(kmo), chi2=w.number(bartlett.estimate, 1),
        df=w.integer(bartlett.df), p=w.p(bartlett.p),
    )  # fmt: skip


def absent(u: UnitReport, found: dict[str, dict[str, Any]]) -> str:
    """Explain the dashes of the table."""
    reasons = sorted(
        {
            row.reason
            for rows in found.values()
            for row in rows.values()
            if row.reason and estimate(row) is None
        }
    )
    if not reasons:
        return ""
    w = u.words
    return w("unit.consistency.dash", reasons=w.join([w.label("reason", r) for r in reasons]))


def heatmap(u: UnitReport) -> Any:
    """Show how strongly every two unsur go together, as the regulation suggests to look at."""
    matrix = pairs(u)
    if len(matrix) < MAP_ITEMS or (complete(u) or 0) < MAP_ANSWERS:
        return None
    w = u.words
    if len(matrix) > MOST_MAPPED:
        names = {item: f"{code(item)} {u.item_name(item)}" for item in matrix.items}
        found = [
            (value, names[one], names[other])
            for place, one in enumerate(matrix.items) for other in matrix.items[place + 1:]
            if (value := matrix(one, other)) == value
        ]  # fmt: skip
        return extremes(w, found, "pairs")
    return blocks.figure(
        draw(u, matrix), key="pairs", title=map_title(u, matrix),
        caption=w("unit.consistency.map_caption"), alt=map_alt(u, matrix),
        reading=reading(w, "unit.consistency"),
    )  # fmt: skip


def pairs(u: UnitReport) -> Pairs:
    """Spearman's correlation of every two unsur, of those that have one with any other."""
    found = {
        (row.item, row.other): float(row.estimate)
        for row in u.rows("association", "spearman")
        if row.item in u.items and row.other in u.items and row.item != row.other
    }
    found |= {(other, item): value for (item, other), value in found.items()}
    known = {item for (item, _), value in found.items() if value == value}
    return Pairs([item for item in u.items if item in known], found)


def draw(u: UnitReport, matrix: Pairs) -> str:
    """Draw the lower triangle of the matrix with the values in the cells; it fits a telephone too."""
    count = len(matrix) - 1
    body, width = 5.6 * count, min(8.4 * count, 80.0)
    canvas = Canvas(NAMES_MM + width + 1, body + 7)
    panel = canvas.panel(NAMES_MM, 6.0, width, body, (0, count), (0, count))
    for i, item in enumerate(matrix.items[1:]):
        for j, other in enumerate(matrix.items[: i + 1]):
            value = matrix(item, other)
            if value == value:
                panel.bars([(j, j + 1, i, i + 1)], ramp(RAMP, (value + 1) / 2), gap=0.4)
            text = u.words.number(value) if value == value else NOTHING
            ink = "#ffffff" if value == value and value > 0.75 else style.INK
            canvas.text(text, panel.x(j + 0.5), panel.y(i + 0.52), "center", "center", ink, style.LEAST_PT)
        name = f"{shorten(u.item_name(item), 24)}  {code(item)}"
        canvas.text(name, panel.left - 3.5, panel.y(i + 0.52), "right", "center")
    for j, item in enumerate(matrix.items[:-1]):
        canvas.text(code(item), panel.x(j + 0.5), panel.bottom + 3.5, "center", "top", style.MUTED)
    return canvas.svg()


def ranked(matrix: Pairs) -> list[tuple[float, str, str]]:
    """Every two unsur with their correlation, the strongest first."""
    found = [
        (matrix(first, second), second, first)
        for i, first in enumerate(matrix.items) for second in matrix.items[:i]
    ]  # fmt: skip
    return sorted((p for p in found if p[0] == p[0]), key=lambda pair: (-pair[0], pair[1], pair[2]))


def map_title(u: UnitReport, matrix: Pairs) -> str:
    """Say above the figure which two unsur go together most."""
    w, found = u.words, ranked(matrix)
    if not found:
        return w("unit.consistency.map_alt_none").rstrip(".")
    value, first, second = found[0]
    names = (narrative.inside_sentence(u.item_name(item)) for item in (first, second))
    return w("pageone.title.pairs", first=next(names), second=next(names), value=w.number(value))


def map_alt(u: UnitReport, matrix: Pairs) -> str:
    """Say the strongest and the weakest pairs in words."""
    w, found = u.words, ranked(matrix)
    if not found:
        return w("unit.consistency.map_alt_none")

    def said(pair: tuple[float, str, str]) -> str:
        return w("unit.consistency.map_alt_pair", first=u.item_name(pair[1]), second=u.item_name(pair[2]),
                 value=w.number(pair[0]))  # fmt: skip

    return w(
        "unit.consistency.map_alt", count=w.integer(len(found)), strongest="; ".join(map(said, found[:3])),
        weakest="; ".join(map(said, found[-3:])),
    )  # fmt: skip
