"""Where the unit of a row comes from in undescribed files, and which units there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.survey.entries import UnitFrom
from pipeline.survey.text import fold

if TYPE_CHECKING:
    from pipeline.intake.propose.looks import Proposal


def settle(made: Proposal, found: Sequence[Path], base: Path) -> None:
    """Decide where the unit of a row comes from, and list the units with their spellings."""
    wide = [look for look in made.looks if look.role in ("wide", "answers", "respondents")]
    column = any(seen.column.field == "unit" for look in wide for seen in look.columns)
    nested = [look for look in wide if "/" in look.file]
    if column:
        made.unit_from = "column"
    elif made.unit_from != "workbook":
        sheets = {look.sheet for look in wide}
        files = {look.file for look in wide if look.role == "wide"}
        if nested and len(nested) == len(wide):
            made.unit_from = "folder"
        elif len(sheets) > 1 and len({look.file for look in wide}) == 1:
            made.unit_from = "sheet"
        elif len(files) > 1:
            made.unit_from = "file"
        else:
            made.unit_from = "one"
    for look in wide:
        named: dict[str, int] = {
            "column": look.units,
            "workbook": look.units,
            "folder": {look.file.split("/")[0]: look.rows},
            "sheet": {look.sheet: look.rows},
            "file": {Path(look.file).stem: look.rows},
            "one": {base.name if len(found) > 1 else Path(look.file).stem: look.rows},
        }[made.unit_from]
        look.units = named
        for text, count in named.items():
            made.units.setdefault(fold(text), Counter())[text] += count


def unit_entry(unit_from: str) -> UnitFrom | None:
    """Return what ``unit:`` of the entry says; None where a column or the workbook names it."""
    if unit_from == "folder":
        return UnitFrom(file="{unit}/*")
    if unit_from == "file":
        return UnitFrom(file=True)
    return UnitFrom(sheet=True) if unit_from == "sheet" else None
