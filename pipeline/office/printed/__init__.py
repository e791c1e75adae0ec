"""Sheets of paper that the regulation asks for beside the report: the processing form and the poster.

What may be shown, and every number, is decided where the report decides it; here it is only laid out on paper.
"""

from __future__ import annotations
