"""Which column of a raw table is what, by the definition and by meaning, never by position alone.

Reads headers and the look of a column; the cells become values in `rows`.
"""
