"""Whole columns of dates; what one cell means is said in `onedate`."""

from __future__ import annotations

import numpy as np

from pipeline.intake.ground import vectorised_text as quick
from pipeline.intake.ground.coded import Coded
from pipeline.intake.values.onedate import FIRST, LAST, NOT_YEAR_FIRST, is_cell, local_parts, parse

__all__ = ["FIRST", "LAST", "NOT_YEAR_FIRST", "is_cell", "local_parts", "parse", "parse_column"]


def parse_column(
    column: Coded, month_day: bool = False, exchange: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the moments of all rows (datetime64[s], NaT where none) and the reason codes.

    With ``exchange`` day and month of date cells are exchanged (see `calendars`).
    """
    moments = np.full(len(column.values), np.datetime64("NaT"), dtype="datetime64[s]")
    reasons = np.full(len(column.values), "", dtype=object)
    quick = _quick(column)
    if exchange:
        quick[:] = np.datetime64("NaT")
    moments[:] = quick
    for index in np.flatnonzero(np.isnat(quick)):
        text = column.values[index]
        moment, reason = parse(text, month_day)
        if moment is not None:
            if exchange and moment.day <= 12 and is_cell(text):
                moment = moment.replace(month=moment.day, day=moment.month)
            moments[index] = np.datetime64(moment, "s")
        reasons[index] = reason
    if not len(column.values):
        return np.zeros(len(column), "datetime64[s]"), np.zeros(len(column), object)
    return moments[column.codes], reasons[column.codes]


def _quick(column: Coded) -> np.ndarray:
    """Parse plain ISO texts at once: time stamps are nearly all different."""
    if len(column.values) < quick.MANY:
        return np.full(len(column.values), np.datetime64("NaT"), dtype="datetime64[s]")
    moments = quick.iso_moments(column.values)
    bad = ~((moments >= np.datetime64(FIRST)) & (moments < np.datetime64(LAST)))
    moments[bad] = np.datetime64("NaT")
    return moments
