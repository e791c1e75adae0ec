"""Which items go together with the others: shares of the total and of an overall judgement, gaps.

Satisfaction surveys rarely ask how important an item is. What is derived is called derived, and the
index is never regressed on its own items: that explains everything and says nothing. All of it is
association within one questionnaire: nothing here says what would follow from changing an item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.levels import aligned, groups
from pipeline.statistics.data.summary import t_margin
from pipeline.statistics.importance.lmg import MOST, lmg, share_of_variance

if TYPE_CHECKING:
    import pandas as pd

#: Quadrants of importance (up) and performance (right), as they are usually named.
QUADRANTS = ("concentrate-here", "keep-up", "low-priority", "possible-overkill")
#: Rows a statistic of covariances needs, beside one more than the items.
SMALLEST = 30
DRAWS = 1000
#: From so many rows on the means of a bootstrap sample are drawn from their normal distribution.
BY_NORMAL = 1_000_000
#: Rows whose products are held at once.
CHUNK = 250_000


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    overall: pd.Series | None = None,
    expectations: pd.DataFrame | None = None,
    importances: pd.DataFrame | None = None,
    states_fact: Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = 20170509,
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Importance of items in the whole city, and gaps to expectations in the city and each unit.

    Parameters
    ----------
    answers, by, confidence, survey
        As in `ranking.table`; answers are items.
    overall : Series, optional
        An overall judgement asked apart; must not be an item or made of items.
    expectations, importances : DataFrame, optional
        Expected service, or stated importance, with the columns of `answers` that have one.
    states_fact : sequence of str
        Items whose options state a fact (the fee, whether a complaint channel exists): they have a place
        on both axes, set no cut and are in no quadrant (R18).
    draws, seed : int
        Bootstrap of the quadrants.

    Returns
    -------
    DataFrame
        Tidy rows with ``item``.

        ================================================= ======================================================
        ``share_of_variance``                             city: covariance of the item with the sum of all
                                                          items, over the variance of that sum, within units
                                                          (R20); the parts sum to 1;
                                                          ``share_of_variance_pooled`` beside it: over all
                                                          respondents
        ``lmg``                                           city: part of R2 of the overall judgement, averaged
                                                          over all orders
        ``r2``                                            city: its R2 on all items
        ``quadrant``                                      city: ``text`` the quadrant by the cuts of both axes,
                                                          estimate the share of bootstrap samples in it;
                                                          importance is stated where asked, else derived (item-
                                                          rest correlation within units), see ``method``;
                                                          ``importance_pooled`` beside it: the same correlation
                                                          over all respondents
        ``quadrant_cut``                                  city: where ``group`` (performance, importance) is
                                                          cut: the mean over the items that state no fact
        ``quadrant_performance``, ``quadrant_importance`` city: the item on each axis with the 95 % percentile
                                                          interval of the bootstrap; ``quadrant_tilt`` the
                                                          correlation of both over its samples (for an ellipse)
        ``gap``                                           city and unit: perception less expectation on rows
                                                          with both, interval by t
        ``expectation``, ``perception``                   the two means on those rows
        ================================================= ======================================================

    Raises
    ------
    ValueError
        If the overall judgement is an item or their mean.

    Notes
    -----
    LMG checked against R on the reference sets; gaps against 120 published ones of a hospital.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"U1": [4, 3, 4], "U2": [3, 3, 3]})
    >>> wanted = pd.DataFrame({"U1": [5, 4, 5], "U2": [3, 4, 5]})
    >>> t = table(seen, ["a"] * 3, expectations=wanted)
    >>> results.pick(t, scope="unit", statistic="gap")[["item", "estimate"]].values.tolist()
    [['U1', -1.0], ['U2', -1.0]]
    """
    x = _floats(answers)
    items, x = _shared([str(c) for c in answers.columns], x)
    unit = groups(aligned(answers, by), len(answers)).codes
    rows = _variance(x, items, unit)
    if overall is not None:
        rows += _explained(x, items, np.asarray(_floats(overall.to_frame()))[:, 0], unit)
    stated = _columns(importances, items)
    opinion = np.array([item not in states_fact for item in items], dtype=bool)
    rows += _quadrants(x, items, stated, unit, opinion, draws, seed)
    parts = [results.frame([{"survey": survey, "scope": "city", **row} for row in rows])]
    if expectations is not None:
        parts.append(_gaps(answers, by, expectations, confidence, survey))
    return results.concat(parts)


