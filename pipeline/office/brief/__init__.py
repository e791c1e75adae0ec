"""The files for the presentation of results: two printed pages and slides, each in every language asked for.

What they say is chosen in `report.brief`; here it becomes bytes. Slides need no network and no library.
"""

from __future__ import annotations

from pipeline.office.brief.files import made, write

__all__ = ["made", "write"]
