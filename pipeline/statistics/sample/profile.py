"""Who answered: counts and shares of respondents' characteristics, one way and crossed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.statistics.data.levels import Groups, groups
from pipeline.statistics.data.merged_categories import (
    MISSING,
    OTHER,
    Family,
    families,
    folded,
    of_city,
)
from pipeline.statistics.data.rows import Blocks
from pipeline.statistics.data.small_cells import N_MIN, hidden_cells

if TYPE_CHECKING:
    import pandas as pd

#: Characteristics counted where the responses have them.
VARIABLES = ("sex", "age_band", "education", "occupation", "service", "disability", "disability_kind", "mode")
#: How many used which service is told of every service, as its number of answers is (R6): no trait of a person.
TOLD = ("service",)
#: Pairs that are crossed where both exist.
CROSSES = (("sex", "age_band"), ("sex", "education"))
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
        None counts everything. False is for reading by others: small categories, ``missing`` among them,
        are merged into ``other`` (R6), together in variables that determine one another and in the city
        where its count less the units' would undo a unit's merging (R23, see `merging`); of crossed
        tables, which are of units only, small cells are hidden. Units of fewer than five are left out.
        True keeps the categories (the definition's ``poster_counts: full``) and hides crossed cells only.
    counted : collection of str, optional
        Units whose respondents are the city's (R23); by default all.
    survey : str

    Returns
    -------
    DataFrame
        ``count`` and ``share``: the characteristic in ``item``, the category in ``group``. Crossed
        cells name both (``item`` and ``other``) and join the categories by ``|``; every hidden cell is
        listed, of nobody or not. Shares are of those for whom the characteristic is recorded (``n``), of
        all where ``missing`` was merged and in crossed tables for reading; category ``missing`` has a
        count and no share. Scopes ``unit`` and ``city``.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = table(pd.DataFrame({"sex": ["male", "female", "male", None]}))
    >>> rows.loc[rows.statistic == "count", ["group", "estimate"]].values.tolist()
    [['female', 1.0], ['male', 2.0], ['missing', 1.0]]
    """
    if not len(responses):
        return Blocks(survey).frame()
    labels = responses[by] if isinstance(by, str) and by in responses.columns else by
    units = groups(labels, len(responses))
    inside = np.array([counted is None or unit in counted for unit in units.ids], dtype=bool)
    found = {
        name: groups(_blank(responses[name]), len(responses))
        for name in variables
        if name in responses.columns
    }
    made = _Profile(Blocks(survey), units, inside if labels is not None else None, full)
    told = [(name,) for name in found if full is not False or name in TOLD]
    together = families({name: codes for name, codes in found.items() if (name,) not in told})
    for names in sorted([*told, *together], key=lambda names: list(found).index(names[0])):
        made.one_way(Family.read(names, found, units.codes, len(units)))
    for first, second in crosses:
        if first in found and second in found:
            made.crossed((first, second), found)
    return made.blocks.frame()


class _Profile:
    """Rows of a profile as they are made: what each unit merges is kept for the crossed tables."""

    def __init__(self, blocks: Blocks, units: Groups, inside: Array | None, full: bool | None) -> None:
        self.blocks, self.units, self.inside, self.full = blocks, units, inside, full
        self.names = np.array(units.ids, dtype=object)
        self.merged: dict[str, Array] = {}

    def one_way(self, family: Family) -> None:
        """Rows of the categories of each variable of a family."""
        large = np.ones(len(self.units), dtype=bool) if self.full is None else family.counts.sum(1) >= N_MIN
        told = self.full is not False or family.names[0] in TOLD
        inside = None if self.inside is None else self.inside & large
        chosen = [] if told else family.merged()
        of_all = [] if told or inside is None else of_city(family, chosen, inside)
        for k, name in enumerate(family.names):
            kinds = np.array(family.ids[k], dtype=object)
            counts, other = family.one_way(k), family.ids[k].index(OTHER)
            whole = None if inside is None else counts[inside].sum(0, keepdims=True)
            counts[~large] = 0
            if chosen:
                self.merged[name] = chosen[k]
                counts = folded(counts, chosen[k], other, 1)
            _emit(self.blocks, "unit", self.names, counts, kinds, kinds == MISSING, {"item": name})
            if whole is None:
                continue
            if of_all:
                whole = of_all[k]
            city = np.array([""], dtype=object)
            _emit(self.blocks, "city", city, whole, kinds, kinds == MISSING, {"item": name})

    def crossed(self, names: tuple[str, str], found: Mapping[str, Groups]) -> None:
        """Rows of the cells of two variables, each with its categories as they are told one way."""
        family = Family.read(names, found, self.units.codes, len(self.units))
        high, wide = len(family.ids[0]), len(family.ids[1])
        grid: Array = np.zeros((len(self.units), high, wide), dtype=np.int64)
        grid[:, family.of[0], family.of[1]] = family.counts
        joined = np.array([f"{x}{SEPARATOR}{y}" for x in family.ids[0] for y in family.ids[1]], dtype=object)
        gone = np.array([MISSING in (x, y) for x in family.ids[0] for y in family.ids[1]], dtype=bool)
        where = {"item": names[0], "other": names[1]}
        if self.full is None:
            _emit(self.blocks, "unit", self.names, grid.reshape(len(grid), -1), joined, gone, where)
            if self.inside is not None:
                whole = grid[self.inside].sum(0).reshape(1, -1)
                _emit(self.blocks, "city", np.array([""], dtype=object), whole, joined, gone, where)
            return
        # The city's cells less the units' would undo what the units hide: only one of the two is told.
        grid[grid.sum(axis=(1, 2)) < N_MIN] = 0
        for axis, name in enumerate(names, start=1):
            if name in self.merged:
                other = family.ids[axis - 1].index(OTHER)
                grid = folded(grid, self.merged[name], other, axis)
        hide = hidden_cells(grid) & (grid.sum(1, keepdims=True) > 0) & (grid.sum(2, keepdims=True) > 0)
        flat = grid.reshape(len(grid), -1)
        _emit(
            self.blocks,
            "unit",
            self.names,
            flat,
            joined,
            np.zeros_like(gone),
            where,
            hide.reshape(flat.shape),
        )


def _blank(column: pd.Series) -> pd.Series:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        # A text is looked at once, not once a row.
        texts = [str(name) if str(name).strip() else MISSING for name in column.cat.categories]
        names = list(dict.fromkeys([*texts, MISSING]))
        place = np.array([names.index(text) for text in [*texts, MISSING]])
        return pd.Series(pd.Categorical.from_codes(place[column.cat.codes.to_numpy()], pd.Index(names)))
    text = column.astype(object).where(column.notna(), MISSING).astype(str)
    return text.where(text.str.strip() != "", MISSING)


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
    """Rows of counts and shares; categories nobody in the unit has are left out, unless they are hidden."""
    if not len(kinds):
        return
    recorded = counts[:, ~gone].sum(1)
    hide = np.zeros(counts.shape, dtype=bool) if hide is None else hide
    group, place = np.nonzero((counts > 0) | hide)
    value, n = counts[group, place], recorded[group]
    hidden = hide[group, place]
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
