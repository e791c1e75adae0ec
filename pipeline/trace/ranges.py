"""Row numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterable


def ranges(rows: Iterable[int], most: int = 0) -> str:
    """Row numbers in order, neighbours joined: ``2-4, 7``.

    Parameters
    ----------
    rows : iterable of int
    most : int
        At most so many stretches, then an ellipsis; 0: all.

    Examples
    --------
    >>> ranges([7, 2, 3, 4]), ranges([1, 3, 5], most=2), ranges([])
    ('2-4, 7', '1, 3, …', '')
    """
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    texts = [str(low) if low == high else f"{low}-{high}" for low, high in spans]
    if most and len(texts) > most:
        texts = [*texts[:most], "…"]
    return ", ".join(texts)
