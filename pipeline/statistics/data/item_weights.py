"""Which items make a unit's index, with exact weights (R1, R12), and the exact index itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pipeline import rules
from pipeline.statistics.data.levels import Levels

#: Largest integer a result table holds.
LARGEST = 2**63 - 1
_CUT = 10**16


@dataclass(frozen=True)
class ItemLists:
    """Item lists of all groups: ``lists[of_group[g]]`` maps item position to weight."""

    lists: tuple[dict[int, Fraction], ...]
    of_group: np.ndarray
    items: tuple[str, ...]

    @property
    def own(self) -> np.ndarray:
        """Groups x items: whether the item belongs to the group's index."""
        table = np.zeros((len(self.lists), len(self.items)), dtype=bool)
        for row, entry in zip(table, self.lists, strict=True):
            row[list(entry)] = True
        return table[self.of_group]

    @property
    def weight(self) -> np.ndarray:
        """Groups x items: the weights as floats, 0 where not owned."""
        table = np.zeros((len(self.lists), len(self.items)))
        for row, entry in zip(table, self.lists, strict=True):
            for position, weight in entry.items():
                row[position] = float(weight)
        return table[self.of_group]

    @property
    def equal(self) -> np.ndarray:
        """Whether the items of each group all weigh the same."""
        return np.array([len(set(entry.values())) == 1 for entry in self.lists], dtype=bool)[self.of_group]

    def shared(self, groups: np.ndarray) -> tuple[int, ...]:
        """Positions of the items that every one of these groups asks."""
        used = [set(self.lists[i]) for i in np.unique(self.of_group[groups])]
        return tuple(sorted(set.intersection(*used))) if used else ()

    def uniform(self, groups: np.ndarray) -> bool:
        """Whether these groups all use one list."""
        return len(np.unique(self.of_group[groups])) <= 1

    def same_items(self, groups: np.ndarray) -> bool:
        """Whether these groups all ask the same items, whatever these weigh."""
        return len({frozenset(self.lists[i]) for i in np.unique(self.of_group[groups])}) <= 1

    def take(self, of_new: np.ndarray) -> ItemLists:
        """Lists of new groups, each taking that of an old one."""
        return ItemLists(self.lists, self.of_group[of_new], self.items)


def equal_lists(positions: Sequence[int], items: Sequence[str], size: int) -> ItemLists:
    """One list with equal weights for every group."""
    entry = {int(p): Fraction(1, len(positions)) for p in positions}
    return ItemLists((entry,), np.zeros(size, dtype=np.int64), tuple(items))


def foreign_to(lv: Levels, law: rules.Rule, items: Mapping[str, Mapping[str, object]] | None = None) -> bool:
    """Say whether an index is none of the regulation's (R11): no letter, no printed weights.

    See `rules.foreign`, which decides it.

    Parameters
    ----------
    lv : Levels
        Answers, with the items asked and the scale.
    law : Rule
    items : mapping, optional
        Lists of units that replace the regulation's unsur.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import levels
    >>> law = rules.load("14/2017")
    >>> asked = [pd.DataFrame({name: [1, 4]}) for name in ("U1", "own.a")]
    >>> [foreign_to(levels(answers), law) for answers in asked], foreign_to(levels(asked[0], (1, 5)), law)
    ([False, True], True)
    """
    own = {item for weights in (items or {}).values() for item in weights}
    return rules.foreign(law, (lv.low, lv.high), lv.items, own)


def item_lists(
    units: Sequence[str],
    columns: Sequence[str],
    items: Mapping[str, Mapping[str, Fraction]] | None,
    rule: rules.Rule,
) -> ItemLists:
    """Give each unit its list: its own where given, else all columns (or the rule's unsur).

    Raises
    ------
    WeightError
        If a unit's weights do not sum to exactly 1, or name a column that is not there.
    """
    position = {name: i for i, name in enumerate(columns)}
    official = [position[code] for code in rule.codes if code in position]
    usual = official if items and official else list(range(len(columns)))
    default = {p: Fraction(1, len(usual)) for p in usual}
    found: dict[tuple[tuple[int, Fraction], ...], int] = {tuple(default.items()): 0}
    of_unit = np.zeros(len(units), dtype=np.int64)
    for row, unit in enumerate(units):
        own = (items or {}).get(unit)
        if own is None:
            continue
        absent = [name for name in own if name not in position]
        if absent:
            raise rules.WeightError(f"unit {unit!r} weighs {', '.join(absent)}, which has no answers column")
        try:
            parsed = rules.parse_weights(own)
        except rules.WeightError as problem:
            raise rules.WeightError(f"unit {unit!r}: {problem}") from None
        key = tuple(sorted((position[name], weight) for name, weight in parsed.items()))
        of_unit[row] = found.setdefault(key, len(found))
    return ItemLists(tuple(dict(key) for key in found), of_unit, tuple(columns))


