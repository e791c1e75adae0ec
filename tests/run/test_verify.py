"""The promise that results can be checked: every byte, and that they come out the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import survey as surveys
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from pipeline.run.verify import lines, verify
from tests.run import tiny_run


@pytest.fixture
def project(tmp_path):
    return tiny_run.make_project(tmp_path / "here")


@pytest.fixture
def notebooks(tmp_path):
    return tiny_run.make_notebooks(tmp_path)


@pytest.fixture
def done(project, notebooks, monkeypatch):
    """A finished survey, made without kernels."""
    tiny_run.Instead(monkeypatch)
    survey = surveys.load(project, "2024")
    Run(survey, Options(notebooks=notebooks, rows=tiny_run.rows)).go(
        lambda outcome: (project / "reports/2024/public/index.html").write_text("portal")
    )
    return survey


def test_an_untouched_survey_verifies_and_every_unit_comes_out_the_same(done, notebooks):
    verdict = verify(done, units=3, notebooks=notebooks)
    assert verdict.wrong == []
    assert verdict.rendered == 3
    assert list(lines(done, verdict))[-1].strip() == "everything is as run.json says"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("reports/2024/public/units/a/report.html", "output changed: public/units/a/report.html"),
        ("reports/2024/public/units/b/report.pdf", "output changed: public/units/b/report.pdf"),
        ("reports/2024/public/index.html", "output changed: public/index.html"),
        ("reports/2024/internal/validation.html", "output changed: internal/validation.html"),
        ("data/processed/2024/responses.parquet", "result table changed: responses.parquet"),
        ("data/raw/2024/answers.csv", "raw file changed: answers.csv"),
        ("reports/2024/SHA256SUMS", "list of outputs changed: SHA256SUMS"),
    ],
)
def test_one_changed_byte_fails_and_is_named(done, project, notebooks, path, said):
    file = project / path
    before = file.stat()
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    # The same size and times: verification trusts neither.
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert said in verify(done, units=0, notebooks=notebooks).wrong


def test_one_changed_byte_in_a_notebook_fails(done, notebooks):
    path = notebooks / "5-unit-report.ipynb"
    path.write_text(path.read_text().replace("Apakah ini", "Apakah itu"))
    assert verify(done, units=0, notebooks=notebooks).wrong == ["notebook changed: 5-unit-report"]


def test_a_file_that_is_gone_or_new_is_named(done, project, notebooks):
    (project / "reports/2024/public/index.html").unlink()
    (project / "reports/2024/public/extra.html").write_text("x")
    wrong = verify(done, units=0, notebooks=notebooks).wrong
    assert wrong == ["output is new: public/extra.html", "output is gone: public/index.html"]


def test_a_report_that_does_not_come_out_the_same_fails(done, project, notebooks, monkeypatch):
    monkeypatch.setattr("pipeline.run.rendering.export", lambda notebook, form, around=None: b"another")
    wrong = verify(done, units=1, notebooks=notebooks, seed=1).wrong
    assert len(wrong) == 2
    assert all(text.startswith("rendered again, it differs: public/units/") for text in wrong)


def test_a_survey_that_never_ran_is_not_verified(project, notebooks):
    verdict = verify(surveys.load(project, "2024"), notebooks=notebooks)
    assert verdict.wrong[0].startswith("there is no finished run")


def test_another_library_version_is_said(done, notebooks, monkeypatch):
    monkeypatch.setattr("pipeline.run.fingerprints.versions", lambda: {"pandas": "0"})
    notes = verify(done, units=0, notebooks=notebooks).notes
    assert notes[0].startswith("versions of libraries differ")


def test_the_manifest_says_what_everything_was_made_from(done, project):
    made = json.loads((project / "reports/2024/run.json").read_text())
    assert set(made["raw"]) == {"answers.csv", "survey.yml", "units.csv"}
    assert len(made["notebooks"]) == 7
    assert set(made["tables"]) == {"responses.parquet", "units.json"}
    for key in ("definition", "package", "lock", "platform", "versions", "languages", "formats", "outputs"):
        assert made[key], key
    unit = made["units"]["a"]
    assert unit["status"] == "written"
    assert len(unit["key"]) == 64
    assert set(unit["outputs"]) == {"public/units/a/report.html", "public/units/a/report.pdf"}
    assert "seconds" in json.loads((project / "reports/2024/run-log.json").read_text())


def test_the_sums_are_accepted_by_sha256sum(done, project):
    folder = project / "reports/2024"
    try:
        checked = subprocess.run(
            ["sha256sum", "-c", "SHA256SUMS", "--quiet"], cwd=folder, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("sha256sum is not on this machine")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.full
def test_a_real_city_verifies_and_holds_no_path_or_user_of_this_machine(tmp_path):
    root = tmp_path / "plugh-folder"

    environment = {**os.environ, "USER": "plugh-user", "LOGNAME": "plugh-user"}

    def skm(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "pipeline.cli", *arguments, "--root", str(root)]
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    assert skm("demo", "--small").returncode == 0
    assert skm("run").returncode == 0
    found = skm("verify", "--units", "2")
    assert found.returncode == 0, found.stdout + found.stderr
    words = [b"plugh", str(Path.home()).encode() + b"/", str(Path.cwd()).encode()]
    for path in [*(root / "reports").rglob("*"), *(root / "data/processed").rglob("*")]:
        if not path.is_file():
            continue
        contents = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                contents = [book.read(member) for member in book.namelist()]
        assert not any(word in content for word in words for content in contents), path
    report = next((root / "reports").rglob("report.pdf"))
    report.write_bytes(report.read_bytes() + b"\n")
    assert skm("verify", "--units", "0").returncode == 4
