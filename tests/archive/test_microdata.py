"""Answers leave the house as a unit's public annex prints them, and in no other way."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pandas as pd
import pytest
import yaml

from pipeline import survey as surveys
from pipeline.archive import agreement, appendix, disclosure, microdata
from pipeline.archive.microdata import UnitRows, Unsafe
from pipeline.intake.rows import assemble
from tests.archive.conftest import FILE, SUGGESTION, WRITTEN, make
from tests.support.city_fixture import ITEMS


@pytest.fixture(scope="module")
def given(survey):
    return microdata.collected(survey)


@pytest.fixture(scope="module")
def folder(survey, given):
    return microdata.folder(survey, given, ITEMS)


def table(folder) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(folder["answers.csv"].decode())))


def test_the_file_has_a_number_the_unit_and_answers_and_no_other_column(folder):
    rows = table(folder)
    assert list(rows[0]) == ["respondent", "unit", *ITEMS]
    assert [row["respondent"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    text = b"".join(folder.values())
    assert not [word for word in (SUGGESTION, WRITTEN, FILE, "09:13", "online") if word.encode() in text]


def test_a_unit_of_fewer_than_ten_gives_no_row_and_the_report_says_why(given, folder):
    by_unit = Counter(row["unit"] for row in table(folder))
    assert min(by_unit.values()) >= 10
    none = {unit.unit: unit.why_none for unit in given if not unit.rows}
    assert none["unit-02"] == "fewer than 10 valid answers"
    assert none["unit-11"] == "no valid answers"
    assert not set(none) & set(by_unit)


def test_rows_are_those_of_the_public_annex_of_each_unit_in_its_order(survey, given):
    from pipeline.report.data.unit import open_unit
    from pipeline.report.unit.answers_annex import printable

    for unit in given:
        items, rows = printable(open_unit(survey, unit.unit, lang="id"))
        assert (unit.items, unit.rows) == (tuple(items), tuple(rows))


def test_the_order_of_the_raw_file_is_not_the_order_of_the_rows(survey, given):
    stored = pd.read_parquet(survey.processed / "responses.parquet")
    unit = given[0]
    came = [tuple(str(v) for v in row) for row in stored[stored["unit"] == unit.unit][list(ITEMS)].to_numpy()]
    assert Counter(came) == Counter(unit.rows)
    assert came != list(unit.rows)


def test_an_unsur_whose_value_is_not_shown_has_no_answer_in_the_file(tmp_path):
    survey = make(tmp_path)
    path = survey.processed / "index.parquet"
    index = pd.read_parquet(path)
    hidden = (index["unit"] == "unit-01") & (index["item"] == "U9")
    index.loc[hidden, ["estimate", "lower", "upper", "numerator"]] = None
    index.loc[hidden, "reason"] = "suppressed"
    index.to_parquet(path, index=False)
    first = microdata.collected(survey)[0]
    assert "U9" not in first.items
    assert first.hidden == ("U9",)
    rows = table(microdata.folder(survey, microdata.collected(survey), ITEMS))
    assert {row["U9"] for row in rows if row["unit"] == "unit-01"} == {""}


def test_a_survey_that_keeps_its_annex_back_gives_nothing_away(tmp_path):
    with pytest.raises(Unsafe, match="annex: false"):
        microdata.collected(make(tmp_path, "annex: false\n"))


def test_a_group_that_is_too_small_or_a_cell_that_is_no_score_is_refused(survey):
    with pytest.raises(Unsafe, match="fewer than 10"):
        microdata._check(survey, UnitRows("a", 10, ("U1",), (("4",),) * 9))
    with pytest.raises(Unsafe, match="no number"):
        microdata._check(survey, UnitRows("a", 10, ("U1",), (("4",),) * 9 + (("Budi",),)))


def test_the_definition_of_the_answers_can_be_read_and_says_on_every_page_what_they_are(tmp_path, folder):
    raw = tmp_path / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    for name, content in folder.items():
        (raw / name).write_bytes(content)
    read = surveys.load(tmp_path, "2024")
    assert "(anonymised answers)" in read.definition.text(read.definition.title, "en")
    assert read.definition.order == "form"
    kept = yaml.safe_load(folder["survey.yml"])
    assert not {"contact", "signature", "team", "photos", "values", "lookups"} & set(kept)


def test_the_disclosure_report_counts_the_smallest_group_the_unlike_rows_and_names_each_variable_left_out():
    rows = (("4", "3"),) * 9 + (("1", "2"), ("4", "1"))
    given = [UnitRows("a", 11, ("U1", "U2"), rows), UnitRows("b", 4, why_none="fewer than 10 valid answers")]
    text = disclosure.as_bytes(given, ["unit", "sex", "suggestion", "U1", "U1__status"], "T").decode()
    assert "**k = 11**" in text
    assert "2 of 11 rows (18%)" in text
    assert "- `sex`: profile beside answers identifies." in text
    assert "- `suggestion`: free text." in text
    assert "- fewer than 10 valid answers: 1." in text
    assert "earlier surveys" not in text
    more = disclosure.as_bytes(given, ["unit"], "T", ["2023", "2024"]).decode()
    assert "- answers of earlier surveys (2023, 2024), against which changes are measured" in more
    listed = list(csv.DictReader(io.StringIO(disclosure.as_csv(given).decode())))
    assert listed[0]["items_nearly_all_alike"] == "U1"
    assert listed[1]["rows_given"] == "0"
    assert "4" not in listed[1].values(), "how many a small unit has stands in the published results alone"


def test_every_variable_of_the_cleaned_answers_is_described_and_said_to_be_given_or_not():
    described = appendix.described()
    assert all(about["given"] in ("yes", "no", "new") and about["meaning"] for about in described.values())
    assert {name for name, about in described.items() if about["given"] != "no"} == {"respondent", "unit"}
    assert not set(assemble.LEADING) - set(described), "a column of the answers is described nowhere"


@pytest.mark.parametrize("counts", [[1, 50, 60], [0, 2, 2, 90], [3, 3, 90], [4, 0, 0, 5], [2, 2], [7, 8]])
def test_no_count_of_one_to_four_stands_in_the_appendix_nor_follows_from_the_others(counts):
    told = appendix.counted(counts)
    hidden = [count for count, text in zip(counts, told, strict=True) if text == appendix.HIDDEN]
    assert not [text for text in told if text.isdecimal() and 0 < int(text) < 5]
    assert len(hidden) != 1
    assert not hidden or sum(hidden) >= 5 or len(hidden) == sum(count > 0 for count in counts)


def test_two_result_files_agree_where_their_numbers_do_to_ten_digits():
    head = ",".join((*agreement.KEY, "survey", *agreement.SAID)) + "\n"

    def line(statistic: str, value: str, unit: str = "a") -> str:
        row = dict.fromkeys((*agreement.KEY, "survey", *agreement.SAID), "") | {
            "module": "index", "scope": "unit", "unit": unit, "statistic": statistic, "estimate": value,
        }  # fmt: skip
        return ",".join(row.values()) + "\n"

    published = (
        head
        + line("ikm", "81.12345678901")
        + line("ikm", "70", "b")
        + line("nrr", "3")
        + line("nrr", "3", "c")
    )
    again = head + line("ikm", "81.12345678901001") + line("ikm", "70.1", "b") + line("nrr", "3")
    found = agreement.compare(published.encode(), again.encode())
    assert found[("index", "unit", "ikm")] == agreement.Sums(2, 1, 1, 0)
    assert found[("index", "unit", "nrr")] == agreement.Sums(2, 1, 0, 1)
    assert agreement.total(found) == agreement.Sums(4, 2, 1, 1)
