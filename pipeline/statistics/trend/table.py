"""Change between surveys, per unit, type and city: four verdicts, and none where surveys differ.

The current survey is set against each earlier one. Where the rule, scale, order, mode, executor or
wording changed nothing is subtracted (R8). Of a survey whose answers are gone only the published
index is known: its difference has no interval and proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from pipeline import results
from pipeline.statistics.compare import two_samples as changes
from pipeline.statistics.data.eligibility import kinds_of, peers, read_scores, standing
from pipeline.statistics.data.grouped import Array
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.multiplicity import benjamini_hochberg, holm
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.data.scores import Scores
from pipeline.statistics.index.letter_change import letter_rows
from pipeline.statistics.trend import history, lines
from pipeline.statistics.trend.comparable import (
    Conditions,
    asked_alike,
    asked_in_both,
    breaks,
    item_breaks,
    moved,
    unit_breaks,
    unstated,
)
from pipeline.statistics.trend.wave import UNSTATED, Wave

if TYPE_CHECKING:
    import pandas as pd


def table(
    answers: pd.DataFrame | pd.Series,
    by: pd.Series | Sequence[str] | None = None,
    *,
    earlier: Sequence[Wave] = (),
    conditions: Conditions = UNSTATED,
    population: Mapping[str, int] | None = None,
    types: Mapping[str, str] | None = None,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    index: pd.DataFrame | None = None,
    scale: tuple[int, int] = (1, 4),
    margin: float = changes.MARGIN,
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Set a survey against earlier ones.

    Parameters
    ----------
    answers, by
        Answers (or scores) and unit of each row of the current survey.
    earlier : sequence of Wave
        Surveys to compare with, oldest first.
    conditions : Conditions
        How the current survey was held.
    population : mapping of unit to service users, optional
        Narrows intervals by the finite population correction.
    types : mapping of unit to type, optional
    leave_out : units, or mapping of unit to reason
        Units without part in inference (R6); those of an earlier survey are named there.
    index : DataFrame, optional
        Index table of the current survey, for letters and against published indices.
    scale : (int, int)
    margin : float
        Index points within which a change counts as none, fixed beforehand.
    confidence : float
        Of the intervals.
    survey : str
        Name of the current survey.

    Returns
    -------
    DataFrame
        Tidy rows; ``other`` is the earlier survey, ``n`` the smaller of the two numbers.

        ============================== =========================================================================
        ``change``                     scope unit, type, city: later minus earlier in index points, with Welch's
                                       interval; for units two rows that differ in ``method`` (holm, bh);
                                       ``text`` is the verdict: up, down, unchanged, cannot-tell. Type and city:
                                       the simple mean of units with answers in both surveys
        ``tost``                       the same difference with the interval of the two one-sided tests (level 1
                                       - 2 alpha) and their p; ``numerator``/``denominator`` the margin
        ``change_g``, ``change_cliff`` effect sizes of units, with intervals
        ``change_shrunken``            change drawn to the mean change
        ``letter_change``              ``text`` "B>A": letters then and now; estimate: confidence that they
                                       differ
        ``ikm_then``                   unit and city: index, interval and letter (``text``) of the earlier
                                       survey under its own rule; ``method`` "published" where only the print is
                                       left
        ``nrr_then``                   unit and item: its mean in the newest earlier survey that the unit was
                                       in, as that survey tells it; ``text`` what changed where it has no value
                                       (`history`)
        ``comparability``              scope surveys: 1 or 0 for the whole, per item, and 0 for each ``unit``
                                       that was asked in another way; ``text`` what changed, ``method`` what is
                                       not stated
        ``line``                       whether the line goes on from survey ``other`` to the next, ``group``
                                       (see `lines`)
        ============================== =========================================================================

        A verdict counts only below 5 % after Benjamini and Hochberg over all units, for change and
        for equivalence alike. A broken comparison has rows with the reason ``not-comparable``.

    Notes
    -----
    Checked against R for 48 units in two years (differences, intervals, g, delta, TOST, Holm, BH).

    Examples
    --------
    >>> import pandas as pd
    >>> now, then = pd.Series([88.0, 90, 92] * 9), pd.Series([70.0, 72, 74] * 9)
    >>> t = table(now, ["a"] * 27, earlier=[Wave("2023", then, ["a"] * 27)])
    >>> results.pick(t, statistic="change", scope="city").text.tolist()
    ['up']
    """
    parts: list[pd.DataFrame] = []
    units_now: Sequence[str] = ()
    for wave in earlier:
        broken = breaks(conditions, wave.conditions)
        if wave.answers is None and moved(conditions, wave.conditions):
            broken = (*broken, "order")  # of a print no item can be left out
        asked = asked_in_both(answers, wave.answers)
        parts.append(_card(conditions, wave, asked, broken, survey))
        if wave.answers is None:
            parts.append(
                history.from_print(wave.published, wave.letters, wave.respondents, wave.survey, survey)
            )
            parts.append(_published(index, wave, broken, conditions, survey))
            if not broken:
                parts.append(_unit_cards(wave.published, conditions, wave, survey))
            continue
        if wave.index is not None:
            parts.append(history.from_index(wave.index, wave.survey, survey))
        items = None if asked is None else asked_alike(asked, conditions, wave.conditions)
        if items == []:
            # Nothing is left to compare on: the units are listed, each without a number.
            broken = broken or ("wording",)
        now, _ = read_scores(answers, by, items or None, scale)
        units_now = now.units
        then, _ = read_scores(wave.answers, wave.by, items or None, wave.conditions.scale)
        then = _aligned(then, now.units)
        reasons = _reasons(now, then, leave_out, wave, bool(broken))
        apart = np.array([bool(unit_breaks(u, conditions, wave.conditions)) for u in now.units])
        reasons = np.where(apart, "not-comparable", reasons)
        parts.append(_unit_cards(now.units, conditions, wave, survey))
        people = (
            _people(now, population or {}, _answering(answers, by, items)),
            _people(then, wave.population, _answering(wave.answers, wave.by, items)),
        )
        found = changes.welch(now, then, *people)
        kinds = kinds_of(now.units, types)
        together = changes.welch(now, then, *people, kinds=kinds, taking=reasons == "")
        pair = _Pair(now, then, reasons, survey, wave.survey, margin, confidence)
        parts.append(_units(pair, found))
        parts += _groups(pair, together, types)
        if index is not None and wave.index is not None:
            # Letters are of all unsur: where some are left out, nothing is said of their change.
            apart_of_all = bool(broken) or len(items or ()) < len(asked or ())
            parts.append(letter_rows(index, wave.index, wave.survey, apart_of_all, survey))
    parts.append(history.items_then(answers, units_now, earlier, conditions, survey))
    held = [*((wave.survey, wave.conditions) for wave in earlier), (survey, conditions)]
    units = sorted({unit for _, one in held for unit in one.modes})
    return results.concat([*parts, lines.table(held, units, survey)])


