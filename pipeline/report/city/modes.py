"""Ways of asking held against one another: what is left between those who answered one way and another."""

from __future__ import annotations

from typing import Any

from pipeline import blocks, results
from pipeline.report.base.signed import signed
from pipeline.report.data.city import CityReport, say


def modes(city: CityReport) -> list[Any]:
    """Return the sentence, the table, and why some pairs are not compared; nothing where there is one way."""
    w = city.words
    rows = list(
        results.rows_of(results.pick(city.table("adjustment"), scope="city", statistic="mode_gap_adjusted"))
    )
    told = [row for row in rows if row.lower == row.lower]
    made: list[Any] = []
    if told:
        apart = sum(row.text == "apart" for row in told)
        made = [
            say(w, "design.modes_lead", pairs=w.integer(len(told)), apart=w.integer(apart)),
            _table(city, told),
        ]
    refused: dict[str, list[str]] = {}
    for row in rows:
        if row.lower != row.lower:
            pair = f"{w.label('mode', row.group)} – {w.label('mode', row.other)}"
            refused.setdefault(row.reason, []).append(pair)
    made += [
        say(w, "design.modes_not", style="note", pairs="; ".join(pairs), reason=w.label("reason", reason))
        for reason, pairs in refused.items()
    ]
    return made


def _table(city: CityReport, rows: list[results.Row]) -> Any:
    w, table = city.words, city.table("adjustment")
    plain = {
        (r.group, r.other): r.estimate for r in results.rows_of(results.pick(table, statistic="mode_gap"))
    }
    held = list(dict.fromkeys(results.pick(table, scope="city", statistic="coefficient")["item"]))
    names = w.join([w(f"design.trait.{name}") for name in held if name != "mode"])
    cells = [
        [f"{w.label('mode', row.group)} – {w.label('mode', row.other)}", signed(w, row.estimate, 2),
         w.interval(row.lower, row.upper), w.p(row.p_adjusted), signed(w, plain[row.group, row.other], 2),
         w.integer(row.numerator), w.integer(row.n)]
        for row in rows
    ]  # fmt: skip
    keys = ("mode_gap", "interval", "p", "mode_plain", "units", "n")
    return blocks.table(
        [blocks.column("pair", w("design.col_pair"), width="2fr"),
         *(blocks.column(key, w(f"design.col_{key}"), numeric=True) for key in keys)],
        cells, caption=w("design.modes_caption"), key="modes", compact=True,
        note=w("design.modes_note", held=w("design.modes_held", names=names) if names else ""),
    )  # fmt: skip
