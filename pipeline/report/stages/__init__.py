"""What the stage notebooks 1 to 4 show beside their tables, so that each reads as a document; opened by ``open_stage``.

The reports are in `pipeline.report.unit` and `city`. Every name is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Name offered here, and the module it lives in.
_HOME = {
    "StageReport": "pipeline.report.data.stage",
    "association_table": "pipeline.report.stages.statistics",
    "clean_head": "pipeline.report.stages.pages",
    "clean_summary": "pipeline.report.stages.clean",
    "compare_head": "pipeline.report.stages.pages",
    "constructs_table": "pipeline.report.stages.statistics",
    "counts": "pipeline.report.stages.figures",
    "factorability_table": "pipeline.report.stages.statistics",
    "factors_table": "pipeline.report.stages.pages",
    "files": "pipeline.report.stages.clean",
    "histogram": "pipeline.report.stages.figures",
    "index_city": "pipeline.report.stages.pages",
    "index_head": "pipeline.report.stages.pages",
    "index_table": "pipeline.report.stages.pages",
    "integrity_table": "pipeline.report.stages.pages",
    "intervals": "pipeline.report.stages.figures",
    "ledger": "pipeline.report.stages.clean",
    "mapping": "pipeline.report.stages.columns",
    "open_stage": "pipeline.report.data.stage",
    "pairs_table": "pipeline.report.stages.compare",
    "people": "pipeline.report.stages.excerpt",
    "privacy": "pipeline.report.stages.columns",
    "problems": "pipeline.report.stages.clean",
    "profile_table": "pipeline.report.stages.statistics",
    "reliability_head": "pipeline.report.stages.pages",
    "reliability_table": "pipeline.report.stages.statistics",
    "rows": "pipeline.report.stages.excerpt",
    "sampling_table": "pipeline.report.stages.pages",
    "scatter": "pipeline.report.stages.figures",
    "strips": "pipeline.report.stages.figures",
    "tests_table": "pipeline.report.stages.pages",
    "unit_counts": "pipeline.report.stages.clean",
    "validity_table": "pipeline.report.stages.statistics",
    "versus_table": "pipeline.report.stages.compare",
}

__all__ = [
    "StageReport",
    "association_table",
    "clean_head",
    "clean_summary",
    "compare_head",
    "constructs_table",
    "counts",
    "factorability_table",
    "factors_table",
    "files",
    "histogram",
    "index_city",
    "index_head",
    "index_table",
    "integrity_table",
    "intervals",
    "ledger",
    "mapping",
    "open_stage",
    "pairs_table",
    "people",
    "privacy",
    "problems",
    "profile_table",
    "reliability_head",
    "reliability_table",
    "rows",
    "sampling_table",
    "scatter",
    "strips",
    "tests_table",
    "unit_counts",
    "validity_table",
    "versus_table",
]


def __getattr__(name: str) -> Any:
    """Load a display when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the displays, loaded or not."""
    return sorted({*globals(), *_HOME})
