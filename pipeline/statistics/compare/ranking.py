"""Where a unit stands, as a range: shrunken means, ranks with their ranges, funnel limits.

Units are compared over the city and within their type, on the items they share, and only those
that have enough answers. Everything is relative: the legal letter is another matter (R14).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from pipeline import results
from pipeline.statistics.compare import rank_sets
from pipeline.statistics.compare.funnel import LEVELS, Funnel, funnel
from pipeline.statistics.compare.random_intercept import RandomIntercept, random_intercept
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.eligibility import peers, read_scores, standing
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.data.scores import Scores, anova

if TYPE_CHECKING:
    import pandas as pd

#: Expected ranks and the bars of Goldstein and Healy take every two units: above so many they are left out.
LARGEST = 2000


def table(
    answers: pd.DataFrame | pd.Series,
    by: pd.Series | Sequence[str] | None = None,
    *,
    types: Mapping[str, str] | None = None,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Rank units with the uncertainty of their ranks.

    Parameters
    ----------
    answers : DataFrame or Series
        Item columns, or the score of each respondent.
    by : Series
        Unit of each row.
    types : mapping of unit to type, optional
        Everything is repeated within each type: like is compared with like.
    leave_out : collection of units, or mapping of unit to reason
        Units that take no part (unknown, for information only).
    items : sequence of str, optional
        Items of the score; by default those most respondents were asked (R12).
    scale : (int, int)
        Answer scale.
    confidence : float
        Of the intervals; of the rank ranges jointly.
    survey : str
        Name of the survey.

    Returns
    -------
    DataFrame
        Tidy rows; ``group`` is "" for the whole city, else the type.

        ======================================== ===============================================================
        scope city, type
        ``mean``                                 the random-intercept model's mean, with interval
        ``tau2``, ``sigma2``                     variance between and within units (REML)
        ``icc1``                                 share of variance between units, interval from F
        ``rankability``                          share of the differences between means that is not chance;
                                                 ``text`` ``low`` below 0.70: then no rank should be spoken of
        ``phi``                                  overdispersion, mean winsorised z squared; ``phi_raw`` without
        ``tau2_funnel``                          additive overdispersion
        ``goldstein_healy``                      multiplier of the standard errors for bars compared by eye
        scope unit
        ``shrunken``                             mean drawn to the centre, interval from its conditional error
        ``unit_reliability``                     tau2/(tau2 + sigma2/n)
        ``expected_rank``, ``pcer``              expected rank and its percentile; 1 is the highest mean
        ``rank_low``, ``rank_high``              joint range of ranks (Klein, Wright, Wieczorek 2020)
        ``funnel_z``                             distance from the centre in errors that allow for
                                                 overdispersion
        ``funnel_low_95`` .. ``funnel_high_998`` limits; ``method`` plain, phi or additive
        ======================================== ===============================================================

    Notes
    -----
    Checked against R (lme4 and closed forms) on the reference sets. One difference is meant: a unit in
    which everybody agrees has no error of its own, and its rank range is the whole table, where R's
    closed form takes it as known exactly.

    Examples
    --------
    >>> import pandas as pd
    >>> t = table(pd.Series([50.0, 52, 51, 90, 91, 92]), ["a", "a", "a", "b", "b", "b"])
    >>> results.pick(t, statistic="rank_low")[["unit", "estimate"]].values.tolist()
    [['a', 2.0], ['b', 1.0]]
    """
    data, note = read_scores(answers, by, items, scale)
    reasons = standing(data, leave_out)
    parts: list[pd.DataFrame] = []
    for name, members in peers(data.units, types):
        taking = data.select(members & (reasons == ""))
        fit, spread = random_intercept(taking), funnel(taking)
        parts.append(_together(taking, fit, spread, survey, name, confidence, note))
        parts.append(_units(taking, fit, spread, survey, name, confidence))
    out = Sheet(survey, "unit", data.units)
    nothing = np.full(len(data.units), np.nan)
    for statistic in ("shrunken", "rank_low", "rank_high"):
        out.add(statistic, nothing, where=reasons != "", reason=reasons, n=data.n)
    parts.append(out.frame())
    return results.concat(parts)


