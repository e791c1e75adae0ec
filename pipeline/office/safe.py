"""Cells that no spreadsheet will run, and workbooks that are the same bytes every time.

A respondent's suggestion or a unit's name may begin with ``=``; a spreadsheet would take it
for a formula. Every text that leaves the house as CSV or XLSX passes `text`.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

#: First characters that make a spreadsheet compute, call out or import.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Workbooks carry this date instead of the clock's.
CREATED = dt.datetime(2000, 1, 1)
#: How every workbook is opened: no text becomes a formula, a link or a number.
AS_WRITTEN = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: The most a spreadsheet cell holds.
MOST = 32_000


def text(value: Any) -> str:
    """Return a text that stays text in every spreadsheet.

    A risky first character (also behind blanks) gets an apostrophe before it, which is what
    spreadsheets themselves use to say "this is text"; control characters are removed.

    Examples
    --------
    >>> text("=1+1"), text("Dinas Kesehatan"), text("  @SUM(A1)")
    ("'=1+1", 'Dinas Kesehatan', "'  @SUM(A1)")
    """
    return _stays_text("" if value is None else str(value))


@lru_cache(maxsize=65_536)
def _stays_text(raw: str) -> str:
    """Judge a text once: the cells of a result table repeat a few hundred names thousands of times."""
    # Judged before cleaning: a removed character must not uncover a formula either.
    clean = _CONTROL.sub("", raw)[:MOST]
    risky = any(t.lstrip(" \u00a0\ufeff\u200b").startswith(RISKY) for t in (raw, clean))
    return "'" + clean if risky else clean


def number(value: Any) -> float | int | None:
    """Return a finite number for a cell, or None for an empty one.

    Examples
    --------
    >>> number(3.0), number(float("nan")), number("x")
    (3.0, None, None)
    """
    if value is None or isinstance(value, str | bytes):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    if found != found or found in (float("inf"), float("-inf")):
        return None
    return int(found) if isinstance(value, int) and not isinstance(value, bool) else found
