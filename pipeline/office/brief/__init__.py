"""The files for the presentation of results: two printed pages and slides, each in every language asked for."""

from __future__ import annotations

from pipeline.office.brief.files import made, remove, write

__all__ = ["made", "remove", "write"]
