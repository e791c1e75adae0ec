"""Which units differ from the others, and whose gap is out of the ordinary (R14): table and funnel.

Two questions, two sets of words. Limits, points, table and sentence come from the same rows of the
verdicts; the letter is another matter and shares neither colour nor symbol with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.base.figure_text import fit
from pipeline.report.base.forest import EDGE
from pipeline.report.base.margin import margin_words
from pipeline.report.city import titles
from pipeline.report.city.counts import counts_of, versus_counts
from pipeline.report.data.city import CityReport, absent, first_rows, known, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.statistics.data.grouped import Array
    from pipeline.words import Words

#: Panels of one figure, and units whose names are written beside their points: the farthest, and nobody's
#: in a crowd, where names would cover one another (table and alternative text hold them).
MOST_PANELS, MOST_NAMED, CROWD = 6, 12, 36
ORDER = ("below", "above")
#: Of more points than this in a panel, those that would lie on one another (within so many mm) are drawn once.
MOST_POINTS, CELL_MM = 2_000, 0.8


def bands(city: CityReport) -> Any:
    """Return who is shown above or below the others, then whose gap is out of the ordinary."""
    return blocks.group(*differences(city), *gaps(city))


def differences(city: CityReport) -> list[Any]:
    """Axis two: how many units have each word, the margin of equivalence, and the units that differ."""
    w, rows = city.words, shown(city, standings.difference_rows(city.table("verdicts")))
    counts = versus_counts(city.ranked)
    if not sum(counts.values()):
        return [absent(city, "compare.difference_none")]
    lead = say(w, "compare.difference_lead", units=w.integer(sum(counts.values())),
               **{word: w.integer(count) for word, count in counts.items()})  # fmt: skip
    made: list[Any] = [lead, blocks.prose(margin_words(w, city.context), style="note")]
    apart = rows[rows["text"].isin(ORDER)]
    if len(apart):
        made.append(table(city, apart))
    return made


def gaps(city: CityReport) -> list[Any]:
    """Axis three: how many gaps are out of the ordinary, and the funnel of every group."""
    w, rows = city.words, judged(city)
    placed = rows[rows["text"] != ""]
    if not len(placed):
        if city.few:
            return []
        none = (
            "compare.bands_unreliable"
            if rows["reason"].eq(standings.UNRELIABLE).any()
            else "compare.bands_none"
        )
        return [say(w, none, units=w.integer(len(rows)))]
    counts = counts_of(placed["text"], standings.UNUSUAL_WORDS)
    weak = int(rows["reason"].eq(standings.UNRELIABLE).sum())
    made: list[Any] = [
        say(w, "compare.bands_lead" if counts["high"] + counts["low"] else "compare.bands_lead_none",
            units=w.integer(len(placed)), **{word: w.integer(count) for word, count in counts.items()}),
    ]  # fmt: skip
    if weak:
        made.append(say(w, "compare.bands_weak", weak=w.integer(weak)))
    panels = groups(city, placed)
    drawn = panels[:MOST_PANELS]
    made.append(
        blocks.figure(
            draw(city, drawn), key="funnel", caption=w("compare.bands_caption"), alt=alt(city, placed),
            title=titles.gaps(city, placed["text"]),
            narrow=draw(city, drawn, narrow=True), note=note(city, panels),
            reading=[(w(f"overview.reading.{part}"), w(f"compare.bands_reading.{part}"))
                     for part in ("shown", "good", "attention", "do")],
        )
    )  # fmt: skip
    return made


def judged(city: CityReport) -> pd.DataFrame:
    """Rows of axis three of the units that may be shown, one each."""
    return shown(city, standings.unusual_rows(city.table("verdicts")))


def shown(city: CityReport, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the units that may be compared, one each."""
    return rows[rows["unit"].isin(set(city.ranked["unit"]))].drop_duplicates("unit")