def _together(
    data: Scores, fit: RandomIntercept, spread: Funnel, survey: str, name: str, confidence: float, note: str
) -> pd.DataFrame:
    """Rows that describe all units of one group."""
    units, n = len(data.units), float(data.n.sum())
    found = anova(data, confidence)
    reach = special.ndtri((1 + confidence) / 2) * float(fit.errors[0])
    able = rank_sets.rankability(fit)
    many = units > LARGEST
    eye = np.nan if many else rank_sets.goldstein_healy(np.sqrt(ratio(data.variance, data.n)))
    low = "low" if able < rank_sets.RANKABLE else ""
    rows: list[dict[str, Any]] = [
        {"statistic": "mean", "estimate": fit.mean, "lower": fit.mean - reach, "upper": fit.mean + reach,
         "confidence": confidence, "text": note},
        {"statistic": "tau2", "estimate": fit.tau2},
        {"statistic": "sigma2", "estimate": fit.sigma2},
        {"statistic": "icc1", "estimate": found.icc1, "lower": found.icc1_lower, "upper": found.icc1_upper,
         "confidence": confidence},
        {"statistic": "rankability", "estimate": able, "text": low},
        {"statistic": "phi", "estimate": spread.phi},
        {"statistic": "phi_raw", "estimate": spread.phi_raw},
        {"statistic": "tau2_funnel", "estimate": spread.tau2, "method": "dersimonian-laird"},
        {"statistic": "goldstein_healy", "estimate": eye},
    ]  # fmt: skip
    why = "few-units" if units < 2 else "no-variance"
    for row in rows:
        row |= {"survey": survey, "scope": "type" if name else "city", "group": name, "n": n}
        late = "on-request" if many and row["statistic"] == "goldstein_healy" else why
        row["reason"] = "" if np.isfinite(row["estimate"]) else late
    return results.frame(rows)


def _units(
    data: Scores, fit: RandomIntercept, spread: Funnel, survey: str, name: str, confidence: float
) -> pd.DataFrame:
    """Rows of each unit among the units of one group."""
    units = len(data.units)
    sheet = Sheet(survey, "unit", data.units)
    if units == 0:
        return sheet.frame()
    nothing = np.full(units, np.nan)
    why = "few-units" if units < 2 else "no-variance"
    common: dict[str, Any] = {"n": data.n, "group": name, "reason": why}
    reach = special.ndtri((1 + confidence) / 2) * fit.error
    sheet.add("shrunken", fit.shrunken, lower=fit.shrunken - reach, upper=fit.shrunken + reach,
              confidence=confidence, method="reml", **common)  # fmt: skip
    sheet.add("unit_reliability", fit.reliability, method="reml", **common)
    expected = (
        rank_sets.expected_ranks(fit.shrunken, fit.error) if fit.known and units <= LARGEST else nothing
    )
    late = common | {"reason": "on-request" if fit.known and units > LARGEST else why}
    sheet.add("expected_rank", expected, **late)
    sheet.add("pcer", rank_sets.percentile_of_rank(expected), **late)
    low, high = rank_sets.simultaneous(data, confidence)
    first, last = rank_sets.rank_sets(low, high) if units > 1 else (nothing, nothing)
    joint: dict[str, Any] = {"confidence": confidence, "method": "joint", "denominator": units} | common
    sheet.add("rank_low", first, **joint)
    sheet.add("rank_high", last, **joint)
    sheet.add("funnel_z", spread.score(data.mean) if units > 1 else nothing, method="additive", **common)
    for ending, level in LEVELS.items():
        for method in ("plain", "phi", "additive"):
            below, above = spread.limits(level, method) if units > 1 else (nothing, nothing)
            sheet.add(f"funnel_low_{ending}", below, method=method, confidence=level, **common)
            sheet.add(f"funnel_high_{ending}", above, method=method, confidence=level, **common)
    return sheet.frame()
