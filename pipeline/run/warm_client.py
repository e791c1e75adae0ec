"""The warm parent as its users see it: start it, ask it for kernels, stop it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
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


#: Seconds to wait for an answer of a parent that is there.
ANSWER = 60
#: Seconds that loading everything may take on a machine that is busy.
GET_READY = 180


class WarmParent:
    """The process that forks kernels; started lazily, stopped with :meth:`stop`.

    Its folder, in which every kernel has its files, is the run's: when a parent is killed the next one
    uses it too, so that no kernel of another job loses its files. Each parent's sitter removes it once
    this process is gone, which its standard input tells: that is kept open until :meth:`stop`.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._survey: list[str] = []
        self._lock = threading.Lock()
        self._killed: list[subprocess.Popen[bytes]] = []

    @property
    def path(self) -> str:
        """Socket of the running parent; starts one when there is none."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            return self._socket()

    @property
    def folder(self) -> str:
        """Private folder of this run's kernels, empty before there was a parent; removed when it stops."""
        return self._folder

    @property
    def pid(self) -> int | None:
        """Process id of the parent, None when it is not running."""
        return self._process.pid if self._process else None

    def expect(self, root: Path, survey: str) -> None:
        """Let a parent that is yet to start read this survey's definition, so that its kernels need not."""
        self._survey = [str(root), survey]

    def _socket(self) -> str:
        return str(Path(self._folder) / f"warm{len(self._killed) or ''}.sock")

    def _start(self) -> None:
        if self._process is not None:
            self._killed.append(self._process)
            self._process = None
        # The parent makes it once there is somebody to remove it.
        self._folder = self._folder or str(Path(tempfile.gettempdir()) / f"skm-{secrets.token_hex(8)}")
        command = [sys.executable, "-m", "pipeline.run.warm", self._socket()]
        process = None
        try:
            process = subprocess.Popen(
                [*command, *(["--survey", *self._survey] if self._survey else [])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **SINGLE_THREAD},
                start_new_session=True,  # an interrupt at the terminal is for the run, not for it
            )
            if not _said_ready(process):
                raise RuntimeError("the process that forks warm kernels did not start")
            self._process = process
        finally:
            if self._process is None:
                if process is not None:
                    process.kill()
                    _close(process)
                if not self._killed:
                    shutil.rmtree(self._folder, ignore_errors=True)
                    self._folder = ""

    def stop(self) -> None:
        """End the parent and every kernel it forked."""
        with self._lock:
            processes = [*self._killed, *([self._process] if self._process else [])]
            self._process, self._killed = None, []
            for process in processes:
                _close(process)
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = ""


def _said_ready(process: subprocess.Popen[bytes]) -> bool:
    """Whether a parent has loaded everything; false when it ended or takes for ever."""
    if process.stdout is None:
        return False
    poller = select.poll()  # unlike select(), not limited to the first 1024 descriptors
    poller.register(process.stdout, select.POLLIN | select.POLLHUP)
    return bool(poller.poll(GET_READY * 1000)) and process.stdout.readline().strip() == b"ready"


def _close(process: subprocess.Popen[bytes]) -> None:
    """Let a parent end, which its standard input tells it, and see that it did."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


WARM = WarmParent()


def connect(path: str) -> socket.socket:
    """Connect to a warm parent of the same user; anybody else's is refused.

    Raises
    ------
    OSError
        When nobody answers there, or another user does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER)
    until = time.monotonic() + ANSWER
    try:
        while True:
            try:
                connection.connect(path)
                break
            except BlockingIOError:  # more are in the queue than it holds
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
        if peer_uid(connection) != os.getuid():
            raise PermissionError(f"{path} belongs to another user")
    except OSError:
        connection.close()
        raise
    return connection


class ForkedProcess:
    """What :class:`subprocess.Popen` would be for a process that someone else forked."""

    stdin = stdout = stderr = None

    def __init__(self, path: str, argv: list[str], env: dict[str, str], cwd: str = "", log: str = "") -> None:
        self._buffer = b""
        self.returncode: int | None = None
        try:
            self._socket = connect(path)
        except FileNotFoundError as error:
            raise ConnectionError(f"the warm parent is gone ({error})") from error
        try:
            self._socket.sendall(
                json.dumps({"argv": argv, "env": env, "cwd": cwd, "log": log}).encode() + b"\n"
            )
            answer = self._message(wait=True)
            if "pid" not in answer:
                raise ConnectionError(
                    f"the warm parent forked no kernel ({answer.get('error', 'it is gone')})"
                )
        except TimeoutError as error:
            self._socket.close()
            raise ConnectionError("the warm parent does not answer") from error
        except BaseException:
            self._socket.close()
            raise
        self.pid: int = answer["pid"]

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