def _floats(frame: pd.DataFrame) -> Array:
    import pandas as pd

    return np.column_stack(
        [pd.to_numeric(frame[c]).to_numpy(dtype="float64", na_value=np.nan) for c in frame.columns]
    ) if frame.shape[1] else np.zeros((len(frame), 0))  # fmt: skip


def _shared(items: list[str], x: Array) -> tuple[list[str], Array]:
    """Items at least half of the respondents answered: what the city shares (R12)."""
    here = np.isfinite(x)
    keep = here.sum(axis=0) * 2 >= here.any(axis=1).sum()
    keep &= here.any(axis=0)
    return [item for item, kept in zip(items, keep, strict=True) if kept], x[:, keep]


def _columns(frame: pd.DataFrame | None, items: Sequence[str]) -> Array | None:
    """Stated importances in the order of the items, if all items have one."""
    if frame is None or any(item not in frame.columns for item in items):
        return None
    return _floats(frame[list(items)])


def _complete(*parts: Array) -> Array:
    """Rows without a gap in any part."""
    keep = np.ones(len(parts[0]), dtype=bool)
    for part in parts:
        keep &= np.isfinite(part).all(axis=1)
    return keep


def _within(x: Array, unit: Array) -> Array:
    """Each column less the mean of the row's unit: what respondents of one unit differ in (R20)."""
    n = np.maximum(np.bincount(unit), 1)
    return np.column_stack([column - (np.bincount(unit, column) / n)[unit] for column in x.T])


def _variance(x: Array, items: Sequence[str], unit: Array) -> list[dict[str, Any]]:
    keep = _complete(x)
    whole = x[keep]
    enough = len(whole) >= SMALLEST and len(items) > 1
    why = "no-variance" if enough else "few-items" if len(whole) >= SMALLEST else "too-few"
    rows: list[dict[str, Any]] = []
    for name in ("share_of_variance", "share_of_variance_pooled"):
        used = whole if name.endswith("pooled") or not enough else _within(whole, unit[keep])
        share = share_of_variance(np.cov(used.T)) if enough else np.full(len(items), np.nan)
        rows += [
            {"statistic": name, "item": item, "estimate": value, "n": len(whole),
             "method": "pooled" if name.endswith("pooled") else "within-units",
             "reason": "" if np.isfinite(value) else why}
            for item, value in zip(items, share, strict=True)
        ]  # fmt: skip
    return rows


def _explained(x: Array, items: Sequence[str], y: Array, unit: Array) -> list[dict[str, Any]]:
    """Shares of R2 of an overall judgement, within units."""
    keep = _complete(x, y[:, None])
    x, y = x[keep], y[keep]
    _refuse_circle(x, y, items)
    n, p = x.shape
    if n:
        both = _within(np.column_stack([x, y]), unit[keep])
        x, y = both[:, :p], both[:, p]
    why = "too-few" if n < max(SMALLEST, p + 2) else "few-items" if p > MOST else ""
    varied = (np.ptp(x, axis=0) > 1e-12) if n else np.zeros(p, dtype=bool)
    why = why or ("no-variance" if not varied.all() or np.ptp(y) <= 1e-12 else "")
    share = np.full(p, np.nan)
    if not why:
        share = lmg(np.corrcoef(np.column_stack([x, y]).T))
        why = "" if np.isfinite(share).all() else "singular"
    total = float(share.sum())
    return [
        {"statistic": "lmg", "item": item, "estimate": value, "n": n, "method": "overall", "reason": why}
        for item, value in zip(items, share, strict=True)
    ] + [{"statistic": "r2", "estimate": total, "n": n, "method": "overall", "reason": why}]


def _refuse_circle(x: Array, y: Array, items: Sequence[str]) -> None:
    """An overall judgement that is an item, or their mean, explains itself."""
    if len(y) < 3 or np.ptp(y) == 0:
        return
    same = [item for item, column in zip(items, x.T, strict=True) if np.array_equal(column, y)]
    mean = x.mean(axis=1)
    made_of_items = np.ptp(mean) > 0 and abs(np.corrcoef(mean, y)[0, 1]) > 1 - 1e-9
    if same or made_of_items:
        what = f"the item {same[0]}" if same else "the mean of the items"
        raise ValueError(f"the overall judgement is {what}: it must be asked apart")


