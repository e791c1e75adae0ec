"""``skm status``: reads the ledger and small JSON files only, so it answers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import rules
from pipeline import survey as surveys
from pipeline.survey import Survey, Unit

from . import attention, causes, earlier, lock, unread
from .keys import COMPARE, Keys
from .ledger import Ledger, open_ledger
from .plan import STAGES, Options, notebook_folder, read_units


@dataclass(frozen=True)
class State:
    """What ``skm status`` says of a survey.

    Attributes
    ----------
    survey, title : str
    on : date
        The day by which deadlines are judged.
    running : str
        The run that is going on; empty where none is.
    never_run : bool
        Whether no run has read anything yet.
    listed : int
        Units of the survey, whatever the rows were narrowed to.
    rows : list of dict
        One row a unit, those that need somebody first.
    groups : tuple of Group
        The same by cause.
    plans : bool
        Whether the survey has a plan for follow-up.
    past : bool
        Whether only what is late is told.
    """

    survey: str
    title: str
    on: date
    running: str
    never_run: bool
    listed: int
    rows: list[dict[str, Any]]
    groups: tuple[causes.Group, ...]
    plans: bool
    past: bool = False


def read(
    survey: Survey,
    on: date,
    *,
    units: Sequence[str] | None = None,
    plans: Mapping[str, tuple[int, int]] | None = None,
) -> State:
    """Read the state of a survey: its ledger and small JSON files, no table.

    Parameters
    ----------
    survey : Survey
    on : date
        The day by which deadlines are judged.
    units : sequence of str, optional
        Ids of the units to tell of; None: all, and what is no unit's.
    plans : mapping, optional
        Per unit how many actions of its follow-up are planned and late on that day; None: there is no plan.
    """
    cleaned = {u["id"]: u for u in read_units(survey.processed)}
    with open_ledger(survey.processed, survey.root, readonly=True) as ledger:
        found = _rows(survey, ledger, cleaned, on, plans or {})
        other = _other(ledger) if units is None else {}
    if units is not None:
        chosen = set(units)
        found = [row for row in found if row["unit"] in chosen]
    return State(
        survey=survey.name, title=survey.definition.text(survey.definition.title, "en"), on=on,
        running=lock.running(survey.processed / ".lock"), never_run=not cleaned,
        listed=len(survey.units), rows=found, groups=causes.groups(found, other), plans=plans is not None,
    )  # fmt: skip


def _other(ledger: Ledger) -> dict[str, int]:
    """How much of the raw data the last run could not use."""
    kept = unread.restored(ledger.noted("raw", "unread"))
    return {"lost": len(kept.losses), "unused": kept.count}


def _rows(
    survey: Survey, ledger: Ledger, cleaned: Mapping[str, dict[str, Any]], on: date,
    plans: Mapping[str, tuple[int, int]],
) -> list[dict[str, Any]]:  # fmt: skip
    """One row per unit, those that need somebody's attention first.

    Answers, required sample, state of data and of the report; target and whether the index
    ``reaches`` it (``surely``, ``surely not``, ``cannot be told``; empty with a
    ``reaches_reason``), as the last run computed it; deadline, ``days_left`` (negative: past) and
    ``deadline_state`` (``passed``, ``near``); ``basic_service``; ``planned_actions`` and ``late_actions``;
    ``causes``: codes of `causes.CAUSES`; ``attention``: a sentence each.

    States of data: ``ok``, ``few`` (below the required sample; below 30 where that is not known), ``open`` (30 or
    more, where it is not known), ``none``, ``not read``.
    States of the report: ``ok``, ``stale`` (made from something that changed since),
    ``edited`` (by hand), ``failed``, ``missing``. Why: ``skm why SURVEY UNIT``.
    """
    verdicts = attention.read_targets(survey.processed)
    listed = {u.id: u for u in survey.units}
    found = []
    states = _Reports(survey, ledger)
    for unit_id in [*listed, *(i for i in cleaned if i not in listed)]:
        row = _row(survey, unit_id, listed.get(unit_id), cleaned.get(unit_id), on)
        row |= _target(survey, listed.get(unit_id), verdicts.get(unit_id))
        row["report"], row["report_page"] = states.of(unit_id, cleaned.get(unit_id))
        row["planned_actions"], row["late_actions"] = plans.get(unit_id, (0, 0))
        told = causes.of_unit(row)
        found.append({
            **row, "causes": [code for code, _ in told], "attention": [text for _, text in told],
        })  # fmt: skip
    return sorted(found, key=causes.pressing)


def _row(
    survey: Survey, unit_id: str, unit: Unit | None, known: Mapping[str, Any] | None, on: date
) -> dict[str, Any]:
    """What the list of units and the cleaned data say of one unit."""
    left = attention.days_left(unit.deadline, on) if unit else None
    return {
        "survey": survey.name,
        "unit": unit_id,
        "name": unit.name if unit else known["name"] if known else unit_id,
        "type": unit.type if unit else "",
        "answers": known["n"] if known else None,
        "required": known.get("required") if known else None,
        "data": _data(known),
        "report": "",
        "report_page": "",
        "deadline": unit.deadline if unit else "",
        "days_left": left,
        "deadline_state": attention.deadline_state(left),
        "basic_service": bool(unit and unit.basic_service),
    }


def _target(survey: Survey, unit: Unit | None, verdict: Mapping[str, str] | None) -> dict[str, str]:
    """A unit's target, and what the last run said of it."""
    target = (unit.target or survey.definition.target) if unit else ""
    word, why = attention.reaches(target, verdict)
    return {"target": target, "reaches": word, "reaches_reason": why}


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

    def of(self, unit_id: str, known: dict[str, Any] | None) -> tuple[str, str]:
        """State of one report, and where its page lies below the survey's reports; nothing where there is none."""
        page = self.survey.public / "units" / survey_slug(self.survey, unit_id, known) / "report.html"
        at = page.relative_to(self.survey.reports).as_posix() if page.is_file() else ""
        return self._state(f"unit:{unit_id}", known, bool(at)), at

    def _state(self, name: str, known: dict[str, Any] | None, there: bool) -> str:
        if self.ledger.failure(name):
            return "failed"
        if not self.ledger.outputs(name):
            return "ok" if there else "missing"
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


def _data(known: Mapping[str, Any] | None) -> str:
    if known is None:
        return "not read"
    if not known["n"]:
        return "none"
    required = known.get("required")
    # Users not known: below 30 answers are for information only (R6); whether more are enough nobody knows.
    return "few" if known["n"] < (required or rules.enough()) else "ok" if required else "open"
