"""Who takes part in a comparison of units, on which score, and among which peers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.statistics.data.grouped import Array, group
from pipeline.statistics.data.scores import Scores, from_series, scores

if TYPE_CHECKING:
    import pandas as pd


def read_scores(
    answers: pd.DataFrame | pd.Series,
    by: Any,
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
) -> tuple[Scores, str]:
    """Return the counts, and the names of items too few respondents answered to be shared (R12)."""
    import pandas as pd

    if isinstance(answers, pd.Series):
        return from_series(answers, by), ""
    grouped = group(answers, by, items)
    shared = grouped.shared()
    left_out = ",".join(item for item in grouped.items if item not in shared.items)
    return scores(shared, scale[1]), left_out


def standing(data: Scores, leave_out: Mapping[str, str] | Collection[str]) -> Array:
    """Why a unit takes no part at all; "" for those that do.

    Examples
    --------
    >>> import pandas as pd
    >>> data = from_series(pd.Series([50.0, 75.0, 75.0]), ["a", "b", "b"])
    >>> standing(data, {"b": "for-information"}).tolist()
    ['excluded', 'for-information']
    """
    reasons = np.where(data.n == 0, "no-data", np.where(data.n < 2, "excluded", "")).astype(object)
    for position, unit in enumerate(data.units):
        if unit in leave_out:
            reasons[position] = leave_out[unit] if isinstance(leave_out, Mapping) else "excluded"
    return reasons


def type_of(units: Sequence[str], types: Mapping[str, str] | None) -> Array:
    """Type of each unit, "" where none is given."""
    return np.array([(types or {}).get(unit, "") for unit in units], dtype=object)


def kinds_of(units: Sequence[str], types: Mapping[str, str] | None) -> Array:
    """Type of each unit as a number from 0, -1 where none is given.

    Examples
    --------
    >>> kinds_of(["a", "b", "c"], {"a": "upt", "c": "dinas"}).tolist()
    [1, -1, 0]
    """
    names = type_of(units, types)
    place = {name: number for number, name in enumerate(sorted(set(names) - {""}))}
    return np.array([place.get(name, -1) for name in names], dtype=np.intp)


def peers(units: Sequence[str], types: Mapping[str, str] | None) -> list[tuple[str, Array]]:
    """List the whole city first (named ""), then each type by name, as masks over units.

    Examples
    --------
    >>> [(name, mask.tolist()) for name, mask in peers(["a", "b"], {"a": "dinas"})]
    [('', [True, True]), ('dinas', [True, False])]
    """
    kind = type_of(units, types)
    every = np.ones(len(units), dtype=bool)
    return [("", every), *((name, kind == name) for name in sorted({k for k in kind if k}))]


def apart(groups: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Sort groups of units into as few passes as needed, so that no unit is in two groups of one pass.

    An agency may lie within another one: sums over units are made for groups without common units.

    Returns
    -------
    list of mapping of unit id to group
        The largest groups first.

    Examples
    --------
    >>> apart({"dinas": ["dinas", "pkm"], "kota": ["kota", "dinas", "pkm"]})
    [{'kota': 'kota', 'dinas': 'kota', 'pkm': 'kota'}, {'dinas': 'dinas', 'pkm': 'dinas'}]
    """
    passes: list[dict[str, str]] = []
    for name, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        free = next((p for p in passes if not any(unit in p for unit in members)), None)
        if free is None:
            passes.append(free := {})
        free.update(dict.fromkeys(members, name))
    return passes
