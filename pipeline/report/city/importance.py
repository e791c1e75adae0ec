"""Which unsur go together with the others, against their value, with bootstrap ellipses; gaps to expectations.

The regions are drawn by matplotlib: they come from bootstrap samples, and seaborn has no ellipse of given axes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipeline import blocks, results
from pipeline.report.base.figure_text import text_mm
from pipeline.report.base.label_places import write_labels
from pipeline.report.base.parts import MOST_MAPPED
from pipeline.report.city import titles
from pipeline.report.city.lowest import facts_note
from pipeline.report.data.city import CityReport, absent, known, say
from pipeline.words.formats import NOTHING

#: 95 % of a bivariate normal lies within this many standard deviations of its centre.
REACH = 2.4477
#: From this share of bootstrap samples on a quadrant is called certain.
CERTAIN = 0.95
#: Which quadrant's name stands in which corner.
CORNERS = {
    ("left", "top"): "concentrate-here", ("right", "top"): "keep-up",
    ("left", "bottom"): "low-priority", ("right", "bottom"): "possible-overkill",
}  # fmt: skip


def importance(city: CityReport) -> Any:
    """Return the quadrants with how sure each is, shares of variance, and gaps where they were asked."""
    w, table = city.words, results.pick(city.table("importance"), scope="city")
    places = {
        r.item: r for r in results.rows_of(results.pick(table, statistic="quadrant")) if known(r.estimate)
    }
    made: list[Any] = []
    if places:
        kind = next(iter(places.values())).method
        made.append(say(w, f"compare.importance_{kind}"))
    # The regions of so many items cover one another: the table says the same of each.
    if places and len(places) <= MOST_MAPPED:
        made.append(
            blocks.figure(
                draw(city, places), key="quadrants", alt=alt(city, places),
                caption=w(f"compare.importance_caption.{kind}"),
                title=titles.quadrants(city, kind, surely(places)),
                narrow=draw(city, places, 85.0), note=cautioned(city, "compare.importance_note"),
                reading=[(w(f"overview.reading.{part}"), w(f"compare.importance_reading.{part}"))
                         for part in ("shown", "good", "attention", "do")],
            )
        )  # fmt: skip
    elif not places:
        made.append(absent(city, "compare.importance_none"))
    made.append(shares(city, places))
    made.append(gaps(city))
    return blocks.group(*made)


def surely(places: dict[str, Any]) -> list[str]:
    """Unsur that are certainly in the quadrant to look at first."""
    return [i for i, r in places.items() if r.text == "concentrate-here" and r.estimate >= CERTAIN]


def cautioned(city: CityReport, key: str) -> str:
    """Write a note with the caution about the unsur shown that state a fact, whatever their value."""
    return str(city.words(key, facts=facts_note(city, list(axes_of(city, "performance"))))).strip()


def quadrant_word(city: CityReport, row: Any) -> str:
    """Name the quadrant, as far as the bootstrap is sure of it; a fact has none."""
    w = city.words
    if row is None or not known(row.estimate):
        fact = row is not None and row.reason == "states-a-fact"
        return str(w("compare.col_cut_fact")) if fact else NOTHING
    name = str(w(f"compare.quadrant.{row.method}.{row.text}"))
    return name if row.estimate >= CERTAIN else str(w("compare.quadrant_unsure", name=name))


def axes_of(city: CityReport, name: str) -> dict[str, Any]:
    """Rows of one axis by item."""
    rows = results.pick(city.table("importance"), scope="city", statistic=f"quadrant_{name}")
    return {row.item: row for row in results.rows_of(rows)}


def ellipse(x: Any, y: Any, tilt: float) -> tuple[np.ndarray, np.ndarray]:
    """Outline of the 95 % region of an item's bootstrap samples, from its intervals and their tilt."""
    sx, sy = (x.upper - x.lower) / 3.92, (y.upper - y.lower) / 3.92
    angle = np.linspace(0, 2 * np.pi, 60)
    rho = 0.0 if tilt != tilt else max(-0.999, min(0.999, tilt))
    first, second = np.cos(angle), np.sin(angle)
    return (
        x.estimate + REACH * sx * first,
        y.estimate + REACH * sy * (rho * first + np.sqrt(1 - rho**2) * second),
    )


