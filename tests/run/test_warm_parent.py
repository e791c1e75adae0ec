"""The warm parent survives its callers, and nothing survives it: no kernel, no folder, no socket."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_core.utils import run_sync

from pipeline.run import kernels, warm, warm_client

if not warm_client.warm_is_possible():
    pytest.skip("this platform has no warm kernels", allow_module_level=True)

#: A parent that loads nothing, and whose kernels do nothing.
PARENT = """
import signal, sys
from pipeline.run import warm
warm.preload = lambda survey: None
def idle(argv, env, cwd, parent, log):
    warm._die_with(parent)
    while True:
        signal.pause()
warm.become_kernel = idle
{more}
warm.main()
"""
KERNEL = json.dumps({"argv": ["-f", "k.json"], "env": {"A": "1"}}).encode() + b"\n"


@contextlib.contextmanager
def parent(folder: Path, more: str = "", handles: int = 0) -> Iterator[tuple[subprocess.Popen, str]]:
    """A warm parent and its socket."""
    own = folder / "own"
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (handles, handles))) if handles else None
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(more=more), str(own / "w.sock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=limit,
    )  # fmt: skip
    assert process.stdout.readline() == b"ready\n"
    try:
        yield process, str(own / "w.sock")
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()
        assert not own.exists()


def ask(path: str, what: bytes = b'{"ping": true}\n') -> dict:
    with warm_client.connect(path) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(what)
        return json.loads(connection.recv(4096) or b"{}")
    return {}


def soon(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    pause, until = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"never happened: {what}"
        pause.wait(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


NONSENSE = (
    b"[" * 200_000 + b"\n", b'{"a":' * 200_000 + b"\n", b"\xff\xfe\n", b"null\n", b"1e999999\n",
    b'{"argv": "x"}\n', b'{"argv": [1]}\n', b'{"argv": ["x"], "env": []}\n', b'{"argv": ["x"], "env": {"a": null}}\n',
    b'{"argv": ["x"], "env": {"a=b": "c"}}\n', b'{"argv": ["x\\u0000"]}\n', b'{"argv": ["x"], "cwd": 7}\n',
)  # fmt: skip


def test_no_request_ends_the_parent_and_one_without_end_is_cut_off(tmp_path):
    with parent(tmp_path) as (process, path):
        for nonsense in NONSENSE:
            assert ask(path, nonsense) == {}, nonsense[:40]
        assert ask(path, b"x" * 3 * warm.LARGEST) == {}
        assert ask(path) == {"server": process.pid}
        memory = Path(f"/proc/{process.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in memory.splitlines() if line.startswith("VmHWM"))
        assert peak < 120_000


def test_whoever_says_nothing_keeps_nobody_waiting_and_only_so_many_may(tmp_path):
    with parent(tmp_path) as (process, path), contextlib.ExitStack() as stack:
        silent = [stack.enter_context(warm_client.connect(path)) for _ in range(100)]
        for connection in silent[-20:]:
            connection.sendall(b'{"argv": [')
        began = time.monotonic()
        assert ask(path) == {"server": process.pid}
        assert time.monotonic() - began < warm.PATIENCE / 2
        assert len(list(Path(f"/proc/{process.pid}/fd").iterdir())) < warm.MOST_CALLERS + 20


def test_a_silent_caller_is_dropped_in_the_end(tmp_path):
    with parent(tmp_path, "warm.PATIENCE = 0.2") as (_, path), warm_client.connect(path) as connection:
        assert connection.recv(1) == b""


def test_a_parent_without_handles_serves_again_once_there_are_some(tmp_path):
    with parent(tmp_path, handles=16) as (process, path):
        with contextlib.ExitStack() as stack:
            for _ in range(12):
                connection = stack.enter_context(warm_client.connect(path))
                connection.sendall(KERNEL)
        soon(lambda: ask(path) == {"server": process.pid}, "an answer")


def test_a_parent_that_cannot_fork_says_so_and_goes_on(tmp_path):
    more = "import os, errno\ndef no(): raise OSError(errno.EAGAIN, 'Resource temporarily unavailable')\n"
    more += "real, os.fork = os.fork, no\nwarm.sit = __import__('contextlib').nullcontext\n"
    with parent(tmp_path, more) as (process, path):
        with pytest.raises(ConnectionError, match=r"forked no kernel .*temporarily unavailable"):
            warm_client.ForkedProcess(path, ["-f", "k.json"], {})
        assert ask(path) == {"server": process.pid}


def test_another_user_is_not_answered(tmp_path):
    with parent(tmp_path, "warm.peer_uid = lambda connection: -1") as (_, path):
        assert ask(path) == {}


def test_a_kernel_can_be_ended_with_its_group_as_soon_as_anybody_knows_of_it(tmp_path):
    with parent(tmp_path) as (_, path):
        for _ in range(30):
            kernel = warm_client.ForkedProcess(path, ["-f", "k.json"], {})
            os.killpg(kernel.pid, signal.SIGKILL)
            assert kernel.wait(10) == -signal.SIGKILL


def test_a_kernel_ends_with_whoever_asked_for_it(tmp_path):
    with parent(tmp_path) as (_, path):
        with warm_client.connect(path) as connection:
            connection.sendall(KERNEL)
            pid = json.loads(connection.recv(4096))["pid"]
            connection.sendall(b"more, which means nothing\n")
            assert ask(path)
            assert alive(pid)
        soon(lambda: not alive(pid), "the kernel ended")
        assert ask(path)


def test_a_parent_that_dies_while_it_is_asked_is_a_lost_connection_and_no_other_error(tmp_path):
    path = tmp_path / "w.sock"
    with pytest.raises(ConnectionError, match="is gone"):
        warm_client.ForkedProcess(str(path), ["-f", "k.json"], {})
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=lambda: listener.accept()[0].close()).start()
        with pytest.raises(ConnectionError):
            warm_client.ForkedProcess(str(path), ["-f", "k.json"], {})


# -- what is left behind -----------------------------------------------------------------------

#: A run that has a parent and stands still; else the parent is just starting, or loading, when this is said.
RUN = """
import os, sys, tempfile, threading
from pipeline.run import warm_client
def told(process):
    while "loading" in sys.argv and not os.path.exists(parent.folder):
        threading.Event().wait(0.01)
    print(process.pid, flush=True)
    threading.Event().wait()
