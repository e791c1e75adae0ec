"""Answer scales of any questionnaire, recognised by their words: "sangat setuju", "SS", "strongly agree".

A text is taken apart into a degree and a word; the degrees that a questionnaire shows fit one order
of degrees or several. Only for proposals: what is found here is written down and read from there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pipeline.intake.values.wording import plain
from pipeline.rules.datafile import packed
from pipeline.survey.text import fold

#: What stands around the words of an option: "5 - Sangat setuju", "e. Setuju", "Setuju (4)".
_BEFORE = re.compile(r"^\(?\s*(?:(\d{1,2})(?=\W+[A-Za-z])|[a-z](?=\W+\S{2}))\s*(?:[.):\]=-]+|\s-)\s*", re.I)
_BEHIND = re.compile(r"\s*[,;:=(\[/|-]\s*(\d{1,2})\s*[)\]]?\s*$")
#: A short form beside the words: "Sangat setuju (SS)", "SS = Sangat setuju".
_SHORT_BEHIND = re.compile(r"^(?P<words>.{4,}?)\s*[(\[](?P<short>[A-Za-z]{1,3})[)\]]\s*$", re.S)
_SHORT_BEFORE = re.compile(r"^\(?(?P<short>[A-Za-z]{1,3})\)?\s*[=:.-]\s*(?P<words>.{4,})$", re.S)
#: Words that a scale of degrees may be about; a text of more words is a remark.
MOST_WORDS = 7


def tables() -> Mapping[str, Any]:
    """Return ``likert.yml``."""
    found: Mapping[str, Any] = packed("pipeline.intake.values", "likert.yml")
    return found


@dataclass(frozen=True)
class Vocabulary:
    """An answer scale of words.

    ``levels`` are the texts of every step, folded, lowest first, the one to be shown in front; ``seen``
    maps every text met to its step (from 0). ``others`` are further numbers of steps that fit as well.
    """

    levels: tuple[tuple[str, ...], ...]
    seen: Mapping[str, int]
    others: tuple[str, ...] = ()


@lru_cache(maxsize=20_000)
def bare(text: str) -> tuple[str, int | None]:
    """Return the words of an option without number or letter around it, and the number.

    Examples
    --------
    >>> bare("5 - Sangat Setuju"), bare("Setuju (4)"), bare("SS")
    (('sangat setuju', 5), ('setuju', 4), ('ss', None))
    """
    text = unicodedata.normalize("NFKC", text).strip().strip("\"'").strip()
    number = None
    match = _BEFORE.match(text)
    if match:
        number, text = (int(match[1]) if match[1] else None), text[match.end() :]
    match = _BEHIND.search(text)
    if match and match.start():
        number, text = int(match[1]), text[: match.start()]
    for pattern in (_SHORT_BEHIND, _SHORT_BEFORE):
        match = pattern.match(text)
        if match and any(fold(match["short"]) in line for line in tables()["short"]):
            text = match["words"]
    return fold(text), number


@lru_cache(maxsize=20_000)
def degree(folded: str) -> tuple[str, str] | None:
    """Return the degree of a text and the word it is a degree of; None where it has none.

    Examples
    --------
    >>> degree("sangat tidak setuju"), degree("sangat buruk"), degree("netral"), degree("setuju")
    (('--', 'setuju'), ('--', 'baik'), ('0', ''), ('+', 'setuju'))
    """
    known = tables()
    text = plain(folded)
    if not text or len(text.split()) > MOST_WORDS or any(c.isdigit() for c in text):
        return None
    for sign, texts in known["alone"].items():
        if text in texts or folded in texts:
            return sign, ""
    if text in known["highest"]:
        return "++", ""
    if text in known["lowest"]:
        return "--", ""
    sign, word = "+", text
    for before in _prefixes():
        if text.startswith(before[0] + " "):
            sign, word = before[1], text[len(before[0]) + 1 :]
            break
    for mark, texts in known["behind"].items():
        for behind in texts:
            if word.endswith(" " + behind) and sign == "+":
                sign, word = mark, word[: -len(behind) - 1]
    partner = known["contrary"].get(word)
    if partner and word not in known["same"]:
        turned = {"+": "-", "++": "--", "k": "k", "c": "k"}.get(sign)
        return (turned, partner) if turned else None
    return sign, partner or word


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    pairs = [(plain(text), sign) for sign, texts in tables()["degrees"].items() for text in texts]
    return tuple(sorted(set(pairs), key=lambda pair: -len(pair[0])))


def find(texts: Iterable[str], several: bool = False) -> Vocabulary | None:
    """Return the scale that all of some folded texts belong to; None where they are no scale.

    Two steps (yes and no) are no scale, whatever they are called. With ``several`` the texts may be
    degrees of several words ("sangat puas" under one question, "sangat cepat" under the next).

    Examples
    --------
    >>> find(["ss", "s", "n", "ts"]).levels[0][0], find(["sering", "selalu", "jarang"]).seen["jarang"]
    ('sts', 1)
    >>> find(["puas", "tidak puas"]) is None, find(["baik", "sangat baik", "cukup"]).others != ()
    (True, True)
    """
    met = list(dict.fromkeys(text for text in texts if text))
    if len(met) < 2:
        return None
    return _intensity(met) or _fixed(met) or _degrees(met, several) or _short(met)


def _fixed(met: Sequence[str], key: str = "fixed") -> Vocabulary | None:
    fits = []
    for scale in tables()[key]:
        levels = tuple(tuple(fold(text) for text in level) for level in scale)
        place = {text: number for number, level in enumerate(levels) for text in level}
        known = {text: place.get(text, place.get(plain(text), -1)) for text in met}
        if min(known.values()) >= 0 and len(set(known.values())) >= 3:
            fits.append((len(levels) - len(set(known.values())), levels, known))
    if not fits:
        return None
    _, levels, seen = min(fits, key=lambda fit: fit[0])
    return Vocabulary(levels, seen)


def _intensity(met: Sequence[str]) -> Vocabulary | None:
    """Read "not at all, slightly, moderately, very, extremely": here "very" is not the highest."""
    steps = tables()["intensity"]
    place, words = {}, set()
    for text in met:
        hits = [
            (len(before), number, text[len(before) :].strip())
            for number, level in enumerate(steps)
            for before in level
            if text == before or text.startswith(before + " ")
        ]
        if not hits:
            return None
        _, place[text], word = max(hits)
        words.add(word)
    if len(words - {""}) > 1 or len(set(place.values())) < 3 or len(steps) - 1 not in place.values():
        return None
    word = next(iter(words - {""}), "")
    return Vocabulary(tuple((f"{level[0]} {word}".strip(),) for level in steps), place)


def _degrees(met: Sequence[str], several: bool) -> Vocabulary | None:
    read = {text: degree(text) for text in met}
    if any(found is None for found in read.values()):
        return None
    signs = {text: found[0] for text, found in read.items() if found}
    words = {found[1] for found in read.values() if found} - {""}
    if (len(words) > 1 and not several) or (not words and len(set(signs.values())) < 3):
        return None
    word = next((found[1] for found in read.values() if found and found[1]), "")
    return _ordered(signs, lambda sign: _named(sign, word))


def _short(met: Sequence[str]) -> Vocabulary | None:
    for line in tables()["short"]:
        if all(text in line for text in met):
            names = {sign: text for text, sign in reversed(line.items())}
            found = _ordered(
                {text: line[text] for text in met}, lambda sign, names=names: names.get(sign, sign)
            )
            if found:
                return found
    return _fixed(met, "short_fixed")


def _named(sign: str, word: str) -> str:
    """Return how a degree of a word is said, to be shown where nobody chose it."""
    english = bool(re.search(r"agree|satisf|good|important|likely|easy|fast|clean|high|help|comfort", word))
    before = tables()["said"]["en" if english else "id"]
    if sign == "0":
        return "neutral" if english else "netral"
    return f"{before.get(sign, '')} {word}".strip() if word or sign != "+" else "baik"


def _ordered(signs: Mapping[str, str], name: Any) -> Vocabulary | None:
    """Put degrees into the order that shows most of them; tell when several orders would do."""
    used = set(signs.values())
    if len(used) < 2 or not used & {"++", "+"} or used <= {"-", "+"} or used <= {"--", "++"}:
        return None
    orders = [tuple(order) for order in tables()["orders"] if used <= set(order)]
    if not orders:
        return None
    whole = [order for order in orders if set(order) == used]
    best = whole[0] if whole else min(orders, key=len)
    places = {
        order: tuple(order.index(sign) / (len(order) - 1) for sign in sorted(used))
        for order in orders
        if len(order) <= 5
    }
    others = [] if whole else [o for o, place in places.items() if o != best and place != places.get(best)]
    levels = []
    for sign in best:
        texts = [text for text, own in signs.items() if own == sign]
        levels.append(tuple(texts or [name(sign)]))
    shown = tuple(" < ".join(name(sign) for sign in order) for order in others)
    return Vocabulary(tuple(levels), {text: best.index(sign) for text, sign in signs.items()}, shown)
