"""Names that look like one another: proposed as aliases, never merged.

Only a person can know whether ``Dinas Kesehtan`` is ``Dinas Kesehatan`` mistyped, or whether
``Kelurahan Sapu`` and ``Kelurahan Sapa`` are one. So likeness is said, and nothing follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.survey.text import fold
from pipeline.survey.units import Unit

#: How alike the words that differ must be, in per cent (normalised edit distance).
ALIKE = 80.0
#: With more units only neighbours in alphabetical order are compared with one another.
ALL_PAIRS, NEIGHBOURS = 1500, 10


@dataclass(frozen=True, slots=True)
class Near:
    """Two names that may mean one unit."""

    name: str
    like: str
    unit: str  # id of the unit that `like` names
    listed: bool  # whether `name`, too, is in units.csv
    rows: int = 0  # answers that carry an unlisted name


def likeness(one: str, other: str) -> float:
    """How alike two names are where they differ, 0 to 100; 0 when they differ in a number.

    Words that both have do not count, in whatever order: agencies of a city share most of their
    words. Numbers tell units apart (``SDN 1``, ``SDN 2``) and are never a slip.

    Examples
    --------
    >>> likeness("Dinas Kesehatan", "Dinas Kesehtan") > 90
    True
    >>> likeness("Puskesmas 1", "Puskesmas 2"), likeness("Kelurahan Pena", "Kelurahan Pita")
    (0.0, 50.0)
    """
    return _alike(_read(one), _read(other))


#: Words of a folded name, its numbers in order, and its letters without blanks.
_Read = tuple[list[str], list[str], str]


def _read(name: str) -> _Read:
    words = fold(name).split()
    return words, sorted(re.findall(r"\d+", " ".join(words))), "".join(words)


def _alike(one: _Read, other: _Read) -> float:
    from rapidfuzz import fuzz

    (a, numbers, letters), (b, others, rest) = one, other
    if numbers != others:
        return 0.0
    mine, yours = [w for w in a if w not in b], [w for w in b if w not in a]
    if not mine and not yours:
        return 100.0
    if letters == rest:  # the same letters, with other blanks
        return 100.0
    if not mine or not yours:
        return 0.0
    return float(fuzz.ratio(" ".join(mine), " ".join(yours)))


def unlisted(names: Mapping[str, int], units: Sequence[Unit]) -> list[Near]:
    """Unlisted names that look like a listed one, the most frequent first.

    Parameters
    ----------
    names : mapping
        Name as it stands in the answers, and how many answers carry it.
    units : sequence of Unit
    """
    from rapidfuzz import fuzz, process

    spellings = [(s, u.id) for u in units for s in dict.fromkeys((u.name, *u.aliases, u.id))]
    folded = [fold(s) for s, _ in spellings]
    found = []
    for name, rows in sorted(names.items(), key=lambda item: (-item[1], item[0])):
        # A first, rough choice by whole names; then the words that differ decide.
        rough = process.extract(fold(name), folded, scorer=fuzz.token_sort_ratio, limit=5, score_cutoff=60)
        scored = [(likeness(name, spellings[i][0]), i) for _, _, i in rough]
        best = max(scored, key=lambda s: (s[0], -s[1]), default=(0.0, -1))
        if best[0] >= ALIKE:
            found.append(Near(name, spellings[best[1]][0], spellings[best[1]][1], listed=False, rows=rows))
    return found


def listed(units: Sequence[Unit]) -> list[Near]:
    """Listed units whose names look like one another."""
    order = sorted(units, key=lambda unit: (fold(unit.name), unit.id))
    # Read once each: half a million pairs are compared.
    read = [_read(unit.name) for unit in order]
    return [
        Near(order[i].name, order[j].name, order[j].id, listed=True)
        for i, j in _pairs(len(order))
        if read[i][1] == read[j][1] and _alike(read[i], read[j]) >= ALIKE
    ]


def _pairs(count: int) -> Iterator[tuple[int, int]]:
    reach = count if count <= ALL_PAIRS else NEIGHBOURS
    for i in range(count):
        for j in range(i + 1, min(i + 1 + reach, count)):
            yield i, j


def sentence(near: Near) -> tuple[str, str]:
    """What is said of a pair, and the hint."""
    if near.listed:
        return (
            f'"{near.name}" and "{near.like}" in units.csv look like one unit written twice',
            "if they are one, keep one row and give the other name as an alias; nothing was merged",
        )
    times = "1 answer" if near.rows == 1 else f"{near.rows} answers"
    return (
        f'"{near.name}" ({times}) is not in units.csv and looks like "{near.like}"',
        f'if it is that unit, add the name to the aliases of "{near.unit}"; nothing was merged',
    )
