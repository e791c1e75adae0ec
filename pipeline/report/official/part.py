"""What parts of official reports share: they belong to whole reports, and keep to the outline of theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.data.kind import WHOLE
from pipeline.survey import written

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Level of headings within a part: chapters have 2, their parts 3.
WITHIN = 4


def part(make: Callable[[UnitReport], Any]) -> Callable[[UnitReport], Any]:
    """Make a function of an opened report a part of a chapter: nothing on a short page (R6)."""

    @wraps(make)
    def made(u: UnitReport) -> Any:
        return blocks.group(make(u) if u.kind == WHOLE else None)

    return made


def within(block: Any) -> Any:
    """Return a section's blocks as they stand within a part: no page or contents of their own, small headings."""
    kept = []
    for one in blocks.group(block).blocks:
        if isinstance(one, blocks.PageBreak | blocks.Contents):
            continue
        kept.append(replace(one, level=WITHIN) if isinstance(one, blocks.Heading) else one)
    return blocks.group(kept)


def own(u: UnitReport, name: str) -> list[Any]:
    """Return the office's own text of this name as blocks; nothing where there is none."""
    text, spoken = written.text(u.survey, u.unit.id, name, u.lang)
    return list(blocks.written(text, "" if spoken == u.lang else spoken))
