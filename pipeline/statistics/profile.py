"""Who answered: counts and shares of respondents' characteristics, one way and crossed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .answers import groups
from .rows import Blocks

if TYPE_CHECKING:
    import pandas as pd

#: Characteristics counted where the responses have them.
VARIABLES = ("sex", "age_band", "education", "occupation", "service", "disability", "mode")
#: Pairs that are crossed where both exist.
CROSSES = (("sex", "age_band"), ("sex", "education"))
#: Category of respondents for whom a characteristic is not recorded.
MISSING = "missing"
#: Between the two categories of a crossed cell.
SEPARATOR = "|"

Array = np.ndarray


def table(
    responses: pd.DataFrame,
    by: Any = None,
    *,
    variables: Sequence[str] = VARIABLES,
    crosses: Sequence[tuple[str, str]] = CROSSES,
    full: bool | None = None,
    survey: str = "",
) -> pd.DataFrame:
    """Count respondents by characteristic, for every unit and for all.

    Parameters
    ----------
    responses : DataFrame
        One row a respondent; columns that are absent are left out.
    by : array-like or column name, optional
        Unit of each row; None uses no units (one unit ``""``).
    variables, crosses
        Characteristics, and pairs of them.
    full : bool, optional
        None counts everything. False is for reading by others: small crossed cells are hidden
        and small categories merged into ``other`` (R6); True keeps the categories (the
        definition's ``poster_counts: full``) and hides crossed cells only.
    survey : str

    Returns
    -------
    DataFrame
        ``count`` and ``share``: the characteristic in ``item``, the category in ``group``. Crossed
        cells name both (``item`` and ``other``) and join the categories by ``|``. Shares are of
        those for whom the characteristic is recorded (``n``); category ``missing`` has a count and
        no share. Scopes ``unit`` and ``city``.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = table(pd.DataFrame({"sex": ["male", "female", "male", None]}))
    >>> rows.loc[rows.statistic == "count", ["group", "estimate"]].values.tolist()
    [['female', 1.0], ['male', 2.0], ['missing', 1.0]]
    """
    labels = responses[by] if isinstance(by, str) and by in responses.columns else by
    units = groups(labels, len(responses))
    blocks = Blocks(survey)
    found = {
        name: groups(_blank(responses[name]), len(responses))
        for name in variables
        if name in responses.columns
    }
    scopes = [("unit", units.codes, np.array(units.ids, dtype=object))]
    if labels is not None:
        scopes.append(("city", np.zeros(len(responses), dtype=np.int32), np.array([""], dtype=object)))
    for scope, codes, names in scopes:
        for name, kinds in found.items():
            kind_names = np.array(kinds.ids, dtype=object)
            _count(blocks, scope, codes, names, kinds.codes, kind_names, kind_names == MISSING, name, "")
        for first, second in crosses:
            if first in found and second in found:
                a, b = found[first], found[second]
                joined = np.array([f"{x}{SEPARATOR}{y}" for x in a.ids for y in b.ids], dtype=object)
                gone = np.array([MISSING in (x, y) for x in a.ids for y in b.ids], dtype=bool)
                cell = a.codes.astype(np.int64) * len(b) + b.codes
                _count(blocks, scope, codes, names, cell, joined, gone, first, second)
    counted = blocks.frame()
    if full is None:
        return counted
    from . import disclosure

    hidden = disclosure.suppress_cross(counted)
    return hidden if full else disclosure.merge_small(hidden)


def _blank(column: pd.Series) -> pd.Series:
    text = column.astype(object).where(column.notna(), MISSING).astype(str)
    return text.where(text.str.strip() != "", MISSING)


def _count(
    blocks: Blocks,
    scope: str,
    codes: Array,
    names: Array,
    kind: Array,
    kinds: Array,
    gone: Array,
    item: str,
    other: str,
) -> None:
    width = len(kinds)
    if not width:
        return
    counts = np.bincount(codes.astype(np.int64) * width + kind, minlength=len(names) * width)
    counts = counts[: len(names) * width].reshape(len(names), width)
    recorded = counts[:, ~gone].sum(1)
    # Categories nobody in the unit has are left out: an absent row is a zero.
    group, place = np.nonzero(counts)
    value, n = counts[group, place], recorded[group]
    where = {"unit": names[group], "item": item, "other": other, "group": kinds[place]}
    blocks.add(scope, "count", group, estimate=value.astype(float), n=n, numerator=value, **where)
    keep = ~gone[place]
    shown = {key: v[keep] if isinstance(v, np.ndarray) else v for key, v in where.items()}
    blocks.add(
        scope, "share", group[keep], estimate=value[keep] / n[keep], n=n[keep], numerator=value[keep],
        denominator=n[keep], **shown,
    )  # fmt: skip
