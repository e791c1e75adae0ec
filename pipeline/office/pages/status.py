"""What of a survey needs somebody, as a page for the office: a table for each cause, with links to the reports.

It knows a day of today, so that no run makes it: a run with the same data gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks
from pipeline.office.pages import put
from pipeline.rules import enough
from pipeline.survey import UNKNOWN_UNIT
from pipeline.words import Words
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.survey import Survey

NAME = "status"
#: States that are counted above the tables, and what each counts.
COUNTED = {
    "data": ("ok", "open", "few", "none", "not read"),
    "report": ("ok", "stale", "edited", "failed", "missing"),
}
#: What is told of a unit under a cause, beside its name.
COLUMNS = {
    "answers": ("answers", "required", "deadline"),
    "late-plan": ("planned_actions", "late_actions"),
    "below-target": ("target", "answers", "required"),
    "report": ("state", "answers"),
}
#: How the causes begin that lie in a unit's answers; any other without columns of its own lies in its report.
OF_ANSWERS = ("empty", "few", "not-read")
#: Rows of a long table; all of them are in the JSON of the command.
MOST = 600


def write(survey: Survey, state: Mapping[str, Any]) -> list[Path]:
    """Write ``internal/status.html`` in each language of the survey.

    Parameters
    ----------
    survey : Survey
    state : mapping
        What ``skm status --json`` prints.

    Returns
    -------
    list of Path
    """
    languages = survey.definition.languages
    return [
        put.as_html(
            survey.internal / f"{put.stem(NAME, lang, languages)}.html",
            page(survey, state, lang), links(state["units"]), survey,
        )
        for lang in languages
    ]  # fmt: skip


def links(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """From the name of a unit to its report, as seen from ``internal/``; of two of one name nobody knows which."""
    often = Counter(row["name"] for row in rows)
    return {
        row["name"]: f"../{row['report_page']}"
        for row in rows
        if row["report_page"] and often[row["name"]] == 1
    }


def page(survey: Survey, state: Mapping[str, Any], lang: str) -> list[Any]:
    """Return the blocks of the page."""
    w, definition = Words(lang), survey.definition
    title = definition.text(definition.title, lang)
    units = [row for row in state["units"] if row["unit"] != UNKNOWN_UNIT]
    concerned = {unit for cause in state["causes"] for unit in cause["units"]}
    shown = [
        blocks.document(
            title=w("status.title"), kicker=title, lang=lang, survey=title, city=definition.city,
            date=state["on"], footer=w("status.footer", survey=title), version=f"skm-pipeline {__version__}",
            synthetic=bool(definition.synthetic), kind="status",
        ),
        _lead(w, state, len(concerned)),
    ]  # fmt: skip
    if state["running"]:
        shown.append(blocks.notice(w("status.running", who=state["running"]), kind="info"))
    if state["causes"]:
        shown.append(_causes(w, state["causes"]))
    if not state["never_run"]:
        shown.append(_counts(w, units, len(units) < state["listed"]))
    rows = {row["unit"]: row for row in units}
    for cause in state["causes"]:
        shown += _cause(w, state, cause, rows)
    return shown


def _lead(w: Words, state: Mapping[str, Any], concerned: int) -> Any:
    if not state["causes"]:
        nothing = "status.nothing_late" if state["only_late"] else "status.nothing"
        return blocks.prose(w(nothing, on=w.date(state["on"])), style="lead")
    return blocks.prose(
        w("status.lead", on=w.date(state["on"]), causes=w.integer(len(state["causes"])),
          units=w.integer(concerned), listed=w.integer(state["listed"])),
        style="lead",
    )  # fmt: skip


def _causes(w: Words, causes: Sequence[Mapping[str, Any]]) -> Any:
    """Every cause with how many units (or other things) it concerns: the screen of the command."""
    rows = [
        [w(f"status.cause.{one['cause']}.what"), w.integer(one["count"]),
         w.integer(one["basic_services"]) if one["units"] else NOTHING]
        for one in causes
    ]  # fmt: skip
    columns = blocks.columns(
        w, cause=("status.col.cause", "3fr"), count="status.col.count", basic="status.col.basic"
    )
    return blocks.table(columns, rows, caption=w("status.causes"), key="causes")


def _counts(w: Words, units: Sequence[Mapping[str, Any]], some: bool) -> Any:
    """How many units are in each state: of their answers, and of their reports; of some units that is said."""
    rows = []
    for key, states in COUNTED.items():
        for state in states:
            if count := sum(row[key] == state for row in units):
                bound = {"least": w.integer(enough())} if state == "open" else {}
                told = w(f"status.{key}.{_key(state)}", **bound)
                rows.append([w(f"status.{key}.title"), told, w.integer(count)])
    judged = Counter(row["reaches"] for row in units if row["target"])
    for word in ("surely", "surely not", "cannot be told", ""):
        if judged[word]:
            rows.append([w("status.target.title"), w(f"status.target.{_key(word)}"), w.integer(judged[word])])
    columns = blocks.columns(
        w, what=("status.col.what", ""), state=("status.col.state", "2fr"), count="status.col.units"
    )
    caption = w("status.counts_some", units=w.integer(len(units))) if some else w("status.counts")
    return blocks.table(columns, rows, caption=caption, key="states", compact=True)


def _key(state: str) -> str:
    return state.replace(" ", "_") or "unjudged"


def _cause(
    w: Words, state: Mapping[str, Any], cause: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]
) -> Iterator[Any]:
    """Yield heading, what to do, and the units of one cause."""
    code = cause["cause"]
    yield blocks.heading(w(f"status.cause.{code}.what"), key=code)
    yield blocks.prose(w(f"status.cause.{code}.do", survey=state["survey"]))
    if not cause["units"]:
        yield blocks.prose(w("status.things", count=w.integer(cause["count"])), style="note")
        return
    names = COLUMNS.get(code) or COLUMNS["answers" if code.startswith(OF_ANSWERS) else "report"]
    told = [[rows[unit]["name"], *(_cell(w, rows[unit], name) for name in names)] for unit in cause["units"]]
    columns = [blocks.column("unit", w("status.col.unit"), width="2.6fr")]
    columns += [blocks.column(name, w(f"status.col.{name}"), numeric=name in NUMBERS) for name in names]
    note = w("status.basic", count=w.integer(cause["basic_services"])) if cause["basic_services"] else ""
    if len(told) > MOST:
        note = f"{note} {w('status.first', shown=w.integer(MOST), all=w.integer(len(told)))}".strip()
    yield blocks.table(
        columns, told[:MOST], caption=w("status.caption", what=w(f"status.cause.{code}.what"),
                                        count=w.integer(cause["count"])),
        key=f"units-{code}", note=note, compact=True,
    )  # fmt: skip


#: Columns of numbers.
NUMBERS = ("answers", "required", "planned_actions", "late_actions", "target")


def _cell(w: Words, row: Mapping[str, Any], name: str) -> str:
    if name == "deadline":
        return _deadline(w, row)
    if name == "state":
        return str(w(f"status.report.{_key(row['report'])}"))
    if name == "target":
        return str(w.number(row["target"]))
    return NOTHING if row[name] is None else str(w.integer(row[name]))


def _deadline(w: Words, row: Mapping[str, Any]) -> str:
    if row["days_left"] is None:
        return NOTHING
    left = row["days_left"]
    key = "today" if left == 0 else "ago" if left < 0 else "left"
    return str(w(f"status.days.{key}", days=w.integer(abs(left))))
