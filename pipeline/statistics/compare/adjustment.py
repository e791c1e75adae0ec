"""Units compared as if each had the same respondents: what is left of their differences.

A unit whose visitors are older or less schooled may score higher for that alone. The mixed model
holds what units cannot influence; the plain mean stays the official number, and both are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special, stats

from pipeline import results
from pipeline.statistics.compare.ordinal import cumulative_logit
from pipeline.statistics.compare.random_intercept import RandomIntercept, from_sums
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array, group
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.rows import Sheet

if TYPE_CHECKING:
    import pandas as pd

#: Respondents a category needs to have an effect of its own; smaller ones join "other".
SMALLEST = 30
OTHER = "other"
#: Units need so many respondents with every attribute stated.
FEWEST = 5
#: More units than this have no ordered model of all of them at once.
MOST_ORDERED = 200


@dataclass(frozen=True)
class Design:
    """Columns of the model: an intercept, numbers, and categories against a reference, named by attribute."""

    columns: Array
    names: tuple[tuple[str, str], ...]
    references: Mapping[str, str]


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    attributes: pd.DataFrame,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Adjust unit means for who answered.

    Parameters
    ----------
    answers, by, leave_out, items, scale, confidence, survey
        As in `ranking.table`; answers are items.
    attributes : DataFrame
        What units cannot influence: numbers (age) enter as they are, texts as categories. Rows with
        one missing take no part; attributes nobody gave are left out.

    Returns
    -------
    DataFrame
        Tidy rows.

        ============================= ==========================================================================
        scope city
        ``coefficient``               ``item`` attribute, ``group`` category, ``other`` reference; index points,
                                      with standard error's interval and p
        ``tau2``, ``sigma2``, ``icc`` of the adjusted model
        ``correlation``               of plain and adjusted means over units
        scope unit
        ``adjusted``                  predicted mean if the unit had the respondents of the whole city
        ``unadjusted``                shrunken mean of the same rows without the attributes
        ``rank_shift``                rank before less rank after; positive is up
        ``ordinal``                   effect of the unit in logits, from a model that uses only the order of
                                      scores
        ``ordinal_rank_shift``        rank by the adjusted mean (not shrunken) less rank by that effect
        scope city
        ``ordinal_correlation``       Spearman's of adjusted means and ordinal effects over units
        ============================= ==========================================================================

    Notes
    -----
    Coefficients, variances and deviations checked against R's lme4 on a simulated city (sex, age and
    education of 13,579 respondents), within 1e-5.

    References
    ----------
    Zaslavsky, A. M., Zaborski, L. B., Ding, L., et al. (2001). Adjusting performance measures to ensure
    equitable plan comparisons. Health Care Financing Review, 22, 109-126.

    Examples
    --------
    >>> import pandas as pd
    >>> random = np.random.default_rng(1)
    >>> age = random.integers(20, 60, 200)
    >>> answers = pd.DataFrame({"U1": np.where(age > 40, 4, 3), "U2": random.integers(3, 5, 200)})
    >>> t = table(answers, ["a", "b"] * 100, attributes=pd.DataFrame({"age": age}))
    >>> results.pick(t, statistic="coefficient")[["item", "text"]].values.tolist()
    [['age', '']]
    """
    taken = row_scores(answers, by, leave_out, items, scale)
    score, codes, units, rows = taken.score, taken.codes, taken.units, taken.row
    stated, keep = stated_all(attributes, rows)
    score, codes, stated = score[keep], codes[keep], stated[keep].reset_index(drop=True)
    n = np.bincount(codes, minlength=len(units)).astype(float) if len(codes) else np.zeros(len(units))
    # A unit with hardly anybody left would be all prediction.
    enough = n >= FEWEST
    inside = enough[codes] if len(codes) else np.zeros(0, dtype=bool)
    score, codes, stated = score[inside], codes[inside], stated[inside].reset_index(drop=True)
    n = np.where(enough, n, 0.0)
    made = design(stated)
    fit = fit_rows(made.columns, score, codes, len(units))
    plain = fit_rows(made.columns[:, :1], score, codes, len(units))
    parts = [_city(fit, made, n, survey, confidence)]
    parts.append(_units(fit, plain, made, units, n, survey, confidence))
    parts.append(_by_order(made, score, codes, units, n, fit, survey))
    return results.concat(parts)


@dataclass(frozen=True)
class RowScores:
    """Score, unit (code into ``units``) and original position of each row that counts."""

    score: Array
    codes: Array
    units: list[str]
    row: Array

    @property
    def unit(self) -> Array:
        """Unit of each row, by name."""
        return np.array(self.units, dtype=object)[self.codes] if self.units else np.zeros(0, dtype=object)


