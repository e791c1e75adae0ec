"""How sure a letter is (R13): where letters change, and the word for the confidence."""

from __future__ import annotations

import numpy as np

from pipeline import rules

#: From this confidence a letter is called firm, and from this one leaning.
FIRM, LEANING = 0.95, 0.80


def letter_bands(rule: rules.Rule | str = "14/2017") -> dict[str, tuple[float, float]]:
    """Each letter's stretch of the unrounded index: from its lower bound minus 0.005.

    Examples
    --------
    >>> letter_bands()["B"]
    (76.605, 88.305)
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    bands: dict[str, tuple[float, float]] = {}
    top = float("inf")
    for letter, cut in rules.cuts(law):
        bands[letter] = (float(cut), top)
        top = float(cut)
    bands[law.letters[-1].letter] = (float("-inf"), top)
    return bands


def certainty_word(confidence: float) -> str:
    """``firm`` from 95 %, ``leaning`` from 80 %, else ``border``; ``""`` for NaN.

    Examples
    --------
    >>> [certainty_word(c) for c in (0.97, 0.8, 0.79)]
    ['firm', 'leaning', 'border']
    """
    if np.isnan(confidence):
        return ""
    return "firm" if confidence >= FIRM else "leaning" if confidence >= LEANING else "border"


def certainty_words(confidence: np.ndarray) -> np.ndarray:
    """`certainty_word` of many."""
    return np.array([certainty_word(float(c)) for c in confidence], dtype=object)
