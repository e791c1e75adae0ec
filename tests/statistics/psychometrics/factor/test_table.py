"""The table of factor models: what it holds, what it refuses, and in which words."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.data.covariance import correlation, listwise
from pipeline.statistics.data.grouped import group
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.factor.htmt import htmt
from pipeline.statistics.psychometrics.items import validity
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def made(n: int, k: int = 9, seed: int = 1, loading: float = 0.7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    latent = loading * rng.normal(size=(n, 1)) + (1 - loading**2) ** 0.5 * rng.normal(size=(n, k))
    codes = 1 + (latent[..., None] > [-1.8, -1.0, 0.3]).sum(axis=2)
    return pd.DataFrame(codes, columns=[f"U{j + 1}" for j in range(k)]).astype("Int64")


def refusal(table: pd.DataFrame, method: str, **where: str) -> str:
    found = results.pick(table, statistic="chisq", method=method, **where)
    assert len(found) == 1
    assert np.isnan(found["estimate"].iloc[0])
    return str(found["reason"].iloc[0])


def test_a_questionnaire_of_very_many_items_gets_no_factor_model_and_the_reason_instead_of_all_memory():
    answers = made(500, 81)
    units = pd.Series(["a"] * 500)
    assert refusal(factors.table(answers, units), "ml", unit="a") == "many-items"
    assert "many-items" not in set(factors.table(answers.iloc[:, :12], units)["reason"])


def test_every_statistic_of_the_models_is_there_and_finite():
    table = factors.table(made(600))
    for method in ("ml", "mlr", "wlsmv", "wlsmv-scaled"):
        row = results.pick(table, statistic="chisq", method=method).iloc[0]
        assert row.df == 27
        assert 0 <= row.p <= 1
    for method in ("ml", "mlr", "mlr-robust", "wlsmv", "wlsmv-scaled", "wlsmv-robust"):
        for statistic in ("cfi", "tli", "rmsea"):
            assert len(results.pick(table, statistic=statistic, method=method)) == 1
    assert len(results.pick(table, statistic="loading", method="wlsmv")) == 9
    assert len(results.pick(table, statistic="mi")) == 5
    assert table["estimate"].notna().all()
    rmsea = results.pick(table, statistic="rmsea", method="ml").iloc[0]
    assert rmsea.lower <= rmsea.estimate <= rmsea.upper
    assert rmsea.confidence == 0.90


def test_a_usual_unit_gets_ml_and_is_told_why_not_the_ordinal_model():
    answers = made(700)
    by = pd.Series(["small"] * 100 + ["tiny"] * 20 + ["large"] * 580)
    table = factors.table(answers, by)
    assert refusal(table, "wlsmv", unit="small") == "too-few"
    assert results.pick(table, unit="small", statistic="chisq", method="ml")["estimate"].notna().all()
    assert refusal(table, "ml", unit="tiny") == refusal(table, "wlsmv", unit="tiny") == "too-few"
    assert results.pick(table, unit="large", statistic="cfi", method="wlsmv-scaled")["estimate"].notna().all()
    city = results.pick(table, scope="city", statistic="chisq", method="wlsmv").iloc[0]
    assert city.n == 700


def test_a_constant_item_is_left_out_and_named():
    answers = made(400).assign(U4=4)
    table = factors.table(answers)
    chisq = results.pick(table, statistic="chisq", method="ml").iloc[0]
    assert (chisq.df, chisq.text) == (20, "U4")
    loading = results.pick(table, statistic="loading", method="ml", item="U4").iloc[0]
    assert np.isnan(loading.estimate)
    assert loading.reason == "no-variance"


def test_an_item_that_repeats_another_is_left_out_and_named():
    answers = made(400)
    table = factors.table(answers.assign(U9=answers["U8"]))
    assert results.pick(table, statistic="chisq", method="ml").iloc[0].text == "U9"
    assert results.pick(table, statistic="loading", method="ml", item="U9").iloc[0].reason == "singular"


def test_items_that_all_repeat_one_another_determine_one_another_and_are_not_called_constant():
    one = pd.Series(np.random.default_rng(5).integers(2, 5, 90))
    answers = pd.DataFrame({f"U{j}": one for j in range(1, 10)}).astype("Int64")
    table = factors.table(answers)
    assert refusal(table, "ml") == refusal(table, "wlsmv") == "singular"
    kmo = results.pick(validity.table(answers, draws=0), statistic="kmo").iloc[0]
    assert (np.isnan(kmo.estimate), kmo.reason) == (True, "singular")


def test_when_everybody_is_content_nothing_is_estimated_and_it_is_said():
    answers = pd.DataFrame({f"U{j}": [4] * 300 for j in range(1, 10)}, dtype="Int64")
    table = factors.table(answers)
    assert refusal(table, "ml") == refusal(table, "wlsmv") == "no-variance"
    assert len(table) == 2


def test_a_matrix_that_is_not_positive_definite_is_refused_and_says_so():
    table = factors.table(made(50, seed=1, loading=0.9))
    assert refusal(table, "wlsmv") == "not-positive-definite"
    assert results.pick(table, statistic="min_eigenvalue").iloc[0].estimate <= 0
    # The model of the answers as numbers needs no such matrix.
    assert results.pick(table, statistic="cfi", method="ml")["estimate"].notna().all()


def test_two_items_are_too_few_for_a_factor():
    assert refusal(factors.table(made(400, k=2)), "ml") == "few-items"


def test_three_items_fit_always_so_there_is_no_index():
    table = factors.table(made(400, k=3))
    cfi = results.pick(table, statistic="cfi", method="ml").iloc[0]
    assert np.isnan(cfi.estimate)
    assert cfi.reason == "few-items"
    assert results.pick(table, statistic="loading", method="ml")["estimate"].notna().all()
    assert len(results.pick(table, statistic="mi")) == 0


def test_nobody_answering_gives_a_reason_or_nothing():
    blank = made(50).mask(made(50).notna())
    assert refusal(factors.table(blank), "ml") == "no-data"
    assert len(factors.table(blank.head(0))) == 0


def test_a_city_of_many_units_is_modelled_on_request_only(monkeypatch):
    monkeypatch.setattr("pipeline.statistics.psychometrics.factor.one_factor.MOST_UNITS", 2)
    answers, by = made(600, k=4), pd.Series(np.repeat(list("abc"), 200))
    table = factors.table(answers, by)
    assert refusal(table, "ml", unit="a") == "on-request"
    assert results.pick(table, scope="city", statistic="cfi", method="ml")["estimate"].notna().all()
    assert results.pick(factors.table(answers, by, units=True), unit="a", statistic="cfi").size > 0
    assert refusal(factors.table(answers, by, units=False), "ml", unit="b") == "on-request"


def test_htmt_exists_only_between_declared_facets():
    answers = made(500, k=6)
    assert not len(results.pick(factors.table(answers), statistic="htmt"))
    one = {"service": ["U1", "U2", "U3", "U4", "U5", "U6"]}
    assert not len(results.pick(factors.table(answers, facets=one), statistic="htmt"))
    two = {"staff": ["U1", "U2", "U3"], "place": ["U4", "U5", "U6"]}
    found = results.pick(factors.table(answers, facets=two), statistic="htmt", method="polychoric")
    # One factor makes all of them: the facets are not two things.
    assert found["estimate"].iloc[0] == pytest.approx(1, abs=0.15)


def test_every_reason_is_a_known_one():
    answers = pd.concat([made(300), made(30, seed=2)], ignore_index=True)
    by = pd.Series(["a"] * 300 + ["b"] * 30)
    assert set(factors.table(answers, by)["reason"]) <= {"", *results.REASONS}


def test_htmt_equals_the_closed_form_of_r(reference):
    folder = reference / "17_two_facets"
    expected = json.loads((folder / "results.json").read_text())
    data = pd.read_csv(folder / "data.csv")
    r = correlation(listwise(group(data)).cov)[0]
    first = np.array([c.startswith("A") for c in data.columns])
    assert htmt(r, first, ~first) == pytest.approx(expected["htmt_closed"], abs=1e-10)
    assert htmt(r, first, ~first, geometric=True) == pytest.approx(expected["htmt2_closed"], abs=1e-10)


def test_the_table_holds_what_lavaan_finds(reference):
    ref = sets.read(reference, "13_skm_sim48")
    table = results.pick(factors.table(ref.answers, ref.by, units=False), scope="city")
    fit = ref.results["cfa"]["wlsmv"]["fit"]
    row = results.pick(table, statistic="cfi", method="wlsmv-scaled").iloc[0]
    assert row.estimate == pytest.approx(fit["cfi.scaled"], abs=1e-6)
    assert row.n == ref.results["cfa"]["wlsmv"]["n"]


def test_twelve_people_get_no_factor(reference):
    ref = sets.read(reference, "07_n12")
    table = factors.table(ref.answers)
    assert refusal(table, "ml") == refusal(table, "wlsmv") == "too-few"
    assert polychoric.matrices(group(ref.answers)).min_eigenvalue[0] < 0
