"""Do the services of a unit differ: each against the other services of the same unit.

Two intervals that overlap, or do not, are no test of two services; this is. A service below 30
respondents appears in no difference, neither alone nor among the others (ruling R6).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.rules import TESTED_FROM
from pipeline.statistics.compare.difference import Difference, moments
from pipeline.statistics.compare.omnibus import usable
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.eligibility import read_scores
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.levels import UNKNOWN, aligned, groups
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.data.scores import Scores

if TYPE_CHECKING:
    import pandas as pd

#: Error allowed over all services of one unit.
LEVEL = 0.05
#: Words for a service against the others of its unit (R14, axis 2, without a test of equivalence).
ABOVE, BELOW, UNDECIDED = "above", "below", "undecided"


def table(
    answers: pd.DataFrame | pd.Series,
    by: pd.Series | Sequence[str],
    service: pd.Series | Sequence[str],
    *,
    leave_out: Collection[str] = (UNKNOWN,),
    hidden: Collection[tuple[str, str]] = (),
    scale: tuple[int, int] = (1, 4),
    smallest: int = TESTED_FROM,
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Each service's mean score less the simple mean of the unit's other services.

    d_s = m_s - mean of the other m_r of the unit; SE^2 = s_s^2/n_s + sum_r s_r^2/n_r / (S-1)^2, degrees of
    freedom by Satterthwaite (Welch). Near the ceiling a service's mean is skewed and Welch's interval holds the
    truth in 91 % where sizes differ much (``benchmarks/intervals.json``); so t is transformed by Hall's cubic, with
    the skewness of d_s. p adjusted by Holm over the services of the unit, because a unit asks which of its own
    services stand out.

    Parameters
    ----------
    answers : DataFrame or Series
        Item columns (a respondent counts when all are answered), or the score of each respondent.
    by, service : Series
        Unit and service of each row.
    leave_out : collection of units
        Units without rows: unlisted ones, those for information only (ruling R6).
    hidden : collection of (unit, service)
        Services whose numbers are suppressed: they take no part.
    scale : (int, int)
        Answer scale.
    smallest : int
        Respondents a service needs.
    confidence : float
    survey : str

    Returns
    -------
    DataFrame
        Tidy rows of scope ``service``, statistic ``service_difference`` in index points: interval (not
        adjusted), df, p, p_adjusted (``method`` holm), ``text`` above, below or undecided, ``denominator``
        the number of services compared. Reason ``too-few`` (fewer than `smallest`), ``few-groups`` (no
        other service to compare with), ``no-variance``.

    References
    ----------
    Hall, P. (1992). On the removal of skewness by transformation. Journal of the Royal Statistical
    Society B, 54, 221-228.
    Welch, B. L. (1951). On the comparison of several mean values: an alternative approach.
    Biometrika, 38, 330-336.
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics, 6, 65-70.

    Notes
    -----
    Checked against SciPy's Welch test of two services without skewness and a hand computation of three.

    Examples
    --------
    >>> import pandas as pd
    >>> score = pd.Series([70.0, 80, 90] * 20 + [60.0, 70, 80] * 20)
    >>> t = table(score, ["a"] * 120, ["Loket"] * 60 + ["Poli"] * 60)
    >>> t[["service", "estimate", "text"]].values.tolist()
    [['Loket', 10.0, 'above'], ['Poli', -10.0, 'below']]
    """
    units, kinds = groups(aligned(answers, by), len(answers)), groups(aligned(answers, service), len(answers))
    data, pair = _cells(answers, units.codes, kinds.codes, len(kinds), scale)
    unit, kind = pair // max(len(kinds), 1), pair % max(len(kinds), 1)
    names = np.array(kinds.ids, dtype=object)[kind] if len(pair) else np.zeros(0, dtype=object)
    owners = np.array(units.ids, dtype=object)[unit] if len(pair) else np.zeros(0, dtype=object)
    told = np.array([(u, s) not in set(hidden) for u, s in zip(owners, names, strict=True)], dtype=bool)
    told &= (names != UNKNOWN) & ~np.isin(owners.astype(str), list(leave_out))
    taking = told & (data.n >= smallest)
    found = _against_others(data, unit, taking, len(units), confidence)
    others = np.bincount(unit[taking], minlength=len(units))[unit] if len(unit) else np.zeros(0)
    why = np.where(data.n < smallest, "too-few", np.where(others < 2, "few-groups", "no-variance"))
    significant = found["p_adjusted"] < LEVEL
    word = np.where(significant, np.where(found["difference"] > 0, ABOVE, BELOW), UNDECIDED)
    word = np.where(np.isfinite(found["difference"]), word, "")
    sheet = Sheet(survey, "service", owners)
    sheet.add(
        "service_difference", found["difference"], where=told, service=names, lower=found["lower"],
        upper=found["upper"], confidence=confidence, df=found["df"], p=found["p"],
        p_adjusted=found["p_adjusted"], text=word, method="holm", n=data.n, denominator=others, reason=why,
    )  # fmt: skip
    return sheet.frame()


