"""What may be said: letters with certainty, bands, changes and pairs as objects (R13 to R16).

Figure, table, sentence and download read the same rows; a sentence without a row here must not be
written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics import bands, rank_sets
from pipeline.statistics.answers import UNKNOWN
from pipeline.statistics.grouping import Array
from pipeline.statistics.mixed import random_intercept
from pipeline.statistics.scores import Scores
from pipeline.statistics.sheet import Sheet
from pipeline.statistics.taking_part import peers, read_scores, standing, type_of

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
    confidence : float
        Of the simultaneous intervals.
    survey : str

    Returns
    -------
    DataFrame
        Tidy rows.

        ========================== ======================================================================
        ``certainty``, ``n_to_settle``  of each unit's letter, from the index
        ``band``                   ``text``: far-below, below, same, above, far-above; estimate: unit less
                                   rest, limits where "same" ends (not adjusted for the number of units),
                                   p, p_adjusted (Benjamini and Hochberg over all units); ``group`` names
                                   the peers: the type where it has at least five units, else the city;
                                   reason ``unreliable`` below 0.70
        ``detectable_difference``  difference to the rest that would be shown with 80 % power
        ``rankable``               city and type: ``text`` yes or no, estimate the rankability
        ``pairs_separated``        city and type: numerator of denominator pairs
        ``flagged``                city: units with a band other than "same"; ``lower``, ``upper``: none;
                                   ``text`` the number of units judged
        ``change``                 verdicts on change, from trend (method ``bh`` for units)
        ========================== ======================================================================

    Notes
    -----
    In simulated cities whose units are all equal, at most 5 % flag any unit (``benchmarks``).

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
    parts = [_carried(index, LETTERS, scope="unit"), _carried(trend, ("change",))]
    parts.append(_bands(data, reasons, types, survey))
    for name, members in peers(data.units, types):
        taking = data.select(members & (reasons == ""))
        parts.append(_pairs(taking, name, confidence, survey))
    made = results.concat(parts)
    flagged = results.pick(made, statistic="band", scope="unit")
    return results.concat([made, _flagged(flagged, survey)])


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
    return np.array([k if k and sizes[k] >= bands.FEWEST else "" for k in kind], dtype=object)


def _bands(data: Scores, reasons: Array, types: Mapping[str, str] | None, survey: str) -> pd.DataFrame:
    """Band of every unit among its peers, the error controlled over all units at once."""
    units = len(data.units)
    taking = reasons == ""
    among = judged_among(data.units, types, taking)
    columns = {key: np.full(units, np.nan) for key in ("difference", "error", "p", "reliability", "least")}
    few = taking.sum() < bands.FEWEST
    for name in sorted(set(among)) if not few else ():
        # The city's spread is that of all its units, whoever is judged by it.
        members = taking & ((among == name) if name else np.ones(units, dtype=bool))
        group = data.select(members)
        found = bands.against_rest(group)
        place = {unit: u for u, unit in enumerate(group.units)}
        least = bands.detectable(group)
        for u in np.flatnonzero(taking & (among == name)):
            at = place[data.units[u]]
            for key in ("difference", "error", "p", "reliability"):
                columns[key][u] = getattr(found, key)[at]
            columns["least"][u] = least[at]
    adjusted = bands.adjust(columns["p"])
    word, why = bands.words(columns["difference"], adjusted, columns["reliability"])
    why = np.where(reasons != "", reasons, np.where(few, "few-units", why))
    sheet = Sheet(survey, "unit", data.units)
    shown = np.where(why == "", columns["difference"], np.nan)
    reach = 1.959963984540054 * columns["error"]
    sheet.add("band", shown, lower=-reach, upper=reach, confidence=1 - bands.LEVEL, p=columns["p"],
              p_adjusted=adjusted, text=np.where(why == "", word, ""), method="bh", reason=why, n=data.n,
              group=among)  # fmt: skip
    reason = np.where(reasons != "", reasons, np.where(few, "few-units", "no-variance"))
    sheet.add(
        "detectable_difference", columns["least"], method="power-80", reason=reason, n=data.n, group=among
    )
    return sheet.frame()


def _pairs(data: Scores, name: str, confidence: float, survey: str) -> pd.DataFrame:
    """How many pairs of a group can be told apart, and whether ranks may be spoken of."""
    apart, pairs = rank_sets.separated_pairs(*rank_sets.simultaneous(data, confidence))
    able = rank_sets.rankability(random_intercept(data))
    common = {"survey": survey, "scope": "type" if name else "city", "group": name, "n": float(data.n.sum())}
    known = bool(np.isfinite(able))
    return results.frame([
        common | {"statistic": "pairs_separated", "estimate": apart / pairs if pairs else np.nan,
                  "numerator": apart, "denominator": pairs, "confidence": confidence,
                  "reason": "" if pairs else "few-units"},
        common | {"statistic": "rankable", "estimate": able, "reason": "" if known else
                  ("few-units" if len(data.units) < 2 else "no-variance"),
                  "text": ("yes" if able >= rank_sets.RANKABLE else "no") if known else ""},
    ])  # fmt: skip


def _flagged(rows: pd.DataFrame, survey: str) -> pd.DataFrame:
    judged = rows[rows["text"] != ""]
    count = int((judged["text"] != bands.SAME).sum())
    return results.frame([{
        "survey": survey, "scope": "city", "statistic": "flagged", "estimate": float(count), "numerator": count,
        "denominator": len(rows), "text": str(len(judged)), "method": "bh", "n": None,
    }])  # fmt: skip
