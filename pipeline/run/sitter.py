"""The private folder of a run's kernels: made, and removed whoever of run and warm parent dies first."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def sit(folder: Path) -> Iterator[None]:
    """Keep a process, forked before anything is imported, that removes the folder once the run is gone.

    The warm parent does that itself, unless it was killed, even before it was ready.
    """
    parent = os.getpid()
    sitter = os.fork()
    if sitter == 0:
        try:
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 1)  # else the run would not see that the parent ended before it was ready
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            while os.read(0, 1):
                pass
            until = time.monotonic() + 2
            while os.getppid() == parent and time.monotonic() < until:
                time.sleep(0.02)
            if os.getppid() == parent:  # still importing
                os.kill(parent, signal.SIGKILL)
            remove(folder)
        finally:
            os._exit(0)
    yield
    with contextlib.suppress(OSError):
        os.kill(sitter, signal.SIGKILL)
        os.waitpid(sitter, 0)


def make_folder(folder: Path) -> None:
    """Make the folder of a run, or take the one that an earlier parent of the run made.

    Raises
    ------
    PermissionError
        If it is a link, another user's, or open to others.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")


def remove(folder: Path) -> None:
    """Remove a folder into which a process that is ending may still write."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.02)
