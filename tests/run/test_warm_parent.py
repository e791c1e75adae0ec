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
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_core.utils import run_sync

from pipeline.run import kernels, warm, warm_client
from tests.support.processes import NEVER, alive, children, soon, state

if not warm_client.warm_is_possible():
    pytest.skip("this platform has no warm kernels", allow_module_level=True)

#: A parent that loads nothing, and whose kernels do nothing.
PARENT = """
import signal, sys
from pipeline.run import forked, warm
warm.preload = lambda survey: None
def idle(argv, env, cwd, parent, log):
    forked.die_with(parent)
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
        process.wait(timeout=NEVER)
        process.stdout.close()
        assert not own.exists()


def ask(path: str, what: bytes = b'{"ping": true}\n') -> dict:
    with warm_client.connect(path) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(what)
        return json.loads(connection.recv(4096) or b"{}")
    return {}


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
    patient = "warm.PATIENCE = 86_400.0"  # else whoever waits for the silent is answered in the end
    with parent(tmp_path, patient) as (process, path), contextlib.ExitStack() as stack:
        silent = [stack.enter_context(warm_client.connect(path)) for _ in range(100)]
        for connection in silent[-20:]:
            connection.sendall(b'{"argv": [')
        assert ask(path) == {"server": process.pid}
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
            assert kernel.wait(NEVER) == -signal.SIGKILL


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


def test_the_number_of_a_kernel_is_its_own_until_its_owner_has_heard_of_its_end(tmp_path, monkeypatch):
    with parent(tmp_path) as (_, path):
        kernel = warm_client.ForkedProcess(path, ["-f", "k.json"], {})
        os.kill(kernel.pid, signal.SIGKILL)
        soon(lambda: state(kernel.pid) == "Z", "the kernel ended")
        assert kernel._ready(NEVER)  # the parent has told of it
        assert ask(path)
        assert state(kernel.pid) == "Z"
        assert kernel.poll() == -signal.SIGKILL
        soon(lambda: not state(kernel.pid), "its number is free")
        monkeypatch.setattr(os, "killpg", lambda *_: pytest.fail("signalled a stranger"))
        monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("signalled a stranger"))
        kernel.signal_group(signal.SIGKILL)
        kernel.kill()


def test_what_a_kernel_started_ends_with_it(tmp_path):
    left = tmp_path / "left"
    more = (
        "import os\ndef idle(argv, env, cwd, parent, log):\n    os.setpgid(0, 0)\n    started = os.fork()\n"
        "    while not started:\n        signal.pause()\n    open(argv[1], 'w').write(str(started))\n    os._exit(3)\n"
        "warm.become_kernel = idle\n"
    )
    with parent(tmp_path, more) as (_, path):
        assert warm_client.ForkedProcess(path, ["-f", str(left)], {}).wait(NEVER) == 3
        soon(lambda: not alive(int(left.read_text())), "what it started ended")


def test_a_kernel_is_waited_for_no_longer_than_said(tmp_path):
    with parent(tmp_path) as (_, path):
        kernel = warm_client.ForkedProcess(path, ["-f", "k.json"], {})
        with pytest.raises(TimeoutError):
            kernel.wait(0.01)
        kernel.kill()
        assert kernel.wait() == -signal.SIGKILL


def test_the_number_of_the_sitter_is_kept_until_the_parent_ends_it(tmp_path):
    with parent(tmp_path) as (process, path):
        (sitter,) = children(process.pid)
        os.kill(sitter, signal.SIGKILL)
        soon(lambda: state(sitter) == "Z", "the sitter ended")
        kernel = warm_client.ForkedProcess(path, ["-f", "k.json"], {})
        kernel.kill()
        assert kernel.wait(NEVER) == -signal.SIGKILL
        assert state(sitter) == "Z"


def test_a_parent_killed_before_it_read_all_that_was_said_is_the_end_of_its_kernel(tmp_path):
    path = tmp_path / "w.sock"

    def answer_and_end():
        connection, _ = listener.accept()
        connection.recv(1)
        connection.sendall(b'{"pid": 1}\n')
        connection.close()  # with the rest unread: the other side is told so

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        server = threading.Thread(target=answer_and_end)
        server.start()
        kernel = warm_client.ForkedProcess(str(path), ["-f", "k.json"], {})
        server.join()
    assert kernel.poll() == -signal.SIGKILL


def test_a_service_that_ends_leaves_the_socket_of_the_next_alone(tmp_path):
    path = tmp_path / "w.sock"
    service = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(more=""), str(path), "--idle", "1000"], stdout=subprocess.PIPE
    )
    assert service.stdout.readline() == b"ready\n"
    with warm_client.connect(str(path)) as connection, socket.socket(socket.AF_UNIX) as following:
        path.unlink()
        following.bind(str(path))
        connection.sendall(b'{"stop": true}\n')
        assert service.wait(timeout=NEVER) == 0
        assert path.exists()
    service.stdout.close()


def test_a_parent_that_is_loading_when_all_kernels_are_ended_is_not_waited_for(tmp_path, monkeypatch):
    loads = tmp_path / "loads"
    loads.write_text("#!/bin/sh\nread _\n")
    loads.chmod(0o700)
    monkeypatch.setattr(warm_client.tempfile, "tempdir", str(tmp_path / "t"))
    monkeypatch.setattr(warm_client.sys, "executable", str(loads))
    monkeypatch.setattr(kernels, "WARM", warm_client.WarmParent())
    said = []

    def start():
        try:
            said.append(kernels.WARM.path)
        except RuntimeError as error:
            said.append(str(error))

    starter = threading.Thread(target=start)
    starter.start()
    soon(lambda: kernels.WARM._loading is not None, "it was being started")
    kernels.kill_all()
    starter.join()
    assert said == ["the process that forks warm kernels did not start"]


class Stub:
    """A kernel's manager, its provisioner and its process in one."""

    def __init__(self, pid: int, code: int | None = None) -> None:
        self.provisioner = self.process = self
        self.pid, self.poll = pid, lambda: code


