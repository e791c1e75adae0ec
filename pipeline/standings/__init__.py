"""What every page says of a whole city: a row a unit (`units`), a line over the years (`years`).

Picks from result tables; computes no statistic and knows no page.
"""

from __future__ import annotations

from pipeline.standings.units import (
    COLUMNS,
    DIFFERENCE_WORDS,
    MODULES,
    UNKNOWN,
    UNRELIABLE,
    UNUSUAL_WORDS,
    Counted,
    Listed,
    Standing,
    alike,
    alphas,
    confidence_words,
    counted_units,
    difference_rows,
    public,
    rankable,
    rows_of,
    table,
    unusual_rows,
)

__all__ = [
    "COLUMNS",
    "DIFFERENCE_WORDS",
    "MODULES",
    "UNKNOWN",
    "UNRELIABLE",
    "UNUSUAL_WORDS",
    "Counted",
    "Listed",
    "Standing",
    "alike",
    "alphas",
    "confidence_words",
    "counted_units",
    "difference_rows",
    "public",
    "rankable",
    "rows_of",
    "table",
    "unusual_rows",
]
