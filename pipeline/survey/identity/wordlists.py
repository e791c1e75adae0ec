"""The lists of words by which names are told: ``names.txt`` and ``ordinary.txt``, section by section."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def listed(section: str, file: str = "names.txt") -> frozenset[str]:
    """Words of one section of a list.

    Examples
    --------
    >>> "siti" in listed("sure"), "jepara" in listed("towns", "ordinary.txt")
    (True, True)
    """
    text = (Path(__file__).parent / file).read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(lines.split(f"[{section}]")[1].split("[")[0].split())
