"""From where on the unsur separate nobody: the sentence and table carry the numbers of the result table, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import results
from pipeline.report.city.psychometrics.refusals import refusals
from pipeline.report.city.psychometrics.response import response
from pipeline.report.data.city import CityReport
from pipeline.statistics.psychometrics.response import table
from tests.statistics.psychometrics.response.test_graded import simulated
from tests.support.city_fixture import ITEMS, make_survey
from tests.support.reference_sets import ORACLE

ANSWERS = pd.read_csv(ORACLE / "43_graded_response" / "data.csv").astype("Int64")


def city(root: Path, answers: pd.DataFrame, lang: str) -> CityReport:
    nrr = [
        {"scope": "unit", "unit": "unit-01", "statistic": "nrr", "item": i, "estimate": 3.0} for i in ITEMS
    ]
    tables = {"index": results.frame(nrr), "factors": table.table(answers)}
    return CityReport(make_survey(root, 2), lang, tables)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_border_and_every_number_are_those_of_the_table(tmp_path: Path, lang: str) -> None:
    shown = city(tmp_path, ANSWERS, lang)
    w, text = shown.words, "\n".join(block.plain_text() for block in response(shown))
    row: Any = shown.first("factors", statistic="separates_above")
    for number in (w.number(row.estimate), w.integer(row.numerator), w.integer(row.denominator)):
        assert number in text
    for one in results.rows_of(results.pick(shown.table("factors"), statistic="information", other="3.5")):
        assert w.number(one.estimate) in text
    # Nobody answered 4 to U5: its answers above are those that exist, and the note says which were joined.
    assert "U5 3+4" in response(shown)[-1].note


def test_few_answers_give_no_table_and_the_reason_stands_among_what_was_refused(tmp_path: Path) -> None:
    shown = city(tmp_path, ANSWERS[:150], "en")
    assert response(shown) == []
    (line,) = [runs for runs in refusals(shown) if any("Graded response" in text for text, _ in runs)]
    assert shown.words.label("reason", "too-few") in "".join(text for text, _ in line)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_elements_that_separate_nobody_anywhere_are_a_finding_and_no_refusal(
    tmp_path: Path, lang: str
) -> None:
    shown = city(tmp_path, simulated(0.35), lang)
    w, said = shown.words, [block.plain_text() for block in response(shown)]
    assert w("psychometrics.response.nowhere", cut=w.number(0.7)) == said[0]
    assert len(said) == 2  # and the table
    for text in ("".join(text for text, _ in runs) for runs in refusals(shown)):
        assert "Graded" not in text
        assert "berjenjang" not in text
