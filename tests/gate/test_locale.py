"""No sentence of the locale is one that a rule forbids wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gate.rules import rules

LOCALE = Path(__file__).parents[2] / "pipeline" / "words" / "locale"
#: Rules of words alone: nothing about the unit, the table or another sentence excuses or is needed.
ALWAYS = [
    r
    for r in rules()
    if r.get("match") and not {"if", "p_below", "with_place", "needs", "where", "at_most"} & set(r)
]


def sentences(content: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from sentences(value, f"{path}.{key}")
    elif isinstance(content, str):
        yield path, content.replace("*", "")


@pytest.mark.parametrize("rule", ALWAYS, ids=lambda r: r["name"])
def test_no_sentence_of_the_locale_is_forbidden_everywhere(rule):
    found = []
    for file in sorted(LOCALE.rglob("*.yml")):
        for path, text in sentences(
            yaml.safe_load(file.read_text(encoding="utf-8")), f"{file.parent.name}/{file.stem}"
        ):
            forbidden = all(re.search(p, text, re.I) for p in rule["match"])
            if forbidden and not any(re.search(p, text, re.I) for p in rule.get("but", [])):
                found.append(f"{path}: {text}")
    assert not found, "\n".join(found)
