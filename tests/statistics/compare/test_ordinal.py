"""Cumulative logit against R's ordinal package."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from pipeline.statistics.compare.ordinal import cumulative_logit
from tests.support import reference_sets as sets


def test_a_city_of_thirteen_thousand_gives_the_estimates_of_clm(reference):
    folder = reference / "13_skm_sim48"
    rows = sets.rows(folder).dropna()
    expected = json.loads((folder / "results.json").read_text())["two_years_and_adjusted"]["clm_U3"]
    levels = ["SMP", "SMA", "S1", "S2+"]
    x = np.column_stack(
        [rows.sex == "P", (rows.age - 40) / 10, *[(rows.education == level) for level in levels]]
    ).astype(float)
    fit = cumulative_logit(x, rows.U3.to_numpy(int))
    names = ["sexP", "agec", *[f"education{level}" for level in levels]]
    assert fit.converged
    assert fit.coefficients == pytest.approx([expected["est"][n] for n in names], abs=1e-6)
    assert fit.errors == pytest.approx([expected["se"][n] for n in names], abs=1e-6)
    assert fit.thresholds == pytest.approx([expected["est"][n] for n in ("1|2", "2|3", "3|4")], abs=1e-6)
    assert fit.log_likelihood == pytest.approx(expected["logLik"], abs=1e-6)


def test_seventy_two_ratings_of_two_treatments_give_the_estimates_of_clm(reference):
    folder = reference / "15_cumulative_logit"
    rows = pd.read_csv(folder / "data.csv")
    expected = json.loads((folder / "results.json").read_text())["clm_logit"]
    x = np.column_stack([rows.temp == "warm", rows.contact == "yes"]).astype(float)
    fit = cumulative_logit(x, rows.rating.to_numpy(int))
    names = ["tempwarm", "contactyes"]
    assert fit.coefficients == pytest.approx([expected["est"][n] for n in names], abs=1e-6)
    assert fit.errors == pytest.approx([expected["se"][n] for n in names], abs=1e-6)


def test_the_estimates_are_those_of_statsmodels_ordered_model():
    random = np.random.default_rng(2)
    x = (random.random((500, 3)) < 0.4).astype(float)
    y = np.clip(np.rint(2.5 + x @ [0.6, -0.4, 0.2] + random.logistic(0, 1, 500)), 1, 4).astype(int)
    found, model = cumulative_logit(x, y), OrderedModel(y, x, distr="logit")
    # It stops where we have the maximum already.
    expected = model.fit(method="bfgs", disp=0, gtol=1e-8)
    assert found.log_likelihood == pytest.approx(expected.llf, abs=1e-8)
    assert found.coefficients == pytest.approx(expected.params[:3], abs=1e-5)
    assert found.errors == pytest.approx(expected.bse[:3], abs=1e-5)
    cuts = model.transform_threshold_params(expected.params[3:])[1:-1]
    assert found.thresholds == pytest.approx(cuts, abs=1e-5)


def test_weights_stand_for_repeated_rows():
    random = np.random.default_rng(5)
    x, y = random.integers(0, 2, (60, 1)).astype(float), random.integers(0, 4, 60)
    w = random.integers(1, 4, 60)
    one = cumulative_logit(x, y, w)
    many = cumulative_logit(np.repeat(x, w, axis=0), np.repeat(y, w))
    assert one.coefficients == pytest.approx(many.coefficients, abs=1e-9)
    assert one.log_likelihood == pytest.approx(many.log_likelihood, abs=1e-8)


def test_one_answer_only_cannot_be_ordered():
    with pytest.raises(ValueError, match="two different"):
        cumulative_logit(np.zeros((4, 1)), np.array([3, 3, 3, 3]))