def draw(city: CityReport, places: dict[str, Any], width: float | None = None) -> Any:
    """Draw performance across and importance up, an ellipse per unsur, lines at both means."""
    style, w = blocks.style, city.words
    wide = width or style.TEXT_WIDTH_MM * 0.82
    tall = min(wide, 110.0)
    fig = style.figure(wide, tall)
    axes = style.axes_mm(fig, 14, 13, wide - 18, tall - 20)
    style.bare(axes, keep=("bottom", "left"))
    seen, weight, tilt = (axes_of(city, name) for name in ("performance", "importance", "tilt"))
    named = [item for item in seen if item in weight]
    cuts = {
        r.group: r.estimate
        for r in results.rows_of(results.pick(city.table("importance"), statistic="quadrant_cut"))
    }
    bold: dict[str, int] = {}
    for item in named:
        x, y = seen[item], weight[item]
        xs, ys = ellipse(x, y, tilt[item].estimate if item in tilt else float("nan"))
        place = places.get(item)  # an unsur that states a fact is in no quadrant
        first = place is not None and place.text == "concentrate-here" and place.estimate >= CERTAIN
        axes.fill(xs * city.factor, ys, color=style.band_colours["A"], lw=0, alpha=0.9)
        axes.plot(xs * city.factor, ys, color=style.INK if first else style.GREY, lw=0.9 if first else 0.6,
                  ls="-" if place is not None else ":")  # fmt: skip
        bold[item] = 600 if first else 400
    line: dict[str, Any] = {"color": style.INK, "lw": 0.6, "ls": (0, (1.5, 1.5))}
    if cuts:
        axes.axvline(cuts["performance"] * city.factor, **line)
        axes.axhline(cuts["importance"], **line)
    axes.margins(0.08)
    kind = next(iter(places.values())).method
    corners = {at: w(f"compare.quadrant.{kind}.{word}") for at, word in CORNERS.items()}
    for (across, up), text in corners.items():
        x, y = 0.01 if across == "left" else 0.99, 0.01 if up == "bottom" else 0.99
        axes.text(x, y, text, transform=axes.transAxes, ha=across, va=up, color=style.MUTED)
    points = {item: (seen[item].estimate * city.factor, weight[item].estimate) for item in named}
    _codes(city, axes, points, bold, corners)
    axes.set_xlabel(w("compare.importance_x", low=w.integer(city.floor)))
    axes.set_ylabel(w(f"compare.importance_y.{kind}"))
    for axis, digits in ((axes.xaxis, 1), (axes.yaxis, 2)):
        axis.set_major_formatter(_ticks(w, digits))
    return fig


def _codes(
    city: CityReport,
    axes: Any,
    at: dict[str, tuple[float, float]],
    bold: dict[str, int],
    corners: dict[tuple[str, str], str],
) -> None:
    """Write the code of each unsur on its point, or just beside it where another's or a quadrant's name stands."""
    left, low, right, high = (v * 72 / axes.figure.dpi for v in axes.bbox.extents)
    never = []
    for (across, up), text in corners.items():
        wide, line = text_mm(text) * 72 / 25.4 + 4, 1.4 * blocks.style.FIGURE_PT
        start, foot = left if across == "left" else right - wide, low if up == "bottom" else high - line
        never.append((start, start + wide, foot, foot + line))
    write_labels(
        axes, [city.code(item) for item in at], list(at.values()), 2.0, on=True, never=never,
        weights=[bold[item] for item in at], box={"fc": blocks.style.band_colours["A"], "ec": "none", "pad": 0.3},
    )  # fmt: skip


