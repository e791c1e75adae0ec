"""``skm why`` and ``--dry-run``: what would be done, and the reason, without doing anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline import survey as surveys
from pipeline.survey import Survey
from pipeline.survey.sets import PREFIX, find, wanted

from . import earlier, orphans, reasons
from .keys import Keys
from .ledger import Ledger, Reason, open_ledger
from .plan import CITY, STAGES, UNIT, Options, notebook_folder, read_units
from .runner import Run


def _keys(survey: Survey, options: Options, ledger: Ledger) -> Keys:
    return Keys(survey, options, notebook_folder(options.notebooks), ledger.hashes)


def _stages(keys: Keys, ledger: Ledger, stage: str = "") -> dict[str, list[Reason]]:
    """Reasons of each stage, until the first that must run: those after it depend on its tables."""
    found: dict[str, list[Reason]] = {}
    for name in STAGES:
        if not stage or name == stage:
            found[name] = ledger.check(keys.stage(name, ledger))
            if keys.options.force:
                found[name] = found[name] or [Reason("forced")]
            if found[name]:
                break
    return found


def _earlier(survey: Survey, options: Options) -> Iterator[tuple[str, str, str]]:
    """Stages of earlier surveys that would run first: survey, stage, reasons in words."""
    if not options.history or options.stage:
        return
    for name in surveys.before(survey):
        for stage, why in earlier.reasons(survey, name, options):
            if why:
                yield name, stage, _joined(why, None)


def dry_run(survey: Survey, options: Options) -> Iterator[str]:
    """What a run would do, counted by reason."""
    run = Run(survey, options)
    first = list(_earlier(survey, options))
    for name, stage, told in first:
        yield f"run {stage} of {name}: {told}"
    if first:
        yield "  changes over the years are computed anew where its tables change"
    with open_ledger(survey.processed, survey.root, readonly=True) as ledger:
        keys = _keys(survey, options, ledger)
        stages = _stages(keys, ledger, options.stage if options.stage in STAGES else "")
        open_stage = ""
        for name, why in stages.items():
            if why:
                open_stage = name
                yield f"run {name}: {_joined(why, ledger)}"
                yield "  the notebooks after it run where the tables they read change"
        chosen = run.chosen_units()
        units = chosen or [{"id": i} for i in survey.select(list(options.only) or None, options.limit)]
        if options.stage in ("", UNIT):
            yield from _reports(keys, ledger, units if chosen else [], len(units), open_stage)
        made = chosen if options.stage == "" else []  # before what links to them
        if options.stage in ("", CITY) and not open_stage:
            why = ledger.check(keys.city(made))
            yield f"overview: {_joined(why, ledger) if why else 'up to date'}"
        if options.stage in ("", CITY):
            for part in wanted(survey, options.only, ledger.names(PREFIX)):
                why = ledger.check(keys.of_set(part, made)) or ([Reason("forced")] if options.force else [])
                told = _joined(why, ledger) if why else "up to date"
                yield f"overview of {part.label} ({len(part.units)} units): {told}"
        for folder in orphans.find(survey):
            yield f"not in units.csv: {folder.relative_to(survey.root).as_posix()}"
        shown = (
            "notebooks of this package"
            if options.notebooks is None
            else f"notebooks from {options.notebooks}"
        )
        yield f"{len(units)} units; {shown}; nothing was run"


def _reports(
    keys: Keys, ledger: Ledger, units: list[dict[str, Any]], number: int, open_stage: str
) -> Iterator[str]:
    if not units:
        yield f"{number} reports: never made"
        return
    digests = keys.digests(compute=False)
    known = not open_stage and "units" in digests
    found = []
    for unit in units:
        why = ledger.check(keys.unit(unit, digests))
        if not known:
            # The tables may come out as they are: only other reasons are certain now.
            why = [r for r in why if r.what in keys.common or r.kind not in ("changed", "added", "removed")]
        found.append(why or ([Reason("forced")] if keys.options.force else []))
    due = [why for why in found if why]
    for count, text in reasons.counted(due):
        yield f"  {count:>6} reports: {text}"
    if open_stage:
        yield f"{len(due)} of {len(units)} reports to make; more if their rows change with {open_stage}"
    else:
        yield f"{len(due)} of {len(units)} reports to make, {len(units) - len(due)} up to date"


def _joined(why: list[Reason], ledger: Ledger | None) -> str:
    shown = [reasons.sentence(reason, ledger) for reason in why[:5]]
    return "; ".join(shown) + (f" and {len(why) - 5} more" if len(why) > 5 else "")


def lines(survey: Survey, unit_id: str, options: Options) -> Iterator[str]:
    """Why one unit's report is, or is not, up to date.

    Parameters
    ----------
    survey : Survey
    unit_id : str
        Its id, name or alias, ``unknown``, or a set (``@uji-2023``).
    options : Options
        As for the run that would make it; ``languages`` and ``formats`` matter.
    """
    units = {str(unit["id"]): unit for unit in read_units(survey.processed)}
    part = find(survey, unit_id)
    if part is None and unit_id.startswith("@"):
        survey.select([unit_id])  # raises with the closest set
    name = part.label if part else unit_id if unit_id in units else survey.unit(unit_id).id
    for before, stage, told in _earlier(survey, options):
        yield f"{stage} of {before} would run first: {told}"
        yield "  its tables decide what is said of changes over the years"
    with open_ledger(survey.processed, survey.root, readonly=True) as ledger:
        keys = _keys(survey, options, ledger)
        stages = _stages(keys, ledger)
        for stage, why in stages.items():
            if why:
                yield f"{stage} would run first: {_joined(why, ledger)}"
                yield "  its tables decide what else changes; below is what is known now"
        if name not in units and part is None:
            yield f"{name}: never made (its answers were not read yet)"
            return
        work = keys.of_set(part) if part else keys.unit(units[name], keys.digests(compute=False))
        why = ledger.check(work)
        if not why:
            outputs = ledger.outputs(work.name)
            yield f"{name}: up to date ({len(outputs)} files, as they were written)"
            return
        yield f"{name}: not up to date"
        for reason in why:
            yield f"  {reasons.sentence(reason, ledger, name)}"
