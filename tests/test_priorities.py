"""The three lowest unsur (R18): always listed, and told apart only where the data tell them apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from pipeline import results
from pipeline.statistics import priorities

ITEMS = [f"U{i}" for i in range(1, 10)]


def answers(n: int = 200, low: tuple[str, ...] = (), seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.choice([3, 4], size=(n, 9)), columns=ITEMS)
    for item in low:
        x[item] = rng.choice([1, 2, 3], size=n)
    return x.astype("Int8")


def ranked(table: pd.DataFrame, unit: str = "") -> pd.DataFrame:
    return results.pick(table, unit=unit, statistic="priority").set_index("item").sort_values("estimate")


def test_every_item_has_a_rank_and_exactly_three_are_listed() -> None:
    rows = ranked(priorities.table(answers()))
    assert rows.estimate.tolist() == list(range(1, 10))
    assert (rows.text != "").tolist() == [True] * 3 + [False] * 6


def test_a_much_lower_item_is_clearly_lower_and_equal_ones_are_not_distinguishable() -> None:
    rows = ranked(priorities.table(answers(low=("U3",))))
    assert rows.index[0] == "U3"
    assert rows.text.iloc[0] == "clearly-lower"
    assert rows.other.iloc[0] == ""
    rest = rows.iloc[1:3]
    assert set(rest.text[~rest.index.isin(["U4", "U8"])]) <= {"not-distinguishable"}


def test_tariff_and_complaint_channel_state_a_fact_even_when_lowest() -> None:
    rows = ranked(priorities.table(answers(low=("U4", "U8", "U1"))))
    assert rows.text.iloc[:3].to_dict() | {} == {
        item: "states-a-fact" if item in ("U4", "U8") else "clearly-lower" for item in rows.index[:3]
    }


def test_below_thirty_respondents_the_lowest_are_listed_without_a_test() -> None:
    rows = ranked(priorities.table(answers(29, low=("U3",))))
    assert rows.index[0] == "U3"
    assert (rows.text.iloc[0], rows.reason.iloc[0]) == ("not-distinguishable", "too-few")
    assert np.isnan(rows.p.iloc[0])


def test_p_values_are_those_of_paired_t_tests_with_holm_over_all_pairs() -> None:
    x = answers(low=("U3",), seed=9)
    raw = {}
    for i, a in enumerate(ITEMS):
        for b in ITEMS[i + 1 :]:
            raw[a, b] = stats.ttest_rel(x[a].astype(float), x[b].astype(float)).pvalue
    adjusted = dict(zip(raw, multipletests(list(raw.values()), method="holm")[1], strict=True))
    rows = ranked(priorities.table(x))
    listed = list(rows.index[:3])
    for item in listed:
        pairs = [tuple(sorted((item, other))) for other in ITEMS if other not in listed]
        assert rows.p[item] == pytest.approx(max(raw[p] for p in pairs), abs=1e-12)
        assert rows.p_adjusted[item] == pytest.approx(max(adjusted[p] for p in pairs), abs=1e-12)
        unclear = [o for o in ITEMS if o not in listed and adjusted[tuple(sorted((item, o)))] >= 0.05]
        assert rows.other[item] == ",".join(unclear)


def test_holm_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(2)
    p = rng.random((4, 7)) ** 3
    for row, found in zip(p, priorities.holm(p), strict=True):
        np.testing.assert_allclose(found, multipletests(row, method="holm")[1], atol=1e-15)
    assert np.isnan(priorities.holm(np.array([[0.01, np.nan]]))[0, 1])


def test_items_that_are_all_equal_are_told_apart_by_nothing() -> None:
    rows = ranked(priorities.table(pd.DataFrame({c: [4] * 50 for c in ITEMS})))
    assert (rows.p[:3] == 1).all()
    assert rows.index.tolist() == ITEMS


def test_a_constant_difference_leaves_nothing_to_chance() -> None:
    x = pd.DataFrame({"U1": [3] * 40, "U2": [4] * 40, "U3": [4] * 40, "U5": [4] * 40})
    rows = ranked(priorities.table(x))
    assert rows.text["U1"] == "clearly-lower"
    assert rows.p["U1"] == 0


def test_an_item_a_unit_was_not_asked_has_no_rank() -> None:
    x = answers(80)
    x.loc[:39, "U9"] = pd.NA
    table = priorities.table(x, ["a"] * 40 + ["b"] * 40)
    assert "U9" not in ranked(table, "a").index
    assert len(ranked(table, "b")) == 9


def test_units_are_judged_apart_from_one_another() -> None:
    x = pd.concat([answers(60, low=("U3",)), answers(60, low=("U7",), seed=6)], ignore_index=True)
    by = ["a"] * 60 + ["b"] * 60
    table = priorities.table(x, by)
    for unit, part in (("a", x[:60]), ("b", x[60:])):
        alone = priorities.table(part, [unit] * 60)
        pd.testing.assert_frame_equal(results.pick(table, unit=unit).reset_index(drop=True), alone)


def test_no_answers_make_an_empty_table() -> None:
    assert not len(priorities.table(answers(0), []))
