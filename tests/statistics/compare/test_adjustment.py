"""Units adjusted for who answered: against lme4, least squares, and cities with a known truth."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.compare import adjustment, ranking
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")
ITEMS = [f"U{i}" for i in range(1, 10)]


def city(seed: int = 1, units: int = 8, n: int = 80, effect: float = 10.0):
    """Older people answer higher; unit u7 serves only old people and is no better."""
    random = np.random.default_rng(seed)
    by = np.repeat([f"u{i}" for i in range(units)], n)
    age = np.where(by == "u7", random.integers(60, 80, units * n), random.integers(20, 60, units * n))
    level = 2.6 + effect / 250 * (age - 40) / 4 + random.normal(0, 0.3, units * n)
    raw = np.clip(np.rint(level[:, None] + random.normal(0, 0.5, (units * n, 9))), 1, 4).astype(int)
    sex = random.choice(["female", "male"], units * n, p=[0.6, 0.4])
    return pd.DataFrame(raw, columns=ITEMS), by, pd.DataFrame({"age": age, "sex": sex})


def test_the_adjusted_model_equals_lme4(reference):
    data = sets.rows(reference / "13_skm_sim48")
    r = json.loads((reference / "13_skm_sim48" / "results.json").read_text())["two_years_and_adjusted"]
    r = r["adjusted_lmer"]
    whole = data[data[ITEMS].notna().all(axis=1)].reset_index(drop=True)
    x = np.column_stack([
        np.ones(len(whole)), whole["sex"] == "P", (whole["age"] - 40) / 10,
        *(whole["education"] == level for level in ("SMP", "SMA", "S1", "S2+")),
    ]).astype(float)  # fmt: skip
    codes, names = pd.factorize(whole["unit"], sort=True)
    fit = adjustment.fit_rows(x, whole[ITEMS].mean(axis=1).to_numpy() * 25, codes, len(names))
    expected = list(r["coef"].values())
    assert fit.coefficients[1:] == pytest.approx(expected[1:], rel=1e-5, abs=1e-6)
    at_zero = fit.coefficients[0] - x[:, 1:].mean(axis=0) @ fit.coefficients[1:]
    assert at_zero == pytest.approx(expected[0], rel=1e-6)
    assert fit.errors[1:] == pytest.approx(list(r["se"].values())[1:], rel=1e-5)
    assert [fit.tau2, fit.sigma2] == pytest.approx([r["tau2"], r["sigma2"]], rel=1e-5)
    assert fit.effect == pytest.approx([r["blup"][u] for u in names], rel=1e-5, abs=1e-5)
    assert fit.error == pytest.approx([r["blup_sd"][u] for u in names], rel=1e-5)


def test_the_table_has_the_effects_of_the_model_whatever_the_reference(reference):
    data = sets.rows(reference / "13_skm_sim48")
    r = json.loads((reference / "13_skm_sim48" / "results.json").read_text())["two_years_and_adjusted"]
    coefficients = r["adjusted_lmer"]["coef"]
    table = adjustment.table(data[ITEMS], data["unit"], attributes=data[["sex", "age", "education"]])
    rows = results.pick(table, statistic="coefficient").set_index(["item", "group"])
    assert rows.at[("age", ""), "estimate"] == pytest.approx(coefficients["agec"] / 10, rel=1e-5)
    # The most frequent education is the reference here, the lowest in R.
    assert rows.at[("education", "S1"), "other"] == "SMA"
    difference = coefficients["educationS1"] - coefficients["educationSMA"]
    assert rows.at[("education", "S1"), "estimate"] == pytest.approx(difference, rel=1e-5)


def test_a_unit_of_old_people_falls_back_when_age_is_held_constant():
    answers, by, who = city()
    table = adjustment.table(answers, by, attributes=who)
    rows = results.pick(table, scope="unit").pivot(index="unit", columns="statistic", values="estimate")
    assert rows["unadjusted"].idxmax() == "u7"
    assert rows.at["u7", "adjusted"] < rows.at["u7", "unadjusted"] - 3
    assert rows.at["u7", "rank_shift"] <= 0
    assert rows["rank_shift"].sum() == pytest.approx(0, abs=8)


def test_without_attributes_adjusted_means_are_the_shrunken_ones():
    answers, by, who = city()
    table = adjustment.table(answers, by, attributes=who[[]])
    mine = results.pick(table, statistic="adjusted").set_index("unit")["estimate"]
    plain = results.pick(ranking.table(answers, by), statistic="shrunken").set_index("unit")["estimate"]
    assert mine.to_numpy() == pytest.approx(plain[mine.index].to_numpy())
    assert (results.pick(table, statistic="rank_shift")["estimate"] == 0).all()


def test_small_categories_join_and_missing_attributes_take_no_part():
    answers, by, who = city()
    who["education"] = ["sma"] * 500 + ["s1"] * 100 + ["s2"] * 20 + ["s3"] * 20
    who["disability"] = None
    who.loc[:9, "sex"] = None
    table = adjustment.table(answers, by, attributes=who)
    rows = results.pick(table, statistic="coefficient")
    assert set(rows[rows["item"] == "education"]["group"]) == {"other", "s1"}
    assert "disability" not in set(rows["item"])
    assert results.pick(table, statistic="tau2").iloc[0].n == len(by) - 10


def test_units_left_out_and_units_with_hardly_anybody_have_no_adjusted_mean():
    answers, by, who = city()
    who.loc[np.flatnonzero(by == "u2")[3:], "age"] = np.nan
    table = adjustment.table(answers, by, attributes=who, leave_out={"u1": "for-information"})
    rows = results.pick(table, statistic="adjusted").set_index("unit")
    assert "u1" not in rows.index
    assert rows.at["u2", "reason"] == "too-few"
    assert (table["estimate"].isna() == (table["reason"] != "")).all()


def test_one_unit_or_nobody_is_explained():
    answers, by, who = city()
    for rows in (slice(0, 80), slice(0, 1), slice(0, 0)):
        table = adjustment.table(answers[rows], by[rows], attributes=who[rows])
        assert (table["estimate"].isna() == (table["reason"] != "")).all()


def test_attributes_that_say_the_same_twice_cannot_be_told_apart():
    answers, by, who = city()
    who["again"] = who["sex"]
    table = adjustment.table(answers, by, attributes=who)
    assert set(results.pick(table, statistic="coefficient")["reason"]) == {"not-estimable"}
    assert set(results.pick(table, statistic="adjusted")["reason"]) == {"not-estimable"}