def _ticks(w: Any, digits: int) -> Callable[[float, float], str]:
    return lambda value, _: str(w.number(value, digits))


def alt(city: CityReport, places: dict[str, Any]) -> str:
    """Say each unsur's quadrant and how many bootstrap samples agree."""
    w = city.words
    told = [f"{city.code(i)}: {quadrant_word(city, r)} ({w.percent(r.estimate)})" for i, r in places.items()]
    return w("compare.importance_alt", items=w.join(told))


def shares(city: CityReport, places: dict[str, Any]) -> Any:
    """Return share of variance, part of an overall judgement where asked, quadrant and how sure it is."""
    w, table = city.words, results.pick(city.table("importance"), scope="city")
    every = {r.item: r for r in results.rows_of(results.pick(table, statistic="quadrant"))}
    part = {r.item: r for r in results.rows_of(results.pick(table, statistic="share_of_variance"))}
    whole = {r.item: r for r in results.rows_of(results.pick(table, statistic="lmg"))}
    together = {r.item: r for r in results.rows_of(results.pick(table, statistic="importance_pooled"))}
    weight = axes_of(city, "importance")
    if not part:
        return None
    columns = [
        *blocks.columns(w, item=("compare.col_item", "3fr"), share="compare.col_share"),
        *(
            blocks.columns(w, within="compare.col_item_rest", pooled="compare.col_item_rest_pooled")
            if together
            else []
        ),
        *([blocks.column("lmg", w("compare.col_lmg"), numeric=True)] if whole else []),
        *blocks.columns(w, quadrant=("compare.col_quadrant", "2fr"), sure="compare.col_agree"),
    ]
    cells = []
    for item, row in sorted(
        part.items(), key=lambda pair: -(pair[1].estimate if known(pair[1].estimate) else -1)
    ):
        place, extra = places.get(item), whole.get(item)
        cells.append([
            f"{city.code(item)} {city.item_name(item)}", w.percent(row.estimate) if known(row.estimate) else NOTHING,
            *([w.percent(extra.estimate) if extra is not None and known(extra.estimate) else NOTHING] if whole else []),
            *([number(city, weight.get(item)), number(city, together.get(item))] if together else []),
            quadrant_word(city, every.get(item)),
            w.percent(place.estimate) if place is not None else NOTHING,
        ])  # fmt: skip
    return blocks.table(
        columns=columns,
        rows=cells,
        caption=w("compare.shares_caption"),
        key="shares",
        note=cautioned(city, "compare.shares_note"),
    )


def number(city: CityReport, row: Any) -> str:
    """Write a correlation, or a dash."""
    return str(city.words.number(row.estimate)) if row is not None and known(row.estimate) else NOTHING


def gaps(city: CityReport) -> Any:
    """Return perception against expectation where both were asked."""
    w, table = city.words, results.pick(city.table("importance"), scope="city")
    rows = results.pick(table, statistic="gap")
    rows = rows[rows["estimate"].notna()].sort_values(["estimate", "item"], kind="stable")
    if not len(rows):
        return None
    seen = {r.item: r.estimate for r in results.rows_of(results.pick(table, statistic="perception"))}
    wanted = {r.item: r.estimate for r in results.rows_of(results.pick(table, statistic="expectation"))}
    cells = [
        [f"{city.code(r.item)} {city.item_name(r.item)}", w.integer(r.n), w.number(seen.get(r.item)),
         w.number(wanted.get(r.item)), w.number(r.estimate), w.interval(r.lower, r.upper)]
        for r in results.rows_of(rows)
    ]  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, item=("compare.col_item", "3fr"), n="overview.col_n", seen="compare.col_seen",
            wanted="compare.col_wanted", gap="compare.col_gap", interval="overview.col_interval",
        ),
        rows=cells, caption=w("compare.gaps_caption"), key="gaps", note=w("compare.gaps_note"), compact=True,
    )  # fmt: skip
