"""Required and achieved samples: the regulation's table, R's survey package, edge cases."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import results, rules
from pipeline.rules.sample import krejcie_morgan, krejcie_morgan_exact
from pipeline.statistics.sample import size as sampling
from tests.support.krejcie import PAIRS

LAW = rules.load("14/2017")


def one(table: pd.DataFrame, **where: object) -> pd.Series:
    rows = results.pick(table, **where)
    assert len(rows) == 1
    return rows.iloc[0]


def test_all_90_pairs_of_the_regulation_s_table_are_reproduced() -> None:
    assert len(PAIRS) == 90
    assert {n: krejcie_morgan(n, LAW) for n in PAIRS} == PAIRS
    assert dict(rules.sample_table(LAW)) == PAIRS


def test_sample_sizes_before_rounding_agree_with_r(reference: Path) -> None:
    found = json.loads((reference / "14_sample_sizes" / "results.json").read_text(encoding="utf-8"))[
        "sample_size"
    ]
    km, slovin = found["krejcie_morgan"], found["slovin_5pct"]
    np.testing.assert_allclose(
        [float(krejcie_morgan_exact(n, LAW)) for n in km["N"]], km["n_exact"], atol=1e-10
    )
    np.testing.assert_allclose(
        [float(sampling.slovin_exact(n)) for n in slovin["N"]], slovin["n"], atol=1e-10
    )


@given(st.integers(min_value=1, max_value=10**7))
def test_no_required_sample_exceeds_its_population_or_384(population: int) -> None:
    n = krejcie_morgan(population, LAW)
    assert 1 <= n <= min(population, 384)


def test_a_population_of_nobody_has_no_sample_size() -> None:
    for size in (lambda users: krejcie_morgan(users, LAW), sampling.slovin):
        with pytest.raises(ValueError, match="population"):
            size(0)


def test_the_old_decree_asks_for_a_fixed_number() -> None:
    decree = rules.load("25/2004")
    assert rules.required(10_000, decree) == 150
    assert rules.required(100, decree) == 100
    assert rules.required(None, LAW) is None


def test_a_unit_short_of_its_sample_is_told_by_how_many_and_never_topped_up() -> None:
    table = sampling.table(["a"] * 100 + ["b"] * 140, population={"a": 220, "b": 220})
    assert one(table, scope="unit", unit="a", statistic="required").text == "not-met"
    assert one(table, scope="unit", unit="a", statistic="shortfall").estimate == 40
    assert one(table, scope="unit", unit="a", statistic="n_valid").estimate == 100
    assert one(table, scope="unit", unit="b", statistic="required").text == "met"


def test_an_unknown_population_is_a_reason_and_not_a_number() -> None:
    table = sampling.table(["a"] * 10)
    row = one(table, scope="unit", unit="a", statistic="required_krejcie_morgan")
    assert np.isnan(row.estimate)
    assert row.reason == "no-population"


def test_more_answers_than_people_is_said_and_a_census_has_no_margin() -> None:
    answers = pd.DataFrame({"U1": [3, 4, 3, 4, 2] * 2})
    table = sampling.table(["a"] * 5 + ["b"] * 5, population={"a": 4, "b": 5}, answers=answers)
    over = one(table, scope="unit", unit="a", statistic="achieved_margin")
    assert (over.reason, over.method) == ("population-smaller", "no-fpc")
    plain = one(sampling.table(["a"] * 5, answers=answers[:5]), scope="unit", statistic="achieved_margin")
    assert over.estimate == plain.estimate
    census = one(table, scope="unit", unit="b", statistic="achieved_margin")
    assert (census.estimate, census.reason) == (0, "census")


def test_a_row_without_any_answer_is_not_a_valid_respondent() -> None:
    answers = pd.DataFrame({"U1": [3, None, 4], "U2": [None, None, 4]})
    table = sampling.table(["a"] * 3, answers=answers)
    assert one(table, scope="unit", statistic="n_valid").estimate == 2


def test_unequal_weights_raise_the_design_effect() -> None:
    for weights, effect in (([1, 1, 1, 1], 1), ([1, 1, 2, 2], 10 / 9)):
        table = sampling.table(["a"] * 4, weights=weights)
        assert one(table, scope="unit", statistic="design_effect").estimate == pytest.approx(effect)


def test_response_rate_divides_by_those_who_were_asked() -> None:
    table = sampling.table(["a"] * 30, invited={"a": 40})
    assert one(table, scope="unit", statistic="response_rate").estimate == 0.75


def test_a_listed_unit_without_rows_is_shown_with_zero() -> None:
    table = sampling.table(["a"], listed=["a", "b"], population={"b": 100})
    assert one(table, scope="unit", unit="b", statistic="n_valid").estimate == 0
    assert one(table, scope="unit", unit="b", statistic="shortfall").estimate == 80
    assert one(table, scope="unit", unit="b", statistic="achieved_margin_share").reason == "no-data"


def test_the_report_asks_for_as_many_as_the_rule_does():
    from tests.nasty.units import old_rule_unit

    unit = old_rule_unit()[0]
    rows = sampling.table(["unit-lama"] * unit.n, population={"unit-lama": unit.population}, rule="25/2004")
    asked = rows.set_index("statistic")["estimate"]
    assert asked["required_krejcie_morgan"] == 140
    assert asked["required"] == 150  # what the report, the overview and the portal print
