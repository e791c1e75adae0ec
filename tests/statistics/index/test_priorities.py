"""The three lowest unsur (R18): always listed, and told apart only where the data tell them apart."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from pipeline import results
from pipeline.statistics.index import priorities

ROOT = Path(__file__).resolve().parents[3]
ITEMS = [f"U{i}" for i in range(1, 10)]


def answers(n: int = 200, low: tuple[str, ...] = (), seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.choice([3, 4], size=(n, 9)), columns=ITEMS)
    for item in low:
        x[item] = rng.choice([1, 2, 3], size=n)
    return x.astype("Int8")


def ranked(table: pd.DataFrame, unit: str = "") -> pd.DataFrame:
    return results.pick(table, unit=unit, statistic="priority").set_index("item").sort_values("estimate")


def pairs(table: pd.DataFrame, unit: str = "") -> pd.DataFrame:
    return results.pick(table, unit=unit, statistic="lower_than")


def test_every_item_has_a_rank_and_exactly_three_are_listed() -> None:
    x = answers()
    rows = ranked(priorities.table(x))
    expected = stats.rankdata(x.sum().loc[rows.index].astype(float), method="min")
    assert rows.estimate.tolist() == expected.tolist()
    assert (rows.text != "").tolist() == [True] * 3 + [False] * 6


def test_a_much_lower_item_is_clearly_lower_and_equal_ones_are_not_distinguishable() -> None:
    rows = ranked(priorities.table(answers(low=("U3",))))
    assert rows.index[0] == "U3"
    assert rows.text.iloc[0] == "clearly-lower"
    rest = rows.iloc[1:3]
    assert set(rest.text[~rest.index.isin(["U4", "U8"])]) <= {"not-distinguishable"}


def test_three_low_items_that_are_alike_are_lower_than_the_others_and_not_than_one_another() -> None:
    table = priorities.table(answers(400, low=("U1", "U3", "U7")))
    rows, tested = ranked(table), pairs(table)
    assert set(rows.index[:3]) == {"U1", "U3", "U7"}
    assert set(rows.text[:3]) == {"clearly-lower"}
    among = tested[tested.item.isin(rows.index[:3]) & tested.other.isin(rows.index[:3])]
    assert len(among) == 3
    assert set(among.text) == {"not-distinguishable"}
    assert (among.p_adjusted >= 0.05).all()
    claimed = tested[tested.text == "clearly-lower"]
    assert len(claimed) == 12
    assert (claimed.p_adjusted < 0.05).all()
    assert (claimed.estimate < 0).all()


def test_tariff_and_complaint_channel_state_a_fact_even_when_lowest_and_enter_no_test() -> None:
    table = priorities.table(answers(low=("U4", "U8", "U1")))
    rows = ranked(table)
    assert rows.text.iloc[:3].to_dict() | {} == {
        item: "states-a-fact" if item in ("U4", "U8") else "clearly-lower" for item in rows.index[:3]
    }
    assert not set(pairs(table).item) & {"U4", "U8"}
    assert not set(pairs(table).other) & {"U4", "U8"}


def test_below_thirty_respondents_the_lowest_are_listed_without_a_test() -> None:
    table = priorities.table(answers(29, low=("U3",)))
    rows = ranked(table)
    assert rows.index[0] == "U3"
    assert (rows.text.iloc[0], rows.reason.iloc[0]) == ("not-tested", "too-few")
    assert not len(pairs(table))


def test_p_values_are_those_of_paired_t_tests_with_holm_over_exactly_the_pairs_of_the_table() -> None:
    x = answers(low=("U3",), seed=9)
    opinions = [item for item in ITEMS if item not in ("U4", "U8")]
    raw, gap = {}, {}
    for i, a in enumerate(opinions):
        for b in opinions[i + 1 :]:
            raw[a, b] = stats.ttest_rel(x[a].astype(float), x[b].astype(float)).pvalue
            gap[a, b] = 25 * float(x[a].mean() - x[b].mean())
    adjusted = dict(zip(raw, multipletests(list(raw.values()), method="holm")[1], strict=True))
    tested = pairs(priorities.table(x))
    assert len(tested) == len(raw) == 21
    for row in tested.itertuples():
        pair = (row.item, row.other) if (row.item, row.other) in raw else (row.other, row.item)
        assert row.p == pytest.approx(raw[pair], abs=1e-12)
        assert row.p_adjusted == pytest.approx(adjusted[pair], abs=1e-12)
        assert row.estimate == pytest.approx(-abs(gap[pair]))
        assert (row.text == "clearly-lower") == (adjusted[pair] < 0.05)
        assert (row.n, row.df) == (200, 199)


def test_equal_means_are_one_rank_and_a_tie_decided_by_integers() -> None:
    # 0.1 + 0.2 is not 0.3: equal fractions of other counts are one mean all the same.
    x = pd.DataFrame({"U1": [1, 2, 3] * 20, "U2": [3, 2, 1] * 20, "U3": [4] * 60, "U5": [3] * 60})
    x["U1"] = x["U1"].astype("Int8")
    x.loc[:29, "U1"] = pd.NA
    table = priorities.table(x)
    rows = ranked(table)
    assert rows.estimate.to_dict() == {"U1": 1, "U2": 1, "U5": 3, "U3": 4}
    assert rows.other.to_dict() == {"U1": "U2", "U2": "U1", "U5": "", "U3": ""}
    tie = pairs(table)
    tie = tie[tie.item.isin(["U1", "U2"]) & tie.other.isin(["U1", "U2"])]
    assert tie[["item", "other", "text"]].values.tolist() == [["U1", "U2", "tie"]]


def test_an_item_that_shares_the_highest_mean_is_no_lowest() -> None:
    x = pd.DataFrame({c: [3, 4] * 25 for c in ITEMS})
    x["U2"] = [2, 3] * 25
    rows = ranked(priorities.table(x))
    assert rows.index[rows.text != ""].tolist() == ["U2"]
    assert rows.estimate.tolist() == [1] + [2] * 8


def test_half_who_say_there_is_no_channel_is_decided_by_integers() -> None:
    x = answers(100)
    for none, text in ((49, "less-than-half"), (50, "half-or-more")):
        x["U8"] = [1] * none + [3] * (100 - none)
        row = results.pick(priorities.table(x), statistic="no_channel").iloc[0]
        assert (row["item"], row["text"], row["numerator"], row["denominator"]) == ("U8", text, none, 100)
    # Where other options were printed, the lowest answer does not say that there is none.
    assert not len(results.pick(priorities.table(x, states_fact=["U4"]), statistic="no_channel"))


@pytest.mark.parametrize("columns", [ITEMS, ["U3"], ["U4", "U8"]])
def test_where_all_items_are_equal_there_is_no_lowest(columns: list[str]) -> None:
    table = priorities.table(pd.DataFrame({c: [4, 3] * 25 for c in columns}))
    rows = results.pick(table, statistic="priority")
    assert rows.item.tolist() == columns
    assert rows.estimate.isna().all()
    assert set(rows.reason) == {"all-equal"}
    assert (rows.text == "").all()
    assert set(pairs(table).text) <= {"tie"}


def test_a_constant_difference_leaves_nothing_to_chance() -> None:
    x = pd.DataFrame({"U1": [3] * 40, "U2": [4] * 40, "U3": [4] * 40, "U5": [4] * 40})
    table = priorities.table(x)
    assert ranked(table).text["U1"] == "clearly-lower"
    assert set(pairs(table).query("item == 'U1'").p) == {0}


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


def test_the_committed_simulation_keeps_what_is_promised() -> None:
    found = json.loads((ROOT / "benchmarks" / "lowest.json").read_text())
    for world in found["equal_unsur"]:
        assert world["all_pairs"] <= 0.05, world
    for world in found["one_lower"]:
        assert world["units_with_a_wrong_pair"] <= 0.05, world
    assert (
        next(w for w in found["one_lower"] if (w["gap"], w["n"]) == (5.0, 300))["named_lower_than_all"] > 0.99
    )
    for world in found["groups"]:
        assert world["units_with_another_group_shown"] <= 0.05, world
        assert world["above"] <= 0.005, world
    at_the_margin = next(w for w in found["groups"] if w["gap_of_sex"] == 2.5)
    assert at_the_margin["equivalent"] <= 0.05


@pytest.mark.prove
def test_the_committed_simulation_is_what_the_script_gives() -> None:
    path = ROOT / "benchmarks" / "lowest.py"
    spec = importlib.util.spec_from_file_location("lowest", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    committed = json.loads(path.with_suffix(".json").read_text())
    assert module.run(committed["units_per_world"]) == committed
