"""Answers outside the scale: what share is lost, by which codes, and what they may stand for.

A 6 beside a scale of five, or a 0, is mostly no slip: the form offered "not used", or a blank was stored as
a number. Whether it is "not applicable" only the office can say; it is asked with a line to paste.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.intake.ground.problems import LARGE, Problem
from pipeline.intake.values.answers import UNMATCHED, ItemReader
from pipeline.intake.values.proposed_values import block
from pipeline.survey.text import fold

#: A code that comes less often, in numbers and as a share of all answers, is a slip of the keyboard.
OFTEN, SHARE = 5, 0.01
#: At most so many codes, and items of each, are named; the audit table has all.
CODES, ITEMS = 5, 3
_WHOLE = re.compile(r"^([-+]?\d{1,6})(?:[.,]0+)?$")


def losses(
    rows: Iterable[dict[str, object]],
    readers: Mapping[str, ItemReader],
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Problem]:
    """Return what is said of answers that do not count, most of all those outside the scale.

    Parameters
    ----------
    rows : iterable of dict
        The audit of answers (see `audit.answer_texts`).
    readers : mapping
        How each item's answers are read.
    values : mapping, optional
        What the definition says already.

    Examples
    --------
    >>> row = {"how": "answer", "item": "U1", "unmatched": "stop"}
    >>> rows = [{**row, "text": "4", "reading": "score", "count": 60}]
    >>> rows += [{**row, "text": "6", "reading": "out-of-range", "count": 20}]
    >>> (found,) = losses(rows, {"U1": ItemReader("U1", 1, 5)})
    >>> found.what, found.loss
    ('20 of 80 answers (25 %) are outside the scale 1-5 and do not count: 6 (20 times, as in U1)', True)
    """
    scales: dict[tuple[int, int], dict[str, Counter[str]]] = {}
    total: Counter[tuple[int, int]] = Counter()
    left = everything = 0
    aside: Counter[str] = Counter()
    for row in rows:
        reader = readers.get(str(row["item"]))
        if row["how"] != "answer" or reader is None:
            continue
        scale, count = (reader.low, reader.high), int(str(row["count"]))
        total[scale] += count
        everything += count
        if row["reading"] == "out-of-range":
            scales.setdefault(scale, {}).setdefault(_code(str(row["text"])), Counter())[str(row["item"])] += (
                count
            )
        elif row["reading"] in UNMATCHED and row["unmatched"] == "missing":
            left += count
        elif row["reading"] in ("placeholder", "not-applicable") and "." in str(row["item"]):
            text = str(row["text"])
            aside[text] += count if text in reader.values or fold(text) in reader.values else 0
    problems = [_outside(scale, codes, total[scale], values or {}) for scale, codes in scales.items()]
    made = [problem for problem in problems if problem is not None]
    if left > LARGE * everything:
        made.append(
            Problem(
                f"{left} of {everything} answers ({_percent(left, everything)} %) are no options and do not count,"
                " as `unmatched:` says",
                "the texts are on the validation page: say what each means under `values:`", fatal=False, first=True,
            )
        )  # fmt: skip
    if aside.total() > LARGE * everything:
        named = ", ".join(f"{text} ({n} times)" for text, n in aside.most_common(CODES) if n)
        made.append(
            Problem(
                f"{aside.total()} of {everything} answers ({_percent(aside.total(), everything)} %) do not count, as"
                f" `values:` of their questionnaire says: {named}",
                "look at the form: take away from `values:` what is a step of the scale", fatal=False,
            )
        )  # fmt: skip
    return made


def _code(text: str) -> str:
    """Return a number as one text, however it was written; a text that is none as it stands."""
    match = _WHOLE.match(text.strip())
    return str(int(match[1])) if match else text.strip()


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _outside(
    scale: tuple[int, int],
    codes: Mapping[str, Counter[str]],
    total: int,
    values: Mapping[str, Mapping[str, str]],
) -> Problem | None:
    """Return what is said of the codes outside a scale, when they are more than slips."""
    counts = {code: sum(items.values()) for code, items in codes.items()}
    lost = sum(counts.values())
    often = {
        code: n for code, n in counts.items() if n >= OFTEN and n >= SHARE * total and _WHOLE.match(code)
    }
    if not often and lost <= LARGE * total:
        return None
    low, high = scale
    order = sorted(counts, key=lambda code: (-counts[code], code))
    named = ", ".join(f"{code} ({counts[code]} times, as in {_items(codes[code])})" for code in order[:CODES])
    rest = f"; and {len(order) - CODES} more" if len(order) > CODES else ""
    what = (
        f"{lost} of {total} answers ({_percent(lost, total)} %) are outside the scale {low}-{high} and do not count:"
        f" {named}{rest}"
    )
    hint = "look at them in the ledger: was the questionnaire on another scale?"
    if often:
        made = {name: dict(texts) for name, texts in values.items()}
        asked = {code: "missing" if int(code) <= 0 else "not-applicable" for code in order if code in often}
        made["answers"] = {**asked, **made.get("answers", {})}
        # Two whole sentences: each has its own in the other language.
        hint = (
            "do these codes mean that the question did not apply, or that nothing was chosen? This line in place of"
            f" `values:`, once it is right: {block(made)}"
            if values
            else "do these codes mean that the question did not apply, or that nothing was chosen? To paste, once it is"
            f" right: {block(made)}"
        )
    return Problem(what, hint, lost=lost, of=total, first=True)


def _items(counts: Counter[str]) -> str:
    """Return the items in which a code stands most."""
    first = ", ".join(item for item, _ in counts.most_common(ITEMS))
    return f"{first} and {len(counts) - ITEMS} others" if len(counts) > ITEMS else first
