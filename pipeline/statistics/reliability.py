"""How consistently the items measure one thing, for every unit at once.

Ruling R9: alpha describes, it does not edit the law. An official unsur is never dropped because
of it; `alpha_if_dropped` shows what the number would be, nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics import alpha as coefficients
from pipeline.statistics import alpha_intervals as intervals
from pipeline.statistics.alpha_bca import abc_interval
from pipeline.statistics.answers import UNKNOWN
from pipeline.statistics.covariance import (
    Stack,
    correlation,
    enough_for_factors,
    inverse,
    listwise,
    pairwise,
    root,
    within,
)
from pipeline.statistics.grouping import Array, Grouped, group
from pipeline.statistics.model_reliability import add_model_rows
from pipeline.statistics.scores import anova, scores
from pipeline.statistics.sheet import Sheet, first_reason, names_where
from pipeline.statistics.validity import fisher_interval, item_rest

if TYPE_CHECKING:
    import pandas as pd

#: With more units than this their BCa intervals are left out.
MOST_BCA = 2_000


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    survey: str = "",
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    models: bool | None = None,
) -> pd.DataFrame:
    """Reliability of every unit, and of all respondents together.

    Parameters
    ----------
    answers : DataFrame
        Item columns.
    by : Series, optional
        Unit of each row. None: one unit named "", and no city rows.
    survey : str
        Name of the survey.
    items : sequence of str, optional
        Items to use. Pass the official unsur where some units ask indicators of their own.
    scale : (int, int)
        Answer scale; `sem` is in index points (100/maximum a point of the item mean).
    confidence : float
        Of the intervals.
    models : bool, optional
        Omega and its relatives per unit: True however many units there are, False none; by default
        where at most 500 have answers enough. All respondents together always have them.

    Returns
    -------
    DataFrame
        Tidy rows. A unit is judged on the items it asked; ``n`` counts rows that answered all of
        them (``alpha`` with method ``pairwise``: the harmonic mean of the pairs' counts).

        ========================== ==================================================================
        ``alpha``                  method ``adf``: the headline. ``pairwise``: every pair on its own
                                   rows. ``varying-items``: without constant items (named in
                                   ``text``). ``reversed``: after turning round the items in ``text``,
                                   whose item-rest r is surely negative; nothing is turned elsewhere
        ``alpha_feldt``            the same estimate with the interval SPSS prints
        ``alpha_bonett``           the same with Bonett's
        ``alpha_bca``              the same with the bootstrap's BCa interval, computed without draws (ABC)
        ``alpha_std``              from correlations, varying items only
        ``lambda2``, ``lambda6``   Guttman; lambda6 refuses n < max(30, 5k)
        ``mean_r``, ``min_r``, ``max_r``  correlations between varying items
        ``alpha_if_dropped``       per item
        ``split_half_horst``, ``split_half_flanagan``  odd items against even items
        ``split_half_min``, ``_mean``, ``_max``  over all ways to halve the items (126 of nine)
        ``omega``                  method ``mlr``: of the variance the one-factor model implies, with the delta
                                   method's interval that does not presume normal answers, the headline;
                                   ``ml``: the same number with the normal interval, or why there is none;
                                   ``ml-observed``: of the observed variance, which can pass 1
        ``omega_categorical``      Green and Yang's, of the sum of ordinal answers: ``wlsmv``,
                                   ``wlsmv-observed``; in units from n = 200
        ``alpha_ordinal``          alpha of the polychoric correlations: of answers nobody gave, never
                                   the headline; in units from n = 200
        ``sem``                    error of measurement of one respondent's index
        ``smallest_difference``    1.96 sqrt(2) sem: a smaller change of one respondent is noise
        ``alpha_within``           scope city: units' differences removed
        ``icc2``                   scope city: can the units' means be told apart
        ========================== ==================================================================

    Examples
    --------
    >>> import pandas as pd
    >>> a = pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4], "U3": [2, 2, 3, 4]})
    >>> t = table(a)
    >>> float(t.loc[t.statistic.eq("alpha"), "estimate"].iloc[0].round(4))
    0.916
    """
    grouped = group(answers, by, items)
    index_points = 100 / scale[1]
    alone = True if by is None and models is None else models
    parts = [_rows(grouped, survey, "unit", index_points, confidence, alone)]
    if by is not None and grouped.rows:
        parts.append(_rows(grouped.pooled(), survey, "city", index_points, confidence, True))
        parts.append(_between(grouped, survey, confidence))
    return results.concat(parts)


def _rows(
    grouped: Grouped, survey: str, scope: str, points: float, confidence: float, models: bool | None
) -> pd.DataFrame:
    sheet = Sheet(survey, scope, grouped.units)
    left_out: tuple[str, ...] = ()
    if scope == "city":
        all_items, grouped = grouped.items, grouped.shared()
        left_out = tuple(item for item in all_items if item not in grouped.items)
    stack = listwise(grouped)
    n, k, cov = stack.n, stack.k, stack.cov
    total = cov.sum(axis=(1, 2))
    nobody = ~stack.asked.any(axis=1)
    why = first_reason(
        (nobody, "no-data"),
        (k < 2, "few-items"),
        (n < 2, "too-few"),
        (np.nan_to_num(total) <= 0, "no-variance"),
        size=len(n),
    )
    value = coefficients.alpha(cov, k)
    error = np.where(n >= 3, intervals.adf_error(grouped, stack), np.nan)
    lower, upper = intervals.normal_interval(value, error, confidence)
    bounded: dict[str, Any] = {"n": n, "confidence": confidence, "reason": why}
    sheet.add("alpha", value, lower=lower, upper=upper, method="adf", text=",".join(left_out), **bounded)
    _pairwise_row(sheet, grouped, confidence)
    _other_alphas(sheet, grouped, stack, why)
    for name, rule in (
        ("alpha_feldt", intervals.feldt_interval),
        ("alpha_bonett", intervals.bonett_interval),
    ):
        lower, upper = rule(value, np.where(n >= 3, n, np.nan), k, confidence)
        sheet.add(name, value, lower=lower, upper=upper, method=name.removeprefix("alpha_"), **bounded)

    # A second pass over the rows: for a usual city and its units, not for thirty thousand.
    nothing = np.full(len(n), np.nan)
    if len(n) <= MOST_BCA:
        lower, upper = abc_interval(grouped, stack, confidence)
        sheet.add("alpha_bca", value, lower=lower, upper=upper, method="abc", **bounded)
    else:
        late = np.where(why == "", "on-request", why)
        sheet.add("alpha_bca", nothing, method="abc", n=n, reason=late)

    plain: dict[str, Any] = {"n": n, "reason": why}
    constant = names_where(stack.asked & ~stack.varying & (n >= 2)[:, None], grouped.items)
    vary = stack.varying.sum(axis=1)
    few_vary = np.where((why == "") & (vary < 2), "no-variance", why)
    sheet.add("alpha_std", coefficients.alpha_standardised(cov), n=n, reason=few_vary, text=constant)
    sheet.add("lambda2", coefficients.lambda2(cov, k), **plain)
    enough = n >= enough_for_factors(vary)
    singular = np.isnan(inverse(correlation(cov))).any(axis=(1, 2))
    sixth = first_reason((few_vary != "", "x"), (~enough, "too-few"), (singular, "singular"), size=len(n))
    sheet.add(
        "lambda6",
        np.where(enough, coefficients.lambda6(cov), np.nan),
        n=n,
        reason=np.where(sixth == "x", few_vary, sixth),
        text=constant,
    )
    for name, number in zip(("mean_r", "min_r", "max_r"), coefficients.correlations_between_items(cov)):
        sheet.add(name, number, n=n, reason=few_vary, text=constant)
    sheet.add(
        "alpha_if_dropped",
        coefficients.alpha_if_dropped(cov, k),
        item=grouped.items,
        where=stack.asked,
        n=n,
        reason=np.where((why == "") & (k < 3), "few-items", np.where(why == "", "no-variance", why)),
    )
    halves = coefficients.split_half(cov, coefficients.odd_even(len(grouped.items)), stack.asked)
    for name in ("horst", "flanagan"):
        sheet.add(f"split_half_{name}", halves[name], method="odd-even", **plain)
    splits = coefficients.all_splits(cov, stack.asked)
    many = np.where((why == "") & np.isnan(splits[1]), "on-request", why)
    for name, number in zip(("min", "mean", "max"), splits):
        sheet.add(f"split_half_{name}", number, n=n, method="all-splits", reason=many)
    sem = points * np.where(k > 0, root(total * (1 - value)) / np.maximum(k, 1), np.nan)
    sheet.add("sem", sem, **plain)
    sheet.add("smallest_difference", 1.959963984540054 * np.sqrt(2) * sem, **plain)
    add_model_rows(sheet, grouped, stack, confidence, models)
    return sheet.frame()


def _pairwise_row(sheet: Sheet, grouped: Grouped, confidence: float) -> None:
    stack = pairwise(grouped)
    value = coefficients.alpha(stack.cov, stack.k)
    error = np.where(stack.n >= 3, intervals.adf_error_pairwise(grouped, stack), np.nan)
    lower, upper = intervals.normal_interval(value, error, confidence)
    why = first_reason(
        (~stack.asked.any(axis=1), "no-data"),
        (stack.k < 2, "few-items"),
        (np.isnan(stack.cov).any(axis=(1, 2)), "too-few"),
        (np.nan_to_num(stack.cov.sum(axis=(1, 2))) <= 0, "no-variance"),
        size=len(value),
    )
    columns: dict[str, Any] = {"n": stack.n, "confidence": confidence, "method": "pairwise", "reason": why}
    sheet.add("alpha", value, lower=lower, upper=upper, **columns)


def _other_alphas(sheet: Sheet, grouped: Grouped, stack: Stack, why: Array) -> None:
    """Second values of alpha, only for units where they differ from the headline."""
    constant = stack.asked & ~stack.varying & (why == "")[:, None]
    fewer = coefficients.alpha(stack.cov, stack.varying.sum(axis=1))
    columns: dict[str, Any] = {"n": stack.n, "reason": "few-items"}
    sheet.add("alpha", fewer, where=constant.any(axis=1), method="varying-items",
              text=names_where(constant, grouped.items), **columns)  # fmt: skip
    turned = against_the_rest(stack)
    reversed_ = coefficients.alpha(coefficients.reverse(stack.cov, turned), stack.k)
    sheet.add("alpha", reversed_, where=turned.any(axis=1), method="reversed",
              text=names_where(turned, grouped.items), **columns)  # fmt: skip


def against_the_rest(stack: Stack) -> Array:
    """Items whose correlation with the rest is surely negative (95 % Fisher interval below zero).

    A sign that an item is worded or keyed the other way round. It is reported, never turned.
    """
    r = item_rest(stack.cov)
    _, upper = fisher_interval(r, stack.n[:, None])
    return np.nan_to_num(upper, nan=1.0) < 0


def _between(grouped: Grouped, survey: str, confidence: float) -> pd.DataFrame:
    """City rows that need the units apart: alpha within units, reliability of the units' means."""
    sheet = Sheet(survey, "city", ("",))
    shared = grouped.shared()
    stack = listwise(shared)
    pooled = within(shared, stack)
    value = coefficients.alpha(pooled.cov, pooled.k)
    error = intervals.adf_error_within(shared, stack, pooled)
    lower, upper = intervals.normal_interval(value, error, confidence)
    sheet.add("alpha_within", value, lower=lower, upper=upper, confidence=confidence, n=pooled.n,
              method="adf", reason=first_reason((pooled.k < 2, "few-items"), (pooled.n < 3, "too-few"),
                                                (np.isnan(value), "no-variance"), size=1))  # fmt: skip
    counted = scores(shared)
    # The same units as in `comparison`: two respondents at least, and a unit that is known.
    known = np.array([unit != UNKNOWN for unit in counted.units], dtype=bool)
    spread = anova(counted.select(known & (counted.n >= 2)))
    sheet.add("icc2", np.array([spread.icc2]), n=np.array([spread.n]), df=np.array([spread.df2]),
              reason="few-units" if spread.df1 < 1 else "no-variance")  # fmt: skip
    return sheet.frame()
