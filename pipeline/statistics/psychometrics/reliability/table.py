"""How consistently the items measure one thing, for every unit at once.

Ruling R9: alpha describes, it does not edit the law. An official unsur is never dropped because
of it; `alpha_if_dropped` shows what the number would be, nothing more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.data.covariance import (
    Stack,
    correlation,
    enough_for_factors,
    inverse,
    listwise,
    pairwise,
    ratio,
)
from pipeline.statistics.data.grouped import Array, Grouped, group
from pipeline.statistics.data.rows import Sheet, choose, names_where
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability.alpha import NOISE, measurement_error
from pipeline.statistics.psychometrics.reliability.alpha_intervals import (
    adf_error,
    adf_error_pairwise,
)
from pipeline.statistics.psychometrics.reliability.alpha_jackknife import Jackknife, jackknife
from pipeline.statistics.psychometrics.reliability.omega_rows import add_model_rows
from pipeline.statistics.psychometrics.reliability.opposed import reverse_keyed
from pipeline.statistics.psychometrics.reliability.within_reliability import between_rows

if TYPE_CHECKING:
    import pandas as pd


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    survey: str = "",
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    models: bool | None = None,
    counted: Collection[str] | None = None,
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
    counted : collection of str, optional
        Units whose respondents are taken together in the city's rows (R23); by default all.

    Returns
    -------
    DataFrame
        Tidy rows. A unit is judged on the items it asked; ``n`` counts rows that answered all of
        them (``alpha`` with method ``pairwise``: the harmonic mean of the pairs' counts).

        ============================================= ==========================================================
        ``alpha``                                     method ``jackknife``: the headline, with an interval from
                                                      n = 30 on (a ``reason`` beside the number says why there
                                                      is none). ``pairwise``: every pair on its own rows.
                                                      ``varying-items``: without constant items (named in
                                                      ``text``). ``reversed``: after turning round the items in
                                                      ``text``, proposed from the signs of the first component
                                                      where alpha rises by it; nothing is turned elsewhere
        ``alpha_std``                                 from correlations, varying items only
        ``lambda2``, ``lambda6``                      Guttman; lambda6 refuses n < max(30, 5k)
        ``mean_r``, ``min_r``, ``max_r``              correlations between varying items
        ``alpha_if_dropped``                          per item
        ``split_half_horst``, ``split_half_flanagan`` odd items against even items
        ``split_half_min``, ``_mean``, ``_max``       over all ways to halve the items (126 of nine)
        ``omega``                                     method ``mlr``: of the variance the one-factor model
                                                      implies, with the delta method's interval that does not
                                                      presume normal answers, the headline; ``ml``: the same
                                                      number with the normal interval, or why there is none;
                                                      ``ml-observed``: of the observed variance, which can pass
                                                      1
        ``omega_categorical``                         Green and Yang's, of the sum of ordinal answers:
                                                      ``wlsmv``, ``wlsmv-observed``; in units from n = 200
        ``alpha_ordinal``                             alpha of the polychoric correlations: of answers nobody
                                                      gave, never the headline; in units from n = 200
        ``sem``                                       error of measurement of one respondent's index; none where
                                                      alpha is negative
        ``smallest_difference``                       1.96 sqrt(2) sem: a smaller change of one respondent is
                                                      noise
        ``alpha_within``                              scope city: units' differences removed, ``numerator`` of
                                                      ``denominator`` units
        ``omega_within``                              scope city: of the one-factor model of the pooled within-
                                                      unit covariance
        ``alpha_if_dropped_within``                   scope city, per item; ``sem_within``,
                                                      ``smallest_difference_within``
        ``icc2``                                      scope city: can the units' means be told apart; per item
                                                      as well
        ============================================= ==========================================================

    Examples
    --------
    >>> import pandas as pd
    >>> a = pd.DataFrame({"U1": [1, 2, 3, 4], "U2": [1, 3, 2, 4], "U3": [2, 2, 3, 4]})
    >>> t = table(a)
    >>> float(t.loc[t.statistic.eq("alpha"), "estimate"].iloc[0].round(4))
    0.916
    """
    grouped = group(answers, by, items)
    alone = True if by is None and models is None else models
    parts = [_rows(grouped, survey, "unit", scale[1], confidence, alone)]
    together = grouped.of(counted)
    if by is not None and together.rows:
        parts.append(_rows(together.pooled(), survey, "city", scale[1], confidence, True))
        parts.append(between_rows(together, survey, scale[1], confidence))
    return results.concat(parts)


