"""What another headline of the city would say, and city and units against a target (R5).

Which units count and what each weighs is a decision, not a statistic: the rows say what each choice
would give. Indices and limits are those of the index table, made by the same code (`aggregate`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results, rules
from pipeline.statistics.data.item_weights import foreign_to, item_lists, letters, storable
from pipeline.statistics.data.levels import UNKNOWN, aligned, groups, levels, with_items
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.rows import Blocks, Sheet
from pipeline.statistics.data.summary import summarise
from pipeline.statistics.index.aggregate import City
from pipeline.statistics.index.hall import hall_confidence
from pipeline.statistics.index.mean_rows import Mean
from pipeline.statistics.index.rows import hall_limits
from pipeline.statistics.sample.finite_population import is_census

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Ways to take the units together: each alike (without those for information, or all), by respondents,
#: by service users.
AGGREGATES = ("mean-of-units", "mean-of-all-units", "pooled", "population-weighted")
#: Words for a unit (or the city) against a target.
ABOVE, BELOW, UNDECIDED = "above", "below", "undecided"
#: Error allowed over all verdicts of a city together.
LEVEL = 0.05


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    types: Mapping[str, str] | None = None,
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
    answers, by, types, population, listed, items, rule, scale, headline
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

        ===================================================== ==================================================
        ``ikm_design``                                        city, one per way (``method``), with the finite
                                                              population correction of each unit whose users are
                                                              known (``other`` "fpc", else ""); ``text``
                                                              "headline"; numerator of denominator: the exact
                                                              index
        ``headline_effect``                                   the way's index less the headline's; ``text``
                                                              "A>B" where the letter would be another one,
                                                              ``numerator``/``denominator`` the exact difference
        ``target``                                            unit and city: confidence that the true index
                                                              reaches the target (Hall); ``text`` above, below,
                                                              undecided: Holm over all units; of a census it is
                                                              known; ``other`` the target as given
        ``target_gap``                                        index less target, with the index's interval
                                                              shifted
        ``units_above``, ``units_below``, ``units_undecided`` city: numerator of denominator units
        ``reached``                                           city: units whose printed index is at least the
                                                              target, sure or not
        ===================================================== ==================================================

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
    factor = rules.factor((lv.low, lv.high))
    lists = item_lists(units.ids, lv.items, items, law)
    summary = summarise(lv, units, lists, factor, complete_rows=False)
    foreign = foreign_to(lv, law, items)
    people = np.array([float((population or {}).get(u) or np.nan) for u in units.ids])
    register = set(units.ids) - {UNKNOWN} if listed is None else set(listed) - {UNKNOWN}
    inside = np.array([u in register for u in units.ids], dtype=bool)
    whole = City(
        Blocks(survey, confidence),
        lv,
        units,
        summary,
        lists,
        factor,
        law,
        foreign,
        people,
        inside,
        types or {},
        headline,
    )
    ways = whole.ways()
    found = {method: mean for method in AGGREGATES if isinstance(mean := ways.get(method), Mean)}
    if headline not in found:  # all units are those of the simple mean
        headline = "mean-of-units"
    lacking = {method: why for method in AGGREGATES if isinstance(why := ways.get(method), str)}
    corrected = "fpc" if (whole.unseen[whole.eligible] < 1).any() else ""
    rows = _design_rows(found, lacking, corrected, headline, confidence)
    rows += _effects(found, law, foreign, headline)
    if target and headline in found:
        rows.append(_city_target(found[headline], target, confidence))
    made = [results.frame([{"survey": survey, "scope": "city", **row} for row in rows])]
    wanted = [str((targets or {}).get(u) or target or "") for u in units.ids]
    if any(wanted):
        made.append(_targets(whole, wanted, leave_out, confidence, survey))
    return results.concat(made)


def target_of(text: str) -> Fraction:
    """Read a target as it is published, with a decimal point or comma.

    Examples
    --------
    >>> target_of("88,31")
    Fraction(8831, 100)
    """
    return Fraction(str(text).strip().replace(",", "."))


def _design_rows(
    found: Mapping[str, Mean], lacking: Mapping[str, str], corrected: str, headline: str, confidence: float
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for method, one in found.items():
        lower, upper = one.interval(confidence)
        numerator, denominator = storable(one.exact[0])
        rows.append({
            "statistic": "ikm_design", "method": method, "other": corrected, "n": int(one.n[0]),
            "df": one.error.df[0], "estimate": one.value[0], "lower": lower[0], "upper": upper[0],
            "confidence": confidence, "numerator": numerator, "denominator": denominator,
            "text": "headline" if method == headline else "", "reason": one.reason[0],
        })  # fmt: skip
    for method, why in lacking.items():
        rows.append({"statistic": "ikm_design", "method": method, "reason": why})
    return rows


def _effects(
    found: Mapping[str, Mean], law: rules.Rule, foreign: bool, headline: str
) -> list[dict[str, Any]]:
    """What another headline would say: its index less the present one's, and its letter."""
    base = found[headline].exact[0] if headline in found else None
    if base is None:
        return []
    rows: list[dict[str, Any]] = []
    for method, one in found.items():
        value = one.exact[0]
        if method == headline or value is None:
            continue
        numerator, denominator = storable(value - base)
        mine, other = letters([base, value], law)
        rows.append({
            "statistic": "headline_effect", "method": method, "other": headline,
            "estimate": float(value - base), "numerator": numerator, "denominator": denominator,
            "text": "" if foreign or mine == other else f"{mine}>{other}",
        })  # fmt: skip
    return rows


