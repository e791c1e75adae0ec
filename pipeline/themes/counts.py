"""How many people wrote about each theme and each unsur, and in how many different texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pipeline.themes.judge import JUNK

if TYPE_CHECKING:
    import pandas as pd


class Tally(NamedTuple):
    """People who wrote about something, and the different texts that they wrote."""

    people: int
    texts: int


def same(text: str) -> str:
    """Bring texts that differ by capitals and a last mark only to one writing.

    Examples
    --------
    >>> same("Antre lama!") == same("antre lama")
    True
    """
    return text.casefold().rstrip(" .!")


def of_themes(judged: pd.DataFrame) -> dict[str, Tally]:
    """Count people and different texts of each theme.

    Parameters
    ----------
    judged : DataFrame
        As `pipeline.themes.judge` returns it, one row a person.

    Returns
    -------
    dict of theme to Tally
        Most people first, then by name. A text of two themes counts in both: the numbers have no sum.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline import themes
    >>> said = pd.Series(["Toilet kotor", "toilet kotor.", "Parkir sempit"])
    >>> of_themes(themes.judge(said, themes.built_in()))
    {'kebersihan': Tally(people=2, texts=1), 'parkir': Tally(people=1, texts=1)}
    """
    return _counted(judged, "themes")


def of_items(judged: pd.DataFrame) -> dict[str, Tally]:
    """Count people and different texts that speak of each unsur, most people first."""
    return _counted(judged, "unsur")


def of_junk(judged: pd.DataFrame) -> dict[str, int]:
    """Count people whose text says nothing, by kind, every kind."""
    found = Counter(judged["kind"])
    return {kind: found[kind] for kind in JUNK}


def leading(counted: Mapping[str, tuple[int, int]]) -> tuple[list[str], int]:
    """The themes most people wrote about, all of them where some are even, and by how many people.

    Examples
    --------
    >>> leading({"parkir": Tally(7, 3), "antrean": Tally(7, 5), "biaya": Tally(2, 2)})
    (['parkir', 'antrean'], 7)
    """
    most = max(people for people, _ in counted.values())
    return [name for name, (people, _) in counted.items() if people == most], most


def _counted(judged: pd.DataFrame, column: str) -> dict[str, Tally]:
    people: Counter[str] = Counter()
    texts: dict[str, set[str]] = {}
    for text, names in zip(judged["text"], judged[column]):
        for name in names:
            people[name] += 1
            texts.setdefault(name, set()).add(same(text))
    return {
        name: Tally(people[name], len(texts[name])) for name in sorted(people, key=lambda n: (-people[n], n))
    }
