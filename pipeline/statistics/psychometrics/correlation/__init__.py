"""Correlations of ordered answers: polychoric, rank, every pair of items.

Pearson's stand with the covariances in `statistics.data`.
"""
