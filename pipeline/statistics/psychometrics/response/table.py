"""What the items tell of respondents along the scale, and from where on they no longer separate them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from pipeline import results
from pipeline.statistics.data.small_cells import N_MIN
from pipeline.statistics.psychometrics.response.graded import Graded, expected, fit, information

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Respondents below whom, and items below which, no model is fitted.
LEAST, ITEMS = 200, 3
#: Answers of a category below which it is joined to the next one towards the middle.
FEW = 5
#: Respondents beyond whom every so manieth is taken: the parameters are known well before.
MOST = 50_000
#: Reliability, information / (information + 1), below which the items are said not to separate respondents.
RELIABLE = 0.70
#: Mean answers, as shares of the way from the lowest to the highest, at which information is told: 2, 2.5, 3, 3.5
#: and 3.8 of four.
AT = (1 / 3, 1 / 2, 2 / 3, 5 / 6, 14 / 15)
#: Traits that are looked at; beyond, there is hardly anybody.
TRAITS = np.linspace(-4.0, 4.0, 1601)
METHOD = "grm"
#: Why a fitted model has no border: reliability is enough nowhere; no trait belongs to a mean answer.
NOWHERE, TURNS = "nowhere-reliable", "answers-turn"


def table(
    answers: pd.DataFrame, *, scale: tuple[int, int] = (1, 4), confidence: float = 0.95, survey: str = ""
) -> pd.DataFrame:
    """Graded response model of all respondents together.

    Parameters
    ----------
    answers : DataFrame
        Item columns of the respondents of a city's index; missing answers are passed over.
    scale : (int, int)
    confidence : float
        Of the intervals of discriminations.
    survey : str

    Returns
    -------
    DataFrame
        Tidy rows, scope city, ``method`` grm.

        ======================= =====================================================================
        ``discrimination``      of each item, with interval
        ``step``                trait at which half would give the answer ``other`` or a higher one
        ``information``         of each item (``item``), and of all together (``item`` empty), where the mean
                                answer is ``other``; ``text`` the trait
        ``reliability_at``      the same of all together as reliability, I / (I + 1)
        ``separates_above``     mean answer above which reliability, I / (I + 1), is under .70; ``numerator``
                                of ``denominator`` respondents with complete answers lie beyond
        ``separates_below``     the same of the other end
        ``grm_log_likelihood``  of the model
        ``grm_joined``          answers of an item joined because fewer than five gave one (``text``)
        ======================= =====================================================================

        Refused, with the reason in ``separates_above``: fewer than 200 respondents, fewer than three items that
        vary, no convergence, a discrimination beyond 15. Of a fitted model there is no border where reliability
        stays under .70 throughout (``nowhere-reliable``), or where an item goes so far against the others that the
        mean answer falls with the trait (``answers-turn``).

    Notes
    -----
    The trait is standard normal over these respondents; units that differ make items look more
    discriminating than they are inside a unit (R20). Information: Samejima (1969); reliability at a point: Nicewander
    (2018), Educational and Psychological Measurement 78, 197-211.

    Examples
    --------
    >>> import pandas as pd
    >>> random = np.random.default_rng(1)
    >>> latent = random.normal(size=(600, 1)) * 2.5 + random.logistic(size=(600, 6)) + 2
    >>> x = pd.DataFrame(1 + (latent[..., None] > [-3, -1, 1]).sum(axis=2), columns=[f"U{j}" for j in range(1, 7)])
    >>> made = table(x)
    >>> bool(3.5 < made.loc[made.statistic == "separates_above", "estimate"].iloc[0] < 4)
    True
    """
    values = answers.to_numpy(dtype=float, na_value=np.nan)
    values = values[~np.isnan(values).all(axis=1)]
    n = len(values)
    items = [str(c) for c in answers.columns]
    base = {"survey": survey, "scope": "city", "method": METHOD, "n": n}
    coded = [_joined(column, scale) for column in values.T]
    kept = [j for j, (_, groups) in enumerate(coded) if len(groups) > 1]
    rows: list[dict[str, Any]] = [
        {"statistic": "grm_joined", "item": items[j], "text": note}
        for j, (_, groups) in enumerate(coded)
        if (note := ",".join("+".join(map(str, g)) for g in groups if len(g) > 1))
    ]
    reason = "no-data" if not n else "too-few" if n < LEAST else "few-items" if len(kept) < ITEMS else ""
    model = None
    if not reason:
        codes = np.stack([coded[j][0] for j in kept], axis=1)
        model = fit(codes[:: -(-n // MOST)], [len(coded[j][1]) for j in kept])
        reason = "" if model.converged else "not-estimable"
    if model is None or reason:
        return results.frame([base | {"statistic": "separates_above", "reason": reason}])
    names = [items[j] for j in kept]
    scores = [_scores(values[:, j], *coded[j]) for j in kept]
    rows += _parameters(model, names, [coded[j][1] for j in kept], confidence)
    rows += _along(model, names, scores, values[:, kept], scale)
    rows.append({"statistic": "grm_log_likelihood", "estimate": model.log_likelihood})
    return results.frame(base | row for row in rows)


def _joined(column: Array, scale: tuple[int, int]) -> tuple[Array, list[list[int]]]:
    """Categories 0, 1, ... of an item, and the answers of each: those that few gave are joined to the next.

    From the lowest answer up, answers are joined until five people gave them; what is left at the top joins the last.
    """
    groups: list[list[int]] = []
    open_: list[int] = []
    count = 0
    for answer in range(scale[0], scale[1] + 1):
        open_.append(answer)
        count += int((column == answer).sum())
        if count >= FEW:
            groups.append(open_)
            open_, count = [], 0
    if open_ and groups:
        groups[-1] = groups[-1] + open_
    codes = np.full(len(column), -1)
    for place, group in enumerate(groups):
        codes[np.isin(column, group)] = place
    return codes, groups


def _scores(column: Array, codes: Array, groups: list[list[int]]) -> Array:
    """Mean answer of each category: of joined answers, as they were given."""
    return np.array([column[codes == place].mean() for place in range(len(groups))])


def _parameters(
    model: Graded, names: Sequence[str], groups: Sequence[list[list[int]]], confidence: float
) -> list[dict[str, Any]]:
    reach = float(ndtri((1 + confidence) / 2))
    rows: list[dict[str, Any]] = []
    for j, (a, error) in enumerate(zip(model.discrimination, model.errors, strict=True)):
        rows.append({"statistic": "discrimination", "item": names[j], "estimate": a, "lower": a - reach * error,
                     "upper": a + reach * error, "confidence": confidence})  # fmt: skip
        rows += [
            {"statistic": "step", "item": names[j], "other": str(group[0]), "estimate": b}
            for group, b in zip(groups[j][1:], model.thresholds(j), strict=True)
        ]
    return rows


def _along(
    model: Graded, names: Sequence[str], scores: Sequence[Array], values: Array, scale: tuple[int, int]
) -> list[dict[str, Any]]:
    """Information along the scale of mean answers, and where it is too little."""
    pairs = list(zip(model.discrimination, model.intercepts, strict=True))
    each = np.stack([information(TRAITS, a, d) for a, d in pairs])
    total = each.sum(axis=0)
    mean = np.mean([expected(TRAITS, a, d, s) for (a, d), s in zip(pairs, scores, strict=True)], axis=0)
    rows: list[dict[str, Any]] = []
    for share in AT:
        answer = round(scale[0] + (scale[1] - scale[0]) * share, 2)
        # Items keyed the other way could turn the curve: then no trait belongs to a mean answer.
        if not (mean[0] <= answer <= mean[-1]) or (np.diff(mean) <= 0).any():
            continue
        trait = float(np.interp(answer, mean, TRAITS))
        told = {"statistic": "information", "other": f"{answer:g}", "text": f"{trait:.3f}"}
        rows += [told | {"item": name, "estimate": float(np.interp(trait, TRAITS, one))}
                 for name, one in zip(names, each, strict=True)]  # fmt: skip
        whole = float(np.interp(trait, TRAITS, total))
        rows += [
            told | {"estimate": whole},
            told | {"statistic": "reliability_at", "estimate": whole / (whole + 1)},
        ]
    return rows + _reach(total / (total + 1), mean, values)


def _reach(reliability: Array, mean: Array, values: Array) -> list[dict[str, Any]]:
    """Mean answers between which the items separate respondents, and how many lie beyond."""
    enough = np.flatnonzero(reliability >= RELIABLE)
    if not len(enough) or (np.diff(mean) <= 0).any():
        return [{"statistic": "separates_above", "reason": NOWHERE if not len(enough) else TURNS}]
    whole = values[~np.isnan(values).any(axis=1)].mean(axis=1)
    rows = []
    for name, at in (("separates_below", enough[0]), ("separates_above", enough[-1])):
        border = float(mean[at])
        beyond = int((whole < border).sum() if name == "separates_below" else (whole > border).sum())
        # One to four people are no number to tell.
        told = beyond if beyond == 0 or beyond >= N_MIN else None
        rows.append({"statistic": name, "estimate": border, "numerator": told, "denominator": len(whole)})
    return rows
