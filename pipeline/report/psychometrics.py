"""The psychometric chapter: every item in one table, how the one-factor models fit, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.overview_data import NOTHING, CityReport, item_order, say

if TYPE_CHECKING:
    import pandas as pd

#: Models in the order they are shown, with the method whose SRMR belongs to each.
SHOWN = (("ml", "ml"), ("mlr", ""), ("wlsmv-scaled", "wlsmv"), ("wlsmv-robust", ""))


def psychometrics(city: CityReport) -> Any:
    """Return what a reviewer asks of the scale: items, dimensions, fit, and every refusal.

    Parameters
    ----------
    city : CityReport
        The survey as the overview reads it.
    """
    w = city.words
    factors = results.pick(city.table("factors"), scope="city")
    if not len(factors):
        return blocks.group(say(w, "psychometrics.none"))
    items = _items(city, factors)
    shown: list[Any] = [_lead(city, factors), say(w, "psychometrics.law", style="note")]
    if items is not None:
        shown.append(items)
    shown += [_dimensions(city), _fit(city, factors), _refusals(city, factors)]
    return blocks.group(*(block for block in shown if block is not None))


def _value(table: pd.DataFrame, **where: str) -> Any:
    """Return the first row that matches, or None."""
    return next(results.pick(table, **where).itertuples(), None)


def _number(city: CityReport, row: Any, digits: int = 2) -> str:
    known = row is not None and row.estimate == row.estimate
    return city.words.number(row.estimate, digits) if known else NOTHING


def _lead(city: CityReport, factors: pd.DataFrame) -> Any:
    w = city.words
    row = _value(factors, statistic="chisq", method="ml")
    cfi, rmsea = (_value(factors, statistic=name, method="wlsmv-scaled") for name in ("cfi", "rmsea"))
    if cfi is not None and rmsea is not None and cfi.estimate == cfi.estimate:
        # Scaled indices alone would flatter an ordinal model: the robust ones stand beside them.
        strict = [_value(factors, statistic=name, method="wlsmv-robust") for name in ("cfi", "rmsea")]
        return say(w, "psychometrics.lead", n=w.integer(cfi.n), cfi=_number(city, cfi, 3),
                   rmsea=_number(city, rmsea, 3), interval=w.interval(rmsea.lower, rmsea.upper, 3),
                   robust_cfi=_number(city, strict[0], 3), robust_rmsea=_number(city, strict[1], 3))  # fmt: skip
    cfi, rmsea = (_value(factors, statistic=name, method="mlr") for name in ("cfi", "rmsea"))
    if cfi is not None and rmsea is not None and cfi.estimate == cfi.estimate:
        return say(w, "psychometrics.lead_ml", n=w.integer(cfi.n), cfi=_number(city, cfi, 3),
                   rmsea=_number(city, rmsea, 3))  # fmt: skip
    why = row.reason if row is not None and row.reason else "not-estimable"
    return say(w, "psychometrics.refused", why=w.label("reason", why))


def _items(city: CityReport, factors: pd.DataFrame) -> Any:
    w = city.words
    index, reliability, validity = (
        results.pick(city.table(name), scope="city", group="")
        for name in ("index", "reliability", "validity")
    )
    names = sorted(set(results.pick(validity, statistic="item_rest")["item"]) - {""}, key=item_order)
    if not names:
        return None
    levels = sorted(
        {name for name in index["statistic"] if str(name).startswith("share_")}, key=lambda s: int(s[6:])
    )
    cells = []
    for item in names:
        mean = _value(index, statistic="nrr", item=item, method="pooled") or _value(
            index, statistic="nrr", item=item
        )
        shares = [_value(index, statistic=level, item=item) for level in levels]
        cells.append([
            f"{city.code(item)} {city.item_name(item)}", _number(city, mean),
            _number(city, _value(index, statistic="sd", item=item)),
            " · ".join(w.integer(round(100 * s.estimate)) if s and s.estimate == s.estimate else NOTHING
                       for s in shares) or NOTHING,
            _number(city, _value(validity, statistic="item_rest", item=item)),
            _number(city, _value(reliability, statistic="alpha_if_dropped", item=item)),
            _number(city, _value(validity, statistic="kmo_item", item=item)),
            _number(city, _value(factors, statistic="loading", method="ml", item=item)),
            _number(city, _value(factors, statistic="loading", method="wlsmv", item=item)),
        ])  # fmt: skip
    headings = ("mean", "sd", "shares", "rest", "dropped", "msa", "loading_ml", "loading_wlsmv")
    return blocks.table(
        columns=[
            blocks.column("unsur", w("overview.col_unsur"), width="3fr"),
            *(blocks.column(name, w(f"psychometrics.col.{name}"), numeric=True) for name in headings),
        ],
        rows=cells, caption=w("psychometrics.items_caption"), key="psychometric-items", compact=True,
        note=w("psychometrics.items_note", most=levels[-1][6:] if levels else "4"),
    )  # fmt: skip


def _dimensions(city: CityReport) -> Any:
    w, table = city.words, results.pick(city.table("validity"), scope="city")
    pearson, ordinal = (
        _value(table, statistic="factors_parallel", method=method) for method in ("pearson", "polychoric")
    )
    if pearson is None or pearson.estimate != pearson.estimate:
        return None
    if ordinal is None or ordinal.estimate != ordinal.estimate:
        return say(w, "psychometrics.parallel_pearson", pearson=w.integer(pearson.estimate))
    return say(w, "psychometrics.parallel", pearson=w.integer(pearson.estimate),
               ordinal=w.integer(ordinal.estimate))  # fmt: skip


def _fit(city: CityReport, factors: pd.DataFrame) -> Any:
    w = city.words
    cells = []
    for method, residual in SHOWN:
        rows = {
            name: _value(factors, statistic=name, method=method) for name in ("chisq", "cfi", "tli", "rmsea")
        }
        chisq, rmsea = rows["chisq"], rows["rmsea"]
        if rmsea is None or rmsea.estimate != rmsea.estimate:
            continue
        srmr = _value(factors, statistic="srmr", method=residual) if residual else None
        cells.append([
            w(f"psychometrics.model.{method}"),
            f"{w.number(chisq.estimate, 1)} ({w.integer(chisq.df)})" if chisq is not None else NOTHING,
            w.p(chisq.p) if chisq is not None and chisq.p == chisq.p else NOTHING,
            _number(city, rows["cfi"], 3), _number(city, rows["tli"], 3), _number(city, rmsea, 3),
            w.interval(rmsea.lower, rmsea.upper, 3), _number(city, srmr, 3),
        ])  # fmt: skip
    if not cells:
        return None
    headings = ("chisq", "p", "cfi", "tli", "rmsea", "rmsea_interval", "srmr")
    ave, cr = (_value(factors, statistic=name, method="wlsmv") for name in ("ave", "cr"))
    indices = results.pick(factors, statistic="mi")
    pairs = w.join(
        f"{city.code(row.item)}–{city.code(row.other)} ({w.number(row.estimate, 1)})"
        for row in indices.itertuples()
    )
    return blocks.group(
        blocks.table(
            columns=[
                blocks.column("model", w("psychometrics.col.model"), width="3fr"),
                *(blocks.column(name, w(f"psychometrics.col.{name}"), numeric=True) for name in headings),
            ],
            rows=cells, caption=w("psychometrics.fit_caption"), key="psychometric-fit",
            note=w("psychometrics.fit_note"),
        ),
        *([say(w, "psychometrics.convergent", ave=_number(city, ave), cr=_number(city, cr))] if ave else []),
        *([say(w, "psychometrics.modification", pairs=pairs, style="note")] if len(indices) else []),
    )  # fmt: skip


def _refusals(city: CityReport, factors: pd.DataFrame) -> Any:
    """Say which models were not made, for everybody and for how many units, and why."""
    w = city.words
    lines = []
    ordinal = _value(factors, statistic="chisq", method="wlsmv")
    if ordinal is not None and ordinal.reason:
        lines.append(w("psychometrics.ordinal_refused", why=w.label("reason", ordinal.reason)))
    units = results.pick(city.table("factors"), scope="unit", statistic="chisq", method="wlsmv")
    units = units[units["unit"].isin(set(city.ranked["unit"]))]
    if len(units):
        made = int(units["estimate"].notna().sum())
        why = sorted(set(units["reason"]) - {""})
        reasons = w.join(
            f"{w.label('reason', reason)} ({w.integer((units['reason'] == reason).sum())})" for reason in why
        )
        key = "psychometrics.units" if why else "psychometrics.units_all"
        lines.append(w(key, made=w.integer(made), units=w.integer(len(units)), reasons=reasons))
    return blocks.bullets(lines) if lines else None
