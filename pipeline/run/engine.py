"""The papermill engine: papermill's own client on a kernel that we start ourselves."""

from __future__ import annotations

import threading
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager

from .kernels import SINGLE_THREAD, RunnerKernelManager


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
        start_timeout: int = 60,
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
        import os

        if keep is not None:
            keep.append(nb_man.nb)
        manager = RunnerKernelManager.create(kernel_mode, give_up)
        client = None
        try:
            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                kernel_name=kernel_name,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                record_timing=False,
            )
            client.execute(env={**os.environ, **SINGLE_THREAD})
        except (DeadKernelError, RuntimeError) as error:
            said = manager.last_words()
            if said:
                error.args = (f"{error}: {said}",)
            raise
        finally:
            # The client keeps its sockets when the manager is not its own: a dozen file
            # descriptors a kernel, and a city of some hundred units runs out of them.
            if client is not None and client.kc is not None:
                client.kc.stop_channels()
                client.kc.context.destroy(linger=0)
            if manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)
            run_sync(manager.cleanup_resources)()
            manager.discard()
