"""Numbers as they are printed: Indonesian and English, with their decimals, and p-values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.gate.page import Passage

#: A number: grouped or plain, with decimals or without; not part of a word, a code or a version.
_ID = re.compile(r"(?<![\w.,/])([−±]?)(\d{1,3}(?:\.\d{3})+|\d+)(,\d+)?(?![\w/]|[.,]\d)(\s?%)?")
_EN = re.compile(r"(?<![\w.,/])([−±]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w/]|[.,]\d)(\s?%)?")
_P = {
    "id": re.compile(r"\bp(?: \([^)]*\))? ?([<=]|lebih kecil dari)? ?(\d[,.]\d+)"),
    "head": re.compile(r"^(?:nilai )?p(?:[ -]value)?(?: \([^)]*\))?$", re.I),
    "cell": re.compile(r"(<)? ?(\d[,.]\d+)"),
}


@dataclass(frozen=True)
class Number:
    """One printed number."""

    text: str
    value: float
    decimals: int
    percent: bool = False
    start: int = 0
    bound: str = ""  # "<" or ">" when only a limit is printed

    @property
    def half(self) -> float:
        """Half of the last printed place: how far the exact value may lie away."""
        return 0.5 * 10.0**-self.decimals


def numbers(text: str, lang: str) -> list[Number]:
    """Every number of a text."""
    group, point = (".", ",") if lang == "id" else (",", ".")
    out = []
    for match in (_ID if lang == "id" else _EN).finditer(text):
        sign, whole, part, percent = match.groups()
        value = float(whole.replace(group, "") + (part or "").replace(point, "."))
        value = -value if sign == "−" else value
        decimals = len(part) - 1 if part else 0
        before = text[: match.start()].rstrip()[-1:]
        bound = before if before in ("<", ">") else ""
        out.append(Number(match.group(0), value, decimals, bool(percent), match.start(), bound))
    return out


def p_values(passage: Passage) -> list[float]:
    """The p-values printed in a sentence, or in the columns of a row that are headed p."""
    found = []
    if passage.kind == "row":
        for head, cell in zip(passage.heads, passage.cells):
            match = _P["cell"].fullmatch(cell) if _P["head"].match(head) else None
            if match:
                found.append(float(match.group(2).replace(",", ".")) - (1e-9 if match.group(1) else 0))
        return found
    for sign, digits in _P["id"].findall(passage.text):
        found.append(float(digits.replace(",", ".")) - (1e-9 if sign == "<" else 0))
    return found
