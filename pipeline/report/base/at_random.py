"""Whether a survey was a random sample of the users (R17)."""

from __future__ import annotations

import re

#: Words in ``sampling`` that name a probability sample or a census.
PROBABILITY = re.compile(
    r"\b(?:random|acak|probabilit\w*|stratifi\w*|berstrata|systematic|sistematis|census|sensus)\b",
    re.IGNORECASE,
)


#: Words that take it back; a sentence with one of them is read as convenience (R17).
TAKEN_BACK = re.compile(
    r"\b(?:non|not|no|without|tidak|bukan|tanpa|non-?\w+|convenience|accidental|aksidental|kebetulan)\b",
    re.IGNORECASE,
)


def at_random(sampling: str) -> bool:
    """Whether these words describe a probability sample or a census.

    Examples
    --------
    >>> at_random("acak sistematis"), at_random("non-random"), at_random("")
    (True, False, False)
    """
    return bool(PROBABILITY.search(sampling)) and not TAKEN_BACK.search(sampling)


def how_drawn(sampling: str) -> str:
    """Return what these words tell of the sample: ``random``, ``convenience``, or ``unrecorded`` without any.

    Examples
    --------
    >>> how_drawn("acak sistematis"), how_drawn("yang datang ke loket"), how_drawn("")
    ('random', 'convenience', 'unrecorded')
    """
    if not sampling.strip():
        return "unrecorded"
    return "random" if at_random(sampling) else "convenience"
