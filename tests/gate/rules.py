"""Forbidden pairs and required companions, read from rules.yml and held against every passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.gate.context import Context, Failure, load
from tests.gate.page import Passage
from tests.gate.values import p_values

#: Kinds of passages a rule looks at unless it says which.
SAID = ("head", "fact", "sentence", "row", "alt", "note", "bullet", "caption", "title", "reading")


@cache
def rules() -> tuple[dict[str, Any], ...]:
    """The rules, in the order of the file."""
    return tuple(load("rules.yml"))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.I)


def _found(patterns: list[str] | str, text: str) -> bool:
    wanted = [patterns] if isinstance(patterns, str) else patterns
    return any(_pattern(p).search(text) for p in wanted)


def check(context: Context) -> Iterator[Failure]:
    """Every rule of the file that a page breaks."""
    for rule in rules():
        if _applies(rule, context):
            yield from broken(rule, context)


def _applies(rule: dict[str, Any], context: Context) -> bool:
    pages = rule.get("pages", ["unit", "overview", "portal", "stage"])
    return context.page.kind in pages and all(context.holds(c) for c in rule.get("if", []))


def broken(rule: dict[str, Any], context: Context) -> Iterator[Failure]:
    """Failures of one rule on one page."""
    page = context.page
    where = f"{page.name}.{page.lang}"
    passages = _looked_at(rule, context)
    if "needs" in rule and "match" not in rule:
        if not any(_found(rule["needs"], p.text) for p in passages):
            yield Failure(rule["name"], where, rule["says"], "nothing of the kind is said")
        return
    hits = [p for p in passages if _hit(rule, p)]
    if len(hits) <= rule.get("at_most", 0):
        return
    if "with" in rule and not any(_found(rule["with"], p.text) for p in page.passages):
        return
    if "with_place" in rule and not any(p.place in rule["with_place"] for p in page.passages):
        return
    for passage in hits:
        if "needs" in rule and _found(rule["needs"], passage.paragraph or passage.text):
            continue
        yield Failure(rule["name"], where, passage.text, rule["says"])


def _looked_at(rule: dict[str, Any], context: Context) -> list[Passage]:
    kinds = rule.get("kinds", SAID)
    passages = context.page.front if rule.get("where") == "front" else context.page.passages
    places = rule.get("places")
    return [p for p in passages if p.kind in kinds and (not places or p.place in places)]


def _hit(rule: dict[str, Any], passage: Passage) -> bool:
    wanted = rule.get("match", [])
    text = passage.said
    if rule.get("heads"):
        text = " | ".join((*passage.heads, text))
    if not all(_pattern(p).search(text) for p in wanted):
        return False
    if "p_below" in rule and not any(p < rule["p_below"] for p in p_values(passage)):
        return False
    return not ("but" in rule and _found(rule["but"], passage.paragraph + " " + passage.text))
