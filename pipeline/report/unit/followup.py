"""What became of the plan that an earlier survey asked for (PEKPPP indicators 8 and 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base.section import say, section
from pipeline.report.data.kind import ALIKE, WHOLE
from pipeline.report.data.unit import estimate
from pipeline.report.unit.actions import MODULE, Planned, actions, due, earlier
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.results import Row

__all__ = ["due", "followed"]


@section("followed", kinds=(WHOLE, ALIKE))
def followed(u: UnitReport) -> Any:
    """Say what was promised and what of it was done, then list it; nothing where no earlier survey has a plan."""
    survey = earlier(u)
    if not survey:
        return None
    w, found = u.words, actions(u, survey)
    if not found:
        return blocks.group(say(w, "unit.followed.none", survey=survey), rubric(u, survey))
    return blocks.group(*counted(u, survey), table(u, survey, found), rubric(u, survey))


def _of(u: UnitReport, statistic: str, survey: str) -> Row | None:
    return u.first(MODULE, statistic, other=survey, group="")


def _count(u: UnitReport, statistic: str, survey: str) -> int | None:
    value = estimate(_of(u, statistic, survey))
    return None if value is None else int(value)


def counted(u: UnitReport, survey: str) -> list[Any]:
    """Count what is done, open, dropped and late."""
    w, named = u.words, survey or u.survey.name
    counts = {name: _count(u, name, survey) or 0 for name in ("planned", "done", "open", "dropped")}
    share = estimate(_of(u, "percent_done", survey))
    # How many are done is said even where none is; of the others only what there is.
    parts = [
        w(f"unit.followed.counts.{name}", n=w.integer(counts[name]), share=w.percent((share or 0) / 100))
        for name in ("done", "open", "dropped")
        if counts[name] or name == "done"
    ]
    planned = w.integer(counts["planned"])
    said = [say(w, "unit.followed.lead", survey=named, planned=planned, counts=w.join(parts))]
    late, on = _count(u, "late", survey), _of(u, "judged_on", survey)
    if counts["open"]:
        if late is None or on is None or not on.text:
            said.append(say(w, "unit.followed.late_unknown"))
        else:
            key = "unit.followed.late" if late else "unit.followed.late_none"
            said.append(say(w, key, on=w.date(on.text), late=w.integer(late)))
    if undated := _count(u, "late_cannot_tell", survey):
        said.append(say(w, "unit.followed.undated", count=w.integer(undated)))
    return said


def table(u: UnitReport, survey: str, found: list[Planned]) -> Any:
    """List each action: whether it was followed up, how, and what documents it."""
    w = u.words
    rows = [
        [
            w.integer(place), one.action, w("unit.followed.yes" if one.status == "done" else "unit.followed.no"),
            told(u, one), one.evidence or NOTHING,
        ]
        for place, one in enumerate(found, 1)
    ]  # fmt: skip
    columns = blocks.columns(
        w, no="unit.followed.col_no", plan=("unit.followed.col_plan", "3fr"),
        done=("unit.followed.col_done", ""), description=("unit.followed.col_description", "2fr"),
        evidence=("unit.followed.col_evidence", "2fr"),
    )  # fmt: skip
    if all(one.evidence == "" for one in found):  # a column of nothing says nothing
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return blocks.table(
        columns, rows, caption=w("unit.followed.caption", survey=survey or u.survey.name), key="followed",
        note=w("unit.followed.note"), row_header=False,
    )  # fmt: skip


def told(u: UnitReport, one: Planned) -> str:
    """Say in a cell how far an action is, and how late."""
    w = u.words
    when = one.done if one.status == "done" else one.due
    key = f"unit.followed.told.{one.status}" + ("" if when else "_undated")
    text = w(key, day=w.date(when) if when else "")
    if one.days_late:
        text += "; " + w("unit.followed.told.late", days=w.integer(one.days_late))
    return str(text)


def rubric(u: UnitReport, survey: str) -> Any:
    """List both indicators of the evaluator with what was measured and its score."""
    w, used = u.words, rules.follow_up()
    measured = {"pekppp_8": _of(u, "percent_done", survey), "pekppp_9": _of(u, "months_to_close", survey)}
    names = {"pekppp_8": ("8", used.share_name), "pekppp_9": ("9", used.speed_name)}
    rows = []
    for statistic, (number, name) in names.items():
        score, row = _of(u, statistic, survey), measured[statistic]
        value = estimate(row)
        if row is None or score is None:
            continue
        if value is None:
            text = w.label("reason", row.reason)
        elif statistic == "pekppp_8":
            text = w.percent(value / 100)
        else:
            text = w("unit.followed.months", months=w.number(value, 1))
        points = estimate(score)
        told = w.integer(points) if points is not None else NOTHING
        if points is None and value is not None:  # measured, and beyond what the rubric scores
            told = w.label("reason", score.reason)
        rows.append([f"{number} {name[u.lang]}", text, told])
    if not rows:
        return None
    return blocks.table(
        blocks.columns(
            w, indicator=("unit.followed.col_indicator", "2fr"),
            measured=("unit.followed.col_measured", "2fr"), score=("unit.followed.col_score", "1fr"),
        ),
        rows, caption=w("unit.followed.rubric_caption", rubric=used.short), key="follow-up-rubric",
        note=w("unit.followed.rubric_note"), compact=True, row_header=False,
    )  # fmt: skip
