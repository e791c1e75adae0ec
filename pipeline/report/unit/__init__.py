"""The sections of a unit's report, one module each.

What they read is loaded in `report.data`; the order is in `pipeline.report`.
"""
