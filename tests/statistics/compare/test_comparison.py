"""Comparison of units: against R, against scipy and brute force, and at every edge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import effectsize_smd

from pipeline import results
from pipeline.statistics.compare import (
    difference,
    omnibus,
    pairwise,
    studentized_range,
)
from pipeline.statistics.compare import (
    table as comparison,
)
from pipeline.statistics.compare.effect_bootstrap import epsilon2_interval
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.scores import anova, eta2_interval, from_series, scores
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def one(table: pd.DataFrame, statistic: str, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, **where)
    assert len(found) == 1, f"{len(found)} rows of {statistic} {where}"
    return found.iloc[0]


def everything_is_explained(table: pd.DataFrame) -> bool:
    return bool((table["estimate"].isna() == (table["reason"] != "")).all())


def some_scores(seed: int = 3, sizes: tuple[int, ...] = (40, 25, 60)) -> tuple[pd.Series, pd.Series]:
    random = np.random.default_rng(seed)
    values = np.concatenate([np.rint(random.normal(28 + u, 2 + u, n)) * 25 / 9 for u, n in enumerate(sizes)])
    return pd.Series(values), pd.Series(np.repeat([f"unit-{u}" for u in range(len(sizes))], sizes))


# --- by hand, and by other code -------------------------------------------------------------


def test_kruskal_and_dunn_of_four_people_are_the_numbers_worked_on_paper():
    # Ranks 1 2 | 3 4: H = 12/20 x 2 x (1.5-2.5)^2 x 2 = 2.4; z = -2 / sqrt(20/12 x 1) = -1.549.
    data = from_series(pd.Series([1.0, 2, 3, 4]), ["a", "a", "b", "b"])
    assert omnibus.kruskal(data).value == pytest.approx(2.4)
    assert pairwise.dunn(data)["z"] == pytest.approx([-2 / (20 / 12) ** 0.5])


def test_the_analysis_of_variance_of_four_people_is_the_one_worked_on_paper():
    # Means 2 and 6 around 4: SSB 16, SSW 4, F = 16/2 = 8.
    found = anova(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    assert (found.f, found.eta2, found.icc1, found.icc2) == pytest.approx((8, 0.8, 14 / 18, 14 / 16))
    assert found.omega2 == pytest.approx((16 - 2) / (20 + 2))


def test_omnibus_tests_equal_scipy():
    values, by = some_scores()
    table = comparison.table(values, by)
    parts = [values[by == u] for u in by.unique()]
    kruskal, levene, f = stats.kruskal(*parts), stats.levene(*parts), stats.f_oneway(*parts)
    found = one(table, "kruskal_h")
    assert [found.estimate, found.p] == pytest.approx([kruskal.statistic, kruskal.pvalue], rel=1e-9)
    found = one(table, "levene")
    assert [found.estimate, found.p] == pytest.approx([levene.statistic, levene.pvalue], rel=1e-9)
    assert one(table, "eta2").p == pytest.approx(f.pvalue, rel=1e-9)
    assert one(table, "welch_f").numerator == 2


def test_games_howell_equals_scipy_with_its_sign():
    values, by = some_scores()
    parts = [values[by == u] for u in by.unique()]
    expected = stats.tukey_hsd(*parts, equal_var=False)
    limits = expected.confidence_interval(0.95)
    found = pairwise.games_howell(from_series(values, by))
    for at, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
        assert found["difference"][at] == pytest.approx(expected.statistic[a, b])
        assert found["p"][at] == pytest.approx(expected.pvalue[a, b], abs=1e-9)
        mine = [found["lower"][at], found["upper"][at]]
        assert mine == pytest.approx([limits.low[a, b], limits.high[a, b]], rel=1e-7)
    # The table's pairs are freed of skewness, with the moments of `difference`: the same decision each way.
    table = comparison.table(values, by, games_howell=True)
    freed = pairwise.games_howell(from_series(values, by), prior=difference.PRIOR)
    for at, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
        row = one(table, "games_howell", unit=f"unit-{a}", other=f"unit-{b}")
        assert (row.estimate, row.p) == pytest.approx((found["difference"][at], freed["p"][at]))
        assert (row.p < 0.05) == (row.lower > 0 or row.upper < 0)


@pytest.mark.parametrize("k", [2, 5, 48])
def test_the_studentized_range_equals_scipy(k):
    for df in (2.0, 2.7, 7.5, 29.0, 61.5, 700.0):
        q = np.array([0.4, 2.0, 3.9, 6.5])
        expected = stats.studentized_range.sf(q, k, df)
        assert studentized_range.p_value(q, k, np.full(4, df)) == pytest.approx(expected, abs=1e-9)


def test_quantiles_between_the_exact_ones_are_as_good():
    df = np.geomspace(2.1, 900, 60)
    found = studentized_range.quantile(0.95, 48, df)
    assert studentized_range.p_value(found, 48, df) == pytest.approx(np.full(60, 0.05), abs=1e-8)
    assert np.isnan(studentized_range.quantile(0.95, 48, np.array([1.5]))).all()


def test_a_table_of_many_pairs_is_the_same_to_the_last_digit_each_time():
    df = np.linspace(40.0, 700.0, 300)
    first = studentized_range.quantile(0.95, 48, df)
    for _ in range(5):
        assert (studentized_range.quantile(0.95, 48, df) == first).all()
    exact = studentized_range._solve(0.95, 48, df[::50])
    assert first[::50] == pytest.approx(exact, abs=1e-9)


def test_the_effect_size_s_interval_is_that_of_a_bootstrap_of_rows():
    values, by = some_scores()
    parts, n = [values[by == u].to_numpy() for u in by.unique()], len(values)
    drawn = stats.bootstrap(
        parts, lambda *rows: stats.kruskal(*rows).statistic * (n + 1) / (n * n - 1),
        n_resamples=999, method="percentile", vectorized=False, rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    found = epsilon2_interval(from_series(values, by))
    # Limits of a few hundred draws move by about a hundredth.
    assert found == pytest.approx((drawn.low, drawn.high), abs=0.03)


def test_hedges_g_is_statsmodels_standardised_difference():
    values, by = some_scores(sizes=(12, 17))
    x, y = (values[by == u].to_numpy() for u in by.unique())
    expected, _ = effectsize_smd(x.mean(), x.std(ddof=1), len(x), y.mean(), y.std(ddof=1), len(y))
    assert pairwise.hedges_g(from_series(values, by))["g"] == pytest.approx([expected], abs=1e-12)


def test_cliffs_delta_and_its_interval_equal_brute_force():
    values, by = some_scores(sizes=(12, 17))
    x, y = (values[by == u].to_numpy() for u in by.unique())
    wins = np.sign(x[:, None] - y[None, :])
    d, (na, nb) = wins.mean(), wins.shape
    variance = (
        (nb - 1) * wins.mean(axis=1).var(ddof=1)
        + (na - 1) * wins.mean(axis=0).var(ddof=1)
        + ((wins - d) ** 2).sum() / ((na - 1) * (nb - 1))
    ) / (na * nb)
    t = stats.t.ppf(0.975, na + nb - 2)
    half = t * variance**0.5 * ((1 - d**2) ** 2 + t**2 * variance) ** 0.5
    expected = [(d - d**3 + sign * half) / (1 - d**2 + t**2 * variance) for sign in (-1, 1)]
    found = one(comparison.table(values, by), "cliff_delta")
    assert found.estimate == pytest.approx(d)
    assert [found.lower, found.upper] == pytest.approx(expected)
    u = stats.mannwhitneyu(x, y).statistic
    assert found.estimate == pytest.approx(2 * u / (na * nb) - 1)


def test_complete_separation_has_delta_one_and_still_an_interval():
    table = comparison.table(pd.Series([90.0, 95, 99, 10, 20, 30]), ["a"] * 3 + ["b"] * 3)
    found = one(table, "cliff_delta")
    assert (found.estimate, found.upper) == (1.0, 1.0)
    assert found.lower < 1


# --- against R ------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_tests_of_all_units_equal_r(reference, folder):
    ref = sets.read(reference, folder)
    data, expected = sets.scores_as_in_r(ref), ref.results["units"]
    n, units = data.n.sum(), len(data.units)
    assert data.mean == pytest.approx(sets.numbers(list(expected["mean"].values())), abs=1e-10)
    assert data.median == pytest.approx(sets.numbers(list(expected["median"].values())), abs=1e-10)
    h = omnibus.kruskal(data)
    assert [h.value, h.p] == pytest.approx([expected["kruskal"]["H"], expected["kruskal"]["p"]], abs=1e-10)
    assert omnibus.epsilon2(h.value, n) == pytest.approx(expected["kruskal"]["epsilon2"], abs=1e-10)
    assert omnibus.eta2_h(h.value, n, units) == pytest.approx(expected["kruskal"]["eta2_H"], abs=1e-10)
    welch, r_welch = omnibus.welch(data), expected["welch_usable_units"]
    assert [welch.value, welch.p] == pytest.approx([r_welch["F"], r_welch["p"]], abs=1e-10)
    assert welch.df2 == pytest.approx(r_welch["df2"], rel=1e-10)
    levene, r_levene = omnibus.levene(data), expected["levene_median"]
    assert [levene.value, levene.p] == pytest.approx([r_levene["F"], r_levene["p"]], abs=1e-10)


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_the_analysis_of_variance_equals_r(reference, folder):
    ref = sets.read(reference, folder)
    found, expected = anova(sets.scores_as_in_r(ref)), ref.results["units"]["anova"]
    for name, value in {
        "F": found.f, "p": found.p, "msb": found.msb, "msw": found.msw, "eta2": found.eta2,
        "omega2": found.omega2, "n0": found.n0, "icc1": found.icc1, "icc2_reliability_of_mean": found.icc2,
    }.items():  # fmt: skip
        assert value == pytest.approx(expected[name], abs=1e-10, rel=1e-12), name
    assert [found.icc1_lower, found.icc1_upper] == pytest.approx(expected["icc1_F_ci95"], abs=1e-10)
    # R's effectsize finds its noncentrality by optimisation: seven digits.
    assert eta2_interval(found.f, found.df1, found.df2) == pytest.approx(expected["eta2_ci90"], abs=1e-7)


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_dunn_equals_r_with_the_sign_turned(reference, folder):
    ref = sets.read(reference, folder)
    data, expected = sets.scores_as_in_r(ref), ref.results["units"]["dunn_rstatix"]
    first, second = pairwise.positions(len(data.units))
    assert [data.units[a] for a in first] == sets.names(expected["group1"])
    assert [data.units[b] for b in second] == sets.names(expected["group2"])
    found = pairwise.dunn(data)
    assert found["z"] == pytest.approx(-sets.numbers(expected["z"]), abs=1e-12)
    assert found["p"] == pytest.approx(sets.numbers(expected["p"]), abs=1e-12)
    assert found["p_adjusted"] == pytest.approx(sets.numbers(expected["p_holm"]), abs=1e-12)


@pytest.mark.parametrize("folder", sets.FOLDERS)
def test_games_howell_and_hedges_g_equal_r(reference, folder):
    ref = sets.read(reference, folder)
    data, expected = sets.scores_as_in_r(ref), ref.results["units"]["games_howell_exact"]
    found = pairwise.games_howell(data)
    close = {"abs": 1e-10, "nan_ok": True}
    assert found["difference"] == pytest.approx(sets.numbers(expected["diff"]), **close)
    assert found["error"] == pytest.approx(sets.numbers(expected["se"]), **close)
    assert found["t"] == pytest.approx(sets.numbers(expected["t"]), **close)
    assert found["df"] == pytest.approx(sets.numbers(expected["df"]), rel=1e-10, nan_ok=True)
    # Two units, df 3.4: R's ptukey is 1.04e-6 off there (see the next test).
    tolerance = 1.1e-6 if folder == "08_n_less_than_k" else 1e-6
    assert found["p"] == pytest.approx(sets.numbers(expected["p"]), abs=tolerance, nan_ok=True)
    # R's qtukey stops at about four digits for few degrees of freedom.
    assert found["lower"] == pytest.approx(sets.numbers(expected["ci_low"]), rel=2e-5, nan_ok=True)
    assert pairwise.hedges_g(data)["g"] == pytest.approx(sets.numbers(expected["hedges_g_pooled"]), **close)


def test_games_howell_of_two_units_is_welch_exactly(reference):
    data = sets.scores_as_in_r(sets.read(reference, "08_n_less_than_k"))
    assert pairwise.games_howell(data)["p"] == pytest.approx([omnibus.welch(data).p], abs=1e-10)


def test_a_district_of_48_units_in_one_table(reference):
    ref = sets.read(reference, "13_skm_sim48")
    table = comparison.table(ref.answers, ref.by)
    assert everything_is_explained(table)
    assert len(results.pick(table, statistic="dunn_z")) == 1128
    expected = ref.results["units"]
    assert one(table, "kruskal_h").estimate == pytest.approx(expected["kruskal"]["H"], abs=1e-10)
    assert one(table, "icc1").estimate == pytest.approx(expected["anova"]["icc1"], abs=1e-10)
    assert one(table, "eta2").estimate == pytest.approx(expected["anova"]["eta2"], abs=1e-10)


# --- edges ----------------------------------------------------------------------------------


def test_a_constant_unit_and_a_single_person_are_listed_and_left_out(reference):
    ref = sets.read(reference, "12_constant_unit")
    table = comparison.table(ref.answers, ref.by, games_howell=True)
    assert everything_is_explained(table)
    welch = one(table, "welch_f", scope="city")
    assert welch.estimate == pytest.approx(ref.results["units"]["welch_usable_units"]["F"], abs=1e-10)
    for statistic in ("welch_f", "games_howell"):
        reasons = results.pick(table, statistic=statistic, scope="unit").set_index("unit")["reason"]
        assert reasons[["D", "E"]].to_dict() == {"D": "no-variance", "E": "excluded"}
    # Ranks need no variance: the constant unit stays in Kruskal-Wallis and Dunn.
    assert one(table, "kruskal_h", scope="city").df == 3
    found = results.pick(table, statistic="dunn_z")
    assert set(found["unit"]) | set(found["other"]) == {"A", "B", "C", "D"}
    tested = results.pick(table, statistic="games_howell", scope="pair")
    assert set(tested["unit"]) | set(tested["other"]) == {"A", "B", "C"}


def test_units_the_caller_leaves_out_carry_the_callers_reason():
    values, by = some_scores()
    by[:5] = None
    table = comparison.table(values, by, leave_out={"unknown": "excluded", "unit-2": "for-information"})
    reasons = results.pick(table, statistic="kruskal_h", scope="unit").set_index("unit")["reason"]
    assert reasons.to_dict() == {"unit-2": "for-information", "unknown": "excluded"}
    assert one(table, "kruskal_h", scope="city").n == 35 + 25


def test_pairs_and_tests_are_formed_within_types():
    values, by = some_scores(sizes=(20, 20, 20, 20, 20))
    types = {"unit-0": "clinic", "unit-1": "clinic", "unit-2": "office", "unit-3": "office"}
    table = comparison.table(values, by, types=types)
    found = results.pick(table, statistic="dunn_z")
    assert found[["unit", "other", "group"]].to_numpy().tolist() == [
        ["unit-0", "unit-1", "clinic"],
        ["unit-2", "unit-3", "office"],
    ]
    assert results.pick(table, statistic="kruskal_h", scope="type")["group"].tolist() == ["clinic", "office"]
    assert one(table, "kruskal_h", scope="city").df == 4


def test_a_type_of_more_than_two_hundred_units_forms_no_pairs_and_says_so():
    by = pd.Series(np.repeat([f"u{i:03d}" for i in range(201)], 3))
    values = pd.Series(np.tile([70.0, 80, 90], 201))
    table = comparison.table(values, by)
    found = one(table, "dunn_z")
    assert (found.reason, found.text) == ("excluded", "more than 200 units")


def test_one_unit_cannot_be_compared():
    table = comparison.table(pd.Series([70.0, 80, 90]), ["a"] * 3)
    assert set(table["reason"]) == {"few-units"}
    assert everything_is_explained(table)


def test_units_that_all_agree_have_no_variance_anywhere():
    table = comparison.table(pd.Series([75.0] * 8), ["a"] * 4 + ["b"] * 4)
    assert everything_is_explained(table)
    assert one(table, "kruskal_h", scope="city").reason == "no-variance"
    assert one(table, "dunn_z").reason == "no-variance"
    assert one(table, "hedges_g").reason == "no-variance"


def test_incomplete_rows_have_no_score():
    answers = pd.DataFrame({"U1": [1, 2, None, 4], "U2": [1, 2, 3, 4]}, dtype="Int64")
    data = scores(group(answers, ["a", "a", "a", "b"]))
    assert data.n.tolist() == [2, 1]
    assert data.values.tolist() == [25, 50, 100]


def test_another_scale_is_converted_by_its_maximum():
    answers = pd.DataFrame({"U1": [5, 5], "U2": [5, 4]}, dtype="Int64")
    assert scores(group(answers), 5).values.tolist() == [90, 100]


def test_nobody_at_all_is_no_crash():
    table = comparison.table(pd.Series([], dtype=float), pd.Series([], dtype=object))
    assert everything_is_explained(table)


# --- properties -----------------------------------------------------------------------------


@st.composite
def districts(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    units, rows = draw(st.integers(1, 5)), draw(st.integers(1, 60))
    choices = draw(st.sampled_from([[36], [35, 36], list(range(9, 37))]))
    values = pd.Series(random.choice(choices, size=rows) * 25 / 9)
    return values, pd.Series(random.choice([f"u{i}" for i in range(units)], size=rows)), random


@given(districts())
@settings(max_examples=12, deadline=None)
def test_nothing_crashes_and_every_gap_is_explained(case):
    values, by, _ = case
    table = comparison.table(values, by, games_howell=True, types={"u0": "x", "u1": "x", "u2": "y"})
    assert everything_is_explained(table)
    assert set(table["reason"]) - {""} <= set(results.REASONS)
    p = table[["p", "p_adjusted"]].stack().dropna()
    assert p.between(0, 1).all()
    delta = results.pick(table, statistic="cliff_delta")
    assert delta["estimate"].dropna().between(-1, 1).all()


@given(districts())
@settings(max_examples=12, deadline=None)
def test_the_order_of_rows_does_not_matter(case):
    values, by, random = case
    order = random.permutation(len(values))
    before, after = comparison.table(values, by), comparison.table(values.iloc[order], by.iloc[order])
    pd.testing.assert_frame_equal(before, after, rtol=1e-9, atol=1e-9)


@given(districts())
@settings(max_examples=12, deadline=None)
def test_ranks_only_see_the_order_of_scores(case):
    values, by, _ = case
    table, stretched = (
        results.pick(comparison.table(v, by), statistic=["kruskal_h", "dunn_z", "cliff_delta"])
        for v in (values, np.exp(values / 20))
    )
    assert table["estimate"].to_numpy() == pytest.approx(stretched["estimate"].to_numpy(), nan_ok=True)


@given(districts())
@settings(max_examples=12, deadline=None)
def test_answers_and_their_scores_give_the_same_comparison(case):
    _, by, random = case
    answers = pd.DataFrame(random.integers(1, 5, (len(by), 3)), columns=["U1", "U2", "U3"])
    from_answers = comparison.table(answers, by)
    from_scores = comparison.table(answers.mean(axis=1) * 25, by)
    pd.testing.assert_frame_equal(from_answers, from_scores, rtol=1e-7, atol=1e-7)


def test_pairs_of_more_units_than_can_be_compared_are_never_listed(monkeypatch: pytest.MonkeyPatch):
    def refuse(units: int):
        raise AssertionError(f"pairs of {units} units were listed")

    monkeypatch.setattr(comparison, "LARGEST_TYPE", 3)
    monkeypatch.setattr(comparison.pairwise, "positions", refuse)
    units = [f"u{i}" for i in range(4)]
    scores = pd.Series(np.random.default_rng(1).normal(80, 5, 40))
    found = comparison.table(scores, units * 10, types=dict.fromkeys(units, "t"), across=True)
    assert found[found.scope == "pair"].empty
