"""Doubtful rows: measured as R measures them, shown, and never taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist

from pipeline import results
from pipeline.statistics.data.levels import levels
from pipeline.statistics.index import table as index
from pipeline.statistics.integrity import careless
from pipeline.statistics.integrity import table as integrity
from tests.support.reference_sets import FOLDERS, numbers, read, row_measures, scale_of

ITEMS = [f"U{i}" for i in range(1, 10)]
#: Sets whose items vary and do not determine one another: elsewhere R has no distance.
REGULAR = [f for f in FOLDERS if f not in ("05_zero_variance_item", "08_n_less_than_k")]


def one(table: pd.DataFrame, **where: object) -> pd.Series:
    rows = results.pick(table, **where)
    assert len(rows) == 1, rows
    return rows.iloc[0]


def people(n: int = 100, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.choice([2, 3, 4], p=[0.1, 0.5, 0.4], size=(n, 9)), columns=ITEMS).astype("Int8")
    x["unit"] = "a"
    x["answered_at"] = pd.Timestamp("2024-03-01 09:07") + pd.to_timedelta(np.arange(n) * 37, unit="min")
    x["sex"] = rng.choice(["male", "female"], n)
    x["age"] = rng.integers(17, 70, n)
    return x


@pytest.mark.parametrize("folder", FOLDERS)
def test_row_measures_agree_with_r(reference: Path, folder: str) -> None:
    data = read(reference, folder)
    found = row_measures(reference, data)
    x = data.answers[data.items]
    lv = levels(x, scale_of(folder))
    np.testing.assert_allclose(careless.longstring(lv), numbers(found["longstring"]))
    np.testing.assert_allclose(careless.irv(lv), numbers(found["irv"]), atol=1e-10)
    np.testing.assert_allclose(careless.person_total(lv), numbers(found["person_total_r"]), atol=1e-10)
    same = careless.straightline(lv).mean() * 100
    if x.notna().all(axis=None):
        assert same == pytest.approx(found["straightline_pct"], abs=1e-10)


@pytest.mark.parametrize("folder", REGULAR)
def test_mahalanobis_distances_agree_with_r(reference: Path, folder: str) -> None:
    data = read(reference, folder)
    lv = levels(data.answers[data.items], scale_of(folder))
    assert np.linalg.matrix_rank(careless.pairwise_covariance(lv)) == len(data.items)
    theirs = numbers(row_measures(reference, data)["mahad"])
    assert np.isfinite(theirs).all()
    np.testing.assert_allclose(careless.mahalanobis(lv), theirs, atol=1e-8)


def test_mahalanobis_distances_are_those_of_scipy() -> None:
    x = people()[ITEMS]
    rows = x.to_numpy(float)
    inverse = np.linalg.inv(np.cov(rows.T))
    theirs = cdist(rows, rows.mean(axis=0)[None], "mahalanobis", VI=inverse)[:, 0] ** 2
    np.testing.assert_allclose(careless.mahalanobis(levels(x)), theirs, atol=1e-10)


def test_distinct_patterns_give_every_row_the_measures_it_has_by_itself() -> None:
    rng = np.random.default_rng(8)
    x = pd.DataFrame(
        rng.choice([2, 3, 4, None], p=[0.1, 0.4, 0.45, 0.05], size=(600, 5)), columns=list("abcde")
    )
    lv = levels(x.astype("Int8"))
    few, times, pattern = careless.patterns(lv)
    assert len(few.codes) < 600
    assert times.sum() == 600
    np.testing.assert_array_equal(few.codes[pattern], lv.codes)
    for measure in (careless.person_total, careless.mahalanobis):
        np.testing.assert_allclose(measure(few, times)[pattern], measure(lv), atol=1e-10)


def test_a_gap_ends_a_run_and_is_no_run_itself() -> None:
    x = pd.DataFrame([[3, 3, None, 3, 3, 3], [None] * 6, [1, None, None, None, 2, 4]], columns=list("abcdef"))
    assert careless.longstring(levels(x)).tolist() == [3, 0, 1]


def test_a_row_with_a_gap_is_no_straight_line() -> None:
    x = pd.DataFrame([[4, 4, 4], [4, None, 4], [4, 4, 3], [None] * 3], columns=list("abc"))
    assert careless.straightline(levels(x)).tolist() == [True, False, False, False]


def test_a_constant_row_has_no_person_total_and_a_constant_item_no_crash() -> None:
    x = pd.DataFrame({"a": [4, 3, 2, 4], "b": [4, 3, 1, 3], "c": [4, 3, 3, 4]})
    assert np.isnan(careless.person_total(levels(x))[0])
    x["d"] = 4
    assert np.isfinite(careless.mahalanobis(levels(x))).all()


def test_a_row_is_held_against_the_profile_of_its_own_unit() -> None:
    # Everybody in b finds the first two unsur poor and the others good, everybody in a the reverse.
    rng = np.random.default_rng(4)
    first = np.column_stack([rng.choice([3, 4], (60, 2)), rng.choice([1, 2], (60, 3))])
    second = np.column_stack([rng.choice([1, 2], (20, 2)), rng.choice([3, 4], (20, 3))])
    x = pd.DataFrame(np.concatenate([first, second]), columns=["U1", "U2", "U3", "U4", "U5"])
    unit = np.repeat(["a", "b"], [60, 20])
    lv = levels(x)
    assert (careless.person_total(lv) < 0).sum() >= 20  # against the city's profile all of b is careless
    assert not integrity.flags(x.assign(unit=unit))["person_total"].any()
    own = careless.person_total(lv, unit=np.repeat([0, 1], [60, 20]))
    for part in (slice(0, 60), slice(60, 80)):
        alone = careless.person_total(levels(x.iloc[part]))
        np.testing.assert_allclose(own[part], alone, atol=1e-12)


def test_identical_answers_alone_are_no_duplicates() -> None:
    rows = people()
    rows[ITEMS] = 4
    assert not integrity.flags(rows).duplicate_row.any()
    copy = pd.concat([rows, rows.iloc[[5, 5]]], ignore_index=True)
    assert np.flatnonzero(integrity.flags(copy).duplicate_row).tolist() == [100, 101]


def test_without_time_or_profile_nothing_is_called_a_duplicate() -> None:
    rows = people()
    both = pd.concat([rows, rows], ignore_index=True)
    for dropped in (["answered_at"], ["sex", "age"]):
        found = integrity.flags(both.drop(columns=dropped))
        assert not found.duplicate_row.any()
        assert "duplicate_row" in found.attrs["not_recorded"]


def test_midnight_counts_only_where_the_time_of_day_is_recorded() -> None:
    rows = people()
    rows.loc[:9, "answered_at"] = pd.Timestamp("2024-03-05")
    assert integrity.flags(rows).midnight.sum() == 10
    rows["answered_at"] = rows.answered_at.dt.normalize()
    found = integrity.flags(rows)
    assert not found.midnight.any()
    assert "midnight" in found.attrs["not_recorded"]


def test_a_burst_is_counted_within_a_unit_and_not_across_units() -> None:
    rows = people(10)
    rows["answered_at"] = pd.Timestamp("2024-03-01 09:00:01") + pd.to_timedelta(np.arange(10) * 30, unit="s")
    assert integrity.flags(rows).burst.tolist() == [False] + [True] * 9
    rows["unit"] = [f"u{i}" for i in range(10)]
    assert not integrity.flags(rows).burst.any()


def test_a_day_on_which_paper_was_keyed_in_bulk_is_flagged_and_one_day_of_fieldwork_is_not() -> None:
    rows = people(100)
    rows["answered_at"] = pd.Timestamp("2024-03-01 09:00") + pd.to_timedelta(np.arange(100) % 20, unit="D")
    rows["entered_at"] = rows.answered_at
    assert not integrity.flags(rows).bulk_entry.any()
    rows.loc[:59, "entered_at"] = pd.Timestamp("2024-03-28 20:00")
    assert integrity.flags(rows).bulk_entry.tolist() == [True] * 60 + [False] * 40
    rows["answered_at"] = rows["entered_at"] = pd.Timestamp("2024-03-28 20:00")
    assert not integrity.flags(rows).bulk_entry.any()


def test_no_flag_takes_a_row_out_of_the_index() -> None:
    rows = people()
    rows.loc[:29, ITEMS] = 4
    rows.loc[:29, "answered_at"] = pd.Timestamp("2024-03-05")
    table = integrity.table(rows, rows[ITEMS])
    whole = one(index.table(rows[ITEMS]), statistic="ikm")
    assert whole.n == 100
    without = one(table, scope="unit", statistic="ikm_without_flagged", method="midnight")
    alone = one(index.table(rows[ITEMS].iloc[30:]), statistic="ikm")
    assert without.n == 70
    assert (without.numerator, without.denominator) == (alone.numerator, alone.denominator)
    assert [without.lower, without.upper] == pytest.approx([alone.lower, alone.upper], abs=1e-10)


def test_it_says_when_the_letter_depends_on_flagged_rows() -> None:
    rows = people()
    rows[ITEMS] = np.tile([3, 4, 3, 4, 3, 4, 3, 4, 3], (100, 1))
    rows.loc[:49, ITEMS] = 4
    table = integrity.table(rows, rows[ITEMS])
    row = one(table, scope="unit", statistic="letter_changes", method="straightline")
    assert (row.text, row.other, row.estimate) == ("yes", "B", 1)
    assert one(table, scope="city", statistic="letter_changes", method="straightline").text == "yes"


def test_a_flag_that_cannot_be_judged_is_a_reason_and_not_a_zero() -> None:
    rows = people().drop(columns="answered_at")
    table = integrity.table(rows, rows[ITEMS])
    row = one(table, scope="unit", statistic="burst")
    assert (np.isnan(row.estimate), row.reason) == (True, "not-asked")


def test_expected_straight_lines_follow_from_the_unit_s_own_ceiling() -> None:
    rows = people(20)
    rows[ITEMS] = 4
    for method in ("independent", "beta-binomial"):
        where = {"scope": "unit", "statistic": "straightline_expected", "method": method}
        assert one(integrity.table(rows, rows[ITEMS]), **where).estimate == 1
        assert one(integrity.table(people(), people()[ITEMS]), **where).estimate < 0.01


def test_removing_everybody_leaves_a_reason() -> None:
    rows = people(30)
    rows[ITEMS] = 4
    table = integrity.table(rows, rows[ITEMS])
    row = one(table, scope="unit", statistic="ikm_without_flagged", method="straightline")
    assert (np.isnan(row.estimate), row.reason) == (True, "no-data")
    assert one(table, scope="city", statistic="letter_changes", method="straightline").reason == "no-data"


def test_the_city_without_flagged_rows_is_the_headline_where_nothing_is_flagged() -> None:
    rows = people(200)
    rows["unit"] = ["a"] * 90 + ["b"] * 90 + ["c"] * 20
    people_of = {"a": 400, "b": 300, "c": 5000}
    table = integrity.table(rows, rows[ITEMS], population=people_of)
    whole = one(
        index.table(rows[ITEMS], rows.unit, population=people_of),
        scope="city",
        statistic="ikm",
        method="mean-of-units",
    )
    same = one(table, scope="city", statistic="ikm_same_units", method="any")
    without = one(table, scope="city", statistic="ikm_without_flagged", method="any")
    # Unit c is for information only: it makes no headline, with flagged rows or without.
    assert same.denominator == 2
    assert [same.estimate, without.estimate] == pytest.approx([whole.estimate] * 2, abs=1e-12)


def test_paper_keyed_in_a_batch_is_expected_where_the_definition_says_paper() -> None:
    rows = people(100)
    rows["answered_at"] = pd.Timestamp("2024-03-01") + pd.to_timedelta(np.arange(100) % 20, unit="D")
    rows["entered_at"] = pd.Timestamp("2024-03-28 19:00") + pd.to_timedelta(np.arange(100) * 20, unit="s")
    for mode, told, reason in (
        ("", "cannot-judge", "nothing-to-compare"),
        ("self-paper", "nothing-unusual", ""),
    ):
        table = integrity.table(rows, rows[ITEMS], mode=mode)
        verdict = one(table, scope="unit", statistic="integrity_verdict")
        assert (verdict.text, verdict.reason) == (told, reason)
        flagged = one(table, scope="unit", statistic="any").numerator
        expected = one(table, scope="unit", statistic="paper_batch").numerator
        assert (flagged > 0, expected > 0) == (mode == "", mode != "")


def test_every_missing_number_has_a_reason_and_no_answers_make_no_crash() -> None:
    rows = people(12)
    rows["unit"] = ["a"] * 9 + ["b"] * 2 + [None]
    for frame in (rows, rows.iloc[:0]):
        table = integrity.table(frame, frame[ITEMS], listed=["a", "b", "c"])
        missing = table[table.estimate.isna()]
        assert (missing.reason != "").all()
        assert set(table.reason) <= {"", *results.REASONS}
