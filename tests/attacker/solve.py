"""Linear relations with whole unknowns: what follows of a hidden number, exactly or as a range."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

#: Whoever confines a hidden number to fewer values than this has learned it.
WIDTH = 5


class Relations:
    """Unknown whole numbers, each within bounds, and sums of them that are published."""

    def __init__(self, low: float = 0, high: float = np.inf) -> None:
        self.low, self.high = low, high
        self.place: dict[Hashable, int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.sums: list[tuple[dict[int, float], float]] = []

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
        entries = [
            (row, column, w) for row, (parts, _) in enumerate(self.sums) for column, w in parts.items()
        ]
        rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.sums), len(self.place))
        return csr_array((weights, (rows, columns)), shape=shape), np.array([v for _, v in self.sums])

    def solvable(self, parts: Iterable[Hashable]) -> bool:
        """Whether a sum of unknowns follows from the relations by linear algebra alone."""
        a = self.matrix()[0].toarray()
        target = np.zeros(len(self.place))
        target[[self.place[name] for name in parts]] = 1
        if not len(a):
            return False
        weights, *_ = np.linalg.lstsq(a.T, target, rcond=None)
        return bool(np.abs(a.T @ weights - target).max() < 1e-8)

    def within(self, parts: Iterable[Hashable]) -> tuple[float, float]:
        """Least and most that a sum of unknowns can be in whole numbers."""
        a, b = self.matrix()
        target = np.zeros(len(self.place))
        target[[self.place[name] for name in parts]] = 1
        low, high = np.array(self.bounds).T
        ends = []
        for sign in (1, -1):
            made = milp(
                sign * target, integrality=np.ones(len(target)), bounds=(low, high),
                constraints=LinearConstraint(a, b - 1e-7, b + 1e-7) if len(b) else (),
            )  # fmt: skip
            if made.status == 3:  # unbounded
                ends.append(sign * -np.inf)
            else:
                assert made.success, "what is published contradicts itself"
                ends.append(sign * made.fun)
        return round(ends[0]), ends[1] if np.isinf(ends[1]) else round(ends[1])
