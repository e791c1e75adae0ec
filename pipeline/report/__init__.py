"""Reports as lists of sections: each section is a function of an opened report that returns blocks.

``open_unit`` and its sections make the report of one unit. Names are loaded when first used:
a notebook about one unit never pays for the city's pages.

Examples
--------
>>> from pipeline import report
>>> report.summary.__doc__.splitlines()[0]
'First page: the number, what decides beside it, what it means, and which unsur to act on.'
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Name offered here, and the module it lives in.
_HOME = {
    "UnitReport": "data.unit",
    "open_unit": "data.unit",
    "head": "unit.head",
    "summary": "unit.head",
    "which_first": "unit.lowest_items",
    "conduct": "unit.conduct",
    "respondents": "unit.respondents",
    "unsur": "unit.items",
    "services": "unit.services",
    "consistency": "unit.consistency",
    "comparison": "unit.comparison",
    "change": "unit.change",
    "followed": "unit.followup",
    "priorities": "unit.priorities",
    "doubts": "unit.doubts",
    "suggestions": "unit.suggestions",
    "method": "unit.method",
    "answers": "unit.answers_annex",
    "open_city": "data.city",
    "open_stage": "data.stage",
}

__all__ = [
    "UnitReport", "answers", "change", "comparison", "conduct", "consistency", "doubts", "followed", "head", "method",
    "open_city", "open_stage", "open_unit", "priorities", "respondents", "services", "suggestions",
    "summary", "unsur", "which_first",
]  # fmt: skip

#: Sections of a unit report in the order a reader meets them.
UNIT_SECTIONS = (
    "head", "summary", "which_first", "conduct", "respondents", "unsur", "services", "consistency",
    "comparison", "change", "followed", "priorities", "doubts", "suggestions", "method", "answers",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a section when it is first asked for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the sections, loaded or not."""
    return sorted({*globals(), *_HOME})
