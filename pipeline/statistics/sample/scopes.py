"""Who is in each published scope: one population for every figure of a city, type or agency (R23).

The index of a city is the mean of certain units. Whatever else is published of that city, whichever
module makes it, rests on the people of the same units, and nobody of a unit with fewer than five
valid answers is among them: what they answered changes nothing but counts of people. Decided here,
once, for all modules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import rules
from pipeline.statistics.data.counting import level_counts
from pipeline.statistics.data.eligibility import kinds_of
from pipeline.statistics.data.item_weights import item_lists
from pipeline.statistics.data.levels import UNKNOWN, aligned, groups, levels, with_items
from pipeline.statistics.data.small_cells import N_MIN
from pipeline.statistics.data.summary import valid_rows
from pipeline.statistics.sample.headline import for_ranking, headline_units, populations

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Units by which two published populations differ at the least, where they differ.
APART = 2
#: What there is a row of for a hidden unit: how many, whom it serves, and that its index is not told.
TOLD = (
    "n", "n_valid", "ikm", "letter", "population", "coverage", "required", "required_krejcie_morgan",
    "required_slovin", "shortfall", "target", "target_gap", "ikm_then", "outside", "threshold",
)  # fmt: skip
#: Headlines that leave out the units for information; the others take all with five valid answers.
STRICT = ("mean-of-units", "shared-unsur")


@dataclass(frozen=True)
class Scopes:
    """The units whose people stand behind what is published.

    Attributes
    ----------
    valid : mapping of unit to int
        Valid answers.
    hidden : frozenset of str
        Units of which only the number is told, and units of no register: they are in no scope.
    eligible : frozenset of str
        Listed units with five valid answers and an index.
    full : frozenset of str
        Of these, those that are not for information only.
    city : frozenset of str
        Units of the city's headline.
    types, parents : mapping of name to frozenset of str
    """

    valid: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    eligible: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()
    city: frozenset[str] = frozenset()
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parents: Mapping[str, frozenset[str]] = field(default_factory=dict)


def find(
    answers: pd.DataFrame,
    by: Any,
    *,
    listed: Sequence[str] | None = None,
    types: Mapping[str, str] | None = None,
    agencies: Mapping[str, Sequence[str]] | None = None,
    population: Mapping[str, int] | None = None,
    items: Mapping[str, Mapping[str, Any]] | None = None,
    rule: rules.Rule | str = "14/2017",
    scale: Sequence[int] = (1, 4),
    headline: str = "mean-of-units",
) -> Scopes:
    """Decide who is in each scope, as `index.table` does for its own rows.

    Parameters
    ----------
    answers, by, listed, types, agencies, population, items, rule, scale, headline
        As in `index.table`.

    Examples
    --------
    >>> import pandas as pd
    >>> found = find(pd.DataFrame({"U1": [4, 3] * 37}), ["a"] * 40 + ["b"] * 31 + ["c"] * 3)
    >>> sorted(found.city), sorted(found.hidden)
    (['a', 'b'], ['c'])
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    lv = levels(with_items(answers, items), scale)
    units = groups(aligned(answers, by), len(answers), listed)
    lists = item_lists(units.ids, lv.items, items, law)
    codes = units.codes.astype(np.intp)
    valid = valid_rows(lv, units, lists)
    asked = level_counts(lv, codes, len(units))[:, :, 1:].sum(2)
    register = set(units.ids if listed is None else listed) - {UNKNOWN}
    inside = np.array([unit in register for unit in units.ids], dtype=bool)
    eligible = inside & (valid >= N_MIN) & (((asked > 0) | ~lists.own).all(1) & lists.own.any(1))
    people = populations(units.ids, population)
    full = for_ranking(valid, people, law)
    city = base(eligible, full, people, headline)
    kinds = kinds_of(units.ids, types)
    names = sorted({str(name) for unit in units.ids if (name := (types or {}).get(unit))})
    counted, _ = headline_units(eligible, full, kinds, len(names))
    ids = np.array(units.ids, dtype=object)

    def named(mask: Array) -> frozenset[str]:
        return frozenset(map(str, ids[mask]))

    able = named(eligible)
    return Scopes(
        dict(zip(map(str, units.ids), valid.tolist(), strict=True)),
        named(~inside | (valid < N_MIN)),
        able,
        named(eligible & full),
        named(city),
        {name: named(counted & (kinds == number)) for number, name in enumerate(names)},
        {parent: able & frozenset(members) for parent, members in (agencies or {}).items()},
    )


