"""Adjusted p-values and the levels tests were held to, against statsmodels, SciPy and paper."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from pipeline.statistics.data import multiplicity


def test_holm_of_many_families_is_statsmodels_of_each() -> None:
    random = np.random.default_rng(2)
    p = random.random((4, 7)) ** 3
    p[1, 2:5] = 0.01
    for row, found in zip(p, multiplicity.holm(p), strict=True):
        assert found.tolist() == multipletests(row, method="holm")[1].tolist()


def test_holm_keeps_the_order_of_the_p_values_and_leaves_out_what_is_not_known() -> None:
    # 0.01 x 4, then 0.015 x 3, then max(0.045, 0.02 x 2), then max(0.045, 0.04).
    found = multiplicity.holm(np.array([0.04, 0.01, 0.02, 0.015]))
    assert found == pytest.approx([0.045, 0.04, 0.045, 0.045])
    assert multiplicity.holm(np.array([0.5, np.nan, 0.9]))[[0, 2]] == pytest.approx([1.0, 1.0])
    assert np.isnan(multiplicity.holm(np.array([[0.01, np.nan]]))[0, 1])
    assert not len(multiplicity.holm(np.array([])))


def test_benjamini_hochberg_equals_scipy_and_leaves_out_what_is_not_known() -> None:
    p = np.random.default_rng(1).uniform(0, 0.2, 30)
    p[[3, 7]] = 0.05
    gaps = np.where(np.arange(30) % 5, p, np.nan)
    assert multiplicity.benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p))
    found, known = multiplicity.benjamini_hochberg(gaps), np.isfinite(gaps)
    assert found[known] == pytest.approx(stats.false_discovery_control(gaps[known]))
    assert np.isnan(found[~known]).all()
    assert np.isnan(multiplicity.benjamini_hochberg(np.full(3, np.nan))).all()


@pytest.fixture
def few_objects():
    """`multipletests` collects garbage in every call: what the session holds is set aside, as in conftest."""
    gc.freeze()


@pytest.mark.usefixtures("few_objects")
def test_the_levels_reject_what_statsmodels_rejects() -> None:
    random = np.random.default_rng(4)
    for _ in range(50):
        p = random.uniform(0, 1, 30) ** random.integers(1, 6)
        holm, bh = (multipletests(p, method=name)[0] for name in ("holm", "fdr_bh"))
        assert (p < multiplicity.holm_levels(p)).tolist() == holm.tolist()
        assert (p < multiplicity.benjamini_hochberg_level(p)).tolist() == bh.tolist()


def test_nothing_known_and_nothing_found_have_a_level_all_the_same() -> None:
    assert np.isnan(multiplicity.holm_levels(np.full(2, np.nan))).all()
    assert multiplicity.benjamini_hochberg_level(np.full(2, np.nan)) == 0.05
    assert multiplicity.holm_levels(np.array([0.5, 0.9])).tolist() == [0.025, 0.025]
