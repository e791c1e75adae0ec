"""What may be said: letters with certainty, the axes of comparison, changes and pairs (R13 to R16).

Figure, table, sentence and download read the same rows; a sentence without a row here must not be
written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.compare import difference, pairwise, rank_sets, unusual
from pipeline.statistics.compare.random_intercept import random_intercept
from pipeline.statistics.data.eligibility import peers, read_scores, standing, type_of
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.multiplicity import (
    benjamini_hochberg,
    benjamini_hochberg_level,
    holm,
    holm_levels,
)
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.data.scores import Scores

if TYPE_CHECKING:
    import pandas as pd

#: Rows of the index table that are verdicts already.
LETTERS = ("certainty", "n_to_settle")


def table(
    answers: pd.DataFrame | pd.Series,
    by: pd.Series | Sequence[str] | None = None,
    *,
    types: Mapping[str, str] | None = None,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    index: pd.DataFrame | None = None,
    trend: pd.DataFrame | None = None,
    margin: float = difference.MARGIN,
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Collect every verdict on a survey.

    Parameters
    ----------
    answers, by, types, leave_out, items, scale
        As in `ranking.table`.
    index, trend : DataFrame, optional
        Result tables whose verdicts are carried over.
    margin : float
        A difference from the others of at most so many index points counts as none.
    confidence : float
        Of the pairs, simultaneous.
    survey : str

    Returns
    -------
    DataFrame
        Tidy rows.

        ============================== =========================================================================
        ``certainty``, ``n_to_settle`` of each unit's letter, from the index
        ``difference``                 axis two: unit less the simple mean of the others of ``group`` (its type
                                       where five units of it take part, else "" the city); p, p_adjusted (Holm
                                       over all units of the city), ``text`` above, below, equivalent,
                                       undecided; limits at ``confidence``, the level that decided: they leave
                                       out 0 where above or below, and lie within the margin where equivalent
        ``equivalence``                the same difference against the margin (numerator/denominator): p of the
                                       two one-sided tests, p_adjusted (Benjamini and Hochberg), limits at the
                                       level they were held to, ``text`` yes or no
        ``detectable_difference``      true differences that the test of ``difference`` shows with 80 % power:
                                       lower downward, upper upward, estimate the size on the side of the unit
        ``difference_city``            the difference to the whole city of a unit judged in its type: an
                                       interval of its own, no verdict
        ``unusual``                    axis three: the difference beside ordinary spread; p, p_adjusted
                                       (Benjamini and Hochberg over all units), ``text`` high, low, usual;
                                       limits where "usual" ends; reason ``unreliable`` below 0.70
        ``rankable``                   city and type: ``text`` yes or no, estimate the rankability
        ``pairs_separated``            city and type: numerator of denominator pairs that Games-Howell tells
                                       apart, all pairs of the city one family where there are at most 200 units
        ``flagged``                    city: units that are above or below (method ``holm``), that are high or
                                       low (method ``bh``), numerator; denominator the units judged
        ``change``                     verdicts on change, from trend (method ``bh`` for units)
        ============================== =========================================================================

    Notes
    -----
    In simulated cities whose units are all equal, at most 5 % flag any unit, on either axis (``benchmarks``).

    Examples
    --------
    >>> import pandas as pd
    >>> t = table(pd.Series([50.0, 52, 51, 90, 91, 92]), ["a", "a", "a", "b", "b", "b"])
    >>> row = results.pick(t, statistic="pairs_separated").iloc[0]
    >>> int(row.numerator), int(row.denominator)
    (1, 1)
    """
    data, _ = read_scores(answers, by, items, scale)
    reasons = standing(data, leave_out)
    among = judged_among(data.units, types, reasons == "")
    parts = [_carried(index, LETTERS, scope="unit"), _carried(trend, ("change",))]
    parts += [_differences(data, reasons, among, margin, survey), _unusual(data, reasons, among, survey)]
    parts.append(_pairs(data, reasons, types, confidence, survey))
    made = results.concat(parts)
    flags = [_flagged(made, "difference", (difference.ABOVE, difference.BELOW), "holm", survey),
             _flagged(made, "unusual", (unusual.HIGH, unusual.LOW), "bh", survey)]  # fmt: skip
    return results.concat([made, *flags])


