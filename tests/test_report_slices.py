"""A report of a large city reads its own rows, not everybody's."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
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
    assert unit_slices._groups(found.processed, path, units[0]) is None
    monkeypatch.setattr(import_module("pipeline.intake.clean"), "ROWS_A_GROUP", 50)
    keep(found, made)
    for unit in units:
        groups = unit_slices._groups(found.processed, path, unit)
        assert groups is not None
        assert len(groups) <= len(whole[unit]) // 50 + 2
        assert_frame_equal(unit_slices.read_responses(found.processed, unit), whole[unit])
    assert sum(map(len, whole.values())) == len(made.responses)
