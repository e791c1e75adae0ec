"""Surveys of everything that makes a report say what its numbers do not carry, drawn from a seed.

``write(root)`` lays out four small projects below a folder; each is run like any other. What is nasty
about a unit stands in its name, so that a failing sentence points to its cause.
"""

from tests.nasty.write import PROJECTS, write

__all__ = ["PROJECTS", "write"]