def _city_target(one: Mean, target: str, confidence: float) -> dict[str, Any]:
    """The city's headline against the target: one test, nothing to adjust for."""
    exact = one.exact[0]
    border = float(target_of(target)) - 0.005
    sure = float(one.at_least(border)[0]) if exact is not None else np.nan
    if exact is None or np.isnan(sure):
        return {"statistic": "target", "other": target, "reason": one.reason[0]}
    p = 2 * min(sure, 1 - sure)
    word = UNDECIDED if p >= LEVEL else ABOVE if sure > 0.5 else BELOW
    lower, upper = one.interval(confidence)
    numerator, denominator = storable(exact - target_of(target))
    return {
        "statistic": "target", "other": target, "estimate": sure, "text": word, "df": one.error.df[0], "p": p,
        "p_adjusted": p, "lower": lower[0], "upper": upper[0], "confidence": confidence, "method": "hall",
        "numerator": numerator, "denominator": denominator,
    }  # fmt: skip


def _targets(
    whole: City, wanted: Sequence[str], leave_out: Mapping[str, str] | Collection[str], confidence: float,
    survey: str,
) -> pd.DataFrame:  # fmt: skip
    """Each unit against its target, and how many are surely above, surely below, undecided."""
    ids, summary, inside = whole.units.ids, whole.summary, whole.eligible
    sc = summary.scores.about_users(whole.unseen)
    census = is_census(summary.valid, whole.population)
    goal = np.array([float(target_of(t)) if t else np.nan for t in wanted])
    exact = np.array([np.nan if e is None else float(e) for e in summary.exact])
    given = leave_out if isinstance(leave_out, Mapping) else dict.fromkeys(leave_out, "excluded")
    why = np.array([given.get(u, "") for u in ids], dtype=object)
    why = np.where(inside, why, np.where(summary.valid == 0, "no-data", "too-few"))
    flat = ((summary.scores.variance == 0) | (sc.n < 2)) & ~census
    why = np.where((why == "") & flat, "no-variance", why)
    judged = (why == "") & np.isfinite(goal)
    sure = np.full(len(ids), np.nan)
    sure[judged] = hall_confidence(
        goal[judged] - 0.005, sc.mean[judged], sc.sd[judged], sc.skewness[judged], sc.n[judged]
    )
    # All users were asked: whether the index reaches the target is no question of confidence.
    known = judged & census
    reached = [float(_reaches(e, t)) for e, t in zip(summary.exact, wanted, strict=True)]
    sure = np.where(known, reached, sure)
    p = 2 * np.minimum(sure, 1 - sure)
    adjusted = holm(p)
    with np.errstate(invalid="ignore"):
        word = np.where(adjusted < LEVEL, np.where(sure > 0.5, ABOVE, BELOW), UNDECIDED)
    word = np.where(judged, word, "").astype(object)
    lower, upper = hall_limits(exact, sc, summary.valid, whole.population, confidence)
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


def _reaches(value: Fraction | None, goal: str) -> bool:
    """Whether an index as it is printed is at least the target."""
    return bool(goal) and value is not None and Fraction(rules.round_half_up(value)) >= target_of(goal)


def _counts(
    word: Array, judged: Array, exact: Sequence[Fraction | None], wanted: Sequence[str], inside: Array,
    survey: str,
) -> pd.DataFrame:  # fmt: skip
    """Units surely above, surely below, undecided; and those whose printed index reaches the target."""
    reached = sum(
        1 for value, goal, ok in zip(exact, wanted, inside, strict=True) if ok and _reaches(value, goal)
    )
    stated = int((inside & np.array([bool(t) for t in wanted])).sum())
    rows: list[dict[str, Any]] = [
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
