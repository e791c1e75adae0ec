"""Groups in which everybody answered alike: what is told of such a group is told of each member (R6, R13).

Eight people who all answered the same give away everything: whoever knows that one of them took
part knows that person's answer to every question. The number of answers, the index and the letter
are published by law; the values of the nine unsur, their distribution and the rows of answers are
not told of such a unit, and neither is a width, a certainty or a first place among ties (R13).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.small_cells import N_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

#: Tables about the answers of one group: of these only `TOLD` is left of a group that answered alike.
ANSWERS = (
    "index", "sampling", "priorities", "reliability", "validity", "factors", "association", "invariance",
    "equity", "ranking", "constructs",
)  # fmt: skip
#: What tells the shape of a row of answers: of people who all gave one row, that row (in `integrity`, as a
#: statistic, and as the flag that an index without flagged rows leaves out).
SHAPES = ("straightline", "straightline_expected", "longstring", "irv", "mahalanobis", "person_total")
#: Tables whose rows name an unsur in ``item``; elsewhere ``item`` is a trait of the respondents.
BY_ITEM = (*ANSWERS, "comparison", "trend", "verdicts", "outside", "importance")
#: What may be told: how many there are, the index and its letter, and what rests on no answer.
TOLD = (
    "n", "n_valid", "n_complete", "ikm", "ikm_legacy", "letter", "units", "population", "coverage",
    "required", "required_krejcie_morgan", "required_slovin", "shortfall", "units_counted", "units_for_information",
    "units_without_data", "units_suppressed", "units_undefined", "units_not_listed", "rows_unknown",
)  # fmt: skip
#: Its rows keep the reason, and the numbers that a census gives them.
SURE = ("certainty", "certainty_A", "certainty_B", "certainty_C", "certainty_D", "n_to_settle")
REASON = "no-variance"
_LIMITS = ("lower", "upper")
_NUMBERS = ("estimate", *_LIMITS, "df", "p", "p_adjusted")


@dataclass(frozen=True)
class Alike:
    """Groups in which all who answered a question gave the same answer, for every question.

    Attributes
    ----------
    units : frozenset of str
    services : frozenset of (unit, service)
        Of units that did not all answer alike.
    wider : frozenset of (scope, id)
        Types, agencies (``parent``) and the city (id ``""``) that consist of such units only.
    """

    units: frozenset[str] = frozenset()
    services: frozenset[tuple[str, str]] = frozenset()
    wider: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is any such group."""
        return bool(self.units or self.services or self.wider)


def constant(answers: pd.DataFrame, by: Any) -> dict[str, int]:
    """Return the groups in which nobody differs from anybody, with the number of people who answered.

    A group is constant when, for each item, the smallest answer equals the largest one,
    ``min_i x_ij = max_i x_ij``; missing answers are passed over.

    Parameters
    ----------
    answers : DataFrame
        One column per item.
    by : Series or sequence
        Group of each row.

    Examples
    --------
    >>> import pandas as pd
    >>> x = pd.DataFrame({"U1": [4, 4, 4, 3], "U2": [3, None, 4, 4]})
    >>> constant(x, ["a", "a", "b", "b"])
    {'a': 2}
    """
    ids, valid, same = _looked_at(answers, by)
    return {unit: n for unit, n, hit in zip(ids, valid, same, strict=True) if hit and n}


def _looked_at(answers: pd.DataFrame, by: Any) -> tuple[list[str], list[int], list[bool]]:
    """Each group, how many in it answered anything, and whether nobody differs from anybody."""
    if not len(answers) or not len(answers.columns):
        return [], [], []
    g = group(answers, by)
    same, answered = np.ones(len(g.units), dtype=bool), None
    for place, column in enumerate(g.values):
        high = low = column
        if g.seen is not None:
            here = g.seen[place]
            most, least = _ends(column.dtype)
            high, low = np.where(here, column, least), np.where(here, column, most)
            answered = here if answered is None else answered | here
        # Where nobody answered, the ends stand the other way round.
        same &= np.maximum.reduceat(high, g.starts) <= np.minimum.reduceat(low, g.starts)
    valid = g.sizes if answered is None else np.add.reduceat(answered.astype(np.int64), g.starts)
    return [str(unit) for unit in g.units], valid.tolist(), same.tolist()