def _aligned(data: Scores, units: Sequence[str]) -> Scores:
    """Return the scores with exactly these units; no respondents where a unit is new."""
    place = {unit: u for u, unit in enumerate(data.units)}
    counts = np.zeros((len(units), len(data.values)))
    for u, unit in enumerate(units):
        if unit in place:
            counts[u] = data.counts[place[unit]]
    return Scores(tuple(units), data.values, counts)


def _answering(answers: Any, by: Any, items: Sequence[str] | None) -> dict[str, int]:
    """Respondents of each unit with any answer: who of its users was asked, whole rows or not."""
    if hasattr(answers, "columns"):
        asked = answers[list(items)] if items else answers
        answered = asked.notna().any(axis=1).to_numpy()
    else:
        answered = answers.notna().to_numpy()
    import pandas as pd

    named = pd.Series(by).reset_index(drop=True)[answered].astype(str).value_counts()
    return {str(unit): int(n) for unit, n in named.items()}


def _people(data: Scores, population: Mapping[str, int], answering: Mapping[str, int]) -> Array:
    """Users of each unit, as many as make n/N of the rows compared that of all who answered.

    Who answers every item is a part of the users: of a census, all of that part was asked.
    """
    users = np.array([float(population.get(unit) or np.nan) for unit in data.units])
    answered = np.array([float(answering.get(unit, 0)) for unit in data.units])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(answered > 0, users * data.n / answered, np.nan)


