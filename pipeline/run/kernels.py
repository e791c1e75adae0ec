"""Kernels for the runner: fresh ones, and ones forked from a warm parent.

The kernel is described in memory, never looked up by name: a run must not depend on which
kernelspecs happen to be installed on a machine.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty
from typing import Any
from weakref import WeakSet

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Bool, default

from . import evidence, warm_service
from .forked import OF_A_RUN
from .warm_client import SINGLE_THREAD, WARM, ForkedProcess, warm_is_possible

__all__ = ["SINGLE_THREAD", "WARM", "RunnerKernelManager", "WarmProvisioner", "kill_all", "warm_is_possible"]

_KERNEL_ARGUMENTS = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=50"]
#: Of what a kernel wrote, read for its last line.
LONGEST = 4000
_counter = itertools.count()


class WarmProvisioner(LocalProvisioner):
    """Kernel provisioner that asks a warm parent for a fork (entry point ``skm-warm``).

    A run brings its own parent (``own_parent``). The kernelspec ``skm-warm``, for plain
    papermill and JupyterLab, uses the one that ``skm warm start`` left running, and starts
    the stock way, saying so, when there is none.
    """

    own_parent = Bool(False, help="Fork from this process's own warm parent.")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel; `cmd` is the command a stock provisioner would have run."""
        path = WARM.path if self.own_parent else warm_service.running()
        if not path:
            self.log.warning("no warm parent is running (skm warm start); this kernel starts the stock way")
            return await super().launch_kernel(cmd, **kwargs)
        argv = [str(part) for part in cmd[cmd.index("-f") :]]
        env = {**(kwargs.get("env") or os.environ), **SINGLE_THREAD}
        env |= {OF_A_RUN: "1"} if self.own_parent else {}
        log = getattr(kwargs.get("stderr"), "name", "")
        try:
            process: Any = ForkedProcess(path, argv, env, str(kwargs.get("cwd") or Path.cwd()), log)
        except ConnectionError as error:
            if self.own_parent:
                raise
            self.log.warning("%s; this kernel starts the stock way", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process
        self.pid = process.pid
        self.pgid = process.pid
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel's group; a stock provisioner does so by a number that may be another's by then."""
        if isinstance(self.process, ForkedProcess):
            self.process.signal_group(signum)
        else:
            await super().send_signal(signum)


class PromptClient(AsyncKernelClient):
    """A client that takes a kernel's first answer for readiness.

    The stock one then waits until the kernel has been silent for 0.2 s. That the kernel
    answered the request and was heard publishing is all that running cells needs: what is
    still under way names another request as its parent and is passed over.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask until the kernel answers and is heard publishing.

        Raises
        ------
        RuntimeError
            If it dies or says nothing for `timeout` seconds.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while time.monotonic() < until:
            self.kernel_info()
            with contextlib.suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=1)
                    return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it answered")
        raise RuntimeError(f"the kernel did not answer in {timeout} s")


class RunnerKernelManager(AsyncKernelManager):
    """A kernel manager whose kernel is this very Python, described in memory."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The in-memory description; no kernelspec needs to be installed."""
        return self._runner_spec

    @default("client_factory")
    def _prompt_client(self) -> type[PromptClient]:
        return PromptClient

    async def _async_wait(self, pollinterval: float = 0.01) -> None:
        # The stock pause of 0.1 s would be a twentieth of what a report takes.
        await super()._async_wait(pollinterval)

    @classmethod
    def create(cls, mode: str, give_up: threading.Event | None = None) -> RunnerKernelManager:
        """Make a manager for a ``warm`` or ``fresh`` kernel with its own transport.

        Once `give_up` is set no kernel stays: one that was just being started is ended again.

        Every kernel gets a path of its own: with the default paths kernels that run at
        the same time can end up talking to each other.
        """
        # Within the warm parent's folder, so that it goes with it when this process is killed.
        shared = WARM.folder if WARM.folder and Path(WARM.folder).is_dir() else None
        folder = Path(tempfile.mkdtemp(prefix="skm-", dir=shared))
        manager = cls(connection_file=str(folder / f"k{next(_counter)}.json"))
        if hasattr(socket, "AF_UNIX") and not sys.platform.startswith("win"):
            manager.transport = "ipc"
            manager.ip = str(folder / "k")
        metadata = {}
        if mode == "warm" and warm_is_possible():
            metadata = {
                "kernel_provisioner": {"provisioner_name": "skm-warm", "config": {"own_parent": True}}
            }
        manager._runner_folder = folder
        manager._give_up = give_up
        manager._runner_spec = KernelSpec(
            argv=[
                sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *_KERNEL_ARGUMENTS,
            ],
            display_name="skm-pipeline",
            language="python",
            metadata=metadata,
        )  # fmt: skip
        with _guard:
            _live.add(manager)
        return manager

    def discard(self) -> None:
        """Remove the files of a kernel that has ended."""
        with _guard:
            _live.discard(self)
        shutil.rmtree(self._runner_folder, ignore_errors=True)

    # The parent is wrapped by a decorator that hides its signature.
    async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Start the kernel, unless the run is ending: whoever ends all kernels does not see one in the making."""
        # What it leaves where temporary files go, raw answers among it, goes with its own files when it is killed.
        env = {**(kwargs.pop("env", None) or os.environ), "TMPDIR": str(self._runner_folder)}
        with self._said.open("ab") as stderr:
            await super().start_kernel(**{"stderr": stderr, "env": env, **kwargs})
        if self._give_up is not None and self._give_up.is_set():
            await self.shutdown_kernel(now=True)
            raise RuntimeError("the run is ending")

    @property
    def _said(self) -> Path:
        return self._runner_folder / "stderr"

    def last_words(self) -> str:
        """The last line that the kernel wrote beside its protocol: of one that died, the error it died of."""
        try:
            with self._said.open("rb") as file:
                file.seek(max(self._said.stat().st_size - LONGEST, 0))
                said = file.read().decode("utf-8", "replace").strip().splitlines()
        except OSError as error:
            return "" if isinstance(error, FileNotFoundError) else str(error)
        return evidence.masked(said[-1].strip()) if said else ""

    _give_up: threading.Event | None = None
    _runner_folder: Path
    _runner_spec: KernelSpec


_live: WeakSet[RunnerKernelManager] = WeakSet()
_guard = threading.Lock()  # others make kernels while one ends them all


def kill_all() -> None:
    """End every kernel of this process at once, and a parent still loading; whoever waits for one sees it dead."""
    try:
        _kill_all()
    finally:
        _kill_all()  # a second interrupt may have come in between


def _kill_all() -> None:
    WARM.give_up()
    with _guard:
        managers = list(_live)
    for manager in managers:
        process: Any = getattr(manager.provisioner, "process", None)
        if process is None or process.poll() is not None:
            continue  # ended, or still in the making: `start_kernel` looks whether the run is ending
        if isinstance(process, ForkedProcess):
            process.signal_group(signal.SIGKILL)
        elif hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it has a group of its own before its number is known
        else:
            process.kill()
