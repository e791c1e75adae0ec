"""Do units answer an item differently although their respondents judge alike (differential functioning)?

An item works differently in a unit when its answers are higher or lower there than the same
respondents' other answers lead one to expect. Then the index mixes two things: how satisfied people
are, and how the item is understood. Each item is regressed on the sum of the other items and on
the unit (cumulative logit), for all units of a type together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.multiplicity import benjamini_hochberg
from pipeline.statistics.psychometrics.correlation.polychoric import MOST_CATEGORIES
from pipeline.statistics.psychometrics.invariance import cumulative_logit

#: Gain in R2 (Nagelkerke) from which a difference is more than negligible (Jodoin and Gierl 2001).
MODERATE = 0.035


@dataclass(frozen=True)
class Differential:
    """Tests of one item over all units.

    Attributes
    ----------
    n : float
        Respondents.
    uniform, non_uniform, both : tuple of float
        Likelihood-ratio statistic, df and p of levels of the units beside the score, of their
        slopes beside the levels, and of both at once.
    r2 : float
        Gain in Nagelkerke's R2 by levels and slopes.
    r2_adjusted : float
        The same from a statistic less its df, what it is without any difference: with many units
        the plain gain is large by chance alone.
    level : ndarray (U,)
        Shift of each unit in logits, against the mean of the units.
    reason : str
        "" where estimated.
    """

    n: float
    uniform: tuple[float, float, float]
    non_uniform: tuple[float, float, float]
    both: tuple[float, float, float]
    r2: float
    r2_adjusted: float
    level: Array
    reason: str = ""


def differential(grouped: Grouped) -> list[Differential]:
    """Test every item for units that use it differently.

    Parameters
    ----------
    grouped : Grouped
        Answers of at least two units; complete rows are used, answers are whole numbers.

    Returns
    -------
    list of Differential
        One per item; where it could not be estimated, numbers are NaN and `reason` says why.

    Notes
    -----
    Matched on the sum of the *other* items, so that an item does not vouch for itself. Nagelkerke's
    R2 is (1 - exp(-2 (l - l_0) / n)) / (1 - exp(2 l_0 / n)), l_0 the log-likelihood of thresholds alone.
    Statistics and R2 checked against R's ordinal::clm 2022.11-16, within 1e-6.

    References
    ----------
    Swaminathan, H., Rogers, H. J. (1990). Detecting differential item functioning using logistic
    regression procedures. Journal of Educational Measurement, 27, 361-370.
    Zumbo, B. D. (1999). A handbook on the theory and methods of differential item functioning (DIF).
    Ottawa: Directorate of Human Resources Research and Evaluation.
    Jodoin, M. G., Gierl, M. J. (2001). Evaluating type I error and power rates using an effect size
    measure with the logistic regression procedure for DIF detection. Applied Measurement in
    Education, 14, 329-349.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.grouped import group
    >>> rng = np.random.default_rng(1)
    >>> latent = rng.normal(size=(600, 1)) + rng.normal(size=(600, 4))
    >>> unit = np.repeat(["a", "b"], 300)
    >>> latent[:, 0] += np.where(unit == "b", 1.5, 0.0)
    >>> a = pd.DataFrame(np.digitize(latent, [-1.5, 0, 1.5]) + 1, columns=["U1", "U2", "U3", "U4"])
    >>> [bool(d.r2_adjusted > MODERATE) for d in differential(group(a, unit))]
    [True, False, False, False]
    """
    rows = np.ones(grouped.rows, dtype=bool) if grouped.seen is None else grouped.seen.all(axis=0)
    answers = grouped.values[:, rows]
    values = answers.astype(np.int64)
    if (answers != values).any() or (values.size and np.ptp(values) >= MOST_CATEGORIES):
        return [_refused(float(rows.sum()), len(grouped.units), "not-estimable") for _ in values]
    unit = grouped.unit_of_row[rows]
    total = values.sum(axis=0)
    return [_one(values[j], total - values[j], unit, len(grouped.units)) for j in range(len(values))]


def flagged(items: list[Differential], level: float = 0.05) -> tuple[Array, Array]:
    """Which items differ: Benjamini-Hochberg over the items, and more than a negligible gain in R2.

    Returns
    -------
    p_adjusted : ndarray (items,)
    flag : ndarray (items,) of bool

    References
    ----------
    Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
    Statistical Society B, 57, 289-300.
    """
    p = np.array([item.both[2] for item in items], dtype=float)
    adjusted = benjamini_hochberg(p)
    gain = np.array([item.r2_adjusted for item in items], dtype=float)
    return adjusted, (np.nan_to_num(adjusted, nan=1.0) < level) & (np.nan_to_num(gain) >= MODERATE)


def _one(answer: Array, rest: Array, unit: Array, units: int) -> Differential:
    used, code = np.unique(answer, return_inverse=True)
    score, place = np.unique(rest, return_inverse=True)
    n = float(len(answer))
    reason = "too-few" if n < 2 else "no-variance" if len(used) < 2 or len(score) < 2 else ""
    if not reason:
        shape = (units, len(score), len(used))
        counts = np.bincount(np.ravel_multi_index((unit, place, code), shape), minlength=int(np.prod(shape)))
        counts = counts.reshape(shape).astype(float)
        models = [cumulative_logit.fit(counts, score.astype(float), term) for term in cumulative_logit.TERMS]
        if all(model.converged for model in models):
            return _tests(counts, models)
        reason = "not-estimable"
    return _refused(n, units, reason)


def _refused(n: float, units: int, reason: str) -> Differential:
    nan = float("nan")
    none = (nan, nan, nan)
    return Differential(n, none, none, none, nan, nan, np.full(units, nan), reason)


def _tests(counts: Array, models: list[cumulative_logit.Fitted]) -> Differential:
    n, units = float(counts.sum()), len(counts)
    alone, levels, slopes = (model.log_likelihood for model in models)
    df = float(units - 1)
    answers = counts.sum(axis=(0, 1))
    nothing = float(special.xlogy(answers, answers / n).sum())

    def test(smaller: float, larger: float, df: float) -> tuple[float, float, float]:
        value = max(2 * (larger - smaller), 0.0)
        return value, df, float(special.chdtrc(df, value))

    def r2(value: float) -> float:
        return float(-np.expm1(-2 * (value - nothing) / n) / -np.expm1(2 * nothing / n))

    both = test(alone, slopes, 2 * df)
    shift = models[1].level
    return Differential(
        n=n,
        uniform=test(alone, levels, df),
        non_uniform=test(levels, slopes, df),
        both=both,
        r2=r2(slopes) - r2(alone),
        r2_adjusted=r2(alone + max(both[0] - both[1], 0.0) / 2) - r2(alone),
        level=shift - shift.mean(),
    )
