"""The codes that answers about the respondent are brought to.

Codes are English and stable; their labels live in the locale files. The order is the
order in which a report lists them.
"""

from __future__ import annotations

#: Unit of respondents whose unit is not in units.csv ("tidak diketahui").
UNKNOWN_UNIT = "unknown"

#: Name of the regulation's own questionnaire in the column ``instrument``.
OFFICIAL = "skm"

CATEGORIES: dict[str, tuple[str, ...]] = {
    "sex": ("male", "female"),
    "age_band": ("<17", "17-25", "26-35", "36-45", "46-55", "56+"),
    "education": ("none", "sd", "smp", "sma", "diploma", "s1", "s2", "s3", "other"),
    "occupation": (
        "pns", "tni", "polri", "pns-tni-polri", "swasta", "wirausaha", "pelajar", "petani",
        "buruh", "irt", "honorer", "pensiunan", "tidak-bekerja", "other",
    ),
    "disability": ("yes", "no"),
    "disability_kind": ("none", "physical", "intellectual", "mental", "sensory", "multiple", "other"),
    "mode": ("face-to-face", "self-paper", "online", "kiosk", "phone", "mail", "mixed", "other"),
}  # fmt: skip

#: Behind the categories of the questionnaire: those merged because few are in them, and who said nothing.
_LAST = ("other", "missing")


def category_rank(kind: str, category: str) -> int:
    """Place of a category in the order of the questionnaire; merged groups and blanks come last.

    Examples
    --------
    >>> sorted(["missing", "other", "female", "male"], key=lambda category: category_rank("sex", category))
    ['male', 'female', 'other', 'missing']
    """
    known = (*(c for c in CATEGORIES.get(kind, ()) if c not in _LAST), "", *_LAST)
    return known.index(category if category in known else "")


#: Lower bounds of the age bands, in the order of ``CATEGORIES["age_band"]``.
AGE_BOUNDS = (0, 17, 26, 36, 46, 56)

#: Ages outside are impossible for somebody who fills in a questionnaire.
AGE_LIMITS = (5, 110)

#: Ends the name of the column that says why an answer is there or not, and what it may say.
STATUS = "__status"
STATUSES = ("answered", "missing", "not-applicable", "invalid")
