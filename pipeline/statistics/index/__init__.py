"""The index (IKM): NRR, letters and their certainty, intervals, aggregates, the three lowest unsur.

Units are compared in `compare`, years in `trend`.
"""
