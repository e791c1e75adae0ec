"""Items that are asked twice: what was found, and what was expected or how important it is (SERVQUAL).

Expectations are no part of an index of satisfaction: unseen, they would be averaged with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.intake.propose.questionnaires.names import Named
from pipeline.survey.text import fold

#: Words that say which of the two is asked.
_SAID = {
    "": re.compile(
        r"\b(?:tingkat )?(?:persepsi|kenyataan|kinerja|aktual|realita|realitas|dirasakan|kepuasan|perception|perceived"
        r"|perceptions|performance|actual|satisfaction|reality)\b"
    ),
    "exp": re.compile(
        r"\b(?:tingkat )?(?:harapan|ekspektasi|diharapkan|ideal|expectation|expectations|expected|desired)\b"
    ),
    "imp": re.compile(r"\b(?:tingkat )?(?:kepentingan|pentingnya|penting|importance|important)\b"),
}
#: Letters of two series of codes that usually are found and expected; it is asked, never taken so.
_LETTERS = {
    ("p", "h"),
    ("p", "e"),
    ("k", "h"),
    ("k", "e"),
    ("kenyataan", "harapan"),
    ("per", "har"),
    ("perf", "imp"),
}
KINDS: tuple[Literal["exp", "imp"], ...] = ("exp", "imp")
#: Share of the items that must have a partner.
ENOUGH = 0.8


@dataclass(frozen=True)
class Pairs:
    """Which item is the other's second question; ``kind`` is ``exp`` or ``imp``."""

    kind: Literal["exp", "imp"]
    #: Place of the second question (among the items) to that of the first.
    first_of: dict[int, int]


def find(named: Sequence[Named]) -> Pairs | None:
    """Return the pairs that words in the headers show, if nearly every item has a partner.

    Examples
    --------
    >>> from pipeline.intake.propose.questionnaires.names import parse
    >>> heads = ["Persepsi [Ruang bersih]", "Persepsi [Ramah]", "Harapan [Ruang bersih]", "Harapan [Ramah]"]
    >>> find([parse(text) for text in heads])
    Pairs(kind='exp', first_of={2: 0, 3: 1})
    """
    said = [_said(one) for one in named]
    for kind in KINDS:
        plain = {rest: place for place, (which, rest) in enumerate(said) if which == ""}
        first_of = {
            place: plain[rest] for place, (which, rest) in enumerate(said) if which == kind and rest in plain
        }
        if len(first_of) >= 2 and 2 * len(first_of) >= ENOUGH * len(named):
            return Pairs(kind, first_of)
    return None


def lettered(named: Sequence[Named]) -> tuple[str, str] | None:
    """Return two series of codes with the same numbers that may be found and expected (P1-P22, H1-H22).

    Examples
    --------
    >>> from pipeline.intake.propose.questionnaires.names import parse
    >>> lettered([parse(text) for text in ("P1", "P2", "P3", "E1", "E2", "E3")])
    ('P', 'E')
    """
    series: dict[str, set[tuple[int, int]]] = {}
    for one in named:
        if one.first >= 0 and one.stem:
            series.setdefault(one.stem, set()).add((one.first, one.second))
    for first, numbers in series.items():
        for second, others in series.items():
            if (first.lower(), second.lower()) in _LETTERS and numbers == others and len(numbers) >= 3:
                return first, second
    return None


def _said(one: Named) -> tuple[str | None, str]:
    """Return which of the two a header asks, and what remains of it without saying so."""
    for text, other in (
        (one.facet, one.text or f"{one.first} {one.second}"),
        (one.text, one.facet),
        (one.header, ""),
    ):
        folded = fold(text.replace("_", " "))
        for kind, pattern in _SAID.items():
            if folded and pattern.search(folded):
                rest = " ".join(pattern.sub(" ", folded).split())
                return kind, f"{rest}|{fold(other)}"
    return None, ""
