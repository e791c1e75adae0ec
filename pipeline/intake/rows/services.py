"""One spelling per unit for every service, settled when all rows of a layout are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded, choose, compact
from pipeline.survey import Survey
from pipeline.survey.text import fold

Fields = dict[str, Coded | np.ndarray]


@dataclass
class Stated:
    """Services as the respondents of one block named them, and where to write what they are.

    ``fields`` already holds the units; ``lost`` marks rows of unlisted ones.
    """

    fields: Fields
    raw: Coded
    lost: np.ndarray
    files: Coded
    rows: np.ndarray
    role: str
    header: str
    ledger: Ledger


def settle(parts: Sequence[Stated], survey: Survey) -> None:
    """Give every service one spelling per unit: the listed one, else the most frequent.

    Parameters
    ----------
    parts : sequence of Stated
        All blocks of one layout: the most frequent spelling is that of all their rows.
    survey : Survey
        Its units list services and how else they are spelt.
    """
    counted = [_pairs(part) for part in parts]
    total: dict[tuple[str, str], int] = {}
    for names, counts, _ in counted:
        for pair, count in zip(names, counts.tolist()):
            total[pair] = total.get(pair, 0) + count
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for (unit, text), count in total.items():
        key = (unit, fold(text))
        best[key] = max(best.get(key, (0, "")), (count, text))
    by_id = {u.id: u for u in survey.units}
    for part, (names, _, place) in zip(parts, counted):
        final, stray = [], []
        for unit, text in names:
            listed = by_id.get(unit)
            spelled = listed.service_aliases.get(fold(text)) if listed else None
            final.append(spelled or (best[unit, fold(text)][1] if text else ""))
            stray.append(bool(text and listed and listed.services and not spelled))
        service = compact(place, final)
        if any(stray):
            at = np.flatnonzero(np.array(stray, dtype=bool)[place])
            part.ledger.add("unknown-service", part.files.take(at), part.rows[at], role=part.role,
                            column=part.header, value=part.raw.take(at))  # fmt: skip
        empty = ~service.filled() & part.lost
        # A respondent of an unlisted unit is told apart by what the unit was called.
        unlisted = part.fields["unit_raw"]
        if empty.any() and isinstance(unlisted, Coded):
            service = choose(empty, unlisted, service)
        part.fields["service"] = service


def _pairs(part: Stated) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Return the pairs of unit and text that occur, how often, and the pair of every row."""
    unit = part.fields["unit"]
    if not isinstance(unit, Coded):
        raise TypeError("units are a coded column")
    width = max(len(part.raw.values), 1)
    keys = unit.codes.astype(np.int64) * width + part.raw.codes
    pairs, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    names = [(str(unit.values[pair // width]), str(part.raw.values[pair % width])) for pair in pairs.tolist()]
    return names, counts, np.asarray(place).reshape(-1).astype(np.int32)
