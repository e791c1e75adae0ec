"""The index by register and the interval for clusters: said beside the official ones, with their numbers or reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import report, results
from pipeline.report import overview
from pipeline.report.unit.design import clustered
from pipeline.words import Words
from tests.support import small_city

DEFINED = """
raking:
  source: {id: Register <b>uji</b>, en: Test register}
  city: {sex: {male: 900, female: 1100}}
  units:
    dinas-a: {sex: {male: 300, female: 600}, education: {sma: 700, s1: 200}}
    dinas-b: {sex: {male: 300, female: 600}, education: {sma: 700, s1: 100, s2: 100}}
clusters: [interviewer, day]
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_city.build(tmp_path_factory.mktemp("design"))
    path = root / "data" / "processed" / "2024" / "responses.parquet"
    people = pd.read_parquet(path)
    people["interviewer"] = [f"I{i % 12:03d}" for i in range(len(people))]
    people.to_parquet(path, index=False)
    definition = root / "data" / "raw" / "2024" / "survey.yml"
    definition.write_text(definition.read_text(encoding="utf-8") + DEFINED, encoding="utf-8")
    small_city.compute(root, "2024", "sampling")
    return root


def rows(root: Path, unit: str) -> dict[tuple[str, str], Any]:
    table = pd.read_parquet(root / "data" / "processed" / "2024" / "sampling.parquet")
    return {(row.statistic, row.method): row for row in results.rows_of(results.pick(table, unit=unit))}


def said(root: Path, unit: str, lang: str) -> str:
    return str(report.conduct(report.open_unit("2024", unit, lang=lang, root=root)).plain_text())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_both_stand_beside_the_official_index_with_the_numbers_of_the_tables(city: Path, lang: str) -> None:
    w, text, found = Words(lang), said(city, "dinas-a", lang), rows(city, "dinas-a")
    raked, clustered = found["ikm_raked", "raking"], found["ikm_clustered", "interviewer"]
    for row in (raked, clustered):
        assert w.interval(row.lower, row.upper) in text
    for key in (("design_effect", "kish"), ("design_effect", "raking"), ("design_effect", "interviewer")):
        assert w.number(found[key].estimate) in text
    assert w.number(raked.estimate) in text
    assert w.percent(found["cluster_icc", "interviewer"].estimate, 1) in text
    assert {"id": "tetap berlaku", "en": "which stands"}[lang] in text
    assert {"id": "tidak menjadi sampel acak", "en": "do not turn them into a random sample"}[lang] in text
    assert {"id": "Register <b>uji</b>", "en": "Test register"}[lang] in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_narrower_interval_over_clusters_is_no_gain(city: Path, lang: str) -> None:
    w, opened = Words(lang), report.open_unit("2024", "dinas-a", lang=lang, root=city)
    row, found = rows(city, "dinas-a")["ikm_clustered", "interviewer"], opened.ikm
    assert found is not None
    gain = w.template("design.clustered_narrow").rsplit(". ", 1)[1]
    middle = (found.lower + found.upper) / 2
    for half, told in (((found.upper - found.lower) / 2.1, True), ((found.upper - found.lower) / 1.9, False)):
        text = clustered(opened, row._replace(lower=middle - half, upper=middle + half)).plain_text()
        assert (gain in text) is told
        assert w.interval(middle - half, middle + half) in text


def test_a_share_between_clusters_that_was_not_estimated_is_not_nothing(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = report.open_unit("2024", "dinas-a", lang="en", root=city)
    kept = type(opened).value

    def without(self: Any, module: str, statistic: str, **more: str) -> Any:
        return None if statistic == "cluster_icc" else kept(self, module, statistic, **more)

    monkeypatch.setattr(type(opened), "value", without)
    said = clustered(opened, rows(city, "dinas-a")["ikm_clustered", "interviewer"]).plain_text()
    assert "between interviewers or counters –" in said


def test_what_was_not_computed_is_said_with_its_reason(city: Path) -> None:
    w, text = Words("en"), said(city, "dinas-b", "en")
    assert w.label("reason", "margin-few") in text
    assert "one day resembling one another was not computed: " + w.label("reason", "few-clusters") in text


def test_an_ordinary_report_says_nothing_of_either(city: Path) -> None:
    text = said(city, "kel-baik", "en")
    assert "register" not in text
    assert rows(city, "kel-baik").keys() & {("ikm_raked", "raking")} == set()


def test_the_annex_lists_the_units_and_says_the_city_s(city: Path) -> None:
    opened = overview.open_city("2024", "en", root=city)
    made = overview.adequacy(opened)
    tables = {block.key: block for block in made.blocks if hasattr(block, "rows")}
    assert len(tables["raked"].rows) == 1
    assert "Not computed for 1 unit:" in tables["raked"].note
    row = opened.first("sampling", scope="city", statistic="ikm_raked")
    assert opened.words.number(row.estimate) in made.plain_text()
    assert len(tables["clustered"].rows) >= 2
