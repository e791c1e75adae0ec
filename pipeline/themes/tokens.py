"""Words of a chat message as a list of keywords can find them: spelling, doubling, affixes.

Indonesian builds words from a root with prefixes and endings (``antre``: ``mengantre``, ``antrean``,
``antreannya``), doubles them (``kursi-kursi``, in chats ``kursi2``) and drops vowels (``bgt``, ``tdk``).
There is no dictionary of roots here: of each word every form is made that it has without some of its affixes,
and a keyword fits a word when it is one of these. Which chat spelling stands for which word is data (``themes.yml``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_MASKED = re.compile(r"<[a-z]+>|https?://\S+|www\.\S+")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[.,;:!?\n()/]+")
_LONG = re.compile(r"([^\W\d_])\1{2,}")
#: A root is no shorter, or every word would hold every other.
_ROOT = 3
#: Endings of a word, outermost first: particles and "its", also of Javanese and Sundanese, then derivations.
_PARTICLES = ("nya", "lah", "kah", "pun", "ku", "mu", "ne", "na", "e")
_ENDINGS = ("kan", "an", "in", "i")
#: Prefixes with the sounds that they swallow: ``menunggu`` is ``tunggu``, ``nyari`` is ``cari`` or ``sari``.
_PREFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("meng", ("", "k")), ("meny", ("s",)), ("mem", ("", "p")), ("men", ("", "t")), ("me", ("",)),
    ("peng", ("", "k")), ("peny", ("s",)), ("pem", ("", "p")), ("pen", ("", "t")), ("per", ("",)), ("pe", ("",)),
    ("ber", ("",)), ("ter", ("",)), ("di", ("",)), ("ke", ("",)), ("se", ("",)), ("tak", ("",)),
    ("nge", ("",)), ("ng", ("", "k")), ("ny", ("s", "c")), ("n", ("t", "")), ("m", ("p",)),
)  # fmt: skip
_BEGINNINGS = tuple(prefix for prefix, _ in _PREFIXES)


class Word(NamedTuple):
    """One word of a text in common spelling, and the number of its clause."""

    spelled: str
    clause: int


def words(text: str, spellings: Mapping[str, str]) -> list[Word]:
    """Split a text into words in common spelling; marks of punctuation end a clause.

    Parameters
    ----------
    text : str
        As somebody wrote it.
    spellings : mapping
        From a chat spelling to the word, or words, that it stands for.

    Examples
    --------
    >>> [w.spelled for w in words("Ngantri lamaaa bgt, petugas2nya jutek!!", {"bgt": "banget"})]
    ['ngantri', 'lama', 'banget', 'petugasnya', 'jutek']
    """
    found: list[Word] = []
    clause = 0
    plain = unicodedata.normalize("NFKC", _MASKED.sub(" ", text)).casefold()
    for match in _WORD.finditer(plain):
        written = match.group()
        if not written[0].isalnum():
            clause += 1
            continue
        for part in _parts(written):
            for spelled in spellings.get(part, part).split():
                found.append(Word(spelled, clause))
    return found


@lru_cache(maxsize=50_000)
def _parts(written: str) -> tuple[str, ...]:
    """One word, or the halves of one with a hyphen; what is doubled stands once."""
    word = _LONG.sub(r"\1", written.replace("’", "").replace("'", ""))
    word = re.sub(r"(?<=[^\W\d_]{3})2(?=$|an$|nya$|x$)", "", word)
    halves = word.split("-")
    if len(halves) == 2 and (halves[1].startswith(halves[0]) or halves[0].endswith(halves[1])):
        return (max(halves, key=len),)
    return tuple(half for half in halves if half)


@lru_cache(maxsize=50_000)
def forms(word: str) -> frozenset[str]:
    """Every form that a word has without some of its affixes, itself among them.

    Examples
    --------
    >>> sorted({"antre", "tunggu", "lambat"} & (forms("antreannya") | forms("menunggu") | forms("diperlambat")))
    ['antre', 'lambat', 'tunggu']
    >>> "judes" in forms("judesnya"), "tugas" in forms("petugase")
    (True, True)
    """
    ended = {word}
    for endings in (_PARTICLES, _ENDINGS):
        ended |= {
            stem.removesuffix(end)
            for stem in ended
            for end in endings
            if stem.endswith(end) and len(stem) - len(end) >= _ROOT
        }
    if len(word) > _ROOT and word.endswith("x"):  # a chat's "petugasx"
        ended.add(word[:-1])
    found = set(ended)
    for _ in range(2):
        found |= {
            sound + stem.removeprefix(prefix)
            for stem in found
            if stem.startswith(_BEGINNINGS)
            for prefix, sounds in _PREFIXES
            if stem.startswith(prefix)
            for sound in sounds
            if len(sound) + len(stem) - len(prefix) >= _ROOT
        }
    return frozenset(found)


def near(word: str, other: str) -> bool:
    """Whether one letter is missing or added, or two neighbours have changed places.

    Not one letter for another: of Indonesian words that too often makes another word ("dibatasi", "dibalas").

    Examples
    --------
    >>> near("persyratan", "persyaratan"), near("kebersihna", "kebersihan"), near("dibatas", "dibalas")
    (True, True, False)
    """
    if abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    left, right = word[start:], other[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right or left == right[1:]