def exact_indices(
    sums: np.ndarray, counts: np.ndarray, lists: ItemLists, factor: Fraction
) -> list[Fraction | None]:
    """Exact index of every group: factor x sum of weight x (sum / count).

    None where an item of the group's list is unanswered. Plain integers until the last step: one
    fraction a group.
    """
    plans = []
    for entry in lists.lists:
        common = math.lcm(*(w.denominator for w in entry.values())) if entry else 1
        steps = [(j, w.numerator * (common // w.denominator)) for j, w in entry.items()]
        plans.append((steps, common * factor.denominator))
    top = factor.numerator
    out: list[Fraction | None] = []
    for s, n, chosen in zip(sums.tolist(), counts.tolist(), lists.of_group.tolist(), strict=True):
        steps, bottom = plans[chosen]
        parts: dict[int, int] = {}
        for j, weight in steps:
            parts[n[j]] = parts.get(n[j], 0) + weight * s[j]
        if not parts or 0 in parts:
            out.append(None)
            continue
        numerator, denominator = 0, 1
        for size, part in parts.items():
            numerator = numerator * size + part * denominator
            denominator *= size
        out.append(Fraction(top * numerator, bottom * denominator))
    return out


def exact_means(
    values: Sequence[Fraction | None], of_value: np.ndarray, size: int, weights: Sequence[int] | None = None
) -> list[Fraction | None]:
    """Exact (weighted) mean of exact values within each group.

    Values of one denominator are added as integers first, so that the mean of thousands of units
    costs a few fractions.
    """
    parts: list[dict[int, int]] = [{} for _ in range(size)]
    totals = [0] * size
    for i, (value, group) in enumerate(zip(values, of_value.tolist(), strict=True)):
        if value is None or not 0 <= group < size:
            continue
        weight = 1 if weights is None else int(weights[i])
        parts[group][value.denominator] = parts[group].get(value.denominator, 0) + weight * value.numerator
        totals[group] += weight
    return [
        _total([Fraction(a, b) for b, a in part.items()]) / total if total else None
        for part, total in zip(parts, totals, strict=True)
    ]


def _total(terms: list[Fraction]) -> Fraction:
    # Pairwise: adding one by one would drag the full common denominator through every step.
    while len(terms) > 1:
        pairs = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = [*pairs, *terms[2 * len(pairs) :]]
    return terms[0] if terms else Fraction(0)


def storable(value: Fraction | None) -> tuple[int | None, int | None]:
    """Numerator and denominator that fit a result table.

    The fraction itself where both fit 64 bits. With gaps every item has its own denominator and
    their product may not; then the index is cut (never rounded up) to 16 decimals. No border of a
    letter and no rounding border lies between the two, because every border is itself such a
    decimal; the exact sums stand in the ``nrr`` rows.
    """
    if value is None:
        return None, None
    if value.denominator <= LARGEST and abs(value.numerator) <= LARGEST:
        return value.numerator, value.denominator
    return (value.numerator * _CUT) // value.denominator, _CUT


def storable_all(values: Sequence[Fraction | None]) -> tuple[np.ndarray, np.ndarray]:
    """`storable` for many, as object arrays with None where there is no value."""
    pairs = np.empty((len(values), 2), dtype=object)
    for i, value in enumerate(values):
        pairs[i] = storable(value)
    return pairs[:, 0], pairs[:, 1]


def as_floats(values: Sequence[Fraction | None]) -> np.ndarray:
    """Nearest floats; NaN where there is no value."""
    return np.array([np.nan if v is None else v.numerator / v.denominator for v in values], dtype=float)


def letters(values: Sequence[Fraction | None], rule: rules.Rule) -> np.ndarray:
    """Letters of exact indices (R3), ``""`` where there is none; see `pipeline.rules.letter`."""
    bounds = [(int(grade.lower * 100), grade.letter) for grade in rule.letters]
    out = np.full(len(values), "", dtype=object)
    for i, value in enumerate(values):
        if value is None:
            continue
        # Half up in whole hundredths: the same as rules.round_half_up, without making a Decimal.
        hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
        out[i] = next((name for lower, name in bounds if hundredths >= lower), bounds[-1][1])
    return out


def letters_of_pairs(numerator: np.ndarray, denominator: np.ndarray, rule: rules.Rule) -> np.ndarray:
    """Letters of many small exact fractions at once, in integer arithmetic; ``""`` where the denominator is 0."""
    safe = np.where(denominator > 0, denominator, 1)
    hundredths = (200 * numerator + safe) // (2 * safe)
    out = np.full(numerator.shape, rule.letters[-1].letter, dtype=object)
    for grade in reversed(rule.letters[:-1]):
        out[hundredths >= int(grade.lower * 100)] = grade.letter
    out[denominator <= 0] = ""
    return out