def _reasons(
    now: Scores, then: Scores, leave_out: Mapping[str, str] | Collection[str], wave: Wave, broken: bool
) -> Array:
    """Why a unit has no change; "" for those that do."""
    if broken:
        return np.full(len(now.units), "not-comparable", dtype=object)
    first, second = standing(now, leave_out), standing(then, wave.leave_out)
    why: Array = np.where(first != "", first, second)
    return why


def _card(
    conditions: Conditions, wave: Wave, items: Sequence[str] | None, whole: Sequence[str], survey: str
) -> pd.DataFrame:
    """Whether the surveys, and each item, can be compared, and what is not stated."""
    common = {"survey": survey, "scope": "surveys", "other": wave.survey, "statistic": "comparability"}
    silent = ",".join(unstated(conditions, wave.conditions))
    rows: list[dict[str, Any]] = [
        common | {"estimate": float(not whole), "text": ",".join(whole), "method": silent}
    ]
    for item in items or ():
        own = item_breaks(item, conditions, wave.conditions)
        rows.append(
            common | {"item": item, "estimate": float(not own), "text": ",".join(own), "method": silent}
        )
    return results.frame(rows)


def _unit_cards(units: Iterable[str], conditions: Conditions, wave: Wave, survey: str) -> pd.DataFrame:
    """Units that cannot be compared although the surveys can, with what changed for them."""
    apart = {unit: unit_breaks(unit, conditions, wave.conditions) for unit in units if unit}
    return results.frame(
        {"survey": survey, "scope": "surveys", "unit": unit, "other": wave.survey, "statistic": "comparability",
         "estimate": 0.0, "text": ",".join(why)}
        for unit, why in apart.items()
        if why
    )  # fmt: skip


@dataclass(frozen=True)
class _Pair:
    """This survey beside one earlier one, on what both asked alike, and how a difference is judged.

    Attributes
    ----------
    now, then : Scores
        The same units in both.
    reasons : ndarray (U,)
        Why a unit has no change; "" for those that do.
    survey, other : str
        Their names.
    margin, confidence : float
        As in `table`.
    """

    now: Scores
    then: Scores
    reasons: Array
    survey: str
    other: str
    margin: float
    confidence: float

    @property
    def part(self) -> Array:
        """Units that take part."""
        return self.reasons == ""

    @property
    def n(self) -> Array:
        """Respondents of each unit in the survey that has fewer."""
        return np.minimum(self.now.n, self.then.n)


def _units(pair: _Pair, found: changes.Change) -> pd.DataFrame:
    """Rows of each unit; p-values adjusted over all units that take part."""
    now, then, confidence = pair.now, pair.then, pair.confidence
    part, n = pair.part, pair.n
    d = np.where(part, found.difference, np.nan)
    error = np.where(part, found.error, np.nan)
    taking = changes.Change(np.where(np.isfinite(error), d, np.nan), error, np.where(part, found.df, np.nan))
    why = np.where(part, "no-variance", pair.reasons)
    sheet = Sheet(pair.survey, "unit", now.units)
    common: dict[str, Any] = {"other": pair.other, "n": n, "reason": why}
    lower, upper = taking.interval(confidence)
    equivalent = taking.equivalence(pair.margin)
    together = benjamini_hochberg(equivalent)
    bh = benjamini_hochberg(taking.p)
    word = np.where(np.isfinite(error), changes.verdicts(taking.difference, bh, together), "")
    for method, adjusted in (("bh", bh), ("holm", holm(taking.p))):
        sheet.add("change", taking.difference, lower=lower, upper=upper, confidence=confidence, df=taking.df,
                  p=taking.p, p_adjusted=adjusted, method=method, text=word, **common)  # fmt: skip
    _add_tost(sheet, taking, equivalent, together, pair, common)
    sizes = changes.effect_sizes(now, then, confidence)
    for statistic, key in (("change_g", "g"), ("change_cliff", "cliff")):
        sheet.add(statistic, np.where(part, sizes[key], np.nan), lower=sizes[f"{key}_lower"],
                  upper=sizes[f"{key}_upper"], confidence=confidence, **common)  # fmt: skip
    value, spread, _ = changes.shrunken(taking.difference, taking.error)
    reach = special.ndtri((1 + confidence) / 2) * spread
    common["reason"] = np.where(part & np.isfinite(error), "few-units", why)
    sheet.add("change_shrunken", value, lower=value - reach, upper=value + reach, confidence=confidence,
              method="paule-mandel", **common)  # fmt: skip
    return sheet.frame()


