"""Carry out a plan: stages, units side by side, the city; one failing unit stops nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from pipeline.survey import UNKNOWN_UNIT, Survey

from . import manifest
from .execute import KernelDied, NotebookError, execute
from .files import EnvironmentFault, digest_tree, write_aside
from .kernels import WARM
from .lock import only_run
from .plan import CITY, STAGE_PAGES, STAGES, UNIT, Options, notebook_folder, read_units, report_name


@dataclass(frozen=True)
class Failure:
    """Something that did not work, for people."""

    what: str
    where: str
    why: str
    notebook: str = ""
    traceback: str = ""
    stage: bool = False


@dataclass
class Outcome:
    """What a run did."""

    survey: str
    written: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    changed_raw: list[str] = field(default_factory=list)
    #: ids of units whose report failed
    failed_units: list[str] = field(default_factory=list)
    stopped: bool = False


Progress = Callable[[str, int, int], None]
_exporters = threading.local()


def _export(notebook: NotebookNode, name: str) -> bytes:
    """Export with an nbconvert exporter of ours; one exporter object per thread."""
    from nbconvert.exporters import get_exporter

    made: dict[str, Any] = _exporters.__dict__.setdefault("made", {})
    if name not in made:
        made[name] = get_exporter(name)()
    body, _ = made[name].from_notebook_node(notebook)
    return body if isinstance(body, bytes) else body.encode("utf-8")


class Run:
    """One run of one survey."""

    def __init__(self, survey: Survey, options: Options, progress: Progress | None = None) -> None:
        self.survey, self.options = survey, options
        self.folder = notebook_folder(options.notebooks)
        self.progress: Progress = progress or (lambda label, done, total: None)
        self.outcome = Outcome(survey.name)

    # -- one notebook -----------------------------------------------------------------

    def notebook(self, name: str, **parameters: Any) -> NotebookNode:
        """Execute a notebook for this survey and return it."""
        began = time.perf_counter()
        label = parameters.get("unit") or name
        done = execute(
            self.folder / f"{name}.ipynb",
            {"survey": self.survey.name, "root": str(self.survey.root), **parameters},
            kernel=self.options.kernel,
            timeout=self.options.timeout,
        )
        if done.retried:
            self.outcome.retried.append(str(label))
        self.outcome.seconds[str(label)] = round(time.perf_counter() - began, 3)
        return done.notebook

    def publish(self, notebook: NotebookNode, folder: Path, stem: str, formats: tuple[str, ...]) -> None:
        """Export an executed notebook into a folder."""
        for form in formats:
            write_aside(folder / f"{stem}.{form}", _export(notebook, f"skm_{form}"))

    # -- the parts ---------------------------------------------------------------------

    def stage(self, name: str) -> None:
        """Run a stage notebook and keep its page for the office."""
        notebook = self.notebook(name, lang=self.options.languages[0])
        self.publish(notebook, self.survey.internal, STAGE_PAGES[name], ("html",))

    def unit(self, unit: Mapping[str, Any]) -> None:
        """Write one unit's report in every language."""
        folder = self.survey.public / "units" / str(unit["slug"])
        formats = tuple(f for f in ("html", "pdf") if f in self.options.formats)
        for language in self.options.languages:
            notebook = self.notebook(UNIT, unit=unit["id"], lang=language)
            self.publish(notebook, folder, report_name(language, self.options.languages), formats)
            for extra in self.options.extras:
                extra(str(unit["id"]), language)

    def city(self) -> None:
        """Write the overview in every language."""
        formats = tuple(f for f in ("html", "pdf") if f in self.options.formats)
        for language in self.options.languages:
            notebook = self.notebook(CITY, lang=language)
            self.publish(
                notebook,
                self.survey.public,
                report_name(language, self.options.languages, "overview"),
                formats,
            )

    # -- the whole ----------------------------------------------------------------------

    def go(self, finish: Callable[[Outcome], Any] | None = None) -> Outcome:
        """Run everything the options ask for; `finish` writes the portal and the tables."""
        began = time.perf_counter()
        with only_run(self.survey.processed / ".lock"), self._kernels():
            before = self.raw_hashes()
            if self._stages():
                self._units_and_city()
                if finish and not self.options.stage:
                    self._finish(finish)
            after = self.raw_hashes()
            self.outcome.changed_raw = sorted(
                name for name in {*before, *after} if before.get(name) != after.get(name)
            )
            self.outcome.seconds["total"] = round(time.perf_counter() - began, 3)
            self._manifest(before)
        return self.outcome

    def raw_hashes(self) -> dict[str, str]:
        """SHA-256 of every file in the survey's raw folder."""
        return digest_tree([self.survey.raw], self.survey.raw)

    @contextmanager
    def _kernels(self) -> Iterator[None]:
        try:
            yield
        finally:
            WARM.stop()

    def _stages(self) -> bool:
        wanted = [s for s in STAGES if not self.options.stage or s == self.options.stage]
        for position, name in enumerate(wanted):
            self.progress(name, position, len(wanted))
            try:
                self.stage(name)
            except EnvironmentFault:
                raise
            except Exception as error:
                self.outcome.failures.append(self._failure(name, name, error, stage=True))
                return False
        return True

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

    def _units_and_city(self) -> None:
        options = self.options
        jobs: list[tuple[str, Mapping[str, Any] | None]] = []
        if options.stage in ("", CITY):
            jobs.append((CITY, None))
        if options.stage in ("", UNIT):
            jobs += [(UNIT, unit) for unit in self.chosen_units()]
        if not jobs:
            return
        total, done = len(jobs), 0
        self.progress("reports", 0, total)
        with ThreadPoolExecutor(max_workers=max(options.jobs, 1)) as pool:
            pending: dict[Future[None], tuple[str, Mapping[str, Any] | None]] = {
                (pool.submit(self.city) if unit is None else pool.submit(self.unit, unit)): (name, unit)
                for name, unit in jobs
            }
            try:
                while pending:
                    finished, _ = wait(pending, return_when=FIRST_COMPLETED)
                    for future in finished:
                        name, unit = pending.pop(future)
                        done += 1
                        self._settle(future, name, unit)
                        self.progress(str(unit["id"]) if unit else "overview", done, total)
                    if self.outcome.failures and options.stop_on_error:
                        self.outcome.stopped = bool(pending)
                        break
            finally:
                for future in pending:
                    future.cancel()

    def _finish(self, finish: Callable[[Outcome], Any]) -> None:
        self.progress("tables and portal", 0, 1)
        try:
            finish(self.outcome)
        except EnvironmentFault:
            raise
        except Exception as error:
            self.outcome.failures.append(self._failure("portal", "tables and portal", error))

    def _settle(self, future: Future[None], name: str, unit: Mapping[str, Any] | None) -> None:
        error = future.exception()
        label = str(unit["id"]) if unit else "overview"
        if error is None:
            self.outcome.written.append(label)
            self._forget(self._failed_path(label))
            return
        if isinstance(error, EnvironmentFault):
            raise error
        self.outcome.failures.append(self._failure(label, name, error))
        if unit is not None:
            self.outcome.failed_units.append(label)
            folder = self.survey.public / "units" / str(unit["slug"])
            for stale in folder.glob("report*.*") if folder.is_dir() else ():
                self._forget(stale)  # an old report beside a failed run would pass for a new one

    @staticmethod
    def _forget(path: Path) -> None:
        path.unlink(missing_ok=True)

    def _failed_path(self, label: str) -> Path:
        return self.survey.reports / "_failed" / f"{_slug(self.survey, label)}.ipynb"

    def _failure(self, label: str, name: str, error: BaseException, *, stage: bool = False) -> Failure:
        kept = ""
        if isinstance(error, NotebookError):
            path = self._failed_path(label)
            write_aside(path, nbformat.writes(error.notebook))
            kept = path.relative_to(self.survey.root).as_posix()
            return Failure(
                label,
                f"{name}, {error.where}",
                f"{error.ename}: {error.evalue}",
                kept,
                error.traceback,
                stage,
            )
        if isinstance(error, KernelDied):
            return Failure(label, name, f"{error}; it may have run out of memory", stage=stage)
        import traceback

        text = "".join(traceback.format_exception(error))
        return Failure(label, name, f"{type(error).__name__}: {error}", traceback=text, stage=stage)

    def _manifest(self, raw: dict[str, str]) -> None:
        states = {u["id"]: "written" if u["n"] else "no-data" for u in read_units(self.survey.processed)}
        states.update(dict.fromkeys(self.outcome.failed_units, "failed"))
        manifest.write(
            self.survey.reports,
            survey=self.survey.name,
            raw=raw,
            notebooks={p.stem: manifest.notebook_hash(p) for p in sorted(self.folder.glob("*.ipynb"))},
            languages=list(self.options.languages),
            units=states,
            log={
                "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                "jobs": self.options.jobs,
                "kernel": self.options.kernel,
                "seconds": self.outcome.seconds,
                "retried": self.outcome.retried,
                "failed": [f.what for f in self.outcome.failures],
            },
        )


def _slug(survey: Survey, label: str) -> str:
    try:
        return survey.slug(label)
    except Exception:
        from pipeline.survey import slug

        return slug(label)
