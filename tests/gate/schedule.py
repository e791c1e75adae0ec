"""The schedule of an official report: working days as NumPy counts them from the definition's days."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.gate.context import Context, Failure

PLACE = "schedule"


def check(context: Context) -> Iterator[Failure]:
    """Rows of the schedule that the definition does not give, or whose working days are others."""
    rows = context.page.rows(PLACE)
    if not rows:
        return
    given = context.facts.finished.definition
    days = [(one["start"], one.get("end") or one["start"]) for one in given.get("schedule") or ()]
    work = given.get("fieldwork") or {}
    if not days and work.get("start") and work.get("end"):
        days = [(work["start"], work["end"])]
    free = [np.datetime64(str(day)) for day in given.get("holidays") or ()]
    counted = [
        int(np.busday_count(str(first), np.datetime64(str(last)) + 1, holidays=free)) for first, last in days
    ]
    shown = [row.cells[-1] for row in rows]
    if shown != [str(count) for count in counted]:
        page = f"{context.page.name}.{context.page.lang}"
        yield Failure("working-days-differ", page, rows[0].text, f"{shown}, counted {counted}")
