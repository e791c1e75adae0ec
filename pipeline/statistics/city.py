"""The city as a whole: three aggregates with design-based intervals, and units against a target (R5).

The units of a city are strata: all of them were surveyed, and respondents are drawn within each. An
estimate of the city is a weighted mean of unit indices, and its error comes from within the units.
Which weights are chosen is a decision, not a statistic: the rows say what each choice would give.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtr, stdtrit

from pipeline import results, rules
from pipeline.statistics.answers import UNKNOWN, aligned, groups, levels, with_items
from pipeline.statistics.group_tests import holm
from pipeline.statistics.hall import hall_confidence, hall_interval
from pipeline.statistics.sheet import Sheet
from pipeline.statistics.summary import Summary, summarise
from pipeline.statistics.weights import item_lists, letters, storable

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Ways to weight the units: each alike, by respondents, by service users.
AGGREGATES = ("mean-of-units", "pooled", "population-weighted")
#: Fewer valid answers and a unit does not count for the city (R5, R6).
FEW = 5
#: Words for a unit (or the city) against a target.
ABOVE, BELOW, UNDECIDED = "above", "below", "undecided"
#: Error allowed over all verdicts of a city together.
LEVEL = 0.05


@dataclass(frozen=True)
class Stratified:
    """A weighted mean of unit indices.

    Attributes
    ----------
    exact : Fraction or None
        The estimate, from integers.
    error : float
        Design-based standard error.
    df : float
        Respondents less units, the degrees of freedom of a stratified design.
    """

    exact: Fraction | None
    error: float
    df: float

    def interval(self, confidence: float) -> tuple[float, float]:
        """By Student's t, not clipped."""
        if self.exact is None:
            return float("nan"), float("nan")
        reach = float(stdtrit(self.df, (1 + confidence) / 2)) * self.error if self.error else 0.0
        return float(self.exact) - reach, float(self.exact) + reach


def stratified(
    exact: Sequence[Fraction | None],
    error: Array,
    n: Array,
    weight: Sequence[int],
    people: Array | None = None,
) -> Stratified:
    """Weighted mean over strata with its design-based error.

    m = sum W_u m_u, SE^2 = sum W_u^2 SE_u^2 (1 - n_u/N_u), W_u = w_u / sum w; the last factor only
    where the population N_u is known.

    Parameters
    ----------
    exact : sequence of Fraction
        Index of each unit.
    error, n : ndarray (U,)
        Standard error without correction, and number of respondents.
    weight : sequence of int
    people : ndarray (U,), optional
        Service users; None or NaN: no finite population correction.

    References
    ----------
    Cochran, W. G. (1977). Sampling techniques, 3rd ed. Wiley. Sections 5.3 and 5.5.

    Notes
    -----
    Checked against R's survey package (svymean of a stratified design, with and without correction)
    on a simulated city of 48 units, within 1e-10.

    Examples
    --------
    >>> s = stratified([Fraction(80), Fraction(90)], np.array([1.0, 1.0]), np.array([50, 50]), [1, 1])
    >>> float(s.exact), round(s.error, 6), s.df
    (85.0, 0.707107, 98.0)
    """
    if not len(n) or any(value is None for value in exact):
        return Stratified(None, float("nan"), float("nan"))
    total = sum(int(w) for w in weight)
    mean = sum(
        (int(w) * value for w, value in zip(weight, exact, strict=True) if value is not None), Fraction(0)
    )
    rest = np.ones(len(n))
    if people is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            rest = np.where(np.isfinite(people) & (people > 0), np.maximum(1 - n / people, 0.0), 1.0)
    share = np.array([int(w) / total for w in weight])
    spread = float(np.sqrt((share**2 * np.nan_to_num(error) ** 2 * rest).sum()))
    return Stratified(mean / total, spread, float(n.sum() - len(n)))


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    population: Mapping[str, int] | None = None,
    listed: Collection[str] | None = None,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    items: Any = None,
    rule: rules.Rule | str = "14/2017",
    scale: tuple[int, int] = (1, 4),
    headline: str = "mean-of-units",
    target: str = "",
    targets: Mapping[str, str] | None = None,
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Aggregates of a city and where it and its units stand against a target.

    Parameters
    ----------
    answers, by, population, listed, items, rule, scale, headline
        As in `index.table`.
    leave_out : units, or mapping of unit to reason
        Units without a verdict against the target (for information only).
    target : str
        Index points to reach, as published ("88.31"); empty: no target.
    targets : mapping of unit to its own target, optional
    confidence : float
    survey : str

    Returns
    -------
    DataFrame
        Tidy rows.

        ====================== =========================================================================
        ``ikm_design``         city, one per way of weighting (``method``) and with or without finite
                               population correction (``other`` "fpc" or ""); ``text`` "headline"
        ``headline_effect``    the way's index less the headline's; ``text`` "A>B" where the letter
                               would be another one, ``numerator``/``denominator`` the exact difference
        ``target``             unit and city: confidence that the true index reaches the target (Hall for
                               a unit, t for the city); ``text`` above, below, undecided: Holm over all
                               units; ``other`` the target as given
        ``target_gap``         index less target, with the index's interval shifted
        ``units_above``, ``units_below``, ``units_undecided``  city: numerator of denominator units
        ``reached``            city: units whose printed index is at least the target, sure or not
        ====================== =========================================================================

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"U1": [4, 3, 4, 4, 3, 3, 4, 3, 3, 3] * 6, "U2": [3, 3, 4, 4, 3, 3, 3, 4, 3, 3] * 6})
    >>> t = table(answers, ["a", "b"] * 30, target="70")
    >>> results.pick(t, statistic="target", scope="unit").text.tolist()
    ['above', 'above']
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    lv = levels(with_items(answers, items), scale)
    units = groups(aligned(answers, by), len(answers), listed)
    factor = Fraction(100, lv.high)
    summary = summarise(lv, units, item_lists(units.ids, lv.items, items, law), factor)
    foreign = (lv.low, lv.high) != law.scale
    known = np.array([float((population or {}).get(u) or np.nan) for u in units.ids])
    register = set(units.ids) - {UNKNOWN} if listed is None else set(listed) - {UNKNOWN}
    inside = np.array([u in register for u in units.ids], dtype=bool)
    inside &= (summary.valid >= FEW) & np.array([e is not None for e in summary.exact], dtype=bool)
    found = aggregates(summary, known, inside)
    rows = _design_rows(found, summary.valid[inside].sum(), known[inside], headline, confidence)
    rows += _effects(found, law, foreign, headline)
    if target and (headline, "") in found:
        rows.append(_city_target(found[headline, ""], target, confidence))
    made = [results.frame([{"survey": survey, "scope": "city", **row} for row in rows])]
    wanted = [str((targets or {}).get(u) or target or "") for u in units.ids]
    if any(wanted):
        made.append(_targets(units.ids, summary, inside, wanted, leave_out, confidence, survey))
    return results.concat(made)


