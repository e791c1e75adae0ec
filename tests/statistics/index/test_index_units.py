"""Own indicators, services, agencies and the city (R5, R12); properties that always hold."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import results, rules
from pipeline.statistics.index import table as index
from tests.support.index_samples import ITEMS, exact, made_up, one

# --- own indicators (R12) ---------------------------------------------------------------------


def test_a_unit_with_its_own_weights_and_items_uses_them() -> None:
    x = made_up(40).assign(K1=pd.array([4] * 20 + [pd.NA] * 20, dtype="Int8"))
    own = {"a": {"U1": Fraction(1, 2), "K1": Fraction(1, 2)}}
    table = index.table(x, ["a"] * 20 + ["b"] * 20, items=own)
    a = one(table, scope="unit", unit="a", statistic="ikm")
    assert exact(a) == 25 * (Fraction(int(x.U1[:20].sum()), 20) + 4) / 2
    assert exact(one(table, scope="unit", unit="b", statistic="ikm")) == Fraction(
        25 * int(x[ITEMS][20:].to_numpy().sum()), 180
    )
    shared = one(table, scope="city", statistic="ikm", method="shared-unsur")
    assert shared.other == "U1"
    assert set(results.pick(table, scope="unit", statistic="ikm_shared").unit) == {"a", "b"}
    assert "K1" not in set(results.pick(table, scope="unit", unit="b")["item"])


def test_unequal_weights_are_named_and_exact() -> None:
    own = {"a": {"U1": Fraction(3, 4), "U2": Fraction(1, 4)}}
    table = index.table(pd.DataFrame({"U1": [4] * 6, "U2": [2] * 6}), ["a"] * 6, items=own)
    row = one(table, scope="unit", statistic="ikm")
    assert (exact(row), row.method) == (Fraction(175, 2), "own-weights")
    weighted = one(table, scope="unit", statistic="nrr_weighted", item="U1")
    assert exact(weighted) == 3


def test_weights_of_a_unit_that_do_not_sum_to_one_name_the_unit() -> None:
    with pytest.raises(rules.WeightError, match="unit 'a'"):
        index.table(made_up(5), ["a"] * 5, items={"a": {"U1": Fraction(1, 3)}})


def test_an_indicator_nobody_was_asked_yet_stops_no_other_unit() -> None:
    own = {"a": {"U1": Fraction(1, 2), "K9": Fraction(1, 2)}}
    table = index.table(made_up(20), ["a"] * 10 + ["b"] * 10, items=own)
    assert one(table, scope="unit", unit="a", statistic="ikm").reason == "item-unanswered"
    assert one(table, scope="unit", unit="b", statistic="ikm").reason == ""


# --- units, services, city (R5) ---------------------------------------------------------------


def city() -> tuple[pd.DataFrame, np.ndarray]:
    x = made_up(150, seed=7, gaps=0.03)
    by = np.array(["a"] * 60 + ["b"] * 50 + ["c"] * 30 + ["d"] * 3 + [None] * 7, dtype=object)
    return x, by


def test_the_city_headline_is_the_simple_mean_of_units_that_are_not_for_information() -> None:
    x, by = city()
    by[140:145] = "d"  # 60, 50, 30, 5, 5; e has none
    by[145:150] = "f"
    table = index.table(x, by, listed=["a", "b", "c", "d", "e", "f"])
    units = results.pick(table, scope="unit", statistic="ikm").set_index("unit").estimate
    cities = results.pick(table, scope="city", statistic="ikm")
    assert cities.method.tolist() == list(index.HEADLINES)
    assert cities.text.tolist() == ["headline", "", "", "", ""]
    assert cities.estimate.iloc[0] == pytest.approx(units[["a", "b", "c"]].mean(), abs=1e-12)
    assert cities.estimate.iloc[1] == pytest.approx(units[["a", "b", "c", "d", "f"]].mean(), abs=1e-12)
    errors = results.pick(table, scope="unit", statistic="standard_error").set_index("unit").estimate
    mine = one(table, scope="city", statistic="standard_error", method="mean-of-units")
    assert mine.estimate == pytest.approx(np.sqrt((errors[["a", "b", "c"]] ** 2).sum()) / 3, abs=1e-12)
    pooled = one(table, scope="city", statistic="ikm", method="pooled")
    # All respondents of the units that count: the others are no people of this city's figures (R23).
    alone = one(index.table(x[:140]), scope="unit", statistic="ikm")
    assert pooled.estimate == pytest.approx(alone.estimate, abs=1e-10)
    counts = {
        s: one(table, scope="city", statistic=s).estimate
        for s in ("units_counted", "units_for_information", "units_suppressed", "units_without_data")
    }
    assert counts == {
        "units_counted": 3, "units_for_information": 2, "units_suppressed": 0, "units_without_data": 1,
    }  # fmt: skip
    row = one(table, scope="city", statistic="units_counted")
    assert (row.numerator, row.denominator, row.text) == (3, 6, "")


def test_a_mean_of_all_units_is_not_told_beside_a_headline_that_lacks_one_of_them() -> None:
    """The difference of the two would be that one unit (R23): only the headline is published."""
    x, by = city()
    by[140:146] = "d"
    kinds = dict.fromkeys("abcd", "t")
    table = index.table(x, by, types=kinds)
    row = one(table, scope="city", statistic="ikm", method="mean-of-all-units")
    assert (np.isnan(row.estimate), row.reason) == (True, "one-unit-apart")
    assert "mean-of-all-units" not in set(results.pick(table, scope="type").method)
    pooled = one(table, scope="type", statistic="n_valid", method="pooled").estimate
    assert pooled == one(table, scope="type", statistic="units_counted").n == 140


def test_a_unit_of_eight_identical_answers_moves_no_headline_and_shrinks_no_error() -> None:
    x, by = city()
    x, by = x[:140], by[:140]
    eight = pd.concat(
        [x, pd.DataFrame({c: [4] * 16 for c in x}).astype(x.dtypes.to_dict())], ignore_index=True
    )
    with_it = np.append(by, ["k"] * 8 + ["m"] * 8)
    before, after = (
        index.table(a, u, types=dict.fromkeys("abckm", "t")) for a, u in ((x, by), (eight, with_it))
    )
    for scope in ("city", "type"):
        for statistic in ("ikm", "standard_error", "letter"):
            then, now = (
                one(t, scope=scope, statistic=statistic, method="mean-of-units") for t in (before, after)
            )
            assert now.text == then.text
            assert [now.estimate, now.lower] == pytest.approx([then.estimate, then.lower], nan_ok=True)
        # Where it does count, it brings the error of eight answers of its kind, not certainty.
        error = one(after, scope=scope, statistic="standard_error", method="mean-of-all-units").estimate
        own = results.pick(after, scope="unit", statistic="standard_error").set_index("unit")
        assert np.isnan(own.estimate["k"])
        assert error > np.sqrt((own.estimate[["a", "b", "c"]] ** 2).sum()) / 5 * 1.2


def test_where_fewer_than_half_of_the_units_are_enough_all_with_five_answers_make_the_headline() -> None:
    x = made_up(8 * 5 + 60, seed=3)
    by = np.repeat([f"u{i}" for i in range(9)], [5] * 8 + [60])
    table = index.table(x, by)
    row = one(table, scope="city", statistic="units_counted")
    assert (row.numerator, row.denominator, row.text) == (9, 9, "for-information")
    units = results.pick(table, scope="unit", statistic="ikm").estimate
    headline = results.pick(table, scope="city", statistic="ikm")
    assert headline.text.tolist()[0] == "headline"
    assert headline.estimate.iloc[0] == pytest.approx(units.mean(), abs=1e-12)
    # Then "all units with five answers" is the headline itself and does not stand beside it.
    assert "mean-of-all-units" not in set(headline.method)


def test_small_units_take_the_pooled_variance_of_their_type_else_of_the_city() -> None:
    x = made_up(210, seed=11)
    by = np.repeat(["a", "b", "c", "d", "e"], [60, 70, 10, 60, 10])
    kinds = {"a": "s", "c": "s", "e": "s", "b": "t", "d": "t"}
    table = index.table(x, by, types=kinds)
    score = 25 * x.mean(axis=1).to_numpy()
    s2 = {u: score[by == u].var(ddof=1) for u in "abcde"}
    pool = (59 * s2["a"] + 9 * s2["c"] + 9 * s2["e"]) / 77
    every = one(table, scope="city", statistic="standard_error", method="mean-of-all-units")
    expected = np.sqrt(s2["a"] / 60 + s2["b"] / 70 + 2 * pool / 10 + s2["d"] / 60) / 5
    assert every.estimate == pytest.approx(expected, abs=1e-10)
    alone = index.table(x, by, types={"c": "only"})
    city_pool = sum((n - 1) * s2[u] for u, n in zip("abcde", (60, 70, 10, 60, 10), strict=True)) / 205
    row = one(alone, scope="type", group="only", statistic="standard_error", method="mean-of-units")
    assert row.estimate == pytest.approx(np.sqrt(city_pool / 10), abs=1e-10)


def test_a_city_of_censuses_is_known_and_one_of_equal_answers_is_not() -> None:
    x, by = made_up(90, seed=5), np.repeat(["a", "b"], [50, 40])
    table = index.table(x, by, population={"a": 50, "b": 40})
    row = one(table, scope="city", statistic="ikm", method="mean-of-units")
    assert row.lower == row.estimate == row.upper
    assert row.reason == "census"
    assert one(table, scope="city", statistic="certainty", method="mean-of-units").estimate == 1
    flat = index.table(x * 0 + 4, by)
    row = one(flat, scope="city", statistic="ikm", method="mean-of-units")
    assert np.isnan(row.lower)
    assert row.reason == "no-variance"
    assert np.isnan(one(flat, scope="city", statistic="certainty", method="mean-of-units").estimate)


def test_a_city_of_one_unit_has_the_interval_of_that_unit() -> None:
    x = made_up(60, seed=8)
    table = index.table(x, ["a"] * 60, population={"a": 200})
    unit, city_row = (
        one(table, scope="unit", statistic="ikm"),
        one(table, scope="city", statistic="ikm", method="mean-of-units"),
    )
    assert [city_row.lower, city_row.upper] == pytest.approx([unit.lower, unit.upper], abs=1e-10)


def test_the_definition_can_choose_another_headline_and_no_unknown_one() -> None:
    x, by = city()
    table = index.table(x, by, headline="pooled")
    assert results.pick(table, scope="city", statistic="ikm").method.iloc[0] == "pooled"
    with pytest.raises(ValueError, match="known: mean-of-units"):
        index.table(x, by, headline="median")


def test_the_weighted_city_index_is_over_the_units_whose_users_are_known() -> None:
    x, by = city()
    by[:30] = "e"
    found = index.table(x, by, population={"a": 500, "b": 100, "d": 20})
    row = one(found, scope="city", statistic="ikm", method="population-weighted")
    units = results.pick(found, scope="unit", statistic="ikm").set_index("unit").estimate
    assert row.estimate == pytest.approx((5 * units["a"] + units["b"]) / 6, abs=1e-10)
    assert one(found, scope="city", statistic="units", method="population-weighted").estimate == 2
    for people, why in (({}, "no-population"), ({"a": 500, "b": 100, "c": 90}, "one-unit-apart")):
        row = one(
            index.table(x, by, population=people), scope="city", statistic="ikm", method="population-weighted"
        )
        assert (np.isnan(row.estimate), row.reason) == (True, why)


def test_each_service_has_its_own_index_beside_the_pooled_unit() -> None:
    x, by = city()
    service = np.where(np.arange(150) % 2 == 0, "ktp", "kk")
    table = index.table(x, by, service=service)
    row = one(table, scope="service", unit="a", service="ktp", statistic="ikm")
    alone = one(index.table(x[:60][service[:60] == "ktp"]), scope="unit", statistic="ikm")
    assert exact(row) == exact(alone)
    assert [row.lower, row.upper] == pytest.approx([alone.lower, alone.upper], abs=1e-10)
    blank = index.table(x, by, service=[""] * 150)
    assert not len(results.pick(blank, scope="service"))


def test_an_agency_pools_its_units_and_a_type_takes_their_mean() -> None:
    x, by = city()
    table = index.table(x, by, agencies={"a": ["a", "b", "c"]}, types={"a": "dinas", "b": "upt", "c": "upt"})
    agency = results.pick(table, scope="parent", unit="a", statistic="ikm")
    assert agency.method.tolist() == ["pooled", "mean-of-units"]
    assert agency.n.iloc[0] == 140
    kind = results.pick(table, scope="type", group="upt", statistic="ikm")
    units = results.pick(table, scope="unit", statistic="ikm").set_index("unit").estimate
    assert kind.estimate.iloc[0] == pytest.approx(units[["b", "c"]].mean())


def test_a_listed_unit_without_answers_is_shown_without_a_number() -> None:
    x, by = city()
    table = index.table(x, by, listed=["a", "e"])
    assert one(table, scope="unit", unit="e", statistic="ikm").reason == "no-data"
    assert one(table, scope="unit", unit="e", statistic="n").estimate == 0
    assert one(table, scope="city", statistic="units_not_listed").estimate == 3


def test_no_answers_at_all_make_a_table_and_no_crash() -> None:
    table = index.table(made_up(0), [], listed=["a"])
    assert one(table, scope="unit", unit="a", statistic="ikm").reason == "no-data"
    assert one(table, scope="city", statistic="ikm", method="mean-of-units").reason == "no-data"


def test_every_number_that_is_missing_has_a_reason() -> None:
    x, by = city()
    x.loc[:59, "U4"] = 4
    table = index.table(
        x, by, listed=["a", "e"], service=by, types={"a": "t", "b": "t"}, agencies={"a": ["a", "b"]}
    )
    missing = table[table.estimate.isna()]
    assert len(missing)
    assert (missing.reason != "").all(), missing[missing.reason == ""]
    assert set(table.reason) <= {"", *results.REASONS}
    assert list(table.columns) == list(results.COLUMNS)


# --- properties -------------------------------------------------------------------------------

answers = st.lists(
    st.lists(st.sampled_from([1, 2, 3, 4, None]), min_size=3, max_size=3), min_size=1, max_size=25
)


def as_frame(rows: list[list[int | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["U1", "U2", "U3"]).astype("Int8")


@settings(max_examples=60, deadline=None)
@given(answers)
def test_the_index_lies_between_25_and_100_or_has_a_reason(rows: list[list[int | None]]) -> None:
    row = one(index.table(as_frame(rows)), scope="unit", statistic="ikm")
    assert (
        (25 <= row.estimate <= 100)
        if row.reason in ("", "too-few", "no-variance")
        else np.isnan(row.estimate)
    )


@settings(max_examples=40, deadline=None)
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[list[int | None]], random: object) -> None:
    x = as_frame(rows)
    order = list(range(len(x)))
    random.shuffle(order)  # type: ignore[attr-defined]
    by = np.array([f"u{i % 3}" for i in range(len(x))])
    a = index.table(x, by, listed=["u0", "u1", "u2"])
    b = index.table(x.iloc[order], by[order], listed=["u0", "u1", "u2"])
    pd.testing.assert_frame_equal(a, b, check_exact=False, rtol=1e-9, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(answers)
def test_a_unit_among_others_has_the_numbers_it_has_alone(rows: list[list[int | None]]) -> None:
    x = as_frame(rows)
    by = np.array([f"u{i % 2}" for i in range(len(x))])
    together = results.pick(index.table(x, by), scope="unit")
    for unit in set(by):
        alone = results.pick(index.table(x[by == unit], [unit] * int((by == unit).sum())), scope="unit")
        among = together[together.unit == unit].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            alone.reset_index(drop=True), among, check_exact=False, rtol=1e-9, atol=1e-9
        )


def test_labels_and_answers_may_share_an_index_in_another_order() -> None:
    x = made_up(30)
    by = pd.Series(["a"] * 15 + ["b"] * 15)
    shuffled = by.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(index.table(x, by), index.table(x, shuffled))
    with pytest.raises(ValueError, match="29 labels for 30 rows"):
        index.table(x, by[:29])


@pytest.mark.parametrize("gaps", [0.0, 0.4, 0.9])
@pytest.mark.parametrize("own", [False, True])
def test_valid_answers_counted_alone_are_those_of_the_table(gaps: float, own: bool):
    rng = np.random.default_rng(7)
    answers = pd.DataFrame(
        {f"U{j}": pd.array(rng.integers(1, 5, 60), dtype="Int8") for j in range(1, 5)}
    ).mask(rng.random((60, 4)) < gaps)
    by = rng.choice(["a", "b", "c"], 60)
    asked = {"listed": ["a", "b", "c", "nobody"], "items": {"b": {"U1": "1/2", "U2": "1/2"}} if own else None}
    rows = index.table(answers, by, **asked)
    rows = rows[(rows.scope == "unit") & (rows.statistic == "n_valid")]
    found = index.valid(answers, by, **asked)
    assert found == dict(zip(rows.unit, rows.estimate, strict=True))
    assert found["nobody"] == 0
    assert gaps < 0.5 or sum(found.values()) < 60
