"""A difference written with its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.words import Words


def signed(w: Words, value: float, digits: int = 1) -> str:
    """Write a difference with its sign; none where it rounds to zero.

    Examples
    --------
    >>> from pipeline.words import Words
    >>> signed(Words("en"), 1.25, 2), signed(Words("en"), -1.25, 2), signed(Words("en"), 0.001, 2)
    ('+1.25', '−1.25', '0.00')
    """
    text = str(w.number(abs(value), digits))
    return text if not any(c in text for c in "123456789") else f"{'+' if value > 0 else '−'}{text}"
