"""Adjusted change against ordinary least squares; gaps that differ between units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from pipeline import results
from pipeline.statistics.compare import equity
from pipeline.statistics.compare.adjustment import table as adjust
from pipeline.statistics.compare.heterogeneity import heterogeneity
from pipeline.statistics.trend import change_adjusted
from pipeline.statistics.trend.comparable import Conditions
from pipeline.statistics.trend.wave import Wave

ITEMS = ["U1", "U2", "U3"]


def people(seed: int, n: int, older: float, units: int = 4) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    random = np.random.default_rng(seed)
    unit = pd.Series([f"u{u}" for u in random.integers(0, units, n)])
    old = random.random(n) < older
    sex = np.where(random.random(n) < 0.5, "female", "male")
    latent = 3.0 + 0.5 * old + random.normal(0, 0.4, n)
    answers = pd.DataFrame(
        {i: np.clip(np.rint(latent + random.normal(0, 0.4, n)), 1, 4).astype(int) for i in ITEMS}
    )
    return answers, unit, pd.DataFrame({"age_band": np.where(old, "old", "young"), "sex": sex})


def test_the_adjusted_change_is_that_of_least_squares_with_an_intercept_per_unit_and_survey():
    now, then = people(1, 600, 0.6), people(2, 500, 0.3)
    made = change_adjusted.table(
        now[0], now[1], attributes=now[2], earlier=[(Wave("2023", then[0], then[1]), then[2])],
        conditions=Conditions(), survey="2024",
    )  # fmt: skip
    score = np.concatenate([now[0].mean(axis=1) * 25, then[0].mean(axis=1) * 25])
    cell = [f"{u}-1" for u in now[1]] + [f"{u}-0" for u in then[1]]
    stated = pd.concat([now[2], then[2]], ignore_index=True)
    x = pd.concat(
        [pd.get_dummies(pd.Series(cell), dtype=float), pd.get_dummies(stated, drop_first=True, dtype=float)],
        axis=1,
    )
    fit = sm.OLS(score, x).fit()
    rows = results.pick(made, statistic="change_adjusted")
    for row in rows.itertuples():
        expected = fit.params[f"{row.unit}-1"] - fit.params[f"{row.unit}-0"]
        assert row.estimate == pytest.approx(expected, abs=1e-9)
        assert row.lower < row.estimate < row.upper
    assert len(rows) == 4


def test_what_the_mix_did_and_what_is_left_add_up_to_the_plain_change():
    now, then = people(3, 800, 0.9), people(4, 800, 0.1)
    made = change_adjusted.table(
        now[0], now[1], attributes=now[2], earlier=[(Wave("2023", then[0], then[1]), then[2])],
        conditions=Conditions(),
    )  # fmt: skip
    both = {
        s: results.pick(made, statistic=s).set_index("unit").estimate
        for s in ("change_adjusted", "change_mix")
    }
    plain = (
        now[0].mean(axis=1).groupby(now[1]).mean() * 25 - then[0].mean(axis=1).groupby(then[1]).mean() * 25
    )
    total = both["change_adjusted"] + both["change_mix"]
    assert total.to_numpy() == pytest.approx(plain.loc[total.index].to_numpy(), abs=1e-9)
    # Nothing changed but who came: most of the plain change goes with the mix.
    assert both["change_mix"].mean() > 4
    assert abs(both["change_adjusted"].mean()) < 2


def test_intervals_of_the_adjusted_change_hold_the_truth_nineteen_times_in_twenty():
    inside = total = 0
    for seed in range(60):
        now, then = people(100 + seed, 400, 0.7), people(900 + seed, 400, 0.3)
        made = change_adjusted.table(
            now[0], now[1], attributes=now[2], earlier=[(Wave("2023", then[0], then[1]), then[2])],
            conditions=Conditions(),
        )  # fmt: skip
        rows = results.pick(made, statistic="change_adjusted")
        inside += int(((rows.lower < 0) & (rows.upper > 0)).sum())
        total += len(rows)
    assert 0.90 <= inside / total <= 0.99


def test_surveys_that_cannot_be_compared_have_no_adjusted_change():
    now, then = people(1, 100, 0.5), people(2, 100, 0.5)
    wave = Wave("2016", then[0], then[1], Conditions(rule="16/2014"))
    made = change_adjusted.table(
        now[0], now[1], attributes=now[2], earlier=[(wave, then[2])], conditions=Conditions(rule="14/2017")
    )
    assert made.empty


def test_cochrans_q_of_three_estimates_is_the_number_worked_on_paper():
    # weights 1, 1, 4; mean (0 + 3 + 4*1.5)/6 = 1.5; Q = 2.25 + 2.25 + 0
    found = heterogeneity(np.array([0.0, 3.0, 1.5, np.nan]), np.array([1.0, 1.0, 0.5, 1.0]))
    assert (found.q, found.df, found.estimates) == (4.5, 2.0, 3)
    assert found.p == pytest.approx(stats.chi2.sf(4.5, 2))
    assert found.tau2 == pytest.approx((4.5 - 2) / (6 - 18 / 6))


def test_a_gap_that_only_some_units_have_is_an_interaction():
    random = np.random.default_rng(8)
    n = 1200
    unit = pd.Series([f"u{i % 6}" for i in range(n)])
    sex = pd.Series(np.where(random.random(n) < 0.5, "female", "male"))
    lower = (unit.isin(["u0", "u1"]) & (sex == "female")).to_numpy() * 0.8
    answers = pd.DataFrame(
        {i: np.clip(np.rint(3.4 - lower + random.normal(0, 0.5, n)), 1, 4).astype(int) for i in ITEMS}
    )
    made = equity.table(answers, unit, attributes=pd.DataFrame({"sex": sex}))
    row = results.pick(made, statistic="interaction", item="sex").iloc[0]
    assert row.p < 0.001
    assert row.estimate > 3
    assert (row.numerator, row.denominator) == (6, 6)


def test_a_gap_in_one_unit_alone_cannot_be_said_to_differ():
    answers, unit, stated = people(5, 200, 0.5, units=1)
    made = equity.table(answers, unit, attributes=stated[["sex"]])
    assert results.pick(made, statistic="interaction").reason.tolist() == ["few-units"]


def test_the_order_of_scores_alone_gives_nearly_the_same_comparison():
    answers, unit, stated = people(6, 2000, 0.5, units=12)
    shift = unit.map({f"u{u}": u * 0.05 for u in range(12)})
    answers = answers.apply(
        lambda c: np.clip(np.rint(c + shift + 0.2 * np.sin(np.arange(2000))), 1, 4).astype(int)
    )
    made = adjust(answers, unit, attributes=stated)
    row = results.pick(made, statistic="ordinal_correlation").iloc[0]
    assert row.estimate > 0.9
    assert results.pick(made, statistic="ordinal").estimate.notna().all()
    assert results.pick(made, statistic="ordinal").estimate.mean() == pytest.approx(0, abs=1e-9)


def test_two_units_have_no_ordered_comparison_and_it_says_so():
    answers, unit, stated = people(7, 200, 0.5, units=2)
    made = adjust(answers, unit, attributes=stated)
    assert results.pick(made, statistic="ordinal_correlation").reason.tolist() == ["few-units"]
