"""Gaps between groups: against R and scipy, and what must not be shown."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests

from pipeline import results
from pipeline.statistics.compare import equity
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")
ITEMS = [f"U{i}" for i in range(1, 10)]


def people(seed: int = 1, n: int = 400, gap: float = 0.0) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    random = np.random.default_rng(seed)
    sex = random.choice(["female", "male"], n)
    education = random.choice(["s1", "sd", "sma"], n, p=[0.3, 0.2, 0.5])
    unit = random.choice(["a", "b"], n)
    mean = 3.1 + gap * (sex == "female")
    raw = np.clip(np.rint(random.normal(mean[:, None], 0.7, (n, 9))), 1, 4).astype(int)
    return (
        pd.DataFrame(raw, columns=ITEMS).astype("Int64"),
        pd.Series(unit),
        pd.DataFrame({"sex": sex, "education": education}),
    )


def one(table: pd.DataFrame, statistic: str, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, **where)
    assert len(found) == 1, f"{len(found)} rows of {statistic} {where}"
    return found.iloc[0]


def test_gaps_of_the_simulated_city_equal_r(reference):
    data = sets.rows(reference / "13_skm_sim48")
    r = json.loads((reference / "13_skm_sim48" / "results.json").read_text())["two_years_and_adjusted"][
        "equity"
    ]
    table = equity.table(data[ITEMS], data["unit"], attributes=data[["sex", "education"]])
    pair = r["sex"]["games_howell_exact"]
    row = one(table, "gap", scope="city", item="sex")
    assert row.group == "L"
    assert row.estimate == pytest.approx(pair["diff"], abs=1e-10)
    assert row.df == pytest.approx(pair["df"], rel=1e-10)
    # R's is Welch's; ours is freed of the little skewness that a difference of large groups has.
    assert [row.lower, row.upper] == pytest.approx([pair["ci_low"], pair["ci_high"]], abs=0.01)
    assert row.p == pytest.approx(pair["p"], abs=0.005)
    assert row.text == ("below" if row.p_adjusted < 0.05 and row.estimate < 0 else "equivalent")
    for name in ("sex", "education"):
        row = one(table, "epsilon2", scope="city", item=name)
        assert row.estimate == pytest.approx(r[name]["kruskal"]["epsilon2"], abs=1e-10)
        assert row.p == pytest.approx(r[name]["kruskal"]["p"], rel=1e-8)
    means, sizes = r["education"]["mean"], r["education"]["n"]
    rest = sum(means[g] * sizes[g] for g in means if g != "SD") / sum(sizes[g] for g in means if g != "SD")
    row = one(table, "gap", scope="city", item="education", group="SD")
    assert row.estimate == pytest.approx(means["SD"] - rest, abs=1e-10)
    assert row.text == "above"


def freed(own: pd.Series, rest: pd.Series) -> tuple[float, float, float]:
    """P and limits of Welch's t after Hall's cubic, written out."""
    n = np.array([len(own), len(rest)])
    away = [x - x.mean() for x in (own, rest)]
    e = np.array([(a**2).sum() for a in away]) / (n - 1) / n
    k = np.array([(a**3).sum() for a in away]) * n / (n - 1) / (n - 2) / n**2
    error, df = np.sqrt(e.sum()), e.sum() ** 2 / (e**2 / (n - 1)).sum()
    g, t = (k[0] - k[1]) / error**3, (own.mean() - rest.mean()) / error
    p = 2 * stats.t.sf(abs(t + g * t**2 / 3 + g**2 * t**3 / 27 + g / 6), df)
    low, high = (3 / g * (np.cbrt(1 + g * (q - g / 6)) - 1) for q in stats.t.ppf([0.975, 0.025], df))
    return p, (t - low) * error, (t - high) * error


def test_a_gap_is_welchs_freed_of_skewness_and_its_adjusted_p_is_holms():
    answers, by, who = people()
    table = equity.table(answers, by, attributes=who)
    score = answers.mean(axis=1).astype(float) * 25
    p = {}
    for name in ("s1", "sd", "sma"):
        own = who["education"] == name
        p[name], low, high = freed(score[own], score[~own])
        row = one(table, "gap", scope="city", group=name)
        assert row.p == pytest.approx(p[name], rel=1e-9)
        assert [row.lower, row.upper] == pytest.approx([low, high], rel=1e-9)
        welch = stats.ttest_ind(score[own], score[~own], equal_var=False)
        assert row.df == pytest.approx(welch.df, rel=1e-9)
        assert [row.lower, row.upper] == pytest.approx(list(welch.confidence_interval()), abs=0.1)
        assert row.n == own.sum()
    women = who["sex"] == "female"
    p["female"] = freed(score[women], score[~women])[0]
    # One family: every group of every attribute that is tested, not each attribute by itself.
    for name, adjusted in zip(p, multipletests(list(p.values()), method="holm")[1], strict=True):
        assert one(table, "gap", scope="city", group=name).p_adjusted == pytest.approx(adjusted)


def test_a_gap_that_is_shown_is_never_called_equivalent_however_small():
    answers, by, who = people(n=40_000, gap=0.04)
    table = equity.table(answers, by, attributes=who[["sex"]])
    row, same = one(table, "gap", scope="city"), one(table, "tost", scope="city")
    assert row.p_adjusted < 0.05
    assert same.p_adjusted < 0.05
    assert abs(row.estimate) < 2.5
    assert row.text == "above"


def test_whether_a_gap_varies_between_units_carries_its_word_and_adjusted_p():
    answers, by, who = people(n=2000)
    turned = (by == "a") == (who["sex"] == "female")
    moved = answers.astype(int).where(~turned, np.clip(answers.astype(int) + 1, 1, 4))
    row = one(equity.table(moved, by, attributes=who[["sex"]]), "interaction")
    assert (row.text, row.p_adjusted < 0.05) == ("varies", True)
    row = one(equity.table(answers, by, attributes=who[["sex"]]), "interaction")
    assert (row.text, row.p_adjusted >= 0.05) == ("undecided", True)


def test_the_gap_within_units_is_least_squares_with_a_constant_per_unit():
    answers, by, who = people(gap=0.2)
    table = equity.table(answers, by, attributes=who[["sex"]])
    y = (answers.mean(axis=1).astype(float) * 25).to_numpy()
    x = np.column_stack([who["sex"] == "female", by == "a", by == "b"]).astype(float)
    b, rest = np.linalg.lstsq(x, y, rcond=None)[:2]
    error = np.sqrt(rest[0] / (len(y) - 3) * np.linalg.inv(x.T @ x)[0, 0])
    row = one(table, "gap_adjusted")
    assert row.estimate == pytest.approx(b[0])
    assert (row.upper - row.lower) / 2 == pytest.approx(stats.t.ppf(0.975, len(y) - 3) * error)


def test_a_group_that_only_uses_the_better_unit_has_no_gap_of_its_own():
    random = np.random.default_rng(4)
    by = np.repeat(["good", "bad"], 200)
    sex = np.where(random.uniform(size=400) < np.where(by == "good", 0.8, 0.2), "female", "male")
    raw = np.clip(np.rint(random.normal(np.where(by == "good", 3.6, 2.6)[:, None], 0.6, (400, 9))), 1, 4)
    table = equity.table(
        pd.DataFrame(raw.astype(int), columns=ITEMS), by, attributes=pd.DataFrame({"sex": sex})
    )
    assert one(table, "gap", scope="city").text == "above"
    assert abs(one(table, "gap_adjusted").estimate) < 2.5


def test_the_ratio_of_highest_answers():
    answers = pd.DataFrame({"U1": [4, 4, 3, 3] * 20, "U2": [4, 3, 4, 3] * 20})
    who = pd.DataFrame({"sex": ["female", "female", "male", "male"] * 20})
    # 3 of 4 answers against 1 of 4 are highest.
    row = one(equity.table(answers, ["a"] * 80, attributes=who), "top_box_ratio", scope="city")
    assert row.estimate == pytest.approx(3)
    assert row.lower < 3 < row.upper


def test_the_ratio_of_highest_answers_to_one_item_is_a_risk_ratio():
    answers = pd.DataFrame({"U1": [4] * 30 + [3] * 10 + [4] * 10 + [3] * 30})
    who = pd.DataFrame({"sex": ["female"] * 40 + ["male"] * 40})
    row = one(equity.table(answers, ["a"] * 80, attributes=who), "top_box_ratio", scope="city")
    expected = Table2x2([[30, 10], [10, 30]])
    assert row.estimate == pytest.approx(expected.riskratio)
    # The variances of the shares count n - 1 here and n there.
    assert [row.lower, row.upper] == pytest.approx(expected.riskratio_confint(), rel=0.01)


def test_groups_below_thirty_enter_no_difference_and_their_size_is_not_told():
    answers, by, who = people()
    few = who.copy()
    few.loc[few.index[:4], "education"] = "s3"
    table = equity.table(answers, by, attributes=few)
    row = one(table, "gap", scope="city", group="s3")
    assert row.reason == "too-few"
    assert pd.isna(row.n)
    # The rest of the others does not hold them either.
    score = answers.mean(axis=1).astype(float) * 25
    kept = few["education"] != "s3"
    own = kept & (few["education"] == "sd")
    rest = kept & ~own
    found = one(table, "gap", scope="city", group="sd").estimate
    assert found == pytest.approx(score[own].mean() - score[rest].mean())


def test_equal_groups_are_shown_to_be_equal_and_few_people_tell_nothing():
    answers, by, who = people(n=4000)
    assert one(equity.table(answers, by, attributes=who[["sex"]]), "gap", scope="city").text == "equivalent"
    answers, by, who = people(n=70, seed=3)
    random = np.random.default_rng(1)
    wide = pd.DataFrame(np.repeat(random.integers(1, 5, (70, 1)), 9, axis=1), columns=ITEMS)
    table = equity.table(wide, by, attributes=who[["sex"]])
    assert one(table, "gap", scope="city").text == "undecided"


def test_units_left_out_count_for_nobody_and_an_attribute_nobody_gave_says_so():
    answers, by, who = people()
    who["disability"] = None
    table = equity.table(answers, by, attributes=who, leave_out={"b": "for-information"})
    assert set(table["unit"]) == {"", "a"}
    only = equity.table(answers[by == "a"], by[by == "a"], attributes=who[by == "a"])
    assert one(table, "gap", scope="city", item="sex").estimate == pytest.approx(
        one(only, "gap", scope="city", item="sex").estimate
    )
    assert one(table, "gap", item="disability").reason == "not-asked"
    assert (table["estimate"].isna() == (table["reason"] != "")).all()
