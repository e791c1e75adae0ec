"""Reliability: alpha and its intervals, omega, items that run against the others, inside and across units.

Single items are judged in `items`.
"""
