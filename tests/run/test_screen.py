"""What ``skm status`` prints: one screen by cause whatever the number of units, a table, JSON that stays the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import survey as surveys
from pipeline.office.pages import status as status_page
from pipeline.run import causes, lock, screen, status
from pipeline.run.attention import TARGETS_FILE
from pipeline.run.ledger import Work, open_ledger
from tests.support.raw_surveys import make

TODAY = date(2024, 11, 20)
DOC = Path(__file__).parents[2] / "docs" / "status.md"


def city(root: Path, many: int, *, read: bool = True) -> surveys.Survey:
    """A survey of many units: every third without answers, the others with too few; half of them overdue."""
    lines = ["id,name,type,basic_service,target,deadline"]
    ids = [f"unit-dengan-nama-panjang-{number}" for number in range(many)]
    for number, unit in enumerate(ids):
        day = "2024-11-01" if number % 2 else "2024-11-25"
        lines.append(f"{unit},Unit {number},{'dinas' if number % 2 else 'lain'},"
                     f"{'yes' if number % 5 == 0 else 'no'},88.31,{day}")  # fmt: skip
    survey = make(root, {}, units="\n".join(lines) + "\n")
    if read:
        survey.processed.mkdir(parents=True)
        units = [
            {
                "id": unit,
                "slug": unit,
                "name": unit,
                "n": 0 if number % 3 == 0 else 10 + number,
                "required": 5000,
            }
            for number, unit in enumerate(ids)
        ]
        units.append({"id": "unknown", "slug": "unknown", "name": "unknown", "n": 7, "required": None})
        (survey.processed / "units.json").write_text(json.dumps(units))
        verdicts = {unit: {"target": "88.31", "verdict": "below", "reason": ""} for unit in ids}
        (survey.processed / TARGETS_FILE).write_text(json.dumps(verdicts))
    return survey


def told(survey: surveys.Survey, **more: Any) -> status.State:
    return status.read(survey, TODAY, **more)


@pytest.mark.parametrize("many", [1, 3, 48, 900])
def test_the_screen_has_24_lines_of_80_columns_at_most_however_many_units(tmp_path: Path, many: int) -> None:
    plans = {f"unit-dengan-nama-panjang-{number}": (3, 2) for number in range(0, many, 2)}
    lines = screen.screen(told(city(tmp_path, many), plans=plans))
    assert len(lines) <= screen.LINES
    assert max(map(len, lines)) <= screen.WIDTH


def test_each_cause_stands_once_with_what_to_do_and_its_units(tmp_path: Path) -> None:
    state = told(city(tmp_path, 6))
    found = {group.cause.code: (group.count, group.basic, len(group.units)) for group in state.groups}
    assert found == {
        "outdated": (6, 2, 6), "empty-near": (1, 1, 1), "few-near": (2, 0, 2), "empty-passed": (1, 0, 1),
        "few-passed": (2, 1, 2), "unlisted": (7, 0, 0), "below-target": (6, 2, 6),
    }  # fmt: skip
    assert [group.cause.code for group in state.groups] == [code for code in causes.CAUSES if code in found]
    text = "\n".join(screen.screen(state))
    for group in state.groups:
        assert text.count(f"{group.cause.what}:") == 1
    assert "Answers    4 too few, 2 none" in text
    assert "Deadline   3 passed, 3 near" in text


def test_a_table_has_every_unit_and_the_numbers_of_its_causes(tmp_path: Path) -> None:
    state = told(city(tmp_path, 6))
    lines = list(screen.table(state))
    numbers = {group.cause.code: place for place, group in enumerate(state.groups, 1)}
    rows = lines[next(at for at, line in enumerate(lines) if line.startswith("unit ")) + 1 : -1]
    assert len(rows) == len(state.rows) == 7
    for row, line in zip(state.rows, rows, strict=True):
        assert line.startswith(row["unit"])
        assert line.endswith("  " + " ".join(str(numbers[code]) for code in row["causes"]))
    assert max(map(len, lines)) <= screen.WIDTH


def test_json_holds_every_row_and_cause_under_the_keys_that_are_described(tmp_path: Path) -> None:
    state = told(city(tmp_path, 6))
    found = json.loads(screen.as_json(state))
    assert found["schema"] == 1
    assert found["units"] == state.rows
    assert {one["cause"]: one["units"] for one in found["causes"]} == {
        group.cause.code: list(group.units) for group in state.groups
    }
    described = set(re.findall(r"^\| `([a-z_]+)` \|", DOC.read_text(encoding="utf-8"), re.M))
    assert {*found, *found["causes"][0], *found["units"][0]} == described


def test_the_document_lists_every_cause_in_the_order_of_the_screen() -> None:
    listed = re.findall(r"^\| \d+ \| `([a-z-]+)` \| ([^|]+) \|", DOC.read_text(encoding="utf-8"), re.M)
    assert listed == [(code, cause.what) for code, cause in causes.CAUSES.items()]


def test_of_a_survey_never_run_one_cause_is_told_for_all_units(tmp_path: Path) -> None:
    state = told(city(tmp_path, 48, read=False))
    assert [(group.cause.code, group.count) for group in state.groups] == [("not-read", 48)]
    text = "\n".join(screen.screen(state))
    assert "skm run 2024" in text
    assert "No run of this survey yet" in text


def test_where_nothing_is_wrong_nobody_is_asked_for_anything(tmp_path: Path) -> None:
    survey = make(tmp_path, {}, units="id,name\na,A\n")
    survey.processed.mkdir(parents=True)
    (survey.processed / "units.json").write_text(
        '[{"id": "a", "slug": "a", "name": "A", "n": 9, "required": 5}]'
    )
    (survey.public / "units" / "a").mkdir(parents=True)
    (survey.public / "units" / "a" / "report.html").write_text("x")
    lines = screen.screen(told(survey))
    assert lines[1] == "Nothing needs somebody."
    assert lines[2:4] == ["Answers    1 enough", "Reports    1 up to date"]


def test_what_the_raw_data_lost_is_told_before_everything_else(tmp_path: Path) -> None:
    survey = city(tmp_path, 3)
    loss = {"file": "a.csv", "sheet": "", "row": None, "column": "", "unit": "", "what": "x", "hint": ""}
    with open_ledger(survey.processed, survey.root) as ledger:
        ledger.note(
            "raw",
            unread={"count": 2, "told": [loss], "absent": [], "doubts": 0, "losses": [loss], "first": []},
        )
    state = told(survey)
    assert [(group.cause.code, group.count) for group in state.groups][:2] == [("lost", 1), ("unused", 2)]
    assert screen.screen(state)[2].endswith(": 1 loss")
    assert screen.screen(state)[4].endswith(": 2 files or sheets")


def test_a_failed_report_says_so_and_how_to_find_out_why(tmp_path: Path) -> None:
    survey = city(tmp_path, 3)
    with open_ledger(survey.processed, survey.root) as ledger:
        ledger.failed(Work("unit:unit-dengan-nama-panjang-1", {}), "no answers")
    state = told(survey)
    first = state.groups[0]
    assert (first.cause.code, first.units) == ("failed", ("unit-dengan-nama-panjang-1",))
    assert "skm why 2024 UNIT" in "\n".join(screen.screen(state))


def test_answers_of_unknown_users_are_enough_for_nobody_and_too_few_below_thirty(tmp_path: Path) -> None:
    survey = make(tmp_path, {}, units="id,name,deadline\na,A,\nb,B,\nc,C,\n")
    survey.processed.mkdir(parents=True)
    units = [{"id": u, "slug": u, "name": u, "n": n, "required": need}
             for u, n, need in (("a", 12, None), ("b", 30, None), ("c", 25, 24))]  # fmt: skip
    (survey.processed / "units.json").write_text(json.dumps(units))
    state = told(survey)
    assert {row["unit"]: row["data"] for row in state.rows} == {"a": "few", "b": "open", "c": "ok"}
    (few,) = [group for group in state.groups if group.cause.code == "few"]
    assert few.units == ("a",)
    assert "for information only below 30" in "\n".join(
        next(r for r in state.rows if r["unit"] == "a")["attention"]
    )
    shown = screen.screen(state)
    assert "   a 12" in shown
    assert "Answers    1 enough, 1 with 30 or more, users not known, 1 too few" in shown
    page = "\n".join(block.plain_text() for block in status_page.page(survey, screen.as_object(state), "en"))
    assert "30 or more, number of users not known" in page


def test_while_a_run_is_going_on_the_screen_says_so_and_takes_no_lock(tmp_path: Path) -> None:
    survey = city(tmp_path, 3)
    path = survey.processed / ".lock"
    with lock.only_run(path):
        state = told(survey)
        assert "A run is going on (process" in screen.screen(state)[1]
        assert "Wait for the run that is going on" in "\n".join(screen.screen(state))
        with pytest.raises(lock.Busy), lock.only_run(path):
            pass
    assert told(survey).running == ""


def test_the_number_of_a_killed_run_is_not_taken_for_a_run(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    for left in ('{"pid": 999999999, "started": "2024"}', '{"pid": "x"}', "{", "", "[]"):
        path.write_text(left)
        assert lock.running(path) == ""


def test_what_is_late_is_what_a_day_has_passed_with(tmp_path: Path) -> None:
    survey = city(tmp_path, 6)
    state = screen.only_past(told(survey, plans={"unit-dengan-nama-panjang-2": (3, 1)}))
    assert [group.cause.code for group in state.groups] == ["empty-passed", "few-passed", "late-plan"]
    assert {code for row in state.rows for code in row["causes"]} == {
        "empty-passed",
        "few-passed",
        "late-plan",
    }
    assert len(state.rows) == 4


def test_counts_of_some_units_are_not_told_as_those_of_all(tmp_path: Path) -> None:
    survey = city(tmp_path, 6)
    plans = {"unit-dengan-nama-panjang-2": (3, 1)}
    whole = told(survey, plans=plans)
    assert not any(line.startswith("Of ") for line in screen.screen(whole))
    assert any(line.startswith("Follow-up  1 unit with a plan") for line in screen.screen(whole))
    late = screen.screen(screen.only_past(whole))
    assert late[late.index("Of these 4 units:") + 1].startswith("Answers ")
    for lang, said in (("id", "yang dimuat halaman ini (4)"), ("en", "units that this page is about (4)")):
        for state, there in ((screen.only_past(whole), True), (whole, False)):
            page = status_page.page(survey, screen.as_object(state), lang)
            assert (said in "\n".join(block.plain_text() for block in page)) is there
    one = told(survey, units=["unit-dengan-nama-panjang-2"])
    assert "Of this unit:" in screen.screen(one)


def test_where_nothing_is_late_that_is_said_and_no_state_is_left_blank(tmp_path: Path) -> None:
    survey = city(tmp_path, 6)
    state = screen.only_past(status.read(survey, date(2020, 1, 1)))
    assert state.groups == ()
    assert screen.screen(state)[1] == "Nothing is late."
    assert [line for line in screen.screen(state) if line.split()[-1] in ("Answers", "Reports")] == []
    assert list(screen.table(state)) == ["Nothing is late."]
    # Units without answers still need somebody: the page says no more than was asked.
    page = "\n".join(block.plain_text() for block in status_page.page(survey, screen.as_object(state), "en"))
    assert "nothing is late" in page
    assert "nothing needs somebody" not in page


def test_a_title_cannot_move_the_cursor_of_a_terminal(tmp_path: Path) -> None:
    state = replace(told(city(tmp_path, 1)), title="Uji\x1b[2J\x07")
    assert "\x1b" not in "".join(screen.screen(state))


def test_of_more_causes_than_there_is_room_for_the_rest_is_counted(tmp_path: Path) -> None:
    state = told(city(tmp_path, 6))
    groups = tuple(
        causes.Group(cause, ("unit-dengan-nama-panjang-1",), 0, 1) for cause in causes.CAUSES.values()
    )
    lines = screen.screen(replace(state, groups=groups * 3))
    assert len(lines) <= screen.LINES
    assert any(re.match(r"and \d+ more causes", line) for line in lines)
