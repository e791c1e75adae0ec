"""What is done again, what is left alone, and what people are told about it."""

from __future__ import annotations

import json
import sqlite3
from datetime import date

import pytest

from pipeline import survey as surveys
from pipeline.run import command, status, why
from pipeline.run.ledger import LEDGER_FILE, Reason, open_ledger
from pipeline.run.plan import Options
from tests.run import tiny_run


def answers(project, text):
    (project / "data/raw/2024/answers.csv").write_text(text, encoding="utf-8")


def reasons(project, notebooks, unit, **options):
    options = Options(notebooks=notebooks, rows=tiny_run.rows, **options)
    return list(why.lines(surveys.load(project, "2024"), unit, options))


def test_a_second_run_executes_nothing_and_leaves_the_same_manifest(project, go, stand_in):
    go()
    first = tiny_run.content(project)
    outcome = go()
    assert stand_in.done == []
    assert outcome.written == []
    assert sorted(outcome.current) == ["a", "b", "c", "overview"]
    assert tiny_run.content(project) == first


def test_changed_answers_of_one_unit_make_its_report_and_those_that_show_it_again(project, go, stand_in):
    go()
    answers(project, "a 1\nb 2\nc 9\n")
    outcome = go()
    assert sorted(outcome.written) == ["c", "overview"]
    answers(project, "a 1\nb 7\nc 9\n")
    outcome = go()
    assert sorted(outcome.written) == ["a", "b", "overview"]
    assert (project / "reports/2024/public/units/a/report.html").read_text() == "skm_html a 1 7 id"


def test_why_names_the_peer_that_changed(project, notebooks, go, stand_in):
    go()
    answers(project, "a 1\nb 7\nc 3\n")
    go(only=["b"])
    told = reasons(project, notebooks, "a")
    assert told == ["a: not up to date", "  result rows of its peer changed: b"]
    assert reasons(project, notebooks, "b") == ["b: up to date (2 files, as they were written)"]


def test_why_names_the_raw_file_that_a_stage_would_read_again(project, notebooks, go):
    go()
    answers(project, "a 5\nb 2\nc 3\n")
    assert reasons(project, notebooks, "a")[0] == "1-clean would run first: raw file answers.csv changed"


def test_raw_data_that_come_out_the_same_make_no_report_again(project, go, stand_in):
    go()
    (project / "data/raw/2024/note.txt").write_text("about the fieldwork")
    outcome = go()
    assert stand_in.done == ["1-clean"]
    assert outcome.written == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"languages": ("id", "en")}, "languages changed: id -> id,en"),
        ({"formats": ("html",)}, "formats changed: html,pdf -> html"),
    ],
)
def test_another_language_or_format_is_named(project, notebooks, go, options, told):
    go()
    assert f"  {told}" in reasons(project, notebooks, "a", **options)


def test_a_changed_notebook_makes_only_what_it_makes_again(project, notebooks, go, stand_in):
    go()
    tiny_run.unit_notebook(notebooks, "x = 1\n")
    assert "  notebook 5-unit-report changed" in reasons(project, notebooks, "a")
    go()
    assert sorted(stand_in.done) == ["a", "b", "c"]


def test_outputs_and_counters_in_a_notebook_change_nothing(project, notebooks, go, stand_in):
    go()
    path = notebooks / "5-unit-report.ipynb"
    found = json.loads(path.read_text())
    found["cells"][2] |= {
        "execution_count": 4,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
    }
    path.write_text(json.dumps(found))
    go()
    assert stand_in.done == []


@pytest.mark.parametrize("part", ["package_hash", "versions"])
def test_changed_code_or_libraries_make_everything_again(go, stand_in, monkeypatch, part):
    go()
    changed = {"package_hash": lambda: "other", "versions": lambda: {"pandas": "99"}}[part]
    monkeypatch.setattr(f"pipeline.run.fingerprints.{part}", changed)
    go()
    assert len(stand_in.done) == 9


def test_a_changed_definition_is_named(project, notebooks, go):
    go()
    definition = project / "data/raw/2024/survey.yml"
    definition.write_text(definition.read_text() + "notes: baru\n")
    assert any("the definition" in line and "changed" in line for line in reasons(project, notebooks, "a"))


def test_force_does_everything_again(go, stand_in):
    go()
    go(force=True)
    assert len(stand_in.done) == 9


def test_a_report_edited_by_hand_is_noticed_and_made_again(project, notebooks, go):
    go()
    report = project / "reports/2024/public/units/a/report.html"
    made = report.read_bytes()
    report.write_text("better numbers")
    assert reasons(project, notebooks, "a")[1].strip().startswith("edited by hand: reports/2024/")
    outcome = go()
    assert report.read_bytes() == made
    assert outcome.edited == ["reports/2024/public/units/a/report.html"]
    lines = list(command.summary(surveys.load(project, "2024"), Options(), outcome))
    assert any("1 edited by hand and made again" in line for line in lines)


