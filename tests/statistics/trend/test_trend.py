"""Change between surveys: against R, by hand, and where surveys cannot be compared."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from pipeline import results
from pipeline.statistics.compare import two_samples
from pipeline.statistics.data import multiplicity
from pipeline.statistics.data.scores import from_series
from pipeline.statistics.index import table as index
from pipeline.statistics.trend import lines
from pipeline.statistics.trend import table as trend
from pipeline.statistics.trend.comparable import Conditions, breaks, item_breaks
from pipeline.statistics.trend.wave import Wave
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")
ITEMS = [f"U{i}" for i in range(1, 10)]


def two_years(reference):
    data = sets.rows(reference / "13_skm_sim48", year=None)
    later, earlier = (data[data["year"] == year] for year in (2024, 2023))
    expected = json.loads((reference / "13_skm_sim48" / "results.json").read_text())
    return later, earlier, expected["two_years_and_adjusted"]["year"]


def answers(seed: int, n: int = 60, lift: float = 0.0, units: int = 4) -> tuple[pd.DataFrame, pd.Series]:
    random = np.random.default_rng(seed)
    raw = np.clip(np.rint(random.normal(3.1 + lift, 0.7, (n * units, 9))), 1, 4).astype(int)
    return pd.DataFrame(raw, columns=ITEMS).astype("Int64"), pd.Series(
        np.repeat([f"u{i}" for i in range(units)], n)
    )


def one(table: pd.DataFrame, statistic: str, **where: str) -> pd.Series:
    found = results.pick(table, statistic=statistic, **where)
    assert len(found) == 1, f"{len(found)} rows of {statistic} {where}"
    return found.iloc[0]


# --- against R and other code ---------------------------------------------------------------


def test_48_units_in_two_years_equal_r(reference):
    later, earlier, r = two_years(reference)
    table = trend.table(later[ITEMS], later["unit"], earlier=[Wave("2023", earlier[ITEMS], earlier["unit"])])
    order = list(r["unit"])

    def column(name: str, statistic: str = "change", method: str = "bh") -> np.ndarray:
        rows = results.pick(table, scope="unit", statistic=statistic, method=method)
        return rows.set_index("unit").loc[order, name].to_numpy(dtype=float)

    keys = {
        "estimate": "diff",
        "lower": "ci_low",
        "upper": "ci_high",
        "df": "df",
        "p": "p",
        "p_adjusted": "p_bh",
    }
    for name, key in keys.items():
        assert column(name) == pytest.approx(np.array(r[key]), rel=1e-9, abs=1e-10), key
    assert column("p_adjusted", method="holm") == pytest.approx(np.array(r["p_holm"]), rel=1e-9, abs=1e-10)
    assert column("estimate", "change_g", "") == pytest.approx(np.array(r["hedges_g"]), abs=1e-10)
    assert column("estimate", "change_cliff", "") == pytest.approx(np.array(r["cliff_delta"]), abs=1e-10)
    assert column("p", "tost") == pytest.approx(np.array(r["tost_p"]), rel=1e-8, abs=1e-10)
    assert column("lower", "tost") == pytest.approx(np.array(r["ci90_low"]), abs=1e-9)
    assert column("upper", "tost") == pytest.approx(np.array(r["ci90_high"]), abs=1e-9)


def test_a_change_equals_scipys_welch_test():
    random = np.random.default_rng(3)
    now, then = random.normal(85, 8, 40), random.normal(80, 5, 70)
    found = two_samples.welch(from_series(pd.Series(now)), from_series(pd.Series(then)))
    expected = stats.ttest_ind(now, then, equal_var=False)
    assert found.p[0] == pytest.approx(expected.pvalue)
    low, high = found.interval(0.95)
    assert (low[0], high[0]) == pytest.approx(tuple(expected.confidence_interval(0.95)))


def test_a_known_population_narrows_the_error_and_a_census_has_none():
    now, then = from_series(pd.Series([70.0, 80, 90, 80])), from_series(pd.Series([60.0, 70, 80, 70]))
    free = two_samples.welch(now, then)
    half = two_samples.welch(now, then, np.array([8.0]), np.array([8.0]))
    assert half.error == pytest.approx(free.error / 2**0.5)
    census = two_samples.welch(now, then, np.array([4.0]), np.array([4.0]))
    assert census.error[0] == 0
    assert census.p[0] == 0
    assert census.equivalence(2.5)[0] == 1
    assert [x[0] for x in census.interval(0.95)] == [10, 10]


def test_shrunken_changes_solve_their_equation():
    random = np.random.default_rng(6)
    d, error = random.normal(1, 3, 30), random.uniform(0.5, 1.5, 30)
    value, spread, tau2 = two_samples.shrunken(d, error)
    w = 1 / (error**2 + tau2)
    mean = w @ d / w.sum()
    assert (w * (d - mean) ** 2).sum() == pytest.approx(29)
    assert (np.abs(value - mean) <= np.abs(d - mean)).all()
    assert (spread < error).all()
    # statsmodels stops once a step is below a hundred-thousandth.
    assert tau2 == pytest.approx(combine_effects(d, error**2, method_re="pm").tau2, rel=1e-4)
    even, _, none = two_samples.shrunken(np.array([1.0, 1.1, 0.9]), np.ones(3))
    assert none == 0
    assert even == pytest.approx([1, 1, 1])


# --- verdicts -------------------------------------------------------------------------------


def test_the_four_verdicts():
    now, by = answers(1, n=300)
    table = trend.table(now, by, earlier=[Wave("before", *answers(2, n=300))])
    assert one(table, "change", scope="city").text == "unchanged"
    small = trend.table(*answers(1, n=12), earlier=[Wave("before", *answers(2, n=12))])
    assert set(results.pick(small, scope="unit", statistic="change").text) == {"cannot-tell"}
    up = trend.table(*answers(1, lift=0.5), earlier=[Wave("before", *answers(2))])
    assert set(results.pick(up, scope="unit", statistic="change").text) == {"up"}
    down = trend.table(*answers(1), earlier=[Wave("before", *answers(2, lift=0.5))])
    assert one(down, "change", scope="city").text == "down"


def test_what_is_shown_to_have_moved_is_never_called_unchanged():
    word = two_samples.verdicts(np.array([0.5, -0.5]), np.array([0.001, 0.001]), np.array([0.001, 0.001]))
    assert word.tolist() == ["up", "down"]


def test_in_cities_where_nothing_changed_few_say_that_something_did():
    random = np.random.default_rng(20)
    wrong = 0
    for _ in range(200):
        values = [np.rint(random.normal(30, 3, 48 * 40)) * 25 / 9 for _ in range(2)]
        by = np.repeat([f"u{i:02}" for i in range(48)], 40)
        data = [from_series(pd.Series(v), by) for v in values]
        found = two_samples.welch(*data)
        words = two_samples.verdicts(found.difference, multiplicity.benjamini_hochberg(found.p), np.ones(48))
        wrong += bool(np.isin(words, ["up", "down"]).any())
    # 5 % of 200 is 10; three standard errors more is 19.
    assert wrong <= 19


def test_a_letter_that_changed_carries_its_confidence():
    (now, by), (then, before) = answers(1, n=200, lift=0.4), answers(2, n=200)
    waves = [Wave("2023", then, before, index=index.table(then, before))]
    table = trend.table(now, by, earlier=waves, index=index.table(now, by))
    row = one(table, "letter_change", unit="u0")
    assert row.text == "C>B"
    assert row.estimate > 0.9


# --- breaks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (Conditions(rule="14/2017"), Conditions(rule="16/2014"), "rule"),
        (Conditions(order="form"), Conditions(order="questionnaire"), "order"),
        (Conditions(mode="web"), Conditions(mode="self-paper"), "mode"),
        (Conditions(executor="Universitas"), Conditions(executor="Bagian Organisasi"), "executor"),
        (Conditions(scale=(1, 4)), Conditions(scale=(1, 5)), "scale"),
    ],
)
def test_a_break_leaves_no_number_and_says_what_changed(now, then, said):
    table = trend.table(
        *answers(1),
        conditions=now,
        earlier=[Wave("2023", *answers(2), conditions=then)],
        types={"u0": "dinas"},
    )
    rows = table[~table["statistic"].isin(["comparability", "line"])]
    assert rows["estimate"].isna().all()
    assert set(rows["reason"]) == {"not-comparable"}
    assert set(rows["text"]) == {""}
    assert one(table, "comparability", item="").text == said
    assert {"city", "type", "unit"} <= set(rows["scope"])


def test_what_is_not_stated_breaks_nothing_and_is_told():
    table = trend.table(*answers(1), earlier=[Wave("2023", *answers(2))])
    card = one(table, "comparability", item="")
    assert card.estimate == 1
    assert card.method == "rule,order,mode,executor"
    assert breaks(Conditions(mode="web"), Conditions()) == ()


def test_an_item_with_another_wording_is_left_out_of_the_change():
    now, then = Conditions(wording={"U9": "Apakah aman?"}), Conditions(wording={"U9": "Amankah?"})
    assert item_breaks("U9", now, then) == ("wording",)
    (a, by), (b, before) = answers(1), answers(2)
    table = trend.table(a, by, conditions=now, earlier=[Wave("2023", b, before, conditions=then)])
    without = trend.table(a[ITEMS[:8]], by, earlier=[Wave("2023", b[ITEMS[:8]], before)])
    assert one(table, "change", scope="city").estimate == one(without, "change", scope="city").estimate
    assert one(table, "comparability", item="U9").estimate == 0


def test_two_unsur_that_changed_places_are_left_out_and_the_others_compared():
    now, then = Conditions("14/2017", "form"), Conditions("14/2017", "questionnaire")
    (a, by), (b, before) = answers(1), answers(2)
    table = trend.table(a, by, conditions=now, earlier=[Wave("2023", b, before, conditions=then)])
    kept = [item for item in ITEMS if item not in ("U8", "U9")]
    without = trend.table(a[kept], by, earlier=[Wave("2023", b[kept], before)])
    assert one(table, "change", scope="city").estimate == one(without, "change", scope="city").estimate
    assert one(table, "comparability", item="U8").text == "order"
    assert one(table, "comparability", item="").estimate == 1
    assert one(table, "line", scope="surveys").estimate == 1


def test_of_a_print_no_unsur_can_be_left_out():
    now, then = Conditions("14/2017", "form"), Conditions("14/2017", "questionnaire")
    wave = Wave("2019", conditions=then, published={"": 80.0})
    index = results.frame([{"scope": "city", "statistic": "ikm", "estimate": 85.0, "n": 90}])
    table = trend.table(*answers(1), conditions=now, earlier=[wave], index=index)
    assert one(table, "change", scope="city").reason == "not-comparable"
    assert one(table, "comparability", item="").text == "order"


def test_a_line_is_broken_between_the_two_surveys_that_differ_and_says_by_what():
    asked = {"U6": "Mampukah petugas?"}
    held = [
        ("2021", Conditions("16/2014", mode="web")),
        ("2022", Conditions("14/2017", mode="web", wording=asked)),
        ("2023", Conditions("14/2017", mode="web", wording={"U6": "Ahlikah petugas?"})),
        ("2024", Conditions("14/2017", "form", modes={"a": "web", "b": "web"}, wording=asked)),
        ("2025", Conditions("14/2017", "questionnaire", modes={"a": "web", "b": "kiosk"}, wording=asked)),
    ]
    table = lines.table([("2020", Conditions()), *held], ["a", "b"])
    rows = results.pick(table, scope="surveys")
    assert rows[["other", "group", "text"]].values.tolist() == [
        ["2021", "2022", "rule"], ["2022", "2023", "wording"], ["2023", "2024", "wording"], ["2024", "2025", ""],
    ]  # fmt: skip
    assert list(rows["method"]) == ["", "U6", "U6", ""]
    mine = results.pick(table, scope="unit")
    assert mine[["unit", "other", "group", "text"]].values.tolist() == [["b", "2024", "2025", "mode"]]


def test_surveys_without_a_common_item_are_not_comparable():
    (a, by), (b, before) = answers(1), answers(2)
    table = trend.table(a, by, earlier=[Wave("2014", b.rename(columns=str.lower), before)])
    assert set(table[table["statistic"] == "change"]["reason"]) == {"not-comparable"}


# --- edges ----------------------------------------------------------------------------------


def test_units_for_information_in_either_year_have_no_change():
    table = trend.table(
        *answers(1), leave_out={"u0": "for-information"},
        earlier=[Wave("2023", *answers(2), leave_out={"u1": "for-information"})],
    )  # fmt: skip
    for unit in ("u0", "u1"):
        assert set(results.pick(table, scope="unit", unit=unit)["reason"]) == {"for-information"}
    assert one(table, "change", scope="city").numerator == 2


def test_a_new_unit_and_a_constant_one_say_why_they_have_no_change():
    (a, by), (b, before) = answers(1), answers(2)
    a[by == "u1"] = 4
    table = trend.table(a, by, earlier=[Wave("2023", b[before != "u0"], before[before != "u0"])])
    assert set(results.pick(table, unit="u0", statistic="change")["reason"]) == {"no-data"}
    assert set(results.pick(table, unit="u1", statistic="change")["reason"]) == {"no-variance"}
    assert (table["estimate"].isna() == (table["reason"] != "")).all()


def test_published_indices_give_a_difference_that_proves_nothing():
    now, by = answers(1)
    mine = index.table(now, by)
    table = trend.table(now, by, index=mine, earlier=[Wave("2020", published={"u0": 70.0, "": 71.5})])
    row = one(table, "change", unit="u0")
    ikm = results.pick(mine, scope="unit", unit="u0", statistic="ikm").iloc[0].estimate
    assert row.estimate == pytest.approx(ikm - 70)
    assert row.text == "cannot-tell"
    assert np.isnan(row.lower)
    assert len(results.pick(table, scope="city", statistic="change")) == 1


def test_the_city_changes_by_the_mean_of_its_units():
    (a, by), (b, before) = answers(1, lift=0.2), answers(2)
    table = trend.table(a, by, earlier=[Wave("2023", b, before)], types={"u0": "d", "u1": "d"})
    units = results.pick(table, scope="unit", statistic="change", method="bh")
    city = one(table, "change", scope="city")
    assert city.estimate == pytest.approx(units["estimate"].mean())
    kind = one(table, "change", scope="type", group="d")
    assert kind.estimate == pytest.approx(units["estimate"].iloc[:2].mean())


def test_more_answers_than_users_is_no_census_and_corrects_nothing():
    now, by = answers(1, 40, units=1)
    then, _ = answers(2, 40, units=1)
    waves = [Wave("2023", then, by)]
    plain = one(trend.table(now, by, earlier=waves), "change", scope="unit", method="bh")
    over = trend.table(
        now, by, earlier=[Wave("2023", then, by, population={"u0": 39})], population={"u0": 39}
    )
    found = one(over, "change", scope="unit", method="bh")
    assert (found.lower, found.upper) == (plain.lower, plain.upper)


def test_the_change_between_two_censuses_is_known_whoever_left_a_question_out():
    now, by = answers(1, 40, lift=0.4, units=1)
    then, _ = answers(2, 40, units=1)
    now.loc[:6, "U4"] = pd.NA
    made = trend.table(
        now, by, earlier=[Wave("2023", then, by, population={"u0": 40})], population={"u0": 40}
    )
    row = one(made, "change", scope="unit", method="bh")
    assert row.lower == row.estimate == row.upper
    assert row.text == "up"


def test_a_unit_of_equal_answers_is_in_the_citys_change_and_makes_it_no_surer():
    now, by = answers(1, 60, units=4)
    then, _ = answers(2, 60, units=4)
    now.loc[by == "u3", :] = 4
    made = trend.table(now, by, earlier=[Wave("2023", then, by)])
    assert one(made, "change", scope="unit", unit="u3", method="bh").reason == "no-variance"
    city = one(made, "change", scope="city")
    assert (city.numerator, city.denominator) == (4, 4)
    means = [25 * x.astype(float).mean(axis=1).groupby(by).mean() for x in (now, then)]
    assert city.estimate == pytest.approx((means[0] - means[1]).mean())
    # By hand: the constant unit takes the mean of the others' variances (all units have 60 answers).
    s2 = [(25 * x.astype(float).mean(axis=1)).groupby(by).var() for x in (now, then)]
    s2[0]["u3"] = s2[0].mean()
    error = np.sqrt((s2[0] / 60 + s2[1] / 60).sum()) / 4
    reach = stats.t.ppf(0.975, city.df) * error
    assert city.upper - city.lower == pytest.approx(2 * reach)
