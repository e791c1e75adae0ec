"""A column of a table has one source: one statistic that gives every row its number.

For tables whose rows are units, services or unsur. A number that fits some other row, or some other
statistic, is no explanation here, so one changed digit is found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from tests.gate.constants import results_of
from tests.gate.context import Context, Facts, Failure
from tests.gate.page import Passage
from tests.gate.values import Number, numbers

NUMERIC = ("estimate", "lower", "upper", "numerator", "denominator", "n", "df", "p", "p_adjusted")
#: Statistics of which a table prints now one, now the other.
ALIKE = {"dif_uniform": "dif", "dif_nonuniform": "dif", "dif_level": "dif", "dif_r2": "dif"}
#: Fewest rows with a number before a column is asked for its source.
FEWEST = 4
#: Numbers that are no results: ranks printed as one number after another, codes.
PLAIN = {"no"}


class Sources:
    """Every statistic as one vector over the rows' keys."""

    def __init__(self, frame: pd.DataFrame, key: str, factor: float, floor: float) -> None:
        self.factor, self.floor = factor, floor
        kept = [c for c in ("module", "statistic", "service", "group", "item", "other", "method") if c != key]
        frame = frame[frame[key] != ""]
        self.keys = {str(k): i for i, k in enumerate(sorted(frame[key].unique()))}
        where = frame[key].map(self.keys).to_numpy(dtype=int)
        group = frame.groupby(kept, sort=False).ngroup().to_numpy() if len(frame) else np.array([], dtype=int)
        count = int(group.max()) + 1 if len(group) else 0
        names = frame.drop_duplicates(kept)[[c for c in ("module", "statistic", "item") if c != key]]
        self.coarse = names.replace(ALIKE).groupby(list(names.columns), sort=False).ngroup().to_numpy()
        values = np.full((len(NUMERIC), count, max(len(self.keys), 1)), np.nan)
        for place, column in enumerate(NUMERIC):
            values[place, group, where] = frame[column].to_numpy(dtype=float)
        e, lo, up, num, den, n = values[:6]
        with np.errstate(all="ignore"):
            more = np.stack(
                [(up - lo) / 2, num / den, num / n, 1 - e, np.clip(lo, floor, 100), np.clip(up, floor, 100)]
            )
        self.values = np.concatenate([values, more])

    def explain(self, wanted: list[tuple[str, Number]], percent: bool) -> np.ndarray:
        """Which of the numbers the best single source gives (a mask)."""
        places = np.array([self.keys[k] for k, _ in wanted], dtype=int)
        printed = np.array([abs(n.value) for _, n in wanted])
        half = np.array([n.half for _, n in wanted]) * (1 + 1e-6) + 1e-9
        less, more = (np.array([n.bound == sign for _, n in wanted]) for sign in "<>")
        best = np.zeros(len(wanted), dtype=bool)
        if not len(self.coarse):
            return best
        for factor in (100, 1) if percent else (1, self.factor, 100, 1 / self.factor):
            with np.errstate(invalid="ignore"):
                values = np.abs(self.values[:, :, places] * factor)
                if factor == self.factor:
                    values = np.clip(values, self.floor, 100)
                fits = np.abs(values - printed) <= half
                fits |= (less & (values < printed)) | (more & (values > printed))
            merged = np.zeros((len(fits), self.coarse.max() + 1, len(wanted)), dtype=bool)
            for place, one in enumerate(self.coarse):
                merged[:, one] |= fits[:, place]
            flat = merged.reshape(-1, len(wanted))
            top = flat[np.argmax(flat.sum(axis=1))]
            best = top if top.sum() > best.sum() else best
        return best


