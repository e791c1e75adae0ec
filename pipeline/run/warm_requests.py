"""What is said to the warm parent over its socket: JSON lines, held against what a request may be."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from typing import Any


def peer_uid(connection: socket.socket) -> int:
    """User at the other end of a Unix socket.

    Examples
    --------
    >>> import os
    >>> left, right = socket.socketpair()
    >>> peer_uid(left) == os.getuid()
    True
    """
    size = struct.calcsize("3i")
    option = getattr(socket, "SO_PEERCRED", 17)
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, option, size))
    return int(uid)


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Answer one line; whoever has hung up misses it."""
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(message).encode() + b"\n")


def asked(line: bytes) -> dict[str, Any]:
    """A request; empty when it is none.

    Examples
    --------
    >>> asked(b'{"ping": true}'), asked(b"[" * 200_000), asked(b'{"argv": [7]}')
    ({'ping': True}, {}, {})
    """
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(request, dict):
        return {}
    argv, env, cwd = request.get("argv", []), request.get("env", {}), request.get("cwd", "")
    if not isinstance(argv, list) or not isinstance(env, dict):
        return {}
    words = [*argv, *env, *env.values(), cwd, request.get("log", "")]
    good = all(isinstance(word, str) and "\0" not in word for word in words)
    return request if good and not any("=" in name or not name for name in env) else {}
