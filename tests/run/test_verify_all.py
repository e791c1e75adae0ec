"""Nothing that a report reads or a run wrote can change unseen, and a forgery that fits itself is found."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import survey as surveys
from pipeline.run import command
from pipeline.run.files import write_aside
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from pipeline.run.verify import lines, verify
from tests.run import tiny_run

UNIT = "reports/2024/public/units/a/report.html"


def carry(found, options):
    """Run a survey, here or in the folder where it is computed again."""

    def finish(outcome):
        write_aside(found.public / "index.html", f"portal of {tiny_run.values(found)}")

    return Run(found, replace(options, rows=tiny_run.rows)).go(finish)


@pytest.fixture
def notebooks(tmp_path):
    return tiny_run.make_notebooks(tmp_path)


@pytest.fixture
def project(tmp_path, notebooks, monkeypatch):
    """A finished survey, made without kernels."""
    tiny_run.Instead(monkeypatch)
    # A source file saved while these tests run is not what they are about.
    monkeypatch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
    root = tiny_run.make_project(tmp_path / "here")
    (root / "data/raw/2024/.hidden.csv").write_text("x")
    carry(surveys.load(root, "2024"), Options(notebooks=notebooks))
    return root


@pytest.fixture
def check(project, notebooks):
    def found(**options):
        options = {"units": 0, "notebooks": notebooks, "rows": tiny_run.rows} | options
        return verify(surveys.load(project, "2024"), **options)

    return found


def again(project, notebooks, **options):
    return carry(surveys.load(project, "2024"), Options(notebooks=notebooks, **options))


def test_an_untouched_survey_is_verified_also_when_everything_is_computed_again(check, project):
    assert check().wrong == []
    verdict = check(everything=carry)
    assert verdict.wrong == []
    said = list(lines(surveys.load(project, "2024"), verdict))
    assert "everything computed again from the raw data and compared byte by byte" in said[0]
    assert said[1].split() == ["run.json", verdict.digest]
    kept = check(against=verdict.digest[:16].upper() + " ")
    assert kept.wrong == []
    assert "the one that was kept" in list(lines(surveys.load(project, "2024"), kept))[-1]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data/raw/2024/.hidden.csv", "raw file changed: .hidden.csv"),
        ("data/raw/2024/.other/new.csv", "raw file is new: .other/new.csv"),
        ("data/processed/2024/units.json", "result table changed: units.json"),
        ("data/processed/2024/targets.json", "result table is new: targets.json"),
        ("data/processed/2024/questionnaire.json", "result table is new: questionnaire.json"),
        ("data/processed/2024/digests.json", "list of rows that reports read changed: digests.json"),
        ("data/processed/2024/.notes", "no run wrote this file: data/processed/2024/.notes"),
        ("reports/2024/public/.hidden.html", "output is new: public/.hidden.html"),
        ("reports/2024/public/units/a/photo.jpg", "output is new: public/units/a/photo.jpg"),
        ("reports/2024/internal/.x/y", "output is new: internal/.x/y"),
    ],
)
def test_what_reports_read_and_hidden_and_foreign_files_are_named(check, project, path, said):
    file = project / path
    file.parent.mkdir(exist_ok=True)
    file.write_text((file.read_text() if file.is_file() else "{}") + " ")
    assert said in check().wrong


@pytest.mark.parametrize("name", ["~$answers.xlsx", ".~lock.answers.ods#", ".DS_Store", "._answers.csv"])
def test_what_an_open_office_program_leaves_is_no_raw_file(check, project, name):
    (project / "data/raw/2024" / name).write_text("x")
    assert check().wrong == []


@pytest.mark.parametrize(
    "path", ["public/units/a/evil.html", "public/.evil.html", "internal/evil", "public/a/b/c.js"]
)
def test_a_file_that_no_run_wrote_is_named_by_the_run_that_finds_it_and_never_vouched_for(
    check, project, notebooks, path
):
    file = project / "reports/2024" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    outcome = again(project, notebooks)
    assert outcome.foreign == [f"reports/2024/{path}"]
    survey = surveys.load(project, "2024")
    said = "\n".join(command.summary(survey, Options(), outcome))
    assert f"no run wrote: reports/2024/{path}" in said
    assert path not in (project / "reports/2024/SHA256SUMS").read_text()
    assert check().wrong == [f"no run wrote this file: reports/2024/{path}"]
    file.unlink()
    assert again(project, notebooks).foreign == []
    assert check().wrong == []


def forge(project: Path, **changed) -> None:
    path = project / "reports/2024/run.json"
    made = json.loads(path.read_text())
    for place, value in changed.items():
        holder = made
        *way, last = place.split("__")
        for step in way:
            holder = holder[step]
        holder[last] = value
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"definition": "0" * 64}, "definition changed: survey.yml, units.csv"),
        ({"units__a__key": "0" * 64}, "unit a was made from something else than what is there now"),
        ({"overview__key": ""}, "overview was made from something else than what is there now"),
        ({"units__c__status": "written"}, "status of unit c is not written"),
        ({"units__a__status": "failed"}, "status of unit a is not failed"),
        ({"units__b__status": "not made"}, "status of unit b is not not made"),
        ({"units__a__outputs": {}}, "status of unit a is not written"),
        ({"units__z": {"status": "written", "key": "", "outputs": {}}}, "the tables have no unit z"),
        ({"digests": "0" * 64}, "list of rows that reports read changed: digests.json"),
        ({"outputs": "0" * 64}, "list of outputs changed: SHA256SUMS"),
        ({"units": {}}, "the manifest has no unit a"),
        ({"units": None}, "there is no finished run to verify (AttributeError: run.json or SHA256SUMS)"),
    ],
)
def test_what_the_manifest_says_of_definition_keys_and_status_is_worked_out_again(
    check, project, changed, said
):
    forge(project, **changed)
    assert (
        any(text.startswith(said) or said in text for text in check().wrong)
        or "TypeError" in check().wrong[0]
    )


def forged(project: Path, notebooks: Path) -> str:
    """Replace every table, report, sum and manifest by those of other answers; digest of the true manifest."""
    path = project / "data/raw/2024/answers.csv"
    true, kept = path.read_text(), json.loads((project / "reports/2024/run.json").read_text())
    digest = verify(surveys.load(project, "2024"), units=0, notebooks=notebooks).digest
    path.write_text("a 9\nb 2\nc 3\n")
    again(project, notebooks)
    path.write_text(true)
    forge(project, raw=kept["raw"])
    return digest


def test_a_forgery_that_fits_itself_is_found_by_the_kept_digest_and_by_computing_everything_again(
    check, project, notebooks
):
    digest = forged(project, notebooks)
    assert check(units=3).wrong == []  # what hashes alone cannot show
    wrong = check(against=digest).wrong
    assert len(wrong) == 1
    assert wrong[0].startswith("run.json is not the one that was kept: ")
    wrong = check(everything=carry).wrong
    for path in (UNIT, "data/processed/2024/responses.parquet", "reports/2024/public/index.html"):
        assert f"computed again, it differs: {path}" in wrong
    assert (project / UNIT).read_bytes() == b"skm_html a 9 2 id"  # what is there was not touched


def test_computing_again_names_what_does_not_come_out(check, project):
    (project / "reports/2024/public/units/b/report.pdf").unlink()
    (project / "reports/2024/public/more.html").write_text("x")
    wrong = check(everything=carry).wrong
    assert "computed again, there is one more: reports/2024/public/units/b/report.pdf" in wrong
    assert "computed again, it does not come out: reports/2024/public/more.html" in wrong


def test_of_a_run_that_made_no_report_none_is_made_when_everything_is_computed_again(
    tmp_path, notebooks, monkeypatch
):
    tiny_run.Instead(monkeypatch)
    monkeypatch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
    root = tiny_run.make_project(tmp_path / "none")
    carry(surveys.load(root, "2024"), Options(notebooks=notebooks, limit=0))
    verdict = verify(surveys.load(root, "2024"), notebooks=notebooks, rows=tiny_run.rows, everything=carry)
    assert (verdict.wrong, verdict.rendered) == ([], 0)


def test_a_survey_with_earlier_ones_comes_out_the_same(project, notebooks):
    tiny_run.add_survey(project, "2023", "a 1\nb 1\nc 1\n")
    for history in (True, False):
        again(project, notebooks, history=history)
        found = surveys.load(project, "2024")
        assert verify(found, units=0, notebooks=notebooks, rows=tiny_run.rows, everything=carry).wrong == []


# -- a run mends what is not as it was written ---------------------------------------------------------


def rot(path: Path) -> None:
    """Change a byte as a disk does: size, times and inode stay."""
    before = path.stat()
    with path.open("r+b") as file:
        byte = file.read(1)
        file.seek(0)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("name", ["responses.parquet", "units.json"])
def test_a_table_that_rotted_on_the_disk_is_made_again(check, project, notebooks, name):
    path = project / "data/processed/2024" / name
    good = path.read_bytes()
    rot(path)
    assert path.read_bytes() != good
    again(project, notebooks)
    assert path.read_bytes() == good
    assert check(everything=carry).wrong == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[:3]),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes().swapcase()),
        lambda path: (path.unlink(), path.symlink_to("nowhere")),
        lambda path: shutil.rmtree(path.parent),
    ],
)
@pytest.mark.parametrize("path", [UNIT, "reports/2024/public/overview.pdf", "reports/2024/public/index.html"])
def test_a_report_that_is_cut_off_gone_or_changed_is_made_again(check, project, notebooks, path, harm):
    good = tiny_run.content(project)
    harm(project / path)
    outcome = again(project, notebooks)
    assert outcome.failures == []
    assert tiny_run.content(project) == good
    assert check().wrong == []


def test_digests_that_were_changed_are_worked_out_again_and_no_report_is_made_for_it(
    check, project, notebooks
):
    path = project / "data/processed/2024/digests.json"
    good = path.read_text()
    path.write_text(good.replace('"own answers": "', '"own answers": "9'))
    outcome = again(project, notebooks)
    assert outcome.written == []
    assert path.read_text() == good
    assert check().wrong == []
