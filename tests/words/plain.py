"""Words that no office says, and other spellings of one thing, read from the data beside the locale files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

_PLACE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Entry:
    """One word that is not said, with what is said instead."""

    kind: str  # jargon | spelling
    pattern: re.Pattern[str]
    say: str
    #: Locale files that are spared.
    files: tuple[str, ...] = ()


@cache
def entries(lang: str) -> tuple[Entry, ...]:
    """All entries of a language."""
    path = resources.files("pipeline.words") / "locale" / "plain.yml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))[lang]
    return tuple(
        Entry(kind, re.compile(e["not"], re.IGNORECASE), e["say"], tuple(e.get("files", ())))
        for kind, listed in data.items()
        for e in listed
    )


def found(text: str, lang: str, file: str = "") -> Iterator[tuple[str, str]]:
    """Words of a text that are not said, each with what is said instead; names of placeholders are no words."""
    text = _PLACE.sub("{x}", text)
    for entry in entries(lang):
        if file not in entry.files or not file:
            for match in entry.pattern.finditer(text):
                yield match.group(0), entry.say
