"""The runner, on six tiny notebooks of its own: what happens when things go wrong."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from pipeline import survey as surveys
from pipeline.run import command, kernels, rendering, status, why
from pipeline.run.execute import NotebookError, declared_parameters, execute
from pipeline.run.files import EnvironmentFault, write_aside
from pipeline.run.kernels import WARM, warm_is_possible
from pipeline.run.lock import only_run
from pipeline.run.plan import Options, notebook_folder, read_units, report_name
from pipeline.run.warmth import KernelChoice
from tests.run import tiny_run
from tests.run.tiny_run import BLOCK, PARAMETERS, go, make_notebooks, make_project, write_notebook
from tests.support.processes import alive, soon

#: What a run does with its warm parent; the tests of this file keep theirs for the next.
STOP = KernelChoice.stop


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path)


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    return make_notebooks(tmp_path)


@pytest.fixture(autouse=True, scope="module")
def _one_warm_parent_for_all():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.run.warmth.KernelChoice.stop", lambda self: None)
        yield
    WARM.stop()


def test_a_run_writes_a_report_per_unit_the_overview_and_a_manifest_that_checks(project, notebooks):
    outcome = go(project, notebooks)
    reports = project / "reports" / "2024"
    assert outcome.failures == []
    assert sorted(outcome.written) == ["a", "b", "c", "overview"]
    for unit in "abc":
        assert (reports / "public" / "units" / unit / "report.html").is_file()
        assert (reports / "public" / "units" / unit / "report.pdf").read_bytes()[:5] == b"%PDF-"
    assert (reports / "internal" / "validation.html").is_file()
    for line in (reports / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((reports / name).read_bytes()).hexdigest() == digest
    manifest = json.loads((reports / "run.json").read_text())
    assert {u: about["status"] for u, about in manifest["units"].items()} == {
        "a": "written",
        "b": "written",
        "c": "no-data",
    }
    assert set(manifest["raw"]) == {"answers.csv", "survey.yml", "units.csv"}


def test_a_run_ends_the_warm_parent_that_it_started(project, notebooks, monkeypatch):
    tiny_run.Instead(monkeypatch)
    parent, real = Mock(path="a socket"), rendering.Renderer.notebook

    def in_a_kernel(renderer, name, **parameters):
        assert renderer.kernels.mode() == "warm"
        assert not parent.stop.called
        return real(renderer, name, **parameters)

    monkeypatch.setattr(rendering.Renderer, "notebook", in_a_kernel)
    monkeypatch.setattr(kernels, "warm_is_possible", lambda: True)
    monkeypatch.setattr(kernels, "WARM", parent)
    monkeypatch.setattr(KernelChoice, "stop", STOP)
    assert go(project, notebooks).failures == []
    assert parent.stop.called


def test_two_runs_write_the_same_bytes_and_the_same_manifest(project, notebooks):
    go(project, notebooks)
    reports = project / "reports" / "2024"
    first = {p: (reports / p).read_bytes() for p in ("SHA256SUMS", "run.json", "public/units/a/report.pdf")}
    go(project, notebooks, kernel="fresh", jobs=1, only=["a"])
    assert first == {p: (reports / p).read_bytes() for p in first}


def test_one_failing_unit_never_stops_the_others_and_its_notebook_is_kept(project, notebooks):
    source = "if unit == 'b':\n    raise KeyError('U9')\n" + BLOCK.format(title="unit")
    write_notebook(notebooks, "5-unit-report", source, PARAMETERS + '\nunit = ""')
    (project / "reports/2024/public/units/b").mkdir(parents=True)
    (project / "reports/2024/public/units/b/report.html").write_text("last year's")
    outcome = go(project, notebooks)
    assert outcome.failed_units == ["b"]
    assert sorted(outcome.written) == ["a", "c", "overview"]
    failure = outcome.failures[0]
    assert failure.where == '5-unit-report, cell 3 ("Apakah ini jalan?")'
    assert failure.why == "KeyError: 'U9'"
    assert (project / failure.notebook).is_file()
    assert not (project / "reports/2024/public/units/b/report.html").exists()
    lines = list(command.summary(surveys.load(project, "2024"), Options(), outcome))
    assert any("1 failed" in line for line in lines)
    assert not any("Traceback" in line for line in lines)


def test_a_killed_kernel_is_retried_once_and_the_unit_then_fails_alone(project, notebooks):
    source = "import os, signal\nif unit == 'a':\n    os.kill(os.getpid(), signal.SIGKILL)\n" + BLOCK.format(
        title="unit"
    )
    write_notebook(notebooks, "5-unit-report", source, PARAMETERS + '\nunit = ""')
    outcome = go(project, notebooks)
    assert outcome.failed_units == ["a"]
    assert "died twice" in outcome.failures[0].why


@pytest.mark.skipif(not warm_is_possible(), reason="this platform has no warm kernels")
def test_a_warm_kernel_that_dies_once_is_run_again_in_a_fresh_one(project, notebooks):
    source = (
        "import os, signal, pathlib\nmark = pathlib.Path(root) / 'died'\n"
        "if unit == 'a' and not mark.exists():\n    mark.touch()\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    write_notebook(
        notebooks, "5-unit-report", source + BLOCK.format(title="unit"), PARAMETERS + '\nunit = ""'
    )
    outcome = go(project, notebooks)
    assert outcome.failures == []
    assert outcome.retried == ["a"]


def test_a_stage_that_fails_stops_the_run_and_says_in_which_cell(project, notebooks):
    write_notebook(notebooks, "2-index", "raise ValueError('rusak')")
    outcome = go(project, notebooks)
    assert [f.what for f in outcome.failures] == ["2-index"]
    assert outcome.failures[0].stage
    assert outcome.written == []


def test_only_chooses_units_by_set_and_glob_and_the_overview_still_runs(project, notebooks):
    assert sorted(go(project, notebooks, only=["@inti"]).written) == ["@inti", "a", "c", "overview"]
    # Both link to the reports that there are: another one, and they are made anew.
    assert go(project, notebooks, only=["b*"]).written == ["b", "overview"]


def test_a_second_language_gets_its_own_files(project, notebooks):
    go(project, notebooks, languages=("id", "en"), only=["a"])
    folder = project / "reports/2024/public/units/a"
    assert sorted(p.name for p in folder.iterdir()) == [
        "report.en.html",
        "report.en.pdf",
        "report.html",
        "report.pdf",
    ]
    assert 'lang="en"' in (folder / "report.en.html").read_text(encoding="utf-8")


def test_no_kernel_sees_what_another_one_did(tmp_path):
    path = write_notebook(
        tmp_path,
        "leak",
        "import pandas as pd\nseen = getattr(pd, 'mark', 'clean')\npd.mark = unit\nprint(seen, unit)",
        'unit = ""',
    )
    texts = [execute(path, {"unit": f"u{i}"}).notebook.cells[-1].outputs[0]["text"].strip() for i in range(3)]
    assert texts == ["clean u0", "clean u1", "clean u2"]


def test_many_kernels_at_once_each_get_their_own_answers(tmp_path):
    path = write_notebook(tmp_path, "echo", "print(unit)", 'unit = ""')
    found: dict[str, str] = {}

    def one(name: str) -> None:
        found[name] = execute(path, {"unit": name}).notebook.cells[-1].outputs[0]["text"].strip()

    threads = [threading.Thread(target=one, args=(f"u{i}",)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {f"u{i}": f"u{i}" for i in range(12)}


def test_a_parameter_the_notebook_does_not_declare_is_an_error_not_a_warning(tmp_path):
    path = write_notebook(tmp_path, "x", "pass", 'unit = ""')
    with pytest.raises(ValueError, match="declares no parameter untit; it has unit"):
        execute(path, {"untit": "a"})


def test_annotated_and_plain_parameters_are_both_seen():
    cell = new_code_cell('a: str = ""\nb = 1\n# c = 2\nif a == b: pass', metadata={"tags": ["parameters"]})
    assert declared_parameters(new_notebook(cells=[cell])) == {"a", "b"}


def test_a_cell_that_takes_too_long_fails_with_its_place(tmp_path):
    path = write_notebook(tmp_path, "slow", "import threading\nthreading.Event().wait()", 'unit = ""')
    with pytest.raises(NotebookError, match=r'cell 3 \("Apakah ini jalan\?"\): Timeout'):
        execute(path, {"unit": "a"}, timeout=8)  # its first cells need some of it, too


def test_two_runs_at_once_the_second_names_the_first(tmp_path):
    lock = tmp_path / ".lock"
    with (
        only_run(lock),
        pytest.raises(EnvironmentFault, match=f"process {os.getpid()}, started 20"),
        only_run(lock),
    ):
        pass
    with only_run(lock):
        pass  # released


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    write_aside(path, "one")
    write_aside(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_raw_data_that_changes_during_a_run_is_said(project, notebooks):
    source = "import pathlib\n_ = (pathlib.Path(root) / 'data/raw/2024/late.csv').write_text('x')\n"
    write_notebook(notebooks, "2-index", source + BLOCK.format(title="'x'"))
    outcome = go(project, notebooks)
    assert outcome.changed_raw == ["late.csv"]


def test_status_says_what_is_there_without_reading_tables(project, notebooks):
    found = surveys.load(project, "2024")
    assert {row["data"] for row in status.read(found, date.today()).rows} == {"not read"}
    go(project, notebooks, only=["a"])
    rows = {row["unit"]: row for row in status.read(found, date.today()).rows}
    assert (rows["a"]["data"], rows["a"]["report"]) == ("ok", "ok")
    assert (rows["b"]["data"], rows["b"]["report"]) == ("few", "missing")
    assert rows["c"]["data"] == "none"


def test_check_writes_the_validation_page_and_touches_nothing_else(project, notebooks, monkeypatch):
    monkeypatch.setattr("pipeline.run.plan.notebook_folder", lambda *_: notebooks)
    monkeypatch.setattr("pipeline.run.stages.notebook_folder", lambda *_: notebooks)
    result = command.check(surveys.load(project, "2024"))
    assert result.failed is None
    assert len(result.units) == 3
    assert not (project / "data" / "processed" / "2024" / "units.json").exists()
    assert [p.name for p in (project / "reports" / "2024").rglob("*") if p.is_file()] == ["validation.html"]


def test_a_folder_without_all_notebooks_is_refused_by_name(tmp_path):
    (tmp_path / "nb").mkdir()
    with pytest.raises(FileNotFoundError, match=r"1-clean\.ipynb"):
        notebook_folder(tmp_path / "nb")


def test_a_dry_run_runs_nothing(project, notebooks):
    found = surveys.load(project, "2024")
    lines = list(why.dry_run(found, Options(notebooks=notebooks)))
    assert lines[0] == "run 1-clean: never made"
    assert "3 reports: never made" in lines
    assert not (project / "reports").exists()


def test_the_warm_parent_ends_when_its_owner_is_killed(tmp_path):
    if not warm_is_possible():
        pytest.skip("this platform has no warm kernels")
    code = (
        "from pipeline.run.kernels import WARM; WARM.path; print(WARM.pid, flush=True)\n"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    pid = int(out.stdout)
    soon(lambda: not alive(pid), "the warm parent ends with its owner")


def test_language_suffix_belongs_to_every_language_but_the_first():
    assert report_name("id", ["id", "en"]) == "report"
    assert report_name("en", ["id", "en"]) == "report.en"


def test_units_of_a_survey_never_run_are_an_empty_list(tmp_path):
    assert read_units(tmp_path) == []
    shutil.rmtree(tmp_path)


def test_a_kernel_leaves_no_open_file_behind(tmp_path):
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this platform does not list open files")
    path = write_notebook(tmp_path, "echo", "print(unit)", 'unit = ""')
    execute(path, {"unit": "first"})
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(4):
        execute(path, {"unit": str(number)})
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
