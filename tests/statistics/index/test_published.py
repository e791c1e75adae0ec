"""Sixteen published results, recomputed from their printed sums or NRR."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from pipeline import rules
from pipeline.statistics.index import table as index

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "published_cases.json").read_text(encoding="utf-8")
)
REPRODUCED = [case for case in CASES if case["verdict"] == "reproduced"]
NAMED = {case["id"]: case for case in CASES}
#: Published to four decimals even where the last ones are zero.
PLACES = {"kediri": 4}


def places(case: dict[str, Any]) -> int:
    return next((n for start, n in PLACES.items() if case["id"].startswith(start)), 2)


def recompute(case: dict[str, Any], weight: str) -> index.Published:
    if case["sums"] is not None:
        return index.from_counts(case["sums"], case["n"], weight=weight, rule=case["rule"])
    return index.from_nrr(case["nrr"], weight=weight, rule=case["rule"])


def test_there_are_sixteen_cases() -> None:
    assert len(CASES) == 16


@pytest.mark.parametrize("case", REPRODUCED, ids=lambda case: case["id"])
def test_a_published_index_is_reproduced_to_the_printed_decimals(case: dict[str, Any]) -> None:
    found = recompute(case, case["weight"])
    assert found.rounded(places(case)) == Decimal(case["ikm"])
    if case["letter"]:
        assert found.letter == case["letter"]


@pytest.mark.parametrize("case", REPRODUCED, ids=lambda case: case["id"])
def test_a_published_index_fits_one_weight_only(case: dict[str, Any]) -> None:
    k = len(case["sums"] or case["nrr"])
    others = {"exact", "0.071"} if k == 14 else {"exact", "0.11", "0.111"}
    for weight in others - {case["weight"]}:
        assert recompute(case, weight).rounded(places(case)) != Decimal(case["ikm"])


@pytest.mark.parametrize("name", ["bogor_bpmptsp_2015", "bogor_bpmptsp_2016"])
@pytest.mark.parametrize("weight", ["exact", "0.11", "0.111"])
def test_two_published_results_cannot_be_reproduced_with_any_weight(name: str, weight: str) -> None:
    case = NAMED[name]
    assert recompute(case, weight).rounded() != Decimal(case["ikm"])


def test_a_result_with_four_of_nine_unsur_printed_cannot_be_recomputed_from_its_total() -> None:
    case = NAMED["tangsel_bpbd_2025_partial"]
    assert sum(value is None for value in case["nrr"]) == 5
    assert rules.round_half_up(25 * Fraction("3.43")) == Decimal("85.75") != Decimal(case["ikm"])


def test_the_same_index_had_another_letter_under_the_old_rule() -> None:
    case = NAMED["bogor_bpmptsp_2016"]
    assert recompute(case, "exact").letter == "B"
    assert index.from_nrr(case["nrr"], rule="14/2017").letter == "C"


def test_perfect_answers_give_exactly_100_and_99_90_with_the_printed_weight() -> None:
    assert index.from_counts([4] * 9, 1).exact == 100
    assert index.from_counts([4] * 9, 1, weight="0.111").rounded() == Decimal("99.90")
    assert index.from_counts([4] * 9, 1, weight="0.11").rounded() == Decimal("99.00")


def test_a_frequency_table_gives_the_same_as_its_sums() -> None:
    counts = {"U1": {3: 11, 4: 18}, "U2": {2: 1, 3: 12, 4: 16}}
    assert index.from_counts(counts).exact == index.from_counts({"U1": 105, "U2": 102}, 29).exact


def test_sums_without_the_number_of_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="how many answered U1"):
        index.from_counts([105])
    with pytest.raises(ValueError, match="nobody answered"):
        index.from_counts([0], 0)
    with pytest.raises(ValueError, match="outside 1-4"):
        index.from_counts([500], 29)


def test_own_weights_must_name_the_items_and_sum_to_one() -> None:
    assert index.from_nrr({"a": "4", "b": "3"}, weights={"a": "0.6", "b": "0.4"}).rounded() == Decimal(
        "90.00"
    )
    with pytest.raises(rules.WeightError):
        index.from_nrr({"a": "4", "b": "3"}, weights={"a": "0.6", "c": "0.4"})


def test_a_printed_comma_and_a_float_read_as_the_printed_digits() -> None:
    assert index.from_nrr(["3,31"]).exact == index.from_nrr([3.31]).exact == index.from_nrr(["3.31"]).exact


def test_published_figures_become_result_rows() -> None:
    rows = index.from_counts(NAMED["gaspul_tw3"]["sums"], 29, weight="0.11").table(
        survey="2025-tw3", unit="gaspul"
    )
    assert rows.statistic.tolist()[:2] == ["ikm_legacy", "letter"]
    assert rows.method.iloc[0] == "0.11"
    assert Fraction(int(rows.numerator.iloc[0]), int(rows.denominator.iloc[0])) == Fraction(
        25 * 11 * 955, 100 * 29
    )
