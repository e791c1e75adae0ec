"""Warm kernels behave like real ones, share nothing, and answer to nobody else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_core.utils import run_sync

from pipeline.run import kernels, warm_client, warm_service
from pipeline.run.execute import NotebookError, execute
from pipeline.run.files import EnvironmentFault
from pipeline.run.warmth import KernelChoice
from tests.run import tiny_run
from tests.support.processes import NEVER, alive, soon

if not kernels.warm_is_possible():
    pytest.skip("this platform has no warm kernels", allow_module_level=True)


@pytest.fixture(autouse=True, scope="module")
def _one_warm_parent_for_all():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.run.warmth.KernelChoice.stop", lambda self: None)
        yield
    kernels.WARM.stop()


@pytest.fixture
def manager():
    made = kernels.RunnerKernelManager.create("warm")
    run_sync(made.start_kernel)()
    yield made
    if made.has_kernel:
        run_sync(made.shutdown_kernel)(now=True)
    run_sync(made.cleanup_resources)()
    made.discard()


def client_of(manager):
    client = manager.client()
    client.start_channels()
    run_sync(client.wait_for_ready)(timeout=NEVER)
    return client


def answer(client, code: str) -> dict:
    """Content of the reply to a piece of code."""
    sent = client.execute(code, store_history=False)
    while True:
        reply = run_sync(client.get_shell_msg)(timeout=NEVER)
        if reply["parent_header"].get("msg_id") == sent:
            return reply["content"]


def value(client, expression: str) -> str:
    sent = client.execute("", user_expressions={"it": expression})
    while True:
        reply = run_sync(client.get_shell_msg)(timeout=NEVER)
        if reply["parent_header"].get("msg_id") != sent:
            continue
        if reply["content"]["status"] == "aborted":
            # Just after an error a kernel, stock or warm, aborts what was queued behind it.
            return value(client, expression)
        return reply["content"]["user_expressions"]["it"]["data"]["text/plain"]


def test_a_warm_kernel_is_interrupted_and_goes_on(manager):
    client = client_of(manager)
    sent = client.execute("import threading; print(1, flush=True); threading.Event().wait()")
    while run_sync(client.get_iopub_msg)(timeout=NEVER)["header"]["msg_type"] != "stream":
        pass
    run_sync(manager.interrupt_kernel)()
    # On a busy machine the client asked twice whether the kernel is ready; that answer may come first.
    reply = run_sync(client.get_shell_msg)(timeout=NEVER)
    while reply["parent_header"].get("msg_id") != sent:
        reply = run_sync(client.get_shell_msg)(timeout=NEVER)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert value(client, "1 + 1") == "2"
    client.stop_channels()


def test_a_warm_kernel_is_restarted_empty_and_the_old_process_ends(manager):
    client = client_of(manager)
    answer(client, "kept = 1")
    before = manager.provisioner.pid
    run_sync(manager.restart_kernel)(now=True)
    client.stop_channels()
    client = client_of(manager)
    assert manager.provisioner.pid != before
    assert answer(client, "kept")["ename"] == "NameError"
    assert not alive(before)
    client.stop_channels()


def test_the_exit_status_of_a_warm_kernel_is_known(manager):
    client = client_of(manager)
    process = manager.provisioner.process
    client.execute("import os; os._exit(7)")
    assert process.wait(timeout=NEVER) == 7
    assert process.poll() == 7
    client.stop_channels()


def test_a_question_to_the_person_at_the_keyboard_is_an_error_not_a_hang(tmp_path):
    path = tiny_run.write_notebook(tmp_path, "ask", "input('nama?')", 'unit = ""')
    with pytest.raises(NotebookError, match="StdinNotImplementedError"):
        execute(path, {"unit": "a"})


def test_libraries_that_would_start_threads_are_pinned_to_one(manager):
    client = client_of(manager)
    assert value(client, "__import__('os').environ['OPENBLAS_NUM_THREADS']") == "'1'"
    assert value(client, "__import__('threading').active_count() < 12") == "True"
    client.stop_channels()


def test_a_kernel_starts_where_it_is_told_to(tmp_path):
    made = kernels.RunnerKernelManager.create("warm")
    run_sync(made.start_kernel)(cwd=str(tmp_path))
    client = client_of(made)
    assert value(client, "__import__('os').getcwd()") == repr(str(tmp_path))
    client.stop_channels()
    run_sync(made.shutdown_kernel)(now=True)
    made.discard()


def test_what_a_kernel_leaves_where_temporary_files_go_goes_with_its_own_files(manager):
    client = client_of(manager)
    folder = Path(manager.connection_file).parent
    assert value(client, "__import__('tempfile').gettempdir()") == repr(str(folder))
    client.stop_channels()
    run_sync(manager.shutdown_kernel)(now=True)
    manager.discard()
    assert not folder.exists()


def test_connection_files_and_sockets_are_for_their_owner_only(manager):
    connection = Path(manager.connection_file)
    assert stat.S_IMODE(connection.stat().st_mode) == 0o600
    for folder in (connection.parent, Path(kernels.WARM.path).parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert stat.S_IMODE(Path(kernels.WARM.path).stat().st_mode) == 0o600


def test_a_parent_of_another_user_is_not_asked(monkeypatch):
    monkeypatch.setattr(warm_client, "peer_uid", lambda connection: os.getuid() + 1)
    with pytest.raises(PermissionError, match="another user"):
        warm_client.connect(kernels.WARM.path)


@pytest.mark.parametrize("nonsense", [b"", b"\n", b"hello\n", b"[1]\n", b'{"argv": []}\n'])
def test_a_client_that_talks_nonsense_does_not_disturb_the_parent(nonsense):
    with warm_client.connect(kernels.WARM.path) as connection:
        connection.sendall(nonsense)
    assert warm_service._ask(Path(kernels.WARM.path), "ping") == kernels.WARM.pid


def test_no_kernel_is_left_as_a_zombie(tmp_path):
    path = tiny_run.write_notebook(tmp_path, "x", "import os\nprint(os.getpid())", 'unit = ""')
    done = execute(path, {"unit": "a"}).notebook
    pid = int(done.cells[-1].outputs[0]["text"])
    assert not alive(pid)


def test_a_notebook_that_poisons_what_it_can_reach_does_not_reach_the_next(tmp_path):
    poison = (
        "import builtins, os, sys, pandas as pd, matplotlib as mpl\n"
        "print(getattr(builtins, 'poison', 'clean'), pd.options.display.precision, mpl.rcParams['font.size'],\n"
        "      os.environ.get('POISON'), 'poison' in sys.modules, pd.Series([1, 2]).sum())\n"
        "builtins.poison = 'poisoned'\npd.options.display.precision = 2\nmpl.rcParams['font.size'] = 99\n"
        "os.environ['POISON'] = '1'\nsys.modules['poison'] = pd\n"
        "pd.Series.sum = lambda self: 'poisoned'\nos.chdir('/')\n"
    )
    path = tiny_run.write_notebook(tmp_path, "poison", poison, 'unit = ""')
    texts = {execute(path, {"unit": f"u{i}"}).notebook.cells[-1].outputs[0]["text"] for i in range(3)}
    assert len(texts) == 1
    assert texts.pop().split()[0] == "clean"


def test_where_forking_is_not_possible_fresh_kernels_are_used_and_it_is_said(monkeypatch):
    monkeypatch.setattr(kernels, "warm_is_possible", lambda: False)
    choice = KernelChoice("warm")
    assert choice.mode() == "fresh"
    assert "need Linux" in choice.note


def test_a_parent_that_does_not_start_is_a_word_and_not_a_failure(monkeypatch):
    class Broken:
        @property
        def path(self):
            raise RuntimeError("the process that forks warm kernels did not start")

    monkeypatch.setattr(kernels, "WARM", Broken())
    choice = KernelChoice("warm")
    assert choice.mode() == "fresh"
    assert "did not start" in choice.note


# -- the service for plain papermill and JupyterLab --------------------------------------


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    yield tmp_path / "skm"
    warm_service.stop()


def installed_spec(folder: Path, monkeypatch) -> None:
    """Install the kernelspec as the wheel does."""
    source = Path(warm_service.__file__).parent / "kernelspec" / "skm-warm" / "kernel.json"
    target = folder / "kernels" / "skm-warm" / "kernel.json"
    target.parent.mkdir(parents=True)
    target.write_text(source.read_text())
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def papermill(path: Path, folder: Path) -> tuple[str, str]:
    """Run a notebook as a person would, with plain papermill; its output and what was said."""
    out = folder / "out.ipynb"
    done = subprocess.run(
        [sys.executable, "-m", "papermill", str(path), str(out), "-k", "skm-warm", "--cwd", str(folder)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    cells = json.loads(out.read_text())["cells"]
    return "".join("".join(o.get("text", "")) for c in cells for o in c.get("outputs", [])), done.stderr


@pytest.mark.full
def test_plain_papermill_forks_from_the_service_and_starts_the_stock_way_without_it(
    runtime, tmp_path, monkeypatch
):
    installed_spec(tmp_path / "jupyter", monkeypatch)
    path = tiny_run.write_notebook(
        tmp_path, "who", "import os\nprint(os.getppid(), os.getcwd())", 'unit = ""'
    )
    pid = warm_service.start(idle=120)
    assert warm_service.start() == pid
    assert warm_service.running() == str(runtime / "warm.sock")
    assert papermill(path, tmp_path)[0].split() == [str(pid), str(tmp_path)]
    assert warm_service.stop() == pid
    assert warm_service.stop() == 0
    text, _ = papermill(path, tmp_path)
    assert text.split()[0] != str(pid)


def test_the_service_ends_when_nobody_comes(runtime):
    pid = warm_service.start(idle=0.3)
    soon(lambda: not alive(pid), "the idle service ended")
    assert warm_service.running() == ""


def test_a_runtime_folder_that_others_can_enter_is_refused(runtime):
    runtime.mkdir(mode=0o755)
    runtime.chmod(0o755)
    with pytest.raises(EnvironmentFault, match="not a folder of yours alone"):
        warm_service.start()
    assert warm_service.running() == ""
    runtime.chmod(0o700)


def test_only_one_starts_a_service_at_a_time(runtime, monkeypatch):
    import fcntl

    held = []

    def ready(process):
        with (runtime / "warm.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.append(process.pid)
        return False

    monkeypatch.setattr(warm_service, "said_ready", ready)
    with pytest.raises(EnvironmentFault, match="did not start"):
        warm_service.start()
    assert [alive(pid) for pid in held] == [False]


def test_a_kernel_of_a_service_that_went_starts_the_stock_way(tmp_path, monkeypatch):
    started = []

    async def stock(self, cmd, **kwargs):
        started.append(cmd)

    monkeypatch.setattr(warm_service, "running", lambda: str(tmp_path / "gone.sock"))
    monkeypatch.setattr(kernels.LocalProvisioner, "launch_kernel", stock)
    run_sync(kernels.WarmProvisioner().launch_kernel)(["python", "-f", "k.json"])
    assert started == [["python", "-f", "k.json"]]


# -- the audit ------------------------------------------------------------------------------


@pytest.mark.full
def test_random_units_come_out_byte_for_byte_the_same_from_warm_and_from_fresh_kernels(tmp_path):
    import random

    from pipeline import demo, survey
    from pipeline.run.plan import Options, notebook_folder, read_units
    from pipeline.run.rendering import Renderer
    from pipeline.run.runner import Run

    (name,) = demo.write_small(tmp_path)
    found = survey.load(tmp_path, name)
    assert Run(found, Options(languages=("id", "en"), formats=("html",))).go().failures == []
    chosen = random.Random().sample(read_units(found.processed), 4)
    pages = {}
    for kernel in ("warm", "fresh"):
        renderer = Renderer(found, Options(kernel=kernel, languages=("id", "en")), notebook_folder())
        for unit in [*chosen, None]:
            names = ("report",) if unit else ("overview", "annex")
            stems = [(lang, name + mark) for name in names for lang, mark in (("id", ""), ("en", ".en"))]
            place = found.public / "units" / unit["slug"] if unit else found.public
            for file, content in renderer.files(unit, stems, place):
                pages.setdefault(file, []).append(content)
    assert len(pages) == 4 * 4 + 2 * 4
    differ = [key for key, (warm_bytes, fresh_bytes) in pages.items() if warm_bytes != fresh_bytes]
    assert differ == []


@pytest.mark.full
def test_a_unit_report_imports_nothing_that_the_warm_parent_has_not(tmp_path):
    from tests.support import small_city

    small_city.build(tmp_path)
    code = (
        "import json, sys, pathlib\nfrom pipeline.run import preload\npreload.preload()\nbefore = set(sys.modules)\n"
        "cells = json.loads(pathlib.Path('notebooks/5-unit-report.ipynb').read_text())['cells']\n"
        "sources = [''.join(c['source']) for c in cells if c['cell_type'] == 'code']\n"
        "names = {}\nexec(sources[0], names)\n"
        "names.update(survey='2024', unit='dinas-a', root=sys.argv[1])\n"
        "for source in sources[1:]:\n    exec(source, names)\n"
        "heavy = ('pipeline', 'pandas', 'pyarrow', 'matplotlib', 'scipy', 'numpy', 'yaml', 'babel')\n"
        "late = [m for m in sys.modules if m not in before and m.split('.')[0] in heavy]\n"
        "print(json.dumps(late))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    late = json.loads(out.stdout.splitlines()[-1])
    assert len(late) <= 2, (
        late
    )  # `pandas.core.arrays.arrow._arrow_utils` comes with the first read of a table


def test_a_kernel_forked_for_a_survey_finds_its_definition_read(tmp_path):
    root = tiny_run.make_project(tmp_path)
    parent = warm_client.WarmParent()
    parent.expect(root, "2024")
    code = (
        "import json, sys; from pipeline.survey import loading; before = len(loading._LOADED);"
        f"made = loading.load({str(root)!r}, '2024');"
        f"import os; open('said.part', 'w').write(json.dumps([before, len(loading._LOADED), made.select()]));"
        "os.rename('said.part', 'said')"
    )
    try:
        connection = tmp_path / "k.json"
        process = warm_client.ForkedProcess(
            parent.path,
            ["-f", str(connection), "--IPKernelApp.exec_lines=" + code],
            dict(os.environ),
            str(tmp_path),
        )
        soon(lambda: (tmp_path / "said").is_file() or process.poll() is not None, "it said something")
        process.kill()
        process.wait(timeout=NEVER)
    finally:
        parent.stop()
    assert json.loads((tmp_path / "said").read_text()) == [1, 1, ["a", "b", "c"]]
