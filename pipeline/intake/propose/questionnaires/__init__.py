"""A proposal for questionnaires that are not the regulation's nine unsur.

Knows how such questions look; a survey that runs reads its definition instead.
"""
