"""A set of numbers that is asked whether it holds one that prints as another."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class Pool:
    """A set of numbers that is asked whether it holds one that prints as another."""

    def __init__(self, values: Iterable[float]) -> None:
        array = np.asarray(list(values) if not isinstance(values, np.ndarray) else values, dtype=float)
        self.values = np.unique(array[np.isfinite(array)])

    def near(self, value: float, half: float, whole: bool = False) -> bool:
        """Whether a value lies within half a printed place; a whole number must be one."""
        slack = 1e-6 if whole else half * (1 + 1e-6) + 1e-9
        place = np.searchsorted(self.values, value - slack)
        return bool(place < len(self.values) and self.values[place] <= value + slack)
