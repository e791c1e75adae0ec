"""Two surveys that use the questions alike, or not: against lavaan, and what is said of the change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.report.base.years_alike import caution, finding
from pipeline.statistics.psychometrics.invariance import years
from pipeline.words import Words
from tests.support.reference_sets import ORACLE

SET: Path = ORACLE / "45_two_years"
DATA = pd.read_csv(SET / "data.csv")
ITEMS = [f"U{j}" for j in range(1, 10)]
R: dict[str, Any] = json.loads((SET / "results.json").read_text())["wlsmv"]
NOW, THEN = (DATA.loc[DATA["year"] == year, ITEMS].reset_index(drop=True) for year in ("now", "then"))


def verdict(now: pd.DataFrame, then: pd.DataFrame) -> results.Row:
    made = years.table(now, then, "2024", "2025")
    return next(results.rows_of(results.pick(made, statistic="year_invariance")))


def test_the_fit_of_each_level_is_lavaan_s_and_unlike_starting_points_are_found() -> None:
    made = years.table(NOW, THEN, "2024", "2025")
    fit = results.pick(made, statistic="year_fit")
    for level in R["levels"]:
        for name in ("cfi", "rmsea"):
            mine = results.pick(fit, group=level, item=name)["estimate"].iloc[0]
            assert mine == pytest.approx(R["fit"][level][f"{name}.scaled"], abs=1e-5)
    row = verdict(NOW, THEN)
    assert (row.group, row.text, row.method, row.n, row.scope) == (
        "metric",
        "otherwise",
        "wlsmv-scaled",
        700,
        "surveys",
    )


def test_two_halves_of_one_survey_are_alike() -> None:
    assert verdict(THEN[:350], THEN[350:]).text == "alike"


def test_fewer_complete_answers_take_the_normal_model_and_too_few_none() -> None:
    few = verdict(NOW[:150], THEN[:150])
    assert (few.method, few.text) == ("ml", "otherwise")
    none = verdict(NOW[:99], THEN)
    assert (none.text, none.reason) == ("", "too-few")
    assert np.isnan(none.estimate)


def test_where_one_factor_does_not_fit_that_is_the_reason_and_no_failed_estimate() -> None:
    random = np.random.default_rng(7)
    apart = np.repeat(random.normal(size=(500, 3)), 3, axis=1) + 0.5 * random.normal(size=(500, 9))
    both = pd.DataFrame(np.digitize(apart, [-1.2, 0, 1.2]) + 1, columns=ITEMS)
    row = verdict(both[:250].reset_index(drop=True), both[250:].reset_index(drop=True))
    assert (row.text, row.reason) == ("", "one-factor-fails")
    assert row.reason in results.REASONS
    assert "model" not in finding(Words("en"), row, "2025").plain_text()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_change_carries_the_caution_only_against_that_survey_and_only_where_it_failed(lang: str) -> None:
    w = Words(lang)
    failed, held, none = verdict(NOW, THEN), verdict(THEN[:350], THEN[350:]), verdict(NOW[:99], THEN)
    said = caution(w, failed, "2025", "2024").plain_text()
    assert w("psychometrics.level.metric") in said
    assert "2024" in said
    assert finding(w, failed, "2025").plain_text() == said
    assert caution(w, failed, "2025", "2023") is None
    assert caution(w, held, "2025", "2024") is None
    assert caution(w, None, "2025", "2024") is None
    assert w.integer(350) in finding(w, held, "2025").plain_text()
    assert w.label("reason", "too-few") in finding(w, none, "2025").plain_text()
