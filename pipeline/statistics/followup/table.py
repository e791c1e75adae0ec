"""A plan for follow-up as rows of the result table: each action, and per unit and city what became of it.

Rows of an action carry its id in ``group``: ``action``, ``unsur``, ``owner``, ``due``, ``status``, ``done_on``,
``evidence`` (in ``text``), and ``days_late`` of one that is open and was due before the day of judgement. Its unsur
is no ``item``: nobody's answers to it are told.

Rows of a unit: ``planned``, ``done``, ``open``, ``in_progress``, ``dropped``, ``late``, ``late_cannot_tell`` (open
without a due date), ``percent_done``, ``months_to_close``, ``pekppp_8``, ``pekppp_9``, ``due_next``, ``due_last``
and ``judged_on`` (days in ``text``). The city has the counts, ``percent_done``, ``units`` with a plan and
``units_late``. ``other`` names the survey whose plan it is; empty: the survey's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline import results, rules

if TYPE_CHECKING:
    import pandas as pd

#: Columns of a plan; `due` and `done` hold days (`datetime.date`) or None, `status` one of `STATUSES`.
COLUMNS = ("id", "unit", "unsur", "action", "owner", "due", "status", "done", "evidence")
PLANNED, RUNNING, DONE, DROPPED = STATUSES = ("planned", "in-progress", "done", "dropped")
METHOD = "follow-up"
NAN = float("nan")


def table(
    plan: pd.DataFrame,
    *,
    units: Sequence[str],
    on: date | None,
    issued: date | None = None,
    survey: str = "",
    plan_of: str = "",
) -> pd.DataFrame:
    """What became of a plan, per action, unit and city.

    Parameters
    ----------
    plan : DataFrame
        One row per action, the columns `COLUMNS`.
    units : sequence of str
        Units that a plan was asked of, in the order of their list; one without an action planned nothing.
    on : date or None
        The day on which lateness is judged: of the survey, never today. None: nobody can be late.
    issued : date or None
        The day on which the report that asked for the plan was issued; None: speed cannot be told.
    survey, plan_of : str
        The survey of the table, and the one whose plan this is (empty: the same).

    Returns
    -------
    DataFrame
        Rows of the tidy shape; NaN with a reason where something cannot be told.

    Notes
    -----
    ``percent_done`` = 100 x done / planned, where dropped actions were planned and are not done.
    ``months_to_close``: from ``issued`` to the last day on which something was done, where all is done
    (`rules.months_between`). ``pekppp_8`` and ``pekppp_9``: `rules.Rubric`, on exact counts and days.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("1", "a", "U3", "x", "", date(2025, 3, 1), "done", date(2025, 2, 1), ""),
    ...         ("2", "a", "U9", "y", "", date(2025, 6, 1), "planned", None, "")]
    >>> made = table(pd.DataFrame(rows, columns=COLUMNS), units=["a"], on=date(2025, 9, 1), issued=date(2024, 12, 1))
    >>> of_unit = made[(made["unit"] == "a") & (made["group"] == "")].set_index("statistic")
    >>> [float(of_unit.at[name, "estimate"]) for name in ("planned", "done", "late", "percent_done", "pekppp_8")]
    [2.0, 1.0, 1.0, 50.0, 3.0]
    >>> of_unit.at["months_to_close", "reason"]
    'not-all-done'
    """
    listed = list(dict.fromkeys(units))
    actions: dict[str, list[Mapping[str, Any]]] = {unit: [] for unit in listed}
    for values in zip(*(plan[name] for name in COLUMNS)):
        row = {name: _known(value) for name, value in zip(COLUMNS, values)}
        if row["unit"] in actions:
            actions[row["unit"]].append(row)
    common = {"survey": survey, "other": plan_of, "method": METHOD}
    rows: list[dict[str, Any]] = []
    for unit, own in actions.items():
        rows += ({**common, "scope": "unit", "unit": unit, **row} for row in _unit(own, on, issued))
    rows += ({**common, "scope": "city", **row} for row in _city(list(actions.values()), on))
    return results.frame(rows)


def _known(value: Any) -> Any:
    """A cell of a frame, None where pandas holds that there is nothing."""
    return None if value is None or value != value else value


def _late(action: Mapping[str, Any], on: date | None) -> int:
    """Days since an open action was due; 0: it is not late."""
    if on is None or action["due"] is None or action["status"] not in (PLANNED, RUNNING):
        return 0
    return max((on - action["due"]).days, 0)


def _unit(own: Sequence[Mapping[str, Any]], on: date | None, issued: date | None) -> Iterator[dict[str, Any]]:
    for action in own:
        yield from _action(action, on)
    yield from _counts(own, on)
    count = {status: sum(a["status"] == status for a in own) for status in STATUSES}
    rubric = rules.follow_up()
    begun = count[DONE] + count[RUNNING]
    yield _number("pekppp_8", rubric.share(len(own), count[DONE], begun), text=rubric.id)
    yield from _speed(own, on, issued, rubric)
    due = sorted(a["due"] for a in own if a["due"] is not None and a["status"] in (PLANNED, RUNNING))
    if due:
        yield {"statistic": "due_next", "text": due[0].isoformat()}
        yield {"statistic": "due_last", "text": due[-1].isoformat()}
    yield {"statistic": "judged_on", "text": on.isoformat() if on else "", "reason": "" if on else "no-date"}


def _action(action: Mapping[str, Any], on: date | None) -> Iterator[dict[str, Any]]:
    """Rows of one action: what stands in the file, and how late it is."""
    key = {"group": action["id"]}
    day = {name: action[name].isoformat() if action[name] is not None else "" for name in ("due", "done")}
    said = {
        "action": action["action"], "unsur": action["unsur"], "owner": action["owner"],
        "due": day["due"], "status": action["status"],
        "done_on": day["done"], "evidence": action["evidence"],
    }  # fmt: skip
    for statistic, text in said.items():
        if text:
            yield {**key, "statistic": statistic, "text": text}
    if late := _late(action, on):
        yield {**key, **_number("days_late", late)}


def _counts(actions: Sequence[Mapping[str, Any]], on: date | None) -> Iterator[dict[str, Any]]:
    """How many actions there are of each kind, and the share that is done."""
    planned = len(actions)
    count = {status: sum(a["status"] == status for a in actions) for status in STATUSES}
    left = count[PLANNED] + count[RUNNING]
    numbers = {
        "planned": planned, "done": count[DONE], "in_progress": count[RUNNING], "open": left,
        "dropped": count[DROPPED],
    }  # fmt: skip
    for statistic, value in numbers.items():
        yield _number(statistic, value, denominator=planned)
    if on is None and left:
        yield {"statistic": "late", "reason": "no-date"}
    else:
        yield _number("late", sum(_late(a, on) > 0 for a in actions), denominator=planned)
    undated = sum(a["due"] is None and a["status"] in (PLANNED, RUNNING) for a in actions)
    yield _number("late_cannot_tell", undated, denominator=planned)
    if planned:
        share = 100 * count[DONE] / planned
        yield _number("percent_done", share, numerator=count[DONE], denominator=planned)
    else:
        yield {"statistic": "percent_done", "reason": "no-plan"}


def _speed(
    own: Sequence[Mapping[str, Any]], on: date | None, issued: date | None, rubric: rules.Rubric
) -> Iterator[dict[str, Any]]:
    """Months until all was done, and their score; what is missing to tell it."""
    days = [a["done"] for a in own if a["done"] is not None]
    reason = (
        "no-plan" if not own
        else "not-all-done" if any(a["status"] != DONE for a in own)
        else "no-report-date" if issued is None
        else "no-day-done" if len(days) < len(own)
        else ""
    )  # fmt: skip
    if reason or issued is None:
        yield {"statistic": "months_to_close", "reason": reason}
        yield {"statistic": "pekppp_9", "reason": reason, "text": rubric.id}
        return
    last = max(days)
    yield {**_number("months_to_close", rules.months_between(issued, last)), "text": last.isoformat()}
    score = rubric.speed(issued, last)
    if score is None:
        yield {"statistic": "pekppp_9", "reason": "beyond-rubric", "text": rubric.id}
    else:
        yield _number("pekppp_9", score, text=rubric.id)


def _city(units: Sequence[Sequence[Mapping[str, Any]]], on: date | None) -> Iterator[dict[str, Any]]:
    """The counts of all units together, and how many units have a plan, and something late."""
    yield from _counts([action for own in units for action in own], on)
    yield _number("units", sum(bool(own) for own in units), denominator=len(units))
    if on is not None:
        late = sum(any(_late(a, on) for a in own) for own in units)
        yield _number("units_late", late, denominator=len(units))
    yield {"statistic": "judged_on", "text": on.isoformat() if on else "", "reason": "" if on else "no-date"}


def _number(statistic: str, value: float, **more: Any) -> dict[str, Any]:
    whole = {"numerator": int(value)} if value == int(value) and "numerator" not in more else {}
    return {"statistic": statistic, "estimate": float(value), **whole, **more}
