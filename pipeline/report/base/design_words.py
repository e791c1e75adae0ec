"""What an index weighted to a register, or an interval for clusters, is said with, on any page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.report.base.signed import signed

if TYPE_CHECKING:
    from pipeline.results import Row
    from pipeline.survey.definition import Definition
    from pipeline.words import Words


def traits_of(w: Words, row: Row) -> str:
    """Name the characteristics that were weighted."""
    return w.join([w(f"design.trait.{name}") for name in row.text.split(",") if name])


def not_raked(w: Words, row: Row) -> dict[str, str]:
    """Why there is no weighted index."""
    return {"traits": traits_of(w, row), "reason": w.label("reason", row.reason)}


def raked_words(
    w: Words, definition: Definition, lang: str, row: Row, others: Mapping[str, float | None]
) -> dict[str, str]:
    """Numbers of a weighted index as they are written; ``others``: rows beside it by name."""
    given = definition.text(definition.raking.source, lang) if definition.raking else ""
    made = {name: w.number(value) for name, value in others.items() if name != "shift"}
    if others.get("shift") is not None:
        made["shift"] = signed(w, float(others["shift"] or 0.0), 2)
    return made | {
        "traits": traits_of(w, row),
        "source": w("design.source", source=given) if given else "",
        "value": w.number(row.estimate),
        "interval": w.interval(row.lower, row.upper) if row.lower == row.lower else "",
    }
