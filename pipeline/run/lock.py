"""One run of a survey at a time."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .files import EnvironmentFault, fault


class Busy(EnvironmentFault):
    """Another process runs this survey."""


@contextmanager
def only_run(path: Path) -> Iterator[bool]:
    """Hold the run lock at `path`; refuse when another process holds it.

    Yields whether the run before this one was killed: one that ends leaves the file empty.

    The lock belongs to the operating system, not to the file: a killed run leaves the file
    behind and no lock, so nobody has to delete anything.

    Raises
    ------
    Busy
        Names the other run's process and when it started.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise fault(error, path) from error
    with file:
        if not _take(file.fileno()):
            file.seek(0)
            raise Busy(_other(file.read(), path))
        file.seek(0)
        killed = bool(file.read(1))
        file.seek(0)
        file.truncate()
        started = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "started": started}, file)
        file.flush()
        try:
            yield killed
        finally:
            file.seek(0)
            file.truncate()


def running(path: Path) -> str:
    """Which run of a survey is going on, as a person would say it; empty where none is.

    Takes no lock: who only looks must not be in the way of a run that begins. A killed run leaves its number behind,
    which is believed only as long as such a process is there.
    """
    try:
        other = _noted(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return other[1] if other and _alive(other[0]) else ""


def _alive(pid: int) -> bool:
    if os.name == "nt":  # there a signal of 0 is no question
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _take(descriptor: int) -> bool:
    try:
        import fcntl  # late: Windows has none
    except ImportError:  # Windows
        return _take_windows(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _take_windows(descriptor: int) -> bool:
    import msvcrt  # late: only Windows has it

    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # only Windows has it
    except OSError:
        return False
    return True


def _noted(text: str) -> tuple[int, str] | None:
    """Number of the process that a lock names, and what a person would call it; None where it names none."""
    try:
        other = json.loads(text)
        pid = int(other["pid"])
        return pid, f"process {pid}, started {other['started']}"
    except (ValueError, KeyError, TypeError):
        return None


def _other(text: str, path: Path) -> str:
    noted = _noted(text)
    who = noted[1] if noted else "another process"
    return f"this survey is being run already ({who}); wait for it to end. Lock: {path}"
