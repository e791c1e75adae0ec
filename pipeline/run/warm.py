"""The warm parent: a process that has imported everything and forks a kernel on request.

A fresh kernel spends nearly all of its time importing pandas, scipy and matplotlib.
This process imports them once and stays single-threaded and idle; each request is answered
by ``fork()``, so a kernel starts with the modules loaded and with no other state: no
variable, no figure, no open file of an earlier notebook can reach it.

Protocol, one Unix-socket connection per kernel, JSON lines: the client sends
``{"argv": [...], "env": {...}}``; the server answers ``{"pid": N}`` and, when that kernel
ends, ``{"exit": code}``. ``{"ping": true}`` and ``{"stop": true}`` are answered with
``{"server": pid}``. The socket lies in a folder only its user can enter, and a request of
another user is refused all the same.

When standard input (held by the run that started it) closes, the server ends with all its
kernels and removes its folder, so a killed run leaves nothing behind; a kernel whose server
is killed is killed with it. With ``--idle SECONDS`` it belongs to no run and ends when it
has had no kernel for so long.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: What the notebooks import. A module that is missing is skipped: warmth is only speed.
PRELOAD = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.interactiveshell",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "encodings.utf_8_sig",  # units.csv
    "ipykernel.kernelapp",
    "ipykernel.debugger",  # every kernel makes one, used or not
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "tornado.platform.asyncio",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "numpy",
    "pandas",
    "pandas.core.arrays.arrow._arrow_utils",
    "pandas.core.arrays.arrow.extension_types",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "scipy.stats",
    "seaborn",
    "babel.numbers",
    "babel.dates",
    "pipeline.survey",
)
#: Parts of the house that notebooks use, imported with every module: sections import each other late.
HOUSE = ("blocks", "words", "report", "steps", "statistics")


def preload(survey: Sequence[str] = ()) -> None:
    """Import what notebooks import, then freeze the heap so that forks share its pages.

    Parameters
    ----------
    survey : (root, name), optional
        A survey whose definition is read as well; a kernel reads it anew if a file of it changed.
    """
    # Else the debugger's import warns that it cannot see into Python's own modules.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for name in (*PRELOAD, *_house()):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        from matplotlib import font_manager

        font_manager.findfont("DejaVu Sans")
    with contextlib.suppress(Exception):
        import datetime

        from babel.dates import format_date

        for locale in ("id_ID", "en_GB"):
            format_date(datetime.date(2020, 1, 1), "d MMMM y", locale=locale)
    for first in (_first_figure, _read_words, _read_rules):
        with contextlib.suppress(Exception):
            first()
    if survey:
        with contextlib.suppress(Exception):
            _read_survey(*survey)
    gc.collect()
    # For good: a collection in a fork would touch every object, and so copy every page.
    gc.freeze()


def _house() -> Iterator[str]:
    """Names of all modules of the parts that notebooks use."""
    for part in HOUSE:
        yield f"pipeline.{part}"
        with contextlib.suppress(Exception):
            folders = importlib.import_module(f"pipeline.{part}").__path__
            yield from (m.name for m in pkgutil.walk_packages(folders, f"pipeline.{part}."))


def _first_figure() -> None:
    """Draw a figure of every kind of mark: the first of a process loads fonts and compiles paths."""
    style = importlib.import_module("pipeline.blocks.style")
    figure = style.figure(60, 40)
    axes = figure.subplots()
    axes.barh(["a", "b"], [1, 2])
    axes.plot([1, 2], [0, 1], "o")
    axes.hlines([0, 1], 0, 1)
    axes.axvspan(0, 1)
    axes.set_title("Aa 1")
    for weight in (400, 600):
        axes.text(0, 0, "Aa 1", fontweight=weight)
    importlib.import_module("pipeline.blocks.figure").to_svg(figure)


def _read_words() -> None:
    """Read the locale files of both languages, and learn how each writes numbers."""
    lookup = importlib.import_module("pipeline.words.lookup")
    for lang in lookup.LANGUAGES:
        lookup.Words(lang).number(1.5)
        for area in lookup.areas(lang):
            lookup.load(lang, area)


def _read_rules() -> None:
    """Read the regulations and the versions of the packages that reports name."""
    rules = importlib.import_module("pipeline.rules")
    for name in rules.names():
        rules.load(name)
    importlib.import_module("pipeline.libraries").versions()


def _read_survey(root: str, name: str) -> None:
    """Read a definition and what is derived of its units: of thousands that takes a second."""
    survey = importlib.import_module("pipeline.survey").load(root, name)
    survey.slug(survey.unit(survey.units[-1].id).id)


def peer_uid(connection: socket.socket) -> int:
    """User at the other end of a Unix socket.

    Examples
    --------
    >>> left, right = socket.socketpair()
    >>> peer_uid(left) == os.getuid()
    True
    """
    size = struct.calcsize("3i")
    option = getattr(socket, "SO_PEERCRED", 17)
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, option, size))
    return int(uid)


def _die_with(parent: int) -> None:
    """Ask the kernel of the system to end this process when its parent ends."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def become_kernel(argv: list[str], env: dict[str, str], cwd: str, parent: int) -> None:
    """Turn this freshly forked process into an IPython kernel; never returns."""
    code = 1
    try:
        os.setsid()
        _die_with(parent)
        if cwd:
            os.chdir(cwd)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(env)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(null, descriptor)
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