def row_scores(
    answers: pd.DataFrame, by: Any, leave_out: Any, items: Sequence[str] | None, scale: tuple[int, int]
) -> RowScores:
    """Index points of each complete row of the units that take part.

    Examples
    --------
    >>> import pandas as pd
    >>> found = row_scores(pd.DataFrame({"U1": [4, 3], "U2": [4, None]}), ["a", "a"], (), None, (1, 4))
    >>> found.score.tolist(), found.unit.tolist(), found.row.tolist()
    ([100.0], ['a'], [0])
    """
    grouped = group(answers, by, items).shared()
    k = max(len(grouped.items), 1)
    whole = np.ones(grouped.rows, dtype=bool) if grouped.seen is None else grouped.seen.all(axis=0)
    taking = np.array([unit not in leave_out for unit in grouped.units], dtype=bool)
    keep = whole & taking[grouped.unit_of_row] if grouped.rows else whole
    total = np.zeros(grouped.rows)
    for j in range(len(grouped.items)):
        total += grouped.column(j)
    order = np.arange(grouped.rows) if grouped.order is None else grouped.order
    new = np.cumsum(taking) - 1
    codes = new[grouped.unit_of_row[keep]] if grouped.rows else np.zeros(0, dtype=int)
    units = [unit for unit, kept in zip(grouped.units, taking, strict=True) if kept]
    return RowScores(total[keep] * (100 / scale[1] / k), codes, units, order[keep])


def stated_all(attributes: pd.DataFrame, rows: Array) -> tuple[pd.DataFrame, Array]:
    """Attributes of the rows that count, without those nobody stated, and who stated every one of them.

    Examples
    --------
    >>> import pandas as pd
    >>> stated, every = stated_all(pd.DataFrame({"sex": ["f", "m", None], "age": [None] * 3}), np.array([1, 2]))
    >>> list(stated), every.tolist()
    (['sex'], [True, False])
    """
    stated = attributes.iloc[rows].reset_index(drop=True)
    stated = stated.loc[:, stated.notna().any(axis=0)]
    every = stated.notna().all(axis=1).to_numpy() if stated.shape[1] else np.ones(len(rows), dtype=bool)
    return stated, every


def design(stated: pd.DataFrame, smallest: int = SMALLEST) -> Design:
    """Columns for attributes: numbers centred, categories against the most frequent one.

    Categories below `smallest` respondents join one called "other"; an attribute without two
    categories adds nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> d = design(pd.DataFrame({"sex": ["f"] * 40 + ["m"] * 50, "age": range(90)}))
    >>> d.names
    (('', ''), ('sex', 'f'), ('age', ''))
    """
    import pandas as pd

    columns, names = [np.ones(len(stated))], [("", "")]
    references: dict[str, str] = {}
    for name in stated.columns:
        values = stated[name]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            number = values.to_numpy(dtype=float)
            if len(number) and np.ptp(number) > 0:
                columns.append(number - number.mean())
                names.append((str(name), ""))
            continue
        text = values.astype(str)
        counts = text.value_counts()
        text = text.where(~text.isin(counts.index[counts < smallest]), OTHER)
        counts = text.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        for category in sorted(counts.index[1:]):
            columns.append((text == category).to_numpy(dtype=float))
            names.append((str(name), str(category)))
            references[str(name)] = str(counts.index[0])
    return Design(np.column_stack(columns), tuple(names), references)


def fit_rows(columns: Array, score: Array, codes: Array, units: int) -> RandomIntercept:
    """Fit the random-intercept model to rows; the first column is the intercept.

    Examples
    --------
    >>> fit = fit_rows(np.ones((4, 1)), np.array([1.0, 3, 5, 7]), np.array([0, 0, 1, 1]), 2)
    >>> round(fit.mean, 6), round(fit.tau2, 6)
    (4.0, 7.0)
    """
    n = np.bincount(codes, minlength=units).astype(float)
    if not len(score):
        return from_sums(np.zeros((columns.shape[1] + 1,) * 2), np.zeros((units, columns.shape[1] + 1)), n)
    centre = score.mean()
    middle = columns.mean(axis=0)
    middle[0] = 0.0
    every = np.column_stack([columns - middle, score - centre])
    sums = np.stack([np.bincount(codes, column, units) for column in every.T], axis=1)
    fit = from_sums(every.T @ every, sums, n)
    b = fit.coefficients.copy()
    b[0] += centre
    # The intercept stays that of respondents who are average in everything.
    return RandomIntercept(**{**fit.__dict__, "coefficients": b})


def _city(fit: RandomIntercept, made: Design, n: Array, survey: str, confidence: float) -> pd.DataFrame:
    reach = special.ndtri((1 + confidence) / 2)
    why = "" if fit.known else "few-units" if (n > 0).sum() < 2 else "not-estimable"
    base: dict[str, Any] = {"survey": survey, "scope": "city", "n": float(n.sum()), "reason": why}
    rows = []
    for (name, category), b, error in zip(made.names, fit.coefficients, fit.errors, strict=True):
        if not name:
            continue
        rows.append(base | {
            "statistic": "coefficient", "item": name, "group": category, "estimate": b, "lower": b - reach * error,
            "upper": b + reach * error, "confidence": confidence, "p": 2 * special.ndtr(-abs(b / error)),
            "other": made.references[name] if category else "",
        })  # fmt: skip
    for statistic, value in (("tau2", fit.tau2), ("sigma2", fit.sigma2), ("icc", fit.icc)):
        rows.append(base | {"statistic": statistic, "estimate": value, "method": "adjusted"})
    return results.frame(rows)


