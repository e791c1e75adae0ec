"""Verdict words held against the rows that must carry them, and claims of order against the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd
from scipy import stats

from tests.gate.context import Context, Failure, load
from tests.gate.page import Passage

SPOKEN = ("head", "fact", "sentence", "row", "alt", "bullet", "caption")
_LOWER = re.compile(r"(?:jelas|nyata) lebih rendah daripada (.+)|clearly lower than (.+)")
#: Where the named unsur end: what is excepted, what it deserves, what cannot be told apart.
_ENDS = re.compile(
    r"kecuali|dan layak|;|\. |except|and deserves|of the \d+|dari \d+|belum dapat|cannot be told"
)
_CLASS = re.compile(
    r"(?:\d+|semua|seluruh)? ?unsur lain|(?:\d+|all|the|all the)? ?other elements?|all elements|the others"
)


@cache
def _words() -> tuple[dict[str, Any], ...]:
    return tuple(
        {**e, "pattern": re.compile(e["match"]), "but": re.compile(e.get("but", "(?!)"))}
        for e in load("words.yml")
    )


def check(context: Context) -> Iterator[Failure]:
    """Verdict words of a page without the row that carries them."""
    carried: dict[tuple[str, int], bool] = {}
    for passage in context.page.of(*SPOKEN):
        unit = _unit(context, passage)
        if not unit:
            continue
        for place, word in enumerate(_words()):
            if word["pattern"].search(passage.said) and not word["but"].search(passage.said):
                if (unit, place) not in carried:
                    carried[unit, place] = any(_exists(context, unit, row) for row in word["rows"])
                if not carried[unit, place]:
                    where = f"{context.page.name}.{context.page.lang}"
                    yield Failure(
                        "verdict-word-without-its-row", where, passage.text, f"{word['word']} of {unit}"
                    )
    yield from _lower(context)


def _unit(context: Context, passage: Passage) -> str:
    if passage.kind == "row":
        named = context.facts.names.get(passage.label, "")
        return named or (context.unit if context.page.kind == "unit" else "")
    return context.unit


def _exists(context: Context, unit: str, row: dict[str, str]) -> bool:
    return len(context.facts.rows(unit=unit, **row)) > 0


def _lower(context: Context) -> Iterator[Failure]:
    """*Clearly lower than X* holds only of pairs whose own paired test says so."""
    if context.page.kind != "unit" or context.n < 5:
        return
    names = _items(context)
    for passage in context.page.of("fact", "sentence", "row", "bullet", "caption"):
        match = _LOWER.search(passage.said)
        if not match:
            continue
        before, after = passage.said[: match.start()].lower(), (match.group(1) or match.group(2)).lower()
        own, others = _named(names, before), _named(names, after[: _end(after)])
        if _CLASS.match(after):
            excepted = _named(names, after[_end(after) :])
            left_out = (
                context.facts.states_fact if re.search(r"bukan fakta|no fact|not facts", after) else set()
            )
            others = [c for c in names.values() if c not in {*own, *excepted, *left_out}]
            if re.match(r"\d", after):
                others = [
                    c for c in re.findall(r"\bU\d+\b", passage.said[match.start() :]) if c in context.answers
                ]
        for other in others:
            if own and other != own[-1] and not clearly(context.answers, own[-1], other):
                where = f"{context.page.name}.{context.page.lang}"
                yield Failure(
                    "clearly-lower-without-its-test", where, passage.text, f"{own[-1]} against {other}"
                )


def _named(names: dict[str, str], text: str) -> list[str]:
    """Unsur named in a text, the longest names first."""
    out = []
    for name, code in names.items():
        if re.search(rf"\b{re.escape(name)}\b", text):
            out.append(code)
            text = re.sub(rf"\b{re.escape(name)}\b", " ", text)
    return out


def _end(text: str) -> int:
    match = _ENDS.search(text)
    return match.start() if match else len(text)


def _items(context: Context) -> dict[str, str]:
    """Names of the unsur as the page's own table gives them, and their codes."""
    out: dict[str, str] = {}
    for row in context.page.rows("unsur"):
        if len(row.cells) > 1 and row.cells[0] in context.answers:
            out.setdefault(row.cells[1].lower(), row.cells[0])
    return dict(sorted(out.items(), key=lambda p: -len(p[0])))


def clearly(answers: pd.DataFrame, low: str, high: str) -> bool:
    """Whether the same respondents rate one unsur lower than another at 5 percent, unadjusted (necessary)."""
    pair = answers[[low, high]].dropna().astype(float)
    gap = pair[high] - pair[low]
    if gap.mean() <= 0:
        return False
    if gap.std() == 0:
        return True
    return bool(stats.ttest_1samp(gap, 0).pvalue < 0.05)
