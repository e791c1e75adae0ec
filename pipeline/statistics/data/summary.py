"""Everything an index needs, counted once for all groups: item counts and moments of scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy.special import stdtrit

from pipeline.statistics.data.counting import add_up, level_counts
from pipeline.statistics.data.item_weights import ItemLists, exact_indices
from pipeline.statistics.data.levels import Groups, Levels

Array = np.ndarray


@dataclass(frozen=True)
class Moments:
    """Number, centre and central moments (divisor n) of a score within each group."""

    n: Array
    mean: Array
    variance: Array
    third: Array

    @property
    def sd(self) -> Array:
        """Standard deviation with divisor n."""
        return np.sqrt(self.variance)

    @property
    def skewness(self) -> Array:
        """Moment skewness (type 1); 0 without spread."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.variance > 0, self.third / self.variance**1.5, 0.0)

    @property
    def skewness_adjusted(self) -> Array:
        """Skewness of type 2 (as SPSS and pandas); NaN without spread or for n < 3."""
        return adjusted_skewness(self.n, self.variance, self.third)

    @property
    def sd_sample(self) -> Array:
        """Standard deviation with divisor n - 1; NaN for n < 2."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.n > 1, np.sqrt(self.variance * self.n / (self.n - 1)), np.nan)

    @property
    def standard_error(self) -> Array:
        """Standard error of the centre; NaN for n < 2."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.sd_sample / np.sqrt(self.n)

    def about_users(self, unseen: Array) -> Moments:
        """Moments whose deviations count sqrt(``unseen``): every error made of them is about N users.

        Parameters
        ----------
        unseen : ndarray
            Share of the users that was not asked, see `finite.unseen`.
        """
        return Moments(self.n, self.mean, self.variance * unseen, self.third * unseen**1.5)


def adjusted_skewness(n: Array, variance: Array, third: Array) -> Array:
    """Type 2 skewness: g1 sqrt(n(n-1))/(n-2)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        g1 = third / variance**1.5
        return np.where((n > 2) & (variance > 0), g1 * np.sqrt(n * (n - 1.0)) / (n - 2.0), np.nan)


@dataclass(frozen=True)
class Summary:
    """Counts and moments of every group.

    Attributes
    ----------
    rows, valid, complete : ndarray
        Rows, rows with at least one answer to the group's items, rows with all of them.
    counts : ndarray, groups x items x levels
        How often each level occurs (level 0 = no answer); 0 for items of other groups.
    item_n, item_sum : ndarray of int, groups x items
    exact, exact_complete : list of Fraction or None
        The index on available answers (R2) and on complete rows.
    scores : Moments
        Linearised scores, recentred on the available-answers index (the headline estimator).
    complete_scores : Moments
        Row scores of complete rows.
    """

    levels: Levels
    lists: ItemLists
    rows: Array
    valid: Array
    complete: Array
    counts: Array
    item_n: Array
    item_sum: Array
    exact: list[Fraction | None]
    exact_complete: list[Fraction | None]
    scores: Moments
    complete_scores: Moments

    @property
    def item_mean(self) -> Array:
        """NRR of each item; NaN where nobody answered."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.item_n > 0, self.item_sum / self.item_n, np.nan)

    @property
    def item_moments(self) -> Moments:
        """Moments of each item (groups x items), from the counts of levels."""
        return item_moments(self.counts, self.levels.values)


def item_moments(counts: Array, values: Array) -> Moments:
    """Moments of answers given how often each level occurs (level 0, no answer, is left out)."""
    seen, v = counts[..., 1:].astype(float), values[1:]
    n = seen.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (seen * v).sum(-1) / n
        deviation = v - mean[..., None]
        return Moments(n, mean, (seen * deviation**2).sum(-1) / n, (seen * deviation**3).sum(-1) / n)


def _moments(codes: Array, size: int, deviation: Array, centre: Array, n: Array) -> Moments:
    """Central moments, from each row's deviation from the centre."""
    square = deviation * deviation
    second = np.bincount(codes, weights=square, minlength=size + 1)[:size]
    square *= deviation
    third = np.bincount(codes, weights=square, minlength=size + 1)[:size]
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = second / n
        # What is left after exact cancellation is rounding, not spread.
        flat = variance < 1e-18 * np.maximum(1.0, np.nan_to_num(centre) ** 2)
        return Moments(n, centre, np.where(flat, 0.0, variance), np.where(flat, 0.0, third / n))


