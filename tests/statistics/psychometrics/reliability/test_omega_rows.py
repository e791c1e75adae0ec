"""What the reliability and validity tables take from models: omega, ordinal alpha, dimensions."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.response_patterns import patterns
from pipeline.statistics.psychometrics.factor import cfa_ml
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import omega
from pipeline.statistics.psychometrics.reliability import table as reliability
from tests.statistics.psychometrics.factor.test_table import made
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def one(table: pd.DataFrame, **where: str) -> pd.Series:
    found = results.pick(table, **where)
    assert len(found) == 1, where
    return found.iloc[0]


def test_omega_stands_beside_alpha_with_its_interval():
    table = reliability.table(made(500))
    omega = one(table, statistic="omega", method="mlr")
    assert omega.lower < omega.estimate < omega.upper
    alpha = one(table, statistic="alpha", method="jackknife").estimate
    assert omega.estimate == pytest.approx(alpha, abs=0.02)
    ordinal = one(table, statistic="alpha_ordinal").estimate
    assert ordinal > one(table, statistic="omega_categorical", method="wlsmv").estimate


def test_units_get_omega_at_once_and_the_ordinal_forms_from_200():
    by = pd.Series(["a"] * 100 + ["b"] * 300 + ["c"] * 10)
    table = results.pick(reliability.table(made(410), by), scope="unit")
    reasons = {
        (unit, name): one(table, unit=unit, statistic=name, method=method).reason
        for unit in "abc"
        for name, method in (
            ("omega", "ml"), ("omega_categorical", "wlsmv"), ("alpha_ordinal", "polychoric"),
        )
    }  # fmt: skip
    assert [reasons["a", name] for name in ("omega", "omega_categorical", "alpha_ordinal")] == [
        "", "too-few", "too-few",
    ]  # fmt: skip
    assert not any(reasons["b", name] for name in ("omega", "omega_categorical", "alpha_ordinal"))
    assert reasons["c", "omega"] == "too-few"


def test_a_constant_item_is_named_and_a_content_city_has_no_omega():
    answers = made(400).assign(U4=4)
    assert one(reliability.table(answers), statistic="omega", method="ml").text == "U4"
    everybody = pd.DataFrame({f"U{j}": [4] * 300 for j in range(1, 10)}, dtype="Int64")
    table = reliability.table(everybody)
    for name in ("omega", "omega_categorical", "alpha_ordinal"):
        assert set(results.pick(table, statistic=name)["reason"]) == {"no-variance"}


def test_the_dimensions_are_counted_by_parallel_analysis():
    table = validity.table(made(500))
    for method in ("pearson", "polychoric"):
        assert one(table, statistic="factors_parallel", method=method).estimate == 1
        assert len(results.pick(table, statistic="parallel_95", method=method)) == 9
        loadings = results.pick(table, statistic="loading_efa", method=method)["estimate"]
        share = results.pick(table, statistic="communality", method=method)["estimate"]
        assert share.to_numpy() == pytest.approx(loadings.to_numpy() ** 2)
    # Answers cut from normal variables correlated .49.
    assert results.pick(table, statistic="polychoric")["estimate"].mean() == pytest.approx(0.49, abs=0.08)
    assert len(results.pick(table, statistic="polychoric")) == 36


def test_the_same_seed_gives_the_same_thresholds():
    first, again = (validity.table(made(300), seed=5, draws=50) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


def test_small_units_are_told_why_there_is_no_polychoric_matrix():
    by = pd.Series(["a"] * 100 + ["b"] * 300)
    table = validity.table(made(400), by)
    assert one(table, scope="unit", unit="a", statistic="min_eigenvalue").reason == "too-few"
    assert not len(results.pick(table, unit="a", statistic="polychoric"))
    assert one(table, scope="unit", unit="b", statistic="min_eigenvalue").estimate > 0
    assert not len(results.pick(table, unit="b", statistic="parallel_95", method="polychoric"))


def test_a_matrix_that_contradicts_itself_gives_no_loadings():
    table = validity.table(made(50, seed=1, loading=0.9), draws=20)
    least = one(table, statistic="min_eigenvalue")
    assert least.estimate <= 0
    assert least.text == "not-positive-definite"
    refused = results.pick(table, statistic="loading_efa", method="polychoric")
    assert set(refused["reason"]) == {"not-positive-definite"}
    assert results.pick(table, statistic="loading_efa", method="pearson")["estimate"].notna().all()


def test_a_constant_item_has_no_loading_and_says_so():
    table = validity.table(made(400).assign(U4=4), draws=20)
    for method in ("pearson", "polychoric"):
        row = one(table, statistic="loading_efa", method=method, item="U4")
        assert np.isnan(row.estimate)
        assert row.reason == "no-variance"
        assert len(results.pick(table, statistic="parallel_95", method=method)) == 8
    pair = one(table, statistic="polychoric", item="U1", other="U4")
    assert pair.reason == "no-variance"


def test_thirty_thousand_units_wait_for_no_model():
    units = 2_000
    answers = made(units * 60)
    by = pd.Series(np.repeat([f"u{i:05}" for i in range(units)], 60))
    start = time.process_time()
    found = reliability.table(answers, by)
    # Two thousand units of sixty: models of each would take minutes.
    assert time.process_time() - start < 20
    refused = results.pick(found, scope="unit", statistic="omega", method="ml")
    assert set(refused["reason"]) == {"on-request"}
    assert one(found, scope="city", statistic="omega", method="ml").estimate > 0.8


@pytest.mark.parametrize("folder", ["06_missing5pct", "11_negative_item", "18_strong_ceiling"])
def test_the_tables_hold_what_r_finds(reference, folder):
    ref = sets.read(reference, folder)
    table = reliability.table(ref.answers)
    r = ref.results
    assert one(table, statistic="omega", method="ml").estimate == pytest.approx(
        r["cfa"]["ml_omega_delta"]["omega"], rel=1e-5
    )
    low, high = r["cfa"]["ml_omega_delta"]["ci95"]
    # R's normal interval does not cover and leaves the table (R21); its error is still ours.
    data = group(ref.answers)
    model = cfa_ml.fit(patterns(data, 0, np.ones(len(data.items), dtype=bool)))
    half = 1.959963984540054 * omega.omega_error(model)
    assert [omega.omega(model) - half, omega.omega(model) + half] == pytest.approx([low, high], rel=1e-5)
    assert np.isnan(one(table, statistic="omega", method="ml").lower)
    assert one(table, statistic="alpha_ordinal").estimate == pytest.approx(
        r["polychoric"]["ordinal_alpha"]["alpha"], abs=1e-6
    )
    validities = validity.table(ref.answers, draws=20)
    values = results.pick(validities, statistic="eigenvalue_polychoric")["estimate"]
    assert values.to_numpy() == pytest.approx(np.array(r["polychoric"]["eigenvalues"]), abs=1e-6)