if "ready" not in sys.argv:
    warm_client._said_ready = told
parent = warm_client.WarmParent()
_ = parent.path
print(parent.pid, flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize(
    ("when", "order"),
    [
        ("loading", "run"), ("loading", "parent, run"), ("loading", "run, parent"),
        ("ready", "run"), ("ready", "parent, run"), ("ready", "run, parent"),
        ("early", "run"), ("early", "parent, run"), ("early", "run, parent"),
    ],
)  # fmt: skip
def test_the_folder_is_gone_whoever_is_killed_first_also_before_the_parent_is_ready(tmp_path, when, order):
    sleepy = tmp_path / "code" / "sitecustomize.py"  # loading nothing, and for long when it must not be ready
    sleepy.parent.mkdir()
    wait = "None" if when == "ready" else "threading.Event().wait()"
    sleepy.write_text(
        "import sys, threading\nfrom pipeline.run import preload\n"
        f"preload.preload = lambda survey=(): {wait}\n"
    )
    temporary = tmp_path / "t"
    temporary.mkdir()
    here = str(Path(__file__).parents[2])
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": f"{sleepy.parent}:{here}"}
    run = subprocess.Popen([sys.executable, "-c", RUN, when], env=environment, stdout=subprocess.PIPE)
    pid = int(run.stdout.readline())
    if when == "ready":
        assert len(list(temporary.iterdir())) == 1
    victims = {"run": run.pid, "parent": pid}
    for who in order.split(", "):
        with contextlib.suppress(ProcessLookupError):
            os.kill(victims[who], signal.SIGKILL)
    run.wait()
    run.stdout.close()
    soon(lambda: not list(temporary.iterdir()), "the folder went")
    soon(lambda: not alive(pid), "the parent ended")


def test_when_the_parent_is_killed_the_kernels_of_other_jobs_keep_their_files(monkeypatch):
    mine = warm_client.WarmParent()
    monkeypatch.setattr(kernels, "WARM", mine)
    try:
        first = mine.path
        other = kernels.RunnerKernelManager.create("fresh")
        Path(other.connection_file).write_text("{}")
        os.kill(mine.pid, signal.SIGKILL)
        soon(lambda: mine._process.poll() is not None, "the parent ended")
        assert mine.path != first
        assert Path(other.connection_file).is_file()
        assert Path(kernels.RunnerKernelManager.create("warm").connection_file).parent.parent == Path(
            mine.folder
        )
    finally:
        folder = mine.folder
        mine.stop()
    assert folder
    assert not Path(folder).exists()


def test_a_parent_that_does_not_start_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(warm_client.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(warm_client.sys, "executable", "/bin/false")
    mine = warm_client.WarmParent()
    with pytest.raises(RuntimeError, match="did not start"):
        _ = mine.path
    assert list(tmp_path.iterdir()) == []
    assert mine.folder == ""


def test_a_kernel_that_was_being_started_when_the_run_ended_is_ended_too(monkeypatch):
    stop = threading.Event()
    manager = kernels.RunnerKernelManager.create("fresh", stop)
    began = []
    real = kernels.AsyncKernelManager.start_kernel

    async def started(self, **kwargs):
        await real(self, **kwargs)
        began.append(self.provisioner.pid)
        stop.set()  # an interrupt, just now

    monkeypatch.setattr(kernels.AsyncKernelManager, "start_kernel", started)
    with pytest.raises(RuntimeError, match="the run is ending"):
        run_sync(manager.start_kernel)()
    manager.discard()
    assert not alive(began[0])
