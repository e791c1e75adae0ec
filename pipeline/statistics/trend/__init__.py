"""Surveys against surveys: what makes them comparable, change, lines over the years.

Units of one survey are compared in `compare`.
"""
