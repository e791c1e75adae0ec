"""Reliability: against R's psych, against numbers worked by hand, and at every edge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import results
from pipeline.statistics.data.covariance import listwise, pairwise
from pipeline.statistics.data.grouped import group
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability import alpha_intervals as intervals
from pipeline.statistics.psychometrics.reliability import table as reliability
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")

#: Five people, three questions; every number below was worked on paper.
SMALL = pd.DataFrame({"U1": [1, 2, 3, 4, 4], "U2": [2, 2, 3, 4, 3], "U3": [1, 3, 2, 4, 3]}, dtype="Int64")


def one(table: pd.DataFrame, statistic: str, method: str | None = None, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, **where)
    found = found if method is None else found[found["method"] == method]
    assert len(found) == 1, f"{len(found)} rows of {statistic} {method} {where}"
    return found.iloc[0]


def unit_means_alpha(answers: pd.DataFrame, by: pd.Series) -> float:
    complete = answers.notna().all(axis=1)
    means = answers[complete].astype(float).groupby(by[complete]).mean()
    return float(coefficients.alpha(means.cov().to_numpy()))


# --- worked by hand -------------------------------------------------------------------------


def test_alpha_of_five_people_is_the_number_worked_on_paper():
    # Variances 1.7, 0.7, 1.3; covariances 0.95, 1.15, 0.65: T = 3.7 + 5.5 = 9.2.
    table = reliability.table(SMALL)
    assert one(table, "alpha", "jackknife").estimate == pytest.approx(1.5 * (1 - 3.7 / 9.2), abs=1e-14)


def test_lambda2_of_five_people_is_the_number_worked_on_paper():
    squares = 2 * (0.95**2 + 1.15**2 + 0.65**2)
    expected = (5.5 + (1.5 * squares) ** 0.5) / 9.2
    assert one(reliability.table(SMALL), "lambda2").estimate == pytest.approx(expected, abs=1e-14)


def test_alpha_without_the_first_item_is_alpha_of_the_other_two():
    # Variances 0.7 and 1.3, covariance 0.65: T = 3.3.
    found = one(reliability.table(SMALL), "alpha_if_dropped", item="U1").estimate
    assert found == pytest.approx(2 * (1 - 2.0 / 3.3), abs=1e-14)


def test_the_odd_even_halves_of_three_items():
    # Halves U1 + U3 (variance 1.7 + 1.3 + 2.3 = 5.3) and U2 (0.7), covariance 0.95 + 0.65 = 1.6.
    table = reliability.table(SMALL)
    assert one(table, "split_half_flanagan").estimate == pytest.approx(4 * 1.6 / 9.2, abs=1e-14)
    r2, pq = 1.6**2 / (5.3 * 0.7), 2 / 9
    expected = ((r2**2 + 4 * r2 * (1 - r2) * pq) ** 0.5 - r2) / (2 * pq * (1 - r2))
    assert one(table, "split_half_horst").estimate == pytest.approx(expected, abs=1e-13)


def test_the_error_of_measurement_is_in_index_points():
    # Score = 25 x mean of three: sd 25/3 sqrt(9.2), times sqrt(1 - alpha).
    alpha = 1.5 * (1 - 3.7 / 9.2)
    expected = 25 / 3 * (9.2 * (1 - alpha)) ** 0.5
    table = reliability.table(SMALL)
    assert one(table, "sem").estimate == pytest.approx(expected, abs=1e-12)
    assert one(table, "smallest_difference").estimate == pytest.approx(1.959964 * 2**0.5 * expected, rel=1e-6)
    five = one(reliability.table(SMALL, scale=(1, 5)), "sem").estimate
    assert five == pytest.approx(expected * 20 / 25, abs=1e-12)


def test_parallel_items_with_correlation_a_half_have_alpha_two_thirds_of_two_and_nine_tenths_of_nine():
    two = np.array([[1.0, 0.5], [0.5, 1.0]])
    nine = np.full((9, 9), 0.5) + 0.5 * np.eye(9)
    assert float(coefficients.alpha(two)) == pytest.approx(2 / 3)
    assert float(coefficients.alpha(nine)) == pytest.approx(0.9)
    for rule in (coefficients.alpha_standardised, coefficients.lambda2):
        assert float(rule(nine)) == pytest.approx(0.9)


def test_feldt_and_bonett_of_a_known_case():
    # R: alpha 0.869531323732045, n 387, k 9 (psych::alpha.ci and the closed form).
    low, high = intervals.feldt_interval(np.array([0.869531323732045]), np.array([387.0]), np.array([9]))
    assert [low[0], high[0]] == pytest.approx([0.849112988948, 0.888179497174386], abs=1e-10)
    low, high = intervals.bonett_interval(np.array([0.869531323732045]), np.array([387.0]), np.array([9]))
    assert [low[0], high[0]] == pytest.approx([0.848442257589301, 0.88768587327604], abs=1e-10)


# --- against R ------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_the_alpha_family_equals_r(reference, folder):
    ref = sets.read(reference, folder)
    table = reliability.table(ref.answers)
    alpha, complete = (
        ref.results["reliability"]["alpha_other_ci"],
        ref.results["reliability"]["alpha_complete_cases"],
    )
    headline = one(table, "alpha", "jackknife")
    assert headline.n == complete["n"]
    assert headline.estimate == pytest.approx(alpha["alpha"], abs=1e-10)
    grouped = group(ref.answers)
    stack = listwise(grouped)
    value = coefficients.alpha(stack.cov, stack.k)
    found = intervals.normal_interval(value, intervals.adf_error(grouped, stack))
    assert np.ravel(found) == pytest.approx(alpha["adf_ci95"], abs=1e-10)
    found = intervals.bonett_interval(value, stack.n, stack.k)
    assert np.ravel(found) == pytest.approx(alpha["bonett2002_ci95"], abs=1e-10)
    assert one(table, "alpha_std").estimate == pytest.approx(complete["std_alpha"], abs=1e-10)


@pytest.mark.parametrize("folder", [f for f in sets.FOLDERS if f != "05_zero_variance_item"])
def test_the_rest_of_the_family_equals_r_where_every_item_varies(reference, folder):
    ref = sets.read(reference, folder)
    table = reliability.table(ref.answers)
    expected = ref.results["reliability"]
    complete = expected["alpha_complete_cases"]
    stack = listwise(group(ref.answers))
    feldt = intervals.feldt_interval(coefficients.alpha(stack.cov, stack.k), stack.n, stack.k)
    assert np.ravel(feldt) == pytest.approx([complete["feldt_lower"], complete["feldt_upper"]], abs=1e-10)
    dropped = results.pick(table, statistic="alpha_if_dropped")["estimate"].to_numpy()
    assert dropped == pytest.approx(ref.per_item(complete["raw_alpha_drop"]), abs=1e-10)
    assert one(table, "alpha", "pairwise").estimate == pytest.approx(
        expected["alpha"]["raw_alpha"], abs=1e-10
    )
    assert one(table, "lambda2").estimate == pytest.approx(expected["guttman"]["cov"]["lambda2"], abs=1e-10)
    halves = expected["split_half"]["odd_even"]
    assert one(table, "split_half_horst").estimate == pytest.approx(halves["horst_unequal"], abs=1e-10)
    assert one(table, "split_half_flanagan").estimate == pytest.approx(
        halves["guttman_flanagan_lambda4"], abs=1e-10
    )
    if not ref.answers.isna().any(axis=None):
        assert one(table, "mean_r").estimate == pytest.approx(expected["alpha"]["average_r"], abs=1e-10)
    sixth = one(table, "lambda6")
    if folder in ("07_n12", "08_n_less_than_k"):
        assert (np.isnan(sixth.estimate), sixth.reason) == (True, "too-few")
    else:
        assert sixth.estimate == pytest.approx(complete["lambda6_smc"], abs=1e-10)


def test_lambda6_itself_equals_r_at_twelve_rows_and_is_undefined_at_seven(reference):
    twelve, seven = (sets.read(reference, f) for f in ("07_n12", "08_n_less_than_k"))
    value = coefficients.lambda6(listwise(group(twelve.answers)).cov)[0]
    assert value == pytest.approx(
        twelve.results["reliability"]["alpha_complete_cases"]["lambda6_smc"], abs=1e-10
    )
    assert np.isnan(coefficients.lambda6(listwise(group(seven.answers)).cov)[0])


def test_with_a_constant_item_both_alphas_are_printed_and_the_item_named(reference):
    ref = sets.read(reference, "05_zero_variance_item")
    table = reliability.table(ref.answers)
    without = one(table, "alpha", "varying-items")
    every = ref.results["reliability"]["alpha_other_ci"]["alpha"]
    assert one(table, "alpha", "jackknife").estimate == pytest.approx(every, abs=1e-10)
    assert without.estimate == pytest.approx(
        ref.results["reliability"]["alpha_complete_cases"]["raw_alpha"], abs=1e-10
    )
    assert without.text == "U5"
    eight = ref.results["after_dropping_zero_variance_items"]
    again = reliability.table(ref.answers, items=eight["items"])
    expected = eight["reliability"]
    assert one(again, "alpha", "jackknife").estimate == pytest.approx(
        expected["alpha_other_ci"]["alpha"], abs=1e-10
    )
    assert one(again, "lambda6").estimate == pytest.approx(
        expected["alpha_complete_cases"]["lambda6_smc"], abs=1e-10
    )
    # The same number comes from nine items: correlations use only what varies.
    assert one(table, "lambda6").estimate == pytest.approx(one(again, "lambda6").estimate, abs=1e-12)
    assert one(table, "lambda6").text == "U5"


def test_alpha_within_units_equals_r_and_differs_from_the_pooled_one(reference):
    ref = sets.read(reference, "13_skm_sim48")
    expected = ref.results["two_years_and_adjusted"]["mlm_multilevel_alpha"]
    table = reliability.table(ref.answers, ref.by)
    city = {"scope": "city"}
    assert one(table, "alpha", "jackknife", **city).estimate == pytest.approx(
        expected["alpha_total"], abs=1e-10
    )
    within = one(table, "alpha_within", **city)
    assert within.estimate == pytest.approx(expected["alpha_within_centred"], abs=1e-10)
    assert within.lower < within.estimate < within.upper
    assert unit_means_alpha(ref.answers, ref.by) == pytest.approx(
        expected["alpha_between_unit_means"], abs=1e-10
    )
    assert one(table, "icc2", item="", **city).estimate == pytest.approx(
        ref.results["units"]["anova"]["icc2_reliability_of_mean"], abs=1e-10
    )


def test_missing_answers_show_both_alphas_with_their_own_n(reference):
    ref = sets.read(reference, "06_missing5pct")
    table = reliability.table(ref.answers)
    expected = ref.results["reliability"]
    whole, by_pairs = one(table, "alpha", "jackknife"), one(table, "alpha", "pairwise")
    assert whole.n == expected["alpha_complete_cases"]["n"] < 400
    assert whole.estimate == pytest.approx(expected["alpha_other_ci"]["alpha"], abs=1e-10)
    assert by_pairs.estimate == pytest.approx(expected["alpha"]["raw_alpha"], abs=1e-10)
    assert abs(by_pairs.estimate - whole.estimate) > 1e-4
    # 5 % missing leaves about 90 % of the 600 rows to a pair.
    assert 530 < by_pairs.n < 550
    assert (
        by_pairs.upper - by_pairs.lower
        < one(table, "alpha", "jackknife").upper - one(table, "alpha", "jackknife").lower
    )


# --- the ADF error, another way -------------------------------------------------------------


def weighted_alpha(x: np.ndarray, weight: np.ndarray) -> float:
    """Pairwise alpha with a weight on every row (covariances with divisor sum of weights)."""
    k = x.shape[1]
    cov = np.empty((k, k))
    for a in range(k):
        for b in range(k):
            here = ~np.isnan(x[:, a]) & ~np.isnan(x[:, b])
            w, u, v = weight[here], x[here, a], x[here, b]
            cov[a, b] = (w * (u - w @ u / w.sum()) * (v - w @ v / w.sum())).sum() / w.sum()
    return float(coefficients.alpha(cov))


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_the_adf_error_is_what_numerical_influence_gives(missing):
    random = np.random.default_rng(4)
    x = np.clip(np.rint(random.normal(3, 0.7, (300, 1)) + random.normal(0, 0.6, (300, 4))), 1, 4)
    x[random.random(x.shape) < missing] = np.nan
    step, n = 1e-4, len(x)
    start = weighted_alpha(x, np.ones(n))
    influence = (
        np.array(
            [(weighted_alpha(x, 1 + step * n * (np.arange(n) == i) / n) - start) / step for i in range(n)]
        )
        * n
    )
    expected = influence.std(ddof=1) / n**0.5
    grouped = group(pd.DataFrame(x, columns=list("ABCD")))
    found = intervals.adf_error_pairwise(grouped, pairwise(grouped))[0]
    assert found == pytest.approx(expected, rel=0.01)


# --- edges ----------------------------------------------------------------------------------


def everything_is_explained(table: pd.DataFrame) -> bool:
    blank = table["estimate"].isna()
    beside = {"", "interval-few", "interval-ceiling"}
    return bool((table.loc[blank, "reason"] != "").all() and set(table.loc[~blank, "reason"]) <= beside)


def test_a_constant_unit_a_single_person_and_an_empty_unit_get_reasons_not_numbers():
    answers = pd.DataFrame(
        {f"U{i}": [4, 4, 4, 3, None, None, 1, 2, 3, 4] for i in range(1, 5)}, dtype="Int64"
    )
    answers.loc[8, "U2"] = 4
    by = pd.Series(["same"] * 3 + ["alone"] + ["empty"] * 2 + ["fine"] * 4)
    table = reliability.table(answers, by, survey="2024")
    assert everything_is_explained(table)
    reasons = {u: one(table, "alpha", "jackknife", unit=u, scope="unit").reason for u in by.unique()}
    assert reasons == {"same": "no-variance", "alone": "too-few", "empty": "no-data", "fine": "interval-few"}
    assert set(table["survey"]) == {"2024"}


def test_one_item_is_too_few_items():
    table = reliability.table(SMALL[["U1"]])
    assert one(table, "alpha", "jackknife").reason == "few-items"
    assert everything_is_explained(table)


def test_two_items_have_an_alpha_but_none_without_one_of_them():
    table = reliability.table(SMALL[["U1", "U2"]])
    assert one(table, "alpha", "jackknife").estimate > 0
    assert set(results.pick(table, statistic="alpha_if_dropped")["reason"]) == {"few-items"}


def test_a_unit_is_judged_on_the_items_it_asked():
    answers = pd.concat([SMALL, SMALL.assign(U3=pd.NA)], ignore_index=True)
    table = reliability.table(answers, ["all"] * 5 + ["two"] * 5)
    two = results.pick(table, unit="two", scope="unit")
    assert one(two, "alpha", "jackknife").estimate == pytest.approx(2 * (1 - 2.4 / (2.4 + 1.9)), abs=1e-14)
    assert set(results.pick(two, statistic="alpha_if_dropped")["item"]) == {"U1", "U2"}


def test_an_item_asked_of_few_is_not_pooled_and_is_named():
    answers = pd.concat([SMALL] * 3, ignore_index=True)
    answers["own.X1"] = pd.array([1, 2, 3, 4, 1] + [pd.NA] * 10, dtype="Int64")
    table = reliability.table(answers, ["a"] * 5 + ["b"] * 10)
    city = one(table, "alpha", "jackknife", scope="city")
    assert (city.text, city.n) == ("own.X1", 15)


def test_a_question_answered_the_other_way_round_is_reported_and_never_turned(reference):
    ref = sets.read(reference, "11_negative_item")
    table = reliability.table(ref.answers)
    turned = one(table, "alpha", "reversed")
    by_hand = ref.answers.assign(U4=5 - ref.answers["U4"])
    assert turned.text == "U4"
    assert turned.estimate == pytest.approx(
        one(reliability.table(by_hand), "alpha", "jackknife").estimate, abs=1e-12
    )
    assert one(table, "alpha", "jackknife").estimate < turned.estimate


def test_a_weak_item_is_not_called_reversed(reference):
    # U4 correlates a little below zero with the rest: weak, not the other way round.
    ref = sets.read(reference, "18_strong_ceiling")
    assert results.pick(reliability.table(ref.answers), statistic="alpha", method="reversed").empty


def test_two_halves_that_disagree_have_no_horst_reliability():
    answers = pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [4, 3, 2, 2], "U3": [1, 2, 3, 3]}, dtype="Int64")
    row = one(reliability.table(answers), "split_half_horst")
    assert (np.isnan(row.estimate), row.reason) == (True, "not-estimable")


def test_items_that_cancel_out_have_no_alpha():
    answers = pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [4, 3, 2, 1]}, dtype="Int64")
    table = reliability.table(answers)
    assert one(table, "alpha", "jackknife").reason == "no-variance"
    assert everything_is_explained(table)


def test_perfectly_correlated_items_have_alpha_one_and_no_lambda6():
    column = [1, 2, 3, 4] * 15
    answers = pd.DataFrame({"U1": column, "U2": column, "U3": column}, dtype="Int64")
    table = reliability.table(answers)
    assert one(table, "alpha", "jackknife").estimate == pytest.approx(1.0)
    assert one(table, "split_half_horst").estimate == pytest.approx(1.0)
    assert one(table, "lambda6").reason == "singular"


def test_no_rows_at_all_is_an_empty_table():
    table = reliability.table(SMALL.iloc[:0], pd.Series([], dtype=object))
    assert list(table.columns) == list(results.COLUMNS)
    assert table.empty


def test_rows_without_a_unit_are_their_own_group():
    table = reliability.table(pd.concat([SMALL, SMALL]), ["a"] * 5 + [None] * 5)
    assert set(results.pick(table, scope="unit")["unit"]) == {"a", "unknown"}


def test_fractional_scores_that_are_all_equal_have_no_variance():
    answers = pd.DataFrame({"a": [3.3] * 7, "b": [0.1] * 7})
    assert one(reliability.table(answers), "alpha", "jackknife").reason == "no-variance"


# --- properties -----------------------------------------------------------------------------


@st.composite
def surveys(draw):
    rows, k = draw(st.integers(1, 40)), draw(st.integers(1, 5))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    x = random.choice(draw(st.sampled_from([[4], [3, 4], [1, 2, 3, 4]])), size=(rows, k)).astype(float)
    x[random.random(x.shape) < draw(st.sampled_from([0, 0.1, 0.5]))] = np.nan
    by = pd.Series(random.choice(["a", "b", "c"], size=rows))
    answers = pd.DataFrame(x, columns=[f"U{i + 1}" for i in range(k)]).astype("Int64")
    return answers, by, random


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=["unit", "survey", "scope"]).reset_index(drop=True)


@given(surveys())
@settings(max_examples=25, deadline=None)
def test_every_unit_gets_what_it_would_get_alone(case):
    answers, by, _ = case
    together = reliability.table(answers, by)
    assert everything_is_explained(together)
    assert set(together["reason"]) - {""} <= set(results.REASONS)
    for unit in by.unique():
        # With a name it is a unit; without, all rows are everybody, of whom more is modelled.
        alone = results.pick(reliability.table(answers[by == unit], by[by == unit]), scope="unit")
        mine = results.pick(together, unit=unit, scope="unit")
        pd.testing.assert_frame_equal(comparable(mine), comparable(alone), rtol=1e-9, atol=1e-9)


@given(surveys())
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_does_not_matter(case):
    answers, by, random = case
    order = random.permutation(len(answers))
    before, after = reliability.table(answers, by), reliability.table(answers.iloc[order], by.iloc[order])
    pd.testing.assert_frame_equal(before, after, rtol=1e-9, atol=1e-9)


@given(surveys())
@settings(max_examples=20, deadline=None)
def test_lambda2_is_never_below_alpha(case):
    answers, by, _ = case
    table = reliability.table(answers, by)
    alpha = results.pick(table, statistic="alpha", method="jackknife")["estimate"].to_numpy()
    second = results.pick(table, statistic="lambda2")["estimate"].to_numpy()
    known = ~np.isnan(alpha)
    assert (second[known] >= alpha[known] - 1e-9).all()