def _cells(
    answers: pd.DataFrame | pd.Series, unit: Array, kind: Array, kinds: int, scale: tuple[int, int]
) -> tuple[Scores, Array]:
    """Scores of every service of every unit, and which unit and service each is (unit x kinds + kind)."""
    import pandas as pd

    pair, place = np.unique(unit.astype(np.int64) * max(kinds, 1) + kind, return_inverse=True)
    # Names that sort as their numbers do, and no text for every row.
    names = [f"{number:012d}" for number in range(len(pair))]
    label = pd.Series(pd.Categorical.from_codes(place.ravel(), pd.Index(names)), index=answers.index)
    return read_scores(answers, label, None, scale)[0], pair


def _against_others(
    data: Scores, unit: Array, taking: Array, units: int, confidence: float
) -> dict[str, Array]:
    """Each service that takes part against the others of its unit that do, by a t freed of skewness."""
    n = np.where(taking, data.n, np.nan)
    mean = np.where(taking, np.nan_to_num(data.mean), 0.0)
    error2 = np.where(taking, np.nan_to_num(ratio(data.variance, n)), 0.0)
    of_df = np.where(taking, np.nan_to_num(ratio(error2**2, n - 1)), 0.0)

    def rest(each: Array) -> Array:
        return np.asarray(np.bincount(unit, each, minlength=units)[unit] - each) if len(unit) else each

    count = rest(taking.astype(float))
    others = np.where(taking & (count > 0), count, np.nan)
    difference = mean - ratio(rest(mean), others)
    variance = error2 + ratio(rest(error2), others**2)
    df = ratio(variance**2, of_df + ratio(rest(of_df), others**4))
    tested = usable(data) & np.isfinite(others)
    difference = np.where(tested, difference, np.nan)
    error = np.sqrt(np.where(tested, variance, np.nan))
    third = np.where(taking, np.nan_to_num(ratio(moments(data, prior=0)[1], n**2)), 0.0)
    found = Difference(difference, error, ratio(third - ratio(rest(third), others**3), error**3), df)
    lower, upper = found.interval(confidence)
    return {
        "difference": difference, "lower": lower, "upper": upper, "df": df, "p": found.p,
        "p_adjusted": _holm_within(found.p, unit),
    }  # fmt: skip


def _holm_within(p: Array, unit: Array) -> Array:
    """Adjust by Holm within each unit, all units at once; rows of a unit stand together.

    Examples
    --------
    >>> _holm_within(np.array([0.01, 0.04, 0.04, np.nan]), np.array([0, 0, 1, 1])).tolist()
    [0.02, 0.04, 0.04, nan]
    """
    if not len(p):
        return p
    column = np.arange(len(unit)) - np.searchsorted(unit, unit)
    families = np.full((int(unit.max()) + 1, int(column.max()) + 1), np.nan)
    families[unit, column] = p
    return holm(families)[unit, column]