def test_a_report_edited_by_hand_is_kept_on_request_and_that_is_said(project, go):
    go()
    report = project / "reports/2024/public/units/a/report.html"
    report.write_text("better numbers")
    outcome = go(keep_edited=True)
    assert report.read_text() == "better numbers"
    assert outcome.kept == ["reports/2024/public/units/a/report.html"]
    answers(project, "a 8\nb 2\nc 3\n")
    outcome = go(keep_edited=True)
    assert report.read_text() == "better numbers"
    assert any("was kept as edited although" in note for note in outcome.notes)


def test_a_file_whose_time_changed_but_not_its_bytes_is_up_to_date(project, go, stand_in):
    go()
    report = project / "reports/2024/public/units/a/report.html"
    copy = report.read_bytes()
    report.unlink()
    report.write_bytes(copy)
    go()
    assert stand_in.done == []


def test_a_missing_report_is_made_again(project, notebooks, go, stand_in):
    go()
    (project / "reports/2024/public/units/b/report.pdf").unlink()
    assert "  missing: reports/2024/public/units/b/report.pdf" in reasons(project, notebooks, "b")
    go()
    assert stand_in.done == ["b"]


def test_a_result_table_edited_by_hand_is_computed_again(project, go, stand_in):
    go()
    (project / "data/processed/2024/responses.parquet").write_text("a 4\nb 4\nc 4\n")
    outcome = go()
    assert stand_in.done == ["1-clean"]
    assert outcome.edited == ["data/processed/2024/responses.parquet"]
    assert outcome.written == []


def test_a_failed_unit_is_tried_again_and_why_repeats_its_error(project, notebooks, go, stand_in):
    stand_in.failing = {"b"}
    go()
    assert reasons(project, notebooks, "b")[1].strip() == "failed last time: ValueError: b is broken"
    stand_in.failing = set()
    outcome = go()
    assert outcome.written == ["b", "overview"]  # which links to it now


def test_a_dry_run_counts_by_reason_and_runs_nothing(project, notebooks, go, stand_in):
    go()
    stand_in.done.clear()
    (project / "reports/2024/public/units/a/report.html").write_text("x")
    (project / "reports/2024/public/units/b/report.pdf").unlink()
    before = tiny_run.content(project)
    found = surveys.load(project, "2024")
    lines = list(why.dry_run(found, Options(notebooks=notebooks, rows=tiny_run.rows)))
    assert lines[:3] == [
        "       1 reports: a file is missing",
        "       1 reports: edited by hand",
        "2 of 3 reports to make, 1 up to date",
    ]
    assert stand_in.done == []
    assert tiny_run.content(project) == before


def test_files_of_a_language_no_longer_asked_for_do_not_stay(project, go):
    go(languages=("id", "en"))
    folder = project / "reports/2024/public/units/a"
    assert (folder / "report.en.html").is_file()
    go()
    assert sorted(p.name for p in folder.iterdir()) == ["report.html", "report.pdf"]


def test_a_unit_that_left_the_list_is_named_and_pruned_on_request(project, go):
    go()
    units = project / "data/raw/2024/units.csv"
    units.write_text("id,name\na,A\nb,B\n")
    folder = project / "reports/2024/public/units/c"
    outcome = go()
    assert outcome.orphans == ["c"]
    assert folder.is_dir()
    outcome = go(prune=True)
    assert outcome.pruned == ["c"]
    assert not folder.exists()
    with open_ledger(project / "data/processed/2024", project, readonly=True) as ledger:
        assert ledger.names("unit:") == ["unit:a", "unit:b"]
    assert go().orphans == []


def test_a_damaged_ledger_is_put_aside_and_everything_is_made_again(project, go, stand_in):
    go()
    path = project / "data/processed/2024" / LEDGER_FILE
    path.write_bytes(b"this is no database, and long enough to be read as one" * 50)
    outcome = go()
    assert outcome.failures == []
    assert len(stand_in.done) == 9
    assert go().written == []


def test_a_work_stopped_between_two_files_is_unfinished_and_not_edited(project, notebooks, go):
    go()
    with open_ledger(project / "data/processed/2024", project) as ledger:
        work = type("W", (), {"name": "unit:a"})
        ledger.begin(work)
    (project / "reports/2024/public/units/a/report.html").write_text("half of the new pair")
    assert reasons(project, notebooks, "a")[1].strip() == "the run that made it was stopped"
    outcome = go(keep_edited=True)
    assert outcome.written == ["a"]
    assert outcome.edited == []


