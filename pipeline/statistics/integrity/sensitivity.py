"""The index without flagged rows, of every unit and of the city: one definition for every page (R10).

Nothing is excluded. What a page says of the index "without" is one of these rows: the same rows are
left out (method = the flag; ``any`` is what sentences speak of), by the same exact index, and in the city
the units are those of its headline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from pipeline import rules
from pipeline.statistics.data.item_weights import (
    ItemLists,
    as_floats,
    exact_means,
    letters,
    storable_all,
)
from pipeline.statistics.data.levels import Groups, Levels
from pipeline.statistics.data.rows import Blocks, choose
from pipeline.statistics.data.summary import Summary, summarise, without
from pipeline.statistics.index.hall import hall_interval
from pipeline.statistics.index.rows import FEW
from pipeline.statistics.sample.headline import for_ranking
from pipeline.statistics.sample.scopes import base

Array = np.ndarray


def emit(
    blocks: Blocks,
    levels: Levels,
    units: Groups,
    flagged: Mapping[str, Array],
    before: Summary,
    *,
    lists: ItemLists,
    law: rules.Rule,
    foreign: bool,
    listed: Array,
    people: Array,
    of_city: bool,
    headline_way: str = "mean-of-units",
) -> None:
    """Add ``ikm_without_flagged``, ``ikm_of_flagged``, ``letter_changes`` and the city's ``ikm_same_units``.

    Parameters
    ----------
    blocks : Blocks
    levels, units, lists, law
        Answers, their units, the items of each unit's index, and the rule.
    flagged : mapping of flag to ndarray of bool
        Rows left out.
    before : Summary
        Of all rows.
    foreign : bool
        Whether the scale has no letters.
    listed : ndarray of bool
        Units that are units of the city.
    people : ndarray
        Service users of each unit; NaN where not known.
    of_city : bool
        Whether there are units at all.
    headline_way : str
        How the city's headline is made.
    """
    factor = rules.factor((levels.low, levels.high))
    with_all = letters(before.exact, law)
    city = headline(before, listed, people, law, headline_way)
    means: dict[bytes, Fraction | None] = {}
    for flag, rows in flagged.items():
        after = without(before, units, rows, factor)
        _without(blocks, flag, with_all, after, units.ids, law, foreign)
        if of_city:
            _city_without(blocks, flag, before, after, city, law, foreign, means)
        if flag == "any" and rows.any():
            at = np.flatnonzero(rows)
            only = Groups(units.codes[at], units.ids)
            alone = summarise(levels.take(at), only, lists, factor, complete_rows=False)
            _of_flagged(blocks, flag, alone, units.ids)


def eligible(before: Summary) -> Array:
    """Units that count in a city at all: five answers and an index of their own."""
    defined = np.array([value is not None for value in before.exact], dtype=bool)
    return np.asarray((before.valid >= FEW) & defined)


def headline(
    before: Summary, listed: Array, people: Array, law: rules.Rule, way: str = "mean-of-units"
) -> Array:
    """Units that make the city's headline (R5), and so all that is told of the city (R23)."""
    return base(listed & eligible(before), for_ranking(before.valid, people, law), people, way)


def _of_flagged(blocks: Blocks, flag: str, only: Summary, ids: Sequence[str]) -> None:
    """Index of the flagged rows alone, beside that of the others."""
    value = as_floats(only.exact)
    seen = np.flatnonzero(only.valid > 0)
    numerator, denominator = storable_all(only.exact)
    reason = choose([(np.isnan(value), "item-unanswered")], len(ids))
    blocks.add(
        "unit", "ikm_of_flagged", seen, unit=np.array(ids, dtype=object)[seen], estimate=value[seen],
        numerator=np.asarray(numerator)[seen], denominator=np.asarray(denominator)[seen], n=only.valid[seen],
        method=flag, reason=reason[seen],
    )  # fmt: skip


def _without(
    blocks: Blocks,
    flag: str,
    with_all: Array,
    after: Summary,
    ids: Sequence[str],
    law: rules.Rule,
    foreign: bool,
) -> None:
    order, names = np.arange(len(ids)), np.array(ids, dtype=object)
    s, value = after.scores, as_floats(after.exact)
    lower, upper = hall_interval(s.mean, s.sd, s.skewness, s.n, blocks.confidence)
    old, new = with_all, letters(after.exact, law)
    if foreign:
        old = new = np.full(len(ids), "", dtype=object)
    numerator, denominator = storable_all(after.exact)
    absent = np.isnan(value)
    base = [(after.valid == 0, "no-data"), (absent, "item-unanswered")]
    blocks.add(
        "unit", "ikm_without_flagged", order, unit=names, estimate=value, lower=lower, upper=upper,
        numerator=numerator, denominator=denominator, text=new, n=after.valid, method=flag,
        reason=choose([*base, (s.n < 2, "too-few"), (s.variance == 0, "no-variance")], len(ids)),
    )  # fmt: skip
    # A unit with hardly anybody left has no letter to compare.
    few = after.valid < FEW
    reason = choose([*base, (few, "too-few"), (foreign, "foreign-scale")], len(ids))
    changed = np.where(reason == "", (old != new).astype(float), np.nan)
    blocks.add(
        "unit", "letter_changes", order, unit=names, estimate=changed, other=new, n=after.valid, method=flag,
        text=np.where(reason == "", np.where(old != new, "yes", "no"), "").astype(object), reason=reason,
    )  # fmt: skip


def _city_without(
    blocks: Blocks,
    flag: str,
    before: Summary,
    after: Summary,
    city: Array,
    law: rules.Rule,
    foreign: bool,
    means: dict[bytes, Fraction | None],
) -> None:
    """Simple mean of the units that still have five answers, with and without the flagged rows.

    ``ikm_same_units`` is the mean of the same units with all answers: only those two compare.
    """
    keep = city & (after.valid >= FEW)
    place = np.where(keep, 0, 1)
    key = keep.tobytes()
    if key not in means:  # most flags leave the same units
        means[key] = exact_means(before.exact, place, 1)[0]
    old = [means[key]]
    new = old if after is before else exact_means(after.exact, place, 1)
    names = ["", ""] if foreign else [letters(old, law)[0], letters(new, law)[0]]
    numerator, denominator = storable_all(new)
    zero, reason = np.array([0]), "" if new[0] is not None else "no-data"
    n = int(after.valid[keep].sum())
    blocks.add(
        "city", "ikm_without_flagged", zero, estimate=as_floats(new), numerator=numerator,
        denominator=denominator, text=names[1], n=n, method=flag, reason=reason,
    )  # fmt: skip
    blocks.add(
        "city", "ikm_same_units", zero, estimate=as_floats(old), n=int(before.valid[keep].sum()),
        denominator=int(keep.sum()), method=flag, reason=reason,
    )  # fmt: skip
    reason = reason or ("foreign-scale" if foreign else "")
    blocks.add(
        "city", "letter_changes", zero, estimate=np.nan if reason else float(names[0] != names[1]), n=n,
        text="" if reason else ("yes" if names[0] != names[1] else "no"), other=names[1], method=flag, reason=reason,
    )  # fmt: skip
