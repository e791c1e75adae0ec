"""Words of answers as data: short forms, scales of any question; and how far a typo may be off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pipeline.rules.datafile import packed
from pipeline.survey.text import fold

#: A slip of the pen changes at most so many letters of a whole answer.
MOST_EDITS = 2
#: Longer texts are remarks, not misspelt options.
LONGEST = 80


def tables() -> Mapping[str, Any]:
    """Return ``wordings.yml``."""
    found: Mapping[str, Any] = packed("pipeline.intake.values", "wordings.yml")
    return found


@cache
def general() -> frozenset[str]:
    """Return the folded texts of scales that any question may print."""
    return frozenset(fold(text) for scale in tables()["general"] for text in scale)


def importance(low: int, high: int) -> dict[str, int]:
    """Return the folded answers to "how important", where the scale is a usual one.

    Examples
    --------
    >>> importance(1, 4)["sangat penting"], importance(0, 10)
    (4, {})
    """
    texts = tables()["importance"].get(high, []) if low == 1 else []
    return {fold(text): low + place for place, text in enumerate(texts)}


@lru_cache(maxsize=100_000)
def plain(folded: str) -> str:
    """Bring a folded text to the form in which short forms and joining words make no difference.

    Examples
    --------
    >>> plain("tdk sopan ramah") == plain("tidak sopan dan ramah")
    True
    """
    short, joining = tables()["short_forms"], tables()["joining"]
    words = " ".join(short.get(word, word) for word in folded.split()).split()
    kept = [word for word in words if word not in joining]
    return " ".join(kept)


def allowed(word: str) -> int:
    """Return how many letters of a word may be wrong: none of three, one of four, two of eight.

    Examples
    --------
    >>> allowed("ada"), allowed("mudah"), allowed("prosedur")
    (0, 1, 2)
    """
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def distance(text: str, option: str) -> int | None:
    """Return how many slips separate two plain texts; None when they are two different texts.

    Word by word: as many words on both sides, each with its own first letter, digits nowhere.
    "tsesuai" may be short for "tidak sesuai" and "sangat g baik" for its contrary, so letters put
    in front and words put between never count as slips.

    Examples
    --------
    >>> distance("sangat mudha", "sangat mudah"), distance("tsesuai", "sesuai"), distance("murah", "mahal")
    (1, None, None)
    """
    from rapidfuzz.distance import OSA

    mine, theirs = text.split(), option.split()
    if len(mine) != len(theirs):
        return None
    total = 0
    for word, known in zip(mine, theirs):
        if word == known:
            continue
        # A doubled first letter abbreviates too (SS: sangat sesuai).
        doubled = word[:1] == word[1:2] and known[:1] != known[1:2]
        if word[:1] != known[:1] or doubled or not word.isalpha():
            return None
        most = allowed(known)
        slips = OSA.distance(word, known, score_cutoff=most)
        total += slips
        if slips > most or total > MOST_EDITS:
            return None
    return total


def misspelt(text: str, texts: Mapping[str, object], elsewhere: Collection[str] = ()) -> str | None:
    """Return the option that a text misspells, if only one meaning is within reach.

    Parameters
    ----------
    text : str
        A plain text that is no option.
    texts : mapping
        Plain option text to what it means (a score, a code).
    elsewhere : collection of str
        Plain option texts of the other items: what is as close to one of those is not guessed.

    Returns
    -------
    str or None
        None when nothing is near, or when two meanings are.

    Notes
    -----
    An answer that lies within the allowed slips of an option is read as that option's score or
    not at all: were another score within reach, nothing would be read. Checked by a property test
    on every unsur of every rule.

    Examples
    --------
    >>> misspelt("sesuia", {"sesuai": 3, "tidak sesuai": 1})
    'sesuai'
    >>> misspelt("mudzh", {"murah": 3}, {"mudah"}) is None
    True
    """
    if not text or len(text) > LONGEST:
        return None
    near = [(slips, option) for option in texts if (slips := distance(text, option)) is not None]
    if not near or len({texts[option] for _, option in near}) > 1:
        return None
    slips, option = min(near)
    for other in elsewhere:
        far = None if other in texts else distance(text, other)
        if far is not None and far <= slips:
            return None
    return option


def nearest(text: str, texts: Iterable[str], most: int = 3, least: int = 60) -> list[str]:
    """Return the options most like a text, the closest first; for the reader to choose, not to use.

    Examples
    --------
    >>> nearest("sangat cepat", ["kompeten", "cepat", "tidak cepat"], most=2)
    ['cepat', 'tidak cepat']
    """
    from rapidfuzz import fuzz, process

    found: Sequence[Any] = process.extract(
        text[:LONGEST], list(texts), scorer=fuzz.WRatio, limit=most, score_cutoff=least
    )
    return [str(option) for option, _, _ in found]
