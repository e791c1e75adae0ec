"""From what was written in a cell to a score, by the meaning it has for that one item.

"Sangat mahal" is 1 for the tariff although "sangat ..." is 4 elsewhere, and "cukup" is 2 for
the facilities: one table of texts for all items would be wrong, so each item has its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.ground import vectorised_text
from pipeline.intake.ground.plaintext import bare
from pipeline.intake.values.wording import misspelt, plain
from pipeline.survey.text import fold

MISSING, ANSWERED, NOT_APPLICABLE, INVALID = 0, 1, 2, 3
#: Status of an answer in responses.parquet, by the numbers used inside the intake.
STATUS_NAMES = ("missing", "answered", "not-applicable", "invalid")

_NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)?$")
_LETTER = re.compile(r"^\(?([a-z])\s*[.)\]:]*$", re.I)
_LETTER_FIRST = re.compile(r"^\(?([a-z])\s*[.)\]:]\s*(.+)$|^([a-z])\s+-\s+(.+)$", re.I)
_NUMBER_FIRST = re.compile(r"^[(\[]?(\d)(?:\s*[.,)\]:;=/|>~-]+\s*|\s+|(?=[(\[]))(.+)$")
_NUMBER_LAST = re.compile(r"^(.*?)(?:\s*[,;:=(\[/|>~.-]+\s*|\s+)(\d)\s*[)\].]?$")
_NUMBER_ALONE = re.compile(r"^[(\[]?\s*(\d)\s*[.)\]:;=,-]*$")
#: Words beside a number that say no more than that it is one.
_CARRIERS = frozenset(
    ("skor", "nilai", "score", "angka", "poin", "point", "points", "bintang", "star", "stars")
)

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


def placeholders(values: np.ndarray) -> np.ndarray:
    """Return `is_placeholder` of every text."""
    folded = vectorised_text.folded(values)
    return np.array(
        [plain in PLACEHOLDERS or text.startswith(DECLARED_MISSING) for plain, text in zip(folded, values)],
        dtype=bool,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: status, score, how it was read, and why it could not be.

    ``option`` is the option text the cell was read as, where it does not say so itself.
    """

    status: int
    score: int = 0
    how: str = ""
    reason: str = ""
    option: str = ""


