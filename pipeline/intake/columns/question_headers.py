"""Columns about the respondent whose header is a whole question: "Berapa usia Anda?".

A short header is looked up (see `fields`); a question is believed only when the answers agree.
"""

from __future__ import annotations

import re

from pipeline.intake.ground.coded import Coded
from pipeline.intake.values import profile
from pipeline.survey.text import fold

#: Field, words of the question (folded), in this order; those about the service are no profile.
_WORDS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("sex", r"\b(?:jenis kelamin|gender|kelamin)\b"),
        ("age", r"\b(?:usia|umur|age)\b"),
        ("education", r"\b(?:pendidikan|education)\b"),
        ("occupation", r"\b(?:pekerjaan|profesi|occupation)\b"),
        ("disability", r"\b(?:disabilitas|difabel|disability)\b"),
        ("suggestion", r"\b(?:kritik|saran|masukan|suggestions?)\b(?!.*\bpengaduan)"),
    )
)
#: A question about the unit's work, not about the person.
_RATES = re.compile(r"^bagaimana|\b(?:penanganan|kesesuaian|kualitas|kecepatan|kemudahan)\b")
LONGEST = 160


def field_asked(header: str, column: Coded) -> str:
    """Return the field a question asks for, when most answers are of that kind; else nothing.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> field_asked("Berapa usia Anda saat ini?", encode(["31", "45 tahun"]))
    'age'
    >>> field_asked("Berapa usia Anda saat ini?", encode(["Sangat sesuai"]))
    ''
    """
    folded = fold(header.replace("_", " "))
    if not folded or len(folded) > LONGEST or _RATES.search(folded):
        return ""
    for name, pattern in _WORDS:
        if pattern.search(folded):
            return name if _fits(name, column) else ""
    return ""


def _fits(name: str, column: Coded) -> bool:
    counts = column.used()
    total = sum(counts.values())
    if name == "suggestion":
        return not any(text.isdigit() for text in column.sample(20))
    if not total:
        return False
    return 2 * sum(n for text, n in counts.items() if _known(name, text)) >= total


def _known(name: str, text: str) -> bool:
    if name == "age":
        read = profile.age(text)
        return bool(read.years >= 0 or read.band)
    code, reason = profile.category(name, text, {})
    return bool(code) and not reason
