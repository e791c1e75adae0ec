"""The one tidy shape of every result table.

Every statistics module returns a frame of these columns, one row per number, and every
reader (reports, workbook, portal) picks rows from it. Keeping one shape means that a
number can be traced, suppressed, exported and compared without knowing which module
made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

TEXT_COLUMNS = (
    "survey", "scope", "unit", "service", "group", "item", "other", "statistic",
    "text", "method", "reason",
)  # fmt: skip
FLOAT_COLUMNS = ("estimate", "lower", "upper", "confidence", "df", "p", "p_adjusted")
INTEGER_COLUMNS = ("numerator", "denominator", "n")

COLUMNS = (
    "survey", "scope", "unit", "service", "group", "item", "other", "statistic",
    "estimate", "lower", "upper", "confidence", "numerator", "denominator", "text",
    "n", "df", "p", "p_adjusted", "method", "reason",
)  # fmt: skip

#: Before the name of a declared facet in ``group`` of the table ``constructs``: a questionnaire may have its name.
FACET = "facet:"

SCOPES = ("unit", "service", "type", "parent", "city", "pair", "surveys")

#: Why an estimate is NaN, or carries a caution. Words for each live in the locale files.
REASONS: dict[str, str] = {
    "no-data": "nobody answered",
    "too-few": "fewer answers than the statistic needs",
    "all-equal": "all items have exactly one mean: none is the lowest",
    "states-a-fact": "the item states a fact, not an opinion",
    "suppressed": "hidden so that nobody's answers can be read: only the count is shown",
    "no-variance": "everybody gave the same answer",
    "singular": "the items determine one another; the statistic is undefined",
    "few-items": "fewer than the number of items the statistic needs",
    "few-units": "fewer than two units can be compared",
    "foreign-scale": "the scale or the questionnaire is not the regulation's: no letter is given",
    "no-population": "the number of service users is not known",
    "one-unit-apart": "its units and those of the headline differ by one unit, which the difference would tell",
    "population-smaller": "more answers than the stated population",
    "census": "everybody answered: nothing is left to sampling",
    "excluded": "left out of this comparison",
    "bad-weights": "weights are missing or do not sum to one",
    "for-information": "fewer valid answers than required; for information only",
    "not-comparable": "different indicators",
    "not-read": "a survey that nobody has run yet",
    "unreadable": "a survey whose files cannot be used",
    "not-estimable": "the model could not be estimated",
    "item-unanswered": "nobody answered one of the items: the index is not defined on fewer items",
    "letter-differs": "this computation gives another letter than the exact one",
    "not-at-this-distance": "no realistic number of respondents would settle the letter",
    "unreliable": "too few answers for how much the units differ: the mean cannot be told from chance",
    "not-asked": "this was not recorded for any respondent",
    "not-positive-definite": "the estimated correlations contradict one another: too few answers for the model",
    "few-groups": "fewer than two groups have answers enough",
    "many-groups": "more groups than this model can compare",
    "empty-category": "a group never gave some of the answers: too few are left to compare",
    "few-categories": "with so few answers to choose from there is nothing to test here",
    "ceiling": "many gave the highest answer to everything: correlations are smaller than they would be",
    "difficulty-factor": "items that are easier or harder than others look like a factor of their own",
    "mostly-alike": "nearly everybody answered alike: runs of equal answers are expected",
    "nothing-to-compare": "nearly all rows came in the same way: no others to compare with",
    "paper": "forms on paper, as the definition says: keyed in afterwards by nature",
    "interval-few": "no interval: with so few answers one would not hold the true value often enough",
    "interval-ceiling": "no interval: nearly all answers are the highest, and there are too few of them",
    "interval-alike": "no interval: too few answers differ from the most frequent one",
    "negative-alpha": "alpha is negative: it is no reliability, and no error of measurement follows from it",
    "constant-within": "in every unit everybody gave the same answers",
    "many-items": "more items than a factor model is computed for",
    "no-plan": "nothing was planned",
    "not-all-done": "not all of the plan is done",
    "no-report-date": "the day on which the report was issued is not known",
    "no-day-done": "of something that is done the day is not known",
    "beyond-rubric": "finished later than the rubric scores",
    "no-date": "the survey states no day to judge by",
    "margin-few": "a category of the register has too few respondents",
    "margin-unstated": "too many respondents did not state what the register counts by",
    "not-converged": "no weights of these respondents have all margins of the register",
    "weights-wide": "a single answer would count more than five times as much as the mean one",
    "few-clusters": "fewer interviewers, counters or days than an interval needs",
    "not-stated": "too many respondents without it",
    "confounded": "no unit has respondents enough of both ways of asking: the way and the unit cannot be told apart",
    "nowhere-reliable": "at no point of the scale do the items separate respondents",
    "one-factor-fails": "one factor does not fit the answers: whether it is used alike means nothing",
    "answers-turn": "an item goes against the others: no point of the trait belongs to a mean answer",
    "on-request": "computed only on request for so many units",
}


class Row(NamedTuple):
    """One row of a result table; absent numbers are NaN, absent integers None.

    ``survey`` and ``confidence`` are the same in all rows of a table, and no reader asks a row for them.
    """

    scope: str
    unit: str
    service: str
    group: str
    item: str
    other: str
    statistic: str
    estimate: float
    lower: float
    upper: float
    numerator: int | None
    denominator: int | None
    text: str
    n: int | None
    df: float
    p: float
    p_adjusted: float
    method: str
    reason: str


def empty() -> pd.DataFrame:
    """Return a result table without rows.

    Examples
    --------
    >>> list(empty().columns) == list(COLUMNS)
    True
    """
    return _empty().copy()


@lru_cache(maxsize=1)
def _empty() -> pd.DataFrame:
    return frame([])


def frame(rows: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Bring rows (mappings or a frame with some of the columns) into the tidy shape.

    Parameters
    ----------
    rows : iterable of mappings or DataFrame
        Any subset of ``COLUMNS``; missing text becomes ``""``, missing numbers NaN.

    Returns
    -------
    DataFrame
        Columns exactly ``COLUMNS``, dtypes fixed, index 0..n-1.

    Raises
    ------
    ValueError
        If a column is not one of ``COLUMNS``.

    Examples
    --------
    >>> float(frame([{"scope": "unit", "unit": "a", "statistic": "n", "estimate": 3}]).at[0, "estimate"])
    3.0
    """
    import numpy as np
    import pandas as pd

    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    unknown = [c for c in table.columns if c not in COLUMNS]
    if unknown:
        raise ValueError(f"not columns of a result table: {', '.join(map(str, unknown))}")
    table = table.reindex(columns=list(COLUMNS)).reset_index(drop=True)
    for column in TEXT_COLUMNS:
        values = table[column]
        known = values.notna()
        if not known.any():
            # Columns nobody filled are most of a large table: they need no look at each row.
            table[column] = pd.Series("", index=table.index, dtype="str")
        elif known.all():
            table[column] = values if values.dtype == "str" else values.astype(str)
        else:
            table[column] = values.astype(object).fillna("").astype(str)
    for column in FLOAT_COLUMNS:
        table[column] = pd.to_numeric(table[column], errors="coerce").astype("float64")
    for column in INTEGER_COLUMNS:
        values = table[column]
        if pd.api.types.is_integer_dtype(values.dtype):
            table[column] = values.astype("Int64")
            continue
        if (
            pd.api.types.is_float_dtype(values.dtype)
            and not np.isinf(values.to_numpy(float, na_value=np.nan)).any()
        ):
            numbers = values.to_numpy(float, na_value=np.nan)
            blank = np.isnan(numbers)
            whole = np.trunc(np.where(blank, 0.0, numbers)).astype(np.int64)
            table[column] = pd.arrays.IntegerArray(whole, blank)
            continue
        table[column] = pd.array([pd.NA if pd.isna(value) else int(value) for value in values], dtype="Int64")
    return table


