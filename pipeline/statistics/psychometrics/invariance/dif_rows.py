"""Rows of the invariance table on items that units use differently, and what that does to the ranking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from pipeline import results
from pipeline.rules import TESTED_FROM
from pipeline.statistics.compare.rank_sets import rank_sets, simultaneous
from pipeline.statistics.data.eligibility import peers
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.multiplicity import benjamini_hochberg
from pipeline.statistics.data.rows import Sheet, choose
from pipeline.statistics.data.scores import Scores, scores
from pipeline.statistics.psychometrics.invariance.dif import Differential, differential, flagged

if TYPE_CHECKING:
    import pandas as pd

#: Units compared at once; a larger set is left to the types within it.
MOST_UNITS = 200


def dif_rows(
    data: Grouped,
    types: Mapping[str, str] | None,
    leave_out: Collection[str],
    survey: str,
    scale: tuple[int, int],
) -> pd.DataFrame:
    """Test the items over the units of the city and of each type.

    Returns
    -------
    DataFrame
        Tidy rows, ``group`` the type ("" the city). Units left out (fewer than 30 complete rows, all
        answers the same) have a row of ``dif_r2`` with the reason.

        =================================== ====================================================================
        ``dif_r2``                          per item: gain in Nagelkerke's R2 by the units (``nagelkerke``), and
                                            less what chance gives (``nagelkerke-adjusted``); p of both effects,
                                            p_adjusted over the items (Benjamini-Hochberg); ``text`` of the
                                            adjusted one is the verdict: ``uniform`` or ``non-uniform`` where
                                            p_adjusted < 0.05 and the gain is at least 0.035
        ``dif_uniform``, ``dif_nonuniform`` per item: likelihood ratio, df, p, p_adjusted
        ``dif_level``                       unit, per flagged item: its shift in logits against the mean of the
                                            units
        ``rank_tau``                        Kendall's tau-b of the ranking with and without the flagged items;
                                            ``text`` ``unchanged`` or ``changed``
        ``rank_shift_largest``              places the most moved unit moves; ``numerator`` counts units that
                                            leave their 95 % joint rank range, of ``denominator`` units
        ``rank_shift_without_dif``          unit: places it rises (+) or falls without those items
        =================================== ====================================================================
    """
    parts = []
    here = data.shared() if data.rows else data
    complete = np.ones(here.rows, dtype=bool) if here.seen is None else np.asarray(here.seen.all(axis=0))
    size = here.sums(complete)
    known = np.array([unit not in leave_out for unit in here.units], dtype=bool)
    why = choose([(size < TESTED_FROM, "too-few"), (~_differing(here), "no-variance")], len(here.units))
    taking = known & (why == "")
    sheet = Sheet(survey, "unit", here.units)
    sheet.add(
        "dif_r2",
        np.full(len(why), np.nan),
        n=size,
        method="nagelkerke",
        where=known & (why != ""),
        reason=why,
    )
    parts.append(sheet.frame())
    for name, members in peers(here.units, types):
        if not members.any():
            continue
        parts.append(_of(here, members & taking, name, survey, scale))
    return results.concat(parts)


def _of(data: Grouped, use: Array, name: str, survey: str, scale: tuple[int, int]) -> pd.DataFrame:
    common = {"survey": survey, "scope": "type" if name else "city", "group": name}
    units = int(use.sum())
    if units < 2 or units > MOST_UNITS or len(data.items) < 3:
        why = "few-units" if units < 2 else "on-request" if units > MOST_UNITS else "few-items"
        return results.frame([common | {"statistic": "dif_r2", "method": "nagelkerke", "reason": why}])
    chosen = _select(data, use)
    found = differential(chosen)
    p_adjusted, flag = flagged(found)
    uniform = benjamini_hochberg(np.array([d.uniform[2] for d in found]))
    other = benjamini_hochberg(np.array([d.non_uniform[2] for d in found]))
    rows: list[dict[str, Any]] = []
    for j, (item, d) in enumerate(zip(chosen.items, found)):
        row = common | {"item": item, "n": int(d.n), "reason": d.reason}
        both = {"df": d.both[1], "p": d.both[2], "p_adjusted": p_adjusted[j]}
        kind = ("non-uniform" if other[j] < 0.05 else "uniform") if flag[j] else ""
        rows.append(row | both | {"statistic": "dif_r2", "method": "nagelkerke", "estimate": d.r2})
        rows.append(row | both | {"statistic": "dif_r2", "method": "nagelkerke-adjusted",
                                  "estimate": d.r2_adjusted, "text": kind})  # fmt: skip
        for statistic, (value, df, p), adjusted in (
            ("dif_uniform", d.uniform, uniform[j]), ("dif_nonuniform", d.non_uniform, other[j])
        ):  # fmt: skip
            rows.append(row | {"statistic": statistic, "estimate": value, "df": df, "p": p,
                               "p_adjusted": adjusted, "method": "likelihood-ratio"})  # fmt: skip
        if flag[j]:
            rows += [{"survey": survey, "scope": "unit", "unit": unit, "group": name, "item": item,
                      "statistic": "dif_level", "estimate": level, "n": n, "method": "logit"}
                     for unit, level, n in zip(chosen.units, d.level, _sizes(chosen))]  # fmt: skip
    rows += _ranking(chosen, found, flag, common, survey, scale)
    return results.frame(rows)


def _ranking(
    data: Grouped, found: list[Differential], flag: Array, common: dict[str, Any], survey: str,
    scale: tuple[int, int],
) -> list[dict[str, Any]]:  # fmt: skip
    """Whether the order of the units is another one without the flagged items."""
    n, units = int(found[0].n), len(data.units)
    named = ",".join(item for item, out in zip(data.items, flag) if out)
    row = common | {"n": n, "method": "without-dif", "item": named, "denominator": units}
    if (~flag).sum() < 2:
        return [row | {"statistic": "rank_tau", "reason": "few-items"}]
    every = _means(data, np.ones(len(flag), dtype=bool), scale)
    fewer = _means(data, ~flag, scale)
    before, after = (stats.rankdata(-np.round(s.mean, 10), method="min") for s in (every, fewer))
    low, high = rank_sets(*simultaneous(every))
    beyond = int(((after < low) | (after > high)).sum())
    shift = before - after
    tau = float(stats.kendalltau(every.mean, fewer.mean).statistic)
    same = bool((shift == 0).all())
    rows = [
        row | {"statistic": "rank_tau", "estimate": tau, "text": "unchanged" if same else "changed",
               "reason": "" if np.isfinite(tau) else "no-variance"},
        row | {"statistic": "rank_shift_largest", "estimate": float(np.abs(shift).max()), "numerator": beyond},
    ]  # fmt: skip
    if not same:
        rows += [{"survey": survey, "scope": "unit", "unit": unit, "group": common["group"], "item": named,
                  "statistic": "rank_shift_without_dif", "estimate": moved, "n": rows_of,
                  "numerator": int(first), "denominator": units, "method": "without-dif"}
                 for unit, moved, first, rows_of in zip(data.units, shift, after, _sizes(data))]  # fmt: skip
    return rows


def _means(data: Grouped, keep: Array, scale: tuple[int, int]) -> Scores:
    """Scores of some items on the rows that answered them all."""
    seen = None if data.seen is None else data.seen[keep]
    items = tuple(item for item, kept in zip(data.items, keep) if kept)
    return scores(replace(data, items=items, values=data.values[keep], seen=seen), scale[1])


def _sizes(data: Grouped) -> Array:
    return data.sizes if data.seen is None else data.sums(np.asarray(data.seen.all(axis=0))).astype(int)


def _differing(data: Grouped) -> Array:
    """Units in which not everybody gave the same answers: the others say nothing about single items."""
    out = np.zeros(len(data.units), dtype=bool)
    for value in data.values if len(data.units) else ():
        out |= np.maximum.reduceat(value, data.starts) > np.minimum.reduceat(value, data.starts)
    return out


def _select(data: Grouped, use: Array) -> Grouped:
    """Only the rows of some units."""
    rows = np.repeat(use, data.sizes)
    sizes = data.sizes[use]
    return Grouped(
        units=tuple(unit for unit, kept in zip(data.units, use) if kept),
        items=data.items,
        values=data.values[:, rows],
        seen=None if data.seen is None else data.seen[:, rows],
        starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp),
        sizes=sizes,
    )
