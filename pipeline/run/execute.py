"""One notebook, executed: parameters checked, errors in the words of the person running it."""

from __future__ import annotations

import errno
import logging
import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from . import evidence
from .files import NO_MEMORY, TOO_LITTLE, EnvironmentFault


class NotebookError(Exception):
    """A notebook failed; says where in words and keeps the notebook as far as it got.

    Attributes
    ----------
    notebook : NotebookNode
        The notebook with the outputs of every cell that ran and the error of the one
        that did not.
    where : str
        ``cell 7 ("Apakah skala ini konsisten?")``.
    ename, evalue : str
        Class and text of the exception inside the kernel.
    traceback : str
        Without colours; shown only on request.
    """

    def __init__(
        self, name: str, where: str, ename: str, evalue: str, traceback: str, notebook: NotebookNode
    ):
        self.name, self.where, self.ename, self.evalue = name, where, ename, evalue
        self.traceback, self.notebook = traceback, notebook
        super().__init__(f"{name}, {where}: {ename}: {evalue}")

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        """Travel between machines whole."""
        return NotebookError, (
            self.name, self.where, self.ename, self.evalue, self.traceback, self.notebook,
        )  # fmt: skip


class KernelDied(Exception):
    """The process behind a notebook ended: killed, or out of memory."""


@dataclass(frozen=True)
class Executed:
    """A notebook that ran to its end."""

    notebook: NotebookNode
    seconds: float
    retried: bool = field(default=False)


@lru_cache(maxsize=32)
def _read(path: str, mtime_ns: int, size: int) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _parsed(path: Path) -> NotebookNode:
    """A notebook, parsed once per version of the file; others hold it too: to be read only."""
    stat = path.stat()
    return _read(str(path), stat.st_mtime_ns, stat.st_size)


def declared_parameters(notebook: NotebookNode) -> set[str]:
    """Names assigned in the cell tagged ``parameters``.

    Examples
    --------
    >>> cell = nbformat.v4.new_code_cell('unit = ""', metadata={"tags": ["parameters"]})
    >>> declared_parameters(nbformat.v4.new_notebook(cells=[cell]))
    {'unit'}
    """
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            return set(re.findall(r"^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=", cell.source, re.MULTILINE))
    return set()


