"""Tables whose answers stand once more in another one are told, and both count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.intake.account import repeated_tables
from pipeline.words import problems
from tests.support.raw_surveys import LABELS, balance, cleaned, csv, wide
from tests.support.shapes import book

HEAD = ["Timestamp", "unit", *LABELS]


def people(n: int, unit: str = "a", seed: int = 1, first: int = 1) -> list[list[object]]:
    """Independent answers of people who came one after the other."""
    scores = np.random.default_rng(seed).integers(2, 5, (n, 9)).tolist()
    return [
        [f"2024-05-01 {8 + i // 60:02d}:{i % 60:02d}:0{first % 10}", unit, *s] for i, s in enumerate(scores)
    ]


def told(made) -> list[tuple[str, str]]:
    return [(p.file, p.what) for p in made.problems if "one after the other" in p.what]


def test_the_answers_of_may_in_the_export_of_june_are_told_and_count_twice(tmp_path: Path):
    may, june = people(12), people(15, seed=2)
    made = cleaned(tmp_path, {"mei.csv": csv(HEAD, *may), "juni.csv": csv(HEAD, *june[:4], *may, *june[4:])})
    assert len(made.responses) == 12 + 27
    what = "its 12 respondents answered one after the other as rows 6 to 17 of juni.csv did, and both are counted"
    assert told(made) == [("mei.csv", what)]
    (one,) = [p for p in made.problems if "one after the other" in p.what]
    assert (one.fatal, one.first) == (False, True)
    assert problems.said("id", "what", one.what).startswith("12 respondennya menjawab satu per satu")
    assert problems.said("id", "hint", one.hint) != one.hint
    balance(made)


def test_one_table_as_workbook_and_as_csv_is_told_once(tmp_path: Path):
    rows = [HEAD, *people(14)]
    made = cleaned(tmp_path, {"x.csv": csv(*rows), "x.xlsx": book({"Data": rows})})
    assert [file for file, _ in told(made)] == ["x.xlsx"]


def test_a_sheet_copied_within_a_workbook_is_told_with_its_name(tmp_path: Path):
    rows = [HEAD, *people(14)]
    made = cleaned(tmp_path, {"x.xlsx": book({"Data": rows, "Data (2)": rows})})
    (one,) = [p for p in made.problems if "one after the other" in p.what]
    assert (one.file, one.sheet) == ("x.xlsx", "Data (2)")


def test_another_units_answers_under_a_units_name_are_told(tmp_path: Path):
    rows = people(14)
    other = [[stamp, "b", *answers] for stamp, _, *answers in rows]
    made = cleaned(tmp_path, {"a.csv": csv(HEAD, *rows), "b.csv": csv(HEAD, *other)})
    assert [file for file, _ in told(made)] == ["b.csv"]
    assert set(made.responses["unit"].astype(str)) == {"a", "b"}


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[:9],
        lambda rows: [*rows[:6], rows[6][:2] + [1] * 9, *rows[7:]],
        lambda rows: [*rows[7:], *rows[:7]],
    ],
    ids=["nine rows", "one answer another", "another order"],
)
def test_what_may_be_chance_or_is_not_the_same_is_not_told(tmp_path: Path, change):
    rows = people(14)
    made = cleaned(tmp_path, {"a.csv": csv(HEAD, *rows), "b.csv": csv(HEAD, *change(rows))})
    assert told(made) == []


def test_tables_in_which_nearly_everybody_answers_alike_are_no_copies(tmp_path: Path):
    rows = [[n, "a", *([4] * 9 if n % 7 else [3] * 9)] for n in range(1, 41)]
    made = cleaned(tmp_path, {"a.csv": wide(*rows), "b.csv": wide(*rows, [99, "a", *[3] * 9])})
    assert told(made) == []


def test_independent_people_of_many_small_tables_are_never_told(tmp_path: Path):
    # Nine in ten give one of three answers to everything, as happens; 300 tables of 12.
    draw = np.random.default_rng(7)
    files = {}
    for k in range(300):
        scores = [[int(draw.choice([3, 4, 2], p=[0.6, 0.3, 0.1]))] * 9 for _ in range(12)]
        files[f"{k}.csv"] = wide(*[[i, "a", *s] for i, s in enumerate(scores, 1)])
    assert told(cleaned(tmp_path, files)) == []


def test_of_very_many_repeated_tables_the_rest_is_counted(tmp_path: Path):
    answers = [row[2:] for row in people(12)]
    files = {
        f"{k:02d}.csv": wide(*[[100 * k + i, "a", *scores] for i, scores in enumerate(answers)])
        for k in range(25)
    }
    made = cleaned(tmp_path, files)
    more = [p.what for p in made.problems if "more tables repeat" in p.what]
    assert len(told(made)) == repeated_tables.MOST
    assert len(more) == 1
    assert problems.said("id", "what", more[0]) != more[0]
