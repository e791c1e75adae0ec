"""Importance of items: against R, by hand, and against published gaps."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from pipeline import results
from pipeline.statistics.data.response_patterns import distinct
from pipeline.statistics.importance import table as importance
from pipeline.statistics.importance.lmg import lmg, share_of_variance, subset_r2
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def survey(n: int = 200, k: int = 5, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    person = random.normal(size=(n, 1))
    raw = np.clip(np.rint(3 + 0.6 * person + random.normal(0, 0.6, (n, k))), 1, 4).astype(int)
    return pd.DataFrame(raw, columns=[f"U{i + 1}" for i in range(k)])


def of(table: pd.DataFrame, statistic: str, **where: str) -> pd.DataFrame:
    return results.pick(table, statistic=statistic, **where).set_index("item")


@pytest.mark.parametrize(
    "folder", ["01_six_categories", "06_missing5pct", "11_negative_item", "13_skm_sim48"]
)
def test_lmg_equals_r(reference, folder):
    ref = sets.read(reference, folder)
    r = ref.results["importance"]
    table = importance.table(ref.answers[r["predictors"]], overall=ref.answers[r["outcome"]], draws=2)
    shares = of(table, "lmg")["estimate"]
    assert [shares[item] for item in r["predictors"]] == pytest.approx(
        [r["lmg"][item] for item in r["predictors"]], abs=1e-10
    )
    assert of(table, "r2")["estimate"].iloc[0] == pytest.approx(r["r2"], abs=1e-10)


def test_lmg_is_the_mean_gain_over_all_orders():
    data = survey(k=4)
    r = np.corrcoef(data.to_numpy().T)

    def r2(chosen: list[int]) -> float:
        if not chosen:
            return 0.0
        c = r[chosen, 3]
        return float(c @ np.linalg.solve(r[np.ix_(chosen, chosen)], c))

    expected = np.zeros(3)
    for order in permutations(range(3)):
        for place, j in enumerate(order):
            expected[j] += (r2(list(order[: place + 1])) - r2(list(order[:place]))) / 6
    assert lmg(r) == pytest.approx(expected)
    assert lmg(r).sum() == pytest.approx(r2([0, 1, 2]))


def test_what_every_subset_explains_is_that_of_statsmodels_ols():
    data = survey(k=5)
    found = subset_r2(np.corrcoef(data.to_numpy().T))
    for mask in range(1, 1 << 4):
        chosen = data.iloc[:, [j for j in range(4) if mask >> j & 1]]
        expected = sm.OLS(data["U5"], sm.add_constant(chosen)).fit().rsquared
        assert found[mask] == pytest.approx(expected, abs=1e-12)


def test_predictors_that_determine_one_another_have_no_shares():
    data = survey()
    data["U6"] = data["U1"]
    table = importance.table(data[["U1", "U2", "U6"]], overall=data["U5"], draws=2)
    assert set(of(table, "lmg")["reason"]) == {"singular"}


def test_shares_of_variance_sum_to_one():
    data = survey()
    shares = of(importance.table(data, draws=2), "share_of_variance")["estimate"]
    total = data.sum(axis=1)
    assert shares.sum() == pytest.approx(1)
    assert shares["U3"] == pytest.approx(np.cov(data["U3"], total)[0, 1] / total.var())
    assert np.isnan(share_of_variance(np.zeros((3, 3)))).all()


def test_the_index_is_never_explained_by_its_own_items():
    data = survey()
    with pytest.raises(ValueError, match="the mean of the items"):
        importance.table(data, overall=data.mean(axis=1) * 25)
    with pytest.raises(ValueError, match="the item U2"):
        importance.table(data, overall=data["U2"])


def test_quadrants_are_cut_at_the_means_and_say_how_sure_they_are():
    data = survey(n=600)
    data["U1"] = np.clip(data["U1"] - 1, 1, 4)
    stated = pd.DataFrame(np.tile([5, 5, 1, 1, 1], (600, 1)), columns=data.columns)
    table = of(importance.table(data, importances=stated, draws=200), "quadrant")
    assert table.at["U1", "text"] == "concentrate-here"
    assert table.at["U2", "text"] == "keep-up"
    assert table.at["U1", "estimate"] == 1.0
    assert set(table["method"]) == {"stated"}
    derived = of(importance.table(data, draws=200), "quadrant")
    assert set(derived["method"]) == {"derived"}
    assert derived["estimate"].between(0, 1).all()


def test_items_that_state_a_fact_set_no_cut_and_have_no_quadrant():
    data = survey(n=400, k=6)
    # Two facts at the very ends of performance would draw the line away from the opinions.
    data["U4"], data["U5"] = 1 + (data["U4"] > 3), 4 - (data["U5"] < 2)
    table = importance.table(data, states_fact=["U4", "U5"], draws=50)
    placed, cut = of(table, "quadrant"), results.pick(table, statistic="quadrant_cut").set_index("group")
    opinions = ["U1", "U2", "U3", "U6"]
    assert cut.at["performance", "estimate"] == pytest.approx(data[opinions].mean().mean())
    rest = [np.corrcoef(data[c], data.drop(columns=c).sum(axis=1))[0, 1] for c in opinions]
    assert cut.at["importance", "estimate"] == pytest.approx(np.mean(rest))
    assert set(placed.loc[["U4", "U5"], "reason"]) == {"states-a-fact"}
    assert placed.loc[opinions, "text"].ne("").all()
    good = placed.loc[opinions, "text"].isin(["keep-up", "possible-overkill"]).to_numpy()
    assert good.tolist() == (data[opinions].mean() >= data[opinions].mean().mean()).tolist()
    # They keep their place on both axes.
    assert {"U4", "U5"} <= set(of(table, "quadrant_performance").index)


def test_differences_between_units_are_no_association_of_their_respondents():
    # Two units that differ in level: pooled, every item goes with every other; within them none does.
    random = np.random.default_rng(4)
    by = np.repeat(["high", "low"], 400)
    raw = np.where(by[:, None] == "high", 3, 1) + random.integers(0, 2, (800, 5))
    data = pd.DataFrame(raw, columns=[f"U{i + 1}" for i in range(5)])
    table = importance.table(data, by, draws=50)
    within, pooled = of(table, "quadrant_importance")["estimate"], of(table, "importance_pooled")["estimate"]
    assert within.abs().max() < 0.15
    assert pooled.min() > 0.7
    centred = data - data.groupby(by).transform("mean")
    rest = [np.corrcoef(centred[c], centred.drop(columns=c).sum(axis=1))[0, 1] for c in data]
    assert within.to_numpy() == pytest.approx(rest)
    shares = of(table, "share_of_variance")["estimate"]
    assert shares["U2"] == pytest.approx(
        np.cov(centred["U2"], centred.sum(axis=1))[0, 1] / centred.sum(axis=1).var()
    )
    assert of(table, "share_of_variance_pooled")["estimate"].sum() == pytest.approx(1)


def test_the_same_seed_gives_the_same_quadrants():
    data = survey()
    one, two = (importance.table(data, draws=50) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_few_people_and_an_item_without_variance_say_so():
    few = importance.table(survey(n=10), draws=2)
    assert set(few["reason"]) == {"too-few"}
    flat = survey()
    flat["U4"] = 3
    table = importance.table(flat, overall=survey(seed=9)["U1"], draws=2)
    assert of(table, "quadrant").at["U4", "reason"] == "no-variance"
    assert set(of(table, "lmg")["reason"]) == {"no-variance"}
    assert (table["estimate"].isna() == (table["reason"] != "")).all()


def test_items_half_the_respondents_were_never_asked_do_not_count():
    data = survey().astype("Int64")
    data["own.X"] = pd.array([pd.NA] * 150 + [4] * 50, dtype="Int64")
    table = importance.table(data, draws=2)
    assert list(of(table, "share_of_variance").index) == ["U1", "U2", "U3", "U4", "U5"]
    assert of(table, "share_of_variance")["n"].iloc[0] == 200


def test_quadrants_from_sums_are_those_of_the_rows_themselves():
    data = survey(n=150)
    table = of(importance.table(data, draws=300), "quadrant")
    rest = [np.corrcoef(data[c], data.drop(columns=c).sum(axis=1))[0, 1] for c in data]
    high, good = np.array(rest) >= np.mean(rest), (data.mean() >= data.mean().mean()).to_numpy()
    names = np.where(
        high,
        np.where(good, "keep-up", "concentrate-here"),
        np.where(good, "possible-overkill", "low-priority"),
    )
    assert table["text"].tolist() == names.tolist()
    random, hits = np.random.default_rng(1), 0
    for _ in range(300):
        sample = data.iloc[random.integers(0, 150, 150)]
        r = [np.corrcoef(sample[c], sample.drop(columns=c).sum(axis=1))[0, 1] for c in sample]
        hits += bool(r[0] >= np.mean(r)) == bool(high[0]) and bool(
            sample["U1"].mean() >= sample.mean().mean()
        ) == bool(good[0])
    assert table["estimate"].iloc[0] == pytest.approx(hits / 300, abs=0.12)


@pytest.mark.parametrize("stated", [False, True])
def test_samples_of_millions_are_drawn_as_samples_of_the_rows_spread(monkeypatch, stated):
    rng = np.random.default_rng(8)
    latent = rng.normal(size=(6000, 1)) + rng.normal(size=(6000, 4))
    answers = pd.DataFrame(np.digitize(latent, [-1.5, 0, 1.5]) + 1, columns=["U1", "U2", "U3", "U4"])
    asked = answers.iloc[::-1].reset_index(drop=True) if stated else None
    by_row = importance.table(answers, importances=asked, draws=4000)
    monkeypatch.setattr(importance, "BY_NORMAL", 1)
    monkeypatch.setattr(importance, "CHUNK", 1000)
    drawn = importance.table(answers, importances=asked, draws=4000)
    for statistic in ("quadrant_performance", "quadrant_importance"):
        one, other = (results.pick(t, statistic=statistic) for t in (by_row, drawn))
        assert one["estimate"].to_numpy() == pytest.approx(other["estimate"].to_numpy(), abs=1e-12)
        width = (one["upper"] - one["lower"]).to_numpy()
        assert other["upper"].sub(other["lower"]).to_numpy() == pytest.approx(width, rel=0.08)
    placed = [results.pick(t, statistic="quadrant")["text"].tolist() for t in (by_row, drawn)]
    assert placed[0] == placed[1]


def test_many_columns_of_many_answers_are_still_told_apart():
    rows = np.random.default_rng(9).integers(0, 1000, (500, 12)).astype(float)
    found = distinct(np.vstack([rows, rows[:100]]).T)
    assert len(found.values) == 500
    assert sorted(found.counts.tolist()) == [1] * 400 + [2] * 100
