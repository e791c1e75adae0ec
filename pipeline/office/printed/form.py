"""The regulation's processing form: 25 respondents a sheet, sums, means, weighted means, the index and the letters.

It prints the rows that the annex of the unit's report prints, in the same order, and none where the annex has
none: `report.unit.answers_annex.printable` decides for both. Where the annex prints equal answers once, with how
many gave them, the form still has a row for each. Sums and means are the whole numbers of the result
table, the weights are exact (R1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.office.printed import letterhead
from pipeline.render import drawn
from pipeline.report.base.parts import chunks, columns_that_fit
from pipeline.report.data.kind import WHOLE
from pipeline.report.data.unit import estimate, open_unit, whole
from pipeline.report.unit import verdicts
from pipeline.report.unit.answers_annex import printable
from pipeline.report.unit.headline import exactly
from pipeline.report.unit.lowest_items import code

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.survey import Survey

#: Respondents of one sheet, as the regulation prints its form.
A_SHEET = 25
#: Millimetres for columns of answers on an upright sheet, and on one laid across.
UPRIGHT_MM, WIDE_MM = 125.0, 215.0

Answers = Sequence[tuple[str, ...]]


def write(survey: Survey, unit: str, lang: str = "id", *, plain: bool = True) -> Path | None:
    """Write a unit's processing form as PDF.

    Parameters
    ----------
    survey : Survey
    unit : str
        Id of a listed unit.
    lang : str
        ``id`` or ``en``.
    plain : bool
        Whether the file has the plain name; else the language is in it.

    Returns
    -------
    Path or None
        The file; None for a unit whose answers may not be printed.
    """
    opened = open_unit(survey, unit, lang)
    found = content(opened)
    if found is None:
        return None
    made = drawn.page("form", found, letterhead.date(opened))
    return letterhead.put(survey, unit, lang, plain, "form", "pdf", made)


def content(u: UnitReport) -> dict[str, Any] | None:
    """Return what the form says, or None where no answer may be printed."""
    if u.kind != WHOLE:
        return None
    items, rows = printable(u)
    if not rows:
        return None
    w = u.words
    return {
        **letterhead.facts(u),
        "synthetic": w("printed.form.synthetic") if u.survey.definition.synthetic else "",
        "title": w("printed.form.title_foreign" if u.foreign else "printed.form.title"),
        "words": {k: w(f"printed.form.{k}") for k in ("unit", "period", "col_no", "col_group", "legend")},
        "across": len(items) > columns_that_fit([code(item) for item in items], UPRIGHT_MM, 1),
        "sheets": list(_sheets(u, items, rows)),
        "ends": _ends(u),
        "legend": list(_legend(u, items)),
        "unsur": _unsur(u, items),
        "letters": _letters(u),
    }


def _sheets(u: UnitReport, items: list[str], rows: Answers) -> Iterator[dict[str, Any]]:
    """Yield the sheets: rows, their sums, and under the last of each part the lines of all rows."""
    w, parts = u.words, chunks(len(items), columns_that_fit([code(item) for item in items], WIDE_MM))
    starts = range(0, len(rows), A_SHEET)
    count = len(parts) * len(starts)
    for place, part in enumerate(parts):
        mine = items[part]
        for at, start in enumerate(starts):
            shown = [row[part] for row in rows[start : start + A_SHEET]]
            sums = [sum(int(row[column] or 0) for row in shown) for column in range(len(mine))]
            number, last = place * len(starts) + at + 1, start + len(shown)
            yield {
                "codes": [code(item) for item in mine],
                "number": w("printed.form.sheet", number=w.integer(number), count=w.integer(count)),
                "caption": w("printed.form.caption", first=w.integer(start + 1), last=w.integer(last)),
                "rows": [[w.integer(start + n), *row] for n, row in enumerate(shown, 1)],
                "sub": [w("printed.form.sub"), *map(w.integer, sums)],
                "lines": list(_lines(u, mine)) if start == starts[-1] else [],
            }  # fmt: skip


def _lines(u: UnitReport, items: list[str]) -> Iterator[list[str]]:
    """Yield the lines of the regulation's form under all rows: sum, answered, NRR, weight, weighted NRR."""
    w, nrr, weighted = u.words, u.by_item("index", "nrr"), u.by_item("index", "nrr_weighted")
    weights = weights_of(u)
    yield [w("printed.form.sum"), *(w.integer(whole(nrr[item].numerator)) for item in items)]
    yield [w("printed.form.filled"), *(w.integer(whole(nrr[item].denominator)) for item in items)]
    yield [w("printed.form.nrr"), *(w.number(exactly(nrr[item]), 3) for item in items)]
    yield [w("printed.form.weight"), *(str(weights[item]) for item in items)]
    yield [w("printed.form.weighted"), *(w.number(exactly(weighted[item]), 3) for item in items)]


