"""The warm parent as its users see it: start it, ask it for kernels, stop it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from .warm import peer_uid

#: Libraries that would start a thread per core in every kernel; the runner owns the cores.
SINGLE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "ARROW_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)  # fmt: skip


def warm_is_possible() -> bool:
    """Whether this platform can fork a process that has loaded scientific libraries.

    Forking after loading system frameworks is not safe on macOS and does not exist on
    Windows; there the stock way of starting a kernel is used.
    """
    return sys.platform.startswith("linux") and hasattr(os, "fork")


class WarmParent:
    """The process that forks kernels; started lazily, stopped with :meth:`stop`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._survey: list[str] = []
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """Socket of the running parent; starts one when there is none."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            return str(Path(self._folder) / "warm.sock")

    @property
    def folder(self) -> str:
        """Private folder of the running parent, empty without one; removed when it ends."""
        return self._folder if self._process is not None else ""

    @property
    def pid(self) -> int | None:
        """Process id of the parent, None when it is not running."""
        return self._process.pid if self._process else None

    def expect(self, root: Path, survey: str) -> None:
        """Let a parent that is yet to start read this survey's definition, so that its kernels need not."""
        self._survey = [str(root), survey]

    def _start(self) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)  # of a parent that was killed
        self._folder = tempfile.mkdtemp(prefix="skm-")
        command = [sys.executable, "-m", "pipeline.run.warm", str(Path(self._folder) / "warm.sock")]
        self._process = subprocess.Popen(
            [*command, *(["--survey", *self._survey] if self._survey else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SINGLE_THREAD},
            start_new_session=True,  # an interrupt at the terminal is for the run, not for it
        )
        ready = self._process.stdout.readline() if self._process.stdout else b""
        if ready.strip() != b"ready":
            raise RuntimeError("the process that forks warm kernels did not start")

    def stop(self) -> None:
        """End the parent and every kernel it forked."""
        with self._lock:
            process, self._process = self._process, None
            if process is not None:
                if process.stdin:
                    process.stdin.close()
                try:
                    process.wait(timeout=5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                if process.stdout:
                    process.stdout.close()
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = ""


WARM = WarmParent()


def connect(path: str) -> socket.socket:
    """Connect to a warm parent of the same user; anybody else's is refused.

    Raises
    ------
    OSError
        When nobody answers there, or another user does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(60)
    try:
        connection.connect(path)
        if peer_uid(connection) != os.getuid():
            raise PermissionError(f"{path} belongs to another user")
    except OSError:
        connection.close()
        raise
    return connection


class ForkedProcess:
    """What :class:`subprocess.Popen` would be for a process that someone else forked."""

    stdin = stdout = stderr = None

    def __init__(self, path: str, argv: list[str], env: dict[str, str], cwd: str = "") -> None:
        self._socket = connect(path)
        self._socket.sendall(json.dumps({"argv": argv, "env": env, "cwd": cwd}).encode() + b"\n")
        self._buffer = b""
        self.returncode: int | None = None
        self.pid: int = self._message(wait=True)["pid"]

    def _message(self, *, wait: bool) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            if not wait and not self._ready():
                return {}
            part = self._socket.recv(4096)
            if not part:
                return {"exit": -signal.SIGKILL}
            self._buffer += part
        line, self._buffer = self._buffer.split(b"\n", 1)
        message: dict[str, Any] = json.loads(line)
        return message

    def _ready(self) -> bool:
        poller = select.poll()  # unlike select(), not limited to the first 1024 descriptors
        poller.register(self._socket, select.POLLIN | select.POLLHUP)
        return bool(poller.poll(0))

    def poll(self) -> int | None:
        """Exit code, or None while the kernel lives."""
        if self.returncode is None:
            self.returncode = self._message(wait=False).get("exit")
            if self.returncode is not None:
                self._socket.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel to end and return its exit code."""
        if self.returncode is None:
            self._socket.settimeout(timeout)
            self.returncode = self._message(wait=True).get("exit", 0)
            self._socket.close()
        return int(self.returncode or 0)

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)