def concat(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Stack result tables, keeping the shape even when there is nothing to stack."""
    import pandas as pd

    parts = [t for t in tables if len(t)]
    return pd.concat(parts, ignore_index=True) if parts else empty()


def pick(table: pd.DataFrame, **where: Any) -> pd.DataFrame:
    """Rows whose columns equal the given values (a list means any of them).

    Examples
    --------
    >>> t = frame([{"unit": "a", "statistic": "n"}, {"unit": "b", "statistic": "n"}])
    >>> len(pick(t, unit="a"))
    1
    """
    if not len(table):
        return table
    mask = None
    for column, value in where.items():
        series = table[column]
        hit = series.isin(value) if isinstance(value, list | tuple | set) else series == value
        mask = hit if mask is None else mask & hit
    return table if mask is None else table[mask]


def rows_of(table: pd.DataFrame) -> Iterator[Row]:
    """Rows of a result table one by one, each value of the type that `Row` says.

    Parameters
    ----------
    table : DataFrame
        Of the tidy shape; further columns are not read.

    Examples
    --------
    >>> t = frame([{"unit": "a", "statistic": "n", "estimate": 3, "n": 3}, {"unit": "b", "statistic": "n"}])
    >>> [(row.unit, row.estimate, row.n) for row in rows_of(t)]
    [('a', 3.0, 3), ('b', nan, None)]
    """
    if not len(table):
        return iter(())
    return map(Row._make, zip(*(_plain(table[name]) for name in Row._fields)))


def _plain(column: pd.Series) -> list[Any]:
    if column.name not in INTEGER_COLUMNS:
        return column.tolist()
    return [None if absent else value for value, absent in zip(column.tolist(), column.isna().tolist())]
