"""Beyond one machine: what is asked of a cluster, what it must share, and what happens when parts of it die."""

from __future__ import annotations

import ast
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

import pipeline
from pipeline import survey as surveys
from pipeline.run import cluster_address, jobs
from pipeline.run.execute import NotebookError
from pipeline.run.files import EnvironmentFault
from pipeline.run.ledger import open_ledger
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from tests.run import tiny_run

MANY = [f"u{number:02d}" for number in range(12)]


# -- what is asked for --------------------------------------------------------------------


def test_plain_tcp_is_taken_on_this_machine_or_when_the_network_is_said_to_be_trusted():
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert cluster_address.parse(f"dask+tcp://{host}:8786").address == f"tcp://{host}:8786"
    with pytest.raises(surveys.SurveyError, match="without TLS whoever reaches a scheduler"):
        cluster_address.parse("dask+tcp://10.0.0.5:8786")
    assert not cluster_address.parse("dask+tcp://10.0.0.5:8786", insecure=True).encrypted
    assert cluster_address.parse("dask+tls://10.0.0.5:8786").encrypted


@pytest.mark.parametrize(
    "text", ["dask", "dask+tls://", "dask+tls://head", "dask+tls://head:x", "ray://head:1", ""]
)
def test_an_executor_that_does_not_exist_is_refused_with_the_form_it_should_have(text):
    with pytest.raises(surveys.SurveyError, match=r"dask\+tls://host:8786"):
        cluster_address.parse(text)


def test_a_certificate_that_is_not_there_is_named_with_its_option(tmp_path):
    with pytest.raises(surveys.SurveyError, match=r"--tls-key: there is no file .*none.pem"):
        cluster_address.parse("dask+tls://head:8786", key=str(tmp_path / "none.pem"))


def test_only_one_module_imports_dask_and_nobody_imports_that_module_at_the_top():
    package = Path(pipeline.__file__).parent
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        everywhere = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
        names = {a.name for n in everywhere if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module or "" for n in everywhere if isinstance(n, ast.ImportFrom)}
        if {n.split(".")[0] for n in names} & {"dask", "distributed"}:
            assert path.name == "cluster.py"
        top = {n.module for n in tree.body if isinstance(n, ast.ImportFrom)}
        assert not any((name or "").split(".")[-1] == "cluster" for name in top), path


# -- what a worker must share ---------------------------------------------------------------


@pytest.fixture
def project(tmp_path) -> Path:
    return tiny_run.make_project(tmp_path / "project")


@pytest.fixture
def job(project, tmp_path, monkeypatch) -> jobs.Job:
    """The report of unit a, as a run would send it to another machine."""
    notebooks = tiny_run.make_notebooks(tmp_path)
    stand_in = tiny_run.Instead(monkeypatch)
    monkeypatch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
    monkeypatch.setattr(jobs, "PATIENCE", 0.0)
    run = Run(surveys.load(project, "2024"), Options(notebooks=notebooks))
    run.go()
    stand_in.done.clear()
    return run._job(tiny_run.UNITS[0])


def test_a_job_survives_the_way_to_another_machine_and_comes_back_as_the_same_bytes(job, project):
    made = jobs.make(pickle.loads(pickle.dumps(job)))
    public = project / "reports" / "2024"
    assert [name for name, _ in made.files] == ["public/units/a/report.html", "public/units/a/report.pdf"]
    assert all((public / name).read_bytes() == content for name, content in made.files)


def test_a_worker_writes_nothing_itself(job, project):
    before = tiny_run.content(project)
    shutil.rmtree(project / "reports" / "2024" / "public" / "units" / "a")
    jobs.make(job)
    assert set(before) - set(tiny_run.content(project)) == {
        "2024/public/units/a/report.html",
        "2024/public/units/a/report.pdf",
    }


def test_a_worker_with_other_code_or_libraries_makes_nothing_and_says_what_to_install(job, monkeypatch):
    monkeypatch.setattr("pipeline.run.fingerprints.package_hash", lambda: "newer")
    with pytest.raises(
        jobs.WorkerDiffers, match="its package is not that of the machine that runs the survey"
    ):
        jobs.make(job)


def test_a_worker_that_sees_other_tables_makes_nothing_and_names_the_file(job, project):
    (project / "data" / "processed" / "2024" / "responses.parquet").write_text("a 9\n")
    with pytest.raises(
        jobs.WorkerDiffers, match=r"data/processed/2024/responses.parquet.*every machine sees"
    ):
        jobs.make(job)


