"""What is up to date, and why not: doit's dependency manager on a file that commits each task.

doit decides and explains (``Dependency.get_status``); its own backends write at exit only,
so a killed run would forget everything it finished. Ours commits every task by itself.
The file holds names relative to the survey's root, hashes and no time.
"""

from __future__ import annotations

import inspect
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from doit.dependency import Dependency, JSONCodec
from doit.task import Task

from .files import EnvironmentFault, fault
from .hashes import Hashes, State

LEDGER_FILE = "up-to-date.sqlite"


class PerTaskDB:
    """A backend for doit: SQLite, one row a task, one transaction a task."""

    def __init__(
        self, name: str, codec: Any, *, module_name: str | None = None, readonly: bool = False
    ) -> None:
        self.name, self.codec = name, codec
        self._read: dict[str, dict[str, Any]] = {}
        self._lock = threading.RLock()  # units finish in threads of their own
        if readonly and not Path(name).is_file():
            self._conn = sqlite3.connect(":memory:")
        elif readonly:
            self._conn = sqlite3.connect(f"{Path(name).as_uri()}?mode=ro", uri=True)
        else:
            self._conn = sqlite3.connect(name, check_same_thread=False)
            # One commit a task must not cost more than a few milliseconds. A killed process can
            # lose nothing this way; what a power cut could damage is noticed and made again.
            self._conn.execute("pragma journal_mode = truncate")
            self._conn.execute("pragma synchronous = normal")
        if not readonly:
            self._conn.execute("create table if not exists doit (task_id text primary key, task_data text)")
            self._conn.commit()
        try:
            rows = self._rows()
        except sqlite3.OperationalError:
            if not readonly:
                raise
            # A run killed within a transaction left its journal: rolling back needs to write.
            self._conn = sqlite3.connect(f"{Path(name).as_uri()}?mode=rw", uri=True)
            rows = self._rows()
        self._stored: dict[str, str] = dict(rows)

    def _rows(self) -> list[tuple[str, str]]:
        """What is stored; nothing in a file that a run has made and not yet given its table."""
        if not self._conn.execute("select 1 from sqlite_master where name = 'doit'").fetchall():
            return []
        return self._conn.execute("select task_id, task_data from doit order by task_id").fetchall()

    def _task(self, task_id: str) -> dict[str, Any]:
        if task_id not in self._read:
            stored = self._stored.get(task_id)
            self._read[task_id] = self.codec.decode(stored) if stored else {}
        return self._read[task_id]

    def get(self, task_id: str, dependency: str) -> Any:
        """A stored value, None when there is none."""
        return self._task(task_id).get(dependency)

    def set(self, task_id: str, dependency: str, value: Any) -> None:
        """Change a value; :meth:`commit` stores it."""
        self._task(task_id)[dependency] = value

    def in_(self, task_id: str) -> bool:
        """Whether there is anything about a task."""
        return task_id in self._stored or bool(self._read.get(task_id))

    def names(self, prefix: str = "") -> list[str]:
        """Ids of the stored tasks."""
        return sorted(name for name in {*self._stored, *self._read} if name.startswith(prefix))

    def commit(self, task_id: str) -> None:
        """Store one task, now."""
        text = self.codec.encode(self._task(task_id))
        with self._lock, self._conn:
            self._conn.execute("insert or replace into doit values (?, ?)", (task_id, text))
        self._stored[task_id] = text

    def remove(self, task_id: str) -> None:
        """Forget a task, now."""
        self._read.pop(task_id, None)
        if self._stored.pop(task_id, None) is not None:
            with self._lock, self._conn:
                self._conn.execute("delete from doit where task_id = ?", (task_id,))

    def remove_all(self) -> None:
        """Forget everything."""
        for name in self.names():
            self.remove(name)

    def dump(self) -> None:
        """Close the file; everything is stored already."""
        self._conn.close()


@dataclass(frozen=True)
class Work:
    """Something that can be up to date: a stage, a unit's report, the overview, the portal.

    Attributes
    ----------
    name : str
        ``stage:2-index``, ``unit:dinas-a``, ``city``, ``portal``.
    parts : mapping
        What it is made from: name of the part to its hash (or a short text).
    """

    name: str
    parts: Mapping[str, str]


@dataclass(frozen=True)
class Reason:
    """Why something is not up to date.

    Attributes
    ----------
    kind : {"new", "failed", "unfinished", "changed", "added", "removed", "missing", "edited", "forced"}
    what : str
        The part or the file.
    before, after : str
        Values of the part, where they say something to a person.
    """

    kind: str
    what: str = ""
    before: str = ""
    after: str = ""


#: doit asks each of its questions for its arguments; worked out once, not once a report.
_ASKED = inspect.signature(lambda task, values: True)


@dataclass
class _PartsSame:
    """doit's question to us: are the stored parts those of now?"""

    __signature__: ClassVar[inspect.Signature] = _ASKED
    parts: Mapping[str, str]
    reasons: list[Reason] = field(default_factory=list)

    def __call__(self, task: Task, values: dict[str, Any]) -> bool:
        old = values.get("parts")
        if old == self.parts:
            return True
        for part in sorted({*(old or {}), *self.parts}):
            before, after = (old or {}).get(part), self.parts.get(part)
            if before != after:
                kind = "added" if before is None else "removed" if after is None else "changed"
                self.reasons.append(Reason(kind, part, before or "", after or ""))
        return False


