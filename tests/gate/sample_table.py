"""The table of Krejcie and Morgan in an official report: the regulation's own pairs, and all of them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.gate.context import Context, Failure
from tests.gate.values import numbers
from tests.support.krejcie import PAIRS

PLACE = "krejcie-morgan"


def check(context: Context) -> Iterator[Failure]:
    """Pairs of the table that the regulation does not print, or prints and the page does not."""
    rows = context.page.rows(PLACE)
    if not rows:
        return
    page, found = f"{context.page.name}.{context.page.lang}", {}
    for row in rows:
        values = [numbers(cell, context.page.lang)[0].value for cell in row.cells if cell.strip()]
        found.update(zip(values[::2], values[1::2]))
    wrong = sorted(set(found.items()) ^ set(PAIRS.items()))
    for pair in wrong[:3]:
        yield Failure("sample-table-differs", page, rows[0].text, str(pair))
