"""Ways of asking on the annex: the numbers of the table, no cause, and the reason where way and unit go together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import results
from pipeline.report.city.modes import modes as section
from pipeline.report.data.city import CityReport
from pipeline.statistics.design import modes
from tests.support.city_fixture import make_survey
from tests.support.reference_sets import ORACLE

PEOPLE = pd.read_csv(ORACLE / "44_modes" / "data.csv")
ITEMS = [f"U{j}" for j in range(1, 10)]


def city(root: Path, people: pd.DataFrame, lang: str) -> CityReport:
    given: dict[str, Any] = {"mode": people["mode"], "attributes": people[["sex"]]}
    table = modes.table(people[ITEMS].astype("Int64"), people["unit"], **given)
    return CityReport(make_survey(root, 2), lang, {"adjustment": table})


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_pair_stands_with_the_numbers_of_its_row(tmp_path: Path, lang: str) -> None:
    shown = city(tmp_path, PEOPLE, lang)
    w, made = shown.words, section(shown)
    text = " ".join(block.plain_text() for block in made)
    for row in results.rows_of(results.pick(shown.table("adjustment"), statistic="mode_gap_adjusted")):
        assert w.interval(row.lower, row.upper) in text
        assert w.p(row.p_adjusted) in text
    assert {"id": "Tidak seorang pun diundi", "en": "Nobody was drawn"}[lang] in made[1].note


def test_way_and_unit_that_go_together_are_said_with_the_reason_and_one_way_says_nothing(
    tmp_path: Path,
) -> None:
    shown = city(tmp_path, PEOPLE[PEOPLE["unit"].isin(["c", "h"])], "en")
    (block,) = section(shown)
    assert shown.words.label("reason", "confounded") in block.plain_text()
    assert section(city(tmp_path, PEOPLE[PEOPLE["mode"] == "online"], "en")) == []
