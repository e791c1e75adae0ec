"""Own indicators, services, agencies and the city (R5, R12); properties that always hold."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_samples import ITEMS, exact, made_up, one

from pipeline import results, rules
from pipeline.statistics import index

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


def test_the_city_headline_is_the_simple_mean_of_units_with_five_answers() -> None:
    x, by = city()
    table = index.table(x, by, listed=["a", "b", "c", "d", "e"])
    units = results.pick(table, scope="unit", statistic="ikm").set_index("unit").estimate
    cities = results.pick(table, scope="city", statistic="ikm")
    assert cities.method.iloc[0] == "mean-of-units"
    assert cities.text.tolist() == ["headline", "", "", ""]
    assert cities.estimate.iloc[0] == pytest.approx(units[["a", "b", "c"]].mean(), abs=1e-12)
    margins = results.pick(table, scope="unit", statistic="margin").set_index("unit")
    from scipy.stats import t

    se = np.array([margins.estimate[u] / t.ppf(0.975, margins.df[u]) for u in "abc"])
    expected = t.ppf(0.975, 137) * np.sqrt((se**2).sum()) / 3
    assert one(table, scope="city", statistic="margin", method="mean-of-units").estimate == pytest.approx(
        expected
    )
    pooled = one(table, scope="city", statistic="ikm", method="pooled")
    alone = one(index.table(x[:140]), scope="unit", statistic="ikm")
    assert [pooled.estimate, pooled.lower] == pytest.approx([alone.estimate, alone.lower], abs=1e-10)
    counts = {
        s: one(table, scope="city", statistic=s).estimate
        for s in ("units_suppressed", "units_without_data", "rows_unknown")
    }
    assert counts == {"units_suppressed": 1, "units_without_data": 1, "rows_unknown": 7}


def test_the_definition_can_choose_another_headline_and_no_unknown_one() -> None:
    x, by = city()
    table = index.table(x, by, headline="pooled")
    assert results.pick(table, scope="city", statistic="ikm").method.iloc[0] == "pooled"
    with pytest.raises(ValueError, match="known: mean-of-units"):
        index.table(x, by, headline="median")


def test_without_populations_the_weighted_city_index_is_a_reason() -> None:
    x, by = city()
    row = one(
        index.table(x, by, population={"a": 500}), scope="city", statistic="ikm", method="population-weighted"
    )
    assert (np.isnan(row.estimate), row.reason) == (True, "no-population")


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
