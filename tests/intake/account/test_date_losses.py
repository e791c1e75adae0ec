"""What is said of the dates of a whole survey."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.words import problems
from tests.support.raw_surveys import THREES, cleaned, wide

FILES = {"a.csv": wide(*[[i, "a", *THREES] for i in range(1, 8)])}
NO_DATE = "names no year and states no `fieldwork:`"


def undated(root: Path, definition: str, name: str) -> list[str]:
    made = cleaned(root, FILES, definition, name=name)
    return [p.what for p in made.problems if p.what.startswith(NO_DATE)]


def test_a_survey_of_no_year_and_no_fieldwork_is_told_before_its_reports_fail(tmp_path: Path):
    made = cleaned(tmp_path, FILES, "period: Semester ganjil\n", name="uji-mpp")
    (told,) = [p for p in made.problems if p.what.startswith(NO_DATE)]
    assert told.first
    assert not told.fatal
    assert told.file == "survey.yml"
    assert told.hint.startswith("state `fieldwork:`")


def test_the_sentence_of_a_survey_without_a_date_is_said_in_both_languages(tmp_path: Path):
    made = cleaned(tmp_path, FILES, name="uji-mpp")
    (told,) = [p for p in made.problems if p.what.startswith(NO_DATE)]
    assert problems.said("en", "what", told.what) == told.what
    assert problems.said("id", "what", told.what).startswith("tidak menyebut tahun")
    assert problems.said("id", "hint", told.hint).startswith("nyatakan `fieldwork:`")


@pytest.mark.parametrize(
    ("definition", "name"),
    [
        ("", "2024"),
        ("period: Semester I 2025\n", "uji-mpp"),
        ("fieldwork: {end: 2024-02-01}\n", "uji-mpp"),
        ("fieldwork: {extracted: 2024-02-01}\n", "uji-mpp"),
    ],
)
def test_a_year_or_a_day_of_fieldwork_is_date_enough(tmp_path: Path, definition: str, name: str):
    assert undated(tmp_path, definition, name) == []
