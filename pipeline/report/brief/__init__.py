"""What is said when a survey's results are presented: two pages and slides, made of the overview's own sections.

Nothing is computed here, and no sentence compares that no verdict carries (R16): the press text picks what the
overview says, and what the definition says of release and contact.
"""

from __future__ import annotations

from pipeline.report.brief.pages import pages
from pipeline.report.brief.slides import slides

__all__ = ["pages", "slides"]
