"""What 4-compare shows: each unit against the others, and which pairs separate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.overview_data import NOTHING, CityReport, known, say

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.stages import StageReport

#: At most this many units, or pairs of units, are listed in full.
MOST_UNITS = 400
MOST_PAIRS = 60


def versus_table(stage: StageReport) -> Any:
    """Return every unit against the others: difference, interval, adjusted p, and the word."""
    w, city = stage.words, stage.city()
    rows = standings.versus_rows(city.table("comparison"))
    rows = rows[rows["estimate"].notna() & rows["unit"].isin(set(city.ranked["unit"]))]
    if not len(rows):
        return blocks.group(say(w, "overview.comparison_none"))
    word = dict(zip(city.ranked["unit"], city.ranked["versus"]))
    rows = rows.sort_values(["estimate", "unit"], ascending=[False, True], kind="stable")
    if len(rows) > MOST_UNITS:
        rows = rows[rows["unit"].map(word).isin(["above", "below"])].head(MOST_UNITS)
    cells = [
        [
            city.names.get(row.unit, row.unit), w.integer(row.n) if known(row.n) else NOTHING,
            w.number(row.estimate), w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
            w.p(row.p_adjusted), w(f"stages.versus.{word.get(row.unit) or 'none'}"),
        ]
        for row in rows.itertuples()
    ]  # fmt: skip
    return blocks.group(
        blocks.table(
            columns=[
                blocks.column("unit", w("overview.col_unit"), width="3fr"),
                blocks.column("n", w("overview.col_n"), numeric=True),
                blocks.column("difference", w("stages.col_difference"), numeric=True),
                blocks.column("interval", w("overview.col_interval"), numeric=True),
                blocks.column("p", w("stages.col_holm"), numeric=True),
                blocks.column("word", w("stages.col_verdict")),
            ],
            rows=cells, caption=w("stages.versus_caption"), key="versus", compact=True,
            note=w("stages.versus_note"),
        )
    )  # fmt: skip


def pairs_table(stage: StageReport) -> Any:
    """Return how many pairs of units separate, within each type, and the widest of them."""
    w, city = stage.words, stage.city()
    pairs = results.pick(city.table("comparison"), scope="pair", statistic="dunn_z")
    shown = set(city.ranked["unit"])
    pairs = pairs[pairs["p_adjusted"].notna() & pairs["unit"].isin(shown) & pairs["other"].isin(shown)]
    if not len(pairs):
        return blocks.group(say(w, "stages.no_pairs"))
    apart = pairs["p_adjusted"] < 0.05
    cells = []
    for group, rows in pairs.groupby("group", sort=True):
        count = int((rows["p_adjusted"] < 0.05).sum())
        cells.append([
            str(group) or w("stages.all_units"), w.integer(len(rows)), w.integer(count),
            w.percent(count / len(rows)),
        ])  # fmt: skip
    made = [
        say(w, "stages.pairs_lead", apart=w.integer(int(apart.sum())), pairs=w.integer(len(pairs))),
        blocks.table(
            columns=[
                blocks.column("group", w("overview.col_type")),
                blocks.column("pairs", w("stages.col_pairs"), numeric=True),
                blocks.column("apart", w("stages.col_apart"), numeric=True),
                blocks.column("share", w("overview.col_percent"), numeric=True),
            ],
            rows=cells,
            caption=w("stages.pairs_caption"),
            key="pairs",
            note=w("stages.pairs_note"),
        ),
    ]
    made.append(_widest(stage, city, pairs[apart]))
    return blocks.group(*made)


def _widest(stage: StageReport, city: CityReport, pairs: pd.DataFrame) -> Any:
    if not len(pairs):
        return None
    w, table = stage.words, city.table("comparison")
    delta = {
        (row.unit, row.other): row
        for row in results.pick(table, scope="pair", statistic="cliff_delta").itertuples()
    }
    value = dict(zip(city.ranked["unit"], city.ranked["ikm"]))
    pairs = pairs.assign(size=pairs["estimate"].abs())
    pairs = pairs.sort_values(["size", "unit", "other"], ascending=[False, True, True]).head(MOST_PAIRS)
    cells = []
    for row in pairs.itertuples():
        # The one with the greater index stands first, whatever the order of the list.
        first, second = sorted((row.unit, row.other), key=lambda unit: -value[unit])
        effect = delta.get((row.unit, row.other))
        cells.append([
            city.names.get(first, first), city.names.get(second, second),
            w.number(value[first] - value[second]),
            w.number(abs(effect.estimate)) if effect is not None else NOTHING, w.p(row.p_adjusted),
        ])  # fmt: skip
    return blocks.table(
        columns=[
            blocks.column("first", w("stages.col_first"), width="2fr"),
            blocks.column("second", w("stages.col_second"), width="2fr"),
            blocks.column("difference", w("stages.col_difference"), numeric=True),
            blocks.column("delta", w("stages.col_delta"), numeric=True),
            blocks.column("p", w("stages.col_holm"), numeric=True),
        ],
        rows=cells, caption=w("stages.widest_caption"), key="widest", compact=True,
        note=w("stages.widest_note", most=w.integer(MOST_PAIRS)),
    )  # fmt: skip
