"""Fit the one-factor models of every unit that has answers enough, and say why not elsewhere.

Maximum likelihood needs max(30, 5 per item) complete rows. The ordinal model needs 200 in a unit:
at the size of a usual sample, under the ceiling of satisfaction answers, two matrices in three
are no correlation matrices. All respondents together are always tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.statistics.data.covariance import Stack, duplicates, enough_for_factors
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.response_patterns import patterns
from pipeline.statistics.data.rows import choose
from pipeline.statistics.psychometrics.factor import cfa_ml, cfa_wlsmv
from pipeline.statistics.psychometrics.factor.cfa_ml import OneFactor
from pipeline.statistics.psychometrics.factor.cfa_wlsmv import OrdinalFactor

#: Complete rows a unit needs before the ordinal model is tried.
LEAST_ORDINAL = 200
#: With more eligible units than this, units are modelled only on request (ten units a second).
MOST_UNITS = 500
#: Items a model may have: its weights number the fourth power of them (200 items: 3 GB a matrix, ten of them).
MOST_ITEMS = 80


@dataclass(frozen=True)
class Models:
    """Both models of one unit; None where refused, with the reason.

    Attributes
    ----------
    keep : ndarray (k,) of bool
        Items in the models: they vary and do not repeat another.
    ml, ordinal : OneFactor, OrdinalFactor, or None
    ml_reason, ordinal_reason : str
        "" where fitted.
    min_eigenvalue : float
        Of the polychoric matrix of complete rows; NaN where not estimated.
    """

    keep: Array
    ml: OneFactor | None
    ordinal: OrdinalFactor | None
    ml_reason: str
    ordinal_reason: str
    min_eigenvalue: float = float("nan")


def fit_all(
    grouped: Grouped, stack: Stack, *, least_ordinal: int = LEAST_ORDINAL, units: bool | None = None
) -> list[Models]:
    """Fit every unit.

    Parameters
    ----------
    grouped : Grouped
        Answers by unit.
    stack : Stack
        Their listwise covariances.
    least_ordinal : int
        Complete rows the ordinal model needs; 0 for all respondents together.
    units : bool, optional
        True fits however many units there are, False none; by default all where at most 500 have
        answers enough.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.covariance import listwise
    >>> from pipeline.statistics.data.grouped import group
    >>> g = group(pd.DataFrame({"U1": [1, 2], "U2": [2, 1], "U3": [1, 1]}))
    >>> fit_all(g, listwise(g))[0].ml_reason
    'too-few'
    """
    keep, refused = eligible(stack, units=units)
    out = []
    for u, why in enumerate(refused):
        few = "too-few" if stack.n[u] < least_ordinal else ""
        out.append(Models(keep[u], None, None, why, why) if why else _fit(grouped, stack, u, keep[u], few))
    return out


def eligible(stack: Stack, *, least: int = 0, units: bool | None = None) -> tuple[Array, Array]:
    """Items that can be modelled in each unit, and why a unit is not modelled at all ("" where it is).

    Parameters
    ----------
    stack : Stack
        Listwise covariances.
    least : int
        Complete rows needed beyond max(30, 5 per item).
    units : bool, optional
        As in `fit_all`.

    Returns
    -------
    keep : ndarray (U, k) of bool
    reason : ndarray (U,) of str
    """
    keep = stack.varying & ~duplicates(stack.cov)
    kept = keep.sum(axis=1)
    few = stack.n < np.maximum(enough_for_factors(kept), least)
    usable = ~few & (kept >= 3)
    on_request = units is False or (units is None and int(usable.sum()) > MOST_UNITS)
    reason = choose(
        [
            (~stack.asked.any(axis=1), "no-data"),
            (stack.k < 3, "few-items"),
            (kept > MOST_ITEMS, "many-items"),
            (few, "too-few"),
            # Items that vary but repeat one another leave fewer than three.
            ((kept < 3) & (stack.varying.sum(axis=1) >= 3), "singular"),
            (kept < 3, "no-variance"),
            (on_request, "on-request"),
        ],
        len(stack.n),
    )
    return keep, reason


def _fit(grouped: Grouped, stack: Stack, unit: int, keep: Array, few: str) -> Models:
    data = patterns(grouped, unit, keep, stack.complete)
    ml: OneFactor | None = None
    ordinal: OrdinalFactor | None = None
    ml_reason, ordinal_reason, least = "", few, float("nan")
    try:
        ml = cfa_ml.fit(data)
    except ValueError:
        ml_reason = "singular"
    if ml is not None and not ml.converged:
        ml, ml_reason = None, "not-estimable"
    if ordinal_reason:
        return Models(keep, ml, None, ml_reason, ordinal_reason)
    whole = bool((data.values == np.rint(data.values)).all()) and np.ptp(data.values) < 20
    try:
        prepared = cfa_wlsmv.prepare(data) if whole else None
    except ValueError:
        prepared = None
    if prepared is None:
        return Models(keep, ml, None, ml_reason, "not-estimable")
    least = float(np.linalg.eigvalsh(prepared.r)[0])
    if least <= 1e-8:
        return Models(keep, ml, None, ml_reason, "not-positive-definite", least)
    ordinal = cfa_wlsmv.fit(prepared)
    if not ordinal.converged:
        ordinal, ordinal_reason = None, "not-estimable"
    return Models(keep, ml, ordinal, ml_reason, ordinal_reason, least)
