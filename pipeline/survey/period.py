"""How the name of a survey writes its period: a year, and the half, the quarter or the month of it."""

from __future__ import annotations

import re

#: ``2024``, ``2024-s1``, ``2024-tw3`` (or ``-q3``), ``2024-09``; whoever matches it says what may follow.
#: `pipeline.words.places` writes the same in words.
WRITTEN = r"(?P<year>\d{4})(?:-(?:s(?P<half>[12])|(?:tw|q)(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?"
_OPENS = re.compile(WRITTEN + r"(?=-|$)")
_ALONE = re.compile(WRITTEN)


def opening(name: str) -> re.Match[str] | None:
    """The period that a name begins with, a word of its own; None where it begins with none.

    Examples
    --------
    >>> opening("2024-s1-kota")[0], opening("2024-internal")[0], opening("2024kota"), opening("mpp")
    ('2024-s1', '2024', None, None)
    """
    return _OPENS.match(name)


def is_period(name: str) -> bool:
    """Whether a name is a period and nothing else.

    Examples
    --------
    >>> is_period("2024-tw3"), is_period("2024-internal")
    (True, False)
    """
    return _ALONE.fullmatch(name) is not None


def months(found: re.Match[str]) -> tuple[int, int]:
    """Return the first month of a period, and how many it has.

    Examples
    --------
    >>> [months(opening(name)) for name in ("2024", "2024-s2", "2024-tw3", "2024-09")]
    [(1, 12), (7, 6), (7, 3), (9, 1)]
    """
    for part, length in (("half", 6), ("quarter", 3), ("month", 1)):
        if found[part]:
            return (int(found[part]) - 1) * length + 1, length
    return 1, 12
