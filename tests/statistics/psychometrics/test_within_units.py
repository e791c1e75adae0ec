"""Pooling hides levels (R20): inside the units things can be otherwise than over all respondents."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from tests.statistics.psychometrics.factor.test_table import made
from tests.statistics.psychometrics.reliability.test_alpha_interval import by_hand, one
from tests.support import reference_sets as sets


def levels(units: int | list[float] = 20, n: int = 60, seed: int = 3) -> tuple[pd.DataFrame, np.ndarray]:
    """Units far apart whose answers hardly go together inside: a high pooled alpha, a low one within."""
    random = np.random.default_rng(seed)
    drawn = 1.2 * random.normal(size=units) if isinstance(units, int) else np.array(units)
    units = len(drawn)
    unit = np.repeat(drawn[:, None], n, axis=0)
    latent = unit + 0.35 * random.normal(size=(units * n, 1)) + 0.9 * random.normal(size=(units * n, 9))
    codes = 1 + sum((latent > cut).astype(int) for cut in (-1.2, 0.0, 1.2))
    return pd.DataFrame(codes, columns=[f"U{j}" for j in range(1, 10)]), np.repeat(
        [f"u{u:02}" for u in range(units)], n
    )


def centred(answers: pd.DataFrame, by: np.ndarray) -> pd.DataFrame:
    return answers - answers.groupby(by).transform("mean")


def test_a_high_pooled_alpha_can_be_a_low_one_inside_the_units():
    answers, by = levels()
    table = reliability.table(answers, by)
    pooled = one(table, scope="city", statistic="alpha", method="jackknife")
    inside = one(table, scope="city", statistic="alpha_within", method="jackknife")
    assert pooled.estimate > 0.9
    assert inside.estimate == pytest.approx(by_hand(centred(answers, by).to_numpy()), abs=1e-12)
    assert inside.upper < 0.7
    assert (inside.numerator, inside.denominator, inside.df) == (20, 20, 1200 - 20)


def test_the_figures_inside_units_are_those_of_centred_answers():
    answers, by = levels()
    flat = centred(answers, by)
    table = validity.table(answers, by, draws=20)
    for item in answers.columns:
        rest = flat.drop(columns=item).sum(axis=1)
        row = one(table, scope="city", statistic="item_rest_within", item=item)
        assert row.estimate == pytest.approx(np.corrcoef(flat[item], rest)[0, 1], abs=1e-12)
        assert row.lower < row.estimate < row.upper
        assert row.estimate < 0.3 < one(table, scope="city", statistic="item_rest", item=item).estimate
    r = np.corrcoef(flat.T)
    inv = np.linalg.inv(r)
    q = -inv / np.sqrt(np.outer(np.diag(inv), np.diag(inv)))
    off = ~np.eye(9, dtype=bool)
    kmo = (r[off] ** 2).sum() / ((r[off] ** 2).sum() + (q[off] ** 2).sum())
    assert one(table, scope="city", statistic="kmo_within").estimate == pytest.approx(kmo, abs=1e-10)


def test_the_model_inside_units_is_the_one_of_centred_answers():
    answers, by = levels()
    flat = centred(answers, by)
    # The same correlations, with as many rows as there are degrees of freedom.
    alone = factors.table(flat)
    mine = factors.table(answers, by)
    expected = one(alone, statistic="chisq", method="ml").estimate * (1200 - 20) / 1200
    found = one(mine, scope="city", statistic="chisq", method="ml-within")
    assert found.estimate == pytest.approx(expected, rel=1e-9)
    for item in answers.columns:
        loading = one(mine, scope="city", statistic="loading", method="mlr-within", item=item)
        again = one(alone, statistic="loading", method="mlr", item=item)
        assert loading.estimate == pytest.approx(again.estimate, abs=1e-9)
    omega = one(reliability.table(answers, by), scope="city", statistic="omega_within")
    assert omega.estimate == pytest.approx(
        one(reliability.table(flat), statistic="omega", method="ml").estimate, abs=1e-9
    )


def test_the_means_of_units_have_a_reliability_per_unsur():
    answers, by = levels()
    table = reliability.table(answers, by)
    for item in answers.columns:
        x = answers[item]
        n = x.groupby(by).size()
        mean = x.groupby(by).mean()
        between = (n * (mean - x.mean()) ** 2).sum() / (20 - 1)
        inside = ((x - x.groupby(by).transform("mean")) ** 2).sum() / (1200 - 20)
        row = one(table, scope="city", statistic="icc2", item=item)
        assert row.estimate == pytest.approx((between - inside) / between, abs=1e-12)


def test_units_that_all_give_one_answer_each_have_nothing_inside():
    by = np.repeat(["a", "b", "c"], 40)
    answers = pd.DataFrame({f"U{j}": np.repeat([4, 3, 2], 40) for j in range(1, 6)})
    row = one(reliability.table(answers, by), scope="city", statistic="alpha_within")
    assert (np.isnan(row.estimate), row.reason) == (True, "constant-within")


def test_a_unit_whose_factor_points_the_other_way_is_found():
    answers, by = made(800), np.repeat([f"u{u}" for u in range(8)], 100)
    opposite = by == "u3"
    answers.loc[opposite, list(answers.columns[:3])] = 5 - answers.loc[opposite, list(answers.columns[:3])]
    rows = results.pick(validity.table(answers, by, draws=0), statistic="units_opposed").set_index("item")
    assert rows["text"].tolist() == ["opposed"] * 3 + [""] * 6
    assert (rows["numerator"].tolist(), set(rows["denominator"])) == ([1] * 3 + [0] * 6, {8})


def test_honest_units_are_not_said_to_oppose_one_another():
    for seed in range(20):
        answers, by = levels(12, 40, seed)
        rows = results.pick(validity.table(answers, by, draws=0), statistic="units_opposed")
        assert set(rows["text"]) == {""}


@pytest.mark.parametrize("many", [4, 5])
def test_half_of_the_items_turned_round_are_proposed_for_reversal(many):
    answers = made(300)
    turned = list(answers.columns[:many])
    answers[turned] = 5 - answers[turned]
    table = reliability.table(answers)
    row = one(table, statistic="alpha", method="reversed")
    expected = turned if many == 4 else list(answers.columns[many:])
    assert row.text == ",".join(expected)
    assert row.estimate > one(table, statistic="alpha", method="jackknife").estimate


def test_noise_proposes_no_reversal():
    random = np.random.default_rng(5)
    found = 0
    for _ in range(100):
        answers = pd.DataFrame(random.integers(1, 5, (30, 9))).add_prefix("U")
        table = reliability.table(answers, models=False)
        found += not results.pick(table, statistic="alpha", method="reversed").empty
    assert found <= 5


def test_inside_the_reference_city_alpha_equals_r(reference):
    ref = sets.read(reference, "13_skm_sim48")
    expected = ref.results["two_years_and_adjusted"]["mlm_multilevel_alpha"]["alpha_within_centred"]
    table = reliability.table(ref.answers, ref.by, models=False)
    assert one(table, scope="city", statistic="alpha_within").estimate == pytest.approx(expected, abs=1e-10)
