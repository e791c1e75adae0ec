"""Is it enough, is it real, is it reliable: samples, tests between units, reliability."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.base.forest import EDGE
from pipeline.report.city.counts import versus_counts
from pipeline.report.city.design import design
from pipeline.report.data.city import CityReport, absent, first_rows, known, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

#: Conventional cuts of epsilon squared (Kruskal-Wallis effect size) and the word each earns.
EPSILON2_WORDS = ((0.26, "large"), (0.08, "medium"), (0.01, "small"), (-1.0, "negligible"))
#: Conventional cuts of Cronbach's alpha, highest first.
ALPHA_CUTS = (0.9, 0.8, 0.7, 0.6)
#: Cells of the alpha axis on a page and on a phone, and the most units that are stacked in one.
WIDE_CELLS, NARROW_CELLS, TALLEST = 70, 36, 40


def adequacy(city: CityReport) -> Any:
    """Return required against valid answers, fewest met first."""
    w, table = city.words, city.standings.copy()
    if not len(table) or not table["n_valid"].sum():
        return blocks.group(say(w, "overview.adequacy_none"))
    stated = table[table["required"].notna()].copy()
    enough = int((stated["n_valid"] >= stated["required"]).sum())
    made: list[Any] = []
    if len(stated):
        made.append(
            say(
                w, "overview.adequacy_lead", enough=w.integer(enough), known=w.integer(len(stated)),
                short=w.integer(len(stated) - enough),
            )
        )  # fmt: skip
    else:
        made.append(say(w, "overview.adequacy_unknown"))
    table["share"] = table["n_valid"] / table["required"]
    table = table.sort_values(["share", "n_valid", "name"], kind="stable")
    margins = _margins(city)
    columns = blocks.columns(
        w, unit=("overview.col_unit", "3fr"), population="overview.col_population",
        required="overview.col_required", n="overview.col_valid", share="overview.col_share",
        margin="overview.col_margin", status=("overview.col_status", ""),
    )  # fmt: skip
    if not len(stated):
        columns = [c for c in columns if c.key in ("unit", "n", "margin")]
    cells = []
    for row, share in zip(standings.rows_of(table), table["share"]):
        has = row.required == row.required
        cell = {
            "unit": row.name,
            "population": w.integer(row.population) if row.population == row.population else NOTHING,
            "required": w.integer(row.required) if has else NOTHING,
            "n": w.integer(row.n_valid),
            "share": w.percent(share) if has else NOTHING,
            "margin": w.number(margins.get(row.unit, float("nan"))) if row.sign != "x" else NOTHING,
            "status": _status(city, row),
        }
        cells.append([cell[column.key] for column in columns])
    printed, told = first_rows(w, cells, w("overview.adequacy_note"))
    made.append(
        blocks.table(
            columns=columns, rows=printed, caption=w("overview.adequacy_caption"), key="adequacy", compact=True,
            note=told,
        )
    )  # fmt: skip
    return blocks.group(*made, *design(city))


def _margins(city: CityReport) -> dict[str, float]:
    """Half the width of the interval that is printed: corrected for the population where known."""
    rows = results.pick(city.table("index"), scope="unit", statistic="margin", item="", service="", group="")
    rows = rows[rows["estimate"].notna()]
    return dict(zip(rows["unit"], rows["estimate"]))


def _status(city: CityReport, row: Any) -> str:
    w = city.words
    if row.n_valid < 1:
        return w("overview.status.none")
    if row.required != row.required:
        return w("overview.status.unknown")
    if row.population == row.population and row.n_valid > row.population:
        return w("overview.status.over")
    if row.population == row.population and row.n_valid == row.population:
        return w("overview.status.census")
    return w("overview.status.enough" if row.n_valid >= row.required else "overview.status.short")


def epsilon_word(value: float) -> str:
    """Conventional word for epsilon squared.

    Examples
    --------
    >>> epsilon_word(0.005), epsilon_word(0.05), epsilon_word(0.3)
    ('negligible', 'small', 'large')
    """
    return next(word for cut, word in EPSILON2_WORDS if value >= cut)


def _test(city: CityReport, statistic: str, module: str = "comparison") -> Any:
    rows = results.pick(city.table(module), statistic=statistic, item="", group="")
    rows = rows[rows["scope"].isin(["city", "surveys"])]
    return next(results.rows_of(rows), None)


def comparison(city: CityReport) -> Any:
    """Return the tests between units, each with what it says in words."""
    w = city.words
    kruskal, epsilon = _test(city, "kruskal_h"), _test(city, "epsilon2")
    if kruskal is None or kruskal.estimate != kruskal.estimate:
        return absent(city, "overview.comparison_none")
    made: list[Any] = []
    differ = kruskal.p < 0.05
    size = (
        epsilon_word(epsilon.estimate) if epsilon is not None and epsilon.estimate == epsilon.estimate else ""
    )
    made.append(
        say(
            w, "overview.comparison_differ" if differ else "overview.comparison_alike",
            p=w.p(kruskal.p), size=w(f"overview.effect.{size}") if size else NOTHING,
            epsilon=w.number(epsilon.estimate, 3) if size else NOTHING,
        )
    )  # fmt: skip
    icc = _test(city, "icc1") or _test(city, "icc1", "ranking")
    if icc is not None and icc.estimate == icc.estimate:
        made.append(say(w, "overview.icc_words", share=w.percent(max(icc.estimate, 0.0), 1)))
    made.append(_versus_words(city))
    cells = []
    for name in ("kruskal_h", "epsilon2", "welch_f", "eta2", "omega2", "levene", "icc1", "tau2"):
        row = _test(city, name) or _test(city, name, "ranking")
        if row is None:
            continue
        digits = 2 if name in ("kruskal_h", "welch_f", "levene", "tau2") else 3
        cells.append([
            w(f"overview.statistic.{name}"),
            w.number(row.estimate, digits) if row.estimate == row.estimate else w.label("reason", row.reason),
            _degrees(w, row),
            w.p(row.p) if row.p == row.p else NOTHING,
            w.integer(row.n) if known(row.n) else NOTHING,
            w(f"overview.statistic_means.{name}"),
        ])  # fmt: skip
    made.append(
        blocks.table(
            columns=blocks.columns(
                w, test=("overview.col_test", "2fr"), value="overview.col_value", df="overview.col_df",
                p="overview.col_p", n="overview.col_n", means=("overview.col_answers", "3fr"),
            ),
            rows=cells, caption=w("overview.comparison_caption"), key="tests", compact=True,
            note=w("overview.comparison_note"),
        )
    )  # fmt: skip
    return blocks.group(*made)


def _degrees(w: Any, row: Any) -> str:
    """Degrees of freedom; F tests carry the first in ``numerator`` and the second in ``df``."""
    if row.df != row.df:
        return NOTHING
    second = w.number(row.df, 1 if row.df % 1 else 0)
    first = row.numerator
    return second if not known(first) else f"{w.integer(first)}; {second}"


def _versus_words(city: CityReport) -> Any:
    w, sides = city.words, versus_counts(city.ranked)
    if not sum(sides.values()):
        return None
    return say(
        w, "overview.versus_words", tested=w.integer(sum(sides.values())),
        **{side: w.integer(count) for side, count in sides.items()},
    )  # fmt: skip


def alphas(city: CityReport) -> pd.DataFrame:
    """Alpha rows of the compared units (no sign), lowest first."""
    rows = standings.alphas(city.table("reliability"))
    rows = rows[rows["estimate"].notna() & rows["unit"].isin(set(city.ranked["unit"]))]
    return rows.sort_values(["estimate", "unit"], kind="stable")


def reliability(city: CityReport) -> Any:
    """Return how Cronbach's alpha is spread over units, and what it can and cannot show."""
    w, rows = city.words, alphas(city)
    if not len(rows):
        return absent(city, "overview.reliability_none")
    values = rows["estimate"]
    ok = int((values >= 0.7).sum())
    made: list[Any] = [
        say(
            w, "overview.reliability_lead", ok=w.integer(ok), units=w.integer(len(values)),
            median=w.number(values.median()), low=w.number(values.min()), high=w.number(values.max()),
        ),
        # Only the regulation's unsur are an index by decree; own items are a scale by design.
        say(w, "scale.r9.own" if city.foreign else "overview.reliability_formative", style="note"),
    ]  # fmt: skip
    if len(values) >= 3:
        made.append(
            blocks.figure(
                _draw(city, rows), key="alpha-spread",
                title=w("story.title.alphas", ok=w.integer(ok), units=w.integer(len(values))),
                caption=w("overview.reliability_caption_bars" if _as_bars(values) else "overview.reliability_caption"),
                alt=w(
                    "overview.reliability_alt", units=w.integer(len(values)),
                    median=w.number(values.median()), low=w.number(values.min()),
                    high=w.number(values.max()), ok=w.integer(ok),
                ),
                narrow=_draw(city, rows, 85.0), note=w("overview.reliability_note"),
            )
        )  # fmt: skip
    made.append(_bins(city, rows))
    return blocks.group(*made)