class Vectors:
    """Sources of a survey by page and kind of key, made when first asked for."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.get = cache(self._get)

    def _get(self, unit: str, key: str) -> Sources:
        tables, scale = self.facts.tables, (self.facts.factor, self.facts.floor)
        if key == "unit":
            return Sources(tables[(tables["scope"] == "unit") & (tables["service"] == "")], "unit", *scale)
        if key == "parent":
            return Sources(tables[tables["scope"] == "parent"], "unit", *scale)
        mine = tables[(tables["unit"] == unit) if unit else (tables["scope"] == "city")]
        if key == "item":
            turned = mine[mine["other"].isin(self.facts.items)]
            mine = pd.concat([mine, turned.rename(columns={"item": "other", "other": "item"})])
            if not unit:
                mine = pd.concat([mine, over_units(self.facts)])
        return Sources(mine, key, *scale)


@lru_cache(maxsize=1)
def over_units(facts: Facts) -> pd.DataFrame:
    """Per unsur: in how many units something holds, and the median over units."""
    tables = facts.tables
    known = tables[(tables["scope"] == "unit") & tables["estimate"].notna()]
    sets = {
        s: set(known.loc[known["statistic"] == s, "unit"]) for s in ("versus_mean", "difference", "rank_low")
    }
    n = known[(known["statistic"] == "n_valid") & (known["module"] == "index")]
    sets["five"], sets["thirty"] = (
        set(n.loc[n["estimate"] >= 5, "unit"]),
        set(n.loc[n["estimate"] >= 30, "unit"]),
    )
    rows = tables[(tables["scope"] == "unit") & (tables["item"] != "")]
    frames = [_counted(rows[rows["unit"].isin(units)], name) for name, units in sets.items()]
    out = pd.concat(frames).reindex(columns=tables.columns)
    text = ["scope", "unit", "service", "group", "other", "text", "reason"]
    return out.assign(**dict.fromkeys(text, ""), **{c: np.nan for c in NUMERIC if c != "estimate"})


def _counted(rows: pd.DataFrame, among: str) -> pd.DataFrame:
    """How many units of some hold what of an unsur, and the median over them."""
    value = rows["estimate"]
    held = {"known": value.notna(), "lowest": value == 1, "three lowest": value <= 3, "weak": value < 0.3,
            **{f"text {t}": rows["text"] == t for t in rows["text"].unique() if t}}  # fmt: skip
    keys = ["module", "statistic", "item"]
    frames = [
        rows[m].groupby(keys).size().rename("estimate").reset_index().assign(method=n)
        for n, m in held.items()
    ]
    none = rows.drop_duplicates(keys)[keys].assign(estimate=0, method="none")
    frames += [rows.groupby(keys)["estimate"].median().reset_index().assign(method="median"), none]
    return pd.concat(frames).assign(method=lambda f: f["method"] + " " + among)


def check(context: Context, vectors: Vectors) -> Iterator[Failure]:
    """Numbers that their column's source does not give."""
    tables: dict[str, list[Passage]] = defaultdict(list)
    for row in context.page.of("row"):
        tables[row.place].append(row)
    for place, rows in tables.items():
        key, keyed = _keys(context, rows)
        if len(keyed) >= FEWEST:
            yield from _table(context, vectors.get(context.unit, key), place, keyed)


def _keys(context: Context, rows: list[Passage]) -> tuple[str, list[tuple[str, Passage]]]:
    """What the rows are about, when it is one kind of thing."""
    facts = context.facts
    units = [(facts.names[r.label], r) for r in rows if r.label in facts.names]
    items = [
        (m.group(1), r)
        for r in rows
        if (m := re.match(r"([A-Z]\d+)\b", r.label)) and m.group(1) in facts.items
    ]
    services = facts.services.get(context.unit, {})
    served = [(services[r.label], r) for r in rows if r.label in services]
    if rows[0].place == "by-parent":
        return "parent", units
    if any(len(r.cells) > 1 and r.cells[1] in facts.names for _, r in units):
        return "pair", []
    kind, best = max((("unit", units), ("item", items), ("service", served)), key=lambda p: len(p[1]))
    return kind, best


def _table(
    context: Context, sources: Sources, place: str, keyed: list[tuple[str, Passage]]
) -> Iterator[Failure]:
    wanted: dict[tuple[int, int], list[tuple[str, Number, Passage]]] = defaultdict(list)
    for key, row in keyed:
        if key not in sources.keys:
            continue
        for column, cell in enumerate(row.cells[1:], start=1):
            for position, number in enumerate(results_of(re.sub(r"\([^)]*\)", "", cell), context.page.lang)):
                wanted[column, position].append((key, number, row))
    for (column, _), cells in wanted.items():
        heads = cells[0][2].heads
        head = heads[column] if column < len(heads) else ""
        if len(cells) < FEWEST or head in PLAIN or _free(context, head, place):
            continue
        if len({n.value for _, n, _ in cells}) == 1:
            continue
        plain = re.sub(r"9[05] ?%", "", head)
        percent = bool(re.search(r"%|persen|percent|share|bagian", plain)) or cells[0][1].percent
        given = sources.explain([(k, n) for k, n, _ in cells], percent)
        for ok, (_, number, row) in zip(given, cells):
            if not ok and not _derived(number, row, context.page.lang):
                yield Failure("number-its-column-does-not-give", f"{context.page.name}.{context.page.lang}",
                              row.text, f"{number.text.strip()} under {head!r} ({place})")  # fmt: skip


def _derived(number: Number, row: Passage, lang: str) -> bool:
    """A sum, difference or share of two other numbers of the row."""
    others = [n.value for c in row.cells[1:] for n in numbers(c, lang) if n.text != number.text]
    return any(
        abs(found - abs(number.value)) <= 3 * number.half
        for a in others
        for b in others
        for found in (abs(a - b), abs(a + b), 100 * a / b if b and number.percent else np.inf)
    )


def _free(context: Context, head: str, place: str) -> bool:
    """Columns of the definition's own numbers, of surveys before this one, and of counts the gate adds up."""
    return bool(re.fullmatch(r"\d{4}.*", head)) or place in {"files", "letters", "answers"}
