"""From the answers to the letter in formulas: what lets a reader of the workbook compute everything again.

Two sheets: the answers of every questionnaire, as the annex of the report prints them (`standings.annex`), and
the regulation's computation on them: sum, answered, NRR, weight, weighted NRR, index, letter. The value kept in
each formula is the one of the result tables; a formula stands only where it gives the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline import results, rules
from pipeline.office.city import Results
from pipeline.office.sheets import Formula, Head, Sheet, sheet_name
from pipeline.results import Row
from pipeline.results.matching import ANSWERS_FILE
from pipeline.results.matching import answers as answers_of
from pipeline.standings import annex
from pipeline.words import Words

#: Digits of a hundredth at which a half is taken for one: coarser than a double's error, finer than any answers.
HALF = 8


@dataclass(frozen=True)
class Line:
    """One unsur of the computation."""

    item: str
    name: str
    total: int
    filled: int
    nrr: float
    weight: Fraction


@dataclass(frozen=True)
class Recomputed:
    """What stands on the two sheets, and where other sheets find it.

    Attributes
    ----------
    lines : list of Line
        Unsur whose NRR follows from the rows.
    body, counts : list
        Rows of answers, and how many gave each where equal ones stand once.
    index : Row or None
        The unit's index where it follows from the lines, else None.
    exact : Fraction
        The index by whole numbers.
    letter : str
        Its letter; empty on another scale.
    why : str
        Key of the sentence why rows or index are left out; empty where nothing is.
    """

    lines: list[Line] = field(default_factory=list)
    body: list[tuple[str, ...]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    index: Row | None = None
    exact: Fraction = Fraction(0)
    letter: str = ""
    why: str = ""

    @property
    def cells(self) -> Mapping[str, str]:
        """Cells of the sheet of the computation: NRR and number of an item, ``index`` and ``letter``."""
        found = {f"n.{line.item}": f"D{at}" for at, line in enumerate(self.lines, 2)}
        found |= {f"nrr.{line.item}": f"E{at}" for at, line in enumerate(self.lines, 2)}
        if self.index is not None:
            end = len(self.lines) + 2
            found |= {"index": f"G{end + 1}"} | ({"letter": f"G{end + 3}"} if self.letter else {})
        return found


def recomputed(found: Results, unit_id: str, n_valid: int, lang: str) -> Recomputed:
    """Decide which rows may be given of a unit, and what follows from them.

    Nothing where the annex of the report has no rows: ``annex: false``, fewer than ten valid answers, or answers
    that are all alike. An unsur that is not shown has no column, and then the index does not follow from the rest.
    """
    if not annex.allowed(found.survey.definition.annex, n_valid):
        return Recomputed(why="not_public" if n_valid >= annex.LEAST else "few")
    index = results.pick(found.public("index"), scope="unit", unit=unit_id, service="", group="")
    means = {
        row.item: row for row in results.rows_of(index[(index["statistic"] == "nrr") & (index["item"] != "")])
    }
    shown = {item: row for item, row in means.items() if row.estimate == row.estimate}
    given = _answers(found, unit_id, sorted(shown, key=found.context.place))
    if given is None:
        return Recomputed(why="none")
    items, rows = given
    weights = found.survey.item_weights(unit_id, means)
    lines = []
    for at, item in enumerate(items):
        answers = [int(row[at]) for row in rows if row[at]]
        if not answers or sum(answers) / len(answers) != shown[item].estimate:
            return Recomputed(why="other_rows")
        name = found.context.name(item, lang)
        lines.append(
            Line(item, name, sum(answers), len(answers), shown[item].estimate, weights.get(item, Fraction(0)))
        )
    body, counts = annex.body(rows)
    picked = results.pick(index, item="")
    whole = next(iter(results.rows_of(picked[picked["statistic"] == "ikm"])), None)
    letter = next((str(r.text) for r in results.rows_of(picked[picked["statistic"] == "letter"])), "")
    letter = "" if found.foreign else letter
    complete = set(weights) <= set(items)
    parts = (Fraction(line.total, line.filled) * line.weight for line in lines)
    exact = rules.factor(found.scale) * sum(parts, Fraction(0))
    if whole is None or not complete or not _follows(found, lines, exact, whole, letter):
        why = "other_rows" if complete else "hidden_unsur"
        return Recomputed(lines, body, counts, why=why)
    return Recomputed(lines, body, counts, whole, exact, letter)


def _answers(
    found: Results, unit_id: str, items: Sequence[str]
) -> tuple[list[str], list[tuple[str, ...]]] | None:
    """Items and shuffled rows of a unit's answers; None where there are none to give."""
    path = Path(found.survey.processed) / ANSWERS_FILE
    if not items or not path.is_file():
        return None
    rows = annex.rows(answers_of(path.parent, unit_id, ["unit", *items]).to_pandas(), items)
    return (list(items), rows) if rows else None


def _follows(found: Results, lines: Sequence[Line], exact: Fraction, whole: Row, letter: str) -> bool:
    """Whether the formulas give the index and letter of the result tables.

    The letter of the tables comes from whole numbers; the sheet's from a rounding that takes what is within
    5e-11 of a half for a half. Where they could differ, the sheet has plain values.
    """
    if float(exact) != whole.estimate:
        return False
    value = found.factor * sum(line.nrr * float(line.weight) for line in lines)
    return not letter or (
        half_up(value) == float(rules.round_half_up(exact)) and _letter(found, half_up(value)) == letter
    )


