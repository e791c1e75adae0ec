"""What must not be shown (R6): small groups, small cells, and what subtraction would reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.statistics.data.small_cells import N_MIN, few_answered

if TYPE_CHECKING:
    import pandas as pd

#: Over all unsur of a unit together: less those that are told they would be those of the hidden ones.
_OF_ALL = ("top_box", "bottom_2", "ikm_shared")
#: Unsur of a service are told from so many people on, as the annex of answers is of a unit.
ITEMS_OF_SERVICE = 10
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
    ``n_min`` (and above 0), and so is a single row (an item few people answered). Where a service of a unit
    falls, the next smallest fall too until there are two with ``n_min`` people: the unit's index less the
    others would be theirs. Of an item that falls the next smallest of its group falls too. Unsur of a
    service are told from `ITEMS_OF_SERVICE` people on.

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
    small |= _next_services(services, n_min)
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
    low |= _service_items(table, services, n_min)
    kept = (table.statistic.isin((*_COUNTS_OF_ROWS, *_FRAME)) & (table["item"] == "")).to_numpy()
    hide = (in_small | low) & ~kept
    return _blank(table, hide)


def _next_services(services: pd.Series, n_min: int) -> set[tuple[str, ...]]:
    """Services that are hidden beside a unit's small ones: the unit less those shown is two and ``n_min`` people."""
    owner = services.index.get_level_values("unit")
    near = owner.isin(owner[(services < n_min).to_numpy()])
    found: set[tuple[str, ...]] = set()
    # Only units where a service is small are looked at one by one.
    for _, part in services[near].groupby(level="unit", sort=False):
        ordered = part.sort_values(kind="stable")
        people, small = ordered.to_numpy().cumsum(), int((ordered < n_min).sum())
        enough = np.flatnonzero((people >= n_min) & (np.arange(len(people)) >= 1))
        last = max(small, int(enough[0]) + 1 if len(enough) else len(ordered))
        found |= set(ordered.index[:last])
    return found


def _service_items(table: pd.DataFrame, services: pd.Series, n_min: int) -> np.ndarray:
    """Rows of the unsur of services that are not told.

    Nine means pick the rows of a small group out of the annex of answers, so they are told of groups as
    large as an annex needs. What the unit's unsur less those told leave is of two services at least, and
    of nobody or of as many people in each unsur.
    """
    out = np.zeros(len(table), dtype=bool)
    place = np.flatnonzero((table.scope == "service").to_numpy() & (table["item"] != "").to_numpy())
    if not len(place):
        return out
    part = table.iloc[place]
    people = services.droplevel(["scope", "group"])
    means = part[part.statistic == "nrr"]
    asked = means.assign(n=means["n"].astype("Float64").fillna(0).to_numpy(dtype=float))
    asked = asked.pivot_table(
        index=["unit", "service"], columns="item", values="n", aggfunc="sum", observed=True
    )
    asked = asked.fillna(0)
    size = people.reindex(asked.index).fillna(0).to_numpy()
    few = ((asked > 0) & (asked < n_min)).any(axis=1).to_numpy() | ((size > 0) & (size < ITEMS_OF_SERVICE))
    owner = asked.index.get_level_values("unit")
    hidden: set[tuple[str, str]] = set()
    for unit in owner[few].unique():
        mine = np.flatnonzero(owner == unit)
        order = mine[np.lexsort((size[mine], ~few[mine]))]
        total = asked.to_numpy()[order].cumsum(0)
        safe = ((total == 0) | (total >= ITEMS_OF_SERVICE)).all(1) & (
            np.arange(len(order)) >= max(1, few[mine].sum() - 1)
        )
        last = int(np.flatnonzero(safe)[0]) + 1 if safe.any() else len(order)
        hidden |= set(asked.index[order[:last]])
    out[place] = [key in hidden for key in zip(part.unit, part.service, strict=True)]
    return out


def hidden_items(
    index: pd.DataFrame, scale: tuple[int, int] = (1, 4), n_min: int = N_MIN
) -> frozenset[tuple[str, str]]:
    """Unsur of units that are hidden in every table, not in the index alone: see `cells.few_answered`.

    Examples
    --------
    >>> from pipeline import results
    >>> rows = results.frame([{"scope": "unit", "unit": "a", "statistic": "nrr", "item": i, "estimate": 3, "n": n}
    ...                       for i, n in (("U1", 40), ("U2", 39), ("U3", 2))])
    >>> sorted(hidden_items(rows))
    [('a', 'U2'), ('a', 'U3')]
    """
    means = index[(index.scope == "unit") & (index.statistic == "nrr")]
    n = means["n"].astype("Float64").fillna(0).to_numpy(dtype=float)
    means = means[means.unit.isin(set(means.unit[(n > 0) & (n < n_min)]))]
    found = set()
    # In the order of the rows, as `aggregate` has them.
    for unit, part in means.groupby("unit", sort=False, observed=True):
        n = part["n"].astype("Float64").fillna(0).to_numpy(dtype=float)
        few = few_answered(n[None], part.estimate.to_numpy()[None], scale, n_min)[0]
        found |= {(str(unit), str(item)) for item in part["item"][few]}
    return frozenset(found)


def hide_items(table: pd.DataFrame, hidden: frozenset[tuple[str, str]]) -> pd.DataFrame:
    """Blank what names a hidden unsur of a unit, and its sums over all unsur but the index; see `hidden_items`."""
    near = np.flatnonzero(
        table.unit.isin({unit for unit, _ in hidden}).to_numpy() & (table.reason != "suppressed")
    )
    if not len(near):
        return table
    part, hide = table.iloc[near], np.zeros(len(table), dtype=bool)
    hide[near] = [
        (unit, item) in hidden or (unit, other) in hidden or (statistic in _OF_ALL and not item)
        for unit, item, other, statistic in zip(
            part.unit, part["item"], part.other, part.statistic, strict=True
        )
    ]
    return _blank(table, hide & table.scope.isin(["unit", "service"]).to_numpy()) if hide.any() else table


def _next_items(table: pd.DataFrame, low: np.ndarray) -> np.ndarray:
    """Rows of the item that must be hidden beside those of a group that few answered (`cells.few_answered`)."""
    columns = ["scope", "unit", "service", "group", "method"]
    out = np.zeros(len(table), dtype=bool)
    means = (table.statistic == "nrr").to_numpy()
    near = np.flatnonzero(table.unit.isin(set(table.unit[means & low])).to_numpy())
    part, hidden = table.iloc[near], low[near]
    for _, rows in part.assign(place=near, hidden=hidden).groupby(columns[:-1], sort=False):
        for _, nrr in rows[rows.statistic == "nrr"].groupby("method", sort=False):
            n = nrr["n"].astype("Float64").fillna(0).to_numpy(dtype=float)
            beside = np.where(nrr.hidden | (n == 0), np.inf, n)
            if nrr.hidden.any() and np.isfinite(beside).any():
                item = nrr["item"].iloc[int(beside.argmin())]
                out[rows.place[rows["item"] == item]] = True
    return out
