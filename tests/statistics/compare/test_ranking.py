"""Ranks and shrunken means: against R, by hand, and at every edge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from statsmodels.regression.mixed_linear_model import MixedLM

from pipeline import results
from pipeline.statistics.compare import ranking
from pipeline.statistics.compare.funnel import funnel
from pipeline.statistics.compare.random_intercept import from_sums, random_intercept
from pipeline.statistics.compare.rank_sets import (
    expected_ranks,
    goldstein_healy,
    percentile_of_rank,
    rank_sets,
    rankability,
    simultaneous,
)
from pipeline.statistics.data.scores import from_series
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def per_unit(ref: sets.ReferenceSet, found: dict) -> np.ndarray:
    return np.array([sets.number(found[name]) for name in sets.names(ref.results["units"]["groups"])])


def city(seed: int = 1, sizes: tuple[int, ...] = (40, 60, 35, 80), gaps: tuple[float, ...] = (0, 1, 2, 3)):
    random = np.random.default_rng(seed)
    values = [np.rint(random.normal(28 + g, 3, n)) * 25 / 9 for n, g in zip(sizes, gaps, strict=True)]
    by = np.repeat([f"u{i}" for i in range(len(sizes))], sizes)
    return pd.Series(np.concatenate(values)), pd.Series(by)


def one(table: pd.DataFrame, statistic: str, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, **where)
    assert len(found) == 1, f"{len(found)} rows of {statistic} {where}"
    return found.iloc[0]


# --- against R ------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_the_random_intercept_model_equals_lme4(reference, folder):
    ref = sets.read(reference, folder)
    r = ref.results["units"]["lmer_reml"]
    fit = random_intercept(sets.scores_as_in_r(ref))
    assert fit.mean == pytest.approx(r["intercept"], rel=1e-5)
    assert fit.errors[0] == pytest.approx(r["se_intercept"], rel=1e-5)
    assert fit.sigma2 == pytest.approx(r["sigma2"], rel=1e-5)
    assert fit.tau2 == pytest.approx(r["tau2"], rel=1e-5, abs=1e-9)
    assert fit.log_likelihood == pytest.approx(r["logLik"], abs=1e-8)
    assert fit.shrunken == pytest.approx(per_unit(ref, r["shrunken_mean"]), rel=1e-5)
    assert fit.error == pytest.approx(per_unit(ref, r["blup_cond_sd"]), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_ranks_and_funnels_equal_r(reference, folder):
    ref = sets.read(reference, folder)
    units = ref.results["units"]
    data, found = sets.scores_as_in_r(ref), units["ranks"]
    fit = random_intercept(data)
    expected = expected_ranks(fit.shrunken, fit.error)
    assert expected == pytest.approx(per_unit(ref, found["expected_rank_eb"]), rel=1e-5)
    assert percentile_of_rank(expected) == pytest.approx(per_unit(ref, found["pcer"]), rel=1e-5)
    assert rankability(fit) == pytest.approx(sets.number(found["rankability"]), rel=1e-5, abs=1e-9)
    low, high = rank_sets(*simultaneous(data))
    assert low.tolist() == per_unit(ref, found["klein_low"]).tolist()
    assert high.tolist() == per_unit(ref, found["klein_high"]).tolist()
    r, mine = units["funnel"], funnel(data)
    assert mine.target == pytest.approx(r["target"], abs=1e-10)
    assert mine.phi == pytest.approx(r["phi_winsor10"], abs=1e-10)
    assert mine.phi_raw == pytest.approx(r["phi_unwinsorised"], abs=1e-10)
    assert mine.z == pytest.approx(per_unit(ref, r["z"]), abs=1e-10)
    for level, ending in ((0.95, "95"), (0.998, "998")):
        below, above = mine.limits(level, "plain")
        assert below == pytest.approx(per_unit(ref, r[f"lo{ending}"]), abs=1e-9)
        assert above == pytest.approx(per_unit(ref, r[f"hi{ending}"]), abs=1e-9)
    bars = goldstein_healy(np.sqrt(data.variance / data.n))
    assert bars == pytest.approx(sets.number(units["goldstein_healy"]["z"]), abs=1e-8)


def test_rank_ranges_of_the_simulated_city_hold_every_true_rank(reference):
    ref = sets.read(reference, "13_skm_sim48")
    truth = pd.read_csv(reference / "13_skm_sim48" / "truth.csv").set_index("unit")["true_effect_2024"]
    table = ranking.table(ref.answers, ref.by)
    low = results.pick(table, statistic="rank_low").set_index("unit")["estimate"]
    high = results.pick(table, statistic="rank_high").set_index("unit")["estimate"]
    true = truth.rank(ascending=False)
    assert ((low <= true) & (true <= high)).all()
    assert (high - low + 1).mean() == pytest.approx(31.2, abs=0.1)


# --- by hand, and by other code -------------------------------------------------------------


def test_four_people_give_the_variances_worked_on_paper():
    # Balanced: sigma2 = MSW = 2, tau2 = (MSB - MSW)/2 = (16 - 2)/2 = 7, shrinkage 7/(7 + 2/2) = 0.875.
    fit = random_intercept(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    assert (fit.mean, fit.sigma2, fit.tau2) == pytest.approx((4, 2, 7))
    assert fit.reliability == pytest.approx([0.875, 0.875])
    assert fit.shrunken == pytest.approx([4 - 2 * 0.875, 4 + 2 * 0.875])
    assert fit.error == pytest.approx([(7 * 0.125) ** 0.5] * 2)


def test_the_restricted_likelihood_is_the_one_of_the_full_covariance_matrix():
    values, by = city(sizes=(7, 12, 5), gaps=(0, 2, 4))
    fit = random_intercept(from_series(values, by))
    same = (by.to_numpy()[:, None] == by.to_numpy()[None, :]).astype(float)
    y, x = values.to_numpy(), np.ones((len(values), 1))

    def deviance(theta: np.ndarray) -> float:
        v = np.exp(theta[0]) * same + np.exp(theta[1]) * np.eye(len(y))
        inverse = np.linalg.inv(v)
        xx = x.T @ inverse @ x
        rest = y - x @ np.linalg.solve(xx, x.T @ inverse @ y)
        parts = np.linalg.slogdet(v)[1] + np.linalg.slogdet(xx)[1] + rest @ inverse @ rest
        return float(parts + (len(y) - 1) * np.log(2 * np.pi))

    best = optimize.minimize(
        deviance, [2.0, 4.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    assert np.exp(best.x) == pytest.approx([fit.tau2, fit.sigma2], rel=1e-5)
    assert -best.fun / 2 == pytest.approx(fit.log_likelihood, abs=1e-8)


def test_the_model_is_that_of_statsmodels_mixedlm():
    values, by = city(sizes=(20, 31, 25, 18, 40, 22, 27, 35), gaps=(0, 2, 4, -3, 6, 1, -5, 3))
    fit = random_intercept(from_series(values, by))
    model = MixedLM(values.to_numpy(float), np.ones((len(values), 1)), groups=np.asarray(by)).fit(reml=True)
    assert model.converged
    assert fit.log_likelihood == pytest.approx(model.llf, abs=1e-6)
    assert (fit.tau2, fit.sigma2) == pytest.approx((float(model.cov_re[0, 0]), model.scale), rel=1e-3)
    assert (fit.mean, fit.errors[0]) == pytest.approx((model.fe_params[0], model.bse_fe[0]), rel=1e-4)
    effects = [float(model.random_effects[unit].iloc[0]) for unit in dict.fromkeys(by)]
    assert fit.effect == pytest.approx(effects, abs=1e-3)


def test_units_that_do_not_differ_give_no_variance_between_them():
    fit = random_intercept(from_series(pd.Series([1.0, 9, 2, 8, 5, 5]), ["a", "a", "b", "b", "c", "c"]))
    assert fit.tau2 == 0
    assert fit.shrunken == pytest.approx([5, 5, 5])
    assert rankability(fit) == 0
    assert expected_ranks(fit.shrunken, fit.error) == pytest.approx([2, 2, 2])


def test_expected_ranks_add_up_and_follow_the_shrunken_means():
    value, error = np.array([88.0, 85, 86, 70]), np.array([1.0, 2, 0.5, 3])
    found = expected_ranks(value, error)
    assert found.sum() == pytest.approx(10)
    brute = [1 + sum(stats.norm.cdf((value[j] - value[u]) / np.hypot(error[u], error[j])) for j in range(4) if j != u)
             for u in range(4)]  # fmt: skip
    assert found == pytest.approx(brute)


def test_rank_ranges_equal_counting_pairs():
    random = np.random.default_rng(5)
    middle, half = random.normal(85, 3, 60), random.uniform(0.5, 3, 60)
    low, high = rank_sets(middle - half, middle + half)
    ahead = (middle - half)[None, :] > (middle + half)[:, None]
    assert low.tolist() == (1 + ahead.sum(axis=1)).tolist()
    assert high.tolist() == (60 - ahead.sum(axis=0)).tolist()


def test_additive_limits_widen_by_the_spread_between_units_and_never_narrow():
    values, by = city(sizes=(60,) * 12, gaps=tuple(range(12)))
    wide = funnel(from_series(values, by))
    assert wide.tau2 > 0
    assert (wide.limits(0.95)[1] > wide.limits(0.95, "plain")[1]).all()
    even = funnel(from_series(pd.Series([1.0, 9, 2, 8, 5, 5]), ["a", "a", "b", "b", "c", "c"]))
    assert even.tau2 == 0
    for method in ("phi", "additive"):
        assert even.limits(0.95, method)[1] == pytest.approx(even.limits(0.95, "plain")[1])


# --- edges ----------------------------------------------------------------------------------


def test_every_number_that_is_missing_says_why():
    values, by = city()
    for rows in (slice(None), slice(0, 40), slice(0, 1), slice(0, 0)):
        table = ranking.table(values[rows], by[rows], types={"u0": "dinas", "u1": "dinas", "u2": "kel"})
        assert (table["estimate"].isna() == (table["reason"] != "")).all()


def test_a_unit_where_everybody_agrees_has_no_rank_of_its_own():
    # Sure of nothing: forty times the top mark is no proof of being first.
    values, by = city()
    values[by == "u0"] = 100.0
    table = ranking.table(values, by)
    assert one(table, "rank_low", unit="u0").estimate == 1
    assert one(table, "rank_high", unit="u0").estimate == 4
    assert all(one(table, "rank_low", unit=u).estimate <= 4 for u in ("u1", "u2", "u3"))


def test_units_for_information_take_no_part_and_say_so():
    values, by = city()
    table = ranking.table(values, by, leave_out={"u3": "for-information"})
    assert one(table, "rank_low", unit="u3").reason == "for-information"
    without = ranking.table(values[by != "u3"], by[by != "u3"])
    assert one(table, "rank_high", unit="u0").estimate == one(without, "rank_high", unit="u0").estimate
    assert one(table, "rank_high", unit="u0").denominator == 3


def test_a_type_is_ranked_among_its_own():
    values, by = city(gaps=(0, 5, 0, 5))
    table = ranking.table(values, by, types={"u0": "kel", "u1": "dinas", "u2": "kel", "u3": "dinas"})
    assert one(table, "rank_high", unit="u0", group="kel").estimate == 2
    assert one(table, "rank_low", unit="u1", group="").estimate == 1
    assert one(table, "rank_low", unit="u0", group="").estimate == 3
    alone = results.pick(table, scope="type", group="kel", statistic="tau2").iloc[0]
    by_itself = ranking.table(values[by.isin(["u0", "u2"])], by[by.isin(["u0", "u2"])])
    assert alone.estimate == pytest.approx(one(by_itself, "tau2").estimate)


def test_low_rankability_is_said():
    values, by = city(gaps=(0, 0, 0, 0), seed=4)
    row = one(ranking.table(values, by), "rankability")
    assert row.estimate < 0.7
    assert row.text == "low"


def test_items_half_the_respondents_were_never_asked_do_not_count():
    random = np.random.default_rng(2)
    answers = pd.DataFrame({c: random.integers(1, 5, 80) for c in ("U1", "U2")}).astype("Int64")
    answers["own.X"] = pd.array([None] * 60 + [4] * 20, dtype="Int64")
    by = ["a"] * 40 + ["b"] * 40
    table = ranking.table(answers, by)
    pd.testing.assert_frame_equal(
        table.drop(columns="text"), ranking.table(answers[["U1", "U2"]], by).drop(columns="text")
    )
    assert one(table, "mean").text == "own.X"


def test_covariates_enter_through_their_sums():
    random = np.random.default_rng(3)
    by = np.repeat(np.arange(6), 30)
    x = random.normal(size=180)
    y = 2 * x + by + random.normal(size=180)
    columns = np.column_stack([np.ones(180), x, y - y.mean()])
    sums = np.array([columns[by == u].sum(axis=0) for u in range(6)])
    fit = from_sums(columns.T @ columns, sums, np.full(6, 30.0))
    assert fit.coefficients[1] == pytest.approx(2, abs=4 * fit.errors[1])
    assert fit.sigma2 == pytest.approx(1, abs=0.3)


def test_a_thousand_units_take_no_longer_than_a_moment():
    random = np.random.default_rng(8)
    values = pd.Series(np.rint(random.normal(28, 3, 60_000)))
    table = ranking.table(values, np.repeat([f"u{i:04}" for i in range(1000)], 60))
    assert len(results.pick(table, statistic="expected_rank")) == 1000


def test_of_thousands_of_units_what_needs_every_two_of_them_is_left_out_with_the_reason():
    units = ranking.LARGEST + 1
    scores = np.random.default_rng(5).normal(80, 4, units * 3)
    made = ranking.table(pd.Series(scores), np.repeat(np.arange(units), 3).astype(str))
    asked = made[made["statistic"].isin(["expected_rank", "pcer", "goldstein_healy"])]
    assert set(asked["statistic"]) == {"expected_rank", "pcer", "goldstein_healy"}
    assert asked["estimate"].isna().all()
    assert set(asked["reason"]) == {"on-request"}
    shrunken = results.pick(made, statistic="shrunken")
    assert shrunken["estimate"].notna().all()
