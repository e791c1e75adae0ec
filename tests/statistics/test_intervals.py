"""The intervals that are printed hold the truth under the ceilings of satisfaction answers (R21)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks import intervals as simulated
from benchmarks.alpha_interval import LOWEST, draw, moments, population
from pipeline import results
from pipeline.statistics.data.covariance import listwise, within
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.pearson import item_rest
from pipeline.statistics.index import table as index
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.items.item_jackknife import item_rest_interval
from tests.statistics.psychometrics.factor.test_table import made

COMMITTED = json.loads(Path(simulated.__file__).with_suffix(".json").read_text())


def reach(z: np.ndarray) -> tuple[float, float]:
    """Jackknife variance of values each without one row, and its degrees of freedom."""
    n, away = len(z), z - z.mean()
    kurtosis = (away**4).mean() / (away**2).mean() ** 2
    return (n - 1) / n * (away**2).sum(), float(np.clip(2 * n / (kurtosis - 3 + 2 * n / (n - 1)), 2, n - 1))


def test_an_item_rest_interval_is_that_of_correlations_computed_anew_without_each_row():
    x = made(60).to_numpy(dtype=float)
    row = results.pick(validity.table(made(60)), statistic="item_rest", item="U2").iloc[0]
    rest = x.sum(axis=1) - x[:, 1]
    r = stats.pearsonr(x[:, 1], rest).statistic
    left = [stats.pearsonr(np.delete(x[:, 1], i), np.delete(rest, i)).statistic for i in range(60)]
    variance, df = reach(np.arctanh(left))
    half = stats.t.ppf(0.975, df) * variance**0.5
    assert row.lower == pytest.approx(np.tanh(np.arctanh(r) - half), abs=1e-10)
    assert row.upper == pytest.approx(np.tanh(np.arctanh(r) + half), abs=1e-10)


def test_inside_units_each_row_is_left_out_of_its_own_unit():
    parts = np.array_split(made(120).to_numpy(dtype=float), 3)

    def rest(parts: list[np.ndarray]) -> float:
        flat = np.concatenate([p - p.mean(axis=0) for p in parts])
        return float(np.arctanh(np.corrcoef(flat[:, 0], flat[:, 1:].sum(axis=1))[0, 1]))

    found = [
        reach(np.array([rest([*parts[:u], np.delete(p, i, axis=0), *parts[u + 1 :]]) for i in range(len(p))]))
        for u, p in enumerate(parts)
    ]
    variance = sum(v for v, _ in found)
    df = variance**2 / sum(v**2 / d for v, d in found)
    data = group(pd.DataFrame(np.concatenate(parts)).add_prefix("U"), np.repeat(["a", "b", "c"], 40))
    stack = listwise(data)
    pooled = within(data, stack)
    low, _, _ = item_rest_interval(data, stack, item_rest(pooled.cov), pooled=pooled)
    half = stats.t.ppf(0.975, df) * variance**0.5
    assert low[0, 0] == pytest.approx(np.tanh(rest(parts) - half), abs=1e-10)


@pytest.mark.parametrize(("n", "reason"), [(29, "interval-few"), (30, "")])
def test_below_thirty_answers_an_item_rest_correlation_stands_alone(n, reason):
    rows = results.pick(validity.table(made(n)), statistic="item_rest")
    assert np.isfinite(rows["estimate"]).all()
    assert set(rows["reason"]) == {reason}
    assert np.isfinite(rows["lower"]).all() == (reason == "")


def test_where_fewer_than_ten_answers_differ_from_the_usual_one_it_stands_alone():
    x = made(80).copy()
    x["U1"] = np.where(np.arange(80) < 9, x["U2"].clip(upper=3), 4)
    rows = results.pick(validity.table(x), statistic="item_rest").set_index("item")
    assert rows.loc["U1", "reason"] == "interval-alike"
    assert np.isnan(rows.loc["U1", "upper"])
    assert rows.loc["U2", "reason"] == ""


def test_an_item_rest_interval_covers_at_the_ceiling_where_fishers_does_not():
    loadings, cuts = population(0.8, 1.0)
    answers = draw(np.random.default_rng(5), loadings, cuts, 400 * 100)
    truth = item_rest(moments(loadings, cuts)[0])
    found = simulated.of_items(answers, 100)
    covered = {
        name: ((low <= truth) & (truth <= high))[np.isfinite(low)].mean()
        for name, (low, high) in found.items()
    }
    printed, fisher = covered.values()
    assert printed > LOWEST > 0.88 > fisher


def test_the_interval_of_an_unsurs_value_follows_the_skewness_of_its_answers():
    answers = pd.DataFrame({"U1": [4] * 27 + [3, 3, 1], "U2": [4, 3] * 15})
    row = results.pick(index.table(answers, ["a"] * 30), scope="unit", statistic="nrr", item="U1").iloc[0]
    x = answers["U1"].to_numpy(dtype=float)
    g, root, t = stats.skew(x), np.sqrt(30), stats.t.ppf([0.975, 0.025], 29)
    want = x.mean() - x.std() * 3 / g * (np.cbrt(1 + g * (t / root - g / 180)) - 1)
    assert [row.lower, row.upper] == pytest.approx(want.tolist(), abs=1e-12)
    assert row.estimate - row.lower > 2 * (row.upper - row.estimate)


def test_every_interval_that_a_report_prints_covers_in_the_committed_simulation():
    printed = [
        row for row in COMMITTED["coverage"] if "(printed)" in row["interval"] and row["least"] is not None
    ]
    assert len(printed) > 50
    assert min(row["least"] for row in printed) >= LOWEST
