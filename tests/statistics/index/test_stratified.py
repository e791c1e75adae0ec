"""City aggregates against R's survey package, and units against a target."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from pipeline import results, rules
from pipeline.statistics.index import hall, stratified
from pipeline.statistics.index import table as index
from tests.support import reference_sets as sets
from tests.support.index_samples import exact

ORACLE = json.loads((sets.ORACLE / "13_skm_sim48" / "results.json").read_text(encoding="utf-8"))["city"]
WAYS = ("mean-of-units", "pooled", "population-weighted")
ITEMS = [f"U{j}" for j in range(1, 10)]


@pytest.fixture(scope="module")
def simulated(reference):
    folder = reference / "13_skm_sim48"
    rows = sets.rows(folder).dropna(subset=ITEMS)
    people = pd.read_csv(folder / "truth.csv").set_index("unit")["N"].astype(int).to_dict()
    return rows, people


@pytest.mark.parametrize("method", WAYS)
@pytest.mark.parametrize("corrected", ["", "fpc"])
def test_each_aggregate_has_the_estimate_and_error_of_r_survey(simulated, method, corrected):
    from scipy.stats import t

    rows, people = simulated
    answers, by = rows[ITEMS].astype("Int8"), rows["unit"]
    known = people if corrected or method == "population-weighted" else None
    made = stratified.table(answers, by, population=known)
    row = results.pick(made, statistic="ikm_design", method=method).iloc[0]
    r = ORACLE[method][corrected or "plain"]
    assert row.estimate == pytest.approx(r["mean"], abs=1e-10)
    if method == "population-weighted" and not corrected:
        return  # where N is known it corrects as well
    assert row.other == corrected
    reach = (r["upper"] - r["lower"]) / 2
    indices = index.table(answers, by, population=known)
    error = results.pick(indices, scope="city", statistic="standard_error", method=method).iloc[0]
    assert t.ppf(0.975, r["degf"]) * error.estimate == pytest.approx(reach, abs=1e-10)
    # The limits allow for the skewness of answers near the ceiling: R's are symmetric.
    assert row.upper - row.lower == pytest.approx(2 * reach, rel=0.02)
    assert row.estimate - row.lower > row.upper - row.estimate


def answers_of(*means: float, n: int = 60, seed: int = 3) -> tuple[pd.DataFrame, list[str]]:
    random = np.random.default_rng(seed)
    parts, by = [], []
    for u, mean in enumerate(means):
        latent = random.normal(mean, 0.45, size=(n, 1)) + random.normal(0, 0.5, size=(n, 9))
        parts.append(pd.DataFrame(np.clip(np.rint(latent), 1, 4).astype(int), columns=ITEMS))
        by += [f"u{u}"] * n
    return pd.concat(parts, ignore_index=True), by


def test_units_are_surely_above_surely_below_or_undecided():
    answers, by = answers_of(3.9, 3.5, 2.9)
    made = stratified.table(answers, by, target="88,31")
    assert results.pick(made, statistic="target", scope="unit").text.tolist() == [
        "above",
        "undecided",
        "below",
    ]
    counts = {
        r.statistic: (r.numerator, r.denominator) for r in results.pick(made, scope="city").itertuples()
    }
    assert counts["units_above"] == counts["units_below"] == counts["units_undecided"] == (1, 3)


def test_the_confidence_is_halls_at_the_border_of_rounding():
    answers, by = answers_of(3.5)
    made = stratified.table(answers, by, target="88.31")
    score = answers.mean(axis=1).to_numpy() * 25
    d = score - score.mean()
    skew = (d**3).mean() / (d**2).mean() ** 1.5
    expected = hall.hall_confidence(88.305, score.mean(), score.std(), skew, len(score))
    row = results.pick(made, statistic="target", scope="unit").iloc[0]
    assert row.estimate == pytest.approx(float(expected), abs=1e-12)


def test_a_unit_that_prints_its_target_has_reached_it_without_being_sure():
    # 88.305 rounds half up to 88.31: reached as printed, though nobody can be sure of it.
    answers, by = answers_of(3.53, n=40)
    exact = results.pick(index.table(answers, by), scope="unit", statistic="ikm").iloc[0]
    printed = Fraction(int(exact.numerator), int(exact.denominator))
    made = stratified.table(answers, by, target=f"{float(printed):.2f}")
    assert int(results.pick(made, statistic="reached").numerator.iloc[0]) in (0, 1)
    low = stratified.table(answers, by, target=f"{float(printed) - 0.02:.2f}")
    assert int(results.pick(low, statistic="reached").numerator.iloc[0]) == 1
    assert results.pick(low, statistic="target", scope="unit").text.tolist() == ["undecided"]


def test_a_units_own_target_goes_before_the_citys():
    answers, by = answers_of(3.5, 3.5)
    made = stratified.table(answers, by, target="88.31", targets={"u1": "70"})
    assert results.pick(made, statistic="target", scope="unit").other.tolist() == ["88.31", "70"]


def test_units_for_information_and_units_that_all_agree_have_no_verdict_and_say_why():
    answers, by = answers_of(3.5, 3.5)
    answers.loc[[b == "u1" for b in by], :] = 4
    made = stratified.table(answers, by, target="88.31", leave_out={"u0": "for-information"})
    rows = results.pick(made, statistic="target", scope="unit")
    assert rows.text.tolist() == ["", ""]
    assert rows.reason.tolist() == ["for-information", "no-variance"]
    assert rows.estimate.isna().all()


def test_what_another_headline_would_say_is_shown_with_its_letter():
    answers, by = answers_of(3.9, 3.0)
    more = pd.concat([answers, *[answers[60:]] * 5], ignore_index=True)
    made = stratified.table(more, [*by, *["u1"] * 300])
    row = results.pick(made, statistic="headline_effect", method="pooled").iloc[0]
    assert row.estimate < 0
    assert row.other == "mean-of-units"
    assert ">" in row.text or row.text == ""


def test_the_aggregates_are_those_of_the_index_table():
    answers, by = answers_of(3.9, 3.5, 3.0)
    people = {"u0": 500, "u1": 900, "u2": 100}
    made = stratified.table(answers, by, population=people)
    other = index.table(answers, by, population=people, listed=list(people))
    for method in WAYS:
        mine = results.pick(made, statistic="ikm_design", method=method).iloc[0]
        theirs = results.pick(other, scope="city", statistic="ikm", item="", method=method).iloc[0]
        assert (mine.numerator, mine.denominator) == (theirs.numerator, theirs.denominator)
        assert (mine.lower, mine.upper) == (theirs.lower, theirs.upper)


def test_without_populations_or_data_the_reason_is_given():
    answers, by = answers_of(3.5)
    made = stratified.table(answers, by)
    assert results.pick(made, method="population-weighted").reason.tolist() == ["no-population"]
    empty = stratified.table(answers.iloc[:0], [])
    assert set(results.pick(empty, statistic="ikm_design").reason) == {"no-data"}


def test_of_cities_exactly_at_the_target_few_units_are_said_to_miss_or_pass_it():
    # Simultaneous over ten units: at most five cities in a hundred may name any.
    table = [answers_of(*[3.6] * 10, n=80, seed=s) for s in range(60)]
    truth = np.mean([a.to_numpy().mean() for a, _ in table]) * 25
    wrong = 0
    for answers, by in table:
        made = stratified.table(answers, by, target=f"{truth:.2f}")
        wrong += bool(
            results.pick(made, statistic="target", scope="unit").text.isin(["above", "below"]).any()
        )
    assert wrong <= 7


def test_whether_a_census_reaches_its_target_is_known_to_the_last_digit():
    answers, by = answers_of(3.5, 3.5)
    printed = index.table(answers, by, population={"u0": 60})
    value = rules.round_half_up(exact(results.pick(printed, statistic="ikm", unit="u0").iloc[0]))
    for target, word in ((str(value), "above"), (str(value + Decimal("0.01")), "below")):
        made = stratified.table(answers, by, population={"u0": 60}, target=target)
        row = results.pick(made, statistic="target", unit="u0").iloc[0]
        assert (row.text, row.p_adjusted) == (word, 0)
        assert results.pick(made, statistic="target", unit="u1").text.tolist() == ["undecided"]
        gap = results.pick(made, statistic="target_gap", unit="u0").iloc[0]
        assert gap.lower == gap.estimate == gap.upper


def test_a_headline_over_all_units_is_the_simple_mean_where_all_are_enough():
    answers, by = answers_of(3.9, 3.0)
    made = stratified.table(answers, by, headline="mean-of-all-units", target="80")
    row = results.pick(made, statistic="ikm_design", text="headline").iloc[0]
    assert row.method == "mean-of-units"
    assert len(results.pick(made, statistic="target", scope="city")) == 1
    found = index.table(answers, by, headline="mean-of-all-units")
    first = results.pick(found, statistic="ikm", scope="city").iloc[0]
    assert (first.method, first.text, first.estimate) == ("mean-of-all-units", "headline", row.estimate)
