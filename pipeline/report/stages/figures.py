"""Small figures of the stage notebooks, each drawn by seaborn from rows of a tidy table.

They show what a step computed, in the order of the numbers; what may be said of it is said by the
displays beside them, and by the overview.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit, text_mm
from pipeline.report.base.label_places import in_points, write_labels
from pipeline.report.data.city import say
from pipeline.report.stages.excerpt import asked, name_of
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.stage import StageReport

#: One width for a page and a telephone; what stands below the axes, and how high a line is.
WIDTH, BELOW, LINE = 140.0, 12.0, 3.4
#: Lines of a figure of intervals; of more, those with the largest and the smallest numbers are drawn.
MOST_LINES = 30
#: Room for names, in millimetres.
MOST_NAME = 46.0
#: Reasons are sentences, several of which begin alike: they are not cut.
MOST_REASON = 76.0
PLAIN_HIGH = 48.0


@dataclass(frozen=True)
class Drawn:
    """What a figure is of: the table, the rows asked for, and the statistic that its words are about."""

    stage: StageReport
    table: str
    statistic: str
    asked: str

    def word(self, part: str, otherwise: str) -> str:
        """Words of the notebooks' own figures; any other has the names of its table."""
        w, key = self.stage.words, f"notebook.figure.{self.table}.{self.statistic}.{part}"
        return w(key) if w.has(key) else otherwise

    @property
    def caption(self) -> str:
        """The figure's caption."""
        return self.word(
            "caption", self.stage.words("notebook.figure_any", table=self.table, asked=self.asked)
        )


def drawn(stage: StageReport, table: pd.DataFrame, where: dict[str, Any], statistic: str = "") -> Drawn:
    """Name what is drawn."""
    first = where.get("statistic", "")
    named = statistic or (first if isinstance(first, str) else str(first[0]))
    return Drawn(stage, name_of(stage, table), named, asked(where) or NOTHING)


def intervals(
    stage: StageReport, table: pd.DataFrame, *, by: str = "unit", zero: bool = True, **where: Any
) -> Any:
    """Return one line for each row that matches: the estimate and its interval, the highest on top.

    Parameters
    ----------
    stage : StageReport
    table : DataFrame
        A tidy result table of the stage.
    by : str
        Column that names the lines: ``unit``, ``item``, ``method``, ``group``.
    zero : bool
        Whether nothing is at 0: then a line stands there, and intervals that leave it out stand out.
    **where
        Which rows, as in `rows`.
    """
    what = drawn(stage, table, where)
    found = known_rows(table, where).sort_values(["estimate", by], kind="stable")
    if not len(found):
        return nothing(what)
    cut = _ends(found)
    labels = [label(stage, row, by) for row in cut.to_dict("records")]
    return _figure(what, "intervals", found, _draw_intervals(what, cut, labels, zero), by)


def histogram(stage: StageReport, table: pd.DataFrame, **where: Any) -> Any:
    """Return how the estimates of the rows that match are spread, apart for intervals that leave out 0."""
    import seaborn

    what = drawn(stage, table, where)
    found = known_rows(table, where)
    if not len(found):
        return nothing(what)
    apart = (found["lower"] > 0) | (found["upper"] < 0)
    style, w = blocks.style, stage.words
    fig, axes = _plain(left=12.0)
    words = [w("notebook.apart"), w("notebook.not_apart")]
    seaborn.histplot(
        x=found["estimate"].to_numpy(), hue=np.where(apart, *words), hue_order=words, multiple="stack",
        palette=[style.ACCENT, style.GREY], ax=axes, bins=16, edgecolor="white", alpha=1.0,
    )  # fmt: skip
    _number_axis(what, axes)
    axes.set_ylabel(w("notebook.count"))
    _legend(axes)
    return _figure(what, "histogram", found, fig, "unit", apart=w.integer(int(apart.sum())))


def counts(stage: StageReport, table: pd.DataFrame, *, by: str, colour: str, **where: Any) -> Any:
    """Return how many rows there are of each value of a column, most of all on top: a bar for each.

    Parameters
    ----------
    stage, table, where
        As in `intervals`; the table is one of the intake.
    by : str
        Column whose values are counted, such as ``reason``.
    colour : str
        Column that colours the bars, such as ``action``; it says one thing of each value of `by`.
    """
    import seaborn

    what = drawn(stage, table, where, statistic=by)
    found = results.pick(table, **where)
    if not len(found):
        return nothing(what)
    # Counted as categories: a ledger may have a million rows.
    bars = found.groupby([by, colour], observed=True).size().reset_index(name="count")
    bars = bars.astype({by: str, colour: str}).sort_values(["count", by], ascending=[False, True])
    names = [label(stage, row, by) for row in bars.to_dict("records")]
    colours = list(bars[colour].unique())
    style, w = blocks.style, stage.words
    left = min(MOST_REASON, max(map(text_mm, names)) + 5.0)
    fig, axes = _plain(left, high=max(18.0, 4.2 * len(bars)))
    seaborn.barplot(
        x=bars["count"].to_numpy(), y=np.arange(len(bars)), orient="y", ax=axes, dodge=False, errorbar=None,
        hue=[label(stage, {colour: c}, colour) for c in bars[colour]], saturation=1.0,
        palette=[style.ACCENT, style.WARM, style.GREY, style.INK, style.MUTED][: len(colours)],
    )  # fmt: skip
    _names(axes, names, MOST_REASON)
    _number_axis(what, axes)
    _legend(axes)
    most, fewest = bars.iloc[0], bars.iloc[-1]
    alt = w(
        "notebook.alt_counts", count=w.integer(len(found)), kinds=w.integer(len(bars)), first=names[0],
        most=w.integer(int(most["count"])), last=names[-1], fewest=w.integer(int(fewest["count"])),
    )  # fmt: skip
    return blocks.figure(fig, key=f"counts-{what.table}-{by}", caption=what.caption, alt=alt)