def test_a_worker_that_does_not_see_the_folder_says_where_it_looked(job, project):
    project.rename(project.with_name("elsewhere"))
    with pytest.raises(jobs.WorkerDiffers, match="has to lie on a file system that every machine sees"):
        jobs.make(job)


def test_a_worker_takes_the_definition_of_the_next_run_and_not_the_one_it_remembers(job, project):
    jobs.make(job)
    (project / "data" / "raw" / "2024" / "survey.yml").write_text("title: Lain\ncity: Kota Uji\nfiles: []\n")
    changed = surveys.load(project, "2024").digest
    assert changed != job.same["definition"]
    assert jobs.make(replace(job, same={**job.same, "definition": changed})).files
    with pytest.raises(jobs.WorkerDiffers, match=r"the same files \(definition\)"):
        jobs.make(job)


def test_the_failure_of_a_notebook_travels_whole():
    error = NotebookError("5-unit-report", "cell 3", "KeyError", "'U9'", "trace", new_notebook())
    back = pickle.loads(pickle.dumps(error))
    assert (str(back), back.traceback, back.notebook) == (str(error), "trace", error.notebook)


# -- what the driver makes of a cluster's end ------------------------------------------------


class Scheduler:
    """Stands in for a client: workers come and go as told."""

    def __init__(self, threads: dict[str, int]) -> None:
        self.status, self.threads = "running", threads
        self.scheduler = type("Remote", (), {"ncores": None})()

    def get_executor(self, **options):
        assert options == {"retries": 2, "pure": False}

    def sync(self, *_, **__):
        return self.threads


def test_a_cluster_without_workers_is_waited_for_and_then_given_up(monkeypatch):
    from pipeline.run import cluster

    clock = [1000.0]
    monkeypatch.setattr(cluster.time, "monotonic", lambda: clock[0])
    client = Scheduler({})
    workers = cluster.Workers(client, cluster_address.Cluster("tls://head:8786", wait=100))
    for seconds in (0, 50, 49):
        clock[0] += seconds
        workers.check()
    client.threads = {"one": 2, "two": 2}
    clock[0] += 20
    workers.check()
    assert workers.room() == 16
    client.threads = {}
    clock[0] += 111
    with pytest.raises(EnvironmentFault, match="no worker has joined tls://head:8786 for 100 s"):
        workers.check()


def test_a_scheduler_that_is_gone_is_one_sentence_whichever_way_it_shows():
    from pipeline.run import cluster

    client = Scheduler({"one": 1})
    workers = cluster.Workers(client, cluster_address.Cluster("tls://head:8786"))
    assert "the scheduler at tls://head:8786 is gone" in str(workers.explained(CancelledError()))
    client.status = "connecting"
    with pytest.raises(EnvironmentFault, match="is gone; start it again and run again"):
        workers.check()


# -- with a real scheduler and real workers ---------------------------------------------------


def city_of_many(root: Path, source: str = "") -> Path:
    """A project of twelve units whose notebooks take a moment; returns the folder of notebooks."""
    raw = tiny_run.make_project(root) / "data" / "raw" / "2024"
    (raw / "units.csv").write_text("id,name\n" + "".join(f"{u},{u.upper()}\n" for u in MANY))
    units = [{"id": u, "slug": u, "name": u.upper(), "n": 40, "required": 30} for u in MANY]
    notebooks = tiny_run.make_notebooks(root)
    clean = (notebooks / "1-clean.ipynb").read_text()
    (notebooks / "1-clean.ipynb").write_text(clean.replace(repr(tiny_run.UNITS), repr(units)))
    tiny_run.unit_notebook(notebooks, source + "import time\ntime.sleep(0.7)\n")
    return notebooks


def run_command(root: Path, notebooks: Path, *more: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", "2024", "--root", str(root), "--notebooks", str(notebooks),
         "--jobs", "2", *more],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def reports(root: Path) -> list[str]:
    return sorted(
        p.parent.name for p in (root / "reports" / "2024" / "public" / "units").glob("*/report.pdf")
    )


