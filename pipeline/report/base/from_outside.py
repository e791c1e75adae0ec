"""What others measured of the same units: figures from outside, and the other survey of one period.

Figures stand beside the unit's complaints unsur (U8); the city's chapter correlates them over
units and says plainly when those are few. Two surveys of a period stand side by side, never pooled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.base.section import say
from pipeline.report.data.city import CityReport, absent, known
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.words import Words

#: Figures in the order they are shown, and the decimals of each.
FIGURES = {
    "ombudsman_score": 2, "complaints_received": 0, "complaints_solved": 0, "complaints_solved_share": 3,
    "complaint_days": 1, "complaints_per_1000": 2,
}  # fmt: skip
#: Columns of the city's table, which is about units and not about derived figures.
PER_UNIT = ("ombudsman_score", "complaints_received", "complaints_solved", "complaint_days")
NAMED = 60
U8 = "U8"


def _figure(w: Words, name: str, value: float | None) -> str:
    if value is None or value != value:
        return NOTHING
    if name == "complaints_solved_share":
        return w.percent(value)
    return w.number(value, FIGURES[name]) if FIGURES[name] else w.integer(value)


def of_unit(u: UnitReport) -> list[Any]:
    """Show the unit's figures from outside beside U8, and its result in the other survey of the period."""
    return [block for block in (unit_figures(u), _unit_beside(u)) if block is not None]


def unit_figures(u: UnitReport) -> Any:
    """Table of what others measured of the unit, beside what its respondents say of U8; None without any."""
    w = u.words
    found = {row.other: row.estimate for row in u.rows("outside", "outside")}
    if not found:
        return None
    rows = [[w(f"outside.{name}"), _figure(w, name, found[name])] for name in FIGURES if name in found]
    source = next((o.source for o in u.survey.outside if o.unit == u.unit.id), "")
    own = u.value("index", "nrr", item=U8)
    if own is not None and u.sign not in ("0", "x"):
        rows.append([w("unit.outside.own", name=u.item_name(U8)), w.number(own * u.factor)])
    note = [w("unit.outside.note")]
    if source:
        note.append(w("unit.outside.source", source=source))
    return blocks.table(
        blocks.columns(w, figure=("unit.outside.col_figure", "2fr"), value="unit.outside.col_value"),
        rows, caption=w("unit.outside.caption"), key="outside", note=" ".join(note),
    )  # fmt: skip


def _unit_beside(u: UnitReport) -> Any:
    w = u.words
    there = [row for row in u.rows("outside", "ikm") if row.group]
    if not there:
        return None
    own = u.ikm
    shown = own is not None and u.sign not in ("0", "x")
    rows = [[
        _survey(w, u.survey.name, u.survey.definition.conducted_by), w.integer(u.n_valid),
        w.number(own.estimate) if own is not None and shown else NOTHING,
        w.interval(own.lower, own.upper) if own is not None and shown else NOTHING,
        (u.letter if shown else "") or NOTHING,
    ]]  # fmt: skip
    for row in there:
        letter = u.first("outside", "letter", group=row.group)
        valid = u.first("outside", "n_valid", group=row.group)
        rows.append([
            _survey(w, row.group, row.other), w.integer(valid.estimate) if valid is not None else NOTHING,
            w.number(row.estimate) if row.estimate == row.estimate else NOTHING,
            w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
            (letter.text if letter is not None else "") or NOTHING,
        ])  # fmt: skip
    return blocks.table(
        [blocks.column("survey", w("outside.col_survey"), width="2fr"), *_index_columns(w)],
        rows, caption=w("outside.beside_caption"), key="beside", note=w("outside.beside_note"),
    )  # fmt: skip


def _survey(w: Words, name: str, by: str) -> str:
    return w("outside.survey_by", survey=name, by=by) if by else name


def _index_columns(w: Words) -> list[Any]:
    return blocks.columns(
        w, n="common.n", ikm="common.index", interval="outside.col_interval",
        letter=("outside.col_letter", ""),
    )  # fmt: skip


def city_outside(city: CityReport) -> Any:
    """Show figures from outside per unit, what they have to do with the survey, and the other survey."""
    table = city.table("outside")
    made = [_city_figures(city, table), _criterion(city, table), *_city_beside(city, table)]
    made = [block for block in made if block is not None]
    return blocks.group(*made) if made else absent(city, "outside.none")