def strips(stage: StageReport, table: pd.DataFrame, *, by: str = "item", **where: Any) -> Any:
    """Return one point for each unit on a line for each item (or what `by` names: ``group``, ``statistic``)."""
    import seaborn

    what = drawn(stage, table, where)
    found = known_rows(table, where)
    if not len(found):
        return nothing(what)
    order = list(found[by].unique())
    names = [label(stage, row, by) for row in found.drop_duplicates(by).to_dict("records")]
    style = blocks.style
    left = min(MOST_NAME, max(map(text_mm, names)) + 3.0)
    fig, axes = _plain(left, high=max(18.0, 5.0 * len(order)))
    seaborn.stripplot(
        x=found["estimate"].to_numpy(), y=found[by].to_numpy(), order=order, jitter=False, size=3.2,
        color=style.ACCENT, alpha=0.45, linewidth=0, ax=axes,
    )  # fmt: skip
    _names(axes, names)
    _number_axis(what, axes)
    return _figure(what, "strips", found, fig, by)


def scatter(
    stage: StageReport,
    table: pd.DataFrame,
    x: str,
    y: str,
    *,
    by: str = "unit",
    line: bool = False,
    **where: Any,
) -> Any:
    """Return one point for each unit (or what `by` names): statistic `x` across, statistic `y` up.

    Parameters
    ----------
    stage, table, by, where
        As in `intervals`.
    x, y : str
        Statistics of the table.
    line : bool
        Draw where both would be equal.
    """
    import seaborn

    what = drawn(stage, table, where, statistic=y)
    found = results.pick(table, statistic=[x, y], **where)
    wide = found.pivot_table(index=by, columns="statistic", values="estimate", aggfunc="first", observed=True)
    if not {x, y} <= set(wide.columns) or not len(wide := wide[[x, y]].dropna()):
        return nothing(what)
    style, w = blocks.style, stage.words
    fig, axes = _plain(left=16.0, high=62.0)
    if line:
        ends = [wide.to_numpy().min(), wide.to_numpy().max()]
        axes.plot(ends, ends, color=style.MUTED, lw=0.8, ls="--")
    seaborn.scatterplot(
        x=wide[x].to_numpy(), y=wide[y].to_numpy(), color=style.ACCENT, s=16, linewidth=0, ax=axes
    )
    if len(wide) <= 15:
        axes.margins(x=0.25, y=0.12)  # names of points at the edges need room, too
        _beside(
            axes,
            [fit(label(stage, {by: place, "item": ""}, by), 30.0) for place in wide.index],
            wide[[x, y]].to_numpy(),
            line,
        )
    _number_axis(what, axes, x)
    axes.yaxis.set_major_formatter(lambda value, _: w.number(value, _digits(axes.get_ylim())))
    axes.set_ylabel(what.word("up", y))
    shown = found[(found["statistic"] == y) & found[by].isin(wide.index)]
    return _figure(what, "scatter", shown, fig, by)


def _beside(axes: Any, names: list[str], points: Any, line: bool) -> None:
    """Name points, each where neither another's name nor another point stands, nor the line of equal values."""
    equal = (
        np.repeat(np.linspace(points.min(), points.max(), 60), 2).reshape(-1, 2) if line else np.empty((0, 2))
    )
    never = [(x - 1, x + 1, y - 1, y + 1) for x, y in in_points(axes, equal)]
    write_labels(axes, names, points.tolist(), 5.0, never=never, within=_whole(axes))


def _whole(axes: Any) -> tuple[float, float, float, float]:
    """The drawing right of and above the axes' own numbers, in points."""
    wide, high = axes.figure.get_size_inches() * 72
    left, low, _, _ = axes.bbox.extents * 72 / axes.figure.dpi
    return float(left), float(wide), float(low), float(high)


def known_rows(table: pd.DataFrame, where: dict[str, Any]) -> pd.DataFrame:
    """The rows asked for that have a number to draw."""
    found = results.pick(table, **where)
    return found[found["estimate"].notna()]


def nothing(what: Drawn) -> Any:
    """Say that there is nothing to draw."""
    return blocks.group(say(what.stage.words, "notebook.no_figure", table=what.table))


