"""Other questionnaires of the same survey: each an index of its own, never a part of the IKM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base.questionnaires import title_of
from pipeline.report.base.section import say
from pipeline.report.data.unit import estimate, limit
from pipeline.report.unit.constructs import unit_sentence
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.results import Row


def instruments(u: UnitReport) -> list[Any]:
    """Return, per questionnaire beside the index, its index, thresholds and items; nothing without one."""
    names = list(dict.fromkeys(row.group for row in u.tables.get("instruments", ()) if row.unit == u.unit.id))
    if not names:
        return []
    head = blocks.heading(u.words("unit.instruments.heading"), key="instruments")
    asked = [name for name in names if _asked(u, name)]
    made: list[Any] = [head]
    if asked:
        made.append(say(u.words, "unit.instruments.lead", style="note"))
    for name in asked:
        made += _one(u, name)
    if rest := [title_of(u.survey, name, u.lang) for name in names if name not in asked]:
        made.append(say(u.words, "unit.instruments.not_asked", titles=u.words.join(rest), style="note"))
    return made


def _asked(u: UnitReport, name: str) -> bool:
    """Whether anybody of this unit answered a questionnaire; too few is an answer, too."""
    index = next(iter(u.rows("instruments", "ikm", group=name, item="")), None)
    return index is not None and index.reason != "no-data"


def _one(u: UnitReport, name: str) -> list[Any]:
    w, instrument = u.words, u.survey.definition.instruments[name]
    title = title_of(u.survey, name, u.lang)
    index = next(iter(u.rows("instruments", "ikm", group=name, item="")), None)
    value = estimate(index)
    if index is None or value is None:
        reason = w.label("reason", index.reason if index is not None and index.reason else "no-data")
        return [say(w, "unit.instruments.none", title=title, reason=reason)]
    scale = instrument.scale or u.survey.scale
    lower, upper = limit(index.lower), limit(index.upper)
    floor = 100.0 * scale.min / scale.max
    interval = (
        w.interval(max(floor, lower), min(100.0, upper))
        if lower is not None and upper is not None
        else NOTHING
    )
    said = say(
        w, "unit.instruments.index", title=title, value=w.number(value), interval=interval, n=w.integer(index.n),
        mean=w.number(value * scale.max / 100), low=scale.min, high=scale.max,
        factor=w.number(100 / scale.max),
    )  # fmt: skip
    return [said, *thresholds(u, name), _table(u, name, scale), unit_sentence(u, name)]


def thresholds(u: UnitReport, name: str) -> list[Any]:
    """Say of each threshold whether the index reaches it, and what of the rule is not verified."""
    w, instrument = u.words, u.survey.definition.instruments[name]
    if not instrument.rule:
        return []
    rule, made = rules.index_rule(instrument.rule), []
    for row in u.rows("instruments", "threshold", group=name):
        if row.text:
            made.append(say(w, f"unit.instruments.{row.text}", threshold=w.number(float(row.other))))
    if not rule.verified:
        made.append(
            say(w, "unit.instruments.unverified", short=rule.short[u.lang], basis=rule.basis, style="note")
        )
    return made


def _table(u: UnitReport, name: str, scale: Any) -> Any:
    w = u.words
    nrr = {row.item: row for row in u.rows("instruments", "nrr", group=name)}
    gaps = {row.item: row for row in u.rows("instruments", "gap", group=name)}
    wanted = {row.item: row for row in u.rows("instruments", "expectation", group=name)}
    columns = blocks.columns(
        w, item=("unit.unsur.col_code", ""), name=("unit.instruments.col_item", "1fr"), n="common.n",
        mean="unit.instruments.col_mean", value="unit.unsur.col_value",
    )  # fmt: skip
    if gaps:
        columns += blocks.columns(
            w, wanted="unit.instruments.col_expected", gap="unit.instruments.col_gap",
            interval="unit.unsur.col_interval",
        )  # fmt: skip
    rows = []
    for item, row in nrr.items():
        value = estimate(row)
        gap = gaps.get(item)
        cells = {
            "item": item.rpartition(".")[2], "name": u.item_name(item), "n": w.integer(row.n),
            "mean": _shown(u, row), "value": NOTHING if value is None else w.number(value * 100 / scale.max),
            "wanted": _shown(u, wanted.get(item)), "gap": _shown(u, gap), "interval": _interval(u, gap),
        }  # fmt: skip
        rows.append({column.key: cells[column.key] for column in columns})
    title = title_of(u.survey, name, u.lang)
    return blocks.table(
        columns, rows, caption=w("unit.instruments.caption", title=title), key=f"instrument-{name}",
        note=w("unit.instruments.note_gap" if gaps else "unit.instruments.note"),
    )  # fmt: skip


def _shown(u: UnitReport, row: Row | None) -> str:
    value = estimate(row)
    return NOTHING if value is None else u.words.number(value)


def _interval(u: UnitReport, row: Row | None) -> str:
    if row is None or limit(row.lower) is None:
        return NOTHING
    return u.words.interval(float(row.lower), float(row.upper))
