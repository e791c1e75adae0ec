"""What a fresh fork of the warm parent does: it becomes a kernel, and ends with the process that forked it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from types import SimpleNamespace

#: In the environment of a run's kernel: no person speaks to it, and so no debugger.
OF_A_RUN = "SKM_KERNEL_OF_A_RUN"


def die_with(parent: int) -> None:
    """Ask the system's kernel to end this process when its parent ends."""
    with contextlib.suppress(Exception):
        import ctypes  # late: only where the system offers it

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


@contextlib.contextmanager
def no_modules_listed() -> Iterator[None]:
    """Keep ipykernel from looking at every module there is, which it does to tell a debugger which are its own.

    A look at an object writes to the page it lies on, which the fork shares with its parent until then: of some two
    thousand modules that was a sixth of all pages that a report's kernel copied.

    Examples
    --------
    >>> from ipykernel import ipkernel
    >>> with no_modules_listed():
    ...     (ipkernel.sys.modules, ipkernel.sys.version == sys.version)
    ({}, True)
    >>> ipkernel.sys is sys
    True
    """
    from ipykernel import ipkernel  # late: what is loaded here is a fork's

    names = vars(ipkernel)
    before = names.get("sys", sys)
    names["sys"] = SimpleNamespace(**{**vars(before), "modules": {}})
    try:
        yield
    finally:
        names["sys"] = before


def become_kernel(argv: list[str], env: dict[str, str], cwd: str, parent: int, log: str = "") -> None:
    """Turn this freshly forked process into an IPython kernel; never returns.

    What it says beside its protocol goes into the file `log`, or where the parent's goes.
    """
    code = 1
    try:
        os.setpgid(0, 0)  # the parent does the same: whoever knows the number can end the group
        die_with(parent)
        if log:
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        if cwd:
            os.chdir(cwd)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(env)
        tempfile.tempdir = None  # that of the parent, which this environment may not name
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(null, descriptor)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from ipykernel.kernelapp import IPKernelApp  # late: what is loaded here is a fork's

        app = IPKernelApp.instance()
        with no_modules_listed() if OF_A_RUN in env else contextlib.nullcontext():
            app.initialize(argv)
        app.start()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    except BaseException:
        import traceback  # late: only a kernel that could not start needs it

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)
