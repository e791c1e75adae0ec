"""What a fresh fork of the warm parent does: it becomes a kernel, and ends with the process that forked it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile


def die_with(parent: int) -> None:
    """Ask the system's kernel to end this process when its parent ends."""
    with contextlib.suppress(Exception):
        import ctypes  # late: only where the system offers it

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


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
