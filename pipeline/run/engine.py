"""The papermill engine: papermill's own client on a kernel that we start ourselves.

Papermill loads this module itself, by the entry point ``skm``, while it is being imported: whoever wants the module
imports papermill first. The other way round papermill asks for a class that is not made yet.
"""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager

from .kernels import RunnerKernelManager
from .warm_client import GET_READY, SINGLE_THREAD


class SkmEngine(Engine):
    """Execute a notebook on a warm or fresh kernel (papermill entry point ``skm``).

    Differences from papermill's ``nbclient`` engine, each for a reason: the kernel is
    described in memory (no kernelspec needed), the transport is private to the kernel,
    and the notebook is not saved after every cell (the runner writes it once, aside, and
    then moves it into place).
    """

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Any name will do: the kernel is not looked up."""
        return name or "python3"

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Language of the notebook, for papermill's parameter cell."""
        return language or "python"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kernel_mode: str = "warm",
        execution_timeout: int | None = None,
        start_timeout: int = GET_READY,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        keep: list[Any] | None = None,
        give_up: threading.Event | None = None,
        **_: Any,
    ) -> None:
        """Run every cell; the outputs land in ``nb_man.nb``, which `keep` receives first.

        Papermill's exception does not carry the notebook, and a person who has to mend a
        failed one needs it as far as it got.
        """
        if keep is not None:
            keep.append(nb_man.nb)
        manager = RunnerKernelManager.create(kernel_mode, give_up)
        with ExitStack() as after:  # last first, and each whatever becomes of the others
            after.callback(manager.discard)
            after.callback(lambda: run_sync(manager.cleanup_resources)())
            after.callback(_end_kernel, manager)
            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                iopub_timeout=GET_READY,  # its own 4 s would fail a report on a busy machine
                kernel_name=kernel_name,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                record_timing=False,
            )
            after.callback(_close_sockets, client)
            try:
                client.execute(env={**os.environ, **SINGLE_THREAD})
            except (DeadKernelError, RuntimeError) as error:
                said = manager.last_words()
                if said:
                    error.args = (f"{error}: {said}",)
                raise


def _end_kernel(manager: RunnerKernelManager) -> None:
    if manager.has_kernel:
        run_sync(manager.shutdown_kernel)(now=True)


def _close_sockets(client: PapermillNotebookClient) -> None:
    """Close what the client keeps when the manager is not its own.

    A dozen file descriptors a kernel, and a city of some hundred units runs out of them.
    """
    if client.kc is not None:
        client.kc.stop_channels()
        client.kc.context.destroy(linger=0)