def _tally(codes: Array, wanted: Array, rows: Array) -> Array:
    """How many rows of each group are wanted: the few others are counted."""
    return rows - np.bincount(codes[np.flatnonzero(~wanted)], minlength=len(rows) + 1)[: len(rows)]


def _answered(levels: Levels, codes: Array, lists: ItemLists) -> tuple[Array, Array, Array]:
    """List of each row, how many items of it the row answers, and which items each list asks.

    They follow from a row's answers and its group's list; the last list is that of no group.
    """
    of_list = np.append(lists.of_group, len(lists.lists))[codes]
    asked = np.zeros((len(lists.lists) + 1, len(levels.items)), dtype=np.uint8)
    for part, entry in zip(asked, lists.lists, strict=False):
        part[list(entry)] = 1
    table = np.zeros((len(levels.items), len(asked), levels.count), dtype=np.uint8)
    table[:, :, 1:] = asked.T[:, :, None]
    return of_list, add_up(levels, of_list, table, np.uint8), asked


def valid_rows(levels: Levels, groups: Groups, lists: ItemLists) -> Array:
    """Rows of each group with at least one answer to the group's items: `summarise`'s ``valid`` alone.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.levels import groups, levels
    >>> from pipeline.statistics.data.item_weights import equal_lists
    >>> answers = levels(pd.DataFrame({"U1": [4, None, 2], "U2": [3, None, None]}))
    >>> valid_rows(answers, groups(["a", "a", "b"], 3), equal_lists([0, 1], ["U1", "U2"], 2)).tolist()
    [1, 1]
    """
    codes = groups.codes.astype(np.intp)
    rows = np.bincount(codes, minlength=len(groups) + 1)[: len(groups)]
    if levels.codes.all():
        return rows
    return _tally(codes, _answered(levels, codes, lists)[1] > 0, rows)


def summarise(
    levels: Levels, groups: Groups, lists: ItemLists, factor: Fraction, *, complete_rows: bool = True
) -> Summary:
    """Count and sum everything for every group in a few passes over the rows.

    Parameters
    ----------
    levels : Levels
    groups : Groups
        Group of each row.
    lists : ItemLists
        Items and weights of each group.
    factor : Fraction
        25 for answers 1-4, else 100/max.
    complete_rows : bool
        False skips the scores of complete rows (they repeat the headline's), to save time.
    """
    size, k, width = len(groups), len(levels.items), levels.count
    codes = groups.codes.astype(np.intp)
    counts = level_counts(levels, codes, size)
    own = lists.own
    rows = np.bincount(codes, minlength=size + 1)[:size]
    counts[~own] = 0
    values = levels.values
    item_n = counts[:, :, 1:].sum(-1)
    item_sum = (counts[:, :, 1:] * values[1:].astype(np.int64)).sum(-1)

    gaps = bool(((item_n < rows[:, None]) & own).any())
    complete_row: Array | None = None
    valid = complete = rows
    if gaps:
        of_list, answered, asked = _answered(levels, codes, lists)
        valid = _tally(codes, answered > 0, rows)
        complete_row = (answered == asked.sum(1).astype(np.uint8)[of_list]) & (answered > 0)
        complete = _tally(codes, complete_row, rows)

    # Linearised score (statistics.md 8): factor w_j 1(observed)(x_ij - m_j)/p_j, p_j = n_j/n.
    weight, scale = lists.weight, float(factor)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(item_n > 0, item_sum / item_n, 0.0)
        slope = np.where(item_n > 0, scale * weight * valid[:, None] / item_n, 0.0)
    tables = np.zeros((k, size + 1, width))
    tables[:, :size, 1:] = (slope[..., None] * (values[1:] - mean[..., None])).transpose(1, 0, 2)
    linear = add_up(levels, codes, tables, float)
    exact = exact_indices(item_sum, item_n, lists, factor)
    headline = scale * (weight * mean).sum(1)
    undefined = np.array([value is None for value in exact], dtype=bool)
    # Linearised scores have the centre 0.
    centred = _moments(codes, size, linear, np.zeros(size), valid)
    scores = Moments(valid, np.where(undefined, np.nan, headline), centred.variance, centred.third)
    del linear

    if complete_row is None or not complete_rows:
        complete_sum, complete_scores, exact_complete = item_sum, scores, exact
    else:
        one_list = ItemLists(lists.lists, np.arange(len(lists.lists)), lists.items).weight
        tables = np.zeros((k, len(lists.lists) + 1, width))
        tables[:, :-1, 1:] = scale * one_list.T[:, :, None] * values[1:]
        score = add_up(levels, of_list, tables, float)
        rest = np.flatnonzero(~complete_row)
        part_counts = level_counts(levels.take(rest), codes[rest], size)
        complete_sum = item_sum - (part_counts[:, :, 1:] * values[1:].astype(np.int64)).sum(-1)
        complete_sum[~own] = 0
        with np.errstate(invalid="ignore", divide="ignore"):
            centre = scale * (weight * complete_sum).sum(1) / complete
        score -= np.append(np.nan_to_num(centre), 0.0)[codes]
        score[rest] = 0.0
        complete_scores = _moments(codes, size, score, centre, complete)
        exact_complete = exact_indices(complete_sum, np.repeat(complete[:, None], k, 1), lists, factor)
    return Summary(
        levels, lists, rows, valid, complete, counts, item_n, item_sum, exact, exact_complete, scores, complete_scores
    )  # fmt: skip


