"""Do units differ, which, and by how much: over the city and within each type of unit.

The outcome is the respondent's score, 100/maximum times the mean of the items on complete rows.
With thousands of respondents every test is significant: the effect sizes lead. Units with fewer
than two respondents, left out by the caller, or without variance are listed with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.compare import difference, omnibus, pairwise
from pipeline.statistics.compare.effect_bootstrap import epsilon2_interval
from pipeline.statistics.data.eligibility import peers, read_scores, standing, type_of
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.data.scores import Scores, anova, eta2_interval

if TYPE_CHECKING:
    import pandas as pd

#: Pairs are compared within a type of at most so many units.
LARGEST_TYPE = pairwise.MOST_UNITS


def table(
    answers: pd.DataFrame | pd.Series,
    by: pd.Series | Sequence[str] | None = None,
    *,
    types: Mapping[str, str] | None = None,
    survey: str = "",
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    with_pairs: bool = True,
    games_howell: bool = False,
    across: bool = False,
) -> pd.DataFrame:
    """Compare units.

    Parameters
    ----------
    answers : DataFrame or Series
        Item columns, or the score of each respondent.
    by : Series
        Unit of each row.
    types : mapping of unit to type, optional
        Comparisons are repeated within each type, and pairs formed only there. Without it, pairs
        are formed over the whole city.
    survey : str
        Name of the survey.
    items : sequence of str, optional
        Items of the score: those the units share (ruling R12).
    scale : (int, int)
        Answer scale.
    confidence : float
        Of the intervals (``eta2``: always 0.90, which matches the one-sided F test).
    leave_out : collection of units, or mapping of unit to reason
        Units that take no part: unknown ones, those for information only (ruling R6).
    with_pairs : bool
        Whether to compare every two units.
    games_howell : bool
        Also Games-Howell for the pairs (a second for 1128 pairs).
    across : bool
        Games-Howell for every two units of the whole city as well, although types are given.

    Returns
    -------
    DataFrame
        Tidy rows. ``scope`` is city, type (``group`` names it), unit or pair (first unit in ``unit``,
        second in ``other``; the sign is first minus second).

        ============================= ==========================================================================
        ``kruskal_h``                 df, p; effect sizes ``epsilon2`` (with a percentile interval of the
                                      bootstrap within units) and ``eta2_h``
        ``welch_f``                   df is the second, ``numerator`` the first; units with variance only
        ``levene``                    around the median; df and numerator as above
        ``eta2``, ``omega2``          explained variance, eta2 with its 90 % interval
        ``icc1``                      share of variance between units, with interval from F
        ``icc2``                      reliability of the units' means
        ``dunn_z``                    pair: p two-sided, p_adjusted by Holm over the pairs of the group
        ``hedges_g``, ``cliff_delta`` pair: effect sizes with intervals
        ``games_howell``              pair: difference in index points; p and p_adjusted are the same number,
                                      its error is controlled over all pairs; freed of skewness
                                      (`pairs.games_howell`)
        ============================= ==========================================================================

        A unit without part in a test has a row of that statistic with ``reason``: ``excluded`` (fewer
        than two respondents), ``no-variance``, or what `leave_out` says.

    Examples
    --------
    >>> import pandas as pd
    >>> t = table(pd.Series([50.0, 60, 70, 80, 90, 100]), ["a", "a", "a", "b", "b", "b"])
    >>> results.pick(t, statistic="dunn_z")[["unit", "other", "estimate"]].round(4).values.tolist()
    [['a', 'b', -1.964]]
    """
    data, note = read_scores(answers, by, items, scale)
    reasons = standing(data, leave_out)
    groups = peers(data.units, types)
    parts: list[pd.DataFrame] = []
    for name, members in groups:
        taking = members & (reasons == "")
        parts.append(_together(data.select(taking), survey, name, confidence, note))
    kind = type_of(data.units, types)
    parts.append(_absent(data, reasons, kind, survey, games_howell and with_pairs))
    if with_pairs:
        for name, members in groups if types is None else groups[1:]:
            taking = data.select(members & (reasons == ""))
            parts.append(_pairs(taking, survey, name, confidence, games_howell))
    if across and types is not None:
        parts.append(_across(data.select(reasons == ""), survey, confidence))
    return results.concat(parts)


def _across(data: Scores, survey: str, confidence: float) -> pd.DataFrame:
    """Games-Howell over the whole city, for units of different types."""
    # Before the pairs are listed: those of a country's units would fill the memory.
    if not 2 <= len(data.units) <= LARGEST_TYPE:
        return results.empty()
    first, second = pairwise.positions(len(data.units))
    sheet = Sheet(survey, "pair", [data.units[a] for a in first])
    common = {"other": [data.units[b] for b in second], "group": "", "n": data.n[first] + data.n[second]}
    _games_howell_rows(sheet, data, common, confidence)
    return sheet.frame()


def _together(data: Scores, survey: str, name: str, confidence: float, note: str) -> pd.DataFrame:
    """Tests of all units of one group."""
    scope = "type" if name else "city"
    units, n = len(data.units), float(data.n.sum())
    why = "few-units" if units < 2 else "no-variance"
    kruskal = omnibus.kruskal(data)
    welch = omnibus.welch(data)
    levene = omnibus.levene(data)
    spread = anova(data, confidence)
    eta_low, eta_high = eta2_interval(spread.f, spread.df1, spread.df2)
    varied = omnibus.usable(data)
    rows: list[dict[str, Any]] = [
        {"statistic": "kruskal_h", "estimate": kruskal.value, "df": kruskal.df1, "p": kruskal.p, "text": note},
        {"statistic": "epsilon2", "estimate": omnibus.epsilon2(kruskal.value, n),
         **dict(zip(("lower", "upper"), epsilon2_interval(data, confidence), strict=True)),
         "confidence": confidence, "method": "bootstrap"},
        {"statistic": "eta2_h", "estimate": omnibus.eta2_h(kruskal.value, n, units)},
        {
            "statistic": "welch_f", "estimate": welch.value, "numerator": max(welch.df1, 0), "df": welch.df2,
            "p": welch.p, "reason": "few-units" if varied.sum() < 2 else "", "n": data.n[varied].sum(),
        },
        {
            "statistic": "levene", "estimate": levene.value, "numerator": max(levene.df1, 0), "df": levene.df2,
            "p": levene.p, "method": "median",
        },
        {
            "statistic": "eta2", "estimate": spread.eta2, "lower": eta_low, "upper": eta_high,
            "confidence": 0.90, "numerator": max(spread.df1, 0), "df": spread.df2, "p": spread.p,
        },
        {"statistic": "omega2", "estimate": spread.omega2},
        {
            "statistic": "icc1", "estimate": spread.icc1, "lower": spread.icc1_lower,
            "upper": spread.icc1_upper, "confidence": confidence,
        },
        {"statistic": "icc2", "estimate": spread.icc2},
    ]  # fmt: skip
    for row in rows:
        known = np.isfinite(row["estimate"])
        row["reason"] = "" if known else row.get("reason") or why
        row.setdefault("n", n)
        row |= {"survey": survey, "scope": scope, "group": name}
    return results.frame(rows)


def _absent(data: Scores, reasons: Array, kind: Array, survey: str, games_howell: bool) -> pd.DataFrame:
    """Rows of the units that a test leaves out, with the reason."""
    constant = np.where((reasons == "") & ~omnibus.usable(data), "no-variance", reasons)
    sheet = Sheet(survey, "unit", data.units)
    nothing = np.full(len(data.units), np.nan)
    statistics = [("kruskal_h", reasons), ("welch_f", constant)]
    if games_howell:
        statistics.append(("games_howell", constant))
    for statistic, why in statistics:
        sheet.add(statistic, nothing, where=why != "", reason=why, n=data.n, group=kind)
    return sheet.frame()


def _pairs(data: Scores, survey: str, name: str, confidence: float, games_howell: bool) -> pd.DataFrame:
    """Every two units of one group."""
    units = len(data.units)
    if units > LARGEST_TYPE:
        return results.frame([{
            "survey": survey, "scope": "type" if name else "city", "group": name, "statistic": "dunn_z",
            "n": data.n.sum(), "text": f"more than {LARGEST_TYPE} units", "reason": "excluded",
        }])  # fmt: skip
    first, second = pairwise.positions(units)
    if len(first) == 0:
        return results.empty()
    sheet = Sheet(survey, "pair", [data.units[a] for a in first])
    both = data.n[first] + data.n[second]
    common: dict[str, Any] = {"other": [data.units[b] for b in second], "group": name, "n": both}
    dunn = pairwise.dunn(data)
    sheet.add("dunn_z", dunn["z"], p=dunn["p"], p_adjusted=dunn["p_adjusted"], method="holm",
              reason="no-variance", **common)  # fmt: skip
    for statistic, found, key in (
        ("hedges_g", pairwise.hedges_g(data, confidence), "g"),
        ("cliff_delta", pairwise.cliff_delta(data, confidence), "delta"),
    ):
        sheet.add(statistic, found[key], lower=found["lower"], upper=found["upper"], confidence=confidence,
                  reason="no-variance", **common)  # fmt: skip
    if games_howell:
        _games_howell_rows(sheet, data, common, confidence)
    return sheet.frame()


def _games_howell_rows(sheet: Sheet, data: Scores, common: dict[str, Any], confidence: float) -> None:
    """Add pairs of units that vary; the family is those units."""
    varied = omnibus.usable(data)
    first, second = pairwise.positions(len(data.units))
    tested = varied[first] & varied[second]
    if not tested.any():
        return
    found = pairwise.games_howell(data.select(varied), confidence, prior=difference.PRIOR)
    columns: dict[str, Any] = {}
    for key in ("difference", "lower", "upper", "df", "p"):
        full = np.full(len(first), np.nan)
        full[tested] = found[key]
        columns[key] = full
    estimate = columns.pop("difference")
    sheet.add("games_howell", estimate, p_adjusted=columns["p"], confidence=confidence, where=tested,
              method="games-howell", **columns, **common)  # fmt: skip
