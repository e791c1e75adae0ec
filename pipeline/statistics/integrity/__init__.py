"""Doubtful answering: careless rows, duplicates, runs, timing, and whether the index depends on them (R10).

Nothing is excluded here.
"""
