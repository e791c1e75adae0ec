"""Who answered: counts conserve respondents, shares are of those who are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import results
from pipeline.statistics.sample import profile


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": ["a", "a", "a", "b", None],
            "sex": ["male", "female", None, "male", "male"],
            "education": pd.Categorical(["sma", "s1", "sma", "sma", None]),
            "shoe": [1, 2, 3, 4, 5],
        }
    )


def test_counts_and_shares_by_category() -> None:
    table = profile.table(people(), "unit")
    rows = results.pick(table, scope="unit", unit="a", item="sex", other="")
    counts = rows[rows.statistic == "count"].set_index("group").estimate.to_dict()
    assert counts == {"female": 1, "male": 1, "missing": 1}
    shares = rows[rows.statistic == "share"].set_index("group")
    assert shares.estimate.to_dict() == {"female": 0.5, "male": 0.5}
    assert shares["n"].tolist() == [2, 2]


def test_rows_without_a_unit_are_counted_and_not_lost() -> None:
    table = profile.table(people(), "unit")
    unknown = results.pick(table, scope="unit", unit="unknown", item="sex", other="", statistic="count")
    assert unknown.estimate.sum() == 1
    assert results.pick(table, scope="city", item="sex", other="", statistic="count").estimate.sum() == 5


def test_crossed_cells_name_both_categories() -> None:
    table = profile.table(people(), "unit")
    rows = results.pick(table, scope="unit", unit="a", item="sex", other="education", statistic="count")
    assert rows.set_index("group").estimate.to_dict() == {"female|s1": 1, "male|sma": 1, "missing|sma": 1}


def test_a_column_that_is_not_recorded_is_left_out() -> None:
    table = profile.table(people()[["sex"]])
    assert set(table["item"]) == {"sex"}
    assert not len(profile.table(people()[["shoe"]]))


def test_a_characteristic_nobody_stated_has_a_count_and_no_share() -> None:
    table = profile.table(pd.DataFrame({"sex": [None, None]}))
    assert table[["group", "statistic", "estimate"]].to_numpy().tolist() == [["missing", "count", 2.0]]


def test_profiles_for_reading_hide_small_cells() -> None:
    rng = np.random.default_rng(1)
    rows = pd.DataFrame(
        {"unit": "a", "sex": rng.choice(["male", "female"], 60), "education": ["s3"] * 2 + ["sma"] * 58}
    )
    raw = profile.table(rows, "unit")
    shown = profile.table(rows, "unit", full=False)
    assert "s3" in set(raw.group)
    assert "s3" not in set(shown[shown.other == ""].group)
    kept = profile.table(rows, "unit", full=True)
    assert "s3" in set(kept[kept.other == ""].group)
    for table in (shown, kept):
        cells = results.pick(table, other="education", statistic="count")
        assert (cells.estimate.isna() | (cells.estimate >= 5)).all()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["x", "y", "z", None])), max_size=40)
)
def test_counts_add_up_to_respondents_and_shares_to_one(rows: list[tuple[str, str | None]]) -> None:
    frame = pd.DataFrame(rows, columns=["unit", "sex"])
    table = profile.table(frame, "unit")
    for unit, part in frame.groupby("unit"):
        mine = results.pick(table, scope="unit", unit=unit, item="sex")
        assert mine[mine.statistic == "count"].estimate.sum() == len(part)
        shares = mine[mine.statistic == "share"].estimate
        assert not len(shares) or abs(shares.sum() - 1) < 1e-12


def test_stored_categories_are_counted_like_their_texts() -> None:
    texts = ["male", None, " ", "female", "male ", "", "male"]
    units = ["b", "a", None, "b", " ", "a", "c"]
    frame = pd.DataFrame({"sex": texts})
    stored = frame.astype({"sex": "category"})
    one = profile.table(frame, pd.Series(units))
    two = profile.table(stored, pd.Series(units, dtype="category"))
    pd.testing.assert_frame_equal(one, two)
