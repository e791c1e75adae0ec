"""Rounding, letters and weights in rational arithmetic (R1, R3)."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from .model import Letter, Rule, RuleError
from .regulations import load

Exact = Fraction | Decimal | int | tuple[int, int]


class WeightError(RuleError):
    """Weights that cannot be read exactly, or that do not sum to 1."""


def exact(value: Exact) -> Fraction:
    """Turn an exact number into a Fraction and refuse one that is not exact.

    Parameters
    ----------
    value : Fraction, Decimal, int or pair of int
        A pair is (numerator, denominator).

    Raises
    ------
    TypeError
        For floats: 76.605 as a float is already 76.60499999999999...
    ValueError
        For a zero denominator or a Decimal that is not a number.

    Examples
    --------
    >>> exact((153, 2))
    Fraction(153, 2)
    """
    if isinstance(value, bool):
        raise TypeError("True and False are no index values")
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a number")
        return Fraction(value)
    if isinstance(value, tuple) and len(value) == 2:
        numerator, denominator = (operator.index(part) for part in value)
        if denominator == 0:
            raise ValueError("the denominator is zero: nobody answered")
        return Fraction(numerator, denominator)
    raise TypeError(
        f"{type(value).__name__} {value!r} is not exact: pass a Fraction, a Decimal or a pair of "
        "integers (numerator, denominator)"
    )


def round_half_up(value: Exact, places: int = 2) -> Decimal:
    """Round an exact number half up, by rational arithmetic.

    Formula: floor(x 10^places + 1/2) / 10^places.

    Examples
    --------
    >>> round_half_up((76605, 1000)), round_half_up(Decimal("88.305"))
    (Decimal('76.61'), Decimal('88.31'))
    """
    scaled = exact(value) * 10**places + Fraction(1, 2)
    return Decimal(scaled.numerator // scaled.denominator).scaleb(-places)


def grade(value: Exact, rule: Rule | str = "14/2017") -> Letter:
    """Return the whole grade (letter, name, bounds) of an exact index; see `letter`."""
    resolved = load(rule) if isinstance(rule, str) else rule
    number = exact(value)
    rounded = Fraction(round_half_up(number, 2))
    if rounded > 100 or number < 0:
        raise ValueError(f"an index of {float(number):.4f} cannot be: the scale ends at 100")
    for candidate in resolved.letters:
        if rounded >= candidate.lower:
            return candidate
    # A printed weight such as 0.11 can take an index just below 25; it is still the lowest grade.
    return resolved.letters[-1]


def letter(value: Exact, rule: Rule | str = "14/2017") -> str:
    """Return the letter of an exact index (R3).

    The index is rounded half up to two decimals by rational arithmetic, then compared with the
    lower bounds of the rule (14/2017: 65.00, 76.61, 88.31).

    Parameters
    ----------
    value : Fraction, Decimal, int or (int, int)
        The index on the 25-100 scale. Floats are refused.
    rule : Rule or str
        The regulation, or a name `load` understands.

    Returns
    -------
    str
        ``"A"`` to ``"D"``.

    Raises
    ------
    TypeError
        If the value is a float.
    ValueError
        If the value lies above 100 or below 0.

    Examples
    --------
    >>> [letter(Decimal(x)) for x in ("64.99", "64.995", "76.605", "88.305", "100")]
    ['D', 'C', 'B', 'A', 'A']
    """
    return grade(value, rule).letter


def cuts(rule: Rule | str = "14/2017") -> tuple[tuple[str, Fraction], ...]:
    """Where the letter changes on the unrounded scale: each lower bound minus 0.005.

    Returns
    -------
    tuple of (letter, cut)
        From best to worst without the lowest letter: the index from which the letter holds.

    Examples
    --------
    >>> [(name, float(cut)) for name, cut in cuts()]
    [('A', 88.305), ('B', 76.605), ('C', 64.995)]
    """
    resolved = load(rule) if isinstance(rule, str) else rule
    return tuple((g.letter, g.lower - Fraction(1, 200)) for g in resolved.letters[:-1])


_NUMBER = re.compile(r"\s*(\d+\s*/\s*\d+|\d+(?:[.,]\d+)?)\s*")


def parse_weight(text: str | int | Fraction | Decimal) -> Fraction:
    """Read one weight exactly: ``'1/9'``, ``'0.12'``, ``'0,12'``.

    Raises
    ------
    WeightError
        If the text is no number, or the weight is a float (write it in quotes).

    Examples
    --------
    >>> parse_weight("0.12"), parse_weight("1/9")
    (Fraction(3, 25), Fraction(1, 9))
    """
    if isinstance(text, Fraction | Decimal) or (isinstance(text, int) and not isinstance(text, bool)):
        return Fraction(text)
    if not isinstance(text, str):
        raise WeightError(f"write the weight {text!r} in quotes, so that it is read exactly")
    match = _NUMBER.fullmatch(text)
    if not match:
        raise WeightError(f"{text!r} is no weight: write '1/9' or '0.12'")
    digits = match[1].replace(" ", "").replace(",", ".")
    if "/" in digits and int(digits.split("/")[1]) == 0:
        raise WeightError(f"{text!r} divides by zero")
    return Fraction(digits)


def parse_weights(weights: Mapping[str, str | int | Fraction | Decimal]) -> dict[str, Fraction]:
    """Read weights exactly and refuse a set that does not sum to exactly 1 (R1).

    Examples
    --------
    >>> parse_weights({"U1": "1/3", "U2": "2/3"})
    {'U1': Fraction(1, 3), 'U2': Fraction(2, 3)}

    Raises
    ------
    WeightError
        If there are none, one cannot be read, one is not above zero, or they do not sum to 1.
    """
    if not weights:
        raise WeightError("no weights are given")
    parsed = {code: parse_weight(text) for code, text in weights.items()}
    low = [code for code, weight in parsed.items() if weight <= 0]
    if low:
        raise WeightError(f"a weight must be above zero: {', '.join(low)}")
    total = sum(parsed.values(), Fraction(0))
    if total != 1:
        k = len(parsed)
        raise WeightError(
            f"the {k} weights sum to {total} ({float(total):.4f}), not to 1; for equal weights write '1/{k}'"
        )
    return parsed
