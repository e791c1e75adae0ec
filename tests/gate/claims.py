"""Statements about one thing, taken from every page and table, must agree with each other and with the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.gate.context import Context, Facts, Failure, load
from tests.gate.page import Passage
from tests.gate.values import numbers

_N = r"\d[\d.,]*\d|\d"
#: Words that say one thing in two languages, or in a longer and a shorter form.
SAME = {"kokoh": "firm", "condong": "leaning", "di perbatasan": "border", "on the border": "border",
        "naik": "up", "turun": "down", "tetap": "unchanged", "belum dapat dipastikan": "cannot-tell",
        "cannot tell": "cannot-tell", "semua menjawab sama": "same", "all answered the same": "same",
        "pasti": "certain"}  # fmt: skip

Value = tuple[Any, ...]


@dataclass(frozen=True)
class Claim:
    """One statement: what it is about, its value, and where it stands."""

    quantity: str
    subject: str
    value: Value
    decimals: int
    page: str
    text: str


@cache
def _entries() -> tuple[list[dict], list[dict]]:
    entries = load("claims.yml")
    return [e for e in entries if "quantity" in e], [e for e in entries if "truth" in e]


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern in which N stands for a number."""
    return re.compile(re.sub(r"(?<![\w\\])N(?!\w)", lambda _: f"(?:{_N})", text))


def value_of(text: str, lang: str) -> tuple[Value, int] | None:
    """The numbers of a statement and their decimals, else its word; None when it says nothing."""
    found = numbers(text, lang)
    if found and not re.fullmatch(r"[A-DU]\d*|.*[a-z]{4}.*\(.*", text):
        return tuple(n.value for n in found), max(n.decimals for n in found)
    word = re.sub(r"\s*\(.*", "", text).strip(" ·").lower()
    return ((SAME.get(word, word),), 0) if word and word not in ("–", "x") else None


def claims(context: Context) -> Iterator[Claim]:
    """Every statement of a page that another page or table also makes."""
    page = context.page
    for entry in _entries()[0]:
        if page.kind not in entry["pages"]:
            continue
        for passage in page.passages:
            if passage.kind in entry["kinds"] and _fits(entry, passage):
                subject = _subject(entry, passage, context)
                if subject:
                    yield from _made(entry, passage, context, subject)


def _fits(entry: dict, passage: Passage) -> bool:
    if entry.get("places") and passage.place not in entry["places"]:
        return False
    if entry.get("but") and re.search(entry["but"], passage.text):
        return False
    return not entry.get("row") or bool(re.search(entry["row"], passage.text))


def _subject(entry: dict, passage: Passage, context: Context) -> str:
    kind = entry["subject"]
    if kind == "unit":
        return context.unit
    if kind == "row":
        name = re.split(r"\s(?=\d)| · ", passage.label)[0]
        return context.facts.names.get(passage.label) or context.facts.names.get(name, "")
    return kind


def _made(entry: dict, passage: Passage, context: Context, subject: str) -> Iterator[Claim]:
    lang, where = context.page.lang, f"{context.page.name}.{context.page.lang}"
    said: list[tuple[str, str]] = []
    if "columns" in entry:
        for head, quantity in entry["columns"].items():
            text = passage.cell(head)
            if quantity.endswith(" first"):
                quantity, text = quantity[:-6], text.split(" ")[0]
            said.append((quantity, text))
    else:
        match = _pattern(entry["match"]).search(passage.text)
        if match:
            groups = [g for g in match.groups() if g]
            said.append(
                (entry["quantity"], " ".join(reversed(groups) if entry.get("as") == "swapped" else groups))
            )
    for quantity, text in said:
        found = value_of(text, lang) if text else None
        if found:
            value, decimals = found
            if entry.get("as") == "absolute" or quantity == "change":
                value = tuple(abs(v) if isinstance(v, float) else v for v in value)
            yield Claim(quantity, subject, value, decimals, where, passage.text)


def agree(made: list[Claim]) -> Iterator[Failure]:
    """Statements about one thing that differ: the fewest first."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in made:
        groups[claim.quantity, claim.subject].append(claim)
    for (quantity, subject), group in sorted(groups.items()):
        finest = max(group, key=lambda c: c.decimals)
        for claim in group:
            if not _same(claim, finest):
                why = f"{quantity} of {subject}: {claim.value} here, {finest.value} in {finest.page}"
                yield Failure("two-statements-about-one-thing", claim.page, claim.text, why)
                break


def _same(one: Claim, other: Claim) -> bool:
    if len(one.value) != len(other.value):
        return False
    near = 0.5 * 10.0**-one.decimals + 0.5 * 10.0**-other.decimals if one.decimals != other.decimals else 0.0
    return all(
        abs(a - b) <= near + 1e-9 if isinstance(a, float) and isinstance(b, float) else a == b
        for a, b in zip(one.value, other.value)
    )


def true(made: list[Claim], facts: Facts) -> Iterator[Failure]:
    """Statements that the result tables do not carry."""
    tables: dict[str, dict[str, list[Value]]] = {}
    for entry in _entries()[1]:
        wanted = {k: v for k, v in entry.items() if k in ("statistic", "method", "module")}
        rows = facts.rows(scope="unit", **wanted)
        rows = rows[(rows["item"] == "") & (rows["service"] == "")]
        table = tables.setdefault(entry["truth"], {})
        for row in rows.to_dict("records"):
            said = tuple(str(row[c]).lower() if c == "text" else float(row[c]) for c in entry["columns"])
            table.setdefault(row["unit"], []).append(said)
    for claim in made:
        if claim.quantity not in tables or claim.subject == "city":
            continue
        expected = tables[claim.quantity].get(claim.subject, [])
        if not any(_carried(claim, one) for one in expected):
            yield Failure("statement-without-its-row", claim.page, claim.text,
                          f"{claim.quantity} of {claim.subject}: {claim.value}, table {expected}")  # fmt: skip


def _carried(claim: Claim, expected: Value) -> bool:
    half = 0.5 * 10.0**-claim.decimals + 1e-7
    if len(claim.value) != len(expected):
        return False
    return all(
        min(abs(a - b), abs(a - min(max(b, 25.0), 100.0))) <= half if isinstance(a, float) else a == b
        for a, b in zip(claim.value, expected)
    )
