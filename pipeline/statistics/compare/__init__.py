"""Units against units: tests, ranks with their ranges, what is unusual, adjustment, gaps between groups, verdicts.

Surveys against surveys are in `trend`.
"""
