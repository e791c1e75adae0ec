"""An interval for the Kruskal-Wallis effect size, from counts of scores by unit.

Ours, because ``scipy.stats.bootstrap`` draws rows: 48 units with 200 answers take it 1.2 s, and drawing counts
0.06 s. The tests hold the limits against a bootstrap of rows.
"""

from __future__ import annotations

import numpy as np

from pipeline.statistics.compare import omnibus
from pipeline.statistics.data.scores import Scores

DRAWS, SEED = 499, 20170514
#: A city of more units has an interval so narrow that nobody needs it.
MOST_UNITS = 1000


def epsilon2_interval(
    data: Scores, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED
) -> tuple[float, float]:
    """Percentile bootstrap of epsilon squared, respondents drawn anew within each unit.

    Epsilon squared cannot be negative and resampling adds chance to it: near 0 the lower limit stays
    above 0 although the units may be equal. It says how large the differences are, not whether they are.

    Parameters
    ----------
    data : Scores
    confidence : float
    draws, seed : int

    References
    ----------
    Tomczak, M., Tomczak, E. (2014). The need to report effect size estimates revisited. Trends in Sport
    Sciences, 21, 19-25. Kelley, T. L. (1935). An unbiased correlation ratio measure. Proceedings of the
    National Academy of Sciences, 21, 554-559.

    Notes
    -----
    Checked against a bootstrap of rows by scipy's kruskal.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> low, high = epsilon2_interval(from_series(pd.Series([1.0, 2, 3, 7, 8, 9]), ["a"] * 3 + ["b"] * 3))
    >>> 0 < low <= high <= 1
    True
    """
    n = data.n
    if (n > 0).sum() < 2 or len(n) > MOST_UNITS or not np.isfinite(omnibus.kruskal(data).value):
        return float("nan"), float("nan")
    random = np.random.default_rng(seed)
    total = float(n.sum())
    share = data.counts / np.where(n > 0, n, 1)[:, None]
    found = np.empty(draws)
    for draw in range(draws):
        counts = random.multinomial(n.astype(int), share).astype(float)
        made = omnibus.kruskal(Scores(data.units, data.values, counts))
        found[draw] = omnibus.epsilon2(made.value, total)
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(found, [tail, 1 - tail])
    return float(low), float(high)