def aggregates(summary: Summary, people: Array, inside: Array) -> dict[tuple[str, str], Stratified]:
    """Every way of weighting, plain and (key ``fpc``) corrected where all populations are known."""
    exact = [value for value, ok in zip(summary.exact, inside, strict=True) if ok]
    error, n = summary.scores.standard_error[inside], summary.valid[inside]
    users = people[inside]
    known = bool(len(users)) and bool(np.isfinite(users).all())
    weights: dict[str, Sequence[int]] = {"mean-of-units": [1] * len(n), "pooled": [int(x) for x in n]}
    if known:
        weights["population-weighted"] = [int(x) for x in users]
    found = {}
    for method, weight in weights.items():
        found[method, ""] = stratified(exact, error, n, weight)
        if known:
            found[method, "fpc"] = stratified(exact, error, n, weight, users)
    return found


def target_of(text: str) -> Fraction:
    """Read a target as it is published, with a decimal point or comma.

    Examples
    --------
    >>> target_of("88,31")
    Fraction(8831, 100)
    """
    return Fraction(str(text).strip().replace(",", "."))


def _design_rows(
    found: Mapping[tuple[str, str], Stratified], n: int, people: Array, headline: str, confidence: float
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for (method, corrected), one in found.items():
        lower, upper = one.interval(confidence)
        numerator, denominator = storable(one.exact)
        empty = one.exact is None
        rows.append({
            "statistic": "ikm_design", "method": method, "other": corrected, "n": int(n), "df": one.df,
            "estimate": float("nan") if one.exact is None else float(one.exact), "lower": lower, "upper": upper,
            "confidence": confidence, "numerator": numerator, "denominator": denominator,
            "text": "headline" if method == headline else "", "reason": "no-data" if empty else "",
        })  # fmt: skip
    if ("population-weighted", "") not in found:
        lacking = "no-population" if len(people) else "no-data"
        rows.append(
            {"statistic": "ikm_design", "method": "population-weighted", "n": int(n), "reason": lacking}
        )
    return rows


def _effects(
    found: Mapping[tuple[str, str], Stratified], law: rules.Rule, foreign: bool, headline: str
) -> list[dict[str, Any]]:
    """What another headline would say: its index less the present one's, and its letter."""
    base = found.get((headline, ""))
    if base is None or base.exact is None:
        return []
    rows: list[dict[str, Any]] = []
    for (method, corrected), one in found.items():
        if corrected or method == headline or one.exact is None:
            continue
        numerator, denominator = storable(one.exact - base.exact)
        mine, other = letters([base.exact, one.exact], law)
        rows.append({
            "statistic": "headline_effect", "method": method, "other": headline,
            "estimate": float(one.exact - base.exact), "numerator": numerator, "denominator": denominator,
            "text": "" if foreign or mine == other else f"{mine}>{other}",
        })  # fmt: skip
    return rows


def _city_target(one: Stratified, target: str, confidence: float) -> dict[str, Any]:
    """The city's headline against the target: one test, nothing to adjust for."""
    if one.exact is None:
        return {"statistic": "target", "other": target, "reason": "no-data"}
    border = float(target_of(target)) - 0.005
    away = float(one.exact) - border
    sure = float(away > 0) if one.error == 0 else float(stdtr(one.df, away / one.error))
    p = 2 * min(sure, 1 - sure)
    word = UNDECIDED if p >= LEVEL else ABOVE if away > 0 else BELOW
    lower, upper = one.interval(confidence)
    numerator, denominator = storable(one.exact - target_of(target))
    return {
        "statistic": "target", "other": target, "estimate": sure, "text": word, "df": one.df, "p": p,
        "p_adjusted": p, "lower": lower, "upper": upper, "confidence": confidence, "method": "t",
        "numerator": numerator, "denominator": denominator,
    }  # fmt: skip


def _targets(
    ids: Sequence[str], summary: Summary, inside: Array, wanted: Sequence[str],
    leave_out: Mapping[str, str] | Collection[str], confidence: float, survey: str,
) -> pd.DataFrame:  # fmt: skip
    """Each unit against its target, and how many are surely above, surely below, undecided."""
    sc, size = summary.scores, len(ids)
    goal = np.array([float(target_of(t)) if t else np.nan for t in wanted])
    exact = np.array([np.nan if e is None else float(e) for e in summary.exact])
    given = leave_out if isinstance(leave_out, Mapping) else dict.fromkeys(leave_out, "excluded")
    why = np.array([given.get(u, "") for u in ids], dtype=object)
    why = np.where(inside, why, np.where(summary.valid == 0, "no-data", "too-few"))
    flat = (sc.variance == 0) | (sc.n < 2)
    why = np.where((why == "") & flat, "no-variance", why)
    judged = (why == "") & np.isfinite(goal)
    sure = np.full(size, np.nan)
    sure[judged] = hall_confidence(
        goal[judged] - 0.005, sc.mean[judged], sc.sd[judged], sc.skewness[judged], sc.n[judged]
    )
    p = 2 * np.minimum(sure, 1 - sure)
    adjusted = holm(p)
    with np.errstate(invalid="ignore"):
        word = np.where(adjusted < LEVEL, np.where(sure > 0.5, ABOVE, BELOW), UNDECIDED)
    word = np.where(judged, word, "").astype(object)
    lower, upper = hall_interval(sc.mean, sc.sd, sc.skewness, sc.n, confidence)
    shown = np.isfinite(goal)
    keep = [u for u, ok in zip(ids, shown, strict=True) if ok]
    sheet = Sheet(survey, "unit", keep)
    common: dict[str, Any] = {
        "n": summary.valid[shown], "other": np.array(wanted, dtype=object)[shown], "reason": why[shown],
        "text": word[shown], "p": p[shown], "p_adjusted": adjusted[shown],
    }  # fmt: skip
    sheet.add("target", sure[shown], method="hall", **common)
    gap = np.where(inside & (why != "excluded"), exact - goal, np.nan)
    sheet.add("target_gap", gap[shown], lower=(lower - goal)[shown], upper=(upper - goal)[shown],
              confidence=confidence, **common)  # fmt: skip
    return results.concat([sheet.frame(), _counts(word, judged, summary.exact, wanted, inside, survey)])


def _counts(
    word: Array, judged: Array, exact: Sequence[Fraction | None], wanted: Sequence[str], inside: Array,
    survey: str,
) -> pd.DataFrame:  # fmt: skip
    """Units surely above, surely below, undecided; and those whose printed index reaches the target."""
    reached = sum(
        1
        for value, goal, ok in zip(exact, wanted, inside, strict=True)
        if ok and goal and value is not None and Fraction(rules.round_half_up(value)) >= target_of(goal)
    )
    stated = int((inside & np.array([bool(t) for t in wanted])).sum())
    rows = [
        {
            "statistic": f"units_{name}",
            "numerator": int((word == name).sum()),
            "denominator": int(judged.sum()),
        }
        for name in (ABOVE, BELOW, UNDECIDED)
    ]
    rows.append({"statistic": "reached", "numerator": reached, "denominator": stated})
    return results.frame(
        {"survey": survey, "scope": "city", "estimate": float(row["numerator"]), "method": "holm", **row}
        for row in rows
    )
