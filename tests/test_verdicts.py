"""Verdicts: the band, its gate and its error, pairs, and what is carried over."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics import bands, index, trend, verdicts
from pipeline.statistics.scores import from_series
from pipeline.statistics.trend import Wave

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")
ROOT = Path(__file__).resolve().parent.parent


def scores(gaps: list[float], n: int = 60, seed: int = 1, spread: float = 3.0) -> tuple[pd.Series, pd.Series]:
    random = np.random.default_rng(seed)
    values = [np.clip(np.rint(random.normal(28 + g, spread, n)), 9, 36) * 25 / 9 for g in gaps]
    return pd.Series(np.concatenate(values)), pd.Series(np.repeat([f"u{i:02}" for i in range(len(gaps))], n))


def simulation():
    """The script whose results are committed."""
    spec = importlib.util.spec_from_file_location("equal_cities", ROOT / "benchmarks" / "equal_cities.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one(table: pd.DataFrame, statistic: str, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, **where)
    assert len(found) == 1, f"{len(found)} rows of {statistic} {where}"
    return found.iloc[0]


# --- error control --------------------------------------------------------------------------


def test_of_cities_with_equal_units_at_most_five_in_a_hundred_flag_one():
    module = simulation()
    table, random = module.shares(), np.random.default_rng(7)
    truth = np.full(module.UNITS, float(np.interp(0, np.linspace(-1.6, 2.2, 39), table[0])))
    flagged = 0
    for _ in range(40):
        data = module.city(random, truth, random.integers(30, 401, module.UNITS), table)
        flagged += bool(module.judge(data)["band"].any())
    assert flagged <= 2


def test_the_committed_simulation_keeps_its_promise():
    found = json.loads((ROOT / "benchmarks" / "equal_cities.json").read_text())
    assert found["cities"] >= 1000
    assert found["cities_with_a_flag"]["equal"]["band"] <= 0.05
    assert found["rank_ranges"]["all_inside"] >= 0.95


@pytest.mark.prove
def test_the_committed_simulation_is_what_the_script_gives():
    committed = json.loads((ROOT / "benchmarks" / "equal_cities.json").read_text())
    assert simulation().run(committed["cities"]) == committed


# --- the band -------------------------------------------------------------------------------


def test_a_unit_is_held_against_a_rest_that_does_not_contain_it():
    values, by = scores([0, 0, 3], n=50)
    found = bands.against_rest(from_series(values, by))
    assert found.difference[2] == pytest.approx(values[by == "u02"].mean() - values[by != "u02"].mean())


def test_one_unit_far_off_in_a_city_with_some_spread_is_named():
    gaps = [*np.linspace(-1, 1, 23), -9.0]
    table = verdicts.table(*scores(gaps, n=100))
    low = one(table, "band", unit="u23")
    assert low.text == "far-below"
    assert low.estimate < low.lower
    assert set(results.pick(table, statistic="band")["text"]) == {"same", "far-below"}
    assert one(table, "flagged").estimate == 1


def test_below_seventy_percent_reliability_there_is_no_band_at_all():
    table = verdicts.table(*scores([0.0] * 12, n=30, seed=3))
    rows = results.pick(table, statistic="band")
    assert set(rows["reason"]) == {"unreliable"}
    assert rows["estimate"].isna().all()
    assert set(rows["text"]) == {""}
    assert one(table, "rankable").text == "no"


def test_a_unit_where_all_agree_is_judged_with_the_spread_of_the_others():
    values, by = scores([*np.linspace(-2, 2, 12)], n=60)
    values[by == "u03"] = 100.0
    table = verdicts.table(values, by)
    row = one(table, "band", unit="u03")
    assert np.isfinite(row.p)
    assert row.upper > 0


def test_small_types_are_judged_among_the_whole_city():
    values, by = scores([*np.linspace(-2, 2, 12)], n=60)
    types = {f"u{i:02}": "kelurahan" if i < 8 else "dinas" for i in range(12)}
    table = verdicts.table(values, by, types=types)
    assert one(table, "band", unit="u00").group == "kelurahan"
    assert one(table, "band", unit="u11").group == ""
    alone = verdicts.table(values[by < "u08"], by[by < "u08"])
    assert one(table, "band", unit="u00").p == pytest.approx(one(alone, "band", unit="u00").p)


def test_units_left_out_and_cities_of_four_units_have_no_band():
    values, by = scores([0, 1, 2, 3, 4, 5])
    table = verdicts.table(values, by, leave_out={"u00": "for-information"})
    assert one(table, "band", unit="u00").reason == "for-information"
    table = verdicts.table(values[by < "u04"], by[by < "u04"])
    assert set(results.pick(table, statistic="band")["reason"]) == {"few-units"}


# --- what else is said ----------------------------------------------------------------------


def test_pairs_that_separate_are_counted_by_hand():
    values, by = scores([0, 0, 6], n=80)
    row = one(verdicts.table(values, by), "pairs_separated")
    assert (row.numerator, row.denominator) == (2, 3)


def test_more_respondents_detect_a_smaller_difference():
    values, by = scores([0, 0, 0, 0, 0, 0], n=40)
    few = one(verdicts.table(values, by), "detectable_difference", unit="u00").estimate
    many = pd.concat([values] * 4, ignore_index=True), pd.concat([by] * 4, ignore_index=True)
    assert one(verdicts.table(*many), "detectable_difference", unit="u00").estimate == pytest.approx(
        few / 2, rel=0.05
    )


def test_a_difference_that_can_be_detected_is_detected_eight_times_in_ten():
    random = np.random.default_rng(11)
    sizes, units = 80, 10
    base = [
        from_series(
            pd.Series(random.normal(85, 10, sizes * units)), np.repeat(np.arange(units).astype(str), sizes)
        )
    ]
    true = bands.detectable(base[0])[0]
    hits = 0
    for _ in range(300):
        values = random.normal(85, 10, (units, sizes))
        values[0] += true
        mean = values.mean(axis=1)
        error = np.sqrt(100 / sizes + 100 / (sizes * (units - 1)))
        hits += abs(mean[0] - mean[1:].mean()) / error > 2.807
    assert 0.7 < hits / 300 < 0.9


def test_letters_and_changes_are_carried_over_word_for_word():
    random = np.random.default_rng(2)
    answers = pd.DataFrame(random.integers(2, 5, (300, 9)), columns=[f"U{i}" for i in range(1, 10)])
    by = np.repeat([f"u{i}" for i in range(6)], 50)
    mine = index.table(answers, by)
    changed = trend.table(answers, by, earlier=[Wave("2023", answers, by)])
    table = verdicts.table(answers, by, index=mine, trend=changed)
    assert len(results.pick(table, statistic="certainty", scope="unit")) == 6
    rows = results.pick(table, statistic="change", scope="unit")
    assert (
        rows["text"].tolist()
        == results.pick(changed, scope="unit", statistic="change", method="bh")["text"].tolist()
    )
    assert len(rows) == 6


def test_every_missing_verdict_says_why():
    values, by = scores([0, 1, 2, 3, 4, 5])
    for rows in (slice(None), slice(0, 60), slice(0, 1), slice(0, 0)):
        table = verdicts.table(values[rows], by[rows], types={"u00": "a"})
        assert (table["estimate"].isna() == (table["reason"] != "")).all()
        assert set(table["reason"]) <= set(results.REASONS) | {""}
