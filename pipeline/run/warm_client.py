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
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .warm_requests import peer_uid

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
        self._environment: dict[str, str] = {}
        self._lock = threading.Lock()
        self._loading: subprocess.Popen[bytes] | None = None
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

    def expect(self, root: Path, survey: str, environment: Mapping[str, str] | None = None) -> None:
        """Let a parent that is yet to start read this survey's definition, so that its kernels need not.

        The environment is what its process, and so each of its forks, is started with besides.
        """
        self._survey, self._environment = [str(root), survey], {**(environment or {})}

    def give_up(self) -> None:
        """End a parent that is still loading: whoever waits for it hears that it did not start."""
        loading = self._loading
        if loading is not None:
            loading.kill()

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
            process = self._loading = subprocess.Popen(
                [*command, *(["--survey", *self._survey] if self._survey else [])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **self._environment, **SINGLE_THREAD},
                start_new_session=True,  # an interrupt at the terminal is for the run, not for it
            )
            if not said_ready(process):
                raise RuntimeError("the process that forks warm kernels did not start")
            self._process = process
        finally:
            self._loading = None
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


def said_ready(process: subprocess.Popen[bytes]) -> bool:
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
    """What :class:`subprocess.Popen` would be for a process that someone else forked.

    The process's number is its own until this side closes the connection, which it does when it hears of the end.
    Signals are therefore sent while nobody else can hear of it: one thread ends all kernels while others wait for
    theirs.
    """

    stdin = stdout = stderr = None

    def __init__(self, path: str, argv: list[str], env: dict[str, str], cwd: str = "", log: str = "") -> None:
        self._buffer = b""
        self._one_at_a_time = threading.RLock()
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
            try:
                part = self._socket.recv(4096)
            except ConnectionError:  # it was killed before it read all we said
                part = b""
            if not part:
                return {"exit": -signal.SIGKILL}
            self._buffer += part
        line, self._buffer = self._buffer.split(b"\n", 1)
        message: dict[str, Any] = json.loads(line)
        return message

    def _ready(self, seconds: float | None = 0) -> bool:
        poller = select.poll()  # unlike select(), not limited to the first 1024 descriptors
        with contextlib.suppress(ValueError):  # another thread heard of the end and closed it
            poller.register(self._socket, select.POLLIN | select.POLLHUP)
        return bool(poller.poll(None if seconds is None else seconds * 1000)) or self.returncode is not None

    def poll(self) -> int | None:
        """Exit code, or None while the kernel lives."""
        with self._one_at_a_time:
            if self.returncode is None:
                self.returncode = self._message(wait=False).get("exit")
                if self.returncode is not None:
                    self._socket.close()
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel to end and return its exit code.

        Raises
        ------
        TimeoutError
            When it did not end within so many seconds.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if not self._ready(None if until is None else max(until - time.monotonic(), 0)):
                raise TimeoutError(f"the kernel did not end within {timeout} s")
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        self._signal(os.kill, number)

    def signal_group(self, number: int) -> None:
        """Send a signal to the kernel and all it started; to nobody once it has ended."""
        self._signal(os.killpg, number)

    def _signal(self, send: Callable[[int, int], None], number: int) -> None:
        with self._one_at_a_time:
            if self.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    send(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)
