"""The warm parent: a process that has imported everything and forks a kernel on request.

A fresh kernel spends nearly all of its time importing pandas, scipy and matplotlib.
This process imports them once and stays single-threaded and idle; each request is answered
by ``fork()``, so a kernel starts with the modules loaded and with no other state: no
variable, no figure, no open file of an earlier notebook can reach it.

Protocol, one Unix-socket connection per kernel, JSON lines: the client sends
``{"argv": [...], "env": {...}, "cwd": ..., "log": ...}``; the server answers ``{"pid": N}`` and, when that kernel
ends, ``{"exit": code}``; or ``{"error": why}`` where it cannot fork. ``{"ping": true}`` and
``{"stop": true}`` are answered with ``{"server": pid}``. The socket lies in a folder only its
user can enter, and a request of another user is refused all the same. Nobody is waited for: who
says nothing, too much or nonsense is dropped, while the others are served.

A kernel belongs to the connection that asked for it and ends with it, and what it started ends with the kernel.
Its number is nobody else's before the connection closes: an ended kernel is told of, and buried when its owner
has hung up, so that no signal meant for it reaches a stranger. When standard input (held
by the run that started it) closes, the server ends with all its kernels and removes its folder, so
a killed run leaves nothing behind; a kernel whose server is killed is killed with it, and
the folder is then removed by the sitter (`sitter.sit`). With ``--idle SECONDS`` it belongs to no run and
ends when it has had no kernel for so long.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .forked import become_kernel
from .preload import preload
from .sitter import make_folder, remove, sit
from .warm_requests import asked, peer_uid, send

#: Seconds a caller may take to say what it wants, its bytes, and how many may be talking at a time.
PATIENCE, LARGEST, MOST_CALLERS = 5.0, 4_000_000, 32
#: Seconds without new callers when the system has no handle left for one.
REST = 0.1


def _end_group(pid: int) -> None:
    """End a kernel, ended or not, with all it started; its number is its own as long as it was not buried."""
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


@dataclass
class _Caller:
    """Somebody connected who has not yet said what it wants."""

    connection: socket.socket
    until: float
    said: bytes = b""


@dataclass
class _Kernel:
    """A kernel and the connection that asked for it; it is buried once it has ended and the owner has hung up."""

    connection: socket.socket
    ended: bool = False
    left: bool = False


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
        self.children: dict[int, _Kernel] = {}
        self.callers: dict[socket.socket, _Caller] = {}
        self.selector = selectors.DefaultSelector()  # unlike select(), no limit of 1024 descriptors
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        Path(path).chmod(0o600)
        self._path = Path(path)
        self._bound = self._path.stat()
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.wake_read, self.wake_write = os.pipe()
        for end in (self.wake_read, self.wake_write):
            os.set_blocking(end, False)
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.wake_read, selectors.EVENT_READ)
        if idle is None:
            self.selector.register(0, selectors.EVENT_READ)
        self._resting = 0.0
        signal.set_wakeup_fd(self.wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> bool:
        """Answer until the owner is gone (true), a stop is asked for, or nobody came for long."""
        last, gone, ended = time.monotonic(), False, False
        while not (gone or ended):
            found = [key.fileobj for key, _ in self.selector.select(self._pause(last))]
            for source in found:
                if source is self.listener:
                    self._accept()
                elif source == self.wake_read:
                    os.read(self.wake_read, 4096)
                elif source == 0:
                    gone = not os.read(0, 1)
                elif source in self.callers:
                    ended = not self._hear(self.callers[source]) or ended
                else:
                    self._hang_up(source)
            self._tell_ended()
            self._drop_silent()
            if found or self._working():
                last = time.monotonic()
            elif self.idle is not None and time.monotonic() - last >= self.idle:
                break
        for pid in self.children:
            _end_group(pid)
        if self.idle is not None:
            self._remove_socket()
        self.listener.close()
        return gone

    def _remove_socket(self) -> None:
        """Remove the socket unless another service has taken its place; before it is closed, which frees its inode."""
        with contextlib.suppress(OSError):
            if os.path.samestat(self._path.stat(), self._bound):
                self._path.unlink()

    def _working(self) -> bool:
        return any(not kernel.ended for kernel in self.children.values())

    def _pause(self, last: float) -> float | None:
        """Seconds until something is due although nobody said anything."""
        now = time.monotonic()
        due = [caller.until - now for caller in self.callers.values()]
        due += [self._resting - now] if self._resting else []
        due += [self.idle - (now - last)] if self.idle is not None and not self._working() else []
        return max(min(due), 0.0) if due else None

    def _accept(self) -> None:
        try:
            connection, _ = self.listener.accept()
        except BlockingIOError:
            return
        except OSError:  # no handle left: the longest silent caller's goes, else rest until a kernel ends
            if self.callers:
                self._drop(next(iter(self.callers.values())))
            else:
                self.selector.unregister(self.listener)
                self._resting = time.monotonic() + REST
            return
        if peer_uid(connection) != os.getuid():
            connection.close()
            return
        if len(self.callers) >= MOST_CALLERS:
            self._drop(next(iter(self.callers.values())))
        connection.setblocking(False)
        self.callers[connection] = _Caller(connection, time.monotonic() + PATIENCE)
        self.selector.register(connection, selectors.EVENT_READ)

    def _hear(self, caller: _Caller) -> bool:
        """Take what a caller says, and answer once it is a line; false when asked to stop."""
        try:
            part = caller.connection.recv(65536)
        except BlockingIOError:
            return True
        except OSError:
            part = b""
        caller.said += part
        if b"\n" not in part:
            if not part or len(caller.said) > LARGEST:
                self._drop(caller)
            return True
        request = asked(caller.said)
        if request.get("argv"):
            del self.callers[caller.connection]
            self._fork(caller.connection, request)
            return True
        if request:
            send(caller.connection, {"server": os.getpid()})
        self._drop(caller)
        return not request.get("stop")

    def _drop(self, caller: _Caller) -> None:
        del self.callers[caller.connection]
        self._close(caller.connection)

    def _drop_silent(self) -> None:
        now = time.monotonic()
        for caller in [c for c in self.callers.values() if c.until <= now]:
            self._drop(caller)
        if self._resting and self._resting <= now:
            self._resting = 0.0
            self.selector.register(self.listener, selectors.EVENT_READ)

    def _close(self, connection: socket.socket) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(connection)
        connection.close()

    def _hang_up(self, connection: Any) -> None:
        """A kernel's owner spoke again, which means nothing, or is gone: the kernel goes too."""
        with contextlib.suppress(OSError):
            try:
                if connection.recv(65536):
                    return
            except BlockingIOError:
                return
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(connection)
        for pid, kernel in list(self.children.items()):
            if kernel.connection is connection:
                kernel.left = True
                _end_group(pid)
                self._bury(pid)

    def _fork(self, connection: socket.socket, request: dict[str, Any]) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            send(connection, {"error": error.strerror})
            self._close(connection)
            return
        if pid == 0:
            signal.set_wakeup_fd(-1)
            self.selector.close()
            others = (kernel.connection for kernel in self.children.values())
            for other in (self.listener, connection, *others, *self.callers):
                other.close()
            os.close(self.wake_read)
            os.close(self.wake_write)
            become_kernel(
                request["argv"],
                request.get("env", {}),
                request.get("cwd", ""),
                parent,
                request.get("log", ""),
            )
        # Before anybody hears of it: whoever ends the group must find it.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        self.children[pid] = _Kernel(connection)
        send(connection, {"pid": pid})

    def _tell_ended(self) -> None:
        """Tell the owners of kernels that have ended; of no other child, whose number its parent still needs."""
        for pid, kernel in list(self.children.items()):
            if kernel.ended:
                continue
            found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is None:
                continue
            kernel.ended = True
            _end_group(pid)
            code = found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
            send(kernel.connection, {"exit": code})
            self._bury(pid)

    def _bury(self, pid: int) -> None:
        """Give the number of a kernel back once it has ended and nobody can signal it any more."""
        kernel = self.children[pid]
        if kernel.ended and kernel.left:
            del self.children[pid]
            os.waitpid(pid, 0)
            self._close(kernel.connection)


def main() -> None:
    """Entry point of ``python -m pipeline.run.warm SOCKET [--idle SECONDS] [--survey ROOT NAME]``."""
    parser = argparse.ArgumentParser(prog="pipeline.run.warm")
    parser.add_argument("socket")
    parser.add_argument("--idle", type=float, default=None)
    parser.add_argument("--survey", nargs=2, default=(), metavar=("ROOT", "NAME"))
    options = parser.parse_args()
    path = Path(options.socket)
    # Without handles or memory it ends in silence: the run sees that it did not start, and says so.
    with contextlib.suppress(OSError, MemoryError), contextlib.ExitStack() as stack:
        if options.idle is None:
            stack.enter_context(sit(path.parent))
            make_folder(path.parent)
        preload(options.survey)
        server = Server(options.socket, options.idle)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        gone = server.serve()
        if options.idle is not None:
            return
        if gone:
            remove(path.parent)
        else:
            os._exit(0)  # the run goes on and its kernels' files with it: the sitter stays


if __name__ == "__main__":
    main()
