"""One row per unit, as every reader of a whole city sees it.

The overview, the portal and the result files all show "unit, n, required, index, interval,
letter, certainty, sign". They read it from here, so that no two of them can disagree.
Knows the tidy result tables and nothing else; computes no statistic, it only picks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pipeline import results, rules

if TYPE_CHECKING:
    import pandas as pd

#: Result tables by module name; the files a city's readers open.
MODULES = (
    "index", "sampling", "profile", "integrity", "priorities",
    "reliability", "validity", "factors", "association", "invariance", "comparison", "ranking",
    "verdicts", "trend", "equity", "importance", "adjustment", "city", "outside", "instruments", "constructs",
    "followup",
)  # fmt: skip

#: A unit whose mean cannot be told from chance is not called usual or unusual.
UNRELIABLE = "unreliable"
#: Words of axis two (unit against the others) and of axis three (out of the ordinary), R14.
DIFFERENCE_WORDS = ("above", "below", "equivalent", "undecided")
UNUSUAL_WORDS = ("high", "low", "usual")

#: The name rows without a listed unit carry.
UNKNOWN = "unknown"


class Standing(NamedTuple):
    """One unit among the others, see `table`; absent numbers are NaN."""

    unit: str
    name: str
    type: str
    parent: str
    population: float
    n: float
    n_valid: float
    required: float
    ikm: float
    lower: float
    upper: float
    letter: str
    certainty: str
    confidence: float
    sign: str
    reason: str
    lowest_item: str
    difference: float
    difference_lower: float
    difference_upper: float
    p_adjusted: float
    versus: str
    unusual: str
    among: str
    rank_low: float
    rank_high: float
    shrunken: float
    alpha: float


COLUMNS = Standing._fields


class Listed(Protocol):
    """What is needed of a unit of the survey."""

    @property
    def id(self) -> str:
        """The unit's id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def type(self) -> str:
        """Its type, or empty."""

    @property
    def parent(self) -> str:
        """Id of its parent, or empty."""

    @property
    def population(self) -> int | None:
        """Number of service users, when known."""


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """Rows about units as a whole: looked for once, since each column of text that is compared costs its time."""
    return results.pick(table, scope="unit", item="", service="", group="")


def _by_unit(whole: pd.DataFrame, column: str, statistic: str) -> dict[str, Any]:
    rows = results.pick(whole, statistic=statistic)
    return dict(zip(rows["unit"], rows[column]))


def _rows(whole: pd.DataFrame, statistic: str) -> dict[str, Any]:
    return {row.unit: row for row in results.rows_of(results.pick(whole, statistic=statistic))}


def alphas(reliability: pd.DataFrame, scope: str = "unit") -> pd.DataFrame:
    """Return one row of Cronbach's alpha per unit: all items, complete rows, ADF interval.

    The table also carries alphas by other methods (pairwise, without constant items); they
    are read only where the first is missing.
    """
    rows = results.pick(reliability, scope=scope, statistic="alpha", item="", service="", group="")
    other = rows["method"].isin(["pairwise", "varying-items", "reversed"])
    return rows[~other].drop_duplicates("unit")


