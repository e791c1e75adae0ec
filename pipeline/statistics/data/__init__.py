"""Answers as arrays: levels, groups, counts, weights, covariances, and the builders of result rows.

No statistic with a name of its own lives here.
"""
