"""The psychometric chapter: every item once, both sides of the fit, and each refusal in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from city_fixture import make_city
from test_factors import made

from pipeline.report import overview
from pipeline.statistics import factors, reliability, validity


def city(root: Path, answers: pd.DataFrame, lang: str = "en", units: int = 1):
    """A city whose psychometric tables are computed from these answers."""
    survey = make_city(root)
    known = [unit.id for unit in survey.units if unit.population][:units] or [survey.units[0].id]
    by = pd.Series([known[i * len(known) // len(answers)] for i in range(len(answers))])
    for name, module in (("reliability", reliability), ("factors", factors)):
        module.table(answers, by, survey=survey.name).to_parquet(survey.processed / f"{name}.parquet")
    table = validity.table(answers, by, survey=survey.name, draws=20)
    table.to_parquet(survey.processed / "validity.parquet")
    return overview.open_city(survey, lang)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_item_stands_in_one_table_with_its_loadings(tmp_path, lang):
    text = overview.psychometrics(city(tmp_path, made(500), lang)).plain_text()
    rows = [line.split("\t") for line in text.splitlines() if line.startswith(tuple("U123456789"))]
    rows = [row for row in rows if len(row) == 9]
    assert len(rows) == 9
    # Item-rest r, alpha if dropped, MSA and both loadings are numbers.
    assert all(cell not in ("", "–") for row in rows for cell in row[4:])


def test_the_robust_indices_stand_beside_the_scaled_ones(tmp_path):
    text = overview.psychometrics(city(tmp_path, made(500))).plain_text()
    lead = text.split("\n")[0]
    assert "scaled" in lead
    assert "robust" in lead
    for estimator in ("ML, scaled", "ordinal, scaled", "ordinal, robust"):
        assert estimator in text
    assert "no reason to drop" in text


def test_units_with_few_answers_are_counted_with_the_reason(tmp_path):
    text = overview.psychometrics(city(tmp_path, made(500), units=5)).plain_text()
    assert "computed for 0 of" in text
    assert "fewer answers than" in text


def test_a_content_city_is_refused_in_words(tmp_path):
    answers = pd.DataFrame({f"U{j}": [4] * 300 for j in range(1, 10)}, dtype="Int64")
    text = overview.psychometrics(city(tmp_path, answers)).plain_text()
    assert "No one-factor model is computed: everybody gave the same answer" in text


def test_a_matrix_that_contradicts_itself_leaves_the_other_model(tmp_path):
    text = overview.psychometrics(city(tmp_path, made(50, seed=1, loading=0.9))).plain_text()
    assert "could not be used" in text
    assert "contradict one another" in text


def test_without_the_table_the_chapter_says_so(tmp_path):
    survey = make_city(tmp_path)
    text = overview.psychometrics(overview.open_city(survey, "en")).plain_text()
    assert text == "The one-factor models are not available yet."
