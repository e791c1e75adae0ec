"""Carry out a plan: stages, units side by side, the city; one failing unit stops nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.sets import PREFIX, NamedSet, wanted
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.persons import shown

from . import manifest, orphans, unread
from .executors import Team, team
from .failures import Failure, Outcome
from .files import EnvironmentFault, sweep, write_aside
from .hashes import State
from .jobs import Job, Made, about, make
from .keys import DIGESTS_FILE, Keys
from .ledger import LEDGER_FILE, Ledger, Reason, Work, open_ledger
from .lock import only_run
from .plan import CITY, STAGE_PAGES, STAGES, UNIT, Options, Subject, notebook_folder, notebook_of, read_units
from .reasons import counted, sentence
from .rendering import Renderer, export

if TYPE_CHECKING:
    from nbformat import NotebookNode

Progress = Callable[[str, int, int], None]
#: Seconds after which workers of a cluster are looked after although none has finished anything.
LOOK = 5.0


class Run:
    """One run of one survey."""

    ledger: Ledger
    keys: Keys
    _team: Team

    def __init__(self, survey: Survey, options: Options, progress: Progress | None = None) -> None:
        self.survey, self.options = survey, options
        self.folder = notebook_folder(options.notebooks)
        self.progress: Progress = progress or (lambda label, done, total: None)
        self.outcome = Outcome(survey.name)
        self.renderer = Renderer(survey, options, self.folder)
        self._done = 0
        self._about: dict[str, dict[str, str]] = {}

    def notebook(self, name: str, **parameters: Any) -> NotebookNode:
        """Execute a notebook for this survey and return it."""
        return self.renderer.notebook(name, **parameters)

    # -- the parts ---------------------------------------------------------------------

    def stage(self, name: str) -> Path:
        """Run a stage notebook and keep its page for the office."""
        notebook = self.notebook(name, lang=self.options.languages[0])
        return write_aside(self.survey.internal / f"{STAGE_PAGES[name]}.html", export(notebook, "skm_html"))

    def _local(self, unit: Subject) -> Made:
        """Make a unit's report, or an overview, here."""
        folder, stems = self._place(unit)
        return Made(self.renderer.files(unit, stems, folder))

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
            same=self._same(notebook_of(unit)),
            tables=self.keys.tables(),
        )

    def _same(self, name: str) -> dict[str, str]:
        if name not in self._about:
            self._about[name] = about(self.survey, self.folder, name)
        return self._about[name]

    def _write(self, work: Work, made: Made) -> None:
        """Put a report in place, and store that it is there."""
        self.ledger.begin(work)
        written = [write_aside(self.survey.reports / name, content) for name, content in made.files]
        self._store(work, self.keys.hashes.states(written))

    def _store(self, work: Work, outputs: dict[str, State]) -> None:
        """Record a finished work; files that an earlier version of it wrote must not stay."""
        for name in set(self.ledger.outputs(work.name)) - set(outputs):
            (self.survey.root / name).unlink(missing_ok=True)
        self.ledger.done(work, outputs)

    # -- the whole ----------------------------------------------------------------------

    def go(self, finish: Callable[[Outcome], Any] | None = None) -> Outcome:
        """Run everything the options ask for; `finish` writes the portal and the tables."""
        began = time.perf_counter()
        with only_run(self.survey.processed / ".lock") as killed, self._opened():
            if killed:
                sweep(self.survey.processed, self.survey.reports)
            before = self.keys.raw()
            usable = self._stages()
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
            self.outcome.retried = self.renderer.retried
            self.outcome.notes += [self.renderer.kernels.note] if self.renderer.kernels.note else []
            total = round(time.perf_counter() - began, 3)
            self.outcome.seconds = {**self.renderer.seconds, "total": total}
            self._manifest(before)
        return self.outcome

    @contextmanager
    def _opened(self) -> Iterator[None]:
        with open_ledger(self.survey.processed, self.survey.root) as ledger:
            self.ledger = ledger
            self.keys = Keys(self.survey, self.options, self.folder, ledger.hashes)
            try:
                yield
            finally:
                self.renderer.kernels.stop()
                raw = self.survey.raw.rglob("*")
                # What is stored holds no name that identifies: such a file is hashed anew each time.
                own = {p: p.relative_to(self.survey.raw).as_posix() for p in raw if p.is_file()}
                kept = (path for path, name in own.items() if shown(name) == name)
                ledger.note("raw", states=ledger.hashes.states(kept))

    def _why(self, work: Work) -> list[Reason]:
        """Reasons to do a work; empty when it is up to date or kept as edited by hand."""
        reasons = self.ledger.check(work)
        edited = [reason.what for reason in reasons if reason.kind == "edited"]
        if edited and self.options.keep_edited and not work.name.startswith("stage:"):
            self.outcome.kept += edited
            others = [sentence(r, self.ledger) for r in reasons if r.kind != "edited"]
            if others:
                self.outcome.notes.append(f"{edited[0]} was kept as edited although {others[0]}")
            return []
        # `skm check` writes the page of 1-clean, too: beside another reason it is no sign of a hand.
        if not (work.name.startswith("stage:") and len(edited) < len(reasons)):
            self.outcome.edited += edited
        return reasons or ([Reason("forced")] if self.options.force else [])

    def _stages(self) -> bool:
        wanted = [s for s in STAGES if not self.options.stage or s == self.options.stage]
        for position, name in enumerate(wanted):
            work = self.keys.stage(name, self.ledger)
            if not self._why(work):
                continue
            self.progress(name, position, len(wanted))
            before = self._processed_files()
            try:
                self.ledger.begin(work)
                # In a thread of its own: an interrupt then never lands inside the kernel's client.
                with ThreadPoolExecutor(max_workers=1) as pool:
                    future = pool.submit(self.stage, name)
                    with self._no_waiting():
                        wait([future])
                page = future.result()
            except EnvironmentFault:
                raise
            except Exception as error:
                self.outcome.failures.append(self._failure(name, name, error, stage=True))
                self.ledger.failed(work, self.outcome.failures[-1].why)
                return False
            after = self._processed_files()
            changed = [path for path, seen in after.items() if before.get(path) != seen]
            if name == STAGES[0]:
                # Before the stage counts as done: a run killed in between must not forget it.
                self.ledger.note("raw", unread=unread.found(self.survey, self.survey.processed).stored())
            self._store(work, self.keys.hashes.states([*changed, page]))
            self.outcome.stages.append(name)
        return True

    def _processed_files(self) -> dict[Path, tuple[int, ...]]:
        return _seen(
            path
            for path in self.survey.processed.glob("*")
            if path.name != DIGESTS_FILE and not path.name.startswith((".", LEDGER_FILE.split(".")[0]))
        )

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

    def _jobs(self) -> Iterator[tuple[Subject, Work]]:
        """What is not up to date among the reports this run is asked for."""
        asked: list[Subject] = []
        if self.options.stage in ("", CITY):
            asked = [None, *wanted(self.survey, self.options.only, self.ledger.names(PREFIX))]
        if self.options.stage in ("", UNIT):
            asked += self.chosen_units()
        reasons: list[list[Reason]] = []
        digests = self.keys.digests(compute=any(isinstance(unit, Mapping) for unit in asked))
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
        self.outcome.why = [f"{text} ({count})" for count, text in counted(reasons)]

    def _reports(self) -> None:
        jobs = list(self._jobs())
        if not jobs:
            return
        total = len(jobs)
        self.progress("reports", 0, total)
        with team(self.options.cluster, self.options.jobs) as others:
            self._team = others
            waiting = iter(jobs)
            pending: dict[Future[Made], tuple[Subject, Work]] = {}
            with self._no_waiting():
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

    @contextmanager
    def _no_waiting(self) -> Iterator[None]:
        """When interrupted, or the disk is full: do not wait for notebooks nobody will read."""
        try:
            yield
        except BaseException:
            self.renderer.give_up.set()
            from .kernels import kill_all

            kill_all()
            raise

    def _finish(self, finish: Callable[[Outcome], Any]) -> None:
        self.outcome.known_failed = [
            name.removeprefix("unit:") for name in self.ledger.names("unit:") if self.ledger.failure(name)
        ]
        work = self.keys.portal(self.outcome.known_failed)
        if not self._why(work):
            return
        self.progress("tables and portal", 0, 1)
        before = _seen(self.survey.public.glob("*.*"))
        try:
            self.ledger.begin(work)
            finish(self.outcome)
        except EnvironmentFault:
            raise
        except Exception as error:
            self.outcome.failures.append(self._failure("portal", "tables and portal", error))
            self.ledger.failed(work, self.outcome.failures[-1].why)
            return
        after = _seen(self.survey.public.glob("*.*"))
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
            self._failed_path(label).unlink(missing_ok=True)
            return
        if isinstance(made.error, EnvironmentFault):
            raise made.error
        self.outcome.failures.append(self._failure(label, notebook_of(unit), made.error))
        self.ledger.failed(work, self.outcome.failures[-1].why)
        if isinstance(unit, Mapping):
            self.outcome.failed_units.append(label)
        if unit is not None:
            folder = self.keys.folder(unit)
            for stale in folder.glob("*.*") if folder.is_dir() else ():
                stale.unlink(missing_ok=True)  # an old report beside a failed run would pass for a new one

    def _failed_path(self, label: str) -> Path:
        return self.survey.reports / "_failed" / f"{_slug(self.survey, label)}.ipynb"

    def _failure(self, label: str, name: str, error: BaseException, *, stage: bool = False) -> Failure:
        from .execute import KernelDied, NotebookError

        if isinstance(error, NotebookError):
            import nbformat

            path = self._failed_path(label)
            write_aside(path, nbformat.writes(error.notebook))
            kept = path.relative_to(self.survey.root).as_posix()
            why = f"{error.ename}: {error.evalue}"
            return Failure(label, f"{name}, {error.where}", why, kept, error.traceback, stage)
        if isinstance(error, KernelDied):
            return Failure(label, name, f"{error}; it may have run out of memory", stage=stage)
        import traceback

        text = "".join(traceback.format_exception(error))
        return Failure(label, name, f"{type(error).__name__}: {error}", traceback=text, stage=stage)

    def _manifest(self, raw: dict[str, str]) -> None:
        manifest.write(
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


def _label(unit: Subject) -> str:
    if unit is None:
        return "overview"
    return unit.label if isinstance(unit, NamedSet) else str(unit["id"])


def _seen(paths: Iterable[Path]) -> dict[Path, tuple[int, ...]]:
    """Size, time and inode of files, to see afterwards which of them were written."""
    found: dict[Path, tuple[int, ...]] = {}
    for path in paths:
        if path.is_file():
            stat = path.stat()
            found[path] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return found


def _slug(survey: Survey, label: str) -> str:
    try:
        return survey.slug(label)
    except Exception:
        from pipeline.survey import slug

        return slug(label)
