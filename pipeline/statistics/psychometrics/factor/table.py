"""Do the items measure one thing: the one-factor models of all respondents and of large units.

Cut-offs for CFI and RMSEA were made for normal answers and maximum likelihood; for ordinal answers
scaled and robust indices are both given, and neither is a verdict (Xia and Yang 2019). The unsur
are fixed by regulation: a poor fit says that one number does not tell everything, not that an
unsur is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from pipeline import results
from pipeline.statistics.data.covariance import Stack, correlation, listwise
from pipeline.statistics.data.grouped import Array, Grouped, group
from pipeline.statistics.data.rows import Sheet, names_where
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.factor.fit_indices import Fit
from pipeline.statistics.psychometrics.factor.htmt import htmt
from pipeline.statistics.psychometrics.factor.one_factor import LEAST_ORDINAL, Models, fit_all
from pipeline.statistics.psychometrics.factor.within_factors import within_rows

if TYPE_CHECKING:
    import pandas as pd

#: Modification indices listed.
LARGEST = 5


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    survey: str = "",
    items: Sequence[str] | None = None,
    facets: Mapping[str, Sequence[str]] | None = None,
    confidence: float = 0.95,
    units: bool | None = None,
    counted: Collection[str] | None = None,
) -> pd.DataFrame:
    """One-factor models of all respondents together, and of every unit with answers enough.

    Parameters
    ----------
    answers, by, survey, items, counted
        As in `reliability.table`; without `by` there is one unit, named "".
    facets : mapping, optional
        Items of each of two or more facets declared beforehand; only then is there an HTMT.
    confidence : float
        Of the loadings' intervals (the RMSEA's is 90 %, which matches the test of close fit).
    units : bool, optional
        True models however many units there are, False none; by default all where at most 500 have
        answers enough.

    Returns
    -------
    DataFrame
        Tidy rows on complete rows; constant items and items that repeat another are left out and named in
        ``text``. A refused model is one row of ``chisq`` with its reason.

        ==================== ========================================================================
        ``chisq``            df, p. Method ``ml``, ``mlr`` (scaled), ``wlsmv``, ``wlsmv-scaled``
        ``cfi``, ``tli``     the same methods, and ``mlr-robust``, ``wlsmv-robust``
        ``rmsea``            the same, with 90 % limits
        ``srmr``             ``ml``, ``wlsmv``
        ``loading``          standardised, with interval: ``ml``, ``mlr``, ``wlsmv``; ``text`` "heywood" where the
                             item is left no error
        ``ave``, ``cr``      average variance extracted and composite reliability: ``ml``, ``wlsmv`` (of the
                             unobserved answers)
        ``mi``               the five largest modification indices of ``ml``, ``item`` with ``other``
        ``min_eigenvalue``   of the polychoric matrix
        ``*-within``          methods of the scope city: the model of the pooled within-unit covariance (R20)
        ``htmt``, ``htmt2``  pairs of declared facets (``item``, ``other``), Pearson and ``polychoric``
        ==================== ========================================================================

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> latent = rng.normal(size=(300, 1)) + rng.normal(size=(300, 4))
    >>> a = pd.DataFrame(np.digitize(latent, [-1.5, 0, 1.5]) + 1, columns=["U1", "U2", "U3", "U4"])
    >>> t = table(a)
    >>> int(t.loc[t.statistic.eq("chisq") & t.method.eq("wlsmv-scaled"), "df"].iloc[0])
    2
    """
    grouped = group(answers, by, items)
    if by is None:
        return _rows(grouped, survey, "unit", facets, confidence, 0, True)
    parts = [_rows(grouped, survey, "unit", facets, confidence, LEAST_ORDINAL, units)]
    together = grouped.of(counted)
    if together.rows:
        parts.append(_rows(together.pooled().shared(), survey, "city", facets, confidence, 0, True))
        parts.append(within_rows(together, survey, confidence))
    return results.concat(parts)


def _rows(
    grouped: Grouped,
    survey: str,
    scope: str,
    facets: Mapping[str, Sequence[str]] | None,
    confidence: float,
    least: int,
    units: bool | None,
) -> pd.DataFrame:
    sheet = Sheet(survey, scope, grouped.units)
    stack = listwise(grouped)
    models = fit_all(grouped, stack, least_ordinal=least, units=units)
    left_out = stack.asked & ~np.array([m.keep for m in models], dtype=bool).reshape(stack.asked.shape)
    named = names_where(left_out & (stack.n >= 2)[:, None], grouped.items)
    ml = [m.ml for m in models]
    ordinal = [m.ordinal for m in models]
    why_ml, why_ordinal = [m.ml_reason for m in models], [m.ordinal_reason for m in models]
    for method, fits, why in (
        ("ml", [m.fit if m else None for m in ml], why_ml),
        ("mlr", [m.fit_scaled if m else None for m in ml], None),
        ("mlr-robust", [m.fit_robust if m else None for m in ml], None),
        ("wlsmv", [m.fit if m else None for m in ordinal], why_ordinal),
        ("wlsmv-scaled", [m.fit_scaled if m else None for m in ordinal], None),
        ("wlsmv-robust", [m.fit_robust if m else None for m in ordinal], None),
    ):
        _fit_rows(sheet, stack.n, method, fits, why, named)
    for method, values in (("ml", [m.srmr if m else None for m in ml]),
                           ("wlsmv", [m.srmr if m else None for m in ordinal])):  # fmt: skip
        _numbers(sheet, "srmr", stack.n, method, values)
    _loading_rows(sheet, grouped, stack, models, confidence)
    standardised = [m.standardised()[0] if m else None for m in ml]
    for method, loadings in (("ml", standardised), ("wlsmv", [m.loadings if m else None for m in ordinal])):
        _numbers(
            sheet, "ave", stack.n, method, [None if x is None else float(np.mean(x**2)) for x in loadings]
        )
        _numbers(sheet, "cr", stack.n, method, [None if x is None else _cr(x) for x in loadings])
    _modification_rows(sheet, grouped, stack, models)
    least_value = [m.min_eigenvalue if np.isfinite(m.min_eigenvalue) else None for m in models]
    _numbers(sheet, "min_eigenvalue", stack.n, "polychoric", least_value)
    if facets and len(facets) >= 2:
        _htmt_rows(sheet, grouped, stack, models, facets)
    return sheet.frame()


def _cr(loadings: Array) -> float:
    top = float(loadings.sum()) ** 2
    return top / (top + float((1 - loadings**2).sum()))


def _fit_rows(
    sheet: Sheet, n: Array, method: str, fits: list[Fit | None], why: list[str] | None, named: Array
) -> None:
    fitted = np.array([fit is not None for fit in fits], dtype=bool)
    shown = np.ones(len(fits), dtype=bool) if why is not None else fitted

    def of(name: str) -> Array:
        return np.array([np.nan if fit is None else getattr(fit, name) for fit in fits], dtype=float)

    # A model of three items fits always: its indices say nothing, for want of items.
    reason = np.where(fitted & ~(of("df") > 0), "few-items", "not-estimable").astype(object)
    refused = reason if why is None else np.where(fitted, reason, np.array(why, dtype=object))
    if not method.endswith("-robust"):
        sheet.add("chisq", of("chisq"), n=n, df=of("df"), p=of("p"), method=method, text=named,
                  where=shown, reason=refused)  # fmt: skip
    common: dict[str, Any] = {"n": n, "method": method, "where": fitted, "reason": reason}
    sheet.add("cfi", of("cfi"), **common)
    sheet.add("tli", of("tli"), **common)
    sheet.add("rmsea", of("rmsea"), lower=of("lower"), upper=of("upper"), confidence=0.90, **common)


def _numbers(sheet: Sheet, statistic: str, n: Array, method: str, values: Sequence[float | None]) -> None:
    known = np.array([value is not None for value in values], dtype=bool)
    number = np.array([np.nan if value is None else value for value in values], dtype=float)
    sheet.add(statistic, number, n=n, method=method, where=known)


def _loading_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, models: list[Models], confidence: float
) -> None:
    z = special.ndtri((1 + confidence) / 2)
    shape = stack.asked.shape
    for method in ("ml", "mlr", "wlsmv"):
        value, error = np.full(shape, np.nan), np.full(shape, np.nan)
        text = np.full(shape, "", dtype=object)
        fitted = np.zeros(len(models), dtype=bool)
        for u, found in enumerate(models):
            model = found.ordinal if method == "wlsmv" else found.ml
            if model is None:
                continue
            fitted[u] = True
            if found.ordinal is not None and method == "wlsmv":
                value[u, found.keep], error[u, found.keep] = found.ordinal.loadings, found.ordinal.errors
            elif found.ml is not None:
                value[u, found.keep], error[u, found.keep] = found.ml.standardised(method == "mlr")
            text[u, found.keep] = np.where(model.heywood, "heywood", "")
        why = np.where(stack.varying, "singular", "no-variance")
        sheet.add("loading", value, lower=value - z * error, upper=value + z * error, confidence=confidence,
                  item=grouped.items, where=stack.asked & fitted[:, None], n=stack.n, method=method,
                  text=text, reason=why)  # fmt: skip


def _modification_rows(sheet: Sheet, grouped: Grouped, stack: Stack, models: list[Models]) -> None:
    shape = (len(models), LARGEST)
    value = np.full(shape, np.nan)
    first, second = np.full(shape, "", dtype=object), np.full(shape, "", dtype=object)
    for u, found in enumerate(models):
        if found.ml is None or found.ml.fit.df <= 0:
            continue
        names = [item for item, kept in zip(grouped.items, found.keep) if kept]
        a, b = np.triu_indices(len(names), 1)
        index = found.ml.modification[a, b]
        top = np.argsort(-index, kind="stable")[:LARGEST]
        value[u, : len(top)] = index[top]
        first[u, : len(top)] = [names[i] for i in a[top]]
        second[u, : len(top)] = [names[i] for i in b[top]]
    sheet.add("mi", value, item=list(first), other=list(second), where=np.isfinite(value), n=stack.n,
              df=1, p=special.chdtrc(1, np.nan_to_num(value)), method="ml")  # fmt: skip


def _htmt_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, models: list[Models], facets: Mapping[str, Sequence[str]]
) -> None:
    names = list(facets)
    groups = [np.array([item in facets[name] for item in grouped.items]) for name in names]
    pairs = [(a, b) for a in range(len(names)) for b in range(a + 1, len(names))]
    fitted = np.array([m.ml is not None for m in models])
    pearson = np.where(stack.varying[:, :, None] & stack.varying[:, None, :], correlation(stack.cov), np.nan)
    try:
        ordinal = polychoric.matrices(grouped, stack.complete).r if fitted.any() else pearson
    except ValueError:
        ordinal = np.full_like(pearson, np.nan)
    for method, r in (("pearson", pearson), ("polychoric", ordinal)):
        for geometric in (False, True):
            value = np.array([[htmt(m, groups[a], groups[b], geometric) for a, b in pairs] for m in r])
            sheet.add("htmt2" if geometric else "htmt", value.reshape(len(r), len(pairs)),
                      item=[names[a] for a, _ in pairs], other=[names[b] for _, b in pairs],
                      n=stack.n, method=method, where=fitted)  # fmt: skip
