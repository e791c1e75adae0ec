"""How much room a name takes in a figure, and how it is cut to fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline import blocks


def text_mm(text: str) -> float:
    """Width of a text in a figure, in millimetres, by kinds of letters (Inter at the figures' size).

    An estimate is enough: it only decides how much room the names get.

    Examples
    --------
    >>> text_mm("ABC") > text_mm("abc") > text_mm("ili")
    True
    """
    em = blocks.style.FIGURE_PT * 25.4 / 72
    wide = sum(0.74 if c.isupper() else 0.30 if c in "iljtfI.,' ()" else 0.58 for c in text)
    return em * wide


def fit(text: str, most_mm: float) -> str:
    """Cut a text so that it fits a width in a figure."""
    while text_mm(text) > most_mm and len(text) > 4:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    return text


def fit_apart(texts: Sequence[str], most_mm: float) -> list[str]:
    """Cut texts of one figure so that each fits; those that would look alike keep their last word.

    Examples
    --------
    >>> fit_apart(["Kecamatan Contoh Barat", "Kecamatan Contoh Timur", "Dinas Sosial"], 22.0)
    ['Kecamata… Barat', 'Kecamata… Timur', 'Dinas Sosial']
    """
    cut = [fit(text, most_mm) for text in texts]
    alike = Counter(cut)
    return [
        _keeping_end(text, most_mm) if alike[short] > 1 and short != text else short
        for text, short in zip(texts, cut, strict=True)
    ]


def _keeping_end(text: str, most_mm: float) -> str:
    head, _, last = text.rpartition(" ")
    room = most_mm - text_mm(f"… {last}")
    while head and text_mm(head) > room:
        head = head[:-1].rstrip()
    return f"{head}… {last}" if len(head) > 2 else fit(text, most_mm)
