"""The command ``skm status``: what needs somebody, on one screen; of follow-up alone with ``--follow-up``."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import Name, Root, find
from pipeline.cli.terminal import UsageError, say, wants_plain

if TYPE_CHECKING:
    from pipeline.run.screen import Mark
    from pipeline.run.status import State
    from pipeline.survey import Survey


def status(
    survey: Name = "",
    root: Root = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Unit id, name, glob or @set; may be repeated.")
    ] = None,
    type: Annotated[str, typer.Option(help="Only units of this type of units.csv.")] = "",
    units: Annotated[bool, typer.Option("--units", help="A line for every unit.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Machine-readable, all detail (docs/status.md).")
    ] = False,
    html: Annotated[bool, typer.Option("--html", help="Write it as the page internal/status.html.")] = False,
    follow_up: Annotated[
        bool, typer.Option("--follow-up", help="How far each unit is with its plan (follow-up.csv).")
    ] = False,
    late: Annotated[bool, typer.Option("--late", help="Only what is late: deadlines, actions.")] = False,
    on: Annotated[str, typer.Option(help="The day to judge by, e.g. 2025-06-30.", show_default="today")] = "",
) -> None:
    """What needs somebody, grouped by cause: answers, deadlines, reports, targets, follow-up."""
    from pipeline.run import screen  # late: `skm --help` does not wait for it

    ways = [name for name, asked in (("--html", html), ("--json", json), ("--units", units)) if asked]
    if len(ways) > 1:
        raise UsageError(f"skm status: {' and '.join(ways)} are ways to say the same; give one of them")
    found, day = _found(survey, root), _day(on)
    chosen = _chosen(found, only or [], type)
    if follow_up:
        if html or units:
            raise UsageError("skm status: --html and --units do not go with --follow-up")
        _follow_up(found, day, chosen, late=late, json=json)
        return
    state = _read(found, day, chosen)
    if late:
        state = screen.only_past(state)
    if html:
        _page(found, state)
    elif json:
        say(screen.as_json(state, plain=wants_plain()))
    else:
        for line in screen.table(state) if units else screen.screen(state, _mark()):
            say(line)


def _found(name: str, root: Path | None) -> Survey:
    """Load the survey; of a definition that cannot be read the first fault is told, in one sentence."""
    from pipeline.survey import SurveyError  # late: `skm --help` does not wait for it

    try:
        return find(name, root)
    except SurveyError as error:
        first, more = error.problems[0], len(error.problems) - 1
        sentence = " ".join(str(first).split())
        if more:
            sentence += f" (and {more} more: skm check{f' {name}' if name else ''})"
        raise UsageError(sentence) from None


def _day(on: str) -> date:
    try:
        return date.fromisoformat(on) if on else date.today()
    except ValueError:
        raise UsageError(f'--on: "{on}" is no day; write it like 2025-06-30') from None


def _chosen(found: Survey, only: list[str], kind: str) -> list[str] | None:
    """Ids of the units that are asked for; None: all."""
    chosen = found.select(only) if only else None
    if not kind:
        return chosen
    types = {unit.id: unit.type for unit in found.units}
    if kind not in types.values():
        known = ", ".join(sorted({name for name in types.values() if name})) or "none"
        raise UsageError(f'there is no type "{kind}" in units.csv; types are {known}')
    return [unit for unit in (types if chosen is None else chosen) if types[unit] == kind]


def _read(found: Survey, day: date, chosen: list[str] | None) -> State:
    # late: `skm --help` does not wait for it
    from pipeline.intake.followup.read import read as read_plan
    from pipeline.run import status as state

    plan = read_plan(found)
    plans: dict[str, tuple[int, int]] = {}
    for action in plan.actions:
        planned, late = plans.get(action.unit, (0, 0))
        plans[action.unit] = planned + 1, late + action.late(day)
    return state.read(found, day, units=chosen, plans=plans if plan.there else None)


def _page(found: Survey, state: State) -> None:
    # late: `skm --help` does not wait for it
    from pipeline.office.pages import status as page
    from pipeline.run import screen

    for path in page.write(found, screen.as_object(state)):
        say(str(path))


def _follow_up(found: Survey, day: date, chosen: list[str] | None, *, late: bool, json: bool) -> None:
    from pipeline.cli import followup  # late: `skm --help` does not wait for it

    printed, wrong = followup.lines(found, day, late=late, as_json=json, plain=wants_plain(), units=chosen)
    for line in printed:
        say(line)
    for line in wrong:
        say(line, error=True)


def _mark() -> Mark:
    """How a heading is set apart: bold on a terminal that shows it, and nothing else says less without it."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM", "dumb") == "dumb" or not sys.stdout.isatty()
    return str if plain else (lambda text: f"\x1b[1m{text}\x1b[0m")
