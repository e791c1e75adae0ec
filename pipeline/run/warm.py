"""The warm parent: a process that has imported everything and forks a kernel on request.

A fresh kernel spends nearly all of its time importing pandas, matplotlib and statsmodels.
This process imports them once and stays single-threaded and idle; each request is answered
by ``fork()``, so a kernel starts with the modules loaded and with no other state: no
variable, no figure, no open file of an earlier notebook can reach it.

Protocol, one Unix-socket connection per kernel, JSON lines: the client sends
``{"argv": [...], "env": {...}}``; the server answers ``{"pid": N}`` and, when that kernel
ends, ``{"exit": code}``. When the socket of the *owner* (standard input) closes, the
server ends too, so a killed run leaves no process behind.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any

#: What the notebooks import. A module that is missing is skipped: warmth is only speed.
PRELOAD = (
    "IPython.core.interactiveshell",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "scipy.stats",
    "seaborn",
    "babel.numbers",
    "babel.dates",
    "pipeline.survey",
    "pipeline.steps",
    "pipeline.blocks",
    "pipeline.words",
    "pipeline.report",
    "pipeline.report.overview",
    "pipeline.report.stages",
)


def preload() -> None:
    """Import what notebooks import, then freeze the heap so that forks share its pages."""
    for name in PRELOAD:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        from matplotlib import font_manager

        font_manager.findfont("DejaVu Sans")
    with contextlib.suppress(Exception):
        import datetime

        from babel.dates import format_date
        from babel.numbers import format_decimal

        for locale in ("id", "en"):
            format_decimal(1.5, locale=locale)
            format_date(datetime.date(2020, 1, 1), locale=locale)
    gc.collect()
    gc.freeze()


def become_kernel(argv: list[str], env: dict[str, str]) -> None:
    """Turn this freshly forked process into an IPython kernel; never returns."""
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(env)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(null, descriptor)
        gc.unfreeze()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance()
        app.initialize(argv)
        app.start()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(message).encode() + b"\n")


def _read_request(connection: socket.socket) -> dict[str, Any] | None:
    data = b""
    while not data.endswith(b"\n"):
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    request: dict[str, Any] = json.loads(data)
    return request


def serve(path: str) -> None:
    """Accept requests on the Unix socket `path` until standard input closes."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(path)
    server.listen(64)
    children: dict[int, socket.socket] = {}
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        readable, _, _ = select.select([server, wake_read, 0], [], [])
        if 0 in readable and not os.read(0, 1):
            break
        if wake_read in readable:
            os.read(wake_read, 4096)
        if server in readable:
            connection, _ = server.accept()
            request = _read_request(connection)
            if request is None:
                connection.close()
                continue
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for other in (server, connection, *children.values()):
                    other.close()
                os.close(wake_read)
                os.close(wake_write)
                become_kernel(request["argv"], request["env"])
            children[pid] = connection
            _send(connection, {"pid": pid})
        _reap(children)
    for pid in children:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    server.close()


def _reap(children: dict[int, socket.socket]) -> None:
    while children:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        connection = children.pop(pid, None)
        if connection is not None:
            _send(connection, {"exit": os.waitstatus_to_exitcode(status)})
            connection.close()


def main() -> None:
    """Entry point of ``python -m pipeline.run.warm SOCKET``."""
    preload()
    serve(sys.argv[1])


if __name__ == "__main__":
    main()
