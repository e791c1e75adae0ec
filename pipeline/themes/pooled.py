"""How many people of several units wrote about each theme, without giving away those of one unit.

A unit's report tells how many wrote about a theme from five on. What a city's count leaves beyond the units that
tell theirs must not be one unit's: it is counted only where it is two units' and five people's at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.rules import PRIVATE_BELOW
from pipeline.themes.judge import OTHER, one
from pipeline.themes.model import Model

#: Units that the rest must be of.
LEAST_UNITS = 2


class Pooled(NamedTuple):
    """What is told of one theme: people, and units in which five or more wrote about it."""

    people: int
    units: int


def over_units(written: Iterable[tuple[str, str]], model: Model) -> dict[str, Pooled]:
    """Count people by theme over units.

    Parameters
    ----------
    written : iterable of (unit, text)
        What each person wrote; of units with a page only.
    model : Model

    Returns
    -------
    dict of theme to Pooled
        Themes of five people and more, most people first.

    Examples
    --------
    >>> from pipeline.themes.model import built_in
    >>> said = [("a", "antre lama")] * 6 + [("b", "antre lama")] * 4 + [("b", "parkir sempit")] * 3
    >>> over_units(said, built_in())  # the four of b would be told by the difference
    {'antrean': Pooled(people=6, units=1)}
    >>> over_units([*said, ("c", "antri")], built_in())
    {'antrean': Pooled(people=11, units=1)}
    """
    times = Counter((unit, " ".join(text.split())) for unit, text in written)
    judged = {text: one(text, model)[1] for text in {text for _, text in times}}
    people: dict[str, Counter[str]] = {}
    for (unit, text), count in times.items():
        for theme in judged[text]:
            if theme != OTHER:
                people.setdefault(theme, Counter())[unit] += count
    found = {theme: told(counts) for theme, counts in people.items()}
    shown = {theme: row for theme, row in found.items() if row.people >= PRIVATE_BELOW}
    return {theme: shown[theme] for theme in sorted(shown, key=lambda name: (-shown[name].people, name))}


def told(counts: Counter[str]) -> Pooled:
    """People that may be told of one theme, given how many of each unit wrote about it."""
    shown = [count for count in counts.values() if count >= PRIVATE_BELOW]
    rest = [count for count in counts.values() if count < PRIVATE_BELOW]
    beyond = sum(rest) if len(rest) >= LEAST_UNITS and sum(rest) >= PRIVATE_BELOW else 0
    return Pooled(sum(shown) + beyond, len(shown))
