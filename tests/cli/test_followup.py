"""``skm status --follow-up`` and what ``skm new --from`` takes over, as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import followup
from pipeline.intake.followup.read import read
from tests.support.called import skm
from tests.support.raw_surveys import make

PLAN = (
    "id,unit,unsur,action,owner,due,status,done,evidence\n"
    "1,a,U3,Tambah loket,Kepala Seksi,2025-03-01,selesai,2025-02-01,\n"
    "2,a,U9,Perbaiki ruang,Sekretariat,2025-06-01,berjalan,,\n"
    "1,b,U1,Pasang daftar,Sekretariat,1/9/2025,planned,,\n"
    "1,c,U1,x,,,,,\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make(tmp_path, {"follow-up.csv": PLAN}, units="id,name\na,Dinas A\nb,Dinas B\nd,Dinas D\n")
    return tmp_path


def test_who_is_late_on_a_day_is_listed_first_and_a_bad_row_is_said(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skm("status", "2024", "--follow-up", "--on", "2025-07-01", "--root", root) == 0
    out, wrong = capsys.readouterr()
    assert [line.split()[:4] for line in out.splitlines() if line[:1] in "ab"] == [
        ["a", "2", "1", "1"], ["b", "1", "0", "0"],
    ]  # fmt: skip
    assert "30 d late: U9 Perbaiki ruang (Sekretariat)" in out
    assert "1 of 2 units are late" in out
    assert 'row 5, column "unit": there is no unit "c"' in wrong


def test_json_holds_the_same_and_late_keeps_what_is_late(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skm("status", "2024", "--follow-up", "--late", "--json", "--on", "2025-07-01", "--root", root) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["unit"], row["late"], row["percent_done"]) == ("a", 1, 50.0)
    assert [(one["id"], one["days_late"]) for one in row["actions"]] == [("2", 30)]


@pytest.mark.parametrize(
    "arguments", [["--follow-up", "--html"], ["--on", "besok"], ["--follow-up", "--on", "besok"]]
)
def test_a_wrong_use_is_said_and_ends_with_2(root: Path, arguments: list[str]) -> None:
    assert skm("status", "2024", *arguments, "--root", root) == 2


def test_without_a_plan_the_command_says_where_one_is_described(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {}, units="id,name\na,Dinas A\n")
    assert skm("status", "2024", "--follow-up", "--root", tmp_path) == 0
    assert "docs/follow-up.md" in capsys.readouterr().out


def test_a_new_survey_takes_over_what_is_open(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert skm("new", "2025", "--from", "2024", "--root", root) == 0
    assert "wrote data/raw/2025/follow-up.csv" in capsys.readouterr().out
    text = (root / "data/raw/2025/follow-up.csv").read_text()
    assert [line.split(",")[:2] for line in text.splitlines()[1:]] == [["2", "a"], ["1", "b"]]


def test_of_many_bad_rows_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "unit,action\n" + "x,y\n" * 9
    told = followup.wrong(read(make(tmp_path, {"follow-up.csv": rows}, units="id,name\na,A\nb,B\n")))
    assert len(told) == 6
    assert told[-1] == "and 4 more in follow-up.csv"
