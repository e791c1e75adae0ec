"""What happens when a cell, a kernel, the driver, the disk or a person gets in the way.

Each test is one such event and the outcome promised for it; kernels and kills are real.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline import survey as surveys
from pipeline.results import store
from pipeline.run import execute as execution
from pipeline.run import kernels, rendering
from pipeline.run.files import EnvironmentFault
from pipeline.run.kernels import WARM, warm_is_possible
from pipeline.run.ledger import open_ledger
from pipeline.run.lock import only_run
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from tests.run import tiny_run
from tests.support.processes import NEVER, alive, soon

#: Fresh kernels take seconds to start, and are the exception where warm ones are possible.
KERNELS = ["warm", pytest.param("fresh", marks=pytest.mark.full)] if warm_is_possible() else ["fresh"]


UNITS = ("a", "b", "c")
#: Seconds given to a cell that hangs; the parameters of its notebook have to be set in them, too.
SHORT = 8


@pytest.fixture(autouse=True, scope="module")
def _one_warm_parent_for_all():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.run.warmth.KernelChoice.stop", lambda self: None)
        # A source file saved while these tests run is not what they are about.
        patch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
        yield
    WARM.stop()


def entered(project: Path) -> list[str]:
    """Units whose files the ledger knows."""
    with open_ledger(project / "data/processed/2024", project, readonly=True) as ledger:
        return [name for name in UNITS if ledger.outputs(f"unit:{name}")]


def driver(project: Path, notebooks: Path, *more: str) -> subprocess.Popen:
    """A run as a person starts it, in a process of its own."""
    code = (
        "import sys, pathlib\nfrom tests.run import tiny_run\n"
        "from pipeline.run import fingerprints\nfingerprints.package_hash = lambda: 'as it was'\n"
        "out = tiny_run.go(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), jobs=1, kernel=sys.argv[3])\n"
        "print(out.failures)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(project), str(notebooks), *(more or ("fresh",))],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_cell_that_hangs_fails_its_unit_alone_and_its_kernel_ends(project, notebooks, kernel, monkeypatch):
    hang = (
        "import os, threading\nif unit == 'b':\n"
        "    (pathlib.Path(root) / 'pid').write_text(str(os.getpid()))\n    threading.Event().wait()\n"
    )
    tiny_run.unit_notebook(notebooks, hang)
    real = execution.execute

    def patient_but_with_b(path, parameters, **more):
        """On a busy machine the cells of the others may take as long as one that hangs is given."""
        more["timeout"] = SHORT if parameters.get("unit") == "b" else NEVER
        return real(path, parameters, **more)

    monkeypatch.setattr(execution, "execute", patient_but_with_b)
    outcome = tiny_run.go(project, notebooks, kernel=kernel)
    assert outcome.failed_units == ["b"]
    assert f"longer than {SHORT} s" in outcome.failures[0].why
    assert sorted(outcome.written) == ["a", "c", "overview"]
    pid = int((project / "pid").read_text())
    soon(lambda: not alive(pid), "the hanging kernel ended")


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_driver_killed_midway_leaves_no_process_and_the_next_run_does_only_the_rest(tmp_path, kernel):
    calm, hit = tmp_path / "calm", tmp_path / "hit"
    notebooks = tiny_run.make_notebooks(tmp_path)
    for root in (calm, hit):
        root.mkdir()
        tiny_run.make_project(root)
    # The second unit stands still until it is killed with the driver.
    wait = (
        "import os\nmark = pathlib.Path(root) / 'pid'\n"
        "if unit == 'b' and not mark.exists() and root.endswith('hit'):\n"
        "    _ = mark.write_text(str(os.getpid()))\n    import threading\n    threading.Event().wait()\n"
    )
    tiny_run.unit_notebook(notebooks, wait)
    tiny_run.go(calm, notebooks, jobs=1)
    process = driver(hit, notebooks, kernel)
    began = hit / "pid"
    soon(
        lambda: (began.is_file() and began.read_text()) or process.poll() is not None, "the second unit began"
    )
    # It may begin while the first one's files are still being entered in the ledger.
    soon(lambda: "a" in entered(hit) or process.poll() is not None, "the first unit was entered")
    process.send_signal(signal.SIGKILL)
    process.wait()
    pid = int((hit / "pid").read_text())
    soon(lambda: not alive(pid), "the kernel ended with its driver")
    assert (hit / "reports/2024/public/units/a/report.html").is_file()
    assert not list(hit.rglob("*.part"))
    outcome = tiny_run.go(hit, notebooks, jobs=1)
    assert outcome.stages == []
    assert outcome.written == ["b", "c", "overview"]  # which comes after the reports it links to
    assert outcome.edited == []
    assert tiny_run.executed(hit) == ["a", "b", "b", "c"]
    assert tiny_run.content(hit) == tiny_run.content(calm)


@pytest.mark.skipif(not warm_is_possible(), reason="this platform has no warm kernels")
def test_a_warm_parent_that_is_killed_takes_its_kernels_along_and_the_unit_is_tried_again(project, notebooks):
    kill = (
        "import os, signal\nmark = pathlib.Path(root) / 'killed'\n"
        "if unit == 'a' and not mark.exists():\n    mark.touch()\n    os.kill(os.getppid(), signal.SIGKILL)\n"
        "    import threading\n    threading.Event().wait()\n"
    )
    tiny_run.unit_notebook(notebooks, kill)
    outcome = tiny_run.go(project, notebooks, only=["a"], jobs=1)
    assert outcome.failures == []
    assert outcome.retried == ["a"]


def test_the_notebook_of_what_failed_is_kept_until_it_succeeds(project, notebooks):
    folder = project / "reports/2024/_failed"
    tiny_run.unit_notebook(notebooks, "if unit != 'c':\n    raise ValueError(unit)\n")
    tiny_run.go(project, notebooks)
    assert sorted(path.name for path in folder.iterdir()) == ["a.ipynb", "b.ipynb"]
    tiny_run.unit_notebook(notebooks, "if unit == 'b':\n    raise ValueError(unit)\n")
    tiny_run.go(project, notebooks)
    assert [path.name for path in folder.iterdir()] == ["b.ipynb"]
    good = (notebooks / "2-index.ipynb").read_text()
    tiny_run.write_notebook(notebooks, "2-index", "raise ValueError('rusak')")
    tiny_run.unit_notebook(notebooks, "")
    tiny_run.go(project, notebooks)
    assert sorted(path.name for path in folder.iterdir()) == ["2-index.ipynb", "b.ipynb"]
    (notebooks / "2-index.ipynb").write_text(good)
    tiny_run.go(project, notebooks)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("raise OSError(24, 'Too many open files')", "may not open more files"),
        ("raise MemoryError", "too little memory"),
        ("import numpy\nnumpy.ones(10**15)", "too little memory"),
    ],
)
def test_a_cell_for_which_there_is_too_little_stops_the_run(project, notebooks, cell, said):
    tiny_run.unit_notebook(notebooks, cell + "\n")
    with pytest.raises(EnvironmentFault, match=said):
        tiny_run.go(project, notebooks, only=["a"], jobs=1)


def test_a_kernel_says_what_it_died_of(project, notebooks):
    dying = "import os, sys\nsys.__stderr__.write('OSError: [Errno 12] Cannot allocate memory')\n"
    tiny_run.unit_notebook(notebooks, dying + "sys.__stderr__.flush()\nos._exit(1)\n")
    with pytest.raises(EnvironmentFault, match="too little memory"):
        tiny_run.go(project, notebooks, only=["a"], jobs=1)


def test_a_stage_whose_kernel_dies_twice_is_no_fault_of_the_data(project, notebooks):
    tiny_run.write_notebook(notebooks, "1-clean", "import os\nos._exit(1)")
    with pytest.raises(EnvironmentFault, match=r"1-clean.* died twice"):
        tiny_run.go(project, notebooks)


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_stops_the_run_in_one_sentence_and_nothing_half_written_stays(
    project, notebooks, monkeypatch
):
    tiny_run.Instead(monkeypatch)
    real = Path.write_bytes

    def half(path, content):
        if path.suffix == store.SUFFIX and (project / "reports/2024/public/units/a").is_dir():
            real(path, content[:1])
            full()
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(EnvironmentFault, match=r"the disk is full \(\d+ MB free\) while writing .*report"):
        tiny_run.go(project, notebooks, jobs=1)
    monkeypatch.undo()
    assert not list(project.rglob("*.part"))
    tiny_run.Instead(monkeypatch)
    outcome = tiny_run.go(project, notebooks, jobs=1)
    assert outcome.stages == []
    assert outcome.failures == []


def test_what_a_killed_run_wrote_beside_a_file_is_swept_by_the_next_and_by_no_other(
    project, notebooks, monkeypatch
):
    tiny_run.Instead(monkeypatch)
    tiny_run.go(project, notebooks)
    left = project / "reports/2024/public/units/a/.x1.part"
    left.write_text("half")
    tiny_run.go(project, notebooks)
    assert left.is_file()
    lock = project / "data/processed/2024/.lock"
    assert lock.read_text() == ""
    lock.write_text('{"pid": 1, "started": "2024-01-01"}')  # what a killed run leaves
    tiny_run.go(project, notebooks)
    assert not left.exists()
    assert lock.read_text() == ""


def test_a_full_disk_inside_a_kernel_stops_the_run_too(project, notebooks):
    tiny_run.unit_notebook(notebooks, "raise OSError(28, 'No space left on device')\n")
    with pytest.raises(EnvironmentFault, match="the disk is full"):
        tiny_run.go(project, notebooks, only=["a"], jobs=1)


def test_a_second_run_is_refused_while_the_first_holds_the_survey(project, notebooks):
    with (
        only_run(project / "data/processed/2024/.lock"),
        pytest.raises(EnvironmentFault, match="being run already"),
    ):
        tiny_run.go(project, notebooks)


def test_raw_data_that_change_during_a_run_are_said_and_never_verified(project, notebooks, monkeypatch):
    from pipeline.run.verify import verify

    stand_in = tiny_run.Instead(monkeypatch)
    survey = surveys.load(project, "2024")

    def touched(*args):
        (project / "data/raw/2024/answers.csv").write_text("a 5\nb 5\nc 5\n")

    outcome = Run(survey, Options(notebooks=notebooks, rows=tiny_run.rows)).go(touched)
    assert outcome.changed_raw == ["answers.csv"]
    wrong = verify(survey, units=0, notebooks=notebooks).wrong
    assert "raw data changed during the run: answers.csv" in wrong
    stand_in.done.clear()
    outcome = Run(survey, Options(notebooks=notebooks, rows=tiny_run.rows)).go()
    assert sorted(outcome.written) == ["a", "b", "c", "overview"]
    assert verify(survey, units=0, notebooks=notebooks).wrong == []


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_interrupt_ends_at_once_and_the_next_run_does_the_rest(project, notebooks, kernel):
    wait = (
        "mark = pathlib.Path(root) / 'began'\n"
        "if unit == 'b' and not mark.exists():\n    mark.touch()\n    import threading\n    threading.Event().wait()\n"
    )
    tiny_run.unit_notebook(notebooks, wait)
    process = driver(project, notebooks, kernel)
    soon(lambda: (project / "began").is_file() or process.poll() is not None, "the second unit began")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=NEVER) != 0
    outcome = tiny_run.go(project, notebooks, jobs=1)
    assert outcome.written == ["b", "c", "overview"]  # which comes after the reports it links to
    assert outcome.failures == []


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.full)]
)
def test_an_interrupted_command_ends_with_its_kernel_files_a_sentence_and_the_signal(
    project, notebooks, tmp_path, number
):
    tiny_run.write_notebook(
        notebooks,
        "1-clean",
        "import os, pathlib, threading\n_ = pathlib.Path(root, 'pid').write_text(str(os.getpid()))\n"
        "pathlib.Path(root, 'began').touch()\nthreading.Event().wait()",
    )
    temporary = tmp_path / "t"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", "2024", "--root", str(project), "--notebooks", str(notebooks),
         "--kernel", "fresh"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    soon(lambda: (project / "began").is_file() or process.poll() is not None, "the first stage began")
    process.send_signal(number)
    _, said = process.communicate()
    assert process.returncode == 128 + number
    assert not alive(int((project / "pid").read_text()))
    assert list(temporary.iterdir()) == []
    assert said.strip().splitlines()[-1] == "interrupted; what was written stays, the next run does the rest"
    assert "Traceback" not in said


def test_an_interrupt_just_as_a_stage_begins_does_not_wait_for_it(project, notebooks, monkeypatch):
    class Interrupted(rendering.ThreadPoolExecutor):
        def submit(self, *args, **kwargs):
            super().submit(*args, **kwargs)
            raise KeyboardInterrupt

    run = Run(surveys.load(project, "2024"), Options(notebooks=notebooks))
    told = []
    monkeypatch.setattr(rendering, "ThreadPoolExecutor", Interrupted)
    monkeypatch.setattr(Run, "stage", lambda self, name: told.append(self.renderer.give_up.wait(20)))
    with pytest.raises(KeyboardInterrupt):
        run.go()
    assert told == [True]


def test_a_run_that_is_ending_starts_no_kernel_any_more(tmp_path):
    path = tiny_run.write_notebook(tmp_path, "x", "pass", 'unit = ""')
    stop = threading.Event()
    stop.set()
    with pytest.raises(execution.KernelDied, match="the run is ending"):
        execution.execute(path, {"unit": "a"}, give_up=stop)


def test_killing_all_kernels_leaves_none(tmp_path):
    manager = kernels.RunnerKernelManager.create(KERNELS[0])
    from jupyter_core.utils import run_sync

    run_sync(manager.start_kernel)()
    pid = manager.provisioner.pid
    assert alive(pid)
    kernels.kill_all()
    soon(lambda: manager.provisioner.process.poll() is not None, "the kernel was reaped")
    assert not alive(pid)
    run_sync(manager.cleanup_resources)()
    manager.discard()


def test_no_permission_is_a_sentence_with_the_path(project, notebooks, monkeypatch):
    tiny_run.Instead(monkeypatch)

    def refused(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(store.tempfile, "mkstemp", refused)
    with pytest.raises(EnvironmentFault, match="no permission to write"):
        tiny_run.go(project, notebooks)


def skm(
    project: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments, "--root", str(project)],
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
    )


def test_exit_codes_say_what_kind_of_end_it_was(project, notebooks):
    run = ("run", "2024", "--notebooks", str(notebooks), "--kernel", "fresh", "--stage", "1-clean", "--quiet")
    assert skm(project, *run).returncode == 0
    assert skm(project, "run", "2024", "--stage", "9-none").returncode == 2
    tiny_run.write_notebook(notebooks, "1-clean", "raise ValueError('rusak')")
    assert skm(project, *run).returncode == 3
    assert skm(project, "verify", "2024", "--notebooks", str(notebooks)).returncode == 4
    with only_run(project / "data/processed/2024/.lock"):
        refused = skm(project, *run)
    assert refused.returncode == 5
    assert f"process {os.getpid()}" in refused.stderr
    assert "Traceback" not in refused.stderr
