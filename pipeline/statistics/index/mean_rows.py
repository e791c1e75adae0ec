"""Rows of a mean of units: index, letter, certainty, margin, error, and how many units it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from pipeline import rules
from pipeline.statistics.data.item_weights import as_floats, letters, storable_all
from pipeline.statistics.data.rows import Blocks
from pipeline.statistics.index.certainty import certainty_words, letter_bands
from pipeline.statistics.index.unit_means import MeanError

Array = np.ndarray
Labels = Mapping[str, Array]


@dataclass(frozen=True)
class Mean:
    """Means over units, by group of units.

    Attributes
    ----------
    exact : list of Fraction or None
    error : MeanError
    n, units : ndarray of int
        Respondents and units behind each.
    reason : ndarray of str
        ``no-data``; ``census`` where every user of every unit was asked, ``no-variance`` where all
        answers are the same: both have no error, and only the first is certain.
    other : str
        Items of the index where it is not each unit's own.
    """

    exact: list[Fraction | None]
    error: MeanError
    n: Array
    units: Array
    reason: Array
    other: str = ""

    @property
    def value(self) -> Array:
        """The means as floats."""
        return as_floats(self.exact)

    def interval(self, confidence: float) -> tuple[Array, Array]:
        """Limits, not clipped; NaN where nothing varies and where there is no mean."""
        low, high = self.error.interval(self.value, confidence)
        unknown = self.reason == "no-variance"
        return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)

    def at_least(self, value: Array | float) -> Array:
        """Confidence that the true mean is at least ``value``; NaN where nothing varies."""
        sure = self.error.confidence(self.value, value)
        return np.where((self.reason == "") | (self.reason == "census"), sure, np.nan)


@dataclass(frozen=True)
class MeanRows:
    """Where the rows go, and the rule that names the letters."""

    blocks: Blocks
    law: rules.Rule
    foreign: bool

    def add(self, scope: str, mean: Mean, method: str, labels: Labels, text: str = "") -> None:
        """Add all rows of one way to take the mean."""
        order, b, value = np.arange(len(mean.n)), self.blocks, mean.value
        lower, upper = mean.interval(b.confidence)
        named = letters(mean.exact, self.law)
        blank = np.isnan(value)
        no_letter = np.where(blank, mean.reason, "foreign-scale" if self.foreign else "").astype(object)
        if self.foreign:
            named[:] = ""
        numerator, denominator = storable_all(mean.exact)
        common: dict[str, Any] = {"n": mean.n, "method": method, **labels}
        pair = {"numerator": numerator, "denominator": denominator, "other": mean.other}
        b.add(
            scope, "ikm", order, estimate=value, lower=lower, upper=upper, df=mean.error.df,
            text=text, reason=mean.reason, **pair, **common,
        )  # fmt: skip
        b.add(
            scope, "letter", order, estimate=np.where(no_letter == "", value, np.nan), text=named,
            reason=no_letter, **pair, **common,
        )  # fmt: skip
        errors = {"df": mean.error.df, "reason": mean.reason, **common}
        known = ~blank & (mean.reason != "no-variance")
        b.add(
            scope, "margin", order, estimate=np.where(known, (upper - lower) / 2, np.nan),
            confidence=b.confidence, **errors,
        )  # fmt: skip
        b.add(scope, "standard_error", order, estimate=np.where(known, mean.error.se, np.nan), **errors)
        if method != "pooled" or scope == "city":  # a group's own ways agree on its units
            b.add(scope, "units", order, estimate=mean.units.astype(float), **common)
        self._certainty(scope, mean, named, np.where(no_letter != "", no_letter, mean.reason), common)

    def _certainty(self, scope: str, mean: Mean, named: Array, reason: Array, common: Labels) -> None:
        """Confidence of each letter, and the word for the published one."""
        order, value = np.arange(len(mean.n)), mean.value
        usable = (reason == "") | (reason == "census")
        own = np.full(len(order), np.nan)
        for name, (low, high) in letter_bands(self.law).items():
            share = mean.at_least(low) - (0.0 if np.isinf(high) else mean.at_least(high))
            share = np.where(usable & ~np.isnan(value), share, np.nan)
            # The exact fraction decides a letter; of a census nothing else is possible.
            share = np.where(usable & (reason == "census"), (named == name).astype(float), share)
            self.blocks.add(
                scope, f"certainty_{name}", order, estimate=share, df=mean.error.df, reason=reason, **common
            )
            own[named == name] = share[named == name]
        self.blocks.add(
            scope, "certainty", order, estimate=own, text=certainty_words(own), other=named,
            df=mean.error.df, reason=reason, **common,
        )  # fmt: skip
