"""Services of a unit are compared by a test, never by looking at two intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.statistics.compare import services
from pipeline.statistics.data.multiplicity import holm


def scores(seed: int, **sizes: tuple[int, float]) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    drawn = {name: rng.integers(60, 100, n) + shift for name, (n, shift) in sizes.items()}
    score = pd.Series(np.concatenate(list(drawn.values())))
    return score, pd.Series(np.repeat(list(drawn), [len(x) for x in drawn.values()]))


def test_two_services_without_skewness_are_welchs_test() -> None:
    score, service = scores(1, loket=(40, 0.0), poli=(70, 4.0))
    # Mirrored about its mean each service is without skewness, and Hall's transformation does nothing.
    score = pd.concat([score, 2 * score.groupby(service).transform("mean") - score], ignore_index=True)
    service = pd.concat([service, service], ignore_index=True)
    t = services.table(score, ["a"] * len(score), service).set_index("service")
    want = stats.ttest_ind(score[service == "loket"], score[service == "poli"], equal_var=False)
    assert t.p.tolist() == pytest.approx([want.pvalue, want.pvalue], rel=1e-9)
    assert t.df["loket"] == pytest.approx(want.df, rel=1e-12)
    assert t.lower["loket"] == pytest.approx(want.confidence_interval().low, rel=1e-9)
    assert t.p_adjusted.tolist() == pytest.approx([min(1, 2 * want.pvalue)] * 2)


def test_three_services_are_held_against_the_simple_mean_of_the_other_two() -> None:
    score, service = scores(2, a=(30, 0.0), b=(31, 0.0), c=(90, 9.0))
    t = services.table(score, ["u"] * len(score), service).set_index("service")
    by = score.groupby(service)
    m, e = by.mean(), by.var() / by.size()
    assert t.estimate["c"] == pytest.approx(m["c"] - (m["a"] + m["b"]) / 2)
    error = np.sqrt(e["c"] + (e["a"] + e["b"]) / 4)
    df = error**4 / (e["c"] ** 2 / 89 + (e["a"] ** 2 / 29 + e["b"] ** 2 / 30) / 16)
    third = {k: x.sub(x.mean()).pow(3).sum() * len(x) / (len(x) - 1) / (len(x) - 2) for k, x in by}
    g = (third["c"] / 90**2 - (third["a"] / 30**2 + third["b"] / 31**2) / 8) / error**3
    raw = t.estimate["c"] / error
    p = 2 * stats.t.sf(abs(raw + g * raw**2 / 3 + g**2 * raw**3 / 27 + g / 6), df)
    assert t.p["c"] == pytest.approx(p, rel=1e-10)
    assert t.text["c"] == "above"
    assert t.p_adjusted.tolist() == pytest.approx(holm(t.p.to_numpy()).tolist())


def test_units_do_not_share_a_family_or_a_rest() -> None:
    one, kinds = scores(3, a=(40, 0.0), b=(40, 3.0))
    two, other = scores(4, a=(50, 0.0), b=(60, 0.0), c=(35, 2.0))
    both = services.table(
        pd.concat([one, two], ignore_index=True), ["x"] * 80 + ["y"] * 145, [*kinds, *other]
    )
    alone = [services.table(one, ["x"] * 80, kinds), services.table(two, ["y"] * 145, other)]
    pd.testing.assert_frame_equal(both, pd.concat(alone, ignore_index=True))


def test_a_service_below_thirty_takes_no_part_alone_or_among_the_others() -> None:
    score, service = scores(5, a=(40, 0.0), b=(40, 0.0), small=(29, -30.0))
    t = services.table(score, ["u"] * len(score), service).set_index("service")
    assert t.reason["small"] == "too-few"
    assert np.isnan(t.estimate["small"])
    kept = service != "small"
    without = services.table(score[kept], ["u"] * 80, service[kept]).set_index("service")
    assert t.estimate["a"] == without.estimate["a"]


def test_a_hidden_service_has_no_row_and_no_part() -> None:
    score, service = scores(6, a=(40, 0.0), b=(40, 0.0), c=(40, 5.0))
    t = services.table(score, ["u"] * 120, service, hidden={("u", "c")})
    assert t.service.tolist() == ["a", "b"]
    assert t.denominator.tolist() == [2, 2]


def test_one_service_or_no_variance_is_undefined_with_a_reason() -> None:
    one = services.table(pd.Series([80.0, 90] * 20), ["u"] * 40, ["a"] * 40)
    assert one.reason.tolist() == ["few-groups"]
    flat = services.table(pd.Series([100.0] * 80), ["u"] * 80, ["a"] * 40 + ["b"] * 40)
    assert flat.reason.tolist() == ["no-variance"] * 2
    assert services.table(pd.Series([], dtype=float), [], []).empty


def test_equal_services_are_rarely_told_apart() -> None:
    rng = np.random.default_rng(7)
    score = pd.Series(rng.choice([75.0, 77.8, 86.1, 91.7, 100.0], 400 * 240, p=[0.2, 0.2, 0.2, 0.2, 0.2]))
    unit, service = np.repeat(np.arange(400).astype(str), 240), np.tile(np.repeat(list("abcd"), 60), 400)
    t = services.table(score, unit, service)
    flagged = t.groupby("unit").text.agg(lambda words: (words != "undecided").any()).mean()
    assert flagged <= 0.075  # 5 % allowed; three binomial errors of 400 units on top
