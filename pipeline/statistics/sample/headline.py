"""Which units make the headline of a city or a type (R5, R6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from pipeline import rules

Array = np.ndarray

#: Populations up to this are looked up; a larger one needs no fewer than a smaller.
_LOOKED_UP = 500


@lru_cache(maxsize=8)
def _needed(law: rules.Rule) -> Array:
    """Answers that make a unit more than information, by population 0 to `_LOOKED_UP`."""
    return np.array([rules.enough(rules.required(people, law)) for people in range(_LOOKED_UP + 1)])


def for_ranking(valid: Array, people: Array, law: rules.Rule) -> Array:
    """Whether each unit is neither suppressed nor for information only, as `rules.sign` says.

    Parameters
    ----------
    valid : ndarray of int
        Valid answers.
    people : ndarray
        Service users; NaN where not known.
    law : Rule

    Examples
    --------
    >>> law = rules.load("14/2017")
    >>> for_ranking(np.array([3, 8, 8, 29, 30]), np.array([3.0, 8, 500, np.nan, 90_000]), law).tolist()
    [False, True, False, False, True]
    """
    place = np.clip(np.where(np.isfinite(people), people, 0), 0, _LOOKED_UP).astype(np.intp)
    needed: Array = _needed(law)[place]
    return (valid >= rules.PRIVATE_BELOW) & (valid >= needed)


def populations(ids: Sequence[str], population: Mapping[str, int] | None) -> Array:
    """Population of each group as float; NaN where it is not known.

    Examples
    --------
    >>> populations(["a", "b"], {"a": 40}).tolist()
    [40.0, nan]
    """
    import pandas as pd

    given = population or {}
    values = [given.get(unit) for unit in ids]
    return np.array([np.nan if v is None or pd.isna(v) or v <= 0 else float(v) for v in values], dtype=float)


def headline_units(eligible: Array, full: Array, codes: Array, size: int) -> tuple[Array, Array]:
    """Units that make each group's headline, and which headlines are for information only.

    The simple mean is that of the units neither suppressed nor for information; where these are fewer
    than half of the units with at least five answers, all of those make it, and it is called for
    information.

    Parameters
    ----------
    eligible : ndarray of bool
        Listed units with at least five valid answers and an index.
    full : ndarray of bool
        From `for_ranking`.
    codes : ndarray of int
        Group of each unit; ``size`` or more: none.
    size : int
        Number of groups.

    Examples
    --------
    >>> yes = np.array([True] * 4)
    >>> counted, information = headline_units(yes, np.array([True, True, False, False]), np.zeros(4, int), 1)
    >>> counted.tolist(), information.tolist()
    ([True, True, False, False], [False])
    >>> headline_units(yes, np.array([True, False, False, False]), np.zeros(4, int), 1)[1].tolist()
    [True]
    """
    inside = eligible & (codes >= 0) & (codes < size)
    groups = np.where(inside, codes, size)
    all_units = np.bincount(groups, minlength=size + 1)[:size]
    enough = np.bincount(groups[inside & full], minlength=size + 1)[:size]
    information = 2 * enough < all_units
    falls_back = np.append(information, False)[groups]
    return inside & (full | falls_back), information
