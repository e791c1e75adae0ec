"""A warm parent that outlives a command: for plain papermill and JupyterLab users.

``skm warm start`` leaves one running in a folder only its user can enter; the kernelspec
``skm-warm``, shipped with the package, forks its kernels from there.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .files import EnvironmentFault
from .warm_client import SINGLE_THREAD, connect, said_ready, warm_is_possible

IDLE = 1800.0


def runtime_folder() -> Path:
    """Folder of the socket: made with mode 0700, refused when it is anybody else's.

    Raises
    ------
    EnvironmentFault
        When the folder is another user's, a link, or open to others.
    """
    base = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(base) / "skm" if base else Path(tempfile.gettempdir()) / f"skm-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise EnvironmentFault(f"cannot use {folder}: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise EnvironmentFault(f"{folder} is not a folder of yours alone; remove it, or set XDG_RUNTIME_DIR")
    return folder


def _ask(path: Path, what: str) -> int:
    """Send a request to a running parent; its process id, 0 when nobody answers."""
    try:
        with connect(str(path)) as connection:
            connection.sendall(json.dumps({what: True}).encode() + b"\n")
            return int(json.loads(connection.recv(4096) or b"{}").get("server", 0))
    except (OSError, ValueError):
        return 0


def running() -> str:
    """Socket of the running service, empty when there is none (or none can be here)."""
    if not warm_is_possible():
        return ""
    try:
        path = runtime_folder() / "warm.sock"
    except EnvironmentFault:
        return ""
    return str(path) if _ask(path, "ping") else ""


def start(idle: float = IDLE) -> int:
    """Start the service unless it runs already; returns its process id.

    Parameters
    ----------
    idle : float
        Seconds without a kernel after which it ends by itself.

    Raises
    ------
    EnvironmentFault
        When this platform has no warm kernels, or it does not start.
    """
    if not warm_is_possible():
        raise EnvironmentFault("warm kernels need Linux; notebooks start the stock way here")
    folder = runtime_folder()
    with _one_starts(folder):  # the second of two would take the first one's socket away
        path = folder / "warm.sock"
        pid = _ask(path, "ping")
        if pid:
            return pid
        path.unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.run.warm", str(path), "--idle", str(idle)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **SINGLE_THREAD},
            cwd="/",
            start_new_session=True,
        )
        try:
            if not said_ready(process):
                raise EnvironmentFault("the warm parent did not start")
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stdout:
                process.stdout.close()
        return process.pid


@contextmanager
def _one_starts(folder: Path) -> Iterator[None]:
    """Wait until nobody else of this user starts a service."""
    import fcntl  # late: Windows has none, and no service

    with (folder / "warm.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def stop() -> int:
    """Stop the service; returns the process id it had, 0 when none was running."""
    return _ask(runtime_folder() / "warm.sock", "stop")
