"""The answers of every questionnaire of a unit as they may be published: which rows, and in which order."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

#: Below this many valid answers the rows are not published: they could be told apart by who is known to have come.
LEAST = 10
#: Above this many rows equal answers stand once, with how many gave them.
ROWS = 600


def shuffled(rows: Sequence[T]) -> list[T]:
    """Return rows in an order that depends on their content only, not on who came first.

    The rows are sorted, then shuffled with a seed made of all of them: the same answers
    always give the same order, and the order says nothing about time or place.

    Examples
    --------
    >>> shuffled(["b", "a", "c"]) == shuffled(["c", "b", "a"])
    True
    """
    ordered = sorted(rows, key=repr)
    seed = hashlib.sha256("\n".join(map(repr, ordered)).encode()).hexdigest()
    random.Random(seed).shuffle(ordered)  # noqa: S311 - an order, not a secret
    return ordered


def allowed(wanted: bool, n_valid: int) -> bool:
    """Whether a unit's rows may be published: the definition's ``annex``, and from `LEAST` valid answers on.

    Examples
    --------
    >>> allowed(True, 10), allowed(True, 9), allowed(False, 500)
    (True, False, False)
    """
    return wanted and n_valid >= LEAST


def rows(responses: pd.DataFrame, items: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the answers of everybody who gave one, shuffled; a missing answer is blank, never 0.

    Examples
    --------
    >>> import pandas as pd
    >>> sorted(rows(pd.DataFrame({"U1": [4, None, 3], "U2": [None, None, 2]}, dtype="Int8"), ["U1", "U2"]))
    [('3', '2'), ('4', '')]
    """
    given = shuffled(
        [tuple(map(cell, row)) for row in responses[list(items)].itertuples(index=False, name=None)]
    )
    return [row for row in given if any(row)]


def body(given: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return the rows as they stand on a page, and how many gave each; no counts where every row stands by itself.

    Examples
    --------
    >>> body([("4",), ("3",)])
    ([('4',), ('3',)], [])
    """
    if len(given) <= ROWS:
        return list(given), []
    counts = Counter(given)
    patterns = shuffled(list(counts))
    return patterns, [counts[row] for row in patterns]


def cell(value: Any) -> str:
    """Write one answer; a missing one is blank."""
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    import pandas as pd

    return "" if pd.isna(value) else str(int(value))
