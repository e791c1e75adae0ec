"""Rows of the factor table on the model inside the units (R20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from pipeline.statistics.data.covariance import listwise, within
from pipeline.statistics.data.grouped import Grouped
from pipeline.statistics.data.rows import Sheet, names_where
from pipeline.statistics.psychometrics.factor.fit_indices import Fit
from pipeline.statistics.psychometrics.factor.within_model import WithinModel, fit_within

if TYPE_CHECKING:
    import pandas as pd


def within_rows(grouped: Grouped, survey: str, confidence: float) -> pd.DataFrame:
    """City rows of the one-factor model of the pooled within-unit covariance.

    Parameters
    ----------
    grouped, survey
        Answers by unit, and the survey's name.
    confidence : float
        Of the loadings' intervals; the RMSEA's is 90 %.

    Notes
    -----
    Methods ``ml-within``, ``mlr-within`` (scaled) and ``mlr-robust-within``; a refused model is one row of
    ``chisq`` with its reason, as elsewhere in the table.
    """
    sheet = Sheet(survey, "city", ("",))
    shared = grouped.shared()
    stack = listwise(shared)
    pooled = within(shared, stack)
    found = fit_within(shared, stack, pooled)
    left_out = names_where(pooled.asked & ~found.keep, shared.items)
    columns: dict[str, Any] = {"n": pooled.n, "text": left_out}
    model = found.model
    if model is None:
        sheet.add("chisq", np.array([np.nan]), method="ml-within", reason=found.reason, **columns)
        return sheet.frame()
    fits = [("ml-within", model.fit)]
    if found.robust:
        fits += [("mlr-within", model.fit_scaled), ("mlr-robust-within", model.fit_robust)]
    for method, fit in fits:
        _fit_rows(sheet, method, fit, columns)
    sheet.add("srmr", np.array([model.srmr]), method="ml-within", n=pooled.n)
    _loading_rows(sheet, shared, found, pooled.n, confidence)
    standardised = model.standardised()[0]
    sheet.add("ave", np.array([np.mean(standardised**2)]), method="ml-within", n=pooled.n)
    common = standardised.sum() ** 2
    sheet.add(
        "cr", np.array([common / (common + (1 - standardised**2).sum())]), method="ml-within", n=pooled.n
    )
    return sheet.frame()


def _fit_rows(sheet: Sheet, method: str, fit: Fit, columns: dict[str, Any]) -> None:
    # A model of three items fits always: its indices say nothing, for want of items.
    known = fit.df > 0

    def number(value: float) -> Any:
        return np.array([value if known else np.nan])

    common = {**columns, "method": method, "reason": "few-items"}
    if "robust" not in method:
        sheet.add("chisq", number(fit.chisq), df=fit.df, p=fit.p, **common)
    sheet.add("cfi", number(fit.cfi), **common)
    sheet.add("tli", number(fit.tli), **common)
    sheet.add("rmsea", number(fit.rmsea), lower=fit.lower, upper=fit.upper, confidence=0.90, **common)


def _loading_rows(sheet: Sheet, grouped: Grouped, found: WithinModel, n: Any, confidence: float) -> None:
    model, z = found.model, special.ndtri((1 + confidence) / 2)
    if model is None:
        return
    for method, robust in (("ml-within", False), ("mlr-within", True)):
        if robust and not found.robust:
            continue
        value, error = (np.full((1, len(grouped.items)), np.nan) for _ in range(2))
        text = np.full((1, len(grouped.items)), "", dtype=object)
        value[0, found.keep], error[0, found.keep] = model.standardised(robust)
        text[0, found.keep] = np.where(model.heywood, "heywood", "")
        # Without the rows there is no robust error, and a normal one does not cover (R21).
        half = z * error if robust else np.full_like(error, np.nan)
        sheet.add("loading", value, lower=value - half, upper=value + half, confidence=confidence,
                  item=grouped.items, n=n, method=method, text=text, reason="constant-within")  # fmt: skip
