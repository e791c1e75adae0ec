"""Rows of the reliability table that come from a model: omega, its ordinal form, ordinal alpha."""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.covariance import Stack
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.rows import Sheet, names_where
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.factor.one_factor import LEAST_ORDINAL, eligible, fit_all
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability import omega
from pipeline.statistics.psychometrics.reliability.alpha_jackknife import Jackknife


def add_model_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, left: Jackknife, confidence: float, units: bool | None
) -> None:
    """Add ``omega``, ``omega_categorical`` and ``alpha_ordinal`` of every unit, or why there are none.

    Parameters
    ----------
    sheet, grouped, stack
        Rows of the reliability table; answers by unit (one named "" is everybody), and their listwise covariances.
    left : Jackknife
        Of their alpha: how many degrees of freedom these answers leave, and where no interval is given.
    confidence : float
        Of omega's interval.
    units : bool, optional
        As in `one_factor.fit_all`.
    """
    # Everybody together is always tried, however few they are.
    least = 0 if grouped.units == ("",) else LEAST_ORDINAL
    models = fit_all(grouped, stack, least_ordinal=least, units=units)
    n = stack.n
    left_out = stack.asked & ~np.array([m.keep for m in models], dtype=bool).reshape(stack.asked.shape)
    named = names_where(left_out & (n >= 2)[:, None], grouped.items)
    why = np.array([m.ml_reason for m in models], dtype=object)

    def numbers(values: list[float]) -> Array:
        return np.array(values, dtype=float)

    nan = float("nan")
    value = numbers([omega.omega(m.ml) if m.ml else nan for m in models])
    # The robust error, and the t that leaving respondents out calls for: the normal interval covers
    # 69-94 % under ceiling, the plain robust one 85-96 % (benchmarks/alpha_interval.json).
    error = numbers(
        [
            omega.small_sample(omega.omega_error(m.ml, robust=True), m.ml.n, len(m.ml.loadings))
            if m.ml
            else nan
            for m in models
        ]
    )
    bounds = Jackknife(error, left.df, left.n, left.top)
    lower, upper = bounds.interval(value, confidence)
    sheet.add("omega", value, lower=lower, upper=upper, confidence=confidence, n=n, method="mlr",
              text=named, where=why == "", caution=bounds.refused)  # fmt: skip
    sheet.add("omega", value, n=n, method="ml", text=named, reason=why)
    observed = numbers([omega.omega_observed(m.ml) if m.ml else nan for m in models])
    sheet.add("omega", observed, n=n, method="ml-observed", text=named, where=why == "")
    why = np.array([m.ordinal_reason for m in models], dtype=object)
    for method, from_data in (("wlsmv", False), ("wlsmv-observed", True)):
        value = numbers([omega.omega_categorical(m.ordinal, from_data) if m.ordinal else nan for m in models])
        sheet.add("omega_categorical", value, n=n, method=method, text=named, reason=why,
                  where=np.ones(len(n), dtype=bool) if not from_data else why == "")  # fmt: skip
    _ordinal_alpha(sheet, grouped, stack, least, units)


def _ordinal_alpha(sheet: Sheet, grouped: Grouped, stack: Stack, least: int, units: bool | None) -> None:
    """Alpha of the polychoric matrix, every pair on its own rows; refused unless it is one matrix."""
    _, why = eligible(stack, least=least, units=units)
    value, pair_n = np.full(len(stack.n), np.nan), stack.n
    tried = why == ""
    if tried.any():
        try:
            found = polychoric.matrices(grouped, only=tried)
        except ValueError:
            # Answers that are no categories have no polychoric correlation.
            why = np.where(tried, "not-estimable", why)
        else:
            why = np.where(tried, found.reason, why)
            both = found.keep[:, :, None] & found.keep[:, None, :]
            usable = why == ""
            r = np.where(both & usable[:, None, None], found.r, 0.0)
            value = np.where(usable, coefficients.alpha_standardised(r), np.nan)
            fewest = np.where(both & (found.pair_n > 0), found.pair_n, np.inf).min(axis=(1, 2))
            pair_n = np.where(usable, fewest, stack.n)
    sheet.add("alpha_ordinal", value, n=pair_n, method="polychoric", reason=why)
