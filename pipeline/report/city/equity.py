"""Are some groups of citizens served less well, and what is left when respondents are made alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit
from pipeline.report.base.forest import Estimate, beside, forest, heading
from pipeline.report.base.margin import margin_words
from pipeline.report.base.signed import signed
from pipeline.report.city import titles
from pipeline.report.city.counts import counts_of
from pipeline.report.city.modes import modes
from pipeline.report.data.city import CityReport, absent, known, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

#: Units whose rank moves by so much are named in the table of adjusted means.
MOVED = 5
MOST_ROWS = 20
NAN = float("nan")
#: R14's four words of a difference, for groups as for units.
WORDS = ("above", "below", "equivalent", "undecided")


def equity(city: CityReport) -> Any:
    """Return the gaps between groups of respondents, raw and within units."""
    w, table = city.words, city.table("equity")
    rows = results.pick(table, scope="city", statistic="gap")
    rows = rows[rows["estimate"].notna()]
    if not len(rows):
        return absent(city, "compare.equity_none")
    within = {
        (r.item, r.group): r
        for r in results.rows_of(results.pick(table, scope="city", statistic="gap_adjusted"))
    }
    varied = {
        (r.item, r.group): r
        for r in results.rows_of(results.pick(table, scope="city", statistic="interaction"))
    }
    counts = {word: w.integer(n) for word, n in counts_of(rows["text"], WORDS).items()}
    made: list[Any] = [
        say(w, "compare.equity_lead", groups=w.integer(len(rows)),
            margin=margin_words(w, city.context), **counts),
        blocks.figure(
            draw(city, rows, within), key="equity", caption=w("compare.equity_caption"), alt=alt(city, rows),
            title=titles.groups(city, rows),
            narrow=draw(city, rows, within, narrow=True), note=w("compare.equity_note"),
            reading=[(w(f"overview.reading.{part}"), w(f"compare.equity_reading.{part}"))
                     for part in ("shown", "good", "attention", "do")],
        ),
        gap_table(city, rows, within),
        varied_table(city, rows, varied),
    ]  # fmt: skip
    return blocks.group(*made)


def group_name(city: CityReport, row: Any) -> str:
    """Name of a group of respondents."""
    return str(city.words.label(row.item, row.group))


def draw(city: CityReport, rows: pd.DataFrame, within: dict[Any, Any], narrow: bool = False) -> Any:
    """Draw each group's gap to the rest with its interval; hollow: within units."""
    style, w = blocks.style, city.words
    width, names = (85.0, 32.0) if narrow else (style.TEXT_WIDTH_MM, 58.0)
    row_mm, right = 4.4, 13.0
    kinds = list(dict.fromkeys(rows["item"]))
    height = row_mm * (len(rows) + 1.2 * len(kinds))
    fig = style.figure(width, height + 9)
    axes = style.axes_mm(fig, names, 8, width - names - right, height)
    style.bare(axes)
    margin = float(city.survey.definition.equivalence_margin)
    axes.axvspan(-margin, margin, color=style.band_colours["other"], lw=0)
    at, drawn = 0.0, []
    for kind in kinds:
        heading(axes, at, w(f"compare.attribute.{kind}"), names, width - names - right)
        at += 1
        for row in results.rows_of(rows[rows["item"] == kind]):
            apart = row.text in ("above", "below")
            colour = style.INK if apart else style.GREY
            drawn.append(Estimate(at, row.estimate, row.lower, row.upper, colour))
            other = within.get((row.item, row.group))
            if other is not None and known(other.estimate):
                drawn.append(Estimate(at, other.estimate, NAN, NAN, colour, hollow=True))
            beside(axes, at, fit(group_name(city, row), names - 3), signed(w, row.estimate))
            at += 1
        at += 0.2
    forest(axes, drawn)
    axes.axvline(0, color=style.INK, lw=0.8)
    axes.set_ylim(at - 0.4, -0.8)
    axes.set_yticks([])
    low, high = axes.get_xlim()
    marks = [m for m in (-10, -5, 0, 5, 10) if low <= m <= high]
    axes.set_xticks(marks, [signed(w, m, 0) for m in marks])
    return fig


def alt(city: CityReport, rows: pd.DataFrame) -> str:
    """Say the gap of each group."""
    w = city.words
    told = [
        f"{group_name(city, r)} {signed(w, r.estimate)} ({w(f'compare.difference.{r.text}')})"
        for r in results.rows_of(rows)
    ]
    return w("compare.equity_alt", gaps=w.join(told))