def _add_tost(
    sheet: Sheet, found: changes.Change, p: Array, adjusted: Array, pair: _Pair, common: Mapping[str, Any]
) -> None:
    """Add equivalence: the interval at which both one-sided tests decide, and their p."""
    level = 2 * pair.confidence - 1
    lower, upper = found.interval(level)
    whole = round(pair.margin * 1000)
    with np.errstate(invalid="ignore"):
        word = np.where(adjusted < 1 - pair.confidence, "equivalent", "")
    sheet.add("tost", found.difference, lower=lower, upper=upper, confidence=level, df=found.df, p=p,
              p_adjusted=adjusted, numerator=whole, denominator=1000, method="bh", text=word, **common)  # fmt: skip


def _groups(pair: _Pair, found: changes.Change, types: Mapping[str, str] | None) -> list[pd.DataFrame]:
    """Rows of the city and of each type: the mean of units with answers in both surveys."""
    out, confidence = [], pair.confidence
    for name, members in peers(pair.now.units, types):
        taking = members & pair.part & np.isfinite(found.error)
        mean = changes.mean_change(found, taking)
        sheet = Sheet(pair.survey, "type" if name else "city", [""])
        n = pair.n[taking].sum()
        # A city of which no unit can be compared says so; else its change is that of those that can.
        why = "not-comparable" if (pair.reasons[members] == "not-comparable").any() else "no-data"
        common: dict[str, Any] = {"other": pair.other, "group": name, "n": n, "reason": why}
        lower, upper = mean.interval(confidence)
        equivalent = mean.equivalence(pair.margin)
        word = changes.verdicts(mean.difference, mean.p, equivalent) if taking.any() else ""
        sheet.add("change", mean.difference, lower=lower, upper=upper, confidence=confidence, df=mean.df,
                  p=mean.p, p_adjusted=mean.p, method="mean-of-units", text=word, numerator=taking.sum(),
                  denominator=members.sum(), **common)  # fmt: skip
        _add_tost(sheet, mean, equivalent, equivalent, pair, common)
        out.append(sheet.frame())
    return out


def _published(
    index: pd.DataFrame | None, wave: Wave, broken: Sequence[str], conditions: Conditions, survey: str
) -> pd.DataFrame:
    """Difference to indices of which only the printed value is left."""
    if index is None:
        return results.empty()
    rows: list[dict[str, Any]] = []
    mine = results.pick(index, scope=["unit", "city"], statistic="ikm", item="", service="", group="")
    for row in results.rows_of(mine.drop_duplicates(["scope", "unit"])):
        before = wave.published.get("" if row.scope == "city" else row.unit)
        if before is None:
            continue
        apart = row.scope == "unit" and unit_breaks(row.unit, conditions, wave.conditions)
        known = not broken and not apart and np.isfinite(row.estimate)
        rows.append({
            "survey": survey, "scope": row.scope, "unit": row.unit, "other": wave.survey, "n": row.n,
            "statistic": "change", "method": "published",
            "estimate": row.estimate - before if known else np.nan,
            "text": changes.UNKNOWN_CHANGE if known else "",
            "reason": "" if known else "not-comparable" if broken or apart else row.reason or "no-data",
        })  # fmt: skip
    return results.frame(rows)
