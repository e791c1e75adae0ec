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
#: Rows of the story's table: those that are late stand first; the annex has the others, too.
MOST = 36


def followup(city: CityReport) -> Any:
    """Return who is late, and a row a unit, of very many the first; nothing where no survey has a plan."""
    found = read(city)
    if found is None:
        return blocks.group()
    survey, whole, units = found
    return blocks.group(said(city, whole, survey), table(city, units, survey, MOST))


def followup_of_many(city: CityReport) -> Any:
    """Return the whole table where the story's is cut, else nothing."""
    found = read(city)
    if found is None or len(planned(found[2])) <= MOST:
        return blocks.group()
    return blocks.group(table(city, found[2], found[0]))


def read(city: CityReport) -> tuple[str, dict[str, Row], dict[str, dict[str, Row]]] | None:
    """Return the survey whose plans are told of, its rows of the city and of each unit; None without plans."""
    rows = city.table(MODULE)
    rows = rows[rows["group"] == ""]
    earlier = sorted(set(rows.loc[rows["scope"].isin(["unit", "city"]), "other"]))
    if not earlier:
        return None
    # The survey's own plan is young; what was promised before it is what can be late.
    plan_of = next((name for name in earlier if name), "")
    rows = rows[rows["other"] == plan_of]
    whole = {row.statistic: row for row in results.rows_of(results.pick(rows, scope="city"))}
    units: dict[str, dict[str, Row]] = {}
    for row in results.rows_of(results.pick(rows, scope="unit")):
        units.setdefault(row.unit, {})[row.statistic] = row
    return plan_of or city.survey.name, whole, units


def planned(units: Mapping[str, Mapping[str, Row]]) -> dict[str, Mapping[str, Row]]:
    """Units that have a plan."""
    return {unit: own for unit, own in units.items() if _number(own, "planned")}


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


def table(city: CityReport, units: Mapping[str, Mapping[str, Row]], survey: str, most: int = 0) -> Any:
    """One row per unit with a plan, those with most that is late first; no more than ``most``, where given."""
    w, rubric, own_plan = city.words, rules.follow_up(), planned(units)
    if not own_plan:
        return None

    def place(unit: str) -> tuple[float, float, str]:
        own = own_plan[unit]
        return -(_number(own, "late") or 0), _number(own, "percent_done") or 0, city.names.get(unit, unit)

    cells = []
    for unit in sorted(own_plan, key=place)[: most or None]:
        own = own_plan[unit]
        share, months = _number(own, "percent_done"), _number(own, "months_to_close")
        cells.append([
            city.names.get(unit, unit),
            *(_written(w, own, name) for name in COUNTS),
            w.percent((share or 0) / 100),
            _written(w, own, "pekppp_8"),
            w.number(months, 1) if months is not None else NOTHING,
        ])  # fmt: skip
    cells, note = first_rows(w, cells, w("overview.followup_note", rubric=rubric.short))
    if len(cells) < len(own_plan) and most:
        note += " " + w("story.help_cut", shown=w.integer(len(cells)), all=w.integer(len(own_plan)))
    return blocks.table(
        [blocks.column("unit", w("overview.col_unit"), width="2.6fr"),
         *(blocks.column(name, w(f"overview.followup_col.{name}"), numeric=True) for name in COUNTS),
         *blocks.columns(
             w, share="overview.col_percent", score="overview.followup_col.score",
             months="overview.followup_col.months",
         )],
        cells, caption=w("overview.followup_caption", survey=survey), key="follow-up", note=note, compact=True,
    )  # fmt: skip


def _number(own: Mapping[str, Row], statistic: str) -> float | None:
    row = own.get(statistic)
    return None if row is None or row.estimate != row.estimate else float(row.estimate)


def _written(w: Any, own: Mapping[str, Row], statistic: str) -> str:
    value = _number(own, statistic)
    return NOTHING if value is None else str(w.integer(value))
