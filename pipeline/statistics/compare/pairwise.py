"""Every two units against each other, all pairs in a few matrix products.

The sign is first minus second throughout; the first is the one earlier in the alphabet.

Ours, because ``scipy.stats.tukey_hsd(equal_var=False)`` takes 10 s for the 45 pairs of ten units and this
0.07 s (`studentized_range`); Dunn's test SciPy does not have. The tests hold Games-Howell against SciPy
and Dunn against R.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.compare import difference, studentized_range
from pipeline.statistics.compare.omnibus import midranks, tie_term, usable
from pipeline.statistics.data.covariance import ratio, root
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.scores import Scores
from pipeline.statistics.index.hall import inverse_hall

#: Pairs are formed among at most so many units (19,900 pairs).
MOST_UNITS = 200


def positions(units: int) -> tuple[Array, Array]:
    """First and second unit of each pair, in reading order.

    Examples
    --------
    >>> [x.tolist() for x in positions(3)]
    [[0, 0, 1], [1, 2, 2]]
    """
    return np.triu_indices(units, 1)


def dunn(data: Scores) -> dict[str, Array]:
    """Dunn's z of every pair, two-sided p, and p adjusted by Holm over all pairs.

    z = (mean rank a - mean rank b) / sqrt([n(n+1)/12 - sum(t^3 - t)/(12(n-1))] (1/n_a + 1/n_b)).

    References
    ----------
    Dunn, O. J. (1964). Multiple comparisons using rank sums. Technometrics, 6, 241-252.

    Notes
    -----
    Checked against R's rstatix (which takes second minus first), within 1e-12.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> d = dunn(from_series(pd.Series([1.0, 2, 3, 4]), ["a", "a", "b", "b"]))
    >>> d["z"].round(6).tolist(), d["p"].round(6).tolist()
    ([-1.549193], [0.121335])
    """
    first, second = positions(len(data.units))
    n_u = data.n
    n = float(n_u.sum())
    rank = ratio(data.counts @ midranks(data.counts), n_u)
    spread = n * (n + 1) / 12 - (tie_term(data.counts) / (12 * (n - 1)) if n > 1 else np.nan)
    each = ratio(1.0, n_u)
    error = root(np.maximum(spread, 0.0) * (each[first] + each[second]))
    z = ratio(rank[first] - rank[second], error)
    p = 2 * special.ndtr(-np.abs(z))
    return {"z": z, "p": p, "p_adjusted": holm(p)}


def games_howell(
    data: Scores, confidence: float = 0.95, with_p: bool = True, prior: float = 0.0
) -> dict[str, Array]:
    """Games-Howell: differences of means with unequal variances, error controlled over all pairs.

    ``t = |d|/se``, df by Satterthwaite, p from the studentized range at t sqrt 2, interval d +/- q se/sqrt 2. With a
    ``prior`` t is freed of skewness and the variances are mixed with those of the group, as in
    `difference.against_others`: near the ceiling plain Games-Howell separates some pair in 8 to 16 % of cities
    whose units are all equal, instead of 5 %.

    Returns
    -------
    dict
        ``difference`` (first minus second), ``error``, ``t``, ``df``, ``p``, ``lower``, ``upper``; NaN where
        a unit has fewer than two respondents, both are constant, or df is below 2. Without ``with_p`` (the
        dear part) the p are NaN; with a ``prior`` t is the transformed one.

    References
    ----------
    Games, P. A., Howell, J. F. (1976). Pairwise multiple comparison procedures with unequal n's and/or
    variances. Journal of Educational Statistics, 1, 113-125.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> g = games_howell(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))
    >>> g["difference"].tolist(), g["p"].round(4).tolist()
    ([-4.0], [0.1056])
    """
    first, second = positions(len(data.units))
    n, mean = data.n, data.mean
    square, cube = difference.moments(data, prior) if prior else (data.variance, np.zeros(len(n)))
    error2, third = ratio(square, n), ratio(cube, n**2)
    part = ratio(error2**2, n - 1)
    variance = error2[first] + error2[second]
    gap = mean[first] - mean[second]
    error = root(variance)
    g = ratio(third[first] - third[second], error**3) if prior else np.zeros(len(first))
    t = np.abs(difference.hall_transform(ratio(gap, error), g))
    df = ratio(variance**2, part[first] + part[second])
    units = len(data.units)
    reach = studentized_range.quantile(confidence, units, df) / np.sqrt(2)
    one = np.ones(len(first))
    return {
        "difference": gap,
        "error": error,
        "t": t,
        "df": df,
        "p": studentized_range.p_value(t * np.sqrt(2), units, df) if with_p else np.full(t.shape, np.nan),
        "lower": gap - error * inverse_hall(reach, g, one),
        "upper": gap - error * inverse_hall(-reach, g, one),
    }


def separated(data: Scores, confidence: float = 0.95) -> tuple[Array, Array]:
    """Which pairs are tested, and which Games-Howell tells apart: its simultaneous interval leaves out 0.

    The one meaning of a separated pair, for sentence, table and figure. A unit in which all agree has
    no error of its own: its pairs are not tested.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> values = pd.Series([50.0, 52, 51, 90, 91, 92, 70, 70])
    >>> tested, apart = separated(from_series(values, ["a", "a", "a", "b", "b", "b", "c", "c"]))
    >>> tested.tolist(), apart.tolist()
    ([True, False, False], [True, False, False])
    """
    varied = usable(data)
    first, second = positions(len(data.units))
    tested = varied[first] & varied[second]
    apart = np.zeros(len(first), dtype=bool)
    if tested.any():
        found = games_howell(data.select(varied), confidence, with_p=False, prior=difference.PRIOR)
        apart[tested] = (found["lower"] > 0) | (found["upper"] < 0)
    return tested, apart


def hedges_g(data: Scores, confidence: float = 0.95) -> dict[str, Array]:
    """Standardised difference of every pair: g = J d / s_pooled, J = 1 - 3/(4 df - 1).

    The interval is the large-sample one, g +/- z sqrt(1/n_a + 1/n_b + g^2 / (2 (n_a + n_b))).

    References
    ----------
    Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related
    estimators. Journal of Educational Statistics, 6, 107-128.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> hedges_g(from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"]))["g"].round(4).tolist()
    [-1.6162]
    """
    first, second = positions(len(data.units))
    n, squares, mean = data.n, data.squares, data.mean
    df = n[first] + n[second] - 2
    pooled = root(ratio(squares[first] + squares[second], df))
    pooled = np.where((n[first] >= 2) & (n[second] >= 2), pooled, np.nan)
    small = 1 - 3 / (4 * np.where(df > 0, df, np.nan) - 1)
    g = small * ratio(mean[first] - mean[second], pooled)
    each = ratio(1.0, n)
    error = np.sqrt(each[first] + each[second] + g**2 / (2 * (df + 2)))
    z = special.ndtri((1 + confidence) / 2)
    return {"g": g, "lower": g - z * error, "upper": g + z * error}


def cliff_delta(data: Scores, confidence: float = 0.95) -> dict[str, Array]:
    """Cliff's delta of every pair: P(first > second) - P(first < second), with its interval.

    The interval is Cliff's asymmetric one with the consistent variance and the t quantile at
    n_a + n_b - 2; complete separation (delta 1 or -1) uses (m - z^2)/(m + z^2), m the smaller unit.

    References
    ----------
    Cliff, N. (1993). Dominance statistics. Psychological Bulletin, 114, 494-509.
    Feng, D., Cliff, N. (2004). Monte Carlo evaluation of ordinal d. Journal of Modern Applied
    Statistical Methods, 3, 322-332.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> cliff_delta(from_series(pd.Series([1.0, 3, 2, 7]), ["a", "a", "b", "b"]))["delta"].tolist()
    [-0.5]
    """
    first, second = positions(len(data.units))
    counts, n = data.counts, data.n
    below = np.cumsum(counts, axis=1) - counts
    above = n[:, None] - below - counts
    # lead[b, v]: share of unit b below value v less the share above it.
    lead = ratio(below - above, n[:, None])
    delta = ratio(counts @ lead.T, n[:, None])
    spread_first = counts @ (np.nan_to_num(lead) ** 2).T - n[:, None] * delta**2
    ties = counts @ counts.T
    d = delta[first, second]
    na, nb = n[first], n[second]
    # Each row's spread is seen from its own unit: the second's is the transposed entry.
    s_a = ratio(np.maximum(spread_first[first, second], 0.0), na - 1)
    s_b = ratio(np.maximum(spread_first[second, first], 0.0), nb - 1)
    s_ab = ratio(np.maximum(na * nb - ties[first, second] - na * nb * d**2, 0.0), (na - 1) * (nb - 1))
    variance = ratio((nb - 1) * s_a + (na - 1) * s_b + s_ab, na * nb)
    df = na + nb - 2
    t = special.stdtrit(np.where(df > 0, df, np.nan), (1 + confidence) / 2)
    room = 1 - d**2
    half = t * np.sqrt(variance) * np.sqrt(room**2 + t**2 * variance)
    lower = ratio(d - d**3 - half, room + t**2 * variance)
    upper = ratio(d - d**3 + half, room + t**2 * variance)
    z2 = special.ndtri((1 + confidence) / 2) ** 2
    apart = (np.minimum(na, nb) - z2) / (np.minimum(na, nb) + z2)
    lower = np.where(d == 1, apart, np.where(d == -1, -1.0, np.maximum(lower, -1.0)))
    upper = np.where(d == -1, -apart, np.where(d == 1, 1.0, np.minimum(upper, 1.0)))
    return {"delta": d, "lower": lower, "upper": upper}
