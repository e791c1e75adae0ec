"""The index weighted to the margins of a register, beside the official one (never instead of it)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results, rules
from pipeline.statistics.data.item_weights import item_lists
from pipeline.statistics.data.small_cells import N_MIN
from pipeline.statistics.data.summary import t_margin
from pipeline.statistics.design.linear import linear
from pipeline.statistics.design.raking import (
    Raked,
    kish,
    rake,
    residuals,
    variance_if_random,
    variance_of_mean,
)
from pipeline.statistics.sample.finite_population import unseen

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray
Margins = Mapping[str, Mapping[str, int]]

#: Respondents below whom nothing is weighted.
FEWEST = rules.TESTED_FROM
#: Of a group by one characteristic of two categories both means follow from the two indices: as of a gap, from 30.
SOLVED = rules.TESTED_FROM
#: Share of respondents who may leave a characteristic open; they keep their share.
OPEN = 0.2
#: Weight, as a multiple of the mean weight, beyond which one answer is not made to count.
LARGEST = 5.0


@dataclass(frozen=True)
class Margin:
    """One characteristic of a group of respondents, ready to rake, or the reason why not."""

    codes: Array
    shares: Array
    reason: str = ""


def margin(stated: Sequence[Any], counts: Mapping[str, int]) -> Margin:
    """Categories of respondents and the share each shall have.

    Who stated nothing, or a category that the register does not count, keeps the share that such people have
    among the respondents: nobody is dropped. Refused where more than a fifth did so, or a category of the
    register has fewer than five respondents.

    Examples
    --------
    >>> margin(["a"] * 6 + ["b"] * 6 + [None], {"a": 100, "b": 300}).shares.round(3).tolist()
    [0.231, 0.692, 0.077]
    >>> margin(["a"] * 6 + ["b"] * 4, {"a": 100, "b": 300}).reason
    'margin-few'
    """
    names = [name for name, count in counts.items() if count > 0]
    place = {name: at for at, name in enumerate(names)}
    codes = np.array([place.get(str(value), len(names)) for value in stated], dtype=np.int64)
    n = np.bincount(codes, minlength=len(names) + 1)
    rest = n[-1] / max(len(codes), 1)
    users = np.array([counts[name] for name in names], dtype=float)
    shares = np.append(users / users.sum() * (1 - rest), rest)
    reason = "margin-few" if n[:-1].min() < N_MIN else "margin-unstated" if rest > OPEN else ""
    return Margin(codes, shares if n[-1] else shares[:-1], reason)


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str],
    *,
    traits: pd.DataFrame,
    units: Mapping[str, Margins] | None = None,
    city: Margins | None = None,
    city_units: Collection[str] = (),
    city_items: Sequence[str] = (),
    population: Mapping[str, int] | None = None,
    items: Mapping[str, Mapping[str, Any]] | None = None,
    rule: rules.Rule | str = "14/2017",
    scale: tuple[int, int] = (1, 4),
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Weigh units, and the city, to the margins of a register.

    Parameters
    ----------
    answers, by, population, items, rule, scale, confidence, survey
        As in `index.table`.
    traits : DataFrame
        Characteristics of the respondents, rows as in ``answers``.
    units : mapping of unit to margins
        Users of a unit: characteristic to category to number.
    city : margins
        Users of all units together.
    city_units, city_items
        Units whose respondents are weighed to them, and the items that all of these ask.

    Returns
    -------
    DataFrame
        Tidy rows, scopes unit and city.

        ======================================= ================================================================
        ``ikm_raked``                           index of the weighted answers; Student's t on the linearised
                                                error of a raked mean, corrected for the users where known;
                                                ``text`` the characteristics
        ``ikm_unraked``                         the same respondents, all alike
        ``raking_shift``                        the first less the second
        ``design_effect``                       ``method`` kish: of unequal weights alone; raking: variance of
                                                the raked mean over that of as many drawn alike
        ``weight_smallest``, ``weight_largest`` of the weights, whose mean is 1
        ======================================= ================================================================

        Refused, with the reason in ``ikm_raked``: fewer than 30 respondents; a category of the register with
        fewer than five (two categories of one characteristic only: 30); more than a fifth who did not state it;
        weights that do not settle; a weight beyond five times the mean.

    Notes
    -----
    The weights make no random sample of respondents who came by themselves: they repair who answered in the
    characteristics that are weighted, and in nothing else. Five times the mean is the usual bound of raked
    survey weights (DeBell and Krosnick 2009, Computing weights for American National Election Study data).
    Checked against R's survey (``rake``, ``calibrate``, ``svymean``) on simulated sets.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"U1": [4, 3] * 40, "U2": [4, 4, 3, 3] * 20})
    >>> sex = pd.DataFrame({"sex": ["male", "female"] * 40})
    >>> made = table(answers, ["a"] * 80, traits=sex, units={"a": {"sex": {"male": 100, "female": 300}}})
    >>> made.loc[made.statistic == "ikm_raked", "estimate"].tolist()
    [84.375]
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    factor, unit = float(rules.factor(scale)), np.asarray(by, dtype=object).astype(str)
    columns = [str(c) for c in answers.columns]
    values = answers.to_numpy(dtype=float, na_value=np.nan)
    lists = item_lists(list(units or {}), columns, items, law)
    rows: list[dict[str, Any]] = []
    for place, (name, margins) in enumerate((units or {}).items()):
        mine = unit == name
        users = float((population or {}).get(name) or np.nan)
        found = _weighed(
            values[mine],
            traits[mine],
            margins,
            lists.take(np.array([place])).weight[0],
            factor,
            users,
            confidence,
        )
        rows += [{"scope": "unit", "unit": name, **row} for row in found]
    if city:
        mine = np.isin(unit, list(city_units))
        own = (
            np.array([c in city_items for c in columns]) if city_items else np.ones(len(columns), dtype=bool)
        )
        parts = own / max(own.sum(), 1)
        known = [(population or {}).get(name) for name in city_units]
        users = float(sum(n or 0 for n in known)) if known and all(known) else np.nan
        found = _weighed(values[mine], traits[mine], city, parts, factor, users, confidence)
        rows += [{"scope": "city", **row} for row in found]
    return results.frame({"survey": survey, **row} for row in rows)


def _weighed(
    answers: Array, traits: pd.DataFrame, margins: Margins, parts: Array, factor: float, users: float,
    confidence: float,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of one group of respondents."""
    valid = ~np.isnan(answers[:, parts > 0]).all(axis=1)
    answers, traits = answers[valid], traits[valid]
    n = len(answers)
    base = {"n": n, "text": ",".join(margins)}
    prepared = [margin(_stated(traits, name, n), counts) for name, counts in margins.items()]
    reason = _refused(answers, parts, prepared, users)
    made = rake([m.codes for m in prepared], [m.shares for m in prepared]) if not reason else None
    if made is not None and not made.converged:
        reason = "not-converged"
    elif made is not None and made.weights.max() > LARGEST:
        reason = "weights-wide"
    if made is None or reason:
        return [base | {"statistic": "ikm_raked", "method": "raking", "reason": reason}]
    return [base | row for row in _rows(answers, prepared, made, parts, factor, users, confidence)]