def _ends(kind: np.dtype[Any]) -> tuple[Any, Any]:
    if kind.kind == "f":
        return kind.type(np.inf), kind.type(-np.inf)
    return kind.type(np.iinfo(kind).max), kind.type(np.iinfo(kind).min)


def find(
    answers: pd.DataFrame,
    by: pd.Series,
    service: pd.Series | None = None,
    wider: Mapping[str, Mapping[str, Iterable[str]]] | None = None,
    n_min: int = N_MIN,
) -> Alike:
    """Find units, services and wider groups that answered alike.

    Parameters
    ----------
    answers : DataFrame
    by : Series
        Unit of each row.
    service : Series, optional
        Service of each row; none where not stated.
    wider : mapping of scope to mapping of id to units, optional
        Types, agencies, the city.
    n_min : int
        Of smaller groups nothing but the number is told anyway.

    Examples
    --------
    >>> import pandas as pd
    >>> x = pd.DataFrame({"U1": [4, 4, 4, 3], "U2": [3, 3, 4, 4]})
    >>> found = find(x, pd.Series(list("aabb")), wider={"type": {"desa": ["a"], "dinas": ["b"]}}, n_min=2)
    >>> found.units, found.wider
    (frozenset({'a'}), frozenset({('type', 'desa')}))
    """
    ids, valid, same = _looked_at(answers, by)
    shown = {unit for unit, n in zip(ids, valid, strict=True) if n >= n_min}
    units = frozenset(unit for unit, hit in zip(ids, same, strict=True) if hit and unit in shown)
    services = frozenset() if service is None else _services(answers, by, service, units, n_min)
    above = frozenset(
        (scope, name)
        for scope, groups in (wider or {}).items()
        for name, members in groups.items()
        if (counted := shown & set(members)) and counted <= units
    )
    return Alike(units, services, above)


def _services(
    answers: pd.DataFrame, by: pd.Series, service: pd.Series, units: frozenset[str], n_min: int
) -> frozenset[tuple[str, str]]:
    import pandas as pd

    unit, units_named = pd.factorize(by)
    kind, kinds = pd.factorize(service)
    if not len(kinds):
        return frozenset()
    # Rows that name no service are a service of their own in the result tables.
    width = len(kinds) + 1
    pair = np.asarray(unit, dtype=np.int64) * width + kind + 1
    found = set()
    for code, n in constant(answers, pd.Series(pair)).items():
        which, what = divmod(int(code), width)
        name = str(units_named[which])
        if n >= n_min and name not in units:
            found.add((name, str(kinds[what - 1]) if what else ""))
    return frozenset(found)


def withhold(table: pd.DataFrame, alike: Alike, module: str) -> pd.DataFrame:
    """Blank what would tell the answers of a group that answered alike.

    Parameters
    ----------
    table : DataFrame
        A result table that `disclosure.suppress` has passed.
    alike : Alike
    module : str
        Name of the table: says what its rows are about.

    Returns
    -------
    DataFrame
        Same rows; blanked ones carry the reason ``no-variance``.

    Examples
    --------
    >>> from pipeline import results
    >>> rows = results.frame([{"scope": "unit", "unit": "a", "statistic": s, "item": i, "estimate": e, "n": 8,
    ...                        "lower": e} for s, i, e in (("ikm", "", 100.0), ("nrr", "U1", 4.0))])
    >>> withhold(rows, Alike(frozenset("a")), "index")[["statistic", "estimate", "lower"]].values.tolist()
    [['ikm', 100.0, nan], ['nrr', nan, nan]]
    """
    if module == "integrity":
        return _without_shapes(table, alike)
    if not alike or not len(table) or module not in BY_ITEM:
        return table
    member, item = _members(table, alike), (table["item"] != "").to_numpy()
    told = table.statistic.isin((*TOLD, *SURE)).to_numpy() if module in ANSWERS else np.ones(len(table), bool)
    hide = member & (item | ~told)
    hide |= _of_services(table, alike.services) & item
    hide &= (table.reason != "suppressed").to_numpy()
    widths = table.statistic.isin(["ikm", "ikm_legacy", "letter"]).to_numpy() & ~hide
    widths &= member | _services_alike(table, alike.services)
    return _blanked(table, hide, _unsure(table, widths))