def label(stage: StageReport, row: dict[Any, Any], by: str) -> str:
    """What a row is called: a unit's name, a group or a statistic in words, else what the file has."""
    value = str(row[by])
    if by == "statistic":
        key = f"office.statistic.{value}"
        return stage.words(key) if stage.words.has(key) else value
    if by in ("reason", "action"):  # of the ledger
        key = f"stages.reason.{value}" if by == "reason" else f"labels.action.{value}"
        return stage.words(key) if stage.words.has(key) else value
    if by == "unit":
        two = (value, str(row["other"])) if row.get("scope") == "pair" else (value,)
        return " – ".join(_unit(stage, one) for one in two)
    return stage.words.label(row["item"], value) if by == "group" and row["item"] else value


def _unit(stage: StageReport, unit: str) -> str:
    return next((one.name for one in stage.survey.units if one.id == unit), unit)


def _ends(found: pd.DataFrame) -> pd.DataFrame:
    """The lines that are drawn: all, or the lowest and the highest."""
    import pandas as pd

    half = MOST_LINES // 2
    return found if len(found) <= MOST_LINES else pd.concat([found.head(half), found.tail(half)])


def _draw_intervals(what: Drawn, rows: pd.DataFrame, labels: list[str], zero: bool) -> Any:
    import seaborn

    style = blocks.style
    left = min(MOST_NAME, max(map(text_mm, labels)) + 3.0)
    fig, axes = _plain(left, high=max(14.0, LINE * len(rows) + 2.0), lines=True)
    up = np.arange(len(rows))
    clear = ((rows["lower"] > 0) | (rows["upper"] < 0)).to_numpy() if zero else np.ones(len(rows), dtype=bool)
    colours = np.where(clear, style.ACCENT, style.GREY)
    if zero:
        axes.axvline(0, color=style.MUTED, lw=0.6)
    axes.hlines(up, rows["lower"], rows["upper"], colors=colours, lw=1.2)
    # `color`, not `c`: with neither hue nor color seaborn draws a second time to learn a default.
    seaborn.scatterplot(x=rows["estimate"].to_numpy(), y=up, color=list(colours), s=12, linewidth=0, ax=axes)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    _names(axes, labels)
    _number_axis(what, axes)
    return fig


def _plain(left: float, high: float = PLAIN_HIGH, *, lines: bool = False) -> tuple[Any, Any]:
    """An empty figure; `lines`: without ticks upwards, where names stand (`_names`)."""
    fig = blocks.style.figure(WIDTH, high + BELOW + 3.0)
    axes = blocks.style.axes_mm(fig, left, BELOW, WIDTH - left - 4.0, high)
    axes.locator_params(axis="x", nbins=6)
    if lines:
        axes.set_yticks([])
    return fig, axes


def _names(axes: Any, names: list[str], most: float = MOST_NAME) -> None:
    """Names of the lines: plain texts, as a tick and its parts cost a large figure more than all it shows."""
    axes.set_yticks([])
    for up, name in enumerate(names):
        axes.annotate(
            fit(name, most - 4.0), (0, up), (-4, 0), xycoords=axes.get_yaxis_transform(),
            textcoords="offset points", ha="right", va="center", annotation_clip=False,
        )  # fmt: skip


def _number_axis(what: Drawn, axes: Any, otherwise: str = "") -> None:
    w = what.stage.words
    axes.xaxis.set_major_formatter(lambda value, _: w.number(value, _digits(axes.get_xlim())))
    axes.set_xlabel(what.word("axis", otherwise or what.statistic))
    axes.set_ylabel("")


def _digits(ends: tuple[float, float]) -> int:
    """Digits of ticks between two ends.

    Examples
    --------
    >>> _digits((0.0, 100.0)), _digits((-3.0, 4.0)), _digits((0.1, 0.4))
    (0, 1, 2)
    """
    span = abs(ends[1] - ends[0])
    return 0 if span > 8 else 1 if span > 0.8 else 2


def _legend(axes: Any) -> None:
    legend = axes.get_legend()
    if legend is not None:
        legend.set_title("")
        legend.set_frame_on(False)


def _figure(what: Drawn, kind: str, found: pd.DataFrame, fig: Any, by: str, **more: str) -> Any:
    """Caption and the words for those who do not see the drawing: how many, the lowest, the highest."""
    w, stage = what.stage.words, what.stage
    estimates = found["estimate"].to_numpy()
    low, high = found.iloc[int(estimates.argmin())], found.iloc[int(estimates.argmax())]
    alt = w(
        "notebook.alt", count=w.integer(len(found)), low=w.number(low["estimate"]), high=w.number(high["estimate"]),
        first=label(stage, low.to_dict(), by), last=label(stage, high.to_dict(), by),
    )  # fmt: skip
    if more:
        alt = f"{alt} {w('notebook.alt_apart', **more)}"
    note = w("notebook.ends", shown=w.integer(MOST_LINES), all=w.integer(len(found))) if (
        kind == "intervals" and len(found) > MOST_LINES
    ) else ""  # fmt: skip
    return blocks.figure(
        fig, key=f"{kind}-{what.table}-{what.statistic}", caption=what.caption, alt=alt, note=note
    )
