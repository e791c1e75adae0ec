"""Association of items: against R and scipy, and at the edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline import results
from pipeline.statistics.psychometrics.correlation import association
from pipeline.statistics.psychometrics.correlation.rank import (
    kendall_of_table,
    ranks_within,
    spearman,
    spearman_of_table,
)
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def pair(table: pd.DataFrame, statistic: str, item: str, other: str, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, item=item, other=other, **where)
    assert len(found) == 1
    return found.iloc[0]


def made_up(rows: int, items: int = 4, seed: int = 2) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    x = np.clip(np.rint(random.normal(3, 0.6, (rows, 1)) + random.normal(0, 0.7, (rows, items))), 1, 4)
    return pd.DataFrame(x, columns=[f"U{i + 1}" for i in range(items)]).astype("Int64")


def test_spearman_of_four_people_is_the_number_worked_on_paper():
    # Ranks 1 2 3 4 and 1 3 2 4: 1 - 6 x 2 / (4 x 15) = 0.8; four pairs of six agree by two: tau 2/3.
    table = association.table(pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4]}))
    assert pair(table, "spearman", "U1", "U2").estimate == pytest.approx(0.8)
    assert pair(table, "kendall", "U1", "U2").estimate == pytest.approx(2 / 3)


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_spearman_on_complete_rows_equals_r(reference, folder):
    ref = sets.read(reference, folder)
    expected = ref.results["validity"]["spearman_complete"]["values"]
    table = results.pick(association.table(ref.answers.dropna()), statistic="spearman")
    for row in table.itertuples():
        a, b = ref.items.index(row.item), ref.items.index(row.other)
        assert row.estimate == pytest.approx(sets.number(expected[a][b]), abs=1e-10, nan_ok=True)


def test_spearman_kendall_and_their_p_equal_scipy():
    answers = made_up(90)
    table = association.table(answers)
    for item, other in (("U1", "U2"), ("U2", "U4")):
        x, y = answers[item].astype(float), answers[other].astype(float)
        rho, tau = stats.spearmanr(x, y), stats.kendalltau(x, y, method="asymptotic")
        found = pair(table, "spearman", item, other)
        assert [found.estimate, found.p] == pytest.approx([rho.statistic, rho.pvalue], rel=1e-9)
        found = pair(table, "kendall", item, other)
        assert [found.estimate, found.p] == pytest.approx([tau.statistic, tau.pvalue], rel=1e-9)


def test_a_table_turned_upside_down_turns_the_sign():
    table = np.array([[5.0, 2, 0], [1, 6, 3], [0, 2, 9]])
    assert float(spearman_of_table(table[::-1])) == pytest.approx(-float(spearman_of_table(table)))
    assert float(kendall_of_table(table[::-1])[0]) == pytest.approx(-float(kendall_of_table(table)[0]))


def test_each_pair_uses_the_rows_that_answered_both():
    answers = made_up(40)
    answers.loc[:9, "U1"] = pd.NA
    answers.loc[5:19, "U2"] = pd.NA
    found = pair(association.table(answers), "spearman", "U1", "U2")
    both = answers[["U1", "U2"]].dropna().astype(float)
    assert found.n == 20
    assert found.estimate == pytest.approx(stats.spearmanr(both["U1"], both["U2"]).statistic)


def test_kendall_is_for_everybody_together_unless_asked_for():
    answers, by = made_up(60), ["a"] * 30 + ["b"] * 30
    assert set(results.pick(association.table(answers, by), statistic="kendall")["scope"]) == {"city"}
    asked = association.table(answers, by, kendall_by_unit=True)
    assert set(results.pick(asked, statistic="kendall")["scope"]) == {"unit", "city"}


def test_frequency_tables_count_every_row_once():
    answers = made_up(50)
    table = association.table(answers, ["a"] * 50, frequencies=True)
    counts = results.pick(table, statistic="count", item="U1", other="U3")
    assert counts["estimate"].sum() == 50
    cell = counts.set_index("text")["estimate"]["4 x 3"]
    assert cell == ((answers["U1"] == 4) & (answers["U3"] == 3)).sum()


def test_constant_items_and_few_rows_have_reasons():
    answers = pd.DataFrame({"U1": [4, 4, 4, 1, 2, None], "U2": [3, 4, 4, 1, 2, 1]}, dtype="Int64")
    table = association.table(answers, ["same"] * 3 + ["two"] * 2 + ["none"])
    reasons = results.pick(table, statistic="spearman", scope="unit").set_index("unit")["reason"]
    assert reasons.to_dict() == {"same": "no-variance", "two": "too-few"}
    assert association.table(answers[["U1"]]).empty


def test_columns_with_many_values_are_ranked_row_by_row(monkeypatch):
    random = np.random.default_rng(5)
    x, y = random.normal(size=200), random.normal(size=200).round(1)
    unit = random.integers(0, 3, 200)
    use = random.random(200) < 0.8
    for largest in (10**8, 0):
        monkeypatch.setattr("pipeline.statistics.psychometrics.correlation.rank.LARGEST_TABLE", largest)
        ranks = ranks_within(y, unit, 3, use)
        found = spearman(x, y, unit, 3, use)
        for u in range(3):
            mine = use & (unit == u)
            assert ranks[mine] == pytest.approx(stats.rankdata(y[mine]))
            assert found[u] == pytest.approx(stats.spearmanr(x[mine], y[mine]).statistic)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3]))
@settings(max_examples=12, deadline=None)
def test_every_unit_gets_what_it_would_get_alone_in_any_order(seed, missing):
    random = np.random.default_rng(seed)
    x = random.choice([2.0, 3.0, 4.0], size=(random.integers(1, 60), 3))
    x[random.random(x.shape) < missing] = np.nan
    answers = pd.DataFrame(x, columns=["U1", "U2", "U3"]).astype("Int64")
    by = pd.Series(random.choice(["a", "b"], size=len(x)))
    together = association.table(answers, by, kendall_by_unit=True)
    assert (together["estimate"].isna() == (together["reason"] != "")).all()
    order = random.permutation(len(x))
    again = association.table(answers.iloc[order], by.iloc[order], kendall_by_unit=True)
    pd.testing.assert_frame_equal(together, again, rtol=1e-9, atol=1e-9)
    for unit in by.unique():
        mine = results.pick(together, unit=unit, scope="unit").drop(columns="unit").reset_index(drop=True)
        alone = association.table(answers[by == unit]).drop(columns="unit")
        pd.testing.assert_frame_equal(mine, alone, rtol=1e-9, atol=1e-9)
