"""What stands beside the headlines: BCa limits, all halvings, the ordinal item-rest, ceiling and difficulty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.data.covariance import listwise
from pipeline.statistics.data.grouped import group
from pipeline.statistics.psychometrics.correlation import association
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from pipeline.statistics.psychometrics.reliability.alpha_bca import abc_interval
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")

ORACLE = Path(__file__).resolve().parents[3] / "oracle"


def test_bca_limits_without_draws_are_those_of_rs_abc():
    # boot::abc.ci of the first hundred rows of this set, whose derivatives are finite differences.
    ref = sets.read(ORACLE, "33_four_units")
    expected = ref.results["reliability"]["alpha_abc_first_100"]["ci"]
    grouped = group(ref.answers.iloc[:100])
    found = np.ravel(abc_interval(grouped, listwise(grouped)))
    assert found == pytest.approx(expected, abs=2e-3 * (expected[1] - expected[0]))


def test_bca_limits_of_many_units_are_those_of_each_alone():
    ref = sets.read(ORACLE, "33_four_units")
    together = group(ref.answers, ref.by)
    many = abc_interval(together, listwise(together))
    for place, unit in enumerate(together.units):
        alone = group(ref.answers[ref.by == unit])
        one = abc_interval(alone, listwise(alone))
        assert [many[0][place], many[1][place]] == pytest.approx([one[0][0], one[1][0]], abs=1e-12)


def test_all_halvings_are_taken_once_each_and_their_mean_is_near_alpha():
    ref = sets.read(ORACLE, "33_four_units")
    table = reliability.table(ref.answers, models=False)
    low, mean, high = (
        results.pick(table, statistic=f"split_half_{name}")["estimate"].iloc[0]
        for name in ("min", "mean", "max")
    )
    alpha_ = results.pick(table, statistic="alpha", method="jackknife")["estimate"].iloc[0]
    odd = results.pick(table, statistic="split_half_flanagan")["estimate"].iloc[0]
    assert low <= odd <= high
    assert low < mean < high
    # Halves of five and four instead of four and a half each: a ninth of 80 parts lower.
    assert mean == pytest.approx(alpha_ * 80 / 81, abs=1e-12)


def test_items_that_were_not_asked_are_in_no_half():
    ref = sets.read(ORACLE, "33_four_units")
    fewer = ref.answers.copy()
    fewer.loc[ref.by.eq("a"), "U9"] = pd.NA
    table = reliability.table(fewer, ref.by, models=False)
    alone = reliability.table(fewer.loc[ref.by.eq("a"), fewer.columns[:8]], models=False)
    for name in ("min", "mean", "max"):
        mine = results.pick(table, scope="unit", unit="a", statistic=f"split_half_{name}")["estimate"].iloc[0]
        assert mine == pytest.approx(results.pick(alone, statistic=f"split_half_{name}")["estimate"].iloc[0])


def test_omega_has_an_interval_that_does_not_presume_normal_answers():
    ref = sets.read(ORACLE, "33_four_units")
    rows = results.pick(reliability.table(ref.answers), statistic="omega").set_index("method")
    assert rows.loc["mlr", "estimate"] == rows.loc["ml", "estimate"]
    assert rows.loc["mlr", "lower"] < rows.loc["mlr", "estimate"] < rows.loc["mlr", "upper"]
    assert np.isnan(rows.loc["ml", "lower"])  # the normal interval does not cover (R21)


def test_the_interval_that_is_not_printed_costs_no_row_of_the_table():
    table = reliability.table(sets.read(ORACLE, "33_four_units").answers)
    assert not {"alpha_bca", "alpha_feldt", "alpha_bonett"} & set(table["statistic"])


def test_the_ordinal_item_rest_is_that_of_rs_polychoric_matrix():
    ref = sets.read(ORACLE, "33_four_units")
    r = np.array(ref.results["polychoric"]["two_step_tight"]["values"], dtype=float)
    rows = results.pick(validity.table(ref.answers, draws=0), statistic="item_rest_polychoric")
    for j, found in enumerate(rows["estimate"]):
        rest = np.arange(9) != j
        expected = r[j, rest].sum() / np.sqrt(r[np.ix_(rest, rest)].sum())
        assert found == pytest.approx(expected, abs=1e-7)


def test_a_ceiling_is_said_and_what_has_none_is_not():
    answers = pd.DataFrame({f"U{j}": [4] * 20 + [3] * 40 + [2] * 40 for j in range(1, 4)})
    by = ["high"] * 20 + ["low"] * 80
    rows = results.pick(validity.table(answers, by, draws=0), statistic="ceiling_total").set_index("unit")
    assert rows.loc["high", ["estimate", "text"]].tolist() == [1.0, "ceiling"]
    assert rows.loc["low", ["estimate", "text"]].tolist() == [0.0, ""]
    assert rows.loc["", ["estimate", "text"]].tolist() == [0.2, "ceiling"]
    # On a scale to 5 nobody is at the top.
    rows = results.pick(validity.table(answers, draws=0, highest=5), statistic="ceiling_total")
    assert rows["estimate"].tolist() == [0.0]


def test_items_of_unequal_difficulty_look_like_a_second_factor_and_are_said_to():
    rng = np.random.default_rng(5)
    n, cuts = 4000, np.repeat([-1.2, 1.2], 5)
    latent = 0.75 * rng.normal(size=(n, 1)) + (1 - 0.75**2) ** 0.5 * rng.normal(size=(n, 10))
    answers = pd.DataFrame(1 + (latent > cuts), columns=[f"U{j}" for j in range(1, 11)])
    found = results.pick(validity.table(answers, draws=20), statistic="difficulty_factors").iloc[0]
    assert (found["estimate"] > 0, found["text"]) == (True, "difficulty-factor")
    even = pd.DataFrame(1 + (latent > 0), columns=answers.columns)
    found = results.pick(validity.table(even, draws=20), statistic="difficulty_factors").iloc[0]
    assert (found["estimate"], found["text"]) == (0.0, "")


def test_the_matrix_over_all_respondents_has_its_polychoric_correlations_and_its_tables():
    ref = sets.read(ORACLE, "33_four_units")
    table = results.pick(association.table(ref.answers, ref.by, frequencies=True), scope="city")
    r = np.array(ref.results["polychoric"]["two_step_tight"]["values"], dtype=float)
    found = results.pick(table, statistic="polychoric")["estimate"].to_numpy()
    assert found == pytest.approx(r[np.triu_indices(9, 1)], abs=1e-7)
    cells = results.pick(table, statistic="count", item="U1", other="U2")
    assert cells["estimate"].sum() == 1200
    both = ref.answers["U1"].eq(4) & ref.answers["U2"].eq(3)
    assert results.pick(cells, text="4 x 3")["estimate"].tolist() == [both.sum()]
