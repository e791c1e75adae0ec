"""Indices by register and intervals for clusters on the annex: the rows' own numbers, and every reason once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline import results
from pipeline.report.base.signed import signed
from pipeline.report.city import design
from pipeline.report.data.city import CityReport
from pipeline.words import Words
from tests.support.city_fixture import make_survey, make_tables

DEFINED = "raking: {source: Register, city: {sex: {male: 900, female: 1100}}}\nclusters: [interviewer, day]\n"


def row(unit: str, statistic: str, estimate: float | None = None, **more: Any) -> dict[str, Any]:
    scope = "unit" if unit else "city"
    return {
        "survey": "2024",
        "scope": scope,
        "unit": unit,
        "statistic": statistic,
        "estimate": estimate,
        **more,
    }


def raked(unit: str, value: float) -> list[dict[str, Any]]:
    """A weighted index with the numbers beside it, each another one."""
    beside = {
        "raking_shift": -1.25,
        "weight_smallest": 0.41,
        "weight_largest": 2.63,
        "ikm_unraked": value + 1.25,
    }
    method = {"ikm_unraked": "equal"}
    return [
        row(unit, "ikm_raked", value, lower=value - 2, upper=value + 2, method="raking", n=150, confidence=0.95),
        *(row(unit, name, number, method=method.get(name, "raking")) for name, number in beside.items()),
        row(unit, "design_effect", 1.37, method="raking"), row(unit, "design_effect", 1.58, method="kish"),
    ]  # fmt: skip


def clustered(unit: str, method: str, value: float) -> list[dict[str, Any]]:
    return [
        row(unit, "ikm_clustered", value, lower=value - 4, upper=value + 4, method=method, denominator=12),
        row(unit, "cluster_icc", 0.083, method=method), row(unit, "design_effect", 1.91, method=method),
    ]  # fmt: skip


def city(root: Path, rows: list[dict[str, Any]], lang: str = "en") -> CityReport:
    survey = make_survey(root, more=DEFINED)
    made = make_tables(survey, few=("unit-02",))
    return CityReport(survey, lang, {"index": made["index"], "sampling": results.frame(rows)})


def tables(page: CityReport) -> dict[str, Any]:
    return {block.key: block for block in design.design(page) if hasattr(block, "rows")}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_unit_stands_with_the_numbers_of_its_own_rows(tmp_path: Path, lang: str) -> None:
    rows = [*raked("unit-01", 81.5), *raked("unit-03", 77.25), *clustered("unit-01", "day", 82.5)]
    page, w = city(tmp_path, rows, lang), Words(lang)
    made = tables(page)
    (first, second), (third,) = made["raked"].rows, made["clustered"].rows
    name = page.names["unit-01"]
    assert list(first) == [
        name, w.number(82.75), w.number(81.5), w.interval(79.5, 83.5), signed(w, -1.25, 2), w.number(1.37),
        w.number(1.58), w.number(2.63),
    ]  # fmt: skip
    assert list(second)[2] == w.number(77.25)
    own = page.first("index", scope="unit", unit="unit-01", statistic="ikm")
    assert list(third) == [
        name, "12", w.interval(78.5, 86.5), w.interval(own.lower, own.upper), w.percent(0.083, 1), w.number(1.91),
    ]  # fmt: skip


def test_two_ways_of_going_together_are_told_apart_in_the_unit_s_name(tmp_path: Path) -> None:
    rows = [*clustered("unit-01", "day", 82.5), *clustered("unit-01", "interviewer", 82.5)]
    shown = [line[0] for line in tables(city(tmp_path, rows))["clustered"].rows]
    w = Words("en")
    assert [w("design.clusters.day") in name for name in shown] == [True, False]
    assert [w("design.clusters.interviewer") in name for name in shown] == [False, True]


def test_units_without_a_number_are_counted_by_reason_and_where_all_lack_it_a_sentence_says_why(
    tmp_path: Path,
) -> None:
    w = Words("en")
    refused = [row(f"unit-0{k}", "ikm_raked", method="raking", reason="margin-few") for k in (4, 5)]
    (table,) = design.design(city(tmp_path / "some", [*raked("unit-01", 81.5), *refused]))
    assert w("design.refused", units="2", reason=w.label("reason", "margin-few")) in table.note
    (sentence,) = design.design(city(tmp_path / "none", refused))
    assert f"{w.label('reason', 'margin-few')} (2)" in sentence.plain_text()


def test_a_unit_of_too_few_answers_is_in_neither_table_nor_count(tmp_path: Path) -> None:
    hidden = [*raked("unit-02", 81.5), row("unit-02", "ikm_clustered", method="day", reason="few-clusters")]
    assert design.design(city(tmp_path, hidden)) == []


def test_the_city_s_weighted_index_stands_beside_the_official_one_or_its_reason_does(tmp_path: Path) -> None:
    w, page = Words("en"), city(tmp_path / "told", raked("", 83.5))
    (said,) = design.design(page)
    for number in (w.number(83.5), w.interval(81.5, 85.5), w.number(page.headline.estimate)):
        assert number in said.plain_text()
    refused = [row("", "ikm_raked", method="raking", reason="margin-unstated")]
    (said,) = design.design(city(tmp_path / "refused", refused))
    assert w.label("reason", "margin-unstated") in said.plain_text()


def test_a_survey_without_register_and_clusters_says_nothing(tmp_path: Path) -> None:
    assert design.design(city(tmp_path, [row("unit-01", "required", 100.0)])) == []
