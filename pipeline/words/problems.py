"""What the intake says of raw files, in the language of the page.

The intake writes its sentences in English, into a table that programs read too. A page in another language
recognises them by the templates of ``locale/en/problems.yml`` and renders the template of its own language
with the same values, copied as they stand. A sentence that no template fits stays English.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter
from typing import Any

from pipeline import LANGUAGES
from pipeline.words.lookup import load

#: A list may have so many parts; what comes after is left as it is, and so is all of a longer text.
DEEPEST, LONGEST = 100, 20_000
_NUMBER = re.compile(r"n(_\w+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def said(lang: str, kind: str, text: str) -> str:
    """Return a sentence of the intake in a language.

    Parameters
    ----------
    lang : str
        ``"id"`` or ``"en"``.
    kind : {"what", "hint"}
        What is wrong, or what to do.
    text : str
        The sentence as the table of problems holds it.

    Returns
    -------
    str
        The same sentence with the same values; ``text`` itself where no template fits.

    Examples
    --------
    >>> said("id", "what", 'has no sheet "Mei 2024"')
    'tidak mempunyai lembar “Mei 2024”'
    >>> said("id", "what", "says something new")
    'says something new'
    """
    if lang not in LANGUAGES or lang == "en" or not text:
        return text
    for key in _by_length(kind):
        rendered = _render(lang, kind, key, text, DEEPEST if len(text) <= LONGEST else 0)
        if rendered is not None:
            return rendered
    return text


def key_of(kind: str, text: str) -> str:
    """Return the key of the template that a sentence is made by, ``""`` where none fits."""
    return next((key for key in _by_length(kind) if _match(kind, key, text)), "")


@lru_cache(maxsize=2)
def _by_length(kind: str) -> tuple[str, ...]:
    """Keys of a kind, those with the most fixed letters first: the most special one decides."""
    templates = load("en", "problems")[kind]
    return tuple(sorted(templates, key=lambda key: (-_fixed(templates[key]), key)))


def _fixed(template: str) -> int:
    return sum(len(text) for text, *_ in Formatter().parse(template))


def _template(lang: str, kind: str, key: str) -> str:
    found: Any = load(lang, "problems")[kind]
    for name in key.split("."):
        found = found[name]
    return str(found)


def _match(kind: str, key: str, text: str) -> re.Match[str] | None:
    prefix, pattern = _pattern(kind, key)
    return pattern.fullmatch(text) if text.startswith(prefix) else None


@lru_cache(maxsize=512)
def _pattern(kind: str, key: str) -> tuple[str, re.Pattern[str]]:
    """What a sentence begins with, and the pattern of all of it.

    Each value ends where what follows it is met first, and that is never taken back (atomic groups), so that
    the time follows the length of a text even where its values imitate the sentence.
    """
    pieces: list[tuple[str, str]] = [("", "")]  # name of a value, and the pattern of what follows it
    parsed = list(Formatter().parse(_template("en", kind, key)))
    for fixed, name, *_ in parsed:
        last, after = pieces.pop()
        pieces.append((last, after + re.escape(fixed)))
        if name and _NUMBER.fullmatch(name):
            last, after = pieces.pop()
            pieces.append((last, after + rf"(?P<{name}>\d+(?:[.,]\d+)*)"))
        elif name:
            pieces.append((name, ""))
    made = pieces[0][1]
    for place, (name, after) in enumerate(pieces[1:], 2):
        if place == len(pieces):
            made += rf"(?P<{name}>.*?){after}" if after else rf"(?P<{name}>.*)"
        else:
            made += rf"(?>(?P<{name}>.*?){after})"
    return parsed[0][0], re.compile(made, re.DOTALL)


def _render(lang: str, kind: str, key: str, text: str, depth: int) -> str | None:
    match = _match(kind, key, text)
    if match is None:
        return None
    values = {name: _value(lang, name, value, depth) for name, value in match.groupdict().items()}
    return _template(lang, kind, key).format(**values)


def _value(lang: str, name: str, value: str, depth: int) -> str:
    """A value as it stands; a number with the language's mark of thousands; a part in its own words."""
    if _NUMBER.fullmatch(name):
        return value.replace(",", ".") if _THOUSANDS.fullmatch(value) else value
    for key in load("en", "problems")["part"].get(name, ()) if depth else ():
        rendered = _render(lang, "part", f"{name}.{key}", value, depth - 1)
        if rendered is not None:
            return rendered
    return value
