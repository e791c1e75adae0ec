"""Linear relations with whole unknowns: what follows of a hidden number, exactly or as a range."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

#: Whoever confines a hidden number to fewer values than this has learned it.
WIDTH = 5


class Relations:
    """Unknown whole numbers, each within bounds, and sums of them that are published."""

    def __init__(self, low: float = 0, high: float = np.inf) -> None:
        self.low, self.high = low, high
        self.place: dict[Hashable, int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.sums: list[tuple[dict[int, float], float]] = []
        self._made: tuple[int, csr_array, np.ndarray] | None = None

    def unknown(self, name: Hashable, low: float | None = None, high: float | None = None) -> int:
        """Number of an unknown, made when it is first named."""
        if name not in self.place:
            self.place[name] = len(self.place)
            self.bounds.append((self.low if low is None else low, self.high if high is None else high))
        return self.place[name]

    def add(self, parts: Mapping[Hashable, float] | Iterable[Hashable], value: float) -> None:
        """State that a weighted sum of unknowns is a number."""
        if not isinstance(parts, Mapping):
            parts = dict.fromkeys(parts, 1.0)
        self.sums.append(({self.unknown(name): weight for name, weight in parts.items()}, value))

    def matrix(self) -> tuple[csr_array, np.ndarray]:
        """The relations as a matrix and its right side."""
        if self._made and self._made[0] == len(self.sums):
            return self._made[1:]
        entries = [
            (row, column, w) for row, (parts, _) in enumerate(self.sums) for column, w in parts.items()
        ]
        rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.sums), len(self.place))
        made = csr_array((weights, (rows, columns)), shape=shape)
        self._made = (len(self.sums), made, np.array([v for _, v in self.sums]))
        return self._made[1:]

    def within(
        self, parts: Mapping[Hashable, float], besides: Iterable[tuple[Iterable[Hashable], float]] = ()
    ) -> tuple[float, float] | None:
        """Least and most that a weighted sum of unknowns can be; None where nothing fits what is supposed besides."""
        a, b = self.matrix()
        besides = list(besides)
        if besides:
            more = Relations()
            more.place, more.sums = self.place, []
            for names, value in besides:
                more.add(names, value)
            a, b = vstack([a, more.matrix()[0]]), np.concatenate([b, more.matrix()[1]])
        target = np.zeros(len(self.place))
        for name, weight in parts.items():
            target[self.place[name]] = weight
        ends = []
        for sign in (1, -1):
            made = linprog(sign * target, A_eq=a, b_eq=b, bounds=self.bounds, method="highs")
            if made.status == 2 and besides:
                return None
            assert made.success, "what is published contradicts itself"
            ends.append(sign * made.fun)
        # The unknowns are whole numbers.
        return float(np.ceil(ends[0] - 1e-5)), float(np.floor(ends[1] + 1e-5))
