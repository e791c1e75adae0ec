"""A report of a large city reads its own rows, not everybody's."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import small_city
from pandas.testing import assert_frame_equal

from pipeline import demo, intake, steps
from pipeline.report import unit_slices
from pipeline.steps.answers import keep


def test_a_unit_reads_only_the_groups_of_rows_that_hold_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    demo.write_large(tmp_path, units=60, respondents=1_200)
    found = steps.open_survey("2025", tmp_path)
    made = intake.clean(found)
    keep(found, made)
    listed = json.loads((found.processed / unit_slices.UNITS_FILE).read_text("utf-8"))
    units = [entry["id"] for entry in listed if entry["n"]]
    assert len(units) > 50
    whole = {unit: unit_slices.read_responses(found.processed, unit) for unit in units}
    path = found.processed / "responses.parquet"
    assert unit_slices._groups(found.processed, pq.read_metadata(path), units[0]) is None
    monkeypatch.setattr(import_module("pipeline.intake.clean"), "ROWS_A_GROUP", 50)
    keep(found, made)
    for unit in units:
        groups = unit_slices._groups(found.processed, pq.read_metadata(path), unit)
        assert groups is not None
        assert len(groups) <= len(whole[unit]) // 50 + 2
        assert_frame_equal(unit_slices.read_responses(found.processed, unit), whole[unit])
    assert sum(map(len, whole.values())) == len(made.responses)


def test_a_plain_read_of_a_table_finds_the_rows_a_search_finds(tmp_path: Path):
    root = small_city.build(tmp_path)
    processed = steps.open_survey("2024", root).processed
    names = list(unit_slices.Row._fields)
    found = 0
    for module, filters in unit_slices.reads("dinas-b", ["dinas-a", "dinas-b", "dinas-c"]).items():
        path = processed / f"{module}.parquet"
        if path.is_file():
            searched = pq.read_table(path, columns=names, filters=filters)
            plain = unit_slices._rows(path, filters)
            assert plain.equals(searched), module
            found += plain.num_rows
    assert found > 100


def test_a_report_reads_of_a_questionnaire_what_it_prints_and_nothing_of_the_person(tmp_path: Path):
    root = small_city.build(tmp_path)
    processed = steps.open_survey("2024", root).processed
    read = set(unit_slices.read_responses(processed, "dinas-b").columns)
    assert {"U1", "U9", "suggestion", "source_row"} <= read
    assert not read & {"sex", "age", "education", "occupation", "disability", "interviewer", "U1__status"}
