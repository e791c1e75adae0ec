"""The psychometric chapter of the overview: figures, tables, refusals, what to write about the method.

A unit's own consistency is in `report.unit`.
"""
