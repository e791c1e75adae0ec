"""Whether a word is one that anybody writes: what stands behind a title and is ordinary is nobody's name.

A short list of roots goes a long way, because Indonesian builds its words from them by affixes: *antri* tells
*mengantri*, *diantrikan*, *antriannya*. No root here is a part of a name, but for those that [common] of
``names.txt`` holds as well.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.survey.identity.wordlists import listed

#: Beginnings, longest first, with the letter that the root may have lost (*menyapu* is *sapu*).
_PREFIXES = (
    ("memper", ("",)), ("diper", ("",)), ("penge", ("",)), ("menge", ("",)), ("meny", ("s",)), ("peny", ("s",)),
    ("meng", ("", "k")), ("peng", ("", "k")), ("mem", ("", "p")), ("pem", ("", "p")), ("men", ("", "t")),
    ("pen", ("", "t")),
    ("keber", ("",)), ("keter", ("",)), ("ber", ("",)), ("ter", ("",)), ("per", ("",)), ("me", ("",)), ("di", ("",)),
    ("be", ("",)), ("pe", ("",)), ("ke", ("",)), ("se", ("",)), ("nge", ("",)), ("ng", ("", "k")), ("ny", ("s",)),
)  # fmt: skip
_ENDINGS = (
    "kannya", "annya", "nya", "lah", "kah", "pun", "kan", "an", "ku", "mu", "in", "i", "an2", "2",
)  # fmt: skip
_SHORTEST = 3
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_VOWEL = re.compile("[aeiou]")


@cache
def _roots() -> frozenset[str]:
    return listed("roots", "ordinary.txt") | listed("common") | listed("roles") | listed("places")


@lru_cache(maxsize=100_000)
def is_ordinary(word: str) -> bool:
    """Whether a folded word is an ordinary one, with or without affixes.

    Examples
    --------
    >>> [is_ordinary(word) for word in ("mengantri", "diperbaiki", "lamaaa", "pelayanannya", "hati-hati", "yg")]
    [True, True, True, True, True, True]
    >>> [is_ordinary(word) for word in ("kertodimejo", "sarkawi", "berliana", "seno")]
    [False, False, False, False]
    """
    parts = [part for part in re.split(r"[-' ]", word) if part]
    if len(parts) > 1:
        return all(is_ordinary(part) for part in parts)
    # What has no vowel, or two letters, is an abbreviation.
    if len(word) <= 2 or not _VOWEL.search(word):
        return True
    plain = _STRETCHED.sub(r"\1", word)
    return _known(plain) or any(_known(short) for short in _without_endings(plain))


def _known(word: str) -> bool:
    """Whether a word is listed, or is a listed root behind a prefix."""
    if word in _roots() or word in listed("short", "ordinary.txt"):
        return True
    roots = _bare(word)
    # One prefix behind another: ber-pen-tampil-an.
    return any(_root(rest) or any(map(_root, _bare(rest))) for rest in roots)


def _bare(word: str) -> list[str]:
    """Return what may be left of a word without its prefix."""
    return [
        letter + word.removeprefix(prefix)
        for prefix, lost in _PREFIXES
        if word.startswith(prefix)
        for letter in lost
    ]


def _root(word: str) -> bool:
    return len(word) >= _SHORTEST and word in _roots()


def _without_endings(word: str) -> list[str]:
    """Return a word without its ending, and without two of them (*diurus-kan-lah*)."""
    once = [word.removesuffix(e) for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST]
    twice = [
        w.removesuffix(e) for w in once for e in _ENDINGS if w.endswith(e) and len(w) - len(e) >= _SHORTEST
    ]
    return once + twice