def groups(city: CityReport, placed: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Units by the group they were held against, the largest first."""
    named = [
        (str(name) or city.words("compare.city_group"), rows.sort_values(["n", "unit"], kind="stable"))
        for name, rows in placed.groupby("group", sort=True)
    ]
    return sorted(named, key=lambda pair: -len(pair[1]))


def draw(city: CityReport, panels: list[tuple[str, pd.DataFrame]], narrow: bool = False) -> Any:
    """Draw a funnel per group: respondents across, difference to the rest up, ordinary range shaded."""
    style, w = blocks.style, city.words
    width = 85.0 if narrow else style.TEXT_WIDTH_MM
    across = 1 if narrow or len(panels) == 1 else min(3, len(panels)) if len(panels) != 4 else 2
    down = -(-len(panels) // across)
    one, tall = width / across, 52.0
    fig = style.figure(width, down * tall + 4)
    top = max(float(rows[["estimate", "upper"]].abs().to_numpy().max()) for _, rows in panels) * 1.15
    outside = [
        (abs(r.estimate), str(r.unit))
        for _, rows in panels
        for r in results.rows_of(rows[rows["text"] != "usual"])
    ]
    named = {unit for _, unit in sorted(outside, reverse=True)[:MOST_NAMED]}
    if len(outside) > CROWD:
        named = set()
    for number, (name, rows) in enumerate(panels):
        column, row = number % across, number // across
        axes = style.axes_mm(fig, column * one + 11, (down - 1 - row) * tall + 11, one - 14, tall - 18)
        style.bare(axes, keep=("bottom",))
        n = rows["n"].to_numpy(dtype=float)
        ends = rows[["n", "lower", "upper"]].drop_duplicates("n").astype(float)
        axes.fill_between(ends["n"], ends["lower"], ends["upper"], color=style.band_colours["other"], lw=0)
        axes.plot(ends["n"], ends["lower"], color=style.GREY, lw=0.7)
        axes.plot(ends["n"], ends["upper"], color=style.GREY, lw=0.7)
        axes.axhline(0, color=style.INK, lw=0.6, ls=(0, (1.5, 1.5)))
        same = rows["text"] == "usual"
        spare = max(4.0, (n.max() - n.min()) * 0.06)
        per_mm = ((n.max() - n.min() + 2 * spare) / (one - 14), 2 * top / (tall - 18))
        x, y = apart(n[same], rows.loc[same, "estimate"].to_numpy(), per_mm)
        _points(axes, x, y, "o", style.GREY, 3.6)
        _points(axes, n[~same], rows.loc[~same, "estimate"].to_numpy(), "D", style.INK, 4.4)
        for unit in results.rows_of(rows[~same]):
            if unit.unit in named:
                flip = unit.n > n.min() + 0.6 * (n.max() - n.min())
                axes.annotate(
                    fit(city.names.get(unit.unit, unit.unit), one * 0.55), (unit.n, unit.estimate),
                    xytext=(-5 if flip else 5, 0), textcoords="offset points", va="center",
                    ha="right" if flip else "left",
                )  # fmt: skip
        axes.set_xlim(max(0.0, n.min() - spare), n.max() + spare)
        axes.set_ylim(-top, top)
        ticks = sorted({int(n.min()), int(n.max())})
        axes.set_xticks(ticks, [w.integer(t) for t in ticks])
        step = 5 if top > 5 else 2 if top > 2 else 1
        marks = [m for m in (-2 * step, -step, 0, step, 2 * step) if abs(m) < top]
        axes.set_yticks(marks, [w.number(m, 0) for m in marks])
        axes.tick_params(axis="y", left=False)
        axes.set_title(fit(name, one - 14), color=style.INK, fontsize=style.FIGURE_PT)
        axes.set(xlabel=w("compare.bands_x"), ylabel="")
    return fig


def _points(axes: Any, x: Array, y: Array, mark: str, colour: str, size: float) -> None:
    """Draw a cloud of one look."""
    import seaborn

    seaborn.scatterplot(
        x=x, y=y, ax=axes, marker=mark, color=colour, s=(size + EDGE) ** 2, linewidth=0, zorder=2.5
    )


def apart(x: Array, y: Array, per_mm: tuple[float, float]) -> tuple[Array, Array]:
    """Return the points of a cloud, of very many only one for each place on paper.

    Examples
    --------
    >>> import numpy as np
    >>> len(apart(np.arange(5.0), np.zeros(5), (1.0, 1.0))[0])
    5
    >>> len(apart(np.repeat(np.arange(5.0), 1000), np.zeros(5000), (1.0, 1.0))[0])
    5
    """
    import numpy as np

    if len(x) <= MOST_POINTS:
        return x, y
    cells = np.column_stack([np.floor(v / (CELL_MM * unit)) for v, unit in zip((x, y), per_mm)])
    first = np.unique(cells, axis=0, return_index=True)[1]
    return x[first], y[first]


def alt(city: CityReport, placed: pd.DataFrame) -> str:
    """Say the figure's numbers: how many gaps are usual, and whose are not."""
    w = city.words
    counts = counts_of(placed["text"], standings.UNUSUAL_WORDS)
    said = w(
        "compare.bands_alt",
        units=w.integer(len(placed)),
        **{word: w.integer(n) for word, n in counts.items()},
    )
    out = placed[placed["text"] != "usual"].sort_values("estimate")
    named = [
        f"{city.names.get(r.unit, r.unit)} {w.number(r.estimate)}"
        for r in results.rows_of(out.head(MOST_NAMED))
    ]
    return said + (" " + w("compare.bands_alt_out", units=w.join(named)) if named else "")


def note(city: CityReport, panels: list[tuple[str, pd.DataFrame]]) -> str:
    """Say what the range holds and where it ends."""
    w = city.words
    said = w("compare.bands_note")
    if any(int((rows["text"] == "usual").sum()) > MOST_POINTS for _, rows in panels[:MOST_PANELS]):
        said += " " + w("compare.bands_thinned")
    if len(panels) > MOST_PANELS:
        said += " " + w("compare.bands_more", drawn=w.integer(MOST_PANELS), groups=w.integer(len(panels)))
    return said


def difference_columns(w: Words, verdict: str) -> list[Any]:
    """Columns of a table of units against the others; how wide the one of the verdict is."""
    return blocks.columns(
        w, unit=("overview.col_unit", "3fr"), group=("compare.col_group", "1.6fr"), n="overview.col_n",
        difference="stages.col_difference", interval="compare.col_interval", p="stages.col_holm",
        word=("stages.col_verdict", verdict), size=("compare.col_unusual", "1.4fr"),
    )  # fmt: skip


def difference_cells(city: CityReport, rows: pd.DataFrame) -> list[list[str]]:
    """A line for each verdict on a difference: the very test, and the size of the gap in a word."""
    w = city.words
    size = dict(zip(city.ranked["unit"], city.ranked["unusual"]))
    return [
        [
            city.names.get(row.unit, row.unit), str(row.group) or w("compare.city_group"),
            w.integer(row.n) if known(row.n) else NOTHING, w.number(row.estimate),
            w.interval(row.lower, row.upper), w.p(row.p_adjusted), w(f"compare.difference.{row.text}"),
            w(f"compare.unusual.{size[row.unit]}") if size.get(row.unit) else NOTHING,
        ]
        for row in results.rows_of(rows)
    ]  # fmt: skip


def table(city: CityReport, apart: pd.DataFrame) -> Any:
    """List the units shown above or below, with the very test and the size of the gap in a word."""
    w = city.words
    rank = {word: place for place, word in enumerate(ORDER)}
    rows = apart.assign(place=apart["text"].map(rank)).sort_values(
        ["place", "estimate", "unit"], kind="stable"
    )
    found = results.pick(city.table("verdicts"), scope="unit", statistic="detectable_difference")
    least = dict(zip(found["unit"], found["estimate"]))
    cells = [
        [*cells, w.number(least[unit], 1) if known(least.get(unit)) else NOTHING]
        for unit, cells in zip(rows["unit"], difference_cells(city, rows))
    ]
    printed, told = first_rows(w, cells, w("compare.difference_table_note"))
    return blocks.table(
        columns=[
            *difference_columns(w, "1.4fr"),
            blocks.column("least", w("compare.col_detectable"), numeric=True),
        ],
        rows=printed, caption=w("compare.difference_table"), key="differences", compact=True, note=told,
    )  # fmt: skip
