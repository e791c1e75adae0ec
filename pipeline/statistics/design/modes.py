"""Ways of asking held against one another within the units that used both, among respondents made alike.

The least squares are ours, because ``OLS`` of statsmodels needs a column for every unit: 10,000 respondents of 48
units take it 0.13 s, and deviations from the units' means 0.03 s. The tests hold it against ``OLS`` and R's svyglm.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtr

from pipeline import results
from pipeline.rules import PRIVATE_BELOW, TESTED_FROM
from pipeline.statistics.compare.adjustment import RowScores, design, row_scores, stated_all
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.summary import t_margin

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Respondents of each way in a unit for the unit to count, and in all such units together.
IN_UNIT, TOGETHER = PRIVATE_BELOW, TESTED_FROM
#: Ways that are several at once: no contrast is about them.
NO_WAY = ("mixed", "")
APART, UNDECIDED = "apart", "undecided"
#: Error allowed over all pairs together.
LEVEL = 0.05


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str],
    *,
    mode: pd.Series | Sequence[Any],
    attributes: pd.DataFrame,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Differences of the index between every two ways of asking.

    Parameters
    ----------
    answers, by, leave_out, scale, confidence, survey
        As in `adjustment.table`.
    mode : Series
        Way each respondent was asked; rows as in ``answers``.
    attributes : DataFrame
        What respondents are made alike in; rows with one missing take no part.

    Returns
    -------
    DataFrame
        Tidy rows, scope city, ``item`` mode; a pair is ``group`` less ``other``.

        ====================== ===============================================================================
        ``mode_gap``           difference of means of the rows compared, nothing held equal
        ``mode_gap_adjusted``  the same within units and at equal attributes: least squares with a constant for
                               each unit, errors that allow for unequal variances, Student's t; p by Holm over
                               the pairs; ``numerator`` units; ``text`` apart or undecided
        ====================== ===============================================================================

        A unit counts for a pair from five respondents of each way on. Refused, with the reason: no unit with
        both ways (``confounded``: way and unit cannot be told apart), fewer than 30 respondents of either.

    Notes
    -----
    Nobody was drawn to answer one way or the other: the difference is between those who did, and says
    nothing of what another way would have given. Checked against R's ``lm`` and survey (``svyglm``).

    Examples
    --------
    >>> import pandas as pd
    >>> random = np.random.default_rng(2)
    >>> answers = pd.DataFrame({f"U{j}": random.integers(2, 5, 400) for j in range(1, 5)})
    >>> made = table(answers, ["a", "a", "b", "b"] * 100, mode=["online", "kiosk"] * 200,
    ...              attributes=pd.DataFrame(index=range(400)))
    >>> made.loc[made.statistic == "mode_gap_adjusted", ["group", "other", "n", "text"]].values.tolist()
    [['kiosk', 'online', 400, 'undecided']]
    """
    import pandas as pd

    taken = row_scores(answers, by, leave_out, None, scale)
    ways = pd.Series(list(mode), dtype=object).astype(object).iloc[taken.row]
    named: Array = ways.where(ways.notna(), "").astype(str).to_numpy(dtype=object)
    stated, known = stated_all(attributes, taken.row)
    names, counts = np.unique(named[known], return_counts=True)
    used = [str(n) for n, c in sorted(zip(names, counts, strict=True), key=lambda p: (-p[1], p[0]))
            if n not in NO_WAY and c >= TOGETHER]  # fmt: skip
    pairs = list(combinations(used, 2))
    found = [_pair(taken, named, known, stated, pair, confidence) for pair in pairs]
    adjusted = holm(np.array([one.get("p", np.nan) for one in found], dtype=float))
    rows: list[dict[str, Any]] = []
    for (first, second), one, p in zip(pairs, found, adjusted, strict=True):
        base = {
            "survey": survey,
            "scope": "city",
            "item": "mode",
            "group": first,
            "other": second,
            "n": one.pop("n"),
        }
        if "reason" in one:
            rows.append(base | {"statistic": "mode_gap_adjusted", **one})
            continue
        rows.append(
            base | {"statistic": "mode_gap", "estimate": one.pop("plain"), "numerator": one["numerator"]}
        )
        rows.append(base | {"statistic": "mode_gap_adjusted", "p_adjusted": p, "confidence": confidence,
                            "text": APART if p < LEVEL else UNDECIDED, "method": "within-units", **one})  # fmt: skip
    return results.frame(rows)


def _pair(
    taken: RowScores,
    ways: Array,
    known: Array,
    stated: pd.DataFrame,
    pair: tuple[str, str],
    confidence: float,
) -> dict[str, Any]:
    """One contrast, or the reason why there is none."""
    size = len(taken.units)
    each = [np.bincount(taken.codes[known & (ways == way)], minlength=size) for way in pair]
    both = (each[0] >= IN_UNIT) & (each[1] >= IN_UNIT)
    rows = np.flatnonzero(known & both[taken.codes] & np.isin(ways, pair)) if size else np.zeros(0, dtype=int)
    if not both.any():
        return {"n": int(each[0].sum() + each[1].sum()), "reason": "confounded"}
    first = ways[rows] == pair[0]
    if min(first.sum(), (~first).sum()) < TOGETHER:
        return {"n": len(rows), "reason": "too-few"}
    score, codes = taken.score[rows], np.unique(taken.codes[rows], return_inverse=True)[1]
    columns = np.column_stack(
        [first.astype(float), design(stated.iloc[rows].reset_index(drop=True)).columns[:, 1:]]
    )
    found = within(score, columns, codes)
    if found is None:
        return {"n": len(rows), "reason": "no-variance"}
    value, error, df = found
    reach = float(t_margin(np.array(error), np.array(df), confidence))
    return {
        "n": len(rows), "estimate": value, "lower": value - reach, "upper": value + reach, "df": df,
        "p": float(2 * stdtr(df, -abs(value / error))), "numerator": int(both.sum()),
        "plain": float(score[first].mean() - score[~first].mean()),
    }  # fmt: skip


def within(score: Array, columns: Array, codes: Array) -> tuple[float, float, float] | None:
    """Coefficient of the first column with a constant for each group, its robust error and degrees of freedom.

    Deviations from the group means stand for the constants (Frisch and Waugh); the error is
    n/(n-1) sum_i (A x_i e_i)^2 with A = (X'X)^-1, as R's ``svyglm`` has it. None where nothing is left to explain.

    Examples
    --------
    >>> found = within(np.array([1.0, 3, 5, 8]), np.array([[0.0], [1], [0], [1]]), np.array([0, 0, 1, 1]))
    >>> found[0], found[2]
    (2.5, 1.0)
    """
    size = int(codes.max()) + 1
    n = np.bincount(codes, minlength=size)

    def centred(column: Array) -> Array:
        found: Array = column - (np.bincount(codes, column, size) / n)[codes]
        return found

    away = np.column_stack([centred(column) for column in columns.T])
    # Attributes that do not vary inside units say nothing here.
    keep = np.flatnonzero((away**2).sum(axis=0) > 1e-9)
    if 0 not in keep:
        return None
    away, y = away[:, keep], centred(score)
    inverse = np.linalg.pinv(away.T @ away)
    left = y - away @ (inverse @ (away.T @ y))
    df = float(len(y) - size - np.linalg.matrix_rank(away))
    if df < 1 or not (left**2).sum() > 1e-9:
        return None
    influence = (away @ inverse[0]) * left
    error = float(np.sqrt(len(y) / (len(y) - 1) * (influence**2).sum()))
    return float(inverse[0] @ (away.T @ y)), error, df
