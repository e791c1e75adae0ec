"""Answers of nasty units: each function draws an integer table of respondents x unsur, from 1 to 4."""

from __future__ import annotations

import numpy as np

#: Cut points of a satisfaction that leaves most answers at 3 and 4, as surveys of this kind do.
CUTS = (-2.3, -1.4, 0.25)


def cut(latent: np.ndarray) -> np.ndarray:
    """Answers 1 to 4 of a latent satisfaction."""
    return 1 + sum((latent > c).astype(int) for c in CUTS)


def ordinary(rng: np.random.Generator, n: int, items: int = 9, shift: float = 0.0) -> np.ndarray:
    """One common factor, unsur that differ a little (the third and the ninth lower)."""
    level = np.zeros(items)
    level[2], level[-1] = -0.6, -0.4
    trait = rng.normal(size=(n, 1))
    return cut(0.2 + shift + level + 0.6 * trait + 0.8 * rng.normal(size=(n, items)))


def opposed(rng: np.random.Generator, n: int, items: int = 9) -> np.ndarray:
    """Half of the unsur go against the other half: alpha is negative."""
    sign = np.where(np.arange(items) % 2 == 0, 1.0, -1.0)
    return cut(0.1 + 0.8 * sign * rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=(n, items)))


def two_factors(rng: np.random.Generator, n: int, first: bool, items: int = 9) -> np.ndarray:
    """Two factors, the second against the first in one unit and beside it in the other; means far apart."""
    sign = np.where(np.arange(items) < items // 2, 1.0, -1.0 if first else 1.0)
    shift = 1.0 if first else -1.2
    return cut(shift + 0.7 * sign * rng.normal(size=(n, 1)) + 0.6 * rng.normal(size=(n, items)))


def constant_item(rng: np.random.Generator, n: int, item: int = 3) -> np.ndarray:
    """One unsur is answered 4 by everyone."""
    table = ordinary(rng, n)
    table[:, item] = 4
    return table


def all_fours(n: int, items: int = 9) -> np.ndarray:
    """Everyone answers 4 to everything."""
    return np.full((n, items), 4)


def ties(rng: np.random.Generator, n: int, items: int = 9) -> np.ndarray:
    """Every unsur has the same answers in another order: all means are exactly equal."""
    column = cut(0.2 + rng.normal(size=n))
    return np.stack([rng.permutation(column) for _ in range(items)], axis=1)


def no_channel(rng: np.random.Generator, n: int, item: int = 7) -> np.ndarray:
    """Every second respondent says that there is no complaint channel (U8 = 1)."""
    table = ordinary(rng, n)
    table[:, item] = np.where(np.arange(n) % 2 == 0, 1, 4)
    return table


def padded(rng: np.random.Generator, n: int, part: float = 0.35) -> np.ndarray:
    """The last part of the rows repeats a block of ten rows of before, in the same order."""
    table = ordinary(rng, n)
    first = n - round(part * n)
    block = table[:10]
    for place in range(first, n):
        table[place] = block[(place - first) % len(block)]
    return table
