"""A report of a large city reads its own rows, not everybody's."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from pipeline import demo, intake, steps
from pipeline.office import rows
from pipeline.report.data import slices as unit_slices
from pipeline.results import matching as slices
from pipeline.steps import files
from pipeline.steps.answers import keep
from tests.support import small_city


def test_a_unit_reads_only_the_groups_of_rows_that_hold_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    demo.write_large(tmp_path, units=60, respondents=1_200)
    found = steps.open_survey("2025", tmp_path)
    made = intake.clean(found)
    keep(found, made)
    listed = json.loads((found.processed / slices.UNITS_FILE).read_text("utf-8"))
    units = [entry["id"] for entry in listed if entry["n"]]
    assert len(units) > 50
    whole = {unit: unit_slices.read_responses(found.processed, unit) for unit in units}
    path = found.processed / "responses.parquet"
    assert slices.of_unit(found.processed, pq.read_metadata(path), units[0]) == [0]
    monkeypatch.setattr(import_module("pipeline.intake.rows.clean"), "ROWS_A_GROUP", 50)
    keep(found, made)
    for unit in units:
        groups = slices.of_unit(found.processed, pq.read_metadata(path), unit)
        assert len(groups) <= len(whole[unit]) // 50 + 2
        assert_frame_equal(unit_slices.read_responses(found.processed, unit), whole[unit])
        form = rows.read(found, unit)  # the office's form looks no further
        assert_frame_equal(form, whole[unit][list(form)])
    assert sum(map(len, whole.values())) == len(made.responses)


@pytest.mark.parametrize("rows_a_group", [7, 60])
def test_a_read_of_some_groups_finds_the_rows_a_search_finds(tmp_path: Path, rows_a_group: int):
    rng = np.random.default_rng(rows_a_group)
    size = 200
    table = pd.DataFrame(
        {
            "unit": np.sort(rng.choice(["", "a", "b", "c", "d"], size)),
            "kind": pd.Categorical(rng.choice(["x", "y", "z"], size)),
            "scope": rng.choice(["unit", "city", None], size),
            "n": rng.integers(0, 5, size),
        }
    )
    path = tmp_path / "t.parquet"
    for kept in (True, False):  # with and without the ends of each group
        table.to_parquet(path, index=False, row_group_size=rows_a_group, write_statistics=kept)
        for filters in (
            [[("unit", "==", "c")]],
            [[("unit", "==", "b"), ("kind", "==", "y")], [("scope", "in", ["city"])]],
            [[("unit", "in", ["a", "d"]), ("n", "==", 3)], [("unit", "==", "")]],
            [[("unit", "==", "not there")]],
        ):
            searched = pq.read_table(path, filters=filters, use_threads=False)
            found = slices.matching(path, filters)
            assert found.to_pylist() == searched.to_pylist(), filters
        assert slices.matching(path, [[("unit", "in", [])]]).num_rows == 0


def test_groups_that_cannot_hold_a_row_are_not_read(tmp_path: Path):
    path = tmp_path / "t.parquet"
    table = pd.DataFrame({"unit": list("aabbccdd"), "scope": ["unit"] * 7 + ["city"]})
    table.to_parquet(path, index=False, row_group_size=2)
    about = pq.read_metadata(path)
    assert slices.possible(about, [[("unit", "==", "b")]]) == [1]
    assert slices.possible(about, [[("unit", "==", "b")], [("scope", "in", ["city", "type"])]]) == [1, 3]
    assert slices.possible(about, [[("unit", "==", "a"), ("scope", "==", "city")]]) == []


def test_a_table_in_which_units_stand_at_many_places_is_stored_in_the_order_of_units(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = small_city.build(tmp_path)
    data = steps.open_answers("2024", root)
    path = data.survey.processed / "equity.parquet"
    whole = pd.read_parquet(path)
    monkeypatch.setattr(files, "LARGE", 20)
    monkeypatch.setattr(files, "ROWS_A_GROUP", 50)
    steps.save(data, equity=whole)
    stored = pd.read_parquet(path)
    assert files._places(whole["unit"]) > files.PLACES
    assert files._places(stored["unit"]) == 1
    about = pq.read_metadata(path)
    assert about.num_row_groups == -(-len(whole) // 50)
    one = whole["unit"].iloc[-1]
    assert len(slices.possible(about, [[("unit", "==", one)]])) < about.num_row_groups
    for unit in whole["unit"].unique():
        assert_frame_equal(
            stored[stored["unit"] == unit].reset_index(drop=True),
            whole[whole["unit"] == unit].reset_index(drop=True),
        )


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of the small city, to be read only."""
    return steps.open_survey("2024", small_city.build(tmp_path_factory.mktemp("city"))).processed


def test_a_plain_read_of_a_table_finds_the_rows_a_search_finds(processed: Path):
    names = list(unit_slices.Row._fields)
    found = 0
    for module, filters in unit_slices.reads("dinas-b", ["dinas-a", "dinas-b", "dinas-c"]).items():
        path = processed / f"{module}.parquet"
        if path.is_file():
            searched = pq.read_table(path, columns=names, filters=filters)
            plain = slices.matching(path, filters, names)
            assert plain.equals(searched), module
            found += plain.num_rows
    assert found > 100


def test_a_report_reads_of_a_questionnaire_what_it_prints_and_nothing_of_the_person(processed: Path):
    read = set(unit_slices.read_responses(processed, "dinas-b").columns)
    assert {"U1", "U9", "suggestion", "source_row"} <= read
    assert not read & {"sex", "age", "education", "occupation", "disability", "interviewer", "U1__status"}


@pytest.mark.parametrize("alone", [False, True])
def test_what_the_ledger_says_of_one_unit_is_what_it_says_of_it_among_all(processed: Path, alone: bool):
    names = pq.read_schema(processed / slices.ANSWERS_FILE).names
    columns = unit_slices.answer_columns(names, "")
    responses = pd.read_parquet(processed / slices.ANSWERS_FILE, columns=columns)
    ledger = pd.read_parquet(processed / unit_slices.LEDGER_FILE, columns=list(unit_slices.LEDGER_COLUMNS))
    told = unit_slices.about(ledger, responses, alone)
    found = 0
    for unit, own in responses.groupby("unit", observed=True):
        one = unit_slices.read_ledger(processed, own, alone)
        among = told[told["unit"] == unit].drop(columns="unit").reset_index(drop=True)
        assert_frame_equal(one, among)
        found += len(one)
    assert found == (len(ledger) * responses["unit"].nunique() if alone else len(told)) > 0
