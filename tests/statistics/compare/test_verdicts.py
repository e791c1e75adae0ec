"""Verdicts: the two axes of comparison, their error, pairs, and what is carried over."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.compare import difference, pairwise, unusual, verdicts
from pipeline.statistics.data.scores import from_series
from pipeline.statistics.index import table as index
from pipeline.statistics.trend import table as trend
from pipeline.statistics.trend.wave import Wave

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")
ROOT = Path(__file__).resolve().parents[3]


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


@pytest.fixture(scope="module")
def module():
    return simulation()


@pytest.fixture(scope="module")
def made(module):
    return module.Populations()


@pytest.mark.parametrize(("mean", "sizes"), [(89.0, (30, 400)), (96.0, (30, 60))])
def test_of_cities_with_equal_units_at_most_five_in_a_hundred_flag_one(module, made, mean, sizes):
    random, flagged, gaps = np.random.default_rng(7), 0, 0
    shares = made.shares(np.full(module.UNITS, mean))
    for _ in range(100):
        said = module.judge(module.draw(random, shares, random.integers(*sizes, module.UNITS)))
        flagged += bool(np.isin(said["difference"], ["above", "below"]).any())
        gaps += bool(np.isin(said["without_gate"], ["high", "low"]).any())
    # Of 100 draws at 5 %, more than 10 would be seen once in a hundred.
    assert flagged <= 10
    assert gaps <= 10


def test_welchs_t_would_flag_equal_cities_far_more_often(module, made):
    """Why t is freed of skewness and the variance mixed: near the ceiling Welch fails."""
    random, plain, ours = np.random.default_rng(7), 0, 0
    shares = made.shares(np.full(24, 96.0))
    for _ in range(100):
        data = module.draw(random, shares, random.integers(30, 61, 24))
        t = difference.against_others(data, prior=0)
        welch = difference.Difference(t.difference, t.error, np.zeros(24), t.df)
        plain += bool(np.nanmin(welch.p) < 0.05 / 24)
        ours += bool(np.nanmin(difference.against_others(data).p) < 0.05 / 24)
    assert plain > 15
    assert ours <= 10


def test_the_committed_simulation_keeps_what_is_promised():
    found = json.loads((ROOT / "benchmarks" / "equal_cities.json").read_text())
    # Three standard errors of 5 % in so many cities.
    most = 0.05 + 3 * np.sqrt(0.05 * 0.95 / found["cities"])
    for name, world in found["equal"].items():
        assert world["difference"] <= most, name
        assert world["unusual"] <= 0.05, name
        assert world["unusual_without_gate"] <= most, name
        assert world["pairs"] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / world["pairs_of"]), name
    for gap, world in found["one_unit_off"].items():
        assert world["wrong_sign"] <= 0.002, gap
        assert world["unusual_wrong_sign"] == 0, gap
    assert found["one_unit_off"]["-10"]["found"] > 0.99
    assert found["one_unit_off"]["-5"]["found"] > 0.85
    for name, share in found["at_the_margin"].items():
        assert share <= 0.05, name
    for world in found["spread"].values():
        # A unit within a point of the others can be taken for the other side; nobody farther off.
        assert world["wrong_signs"] <= world["words"] / 5_000
        assert world["largest_true_gap_of_a_wrong_sign"] < 1
        assert world["wrong_among_equivalent"] <= 0.05
    for name, share in found["off_by_the_detectable_difference"].items():
        assert 0.70 <= share <= 0.90, name
    assert found["ranks"]["all_inside"] >= 0.95


@pytest.mark.prove
def test_the_committed_simulation_is_what_the_script_gives():
    committed = json.loads((ROOT / "benchmarks" / "equal_cities.json").read_text())
    assert simulation().run(committed["cities"]) == committed


# --- axis two: the difference ----------------------------------------------------------------


def symmetric(shift: float, n: int = 40) -> np.ndarray:
    """Scores without skewness."""
    half = np.random.default_rng(3).integers(1, 8, n // 2).astype(float)
    return np.concatenate([80 + shift + half, 80 + shift - half])


def test_the_detectable_difference_of_two_units_without_skewness_has_the_power_statsmodels_gives_it():
    from statsmodels.stats.power import TTestIndPower

    values, by = pd.Series([*symmetric(0.0), *symmetric(1.0)]), np.repeat(["a", "b"], 40)
    found = difference.against_others(from_series(values, by), prior=0)
    for level, power in ((0.05, 0.8), (0.01, 0.9)):
        _, up = found.detectable(level, power)
        size = up[0] / (found.error[0] / np.sqrt(2 / 40))
        assert TTestIndPower().power(size, 40, level) == pytest.approx(power, abs=0.005)


def test_two_units_without_skewness_are_compared_by_welchs_t_and_schuirmanns_two_tests():
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttost_ind

    a, b = symmetric(0.0), symmetric(1.0, 60) * 1.5 - 40
    values, by = pd.Series(np.concatenate([a, b])), np.repeat(["a", "b"], [len(a), len(b)])
    found = difference.against_others(from_series(values, by), prior=0)
    assert np.abs(found.skewness).max() < 1e-8
    compared = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    t, p, df = compared.ttest_ind(usevar="unequal")
    assert (found.difference[0] / found.error[0], found.p[0], found.df[0]) == pytest.approx(
        (t, p, df), rel=1e-7
    )
    low, high = compared.tconfint_diff(usevar="unequal")
    mine = found.interval(0.95)
    assert (mine[0][0], mine[1][0]) == pytest.approx((low, high), rel=1e-6)
    for margin in (1.0, 2.5, 4.0):
        expected, _, _ = ttost_ind(a, b, -margin, margin, usevar="unequal")
        assert found.equivalence(margin)[0] == pytest.approx(expected, rel=1e-6)


def test_variance_and_skewness_are_mixed_with_those_of_the_group_by_hand():
    a, b = [70.0, 80, 80, 90, 95], [60.0, 85, 90, 90, 100, 100]
    values, by = pd.Series([*a, *b]), ["a"] * 5 + ["b"] * 6
    found = difference.against_others(from_series(values, by), prior=10)

    def moments(x):
        d, n = np.asarray(x) - np.mean(x), len(x)
        return (d**2).sum() / (n - 1), n * (d**3).sum() / ((n - 1) * (n - 2))

    (va, ka), (vb, kb) = moments(a), moments(b)
    pooled, third = (4 * va + 5 * vb) / 9, (4 * ka + 5 * kb) / 9
    wa, wb = 4 / 14, 5 / 15
    va, vb = max(va, wa * va + (1 - wa) * pooled), max(vb, wb * vb + (1 - wb) * pooled)
    ka, kb = wa * ka + (1 - wa) * third, wb * kb + (1 - wb) * third
    error = np.sqrt(va / 5 + vb / 6)
    assert found.error == pytest.approx([error, error])
    assert found.skewness[0] == pytest.approx((ka / 25 - kb / 36) / error**3)
    df = error**4 / ((va / 5) ** 2 / 4 + (vb / 6) ** 2 / 5)
    assert found.df == pytest.approx([df, df])


def test_p_and_interval_decide_alike_at_every_level():
    found = difference.against_others(from_series(*scores([*np.linspace(-2, 2, 12)], n=40)))
    for level in (0.2, 0.05, 0.001):
        low, high = found.interval(1 - level)
        assert ((low > 0) | (high < 0)).tolist() == (found.p < level).tolist()


def test_one_unit_six_points_below_twenty_three_equal_ones_is_shown_below():
    """The band held this unit within its own spread and called it alike in nine cities of ten."""
    table = verdicts.table(*scores([0.0] * 23 + [-2.16], n=100))  # 2.16 of 36 are 6 points
    assert one(table, "difference", unit="u23").text == "below"


def test_a_difference_shown_by_its_own_test_is_never_called_equivalent():
    table = verdicts.table(*scores([*np.linspace(-1.5, 1.5, 12), -4, 4], n=150))
    rows = results.pick(table, statistic="difference").set_index("unit")
    assert set(rows["text"]) == {"above", "below", "equivalent", "undecided"}
    same = results.pick(table, statistic="equivalence").set_index("unit")
    for unit, row in rows.iterrows():
        shown = row.p_adjusted < 0.05
        assert shown == (row.text in ("above", "below"))
        assert shown == (row.lower > 0 or row.upper < 0 if row.text != "equivalent" else False)
        assert (row.text == "equivalent") == (not shown and same.at[unit, "p_adjusted"] < 0.05)
        if row.text == "equivalent":
            assert -2.5 < row.lower < row.upper < 2.5
            assert (row.lower, row.upper) == (same.at[unit, "lower"], same.at[unit, "upper"])


def test_the_margin_decides_what_is_equivalent():
    values = scores([*np.linspace(-0.3, 0.3, 8)], n=200)
    wide, narrow = verdicts.table(*values, margin=4.0), verdicts.table(*values, margin=0.5)
    assert set(results.pick(wide, statistic="difference")["text"]) == {"equivalent"}
    assert "equivalent" not in set(results.pick(narrow, statistic="difference")["text"])
    row = one(narrow, "equivalence", unit="u00")
    assert (row.numerator, row.denominator) == (500, 1000)


def test_holm_runs_over_all_units_of_the_city_whatever_their_type():
    values, by = scores([*np.linspace(-2, 2, 12)], n=60)
    types = {f"u{i:02}": "kelurahan" if i < 6 else "dinas" for i in range(12)}
    rows = results.pick(verdicts.table(values, by, types=types), statistic="difference")
    smallest = rows.sort_values("p").iloc[0]
    assert smallest.p_adjusted == pytest.approx(12 * smallest.p)


def test_small_types_are_judged_among_the_whole_city():
    values, by = scores([*np.linspace(-2, 2, 12)], n=60)
    types = {f"u{i:02}": "kelurahan" if i < 8 else "dinas" for i in range(12)}
    table = verdicts.table(values, by, types=types)
    for axis in ("difference", "unusual"):
        assert one(table, axis, unit="u00").group == "kelurahan"
        assert one(table, axis, unit="u11").group == ""
    alone = verdicts.table(values[by < "u08"], by[by < "u08"])
    for axis in ("difference", "unusual"):
        assert one(table, axis, unit="u00").p == pytest.approx(one(alone, axis, unit="u00").p)
    means = values.groupby(by).mean()
    assert one(table, "difference", unit="u11").estimate == pytest.approx(means["u11"] - means[:"u10"].mean())
    # Beside the difference in its type: that to the whole city, with no word and no p.
    beside = one(table, "difference_city", unit="u00")
    assert beside.estimate == pytest.approx(means["u00"] - means["u01":].mean())
    assert beside.text == ""
    assert np.isnan(beside.p)
    assert len(results.pick(table, statistic="difference_city")) == 8


def test_a_unit_where_all_agree_has_no_difference_but_counts_among_the_others():
    values, by = scores([*np.linspace(-2, 2, 12)], n=60)
    values[by == "u03"] = 100.0
    table = verdicts.table(values, by)
    for axis in ("difference", "equivalence", "unusual", "detectable_difference"):
        row = one(table, axis, unit="u03")
        assert (row.reason, row.text) == ("no-variance", "")
    means = values.groupby(by).mean()
    assert one(table, "difference", unit="u00").estimate == pytest.approx(means["u00"] - means["u01":].mean())


def test_units_left_out_say_why_and_two_units_can_be_compared():
    values, by = scores([0, 1, 2, 3, 4, 5])
    table = verdicts.table(values, by, leave_out={"u00": "for-information"})
    for axis in ("difference", "unusual"):
        assert one(table, axis, unit="u00").reason == "for-information"
    table = verdicts.table(values[by < "u02"], by[by < "u02"])
    assert set(results.pick(table, statistic="difference")["reason"]) == {""}
    assert set(results.pick(table, statistic="unusual")["reason"]) == {"few-units"}
    table = verdicts.table(values[by < "u01"], by[by < "u01"])
    assert set(results.pick(table, statistic="difference")["reason"]) == {"few-units"}


def test_more_respondents_detect_a_smaller_difference():
    values, by = scores([0, 0, 0, 0, 0, 0], n=80)
    few = one(verdicts.table(values, by), "detectable_difference", unit="u00").estimate
    many = pd.concat([values] * 4, ignore_index=True), pd.concat([by] * 4, ignore_index=True)
    assert one(verdicts.table(*many), "detectable_difference", unit="u00").estimate == pytest.approx(
        few / 2,
        rel=0.1,  # Four times the respondents are less skewed and lean less on the group.
    )


def test_a_unit_off_by_its_detectable_difference_is_shown_four_times_in_five(module, made):
    """The number belongs to the very test it is printed under: Holm over all units."""
    random, sizes = np.random.default_rng(11), np.full(12, 150)
    flat = made.shares(np.full(12, 82.0))
    least = np.mean([module.judge(module.draw(random, flat, sizes))["detectable"][0, 0] for _ in range(20)])
    truth = np.full(12, 82.0)
    truth[0] += least
    shares = made.shares(truth)
    hits = sum(
        module.judge(module.draw(random, shares, sizes))["difference"][0] == "below" for _ in range(200)
    )
    assert 0.7 < hits / 200 < 0.9


# --- axis three: the unusual -----------------------------------------------------------------


def test_a_gap_is_held_against_the_ordinary_spread_by_hand():
    values, by = pd.Series([1.0, 3, 5, 7, 3, 5]), ["a", "a", "b", "b", "c", "c"]
    data = from_series(values, by)
    found = unusual.against_others(data)
    # Pooled variance 2, so 1 for each mean of two; z of 2, 6 and 4 around 4: -2, 2, 0.
    low, high = np.quantile([-2, 2, 0], [0.1, 0.9])
    phi = (low**2 + high**2) / 3
    left = 0.8 - 2 * 1.2815515655 * 0.1754983319 + 0.2 * 1.2815515655**2
    tau2 = (3 * phi / left - 2) / (3 - 1)
    assert unusual.between_unit_variance([data]).tau2 == pytest.approx(tau2)
    assert found.error == pytest.approx([np.sqrt(1 + tau2 + (1 + tau2) / 2)] * 3)
    assert found.df.tolist() == [1.0] * 3


def test_one_unit_far_off_in_a_city_with_some_spread_is_named():
    gaps = [*np.linspace(-1, 1, 23), -9.0]
    table = verdicts.table(*scores(gaps, n=100))
    low = one(table, "unusual", unit="u23")
    assert low.text == "low"
    assert low.estimate < low.lower
    assert set(results.pick(table, statistic="unusual")["text"]) == {"usual", "low"}
    assert one(table, "flagged", method="bh").estimate == 1


def test_the_limits_of_the_funnel_are_where_the_word_changes():
    table = verdicts.table(*scores([*np.linspace(-1, 1, 20), -9.0, -8.0, 7.0, 3.0], n=100))
    rows = results.pick(table, statistic="unusual")
    assert {"low", "high", "usual"} == set(rows["text"])
    for row in rows.itertuples():
        assert (row.estimate < row.lower) == (row.text == "low")
        assert (row.estimate > row.upper) == (row.text == "high")


def test_both_axes_speak_of_the_same_difference():
    table = verdicts.table(*scores([*np.linspace(-3, 3, 12)], n=100))
    two, three = (results.pick(table, statistic=s).set_index("unit") for s in ("difference", "unusual"))
    assert three["estimate"].to_dict() == pytest.approx(two["estimate"].to_dict())


def test_below_seventy_percent_reliability_no_gap_is_called_usual():
    table = verdicts.table(*scores([0.0] * 12, n=30, seed=3))
    rows = results.pick(table, statistic="unusual")
    assert set(rows["reason"]) == {"unreliable"}
    assert rows["estimate"].isna().all()
    assert set(rows["text"]) == {""}
    assert one(table, "rankable").text == "no"


def test_small_types_share_one_measure_of_the_ordinary_spread():
    values, by = scores([0, 1, 2, 3, 4, 0, 1, 2, 3, 6], n=60)
    types = {f"u{i:02}": "a" if i < 5 else "b" for i in range(10)}
    rows = results.pick(verdicts.table(values, by, types=types), statistic="unusual")
    assert set(rows["df"]) == {10 - 2 - 1}


# --- what else is said ----------------------------------------------------------------------


def test_pairs_that_separate_are_counted_by_hand():
    values, by = scores([0, 0, 6], n=80)
    row = one(verdicts.table(values, by), "pairs_separated")
    assert (row.numerator, row.denominator) == (2, 3)


def test_a_pair_is_separated_by_games_howell_whoever_counts_it():
    values, by = scores([*np.linspace(-2, 2, 10)], n=80)
    types = {f"u{i:02}": "a" if i < 5 else "b" for i in range(10)}
    rows = results.pick(verdicts.table(values, by, types=types), statistic="pairs_separated").set_index(
        "group"
    )
    data = from_series(values, by)
    apart = pairwise.games_howell(data, prior=difference.PRIOR)["p"] < 0.05
    first, second = pairwise.positions(10)
    assert rows.at["", "numerator"] == apart.sum()
    assert rows.at["a", "numerator"] == apart[(first < 5) & (second < 5)].sum()
    assert rows.at["b", "denominator"] == 10


def test_flags_are_counted_from_the_rows_that_carry_them():
    table = verdicts.table(*scores([*np.linspace(-2, 2, 12)], n=100))
    for axis, words, method in (
        ("difference", ["above", "below"], "holm"),
        ("unusual", ["high", "low"], "bh"),
    ):
        row, rows = one(table, "flagged", method=method), results.pick(table, statistic=axis)
        assert row.numerator == rows["text"].isin(words).sum()
        assert row.denominator == (rows["text"] != "").sum()


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
