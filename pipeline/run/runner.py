"""Carry out a plan: stages, units side by side, the city; one failing unit stops nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.results.store import sweep
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.sets import PREFIX, NamedSet, wanted

from . import arithmetic, earlier, manifest, orphans, unread
from .executors import Team, team
from .failures import Outcome
from .files import EnvironmentFault, machine, sha256, write_aside
from .jobs import Job, Made, about, make
from .keys import COMPARE
from .ledger import Reason, Work
from .lock import only_run
from .plan import CITY, STAGES, UNIT, Options, Subject, notebook_of, read_units
from .reasons import counted
from .stages import Progress, StageRun, seen

#: Seconds after which workers of a cluster are looked after although none has finished anything.
LOOK = 5.0


class Run(StageRun):
    """One run of one survey."""

    _team: Team

    def __init__(self, survey: Survey, options: Options, progress: Progress | None = None) -> None:
        arithmetic.pin()  # a program of its own that runs surveys; the command has asked before
        super().__init__(survey, options, progress)
        self._done = 0
        self._about: dict[str, dict[str, str]] = {}

    # -- the parts ---------------------------------------------------------------------

    def _local(self, unit: Subject) -> Made:
        """Make a unit's report, or an overview, here."""
        folder, stems = self._place(unit)
        return Made(self.renderer.files(unit, stems, folder, self._reported(unit)))

    def _reported(self, unit: Subject) -> tuple[str, ...]:
        """Pages that a report may link to; a unit's links to none of other units."""
        return () if isinstance(unit, Mapping) else self.keys.reported()

    def _place(self, unit: Subject) -> tuple[Path, list[tuple[str, str]]]:
        folder = self.keys.folder(unit) if unit else self.survey.public
        return folder, self.keys.pages(unit)

    def _job(self, unit: Subject) -> Job:
        """The same for another machine."""
        folder, stems = self._place(unit)
        return Job(
            root=str(self.survey.root),
            survey=self.survey.name,
            unit=unit,
            stems=stems,
            folder=folder.relative_to(self.survey.reports).as_posix(),
            options=replace(self.options, rows=None, cluster=None),
            same=self._same(self._notebook_of(unit)),
            tables=self.keys.tables(),
            reported=self._reported(unit),
        )

    def _notebook_of(self, unit: Subject) -> str:
        return notebook_of(unit, self.survey.definition.template)

    def _same(self, name: str) -> dict[str, str]:
        if name not in self._about:
            self._about[name] = about(self.survey, self.folder, name)
        return self._about[name]

    def _write(self, work: Work, made: Made) -> None:
        """Put a report in place, and store that it is there."""
        self.ledger.begin(work)
        written = [write_aside(self.survey.reports / name, content) for name, content in made.files]
        self._store(work, self.keys.hashes.states(written))

    # -- the whole ----------------------------------------------------------------------

    def go(self, finish: Callable[[Outcome], Any] | None = None) -> Outcome:
        """Run everything the options ask for; `finish` writes the portal and the tables."""
        began = time.perf_counter()
        with only_run(self.survey.processed / ".lock") as killed, self._kernels(), self._opened():
            if killed:
                sweep(self.survey.processed, self.survey.reports)
            before = self.keys.raw()
            brought = earlier.bring(self)
            self.outcome.earlier, self.outcome.broken = brought.ran, brought.broken
            self.outcome.notes += brought.notes
            usable = self._stages([s for s in STAGES if self.options.stage in ("", s)])
            if not any(f.what == STAGES[0] for f in self.outcome.failures):
                self.outcome.unread = unread.restored(self.ledger.noted("raw", "unread"))
            if usable:
                self._reports()
                orphans.handle(self.survey, self.ledger, self.outcome, prune=self.options.prune)
                if finish and not self.options.stage:
                    self._finish(finish)
            after = self.keys.raw()
            self.outcome.changed_raw = sorted(
                name for name in {*before, *after} if before.get(name) != after.get(name)
            )
            self.outcome.changed_raw += self._changed_before() if usable else []
            self.outcome.retried = self.renderer.retried
            self.outcome.notes += [self.renderer.kernels.note] if self.renderer.kernels.note else []
            total = round(time.perf_counter() - began, 3)
            self.outcome.seconds = {**self.renderer.seconds, "total": total}
            self._manifest(before)
            self.ledger.note("earlier", states=self.keys.states_before())
        return self.outcome

    def _changed_before(self) -> list[str]:
        """Earlier surveys that somebody else read anew while this run compared with what was there."""
        used, now = self.ledger.parts(f"stage:{COMPARE}"), self.keys.surveys_before()
        return sorted(part for part, sha in now.items() if used.get(part, sha) != sha)

    @contextmanager
    def _kernels(self) -> Iterator[None]:
        """End the warm parent with the run, whatever happens."""
        try:
            yield
        finally:
            self.renderer.kernels.stop()

    def chosen_units(self) -> list[dict[str, Any]]:
        """The units this run writes reports for, in the order of units.csv."""
        known = read_units(self.survey.processed)
        if not self.options.only:
            return known[: self.options.limit] if self.options.limit is not None else known
        plain = [p for p in self.options.only if p != UNKNOWN_UNIT]
        ids = set(self.survey.select(plain)) if plain else set()
        if UNKNOWN_UNIT in self.options.only:
            ids.add(UNKNOWN_UNIT)
        chosen = [u for u in known if u["id"] in ids]
        return chosen[: self.options.limit] if self.options.limit is not None else chosen

    def _asked(self) -> Iterator[list[Subject]]:
        """The reports this run is asked for: units first, then what links to them."""
        if self.options.stage in ("", UNIT):
            yield list(self.chosen_units())
        if self.options.stage in ("", CITY):
            if self.outcome.failures and self.options.stop_on_error:
                self.outcome.stopped = True
                return
            yield [None, *wanted(self.survey, self.options.only, self.ledger.names(PREFIX))]

    def _jobs(self, asked: list[Subject], reasons: list[list[Reason]]) -> Iterator[tuple[Subject, Work]]:
        """What is not up to date among these; `reasons` gets the reasons of each."""
        units = any(isinstance(unit, Mapping) for unit in asked)
        digests = self.keys.digests(compute=True) if units else {}  # no page of a city reads them
        for name, rows in self.keys.peers(digests).items():
            self.ledger.note(name, rows=dict(rows))
        for unit in asked:
            work = self.keys.report(unit, digests)
            why = self._why(work)
            if why:
                reasons.append(why)
                yield unit, work
            else:
                self.outcome.current.append(_label(unit))

    def _reports(self) -> None:
        reasons: list[list[Reason]] = []
        with ExitStack() as hired:
            for asked in self._asked():
                jobs = list(self._jobs(asked, reasons))
                self.outcome.why = [f"{text} ({count})" for count, text in counted(reasons)]
                if not jobs:
                    continue
                if not hasattr(self, "_team"):
                    self._team = hired.enter_context(team(self.options.cluster, self.options.jobs))
                self._work_off(jobs, self._team)

    def _work_off(self, jobs: list[tuple[Subject, Work]], others: Team) -> None:
        """Have these reports made, as many at a time as there is room for."""
        total = self._done + len(jobs)
        self.progress("reports", self._done, total)
        waiting = iter(jobs)
        pending: dict[Future[Made], tuple[Subject, Work]] = {}
        with self.renderer.no_waiting():
            while True:
                for unit, work in islice(waiting, max(others.room() - len(pending), 0)):
                    pending[self._submit(others.pool, unit)] = (unit, work)
                if not pending:
                    break
                finished, _ = wait(pending, timeout=LOOK, return_when=FIRST_COMPLETED)
                for future in finished:
                    unit, work = pending.pop(future)
                    self._settle(future, unit, work)
                    self.progress(_label(unit), self._done, total)
                if self.outcome.failures and self.options.stop_on_error:
                    self.outcome.stopped = bool(pending) or next(waiting, None) is not None
                    break
                others.check()

    def _submit(self, pool: Executor, unit: Subject) -> Future[Made]:
        if self.options.cluster is None:
            return pool.submit(self._local, unit)
        return pool.submit(make, self._job(unit))

    def _finish(self, finish: Callable[[Outcome], Any]) -> None:
        self.outcome.known_failed = [
            name.removeprefix("unit:") for name in self.ledger.names("unit:") if self.ledger.failure(name)
        ]
        work = self.keys.portal(self.outcome.known_failed)
        if not self._why(work):
            return
        self.progress("tables and portal", 0, 1)
        before = seen(self.survey.public.glob("*.*"))
        try:
            self.ledger.begin(work)
            finish(self.outcome)
        except EnvironmentFault:
            raise
        except Exception as error:
            if fault := machine(error):
                raise fault from error
            self.outcome.failures.append(self._failure("portal", "tables and portal", error))
            self.ledger.failed(work, self.outcome.failures[-1].why)
            return
        after = seen(self.survey.public.glob("*.*"))
        written = [path for path, seen in after.items() if before.get(path) != seen]
        self._store(work, self.keys.hashes.states(written))

    def _settle(self, future: Future[Made], unit: Subject, work: Work) -> None:
        self._done += 1
        try:
            made = future.result()
        except (Exception, CancelledError) as error:
            made = Made(error=self._team.explained(error))
        label = _label(unit)
        self.renderer.seconds.update(made.seconds)
        self.renderer.retried += made.retried
        self.outcome.notes += [made.note] if made.note and made.note not in self.outcome.notes else []
        if made.error is None:
            self._write(work, made)
            self.outcome.written.append(label)
            return
        if fault := machine(made.error):
            raise fault from made.error
        self.outcome.failures.append(self._failure(label, self._notebook_of(unit), made.error))
        self.ledger.failed(work, self.outcome.failures[-1].why)
        if isinstance(unit, Mapping):
            self.outcome.failed_units.append(label)
        if unit is not None:
            folder = self.keys.folder(unit)
            for stale in folder.glob("*.*") if folder.is_dir() else ():
                stale.unlink(missing_ok=True)  # an old report beside a failed run would pass for a new one

    def _manifest(self, raw: dict[str, str]) -> None:
        self.outcome.foreign = manifest.write(
            self.keys,
            self.ledger,
            raw=raw,
            changed_raw=self.outcome.changed_raw,
            failed_stage=next((f.what for f in self.outcome.failures if f.stage), ""),
            units=read_units(self.survey.processed),
            log={
                "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                **(self._team.about() if hasattr(self, "_team") else {"jobs": self.options.jobs}),
                "kernel": self.options.kernel,
                "seconds": self.outcome.seconds,
                "retried": self.outcome.retried,
                "failed": [f.what for f in self.outcome.failures],
            },
        )
        self.outcome.manifest = sha256(self.survey.reports / manifest.MANIFEST)


def _label(unit: Subject) -> str:
    if unit is None:
        return "overview"
    return unit.label if isinstance(unit, NamedSet) else str(unit["id"])
