"""Are some groups of citizens served less well: gaps by sex, age, education, disability, occupation.

A group is held against the rest of the same unit or city. Groups below 30 respondents appear in no
difference, neither alone nor in a rest: with the unit's own mean they could be solved for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from pipeline import results
from pipeline.rules import TESTED_FROM
from pipeline.statistics.compare import omnibus
from pipeline.statistics.compare import two_samples as changes
from pipeline.statistics.compare.heterogeneity import heterogeneity
from pipeline.statistics.data.covariance import ratio
from pipeline.statistics.data.grouped import Array, group
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.rows import Sheet
from pipeline.statistics.data.scores import Scores
from pipeline.statistics.data.summary import t_margin

if TYPE_CHECKING:
    import pandas as pd

#: Attributes looked at when the caller names none.
ATTRIBUTES = ("sex", "age_band", "education", "disability", "occupation")
REST = "rest"
#: R14's four words of a difference, for groups as for units; and whether gaps vary between units.
ABOVE, BELOW, EQUIVALENT, UNDECIDED, VARIES = "above", "below", "equivalent", "undecided", "varies"


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    attributes: pd.DataFrame,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
    margin: float = changes.MARGIN,
    smallest: int = TESTED_FROM,
    confidence: float = 0.95,
    survey: str = "",
) -> pd.DataFrame:
    """Gaps between groups of respondents, in the city and in each unit.

    Parameters
    ----------
    answers, by, items, scale, confidence, survey
        As in `ranking.table`; answers are items.
    attributes : DataFrame
        One column an attribute, rows as in `answers`; missing values take no part.
    leave_out : units, or mapping of unit to reason
        Units without rows of their own; their respondents do not count for the city either.
    margin : float
        Index points within which a gap counts as none.
    smallest : int
        Respondents a group needs.

    Returns
    -------
    DataFrame
        Tidy rows of scope city and unit; ``item`` is the attribute, ``group`` the category,
        ``other`` "rest": the other groups that are large enough. Of two groups only the first in the
        alphabet is shown.

        ================= =============================================================================
        ``gap``           mean less the mean of the rest, Welch's interval freed of skewness, p, Holm over all
                          groups of all attributes that the unit (or the city) tests; ``text``: ``above``, ``below``
                          (p_adjusted below 5 %), else ``equivalent`` (``tost``), else ``undecided``
        ``tost``          the gap with the 90 % interval and p of the two one-sided tests, Holm over the
                          same groups; ``numerator`` / ``denominator`` the margin
        ``gap_adjusted``  city: the same gap within units (units as fixed effects): what is left when
                          groups that use other units are held against their own unit's rest
        ``top_box_ratio`` share of highest answers over that of the rest, interval on the log scale
        ``interaction``   city: standard deviation between units of their gaps beyond chance; p of Cochran's
                          Q, Holm over all groups; ``text``: ``varies`` or ``undecided``; numerator of
                          denominator units have both sides large enough
        ``epsilon2``      effect size over all groups large enough, p of Kruskal-Wallis
        ================= =============================================================================

    Notes
    -----
    Checked against R on a simulated city of 13,579 respondents (difference, interval, epsilon2).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"U1": [4, 4, 3, 3] * 40, "U2": [4, 3, 2, 3] * 40})
    >>> who = pd.DataFrame({"sex": ["female", "female", "male", "male"] * 40})
    >>> t = table(answers, ["a"] * 160, attributes=who)
    >>> results.pick(t, scope="city", statistic="gap")[["group", "estimate", "text"]].values.tolist()
    [['female', 25.0, 'above']]
    """
    laid = _laid_out(answers, by, leave_out, items, scale)
    asked: dict[str, _Cells] = {}
    for name in attributes.columns:
        codes, categories = _codes(attributes[name], laid.order)
        if len(categories):
            asked[str(name)] = _Cells(laid, codes, categories, smallest)
    # Of two groups the second gap is the first with the sign turned: one test.
    gaps = [
        _Gap(name, cells, c, *cells.pair("score", c))
        for name, cells in asked.items()
        for c in range(1 if len(cells.categories) == 2 else len(cells.categories))
    ]
    parts = _gaps(gaps, margin, confidence, survey)
    for name in map(str, attributes.columns):
        parts.append(_overall(asked[name], name, survey) if name in asked else _not_asked(name, survey))
    return results.concat(parts)


class _Rows:
    """Rows that count: unit, score and share of highest answers, with "" for the whole city."""

    def __init__(self, unit: Array, units: Sequence[str], score: Array, top: Array, order: Array) -> None:
        self.unit, self.units, self.score, self.top, self.order = unit, units, score, top, order


def _laid_out(
    answers: pd.DataFrame, by: Any, leave_out: Any, items: Sequence[str] | None, scale: tuple[int, int]
) -> _Rows:
    grouped = group(answers, by, items).shared()
    k = max(len(grouped.items), 1)
    whole = np.ones(grouped.rows, dtype=bool) if grouped.seen is None else grouped.seen.all(axis=0)
    taking = np.array([unit not in leave_out for unit in grouped.units], dtype=bool)
    keep = whole & taking[grouped.unit_of_row] if grouped.rows else whole
    total, top = np.zeros(grouped.rows), np.zeros(grouped.rows)
    for j in range(len(grouped.items)):
        total += grouped.column(j)
        top += grouped.values[j] == scale[1]
    order = np.arange(grouped.rows) if grouped.order is None else grouped.order
    new = np.cumsum(taking) - 1
    units = [unit for unit, kept in zip(grouped.units, taking, strict=True) if kept]
    place = new[grouped.unit_of_row[keep]] if grouped.rows else np.zeros(0, dtype=int)
    return _Rows(place, units, total[keep] * (100 / scale[1] / k), top[keep] / k, order[keep])


def _codes(column: pd.Series, order: Array) -> tuple[Array, list[str]]:
    """Category of each row that counts, -1 where it is missing."""
    import pandas as pd

    values = column.astype(object).where(column.notna(), None)
    codes, names = pd.factorize(values.to_numpy()[order], sort=True)
    return np.asarray(codes), [str(name) for name in names]


class _Cells:
    """Scores by category and unit (the city first), with small groups taken out."""

    def __init__(self, rows: _Rows, codes: Array, categories: Sequence[str], smallest: int) -> None:
        self.units = ["", *rows.units]
        self.categories = list(categories)
        known = codes >= 0
        self.score = self._tensor(rows.score[known], rows.unit[known], codes[known])
        self.top = self._tensor(rows.top[known], rows.unit[known], codes[known])
        self.n = self.score[1].sum(axis=2)
        self.enough = self.n >= smallest

    def _tensor(self, value: Array, unit: Array, code: Array) -> tuple[Array, Array]:
        distinct, place = np.unique(value, return_inverse=True)
        shape = (len(self.categories), len(self.units) - 1, len(distinct))
        flat = (
            np.ravel_multi_index((code, unit, place.ravel()), shape) if len(value) else np.zeros(0, dtype=int)
        )
        counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape).astype(float)
        return distinct, np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)

    def pair(self, which: str, category: int) -> tuple[Scores, Scores]:
        """Scores of a category and of the rest; nobody where either is too small."""
        values, counts = getattr(self, which)
        kept = counts * self.enough[:, :, None]
        own = kept[category]
        rest = kept.sum(axis=0) - own
        usable = (self.enough[category] & (rest.sum(axis=1) > 0))[:, None]
        names = tuple(self.units)
        return Scores(names, values, own * usable), Scores(names, values, rest * usable)


class _Gap:
    """One group against the rest: a row of every statistic."""

    def __init__(self, name: str, cells: _Cells, category: int, own: Scores, rest: Scores) -> None:
        self.cells, self.category, self.own, self.rest = cells, category, own, rest
        self.change = changes.skewness_adjusted_welch(own, rest)
        several = (cells.enough.sum(axis=0) >= 2) & cells.enough[category]
        self.base: dict[str, Any] = {
            "item": name, "other": REST, "group": cells.categories[category],
            "reason": np.where(several, "no-variance", "too-few"), "n": np.where(several, own.n, np.nan),
        }  # fmt: skip


def _gaps(gaps: Sequence[_Gap], margin: float, confidence: float, survey: str) -> list[pd.DataFrame]:
    """Rows of every group; one family of tests holds every group of every attribute."""
    if not gaps:
        return []
    p = _by_unit(np.array([g.change.p for g in gaps]))
    same = _by_unit(np.array([g.change.equivalence(margin) for g in gaps]))
    spreads = [heterogeneity(g.change.difference[1:], g.change.error[1:]) for g in gaps]
    varied = holm(np.array([s.p if s.estimates >= 2 else np.nan for s in spreads]))
    parts = []
    for place, g in enumerate(gaps):
        parts.append(_sheets(g, survey, p[place], same[place], margin, confidence))
        parts.append(_ratio(g.cells, g.category, survey, g.base, confidence))
        parts.append(_within(g.own, g.rest, survey, g.base, confidence))
        parts.append(_interaction(g, spreads[place], varied[place], 1 - confidence, survey))
    return parts


def _interaction(g: _Gap, found: Any, adjusted: float, level: float, survey: str) -> pd.DataFrame:
    """Whether the gap differs from unit to unit, over the units where both sides are large enough."""
    known = found.estimates >= 2
    word = VARIES if adjusted < level else UNDECIDED
    return results.frame([{
        "survey": survey, "scope": "city", "statistic": "interaction", "item": g.base["item"],
        "group": g.base["group"], "other": REST, "estimate": float(np.sqrt(found.tau2)) if known else np.nan,
        "df": found.df, "p": found.p if known else np.nan, "p_adjusted": adjusted, "text": word if known else "",
        "numerator": found.estimates, "denominator": len(g.change.error) - 1, "method": "cochran-q, holm",
        "reason": "" if known else "few-units",
    }])  # fmt: skip


def _by_unit(p: Array) -> Array:
    """Holm over the groups that each unit tests."""
    return holm(p.T).T


def verdicts(difference: Array, p: Array, p_equivalent: Array, level: float = 0.05) -> Array:
    """Word of each difference: shown first, else shown equivalent, else undecided (R14).

    A difference that the test shows is never called equivalent, however small.

    Examples
    --------
    >>> verdicts(np.array([4.0, -1, 0.2, 1]), np.array([0.01, 0.01, 0.8, 0.3]),
    ...          np.array([0.9, 0.01, 0.01, 0.2])).tolist()
    ['above', 'below', 'equivalent', 'undecided']
    """
    with np.errstate(invalid="ignore"):
        shown, same = p < level, p_equivalent < level
    word = np.where(shown, np.where(difference > 0, ABOVE, BELOW), np.where(same, EQUIVALENT, UNDECIDED))
    return word.astype(object)


def _sheets(
    g: _Gap, survey: str, p: Array, same: Array, margin: float, confidence: float
) -> pd.DataFrame:  # fmt: skip
    gap = g.change
    word = verdicts(gap.difference, p, same, 1 - confidence)
    word = np.where(np.isfinite(gap.error), word, "")
    difference = np.where(np.isfinite(gap.error), gap.difference, np.nan)
    lower, upper = gap.interval(confidence)
    rows = {"df": gap.df, **g.base}

    def add(sheet: Sheet) -> None:
        sheet.add("gap", difference, lower=lower, upper=upper, confidence=confidence, p=gap.p, p_adjusted=p,
                  method="holm", text=word, **rows)  # fmt: skip
        low, high = gap.interval(2 * confidence - 1)
        sheet.add("tost", difference, lower=low, upper=high, confidence=2 * confidence - 1,
                  p=gap.equivalence(margin), p_adjusted=same, numerator=round(margin * 1000), denominator=1000,
                  method="holm", **rows)  # fmt: skip

    return _two_scopes(g.cells.units, survey, add)


def _two_scopes(units: Sequence[str], survey: str, add: Any) -> pd.DataFrame:
    """Let the first row be the city's."""
    sheet = Sheet(survey, "unit", units)
    add(sheet)
    made = sheet.frame()
    made.loc[made["unit"] == "", "scope"] = "city"
    return made


