"""From units to agencies, types and the city (R5): the headline first, other ways beside it.

The headline is the simple mean of the units that are neither suppressed nor for information only;
beside it stand all units with five answers, all respondents pooled, the mean weighted by service users
and the one on the unsur that all units ask. Errors and intervals are those of `unit_means`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from pipeline import rules
from pipeline.statistics.data.eligibility import kinds_of
from pipeline.statistics.data.item_weights import (
    ItemLists,
    as_floats,
    equal_lists,
    exact_means,
    storable_all,
)
from pipeline.statistics.data.levels import Groups, Levels
from pipeline.statistics.data.rows import Blocks
from pipeline.statistics.data.small_cells import few_answered
from pipeline.statistics.data.summary import Moments, Summary, summarise, t_margin
from pipeline.statistics.index.mean_rows import Mean, MeanRows
from pipeline.statistics.index.rows import FEW, Grouping, emit_items
from pipeline.statistics.index.unit_means import MeanError, Within, lone_error, mean_error, within
from pipeline.statistics.sample.finite_population import unseen
from pipeline.statistics.sample.headline import for_ranking, headline_units
from pipeline.statistics.sample.left_out import left_out
from pipeline.statistics.sample.scopes import base, tell_apart

Array = np.ndarray

#: The city's indices; the first is the headline unless the definition chooses another.
METHODS = ("mean-of-units", "mean-of-all-units", "pooled", "population-weighted", "shared-unsur")
#: Why one way stands aside: its units and those of the headline differ by one (R23).
NOT_APART = "one-unit-apart"
#: Fields of `Moments`.
MOMENTS = ("n", "mean", "variance", "third")


@dataclass
class City:
    """The units of a city with what was computed for each, and the rows to add to."""

    blocks: Blocks
    levels: Levels
    units: Groups
    summary: Summary
    lists: ItemLists
    factor: Fraction
    law: rules.Rule
    foreign: bool
    population: Array
    listed: Array
    types: Mapping[str, str] = field(default_factory=dict)
    chosen: str = METHODS[0]

    @cached_property
    def eligible(self) -> Array:
        """Units that count at all: listed, at least five answers, an index of their own."""
        defined = np.array([value is not None for value in self.summary.exact], dtype=bool)
        return self.listed & (self.summary.valid >= FEW) & defined

    @cached_property
    def full(self) -> Array:
        """Units neither suppressed nor for information only (R6)."""
        return for_ranking(self.summary.valid, self.population, self.law)

    @cached_property
    def unseen(self) -> Array:
        """Share of each unit's users that was not asked."""
        return unseen(self.summary.valid, self.population)

    @cached_property
    def kinds(self) -> Array:
        """Type of each unit as a number, -1 without one."""
        return kinds_of(self.units.ids, self.types)

    @cached_property
    def whole_city(self) -> Array:
        """Group 0 for every unit."""
        return np.zeros(len(self.units), dtype=np.int64)

    def headline(self, codes: Array, size: int) -> tuple[Array, Array]:
        """Units that make the headline of each group, and which headlines are for information only."""
        return headline_units(self.eligible, self.full, codes, size)

    @cached_property
    def told(self) -> Array:
        """Units of the city's headline: what else is told of the city is of the same units (R23)."""
        return base(self.eligible, self.full, self.population, self.chosen)

    @cached_property
    def few(self) -> Array:
        """Items of units that are not told, units x items: they are in no figure of several units either."""
        s, lv = self.summary, self.levels
        return few_answered(np.where(s.lists.own, s.item_n, 0), s.item_mean, (lv.low, lv.high))

    @cached_property
    def told_levels(self) -> Levels:
        """The answers without those to items that are not told of their unit."""
        if not self.few[self.eligible].any():
            return self.levels
        return self.levels.without(self.units, self.few)

    def within(self, scores: Moments) -> Within:
        """Variance within the units, small and constant ones with their pool's."""
        return within(scores, self.unseen, self.eligible, self.kinds)

    def mean(
        self, inside: Array, codes: Array, size: int, *, weights: Array | None = None,
        summary: Summary | None = None, other: str = "",
    ) -> Mean:  # fmt: skip
        """Exact mean of unit indices within groups of units, with its error.

        Parameters
        ----------
        inside : ndarray of bool
            Units that count.
        codes : ndarray of int
            Group of each unit.
        size : int
        weights : ndarray of int, optional
            All alike by default.
        summary : Summary, optional
            Another index of each unit than its own.
        other : str
            Items of that index.
        """
        of = self.summary if summary is None else summary
        codes = np.where(inside & (codes >= 0) & (codes < size), codes, size)
        whole = None if weights is None else [int(x) for x in np.where(inside, weights, 0)]
        exact = exact_means(of.exact, codes, size, whole)
        return self._mean(exact, of.scores, codes, size, weights, other)

    def _mean(
        self, exact: list[Fraction | None], scores: Moments, codes: Array, size: int,
        weights: Array | None, other: str = "",
    ) -> Mean:  # fmt: skip
        """A mean that is known with its error; ``codes`` is ``size`` for units that do not count."""
        inside = codes < size
        weight = np.where(inside, 1.0 if weights is None else weights, 0.0)
        parts = self.within(scores)
        error = self._alone(mean_error(parts, weight, codes, size), parts, scores, codes, size)
        valid = np.where(inside, self.summary.valid, 0)
        n = np.bincount(codes, weights=valid, minlength=size + 1)[:size].astype(np.int64)
        count = np.bincount(codes, minlength=size + 1)[:size]
        left = np.bincount(codes, weights=np.where(inside, self.unseen, 0), minlength=size + 1)[:size]
        exactly = np.where(left > 0, "no-variance", "census")
        reason = np.where(error.se > 0, "", exactly)
        absent = np.array([value is None for value in exact], dtype=bool)
        reason = np.where((count == 0) | absent, "no-data", reason).astype(object)
        return Mean(exact, error, n, count, reason, other)

    def _alone(self, error: MeanError, parts: Within, scores: Moments, codes: Array, size: int) -> MeanError:
        """The error of a group of one unit is that of the unit's own page, unless it takes a pool's."""
        count = np.bincount(codes, minlength=size + 1)[:size]
        df = np.where(parts.pool < 0, parts.n - 1, parts.pool_df[parts.pool])
        own = (codes < size) & (count[np.minimum(codes, size - 1)] == 1) & (df == parts.n - 1)
        if not size or not own.any():
            return error
        lone = lone_error(scores, self.unseen)
        place, unit = codes[own], np.flatnonzero(own)
        made = {}
        for name in ("se", "df", "bend", "shift"):
            made[name] = getattr(error, name).copy()
            made[name][place] = getattr(lone, name)[unit]
        return MeanError(**made)

    def rows(self, scope: str, mean: Mean, method: str, labels: Mapping[str, Array], text: str = "") -> None:
        """Add the rows of a mean."""
        MeanRows(self.blocks, self.law, self.foreign).add(scope, mean, method, labels, text)

    def _item_means(
        self, scope: str, inside: Array, codes: Array, size: int, labels: Mapping[str, Array]
    ) -> None:
        """Mean of the units' NRR per item, over the units that count and ask it."""
        s, own = self.summary, self.summary.lists.own
        moments = s.item_moments
        for j, item in enumerate(self.levels.items):
            use = inside & own[:, j] & (s.item_n[:, j] > 0) & ~self.few[:, j]
            group = np.where(use & (codes < size), codes, size)
            count = np.bincount(group, minlength=size + 1)[:size]
            if not count.any():
                continue
            column = Moments(*(np.where(use, getattr(moments, f)[:, j], 0.0) for f in MOMENTS))
            parts = within(column, self.unseen, use & self.eligible, self.kinds)
            error = mean_error(parts, use.astype(float), group, size)
            n = np.bincount(group, weights=s.item_n[:, j], minlength=size + 1)[:size].astype(np.int64)
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = np.bincount(group, weights=column.mean, minlength=size + 1)[:size] / count
            lower, upper = error.interval(mean, self.blocks.confidence)
            left = np.bincount(group, weights=np.where(use, self.unseen, 0), minlength=size + 1)[:size]
            flat = (error.se == 0) & (left > 0)
            self.blocks.add(
                scope, "nrr", np.arange(size), estimate=mean, lower=np.where(flat, np.nan, lower),
                upper=np.where(flat, np.nan, upper), n=n, df=error.df, item=item, method="mean-of-units",
                reason=np.where(count == 0, "no-data", np.where(flat, "no-variance", "")), **labels,
            )  # fmt: skip

    def pooled(self, inside: Array, codes: Array, size: int) -> tuple[Mean | None, Summary | None]:
        """All respondents of the units together, on the items all of them were asked.

        The respondents are those of units that were all surveyed: the error comes from within the units,
        each with the weight of its respondents.
        """
        codes = np.where(inside & (codes >= 0) & (codes < size), codes, size)
        members = np.flatnonzero(codes < size)
        positions = self.lists.shared(members)
        if not positions:
            return None, None
        scores = self.summary.scores
        if self.lists.uniform(members):
            one = ItemLists(
                (self.lists.lists[self.lists.of_group[members[0]]],),
                np.zeros(size, dtype=np.int64),
                self.lists.items,
            )
        else:
            one = equal_lists(positions, self.levels.items, size)
            every = equal_lists(positions, self.levels.items, len(self.units))
            scores = summarise(self.levels, self.units, every, self.factor, complete_rows=False).scores
        names = tuple(str(i) for i in range(size))
        summary = summarise(self.told_levels, self.units.regroup(codes, names), one, self.factor)
        weights = np.where(codes < size, self.summary.valid, 0)
        return self._mean(summary.exact, scores, codes, size, weights), summary

    def _pooled(
        self, scope: str, inside: Array, codes: Array, size: int, labels: Mapping[str, Array], text: str = ""
    ) -> None:
        mean, summary = self.pooled(inside, codes, size)
        order = np.arange(size)
        if mean is None or summary is None:
            reason = "not-comparable" if inside.any() else "no-data"
            self.blocks.add(scope, "ikm", order, method="pooled", text=text, reason=reason, **labels)
            return
        counts = (("n", summary.rows), ("n_valid", summary.valid), ("n_complete", summary.complete))
        for name, count in counts:
            self.blocks.add(
                scope, name, order, estimate=count.astype(float), n=summary.rows, method="pooled", **labels
            )
        self.rows(scope, mean, "pooled", labels, text)
        codes = np.where(inside & (codes >= 0) & (codes < size), codes, size)
        people = np.bincount(codes, weights=self.population, minlength=size + 1)[:size]
        whole = scope == "city"
        emit_items(
            self.blocks, Grouping(scope, summary, self.law, self.foreign, labels, people, whole, "pooled")
        )

    def groups_of_units(self, scope: str, membership: Mapping[str, str]) -> None:
        """Types (mean of units first) or agencies with their units (pooled first)."""
        labels_of = [str(membership.get(unit) or "") for unit in self.units.ids]
        names = sorted({name for name, ok in zip(labels_of, self.eligible, strict=True) if name and ok})
        if not names:
            return
        position, size = {name: i for i, name in enumerate(names)}, len(names)
        codes = np.array([position.get(name, size) for name in labels_of], dtype=np.int64)
        labels = {"unit" if scope == "parent" else "group": np.array(names, dtype=object)}
        if scope == "parent":
            # An agency is a unit with parts: all of them, whatever their size.
            self._pooled(scope, self.eligible, codes, size, labels)
            self.rows(scope, self.mean(self.eligible, codes, size), "mean-of-units", labels)
            return
        counted, information = self.headline(codes, size)
        self.rows(scope, self.mean(counted, codes, size), "mean-of-units", labels)
        self._counted(scope, counted, information, codes, size, labels)
        self._item_means(scope, counted, codes, size, labels)
        self._all_units(scope, counted, codes, names)
        self._pooled(scope, counted, codes, size, labels)

    def _all_units(self, scope: str, counted: Array, codes: Array, names: Sequence[str]) -> None:
        """The mean of all units with five answers, of the types where it tells of no single unit (R23)."""
        told = [
            kind for kind in range(len(names)) if (self.eligible & ~counted & (codes == kind)).any()
            and tell_apart([counted & (codes == kind)], self.eligible & (codes == kind), self.summary.valid)
        ]  # fmt: skip
        if not told:
            return
        place = np.full(len(names) + 1, len(told), dtype=np.int64)
        place[told] = np.arange(len(told))
        mean = self.mean(self.eligible, place[codes], len(told))
        labels = {"group": np.array([names[kind] for kind in told], dtype=object)}
        self.rows(scope, mean, "mean-of-all-units", labels)

    def _counted(
        self, scope: str, counted: Array, information: Array, codes: Array, size: int,
        labels: Mapping[str, Array],
    ) -> None:  # fmt: skip
        """How many of the listed units make the headline, and whether it is for information only."""

        def tally(mask: Array) -> Array:
            return np.bincount(codes[mask & (codes < size)], minlength=size)[:size]

        units, listed = tally(counted), tally(self.listed)
        n = np.bincount(codes[counted], weights=self.summary.valid[counted], minlength=size)[:size]
        self.blocks.add(
            scope, "units_counted", np.arange(size), estimate=units.astype(float), numerator=units,
            denominator=listed, n=n.astype(np.int64), method="mean-of-units",
            text=np.where(information & (units > 0), "for-information", "").astype(object), **labels,
        )  # fmt: skip
        only = tally(self.eligible & ~self.full)
        self.blocks.add(
            scope, "units_for_information", np.arange(size), estimate=only.astype(float), numerator=only,
            denominator=listed, method="mean-of-units", **labels,
        )  # fmt: skip

    @cached_property
    def _shared_summary(self) -> tuple[tuple[int, ...], Summary | None]:
        eligible = np.flatnonzero(self.eligible)
        positions = self.lists.shared(eligible)
        if not positions:
            return positions, None
        if self.lists.uniform(np.arange(len(self.units))):
            return positions, self.summary
        one = equal_lists(positions, self.levels.items, len(self.units))
        return positions, summarise(self.levels, self.units, one, self.factor)

    def shared_by_unit(self) -> None:
        """Each unit's index on the items that all units ask: the one to compare units on (R12).

        ``text`` says ``weights`` where the units all ask the same and only weigh it differently.
        """
        positions, shared = self._shared_summary
        if shared is None:
            return
        value = as_floats(shared.exact)
        numerator, denominator = storable_all(shared.exact)
        half = t_margin(shared.scores.standard_error, shared.scores.n - 1, self.blocks.confidence)
        self.blocks.add(
            "unit", "ikm_shared", np.arange(len(value)), unit=np.array(self.units.ids, dtype=object),
            estimate=value, lower=value - half, upper=value + half, numerator=numerator,
            denominator=denominator, n=shared.valid, method="shared-unsur", other=self._names(positions),
            text="weights" if self.lists.same_items(np.arange(len(self.units))) else "",
            reason=np.where(np.isnan(value), np.where(shared.valid == 0, "no-data", "item-unanswered"), ""),
        )  # fmt: skip

    def _names(self, positions: tuple[int, ...]) -> str:
        return ",".join(self.levels.items[j] for j in positions)

    def ways(self, pooled: bool = True) -> dict[str, Mean | str]:
        """The city's index by every way, or the reason why there is none.

        ``mean-of-all-units`` is there only where it takes other units than the headline. The mean weighted
        by service users is over the units whose users are known. All are of the headline's units, or of
        units that differ from them by two at least (R23).
        """
        codes, eligible, told = self.whole_city, self.eligible, self.told
        counted, _ = self.headline(codes, 1)
        lacking, published = "no-data" if not eligible.any() else "", [told]
        found: dict[str, Mean | str] = {}

        def add(method: str, inside: Array, weights: Array | None = None) -> None:
            if not tell_apart(published, inside, self.summary.valid):
                found[method] = NOT_APART
                return
            published.append(inside)
            found[method] = self.mean(inside, codes, 1, weights=weights)

        add("mean-of-units", counted)
        if (counted != eligible).any():
            add("mean-of-all-units", eligible)
        if pooled:
            found["pooled"] = self.pooled(told, codes, 1)[0] or lacking or "not-comparable"
        known = told & ~np.isnan(self.population)
        if known.any():
            add("population-weighted", known, weights=np.where(known, np.nan_to_num(self.population), 0))
        else:
            found["population-weighted"] = lacking or "no-population"
        positions, shared = self._shared_summary
        found["shared-unsur"] = lacking or "not-comparable"
        if shared is not None:
            found["shared-unsur"] = self.mean(told, codes, 1, summary=shared, other=self._names(positions))
        return found

    def whole(self) -> None:
        """The city's indices, the headline first, and who was counted and left out."""
        codes, told, headline = self.whole_city, self.told, self.chosen
        left_out(self.blocks, self.summary, self.units.ids, self.listed, self.eligible)
        self._counted("city", told, self.headline(codes, 1)[1], codes, 1, {})
        found = self.ways(pooled=False)
        for method in sorted(METHODS, key=lambda name: name != headline):
            text, mean = "headline" if method == headline else "", found.get(method)
            if method == "mean-of-all-units" and mean is None and method == headline:
                mean = self.mean(self.eligible, codes, 1)
            if method == "pooled":
                self._pooled("city", told, codes, 1, {}, text)
            elif isinstance(mean, str):
                self.blocks.add("city", "ikm", np.array([0]), method=method, text=text, reason=mean)
            elif mean is not None:
                self.rows("city", mean, method, {}, text)
            if method == "mean-of-units":
                self._item_means("city", told, codes, 1, {})