def _rows(
    grouped: Grouped, survey: str, scope: str, highest: float, confidence: float, models: bool | None
) -> pd.DataFrame:
    sheet = Sheet(survey, scope, grouped.units)
    left_out: tuple[str, ...] = ()
    if scope == "city":
        all_items, grouped = grouped.items, grouped.shared()
        left_out = tuple(item for item in all_items if item not in grouped.items)
    stack = listwise(grouped)
    total = stack.cov.sum(axis=(1, 2))
    why = choose(
        [
            (~stack.asked.any(axis=1), "no-data"),
            (stack.k < 2, "few-items"),
            (stack.n < 2, "too-few"),
            (np.nan_to_num(total) <= 0, "no-variance"),
        ],
        len(stack.n),
    )
    value = coefficients.alpha(stack.cov, stack.k)
    error = jackknife(grouped, stack, highest)
    lower, upper = error.interval(value, confidence)
    sheet.add("alpha", value, lower=lower, upper=upper, method="jackknife", text=",".join(left_out),
              n=stack.n, confidence=confidence, reason=why, caution=error.refused)  # fmt: skip
    _pairwise_row(sheet, grouped, stack, error, confidence)
    _other_alphas(sheet, grouped, stack, why)
    _correlation_rows(sheet, grouped, stack, why)
    _item_and_half_rows(sheet, grouped, stack, why)
    sem, unread = measurement_error(value, total, stack.k, why, highest)
    sheet.add("sem", sem, n=stack.n, reason=unread)
    sheet.add("smallest_difference", NOISE * sem, n=stack.n, reason=unread)
    add_model_rows(sheet, grouped, stack, error, confidence, models)
    return sheet.frame()


def _correlation_rows(sheet: Sheet, grouped: Grouped, stack: Stack, why: Array) -> None:
    """What rests on the correlations of the items that vary, and lambda 2."""
    n, cov = stack.n, stack.cov
    constant = names_where(stack.asked & ~stack.varying & (n >= 2)[:, None], grouped.items)
    vary = stack.varying.sum(axis=1)
    few_vary = np.where((why == "") & (vary < 2), "no-variance", why)
    sheet.add("alpha_std", coefficients.alpha_standardised(cov), n=n, reason=few_vary, text=constant)
    sheet.add("lambda2", coefficients.lambda2(cov, stack.k), n=n, reason=why)
    enough = n >= enough_for_factors(vary)
    singular = np.isnan(inverse(correlation(cov))).any(axis=(1, 2))
    sixth = choose([(few_vary != "", "x"), (~enough, "too-few"), (singular, "singular")], len(n))
    sheet.add(
        "lambda6",
        np.where(enough, coefficients.lambda6(cov), np.nan),
        n=n,
        reason=np.where(sixth == "x", few_vary, sixth),
        text=constant,
    )
    for name, number in zip(("mean_r", "min_r", "max_r"), coefficients.correlations_between_items(cov)):
        sheet.add(name, number, n=n, reason=few_vary, text=constant)


def _item_and_half_rows(sheet: Sheet, grouped: Grouped, stack: Stack, why: Array) -> None:
    """Alpha without each item, and the halvings."""
    n, k, cov = stack.n, stack.k, stack.cov
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
        sheet.add(f"split_half_{name}", halves[name], n=n, method="odd-even", reason=why)
    splits = coefficients.all_splits(cov, stack.asked)
    many = np.where((why == "") & np.isnan(splits[1]), "on-request", why)
    for name, number in zip(("min", "mean", "max"), splits):
        sheet.add(f"split_half_{name}", number, n=n, method="all-splits", reason=many)


def _pairwise_row(
    sheet: Sheet, grouped: Grouped, complete: Stack, error: Jackknife, confidence: float
) -> None:
    """Alpha with every pair on its own rows, and its own n.

    Its error is the influence's, as much larger as leaving complete rows out says it should be.
    """
    stack = pairwise(grouped)
    value = coefficients.alpha(stack.cov, stack.k)
    if stack.pair_n is not None:
        larger = ratio(error.error, adf_error(grouped, complete))
        error = Jackknife(adf_error_pairwise(grouped, stack) * larger, error.df, stack.n, error.top)
    lower, upper = error.interval(value, confidence)
    why = choose(
        [
            (~stack.asked.any(axis=1), "no-data"),
            (stack.k < 2, "few-items"),
            (np.isnan(stack.cov).any(axis=(1, 2)), "too-few"),
            (np.nan_to_num(stack.cov.sum(axis=(1, 2))) <= 0, "no-variance"),
        ],
        len(value),
    )
    sheet.add("alpha", value, lower=lower, upper=upper, n=stack.n, confidence=confidence, method="pairwise",
              reason=why, caution=error.refused)  # fmt: skip


def _other_alphas(sheet: Sheet, grouped: Grouped, stack: Stack, why: Array) -> None:
    """Second values of alpha, only for units where they differ from the headline."""
    constant = stack.asked & ~stack.varying & (why == "")[:, None]
    fewer = coefficients.alpha(stack.cov, stack.varying.sum(axis=1))
    columns: dict[str, Any] = {"n": stack.n, "reason": "few-items"}
    sheet.add("alpha", fewer, where=constant.any(axis=1), method="varying-items",
              text=names_where(constant, grouped.items), **columns)  # fmt: skip
    turned = reverse_keyed(stack)
    reversed_ = coefficients.alpha(coefficients.reverse(stack.cov, turned), stack.k)
    sheet.add("alpha", reversed_, where=turned.any(axis=1), method="reversed",
              text=names_where(turned, grouped.items), **columns)  # fmt: skip
