"""The sections of the city's overview and of a set's, one module each.

What they read is loaded in `report.data`.
"""
