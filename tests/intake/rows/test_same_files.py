"""Files delivered twice: which one counts, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.words import problems
from tests.support.raw_surveys import LABELS, THREES, balance, cleaned, csv, reasons, wide
from tests.support.shapes import book

BY_FILE = "files:\n  - path: '*.csv'\n    unit: {file: true}\n"
ONE = csv(["id responden", *LABELS], [1, *THREES], [2, *THREES])
OTHER = csv(["id responden", *LABELS], [3, *THREES])


def by_unit(made) -> dict[str, int]:
    return made.responses["unit"].astype(str).value_counts().to_dict()


def told(made) -> dict[str, tuple[str, str]]:
    return {p.file: (p.what, p.hint) for p in made.problems if "same" in p.what}


@pytest.mark.parametrize(
    "copy", ["a (1).csv", "a - salinan.csv", "Salinan a.csv", "A_lama.csv", "00.csv", "z.csv"]
)
def test_a_copy_does_not_take_the_people_from_the_unit_that_the_files_name_says(tmp_path: Path, copy: str):
    made = cleaned(tmp_path, {"a.csv": ONE, copy: ONE, "b.csv": OTHER}, BY_FILE)
    assert by_unit(made) == {"a": 2, "b": 1}
    assert told(made) == {
        copy: ("is the same file as a.csv; its rows are counted once", "remove one of the two")
    }
    assert reasons(made) == {"same-file": 2}
    assert set(made.ledger["source_file"]) == {copy}
    balance(made)


def test_a_copy_in_a_folder_above_in_the_order_does_not_count_either(tmp_path: Path):
    files = {"arsip/lama.csv": ONE, "kirim/skm_a_2024.csv": ONE, "kirim/skm_b_2024.csv": OTHER}
    entry = "files:\n  - path: ['arsip/*.csv', 'kirim/*.csv']\n    unit: {file: 'skm_{unit}_2024'}\n"
    made = cleaned(tmp_path, files, entry)
    assert by_unit(made) == {"a": 2, "b": 1}
    assert list(told(made)) == ["arsip/lama.csv"]
    balance(made)


def test_a_name_that_the_definition_gives_a_unit_is_the_name_of_a_unit(tmp_path: Path):
    definition = BY_FILE + "values:\n  unit: {loket-satu: a}\n"
    made = cleaned(tmp_path, {"loket-satu.csv": ONE, "0.csv": ONE, "b.csv": OTHER}, definition)
    assert by_unit(made) == {"a": 2, "b": 1}
    assert list(told(made)) == ["0.csv"]


def test_of_two_units_with_one_content_the_second_is_told_to_bring_its_own(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": ONE, "b.csv": ONE}, BY_FILE)
    assert by_unit(made) == {"a": 2}
    what, hint = told(made)["b.csv"]
    assert what == "is the same file as a.csv; its rows are counted once"
    assert hint.startswith("these are files of two units")
    assert problems.said("id", "hint", hint).startswith("nama kedua berkas")


def test_where_a_column_says_the_unit_the_shortest_name_counts(tmp_path: Path):
    text = wide([1, "a", *THREES], [2, "b", *THREES])
    made = cleaned(tmp_path, {"data (1).csv": text, "data.csv": text})
    assert set(made.responses["unit"]) == {"a", "b"}
    assert set(made.ledger["source_file"]) == {"data (1).csv"}


def test_a_workbook_of_several_sheets_delivered_twice_is_told_of_once(tmp_path: Path):
    rows = [["id responden", *LABELS], [1, *THREES], [2, *THREES]]
    made_twice = book({"Mei": rows, "Juni": rows[:2]})
    definition = "files:\n  - path: '*.xlsx'\n    unit: {file: true}\n"
    made = cleaned(tmp_path, {"a.xlsx": made_twice, "Copy of a.xlsx": made_twice}, definition)
    assert [p.file for p in made.problems if "same file" in p.what] == ["Copy of a.xlsx"]
    balance(made)


def test_one_workbook_under_two_entries_is_no_copy_of_itself(tmp_path: Path):
    rows = [["id responden", *LABELS], [1, *THREES]]
    definition = (
        "files:\n  - {path: x.xlsx, sheet: Mei, unit: {constant: a}}\n"
        "  - {path: x.xlsx, sheet: Juni, unit: {constant: b}}\n"
    )
    made = cleaned(tmp_path, {"x.xlsx": book({"Mei": rows, "Juni": rows})}, definition)
    assert told(made) == {}
    assert len(made.responses) == 2
