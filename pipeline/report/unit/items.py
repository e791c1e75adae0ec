"""The value of every unsur, with the numbers it comes from, and which weight was used (R1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.from_outside import of_unit
from pipeline.report.base.own_weights import named, weighing
from pipeline.report.base.section import say, section, told
from pipeline.report.data.unit import estimate, limit, whole
from pipeline.report.unit import verdicts
from pipeline.report.unit.headline import exactly, printed_limits
from pipeline.report.unit.instruments import instruments
from pipeline.report.unit.lowest_items import code
from pipeline.report.unit.priorities import highest_said
from pipeline.words import narrative
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@section("unsur")
def unsur(u: UnitReport) -> Any:
    """Show NRR, answers, value, interval and letter of every unsur, then the weight used."""
    w = u.words
    if not u.items:
        return say(w, "unit.no_answers")
    low, high = u.scale
    levels = list(range(low, high + 1))
    columns = [
        *blocks.columns(
            w, item=("unit.unsur.col_code", ""), name=("unit.unsur.col_name", "1fr"), n="common.n",
            nrr="unit.unsur.col_nrr", sd="unit.unsur.col_sd",
        ),
        *(blocks.column(f"s{x}", f"{x} %", numeric=True) for x in levels),
        *blocks.columns(w, value="unit.unsur.col_value", interval="unit.unsur.col_interval"),
    ]  # fmt: skip
    if not u.foreign:
        columns.append(blocks.column("letter", w("unit.unsur.col_letter")))
    nrr, sd = u.by_item("index", "nrr"), u.by_item("index", "sd")
    shares = {x: u.by_item("index", f"share_{x}") for x in levels}
    rows = []
    for item in u.items:
        row = nrr[item]
        cells = {
            "item": code(item), "name": u.item_name(item), "n": w.integer(row.n),
            "nrr": w.number(row.estimate, 3), "sd": w.number(estimate(sd.get(item))),
            "value": w.number(float(row.estimate) * u.factor), "interval": interval(u, row),
            "letter": item_letter(u, row),
        }  # fmt: skip
        for x in levels:
            share = estimate(shares[x].get(item))
            cells[f"s{x}"] = NOTHING if share is None else w.number(share * 100, 0)
        rows.append({c.key: cells[c.key] for c in columns})
    table = blocks.table(
        columns, rows, caption=w("unit.unsur.caption"), key="unsur", footer_rows=[total(u, columns)],
        note=w("unit.unsur.note" if not u.foreign else "unit.unsur.note_foreign", factor=w.number(u.factor, 0)),
    )  # fmt: skip
    return blocks.group(
        say(w, "unit.unsur.lead"),
        table,
        told(highest_said(u)),
        *weight(u),
        *shared(u),
        *nonresponse(u),
        *of_unit(u),
        *instruments(u),
    )


def interval(u: UnitReport, row: Any) -> str:
    """Write an unsur's interval on the scale that ends at 100, clipped to it."""
    lower, upper = limit(row.lower), limit(row.upper)
    if lower is None or upper is None:
        return NOTHING
    return u.words.interval(*u.within(lower * u.factor, upper * u.factor))


def item_letter(u: UnitReport, row: Any) -> str:
    """Return an unsur's letter as decided from its exact sums; a dash when there is none."""
    return str(row.text) or NOTHING


def total(u: UnitReport, columns: list[Any]) -> dict[str, str]:
    """Last line of the table: the unit's own index."""
    w, row = u.words, u.ikm
    cells = {c.key: "" for c in columns} | {"name": w("unit.unsur.total"), "n": w.integer(u.n_valid)}
    if row is not None:
        cells["nrr"] = w.number(float(row.estimate) / u.factor, 3)
        lower, upper = printed_limits(u, row)
        cells["value"] = w.number(exactly(row))
        cells["interval"] = w.interval(lower, upper) if lower is not None else NOTHING
        if "letter" in cells:
            cells["letter"] = u.letter
    return cells


def weight(u: UnitReport) -> list[Any]:
    """Say which weight was used and what the printed ones would give (R1)."""
    w = u.words
    own = u.survey.weights(u.unit.id) if u.unit.id != "unknown" else None
    if u.foreign:
        return [say(w, "unit.unsur.foreign", factor=w.number(u.factor, 2))]
    if own:
        if len(set(own.values())) == 1:
            each = next(iter(own.values()))
            return [
                say(w, "unit.unsur.own_equal", items=w.join([code(item) for item in own]), weight=each,
                    count=w.integer(len(own)))
            ]  # fmt: skip
        listed = [f"{code(item)}\u00a0{weight}" for item, weight in own.items()]
        return [say(w, "unit.unsur.own_weights", weights=w.join(listed), count=w.integer(len(own)))]
    return [told(narrative.printed(w, verdicts.printed(u)))]


def shared(u: UnitReport) -> list[Any]:
    """Say on how many unsur this unit is compared with others, where not all ask the same (R12)."""
    row = u.first("index", "ikm_shared")
    if row is None:
        return []
    w, items = u.words, row.other.split(",")
    if row.text == "weights":
        value = estimate(row)
        if value is not None and u.unit.id in weighing(u.survey):
            return [say(w, "unit.unsur.shared_weights", unit=u.name, value=w.number(value))]
        names = named(u.survey, w, besides=u.unit.id)
        return [say(w, "unit.unsur.shared_weights_only", names=names, unit=u.name)] if names else []
    if estimate(row) is None:
        return [say(w, "unit.unsur.shared_only", count=w.integer(len(items)), own=w.integer(len(u.items)))]
    return [
        say(w, "unit.unsur.shared", count=w.integer(len(items)), own=w.integer(len(u.items)),
            items=w.join([code(item) for item in items]), value=w.number(row.estimate))
    ]  # fmt: skip


def nonresponse(u: UnitReport) -> list[Any]:
    """Set the complete-case index beside the headline when anything is missing (R2)."""
    complete = u.first("index", "ikm_complete")
    value = estimate(complete)
    n = None if complete is None else whole(complete.n)
    if value is None or u.ikm is None or n is None or n >= u.n_valid:
        return []
    w = u.words
    return [
        say(w, "unit.unsur.complete", n=w.integer(n), value=w.number(value), valid=w.integer(u.n_valid),
            index=w.number(u.ikm.estimate))
    ]  # fmt: skip