def _quadrants(
    x: Array, items: Sequence[str], stated: Array | None, unit: Array, opinion: Array, draws: int, seed: int
) -> list[dict[str, Any]]:
    """Quadrant of each item, and how often bootstrap samples agree."""
    keep = _complete(x) if stated is None else _complete(x, stated)
    x = x[keep]
    weight = None if stated is None else stated[keep]
    method = "derived" if stated is None else "stated"
    n, k = x.shape
    if n < SMALLEST or opinion.sum() < 3:
        why = "too-few" if n < SMALLEST else "few-items"
        return [
            {"statistic": "quadrant", "item": item, "n": n, "method": method, "reason": why} for item in items
        ]
    means, samples = _samples(x, _within(x, unit[keep]), weight, draws, seed)
    here = _axes(means, k)
    found = _place(*here, opinion)
    drawn = np.array([_axes(sample, k) for sample in samples]).transpose(1, 0, 2)
    agree = np.sum(
        [_place(drawn[0, draw], drawn[1, draw], opinion) == found for draw in range(draws)], axis=0
    )
    known = found >= 0
    base = {"n": n, "method": method}
    cuts = [
        base | {"statistic": "quadrant_cut", "group": name, "estimate": float(cut)}
        for name, cut in zip(("performance", "importance"), _cuts(*here, opinion), strict=True)
        if np.isfinite(cut)
    ]
    if stated is None:
        pooled = _item_rest(np.cov(x.T))
        cuts += [
            base | {"statistic": "importance_pooled", "item": item, "estimate": value}
            for item, value in zip(items, pooled, strict=True) if np.isfinite(value)
        ]  # fmt: skip
    return cuts + _cloud(here, drawn, items, np.isfinite(here[1]), n, method) + [
        base | {"statistic": "quadrant", "item": item,
         "estimate": agree[j] / draws if known[j] else np.nan, "text": QUADRANTS[found[j]] if known[j] else "",
         "reason": "" if known[j] else "no-variance" if opinion[j] else "states-a-fact"}
        for j, item in enumerate(items)
    ]  # fmt: skip


def _samples(
    x: Array, centred: Array, weight: Array | None, draws: int, seed: int
) -> tuple[Array, Array]:  # fmt: skip
    """Means of all a quadrant needs (items, products of centred items), and of bootstrap samples of rows."""
    n, k = x.shape
    first, second = np.triu_indices(k)

    def needed(rows: slice) -> Array:
        c = centred[rows]
        parts = [x[rows], c, c[:, first] * c[:, second]]
        return np.column_stack(parts if weight is None else [*parts, weight[rows]])

    random = np.random.default_rng(seed)
    if n < BY_NORMAL:
        columns = needed(slice(None))
        taken = (np.bincount(random.integers(0, n, n), minlength=n) for _ in range(draws))
        return columns.mean(axis=0), np.array([times @ columns / n for times in taken])
    total: Array = np.zeros(())
    square: Array = np.zeros(())
    for start in range(0, n, CHUNK):
        columns = needed(slice(start, start + CHUNK))
        total, square = total + columns.sum(axis=0), square + columns.T @ columns
    means = total / n
    cov = square / n - np.outer(means, means)
    return means, random.multivariate_normal(means, cov / n, size=draws, method="eigh")


def _cloud(
    here: tuple[Array, Array], drawn: Array, items: Sequence[str], known: Array, n: int, method: str
) -> list[dict[str, Any]]:
    """Where each item lies on both axes, with the spread and tilt of its bootstrap samples."""
    rows: list[dict[str, Any]] = []
    for j, item in enumerate(items):
        base = {"item": item, "n": n, "method": method}
        if not known[j]:
            continue
        for name, value, sample in zip(("performance", "importance"), here, drawn, strict=True):
            rows.append(base | {
                "statistic": f"quadrant_{name}", "estimate": value[j], "confidence": 0.95,
                "lower": np.nanquantile(sample[:, j], 0.025), "upper": np.nanquantile(sample[:, j], 0.975),
            })  # fmt: skip
        both = np.isfinite(drawn[:, :, j]).all(axis=0)
        spread = drawn[:, both, j].std(axis=1)
        tilted = both.sum() > 2 and (spread > 0).all()
        rows.append(base | {
            "statistic": "quadrant_tilt", "reason": "" if tilted else "no-variance",
            "estimate": float(np.corrcoef(drawn[:, both, j])[0, 1]) if tilted else np.nan,
        })  # fmt: skip
    return rows