def execute(
    path: Path,
    parameters: Mapping[str, Any],
    *,
    kernel: str = "warm",
    timeout: int | None = 1800,
    give_up: threading.Event | None = None,
) -> Executed:
    """Run a notebook with papermill and return it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook; never written to.
    parameters : mapping
        Values for the cell tagged ``parameters``.
    kernel : {"warm", "fresh"}
        Forked from a warm parent, or started anew. A warm kernel that dies is retried
        once in a fresh one.
    timeout : int or None
        Seconds one cell may take.
    give_up : threading.Event, optional
        Once set, nothing is started any more and a dead kernel is not tried again.

    Raises
    ------
    ValueError
        If a parameter is not declared by the notebook: papermill would only warn, and the
        notebook would silently run with its defaults.
    NotebookError
        If a cell raises or takes longer than `timeout`.
    KernelDied
        If the kernel ends twice.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    source = _parsed(path)
    unknown = sorted(set(parameters) - declared_parameters(source))
    if unknown:
        raise ValueError(
            f"{path.name} declares no parameter {', '.join(unknown)}; it has "
            f"{', '.join(sorted(declared_parameters(source))) or 'none'}"
        )
    began = time.perf_counter()
    modes = (kernel, "fresh") if kernel == "warm" else (kernel, kernel)
    for attempt, mode in enumerate(modes):
        if give_up is not None and give_up.is_set():
            raise KernelDied(f"{path.name} was not finished: the run is ending")
        kept: list[NotebookNode] = []
        how = {"kernel_mode": mode, "execution_timeout": timeout, "keep": kept, "give_up": give_up}
        try:
            done = _by_papermill(source, parameters, how)
            return Executed(done, time.perf_counter() - began, retried=attempt > 0)
        except PapermillExecutionError as error:
            _machine_in_the_way(error)
            raise _explain(path, kept[-1], error) from None
        except CellTimeoutError:
            raise _timed_out(path, kept[-1], timeout) from None
        except (DeadKernelError, ConnectionError, RuntimeError) as error:
            if attempt:
                _lacking(str(error))
                raise KernelDied(f"the kernel of {path.name} died twice ({error})") from None
    raise KernelDied(f"the kernel of {path.name} died")


def _by_papermill(
    source: NotebookNode, parameters: Mapping[str, Any], how: Mapping[str, Any]
) -> NotebookNode:
    """Execute a notebook by papermill's own steps, without the last of them.

    `papermill.execute_notebook` writes what it executed also where no file is asked for: to nowhere, and of a
    report that is a third of the time that this side of a kernel takes.
    """
    from papermill.engines import papermill_engines
    from papermill.execute import execute_notebook, raise_for_execution_errors

    prepared = execute_notebook(
        source, None, parameters=dict(parameters), engine_name="skm", kernel_name="python3", language="python",
        prepare_only=True,
    )  # fmt: skip
    done = papermill_engines.execute_notebook_with_engine(
        "skm", prepared, kernel_name="python3", progress_bar=False, **how
    )
    raise_for_execution_errors(done, None)
    return done


#: Errors of a cell that may be the machine's: any other may quote whatever stood in a file.
_OF_THE_MACHINE = re.compile(r"\w*MemoryError|OSError|ImportError|RuntimeError")
_NO_MEMORY = ("MemoryError", "bad_alloc", "start new thread", *NO_MEMORY)


def _machine_in_the_way(error: Any) -> None:
    """A cell that lacked space, memory or handles is no fault of the unit."""
    if _OF_THE_MACHINE.fullmatch(str(error.ename)):
        _lacking(f"{error.ename}: {error.evalue}")


def _lacking(text: str) -> None:
    """What a kernel died of, where it is the machine's fault: by its last words."""
    for number, sentence in TOO_LITTLE.items():
        if f"[Errno {number}]" in text:
            raise EnvironmentFault(f"{sentence} ({text[text.index('[Errno') :]})") from None
        if text.endswith(os.strerror(number)):
            raise EnvironmentFault(sentence) from None
    if any(sign in text for sign in _NO_MEMORY):
        raise EnvironmentFault(TOO_LITTLE[errno.ENOMEM]) from None


_ADDED = {"injected-parameters", "papermill-error-cell-tag"}


def _heading_above(notebook: NotebookNode, index: int) -> str:
    for cell in reversed(notebook.cells[: index + 1]):
        if cell.cell_type == "markdown":
            found = re.findall(r"^#+\s+(.+)$", cell.source, re.MULTILINE)
            if found:
                return str(found[-1]).strip()
    return ""


def _where(notebook: NotebookNode, index: int) -> str:
    # Papermill adds cells (parameters, error markers); people count those of the notebook they open.
    added = sum(bool(_ADDED & set(c.metadata.get("tags", []))) for c in notebook.cells[:index])
    heading = _heading_above(notebook, index)
    number = index + 1 - added
    return f'cell {number} ("{heading}")' if heading else f"cell {number}"


def _explain(path: Path, notebook: NotebookNode, error: Any) -> NotebookError:
    text = evidence.masked("\n".join(error.traceback or []))
    evidence.mask_outputs(notebook)
    cells = notebook.cells
    index = next(
        (
            i
            for i, cell in enumerate(cells)
            if cell.cell_type == "code" and any(o.output_type == "error" for o in cell.get("outputs", []))
        ),
        0,
    )
    said = evidence.masked(error.evalue)
    return NotebookError(path.stem, _where(notebook, index), error.ename, said, text, notebook)


def _timed_out(path: Path, notebook: NotebookNode, timeout: int | None) -> NotebookError:
    # Papermill calls every cell completed at the end; only those that began have a start time.
    evidence.mask_outputs(notebook)
    began = [
        i for i, cell in enumerate(notebook.cells) if cell.metadata.get("papermill", {}).get("start_time")
    ]
    index = began[-1] if began else 0
    return NotebookError(
        path.stem, _where(notebook, index), "Timeout", f"the cell took longer than {timeout} s", "", notebook
    )
