"""Typing errors and accidents, put into raw tables on purpose and counted.

Every kind says which ledger reasons the pipeline is expected to give for it, so that a
test can ask of each: was it found, and how often. A cell carries at most one error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Any

import numpy as np

from pipeline.demo import city, people, wording
from pipeline.demo.layouts import NOT_APPLICABLE
from pipeline.demo.model import stream
from pipeline.demo.sheets import Sheet

Apply = Callable[[Sheet, np.random.Generator], int]


@dataclass(frozen=True)
class Kind:
    """One kind of dirt, and the ledger reasons it leads to (none: it is read as meant)."""

    name: str
    apply: Apply
    reasons: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {}

#: What respondents and offices do (see ``records``), where the ledger is to notice it.
BEHAVIOUR = {
    "blank-answer": ("incomplete",),
    "no-answers": ("all-blank", "no-answers"),
    "not-applicable": ("not-applicable",),
}


def _kind(name: str, *reasons: str) -> Callable[[Apply], Apply]:
    def register(apply: Apply) -> Apply:
        KINDS[name] = Kind(name, apply, reasons)
        return apply

    return register


def _cells(
    sheet: Sheet, rng: np.random.Generator, columns: Iterable[int], count: int, fits: Callable[[Any], bool]
) -> list[tuple[int, int]]:
    # ``count`` untouched cells of the columns whose value fits, marked as touched.
    columns = list(columns)
    if not columns or not sheet.rows or count < 1:
        return []
    chosen: list[tuple[int, int]] = []
    for attempt in range(60 * count):
        if attempt == 600 and not chosen:
            break  # the table holds nothing of this kind
        place = (int(rng.integers(len(sheet.rows))), columns[int(rng.integers(len(columns)))])
        if place not in sheet.touched and fits(sheet.rows[place[0]][place[1]]):
            sheet.touched.add(place)
            chosen.append(place)
            if len(chosen) == count:
                break
    return chosen


def _some(sheet: Sheet, share: float, least: int = 1, most: int = 400) -> int:
    # Small tables get no dirt of a kind rather than a large share of it.
    return min(max(round(share * len(sheet.rows)), least), most) if len(sheet.rows) >= 30 else 0


def _change(
    sheet: Sheet, rng: np.random.Generator, columns: Iterable[int], count: int,
    fits: Callable[[Any], bool], new: Callable[[Any, int], Any],
) -> int:  # fmt: skip
    places = _cells(sheet, rng, columns, count, fits)
    for number, (row, column) in enumerate(places):
        sheet.rows[row][column] = new(sheet.rows[row][column], number)
    return len(places)


def _answers(sheet: Sheet) -> list[int]:
    return sheet.items() or ([sheet.roles.index("answer")] if "answer" in sheet.roles else [])


def _is_option(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 3 and value != NOT_APPLICABLE


def _is_score(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value <= 4


def _is_letter(value: Any) -> bool:
    return isinstance(value, str) and value in ("a", "b", "c", "d")


@_kind("option-case")
def _case(sheet: Sheet, rng: np.random.Generator) -> int:
    ways = (str.upper, str.lower, str.title)
    return _change(
        sheet, rng, _answers(sheet), _some(sheet, 0.04), _is_option, lambda v, i: ways[i % 3](v)
    )  # fmt: skip


@_kind("option-blank")
def _blank(sheet: Sheet, rng: np.random.Generator) -> int:
    ways = (lambda v: v + " ", lambda v: "  " + v, lambda v: v.replace(" ", "  "), lambda v: v + "\u00a0")
    return _change(
        sheet, rng, _answers(sheet), _some(sheet, 0.03), _is_option, lambda v, i: ways[i % 4](v)
    )  # fmt: skip


_TYPOS = {
    "Sangat sesuai": "Sangat sesusai", "Sesuai": "Sesuia", "Sangat mudah": "Sangat mudha", "Mudah": "Mudha",
    "Sangat cepat": "Sangat ceppat", "Kurang cepat": "Kurang cepatt", "Sangat kompeten": "Sangat kompetan",
    "Sopan dan ramah": "Sopan dan ramh", "Sangat sopan dan ramah": "Sangat sopan dan rmah",
    "Dikelola dengan baik": "Dikelola degan baik",
    "Berfungsi kurang maksimal": "Berfungsi kurang maximal",
}  # fmt: skip


#: Typos the office has met before; survey.yml says what they mean.
LISTED_TYPOS = {"U9": ("Sangat baik", "Sangat biak", 4), "U4": ("Gratis", "Gratiss", 4)}


@_kind("option-typo-listed")
def _listed_typo(sheet: Sheet, rng: np.random.Generator) -> int:
    done = 0
    for item, (right, typo, _) in LISTED_TYPOS.items():
        column = sheet.column(item)
        columns = [] if column is None else [column]
        count = _some(sheet, 0.002, 1, 12)
        for row, at in _cells(sheet, rng, columns, count, partial(eq, right)):
            sheet.rows[row][at] = typo
            done += 1
    return done


@_kind("option-typo", "misspelt-answer")
def _typo(sheet: Sheet, rng: np.random.Generator) -> int:
    return _change(
        sheet, rng, sheet.items(), _some(sheet, 0.01), lambda v: v in _TYPOS, lambda v, i: _TYPOS[v]
    )  # fmt: skip


@_kind("option-mixture")
def _mixture(sheet: Sheet, rng: np.random.Generator) -> int:
    options = wording.options()
    done = 0
    if sheet.style != "text":
        return 0
    for number, (row, column) in enumerate(_cells(sheet, rng, sheet.items(), _some(sheet, 0.02), _is_option)):
        texts = options[sheet.roles[column]]
        value = sheet.rows[row][column]
        score = next((s for s, text in texts.items() if text == value), None)
        if score is None:
            continue
        letter = "abcd"[score - 1]
        sheet.rows[row][column] = f"{letter}. {value}" if number % 2 else f"{letter}. {value}, {score}"
        done += 1
    return done


@_kind("option-unknown", "unreadable-answer")
def _unknown_option(sheet: Sheet, rng: np.random.Generator) -> int:
    words = ("Tidak tahu", "??", "Biasa saja ah", "Terserah")
    return _change(
        sheet, rng, sheet.items(), _some(sheet, 0.002, most=8), _is_option, lambda v, i: words[i % 4]
    )  # fmt: skip


@_kind("out-of-range", "out-of-range")
def _out_of_range(sheet: Sheet, rng: np.random.Generator) -> int:
    wrong = (0, 5, 34, 33, 6, -3)
    return _change(
        sheet, rng, sheet.items(), _some(sheet, 0.006, 1, 40), _is_score, lambda v, i: wrong[i % 6]
    )  # fmt: skip


@_kind("letter-variant")
def _letters(sheet: Sheet, rng: np.random.Generator) -> int:
    ways = (str.upper, lambda v: v + ".", lambda v: " " + v)
    return _change(
        sheet, rng, _answers(sheet), _some(sheet, 0.004), _is_letter, lambda v, i: ways[i % 3](v)
    )  # fmt: skip


@_kind("letter-unknown", "out-of-range", "placeholder", "unreadable-answer")
def _letter_unknown(sheet: Sheet, rng: np.random.Generator) -> int:
    wrong = ("e", "x", "cd")
    return _change(
        sheet, rng, _answers(sheet), _some(sheet, 0.0006, 1, 12), _is_letter, lambda v, i: wrong[i % 3]
    )  # fmt: skip


@_kind("age-impossible", "impossible-age")
def _age(sheet: Sheet, rng: np.random.Generator) -> int:
    wrong = (217, 0, 2, 999, -35, 1987)
    column = sheet.column("age")
    columns = [] if column is None else [column]
    return _change(
        sheet, rng, columns, _some(sheet, 0.003, 1, 12), lambda v: isinstance(v, int), lambda v, i: wrong[i % 6]
    )  # fmt: skip


@_kind("date-impossible", "impossible-date", "unreadable-date", "after-extraction")
def _date(sheet: Sheet, rng: np.random.Generator) -> int:
    wrong = ("0000-00-00", f"31/02/{sheet.year}", "2087-08-15", "bulan lalu")
    column = sheet.column("answered_at")
    columns = [] if column is None else [column]
    return _change(
        sheet, rng, columns, _some(sheet, 0.002, 1, 10), lambda v: v is not None, lambda v, i: wrong[i % 4]
    )  # fmt: skip


def _is_long_name(value: Any) -> bool:
    return isinstance(value, str) and " " in value and len(value) > 12 and value[7].isalpha()


@_kind("unit-misspelt", "unknown-unit")
def _misspelt(sheet: Sheet, rng: np.random.Generator) -> int:
    # One letter too few, deep in the name: close enough to be recognised, never another unit.
    column = sheet.column("unit")
    columns = [] if column is None else [column]
    return _change(
        sheet, rng, columns, _some(sheet, 0.002, 1, 8), _is_long_name,
        lambda v, i: v[:7] + v[8:],
    )  # fmt: skip


@_kind("unit-alias")
def _alias(sheet: Sheet, rng: np.random.Generator) -> int:
    first = {u.name: u.aliases[0] for u in city.CATALOGUE if u.aliases}
    column = sheet.column("unit")
    columns = [] if column is None else [column]
    return _change(
        sheet, rng, columns, _some(sheet, 0.01, 1, 60), lambda v: v in first, lambda v, i: first[v].upper()
    )  # fmt: skip


@_kind("unit-unlisted", "unknown-unit")
def _unlisted(sheet: Sheet, rng: np.random.Generator) -> int:
    column = sheet.column("unit")
    columns = [] if column is None else [column]
    places = _cells(sheet, rng, columns, _some(sheet, 0.001, 2, 6), lambda v: isinstance(v, str))
    for row, at in places:
        sheet.rows[row][at] = "Balai Pembibitan Awan"
        sheet.owners[row] = ""
    return len(places)


def _write_suggestions(sheet: Sheet, rng: np.random.Generator, texts: Iterable[str]) -> int:
    column = sheet.column("suggestion")
    if column is None or len(sheet.rows) < 30:
        return 0
    texts = [t for t in texts if sheet.encoding != "cp1252" or t.isascii()]
    return _change(sheet, rng, [column], len(texts), lambda v: True, lambda v, i: texts[i])


@_kind("suggestion-identity", "masked-identity")
def _contact(sheet: Sheet, rng: np.random.Generator) -> int:
    texts = (
        "Tolong hubungi saya di 081000009999, terima kasih",
        "Jawab ke warga0001@contoh.invalid ya",
        "NIK saya 9999990000009999 salah ketik",
    )
    return _write_suggestions(sheet, rng, texts)


@_kind("suggestion-difficult")
def _difficult(sheet: Sheet, rng: np.random.Generator) -> int:
    return _write_suggestions(sheet, rng, [t for texts in people.DIFFICULT.values() for t in texts])


def _insert(sheet: Sheet, at: int, row: list[Any], owner: str) -> None:
    sheet.rows.insert(at, row)
    sheet.owners.insert(at, owner)


def _pasted(sheet: Sheet, rng: np.random.Generator, many: int) -> int:
    """So many rows stand twice, the second below the first."""
    places = sorted(rng.choice(len(sheet.rows), many, replace=False), reverse=True)
    for place in map(int, places):
        _insert(sheet, place + 1, list(sheet.rows[place]), sheet.owners[place])
    return len(places)


@_kind("duplicate-row", "duplicate-row", "duplicate-respondent")
def _duplicates(sheet: Sheet, rng: np.random.Generator) -> int:
    # The same questionnaire pasted twice: every cell equal, its own number too.
    if "respondent" not in sheet.roles or "answer" in sheet.roles:
        return 0
    return _pasted(sheet, rng, _some(sheet, 0.004, 1, 12))


@_kind("duplicate-answer", "duplicate-answer")
def _double_answer(sheet: Sheet, rng: np.random.Generator) -> int:
    if "answer" not in sheet.roles:
        return 0
    return _pasted(sheet, rng, _some(sheet, 0.0008, 2, 20))


@_kind("conflicting-answer", "conflicting-answers")
def _conflict(sheet: Sheet, rng: np.random.Generator) -> int:
    if "answer" not in sheet.roles:
        return 0
    at = sheet.roles.index("answer")
    free = [i for i, row in enumerate(sheet.rows) if _is_letter(row[at]) and (i, at) not in sheet.touched]
    places = sorted(rng.choice(free, _some(sheet, 0.0002, 1, 4), replace=False), reverse=True)
    for place in map(int, places):
        row = list(sheet.rows[place])
        row[at] = "a" if row[at] != "a" else "d"
        _insert(sheet, place + 1, row, sheet.owners[place])
    return len(places)


@_kind("orphan-answers", "orphan-answer")
def _orphans(sheet: Sheet, rng: np.random.Generator) -> int:
    # Answers whose respondent was deleted from the other table.
    if "answer" not in sheet.roles or len(sheet.rows) < 30:
        return 0
    # Few enough in a small table, too: a twentieth of all answers would be a wrong join, not dirt.
    people = min(3, 1 + len(sheet.rows) // 600)
    for number in range(1, people + 1):
        for item in range(1, 10):
            sheet.rows.append([f"KS9{number:04d}", f"U{item}", "c"])
            sheet.owners.append("")
    return 9 * people


@_kind("blank-row")
def _blank_rows(sheet: Sheet, rng: np.random.Generator) -> int:
    if "answer" in sheet.roles:
        return 0
    count = _some(sheet, 0.002, 1, 6)
    for _ in range(count):
        _insert(sheet, int(rng.integers(1, len(sheet.rows) + 1)), [None] * len(sheet.roles), "")
    return count


def soil(sheet: Sheet, seed: int) -> dict[str, int]:
    """Put every kind of dirt that fits into a table; return how often each was put in.

    Cell errors come first and row errors last, so that a pasted row repeats its errors.

    Examples
    --------
    >>> rows = [["Sesuai"] for _ in range(100)]
    >>> done = soil(Sheet("a.csv", ["U1"], ["U1"], rows, ["x"] * 100, "text", 2025), 1)
    >>> done["option-case"], done["option-typo"], done["blank-row"]
    (4, 1, 1)
    """
    done = {}
    for kind in KINDS.values():
        rng = stream(seed, "dirt", sheet.year, sheet.path, sheet.name, kind.name)
        count = kind.apply(sheet, rng)
        if count:
            done[kind.name] = count
    return done
