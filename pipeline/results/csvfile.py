"""A small table as CSV: the same rows are the same bytes on every system."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def as_csv(columns: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a table as CSV: UTF-8, a heading, lines that end as on Unix.

    Examples
    --------
    >>> as_csv(("unit", "name"), [("a", "Unit, one"), ("b", None)])
    b'unit,name\\na,"Unit, one"\\nb,\\n'
    """
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(columns)
    out.writerows(rows)
    return text.getvalue().encode()
