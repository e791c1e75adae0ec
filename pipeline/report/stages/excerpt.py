"""A few rows of a table, as a notebook shows them: the columns and names of the file, nothing rounded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.intake_table import shorten
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
#: Columns of the intake's tables that an excerpt leaves out: a sentence of the log, in the log's language.
OF_THE_LOG = ("message",)
#: Where something stands in a file: not an amount, hence as a spreadsheet shows it.
PLACES = ("source_row", "row", "respondent")
#: A text out of a raw file, at most: it may be a whole letter.
LONGEST_TEXT = 60
NUMBERS = (*results.FLOAT_COLUMNS, *results.INTEGER_COLUMNS)
#: Columns of a respondent that tell how the answers came, not what was answered.
BEFORE_ITEMS = ("unit", "service")
#: Ends the name of the column that says why an answer is there or not.
STATUS = "__status"


def rows(stage: StageReport, table: pd.DataFrame, *, most: int = 6, each: str = "", **where: Any) -> Any:
    """Return the first rows of a table that match, under the names its file has.

    Of several values asked for, each is among the rows shown: first the first row of every one, then the second.

    Parameters
    ----------
    stage : StageReport
        Gives the language, and the table's name.
    table : DataFrame
        A tidy result table (`results.COLUMNS`) of this stage, or a table of the intake.
    most : int
        Rows to show.
    each : str
        Column of which every value is shown once, by its first row: an example of each reason, say.
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
    several = found.drop_duplicates(each) if each else found
    shown = _as_asked(several, where, most)
    columns = _columns(shown, where)
    caption = w("notebook.rows_caption" if chosen else "notebook.rows_caption_all", table=name, asked=chosen,
                shown=w.integer(len(shown)), all=w.integer(len(found)))  # fmt: skip
    if each:
        caption = w("notebook.rows_each", caption=caption, each=each, values=w.integer(len(several)))
    whole = {c: c in results.FLOAT_COLUMNS and bool((shown[c].dropna() % 1 == 0).all()) for c in columns}
    return blocks.table(
        columns=[blocks.column(c, c, numeric=_numeric(shown[c])) for c in columns],
        rows=[
            [cell(w, row[c], c, whole[c]) for c in columns] for row in shown[columns].to_dict("records")
        ],
        caption=caption, key="-".join(["rows", name, *_values(where.get("statistic"))[:1]]), compact=True,
        row_header=False,
    )  # fmt: skip


def _columns(shown: pd.DataFrame, where: dict[str, Any]) -> list[str]:
    """Columns to show: those that say something; of a result table also one of two p values."""
    if "statistic" not in shown:  # a table of the intake: each column counts where one row has it
        return [
            c for c in map(str, shown)
            if c not in OF_THE_LOG and not _said(c, where) and bool(_told(shown[c], c).any())
        ]  # fmt: skip
    columns = [column for column in results.COLUMNS if _tells(shown, column, where)]
    # What is decided on; the other is in the file.
    return [c for c in columns if c != "p" or "p_adjusted" not in columns]


def _numeric(values: pd.Series) -> bool:
    """Whether a column holds numbers, which stand to the right."""
    return bool(getattr(values.dtype, "kind", "O") in "iuf" or values.name in results.INTEGER_COLUMNS)


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
    """Name of a table of this stage; any other is one of part of the answers, or of a notebook's own making."""
    other = "notebook.own" if "statistic" in table else "notebook.own_rows"
    return next((name for name, one in stage.tables.items() if one is table), stage.words(other))


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
    if isinstance(value, int) and not isinstance(value, bool) and column not in PLACES:
        return w.integer(value)
    return str(value) if column in results.TEXT_COLUMNS else shorten(str(value), LONGEST_TEXT)


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


def _as_asked(found: pd.DataFrame, where: dict[str, Any], most: int) -> pd.DataFrame:
    """The first rows of each of several values of one column, in the order in which those were asked for."""
    several = next(
        ((column, list(value)) for column, value in where.items() if len(_values(value)) > 1), None
    )
    if several is None:
        return found.head(most)
    column, order = several
    turn = found.groupby(column, observed=True).cumcount()
    first = found.iloc[sorted(turn.to_numpy().argsort(kind="stable")[:most])]
    return first.sort_values(column, key=lambda values: values.astype(str).map(order.index), kind="stable")


def _said(column: str, where: dict[str, Any]) -> bool:
    """Whether the caption or the page says a column already."""
    return column in COMMON or (column in where and len(_values(where[column])) == 1)


def _told(values: pd.Series, column: str) -> pd.Series:
    return values.ne("") & values.notna() if column not in NUMBERS else values.notna()


def _tells(shown: pd.DataFrame, column: str, where: dict[str, Any]) -> bool:
    """Whether a column says something of most rows of one statistic that the caption does not say already."""
    if _said(column, where):
        return False
    told = _told(shown[column], column)
    exact = column in results.INTEGER_COLUMNS and bool((shown[column].dropna().abs() > LONGEST).any())
    if column in ("estimate", "lower", "upper"):  # what the table is for, be it of one row
        return bool(told.any())
    return bool(told.groupby(shown["statistic"]).mean().max() >= 0.5) and not exact