def base(eligible: Array, full: Array, people: Array, headline: str) -> Array:
    """Units of a city's headline: those of every figure that is told of the city.

    Parameters
    ----------
    eligible : ndarray of bool
        Listed units with five valid answers and an index.
    full : ndarray of bool
        Units neither suppressed nor for information only.
    people : ndarray
        Users of each unit, NaN where not known.
    headline : str
        The definition's choice of `aggregate.METHODS`.

    Examples
    --------
    >>> yes, full = np.array([True] * 3), np.array([True, True, False])
    >>> base(yes, full, np.array([9.0, np.nan, 9.0]), "mean-of-units").tolist()
    [True, True, False]
    >>> base(yes, full, np.array([9.0, np.nan, 9.0]), "population-weighted").tolist()
    [True, False, True]
    """
    if headline in STRICT:
        return headline_units(eligible, full, np.zeros(len(eligible), dtype=np.int64), 1)[0]
    known = eligible & ~np.isnan(people)
    return known if headline == "population-weighted" and known.any() else eligible


def tell_apart(published: Sequence[Array], another: Array, valid: Array) -> bool:
    """Whether a figure of other units may stand beside those published.

    Two populations are the same, or differ by two units and five people at least: by less, the
    difference of two figures would be a figure of one unit.

    Parameters
    ----------
    published : sequence of ndarray of bool
        Units of each figure that is published.
    another : ndarray of bool
    valid : ndarray of int
        Valid answers of each unit.

    Examples
    --------
    >>> all_three, two = np.array([True] * 3), np.array([True, True, False])
    >>> tell_apart([all_three], two, np.array([40, 40, 9]))
    False
    >>> tell_apart([all_three], np.array([True, False, False]), np.array([40, 40, 9]))
    True
    """
    for one in published:
        between = one ^ another
        if between.any() and (between.sum() < APART or valid[between].sum() < N_MIN):
            return False
    return True


def city_of(
    whole: Scopes, units: Collection[str], people: Mapping[str, int], headline: str
) -> frozenset[str]:
    """Units of the headline of some units taken by themselves: a named set.

    Parameters
    ----------
    whole : Scopes
        Of all units.
    units : collection of str
    people : mapping of unit to users
    headline : str

    Examples
    --------
    >>> whole = Scopes(eligible=frozenset("abc"), full=frozenset("ab"))
    >>> sorted(city_of(whole, "ab", {}, "mean-of-units")), sorted(city_of(whole, "c", {}, "mean-of-units"))
    (['a', 'b'], ['c'])
    """
    ids = sorted(set(units) & whole.eligible)
    chosen = base(
        np.ones(len(ids), dtype=bool), np.array([unit in whole.full for unit in ids], dtype=bool),
        populations(ids, people), headline,
    )  # fmt: skip
    return frozenset(unit for unit, here in zip(ids, chosen, strict=True) if here)


def tells_one(published: Sequence[Collection[str]], another: Collection[str]) -> bool:
    """Whether sums over these groups of units give, with one more group, the sum of a single unit.

    A figure of counts or sums is published of each group: whatever can be added and subtracted
    from them is known as well. A unit lies bare where its indicator is in the row space of the groups'.

    Parameters
    ----------
    published : sequence of collection of str
        Units of each group.
    another : collection of str

    Examples
    --------
    >>> tells_one(["abcd"], "abc"), tells_one(["abcd"], "ab"), tells_one(["abcde", "ab"], "cd")
    (True, False, True)
    """
    rows = [frozenset(group) for group in (*published, another) if len(group)]
    patterns: dict[tuple[bool, ...], int] = {}
    for unit in sorted(frozenset().union(*rows)):
        pattern = tuple(unit in row for row in rows)
        patterns[pattern] = patterns.get(pattern, 0) + 1
    if not patterns:
        return False
    # Units that stand in the same groups are never told apart: a column for each kind of unit.
    matrix = np.array([[float(here) for here in pattern] for pattern in patterns]).T
    rank = np.linalg.matrix_rank(matrix)
    for place, count in enumerate(patterns.values()):
        alone = np.zeros((1, matrix.shape[1]))
        alone[0, place] = 1.0
        if count < APART and np.linalg.matrix_rank(np.vstack([matrix, alone])) == rank:
            return True
    return False


def told(table: pd.DataFrame, hidden: Collection[str]) -> pd.DataFrame:
    """Leave of hidden units the rows that say how many there are, and that the rest is not told.

    Which items the people of such a unit answered, how many answered all, and about which service,
    is theirs as well: there is no row of it, blank or not.

    Parameters
    ----------
    table : DataFrame
        A result table.
    hidden : collection of str
        From `find`.

    Examples
    --------
    >>> from pipeline import results
    >>> rows = results.frame([{"scope": "unit", "unit": "a", "statistic": s, "item": i}
    ...                       for s, i in (("n", ""), ("nrr", "U1"), ("sd", ""))])
    >>> told(rows, {"a"}).statistic.tolist()
    ['n']
    """
    rows = table["unit"].isin(list(hidden)) & table["scope"].isin(["unit", "service"])
    if not rows.any():
        return table
    plain = (table["item"] == "") & (table["service"] == "") & table["statistic"].isin(TOLD)
    return table[~rows | plain].reset_index(drop=True)