def _stacks(values: pd.Series, cells: int) -> tuple[float, float, list[tuple[int, int]]]:
    """Where the axis begins, how wide a cell is, and each unit's cell and place in its stack."""
    low = min(0.6, float(values.min()) - 0.02)
    step = (1.0 - low) / cells
    heights: dict[int, int] = {}
    marks = []
    for value in values:
        cell = int((value - low) / step)
        heights[cell] = heights.get(cell, 0) + 1
        marks.append((cell, heights[cell]))
    return low, step, marks


def _as_bars(values: pd.Series) -> bool:
    """Whether one mark per unit would need more room than a page has."""
    return max(up for _, up in _stacks(values, NARROW_CELLS)[2]) > TALLEST


def _draw(city: CityReport, rows: pd.DataFrame, width: float | None = None) -> Any:
    """One mark per unit along the alpha axis, stacked where they meet (many units: bars); the usual cut."""
    import seaborn

    style, w = blocks.style, city.words
    wide = width or style.TEXT_WIDTH_MM
    low, step, marks = _stacks(rows["estimate"], WIDE_CELLS if width is None else NARROW_CELLS)
    across = [low + (cell + 0.5) * step for cell, _ in marks]
    up = [place for _, place in marks]
    most, as_bars = max(up), _as_bars(rows["estimate"])
    left, height, room = (14.0, 70.0, 1.18 * most) if as_bars else (4.0, 12.0 + 2.6 * most, most + 2.0)
    fig = style.figure(wide, height + 11.0)  # ticks and the axis label stand in the lowest 11 mm
    axes = style.axes_mm(fig, left, 11.0, wide - left - 4.0, height)
    style.bare(axes, keep=("bottom",))
    axes.axvspan(0.7, 1.0, color=style.band_colours["A"], lw=0)
    if as_bars:
        edges = [low + cell * step for cell in range(max(cell for cell, _ in marks) + 2)]
        seaborn.histplot(x=across, bins=edges, shrink=0.86, color=style.ACCENT, alpha=1, linewidth=0, ax=axes)
        axes.locator_params(axis="y", integer=True, nbins=5)
        axes.yaxis.set_major_formatter(lambda count, _: w.integer(int(count)))
        axes.set_ylabel(w("overview.alpha_units"))
    else:
        seaborn.scatterplot(x=across, y=up, color=style.ACCENT, s=(4.2 + EDGE) ** 2, linewidth=0, ax=axes)
        axes.set(yticks=[], ylabel="")
    axes.set_ylim(0.0 if as_bars else 0.2, room)
    axes.set_xlim(low, 1.0)
    ticks = [tick / 10 for tick in range(int(low * 10), 11) if tick / 10 >= low]
    axes.set_xticks(ticks, [w.number(tick, 1) for tick in ticks])
    cut = 1.1 * most if as_bars else most + 1.2
    axes.text(0.705, cut, w("overview.alpha_cut"), color=style.MUTED, va="center")
    axes.set_xlabel(w("overview.alpha_axis"))
    return fig


