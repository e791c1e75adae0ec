"""A survey is compared with the ones before it: their answers are part of what it depends on."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date

import pytest

from pipeline import survey as surveys
from pipeline.cli import commands as cli
from pipeline.run import command, status, verify, why
from pipeline.run.hashes import Hashes
from pipeline.run.keys import Keys
from pipeline.run.ledger import open_ledger
from pipeline.run.lock import only_run
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from pipeline.run.stages import StageRun
from tests.run import tiny_run
from tests.support.processes import soon


def stage(root, name: str, survey: str = "2024") -> dict[str, str]:
    found = surveys.load(root, survey)
    keys = Keys(found, Options(), root, Hashes(root))
    found.processed.mkdir(parents=True, exist_ok=True)
    with open_ledger(found.processed, root) as ledger:
        return dict(keys.stage(name, ledger).parts)


def add(root, name: str, answers: bytes) -> None:
    for folder in ("raw", "processed"):
        (root / "data" / folder / name).mkdir(parents=True, exist_ok=True)
    for file in ("survey.yml", "units.csv"):
        text = (root / "data/raw/2024" / file).read_text(encoding="utf-8")
        (root / "data/raw" / name / file).write_text(text, encoding="utf-8")
    (root / "data/processed" / name / "responses.parquet").write_bytes(answers)


def test_new_answers_of_an_earlier_survey_make_the_comparison_out_of_date(tmp_path):
    root = tiny_run.make_project(tmp_path)
    assert not any(part.startswith("survey ") for part in stage(root, "4-compare"))
    add(root, "2023", b"one")
    first = stage(root, "4-compare")
    add(root, "2023", b"two")
    second = stage(root, "4-compare")
    assert first["survey 2023"] != second["survey 2023"]
    assert "survey 2023" not in stage(root, "2-index")


def test_a_later_survey_changes_nothing(tmp_path):
    root = tiny_run.make_project(tmp_path)
    add(root, "2025", b"later")
    assert "survey 2025" not in stage(root, "4-compare")


# -- a run brings the earlier surveys up to date by itself ----------------------------------------


@pytest.fixture
def three(tmp_path, monkeypatch):
    """A project of three years, and what stands in for kernels."""
    monkeypatch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
    root = tiny_run.make_project(tmp_path)
    for name in ("2022", "2023"):
        tiny_run.add_survey(root, name)
    return root, tiny_run.make_notebooks(root), tiny_run.Instead(monkeypatch)


def stages_of(stand_in) -> list[tuple[str, str]]:
    """Stages that ran since the last look, by survey; those of two surveys side by side in any order."""
    city = ("6-overview", "6-annex")
    ran = [(survey, name) for survey, name in stand_in.ran if name[0].isdigit() and name not in city]
    stand_in.ran.clear()
    return sorted(ran, key=lambda one: (one[0], one[1]))


OWN = [("2024", name) for name in ("1-clean", "2-index", "3-reliability", "4-compare")]
BEFORE = [(year, name) for year in ("2022", "2023") for name in ("1-clean", "2-index")]


def test_a_run_first_reads_the_surveys_it_is_compared_with_and_a_second_one_does_nothing(three):
    root, notebooks, stand_in = three
    outcome = tiny_run.go(root, notebooks)
    order = list(stand_in.ran)
    assert stages_of(stand_in) == BEFORE + OWN
    assert max(order.index(one) for one in BEFORE) < order.index(OWN[0])
    assert sorted(outcome.earlier) == BEFORE
    assert not (root / "reports/2023/public").exists()  # only its stages, no reports
    again = tiny_run.go(root, notebooks)
    assert stages_of(stand_in) == []
    assert again.earlier == []
    assert again.written == []


def test_what_a_later_run_did_the_run_of_that_survey_finds_done(three):
    root, notebooks, stand_in = three
    tiny_run.go(root, notebooks)
    stages_of(stand_in)
    Run(surveys.load(root, "2023"), Options(notebooks=notebooks)).go()
    assert stages_of(stand_in) == [("2023", "3-reliability"), ("2023", "4-compare")]
    tiny_run.go(root, notebooks)
    assert stages_of(stand_in) == []


def test_new_raw_answers_of_an_earlier_survey_are_read_and_the_comparison_made_again(three):
    root, notebooks, stand_in = three
    tiny_run.go(root, notebooks)
    stages_of(stand_in)
    (root / "data/raw/2023/answers.csv").write_text("a 7\nb 8\n")
    tiny_run.go(root, notebooks)
    assert stages_of(stand_in) == [("2023", "1-clean"), ("2023", "2-index"), ("2024", "4-compare")]


def test_status_calls_reports_stale_when_an_earlier_survey_has_other_raw_answers(three):
    root, notebooks, _ = three
    found = surveys.load(root, "2024")

    def states() -> set[str]:
        return {row["report"] for row in status.read(found, date.today()).rows}

    tiny_run.go(root, notebooks)
    assert states() == {"ok"}
    (root / "data/raw/2023/.~lock.answers.csv#").write_text("x")
    (root / "data/raw/2023/answers.csv").touch()
    assert states() == {"ok"}
    (root / "data/raw/2023/answers.csv").write_text("a 7\nb 8\n")
    assert states() == {"stale"}
    tiny_run.go(root, notebooks)
    assert states() == {"ok"}
    (root / "data/raw/2022/units.csv").write_text((root / "data/raw/2022/units.csv").read_text() + "\n")
    assert states() == {"stale"}


def test_status_says_nothing_of_an_earlier_survey_that_was_not_used(three):
    root, notebooks, _ = three
    tiny_run.go(root, notebooks, history=False)
    (root / "data/raw/2023/answers.csv").write_text("a 7\nb 8\n")
    assert {row["report"] for row in status.read(surveys.load(root, "2024"), date.today()).rows} == {"ok"}


def test_at_most_four_earlier_surveys_are_read_the_newest(three):
    root, notebooks, stand_in = three
    for name in ("2017", "2018", "2020"):
        tiny_run.add_survey(root, name)
    tiny_run.go(root, notebooks)
    assert {survey for survey, _ in stages_of(stand_in)} == {"2018", "2020", "2022", "2023", "2024"}


def test_surveys_of_the_same_period_and_later_ones_are_not_read(three):
    root, notebooks, stand_in = three
    tiny_run.add_survey(root, "2024-internal")
    tiny_run.add_survey(root, "2025")
    tiny_run.go(root, notebooks)
    assert {survey for survey, _ in stages_of(stand_in)} == {"2022", "2023", "2024"}


def test_without_history_no_earlier_survey_is_touched_and_what_was_read_is_used(three):
    root, notebooks, stand_in = three
    tiny_run.go(root, notebooks, history=False)
    assert stages_of(stand_in) == OWN
    assert not (root / "data/processed/2023").exists()
    tiny_run.go(root, notebooks)
    assert stages_of(stand_in) == [*BEFORE, OWN[-1]]
    (root / "data/raw/2023/answers.csv").write_text("a 7\nb 8\n")
    outcome = tiny_run.go(root, notebooks, history=False)
    assert stages_of(stand_in) == []
    assert outcome.notes == ["2023 changed since it was read and is used as it was (--no-history)"]


def test_a_single_stage_is_run_alone(three):
    root, notebooks, stand_in = three
    tiny_run.go(root, notebooks, stage="1-clean")
    assert stages_of(stand_in) == [("2024", "1-clean")]


@pytest.mark.parametrize("how", ["definition", "stage", "printed"])
def test_a_broken_earlier_survey_is_one_sentence_and_stops_nobody(three, how):
    root, notebooks, stand_in = three
    yml = root / "data/raw/2022/survey.yml"
    good = yml.read_text(encoding="utf-8")
    printed = root / "data/raw/2021/published.csv"
    if how == "definition":
        yml.write_text("title: [\n", encoding="utf-8")
    elif how == "printed":
        printed.parent.mkdir()
        printed.write_text("unit,ikm\na,tinggi\n", encoding="utf-8")
    else:
        stand_in.failing.add("1-clean of 2022")
    outcome = tiny_run.go(root, notebooks)
    broken = {"definition": "2022", "stage": "2022", "printed": "2021"}[how]
    assert list(outcome.broken) == [broken]
    assert "\n" not in outcome.broken[broken]
    assert outcome.written[0] == "overview" or len(outcome.written) == 4
    assert outcome.failures == []
    survey = surveys.load(root, "2024")
    said = [x for x in command.summary(survey, Options(), outcome) if broken in x]
    assert len(said) == 1
    assert "cannot be used" in said[0]
    assert cli._code(outcome) == cli.SOME_FAILED
    kept = json.loads((survey.processed / surveys.EARLIER_FILE).read_text(encoding="utf-8"))
    assert kept == outcome.broken
    # Mended, it is read and what was said of it is gone.
    yml.write_text(good, encoding="utf-8")
    stand_in.failing.clear()
    printed.write_text("unit,ikm\na,80\n", encoding="utf-8") if how == "printed" else None
    mended = tiny_run.go(root, notebooks)
    assert mended.broken == {}
    assert not (survey.processed / surveys.EARLIER_FILE).exists()
    assert cli._code(mended) == cli.DONE


def test_a_run_killed_within_an_earlier_survey_goes_on_where_it_was(three, monkeypatch):
    root, notebooks, stand_in = three
    real = StageRun.stage

    class Killed(BaseException):
        pass

    def stage(run, name):
        if (run.survey.name, name) == ("2023", "2-index"):
            raise Killed
        return real(run, name)

    monkeypatch.setattr(StageRun, "stage", stage)
    with pytest.raises(Killed):
        tiny_run.go(root, notebooks, jobs=1)
    stages_of(stand_in)
    monkeypatch.setattr(StageRun, "stage", real)
    tiny_run.go(root, notebooks, jobs=1)
    assert stages_of(stand_in) == [("2023", "2-index"), *OWN]


def test_why_and_dry_run_name_the_earlier_stages_and_the_reason(three):
    root, notebooks, _ = three
    survey, options = surveys.load(root, "2024"), Options(notebooks=notebooks)
    told = list(why.dry_run(survey, options))
    assert told[:2] == ["run 1-clean of 2022: never made", "run 1-clean of 2023: never made"]
    assert not any("2022" in line for line in why.dry_run(survey, replace(options, history=False)))
    tiny_run.go(root, notebooks)
    assert list(why.lines(survey, "a", options)) == ["a: up to date (2 files, as they were written)"]
    (root / "data/raw/2023/answers.csv").write_text("a 7\nb 8\n")
    told = list(why.lines(survey, "a", options))
    assert told[0] == "1-clean of 2023 would run first: raw file answers.csv changed"
    assert "run 1-clean of 2023: raw file answers.csv changed" in why.dry_run(survey, options)


def test_another_run_of_the_earlier_survey_is_waited_for_not_refused(three):
    root, notebooks, stand_in = three
    lock = root / "data/processed/2023/.lock"
    said: list[str] = []
    with only_run(lock):
        run = Run(
            surveys.load(root, "2024"), Options(notebooks=notebooks), lambda label, *_: said.append(label)
        )
        thread = threading.Thread(target=run.go)
        thread.start()
        soon(lambda: "waiting for another run of 2023" in said, "it waits")
        assert not any(one == ("2023", "1-clean") for one in stand_in.ran)
    thread.join()
    assert stages_of(stand_in) == BEFORE + OWN


def test_verify_hashes_what_was_used_of_the_earlier_surveys(three):
    root, notebooks, _ = three
    tiny_run.go(root, notebooks)
    survey = surveys.load(root, "2024")
    made = json.loads((survey.reports / "run.json").read_text(encoding="utf-8"))
    assert set(made["earlier"]) == {"2022", "2023"}
    assert set(made["earlier"]["2023"]) == {"responses.parquet", "raw files"}
    assert verify.verify(survey, units=0, notebooks=notebooks).wrong == []
    (root / "data/processed/2023/responses.parquet").write_text("a 9\n")
    (root / "data/raw/2022/answers.csv").write_text("a 1\n")
    assert verify.verify(survey, units=0, notebooks=notebooks).wrong == [
        "file of an earlier survey changed: 2022/raw files",
        "file of an earlier survey changed: 2023/responses.parquet",
    ]


def test_the_definition_of_an_earlier_survey_is_not_read_when_nothing_changed(three, monkeypatch):
    root, notebooks, _ = three
    tiny_run.go(root, notebooks)
    survey = surveys.load(root, "2024")

    def load(root, name):
        raise AssertionError(f"{name} was read")

    monkeypatch.setattr("pipeline.run.earlier.surveys.load", load)
    assert Run(survey, Options(notebooks=notebooks)).go().earlier == []


def test_an_earlier_survey_that_another_run_read_anew_meanwhile_is_told(three, monkeypatch):
    root, notebooks, _ = three
    real = StageRun.stage

    def stage(run, name):
        page = real(run, name)
        if name == "4-compare":
            (root / "data/processed/2023/responses.parquet").write_text("a 9\nb 9\n")
        return page

    monkeypatch.setattr(StageRun, "stage", stage)
    outcome = tiny_run.go(root, notebooks)
    assert outcome.changed_raw == ["survey 2023"]
    assert verify.verify(surveys.load(root, "2024"), units=0, notebooks=notebooks).wrong
    monkeypatch.setattr(StageRun, "stage", real)
    assert tiny_run.go(root, notebooks).changed_raw == []
    assert verify.verify(surveys.load(root, "2024"), units=0, notebooks=notebooks).wrong == []