def _city_figures(city: CityReport, table: Any) -> Any:
    w = city.words
    rows = table[(table["statistic"] == "outside") & (table["scope"] == "unit")]
    if not len(rows):
        return None
    value = {(r.unit, r.other): float(r.estimate) for r in results.rows_of(rows)}
    named = [name for name in PER_UNIT if any(other == name for _, other in value)]
    nrr = results.pick(city.table("index"), scope="unit", statistic="nrr", item=U8, service="", group="")
    own = {r.unit: float(r.estimate) * city.factor for r in results.rows_of(nrr) if r.estimate == r.estimate}
    cells = [
        [unit.name, w.number(own[unit.id]) if unit.id in own else NOTHING,
         *(_figure(w, name, value.get((unit.id, name))) for name in named)]
        for unit in city.survey.units
        if any((unit.id, name) in value for name in named)
    ]  # fmt: skip
    return blocks.table(
        [*blocks.columns(w, unit=("overview.col_unit", "3fr"), u8="outside.col_u8"),
         *(blocks.column(name, w(f"outside.{name}"), numeric=True) for name in named)],
        cells[:NAMED], caption=w("outside.city_caption"), key="outside",
        note=w("outside.city_note", shown=w.integer(min(len(cells), NAMED)), count=w.integer(len(cells))),
    )  # fmt: skip


def _criterion(city: CityReport, table: Any) -> Any:
    w = city.words
    rows = table[table["statistic"] == "criterion"]
    if not len(rows):
        return None
    cells, few = [], 0
    for r in results.rows_of(rows):
        few = max(few, r.n or 0) if r.text == "few" else few
        value = w.number(r.estimate) if r.estimate == r.estimate else w.label("reason", r.reason)
        cells.append([
            w("outside.the_index") if not r.item else city.item_name(r.item), w(f"outside.{r.other}"),
            w.integer(r.n), value, w.interval(r.lower, r.upper) if r.lower == r.lower else NOTHING,
            w.p(r.p) if r.p == r.p else NOTHING,
        ])  # fmt: skip
    note = w("outside.criterion_note")
    made = blocks.table(
        blocks.columns(
            w, own=("outside.col_own", "2fr"), other=("outside.col_outside", "2fr"), n="overview.col_units",
            r="outside.col_r", interval="outside.col_interval", p="outside.col_p",
        ),
        cells, caption=w("outside.criterion_caption"), key="criterion", note=note,
    )  # fmt: skip
    return blocks.group(say(w, "outside.criterion_few", units=w.integer(few)) if few else None, made)


def _city_beside(city: CityReport, table: Any) -> list[Any]:
    """One table a sibling survey: each unit that both have, never pooled."""
    w, made = city.words, []
    rows = table[(table["group"] != "") & (table["scope"] == "unit")]
    own = {row.unit: row for row in standings.rows_of(city.standings)}
    for name, part in rows.groupby("group", sort=True):
        ikm = {r.unit: r for r in results.rows_of(part[part["statistic"] == "ikm"])}
        letter = {r.unit: r.text for r in results.rows_of(part[part["statistic"] == "letter"])}
        valid = {r.unit: r.estimate for r in results.rows_of(part[part["statistic"] == "n_valid"])}
        cells = []
        for unit in city.survey.units:
            if unit.id not in ikm:
                continue
            here, there = own.get(unit.id), ikm[unit.id]
            mine = here if here is not None and known(here.ikm) else None
            cells.append([
                unit.name, w.integer(here.n_valid) if here is not None else NOTHING,
                w.number(mine.ikm) if mine else NOTHING, (mine.letter if mine else "") or NOTHING,
                w.integer(valid[unit.id]) if known(valid.get(unit.id)) else NOTHING,
                w.number(there.estimate) if there.estimate == there.estimate else NOTHING,
                w.interval(there.lower, there.upper) if there.lower == there.lower else NOTHING,
                letter.get(unit.id) or NOTHING,
            ])  # fmt: skip
        if not cells:
            continue
        there_name = _survey(w, str(name), str(part["other"].iloc[0]))
        here_name = _survey(w, city.survey.name, city.survey.definition.conducted_by)
        made.append(blocks.table(
            blocks.columns(
                w, unit=("overview.col_unit", "3fr"), n="outside.n_here", ikm="outside.ikm_here",
                letter=("outside.col_letter", ""), n2="outside.n_there", ikm2="outside.ikm_there",
                interval2="outside.col_interval", letter2=("outside.col_letter", ""),
            ),
            cells[:NAMED], caption=w("outside.city_beside_caption", here=here_name, there=there_name),
            key=f"beside-{name}",
            note=w("outside.beside_note") + " " + w("outside.city_beside_note", both=w.integer(len(cells)),
                                                    listed=w.integer(len(city.survey.units))),
        ))  # fmt: skip
    return made
