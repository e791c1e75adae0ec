"""The regulation's processing form of one unit, for the office: every questionnaire's answers, a row each.

It lies in ``internal/`` whatever is published: the annex of a report may be left out, and has no unsur that
few answered, but whoever computes the index again needs every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import rules
from pipeline.office import sheets
from pipeline.office.city import title
from pipeline.office.sheets import Head, Sheet
from pipeline.results.matching import ANSWERS_FILE, matching
from pipeline.results.matching import answers as answers_of
from pipeline.survey.codes import STATUS
from pipeline.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

#: Where a questionnaire stood.
PLACE = ("source_file", "source_row")
#: Rows of one sheet: what is more goes to the next.
ROWS_A_SHEET = 500_000


def write(survey: Survey, unit_id: str, lang: str = "id") -> Path | None:
    """Write ``internal/units/<slug>/rows.xlsx`` of one unit; None where nobody answered.

    Parameters
    ----------
    survey : Survey
    unit_id : str
    lang : str
        ``id`` or ``en``: language of headers and notes.

    Returns
    -------
    Path or None
        The workbook: file, row and answers of every questionnaire as it was read, then the form's lines: sum,
        number of answers, NRR, and NRR times weight. No profile, no time, no suggestion.
    """
    answers = read(survey, unit_id)
    if not len(answers):
        return None
    unit = survey.unit(unit_id)
    path = Path(survey.internal) / "units" / survey.slug(unit.id) / "rows.xlsx"
    made = form(answers, weights(survey, unit.id), Words(lang))
    rule = rules.load(survey.definition.rule)
    return sheets.write(path, made, title=f"{unit.name} · {title(survey, lang)}", subject=rule.short)


def read(survey: Survey, unit_id: str) -> pd.DataFrame:
    """Answers of a unit in the order in which they were read, one column an item that somebody answered."""
    import pandas as pd
    import pyarrow.parquet as pq

    path = Path(survey.processed) / ANSWERS_FILE
    if not path.is_file():
        return pd.DataFrame()
    names = pq.read_schema(path).names
    order = survey.item_order
    items = sorted(
        (c for c in names if f"{c}{STATUS}" in names), key=lambda c: (order.get(c, len(order)), len(c), c)
    )
    found = answers_of(path.parent, unit_id, ["unit", *PLACE, *items]).to_pandas()
    asked = [item for item in items if found[item].notna().any()]
    return found[[*PLACE, *asked]]


def weights(survey: Survey, unit_id: str) -> dict[str, Fraction]:
    """Weight of each item in the unit's index, as the index was computed."""
    path = Path(survey.processed) / "index.parquet"
    asked = _asked(path, path.stat().st_mtime_ns, survey.own_lists) if path.is_file() else frozenset()
    return survey.item_weights(unit_id, asked)


@lru_cache(maxsize=4)
def _asked(path: Path, changed: int, own: frozenset[str]) -> frozenset[str]:
    """Items of the index of units without a list of their own: once a survey, not once a unit."""
    rows = [[("statistic", "==", "nrr"), ("scope", "==", "unit")]]
    found = matching(path, rows, ["unit", "item", "statistic", "scope"])
    pairs = zip(found["unit"].to_pylist(), found["item"].to_pylist(), strict=True)
    return frozenset(item for unit, item in pairs if unit not in own)


def form(answers: pd.DataFrame, weight: dict[str, Fraction], w: Words) -> Iterator[Sheet]:
    """Yield the sheets of the form, the lines of the regulation at the end of the last."""
    items = [str(column) for column in answers.columns if column not in PLACE]
    heads = [
        Head(w("office.rows.no"), True, 0),
        Head(w("office.rows.file")),
        Head(w("office.rows.row"), True, 0),
        *(Head(item, True) for item in items),
    ]
    last = list(lines(answers, items, weight, w))
    for start in range(0, len(answers), ROWS_A_SHEET):
        part = answers.iloc[start : start + ROWS_A_SHEET]
        ends = start + ROWS_A_SHEET >= len(answers)
        rows = _rows(part, start, last if ends else ())
        number = start // ROWS_A_SHEET + 1
        name = w("office.rows.sheet") if number == 1 else f"{w('office.rows.sheet')} {number}"
        yield Sheet(name, heads, rows, [w("office.rows.note")] if ends else [])


def _rows(part: pd.DataFrame, start: int, last: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    plain = part.astype(object).where(part.notna(), None)
    for number, (file, row, *values) in enumerate(plain.itertuples(index=False, name=None), start + 1):
        yield [number, str(file or ""), row, *values]
    yield from last


def lines(
    answers: pd.DataFrame, items: Sequence[str], weight: dict[str, Fraction], w: Words
) -> Iterator[Sequence[Any]]:
    """Yield the form's lines under the rows; an item outside the index has no weighted one.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"U1": [4, 3], "U2": [2, None]})
    >>> for line in lines(answers, ["U1", "U2"], {"U1": Fraction(1, 2), "U2": Fraction(1, 2)}, Words("en")):
    ...     print(line[1:])
    ['sum of values', None, 7, 2]
    ['answered', None, 2, 1]
    ['NRR', None, 3.5, 2.0]
    ['weighted NRR', None, 1.75, 1.0]
    """
    sums = [int(answers[item].sum()) for item in items]
    filled = [int(answers[item].notna().sum()) for item in items]
    means = [Fraction(total, n) for total, n in zip(sums, filled, strict=True)]
    weighted = [
        float(mean * weight[item]) if item in weight else None
        for item, mean in zip(items, means, strict=True)
    ]
    yield [None, w("office.rows.sum"), None, *sums]
    yield [None, w("office.rows.filled"), None, *filled]
    yield [None, w("office.rows.nrr"), None, *map(float, means)]
    yield [None, w("office.rows.weighted"), None, *weighted]