def difference_rows(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Each unit against the others: one verdict that figure, table and sentence share (R14, axis two)."""
    return results.pick(verdicts, scope="unit", statistic="difference", item="", service="")


def unusual_rows(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Whether each unit's gap is out of the ordinary in this city (R14, axis three)."""
    return results.pick(verdicts, scope="unit", statistic="unusual", item="", service="")


def rankable(ranking: pd.DataFrame) -> bool:
    """Whether ranks may be spoken of: not where most of the differences between units are chance."""
    rows = results.pick(ranking, scope="city", statistic="rankability", group="")
    return not (rows["text"] == "low").any()


def table(units: Iterable[Listed], tables: Mapping[str, pd.DataFrame], floor: float) -> pd.DataFrame:
    """Build the standings: listed units in their order, rows of the unknown unit last.

    Parameters
    ----------
    units : iterable of units
        Objects with ``id``, ``name``, ``type``, ``parent`` and ``population``.
    tables : mapping
        Tidy result tables by module name; absent modules leave their columns empty.
    floor : float
        Lowest possible index (`Context.floor`): printed limits end where the scale does (R2); the index
        table keeps them as computed.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``. ``versus`` is the word of axis two (``above``, ``below``, ``equivalent``,
        ``undecided``, or empty when the unit takes no part), ``unusual`` that of axis three (``high``, ``low``,
        ``usual``, ``unreliable`` where the unit's mean cannot be told from chance, or empty). ``difference``
        is to the other units of ``among``, a type or "" for the city; its limits are at the level that
        decided. A sign ``x`` blanks every number but n; a sign ``E`` how sure the letter is, and comparisons (R6).
    """
    import pandas as pd

    found = _pick(tables)
    return pd.DataFrame([_row(unit, found, floor) for unit in units], columns=list(COLUMNS))


@dataclass(frozen=True)
class _Picked:
    """What the row of a unit is made of, each by unit."""

    totals: dict[str, Any]
    valid: dict[str, Any]
    indices: dict[str, Any]
    letters: dict[str, Any]
    certainties: dict[str, Any]
    required: dict[str, Any]
    differing: dict[str, Any]
    unusual: dict[str, Any]
    low: dict[str, Any]
    high: dict[str, Any]
    shrunken: dict[str, Any]
    alpha: dict[str, Any]
    lowest: dict[str, str]


def _pick(tables: Mapping[str, pd.DataFrame]) -> _Picked:
    nothing = results.empty()
    tables = {name: tables.get(name, nothing) for name in MODULES}
    index, ranking = _whole(tables["index"]), _whole(tables["ranking"])
    alpha_rows, ranked = alphas(tables["reliability"]), rankable(tables["ranking"])
    return _Picked(
        totals=_by_unit(index, "n", statistic="n") or _by_unit(index, "n", statistic="n_valid"),
        valid=_rows(index, statistic="n_valid"),
        indices=_rows(index, statistic="ikm"),
        letters=_rows(index, statistic="letter"),
        certainties=_rows(index, statistic="certainty"),
        # What the survey's own rule asks for, whatever Krejcie and Morgan say beside it.
        required=_by_unit(_whole(tables["sampling"]), "estimate", statistic="required"),
        differing={row.unit: row for row in results.rows_of(difference_rows(tables["verdicts"]))},
        unusual={row.unit: row for row in results.rows_of(unusual_rows(tables["verdicts"]))},
        low=_by_unit(ranking, "estimate", statistic="rank_low") if ranked else {},
        high=_by_unit(ranking, "estimate", statistic="rank_high") if ranked else {},
        shrunken=_by_unit(ranking, "estimate", statistic="shrunken"),
        alpha=dict(zip(alpha_rows["unit"], alpha_rows["estimate"])),
        lowest=_lowest_items(tables["priorities"]),
    )


def _row(unit: Listed, found: _Picked, floor: float) -> dict[str, Any]:
    nan = float("nan")
    at: Any = found.indices.get(unit.id)
    letter, certainty = found.letters.get(unit.id), found.certainties.get(unit.id)
    n_valid = _count(found.valid.get(unit.id), at, found.totals.get(unit.id))
    need = found.required.get(unit.id, nan)
    mark = rules.sign(n_valid, need)
    shown = mark != rules.PRIVACY and at is not None
    against: Any = found.differing.get(unit.id) if shown and not mark else None
    versus = str(against.text) if against is not None else ""
    return {
        "unit": unit.id,
        "name": unit.name,
        "type": unit.type or "",
        "parent": unit.parent or "",
        "population": nan if unit.population is None else float(unit.population),
        "n": _number(found.totals.get(unit.id), n_valid),
        "n_valid": n_valid,
        "required": need,
        "sign": mark,
        "reason": at.reason if at is not None else "no-data",
        "ikm": at.estimate if shown else nan,
        "lower": max(floor, at.lower) if shown and at.lower == at.lower else nan,
        "upper": min(100.0, at.upper) if shown and at.upper == at.upper else nan,
        "letter": letter.text if shown and letter is not None else "",
        "certainty": certainty.text if shown and not mark and certainty is not None else "",
        "confidence": certainty.estimate if shown and not mark and certainty is not None else nan,
        "lowest_item": found.lowest.get(unit.id, "") if shown else "",
        "difference": against.estimate if versus else nan,
        "difference_lower": against.lower if versus else nan,
        "difference_upper": against.upper if versus else nan,
        "p_adjusted": against.p_adjusted if versus else nan,
        "versus": versus,
        "unusual": _unusual(found.unusual.get(unit.id)) if shown and not mark else "",
        "among": against.group if versus else "",
        "rank_low": found.low.get(unit.id, nan) if shown and not mark else nan,
        "rank_high": found.high.get(unit.id, nan) if shown and not mark else nan,
        "shrunken": found.shrunken.get(unit.id, nan) if shown else nan,
        "alpha": found.alpha.get(unit.id, nan) if shown else nan,
    }


def rows_of(standings: pd.DataFrame) -> Iterator[Standing]:
    """Rows of the standings one by one, each value of the type that `Standing` says.

    Examples
    --------
    >>> [row.unit for row in rows_of(table([], {}, 25.0))]
    []
    """
    return map(Standing._make, zip(*(standings[name].tolist() for name in COLUMNS)))


def _number(value: Any, otherwise: float = 0.0) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return otherwise
    return number if number == number else otherwise


def _count(row: Any, index_row: Any, total: Any) -> float:
    """Valid n: the row's estimate or n, else the index's n, else the rows at all."""
    for candidate in (
        getattr(row, "estimate", None), getattr(row, "n", None),
        getattr(index_row, "n", None), total,
    ):  # fmt: skip
        number = _number(candidate, float("nan"))
        if number == number:
            return number
    return 0.0


def _unusual(row: Any) -> str:
    if row is None:
        return ""
    return str(row.text) or (UNRELIABLE if row.reason == UNRELIABLE else "")


def _lowest_items(priorities: pd.DataFrame) -> dict[str, str]:
    rows = results.pick(priorities, scope="unit", statistic="priority")
    rows = rows[rows["estimate"] == 1]
    # Items of exactly the lowest mean share the rank: all of them are the lowest.
    return {str(unit): ",".join(items) for unit, items in rows.groupby("unit", sort=False)["item"]}


def alike(row: Any) -> bool:
    """Whether a unit of the standings has an index without width because nobody differs (R13)."""
    return row.ikm == row.ikm and not row.certainty and row.reason == "no-variance"


def confidence_words(w: Any, confidence: float, digits: int = 0) -> str:
    """Write a confidence as a percentage that never claims to be certain: ``> 99 %``, not ``100 %``.

    Parameters
    ----------
    w : Words
        Anything with ``percent(share, digits)``.
    confidence : float
        Between 0 and 1.
    digits : int
        Decimals of the percentage.
    """
    most = 1.0 - 10.0 ** (-digits - 2)
    if confidence > most:
        return f">\u00a0{w.percent(most, digits)}"
    return str(w.percent(confidence, digits))
