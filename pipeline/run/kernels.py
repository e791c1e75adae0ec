"""Kernels for the runner: fresh ones, and ones forked from a warm parent.

The kernel is described in memory, never looked up by name: a run must not depend on which
kernelspecs happen to be installed on a machine.
"""

from __future__ import annotations

import contextlib
import itertools
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

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

#: Libraries that would start a thread per core in every kernel; the runner owns the cores.
SINGLE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1"
)
_KERNEL_ARGUMENTS = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=50"]
_counter = itertools.count()


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
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """Socket of the running parent; starts one when there is none."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            return str(Path(self._folder) / "warm.sock")

    @property
    def pid(self) -> int | None:
        """Process id of the parent, None when it is not running."""
        return self._process.pid if self._process else None

    def _start(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="skm-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.run.warm", str(Path(self._folder) / "warm.sock")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SINGLE_THREAD},
        )
        ready = self._process.stdout.readline() if self._process.stdout else b""
        if ready.strip() != b"ready":
            raise RuntimeError("the warm parent process did not start; use --kernel fresh")

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


class ForkedProcess:
    """What :class:`subprocess.Popen` would be for a process that someone else forked."""

    stdin = stdout = stderr = None

    def __init__(self, path: str, argv: list[str], env: dict[str, str]) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(60)
        self._socket.connect(path)
        self._socket.sendall(json.dumps({"argv": argv, "env": env}).encode() + b"\n")
        self._buffer = b""
        self.returncode: int | None = None
        self.pid: int = self._message(wait=True)["pid"]

    def _message(self, *, wait: bool) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            if not wait and not select.select([self._socket], [], [], 0)[0]:
                return {}
            part = self._socket.recv(4096)
            if not part:
                return {"exit": -signal.SIGKILL}
            self._buffer += part
        line, self._buffer = self._buffer.split(b"\n", 1)
        message: dict[str, Any] = json.loads(line)
        return message

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


class WarmProvisioner(LocalProvisioner):
    """Kernel provisioner that asks the warm parent for a fork (entry point ``skm-warm``)."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork a kernel; `cmd` is the command a stock provisioner would have run."""
        argv = [str(part) for part in cmd[cmd.index("-f") :]]
        env = {**(kwargs.get("env") or os.environ), **SINGLE_THREAD}
        process: Any = ForkedProcess(WARM.path, argv, env)
        self.process = process
        self.pid = process.pid
        self.pgid = process.pid
        return self.connection_info


class RunnerKernelManager(AsyncKernelManager):
    """A kernel manager whose kernel is this very Python, described in memory."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The in-memory description; no kernelspec needs to be installed."""
        return self._runner_spec

    @classmethod
    def create(cls, mode: str) -> RunnerKernelManager:
        """Make a manager for a ``warm`` or ``fresh`` kernel with its own transport.

        Every kernel gets a path of its own: with the default paths kernels that run at
        the same time can end up talking to each other.
        """
        folder = Path(tempfile.mkdtemp(prefix="skm-"))
        manager = cls(connection_file=str(folder / f"k{next(_counter)}.json"))
        if hasattr(socket, "AF_UNIX") and not sys.platform.startswith("win"):
            manager.transport = "ipc"
            manager.ip = str(folder / "k")
        metadata = {}
        if mode == "warm" and warm_is_possible():
            metadata = {"kernel_provisioner": {"provisioner_name": "skm-warm"}}
        manager._runner_folder = folder
        manager._runner_spec = KernelSpec(
            argv=[
                sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *_KERNEL_ARGUMENTS,
            ],
            display_name="skm-pipeline",
            language="python",
            metadata=metadata,
        )  # fmt: skip
        return manager

    def discard(self) -> None:
        """Remove the files of a kernel that has ended."""
        shutil.rmtree(self._runner_folder, ignore_errors=True)

    _runner_folder: Path
    _runner_spec: KernelSpec