def _axes(means: Array, k: int) -> tuple[Array, Array]:
    """Performance and importance of each item; importance NaN where it is not defined.

    ``means``: of the items, of the centred items, of their products, and of stated importance if any.
    """
    performance, shift = means[:k], means[k : 2 * k]
    products = 2 * k + k * (k + 1) // 2
    if len(means) > products:
        importance = means[products:]
    else:
        cov = np.zeros((k, k))
        cov[np.triu_indices(k)] = means[2 * k :]
        cov = cov + np.triu(cov, 1).T - np.outer(shift, shift)
        importance = _item_rest(cov)
    return performance, importance


def _cuts(performance: Array, importance: Array, opinion: Array) -> tuple[float, float]:
    """Where both axes are cut: at the mean of the items that state no fact, NaN where there is none."""
    known = np.isfinite(importance) & opinion
    if not known.any():
        return float("nan"), float("nan")
    return float(performance[opinion].mean()), float(importance[known].mean())


def _place(performance: Array, importance: Array, opinion: Array) -> Array:
    """Number of the quadrant; -1 where importance is not defined and for items that state a fact."""
    good_from, high_from = _cuts(performance, importance, opinion)
    high, good = importance >= high_from, performance >= good_from
    place = np.where(high, np.where(good, 1, 0), np.where(good, 3, 2))
    return np.where(np.isfinite(importance) & opinion, place, -1)


def _item_rest(cov: Array) -> Array:
    """Correlation of each item with the sum of the others; NaN for a constant item."""
    with_total = cov.sum(axis=1)
    own = np.where(np.diag(cov) > 1e-12, np.diag(cov), 0.0)
    rest = cov.sum() - 2 * with_total + own
    made: Array = ratio(with_total - own, np.sqrt(np.maximum(own * rest, 0.0)))
    return made


def _gaps(
    answers: pd.DataFrame, by: Any, expectations: pd.DataFrame, confidence: float, survey: str
) -> pd.DataFrame:
    """Perception less expectation per item, in the city and in each unit."""
    labels = groups(aligned(answers, by), len(answers))
    rows: list[dict[str, Any]] = []
    for item in [str(c) for c in answers.columns if c in expectations.columns]:
        both = _floats(answers[[item]])[:, 0], _floats(expectations[[item]])[:, 0]
        keep = np.isfinite(both[0]) & np.isfinite(both[1])
        rows += _gap_rows(item, "city", [""], both, keep, np.zeros(len(keep), dtype=int), confidence)
        if by is not None:
            rows += _gap_rows(item, "unit", labels.ids, both, keep, labels.codes, confidence)
    return results.frame([{"survey": survey, **row} for row in rows])


def _gap_rows(
    item: str, scope: str, names: Sequence[str], both: tuple[Array, Array], keep: Array, codes: Array,
    confidence: float,
) -> list[dict[str, Any]]:  # fmt: skip
    size = len(names)
    n = np.bincount(codes[keep], minlength=size).astype(float)[:size]
    seen, wanted = (ratio(np.bincount(codes[keep], values[keep], size)[:size], n) for values in both)
    d = (both[0] - both[1])[keep]
    gap = ratio(np.bincount(codes[keep], d, size)[:size], n)
    square = np.bincount(codes[keep], (d - gap[codes[keep]]) ** 2, size)[:size]
    error = np.sqrt(ratio(ratio(square, np.where(n > 1, n - 1, np.nan)), n))
    reach = t_margin(error, n - 1, confidence)
    out: list[dict[str, Any]] = []
    for u, name in enumerate(names):
        base: dict[str, Any] = {"scope": scope, "unit": name, "item": item, "n": int(n[u]),
                                "reason": "" if n[u] else "no-data"}  # fmt: skip
        out.append(base | {"statistic": "gap", "estimate": gap[u], "lower": gap[u] - reach[u], "df": n[u] - 1,
                           "upper": gap[u] + reach[u], "confidence": confidence, "method": "paired"})  # fmt: skip
        out.append(base | {"statistic": "perception", "estimate": seen[u]})
        out.append(base | {"statistic": "expectation", "estimate": wanted[u]})
    return out
