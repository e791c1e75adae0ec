"""The stage notebooks of one survey, one after another, each only when its ledger says so."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.survey import Survey, slug
from pipeline.survey.identity.persons import shown

from . import evidence, unread
from .failures import Failure, Outcome
from .files import EnvironmentFault, machine, write_aside
from .hashes import State
from .keys import DIGESTS_FILE, Keys
from .ledger import LEDGER_FILE, Ledger, Reason, Work, open_ledger
from .plan import STAGE_PAGES, STAGES, Options, notebook_folder
from .reasons import sentence
from .rendering import Renderer, export

if TYPE_CHECKING:
    from nbformat import NotebookNode

Progress = Callable[[str, int, int], None]


class StageRun:
    """Stages of one survey; what a whole run, and the bringing up to date of an earlier survey, share."""

    ledger: Ledger
    keys: Keys

    def __init__(self, survey: Survey, options: Options, progress: Progress | None = None) -> None:
        self.survey, self.options = survey, options
        self.folder = notebook_folder(options.notebooks, survey.definition.template)
        self.progress: Progress = progress or (lambda label, done, total: None)
        self.outcome = Outcome(survey.name)
        self.renderer = Renderer(survey, options, self.folder)

    def notebook(self, name: str, **parameters: Any) -> NotebookNode:
        """Execute a notebook for this survey and return it."""
        return self.renderer.notebook(name, **parameters)

    def stage(self, name: str) -> Path:
        """Run a stage notebook and keep its page for the office."""
        notebook = self.notebook(name, lang=self.options.languages[0])
        return write_aside(self.survey.internal / f"{STAGE_PAGES[name]}.html", export(notebook, "skm_html"))

    def _store(self, work: Work, outputs: dict[str, State]) -> None:
        """Record a finished work; files that an earlier version of it wrote must not stay."""
        for name in set(self.ledger.outputs(work.name)) - set(outputs):
            (self.survey.root / name).unlink(missing_ok=True)
        self.ledger.done(work, outputs)

    @contextmanager
    def _opened(self) -> Iterator[None]:
        with open_ledger(self.survey.processed, self.survey.root) as ledger:
            self.ledger = ledger
            self.keys = Keys(self.survey, self.options, self.folder, ledger.hashes)
            try:
                yield
                self._clear_failed()
            finally:
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

    def _stages(self, wanted: Sequence[str]) -> bool:
        """Run those of the stages that are not up to date; whether all of them are now."""
        for position, name in enumerate(wanted):
            work = self.keys.stage(name, self.ledger)
            if not self._why(work):
                continue
            self.progress(name, position, len(wanted))
            before = self._processed_files()
            try:
                self.ledger.begin(work)
                page = self.renderer.beside(self.stage, name)
            except EnvironmentFault:
                raise
            except Exception as error:
                if self.renderer.give_up.is_set():
                    raise  # interrupted from outside: begun and not finished, not failed
                if fault := self._machine(error):
                    raise fault from error
                self.outcome.failures.append(self._failure(name, name, error, stage=True))
                self.ledger.failed(work, self.outcome.failures[-1].why)
                return False
            after = self._processed_files()
            changed = [path for path, state in after.items() if before.get(path) != state]
            if name == STAGES[0]:
                # Before the stage counts as done: a run killed in between must not forget it.
                self.ledger.note("raw", unread=unread.found(self.survey, self.survey.processed).stored())
            self._store(work, self.keys.hashes.states([*changed, page]))
            self.outcome.stages.append(name)
        return True

    @staticmethod
    def _machine(error: BaseException) -> EnvironmentFault | None:
        """The machine's fault behind a stage that did not end; a kernel dies twice for want of memory."""
        from .execute import KernelDied  # late: it imports nbformat, which a question needs not

        if isinstance(error, KernelDied):
            return EnvironmentFault(f"{error}; was it killed, or out of memory? The next run tries again")
        return machine(error)

    def _processed_files(self) -> dict[Path, tuple[int, ...]]:
        return seen(
            path
            for path in self.survey.processed.glob("*")
            if path.name != DIGESTS_FILE and not path.name.startswith((".", LEDGER_FILE.split(".")[0]))
        )

    def _clear_failed(self) -> None:
        """Take away notebooks of what failed once and does no more, and of what there is no more."""
        folder = self.survey.reports / "_failed"
        failing = {
            self._failed_path(_label_of(n)).name for n in self.ledger.names() if self.ledger.failure(n)
        }
        for path in folder.glob("*.ipynb"):
            if path.name not in failing:
                path.unlink(missing_ok=True)
        _unless_empty(folder)

    def mended(self, label: str) -> None:
        """Take away the notebook of what does not fail any more."""
        path = self._failed_path(label)
        path.unlink(missing_ok=True)
        _unless_empty(path.parent)

    def _failed_path(self, label: str) -> Path:
        return self.survey.reports / "_failed" / f"{_slug(self.survey, label)}.ipynb"

    def _failure(self, label: str, name: str, error: BaseException, *, stage: bool = False) -> Failure:
        from .execute import KernelDied, NotebookError  # late: as above

        path = self._failed_path(label)
        path.unlink(missing_ok=True)
        if isinstance(error, NotebookError):
            import nbformat

            write_aside(path, nbformat.writes(error.notebook))
            kept = path.relative_to(self.survey.root).as_posix()
            why = f"{error.ename}: {error.evalue}"
            return Failure(label, f"{name}, {error.where}", why, kept, error.traceback, stage)
        if isinstance(error, KernelDied):
            return Failure(label, name, f"{error}; it may have run out of memory", stage=stage)

        text = evidence.masked("".join(traceback.format_exception(error)))
        why = evidence.masked(f"{type(error).__name__}: {error}")
        return Failure(label, name, why, traceback=text, stage=stage)


def seen(paths: Iterable[Path]) -> dict[Path, tuple[int, ...]]:
    """Size, time and inode of files, to see afterwards which of them were written."""
    found: dict[Path, tuple[int, ...]] = {}
    for path in paths:
        if path.is_file():
            stat = path.stat()
            found[path] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return found


def _unless_empty(folder: Path) -> None:
    """Keep a folder unless nothing is left in it."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def _label_of(work: str) -> str:
    """What a work is called where it fails: a unit by its id, a stage by its notebook.

    Examples
    --------
    >>> _label_of("unit:a"), _label_of("stage:2-index"), _label_of("city"), _label_of("set:uji")
    ('a', '2-index', 'overview', '@uji')
    """
    kind, _, name = work.partition(":")
    return {"unit": name, "stage": name, "set": f"@{name}", "city": "overview"}.get(kind, work)


def _slug(survey: Survey, label: str) -> str:
    try:
        return survey.slug(label)
    except Exception:
        return slug(label)
