"""Reports as lists of sections: each section is a function of an opened report that returns blocks.

``open_unit`` and its sections make the report of one unit. Names are loaded when first used:
a notebook about one unit never pays for the city's pages.

Examples
--------
>>> from pipeline import report
>>> report.summary.__doc__.splitlines()[0]
'First page: the index, its letter and certainty, four facts, and what they mean.'
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Name offered here, and the module it lives in.
_HOME = {
    "UnitReport": "unit",
    "open_unit": "unit",
    "head": "unit_head",
    "summary": "unit_head",
    "which_first": "unit_which",
    "conduct": "unit_conduct",
    "respondents": "unit_respondents",
    "unsur": "unit_unsur",
    "services": "unit_services",
    "consistency": "unit_consistency",
    "comparison": "unit_comparison",
    "change": "unit_change",
    "priorities": "unit_priorities",
    "doubts": "unit_doubts",
    "suggestions": "unit_suggestions",
    "method": "unit_method",
    "answers": "unit_answers",
    "open_city": "overview",
    "open_stage": "stages",
}

__all__ = [
    "UnitReport", "answers", "change", "comparison", "conduct", "consistency", "doubts", "head", "method",
    "open_city", "open_stage", "open_unit", "priorities", "respondents", "services", "suggestions",
    "summary", "unsur", "which_first",
]  # fmt: skip

#: Sections of a unit report in the order a reader meets them.
UNIT_SECTIONS = (
    "head", "summary", "which_first", "conduct", "respondents", "unsur", "services", "consistency",
    "comparison", "change", "priorities", "doubts", "suggestions", "method", "answers",
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