def _units(
    fit: RandomIntercept,
    plain: RandomIntercept,
    made: Design,
    units: Sequence[str],
    n: Array,
    survey: str,
    confidence: float,
) -> pd.DataFrame:
    """Predicted means with and without the attributes, and what the order becomes."""
    sheet = Sheet(survey, "unit", units)
    if not len(units):
        return sheet.frame()
    here = n > 0
    reach = special.ndtri((1 + confidence) / 2)
    why = np.where(here, "not-estimable" if here.sum() > 1 else "few-units", "too-few")
    common: dict[str, Any] = {"n": n, "confidence": confidence, "reason": why}
    before, after = (np.where(here, model.shrunken, np.nan) for model in (plain, fit))
    # Where no variance between units is estimated every unit is the mean, with an error of 0: no width is
    # known there, and none is given.
    error, bare = (np.where(model.error > 0, reach * model.error, np.nan) for model in (fit, plain))
    sheet.add(
        "adjusted", after, lower=after - error, upper=after + error, method="predicted-margin", **common
    )
    sheet.add("unadjusted", before, lower=before - bare, upper=before + bare, method="reml", **common)
    sheet.add("rank_shift", _rank(before) - _rank(after), n=n, reason=why)
    made_rows = sheet.frame()
    both = np.isfinite(before) & np.isfinite(after)
    varied = both.sum() > 2 and np.ptp(before[both]) > 0 and np.ptp(after[both]) > 0
    value = float(np.corrcoef(before[both], after[both])[0, 1]) if varied else np.nan
    whole = results.frame([{
        "survey": survey, "scope": "city", "statistic": "correlation", "estimate": value, "n": float(n.sum()),
        "reason": "" if varied else "few-units", "method": "pearson",
    }])  # fmt: skip
    return results.concat([whole, made_rows])


def _by_order(
    made: Design,
    score: Array,
    codes: Array,
    units: Sequence[str],
    n: Array,
    fit: RandomIntercept,
    survey: str,
) -> pd.DataFrame:
    """Does the comparison hold if only the order of scores counts? (cumulative logit)"""
    here = np.flatnonzero(n > 0)
    base = {"survey": survey, "scope": "city", "statistic": "ordinal_correlation", "n": float(n.sum()),
            "method": "cumulative-logit"}  # fmt: skip
    several = len(here) > 2 and len(np.unique(score)) > 1 and fit.known
    if not several or len(here) > MOST_ORDERED:
        why = "few-units" if len(here) <= 2 else "on-request" if several else "not-estimable"
        return results.frame([base | {"reason": why}])
    place = np.full(len(units), -1)
    place[here] = np.arange(len(here))
    dummies = (place[codes][:, None] == np.arange(1, len(here))).astype(float)
    columns = np.column_stack([made.columns[:, 1:], dummies])
    _, answer = np.unique(np.round(score, 9), return_inverse=True)
    # Respondents who are alike in everything are one row.
    keyed = np.column_stack([made.columns[:, 1:], place[codes], answer])
    _, first, count = np.unique(keyed, axis=0, return_index=True, return_counts=True)
    found = cumulative_logit(columns[first], answer[first], count.astype(float))
    effect = np.full(len(units), np.nan)
    effect[here] = np.concatenate([[0.0], found.coefficients[-(len(here) - 1) :]])
    effect -= np.nanmean(effect)
    # Like is held against like: the linear model's unit effects, not drawn to the mean either.
    rest = score - made.columns[:, 1:] @ fit.coefficients[1:]
    adjusted = ratio(np.bincount(codes, rest, len(units)), np.where(n > 0, n, np.nan))
    if not found.converged:
        effect[:] = np.nan
    sheet = Sheet(survey, "unit", units)
    common: dict[str, Any] = {"n": n, "reason": "not-estimable", "method": "cumulative-logit"}
    sheet.add("ordinal", effect, **common)
    sheet.add("ordinal_rank_shift", _rank(adjusted) - _rank(effect), **common)
    known = found.converged and np.ptp(effect[here]) > 0 and np.ptp(adjusted[here]) > 0
    value = float(stats.spearmanr(effect[here], adjusted[here]).statistic) if known else np.nan
    whole = results.frame([base | {"estimate": value, "reason": "" if known else "not-estimable"}])
    return results.concat([whole, sheet.frame()])


def _rank(values: Array) -> Array:
    """Rank from the highest; NaN stays NaN."""
    out = np.full(len(values), np.nan)
    known = np.isfinite(values)
    out[known] = np.searchsorted(np.sort(-values[known]), -values[known], side="left") + 1.0
    return out
