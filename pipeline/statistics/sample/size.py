"""Was the sample large enough: required sizes (R7), achieved margins, response, design effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import rules
from pipeline.rules.sample import krejcie_morgan, required
from pipeline.statistics.data.item_weights import item_lists
from pipeline.statistics.data.levels import UNKNOWN, aligned, groups, levels, with_items
from pipeline.statistics.data.rows import Blocks, choose
from pipeline.statistics.data.summary import summarise, t_margin
from pipeline.statistics.sample.finite_population import unseen

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray


def slovin_exact(population: int, error: str | Fraction = "0.05") -> Fraction:
    """Slovin's size N / (1 + N e^2), as a fraction."""
    if population < 1:
        raise ValueError(f"a population of {population} has no sample size")
    return population / (1 + population * Fraction(error) ** 2)


def slovin(population: int, error: str | Fraction = "0.05") -> int:
    """Required sample size by Slovin, rounded up; quoted because readers know it.

    Examples
    --------
    >>> slovin(10000)
    385
    """
    return -int(-slovin_exact(population, error) // 1)


def _whole(given: Mapping[str, Any] | None, ids: Sequence[str]) -> list[int | None]:
    import pandas as pd

    values = [(given or {}).get(unit) for unit in ids]
    return [None if v is None or pd.isna(v) or int(v) < 1 else int(v) for v in values]


def table(
    by: Any,
    *,
    population: Mapping[str, int] | None = None,
    answers: pd.DataFrame | None = None,
    invited: Mapping[str, int] | None = None,
    weights: Any = None,
    listed: Sequence[str] | None = None,
    items: Mapping[str, Mapping[str, Fraction]] | None = None,
    rule: str | rules.Rule = "14/2017",
    scale: Sequence[int] = (1, 4),
    survey: str = "",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Required and achieved samples of every unit.

    Parameters
    ----------
    by : array-like
        Unit of each used row.
    population : mapping of unit id to number of service users, optional
    answers : DataFrame, optional
        Item columns; then only rows with an answer count as valid, and the achieved margin of the
        index is given.
    invited : mapping of unit id to number asked, optional
        For ``response_rate``.
    weights : array-like, optional
        Row weights, for ``design_effect``.
    listed, items, rule, scale, survey, confidence
        As in `index.table`.

    Returns
    -------
    DataFrame
        ``n_valid``, ``population``, ``required_krejcie_morgan``, ``required_slovin``, ``required``
        (text ``met`` or ``not-met``), ``shortfall`` (shown, never filled: R7), ``coverage``,
        ``achieved_margin`` (index points, by Student's t; method ``fpc`` where the population is known,
        else, and where more answered than it has, ``no-fpc``), ``achieved_margin_share`` (worst case of a share),
        ``response_rate``, ``design_effect``. Scope ``city``: ``n_valid``, ``required_total`` and ``units`` by whether
        the required size is ``met``, ``not-met`` or ``not-known`` (in ``text``).

    Examples
    --------
    >>> rows = table(["a"] * 140, population={"a": 220})
    >>> rows.loc[rows.statistic == "required", "text"].tolist()
    ['met']
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    usual = rules.load(rules.DEFAULT)  # the table of 14/2017 stands beside whatever this rule asks for
    total = len(by)
    units = groups(by if answers is None else aligned(answers, by), total, listed)
    size = len(units)
    order = np.arange(size)
    names = {"unit": np.array(units.ids, dtype=object)}
    blocks = Blocks(survey, confidence)
    rows = np.bincount(units.codes, minlength=size + 1)[:size]
    summary = None
    if answers is not None:
        lv = levels(with_items(answers, items), scale)
        lists = item_lists(units.ids, lv.items, items, law)
        summary = summarise(lv, units, lists, rules.factor((lv.low, lv.high)), complete_rows=False)
    valid = rows if summary is None else summary.valid
    people = _whole(population, units.ids)
    N = np.array([np.nan if p is None else float(p) for p in people])
    unknown, smaller = np.isnan(N), valid > N
    no_population = choose([(unknown, "no-population")], size)

    blocks.add("unit", "n_valid", order, estimate=valid.astype(float), n=rows, **names)
    blocks.add("unit", "population", order, estimate=N, n=valid, reason=no_population, **names)
    blocks.add(
        "unit", "required_krejcie_morgan", order, n=valid, reason=no_population,
        estimate=_each(people, lambda p: krejcie_morgan(p, usual)), method="krejcie-morgan", **names,
    )  # fmt: skip
    blocks.add(
        "unit", "required_slovin", order, n=valid, reason=no_population,
        estimate=_each(people, lambda p: slovin(p)), method="slovin-5%", **names,
    )  # fmt: skip
    need = np.array([np.nan if (r := required(p, law)) is None else float(r) for p in people])
    lacking = np.isnan(need)
    met = np.where(lacking, "", np.where(valid >= need, "met", "not-met")).astype(object)
    needed = {"n": valid, "method": law.sample.method, "reason": choose([(lacking, "no-population")], size)}
    blocks.add("unit", "required", order, estimate=need, text=met, **needed, **names)
    blocks.add("unit", "shortfall", order, estimate=np.maximum(need - valid, 0), text=met, **needed, **names)
    with np.errstate(invalid="ignore", divide="ignore"):
        blocks.add(
            "unit", "coverage", order, estimate=np.where(smaller, np.nan, valid / N), n=valid,
            numerator=valid, denominator=list(people),
            reason=choose([(unknown, "no-population"), (smaller, "population-smaller")], size), **names,
        )  # fmt: skip
    _margins(blocks, valid, N, summary, names)
    asked = _whole(invited, units.ids)
    A = np.array([np.nan if a is None else float(a) for a in asked])
    if invited:
        with np.errstate(invalid="ignore", divide="ignore"):
            blocks.add(
                "unit", "response_rate", order, estimate=valid / A, n=valid, numerator=valid, denominator=asked,
                reason=choose([(np.isnan(A), "not-asked")], size), **names,
            )  # fmt: skip
    if weights is not None:
        _design_effect(blocks, units.codes, size, np.asarray(weights, dtype=float), valid, names)
    _city(blocks, units.ids, valid, rows, need, met)
    return blocks.frame()


def _each(people: list[int | None], size: Any) -> Array:
    # Many units share a population; the exact formula is computed once a value.
    known = {p: float(size(p)) for p in set(people) if p is not None}
    return np.array([np.nan if p is None else known[p] for p in people])


def _margins(blocks: Blocks, valid: Array, N: Array, summary: Any, names: dict[str, Array]) -> None:
    order, n = np.arange(len(valid)), valid.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = np.sqrt(unseen(n, N))
        worst = t_margin(np.sqrt(0.25 / n), np.where(n > 1, np.inf, 0), blocks.confidence) * rest
    smaller, census = n > N, n == N
    method = np.where(rest < 1, "fpc", "no-fpc").astype(object)
    base = [(n == 0, "no-data"), (smaller, "population-smaller"), (census, "census")]
    common = {"n": valid, "confidence": blocks.confidence, "method": method, **names}
    worst = np.where(census & (n > 0), 0.0, np.where(n == 0, np.nan, worst))
    reason = choose([*base, (n < 2, "too-few")], len(n))
    blocks.add("unit", "achieved_margin_share", order, estimate=worst, reason=reason, **common)
    if summary is None:
        return
    s = summary.scores
    margin = t_margin(s.standard_error, s.n - 1, blocks.confidence) * rest
    margin = np.where(census & (n > 0), 0.0, np.where(s.variance > 0, margin, np.nan))
    absent = np.isnan(s.mean)
    margin = np.where(absent, np.nan, margin)
    reason = choose(
        [
            base[0],
            (absent, "item-unanswered"),
            *base[1:],
            (n < 2, "too-few"),
            (s.variance == 0, "no-variance"),
        ],
        len(n),
    )
    blocks.add(
        "unit",
        "achieved_margin",
        order,
        estimate=margin,
        df=np.where(n > 1, n - 1, np.nan),
        reason=reason,
        **common,
    )


def _design_effect(
    blocks: Blocks, codes: Array, size: int, w: Array, valid: Array, names: dict[str, Array]
) -> None:
    use = np.where(np.isnan(w), 0, w)
    count = np.bincount(codes[use > 0], minlength=size + 1)[:size]
    first = np.bincount(codes, weights=use, minlength=size + 1)[:size]
    second = np.bincount(codes, weights=use**2, minlength=size + 1)[:size]
    with np.errstate(invalid="ignore", divide="ignore"):
        deff = count * second / first**2
    blocks.add(
        "unit", "design_effect", np.arange(size), estimate=deff, n=count, method="kish",
        reason=choose([(count == 0, "not-asked")], size), **names,
    )  # fmt: skip


def _city(blocks: Blocks, ids: Sequence[str], valid: Array, rows: Array, need: Array, met: Array) -> None:
    zero, known = np.array([0]), np.array([u != UNKNOWN for u in ids], dtype=bool)
    blocks.add("city", "n_valid", zero, estimate=float(valid.sum()), n=int(rows.sum()))
    blocks.add(
        "city", "required_total", zero, estimate=float(np.nansum(need[known])), n=int(valid[known].sum())
    )
    for word in ("met", "not-met", ""):
        count = int((known & (met == word)).sum())
        blocks.add("city", "units", zero, estimate=float(count), text=word or "not-known", n=int(known.sum()))
