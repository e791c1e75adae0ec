"""Which categories of respondents are told apart: small ones, those that determine one another, the city's (R6, R23).

A count is published of a category, or of several merged into one. Nothing published may be taken from
something else published so that one to four people are left: not a category of one question from another
question that says the same (disability and its kind), not one unit's from the city's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.statistics.data.levels import Groups
from pipeline.statistics.data.small_cells import N_MIN, merged_categories

Array = np.ndarray

#: Category of respondents for whom a characteristic is not recorded: a category like any other.
MISSING = "missing"
#: Where small categories go.
OTHER = "other"
#: Pairs where the second is a part, or a coarser form, of the first, whatever the answers look like.
KNOWN = (("disability", "disability_kind"), ("age", "age_band"))
#: From this share of errors on, that knowing one variable avoids in guessing another, they are one.
NEARLY = 0.75
#: Rows that are looked at, evenly spread, to find out whether two variables are one.
ENOUGH = 1_000_000


def families(found: Mapping[str, Groups]) -> list[tuple[str, ...]]:
    """Variables in groups that determine one another, exactly or nearly.

    Guttman's lambda: the share of errors in guessing one variable that knowing the other avoids.

    Parameters
    ----------
    found : mapping of name to Groups
        Category of each respondent, ``missing`` among them.

    Examples
    --------
    >>> kind = Groups(np.array([0, 1, 2, 2, 2]), ("blind", "deaf", "missing"))
    >>> disabled = Groups(np.array([1, 1, 0, 0, 0]), ("no", "yes"))
    >>> sex = Groups(np.array([0, 1, 0, 1, 0]), ("female", "male"))
    >>> families({"disability": disabled, "sex": sex, "disability_kind": kind})
    [('disability', 'disability_kind'), ('sex',)]
    """
    names, of = list(found), {name: name for name in found}
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            known = (first, second) in KNOWN or (second, first) in KNOWN
            if known or _determined(found[first], found[second]):
                old, new = of[second], of[first]
                of = {name: new if group == old else group for name, group in of.items()}
    return [tuple(n for n in names if of[n] == head) for head in dict.fromkeys(of.values())]


def _determined(one: Groups, two: Groups) -> bool:
    step = len(one.codes) // ENOUGH + 1
    joint = one.codes[::step].astype(np.int64) * len(two) + two.codes[::step]
    table = np.bincount(joint, minlength=len(one) * len(two))
    counts = table.reshape(len(one), len(two))
    for cells in (counts, counts.T):
        total = cells.sum()
        guessed = total - cells.sum(0).max(initial=0)
        if guessed and 1 - (total - cells.max(1, initial=0).sum()) / guessed >= NEARLY:
            return True
    return False


@dataclass
class Family:
    """Counts of one family of variables over its combinations of categories, for many units.

    Attributes
    ----------
    names : tuple of str
        The variables.
    ids : list of tuple of str
        Categories of each; `OTHER` is always one.
    of : list of ndarray of int
        Category of each combination, a variable each.
    counts : ndarray, units x combinations
    """

    names: tuple[str, ...]
    ids: list[tuple[str, ...]]
    of: list[Array]
    counts: Array

    @classmethod
    def read(cls, names: tuple[str, ...], found: Mapping[str, Groups], codes: Array, units: int) -> Family:
        """Count the combinations that occur; ``codes`` beyond ``units`` are of no unit."""
        joint = np.zeros(len(codes), dtype=np.int64)
        for name in names:
            joint = joint * len(found[name]) + found[name].codes
        combinations = np.flatnonzero(np.bincount(joint))
        size = len(combinations)
        place = np.zeros(int(combinations.max(initial=0)) + 1, dtype=np.int64)
        place[combinations] = np.arange(size)
        flat = place[joint]
        flat += np.minimum(codes, units).astype(np.int64) * size
        counts = np.bincount(flat, minlength=(units + 1) * size)[: units * size].reshape(units, size)
        of: list[Array] = []
        for name in reversed(names):
            of.insert(0, combinations % len(found[name]))
            combinations = combinations // len(found[name])
        ids = [found[name].ids if OTHER in found[name].ids else (*found[name].ids, OTHER) for name in names]
        return cls(names, ids, of, counts)

    def one_way(self, k: int, counts: Array | None = None) -> Array:
        """Counts of the categories of a variable."""
        counts = self.counts if counts is None else counts
        out = np.zeros((len(counts), len(self.ids[k])), dtype=np.int64)
        for c in range(len(self.ids[k])):
            out[:, c] = counts[:, self.of[k] == c].sum(1)
        return out

    def merged(self, counts: Array | None = None) -> list[Array]:
        """Categories of each variable that are merged, units x categories."""
        counts = self.counts if counts is None else counts
        chosen = [
            merged_categories(self.one_way(k, counts), ids.index(OTHER)) for k, ids in enumerate(self.ids)
        ]
        self.join(counts, chosen)
        return chosen

    def join(self, counts: Array, chosen: list[Array]) -> None:
        """Merge on until no category of one variable less those of another leaves one to four people."""
        again = len(self.names) > 1
        while again:
            again = False
            for a in range(len(self.names)):
                for b in range(a + 1, len(self.names)):
                    again |= self._pair(counts, chosen, a, b)

    def _pair(self, counts: Array, chosen: list[Array], a: int, b: int) -> bool:
        wide, high = len(self.ids[b]), len(self.ids[a])
        cells = self.of[a] * wide + self.of[b]
        grid = np.zeros((len(counts), high * wide), dtype=np.int64)
        for place in np.unique(cells):
            grid[:, place] = counts[:, cells == place].sum(1)
        grid = folded(grid.reshape(-1, high, wide), chosen[a], self.ids[a].index(OTHER), 1)
        grid = folded(grid, chosen[b], self.ids[b].index(OTHER), 2)
        small = ((grid > 0) & (grid < N_MIN)).any(axis=(1, 2))
        active = np.flatnonzero(small & (counts.sum(1) >= N_MIN))
        for u in active:
            _join_one(grid[u], chosen[a][u], chosen[b][u])
        return bool(len(active))


def _join_one(grid: Array, rows: Array, columns: Array) -> None:
    """Merge two blocks of the finer variable where a cell of one unit is small; changes both masks."""
    i, j = np.unravel_index(np.where(grid > 0, grid, np.iinfo(np.int64).max).argmin(), grid.shape)
    if (grid.sum(1) > 0).sum() > (grid.sum(0) > 0).sum():
        grid, rows, columns, i, j = grid.T, columns, rows, j, i
    # The smallest cell joins the largest one of its row: so the coarser variable is told as it was.
    beside = np.where(np.arange(grid.shape[1]) == j, -1, grid[i])
    if beside.max() <= 0:
        beside = np.where(np.arange(grid.shape[1]) == j, -1, grid.sum(0))
    columns[np.array([int(j), int(beside.argmax())])] = True


def folded(counts: Array, chosen: Array, other: int, axis: int) -> Array:
    """Counts with the merged categories of an axis moved to ``other``; the first axis is the units.

    Examples
    --------
    >>> folded(np.array([[40, 3, 7, 0]]), np.array([[False, True, True, False]]), 3, 1).tolist()
    [[40, 0, 0, 10]]
    """
    mask = chosen.reshape(*(len(counts) if a == 0 else -1 if a == axis else 1 for a in range(counts.ndim)))
    out = np.where(mask, 0, counts)
    np.moveaxis(out, axis, 0)[other] += np.where(mask, counts, 0).sum(axis)
    return out


def of_city(family: Family, chosen: Sequence[Array], counted: Array) -> list[Array]:
    """The city's counts of each variable's categories, such that less its units' they undo no merging.

    A unit's merged category could be read from the city's count less what the other units show. It is
    safe where its people could as well be elsewhere: another unit that merges the same two categories
    could have them, so that every published number stays. Else the city counts of that category what
    its units show of it, and the rest under ``other``: a sum of published numbers tells nothing new.

    Parameters
    ----------
    family : Family
    chosen : sequence of ndarray of bool
        From `Family.merged`.
    counted : ndarray of bool
        Units that are the city's.

    Returns
    -------
    list of ndarray of int
        Counts of the categories, one row, a variable each.
    """
    counts = family.counts[counted]
    total = counts.sum(0, keepdims=True)
    merged = family.merged(total)
    mine = [mask[counted] for mask in chosen]
    near = np.logical_or.reduce([mask.any(1) for mask in mine]) if len(counts) else np.zeros(0, dtype=bool)
    if near.any():
        some = counts[near]
        # Where a unit merges at all, a category it does not name may be among the merged ones.
        open_ = [
            mask[near].any(1, keepdims=True) & (mask[near] | (family.one_way(k, some) == 0))
            for k, mask in enumerate(mine)
        ]
        while not all(mask.all() for mask in merged) and (telling := _telling(family, some, open_, merged)):
            _merge_on(merged, telling)
    out = []
    for k, mask in enumerate(merged):
        parts = family.one_way(k, counts)
        shown = np.where(mine[k], 0, parts).sum(0, keepdims=True)
        whole = np.where(mask, shown, parts.sum(0, keepdims=True))
        whole[0, family.ids[k].index(OTHER)] += counts.sum() - whole.sum()
        out.append(whole)
    return out


def _telling(
    family: Family, counts: Array, open_: Sequence[Array], merged: Sequence[Array]
) -> list[tuple[int, int, Array]]:
    """Categories (variable, category, merged with it) of some unit that the city's counts would give away."""
    size = len(family.of[0])
    exchange = np.ones((len(counts), size, size), dtype=bool)
    free = np.ones((size, size), dtype=bool)
    for k, of in enumerate(family.of):
        same = of[:, None] == of[None, :]
        mine, city = open_[k][:, of], merged[k][0][of]
        exchange &= same | (mine[:, :, None] & mine[:, None, :])
        free &= same | (city[:, None] & city[None, :])
    # People whom the other units could give for those of q: theirs in r.
    held = np.where(exchange, counts[:, None, :], 0)
    given = held.sum(0)
    in_q = np.where(exchange, counts[:, :, None], 0)
    taken = in_q.sum(0)
    found = []
    for k, of in enumerate(family.of):
        for c in range(len(family.ids[k])):
            members = np.flatnonzero(of == c)
            own = counts[:, members].sum(1)
            parts = counts[:, members]
            few = ((parts > 0) & (parts < N_MIN)).any(1)
            units = np.flatnonzero(open_[k][:, c] & few)
            if not len(units):
                continue
            leaves, reach = np.ones(len(units), dtype=bool), np.zeros(len(units))
            for q in members:
                there = exchange[units, q] & (of != c)
                value = counts[units, q]
                able = np.where(free[q], np.inf, given[q] - held[units, q])
                # With what another variable tells, a part of a large category may be a few people.
                leaves &= (value >= N_MIN) | (np.where(there, able, 0).sum(1) >= value)
                others = np.where(free[q], np.inf, taken[q] - in_q[units, q])
                others = np.where(there, others, 0)
                more = np.minimum(np.minimum(counts[units], others).sum(1), others.max(1))
                reach = np.maximum(reach, more)
            telling = ~(leaves & (reach >= N_MIN - own[units]))
            if telling.any():
                # What these units merged with it, should it not be enough that the city counts it apart.
                with_it = open_[k][units[telling]] & (family.one_way(k, counts[units[telling]]) > 0)
                found.append((k, c, with_it.any(0)))
    return found


def _merge_on(merged: Sequence[Array], telling: Sequence[tuple[int, int, Array]]) -> None:
    """Let the city count fewer categories in full; changes the masks, or all of them at last."""
    changed = False
    for k, c, beside in telling:
        new = np.zeros_like(merged[k][0])
        new[c] = True
        if merged[k][0, c]:
            new |= beside
        changed |= bool((new & ~merged[k][0]).any())
        merged[k][0] |= new
    if not changed:
        for mask in merged:
            mask[:] = True
