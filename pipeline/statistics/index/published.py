"""Recompute a published index from its printed sums, counts or NRR (R1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pipeline import results, rules
from pipeline.statistics.data.item_weights import storable

if TYPE_CHECKING:
    import pandas as pd

Number = str | int | float | Decimal | Fraction


@dataclass(frozen=True)
class Published:
    """An index recomputed from published figures."""

    exact: Fraction
    weight: str
    nrr: dict[str, Fraction]
    n: int | None
    rule: rules.Rule

    @property
    def ikm(self) -> float:
        """The index as a float."""
        return self.exact.numerator / self.exact.denominator

    @property
    def letter(self) -> str:
        """The letter under the rule, from the exact index (R3)."""
        return rules.letter(self.exact, self.rule)

    def rounded(self, places: int = 2) -> Decimal:
        """The index rounded half up, as it would be printed."""
        return rules.round_half_up(self.exact, places)

    def table(self, *, survey: str = "", unit: str = "") -> pd.DataFrame:
        """The index as result rows: ``ikm`` or ``ikm_legacy``, ``letter``, ``nrr``."""
        numerator, denominator = storable(self.exact)
        statistic = "ikm" if self.weight in ("exact", "own-weights") else "ikm_legacy"
        base = {"survey": survey, "scope": "unit", "unit": unit, "method": self.weight, "n": self.n}
        pair = {"estimate": self.ikm, "numerator": numerator, "denominator": denominator}
        rows: list[dict[str, Any]] = [
            {**base, **pair, "statistic": statistic},
            {**base, **pair, "statistic": "letter", "text": self.letter},
        ]
        for item, value in self.nrr.items():
            top, bottom = storable(value)
            rows.append(
                {**base, "statistic": "nrr", "item": item, "estimate": float(value), "numerator": top,
                 "denominator": bottom}
            )  # fmt: skip
        return results.frame(rows)


def _printed(value: Number) -> Fraction:
    # A printed 3.31 read from JSON is a float; its shortest text is what was printed.
    if isinstance(value, bool):
        raise TypeError("True and False are no printed numbers")
    if isinstance(value, str):
        return Fraction(Decimal(value.strip().replace(",", ".")))
    return Fraction(Decimal(repr(float(value)))) if isinstance(value, float) else Fraction(value)


def _named(values: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    if isinstance(values, Mapping):
        return {str(key): value for key, value in values.items()}
    return {f"U{i}": value for i, value in enumerate(values, 1)}


def _index(
    nrr: dict[str, Fraction],
    n: int | None,
    weight: str,
    weights: Mapping[str, Any] | None,
    rule: str | rules.Rule,
) -> Published:
    law = rules.load(rule) if isinstance(rule, str) else rule
    if not nrr:
        raise ValueError("no item is given")
    if weights is not None:
        each = rules.parse_weights(weights)
        if set(each) != set(nrr):
            raise rules.WeightError("weights and items are not the same")
        weight = "own-weights"
    elif weight == "exact":
        each = dict.fromkeys(nrr, Fraction(1, len(nrr)))
    else:
        each = dict.fromkeys(nrr, rules.parse_weight(weight))
    low, high = law.scale
    wrong = [item for item, value in nrr.items() if not low <= value <= high]
    if wrong:
        raise ValueError(f"the mean of {wrong[0]} is {float(nrr[wrong[0]]):g}, outside {low}-{high}")
    exact = law.factor * sum((each[item] * value for item, value in nrr.items()), Fraction(0))
    return Published(exact, weight, nrr, n, law)


def from_counts(
    counts: Mapping[str, Any] | Sequence[Any],
    n: int | Mapping[str, int] | Sequence[int] | None = None,
    *,
    weight: str = "exact",
    weights: Mapping[str, Any] | None = None,
    rule: str | rules.Rule = "14/2017",
) -> Published:
    """Index from published sums per item, or from a published frequency table.

    Parameters
    ----------
    counts : mapping or sequence
        Per item either the sum of its answers (then ``n`` is needed) or a mapping of answer to
        how often it was given. A sequence is named U1, U2, ...
    n : int, mapping or sequence, optional
        Number of answers: one for all items, or one an item.
    weight : str
        ``"exact"`` for 1/k, or a printed weight (``"0.11"``, ``"0.111"``, ``"0.071"``) to
        reproduce an old publication.
    weights : mapping of item to weight, optional
        Own weights that sum to exactly 1.
    rule : str or Rule
        Decides the letter.

    Returns
    -------
    Published

    Raises
    ------
    ValueError
        If a number of answers is missing or zero, or a mean leaves the scale.

    Notes
    -----
    Checked against 16 published results.

    Examples
    --------
    >>> sums = [105, 101, 100, 116, 102, 105, 106, 105, 115]
    >>> from_counts(sums, 29).rounded(), from_counts(sums, 29, weight="0.11").rounded()
    (Decimal('91.48'), Decimal('90.56'))
    """
    entries = _named(counts)
    sizes = dict.fromkeys(entries, n) if n is None or isinstance(n, int) else _named(n)
    nrr: dict[str, Fraction] = {}
    totals: set[int] = set()
    for item, entry in entries.items():
        if isinstance(entry, Mapping):
            total = sum(int(score) * int(times) for score, times in entry.items())
            answered = sum(int(times) for times in entry.values())
        else:
            size = sizes.get(item)
            if size is None:
                raise ValueError(f"how many answered {item}? sums need the number of answers")
            total, answered = int(entry), int(size)
        if answered <= 0:
            raise ValueError(f"nobody answered {item}: the index is not defined on fewer items")
        totals.add(answered)
        nrr[item] = Fraction(total, answered)
    return _index(nrr, totals.pop() if len(totals) == 1 else None, weight, weights, rule)


def from_nrr(
    nrr: Mapping[str, Number] | Sequence[Number],
    *,
    weight: str = "exact",
    weights: Mapping[str, Any] | None = None,
    rule: str | rules.Rule = "14/2017",
    n: int | None = None,
) -> Published:
    """Index from published NRR, read as printed digits.

    Parameters
    ----------
    nrr : mapping or sequence
        Mean per item as printed: ``"3,31"``, ``"3.31"``, Decimal, or a float whose shortest text
        is what was printed.
    weight, weights, rule
        As in `from_counts`.
    n : int, optional
        Number of respondents, only carried along.

    Returns
    -------
    Published

    Examples
    --------
    >>> bantul = ["3.31", "3.35", "3.49", "3.93", "3.45", "3.39", "3.39", "3.76", "3.35"]
    >>> from_nrr(bantul).rounded()
    Decimal('87.28')
    """
    return _index({k: _printed(v) for k, v in _named(nrr).items()}, n, weight, weights, rule)