def test_a_second_interrupt_while_all_kernels_are_being_ended_spares_none(monkeypatch):
    held, hit = [Stub(1001), Stub(1002), Stub(1003, code=0)], []

    def killpg(pid, number):
        assert number == signal.SIGKILL
        hit.append(pid)
        if len(hit) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "killpg", killpg)
    monkeypatch.setattr(kernels, "_live", kernels.WeakSet(held))
    with pytest.raises(KeyboardInterrupt):
        kernels.kill_all()
    assert {*hit} == {1001, 1002}


def test_kernels_may_be_made_while_all_are_being_ended(monkeypatch):
    looked = []

    class Live(kernels.WeakSet):
        def __iter__(self):
            looked.append(kernels._guard.locked())
            return super().__iter__()

        def add(self, item):
            looked.append(kernels._guard.locked())
            super().add(item)

    monkeypatch.setattr(kernels, "_live", Live())
    kernels.RunnerKernelManager.create("fresh").discard()
    kernels.kill_all()
    assert looked == [True] * 3


def test_the_files_of_a_kernel_go_although_it_could_not_be_ended(monkeypatch):
    from types import SimpleNamespace

    import papermill  # noqa: F401 - it imports the engine by its entry point, and bears no other order

    from pipeline.run import engine

    made, given = [], {}

    def client(*_, **options):
        given.update(options)
        return SimpleNamespace(execute=lambda env: None, kc=None)

    def lost(manager):
        made.append(Path(manager.connection_file).parent)
        assert made[0].is_dir()
        raise ConnectionResetError

    monkeypatch.setattr(engine, "_end_kernel", lost)
    monkeypatch.setattr(engine, "PapermillNotebookClient", client)
    with pytest.raises(ConnectionResetError):
        engine.SkmEngine.execute_managed_notebook(SimpleNamespace(nb=None), "python3", kernel_mode="fresh")
    assert not made[0].exists()
    # Its own 4 s for what a cell displayed fail a report on a busy machine.
    assert given["iopub_timeout"] == given["startup_timeout"] == warm_client.GET_READY


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
    warm_client.said_ready = told
parent = warm_client.WarmParent()
_ = parent.path
print(parent.pid, flush=True)
threading.Event().wait()
"""


def before_loading(folder: Path, do: str) -> str:
    """Write what makes a parent do this instead of loading everything; the path to start it with."""
    code = folder / "code" / "sitecustomize.py"
    code.parent.mkdir()
    code.write_text(
        f"import sys, threading\nfrom pipeline.run import preload\npreload.preload = lambda survey=(): {do}\n"
    )
    return f"{code.parent}:{Path(__file__).parents[2]}"


@pytest.mark.parametrize(
    ("when", "order"),
    [
        ("loading", "run"), ("loading", "parent, run"), ("loading", "run, parent"),
        ("ready", "run"), ("ready", "parent, run"), ("ready", "run, parent"),
        ("early", "run"), ("early", "parent, run"), ("early", "run, parent"),
    ],
)  # fmt: skip
def test_the_folder_is_gone_whoever_is_killed_first_also_before_the_parent_is_ready(tmp_path, when, order):
    # Loading nothing, and for long when it must not be ready.
    path = before_loading(tmp_path, "None" if when == "ready" else "threading.Event().wait()")
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": path}
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


def test_when_the_parent_is_killed_the_kernels_of_other_jobs_keep_their_files(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", before_loading(tmp_path, "None"))
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
