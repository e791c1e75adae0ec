"""Whether the answers of a table are on the scale they are read by (R11); no row by itself tells another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.rows.typed_table import USED, TypedTable
from pipeline.intake.sheets.sumwords import listed

_FRACTION = re.compile(r"-?\d+[.,]\d*[1-9]\d*")
_WHOLE = re.compile(r"\d{1,3}(?:[.,]0+)?")
#: Fewer rows than this, however high their numbers, are slips or sums, never a scale.
ROWS = 3
#: The highest answer of scales that are in use; a scale up to 22 is a row of sums.
KNOWN = (5, 6, 7, 10, 100)


@dataclass(frozen=True)
class Above:
    """The numbers above the regulation's scale: the highest that counts, and in which rows it stands."""

    high: int = 0
    rows: tuple[int, ...] = ()

    @property
    def told(self) -> bool:
        """Whether enough rows tell a scale that is in use."""
        return len(self.rows) >= ROWS and self.high in range(5, 11)


def above(made: TypedTable, columns: Mapping[str, Coded], scale: int = 4) -> Above:
    """Return which numbers above a scale are more than slips, and the rows that hold them."""
    high = max((_highest(column) for column in columns.values()), default=0)
    if high <= scale:
        return Above(high)
    over = np.zeros(len(made), dtype=bool)
    for column in columns.values():
        flags = np.array([_number(str(v)) > scale for v in column.values], dtype=bool)
        over |= flags[column.codes]
    return Above(high, tuple(int(row) for row in made.rows[over & (made.state == USED)][:1000]))


def _number(text: str) -> int:
    plain = text.strip()
    return int(float(plain.replace(",", "."))) if _WHOLE.fullmatch(plain) else 0


def _highest(cells: Coded) -> int:
    numbers = [(_number(text), count) for text, count in cells.used().items()]
    numbers = [(number, count) for number, count in numbers if number]
    total = sum(n for _, n in numbers)
    # A slip of the keyboard is no scale: a number counts when one answer in fifty is that high.
    return max((v for v, _ in numbers if 50 * sum(n for w, n in numbers if w >= v) >= total), default=0)


def check_scale(made: TypedTable, item_columns: Mapping[str, Coded]) -> list[Problem]:
    """Refuse a file whose answers clearly use another scale than the one they are read by.

    Returns
    -------
    list of Problem
        What is doubtful of a declared scale.

    Raises
    ------
    Refused
        If the numbers are means, or beyond the scale.
    """
    high, low = made.items.high, made.items.low
    if made.items.declared_scale:
        return _declared(made, item_columns)
    read = over = top = parts = 0
    rows = np.zeros(len(made), dtype=bool)
    for column in item_columns.values():
        flags = np.zeros(len(column.values), dtype=bool)
        for place, (text, count) in enumerate(zip(column.values, column.present())):
            plain = text.strip()
            if not count or not plain:
                continue
            # Letters and texts are answers too: three slips among thousands are no other scale.
            read += int(count)
            parts += int(count) if _FRACTION.fullmatch(plain) else 0
            if (number := _number(plain)) > high:
                over += int(count)
                top = max(top, number)
                flags[place] = True
        if flags.any():
            rows |= flags[column.codes]
    if parts >= 3 and 2 * parts > read:
        raise Refused(
            f"holds means, not answers: {parts} of {read} numbers are fractions",
            "leave it out under `files:`, or name the sheet of answers under `sheet:`; published means"
            " belong under `published:`",
        )
    if over < 3 or 20 * over < read:
        return []
    strange = made.rows[rows]
    if len(strange) < ROWS:
        raise Refused(
            f"{listed([int(row) for row in strange])} alone: {over} numbers above {high} (up to {top}),"
            f" no other row has any",
            "if it holds sums or means, delete it; if it is a respondent, correct it",
            row=int(strange[0]),
        )
    hint = (
        f"if the questionnaire really used another scale, declare it: scale: {{min: 1, max: {top}}}"
        if top in KNOWN
        else "if these rows hold sums, delete them; if the questionnaire used another scale, declare it under `scale:`"
    )
    raise Refused(
        f"{over} of {read} answers are above {high} (up to {top}): this is not the scale"
        f" {low}-{high}, and multiplying by 25 would be wrong",
        hint,
        row=int(strange[0]),
    )


def _declared(made: TypedTable, columns: Mapping[str, Coded]) -> list[Problem]:
    """Refuse a declared scale that no questionnaire has and no answer comes near: it is that of a row of sums."""
    high, low = made.items.high, made.items.low
    top = max((_number(text) for column in columns.values() for text in column.used()), default=0)
    if high <= 4 or not 0 < top <= 5:
        return []
    if high not in KNOWN:
        raise Refused(
            f"`scale:` says {low}-{high}, but no answer is above {top}: a row of sums is no scale",
            "remove `scale:` (the regulation's is 1-4), or correct its highest answer",
        )
    if top > 4 or made.sums != high:
        return []
    return [
        Problem(
            f"no answer is above {top}, but `scale:` ends at {high}, the highest of the sums below the answers",
            "if the questionnaire used the regulation's scale 1-4, remove `scale:`",
            fatal=False,
        )
    ]
