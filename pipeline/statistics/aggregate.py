"""From units to agencies, types and the city (R5): four ways, the headline first.

The units of a city are all its units, a census: nothing is left to chance between them, and the
standard error of their mean comes from the respondents within them only,
SE^2 = sum of SE_u^2 / U^2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from scipy.special import stdtr

from .. import rules
from .answers import UNKNOWN, Groups, Levels
from .certainty import certainty_word, letter_bands
from .emit import FEW, emit_group, emit_items
from .rows import Blocks
from .summary import Summary, summarise, t_margin
from .weights import ItemLists, as_floats, equal_lists, exact_means, letters, storable_all

Array = np.ndarray

#: The city's indices; the first is the headline unless the definition chooses another.
METHODS = ("mean-of-units", "pooled", "population-weighted", "shared-unsur")


def apart(groups: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Sort groups of units into as few passes as needed, so that no unit is in two groups of one pass.

    An agency may lie within another one: sums over units are made for groups without common units.

    Returns
    -------
    list of mapping of unit id to group
        The largest groups first.

    Examples
    --------
    >>> apart({"dinas": ["dinas", "pkm"], "kota": ["kota", "dinas", "pkm"]})
    [{'kota': 'kota', 'dinas': 'kota', 'pkm': 'kota'}, {'dinas': 'dinas', 'pkm': 'dinas'}]
    """
    passes: list[dict[str, str]] = []
    for group, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        free = next((p for p in passes if not any(unit in p for unit in members)), None)
        if free is None:
            passes.append(free := {})
        free.update(dict.fromkeys(members, group))
    return passes


