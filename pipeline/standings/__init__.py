"""What every page says of a whole city: a row a unit (`units`), its headline (`counted`), a line over years (`years`).

Picks from result tables; computes no statistic and knows no page.
"""

from __future__ import annotations

from pipeline.standings.counted import Counted, counted_units, left_out_words
from pipeline.standings.published import public
from pipeline.standings.units import (
    COLUMNS,
    DIFFERENCE_WORDS,
    MODULES,
    UNKNOWN,
    UNRELIABLE,
    UNUSUAL_WORDS,
    Listed,
    Standing,
    alike,
    alphas,
    confidence_words,
    difference_rows,
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
    "left_out_words",
    "public",
    "rankable",
    "rows_of",
    "table",
    "unusual_rows",
]
