"""An unsur of the regulation that nobody answered is said on page one, and first by check and run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline import intake, report
from pipeline import survey as surveys
from pipeline.report import overview
from pipeline.report.base import unanswered
from pipeline.report.unit import head as unit_head
from pipeline.run import unread
from tests.support import small_city
from tests.support.raw_surveys import CODES, LABELS, THREES, cleaned, csv

WORDS = {"id": "Tidak semua unsur terjawab", "en": "Not every element was answered"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city in which nobody answered U5, and nobody in dinas-a U4 either."""
    root = small_city.build(tmp_path_factory.mktemp("city"))
    # Where every unsur was answered nothing is said.
    assert unanswered.of_unit(report.open_unit("2024", "dinas-a", root=root)) == []
    assert unanswered.of_city(overview.open_city("2024", "id", root)) == []
    path = root / "data/processed/2024/responses.parquet"
    frame = pd.read_parquet(path)
    for item, rows in (("U5", frame.index), ("U4", frame.index[frame["unit"] == "dinas-a"])):
        frame.loc[rows, item] = pd.NA
        frame.loc[rows, f"{item}__status"] = "missing"
    frame.to_parquet(path, index=False)
    small_city.compute(root, "2024")
    return root


@pytest.mark.parametrize("lang", ["id", "en"])
def test_pages_one_of_unit_and_city_name_the_unsur_without_answers(city: Path, lang: str):
    unit = report.open_unit("2024", "dinas-a", lang=lang, root=city)
    page = small_city.as_json(unit_head.summary(unit))
    assert page.count(WORDS[lang]) == 1
    for code in ("U4", "U5"):
        assert unit.item_name(code) in small_city.as_json(unanswered.of_unit(unit)[0])
    other = report.open_unit("2024", "dinas-b", lang=lang, root=city)
    assert other.item_name("U4") not in small_city.as_json(unanswered.of_unit(other)[0])
    whole = overview.open_city("2024", lang, city)
    assert small_city.as_json(overview.summary(whole)).count(WORDS[lang]) == 1
    assert whole.item_name("U4") not in small_city.as_json(unanswered.of_city(whole)[0])


def eight(skip: int) -> str:
    kept = [n for n in range(9) if n != skip]
    return csv(["id", "unit", *[LABELS[n] for n in kept]], *[[p, "a", *THREES[:8]] for p in range(6)])


@pytest.mark.parametrize("skip", [0, 3, 8])
def test_check_and_run_say_first_what_nobody_answered(tmp_path: Path, skip: int):
    made = cleaned(tmp_path, {"a.csv": eight(skip)})
    (problem,) = [p for p in made.problems if p.first]
    assert f"nobody answered {CODES[skip]} (" in problem.what
    survey = surveys.load(tmp_path, "2024")
    intake.write(made, survey)
    told = unread.found(survey, survey.processed)
    assert not told.wrong
    assert "nobody answered" in next(unread.losses(told, "page"))
    assert unread.restored(told.stored()) == told


def test_a_column_that_is_there_and_empty_is_no_answer_either(tmp_path: Path):
    made = cleaned(
        tmp_path, {"a.csv": csv(["id", "unit", *LABELS], *[[p, "a", *THREES[:8], ""] for p in range(6)])}
    )
    assert next(p.what for p in made.problems if p.first).startswith("nobody answered U9 (")


def test_what_the_definition_leaves_out_for_every_unit_is_not_asked_again(tmp_path: Path):
    weights = ", ".join(f"{code}: '1/8'" for code in CODES if code != "U4")
    definition = f"indicators:\n- units: ['*']\n  items: {{{weights}}}\n"
    assert not [p for p in cleaned(tmp_path, {"a.csv": eight(3)}, definition).problems if p.first]
    one = definition.replace("'*'", "a")
    assert [p for p in cleaned(tmp_path / "2", {"a.csv": eight(3)}, one).problems if p.first]