@pytest.mark.full
def test_a_worker_killed_midway_costs_nothing_every_unit_is_there_once_and_the_bytes_are_those_of_a_local_run(
    tmp_path,
):
    from tests.run.dask_cluster import cluster, wait_until

    calm, hit = tmp_path / "calm", tmp_path / "hit"
    for root in (calm, hit):
        notebooks = city_of_many(root)
    alone = run_command(calm, calm / "notebooks")
    assert alone.wait() == 0, alone.stdout.read()
    with cluster(tmp_path / "cluster") as dask:
        process = run_command(hit, notebooks, *dask.options())
        assert wait_until(lambda: 3 <= len(reports(hit)) < 9 or process.poll() is not None)
        dask.workers[0].send_signal(signal.SIGKILL)
        told = process.communicate()[0]
    assert process.returncode == 0, told
    assert "12 reports written" in told
    assert tiny_run.content(hit) == tiny_run.content(calm)
    with open_ledger(hit / "data" / "processed" / "2024", hit, readonly=True) as ledger:
        assert [n for n in ledger.names("unit:") if ledger.outputs(n)] == [f"unit:{u}" for u in MANY]
    # A unit the killed worker had finished but not handed over may run again; nobody else's.
    times = Counter(tiny_run.executed(hit))
    assert set(times) == set(MANY)
    assert sum(times.values()) - len(MANY) <= 2
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path / "cluster") not in left


@pytest.mark.full
def test_a_scheduler_that_dies_ends_the_run_with_5_and_a_sentence_and_the_next_run_does_the_rest(tmp_path):
    from tests.run.dask_cluster import cluster, wait_until

    root = tmp_path / "project"
    notebooks = city_of_many(root)
    with cluster(tmp_path / "cluster") as dask:
        process = run_command(root, notebooks, *dask.options())
        assert wait_until(lambda: len(reports(root)) >= 2 or process.poll() is not None)
        dask.scheduler.send_signal(signal.SIGKILL)
        told = process.communicate(timeout=120)[0]
    assert process.returncode == 5, told
    assert f"the scheduler at tls://127.0.0.1:{dask.port} is gone" in told
    assert "Traceback" not in told
    before = reports(root)
    assert before
    assert before != MANY
    again = run_command(root, notebooks)
    told = again.communicate()[0]
    assert again.returncode == 0, told
    assert reports(root) == MANY
    assert f"{len(MANY) - len(before)} reports written, {len(before)} up to date" in told


@pytest.mark.full
def test_a_cell_that_raises_on_a_worker_fails_its_unit_alone_and_is_not_tried_again(tmp_path):
    from tests.run.dask_cluster import cluster

    root = tmp_path / "project"
    notebooks = city_of_many(root, "if unit == 'u03':\n    raise KeyError('U9')\n")
    with cluster(tmp_path / "cluster", tls=False) as dask:
        process = run_command(root, notebooks, *dask.options())
        told = process.communicate()[0]
    assert process.returncode == 1, told
    assert "u03" in told
    assert "KeyError: 'U9'" in told
    assert (root / "reports" / "2024" / "_failed" / "u03.ipynb").is_file()
    assert reports(root) == [u for u in MANY if u != "u03"]
    assert Counter(tiny_run.executed(root))["u03"] == 1


@pytest.mark.full
def test_certificates_of_another_authority_are_refused_with_5_and_a_sentence(tmp_path):
    from tests.run.dask_cluster import certificates, cluster

    root = tmp_path / "project"
    notebooks = city_of_many(root)
    foreign = certificates(tmp_path / "foreign")
    with cluster(tmp_path / "cluster", workers=0) as dask:
        tls = ["--tls-ca", foreign["ca"], "--tls-cert", foreign["cert"], "--tls-key", foreign["key"]]
        process = run_command(root, notebooks, "--executor", dask.address, *map(str, tls))
        told = process.communicate()[0]
        without = run_command(root, notebooks, "--executor", dask.address)
        refused = without.communicate()[0]
    assert process.returncode == 5, told
    assert "were all certificates made by the same authority?" in told
    assert without.returncode == 2, refused
    assert "needs certificates: --tls-ca (or SKM_TLS_CA)" in refused
    assert "Traceback" not in told + refused


@pytest.mark.full
def test_reports_of_a_real_city_made_by_workers_are_those_made_here_workbooks_included(tmp_path):
    from pipeline import demo
    from tests.run.dask_cluster import cluster

    here, there = tmp_path / "here", tmp_path / "there"
    (name,) = demo.write_small(here)
    command = [sys.executable, "-m", "pipeline.cli", "run", name, "--quiet", "--root"]
    subprocess.run([*command, str(here)], check=True)
    shutil.copytree(here / "data", there / "data")
    for path in (there / "data").rglob("up-to-date.sqlite"):
        path.unlink()
    with cluster(tmp_path / "cluster") as dask:
        paths = {f"SKM_TLS_{n.upper()}": str(p) for n, p in dask.paths.items()}
        subprocess.run(
            [*command, str(there), "--executor", dask.address], check=True, env={**os.environ, **paths}
        )
    assert tiny_run.content(there) == tiny_run.content(here)