@dataclass
class _OutputsSame:
    """doit's second question: is what was written still what lies there?"""

    __signature__: ClassVar[inspect.Signature] = _ASKED
    hashes: Hashes
    reasons: list[Reason] = field(default_factory=list)

    def __call__(self, task: Task, values: dict[str, Any]) -> bool:
        outputs: dict[str, State] = values.get("outputs", {})
        self.hashes.remember(outputs)
        for name, state in outputs.items():
            now = self.hashes.state(name)
            if now is None:
                self.reasons.append(Reason("missing", name))
            elif now[3] != state[3]:
                self.reasons.append(Reason("edited", name))
        return not self.reasons


class Ledger:
    """The up-to-date ledger of one survey. Use :func:`open_ledger`."""

    def __init__(self, path: Path, hashes: Hashes, *, readonly: bool = False) -> None:
        self.hashes = hashes
        self._doit = Dependency(partial(PerTaskDB, readonly=readonly), str(path), codec_cls=JSONCodec)
        self._db: PerTaskDB = self._doit.backend
        for name in ("raw", "notebooks", "earlier"):
            hashes.remember(self._db.get(name, "states") or {})
        for name in self._db.names("stage:"):
            hashes.remember(self.outputs(name))

    def check(self, work: Work) -> list[Reason]:
        """Why this work has to be done; empty when it is up to date."""
        if not self._db.get(work.name, "_values_:"):
            why = self.failure(work.name)
            return [Reason("failed", after=why) if why else Reason("new")]
        if self.begun(work.name):
            return [Reason("unfinished")]
        parts, outputs = _PartsSame(work.parts), _OutputsSame(self.hashes)
        self._doit.get_status(Task(work.name, None, uptodate=[parts, outputs]), {}, get_log=True)
        return [*parts.reasons, *outputs.reasons]

    def begin(self, work: Work) -> None:
        """Store that files of this work are about to be replaced.

        A run killed between two files leaves one of them new: without this mark the next
        run would take it for a file edited by hand.
        """
        self._db.set(work.name, "begun:", True)
        self._commit(work.name)

    def done(self, work: Work, outputs: Mapping[str, State], **more: Any) -> None:
        """Store that this work was done from these parts and wrote these files."""
        task = Task(work.name, None)
        task.values = {"parts": dict(work.parts), "outputs": dict(outputs), **more}
        self._db.set(work.name, "failed:", None)
        self._db.set(work.name, "begun:", None)
        self._db.set(work.name, "left:", None)
        self._doit.save_success(task)
        self._commit(work.name)

    def failed(self, work: Work, why: str) -> None:
        """Store that this work failed; it is done again by the next run, over what it left."""
        self._db.set(work.name, "left:", sorted({*self.outputs(work.name), *self.left(work.name)}))
        self._doit.remove_success(Task(work.name, None))
        self._db.set(work.name, "failed:", why)
        self._commit(work.name)

    def forget(self, name: str) -> None:
        """Drop what is known of a work."""
        self._db.remove(name)

    def begun(self, name: str) -> bool:
        """Whether a run began to replace files of a work and did not finish."""
        return bool(self._db.get(name, "begun:"))

    def failure(self, name: str) -> str:
        """Why a work failed the last time, empty when it did not."""
        return str(self._db.get(name, "failed:") or "")

    def parts(self, name: str) -> dict[str, str]:
        """What a work was made from the last time."""
        return dict(self._doit.get_values(name).get("parts", {}))

    def outputs(self, name: str) -> dict[str, State]:
        """Files a work wrote the last time, with their states."""
        return dict(self._doit.get_values(name).get("outputs", {}))

    def left(self, name: str) -> list[str]:
        """Files that a work wrote before it failed; those that are still there are of old."""
        return list(self._db.get(name, "left:") or ())

    def names(self, prefix: str = "") -> list[str]:
        """Names of everything known."""
        return self._db.names(prefix)

    def note(self, name: str, **values: Any) -> None:
        """Store values that belong to no work (states of raw files, a snapshot of peers)."""
        if any(self._db.get(name, key) != value for key, value in values.items()):
            for key, value in values.items():
                self._db.set(name, key, value)
            self._commit(name)

    def noted(self, name: str, key: str) -> Any:
        """A value stored with :meth:`note`."""
        return self._db.get(name, key)

    def close(self) -> None:
        """Close the file."""
        self._doit.close()

    def _commit(self, name: str) -> None:
        try:
            self._db.commit(name)
        except sqlite3.OperationalError as error:
            raise EnvironmentFault(f"cannot write {self._db.name}: {error}; is the disk full?") from error


@contextmanager
def open_ledger(
    processed: Path, root: Path, *, readonly: bool = False, anew: bool | None = None
) -> Iterator[Ledger]:
    """Open the ledger of a survey; a damaged file is put aside and everything is made anew.

    Parameters
    ----------
    processed : Path
        ``data/processed/<survey>``.
    root : Path
        Names of files are relative to it.
    readonly : bool
        Never create or change the file (``status``, ``why``, ``--dry-run``).
    anew : bool, optional
        Hash every table once instead of trusting size and time; a run does, what only looks does not.
    """
    path = processed / LEDGER_FILE
    anew = not readonly if anew is None else anew
    hashes = Hashes(root, f"{processed.parent.relative_to(root).as_posix()}/" if anew else "")
    try:
        if not readonly:
            processed.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(path, hashes, readonly=readonly)
    except OSError as error:
        raise fault(error, path) from error
    except sqlite3.OperationalError as error:
        raise EnvironmentFault(f"cannot open {path}: {error}") from error
    except sqlite3.DatabaseError:
        if readonly:
            ledger = Ledger(path.with_name(path.name + ".none"), hashes, readonly=True)
        else:
            path.replace(path.with_suffix(".damaged"))
            ledger = Ledger(path, hashes)
    try:
        yield ledger
    finally:
        ledger.close()
