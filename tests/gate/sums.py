"""Counts that add up: in sentences, in rows, in columns, in groups; and what can be counted in the answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.gate.claims import _pattern
from tests.gate.context import Context, Failure, load
from tests.gate.page import Passage
from tests.gate.values import numbers


@cache
def _sums() -> dict[str, Any]:
    return load("sums.yml")  # type: ignore[return-value]


def check(context: Context) -> Iterator[Failure]:
    """Counts of a page that do not add up."""
    for passage, why in (*_sentences(context), *_rows(context), *_columns(context), *_groups(context)):
        yield Failure("counts-do-not-add-up", f"{context.page.name}.{context.page.lang}", passage.text, why)


def _one(text: str, lang: str) -> float | None:
    found = numbers(text, lang)
    return found[0].value if len(found) == 1 else None


def _sentences(context: Context) -> Iterator[tuple[Passage, str]]:
    for passage in context.page.of("sentence", "alt", "note"):
        for pattern in _sums()["sentences"]:
            match = _pattern(pattern).search(passage.text)
            if match:
                total, *parts = (_one(g, context.page.lang) or 0 for g in match.groups())
                if total != sum(parts):
                    yield passage, f"{total:g} is not {' + '.join(f'{p:g}' for p in parts)}"


def _rows(context: Context) -> Iterator[tuple[Passage, str]]:
    for rule in _sums()["rows"]:
        for place in rule["places"]:
            for row in context.page.rows(place):
                if not _has(row, rule):
                    continue
                total = _one(row.cell(rule["total"]), context.page.lang)
                parts = [_one(c, context.page.lang) for p in rule["parts"] for c in _cells(row, p)]
                if total is not None and total != sum(p or 0 for p in parts):
                    yield row, f"{total:g} is not the sum of {parts}"


def _has(row: Passage, rule: dict) -> bool:
    return "heads" not in rule or any(re.fullmatch(rule["heads"], h) for h in row.heads)


def _cells(row: Passage, head: str) -> list[str]:
    return [c for h, c in zip(row.heads, row.cells) if re.fullmatch(head, h, re.I)]


def _columns(context: Context) -> Iterator[tuple[Passage, str]]:
    for rule in _sums()["columns"]:
        for place in rule["places"]:
            rows = [r for r in context.page.rows(place) if _has(r, rule)]
            last = next((r for r in rows if re.search(rule["last"], r.text)), None)
            body = [r for r in rows if r is not last]
            for column in range(1, len(last.cells) if last else 0):
                total = _one(last.cells[column], context.page.lang)
                parts = [_one(r.cells[column], context.page.lang) or 0 for r in body]
                if total is not None and total != sum(parts):
                    yield last, f"column {column}: {total:g} is not {sum(parts):g}"


def _groups(context: Context) -> Iterator[tuple[Passage, str]]:
    """Each characteristic of the respondents is answered, or left blank, by all of them."""
    for rule in _sums()["groups"]:
        for place in rule["places"]:
            caption = next((p for p in context.page.of("caption") if p.place == place), None)
            match = _pattern(rule["caption"]).search(caption.text) if caption else None
            total = _one(match.group(1), context.page.lang) if match else None
            sums: dict[str, float] = defaultdict(float)
            hidden: set[str] = set()
            for row in context.page.rows(place):
                count = _one(row.cell(rule["count"]), context.page.lang)
                hidden |= {row.label} if count is None else set()
                sums[row.label] += count or 0
            for label, count in sums.items():
                wrong = count > (total or 0) if label in hidden else count != total
                if total is not None and wrong:
                    yield caption, f"{label}: {count:g} of {total:g}"  # type: ignore[misc]