def weights_of(u: UnitReport) -> dict[str, Fraction]:
    """Exact weight of each item of the unit's index, also of those whose value is not shown."""
    return u.survey.item_weights(u.unit.id, u.by_item("index", "nrr"))


def _ends(u: UnitReport) -> list[list[str]]:
    """The last lines of the form: the weighted sum, the index and the letter."""
    w, row = u.words, u.ikm
    if row is None:
        return []
    index, factor = exactly(row), Fraction(u.factor).limit_denominator(1000)
    said = w("printed.form.index", name=w("common.index"), factor=w.number(u.factor, 0))
    made = [
        [f"*) {w('printed.form.total')}", w.number(index / factor, 4)],
        [f"**) {said}", w.number(index)],
    ]
    if u.letter:
        name = u.rule.letter_named(u.letter).name[u.lang]
        made.append([w("printed.form.letter"), f"{u.letter} ({name})"])
    return made


def _legend(u: UnitReport, items: list[str]) -> Iterator[str]:
    w = u.words
    yield w("printed.form.legend_codes", first=code(items[0]), last=code(items[-1]))
    yield w("printed.form.legend_nrr")
    yield w("printed.form.legend_weighted")
    yield from _weights_said(u)
    yield w("printed.form.rounded")
    shown = [item for item, row in u.by_item("index", "nrr").items() if estimate(row) is not None]
    if len(shown) < len(u.by_item("index", "nrr")):
        yield w("printed.form.not_all")
    yield w("printed.form.order")


def _weights_said(u: UnitReport) -> Iterator[str]:
    """Which weights were used, and what the regulation's printed ones would give (R1)."""
    w, own = u.words, set(weights_of(u).values())
    point = w("narrative.point")
    if len(own) > 1 or u.foreign:
        yield w("printed.form.weights_own")
        return
    found = verdicts.printed(u)
    if not found:
        return
    listed = w.join([v.weight.replace(".", point) for v in reversed(found)])
    yield w("printed.form.weights_equal", weight=str(next(iter(own))), printed=listed)
    differing = [v for v in found if v.differs]
    for v in differing:
        yield w(
            "printed.form.weights_differ", weight=v.weight.replace(".", point), value=w.number(v.value),
            letter=v.letter, exact=w.number(v.exact_value), exact_letter=v.exact_letter,
        )  # fmt: skip
    if not differing:
        values = w.join([f"{w.number(v.value)} ({v.weight.replace('.', point)})" for v in reversed(found)])
        yield w("printed.form.weights_same", values=values, letter=found[0].exact_letter)


def _unsur(u: UnitReport, items: list[str]) -> dict[str, Any]:
    """The regulation's second table: what each code stands for, with its mean."""
    w, nrr = u.words, u.by_item("index", "nrr")
    return {
        "caption": w("printed.form.unsur_caption"),
        "head": [w(f"printed.form.{name}") for name in ("col_code", "col_unsur", "col_nrr")],
        "rows": [
            [code(item), u.item_name(item, short=False), w.number(exactly(nrr[item]), 3)] for item in items
        ],
    }


def _letters(u: UnitReport) -> dict[str, Any] | None:
    """The regulation's list of letters with their bounds; none on a foreign scale."""
    if u.foreign:
        return None
    w = u.words
    ordered = sorted(u.rule.letters, key=lambda grade: -grade.lower)
    return {
        "caption": w("printed.form.letters_caption", rule=u.rule.short),
        "head": [w(f"printed.form.{name}") for name in ("col_letter", "col_letter_name", "col_bounds")],
        "rows": [[g.letter, g.name[u.lang], w.interval(g.lower, g.upper)] for g in ordered],
    }