def _stated(traits: pd.DataFrame, name: str, n: int) -> list[Any]:
    return list(traits[name].astype(object)) if name in traits else [None] * n


def _refused(answers: Array, parts: Array, prepared: Sequence[Margin], users: float) -> str:
    n = len(answers)
    if n < FEWEST:
        return "too-few"
    if n == users:
        return "census"
    if np.isnan(answers[:, parts > 0]).all(axis=0).any():
        return "item-unanswered"
    for one in prepared:
        if one.reason:
            return one.reason
    if len(prepared) == 1 and len(prepared[0].shares) == 2:
        return "margin-few" if np.bincount(prepared[0].codes).min() < SOLVED else ""
    return ""


def _rows(
    answers: Array, prepared: Sequence[Margin], made: Raked, parts: Array, factor: float, users: float,
    confidence: float,
) -> list[dict[str, Any]]:  # fmt: skip
    n, weights = len(answers), made.weights
    plain, raked = linear(answers, np.ones(n), parts, factor), linear(answers, weights, parts, factor)
    rest = float(unseen(np.array([n]), np.array([users]))[0])
    left = residuals(raked.influence, [m.codes for m in prepared])
    variance, usual = variance_of_mean(weights, left), variance_if_random(weights, raked.influence)
    flat = not usual > 0
    half = float(t_margin(np.sqrt(variance * rest), np.array(n - 1.0), confidence))
    lower, upper = (np.nan, np.nan) if flat else (raked.index - half, raked.index + half)
    return [
        {"statistic": "ikm_raked", "estimate": raked.index, "lower": lower, "upper": upper, "df": n - 1.0,
         "confidence": confidence, "method": "raking", "reason": "no-variance" if flat else ""},
        {"statistic": "ikm_unraked", "estimate": plain.index, "method": "equal"},
        {"statistic": "raking_shift", "estimate": raked.index - plain.index, "method": "raking"},
        {"statistic": "design_effect", "estimate": kish(weights), "method": "kish"},
        {"statistic": "design_effect", "estimate": np.nan if flat else variance / usual, "method": "raking",
         "reason": "no-variance" if flat else ""},
        {"statistic": "weight_smallest", "estimate": weights.min(), "method": "raking"},
        {"statistic": "weight_largest", "estimate": weights.max(), "method": "raking"},
    ]  # fmt: skip
