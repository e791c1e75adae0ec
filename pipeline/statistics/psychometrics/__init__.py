"""Is it one scale: correlations, factor models, reliability, items, invariance.

Nothing here changes an index (R9).
"""
