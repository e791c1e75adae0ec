"""Item by item: does each belong to the scale, and do the items share enough to be one.

The published practice, "r hitung > r tabel" on item-total correlations, declares pure noise valid
(each item is part of the total). It is reported because readers expect it; the decision rests
on the item-rest correlation, r >= 0.30.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.data.covariance import (
    Stack,
    correlation,
    duplicates,
    enough_for_factors,
    inverse,
    listwise,
    varying,
)
from pipeline.statistics.data.grouped import Array, Grouped, group
from pipeline.statistics.data.pearson import (
    bartlett,
    eigenvalues,
    fisher_interval,
    item_rest,
    item_total,
    kmo,
    r_p_value,
    r_table,
)
from pipeline.statistics.data.rows import Sheet, choose, names_where
from pipeline.statistics.psychometrics.correlation.rank import spearman
from pipeline.statistics.psychometrics.factor.dimensionality import add_dimension_rows
from pipeline.statistics.psychometrics.items.ceiling import add_ceiling_row
from pipeline.statistics.psychometrics.items.item_jackknife import item_rest_interval
from pipeline.statistics.psychometrics.items.within_validity import within_rows

if TYPE_CHECKING:
    import pandas as pd


def item_spearman(grouped: Grouped, stack: Stack, rest: bool = True) -> Array:
    """Spearman's correlation of each item with the sum of the others (or of all), shape (U, k).

    Examples
    --------
    >>> import pandas as pd
    >>> g = group(pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4]}))
    >>> item_spearman(g, listwise(g)).round(6).tolist()
    [[0.8, 0.8]]
    """
    units, unit = len(grouped.units), grouped.unit_of_row
    total = np.zeros(grouped.rows)
    for j in range(len(grouped.items)):
        total += grouped.column(j)
    out = np.full(stack.asked.shape, np.nan)
    for j in range(len(grouped.items)):
        x = grouped.column(j)
        r = spearman(x, total - x if rest else total, unit, units, stack.complete)
        out[:, j] = np.where(stack.asked[:, j], r, np.nan)
    return out


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    survey: str = "",
    items: Sequence[str] | None = None,
    confidence: float = 0.95,
    pearson: bool = False,
    models: bool | None = None,
    draws: int = 200,
    seed: int = 20170501,
    highest: float | None = None,
    counted: Collection[str] | None = None,
) -> pd.DataFrame:
    """Validity of the items in every unit, and over all respondents.

    Parameters
    ----------
    answers, by, survey, items, counted
        As in `reliability.table`.
    confidence : float
        Of the intervals, and 1 - level of "r tabel".
    pearson : bool
        Also every correlation of two items (``item`` x ``other``).
    models : bool, optional
        Polychoric correlations, parallel analysis and one factor per unit: True however many units
        there are, False none; by default where at most 500 have n >= 200. All respondents together
        always have them.
    draws, seed : int
        Of the parallel analysis; no draws leave it out.
    highest : float, optional
        Top of the scale; by default the highest answer there is.

    Returns
    -------
    DataFrame
        Tidy rows, all on complete rows of the items the unit asked.

        ============================================ ===========================================================
        ``item_total``                               per item, with p (two-sided) and df
        ``r_table``                                  method ``two-sided`` and ``one-sided``
        ``item_rest``                                per item, p and jackknife interval: decide on this one
        ``item_rest_spearman``                       per item
        ``kmo``, ``kmo_item``                        factor statistics refuse n < max(30, 5k) with reason ``too-
                                                     few``;
        ``bartlett``                                 chi2, df, p; constant items, and items that repeat another,
                                                     are left
        ``determinant``                              out and named in ``text``; a matrix that is still singular
                                                     gives NaN
        ``eigenvalue``                               with reason ``singular``. ``other`` is the eigenvalue's
                                                     place, "1" first
        ``polychoric``                               per pair, on its own rows; ``numerator`` counts empty cells
        ``eigenvalue_polychoric``                    of their matrix
        ``min_eigenvalue``                           of the polychoric matrix, or why there is none; units from
                                                     n = 200
        ``parallel_95``                              threshold of each eigenvalue, ``factors_parallel`` the
                                                     number above it
        ``ceiling_total``                            share of respondents who gave the highest answer to every
                                                     item; a caution (``text`` "ceiling") above 15 % (Terwee et
                                                     al. 2007)
        ``item_rest_polychoric``, ``kmo_polychoric`` of the polychoric matrix
        ``difficulty_factors``                       factors that parallel analysis finds in the numbers and not
                                                     in the ordinal answers: a caution (``text``) where there
                                                     are any
        ``loading_efa``                              one minres factor, with ``communality``: method
                                                     ``pearson``, ``polychoric``
        ``item_rest_within``                         scope city, of answers less the mean of their unit: what a
                                                     verdict on pooled units rests on (R20); likewise
                                                     ``kmo_within``, ``kmo_item_within``, ``bartlett_within``,
                                                     ``factors_parallel`` with method ``within``
        ``units_opposed``                            scope city, per item: share of the units in which it surely
                                                     runs against the others; ``text`` "opposed" where it surely
                                                     goes with them in another unit
        ============================================ ===========================================================

    Examples
    --------
    >>> import pandas as pd
    >>> a = pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4], "U3": [2, 2, 3, 4]})
    >>> t = table(a)
    >>> results.pick(t, statistic="item_rest", item="U1")["estimate"].round(4).tolist()
    [0.9393]
    """
    grouped = group(answers, by, items)
    alone = True if by is None and models is None else models
    told: dict[str, Any] = {
        "confidence": confidence, "pearson": pearson, "draws": draws, "seed": seed, "highest": highest,
    }  # fmt: skip
    parts = [_rows(grouped, survey, "unit", models=alone, **told)]
    those = grouped.of(counted)
    if by is not None and those.rows:
        together = those.pooled().shared()
        parts.append(_rows(together, survey, "city", models=True, **told))
        parts.append(within_rows(those, survey, confidence, draws, seed))
    return results.concat(parts)


def _rows(
    grouped: Grouped, survey: str, scope: str, *, models: bool | None, confidence: float, pearson: bool,
    draws: int, seed: int, highest: float | None,
) -> pd.DataFrame:  # fmt: skip
    sheet = Sheet(survey, scope, grouped.units)
    stack = listwise(grouped)
    n, cov, asked = stack.n, stack.cov, stack.asked
    size = len(n)
    short = choose([(~asked.any(axis=1), "no-data"), (stack.k < 2, "few-items"), (n < 3, "too-few")], size)
    # A correlation of two rows is always 1: three are the least that say anything.
    few = (n < 3)[:, None]
    why = np.where(short[:, None] == "", "no-variance", short[:, None])
    level, df = 1 - confidence, np.where(n >= 3, n - 2, np.nan)
    total = np.where(few, np.nan, item_total(cov))
    row: dict[str, Any] = {"item": grouped.items, "where": asked, "n": n, "df": df, "reason": why}
    sheet.add("item_total", total, p=r_p_value(total, n[:, None]), **row)
    for sides, name in ((2, "two-sided"), (1, "one-sided")):
        sheet.add("r_table", r_table(n, level, sides), n=n, df=df, confidence=confidence, method=name,
                  reason=np.where(short == "few-items", "", short))  # fmt: skip
    rest = np.where(few, np.nan, item_rest(cov))
    lower, upper, alone = item_rest_interval(grouped, stack, rest, confidence)
    sheet.add("item_rest", rest, lower=lower, upper=upper, confidence=confidence, method="jackknife",
              p=r_p_value(rest, n[:, None]), caution=alone, **row)  # fmt: skip
    ranked = np.where(few, np.nan, item_spearman(grouped, stack))
    sheet.add("item_rest_spearman", ranked, p=r_p_value(ranked, n[:, None]), **row)
    add_ceiling_row(sheet, grouped, stack, highest)
    _factor_rows(sheet, grouped, stack, short)
    if pearson:
        _pearson_rows(sheet, grouped, stack, short)
    add_dimension_rows(sheet, grouped, stack, models, draws, seed)
    return sheet.frame()


def _factor_rows(sheet: Sheet, grouped: Grouped, stack: Stack, short: Array) -> None:
    """KMO, Bartlett and eigenvalues, on the items that vary and do not repeat another."""
    n, cov, asked = stack.n, stack.cov, stack.asked
    keep = varying(cov) & ~duplicates(cov)
    r = correlation(cov, keep)
    kept = keep.sum(axis=1)
    left_out = names_where(asked & ~keep & (n >= 2)[:, None], grouped.items)
    enough = (n >= enough_for_factors(kept)) & (kept >= 2)
    singular = ~np.isfinite(inverse(r)).all(axis=(1, 2))
    why = choose(
        [
            (short != "", "short"),
            # Items that vary but all repeat one another leave fewer than two.
            ((kept < 2) & (varying(cov).sum(axis=1) >= 2), "singular"),
            (kept < 2, "no-variance"),
            (~enough, "too-few"),
            (singular, "singular"),
        ],
        len(n),
    )
    why = np.where(why == "short", short, why)

    def shown(x: Array) -> Array:
        return np.where(enough if x.ndim == 1 else enough[:, None], x, np.nan)

    overall, per_item = kmo(r, keep)
    sheet.add("kmo", shown(overall), n=n, text=left_out, reason=why)
    of_item = np.where(
        (why[:, None] == "") & ~keep, np.where(varying(cov), "singular", "no-variance"), why[:, None]
    )
    sheet.add("kmo_item", shown(per_item), item=grouped.items, where=asked, n=n, reason=of_item)
    test = {name: shown(value) for name, value in bartlett(r, n, keep).items()}
    sheet.add("bartlett", test["chi2"], n=n, df=test["df"], p=test["p"], text=left_out, reason=why)
    sheet.add("determinant", test["determinant"], n=n, text=left_out, reason=why)
    places = np.arange(r.shape[-1])
    sheet.add(
        "eigenvalue",
        shown(eigenvalues(r, keep)),
        other=[str(place + 1) for place in places],
        where=places < np.maximum(kept, 1)[:, None],
        n=n,
        reason=why,
    )


def _pearson_rows(sheet: Sheet, grouped: Grouped, stack: Stack, short: Array) -> None:
    first, second = np.triu_indices(len(grouped.items), 1)
    r = correlation(stack.cov)[:, first, second]
    vary = stack.varying[:, first] & stack.varying[:, second]
    r = np.where(vary & (stack.n >= 3)[:, None], r, np.nan)
    lower, upper = fisher_interval(r, stack.n[:, None])
    sheet.add(
        "pearson", r, lower=lower, upper=upper, confidence=0.95,
        item=[grouped.items[a] for a in first], other=[grouped.items[b] for b in second],
        where=stack.asked[:, first] & stack.asked[:, second],
        n=stack.n, df=np.where(stack.n >= 3, stack.n - 2, np.nan), p=r_p_value(r, stack.n[:, None]),
        reason=np.where(short[:, None] == "", "no-variance", short[:, None]),
    )  # fmt: skip
