"""The graded response model: against R (ltm, polished), its gradient, and each refusal."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.psychometrics.response import graded, table
from tests.support.reference_sets import ORACLE

SET = ORACLE / "43_graded_response"
ANSWERS = pd.read_csv(SET / "data.csv").astype("Int64")
R: dict[str, Any] = json.loads((SET / "results.json").read_text())["graded"]


@pytest.fixture(scope="module")
def model() -> graded.Graded:
    filled = ANSWERS.to_numpy(dtype=float, na_value=np.nan)
    codes = np.where(np.isnan(filled), -1, filled - 1).astype(int)
    return graded.fit(codes, [int(n) for n in ANSWERS.max()])


def test_parameters_errors_and_likelihood_are_those_of_r(model: graded.Graded) -> None:
    items = list(ANSWERS)
    assert model.converged
    assert model.log_likelihood == pytest.approx(R["log_likelihood"], abs=1e-6)
    np.testing.assert_allclose(model.discrimination, [R["discrimination"][i] for i in items], atol=1e-4)
    for item, mine in zip(items, model.intercepts, strict=True):
        np.testing.assert_allclose(mine, R["intercepts"][item], atol=3e-4)
    np.testing.assert_allclose(model.errors, [R["se_cross"][i] for i in items], rtol=1e-3)
    # ltm itself integrates over 21 points: coarser where items discriminate much.
    assert R["ltm"]["log_likelihood"] == pytest.approx(model.log_likelihood, abs=0.5)
    theirs = [R["ltm"]["discrimination"][i] for i in items]
    np.testing.assert_allclose(model.discrimination, theirs, rtol=0.03)


def test_information_and_expected_answers_along_the_trait_are_those_of_r(model: graded.Graded) -> None:
    theta = np.array(R["theta"])
    pairs = list(zip(model.discrimination, model.intercepts, strict=True))
    each = [graded.information(theta, a, d) for a, d in pairs]
    np.testing.assert_allclose(each, R["information"], atol=1e-3)
    mean = np.mean([graded.expected(theta, a, d, 1.0 + np.arange(len(d) + 1)) for a, d in pairs], axis=0)
    np.testing.assert_allclose(mean, R["mean_answer"], atol=1e-4)


def test_the_border_is_where_reliability_falls_below_seventy_per_cent(model: graded.Graded) -> None:
    made = table.table(ANSWERS, scale=(1, 4))
    row = next(results.rows_of(results.pick(made, statistic="separates_above")))
    theta, pairs = np.linspace(-4, 4, 8001), list(zip(model.discrimination, model.intercepts, strict=True))
    total = np.sum([graded.information(theta, a, d) for a, d in pairs], axis=0)
    last = theta[total / (total + 1) >= 0.70][-1]
    mean = np.mean([graded.expected(np.array([last]), a, d, 1.0 + np.arange(len(d) + 1)) for a, d in pairs])
    assert row.estimate == pytest.approx(mean, abs=5e-3)
    whole = ANSWERS.dropna().astype(float).mean(axis=1)
    assert (row.numerator, row.denominator) == (int((whole > row.estimate).sum()), len(whole))
    told = results.pick(made, statistic="information", item="")["other"].tolist()
    assert told == ["2", "2.5", "3", "3.5", "3.8"]


def refusal(answers: pd.DataFrame) -> str:
    made = table.table(answers)
    assert made["statistic"].tolist() == ["separates_above"]
    return str(made["reason"].iloc[0])


def test_few_answers_few_items_and_contradictions_are_refused_with_the_reason() -> None:
    assert refusal(ANSWERS[:0]) == "no-data"
    assert refusal(ANSWERS[:199]) == "too-few"
    alike = ANSWERS.assign(**dict.fromkeys(list(ANSWERS)[2:], 4))
    assert refusal(alike) == "few-items"
    repeated = pd.DataFrame({f"U{j}": ANSWERS["U2"] for j in range(1, 5)})
    assert refusal(repeated) == "not-estimable"


def simulated(loading: float, turned: bool = False) -> pd.DataFrame:
    """600 people, nine items that go with one trait as closely as asked; the last three against it."""
    random = np.random.default_rng(5)
    slope = np.array([loading] * 6 + [-6 * loading if turned else loading] * 3)
    latent = random.normal(size=(600, 1)) * slope + random.logistic(size=(600, 9))
    answers = 1 + (latent[..., None] > [-2, 0, 2]).sum(axis=2)
    return pd.DataFrame(answers, columns=[f"U{j}" for j in range(1, 10)]).astype("Int64")


@pytest.mark.parametrize(("answers", "reason"), [(simulated(0.35), "nowhere-reliable"),
                                                 (simulated(0.8, turned=True), "answers-turn")])  # fmt: skip
def test_a_fitted_model_without_a_border_says_why_in_words_of_its_own(answers, reason) -> None:
    made = table.table(answers)
    assert results.pick(made, statistic="separates_above")["reason"].tolist() == [reason]
    # The model itself is told all the same.
    assert results.pick(made, statistic="discrimination")["estimate"].notna().sum() == 9
    assert set(made["reason"]) <= {"", *results.REASONS}


def test_answers_that_few_gave_are_joined_towards_the_middle_and_named() -> None:
    rare = ANSWERS.copy()
    rare.loc[rare["U1"] == 1, "U1"] = 2
    rare.loc[:3, "U1"] = 1
    made = table.table(rare)
    joined = results.pick(made, statistic="grm_joined", item="U1")
    assert joined["text"].tolist() == ["1+2"]
    assert results.pick(made, statistic="step", item="U1")["other"].tolist() == ["3", "4"]
