"""The city's and the units' indices beside the official ones: weighted to a register, and allowing for clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.design_words import not_raked, raked_words
from pipeline.report.base.signed import signed
from pipeline.report.data.city import CityReport, first_rows, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.results import Row
    from pipeline.words import Words

NAN = float("nan")
#: Numbers beside a weighted or a clustered index by the name that they are written under: statistic, and method
#: where it is another than the index's.
BESIDE = {
    "shift": ("raking_shift", ""), "deff": ("design_effect", ""), "kish": ("design_effect", "kish"),
    "low": ("weight_smallest", ""), "high": ("weight_largest", ""), "plain": ("ikm_unraked", "equal"),
    "icc": ("cluster_icc", ""),
}  # fmt: skip


def design(city: CityReport) -> list[Any]:
    """Return the sentence and both tables where the definition names a register or clusters; else nothing."""
    made = [of_city(city), raked(city), clustered(city)]
    return [block for block in made if block is not None]


def _numbers(city: CityReport, scope: str) -> dict[tuple[str, str, str], float]:
    """Every number beside an index, by unit, statistic and method."""
    named = {statistic for statistic, _ in BESIDE.values()}
    rows = results.pick(city.table("sampling"), scope=scope, statistic=named)
    return {(row.unit, row.statistic, row.method): row.estimate for row in results.rows_of(rows)}


def _others(numbers: Mapping[tuple[str, str, str], float], unit: str, method: str) -> dict[str, float]:
    """Those of one index."""
    return {
        name: numbers.get((unit, statistic, of or method), NAN) for name, (statistic, of) in BESIDE.items()
    }


def of_city(city: CityReport) -> Any:
    """Say the index of all respondents together, weighted to the city's register, or why there is none."""
    w, row = city.words, city.first("sampling", scope="city", statistic="ikm_raked")
    if row is None:
        return None
    if row.estimate != row.estimate:
        return say(w, "design.raked_not", style="note", **not_raked(w, row))
    others = _others(_numbers(city, "city"), "", "raking")
    words = raked_words(w, city.survey.definition, city.lang, row, others)
    if row.lower != row.lower or city.headline is None:
        return say(w, "design.raked_flat", **words)
    official = w.number(city.headline.estimate)
    return say(w, "design.raked_city", n=w.integer(row.n), official=official, **words)


def _own(city: CityReport) -> dict[str, str]:
    """Interval of each unit's official index, where it has one."""
    rows = results.pick(city.table("index"), scope="unit", service="", item="", statistic="ikm")
    return {
        row.unit: city.words.interval(row.lower, row.upper)
        for row in results.rows_of(rows.drop_duplicates("unit"))
        if row.lower == row.lower
    }


def _rows(city: CityReport, statistic: str) -> tuple[list[Row], Counter[str]]:
    """Units that have the number, with their rows; and how many have none, by reason."""
    rows = results.pick(city.table("sampling"), scope="unit", statistic=statistic)
    every = list(results.rows_of(rows[rows["unit"].isin(set(city.shown["unit"]))]))
    return [row for row in every if row.lower == row.lower], Counter(
        r.reason for r in every if r.lower != r.lower
    )


def _note(city: CityReport, key: str, refused: Counter[str]) -> str:
    """The note of a table, and for how many units there is no number, by reason."""
    w, told = city.words, [city.words(f"design.{key}_note")]
    for reason, count in sorted(refused.items()):
        told.append(w("design.refused", units=w.integer(count), reason=w.label("reason", reason)))
    return " ".join(told)


def raked(city: CityReport) -> Any:
    """Return units with a register: official index, weighted one, what the weights cost."""
    w, (rows, refused) = city.words, _rows(city, "ikm_raked")
    numbers, cells = _numbers(city, "unit"), []
    for row in rows:
        other = _others(numbers, row.unit, "raking")
        cells.append([
            city.names.get(row.unit, row.unit), w.number(other["plain"]), w.number(row.estimate),
            w.interval(row.lower, row.upper), signed(w, other["shift"], 2), w.number(other["deff"]),
            w.number(other["kish"]), w.number(other["high"]),
        ])  # fmt: skip
    keys = ("official", "raked", "interval", "shift", "deff", "kish", "largest")
    return _table(city, "raked", cells, keys, refused)


def clustered(city: CityReport) -> Any:
    """Return units and ways answers go together: intervals with and without."""
    w, (rows, refused) = city.words, _rows(city, "ikm_clustered")
    ways = {row.method for row in rows}
    several = len(ways) > 1
    numbers, own, cells = _numbers(city, "unit"), _own(city) if rows else {}, []
    for row in rows:
        other, name = _others(numbers, row.unit, row.method), city.names.get(row.unit, row.unit)
        cells.append([
            f"{name} ({w(f'design.clusters.{row.method}')})" if several else name,
            w.integer(row.denominator), w.interval(row.lower, row.upper), own.get(row.unit, NOTHING),
            w.percent(other["icc"], 1), w.number(other["deff"]),
        ])  # fmt: skip
    said = {} if several or not ways else {"clusters": w(f"design.clusters.{ways.pop()}")}
    return _table(city, "clustered", cells, ("clusters", "interval", "own", "icc", "deff"), refused, said)


def _table(
    city: CityReport,
    key: str,
    cells: list[list[str]],
    columns: Sequence[str],
    refused: Counter[str],
    said: Mapping[str, str] | None = None,
) -> Any:
    """A row a unit; where no unit has the number, the sentence why."""
    w = city.words
    if not cells:
        return say(w, f"design.{key}_none", why=_reasons(w, refused)) if refused else None
    printed, note = first_rows(w, cells, _note(city, key, refused))
    return blocks.table(
        [blocks.column("unit", w("design.col_unit"), width="2fr"),
         *(blocks.column(name, (said or {}).get(name) or w(f"design.col_{name}"), numeric=True) for name in columns)],
        printed, caption=w(f"design.{key}_caption"), key=key, note=note, compact=True,
    )  # fmt: skip


def _reasons(w: Words, refused: Counter[str]) -> str:
    return w.join(
        [f"{w.label('reason', reason)} ({w.integer(count)})" for reason, count in sorted(refused.items())]
    )
