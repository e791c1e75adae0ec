"""From what was written in a cell to a score, by the meaning it has for that one item.

"Sangat mahal" is 1 for the tariff although "sangat ..." is 4 elsewhere, and "cukup" is 2 for
the facilities: one table of texts for all items would be wrong, so each item has its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.survey.units import fold

MISSING, ANSWERED, NOT_APPLICABLE, INVALID = 0, 1, 2, 3
#: Status of an answer in responses.parquet, by the numbers used inside the intake.
STATUS_NAMES = ("missing", "answered", "not-applicable", "invalid")

_NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)?$")
_LETTER = re.compile(r"^\(?([a-z])\s*[.)\]:]*$", re.I)
_LETTER_FIRST = re.compile(r"^\(?([a-z])\s*[.)\]:]\s*(.+)$|^([a-z])\s+-\s+(.+)$", re.I)
_NUMBER_FIRST = re.compile(r"^\(?(\d)\s*[.)\]:=-]+\s*(.+)$")
_NUMBER_LAST = re.compile(r"^(.*?)\s*[,;:=(\[/|-]\s*(\d)\s*[)\]]?$")

PLACEHOLDERS = {
    "", "na", "null", "none", "nan", "nil", "kosong", "tidak diisi", "tdk diisi", "belum diisi",
    "tidak menjawab", "tdk menjawab", "no answer", "blank", "x", "xx", "xxx", "tes", "test", "testing",
    "coba", "asdf", "nihil", "value", "ref", "div 0", "pilih", "pilih salah satu", "undefined",
}  # fmt: skip
NOT_APPLICABLE_TEXTS = {
    "n a", "tidak berlaku", "tdk berlaku", "tidak relevan", "not applicable", "tidak menggunakan",
    "tidak pernah menggunakan", "tidak memerlukan",
}  # fmt: skip


#: What a reader puts before a value that the file itself declares missing (SPSS).
DECLARED_MISSING = "(user-missing)"


def is_placeholder(text: str) -> bool:
    """Whether a text only fills a cell: ``-``, ``....``, ``null``, ``tes``.

    Examples
    --------
    >>> is_placeholder("..."), is_placeholder("baik")
    (True, False)
    """
    return fold(text) in PLACEHOLDERS or text.startswith(DECLARED_MISSING)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: status, score, how it was read, and why it could not be."""

    status: int
    score: int = 0
    how: str = ""
    reason: str = ""


_BLANK = Reading(MISSING, how="blank")