def without(before: Summary, groups: Groups, out: Array, factor: Fraction) -> Summary:
    """A summary (without scores of complete rows) after some rows are left out.

    Only groups that lose a row are counted again.

    Parameters
    ----------
    before : Summary
        Of all rows, made with ``complete_rows=False``.
    groups : Groups
        Group of each row, as for ``before``.
    out : ndarray of bool
        Rows to leave out.
    factor : Fraction
    """
    if not out.any():
        return before
    size = len(groups)
    touched = np.zeros(size + 1, dtype=bool)
    touched[groups.codes[out]] = True
    touched[size] = False
    mine = np.flatnonzero(touched)
    again = np.flatnonzero(touched[groups.codes] & ~out)
    number = np.full(size + 1, len(mine), dtype=np.int32)
    number[mine] = np.arange(len(mine))
    part = Groups(number[groups.codes[again]], tuple(groups.ids[i] for i in mine))
    new = summarise(before.levels.take(again), part, before.lists.take(mine), factor, complete_rows=False)

    def whole(old: Array, fresh: Array) -> Array:
        made = np.array(old, dtype=np.result_type(old, fresh))
        made[mine] = fresh
        return made

    def exact(old: list[Fraction | None], fresh: list[Fraction | None]) -> list[Fraction | None]:
        made = list(old)
        for i, value in zip(mine.tolist(), fresh, strict=True):
            made[i] = value
        return made

    def moments(old: Moments, fresh: Moments) -> Moments:
        return Moments(
            *(whole(getattr(old, f), getattr(fresh, f)) for f in ("n", "mean", "variance", "third"))
        )

    return replace(
        before, rows=whole(before.rows, new.rows), valid=whole(before.valid, new.valid),
        complete=whole(before.complete, new.complete), counts=whole(before.counts, new.counts),
        item_n=whole(before.item_n, new.item_n), item_sum=whole(before.item_sum, new.item_sum),
        exact=exact(before.exact, new.exact), exact_complete=exact(before.exact_complete, new.exact_complete),
        scores=moments(before.scores, new.scores),
        complete_scores=moments(before.complete_scores, new.complete_scores),
    )  # fmt: skip


def t_margin(se: Array, df: Array, confidence: float) -> Array:
    """Half width of a t interval; NaN where there are no degrees of freedom."""
    with np.errstate(invalid="ignore"):
        return np.where(df > 0, stdtrit(np.maximum(df, 1), 0.5 + confidence / 2) * se, np.nan)
