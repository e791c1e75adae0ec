"""What respondents say about themselves, brought to the codes of the reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from pipeline.intake.ground.plaintext import bare
from pipeline.intake.values.wording import misspelt
from pipeline.rules.datafile import packed
from pipeline.survey.codes import AGE_BOUNDS, AGE_LIMITS, CATEGORIES
from pipeline.survey.text import fold

#: The answers about the respondent that are brought to codes.
FIELDS = ("sex", "education", "occupation", "disability", "disability_kind", "mode")
#: Reasons for which an answer about the respondent is entered in the ledger.
DOUBTS = ("other-category", "misspelt-category", "unreadable-category", "placeholder")
_MARKER = re.compile(r"^(?:[a-z]|\d{1,2})\s*[.)]\s*(.+)$", re.I)
_BETWEEN = re.compile(r"[/,;|&+]|\s-\s|\batau\b|\bdan\b", re.I)
_BLANKS = ("na", "null", "none", "nan", "x", "tidak diisi", "kosong")


def tables() -> Mapping[str, Any]:
    """Return ``profile.yml``: spellings by field and code, and what cannot be."""
    found: Mapping[str, Any] = packed("pipeline.intake.values", "profile.yml")
    return found


@cache
def spellings(field: str) -> Mapping[str, str]:
    """Return the code that every folded spelling of a field means.

    Raises
    ------
    ValueError
        If the table gives a spelling two codes.
    """
    found: dict[str, str] = {}
    for code, texts in tables()[field].items():
        for text in (*texts, code):
            if found.setdefault(fold(str(text)), str(code)) != code:
                raise ValueError(f"{field}: {text!r} stands for {found[fold(str(text))]} and for {code}")
    return found


def category(field: str, text: str, own: Mapping[str, str]) -> tuple[str, str]:
    """Return the code of an answer about the respondent and, where it is in doubt, a reason.

    Parameters
    ----------
    field : str
        One of `FIELDS`.
    text : str
        What was written.
    own : mapping
        The definition's ``values:`` for the field, folded or as written.

    Examples
    --------
    >>> category("education", "SMA / Sederajat", {}), category("occupation", "Ojek", {})
    (('sma', ''), ('other', 'other-category'))
    >>> category("occupation", "Wiraswsata", {}), category("education", "Tamatan SLTA/SMK", {})
    (('wirausaha', 'misspelt-category'), ('sma', ''))
    """
    if not text:
        return "", ""
    folded = fold(text)
    code = own.get(text) or own.get(folded)
    if code:
        return (code, "") if code in CATEGORIES[field] else ("", "unreadable-category")
    table = spellings(field)
    marked = _MARKER.match(text.strip())
    bare = marked[1] if marked else text
    for candidate in (text, bare, re.sub(r"[(\[].*$", "", bare)):
        code = table.get(fold(candidate)) or _in_parts(field, candidate)
        if code:
            return code, ""
    if not folded or folded in _BLANKS:
        return "", "placeholder"
    slip = misspelt(fold(bare), table)
    if slip is not None:
        return table[slip], "misspelt-category"
    if "other" in CATEGORIES[field]:
        return "other", "other-category"
    return "", "unreadable-category"


def _in_parts(field: str, text: str) -> str:
    """Return the one code that all parts of "SMA/SMK", "PNS atau ASN" mean; empty where they differ."""
    table, around = spellings(field), tables()["around"].get(field, ())
    codes = set()
    for part in _BETWEEN.split(text):
        words = [word for word in fold(part).split() if word not in around]
        # Nothing but words around it ("sekolah") says nothing; a refusal ("tidak lulus") says the contrary.
        if words:
            codes.add(table.get(" ".join(words), ""))
    return codes.pop() if len(codes) == 1 else ""


def kind_in(text: str) -> str:
    """Return the kind of disability named where yes or no was asked; empty where none is.

    Examples
    --------
    >>> kind_in("Tuna Netra"), kind_in("Ya"), kind_in("Ya (fisik)")
    ('sensory', '', 'physical')
    """
    inner = re.search(r"[(\[:,-]\s*([^)\]]+)", text)
    for candidate in (text, inner[1] if inner else ""):
        code = spellings("disability_kind").get(fold(candidate), "")
        if code not in ("", "none", "other"):
            return code
    return ""


@lru_cache(maxsize=100_000)
def impossible(age_: int, education: str, occupation: str) -> str:
    """Return what of a profile cannot be together; empty where all can.

    Parameters
    ----------
    age_ : int
        In years; -1 where it is not known.
    education, occupation : str
        Codes; empty where not known.

    Examples
    --------
    >>> impossible(6, "s1", ""), impossible(40, "s1", "pns"), impossible(12, "sd", "pns")
    ('age 6, education s1', '', 'age 12, occupation pns')
    """
    rules, said = tables()["impossible"], []
    for field, code in (("education", education), ("occupation", occupation)):
        low = rules["youngest"].get(field, {}).get(code, 0)
        high = rules["oldest"].get(field, {}).get(code, 999)
        if age_ >= 0 and not low <= age_ <= high:
            said.append(f"age {age_}, {field} {code}")
    if [education, occupation] in rules["pairs"]:
        said.append(f"education {education}, occupation {occupation}")
    return "; ".join(said)


_AGE = re.compile(r"^\s*([-+]?\d{1,4})(?:[.,]0+)?\s*(?:th|thn|tahun|years?|y\.?o\.?)?\.?\s*$", re.I)
_RANGE = re.compile(
    r"^\D*(\d{1,3})\s*(?:-|–|—|s\.?/?d\.?|sampai|hingga|to)\s*(\d{1,3})\s*(?:th|thn|tahun)?\.?$", re.I
)
_BELOW = re.compile(r"^(?:<|di bawah|dibawah|kurang dari)\s*=?\s*(\d{1,3})\D*$", re.I)
_ABOVE = re.compile(
    r"^(?:>|>=|≥|di atas|diatas|lebih dari)\s*=?\s*(\d{1,3})\D*$|^(\d{1,3})\s*(?:\+|tahun ke atas|ke atas|keatas)\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Age:
    """An age in years, a band, or the reason why it is neither."""

    years: int = -1
    band: str = ""
    reason: str = ""


def band_of(years: int) -> str:
    """Return the age band.

    Examples
    --------
    >>> band_of(16), band_of(17), band_of(70)
    ('<17', '17-25', '56+')
    """
    place = int(np.searchsorted(AGE_BOUNDS, years, side="right")) - 1
    return CATEGORIES["age_band"][max(place, 0)]


def age(text: str) -> Age:
    """Read an age: a number of years, or a range that lies within one band.

    Examples
    --------
    >>> age("25 tahun").years, age("352").reason, age("26 - 35 tahun").band
    (25, 'impossible-age', '26-35')
    """
    if not text:
        return Age()
    text = bare(text)
    match = _AGE.match(text)
    if match:
        years = int(match[1])
        if not AGE_LIMITS[0] <= years <= AGE_LIMITS[1]:
            return Age(reason="impossible-age")
        return Age(years, band_of(years))
    match = _RANGE.match(text)
    if match:
        low, high = band_of(int(match[1])), band_of(int(match[2]))
        return Age(band=low) if low == high else Age(reason="unreadable-age")
    match = _BELOW.match(text)
    if match and band_of(int(match[1]) - 1) == "<17":
        return Age(band="<17")
    match = _ABOVE.match(text)
    if match and int(match[1] or match[2]) >= AGE_BOUNDS[-1] - 1:
        return Age(band="56+")
    if fold(text) in ("", "na", "null", "none", "nan", "tidak diisi"):
        return Age(reason="placeholder")
    return Age(reason="unreadable-age")
