"""Who wrote a suggestion, counted again from the answers and from the list that is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.gate.context import Context, Failure
from tests.gate.pool import Pool
from tests.gate.values import numbers

SECTION = re.compile(r"saran|suggest")
_WROTE = re.compile(r"^([\d.,]+)(?: (?:dari|of) [\d.,]+)? (?:responden|respondents?) (?:menulis|wrote)")
_HOLD = re.compile(r"([\d.,]+) (?:berisi saran|holds? a suggestion)")
_TIMES = re.compile(r"\(×([\d.,]+)\)$")


def wrote(context: Context) -> int | None:
    """Respondents of the unit who left something in the field of suggestions."""
    frame = context.facts.by_unit.get(context.unit)
    if frame is None or "suggestion" not in frame:
        return None
    return int(frame["suggestion"].astype("string").fillna("").str.strip().ne("").sum())


def printed(context: Context) -> list[int]:
    """How often each printed suggestion was written."""
    lang = context.page.lang
    rows = [p for p in context.page.of("bullet") if SECTION.search(p.section) and p.text[:1] in "“\"'"]
    found = [_TIMES.search(p.text) for p in rows]
    return [int(numbers(m.group(1), lang)[0].value) if m else 1 for m in found]


def pool(context: Context) -> Pool:
    """The numbers a section of suggestions may hold."""
    people, times = wrote(context) or 0, printed(context)
    return Pool([people, sum(times), people - sum(times), len(times), context.n, len(context.answers), 2])


def check(context: Context) -> Iterator[Failure]:
    """Counts of those who wrote that are none of people."""
    people, times = wrote(context), printed(context)
    if people is None:
        return
    for passage in context.page.of("sentence"):
        for pattern, expected in ((_WROTE, people), (_HOLD, sum(times) if times else None)):
            match = pattern.search(passage.text)
            if (
                match
                and expected is not None
                and numbers(match.group(1), context.page.lang)[0].value != expected
            ):
                yield Failure("suggestions-counted-by-text", f"{context.page.name}.{context.page.lang}", passage.text,
                              f"{expected} respondents")  # fmt: skip