def test_every_task_is_committed_by_itself(project, go):
    go()
    path = project / "data/processed/2024" / LEDGER_FILE
    with open_ledger(path.parent, project) as ledger:
        ledger.note("mark", value=1)
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as other:
            assert other.execute("select count(*) from doit where task_id = 'mark'").fetchone() == (1,)


def test_the_ledger_holds_no_path_of_this_machine(project, go):
    go()
    path = project / "data/processed/2024" / LEDGER_FILE
    assert str(project).encode() not in path.read_bytes()


def test_without_hashes_of_rows_every_table_counts(project, notebooks, go, stand_in):
    go(rows=None)
    answers(project, "a 1\nb 2\nc 9\n")
    outcome = go(rows=None)
    assert sorted(outcome.written) == ["a", "b", "c", "overview"]


def test_status_and_reading_never_create_a_ledger(project, notebooks):
    found = surveys.load(project, "2024")
    list(why.dry_run(found, Options(notebooks=notebooks)))
    status.read(found, date.today())
    assert not (project / "data/processed").exists()


def test_a_reason_reads_as_words():
    from pipeline.run.reasons import counted, sentence

    assert sentence(Reason("added", "raw file b.csv")) == "raw file b.csv is new"
    assert sentence(Reason("removed", "raw file b.csv")) == "raw file b.csv is gone"
    assert list(counted([[Reason("new")], [Reason("new")], [Reason("forced")]])) == [
        (2, "never made"),
        (1, "forced (--force)"),
    ]


def test_status_tells_stale_edited_failed_and_missing_apart(project, go, stand_in):
    stand_in.failing = {"b"}
    go()
    found = surveys.load(project, "2024")
    assert {row["unit"]: row["report"] for row in status.read(found, date.today()).rows} == {
        "a": "ok",
        "b": "failed",
        "c": "ok",
    }
    (project / "reports/2024/public/units/a/report.html").write_text("x")
    (project / "reports/2024/public/units/c/report.pdf").unlink()
    assert {row["unit"]: row["report"] for row in status.read(found, date.today()).rows} == {
        "a": "edited",
        "b": "failed",
        "c": "missing",
    }
    stand_in.failing = set()
    go()
    answers(project, "a 5\nb 2\nc 3\n")
    assert {row["report"] for row in status.read(found, date.today()).rows} == {"stale"}


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        ({"limit": 1}, ["1-clean", "2-index", "3-reliability", "4-compare", "6-annex", "6-overview", "a"]),
        ({"limit": 0}, ["1-clean", "2-index", "3-reliability", "4-compare", "6-annex", "6-overview"]),
        ({"stage": "2-index"}, ["2-index"]),
        ({"stage": "5-unit-report", "only": ["c"]}, ["c"]),
        ({"stage": "6-overview"}, ["6-annex", "6-overview"]),
    ],
)
def test_a_run_does_only_the_part_that_is_asked_for(go, stand_in, asked, done):
    if "stage" in asked:
        go()
    go(force=True, **asked)
    assert sorted(stand_in.done) == done


def test_a_run_that_is_to_stop_at_the_first_failure_leaves_the_rest_for_the_next(project, go, stand_in):
    stand_in.failing = {"a"}
    outcome = go(stop_on_error=True, jobs=1)
    assert outcome.stopped
    assert outcome.failed_units == ["a"]
    assert "c" not in outcome.written
    stand_in.failing = set()
    again = go()
    assert {"a", "c"} <= set(again.written)
    assert sorted(again.written + again.current) == ["a", "b", "c", "overview"]


def test_what_an_extra_writes_for_a_unit_is_part_of_its_report(project, go):
    def extra(survey, unit, language):
        place = survey.internal / "units" / unit
        place.mkdir(parents=True)
        (place / "rows.txt").write_text(f"{unit} {language}")

    go(extras=(extra,))
    path = project / "reports/2024/internal/units/b/rows.txt"
    assert path.read_text() == "b id"
    path.write_text("by hand")
    assert go(extras=(extra,)).edited == ["reports/2024/internal/units/b/rows.txt"]
    assert path.read_text() == "b id"


def test_who_looks_before_a_run_has_stored_anything_finds_nothing_and_breaks_off_nothing(tmp_path):
    processed = tmp_path / "data" / "processed" / "2024"
    processed.mkdir(parents=True)
    path = processed / LEDGER_FILE
    path.touch()  # as it is for a moment, between its making and its table
    with open_ledger(processed, tmp_path, readonly=True) as found:
        assert found.names("stage:") == []
    assert path.stat().st_size == 0