def gap_table(city: CityReport, rows: pd.DataFrame, within: dict[Any, Any]) -> Any:
    """List the gaps with verdicts, and the gap within units."""
    w = city.words
    cells = []
    for row in results.rows_of(rows):
        other = within.get((row.item, row.group))
        cells.append([
            f"{w('compare.attribute.' + row.item)}: {group_name(city, row)}", w.integer(row.n),
            signed(w, row.estimate, 2), w.interval(row.lower, row.upper), w.p(row.p_adjusted),
            w(f"compare.difference.{row.text}"),
            signed(w, other.estimate, 2) if other is not None and known(other.estimate) else NOTHING,
        ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, group=("compare.col_people", "3fr"), n="overview.col_n", gap="compare.col_gap_rest",
            interval="overview.col_interval", p="compare.col_p_holm", word=("stages.col_verdict", ""),
            within="compare.col_within",
        ),
        rows=cells, caption=w("compare.equity_table"), key="equity-table", compact=True,
        note=w("compare.equity_table_note"),
    )  # fmt: skip


def varied_table(city: CityReport, rows: pd.DataFrame, varied: dict[Any, Any]) -> Any:
    """List whether each gap varies between units, with the p that this word comes from."""
    w = city.words
    cells = []
    for row in results.rows_of(rows):
        spread = varied.get((row.item, row.group))
        if spread is None or not known(spread.estimate):
            continue
        cells.append([
            f"{w('compare.attribute.' + row.item)}: {group_name(city, row)}", w.integer(spread.numerator),
            w.number(spread.estimate, 1), w.p(spread.p_adjusted), w(f"compare.varied.{spread.text}"),
        ])  # fmt: skip
    if not cells:
        return None
    return blocks.table(
        columns=blocks.columns(
            w, group=("compare.col_people", "3fr"), units="overview.col_units", sd="compare.col_varied",
            p="compare.col_p_holm", word=("stages.col_verdict", ""),
        ),
        rows=cells, caption=w("compare.varied_caption"), key="equity-varied", compact=True,
        note=w("compare.varied_note"),
    )  # fmt: skip


def adjustment(city: CityReport) -> Any:
    """Return unit means as if every unit had the same respondents, then ways of asking held against one another."""
    return blocks.group(adjusted(city), modes(city))


def adjusted(city: CityReport) -> Any:
    """Return unit means as if every unit had the same respondents, beside the plain ones."""
    w, table = city.words, city.table("adjustment")
    shown = set(city.ranked["unit"])
    after = results.pick(table, scope="unit", statistic="adjusted")
    after = after[after["estimate"].notna() & after["unit"].isin(shown)]
    held = list(dict.fromkeys(results.pick(table, scope="city", statistic="coefficient")["item"]))
    # Without an attribute there is nothing that was held equal: the numbers would only repeat the ranking.
    if not len(after) or not held:
        return absent(city, "compare.adjusted_none")
    before = {
        r.unit: r.estimate for r in results.rows_of(results.pick(table, scope="unit", statistic="unadjusted"))
    }
    shift = {
        r.unit: r.estimate for r in results.rows_of(results.pick(table, scope="unit", statistic="rank_shift"))
    }
    together = city.first("adjustment", scope="city", statistic="correlation")
    ordered = city.first("adjustment", scope="city", statistic="ordinal_correlation")
    moved = sum(1 for u in after["unit"] if known(shift.get(u)) and abs(shift[u]) >= MOVED)
    names = w.join([w(f"compare.attribute.{name}").lower() for name in held])
    between = city.first("adjustment", scope="city", statistic="tau2")
    if between is not None and between.estimate == 0:
        # Every unit is the mean then: a table of one number says no more than this sentence.
        return say(w, "compare.adjusted_same", held=names, units=w.integer(len(after)))
    made: list[Any] = [
        say(w, "compare.adjusted_lead", held=names,
            correlation=NOTHING if together is None else w.number(together.estimate, 3),
            moved=w.integer(moved), most=w.integer(MOVED), units=w.integer(len(after))),
    ]  # fmt: skip
    if ordered is not None and known(ordered.estimate):
        made.append(say(w, "compare.adjusted_ordinal", correlation=w.number(ordered.estimate, 3)))
    rows = after.assign(change=[row.estimate - before[row.unit] for row in results.rows_of(after)])
    rows = rows.reindex(rows["change"].abs().sort_values(ascending=False, kind="stable").index).head(
        MOST_ROWS
    )
    cells = [
        [city.names.get(r.unit, r.unit), w.number(before[r.unit]), w.number(r.estimate),
         w.interval(r.lower, r.upper) if known(r.lower) else NOTHING,
         signed(w, change, 2)]
        for r, change in zip(results.rows_of(rows), rows["change"])
    ]  # fmt: skip
    made.append(
        blocks.table(
            columns=blocks.columns(
                w, unit=("overview.col_unit", "3fr"), plain="compare.col_plain",
                adjusted="compare.col_adjusted", interval="overview.col_interval",
                change="compare.col_change",
            ),
            rows=cells, caption=w("compare.adjusted_caption"), key="adjusted",
            note=w("compare.adjusted_note", most=w.integer(MOST_ROWS)), compact=True,
        )
    )  # fmt: skip
    return blocks.group(*made)