def _ratio(cells: _Cells, c: int, survey: str, base: Mapping[str, Any], confidence: float) -> pd.DataFrame:
    """Ratio of the shares of highest answers, each respondent one share."""
    own, rest = cells.pair("top", c)
    value = ratio(own.mean, rest.mean)
    error = np.sqrt(ratio(own.variance, own.n * own.mean**2) + ratio(rest.variance, rest.n * rest.mean**2))
    reach = special.ndtri((1 + confidence) / 2) * error
    value = np.where(value > 0, value, np.nan)
    return _two_scopes(cells.units, survey, lambda sheet: sheet.add(
        "top_box_ratio", value, lower=value * np.exp(-reach), upper=value * np.exp(reach),
        confidence=confidence, method="log", **base,
    ))  # fmt: skip


def _within(
    own: Scores, rest: Scores, survey: str, base: Mapping[str, Any], confidence: float
) -> pd.DataFrame:
    """The city's gap with units held constant: ordinary least squares with a constant per unit."""
    n1, n0 = own.n[1:], rest.n[1:]
    both = (n1 > 0) & (n0 > 0)
    weight = ratio(n1 * n0, n1 + n0)[both]
    d = (own.mean - rest.mean)[1:][both]
    inside = float((own.squares + rest.squares)[1:][both].sum())
    value = error = df = np.nan
    free = float((n1 + n0)[both].sum()) - both.sum() - 1
    if both.sum() and free > 0:
        value = float(weight @ d / weight.sum())
        error = float(np.sqrt((inside + weight @ (d - value) ** 2) / free / weight.sum()))
        df = free
    reach = float(t_margin(np.array(error), np.array(df), confidence)) if error > 0 else np.nan
    known = np.isfinite(reach)
    return results.frame([{
        "survey": survey, "scope": "city", "statistic": "gap_adjusted", "item": base["item"],
        "group": base["group"], "other": REST, "estimate": value if known else np.nan, "lower": value - reach,
        "upper": value + reach, "confidence": confidence, "df": df, "n": float(n1[both].sum()) if known else None,
        "p": 2 * special.stdtr(df, -abs(value / error)) if known else np.nan, "numerator": int(both.sum()),
        "method": "within-units", "reason": "" if known else "too-few",
    }])  # fmt: skip


def _overall(cells: _Cells, name: str, survey: str) -> pd.DataFrame:
    """Effect size over all groups of a unit that are large enough."""
    values, counts = cells.score
    rows = []
    for u, unit in enumerate(cells.units):
        data = Scores(tuple(cells.categories), values, counts[:, u] * cells.enough[:, u, None])
        data = data.select(data.n > 0)
        n, several = float(data.n.sum()), len(data.n) >= 2
        test = omnibus.kruskal(data) if several else None
        known = test is not None and np.isfinite(test.value)
        rows.append({
            "survey": survey, "scope": "unit" if u else "city", "unit": unit, "item": name,
            "statistic": "epsilon2", "estimate": omnibus.epsilon2(test.value, n) if test and known else np.nan,
            "df": test.df1 if test else np.nan, "p": test.p if test else np.nan, "n": n if several else None,
            "method": "kruskal-wallis", "reason": "" if known else "no-variance" if several else "too-few",
        })  # fmt: skip
    return results.frame(rows)


def _not_asked(name: str, survey: str) -> pd.DataFrame:
    return results.frame([{
        "survey": survey, "scope": "city", "item": name, "statistic": "gap", "other": REST, "reason": "not-asked",
    }])  # fmt: skip
