"""Result tables: one tidy shape, reading rows of a stored one, a table as CSV, and the only code that replaces a file.

Knows nothing of what the numbers mean; who reads a whole city's rows uses `pipeline.standings`.
"""

from __future__ import annotations

from pipeline.results.shape import (
    COLUMNS,
    FACET,
    FLOAT_COLUMNS,
    INTEGER_COLUMNS,
    REASONS,
    SCOPES,
    TEXT_COLUMNS,
    Row,
    concat,
    empty,
    frame,
    pick,
    rows_of,
)

__all__ = [
    "COLUMNS",
    "FACET",
    "FLOAT_COLUMNS",
    "INTEGER_COLUMNS",
    "REASONS",
    "SCOPES",
    "TEXT_COLUMNS",
    "Row",
    "concat",
    "empty",
    "frame",
    "pick",
    "rows_of",
]
