"""What lies in a survey's folder: tables that nothing reads, one that two entries read, folders that are no units."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import intake
from pipeline.words import problems
from tests.support.raw_surveys import THREES, cleaned, wide

ONE = wide(*([f"r{n}", "a", *THREES] for n in range(3)))
TWO = wide(*([f"s{n}", "b", *THREES] for n in range(3)))


def told(made: intake.Intake) -> list[intake.Problem]:
    return [problem for problem in made.problems if "not read" in problem.what]


@pytest.mark.parametrize(
    ("files", "definition", "left", "first"),
    [
        ({"a.csv": ONE, "sub/b.csv": TWO}, "", "sub/b.csv", True),
        ({"a/a.csv": ONE, "a/deep/b.csv": TWO}, "", "a/deep/b.csv", True),
        ({"a.csv": ONE, "b.csv": TWO}, "files: [{path: a.csv}]", "b.csv", False),
    ],
)
def test_a_table_that_nothing_reads_is_said(
    tmp_path: Path, files: dict[str, str], definition: str, left: str, first: bool
):
    (problem,) = told(cleaned(tmp_path, files, definition))
    assert (problem.file, problem.fatal, problem.first) == (left, False, first)
    for kind, text in (("what", problem.what), ("hint", problem.hint)):
        assert problems.said("id", kind, text) != text


def test_of_many_some_are_named(tmp_path: Path):
    (problem,) = told(cleaned(tmp_path, {"a.csv": ONE, **{f"lain/{n}.csv": TWO for n in range(7)}}))
    assert problem.what.startswith("7 tables in the survey's folder are not read: lain/0.csv, lain/1.csv")
    assert problem.what.endswith("lain/4.csv, …")
    assert "lain/4.csv, …" in problems.said("id", "what", problem.what)


def test_what_is_no_table_of_answers_is_not_missed(tmp_path: Path):
    files = {
        "a.csv": ONE, "~$a.xlsx": "x", ".b.csv": "x", "_lama/c.csv": TWO, "content/t.csv": "x", "photos/p.csv": "x",
        "evidence/e.csv": "x", "catatan.pdf": "x", "kode.csv": "id,teks\n1,satu\n",
    }  # fmt: skip
    definition = "lookups: [{path: kode.csv, field: service, key: id, text: teks}]\n"
    assert told(cleaned(tmp_path, files, definition)) == []


def test_a_file_that_two_entries_read_is_named(tmp_path: Path):
    with pytest.raises(intake.IntakeError) as raised:
        cleaned(tmp_path, {"a.csv": ONE}, "files: [{path: a.csv}, {path: '*.csv'}]")
    said = str(raised.value)
    assert "a.csv: its rows were read twice" in said
    assert "two entries under `files:` read it" in said
    assert "came out of" not in said


@pytest.mark.parametrize(("folders", "units"), [
    (("01-januari", "02-februari"), {"a": 3, "b": 3}),  # no unit is called so: the column says it
    (("b", "02-februari"), {"b": 3, "unknown": 3}),  # one is: then a folder is a unit, and the other is missing
])  # fmt: skip
def test_folders_that_are_no_units_leave_the_unit_to_a_column(
    tmp_path: Path, folders: tuple[str, str], units: dict[str, int]
):
    made = cleaned(tmp_path, {f"{folders[0]}/x.csv": ONE, f"{folders[1]}/x.csv": TWO})
    assert made.responses["unit"].value_counts().loc[lambda n: n > 0].to_dict() == units
