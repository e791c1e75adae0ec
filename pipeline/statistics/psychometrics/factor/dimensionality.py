"""Rows of the validity table on how many things the items measure.

Polychoric correlations, parallel analysis and one minres factor: for all respondents together,
and in units from n = 200. At the size of a usual sample polychoric matrices contradict themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.statistics.data.covariance import Stack, correlation
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.pearson import item_rest, kmo
from pipeline.statistics.data.response_patterns import patterns
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.correlation.polychoric import Polychoric
from pipeline.statistics.psychometrics.factor import efa
from pipeline.statistics.psychometrics.factor.one_factor import LEAST_ORDINAL, eligible


@dataclass(frozen=True)
class _Matrices:
    """Correlations of one kind, a matrix a unit, and which of them are told.

    Attributes
    ----------
    method : str
        ``pearson`` or ``polychoric``.
    r : ndarray (U, k, k)
    keep : ndarray (U, k) of bool
        Items that vary.
    shown : ndarray (U,) of bool
        Units whose matrix is modelled.
    why : ndarray (U,)
        Why the matrix of another is not.
    written : ndarray (U,) of bool
        Units that have rows at all, with a number or with the reason.
    n : ndarray (U,)
        Answers that each matrix rests on.
    """

    method: str
    r: Array
    keep: Array
    shown: Array
    why: Array
    written: Array
    n: Array


def add_dimension_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, units: bool | None, draws: int, seed: int
) -> None:
    """Add the rows from ``polychoric`` to ``communality`` that `validity.table` describes.

    Parameters
    ----------
    sheet, grouped, stack
        Rows of the validity table; answers by unit (one named "" is everybody), and their listwise covariances.
    units : bool, optional
        As in `one_factor.fit_all`.
    draws, seed : int
        Of the parallel analysis. Polychoric ones are drawn for everybody only (a third of a second).
    """
    everybody = grouped.units == ("",)
    keep, why = eligible(stack, least=0 if everybody else LEAST_ORDINAL, units=units)
    tried = why == ""
    ordinal: Polychoric | None = None
    refused = why
    if tried.any():
        try:
            ordinal = polychoric.matrices(grouped, only=tried)
            refused = np.where(tried, ordinal.reason, why)
        except ValueError:
            refused = np.where(tried, "not-estimable", why)
    _polychoric_rows(sheet, grouped, stack, ordinal, tried, refused)
    if ordinal is not None:
        _item_rows(sheet, grouped, stack, ordinal, tried, refused)
    pearson = _Matrices("pearson", correlation(stack.cov), keep, tried, why, written=tried, n=stack.n)
    normal = _model_rows(sheet, grouped, stack, pearson, draws=draws, seed=seed)
    if ordinal is not None:
        shown = refused == ""
        # A refused matrix has its reason at min_eigenvalue; only what was tried is written here.
        behind = _Matrices("polychoric", ordinal.identity_filled(), keep & ordinal.keep, shown, refused,
                           written=tried, n=fewest(ordinal, stack))  # fmt: skip
        latent = _model_rows(sheet, grouped, stack, behind, draws=draws if everybody else 0, seed=seed)
        if draws and everybody:
            more = normal - latent
            sheet.add(
                "difficulty_factors", more, n=stack.n, where=tried,
                text=np.where(np.nan_to_num(more) > 0, "difficulty-factor", ""),
                reason=np.where(shown, "not-estimable", refused),
            )  # fmt: skip


def fewest(ordinal: Polychoric, stack: Stack) -> Array:
    """Answers of the pair that has the fewest: what a matrix of pairs on their own rows rests on."""
    both = ordinal.keep[:, :, None] & ordinal.keep[:, None, :] & (ordinal.pair_n > 0)
    least = np.where(both, ordinal.pair_n, np.inf).min(axis=(1, 2), initial=np.inf)
    return np.where(np.isfinite(least), least, stack.n)


def _item_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, ordinal: Polychoric, tried: Array, refused: Array
) -> None:
    """Item-rest correlation and sampling adequacy of the answers behind the answers."""
    shown = (refused == "")[:, None]
    both = ordinal.keep[:, :, None] & ordinal.keep[:, None, :]
    r = np.where(both & shown[:, :, None], np.nan_to_num(ordinal.r), 0.0)
    overall, _ = kmo(np.where(shown[:, :, None], ordinal.identity_filled(), np.nan), ordinal.keep)
    why = np.where(shown, "no-variance", refused[:, None])
    sheet.add("item_rest_polychoric", np.where(shown & ordinal.keep, item_rest(r), np.nan), item=grouped.items,
              where=stack.asked & tried[:, None], n=fewest(ordinal, stack), method="polychoric",
              reason=why)  # fmt: skip
    sheet.add("kmo_polychoric", overall, n=fewest(ordinal, stack), where=tried, method="polychoric",
              reason=np.where(refused == "", "singular", refused))  # fmt: skip


def _polychoric_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, ordinal: Polychoric | None, tried: Array, refused: Array
) -> None:
    least, n = np.full(len(stack.n), np.nan), stack.n
    if ordinal is not None:
        n = np.where(tried, fewest(ordinal, stack), n)
        first, second = np.triu_indices(len(grouped.items), 1)
        r, vary = ordinal.r[:, first, second], ordinal.keep[:, first] & ordinal.keep[:, second]
        sure = np.abs(r) < polychoric.BOUNDARY
        sheet.add(
            "polychoric", np.where(sure, r, np.nan),
            item=[grouped.items[a] for a in first], other=[grouped.items[b] for b in second],
            where=tried[:, None] & stack.asked[:, first] & stack.asked[:, second],
            n=ordinal.pair_n[:, first, second], numerator=ordinal.empty_cells[:, first, second],
            reason=np.where(vary, "not-estimable", "no-variance"),
        )  # fmt: skip
        least = np.where(tried, ordinal.min_eigenvalue, np.nan)
    # The number is shown beside the reason it is too small: it is the check itself.
    known = np.isfinite(least)
    sheet.add("min_eigenvalue", least, n=n, method="polychoric", reason=refused,
              text=np.where(known, refused, ""))  # fmt: skip


def _model_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, kind: _Matrices, *, draws: int, seed: int
) -> Array:
    """Add the rows of one kind of correlation; return the factors found by unit, NaN where none were sought."""
    shape = stack.asked.shape
    loading, threshold, values = (np.full(shape, np.nan) for _ in range(3))
    factors = np.full(len(stack.n), np.nan)
    for u in np.flatnonzero(kind.shown):
        inside = kind.keep[u]
        matrix = kind.r[u][np.ix_(inside, inside)]
        if inside.sum() < 3 or np.linalg.eigvalsh(matrix)[0] <= 1e-10:
            continue
        model = efa.minres(matrix)
        count = int(inside.sum())
        loading[u, inside] = model.loadings if model.converged else np.nan
        values[u, :count] = np.linalg.eigvalsh(matrix)[::-1]
        if draws:
            data = patterns(grouped, int(u), inside, stack.complete)
            found = efa.parallel(data, matrix, ordinal=kind.method == "polychoric", draws=draws, seed=seed)
            threshold[u, :count] = found.threshold
            factors[u] = found.factors if np.isfinite(found.threshold).all() else np.nan
    constant = np.where(kind.keep, "singular", "no-variance")
    of_item = np.where(kind.shown[:, None], constant, kind.why[:, None])
    columns: dict[str, Any] = {"n": kind.n, "method": kind.method}
    where = stack.asked & kind.written[:, None]
    by_item: dict[str, Any] = {"item": grouped.items, "where": where, "reason": of_item}
    text = np.where(loading**2 >= 1, "heywood", "")
    sheet.add("loading_efa", loading, text=text, **by_item, **columns)
    sheet.add("communality", loading**2, text=text, **by_item, **columns)
    places = [str(place + 1) for place in range(shape[1])]
    inside = np.isfinite(values)
    if kind.method == "polychoric":
        sheet.add("eigenvalue_polychoric", values, other=places, where=inside, **columns)
    if draws:
        sheet.add("parallel_95", threshold, other=places, where=inside, reason="not-estimable", **columns)
        sheet.add("factors_parallel", factors, where=kind.shown, reason="not-estimable", **columns)
    return factors
