"""Raw files that could not be used are named where the run ends, again when nothing is to do, and by ``skm check``."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import survey as surveys
from pipeline.cli import commands as cli
from pipeline.run import command, unread
from pipeline.run.failures import Failure, failure_lines
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from tests.run import tiny_run
from tests.support.raw_surveys import THREES, csv, make, wide

COLUMNS = ("unit", "file", "sheet", "row", "column", "what", "hint", "fatal")
BAD = ("", "opd/a.xlsx", "Mei", 3, "U09", "is protected by a password", "save a copy without one", True)
DOUBT = ("", "b.csv", "", None, "", "is the same file as c.csv", "remove one of the two", False)


FILES = {
    "baik.csv": wide([1, "a", *THREES], [2, "b", *THREES]),
    "buku.xlsx": b"PK\x03\x04 not a workbook",
    "rusak.csv": csv(["Xyzzy", "Plugh"], ["a", "b"]),
    "ganda.csv": csv(["unit", "U1", "U1"], ["a", "3", "3"]),
}


def write(folder: Path, *rows: tuple) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype({"row": "Int64", "fatal": "bool"})
    table.to_parquet(folder / unread.FILE)


def lacking(number: int) -> tuple:
    return ("", f"f{number}.csv", "", None, "", "is empty", "", True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    """A survey whose first stage finds what ``rows`` of the test says."""
    tiny_run.make_project(tmp_path)
    tiny_run.make_notebooks(tmp_path)
    tiny_run.Instead(monkeypatch)
    # A source file saved while these tests run is not what they are about.
    monkeypatch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
    return tmp_path


def go(project: Path, *rows: tuple, **options) -> tuple[int, str]:
    """Run; the stage 1-clean, if it runs, finds these problems. Exit code and what is said."""
    found = surveys.load(project, "2024")
    chosen = Options(notebooks=project / "notebooks", **options)
    run = Run(found, chosen)
    stage = run.stage

    def with_problems(name: str) -> Path:
        page = stage(name)
        if name == "1-clean":
            write(found.processed, *rows)
        return page

    run.stage = with_problems  # type: ignore[method-assign]
    outcome = run.go()
    return cli._code(outcome), "\n".join(command.summary(found, chosen, outcome))


def test_a_run_names_each_file_it_could_not_use_with_the_place_and_what_to_do(project):
    code, said = go(project, DOUBT, BAD)
    assert code == cli.SOME_FAILED
    assert "1 raw file or sheet was not used; the others were:" in said
    assert 'opd/a.xlsx, sheet Mei, row 3, column "U09": is protected by a password' in said
    assert "hint: save a copy without one" in said
    assert "1 more to look at" in said
    assert "is the same file" not in said


def test_a_run_with_nothing_to_do_and_a_run_of_one_stage_tell_it_again(project):
    first = go(project, BAD)
    assert "up to date" not in first[1]
    for options in ({}, {"stage": "1-clean"}, {"stage": "2-index"}):
        code, said = go(project, **options)  # nothing of it runs: the problems are those of the first run
        assert code == cli.SOME_FAILED
        assert "opd/a.xlsx, sheet Mei, row 3" in said


def test_a_mended_file_is_told_no_more(project):
    go(project, BAD)
    (project / "data/raw/2024/answers.csv").write_text("a 1\nb 2\nc 4\n")
    code, said = go(project)
    assert code == cli.DONE
    assert "not used" not in said


def test_of_many_files_five_are_named_and_the_rest_counted_with_the_page_to_read(project):
    code, said = go(project, *(lacking(n) for n in range(200)))
    assert code == cli.SOME_FAILED
    assert "200 raw files or sheets were not used" in said
    assert said.count("is empty") == unread.MOST_TOLD
    assert "and 195 more: " in said
    assert next(line for line in said.splitlines() if "195 more" in line).endswith("validation.html")


def test_a_page_that_a_check_wrote_since_is_not_called_edited_by_hand(project):
    go(project)
    page = project / "reports/2024/internal/validation.html"
    page.write_text("as skm check wrote it of changed answers")
    (project / "data/raw/2024/answers.csv").write_text("a 1\nb 2\nc 4\n")
    assert "edited by hand" not in go(project)[1]
    page.write_text("changed by somebody, and nothing else changed")
    assert "1 edited by hand and made again" in go(project)[1]


def test_a_check_counts_rows_without_a_listed_unit_apart(tmp_path: Path):
    units = [{"id": "a", "n": 5}, {"id": "b", "n": 0}, {"id": "unknown", "n": 3}]
    found = command.Checked(tmp_path / "validation.html", units, None)
    said = list(command.check_summary(make(tmp_path, FILES), found, quiet=False, debug=False))
    assert said[0] == "2024: 8 respondents, 3 of them in no listed unit; 1 of 2 units have answers"


def test_a_check_names_units_with_few_answers_whether_their_users_are_known_or_not(tmp_path: Path):
    units = [{"id": i, "n": n, "required": need}
             for i, n, need in (("a", 20, 40), ("b", 29, None), ("c", 30, None), ("d", 20, 20))]  # fmt: skip
    found = command.Checked(tmp_path / "validation.html", units, None)
    said = list(command.check_summary(make(tmp_path, FILES), found, quiet=False, debug=False))
    assert said[1] == "  1 unit below the required sample, first: a (20 of 40)"
    assert said[2].startswith("  1 unit with fewer than 30 answers, for information only")
    assert said[2].endswith("first: b (29)")


def test_a_pattern_that_fits_no_file_is_said_and_is_no_failure_but_a_named_file_is(project):
    definition = project / "data/raw/2024/survey.yml"
    definition.write_text("title: Uji\ncity: Kota Uji\nfiles: [{path: 'huruf-*.csv'}, {path: lost.csv}]\n")
    pattern = ("", "huruf-*.csv", "", None, "", "there is no such file", "", True)
    code, said = go(project, pattern)
    assert code == cli.DONE
    assert "no file fits huruf-*.csv" in said
    lost = ("", "lost.csv", "", None, "", "there is no such file", "", True)
    definition.write_text(definition.read_text() + "\n")
    code, said = go(project, pattern, lost)
    assert code == cli.SOME_FAILED
    assert "lost.csv: there is no such file" in said


def test_when_the_first_stage_fails_five_problems_are_shown_and_the_rest_counted():
    why = "\n".join(f"f{n}.csv: is empty\n  hint: there is nothing in it" for n in range(40))
    failure = Failure("1-clean", "1-clean, cell 3", f"IntakeError: {why}", "kept.ipynb", stage=True)
    said = list(failure_lines(failure))
    assert sum("is empty" in line for line in said) == 5
    assert any("and 35 more" in line for line in said)
    assert sum("is empty" in line for line in failure_lines(failure, debug=True)) == 40


def test_what_the_intake_writes_is_what_is_told(tmp_path: Path):
    from pipeline import intake

    survey = make(tmp_path, FILES)
    intake.write(intake.clean(survey), survey)
    told = unread.found(survey, survey.processed)
    assert told.count == 3
    said = list(unread.lines(told, "validation.html"))
    assert any(line.startswith("  buku.xlsx: ") for line in said)
    assert any(line.startswith("  rusak.csv: ") for line in said)
    assert any(line.startswith("  ganda.csv") for line in said)
    assert unread.restored(told.stored()) == told


LOSS = ("", "jawaban.csv", "", None, "", "378 of 405 answers were set aside", "join by id_bio", False, True)


def test_a_large_loss_is_told_first_again_when_nothing_is_to_do_and_is_no_success(project, monkeypatch):
    monkeypatch.setitem(globals(), "COLUMNS", (*COLUMNS, "loss"))
    for _ in range(2):
        code, said = go(project, (*DOUBT, False), LOSS)
        assert code == cli.SOME_FAILED
        assert said.splitlines()[:3] == [
            "much was not used; mend it before anything is published:",
            "  jawaban.csv: 378 of 405 answers were set aside",
            "    hint: join by id_bio",
        ]
        assert "1 to look at" in said
        assert "not used; the others were" not in said
    checked = command.Checked(
        project / "page.html", [], None, (), unread.Unread(losses=[dict(zip(COLUMNS, LOSS))])
    )
    for quiet in (False, True):
        said = list(command.check_summary(surveys.load(project, "2024"), checked, quiet=quiet, debug=False))
        assert "378 of 405" in said[1]


@pytest.mark.parametrize(("lost", "loss", "stops"), [(0, 0, 0), (5, 0, 0), (6, 1, 0), (50, 1, 0), (51, 1, 1)])
def test_what_was_lost_is_a_doubt_then_a_loss_and_beyond_half_the_end(
    tmp_path, monkeypatch, lost, loss, stops
):
    from pipeline import intake

    problem = intake.Problem("was set aside", lost=lost, of=100)
    monkeypatch.setattr(sys.modules["pipeline.intake.rows.clean"], "near_names", lambda *_: [problem])
    survey = make(tmp_path, {"baik.csv": FILES["baik.csv"]})
    if stops:
        with pytest.raises(intake.IntakeError, match="was set aside"):
            intake.clean(survey)
        monkeypatch.setattr(
            sys.modules["pipeline.intake.rows.clean"],
            "near_names",
            lambda *_: [replace(problem, may_stop=False)],
        )
    intake.write(intake.clean(survey), survey)
    told = unread.found(survey, survey.processed)
    assert (bool(told.losses), told.doubts, told.wrong) == (bool(loss), int(not loss), bool(loss))


def test_a_quiet_check_still_names_the_file(tmp_path: Path):
    survey = make(tmp_path, FILES)
    found = command.Checked(
        tmp_path / "validation.html", [], None, (), unread.Unread(1, [dict(zip(COLUMNS, BAD))])
    )
    said = list(command.check_summary(survey, found, quiet=True, debug=False))
    assert any("opd/a.xlsx" in line for line in said)


@pytest.mark.full
def test_check_names_the_files_and_exits_as_when_a_part_failed(tmp_path: Path, project_root: Path):
    make(tmp_path, FILES)
    arguments = [sys.executable, "-m", "pipeline.cli", "check", "2024", "--root", str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=project_root, timeout=300)
    assert done.returncode == cli.SOME_FAILED, done.stdout + done.stderr
    assert "3 raw files or sheets were not used; the others were:" in done.stdout
    assert "buku.xlsx: " in done.stdout
    assert "hint:" in done.stdout
