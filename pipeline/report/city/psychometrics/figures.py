"""Three drawings of the psychometric chapter: scree, loadings, correlations. One question each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.correlation_map import NARROW_MM, correlation_map, square
from pipeline.report.base.figure_text import fit, text_mm
from pipeline.report.base.forest import Estimate, beside, forest
from pipeline.report.base.parts import MOST_MAPPED, extremes
from pipeline.report.base.scale_verdicts import by_item, city_rows, first, pools
from pipeline.report.data.city import CityReport
from pipeline.report.data.unit import estimate
from pipeline.words.scale_verdicts import LOADING

if TYPE_CHECKING:
    import pandas as pd

#: Methods of the scree plot: the eigenvalues' statistic of each.
SCREES = {"pearson": "eigenvalue", "polychoric": "eigenvalue_polychoric"}


def series(city: CityReport, statistic: str, method: str = "") -> list[float]:
    """Numbers by place, from the first on, as far as they are known."""
    rows = results.pick(city.table("validity"), scope="city", statistic=statistic, group="")
    rows = rows[rows["method"].eq(method) & rows["estimate"].notna()]
    found = {int(row.other): float(row.estimate) for row in results.rows_of(rows)}
    return [found[place] for place in sorted(found)]


def screes(city: CityReport) -> dict[str, tuple[list[float], list[float]]]:
    """Eigenvalues and their 95 % thresholds by kind of correlation; only where both are known."""
    found = {}
    for method, statistic in SCREES.items():
        values = series(city, statistic, "" if method == "pearson" else method)
        limits = series(city, "parallel_95", method)
        if values and len(values) == len(limits):
            found[method] = (values, limits)
    return found


def scree(city: CityReport) -> Any:
    """Eigenvalues against those of shuffled answers: how many dimensions are there?"""
    w, found = city.words, screes(city)
    if not found:
        return None
    said = []
    for method, (values, limits) in found.items():
        said.append(
            w(
                "psychometrics.scree_alt", method=w(f"psychometrics.method.{method}"),
                values=w.join([w.number(v) for v in values[:3]]), limits=w.join([w.number(v) for v in limits[:3]]),
                count=w.integer(counted(values, limits)),
            )
        )  # fmt: skip
    return blocks.figure(
        _draw_scree(city, found, blocks.style.TEXT_WIDTH_MM), key="scree",
        title=w("psychometrics.scree_title", counts=exceeding(city, list(found.values()))),
        caption=w("psychometrics.scree_caption"), alt=" ".join(said),
        note=w("psychometrics.scree_note"), narrow=_draw_scree(city, found, NARROW_MM),
    )  # fmt: skip


def exceeding(city: CityReport, found: Sequence[tuple[list[float], list[float]]]) -> str:
    """Write how many eigenvalues exceed their threshold, by each kind of correlation where they differ."""
    counts = dict.fromkeys(counted(*pair) for pair in found)
    return str(city.words.join([city.words.integer(count) for count in counts]))


def counted(values: Sequence[float], limits: Sequence[float]) -> int:
    """Leading eigenvalues above their threshold.

    Examples
    --------
    >>> counted([4.0, 0.9, 1.3], [1.2, 1.1, 1.0])
    1
    """
    return next((k for k, (v, t) in enumerate(zip(values, limits)) if v <= t), len(values))


def _draw_scree(city: CityReport, found: dict[str, Any], width: float) -> Any:
    import seaborn

    style, w = blocks.style, city.words
    beside = width > NARROW_MM and len(found) > 1
    across = (width - 10.0) / (2 if beside else 1)
    rows = 1 if beside else len(found)
    high, gap = 46.0, 20.0
    fig = style.figure(width, rows * (high + gap))
    top = max(max(values) for values, _ in found.values()) * 1.12
    for place, (method, (values, limits)) in enumerate(found.items()):
        left = 8.0 + (place * across if beside else 0.0)
        bottom = 11.0 + (0.0 if beside else (len(found) - 1 - place) * (high + gap))
        axes = style.axes_mm(fig, left, bottom, across - 8.0, high)
        x = list(range(1, len(values) + 1))
        seaborn.lineplot(x=x, y=limits, ax=axes, estimator=None, linestyle="--", color=style.MUTED, lw=1.0)
        seaborn.lineplot(
            x=x, y=values, ax=axes, estimator=None, color=style.ACCENT, marker="o", ms=3.6, mec=style.ACCENT
        )
        axes.set(xlim=(0.6, len(values) + 0.4), ylim=(0, top))
        axes.set_xticks(x)
        axes.set_yticks(range(0, int(top) + 1, 1 + int(top) // 5))
        axes.set_title(w(f"psychometrics.method.{method}"))
        axes.text(1.25, values[0], w.number(values[0]), va="center",
                  color=style.ACCENT)  # fmt: skip
        # The dashed line falls slowly: its label stands above its middle, clear of both lines.
        middle = len(values) // 2
        axes.text(middle + 1, max(limits[middle], values[middle]) + 0.07 * top, w("psychometrics.scree_limit"),
                  color=style.MUTED, va="bottom", ha="center",
                  bbox={"fc": "white", "ec": "none", "pad": 0.3})  # fmt: skip
        axes.set_xlabel(w("psychometrics.scree_axis"))
    return fig


def loading_method(city: CityReport) -> str:
    """Estimator whose loadings are drawn: of pooled units inside them (R20), else the ordinal; "" without any."""
    rows = city_rows(city)
    for method in ("mlr-within", "ml-within") if pools(rows) else ("wlsmv", "mlr", "ml"):
        if any(
            estimate(row) is not None for row in by_item(rows, "factors", "loading", method=method).values()
        ):
            return method
    return ""


def loadings(city: CityReport) -> Any:
    """Standardised loadings with their intervals: which elements carry the common rating?"""
    w, method = city.words, loading_method(city)
    if not method:
        return None
    rows = list(by_item(city_rows(city), "factors", "loading", method=method).values())
    rows = sorted((r for r in rows if estimate(r) is not None), key=lambda r: (-r.estimate, r.item))

    def said(row: Any) -> str:
        return f"{city.code(row.item)} {city.item_name(row.item)} {w.number(row.estimate)}"

    model = w(f"psychometrics.loadings_model.{method}")
    return blocks.figure(
        _draw_loadings(city, rows, blocks.style.TEXT_WIDTH_MM), key="loadings",
        title=w("psychometrics.loadings_title", strong=w.integer(sum(r.estimate >= LOADING for r in rows)),
                items=w.integer(len(rows)), cut=w.number(LOADING)),
        caption=w("psychometrics.loadings_caption", model=model, cut=w.number(LOADING)),
        alt=w("psychometrics.loadings_alt", count=w.integer(len(rows)), first=said(rows[0]), last=said(rows[-1]),
              weak=w.integer(sum(r.estimate < LOADING for r in rows)), cut=w.number(LOADING)),
        note=w("psychometrics.loadings_note"), narrow=_draw_loadings(city, rows, NARROW_MM),
    )  # fmt: skip


def _draw_loadings(city: CityReport, rows: Sequence[Any], width: float) -> Any:
    style, w = blocks.style, city.words
    labels = [f"{city.code(r.item)}  {city.item_name(r.item)}" for r in rows]
    names = min(max(text_mm(label) for label in labels) + 3.0, 0.42 * width)
    high = 5.4 * len(rows)
    fig = style.figure(width, high + 12.0)
    axes = style.axes_mm(fig, names, 10.0, width - names - 14.0, high)
    style.bare(axes, keep=("bottom",))
    low = min(0.0, *(r.lower if r.lower == r.lower else r.estimate for r in rows)) - 0.02
    axes.axvline(LOADING, color=style.MUTED, lw=0.8, ls="--")
    # A square where the loading is weak: the difference survives without colour.
    looks = [(style.WARM, "s") if row.estimate < LOADING else (style.ACCENT, "o") for row in rows]
    forest(axes, [
        Estimate(place, row.estimate, row.lower, min(row.upper, 1.0), colour, mark=mark)
        for place, (row, (colour, mark)) in enumerate(zip(rows, looks, strict=True))
    ])  # fmt: skip
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        beside(axes, place, fit(label, names - 2.0), w.number(row.estimate))
    axes.set(xlim=(low, 1.0), ylim=(len(rows) - 0.4, -0.6), yticks=[])
    step = 2 if width > 120 or low > -0.1 else 4
    ticks = [t / 10 for t in range(int(low * 10 / step) * step, 11, step)]
    axes.set_xticks(ticks, [w.number(t, 1) for t in ticks])
    axes.set_xlabel(w("psychometrics.loadings_axis"))
    return fig


def correlation_rows(city: CityReport) -> tuple[str, pd.DataFrame]:
    """Pooled correlations to draw: polychoric where every pair has one, else Spearman's."""
    ordinal = results.pick(city.table("validity"), scope="city", statistic="polychoric", group="")
    least = first(city_rows(city), "validity", "min_eigenvalue")
    if len(ordinal) and ordinal["estimate"].notna().all() and (least is None or not least.text):
        return "polychoric", ordinal
    rows = results.pick(city.table("association"), scope="city", statistic="spearman", group="")
    return "spearman", rows[rows["estimate"].notna()]


