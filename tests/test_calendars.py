"""Dates: one calendar per form."""
