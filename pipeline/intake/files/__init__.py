"""From a file of any kind to raw tables of text, every row with its number.

Nothing is understood here; what a header or a cell means is said elsewhere.
"""
