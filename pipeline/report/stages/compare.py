"""What 4-compare shows: each unit against the others, and which pairs separate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.base.margin import margin_words
from pipeline.report.city.funnel import difference_cells, difference_columns
from pipeline.report.data.city import CityReport, say

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.stage import StageReport

#: At most this many units, or pairs of units, are listed in full.
MOST_UNITS = 400
MOST_PAIRS = 60


def versus_table(stage: StageReport) -> Any:
    """Return every unit against the others: difference, the interval that decided, p, and both words."""
    w, city = stage.words, stage.city()
    rows = standings.difference_rows(city.table("verdicts"))
    rows = rows[(rows["text"] != "") & rows["unit"].isin(set(city.ranked["unit"]))]
    if not len(rows):
        return blocks.group(say(w, "overview.comparison_none"))
    rows = rows.sort_values(["estimate", "unit"], ascending=[False, True], kind="stable")
    if len(rows) > MOST_UNITS:
        rows = rows[rows["text"].isin(["above", "below"])].head(MOST_UNITS)
    return blocks.group(
        blocks.table(
            columns=difference_columns(w, "1.6fr"),
            rows=difference_cells(city, rows), caption=w("stages.versus_caption"), key="versus", compact=True,
            note=w("stages.versus_note") + " " + margin_words(w, city.context),
        )
    )  # fmt: skip


def pairs_table(stage: StageReport) -> Any:
    """Return how many pairs of units can be told apart, in the city and its types, and the widest of them."""
    w, city = stage.words, stage.city()
    table = city.table("verdicts")
    counts = results.pick(table, statistic="pairs_separated")
    counts = counts[counts["estimate"].notna()].sort_values("group", kind="stable")
    if not len(counts):
        return blocks.group(say(w, "stages.no_pairs"))
    cells = [
        [
            str(row.group) or w("stages.all_units"), w.integer(row.denominator), w.integer(row.numerator),
            w.percent(row.estimate),
        ]
        for row in results.rows_of(counts)
    ]  # fmt: skip
    first = counts.iloc[0]
    made = [
        say(w, "stages.pairs_lead", apart=w.integer(first["numerator"]), pairs=w.integer(first["denominator"]))
        if first["group"] == "" else None,
        blocks.table(
            columns=blocks.columns(
                w, group=("overview.col_type", ""), pairs="stages.col_pairs", apart="stages.col_apart",
                share="overview.col_percent",
            ),
            rows=cells, caption=w("stages.pairs_caption"), key="pairs", note=w("stages.pairs_note"),
        ),
    ]  # fmt: skip
    shown = set(city.ranked["unit"])
    pairs = results.pick(city.table("comparison"), scope="pair", statistic="games_howell")
    pairs = pairs[pairs["unit"].isin(shown) & pairs["other"].isin(shown)]
    made.append(_widest(stage, city, pairs[(pairs["lower"] > 0) | (pairs["upper"] < 0)]))
    return blocks.group(*made)


def _widest(stage: StageReport, city: CityReport, pairs: pd.DataFrame) -> Any:
    if not len(pairs):
        return None
    w = stage.words
    pairs = pairs.assign(size=pairs["estimate"].abs())
    pairs = pairs.sort_values(["size", "unit", "other"], ascending=[False, True, True]).head(MOST_PAIRS)
    cells = []
    for row in results.rows_of(pairs):
        # The higher one stands first, whatever the order of the list.
        higher = row.estimate > 0
        first, second = (row.unit, row.other) if higher else (row.other, row.unit)
        low, high = (row.lower, row.upper) if higher else (-row.upper, -row.lower)
        cells.append([
            city.names.get(first, first), city.names.get(second, second), w.number(abs(row.estimate)),
            w.interval(low, high), w.p(row.p_adjusted),
        ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, first=("stages.col_first", "2fr"), second=("stages.col_second", "2fr"),
            difference="stages.col_difference", interval="stages.col_simultaneous",
            p="stages.col_games_howell",
        ),
        rows=cells, caption=w("stages.widest_caption"), key="widest", compact=True,
        note=w("stages.widest_note", most=w.integer(MOST_PAIRS)),
    )  # fmt: skip
