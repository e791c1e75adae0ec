"""What must not be shown (R6), and that it cannot be worked out from what is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import results, rules
from pipeline.statistics.data import merged_categories
from pipeline.statistics.data import small_cells as cells
from pipeline.statistics.data.levels import groups
from pipeline.statistics.disclosure import suppression as disclosure
from pipeline.statistics.index import priorities
from pipeline.statistics.index import table as index
from pipeline.statistics.sample import profile
from pipeline.statistics.sample import size as sampling

ITEMS = [f"U{i}" for i in range(1, 10)]


def answers(sizes: dict[str, int]) -> tuple[pd.DataFrame, list[str]]:
    rng = np.random.default_rng(11)
    by = [unit for unit, n in sizes.items() for _ in range(n)]
    x = pd.DataFrame(rng.choice([2, 3, 4], size=(len(by), 9)), columns=ITEMS).astype("Int8")
    return x, by


def test_below_five_respondents_only_their_number_is_left() -> None:
    x, by = answers({"a": 4, "b": 5})
    table = disclosure.suppress(index.table(x, by))
    a = results.pick(table, scope="unit", unit="a")
    shown = a[a.estimate.notna()]
    assert set(shown.statistic) == {"n", "n_valid"}
    assert a[["lower", "upper", "p"]].isna().all(axis=None)
    assert a.numerator.isna().all()
    hidden = a[a.estimate.isna()]
    assert set(hidden.reason) == {"suppressed"}
    assert (hidden.text == "").all()
    assert (hidden[hidden.statistic == "certainty"].other == "").all()
    assert results.pick(table, scope="unit", unit="b", statistic="ikm").estimate.notna().all()


def test_the_city_keeps_its_index_and_left_the_small_unit_out_of_it() -> None:
    x, by = answers({"a": 4, "b": 50, "c": 50})
    whole = disclosure.suppress(index.table(x, by))
    without = index.table(x[4:], by[4:])
    for method in ("mean-of-units", "pooled"):
        one, other = (
            results.pick(t, scope="city", statistic="ikm", method=method).iloc[0] for t in (whole, without)
        )
        assert (one.numerator, one.denominator) == (other.numerator, other.denominator)


def test_an_item_that_few_answered_is_hidden_in_a_unit_that_is_large() -> None:
    x, by = answers({"a": 40})
    x.loc[3:, "U4"] = pd.NA
    table = disclosure.suppress(index.table(x, by))
    assert results.pick(table, scope="unit", item="U4", statistic="nrr").reason.tolist() == ["suppressed"]
    shown = results.pick(table, scope="unit", statistic="nrr").set_index("item").estimate
    # The index is the mean of nine: one hidden item alone could be solved for.
    assert shown.isna().sum() == 2
    assert shown.notna()[["U2", "U9"]].all()
    assert results.pick(table, scope="unit", statistic="ikm").estimate.notna().all()


def test_one_small_service_takes_the_next_smallest_with_it() -> None:
    x, by = answers({"a": 60})
    service = ["ktp"] * 40 + ["kk"] * 17 + ["akta"] * 3
    table = disclosure.suppress(index.table(x, by, service=service))
    shown = results.pick(table, scope="service", statistic="ikm").set_index("service").estimate
    assert shown.notna().to_dict() == {"akta": False, "kk": False, "ktp": True}
    two = ["ktp"] * 53 + ["kk"] * 3 + ["akta"] * 4
    table = disclosure.suppress(index.table(x, by, service=two))
    shown = results.pick(table, scope="service", statistic="ikm").set_index("service").estimate
    assert shown.notna().to_dict() == {"akta": False, "kk": False, "ktp": True}


def test_what_the_unit_less_its_shown_services_leaves_is_five_people_and_ten_in_each_unsur() -> None:
    x, by = answers({"a": 60})
    service = ["ktp"] * 34 + ["kk"] * 13 + ["surat"] * 10 + ["akta"] * 2 + ["izin"] * 1
    table = disclosure.suppress(index.table(x, by, service=service))
    shown = results.pick(table, scope="service", statistic="ikm").set_index("service").estimate.notna()
    # Two small services are three people: the next smallest joins them.
    assert shown.to_dict() == {"akta": False, "izin": False, "kk": True, "ktp": True, "surat": False}
    means = results.pick(table, scope="service", statistic="nrr")
    assert set(means.service[means.estimate.notna()]) == {"kk", "ktp"}
    five = ["ktp"] * 40 + ["kk"] * 15 + ["akta"] * 5
    table = disclosure.suppress(index.table(x, by, service=five))
    assert results.pick(table, scope="service", statistic="ikm").estimate.notna().all()
    means = results.pick(table, scope="service", statistic="nrr")
    assert set(means.service[means.estimate.notna()]) == {"ktp"}


def test_an_unsur_that_three_of_a_unit_answered_is_in_no_figure_of_the_city() -> None:
    x, by = answers({"a": 40, "b": 50})
    x.loc[3:39, "U4"] = pd.NA
    table = index.table(x, by)
    hidden = {item for _, item in disclosure.hidden_items(table)}
    assert "U4" in hidden
    assert len(hidden) < 5
    for method, of_b in (("pooled", "numerator"), ("mean-of-units", "estimate")):
        city = results.pick(table, scope="city", statistic="nrr", method=method).set_index("item")
        b = results.pick(table, scope="unit", unit="b", statistic="nrr").set_index("item")
        assert {i for i in ITEMS if city[of_b][i] == b[of_b][i]} == hidden


def test_suppressing_twice_is_suppressing_once_and_nothing_else_changes() -> None:
    x, by = answers({"a": 4, "b": 50})
    table = index.table(x, by)
    once = disclosure.suppress(table)
    pd.testing.assert_frame_equal(disclosure.suppress(once), once)
    same = table.unit == "b"
    pd.testing.assert_frame_equal(once[same], table[same])
    assert table[table.unit == "a"].estimate.notna().any()


def test_priorities_of_a_small_unit_are_hidden_without_naming_its_items() -> None:
    x, by = answers({"a": 4})
    rows = disclosure.suppress(priorities.table(x, by))
    assert rows.estimate.isna().all()
    assert (rows.text == "").all()
    assert (rows.other == "").all()


def test_the_required_sample_of_a_small_unit_is_no_secret() -> None:
    x, by = answers({"a": 4})
    rows = disclosure.suppress(sampling.table(by, population={"a": 220}, answers=x)).set_index("statistic")
    assert rows.estimate["required"] == 140
    assert rows.reason["achieved_margin"] == "suppressed"


def test_an_empty_table_stays_empty() -> None:
    assert not len(disclosure.suppress(results.empty()))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(min_value=1, max_value=5).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(min_value=0, max_value=30), min_size=width, max_size=width),
            min_size=1,
            max_size=5,
        )
    )
)
def test_no_margin_minus_the_rest_reveals_a_hidden_count(rows: list[list[int]]) -> None:
    counts = np.array(rows)
    hidden = cells.hidden_cells(counts)
    assert hidden[(counts > 0) & (counts < 5)].all()
    for grid in (hidden, hidden.T):
        if grid.shape[1] > 1:
            assert not (grid.sum(axis=1) == 1).any()
    if not ((counts > 0) & (counts < 5)).any():
        assert not hidden.any()


def counts(table: pd.DataFrame, item: str, unit: str = "a") -> dict[str, float]:
    scope = "unit" if unit else "city"
    rows = results.pick(table, scope=scope, unit=unit, item=item, other="", statistic="count")
    return dict(zip(rows.group, rows.estimate, strict=True))


def test_small_marginal_categories_are_merged_and_the_total_is_kept() -> None:
    rows = pd.DataFrame(
        {"unit": "a", "occupation": ["pns"] * 40 + ["tni"] * 3 + ["polri"] * 1 + ["petani"] * 6}
    )
    table = profile.table(rows, "unit", full=False)
    # Four people are still too few: the next smallest joins them.
    assert counts(table, "occupation") == {"pns": 40, "other": 10}
    shares = results.pick(table, scope="unit", statistic="share").set_index("group").estimate
    assert shares["other"] == 0.2


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", None]), min_size=5, max_size=60))
def test_after_merging_no_category_is_small_and_nobody_is_lost(kinds: list[str | None]) -> None:
    table = profile.table(pd.DataFrame({"sex": kinds}), ["u"] * len(kinds), full=False)
    found = results.pick(table, scope="unit", statistic="count").estimate
    assert found.sum() == len(kinds)
    assert (found >= 5).all()


def test_a_few_who_stated_nothing_are_merged_like_any_category() -> None:
    rows = pd.DataFrame({"unit": "a", "sex": ["male"] * 30 + ["female"] * 20 + [None] * 3})
    table = profile.table(rows, "unit", full=False)
    assert counts(table, "sex") == {"male": 30, "other": 23}
    # The share is of all: the number of those who stated it would give the three away.
    shares = results.pick(table, scope="unit", statistic="share")
    assert set(shares["n"]) == {53}
    many = pd.DataFrame({"unit": "a", "sex": ["male"] * 30 + ["female"] * 20 + [None] * 6})
    assert counts(profile.table(many, "unit", full=False), "sex") == {"male": 30, "female": 20, "missing": 6}


def test_a_unit_of_four_has_no_profile_not_even_the_names_of_its_categories() -> None:
    rows = pd.DataFrame({"unit": ["a"] * 40 + ["b"] * 4, "sex": ["male"] * 40 + ["female"] * 4})
    for full in (False, True):
        table = profile.table(rows, "unit", full=full)
        assert set(table.unit) == {"a", ""}
        assert counts(table, "sex", "") == {"male": 40}


DISABLED = ["physical"] * 7 + ["sensory"] * 6


def test_what_is_merged_in_the_kind_is_not_readable_in_the_disability() -> None:
    """Seven stated a kind, two did not: 9 disabled less 7 would be the two."""
    rows = pd.DataFrame({"unit": "a", "disability": ["yes"] * 9 + ["no"] * 60,
                         "disability_kind": ["physical"] * 7 + [None] * 62})  # fmt: skip
    table = profile.table(rows, "unit", full=False)
    assert counts(table, "disability") == {"yes": 9, "no": 60}
    assert counts(table, "disability_kind") == {"other": 69}


def test_two_variables_that_say_the_same_are_found_whatever_they_are_called() -> None:
    kind = [*DISABLED, *["none"] * 60]
    told = pd.DataFrame(
        {"sex": ["m", "f"] * 36 + ["m"], "mode": kind, "occupation": [k != "none" for k in kind]}
    )
    codes = {name: groups(told[name].astype(str), len(told)) for name in told}
    assert merged_categories.families(codes) == [("sex",), ("mode", "occupation")]


def test_a_category_that_the_city_less_its_units_would_give_away_is_not_counted_in_full() -> None:
    """Two units show their soldiers, the third merged its three: 22 less 19 would be the three."""
    rows = pd.concat([
        pd.DataFrame({"unit": unit, "occupation": ["tni"] * tni + ["pns"] * 40 + ["petani"] * petani})
        for unit, tni, petani in (("a", 10, 9), ("b", 9, 8), ("c", 3, 7))
    ])  # fmt: skip
    table = profile.table(rows, "unit", full=False)
    assert counts(table, "occupation", "c") == {"pns": 40, "other": 10}
    assert counts(table, "occupation", "") == {"pns": 120, "tni": 19, "petani": 17, "other": 10}


def test_a_category_that_several_units_merged_is_counted_in_full() -> None:
    rows = pd.concat([
        pd.DataFrame({"unit": f"u{k}", "occupation": ["tni"] * 3 + ["pns"] * 40 + ["petani"] * 4})
        for k in range(4)
    ])  # fmt: skip
    table = profile.table(rows, "unit", full=False)
    assert counts(table, "occupation", "u0") == {"pns": 40, "other": 7}
    assert counts(table, "occupation", "") == {"pns": 160, "tni": 12, "petani": 16}


def test_a_crossed_table_lists_every_hidden_cell_of_nobody_too_and_none_of_the_city() -> None:
    rows = pd.DataFrame({"unit": "a", "sex": ["male"] * 30 + ["female"] * 30,
                         "education": ["sma"] * 28 + ["s1"] * 2 + ["sma"] * 10 + ["s1"] * 20})  # fmt: skip
    table = profile.table(rows, "unit", full=False)
    cells = results.pick(table, other="education", statistic="count")
    assert set(cells.scope) == {"unit"}
    assert len(cells) == 4
    assert cells.estimate.isna().all()
    none = rows.assign(
        education=["sma"] * 30 + ["sma"] * 27 + ["s1"] * 3, sex=["male"] * 30 + ["female"] * 30
    )
    # Its margin is merged: nothing is left to hide.
    told = results.pick(profile.table(none, "unit", full=False), other="education", statistic="count")
    assert told.set_index("group").estimate.to_dict() == {"female|other": 30, "male|other": 30}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=2, max_size=4))
def test_a_hidden_cell_could_be_empty_or_not_small_with_every_margin_kept(rows: list[list[int]]) -> None:
    counts = np.array(rows)
    hidden = cells.hidden_cells(counts)
    if hidden.all():
        return
    for i, j in zip(*np.nonzero((counts > 0) & (counts < 5)), strict=True):
        value = counts[i, j]
        assert any(
            hidden[i, m] and hidden[k, j] and hidden[k, m]
            and counts[k, m] >= value and min(counts[i, m], counts[k, j]) >= 5 - value
            for k in range(len(counts)) if k != i for m in range(4) if m != j
        )  # fmt: skip


def test_signs_keep_privacy_and_quality_apart() -> None:
    x, by = answers({"a": 4, "b": 29, "c": 30, "d": 19})
    rows = index.table(x, by, listed=["a", "b", "c", "d", "e"])
    valid = rows[(rows.scope == "unit") & (rows.statistic == "n_valid")].set_index("unit")["estimate"]
    users, law = {"d": 20, "b": 5000}, rules.load("14/2017")
    signs = {unit: rules.sign(n, rules.required(users.get(unit), law)) for unit, n in valid.items()}
    assert signs == {"a": "x", "b": "E", "c": "", "d": "", "e": "x"}


def test_a_city_that_answered_alike_still_tells_of_how_many_units_it_is():
    from pipeline import results
    from pipeline.standings import counted_units
    from pipeline.statistics.disclosure.alike import Alike, withhold

    base = {"scope": "city", "method": "mean-of-units", "n": 40}
    rows = [
        {**base, "statistic": "ikm", "estimate": 75.0, "numerator": 75, "denominator": 1, "text": "headline"},
        {**base, "statistic": "units_counted", "estimate": 2.0, "numerator": 2, "denominator": 3},
        {**base, "statistic": "units_for_information", "estimate": 1.0, "numerator": 1, "denominator": 3},
        {**base, "statistic": "nrr", "item": "U1", "estimate": 3.0},
    ]
    told = withhold(results.frame(rows), Alike(wider=frozenset([("city", "")])), "index")
    counted = counted_units(told)
    assert counted is not None
    assert (counted.units, counted.listed, counted.only) == (2, 3, 1)
    assert told.loc[told["statistic"] == "nrr", "estimate"].isna().all()