def half_up(value: float) -> float:
    """Round to two decimals, halves up, as the formula does.

    Examples
    --------
    >>> half_up(88.305), half_up(88.3049), half_up(76.605)
    (88.31, 88.3, 76.61)
    """
    return math.floor(round(value * 100, HALF) + 0.5) / 100


def _letter(found: Results, value: float) -> str:
    return next((letter for letter, _, lower in _bands(found, "id") if value >= lower), "")


def _bands(found: Results, lang: str) -> list[tuple[str, str, float]]:
    """Letters with name and lower bound, the highest first."""
    grades = sorted(found.rule.letters, key=lambda grade: grade.lower, reverse=True)
    return [(grade.letter, grade.name[lang], float(grade.lower)) for grade in grades]


def names(w: Words) -> tuple[str, str]:
    """Names of the two sheets as formulas call them."""
    return sheet_name(w("office.sheet.answers"), set()), sheet_name(w("office.sheet.recompute"), set())


def answers_sheet(made: Recomputed, w: Words) -> Sheet:
    """The answers of every questionnaire, or of every pattern with how many gave it."""
    heads = [Head(w("office.rows.no"), True, 0), *(Head(line.item, True, 0) for line in made.lines)]
    heads += [Head(w("office.head.count"), True, 0)] if made.counts else []
    rows = [
        [
            number,
            *(int(cell) if cell else None for cell in row),
            *([made.counts[number - 1]] if made.counts else []),
        ]
        for number, row in enumerate(made.body, 1)
    ]
    notes = [w("office.recompute.note_rows_grouped" if made.counts else "office.recompute.note_rows")]
    return Sheet(names(w)[0], heads, rows, notes)


def computation_sheet(found: Results, made: Recomputed, w: Words, lang: str) -> Sheet:
    """The regulation's computation in formulas: a line an unsur, then index and letter, then the letters' bounds."""
    heads = [
        Head(w("office.head.code")), Head(w("office.head.unsur")), Head(w("office.rows.sum"), True, 0),
        Head(w("office.rows.filled"), True, 0), Head("NRR", True, 4), Head(w("office.recompute.weight"), True, 4),
        Head(w("office.rows.weighted"), True, 4),
    ]  # fmt: skip
    rows = [_line(made, at, names(w)[0]) for at in range(len(made.lines))]
    notes = []
    if made.index is not None:
        rows += _end(found, made, w, lang)
        notes.append(w("office.recompute.note_letter" if made.letter else "office.recompute.note_index"))
    else:
        notes.append(w(f"office.recompute.why.{made.why}"))
    return Sheet(names(w)[1], heads, rows, [w("office.recompute.note_formulas"), *notes])


def _line(made: Recomputed, at: int, sheet: str) -> list[Any]:
    """One unsur: sum and number from the sheet of answers, NRR, weight, weighted NRR."""
    line, row, last = made.lines[at], at + 2, len(made.body) + 1
    column = _column(at + 1)
    cells = f"'{sheet}'!{column}2:{column}{last}"
    total, filled = f"=SUM({cells})", f"=COUNT({cells})"
    if made.counts:
        times = f"'{sheet}'!{_column(len(made.lines) + 1)}2:{_column(len(made.lines) + 1)}{last}"
        total, filled = f"=SUMPRODUCT({cells},{times})", f"=SUMPRODUCT(ISNUMBER({cells})*{times})"
    weight = float(line.weight)
    return [
        line.item, line.name, Formula(total, line.total), Formula(filled, line.filled),
        Formula(f"=C{row}/D{row}", line.nrr),
        Formula(f"={line.weight.numerator}/{line.weight.denominator}", weight),
        Formula(f"=E{row}*F{row}", line.nrr * weight),
    ]  # fmt: skip


def _end(found: Results, made: Recomputed, w: Words, lang: str) -> list[list[Any]]:
    """Sum of weighted NRR, index, index rounded half up, letter, and the bounds that it is compared with."""
    if made.index is None:
        return []
    end, value = len(made.lines) + 2, float(made.index.estimate)
    blank: list[Any] = ["", "", None, None, None, None]
    added = "+".join(f"G{row}" for row in range(2, end))
    rows = [
        [*blank[:1], w("office.recompute.sum"), *blank[2:], Formula(f"={added}", value / found.factor)],
        [*blank[:1], w("office.recompute.index", factor=w.number(found.factor, 0)), *blank[2:],
         Formula(f"={plain(found.factor)}*G{end}", value)],
    ]  # fmt: skip
    if not made.letter:
        return rows
    bands = _bands(found, lang)
    first = end + 4
    test = f'"{bands[-1][0]}"'
    for at in range(len(bands) - 2, -1, -1):
        test = f'IF(G{end + 2}>=C{first + at},"{bands[at][0]}",{test})'
    rounded = float(rules.round_half_up(made.exact))
    rows += [
        [*blank[:1], w("office.recompute.rounded"), *blank[2:],
         Formula(f"=INT(ROUND(G{end + 1}*100,{HALF})+0.5)/100", rounded)],
        [*blank[:1], w("office.row.letter"), *blank[2:], Formula(f"={test}", made.letter)],
    ]  # fmt: skip
    rows += [[letter, w("office.recompute.bound", name=name), lower] for letter, name, lower in bands]
    return rows


def plain(number: float) -> str:
    """A number in a formula: no comma, no exponent."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


def _column(at: int) -> str:
    """Letters of a column counted from 0.

    Examples
    --------
    >>> _column(0), _column(27)
    ('A', 'AB')
    """
    return (_column(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
