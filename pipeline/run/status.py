"""``skm status``: reads the ledger and small JSON files only, so it answers at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from pipeline import survey as surveys
from pipeline.survey import Survey

from . import attention, earlier
from .keys import COMPARE, Keys
from .ledger import Ledger, open_ledger
from .plan import STAGES, Options, notebook_folder, read_units


def rows(survey: Survey, today: date | None = None) -> list[dict[str, Any]]:
    """One row per unit, those that need somebody's attention first.

    Answers, required sample, state of data and of the report; target and whether the index
    ``reaches`` it (``surely``, ``surely not``, ``cannot be told``; empty with a
    ``reaches_reason``), as the last run computed it; deadline, ``days_left`` (negative: past) and
    ``deadline_state`` (``passed``, ``near``); ``basic_service``; ``attention``: sentences.

    States of data: ``ok``, ``few`` (below the required sample), ``none``, ``not read``.
    States of the report: ``ok``, ``stale`` (made from something that changed since),
    ``edited`` (by hand), ``failed``, ``missing``. Why: ``skm why SURVEY UNIT``.
    """
    today = today or date.today()
    verdicts = attention.read_targets(survey.processed)
    cleaned = {u["id"]: u for u in read_units(survey.processed)}
    listed = {u.id: u for u in survey.units}
    found = []
    with open_ledger(survey.processed, survey.root, readonly=True) as ledger:
        states = _Reports(survey, ledger)
        for unit_id in [*listed, *(i for i in cleaned if i not in listed)]:
            known = cleaned.get(unit_id)
            unit = listed.get(unit_id)
            target = (unit.target or survey.definition.target) if unit else ""
            word, why = attention.reaches(target, verdicts.get(unit_id))
            left = attention.days_left(unit.deadline, today) if unit else None
            row: dict[str, Any] = {
                "survey": survey.name,
                "unit": unit_id,
                "name": known["name"] if known else listed[unit_id].name,
                "answers": known["n"] if known else None,
                "required": known.get("required") if known else None,
                "data": _data(known),
                "report": states.of(unit_id, known),
                "target": target,
                "reaches": word,
                "reaches_reason": why,
                "deadline": unit.deadline if unit else "",
                "days_left": left,
                "deadline_state": _deadline(left),
                "basic_service": bool(unit and unit.basic_service),
            }
            found.append({**row, "attention": attention.reasons(row)})
    return sorted(found, key=attention.pressing)


def _deadline(left: int | None) -> str:
    if left is None or left > attention.NEAR:
        return ""
    return "passed" if left < 0 else "near"


class _Reports:
    """State of each unit's report by the ledger; nothing is hashed that looks untouched."""

    #: How a report was asked for is no reason to call it stale.
    CHOICES = ("languages", "formats")

    def __init__(self, survey: Survey, ledger: Ledger) -> None:
        self.survey, self.ledger = survey, ledger
        languages = tuple(survey.definition.languages)
        self.keys = Keys(survey, Options(languages=languages), notebook_folder(), ledger.hashes)
        self.digests = self.keys.digests(compute=False)
        first = (
            ledger.check(self.keys.stage(STAGES[0], ledger)) if ledger.outputs(f"stage:{STAGES[0]}") else []
        )
        #: A raw file changed since it was read: every report may.
        self.raw_changed = (
            any(reason.what.startswith("raw file") for reason in first) or self._before_changed()
        )

    def _before_changed(self) -> bool:
        """Whether an earlier survey that the reports were held against is due: changes over the years may."""
        used = self.ledger.parts(f"stage:{COMPARE}")
        for name in surveys.before(self.survey):
            if f"survey {name}" in used:
                for _, why in earlier.reasons(self.survey, name, self.keys.options):
                    if any(r.what.startswith("raw file") or r.what == "definition" for r in why):
                        return True
        return self._plan_changed()

    def _plan_changed(self) -> bool:
        """Whether a plan for follow-up changed since it was read: the reports of its units will."""
        if not self.ledger.outputs(f"stage:{COMPARE}"):
            return False
        used = {
            what: sha
            for what, sha in self.ledger.parts(f"stage:{COMPARE}").items()
            if what.startswith("plan ")
        }
        return used != self.keys.plans()

    def of(self, unit_id: str, known: dict[str, Any] | None) -> str:
        """State of one report."""
        name = f"unit:{unit_id}"
        if self.ledger.failure(name):
            return "failed"
        if not self.ledger.outputs(name):
            report = self.survey.public / "units" / survey_slug(self.survey, unit_id, known) / "report.html"
            return "ok" if report.is_file() else "missing"
        if known is None:
            return "stale"
        why = self.ledger.check(self.keys.unit(known, self.digests))
        kinds = {reason.kind for reason in why if reason.what not in self.CHOICES}
        for kind, state in (("missing", "missing"), ("edited", "edited")):
            if kind in kinds:
                return state
        # Another folder of notebooks may have made it; only `why` is told which.
        changed = [r for r in why if r.what not in self.CHOICES and not r.what.startswith("notebook ")]
        return "stale" if changed or self.raw_changed else "ok"


def survey_slug(survey: Survey, unit_id: str, known: dict[str, Any] | None) -> str:
    """Folder name of a unit's report."""
    return str(known["slug"]) if known else survey.slug(unit_id)


def _data(known: dict[str, Any] | None) -> str:
    if known is None:
        return "not read"
    if not known["n"]:
        return "none"
    required = known.get("required")
    return "few" if required and known["n"] < required else "ok"


def as_json(found: list[dict[str, Any]], *, plain: bool = False) -> Iterator[str]:
    """The rows as one JSON array; `plain` escapes what is not ASCII."""
    yield json.dumps(found, indent=1, ensure_ascii=plain)


def as_text(found: list[dict[str, Any]]) -> Iterator[str]:
    """The rows as a table for a terminal, below what needs attention."""
    yield from attention.text(found)