def _bins(city: CityReport, rows: pd.DataFrame) -> Any:
    w, values = city.words, rows["estimate"]
    edges = [1.01, *ALPHA_CUTS, -9.0]
    cells = []
    for upper, lower in pairwise(edges):
        count = int(((values >= lower) & (values < upper)).sum())
        if lower < 0:
            label = w("overview.alpha_less", cut=w.number(ALPHA_CUTS[-1]))
        elif upper > 1:
            label = w("overview.alpha_from", cut=w.number(lower))
        else:
            label = w("overview.alpha_between", low=w.number(lower), high=w.number(upper - 0.01))
        cells.append([label, w.integer(count), w.percent(count / len(values))])
    pooled = []
    # A verdict on pooled units is what is inside them; the pooled figure stands beside it (R20).
    for statistic in ("alpha_within", "alpha"):
        found = city.table("reliability")
        if statistic == "alpha":
            row = next(results.rows_of(standings.alphas(found, "city")), None)
        else:
            row = _test(city, statistic, "reliability")
        if row is not None and row.estimate == row.estimate:
            interval = f" ({w.interval(row.lower, row.upper)})" if row.lower == row.lower else ""
            pooled.append(w(f"overview.pooled.{statistic}", value=w.number(row.estimate) + interval))
    return blocks.table(
        columns=blocks.columns(
            w, alpha=("overview.col_alpha", ""), units="overview.col_units", share="overview.col_percent"
        ),
        rows=cells, caption=w("overview.alpha_table"), key="alpha-bins", note=" ".join(pooled),
    )  # fmt: skip
