"""The index: exact, against R, with gaps, at the borders of letters, for units and city."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline import results, rules
from pipeline.statistics.index import table as index
from pipeline.statistics.index.hall import hall_confidence, hall_interval
from pipeline.statistics.index.rows import wilson
from pipeline.statistics.sample import size as sampling
from tests.support.index_samples import ITEMS, exact, made_up, one, with_total
from tests.support.reference_sets import FOLDERS, read, scale_of

COMPLETE = [f for f in FOLDERS if f not in ("01_six_categories", "06_missing5pct", "13_skm_sim48")]


# --- letters at the borders -------------------------------------------------------------------


@pytest.mark.parametrize(("total", "letter"), [(116991, "C"), (137889, "B"), (158949, "A")])
def test_row_level_answers_exactly_on_a_border_get_the_upper_letter(total: int, letter: str) -> None:
    row = one(index.table(with_total(total)), scope="unit", statistic="letter")
    assert row.text == letter
    assert exact(row) == Fraction(25 * total, 45000)


@pytest.mark.parametrize(("total", "letter"), [(116990, "D"), (137888, "C"), (158948, "B")])
def test_one_point_less_in_45000_answers_gets_the_lower_letter(total: int, letter: str) -> None:
    assert one(index.table(with_total(total)), scope="unit", statistic="letter").text == letter


def test_all_fours_are_exactly_100_and_all_ones_exactly_25() -> None:
    for score, value, letter in ((4, 100, "A"), (1, 25, "D")):
        table = index.table(pd.DataFrame({c: [score] * 40 for c in ITEMS}))
        row = one(table, scope="unit", statistic="ikm")
        assert exact(row) == value
        # Answers that are all the same say nothing of how far others may differ: no limits, no margin (R13).
        assert np.isnan([row.lower, row.upper]).all()
        assert row.reason == "no-variance"
        margin = one(table, scope="unit", statistic="margin")
        assert (np.isnan(margin.estimate), margin.reason) == (True, "no-variance")
        assert one(table, scope="unit", statistic="letter").text == letter
        assert one(table, scope="unit", statistic="certainty").reason == "no-variance"


def test_the_printed_weight_that_changes_the_letter_says_so() -> None:
    # 88.50 is A exactly and B with 0.11.
    x = with_total(int(88.5 * 9 * 100 / 25), n=100)
    table = index.table(x)
    legacy = results.pick(table, scope="unit", statistic="ikm_legacy").set_index("method")
    assert legacy.loc["0.11", ["text", "reason"]].tolist() == ["B", "letter-differs"]
    assert exact(legacy.loc["0.11"]) == Fraction(99, 100) * exact(one(table, scope="unit", statistic="ikm"))
    assert exact(legacy.loc["0.111"]) == Fraction(999, 1000) * exact(
        one(table, scope="unit", statistic="ikm")
    )


# --- against R --------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS)
def test_index_interval_and_linearised_error_agree_with_r(reference: Path, folder: str) -> None:
    data = read(reference, folder)
    k = len(data.items)
    scale = scale_of(folder)
    table = index.table(data.answers[data.items], scale=scale)
    unit = 25 * scale[1] / 100  # R multiplied by 25 whatever the scale
    ikm = data.results["ikm"]
    row = one(table, scope="unit", statistic="ikm")
    assert row.estimate * unit == pytest.approx(ikm["ikm_item_means"], abs=1e-10)
    complete = one(table, scope="unit", statistic="ikm_complete")
    assert complete.estimate * unit == pytest.approx(ikm["ikm_complete_cases"], abs=1e-10)
    limits = np.array([complete.lower, complete.upper]) * unit
    np.testing.assert_allclose(limits, ikm["hall_t"]["ci"], atol=1e-10)
    margin = one(table, scope="unit", statistic="margin")
    assert margin.estimate == pytest.approx((row.upper - row.lower) / 2, abs=1e-10)
    low, high = ikm["available_case"]["t_ci95"]
    # R's degrees of freedom differ with gaps (rows against complete rows): compare the error itself.
    from scipy.stats import t

    error = one(table, scope="unit", statistic="standard_error")
    assert error.estimate * unit == pytest.approx(ikm["available_case"]["se_linearised"], abs=1e-10)
    if folder in COMPLETE:
        reach = t.ppf(0.975, error.df) * error.estimate * unit
        assert reach == pytest.approx((high - low) / 2, abs=1e-10)
    assert one(table, scope="unit", statistic="sd").estimate * unit == pytest.approx(ikm["sd"], abs=1e-10)
    assert k == len(results.pick(table, scope="unit", statistic="nrr"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_item_statistics_agree_with_r(reference: Path, folder: str) -> None:
    data = read(reference, folder)
    table = index.table(data.answers[data.items], scale=scale_of(folder))
    described = data.results["descriptives"]

    def mine(statistic: str) -> np.ndarray:
        rows = results.pick(table, scope="unit", statistic=statistic)
        return rows[rows["item"] != ""].set_index("item").estimate.reindex(data.items).to_numpy()

    np.testing.assert_allclose(mine("nrr"), data.per_item(described["mean"]), atol=1e-10)
    np.testing.assert_allclose(mine("sd"), data.per_item(described["sd"]), atol=1e-10)
    skewness = data.per_item(described["skew_type2"])
    np.testing.assert_allclose(mine("skewness"), skewness, atol=1e-10)
    # R's floor and ceiling are the ends that occur; ours are the ends of the scale.
    x = data.answers[data.items]
    low, high = scale_of(folder)
    full = ((x.max() == high) & (x.min() == low)).to_numpy()
    np.testing.assert_allclose(
        100 * mine("ceiling")[full], data.per_item(described["ceiling_pct"])[full], atol=1e-10
    )
    np.testing.assert_allclose(
        100 * mine("floor")[full], data.per_item(described["floor_pct"])[full], atol=1e-10
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_error_with_finite_population_agrees_with_the_survey_package(
    reference: Path, folder: str
) -> None:
    data = read(reference, folder)
    fpc = data.results["ikm"]["fpc"]
    scale = scale_of(folder)
    x = data.answers[data.items].dropna()
    table = index.table(x, ["u"] * len(x), population={"u": int(fpc["N"])}, scale=scale)
    from scipy.stats import t

    low, high = fpc["svymean"]["ci95_t"]
    error = one(table, scope="unit", statistic="standard_error")
    found = t.ppf(0.975, error.df) * error.estimate * 25 * scale[1] / 100
    assert found == pytest.approx((high - low) / 2, abs=1e-10)
    made = sampling.table(["u"] * len(x), population={"u": int(fpc["N"])}, answers=x, scale=scale)
    margin = one(made, scope="unit", statistic="achieved_margin").estimate * 25 * scale[1] / 100
    assert margin == pytest.approx((high - low) / 2, abs=1e-10)


def test_the_population_weighted_city_agrees_with_the_stratified_survey_mean(reference: Path) -> None:
    data = read(reference, "13_skm_sim48")
    svy = data.results["units"]["svy_stratified"]
    keep = data.answers[data.items].notna().all(axis=1)
    table = index.table(data.answers.loc[keep, data.items], data.by[keep].to_numpy(), population=svy["N"])
    row = one(table, scope="city", statistic="ikm", method="population-weighted")
    assert row.estimate == pytest.approx(svy["mean"], abs=1e-10)
    error = one(table, scope="city", statistic="standard_error", method="population-weighted")
    from scipy.stats import t

    reach = t.ppf(0.975, svy["degf"]) * error.estimate
    expected = svy["mean"] + np.array([-reach, reach])
    np.testing.assert_allclose(expected, svy["ci95_t"], atol=1e-9)
    # Ours allows for the skewness of answers near the ceiling: longer below than above, hardly wider.
    assert row.estimate - row.lower > row.upper - row.estimate > 0
    assert row.upper - row.lower == pytest.approx(2 * reach, rel=0.02)


# --- gaps (R2) --------------------------------------------------------------------------------


def test_a_blank_answer_is_never_counted_as_zero() -> None:
    x = pd.DataFrame({"U1": [4, None, 2], "U2": [3, 3, None]}, dtype="Int8")
    table = index.table(x)
    row = one(table, scope="unit", statistic="ikm")
    # NRR 6/2 and 6/2: 25 x (3 + 3) / 2
    assert exact(row) == 75
    nrr = results.pick(table, scope="unit", statistic="nrr").set_index("item")
    assert (nrr.numerator.tolist(), nrr.denominator.tolist()) == ([6, 6], [2, 2])
    assert exact(one(table, scope="unit", statistic="ikm_complete")) == Fraction(25 * 7, 2)
    assert one(table, scope="unit", statistic="ikm_complete").n == 1


def test_the_headline_interval_is_hall_s_on_linearised_scores_by_hand() -> None:
    x = pd.DataFrame({"U1": [4, 3, 2, 4, 1, 4], "U2": [3, None, 4, 4, 2, None]}, dtype="Int8")
    m1, m2 = Fraction(18, 6), Fraction(13, 4)
    u = []
    for a, b in zip(x.U1, x.U2, strict=True):
        first = (int(a) - m1) / 1
        second = (int(b) - m2) / Fraction(4, 6) if pd.notna(b) else 0
        u.append(float(Fraction(25, 2) * (first + second)))
    score = np.array(u)
    assert abs(score.sum()) < 1e-12
    sd = np.sqrt((score**2).mean())
    g = (score**3).mean() / sd**3
    centre = float(Fraction(25, 2) * (m1 + m2))
    low, high = hall_interval(centre, sd, g, 6)
    row = one(index.table(x), scope="unit", statistic="ikm")
    assert row.estimate == pytest.approx(centre, abs=1e-12)
    assert [row.lower, row.upper] == pytest.approx([float(low), float(high)], abs=1e-10)


def test_rows_without_any_answer_do_not_move_the_index_or_its_interval() -> None:
    x = made_up(40)
    blank = pd.DataFrame([[None] * 9] * 15, columns=ITEMS).astype("Int8")
    before = index.table(x)
    after = index.table(pd.concat([x, blank], ignore_index=True))
    for statistic in ("ikm", "margin", "ikm_complete", "certainty_B"):
        a = one(before, scope="unit", statistic=statistic)
        b = one(after, scope="unit", statistic=statistic)
        np.testing.assert_allclose([a.estimate, a.lower, a.upper], [b.estimate, b.lower, b.upper], rtol=1e-12)
    assert one(after, scope="unit", statistic="n").estimate == 55
    assert one(after, scope="unit", statistic="n_valid").estimate == 40


def test_an_item_nobody_answered_leaves_the_index_undefined_and_not_shorter() -> None:
    x = made_up(40)
    x["U4"] = pd.array([pd.NA] * 40, dtype="Int8")
    table = index.table(x)
    row = one(table, scope="unit", statistic="ikm")
    assert np.isnan(row.estimate)
    assert row.reason == "item-unanswered"
    assert one(table, scope="unit", statistic="nrr", item="U4").reason == "no-data"
    assert not np.isnan(one(table, scope="unit", statistic="nrr", item="U1").estimate)


def test_many_gaps_make_a_fraction_too_long_for_the_table_and_keep_its_letter() -> None:
    x = made_up(2000, gaps=0.05)
    row = one(index.table(x), scope="unit", statistic="letter")
    value = 25 * sum((Fraction(int(x[c].sum()), int(x[c].notna().sum())) for c in ITEMS), Fraction(0)) / 9
    assert 0 <= value - exact(row) < Fraction(1, 10**16)
    assert row.text == rules.letter(value) == rules.letter(exact(row))


# --- scale (R11) ------------------------------------------------------------------------------


def test_a_five_on_the_regulation_s_scale_is_refused_in_one_sentence() -> None:
    x = pd.DataFrame({"U1": [4, 5, 5], "U2": [1, 2, 3]})
    with pytest.raises(index.ScaleError, match=r"U1 holds 5 \(2 times\), outside the scale 1-4: .*declare"):
        index.table(x)


@pytest.mark.parametrize("wrong", [0, -1, 2.5, 352])
def test_what_is_no_answer_of_the_scale_is_refused(wrong: float) -> None:
    with pytest.raises(index.ScaleError, match="U1 holds"):
        index.table(pd.DataFrame({"U1": [4, wrong]}))


def test_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(index.ScaleError, match="'baik', which is no number"):
        index.table(pd.DataFrame({"U1": ["4", "baik"]}))


def test_a_declared_scale_converts_by_100_over_its_maximum_and_gets_no_letter() -> None:
    table = index.table(pd.DataFrame({c: [5, 4, 3, 5, 5] for c in ITEMS}), scale=(1, 5))
    row = one(table, scope="unit", statistic="ikm")
    assert exact(row) == Fraction(100, 5) * Fraction(22, 5)
    assert row.method == "100/5"
    letter = one(table, scope="unit", statistic="letter")
    assert (letter.text, letter.reason) == ("", "foreign-scale")
    assert one(table, scope="unit", statistic="certainty").reason == "foreign-scale"
    assert not len(results.pick(table, statistic="ikm_legacy"))


# --- certainty (R13) --------------------------------------------------------------------------


def test_confidences_of_the_letters_sum_to_one_and_the_word_follows() -> None:
    table = index.table(made_up(80))
    shares = {x: one(table, scope="unit", statistic=f"certainty_{x}").estimate for x in "ABCD"}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    row = one(table, scope="unit", statistic="certainty")
    assert row.estimate == shares[row.other]
    expected = "firm" if row.estimate >= 0.95 else "leaning" if row.estimate >= 0.8 else "border"
    assert row.text == expected


def test_the_interval_and_the_confidence_are_the_same_thing_read_both_ways() -> None:
    low, high = hall_interval(88.0, 9.0, -1.4, 60)
    assert hall_confidence(low, 88.0, 9.0, -1.4, 60) == pytest.approx(0.975, abs=1e-12)
    assert hall_confidence(high, 88.0, 9.0, -1.4, 60) == pytest.approx(0.025, abs=1e-12)


def test_an_index_just_above_a_border_is_on_the_border_and_says_what_would_settle_it() -> None:
    x = pd.DataFrame({c: [4] * 55 + [3] * 45 for c in ITEMS})  # 88.75, A begins at 88.305
    table = index.table(x)
    assert one(table, scope="unit", statistic="certainty").text == "border"
    need = one(table, scope="unit", statistic="n_to_settle").estimate
    score = 25 * x.mean(axis=1).to_numpy()
    sd, g = score.std(), ((score - 88.75) ** 3).mean() / score.std() ** 3
    assert (
        hall_confidence(88.305, 88.75, sd, g, need) >= 0.95 > hall_confidence(88.305, 88.75, sd, g, need - 1)
    )


def test_a_letter_that_ten_thousand_could_not_settle_says_so_unless_all_users_are_fewer() -> None:
    x = pd.DataFrame({c: [4] * 54 + [3] * 46 for c in ITEMS})  # 88.50
    row = one(index.table(x, ["a"] * 100), scope="unit", statistic="n_to_settle")
    assert (np.isnan(row.estimate), row.reason) == (True, "not-at-this-distance")
    # Of 300 users, each one asked more is one unknown less: close to all of them settle it.
    need = one(index.table(x, ["a"] * 100, population={"a": 300}), scope="unit", statistic="n_to_settle")
    score = 25 * x.mean(axis=1).to_numpy()
    sd, g = score.std(), ((score - 88.5) ** 3).mean() / score.std() ** 3
    sure = [
        hall_confidence(88.305, 88.5, sd * np.sqrt(1 - n / 300), g, n)
        for n in (need.estimate, need.estimate - 1)
    ]
    assert sure[0] >= 0.95 > sure[1]
    assert 100 < need.estimate < 300


def test_too_few_respondents_carry_no_certainty() -> None:
    table = index.table(made_up(4))
    assert one(table, scope="unit", statistic="certainty").reason == "too-few"
    assert one(index.table(made_up(1)), scope="unit", statistic="ikm").reason == "too-few"


def test_a_firm_letter_needs_no_more_respondents_than_it_has() -> None:
    table = index.table(made_up(400))
    assert one(table, scope="unit", statistic="certainty").text == "firm"
    assert one(table, scope="unit", statistic="n_to_settle").estimate == 400


# --- margins, shares --------------------------------------------------------------------------


def test_a_census_has_width_0_and_a_certain_letter_and_an_impossible_population_says_so() -> None:
    x = pd.concat([made_up(40, seed=s) for s in (1, 2, 3)], ignore_index=True)
    by = ["a"] * 40 + ["b"] * 40 + ["c"] * 40
    table = index.table(x, by, population={"a": 40, "b": 39})
    found = results.pick(table, scope="unit", statistic="margin").set_index("unit")
    assert found.loc["a", ["estimate", "reason"]].tolist() == [0.0, "census"]
    assert found.reason.tolist() == ["census", "population-smaller", ""]
    assert found.method.tolist() == ["fpc", "no-fpc", "no-fpc"]
    census = one(table, scope="unit", unit="a", statistic="ikm")
    assert census.lower == census.estimate == census.upper
    for statistic in (
        "certainty",
        f"certainty_{one(table, scope='unit', unit='a', statistic='letter').text}",
    ):
        assert one(table, scope="unit", unit="a", statistic=statistic).estimate == 1
    settle = one(table, scope="unit", unit="a", statistic="n_to_settle")
    assert (settle.estimate, settle.reason) == (40, "census")
    items = results.pick(table, scope="unit", unit="a", statistic=["nrr", "top_box"])
    items = items[items["item"] != ""]
    assert len(items) == 18
    assert (items.lower == items.estimate).all()
    assert (items.upper == items.estimate).all()
    assert one(table, scope="unit", unit="b", statistic="ikm").upper > found.estimate["b"] > 0


def test_a_census_whose_answers_are_all_the_same_is_known_too() -> None:
    x = pd.DataFrame({c: [4] * 6 for c in ITEMS})
    table = index.table(x, ["a"] * 6, population={"a": 6})
    row = one(table, scope="unit", statistic="ikm")
    assert (row.lower, row.upper, row.reason) == (100, 100, "census")
    assert one(table, scope="unit", statistic="certainty").estimate == 1


def test_the_page_of_a_unit_asked_by_two_thirds_has_one_margin_letter_and_number_to_settle() -> None:
    x = made_up(40, seed=4)
    plain, known = (index.table(x, ["a"] * 40, population=p) for p in (None, {"a": 60}))
    wide, narrow = (one(t, scope="unit", statistic="ikm") for t in (plain, known))
    shrink = np.sqrt(1 - 40 / 60)
    assert narrow.upper - narrow.estimate == pytest.approx(shrink * (wide.upper - wide.estimate), abs=1e-10)
    assert narrow.estimate - narrow.lower == pytest.approx(shrink * (wide.estimate - wide.lower), abs=1e-10)
    for table in (plain, known):
        row, margin = (one(table, scope="unit", statistic=s) for s in ("ikm", "margin"))
        assert margin.estimate == pytest.approx((row.upper - row.lower) / 2, abs=1e-12)
    sure = [one(t, scope="unit", statistic="certainty").estimate for t in (plain, known)]
    assert sure[1] >= sure[0]


def test_top_box_has_wilson_s_interval() -> None:
    row = one(index.table(made_up(50)), scope="unit", statistic="top_box", item="U1")
    expected = stats.binomtest(int(row.numerator), int(row.denominator)).proportion_ci(method="wilson")
    assert [row.lower, row.upper] == pytest.approx([expected.low, expected.high], abs=1e-12)


def test_wilson_s_interval_narrows_to_the_share_as_the_users_asked_become_all() -> None:
    count, n = np.array([40.0, 0.0, 80.0]), np.full(3, 80.0)
    half = wilson(count, n, 0.95, 0.5)
    # Half of the users asked counts as twice as many drawn from a crowd.
    np.testing.assert_allclose(half, wilson(2 * count, 2 * n, 0.95), atol=1e-15)
    census = wilson(count, n, 0.95, 0.0)
    assert [side.tolist() for side in census] == [[0.5, 0.0, 1.0], [0.5, 0.0, 1.0]]


def test_shares_of_an_item_sum_to_one() -> None:
    table = index.table(made_up(50, gaps=0.1))
    total = sum(one(table, scope="unit", statistic=f"share_{s}", item="U3").estimate for s in (1, 2, 3, 4))
    assert total == pytest.approx(1)
