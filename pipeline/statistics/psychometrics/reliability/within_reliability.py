"""Consistency inside the units: what a verdict on pooled respondents rests on (ruling R20).

Units that differ make any set of items look consistent: where everybody of one unit is content and
everybody of another is not, all items rise and fall together although inside a unit nothing does.
Answers are therefore centred on the means of their unit. The reliability of the units' means stands
beside it: it answers another question.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.statistics.data.covariance import Stack, listwise, within
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.rows import Sheet, choose, names_where
from pipeline.statistics.data.scores import Scores, anova, scores
from pipeline.statistics.psychometrics.factor.within_model import fit_within
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability import omega
from pipeline.statistics.psychometrics.reliability.alpha import NOISE, measurement_error
from pipeline.statistics.psychometrics.reliability.alpha_jackknife import (
    Jackknife,
    jackknife_within,
)
from pipeline.statistics.psychometrics.reliability.opposed import reverse_keyed

if TYPE_CHECKING:
    import pandas as pd


def between_rows(grouped: Grouped, survey: str, highest: float, confidence: float) -> pd.DataFrame:
    """City rows that need the units apart.

    Parameters
    ----------
    grouped, survey
        Answers by unit, and the survey's name.
    highest : float
        Top of the scale.
    confidence : float
        Of the intervals.

    Notes
    -----
    Alpha within is that of Geldhof, G. J., Preacher, K. J., Zyphur, M. J. (2014), Reliability estimation in a
    multilevel confirmatory factor analysis framework, Psychological Methods, 19, 72-91, from group-centred
    answers. Checked against R on the simulated city of 48 units, within 1e-10.
    """
    sheet = Sheet(survey, "city", ("",))
    shared = grouped.shared()
    stack = listwise(shared)
    pooled = within(shared, stack)
    error = jackknife_within(shared, stack, pooled, highest)
    _within_rows(sheet, shared, stack, pooled, error, confidence, highest)
    _model_row(sheet, shared, stack, pooled, error, confidence)
    counted = scores(shared)
    whole = anova(_comparable(counted))
    sheet.add("icc2", np.array([whole.icc2]), n=np.array([whole.n]), df=np.array([whole.df2]),
              reason="few-units" if whole.df1 < 1 else "no-variance")  # fmt: skip
    for item in shared.items:
        one = anova(_comparable(scores(shared.only(item))))
        sheet.add("icc2", np.array([one.icc2]), item=item, n=np.array([one.n]), df=np.array([one.df2]),
                  reason="few-units" if one.df1 < 1 else "no-variance")  # fmt: skip
    return sheet.frame()


def _comparable(counted: Scores) -> Scores:
    """The same units as in `comparison`: two respondents at least, and a unit that is known."""
    known = np.array([unit != UNKNOWN for unit in counted.units], dtype=bool)
    return counted.select(known & (counted.n >= 2))


def _within_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, pooled: Stack, error: Jackknife, confidence: float,
    highest: float,
) -> None:  # fmt: skip
    why = reason_within(grouped, stack, pooled)
    value = coefficients.alpha(pooled.cov, pooled.k)
    lower, upper = error.interval(value, confidence)
    used = (grouped.sums(pooled.complete) > 0).sum()
    sheet.add("alpha_within", value, lower=lower, upper=upper, confidence=confidence, n=pooled.n,
              df=pooled.n - used, numerator=used, denominator=len(grouped.units), method="jackknife", reason=why,
              caution=error.refused)  # fmt: skip
    turned = reverse_keyed(replace(pooled, n=pooled.n - used))
    sheet.add("alpha_within", coefficients.alpha(coefficients.reverse(pooled.cov, turned), pooled.k),
              where=turned.any(axis=1), n=pooled.n, method="reversed",
              text=names_where(turned, grouped.items))  # fmt: skip
    sheet.add("alpha_if_dropped_within", coefficients.alpha_if_dropped(pooled.cov, pooled.k), item=grouped.items,
              where=pooled.asked, n=pooled.n, reason=np.where(why == "", "no-variance", why))  # fmt: skip
    sem, unread = measurement_error(value, pooled.cov.sum(axis=(1, 2)), pooled.k, why, highest)
    sheet.add("sem_within", sem, n=pooled.n, reason=unread)
    sheet.add("smallest_difference_within", NOISE * sem, n=pooled.n, reason=unread)


def reason_within(grouped: Grouped, stack: Stack, pooled: Stack) -> Array:
    """Why there is no figure inside the units, as an array of one; "" where there is one."""
    flat = np.nan_to_num(pooled.cov.sum(axis=(1, 2))) <= 0
    apart = bool((np.ptp(stack.mean[stack.n > 0], axis=0) > 0).any()) if (stack.n > 0).any() else False
    return choose(
        [
            (pooled.k < 2, "few-items"),
            (pooled.n < 3, "too-few"),
            (flat & apart, "constant-within"),
            (flat, "no-variance"),
        ],
        1,
    )


def _model_row(
    sheet: Sheet, grouped: Grouped, stack: Stack, pooled: Stack, error: Jackknife, confidence: float
) -> None:
    found = fit_within(grouped, stack, pooled)
    model, nan = found.model, float("nan")
    value = np.array([omega.omega(model) if model else nan])
    wide = (
        omega.small_sample(omega.omega_error(model, robust=True), model.n, found.keep.sum()) if model else nan
    )
    robust = Jackknife(np.array([wide if found.robust else nan]), error.df, error.n, error.top)
    lower, upper = robust.interval(value, confidence)
    sheet.add("omega_within", value, lower=lower, upper=upper, confidence=confidence, n=pooled.n,
              method="mlr" if found.robust else "ml", reason=found.reason, caution=robust.refused)  # fmt: skip
