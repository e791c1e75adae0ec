"""Every statistic on every oracle set stays within its tolerance, and the document says so."""

from __future__ import annotations

import importlib.util
import json

import pytest

from tests.support import validation

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


#: Sets beside the repository whose data may not be redistributed, with R's results of the same shape.
FURTHER = (
    "01_bfi_9items", "05_zero_variance_item", "06_missing5pct", "07_n12", "08_n_less_than_k", "11_negative_item",
    "12_constant_unit", "13_skm_sim48", "15_ordinal_wine", "16_invariance_hs", "17_two_factor_htmt",
    "18_real_skck_gianyar", "20_real_servqual_rs",
)  # fmt: skip


@pytest.fixture(scope="module")
def found(reference):
    return {folder: validation.checks(reference, folder) for folder in (*validation.SETS, *validation.MORE)}


@pytest.mark.parametrize("folder", [*validation.SETS, *validation.MORE])
def test_no_statistic_leaves_its_tolerance(found, folder):
    beyond = [check for check in found[folder] if check.deviation > check.tolerance]
    assert beyond == []


def test_only_seven_people_are_refused_by_the_functions_themselves(found):
    refused = {folder for folder, list_ in found.items() for check in list_ if check.note == "refused"}
    assert refused == {"08_n_less_than_k"}


def test_the_document_is_byte_for_byte_the_one_these_numbers_make(reference, found):
    refused = {name: validation.refusals(reference, name) for name in (*validation.SETS, *validation.MADE)}
    committed = validation.DOCUMENT.read_bytes()
    assert validation.document(found, refused, committed.decode()).encode() == committed


def test_a_deviation_larger_than_printed_changes_the_document():
    check = validation.Check("Index", "sd", 1e-10, False, 3e-11)
    assert validation._cell([check], "< 1e-12") == "< 1e-10"
    assert validation._cell([check], "< 1e-10") == "< 1e-10"
    # A page that promises less than the tolerance is not believed.
    assert validation._cell([check], "< 1e-3") == "< 1e-10"
    assert validation.power(1e-16, 1e-10) == "< 1e-12"
    assert validation.power(1.04e-6, 1.1e-6) == "< 1.1e-6"


@pytest.mark.full
@pytest.mark.parametrize("folder", FURTHER)
def test_the_data_sets_of_r_packages_and_the_real_surveys_agree_as_well(more_reference, folder):
    beyond = [c for c in validation.checks(more_reference, folder) if c.deviation > c.tolerance]
    assert beyond == []


def test_what_is_held_otherwise_is_held_by_a_test_that_exists():
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (validation.ROOT / "tests").rglob("test_*.py")
    )
    assert [test for _, _, test in validation.ELSEWHERE if f"def {test}(" not in tests] == []


def test_answers_that_break_factor_statistics_are_refused_in_known_words():
    kinds = (*validation.MADE, "31_repeated_item", "32_empty_category")
    refused = {kind: validation.refusals(validation.sets.ORACLE, kind) for kind in kinds}
    assert set(refused["content"].values()) == {"no-variance"}
    assert set(refused["31_repeated_item"].values()) == {"", "not-estimable", "singular"}
    assert refused["31_repeated_item"]["chisq (ml)"] == ""
    assert set(refused["32_empty_category"].values()) == {""}
    assert refused["contradiction"]["chisq (wlsmv)"] == "not-positive-definite"
    assert refused["contradiction"]["chisq (ml)"] == ""


def test_the_interval_of_the_index_holds_the_truth_nineteen_times_in_twenty():
    found = json.loads(validation.COVERAGE.read_text(encoding="utf-8"))
    hall = {row["n"]: row["covered"] for row in found["coverage"] if row["interval"] == "index, Hall's t"}
    assert set(hall) == {30, 100, 400}
    assert 0.93 <= hall[100] <= 0.97
    assert 0.93 <= hall[400] <= 0.97


@pytest.mark.prove
def test_the_coverage_that_is_printed_is_the_one_the_script_finds():
    spec = importlib.util.spec_from_file_location("coverage", validation.ROOT / "benchmarks" / "coverage.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.run(4000) == json.loads(validation.COVERAGE.read_text(encoding="utf-8"))
