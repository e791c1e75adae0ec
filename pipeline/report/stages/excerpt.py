"""A few rows of a table, as a notebook shows them: the columns and names of the file, nothing rounded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.data.city import known, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.stage import StageReport
    from pipeline.words import Words

#: Digits of the numbers that are shown: enough to find a row again in the file.
DIGITS = 3
#: Numerators of exact fractions grow longer than anybody reads; they are in the file.
LONGEST = 9_999_999
#: Columns that an excerpt leaves out: the survey is the page's, the level of the intervals stands in the call.
COMMON = ("survey", "confidence")
#: Columns of a respondent that tell how the answers came, not what was answered.
BEFORE_ITEMS = ("unit", "service")
#: Ends the name of the column that says why an answer is there or not.
STATUS = "__status"


def rows(stage: StageReport, table: pd.DataFrame, *, most: int = 6, **where: Any) -> Any:
    """Return the first rows of a result table that match, under the names its file has.

    Parameters
    ----------
    stage : StageReport
        Gives the language, and the table's name.
    table : DataFrame
        A tidy result table (`results.COLUMNS`) of this stage.
    most : int
        Rows to show.
    **where
        Column and value, or a list of values: ``scope="city", statistic=["alpha", "omega"]``.

    Examples
    --------
    >>> rows(stage, reliability, scope="city", statistic="alpha")  # doctest: +SKIP
    """
    w, name = stage.words, name_of(stage, table)
    found = results.pick(table, **where) if where else table
    chosen = asked(where)
    if not len(found):
        return blocks.group(say(w, "notebook.rows_none", table=name, asked=chosen or NOTHING))
    shown = _as_asked(found, where).head(most)
    columns = [column for column in results.COLUMNS if _tells(shown[column], column, where)]
    if "p_adjusted" in columns:  # what is decided on; the other is in the file
        columns = [column for column in columns if column != "p"]
    whole = {c: c in results.FLOAT_COLUMNS and bool((shown[c].dropna() % 1 == 0).all()) for c in columns}
    caption = w("notebook.rows_caption" if chosen else "notebook.rows_caption_all", table=name, asked=chosen,
                shown=w.integer(len(shown)), all=w.integer(len(found)))  # fmt: skip
    return blocks.table(
        columns=[
            blocks.column(c, c, numeric=c in results.FLOAT_COLUMNS or c in results.INTEGER_COLUMNS)
            for c in columns
        ],
        rows=[
            [cell(w, row[c], c, whole[c]) for c in columns] for row in shown[columns].to_dict("records")
        ],
        caption=caption, key="-".join(["rows", name, *_values(where.get("statistic"))[:1]]), compact=True,
        row_header=False,
    )  # fmt: skip


def people(stage: StageReport, answers: pd.DataFrame, items: Any = None, *, most: int = 5) -> Any:
    """Return the first respondents: their unit, service and answers. For the person at work, in no page."""
    w = stage.words
    if items is None:  # as they come from the intake: each answer with its status
        items = [name.removesuffix(STATUS) for name in map(str, answers) if name.endswith(STATUS)]
    columns = [c for c in (*BEFORE_ITEMS, *items) if c in answers]
    return blocks.table(
        columns=[blocks.column(c, c, numeric=c not in BEFORE_ITEMS) for c in columns],
        rows=[
            [cell(w, row[c], "numerator" if c not in BEFORE_ITEMS else c) for c in columns]
            for row in answers[columns].head(most).to_dict("records")
        ],
        caption=w("notebook.people_caption", shown=w.integer(min(most, len(answers))), all=w.integer(len(answers))),
        key="people", compact=True, row_header=False,
    )  # fmt: skip


def name_of(stage: StageReport, table: pd.DataFrame) -> str:
    """Name of a table of this stage; empty for any other, such as one of part of the answers."""
    return next((name for name, one in stage.tables.items() if one is table), stage.words("notebook.own"))


def cell(w: Words, value: Any, column: str, whole: bool = False) -> str:
    """Text of a cell: numbers in the page's notation, nothing where there is none."""
    if not known(value):
        return NOTHING
    if column in ("p", "p_adjusted"):
        return w.p(float(value))
    if column in results.INTEGER_COLUMNS:
        return w.integer(int(value))
    if column in results.FLOAT_COLUMNS:
        return w.number(float(value), 0 if whole else 1 if column == "df" else DIGITS)
    return str(value)


def asked(where: dict[str, Any]) -> str:
    """Which rows were asked for, in one line.

    Examples
    --------
    >>> asked({"scope": "unit", "statistic": ["alpha", "omega"], "group": ""})
    'scope = unit; statistic = alpha, omega; group = ""'
    """
    return "; ".join(f"{column} = {_asked(value)}" for column, value in where.items())


def _asked(value: Any) -> str:
    return ", ".join(v or '""' for v in _values(value))


def _values(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list | tuple | set) else [str(value)]


def _as_asked(found: pd.DataFrame, where: dict[str, Any]) -> pd.DataFrame:
    """Rows in the order in which several values of one column were asked for."""
    several = next(
        ((column, list(value)) for column, value in where.items() if len(_values(value)) > 1), None
    )
    if several is None:
        return found
    column, order = several
    return found.sort_values(column, key=lambda values: values.map(order.index), kind="stable")


def _tells(values: pd.Series, column: str, where: dict[str, Any]) -> bool:
    """Whether a column says something of most rows that the caption does not say already."""
    if column in COMMON or (column in where and len(_values(where[column])) == 1):
        return False
    told = values.ne("") if column in results.TEXT_COLUMNS else values.notna()
    exact = column in results.INTEGER_COLUMNS and bool((values.dropna().abs() > LONGEST).any())
    return bool(told.mean() >= 0.5) and not exact