def correlations(city: CityReport) -> Any:
    """Correlation of every two elements: which are rated in step?"""
    w, (kind, rows) = city.words, correlation_rows(city)
    if len(rows) < 3:
        return None
    items = [i for i in city.items if i in set(rows["item"]) | set(rows["other"])]
    items = items or sorted(set(rows["item"]) | set(rows["other"]))
    if len(items) > MOST_MAPPED:
        found = [(row.estimate, city.code(row.item), city.code(row.other)) for row in results.rows_of(rows)]
        return extremes(w, [pair for pair in found if pair[0] == pair[0]], "correlations")
    wide, codes = square(rows, items), [city.code(item) for item in items]
    names = [f"{code}  {city.item_name(item)}" for code, item in zip(codes, items, strict=True)]
    order = rows.sort_values(["estimate", "item", "other"], ascending=[False, True, True])

    def said(row: Any) -> str:
        return f"{city.code(row['item'])}–{city.code(row['other'])} {w.number(row['estimate'])}"

    return blocks.figure(
        correlation_map(w, wide, names, codes), key="correlations",
        title=w("psychometrics.heat_title", low=w.number(order["estimate"].min()),
                high=w.number(order["estimate"].max())),
        caption=w(f"psychometrics.heat_caption_{kind}"),
        alt=w("psychometrics.heat_alt", count=w.integer(len(rows)), high=said(order.iloc[0]),
              low=said(order.iloc[-1])),
        note=w("psychometrics.heat_note"), narrow=correlation_map(w, wide, names, codes, NARROW_MM),
    )  # fmt: skip