def _without_shapes(table: pd.DataFrame, alike: Alike) -> pd.DataFrame:
    """How rows came about is told of everybody; what shape they have is not where all are one row."""
    if not alike or not len(table):
        return table
    shapes = (table.statistic.isin(SHAPES) | table.method.isin(SHAPES)).to_numpy()
    hide = _members(table, alike) & shapes & (table.reason != "suppressed").to_numpy()
    return _blanked(table, hide, np.zeros(len(table), dtype=bool))


def _blanked(table: pd.DataFrame, hide: np.ndarray, widths: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    if not hide.any() and not widths.any():
        return table
    table = table.copy()
    for column in _NUMBERS:
        table.loc[hide, column] = np.nan
    for column in ("numerator", "denominator"):
        table.loc[hide, column] = pd.NA
    for column in ("text", "other"):
        table.loc[hide, column] = ""
    table.loc[hide, "reason"] = REASON
    for column in _LIMITS:
        table.loc[widths, column] = np.nan
    return table


def _unsure(table: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Of these rows those whose letter is not certain: where everybody answered, it is (R19)."""
    near = np.flatnonzero(rows)
    part = table.iloc[near]
    sure = table[table.unit.isin(set(part.unit)) & (table.statistic == "certainty") & table.estimate.notna()]
    certain = set(zip(sure.scope, sure.unit, sure.service, sure.group, strict=True))
    keys = zip(part.scope, part.unit, part.service, part.group, strict=True)
    out = np.zeros(len(table), dtype=bool)
    out[near] = [key not in certain for key in keys]
    return out


def _members(table: pd.DataFrame, alike: Alike) -> np.ndarray:
    own = table.scope.isin(["unit", "service"]).to_numpy() & table.unit.isin(alike.units).to_numpy()
    for scope, name in alike.wider:
        column = "unit" if scope == "parent" else "group"
        above = table.scope == scope
        own |= (above if scope == "city" else above & (table[column] == name)).to_numpy()
    return own


def _of_services(table: pd.DataFrame, services: Iterable[tuple[str, str]]) -> np.ndarray:
    """Rows of all services of a unit that has one such: the others and the unit would give it away."""
    units = {unit for unit, _ in services}
    return ((table.scope == "service") & table.unit.isin(units)).to_numpy()


def _services_alike(table: pd.DataFrame, services: frozenset[tuple[str, str]]) -> np.ndarray:
    near = np.flatnonzero(_of_services(table, services))
    part, out = table.iloc[near], np.zeros(len(table), dtype=bool)
    out[near] = [key in services for key in zip(part.unit, part.service, strict=True)]
    return out


def left(table: pd.DataFrame, unlisted: Sequence[str]) -> pd.DataFrame:
    """Leave of the rows that name no listed unit only how many there are.

    They are nobody's answers: an index of them describes no unit.
    """
    rows = table.unit.isin(list(unlisted)) & (table.scope.isin(["unit", "service"]))
    counts = table.statistic.isin(["n", "n_valid"]) & (table["item"] == "") & (table.scope == "unit")
    return table[~(rows & ~counts)].reset_index(drop=True)
