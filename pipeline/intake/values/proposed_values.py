"""What texts that are no option may mean: a block of ``values:`` to paste, for a person to judge.

Nothing here is ever used by itself. A text that stands under several unsur is proposed once, under
``answers:``; what nobody can guess is proposed as missing, so that the block works as it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from pipeline.intake.values.answers import ItemReader
from pipeline.intake.values.wording import nearest
from pipeline.survey.text import fold

#: Codes of options that only mean their place in the list: A1, AO01, option_1, 01.
_PLACED = re.compile(r"^(?:ao?|option|opsi|opt|pilihan|choice|jawaban)[\s_]*0*(\d)$")
#: Degrees of one word, the worst first; each with the score it has where not all are there.
_DEGREES = {"sangat tidak": 1, "tidak": 1, "kurang": 2, "cukup": 3, "": 3, "sangat": 4}
_ENGLISH = {
    "very": "sangat", "strongly": "sangat", "extremely": "sangat", "highly": "sangat", "not": "tidak",
    "somewhat": "cukup", "fairly": "cukup", "quite": "cukup", "less": "kurang", "amat": "sangat", "tdk": "tidak",
    "not at all": "sangat tidak", "sgt": "sangat", "sangat kurang": "sangat tidak",
}  # fmt: skip
_BLAME = {"mahal", "lambat", "lama", "sulit", "buruk", "jelek", "rumit", "kotor", "jauh"}
#: What says that a question did not concern the person.
_NOT_ASKED = re.compile(
    r"\b(?:tidak|tdk|belum|tak) (?:tahu|pernah|relevan|menggunakan|memakai|berlaku|perlu)\b|\bdon t know\b|\bnot used\b"
    r"|\bnever used\b|\bnot applicable\b"
)
_NUMBER = re.compile(r"(?<!\d)([1-9]|10)(?!\d)")


def guessed(texts: Iterable[str]) -> dict[str, str]:
    """Return the score of texts that only name a place in the list, or a degree of one word.

    Degrees of a word that blames (expensive, slow) rise the other way: they are left alone.

    Examples
    --------
    >>> guessed({"A1", "A4"}), guessed({"tidak_puas", "puas", "sangat_puas"})["puas"]
    ({'A1': '1', 'A4': '4'}, '3')
    >>> guessed({"sangat mahal", "mahal"}), guessed({"puas"})
    ({}, {})
    >>> guessed({"Sangat tidak puas", "Tidak puas", "Puas", "Sangat puas"})["Tidak puas"]
    '2'
    """
    codes: dict[str, str] = {}
    degrees: dict[str, dict[str, str]] = {}
    words = {fold(text) for text in texts}
    for text in sorted(texts):
        folded = fold(text)
        place = _PLACED.match(folded)
        if place and place[1] in "1234":
            codes[text] = place[1]
            continue
        degree, word = _degree(folded, words)
        if word.isalpha() and word not in _BLAME and degree in _DEGREES:
            degrees.setdefault(word, {})[text] = degree
    for found in degrees.values():
        codes |= _scores(found)
    return dict(sorted(codes.items()))


def _degree(folded: str, words: set[str]) -> tuple[str, str]:
    """Return the degree and the word of an option: very, satisfied."""
    degree, _, word = folded.rpartition(" ")
    degree = _ENGLISH.get(degree, degree)
    for ending in ("dis", "un", "in"):
        stem = word.removeprefix(ending)
        if stem != word and any(other.split()[-1:] == [stem] for other in words):
            return {"": "tidak", "sangat": "sangat tidak"}.get(degree, "?"), stem
    return degree, word


def _scores(found: Mapping[str, str]) -> dict[str, str]:
    """Return the scores of the degrees of one word; nothing where they are one, or more than four."""
    kinds = [degree for degree in _DEGREES if degree in found.values()]
    if not 2 <= len(kinds) <= 4:
        return {}
    rank = {degree: str(place) for place, degree in enumerate(kinds, 1)} if len(kinds) == 4 else {}
    if not rank:
        rank = {degree: str(_DEGREES[degree]) for degree in kinds}
        if "sangat tidak" in kinds and "tidak" in kinds:
            rank["tidak"] = "2"
    return {text: rank[degree] for text, degree in found.items()}


def proposed(
    unknown: Mapping[str, Iterable[str]], readers: Mapping[str, ItemReader]
) -> dict[str, dict[str, str]]:
    """Return the ``values:`` that would say what every text means.

    Parameters
    ----------
    unknown : mapping
        The texts that are no option, by item.
    readers : mapping
        How each item's answers are read.

    Examples
    --------
    >>> readers = {"U1": ItemReader("U1", 1, 4), "U2": ItemReader("U2", 1, 4)}
    >>> proposed({"U1": ["Puas", "Sangat puas"], "U2": ["Puas", "entah"]}, readers)
    {'answers': {'Puas': '3', 'Sangat puas': '4', 'entah': 'missing'}}
    """
    owners: dict[str, list[str]] = {}
    for item, texts in unknown.items():
        for text in texts:
            owners.setdefault(text, []).append(item)
    guesses = {
        text: code
        for text, code in guessed(owners).items()
        if all((r := readers.get(i)) is None or (r.low, r.high) == (1, 4) for i in owners[text])
    }
    made: dict[str, dict[str, str]] = {}
    several = any(len(items) > 1 for items in owners.values())
    for text, items in owners.items():
        codes = {guesses.get(text) or _code(text, readers.get(item)) for item in items}
        # What is like other scores under other unsur is anybody's guess.
        code = codes.pop() if len(codes) == 1 else "missing"
        for name in ["answers"] if several else items:
            made.setdefault(name, {})[text] = code
    return made


def _code(text: str, reader: ItemReader | None) -> str:
    """Return what one text may mean: its own number, the option it is like, or nothing."""
    folded = fold(text)
    if _NOT_ASKED.search(folded):
        return "not-applicable"
    if reader is None:
        return "missing"
    numbers = {int(number) for number in _NUMBER.findall(folded)}
    if len(numbers) == 1 and reader.low <= min(numbers) <= reader.high:
        return str(numbers.pop())
    scores = [reader.texts[option] for option in nearest(folded, reader.texts, most=2, least=85)]
    return str(scores[0]) if scores and len(set(scores)) == 1 else "missing"


def block(values: Mapping[str, Mapping[str, str]]) -> str:
    """Return ``values:`` on one line of YAML, to be pasted as it stands.

    Examples
    --------
    >>> block({"answers": {"Sangat puas": "4", "entah": "missing"}})
    'values: {answers: {"Sangat puas": 4, "entah": missing}}'
    """
    parts = []
    for name, texts in values.items():
        pairs = ", ".join(
            f"{json.dumps(text, ensure_ascii=False)}: {code if _plain(code) else json.dumps(code, ensure_ascii=False)}"
            for text, code in texts.items()
        )
        parts.append(f"{name if _plain(name) else json.dumps(name, ensure_ascii=False)}: {{{pairs}}}")
    return f"values: {{{', '.join(parts)}}}"


def _plain(text: str) -> bool:
    """Whether a word means itself in YAML without quotes."""
    return bool(re.fullmatch(r"\d{1,3}|[A-Za-z][\w.-]*", text)) and text.casefold() not in (
        "yes", "no", "true", "false", "on", "off", "null", "y", "n",
    )  # fmt: skip