def _carried(source: pd.DataFrame | None, statistics: Sequence[str], **where: Any) -> pd.DataFrame:
    """Rows that another module decided already."""
    if source is None:
        return results.empty()
    rows = results.pick(source, statistic=list(statistics), item="", service="", **where)
    return rows[rows["method"] != "holm"]


def judged_among(units: Sequence[str], types: Mapping[str, str] | None, taking: Array) -> Array:
    """Peers of each unit: its type where five units of it take part, else the whole city ("").

    Examples
    --------
    >>> judged_among(["a", "b"], {"a": "dinas"}, np.array([True, True])).tolist()
    ['', '']
    """
    kind = type_of(units, types)
    sizes = {name: int((taking & (kind == name)).sum()) for name in set(kind)}
    return np.array([k if k and sizes[k] >= unusual.FEWEST else "" for k in kind], dtype=object)


def _by_group(data: Scores, taking: Array, among: Array) -> list[tuple[Array, Array, Scores]]:
    """Per group: places of its units, their places among its scores, and the scores.

    What a unit is held against in the city is all its units, whoever else is judged by it.
    """
    made = []
    for name in sorted(set(among[taking])):
        members = taking & ((among == name) if name else np.ones(len(among), dtype=bool))
        within = np.flatnonzero((among == name)[members])
        made.append((np.flatnonzero(members)[within], within, data.select(members)))
    return made


def held_against(data: Scores, taking: Array, among: Array) -> difference.Difference:
    """Every unit against the others of its group (axis two).

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> data = from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"])
    >>> held_against(data, np.array([True, True]), np.array(["", ""], dtype=object)).difference.tolist()
    [-4.0, 4.0]
    """
    full = [np.full(len(data.units), np.nan) for _ in range(4)]
    for places, within, group in _by_group(data, taking, among):
        found = difference.against_others(group)
        for column, values in zip(full, (found.difference, found.error, found.skewness, found.df)):
            column[places] = values[within]
    return difference.Difference(*full)


def _differences(data: Scores, reasons: Array, among: Array, margin: float, survey: str) -> pd.DataFrame:
    """Axis two, the error controlled over all units of the city at once."""
    taking = reasons == ""
    found = held_against(data, taking, among)
    p, same = found.p, found.equivalence(margin)
    adjusted, same_adjusted = holm(p), benjamini_hochberg(same)
    levels, joint = holm_levels(p), benjamini_hochberg_level(same)
    word = difference.words(found.difference, adjusted, same_adjusted)
    equal = word == difference.EQUIVALENT
    confidence = 1 - np.where(equal, 2 * joint, levels)
    lower, upper = found.interval(confidence)
    inside = found.interval(1 - 2 * joint)
    why = np.where(taking, "few-units" if taking.sum() < 2 else "no-variance", reasons)
    sheet = Sheet(survey, "unit", data.units)
    common: dict[str, Any] = {"reason": why, "n": data.n, "group": among}
    sheet.add("difference", found.difference, lower=lower, upper=upper, confidence=confidence, df=found.df, p=p,
              p_adjusted=adjusted, text=word, method="holm", **common)  # fmt: skip
    sheet.add("equivalence", found.difference, lower=inside[0], upper=inside[1], confidence=1 - 2 * joint,
              df=found.df, p=same, p_adjusted=same_adjusted, numerator=round(margin * 1000), denominator=1000,
              text=np.where(word == "", "", np.where(same_adjusted < difference.LEVEL, "yes", "no")),
              method="bh", **common)  # fmt: skip
    down, up = found.detectable(levels)
    sheet.add("detectable_difference", np.where(found.difference < 0, -down, up), lower=down, upper=up,
              confidence=1 - levels, method="power-80", **common)  # fmt: skip
    whole = held_against(data, taking, np.full(len(among), "", dtype=object))
    low, high = whole.interval(0.95)
    sheet.add("difference_city", whole.difference, where=among != "", lower=low, upper=high, confidence=0.95,
              df=whole.df, method="unadjusted", reason=why, n=data.n)  # fmt: skip
    return sheet.frame()


