"""What became of the units' plans for follow-up, those that are late first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, rules
from pipeline.report.data.city import CityReport, first_rows, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.results import Row

MODULE = "followup"
COUNTS = ("planned", "done", "late", "dropped")


def followup(city: CityReport) -> Any:
    """Return who is late, and a row a unit; nothing where no survey has a plan."""
    rows = city.table(MODULE)
    rows = rows[rows["group"] == ""]
    earlier = sorted(set(rows.loc[rows["scope"].isin(["unit", "city"]), "other"]))
    if not earlier:
        return blocks.group()
    # The survey's own plan is young; what was promised before it is what can be late.
    plan_of = next((name for name in earlier if name), "")
    rows = rows[rows["other"] == plan_of]
    whole = {row.statistic: row for row in results.rows_of(results.pick(rows, scope="city"))}
    units: dict[str, dict[str, Row]] = {}
    for row in results.rows_of(results.pick(rows, scope="unit")):
        units.setdefault(row.unit, {})[row.statistic] = row
    return blocks.group(
        said(city, whole, plan_of or city.survey.name), table(city, units, plan_of or city.survey.name)
    )


def said(city: CityReport, whole: Mapping[str, Row], survey: str) -> Any:
    """Count plans, what of them is done, and the units that are late."""
    w = city.words
    count = {name: w.integer(_number(whole, name) or 0) for name in ("planned", "done", "open", "dropped")}
    with_plan = whole["units"]
    lead = say(
        w, "overview.followup_lead", survey=survey, **count,
        share=w.percent((_number(whole, "percent_done") or 0) / 100),
        units=w.integer(with_plan.numerator), listed=w.integer(with_plan.denominator),
    )  # fmt: skip
    on, late = whole["judged_on"].text, whole.get("units_late")
    if late is None or not on:
        return blocks.group(lead, say(w, "overview.followup_no_date"))
    key = "overview.followup_late" if late.numerator else "overview.followup_none_late"
    text = say(
        w, key, on=w.date(on), units=w.integer(late.numerator), late=w.integer(_number(whole, "late") or 0)
    )
    return blocks.group(lead, text)


def table(city: CityReport, units: Mapping[str, Mapping[str, Row]], survey: str) -> Any:
    """One row per unit with a plan, those with most that is late first."""
    w, rubric = city.words, rules.follow_up()
    planned = {unit: own for unit, own in units.items() if _number(own, "planned")}
    if not planned:
        return None

    def place(unit: str) -> tuple[float, float, str]:
        own = planned[unit]
        return -(_number(own, "late") or 0), _number(own, "percent_done") or 0, city.names.get(unit, unit)

    cells = []
    for unit in sorted(planned, key=place):
        own = planned[unit]
        share, months = _number(own, "percent_done"), _number(own, "months_to_close")
        cells.append([
            city.names.get(unit, unit),
            *(_written(w, own, name) for name in COUNTS),
            w.percent((share or 0) / 100),
            _written(w, own, "pekppp_8"),
            w.number(months, 1) if months is not None else NOTHING,
        ])  # fmt: skip
    cells, note = first_rows(w, cells, w("overview.followup_note", rubric=rubric.short))
    return blocks.table(
        [blocks.column("unit", w("overview.col_unit"), width="2.6fr"),
         *(blocks.column(name, w(f"overview.followup_col.{name}"), numeric=True) for name in COUNTS),
         blocks.column("share", w("overview.col_percent"), numeric=True),
         blocks.column("score", w("overview.followup_col.score"), numeric=True),
         blocks.column("months", w("overview.followup_col.months"), numeric=True)],
        cells, caption=w("overview.followup_caption", survey=survey), key="follow-up", note=note, compact=True,
    )  # fmt: skip


def _number(own: Mapping[str, Row], statistic: str) -> float | None:
    row = own.get(statistic)
    return None if row is None or row.estimate != row.estimate else float(row.estimate)


def _written(w: Any, own: Mapping[str, Row], statistic: str) -> str:
    value = _number(own, statistic)
    return NOTHING if value is None else str(w.integer(value))
