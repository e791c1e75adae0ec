"""Reports of units, and overviews of sets, that are no longer in the list: named, and deleted only on request."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.survey import Survey
from pipeline.survey.sets import FOLDER, PREFIX, declared

from .failures import Outcome
from .ledger import Ledger
from .plan import read_units


def find(survey: Survey) -> list[Path]:
    """Folders under ``units/`` (public and internal) of no unit of the data, and of no set under ``sets/``."""
    units = read_units(survey.processed)
    if not units:
        return []
    slugs = {str(unit["slug"]) for unit in units}
    folders = [*survey.public.glob("units/*"), *survey.internal.glob("units/*")]
    sets = {part.slug for part in declared(survey)}
    return [
        *sorted(f for f in folders if f.is_dir() and f.name not in slugs),
        *sorted(f for f in survey.public.glob(f"{FOLDER}/*") if f.is_dir() and f.name not in sets),
    ]


def handle(survey: Survey, ledger: Ledger, outcome: Outcome, *, prune: bool) -> None:
    """List orphans in the outcome, or delete them and what the ledger knows of them."""
    found = find(survey)
    names = sorted({f"{FOLDER}/{f.name}" if f.parent.name == FOLDER else f.name for f in found})
    if not prune:
        outcome.orphans = names
        return
    for folder in found:
        shutil.rmtree(folder)
    outcome.pruned = names
    known = {f"unit:{unit['id']}" for unit in read_units(survey.processed)}
    for name in ledger.names("unit:"):
        if name not in known:
            ledger.forget(name)
    for name in set(ledger.names(PREFIX)) - {part.work for part in declared(survey)}:
        ledger.forget(name)
    used = {ledger.parts(name).get("peers") for name in ledger.names("unit:")}
    for name in ledger.names("peers:"):
        if name.removeprefix("peers:") not in used:
            ledger.forget(name)
