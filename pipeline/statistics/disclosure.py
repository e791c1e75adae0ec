"""What must not be shown (R6): small groups, small cells, and what subtraction would reveal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import rules
from .cells import N_MIN
from .sampling import required

if TYPE_CHECKING:
    import pandas as pd

#: Signs: privacy, and quality. They never stand for one another.
PRIVACY, INFORMATION = "x", "E"
_NUMBERS = ("estimate", "lower", "upper", "df", "p", "p_adjusted")
_COUNTS_OF_ROWS = ("n", "n_valid")
#: Facts about the service users, not about the answers of those who came.
_FRAME = ("population", "required", "required_krejcie_morgan", "required_slovin", "shortfall")
_TELLING = ("certainty", "n_to_settle", "priority", "lower_than", "letter_changes")


def _blank(table: pd.DataFrame, hide: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    table = table.copy()
    for column in _NUMBERS:
        table.loc[hide, column] = np.nan
    for column in ("numerator", "denominator"):
        table.loc[hide, column] = pd.NA
    table.loc[hide, "text"] = ""
    # Elsewhere `other` says which item or unit is meant; here it would give the letter away.
    table.loc[hide & table.statistic.isin(_TELLING), "other"] = ""
    table.loc[hide, "reason"] = "suppressed"
    return table


def suppress(table: pd.DataFrame, n_min: int = N_MIN) -> pd.DataFrame:
    """Blank every number that rests on fewer than ``n_min`` respondents, keeping the count itself.

    A whole unit, service, type or agency is blanked when its number of rows with answers is below
    ``n_min`` (and above 0), and so is a single row (an item few people answered). Where exactly
    one service of a unit, or one item of a group, falls, the next smallest falls too: the unit's
    index and the others would give it away by subtraction.

    Parameters
    ----------
    table : DataFrame
        A result table of `index`, `sampling`, `integrity`, `priorities`, ...
    n_min : int

    Returns
    -------
    DataFrame
        Same rows; blanked ones carry the reason ``suppressed``.

    Examples
    --------
    >>> from pipeline import results
    >>> rows = results.frame([{"scope": "unit", "unit": "a", "statistic": s, "estimate": e, "n": 3}
    ...                       for s, e in (("n", 3), ("ikm", 80.0))])
    >>> suppress(rows)[["statistic", "estimate", "reason"]].values.tolist()
    [['n', 3.0, ''], ['ikm', nan, 'suppressed']]
    """
    counted = table[table.statistic.isin(_COUNTS_OF_ROWS) & (table["item"] == "") & (table.scope != "city")]
    # Methods of one group (pooled, mean of units) share its respondents.
    size = counted.groupby(["scope", "unit", "service", "group"], observed=True, sort=False).estimate.min()
    small = set(size[(size > 0) & (size < n_min)].index)
    services = size[(size.index.get_level_values("scope") == "service") & (size > 0)]
    alone = services[services < n_min].groupby(level="unit", sort=False).size()
    alone = alone[alone == 1]
    # Only units where exactly one service is small are looked at one by one.
    near = services[services.index.get_level_values("unit").isin(alone.index)]
    for _, part in near.groupby(level="unit", sort=False):
        if len(part) > 1:
            small.add(part[part >= n_min].idxmin())
    in_small = np.zeros(len(table), dtype=bool)
    # Only rows of units that can be hit are looked at: a large city has millions of rows.
    near = np.flatnonzero(table.unit.isin({key[1] for key in small}).to_numpy())
    if len(near):
        part = table.iloc[near]
        keys = zip(part.scope, part.unit, part.service, part.group, strict=True)
        in_small[near] = [key in small for key in keys]
    n = table["n"].astype("Float64").fillna(np.inf).to_numpy(dtype=float)
    low = (n > 0) & (n < n_min) & (table.scope != "city").to_numpy()
    low |= _next_items(table, low & ~in_small)
    kept = (table.statistic.isin((*_COUNTS_OF_ROWS, *_FRAME)) & (table["item"] == "")).to_numpy()
    hide = (in_small | low) & ~kept
    return _blank(table, hide)


def _next_items(table: pd.DataFrame, low: np.ndarray) -> np.ndarray:
    """Rows of the item that must be hidden beside a group's only hidden item.

    The index is the mean of all items: with one unknown among them it could be solved for.
    """
    columns = ["scope", "unit", "service", "group", "method"]
    out = np.zeros(len(table), dtype=bool)
    means = (table.statistic == "nrr").to_numpy()
    single = table[means & low].groupby(columns, sort=False).size()
    single = single[single == 1]
    near = np.flatnonzero(table.unit.isin(set(single.index.get_level_values("unit"))).to_numpy())
    part, hidden = table.iloc[near], low[near]
    for _, rows in part.assign(place=near, hidden=hidden).groupby(columns[:-1], sort=False):
        for _, nrr in rows[rows.statistic == "nrr"].groupby("method", sort=False):
            others = nrr[~nrr.hidden]
            if nrr.hidden.sum() == 1 and len(others):
                item = others["item"].iloc[
                    int(others["n"].astype("Float64").fillna(np.inf).to_numpy().argmin())
                ]
                out[rows.place[rows["item"] == item]] = True
    return out


def signs(
    index_table: pd.DataFrame,
    population: Mapping[str, Any] | None = None,
    *,
    rule: rules.Rule | str = "14/2017",
    n_min: int = N_MIN,
) -> dict[str, str]:
    """Sign of each unit: ``x`` below ``n_min``, ``E`` below min(30, required), else ``""`` (R6).

    ``x`` is privacy: only the number is shown. ``E`` is quality: the unit's own report shows its
    index with a caution; ranking, bands and inference leave it out. A unit nobody answered is ``x``.

    Examples
    --------
    >>> from pipeline import results
    >>> rows = results.frame([{"scope": "unit", "unit": u, "statistic": "n_valid", "estimate": n}
    ...                       for u, n in (("a", 3), ("b", 20), ("c", 20), ("d", 30))])
    >>> signs(rows, {"c": 20})
    {'a': 'x', 'b': 'E', 'c': '', 'd': ''}
    """
    rows = index_table[(index_table.scope == "unit") & (index_table.statistic == "n_valid")]
    return signs_of(
        dict(zip(rows.unit.astype(str), rows.estimate, strict=True)), population, rule=rule, n_min=n_min
    )


def signs_of(
    valid: Mapping[str, float],
    population: Mapping[str, Any] | None = None,
    *,
    rule: rules.Rule | str = "14/2017",
    n_min: int = N_MIN,
) -> dict[str, str]:
    """Sign of each unit from its valid answers alone; see `signs`.

    Examples
    --------
    >>> signs_of({"a": 3, "b": 20, "c": 20, "d": 30}, {"c": 20})
    {'a': 'x', 'b': 'E', 'c': '', 'd': ''}
    """
    import pandas as pd

    out: dict[str, str] = {}
    for unit, count in valid.items():
        people = (population or {}).get(unit)
        known = None if people is None or pd.isna(people) or int(people) < 1 else int(people)
        enough = min(30, required(known, rule) or 30)
        out[str(unit)] = PRIVACY if count < n_min else INFORMATION if count < enough else ""
    return out
