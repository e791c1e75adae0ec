"""What tests of processes wait for: conditions, however busy the machine is, and the state of a process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

#: Seconds after which something is taken never to happen: no test that holds on an idle machine may need them.
NEVER = 600.0


def soon(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds, looking often; what it says or does in no time counts for nothing."""
    pause, until = threading.Event(), time.monotonic() + NEVER
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"never happened: {what}")
        pause.wait(0.01)


def state(pid: int) -> str:
    """State of a process (Z: it ended, its number is still taken; X: its number is being given back), or empty."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pid: int) -> bool:
    """Whether a process has not ended; one that is just being buried (X) has."""
    return state(pid) not in ("", "Z", "X", "x")


def children(pid: int) -> list[int]:
    """Processes that a process of one thread started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
