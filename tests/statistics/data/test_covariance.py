"""Covariances of all units at once: against pandas, unit by unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.statistics.data.covariance import listwise, pairwise
from pipeline.statistics.data.grouped import group

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")


def answers(missing: float) -> tuple[pd.DataFrame, pd.Series]:
    random = np.random.default_rng(4)
    found = pd.DataFrame(random.integers(1, 5, (300, 4)), columns=list("abcd")).astype("Int8")
    return found.mask(random.random(found.shape) < missing), pd.Series(random.choice(["x", "y", "z"], 300))


def by_unit(frame: pd.DataFrame, by: pd.Series) -> np.ndarray:
    return frame.astype(float).groupby(by).cov().to_numpy().reshape(3, 4, 4)


def test_covariances_of_complete_rows_are_those_of_pandas():
    frame, by = answers(0.1)
    whole = frame.notna().all(axis=1)
    found = listwise(group(frame, by))
    assert found.n.tolist() == by[whole].value_counts().sort_index().tolist()
    np.testing.assert_allclose(found.cov, by_unit(frame[whole], by[whole]), atol=1e-12)


def test_covariances_of_every_pair_by_itself_are_those_of_pandas():
    frame, by = answers(0.1)
    np.testing.assert_allclose(pairwise(group(frame, by)).cov, by_unit(frame, by), atol=1e-12)
