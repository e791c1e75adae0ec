"""The annex of answers in the regulation's form: no profile, time or service, in shuffled order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.parts import chunks, columns_that_fit, keyed, part_of
from pipeline.report.base.section import say, section
from pipeline.report.data.unit import estimate
from pipeline.report.unit.headline import exactly
from pipeline.report.unit.lowest_items import code
from pipeline.standings import annex
from pipeline.standings.annex import LEAST
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@section("answers")
def answers(u: UnitReport) -> Any:
    """Print every questionnaire's answers, then sum, NRR, weighted NRR and the index.

    Not where the definition says ``annex: false``, nor below `LEAST` answers; an unsur whose value is not
    shown has no column (R6).
    """
    w = u.words
    if not u.survey.definition.annex:
        return say(w, "unit.answers.not_public")
    if u.n_valid < LEAST:
        return say(w, "unit.answers.few", least=w.integer(LEAST))
    items, rows = printable(u)
    if not rows:
        return say(w, "unit.answers.none")
    body, counts = annex.body(rows)
    grouped = bool(counts)
    first = w("unit.answers.col_pattern" if grouped else "unit.answers.col_no")
    lead = "unit.answers.lead_grouped" if grouped else "unit.answers.lead"
    parts = chunks(len(items), columns_that_fit([code(item) for item in items], 150.0))
    tables = []
    for place, part in enumerate(parts):
        mine = items[part]
        columns = [blocks.column("no", first, numeric=True)]
        columns += [blocks.column(item, code(item), numeric=True) for item in mine]
        columns += [blocks.column("count", w("unit.answers.col_count"), numeric=True)] if counts else []
        cells = [
            [str(i), *row[part], *([w.integer(counts[i - 1])] if counts else [])]
            for i, row in enumerate(body, 1)
        ]
        tables.append(blocks.table(
            columns, cells, caption=part_of(w, w("unit.answers.caption"), place, len(parts)),
            key=keyed("answers", place), note=note(u, mine), footer_rows=footer(u, mine, grouped),
            compact=True,
        ))  # fmt: skip
    return blocks.group(say(w, lead, rows=w.integer(len(rows))), *tables, conversion(u))


def printable(u: UnitReport) -> tuple[list[str], list[tuple[str, ...]]]:
    """Unsur and rows of answers that may be printed, in the order in which they are; none where none may.

    The annex of the report and the processing form print the same rows; the workbook asks `standings.annex`, too.
    """
    if not annex.allowed(u.survey.definition.annex, u.n_valid) or u.ikm is None:
        return [], []
    items = [item for item in u.items if item in u.responses]
    if not items:
        return [], []
    return items, annex.rows(u.responses, items)


def footer(u: UnitReport, items: list[str], grouped: bool) -> list[list[str]]:
    """Lines of the regulation's form under the rows: sum, NRR and weighted NRR."""
    w, end = u.words, [""] if grouped else []
    nrr = u.by_item("index", "nrr")
    # Of all items of the index, also those whose value is not shown.
    weights = u.survey.item_weights(u.unit.id, nrr)
    sums = [w.integer(u.responses[item].sum()) for item in items]
    filled = [w.integer(u.responses[item].notna().sum()) for item in items]
    means = [w.number(estimate(nrr.get(item)), 3) for item in items]
    weighted = [w.number((estimate(nrr.get(i)) or 0.0) * float(weights[i]), 3) for i in items]
    return [
        [w("unit.answers.sum"), *sums, *end],
        [w("unit.answers.filled"), *filled, *end],
        [w("unit.answers.nrr"), *means, *end],
        [w("unit.answers.weighted"), *weighted, *end],
    ]


def conversion(u: UnitReport) -> Any:
    """Print the last two lines of the form: the weighted sum, and the index."""
    w, row = u.words, u.ikm
    if row is None:
        return None
    total = float(row.estimate) / u.factor
    return say(w, "unit.answers.conversion", total=w.number(total, 4), factor=w.number(u.factor, 0),
               index=w.number(exactly(row)), letter=u.letter or NOTHING)  # fmt: skip


def note(u: UnitReport, items: list[str]) -> str:
    """Name the columns, so that the page can be read alone."""
    w = u.words
    names = ", ".join(f"{code(item)} {u.item_name(item)}" for item in items)
    return w("unit.answers.note", names=names)
