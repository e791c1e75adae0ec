"""Whether an index is the regulation's, and how its means become index points (R11)."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from .model import Rule


def foreign(rule: Rule, scale: tuple[int, int], items: Collection[str], own: Collection[str] = ()) -> bool:
    """Say whether an index is none of the regulation's: no letter, no printed weights.

    It is not where the scale is another, and not where none of the regulation's unsur was asked and no
    unit's own list (R12) replaces them: a questionnaire of one's own on a scale of 1-4 gets no letter.

    Parameters
    ----------
    rule : Rule
    scale : (int, int)
        Lowest and highest answer of the index's items.
    items : collection of str
        Items of the index; none known is taken for the regulation's.
    own : collection of str
        Items of lists that replace the regulation's unsur.

    Examples
    --------
    >>> from pipeline import rules
    >>> law = rules.load("14/2017")
    >>> [foreign(law, *case) for case in (((1, 4), ["U1"]), ((1, 4), ["a.1"]), ((1, 4), ["a.1"], ["a.1"]))]
    [False, True, False]
    >>> foreign(law, (1, 5), ["U1"]), foreign(law, (1, 4), [])
    (True, False)
    """
    asked = not items or not {*rule.codes, *own}.isdisjoint(items)
    return tuple(scale) != tuple(rule.scale) or not asked


def factor(scale: tuple[int, int]) -> Fraction:
    """From a mean answer to index points: the highest answer is 100, of 1-4 the regulation's 25.

    Examples
    --------
    >>> factor((1, 4)), factor((1, 5))
    (Fraction(25, 1), Fraction(20, 1))
    """
    return Fraction(100, scale[1])
