"""The interval of alpha that is printed: where there is one, it holds the truth (R21)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import alpha_interval as simulated
from pipeline import results
from pipeline.statistics.data.covariance import listwise, within
from pipeline.statistics.data.grouped import group
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability import table as reliability
from pipeline.statistics.psychometrics.reliability.alpha_jackknife import (
    jackknife,
    jackknife_within,
)
from tests.statistics.psychometrics.factor.test_table import made

COMMITTED = Path(simulated.__file__).with_suffix(".json")


def one(table: pd.DataFrame, **where: str) -> pd.Series:
    found = results.pick(table, **where)
    assert len(found) == 1, where
    return found.iloc[0]


def by_hand(x: np.ndarray) -> float:
    cov = np.cov(x.T)
    k = x.shape[1]
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def test_the_error_is_that_of_alpha_computed_anew_without_each_row():
    x = made(40).to_numpy(dtype=float)
    data = group(pd.DataFrame(x).add_prefix("U"))
    found = jackknife(data, listwise(data))
    n = len(x)
    left = np.array([by_hand(np.delete(x, i, axis=0)) for i in range(n)])
    away = left - left.mean()
    assert found.error[0] == pytest.approx(np.sqrt((n - 1) / n * (away**2).sum()), abs=1e-12)
    kurtosis = (away**4).mean() / (away**2).mean() ** 2
    assert found.df[0] == pytest.approx(max(2, 2 * n / (kurtosis - 3 + 2 * n / (n - 1))), abs=1e-9)
    assert found.top[0] == pytest.approx((x == 4).mean())


def test_the_error_inside_units_is_that_of_each_row_left_out_of_its_unit():
    parts = np.array_split(made(90).to_numpy(dtype=float), 3)

    def alpha(parts: list[np.ndarray]) -> float:
        cov = sum((p - p.mean(axis=0)).T @ (p - p.mean(axis=0)) for p in parts)
        k = cov.shape[0]
        return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))

    variance = 0.0
    for u, part in enumerate(parts):
        n = len(part)
        left = [alpha([*parts[:u], np.delete(part, i, axis=0), *parts[u + 1 :]]) for i in range(n)]
        variance += (n - 1) / n * ((np.array(left) - np.mean(left)) ** 2).sum()
    data = group(pd.DataFrame(np.concatenate(parts)).add_prefix("U"), np.repeat(["a", "b", "c"], 30))
    stack = listwise(data)
    pooled = within(data, stack)
    assert coefficients.alpha(pooled.cov)[0] == pytest.approx(alpha(parts), abs=1e-12)
    assert jackknife_within(data, stack, pooled).error[0] == pytest.approx(variance**0.5, abs=1e-12)


@pytest.mark.parametrize("n", [8, 29, 30, 60])
def test_below_thirty_answers_alpha_has_no_interval_and_says_why(n):
    row = one(reliability.table(made(n)), statistic="alpha", method="jackknife")
    assert np.isfinite(row.estimate)
    assert bool(np.isnan(row.lower) and np.isnan(row.upper)) == (n < 30)
    assert row.reason == ("interval-few" if n < 30 else "")


def test_where_nearly_all_answers_are_the_highest_an_interval_needs_more_of_them():
    x = np.full((40, 9), 4)
    x[:6] = made(6).to_numpy()
    x[:6, 0] = [1, 2, 3, 3, 2, 1]
    x[4:6, 1:] = 4
    few = one(reliability.table(pd.DataFrame(x).add_prefix("U")), statistic="alpha", method="jackknife")
    assert ((x == 4).mean() > 0.9, few.reason) == (True, "interval-ceiling")
    more = pd.DataFrame(np.concatenate([x, x])).add_prefix("U")
    assert one(reliability.table(more), statistic="alpha", method="jackknife").reason == ""


def test_every_printed_interval_covers_at_least_92_per_cent_in_the_committed_simulation():
    found = json.loads(COMMITTED.read_text(encoding="utf-8"))["coverage"]
    printed = [row for row in found if "(printed)" in row["interval"]]
    assert len({row["top"] for row in printed}) == len({row["n"] for row in printed}) - 1 == 4
    assert [row for row in printed if row["covered"] < simulated.LOWEST] == []
    by_size: dict[tuple[str, int], list[float]] = {}
    for row in printed:
        by_size.setdefault((row["interval"], row["n"]), []).append(row["covered"])
    assert {key: v for key, v in by_size.items() if np.mean(v) < 0.93} == {}


def test_those_that_are_not_printed_do_not_cover():
    found = json.loads(COMMITTED.read_text(encoding="utf-8"))["coverage"]
    for name in ("alpha, ADF", "alpha, Feldt", "alpha, Bonett", "alpha, BCa (ABC)", "omega, normal (ML)"):
        assert min(row["covered"] for row in found if row["interval"] == name) < 0.90


@pytest.mark.parametrize(("top", "n"), [(0.66, 30), (0.9, 50)])
def test_a_small_simulation_covers_as_the_committed_one_says(top, n):
    random = np.random.default_rng(7)
    loadings, cuts = simulated.population(top, 0.8)
    truth = float(coefficients.alpha(simulated.moments(loadings, cuts)[0]))
    data = simulated.grouped(simulated.draw(random, loadings, cuts, 600 * n), n)
    low, high = simulated.of_samples(data)["alpha, jackknife t (printed)"]
    known = np.isfinite(low)
    assert ((low <= truth) & (truth <= high))[known].mean() >= 0.91


def test_no_table_of_reliability_carries_limits_that_do_not_cover():
    table = reliability.table(made(400), np.repeat(["a", "b"], 200))
    bounded = table[table["lower"].notna()]
    assert set(zip(bounded["statistic"], bounded["method"])) == {
        ("alpha", "jackknife"), ("alpha", "pairwise"), ("alpha_within", "jackknife"), ("omega", "mlr"),
        ("omega_within", "mlr"),
    }  # fmt: skip


def test_a_negative_alpha_has_no_error_of_measurement():
    x = made(200).to_numpy(dtype=float)
    x[:, 4:] = 5 - x[:, 4:]
    table = reliability.table(pd.DataFrame(x).add_prefix("U"))
    assert one(table, statistic="alpha", method="jackknife").estimate < 0
    for name in ("sem", "smallest_difference"):
        row = one(table, statistic=name)
        assert (np.isnan(row.estimate), row.reason) == (True, "negative-alpha")
