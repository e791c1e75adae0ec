"""Who answered: counts and shares of respondents' characteristics, one way and crossed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .answers import groups
from .cells import hidden_cells, merged_categories
from .rows import Blocks

if TYPE_CHECKING:
    import pandas as pd

#: Characteristics counted where the responses have them.
VARIABLES = ("sex", "age_band", "education", "occupation", "service", "disability", "disability_kind", "mode")
#: Pairs that are crossed where both exist.
CROSSES = (("sex", "age_band"), ("sex", "education"))
#: Category of respondents for whom a characteristic is not recorded.
MISSING = "missing"
#: Where small categories go.
OTHER = "other"
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
    counted: Collection[str] | None = None,
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
    counted : collection of str, optional
        Units whose respondents are the city's (R23); by default all.
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
        inside = np.array([counted is None or unit in counted for unit in units.ids] + [False])
        codes = np.where(inside[units.codes], 0, 1)  # 1: of no group
        scopes.append(("city", codes, np.array([""], dtype=object)))
    for scope, codes, names in scopes:
        for name, kinds in found.items():
            kind_names = np.array(kinds.ids, dtype=object)
            counts = _counts(codes, len(names), kinds.codes, len(kinds))
            if full is False:
                counts, kind_names = _merged(counts, kind_names)
            where = {"item": name}
            _emit(blocks, scope, names, counts, kind_names, kind_names == MISSING, where)
        for first, second in crosses:
            if first in found and second in found:
                a, b = found[first], found[second]
                joined = np.array([f"{x}{SEPARATOR}{y}" for x in a.ids for y in b.ids], dtype=object)
                gone = np.array([MISSING in (x, y) for x in a.ids for y in b.ids], dtype=bool)
                cell = a.codes.astype(np.int64) * len(b) + b.codes
                counts = _counts(codes, len(names), cell, len(joined))
                grid = counts.reshape(len(names), len(a), len(b))
                hide = None if full is None else hidden_cells(grid).reshape(counts.shape)
                where = {"item": first, "other": second}
                _emit(blocks, scope, names, counts, joined, gone, where, hide)
    return blocks.frame()


def _blank(column: pd.Series) -> pd.Series:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        # A text is looked at once, not once a row.
        texts = [str(name) if str(name).strip() else MISSING for name in column.cat.categories]
        names = list(dict.fromkeys([*texts, MISSING]))
        place = np.array([names.index(text) for text in [*texts, MISSING]])
        return pd.Series(pd.Categorical.from_codes(place[column.cat.codes.to_numpy()], names))
    text = column.astype(object).where(column.notna(), MISSING).astype(str)
    return text.where(text.str.strip() != "", MISSING)


def _counts(codes: Array, units: int, kind: Array, kinds: int) -> Array:
    counts = np.bincount(codes.astype(np.int64) * kinds + kind, minlength=units * kinds)
    return counts[: units * kinds].reshape(units, kinds)


def _merged(counts: Array, names: Array) -> tuple[Array, Array]:
    """Move small categories into ``other``; ``missing`` stays what it is."""
    if OTHER not in names:
        names = np.append(names, OTHER)
        counts = np.hstack([counts, np.zeros((len(counts), 1), dtype=counts.dtype)])
    other = int(np.flatnonzero(names == OTHER)[0])
    known = np.flatnonzero(names != MISSING)
    chosen = np.zeros(counts.shape, dtype=bool)
    chosen[:, known] = merged_categories(counts[:, known], int(np.flatnonzero(known == other)[0]))
    moved = np.where(chosen, counts, 0).sum(1)
    out = np.where(chosen, 0, counts)
    out[:, other] += moved
    return out, names


def _emit(
    blocks: Blocks,
    scope: str,
    units: Array,
    counts: Array,
    kinds: Array,
    gone: Array,
    where: dict[str, str],
    hide: Array | None = None,
) -> None:
    """Rows of counts and shares; categories nobody in the unit has are left out, a zero."""
    if not len(kinds):
        return
    recorded = counts[:, ~gone].sum(1)
    group, place = np.nonzero(counts)
    value, n = counts[group, place], recorded[group]
    hidden = np.zeros(len(group), dtype=bool) if hide is None else hide[group, place]
    reason = np.where(hidden, "suppressed", "").astype(object)
    shown = value.astype(object)
    shown[hidden] = None
    base = n.astype(object)
    base[hidden] = None
    labels = {"unit": units[group], "group": kinds[place]}
    blocks.add(
        scope, "count", group, estimate=np.where(hidden, np.nan, value), n=n, numerator=shown,
        reason=reason, **labels, **where,
    )  # fmt: skip
    keep = ~gone[place]
    labels = {key: column[keep] for key, column in labels.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(hidden, np.nan, value / n)[keep]
    blocks.add(
        scope, "share", group[keep], estimate=share, n=n[keep], numerator=shown[keep],
        denominator=base[keep], reason=reason[keep], **labels, **where,
    )  # fmt: skip
