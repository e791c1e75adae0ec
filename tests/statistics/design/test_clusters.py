"""Intervals that allow for clusters: against R's survey and lme4, statsmodels, and each refusal."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from pipeline import results
from pipeline.statistics.design import clusters
from tests.support.reference_sets import ORACLE

SET = ORACLE / "42_clusters"
ITEMS = [f"U{j}" for j in range(1, 10)]
R: dict[str, Any] = json.loads((SET / "results.json").read_text())


def row(table: pd.DataFrame, statistic: str, method: str) -> Any:
    return next(results.rows_of(results.pick(table, statistic=statistic, method=method)))


def test_interval_correlation_and_design_effect_are_those_of_r_s_survey_and_lme4() -> None:
    people = pd.read_csv(SET / "data.csv")
    ways = people[["interviewer", "day"]]
    table = clusters.table(people[ITEMS].astype("Int64"), ["a"] * len(people), clusters=ways, units=["a"])
    for way in ways:
        theirs, mine = R[way], row(table, "ikm_clustered", way)
        assert [mine.estimate, mine.lower, mine.upper] == pytest.approx(
            [theirs["index"], *theirs["ci"]], abs=1e-10
        )
        assert (mine.denominator, mine.n) == (theirs["clusters"], theirs["n"])
        assert mine.df == pytest.approx(theirs["df"])
        assert row(table, "design_effect", way).estimate == pytest.approx(theirs["deff"], abs=1e-10)
        assert row(table, "cluster_icc", way).estimate == pytest.approx(theirs["lmer"]["icc"], abs=1e-6)


def test_of_complete_answers_the_error_is_that_of_statsmodels_clustered_regression() -> None:
    answers, who = pd.read_csv(SET / "complete.csv"), pd.read_csv(SET / "data.csv")["interviewer"]
    codes, names = pd.factorize(who)
    score = 25 * answers.to_numpy().mean(axis=1)
    fit = sm.OLS(score, np.ones(len(score))).fit(cov_type="cluster", cov_kwds={"groups": codes})
    mine = clusters.clustered_variance(score - score.mean(), codes, len(names))
    # statsmodels counts (n - 1)/(n - k) as well, which is one here.
    assert np.sqrt(mine) == pytest.approx(float(fit.bse[0]), rel=1e-12)
    assert np.sqrt(mine) == pytest.approx(R["complete"]["se"], abs=1e-10)


def refusal(way: list[Any], n: int) -> str:
    draw = np.random.default_rng(3)
    answers = pd.DataFrame(draw.integers(2, 5, (n, 2)), columns=["U1", "U2"])
    table = clusters.table(answers, ["a"] * n, clusters=pd.DataFrame({"day": way}), units=["a", "nobody"])
    assert table["statistic"].tolist() == ["ikm_clustered"]
    assert table["estimate"].isna().all()
    return str(table["reason"].iloc[0])


def test_few_answers_few_clusters_and_unstated_ones_are_refused_with_the_reason() -> None:
    assert refusal(list(range(10)) * 2, 20) == "too-few"
    assert refusal(list(range(4)) * 20, 80) == "few-clusters"
    assert refusal([*range(20)] * 4 + [None] * 21, 101) == "not-stated"


def test_who_stated_no_cluster_is_one_cluster_together() -> None:
    draw = np.random.default_rng(3)
    answers = pd.DataFrame(draw.integers(2, 5, (110, 2)), columns=["U1", "U2"])
    days = [*range(10)] * 10 + [None] * 10
    table = clusters.table(answers, ["a"] * 110, clusters=pd.DataFrame({"day": days}), units=["a"])
    assert row(table, "ikm_clustered", "day").denominator == 11


def test_a_way_that_nobody_stated_is_refused_and_a_constant_unit_has_no_width() -> None:
    answers = pd.DataFrame({"U1": [4] * 60, "U2": [3] * 60})
    ways = pd.DataFrame({"day": [*range(12)] * 5, "interviewer": [None] * 60})
    table = clusters.table(answers, ["a"] * 60, clusters=ways, units=["a"])
    assert table[["statistic", "reason", "method"]].values.tolist() == [
        ["ikm_clustered", "no-variance", "day"],
        ["ikm_clustered", "not-asked", "interviewer"],
    ]
    assert table["denominator"].tolist() == [12, 0]