def gaps(data: Scores, taking: Array, among: Array) -> unusual.Unusual:
    """Every unit's gap beside the ordinary spread (axis three).

    The spread is measured within all types together, as a type of six units says little of its own; for
    the units held against the whole city it is that of the whole city.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.statistics.data.scores import from_series
    >>> data = from_series(pd.Series([1.0, 3, 5, 7]), ["a", "a", "b", "b"])
    >>> gaps(data, np.array([True, True]), np.array(["", ""], dtype=object)).difference.tolist()
    [-4.0, 4.0]
    """
    full = [np.full(len(data.units), np.nan) for _ in range(4)]
    groups = _by_group(data, taking, among)
    typed = [group for places, _, group in groups if among[places[0]]]
    together = unusual.between_unit_variance(typed)
    for places, within, group in groups:
        spread = together if among[places[0]] else unusual.between_unit_variance([group])
        found = unusual.against_others(group, spread)
        for column, values in zip(full, (found.difference, found.error, found.df, found.reliability)):
            column[places] = values[within]
    return unusual.Unusual(*full)


def _unusual(data: Scores, reasons: Array, among: Array, survey: str) -> pd.DataFrame:
    """Axis three, the error controlled over all units of the city at once."""
    taking = reasons == ""
    few = taking.sum() < unusual.FEWEST
    judged = gaps(data, taking & (not few), among)
    p = judged.p
    adjusted, level = benjamini_hochberg(p), benjamini_hochberg_level(p)
    word, why = unusual.words(judged.difference, adjusted, judged.reliability)
    why = np.where(taking, np.where(few, "few-units", why), reasons)
    known = why == ""
    reach = np.where(known, judged.reach(level), np.nan)
    sheet = Sheet(survey, "unit", data.units)
    sheet.add("unusual", np.where(known, judged.difference, np.nan), lower=-reach, upper=reach,
              confidence=1 - level, df=judged.df, p=np.where(known, p, np.nan),
              p_adjusted=np.where(known, adjusted, np.nan), text=np.where(known, word, ""), method="bh",
              reason=why, n=data.n, group=among)  # fmt: skip
    return sheet.frame()


def _pairs(
    data: Scores, reasons: Array, types: Mapping[str, str] | None, confidence: float, survey: str
) -> pd.DataFrame:
    """How many pairs of a group Games-Howell tells apart, and how much of the differences is no chance."""
    groups = peers(data.units, types)
    together = int((reasons == "").sum()) <= pairwise.MOST_UNITS
    whole = data.select(reasons == "")
    found = pairwise.separated(whole, confidence) if together else None
    rows: list[dict[str, Any]] = []
    for name, members in groups:
        taking = data.select(members & (reasons == ""))
        able = rank_sets.rankability(random_intercept(taking))
        known = bool(np.isfinite(able))
        few = len(taking.units) <= pairwise.MOST_UNITS
        if found is not None:
            inside = np.isin(np.asarray(whole.units, dtype=object), np.asarray(taking.units, dtype=object))
            first, second = pairwise.positions(len(whole.units))
            tested, apart = (part[inside[first] & inside[second]] for part in found)
        elif few:
            tested, apart = pairwise.separated(taking, confidence)
        else:
            tested = apart = np.zeros(0, dtype=bool)
        count = int(tested.sum())
        common = {
            "survey": survey,
            "scope": "type" if name else "city",
            "group": name,
            "n": float(taking.n.sum()),
        }
        rows += [
            common | {"statistic": "pairs_separated", "estimate": apart.sum() / count if count else np.nan,
                      "numerator": int(apart.sum()), "denominator": count, "confidence": confidence,
                      "method": "games-howell", "reason": "" if count else "few-units" if few else "on-request"},
            common | {"statistic": "rankable", "estimate": able, "reason": "" if known else
                      ("few-units" if len(taking.units) < 2 else "no-variance"),
                      "text": ("yes" if able >= rank_sets.RANKABLE else "no") if known else ""},
        ]  # fmt: skip
    return results.frame(rows)


def _flagged(
    made: pd.DataFrame, statistic: str, flags: Sequence[str], method: str, survey: str
) -> pd.DataFrame:
    """How many units an axis names, of those it judged."""
    rows = results.pick(made, statistic=statistic, scope="unit")
    judged = int((rows["text"] != "").sum())
    count = int(rows["text"].isin(list(flags)).sum())
    return results.frame([{
        "survey": survey, "scope": "city", "statistic": "flagged", "estimate": float(count), "numerator": count,
        "denominator": judged, "text": statistic, "method": method, "n": None,
    }])  # fmt: skip
