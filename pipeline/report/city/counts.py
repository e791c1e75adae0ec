"""How many units (or groups) got each word of a verdict: what leads, titles and alt texts count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline import standings

if TYPE_CHECKING:
    import pandas as pd


def counts_of(said: pd.Series, words: Iterable[str]) -> dict[str, int]:
    """Count each word, those that nobody got too.

    Examples
    --------
    >>> import pandas as pd
    >>> counts_of(pd.Series(["above", "", "above"]), ("above", "below"))
    {'above': 2, 'below': 0}
    """
    return {word: int((said == word).sum()) for word in words}


def versus_counts(rows: pd.DataFrame) -> dict[str, int]:
    """How many units have each word of axis two."""
    return counts_of(rows["versus"], standings.DIFFERENCE_WORDS)