#: Reasons for which the definition must say what to do.
UNMATCHED = ("unreadable-answer", "contradictory-answer")

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
    official : frozenset of str
        Folded texts of the option list printed for this item.
    elsewhere : frozenset of str
        Plain option texts of the other items; never taken for a misspelt option of this one.
    unmatched : str
        What the definition does with texts that are no option: ``stop``, ``missing`` or
        ``exclude`` (the whole questionnaire).
    """

    code: str
    low: int
    high: int
    texts: dict[str, int] = field(default_factory=dict)
    letters: dict[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    official: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    unmatched: str = "stop"
    _cache: dict[str, Reading] = field(default_factory=dict, repr=False)
    _plain: dict[str, int] | None = field(default=None, repr=False)

    @property
    def plain_texts(self) -> dict[str, int]:
        """Plain option text (`pipeline.intake.values.wording.plain`) to score; ambiguous ones left out."""
        if self._plain is None:
            made: dict[str, set[int]] = {}
            for text, score in self.texts.items():
                made.setdefault(plain(text), set()).add(score)
            self._plain = {text: next(iter(s)) for text, s in made.items() if text and len(s) == 1}
        return self._plain

    def forget(self) -> None:
        """Read everything anew: the texts have changed."""
        self._cache.clear()
        self._plain = None

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
            found = self._read(text)
            if found.reason in UNMATCHED and self.unmatched == "exclude" and found.how != "values":
                found = Reading(INVALID, how=found.reason, reason="excluded-answer")
            self._cache[text] = found
        return found

    def knows(self, text: str) -> bool:
        """Whether a text is one of the item's options (numbers and letters prove nothing)."""
        reading = self.read(text)
        return reading.status == ANSWERED and reading.how in ("text", "mixed", "values")

    def words(self, raw: str) -> str:
        """Return the folded option text of a cell, without letter and number; empty where it has none.

        Examples
        --------
        >>> r = ItemReader("U1", 1, 4, {}, {"b": 2})
        >>> r.words("b. Kurang cepat, 2"), r.words("b"), r.words("3")
        ('kurang cepat', '', '')
        """
        text = bare(raw)
        for pattern in (_LETTER_FIRST, _NUMBER_FIRST):
            match = pattern.match(text)
            if match:
                text = next(part for part in reversed(match.groups()) if part)
                break
        match = _NUMBER_LAST.match(text)
        folded = fold(match[1] if match else text)
        return "" if _NUMBER.match(folded) or len(folded) < 2 else folded

    def _read(self, raw: str) -> Reading:
        text = bare(raw)
        if not text:
            return _BLANK
        folded = fold(text)
        own = self.values.get(text) or self.values.get(folded) if self.values else None
        if own is None and self.values and _NUMBER.match(text):
            own = self.values.get(_whole(text))
        if own is not None:
            return self._override(own)
        if folded in self.texts and folded:
            return Reading(ANSWERED, self.texts[folded], "text")
        alone = _NUMBER_ALONE.match(text)
        if _NUMBER.match(text) or alone:
            return self._number(alone[1] if alone else text)
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
        if code == "exclude":
            return Reading(INVALID, how="values", reason="excluded-answer")
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
        if fold(rest) in _CARRIERS:
            rest = ""
        elif self._text(fold(rest)) is None:
            match = _NUMBER_LAST.match(rest)
            if match:
                says.append(int(match[2]))
                rest = match[1]
        if says and (_NUMBER.match(rest.strip()) or _LETTER.match(rest.strip())):
            second = self._read(rest)
            if second.status != ANSWERED:
                return second
            says.append(second.score)
            rest = ""
        if says and fold(rest) in _CARRIERS:
            rest = ""
        # Every part must be known: an unknown text beside a letter may say the contrary of it.
        known = self._text(fold(rest)) if fold(rest) else None
        if fold(rest) and known is None:
            return Reading(INVALID, how="text", reason="unreadable-answer")
        if known is not None:
            says.append(known.score)
        if len(set(says)) > 1:
            return Reading(INVALID, how="mixed", reason="contradictory-answer")
        if not says:
            return Reading(INVALID, how="text", reason="unreadable-answer")
        if not self.low <= says[0] <= self.high:
            return Reading(INVALID, how="mixed", reason="out-of-range")
        if known is not None and known.how == "typo":
            return Reading(ANSWERED, says[0], "typo", "misspelt-answer", known.option)
        return Reading(ANSWERED, says[0], "mixed" if rest != text else "text")

    def _text(self, folded: str) -> Reading | None:
        """Return what a text without letter or number says; None when it is no option."""
        if folded in self.texts:
            return Reading(ANSWERED, self.texts[folded], "text")
        bare = plain(folded)
        if bare in self.plain_texts:
            return Reading(ANSWERED, self.plain_texts[bare], "text")
        slip = misspelt(bare, self.plain_texts, self.elsewhere)
        if slip is not None:
            return Reading(ANSWERED, self.plain_texts[slip], "typo", "misspelt-answer", slip)
        return None

    def use_options(self, options: list[str]) -> str:
        """Key the letters a, b, c, ... by the meaning of the option texts the form printed.

        Returns
        -------
        str
            ``"meaning"`` when every text is known, ``"position"`` when the unknown ones had
            to take their place in the list, ``"contradiction"`` when the known ones deny it, or
            when none is known and nothing shows that the list begins with the worst.
        """
        exact = [self.plain_texts.get(plain(fold(option))) for option in options]
        known = [self.texts.get(fold(option), score) for option, score in zip(options, exact)]
        if all(score is not None for score in known) and len(set(known)) == len(known):
            self.letters = {chr(97 + i): score for i, score in enumerate(known) if score is not None}
            self.forget()
            return "meaning"
        span = list(range(self.low, self.high + 1))
        if len(options) != len(span):
            return "contradiction"
        if any(score is not None and score != span[i] for i, score in enumerate(known)):
            return "contradiction"
        if all(score is None for score in known) and not _rising(options):
            return "contradiction"
        for place, option in zip(span, options):
            if fold(option):
                self.texts.setdefault(fold(option), place)
        self.letters = {chr(97 + i): place for i, place in enumerate(span)}
        self.forget()
        return "position"


def _whole(text: str) -> str:
    """Return a number without the decimals that say nothing: 6,00 is 6."""
    return re.sub(r"[.,]0+$", "", text).lstrip("+")


#: First words of options at the bad end of a list, whatever is asked.
_BAD = ("tidak", "tdk", "tak", "kurang", "belum", "bukan", "jarang", "buruk", "sulit", "lambat")


def _rising(options: list[str]) -> bool:
    """Whether a list of unknown options begins at the bad end and leaves it."""
    first, last = fold(options[0]), fold(options[-1])
    return first.startswith(_BAD) and not last.startswith(_BAD)
