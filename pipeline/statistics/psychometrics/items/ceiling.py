"""How many respondents gave the highest answer to everything."""

from __future__ import annotations

import numpy as np

from pipeline.statistics.data.covariance import Stack, ratio
from pipeline.statistics.data.grouped import Grouped
from pipeline.statistics.data.rows import Sheet

#: Share of respondents at the top of everything from which a scale has a ceiling.
CEILING = 0.15


def add_ceiling_row(sheet: Sheet, grouped: Grouped, stack: Stack, highest: float | None) -> None:
    """Add ``ceiling_total``, the share of complete rows that are all at the top, with a caution where it is large.

    Correlations are pressed down by such rows: they agree with one another by having no room left.

    Parameters
    ----------
    sheet : Sheet
        Rows of the validity table.
    grouped : Grouped
        Answers by unit.
    stack : Stack
        Their listwise covariances.
    highest : float, optional
        Top of the scale; by default the highest answer there is.

    References
    ----------
    Terwee, C. B., et al. (2007). Quality criteria were proposed for measurement properties of health status
    questionnaires. Journal of Clinical Epidemiology, 60, 34-42.
    """
    top = highest if highest is not None else (grouped.values.max() if grouped.values.size else 0)
    every = np.repeat(stack.asked.any(axis=1), grouped.sizes) & stack.complete
    for j in range(len(grouped.items)):
        every &= (grouped.values[j] == top) | np.repeat(~stack.asked[:, j], grouped.sizes)
    count = grouped.sums(every)
    share = ratio(count, stack.n)
    high = np.where(np.nan_to_num(share) > CEILING, "ceiling", "")
    sheet.add(
        "ceiling_total", share, numerator=count, denominator=stack.n, n=stack.n, text=high, reason="no-data"
    )