def _read_request(connection: socket.socket) -> dict[str, Any]:
    """A request; empty when it is nobody's we serve, or no request."""
    if peer_uid(connection) != os.getuid():
        return {}
    connection.settimeout(5)
    data = b""
    with contextlib.suppress(OSError, ValueError):
        while not data.endswith(b"\n"):
            part = connection.recv(65536)
            if not part:
                return {}
            data += part
        request = json.loads(data)
        return request if isinstance(request, dict) else {}
    return {}


class Server:
    """The loop of the warm parent.

    Parameters
    ----------
    path : str
        The Unix socket to listen on.
    idle : float or None
        Seconds without a kernel after which to end; None means that standard input says so.
    """

    def __init__(self, path: str, idle: float | None = None) -> None:
        self.idle = idle
        self.children: dict[int, socket.socket] = {}
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        Path(path).chmod(0o600)
        self.listener.listen(64)
        self.wake_read, self.wake_write = os.pipe()
        os.set_blocking(self.wake_write, False)
        signal.set_wakeup_fd(self.wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> None:
        """Answer requests until the owner is gone, a stop is asked for, or nobody came for long."""
        last = time.monotonic()
        watched: list[Any] = [self.listener, self.wake_read, *([0] if self.idle is None else [])]
        while True:
            left = None if self.idle is None else max(self.idle - (time.monotonic() - last), 0.0)
            readable, _, _ = select.select(watched, [], [], None if self.children else left)
            if 0 in readable and not os.read(0, 1):
                break
            if self.wake_read in readable:
                os.read(self.wake_read, 4096)
            if self.listener in readable and not self._answer():
                break
            if readable or self.children:
                last = time.monotonic()
            elif self.idle is not None and time.monotonic() - last >= self.idle:
                break
            self._reap()
        for pid in self.children:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        self.listener.close()

    def _answer(self) -> bool:
        connection, _ = self.listener.accept()
        request = _read_request(connection)
        if request.get("argv"):
            self._fork(connection, request)
            return True
        if request:
            _send(connection, {"server": os.getpid()})
        connection.close()
        return not request.get("stop")

    def _fork(self, connection: socket.socket, request: dict[str, Any]) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for other in (self.listener, connection, *self.children.values()):
                other.close()
            os.close(self.wake_read)
            os.close(self.wake_write)
            become_kernel(request["argv"], request["env"], request.get("cwd", ""), parent)
        self.children[pid] = connection
        _send(connection, {"pid": pid})

    def _reap(self) -> None:
        while self.children:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self.children.pop(pid, None)
            if connection is not None:
                _send(connection, {"exit": os.waitstatus_to_exitcode(status)})
                connection.close()


def main() -> None:
    """Entry point of ``python -m pipeline.run.warm SOCKET [--idle SECONDS] [--survey ROOT NAME]``."""
    parser = argparse.ArgumentParser(prog="pipeline.run.warm")
    parser.add_argument("socket")
    parser.add_argument("--idle", type=float, default=None)
    parser.add_argument("--survey", nargs=2, default=(), metavar=("ROOT", "NAME"))
    options = parser.parse_args()
    preload(options.survey)
    server = Server(options.socket, options.idle)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve()
    if options.idle is None:
        shutil.rmtree(Path(options.socket).parent, ignore_errors=True)
    else:
        Path(options.socket).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