@dataclass(frozen=True)
class Mean:
    """A mean over units, by group of units."""

    exact: list[Fraction | None]
    se: Array
    df: Array
    n: Array
    units: Array
    reason: Array


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

    @property
    def eligible(self) -> Array:
        """Units that count for the city: listed, at least five answers, an index of their own."""
        defined = np.array([value is not None for value in self.summary.exact], dtype=bool)
        return self.listed & (self.summary.valid >= FEW) & defined

    def mean_of_units(
        self, summary: Summary, of_unit: Array, size: int, weights: Array | None = None
    ) -> Mean:
        """Exact mean of unit indices within groups of units, with its standard error."""
        inside = (of_unit >= 0) & (of_unit < size)
        codes = np.where(inside, of_unit, size)
        w = np.ones(len(codes)) if weights is None else weights
        total = np.bincount(codes, weights=np.where(inside, w, 0), minlength=size + 1)[:size]
        square = np.where(inside, (w * np.nan_to_num(summary.scores.standard_error)) ** 2, 0)
        spread = np.bincount(codes, weights=square, minlength=size + 1)[:size]
        valid = np.where(inside, summary.valid, 0)
        n = np.bincount(codes, weights=valid, minlength=size + 1)[:size].astype(np.int64)
        count = np.bincount(codes[inside], minlength=size + 1)[:size]
        whole = None if weights is None else [int(x) for x in weights]
        exact = exact_means(summary.exact, codes, size, whole)
        with np.errstate(invalid="ignore", divide="ignore"):
            se = np.sqrt(spread) / total
        reason = np.where(count == 0, "no-data", "").astype(object)
        return Mean(exact, se, (n - count).astype(float), n, count, reason)

    def _emit_mean(
        self,
        scope: str,
        mean: Mean,
        method: str,
        labels: Mapping[str, Array],
        text: str = "",
        other: str = "",
    ) -> None:
        order = np.arange(len(mean.n))
        b, size = self.blocks, len(mean.n)
        value = as_floats(mean.exact)
        half = t_margin(mean.se, mean.df, b.confidence)
        named = letters(mean.exact, self.law)
        blank = np.isnan(value)
        no_letter = np.where(blank, mean.reason, "foreign-scale" if self.foreign else "").astype(object)
        if self.foreign:
            named[:] = ""
        numerator, denominator = storable_all(mean.exact)
        common = {"n": mean.n, "method": method, **labels}
        pair = {"numerator": numerator, "denominator": denominator, "other": other}
        flat = (mean.se == 0) & ~blank
        reason = np.where(flat, "no-variance", mean.reason)
        b.add(
            scope, "ikm", order, estimate=value, lower=value - half, upper=value + half, df=mean.df,
            text=text, reason=reason, **pair, **common,
        )  # fmt: skip
        b.add(
            scope,
            "letter",
            order,
            estimate=np.where(no_letter == "", value, np.nan),
            text=named,
            reason=no_letter,
            **pair,
            **common,
        )
        b.add(
            scope,
            "margin",
            order,
            estimate=half,
            df=mean.df,
            confidence=b.confidence,
            reason=reason,
            **common,
        )
        b.add(scope, "units", order, estimate=mean.units.astype(float), **common)
        why = np.where(no_letter != "", no_letter, np.where(flat, "no-variance", "")).astype(object)
        own = np.full(size, np.nan)
        for name, (low, high) in letter_bands(self.law).items():
            with np.errstate(invalid="ignore", divide="ignore"):
                df = np.maximum(mean.df, 1)
                share = stdtr(df, (value - low) / mean.se) - (
                    0.0 if np.isinf(high) else stdtr(df, (value - high) / mean.se)
                )
            share = np.where(why == "", share, np.nan)
            b.add(scope, f"certainty_{name}", order, estimate=share, df=mean.df, reason=why, **common)
            own[named == name] = share[named == name]
        words = np.array([certainty_word(c) for c in own], dtype=object)
        b.add(
            scope, "certainty", order, estimate=own, text=words, other=named, df=mean.df, reason=why, **common
        )

    def _item_means(self, scope: str, of_unit: Array, size: int, labels: Mapping[str, Array]) -> None:
        """Mean of the units' NRR per item, over the units that ask it."""
        s, own = self.summary, self.summary.lists.own
        se = np.nan_to_num(s.item_moments.standard_error)
        for j, item in enumerate(self.levels.items):
            use = own[:, j] & (s.item_n[:, j] > 0) & (of_unit >= 0) & (of_unit < size)
            codes = of_unit[use]
            count = np.bincount(codes, minlength=size)
            if not count.any():
                continue
            n = np.bincount(codes, weights=s.item_n[use, j], minlength=size).astype(np.int64)
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = np.bincount(codes, weights=s.item_mean[use, j], minlength=size) / count
                half = t_margin(
                    np.sqrt(np.bincount(codes, weights=se[use, j] ** 2, minlength=size)) / count,
                    n - count,
                    self.blocks.confidence,
                )
            self.blocks.add(
                scope, "nrr", np.arange(size), estimate=mean, lower=mean - half, upper=mean + half, n=n,
                df=(n - count).astype(float), item=item, method="mean-of-units",
                reason=np.where(count == 0, "no-data", ""), **labels,
            )  # fmt: skip

    def _pooled(
        self, scope: str, of_unit: Array, names: tuple[str, ...], labels: Mapping[str, Array], text: str = ""
    ) -> None:
        """All respondents of the units together, on the items all of them were asked."""
        inside = np.flatnonzero(of_unit < len(names))
        positions = self.lists.shared(inside)
        if not positions:
            reason = "not-comparable" if len(inside) else "no-data"
            self.blocks.add(
                scope, "ikm", np.arange(len(names)), method="pooled", text=text, reason=reason, **labels
            )
            return
        if self.lists.uniform(inside):
            one = ItemLists(
                (self.lists.lists[self.lists.of_group[inside[0]]],),
                np.zeros(len(names), dtype=np.int64),
                self.lists.items,
            )
        else:
            one = equal_lists(positions, self.levels.items, len(names))
        summary = summarise(self.levels, self.units.regroup(of_unit, names), one, self.factor)
        nothing = np.full(len(names), np.nan)
        emit_group(
            self.blocks,
            scope,
            summary,
            self.law,
            self.foreign,
            labels,
            nothing,
            full=False,
            method="pooled",
            text=text,
        )
        emit_items(
            self.blocks, scope, summary, self.law, self.foreign, labels, full=scope == "city", method="pooled"
        )

    def groups_of_units(self, scope: str, membership: Mapping[str, str]) -> None:
        """Types (mean of units first) or agencies with their units (pooled first)."""
        eligible = self.eligible
        labels_of = [str(membership.get(unit) or "") for unit in self.units.ids]
        names = tuple(sorted({name for name, ok in zip(labels_of, eligible, strict=True) if name and ok}))
        if not names:
            return
        position = {name: i for i, name in enumerate(names)}
        of_unit = np.array(
            [
                position.get(name, len(names)) if ok else len(names)
                for name, ok in zip(labels_of, eligible, strict=True)
            ],
            dtype=np.int64,
        )
        column = "unit" if scope == "parent" else "group"
        labels = {column: np.array(names, dtype=object)}
        mean = self.mean_of_units(self.summary, of_unit, len(names))
        if scope == "parent":
            self._pooled(scope, of_unit, names, labels)
            self._emit_mean(scope, mean, "mean-of-units", labels)
        else:
            self._emit_mean(scope, mean, "mean-of-units", labels)
            self._item_means(scope, of_unit, len(names), labels)
            self._pooled(scope, of_unit, names, labels)

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

    def whole(self, headline: str) -> None:
        """The city's indices, the headline first, and who was counted and left out."""
        eligible = self.eligible
        inside = np.where(eligible, 0, 1).astype(np.int64)
        self._left_out(eligible)
        for method in sorted(METHODS, key=lambda name: name != headline):
            text = "headline" if method == headline else ""
            if method == "pooled":
                self._pooled("city", inside, ("",), {}, text)
            elif method == "mean-of-units":
                self._emit_mean("city", self.mean_of_units(self.summary, inside, 1), method, {}, text)
                self._item_means("city", inside, 1, {})
            elif method == "shared-unsur":
                self._shared(inside, text)
            else:
                self._weighted(inside, eligible, text)

    def _shared(self, inside: Array, text: str) -> None:
        positions, shared = self._shared_summary
        if shared is None:
            reason = "not-comparable" if (inside == 0).any() else "no-data"
            self.blocks.add("city", "ikm", np.array([0]), method="shared-unsur", text=text, reason=reason)
            return
        mean = self.mean_of_units(shared, inside, 1)
        self._emit_mean("city", mean, "shared-unsur", {}, text, other=self._names(positions))

    def _weighted(self, inside: Array, eligible: Array, text: str) -> None:
        """Weighted by service users, standard errors with the finite population correction."""
        known = ~np.isnan(self.population)
        if not eligible.any() or not known[eligible].all():
            reason = "no-population" if eligible.any() else "no-data"
            lacking = int((eligible & ~known).sum())
            self.blocks.add(
                "city",
                "ikm",
                np.array([0]),
                method="population-weighted",
                text=text,
                reason=reason,
                n=lacking,
            )
            return
        weights = np.where(known, self.population, 0)
        n = self.summary.valid
        with np.errstate(invalid="ignore", divide="ignore"):
            rest = np.where(known, np.maximum(1 - n / self.population, 0), 1)
        mean = self.mean_of_units(self.summary, inside, 1, weights)
        se = self.summary.scores.standard_error
        square = np.where(eligible, (weights * np.nan_to_num(se)) ** 2 * rest, 0).sum()
        corrected = np.array([np.sqrt(square) / weights[eligible].sum()])
        self._emit_mean(
            "city",
            Mean(mean.exact, corrected, mean.df, mean.n, mean.units, mean.reason),
            "population-weighted",
            {},
            text,
        )

    def _left_out(self, eligible: Array) -> None:
        s, names = self.summary, np.array(self.units.ids, dtype=object)
        unknown = names == UNKNOWN
        empty = self.listed & (s.valid == 0)
        small = self.listed & (s.valid > 0) & (s.valid < FEW)
        undefined = self.listed & (s.valid >= FEW) & ~eligible
        unlisted = ~self.listed & ~unknown
        zero = np.array([0])
        self.blocks.add("city", "n", zero, estimate=float(s.rows.sum()), n=int(s.rows.sum()))
        self.blocks.add("city", "n_valid", zero, estimate=float(s.valid.sum()), n=int(s.rows.sum()))
        for name, mask, reason in (
            ("units_without_data", empty, ""),
            ("units_suppressed", small, "suppressed"),
            ("units_undefined", undefined, ""),
            ("units_not_listed", unlisted, ""),
            ("rows_unknown", unknown, ""),
        ):
            count = float(s.rows[mask].sum() if name == "rows_unknown" else mask.sum())
            method = "left-out" if reason == "" else reason
            self.blocks.add("city", name, zero, estimate=count, n=int(s.rows[mask].sum()), method=method)
