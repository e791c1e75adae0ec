"""Validity: against R, against scipy and paper, and at every edge."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline import results
from pipeline.statistics.data.covariance import correlation, listwise
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.pearson import fisher_interval
from pipeline.statistics.psychometrics.items import validity
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")

FULL = [f for f in sets.FOLDERS if f not in ("05_zero_variance_item", "08_n_less_than_k")]
LARGE = [f for f in FULL if f != "07_n12"]


def column(table: pd.DataFrame, statistic: str, name: str = "estimate", **where: str) -> np.ndarray:
    return results.pick(table, statistic=statistic, **where)[name].to_numpy()


@functools.cache
def of_set(reference: Path, folder: str) -> pd.DataFrame:
    """The table of a set of answers, computed for the first test that reads it."""
    return validity.table(sets.read(reference, folder).answers)


def everything_is_explained(table: pd.DataFrame) -> bool:
    blank = table["estimate"].isna()
    alone = table["statistic"].isin(["item_rest", "item_rest_within"]) & table["lower"].isna()
    beside = table["reason"].isin(["interval-few", "interval-alike"])
    told = (table["reason"] == "") | (alone & beside)
    return bool((table.loc[blank, "reason"] != "").all() and told[~blank].all())


def made_up(rows: int, items: int = 6, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    x = np.clip(np.rint(random.normal(3, 0.6, (rows, 1)) + random.normal(0, 0.7, (rows, items))), 1, 4)
    return pd.DataFrame(x, columns=[f"U{i + 1}" for i in range(items)]).astype("Int64")


# --- by hand, and by other code -------------------------------------------------------------


def test_the_published_critical_values_of_r():
    # Printed tables: n 30 0.361, n 201 0.138 (two-sided 5 %); n 100 one-sided 0.1654.
    assert validity.r_table(np.array([30, 201])).round(3).tolist() == [0.361, 0.138]
    assert validity.r_table(np.array([100]), sides=1).round(4).tolist() == [0.1654]


def test_the_correlations_of_five_people_are_those_worked_on_paper():
    # Variances 1.7, 0.7, 1.3; covariances 0.95, 1.15, 0.65; T = 9.2.
    answers = pd.DataFrame(
        {"U1": [1, 2, 3, 4, 4], "U2": [2, 2, 3, 4, 3], "U3": [1, 3, 2, 4, 3]}, dtype="Int64"
    )
    table = validity.table(answers)
    total = [3.8 / (1.7 * 9.2) ** 0.5, 2.3 / (0.7 * 9.2) ** 0.5, 3.1 / (1.3 * 9.2) ** 0.5]
    rest = [2.1 / (1.7 * 3.3) ** 0.5, 1.6 / (0.7 * 5.3) ** 0.5, 1.8 / (1.3 * 4.3) ** 0.5]
    assert column(table, "item_total") == pytest.approx(total, abs=1e-14)
    assert column(table, "item_rest") == pytest.approx(rest, abs=1e-14)


def test_kmo_of_equal_correlations_a_half_is_nine_thirteenths():
    # R^-1 of three items: partial correlations are 1/3, so KMO = 1/4 / (1/4 + 1/9) = 9/13.
    overall, per_item = validity.kmo(np.full((3, 3), 0.5) + 0.5 * np.eye(3))
    assert float(overall) == pytest.approx(9 / 13)
    assert per_item == pytest.approx([9 / 13] * 3)


def test_bartlett_of_two_items_is_the_number_worked_on_paper():
    found = validity.bartlett(np.array([[1, 0.5], [0.5, 1]]), np.array(50))
    assert float(found["chi2"]) == pytest.approx(-(49 - 1.5) * np.log(0.75))
    assert float(found["p"]) == pytest.approx(stats.chi2.sf(-(49 - 1.5) * np.log(0.75), 1))


def test_eigenvalues_of_equal_correlations():
    assert validity.eigenvalues(np.full((3, 3), 0.5) + 0.5 * np.eye(3)) == pytest.approx([2.0, 0.5, 0.5])


def test_every_correlation_and_p_equals_scipy():
    answers = made_up(80)
    table = validity.table(answers, pearson=True)
    total = answers.sum(axis=1).astype(float)
    for item in answers:
        x = answers[item].astype(float)
        whole, rest = stats.pearsonr(x, total), stats.pearsonr(x, total - x)
        ranked = stats.spearmanr(x, total - x)
        assert column(table, "item_total", item=item) == pytest.approx([whole.statistic])
        assert column(table, "item_total", "p", item=item) == pytest.approx([whole.pvalue], rel=1e-9)
        assert column(table, "item_rest", item=item) == pytest.approx([rest.statistic])
        assert column(table, "item_rest", "p", item=item) == pytest.approx([rest.pvalue], rel=1e-9)
        assert column(table, "item_rest_spearman", item=item) == pytest.approx([ranked.statistic])
        assert column(table, "item_rest_spearman", "p", item=item) == pytest.approx([ranked.pvalue], rel=1e-9)
    pair = stats.pearsonr(answers["U1"].astype(float), answers["U2"].astype(float))
    assert column(table, "pearson", item="U1", other="U2") == pytest.approx([pair.statistic])
    limits = np.ravel(fisher_interval(np.array([pair.statistic]), np.array([80.0]), 0.9))
    assert limits == pytest.approx(pair.confidence_interval(0.9))


# --- against R ------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_item_correlations_equal_r(reference, folder):
    ref = sets.read(reference, folder)
    expected = ref.results["validity"]
    table = of_set(reference, folder)
    assert column(table, "item_total") == pytest.approx(
        ref.per_item(expected["item_total"]["r"]), abs=1e-10, nan_ok=True
    )
    assert column(table, "item_total", "p") == pytest.approx(
        ref.per_item(expected["item_total"]["p_two_sided"]), abs=1e-10, nan_ok=True
    )
    assert column(table, "item_rest") == pytest.approx(
        ref.per_item(expected["item_rest"]["r"]), abs=1e-10, nan_ok=True
    )
    critical = results.pick(table, statistic="r_table").set_index("method")["estimate"]
    assert critical["two-sided"] == pytest.approx(expected["item_total"]["r_table_5pct_two_sided"], abs=1e-10)
    assert critical["one-sided"] == pytest.approx(expected["item_total"]["r_table_5pct_one_sided"], abs=1e-10)
    grouped = group(ref.answers)
    with_total = validity.item_spearman(grouped, listwise(grouped), rest=False)[0]
    assert with_total == pytest.approx(
        ref.per_item(expected["item_total_spearman"]["rho"]), abs=1e-10, nan_ok=True
    )


@pytest.mark.parametrize("folder", FULL)
def test_factor_statistics_themselves_equal_r(reference, folder):
    ref = sets.read(reference, folder)
    expected = ref.results["validity"]
    stack = listwise(group(ref.answers))
    r = correlation(stack.cov)
    overall, per_item = validity.kmo(r)
    assert overall[0] == pytest.approx(expected["kmo"]["overall"], abs=1e-10)
    assert per_item[0] == pytest.approx(ref.per_item(expected["kmo"]["items"]), abs=1e-10)
    found = validity.bartlett(r, stack.n)
    assert found["chi2"][0] == pytest.approx(expected["bartlett"]["chisq"], rel=1e-10)
    assert found["df"][0] == expected["bartlett"]["df"]
    assert found["p"][0] == pytest.approx(expected["bartlett"]["p"], rel=1e-8)
    assert found["determinant"][0] == pytest.approx(expected["bartlett"]["determinant"], rel=1e-10)
    assert validity.eigenvalues(r)[0] == pytest.approx(expected["eigenvalues_pearson"], abs=1e-10)
    matrix = np.array(expected["pearson_complete"]["values"], dtype=float)
    assert r[0] == pytest.approx(matrix, abs=1e-10)


@pytest.mark.parametrize("folder", LARGE)
def test_the_table_shows_them_where_there_are_enough_answers(reference, folder):
    ref = sets.read(reference, folder)
    expected = ref.results["validity"]
    table = of_set(reference, folder)
    assert column(table, "kmo") == pytest.approx([expected["kmo"]["overall"]], abs=1e-10)
    assert column(table, "bartlett") == pytest.approx([expected["bartlett"]["chisq"]], rel=1e-10)
    assert column(table, "eigenvalue") == pytest.approx(expected["eigenvalues_pearson"], abs=1e-10)


def test_factor_statistics_with_a_constant_item_are_those_of_the_others(reference):
    ref = sets.read(reference, "05_zero_variance_item")
    eight = ref.results["after_dropping_zero_variance_items"]
    expected = eight["validity"]
    table = of_set(reference, "05_zero_variance_item")
    assert column(table, "kmo") == pytest.approx([expected["kmo"]["overall"]], abs=1e-10)
    assert column(table, "kmo", "text").tolist() == ["U5"]
    found = dict(zip(results.pick(table, statistic="kmo_item")["item"], column(table, "kmo_item")))
    assert np.isnan(found["U5"])
    for item in eight["items"]:
        assert found[item] == pytest.approx(expected["kmo"]["items"][item], abs=1e-10)
    assert column(table, "bartlett") == pytest.approx([expected["bartlett"]["chisq"]], rel=1e-10)
    assert column(table, "bartlett", "df").tolist() == [28]
    assert column(table, "determinant") == pytest.approx([expected["bartlett"]["determinant"]], rel=1e-10)
    assert column(table, "eigenvalue") == pytest.approx(expected["eigenvalues_pearson"], abs=1e-10)
    reasons = results.pick(table, item="U5").set_index("statistic")["reason"]
    assert set(reasons) == {"no-variance"}


def test_an_item_nearly_all_answered_alike_that_does_not_go_with_the_rest_has_no_interval(reference):
    ref = sets.read(reference, "18_strong_ceiling")
    row = results.pick(of_set(reference, "18_strong_ceiling"), statistic="item_rest", item="U4").iloc[0]
    assert row.estimate == pytest.approx(ref.results["validity"]["item_rest"]["r"]["U4"], abs=1e-10)
    assert -0.1 < row.estimate < 0
    # Nearly everybody gave U4 the same answer: how sure that is, so few others do not say.
    assert np.isnan(row.lower)
    assert row.reason == "interval-alike"


# --- edges ----------------------------------------------------------------------------------


def test_fewer_answers_than_five_an_item_refuse_factor_statistics_but_keep_the_correlations(reference):
    ref = sets.read(reference, "08_n_less_than_k")
    table = validity.table(ref.answers)
    for statistic in ("kmo", "kmo_item", "bartlett", "determinant", "eigenvalue"):
        assert set(column(table, statistic, "reason")) == {"too-few"}
    assert np.isfinite(column(table, "item_rest")).all()
    assert everything_is_explained(table)


def test_the_least_number_of_answers_is_thirty_and_five_an_item():
    assert np.isnan(column(validity.table(made_up(29)), "kmo")).all()
    assert np.isfinite(column(validity.table(made_up(30)), "kmo")).all()
    assert np.isnan(column(validity.table(made_up(44, items=9)), "kmo")).all()
    assert np.isfinite(column(validity.table(made_up(45, items=9)), "kmo")).all()


def test_an_item_that_repeats_another_is_left_out_and_named():
    answers = made_up(100)
    doubled = answers.assign(U7=answers["U2"], U8=5 - answers["U3"])
    table = validity.table(doubled)
    plain = validity.table(answers)
    assert column(table, "kmo", "text").tolist() == ["U7,U8"]
    assert column(table, "kmo") == pytest.approx(column(plain, "kmo"))
    reasons = results.pick(table, statistic="kmo_item").set_index("item")["reason"]
    assert reasons[["U2", "U7", "U8"]].tolist() == ["", "singular", "singular"]


def test_items_that_add_up_to_another_leave_the_matrix_singular():
    answers = made_up(100, items=3)
    summed = answers.assign(U9=answers.sum(axis=1))
    table = validity.table(summed)
    assert set(column(table, "kmo", "reason")) == {"singular"}
    assert set(column(table, "bartlett", "reason")) == {"singular"}
    assert np.isfinite(column(table, "item_rest")).all()


def test_units_without_variance_or_answers_get_reasons_and_no_warning():
    answers = pd.concat([made_up(60), pd.DataFrame(4, index=range(9), columns=made_up(1).columns)])
    by = ["fine"] * 60 + ["same"] * 6 + ["two"] * 2 + ["one"]
    table = validity.table(answers.astype("Int64"), by)
    assert everything_is_explained(table)
    reason = results.pick(table, statistic="item_rest", item="U1", scope="unit").set_index("unit")["reason"]
    assert reason.to_dict() == {"fine": "", "same": "no-variance", "two": "too-few", "one": "too-few"}


def test_a_single_item_says_that_items_are_few():
    table = validity.table(made_up(50)[["U1"]])
    assert column(table, "item_rest", "reason").tolist() == ["few-items"]
    assert column(table, "kmo", "reason").tolist() == ["few-items"]


def test_noise_items_pass_the_customary_rule_and_fail_the_corrected_one():
    # Nine unrelated questions: r with the total is about 1/3, with the rest about 0.
    random = np.random.default_rng(7)
    noise = pd.DataFrame(random.choice([1, 2, 3, 4], p=[0.02, 0.08, 0.4, 0.5], size=(400, 9))).add_prefix("U")
    table = validity.table(noise)
    critical = results.pick(table, statistic="r_table", method="two-sided")["estimate"].iloc[0]
    assert (column(table, "item_total") > critical).all()
    assert (column(table, "item_rest") < 0.30).all()


# --- properties -----------------------------------------------------------------------------


@st.composite
def surveys(draw):
    rows, k = draw(st.integers(1, 90)), draw(st.integers(1, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = random.choice(draw(st.sampled_from([[4], [3, 4], [1, 2, 3, 4]])), size=(rows, k)).astype(float)
    x[random.random(x.shape) < draw(st.sampled_from([0, 0.1]))] = np.nan
    by = pd.Series(random.choice(["a", "b"], size=rows))
    return pd.DataFrame(x, columns=[f"U{i + 1}" for i in range(k)]).astype("Int64"), by, random


#: One unit's highest answer is below the other's: what is the top of its scale must not hang on that.
TOPS = (pd.DataFrame({"U1": [4, 3, 3]}, dtype="Int64"), pd.Series(["b", "a", "a"]), None)


@given(surveys())
@example(TOPS)
@settings(max_examples=20, deadline=None)
def test_every_unit_gets_what_it_would_get_alone(case):
    answers, by, _ = case
    together = validity.table(answers, by, pearson=True, draws=20, highest=4)
    assert everything_is_explained(together)
    assert set(together["reason"]) - {""} <= set(results.REASONS)
    for unit in by.unique():
        mine = results.pick(together, unit=unit, scope="unit").drop(columns="unit").reset_index(drop=True)
        # With a name it is a unit; without, all rows are everybody, of whom more is modelled.
        # The top of the scale is said: by default it is the highest answer of the table given.
        alone = validity.table(answers[by == unit], by[by == unit], pearson=True, draws=0, highest=4)
        alone = results.pick(alone, scope="unit").drop(columns="unit").reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, alone, rtol=1e-9, atol=1e-9)


def test_the_top_of_the_scale_is_the_one_said_or_the_highest_answer_of_the_table_given():
    answers, by, _ = TOPS

    def share(highest, **of):
        table = validity.table(
            answers[by == "a"] if of else answers, highest=highest, draws=0, **{"by": by, **of}
        )
        return column(table, "ceiling_total", scope="unit", unit="a").tolist()

    assert share(None) == [0.0]
    assert share(None, by=by[by == "a"]) == [1.0]
    assert share(4) == [0.0]
    assert share(4, by=by[by == "a"]) == [0.0]


@given(surveys())
@settings(max_examples=15, deadline=None)
def test_neither_the_order_of_rows_nor_a_shift_of_the_scale_matters(case):
    answers, by, random = case
    order = random.permutation(len(answers))
    before = validity.table(answers, by, draws=5)
    after = validity.table(answers.iloc[order] + 10, by.iloc[order], draws=5)
    pd.testing.assert_frame_equal(before, after, rtol=1e-9, atol=1e-9)


@given(surveys())
@settings(max_examples=15, deadline=None)
def test_correlations_stay_within_one(case):
    answers, by, _ = case
    table = validity.table(answers, by, draws=0)
    r = results.pick(table, statistic=["item_total", "item_rest", "item_rest_spearman"])["estimate"].dropna()
    assert r.between(-1, 1).all()


def test_the_n_beside_a_pairwise_statistic_is_its_own():
    from tests.statistics.psychometrics.factor.test_table import made

    answers = made(600).astype("Float64")
    answers.loc[:149, "U1"] = pd.NA  # 450 complete rows; pairs without U1 have 600
    answers.loc[150:199, "U2"] = pd.NA  # 400 complete rows; U1 with U2 has 400 as well
    table = validity.table(answers, draws=0)
    polychoric = results.pick(table, statistic="polychoric").set_index(["item", "other"])["n"]
    assert (polychoric["U1", "U2"], polychoric["U1", "U3"], polychoric["U3", "U4"]) == (400, 450, 600)
    answers.loc[200:299, "U3"] = pd.NA  # now 300 complete rows, and the smallest pair 350
    answers.loc[300:349, "U2"] = 4
    table = validity.table(answers, draws=0)
    smallest = results.pick(table, statistic="polychoric")["n"].min()
    complete = results.pick(table, statistic="item_rest")["n"].iloc[0]
    assert (complete, smallest) == (300, 350)
    for name in ("kmo_polychoric", "item_rest_polychoric", "min_eigenvalue", "eigenvalue_polychoric"):
        assert set(results.pick(table, statistic=name)["n"]) == {smallest}, name
    assert set(results.pick(table, statistic="loading_efa", method="polychoric")["n"]) == {smallest}
    assert set(results.pick(table, statistic="loading_efa", method="pearson")["n"]) == {complete}