@dataclass
class ItemReader:
    """Reads the answers to one item.

    Parameters
    ----------
    code : str
        Canonical code of the item.
    low, high : int
        The scale.
    texts : mapping
        Folded option text to score (official wording, synonyms, the survey's own).
    letters : mapping
        Letter to score; a to the lowest unless the option texts say otherwise.
    values : mapping
        The definition's own ``values:``, folded; these win over everything.
    """

    code: str
    low: int
    high: int
    texts: dict[str, int] = field(default_factory=dict)
    letters: dict[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    official: frozenset[str] = frozenset()
    _cache: dict[str, Reading] = field(default_factory=dict, repr=False)

    def read(self, text: str) -> Reading:
        """Return what a cell says.

        Examples
        --------
        >>> r = ItemReader("U4", 1, 4, {"gratis": 4}, {"a": 1, "b": 2, "c": 3, "d": 4})
        >>> r.read("d. Gratis, 4").score, r.read("Mahall").reason, r.read("5").reason
        (4, 'unreadable-answer', 'out-of-range')
        """
        found = self._cache.get(text)
        if found is None:
            found = self._cache[text] = self._read(text)
        return found

    def knows(self, text: str) -> bool:
        """Whether a text is one of the item's options (numbers and letters prove nothing)."""
        reading = self.read(text)
        return reading.status == ANSWERED and reading.how in ("text", "mixed", "values")

    def _read(self, raw: str) -> Reading:
        text = unicodedata.normalize("NFKC", raw).strip().strip("\"'").strip()
        if not text:
            return _BLANK
        folded = fold(text)
        if text in self.values or folded in self.values:
            return self._override(self.values.get(text) or self.values[folded])
        if folded in self.texts and folded:
            return Reading(ANSWERED, self.texts[folded], "text")
        if _NUMBER.match(text):
            return self._number(text)
        match = _LETTER.match(text)
        if match and not is_placeholder(text):
            score = self.letters.get(match[1].lower())
            if score is None:
                return Reading(INVALID, how="letter", reason="out-of-range")
            return Reading(ANSWERED, score, "letter")
        if folded in NOT_APPLICABLE_TEXTS:
            return Reading(NOT_APPLICABLE, how="text", reason="not-applicable")
        if is_placeholder(text):
            return Reading(MISSING, how="placeholder", reason="placeholder")
        return self._mixed(text)

    def _override(self, code: str) -> Reading:
        code = code.strip()
        if code in ("not-applicable", "missing"):
            status = NOT_APPLICABLE if code == "not-applicable" else MISSING
            return Reading(status, how="values", reason="placeholder" if status == MISSING else code)
        reading = self._number(code) if _NUMBER.match(code) else self._read_plain(code)
        return Reading(reading.status, reading.score, "values", reading.reason)

    def _read_plain(self, text: str) -> Reading:
        score = self.texts.get(fold(text))
        if score is None:
            return Reading(INVALID, reason="unreadable-answer")
        return Reading(ANSWERED, score, "text")

    def _number(self, text: str) -> Reading:
        number = float(text.replace(",", "."))
        # The range first: a number of hundreds of digits is infinite, which is no whole number.
        if not self.low <= number <= self.high or number != int(number):
            return Reading(INVALID, how="score", reason="out-of-range")
        return Reading(ANSWERED, int(number), "score")

    def _mixed(self, text: str) -> Reading:
        """Read "b. Kurang Sesuai, 2": every part that is there must say the same."""
        rest, says = text, []
        match = _LETTER_FIRST.match(rest)
        if match:
            letter, rest = (match[1] or match[3]), (match[2] or match[4])
            if letter.lower() in self.letters:
                says.append(self.letters[letter.lower()])
            else:
                rest = text
        else:
            match = _NUMBER_FIRST.match(rest)
            if match:
                says.append(int(match[1]))
                rest = match[2]
        if fold(rest) not in self.texts:
            match = _NUMBER_LAST.match(rest)
            if match:
                says.append(int(match[2]))
                rest = match[1]
        rest = fold(rest)
        if rest in self.texts:
            says.append(self.texts[rest])
        elif rest and not says:
            return Reading(INVALID, how="text", reason="unreadable-answer")
        if len(set(says)) > 1:
            return Reading(INVALID, how="mixed", reason="contradictory-answer")
        if not says:
            return Reading(INVALID, how="text", reason="unreadable-answer")
        if not self.low <= says[0] <= self.high:
            return Reading(INVALID, how="mixed", reason="out-of-range")
        # An unknown text beside a letter or number is accepted but named differently, so that
        # the audit table shows it.
        return Reading(ANSWERED, says[0], "mixed" if rest in self.texts or not rest else "mixed-unknown-text")

    def use_options(self, options: list[str]) -> str:
        """Key the letters a, b, c, ... by the meaning of the option texts the form printed.

        Returns
        -------
        str
            ``"meaning"`` when every text is known, ``"position"`` when the unknown ones had
            to take their place in the list, ``"contradiction"`` when the known ones deny it.
        """
        known = [self.texts.get(fold(option)) for option in options]
        if all(score is not None for score in known) and len(set(known)) == len(known):
            self.letters = {chr(97 + i): score for i, score in enumerate(known) if score is not None}
            self._cache.clear()
            return "meaning"
        span = list(range(self.low, self.high + 1))
        if len(options) != len(span):
            return "contradiction"
        if any(score is not None and score != span[i] for i, score in enumerate(known)):
            return "contradiction"
        for place, option in zip(span, options):
            if fold(option):
                self.texts.setdefault(fold(option), place)
        self.letters = {chr(97 + i): place for i, place in enumerate(span)}
        self._cache.clear()
        return "position"
