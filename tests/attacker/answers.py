"""Reads answers that are hidden (a unit, a service, an unsur of few) out of every sum that is published.

The unknowns are how often each answer was given. The attacker knows more than a reader does: the number of
people behind every hidden cell, and exactly whose answers a figure of several units holds. The latter is found
by trying: whichever set of people gives the published number is the set.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline import results
from pipeline.statistics.data.small_cells import few_answered
from pipeline.steps import Answers

from . import cities
from .cities import ITEMS
from .solve import Relations

FEW = 5
LEVELS = (1, 2, 3, 4)
#: An index that is confined to fewer points than this is found; a sum of one unsur, to less than a step each.
POINTS = 10
#: Figures of one item that are counts of answers, and of which.
COUNTS = {"nrr": None, **{f"share_{k}": (k,) for k in LEVELS}, "top_box": (4,), "bottom_2": (1, 2)}


class Attack:
    """Everything published of one city's answers, and what is hidden in it."""

    def __init__(self, data: Answers, index: pd.DataFrame) -> None:
        self.data, self.index = data, index
        frame = data.responses
        self.by, self.service = frame["unit"].astype(str).to_numpy(), frame["service"].astype(str).to_numpy()
        self.x = frame[ITEMS].astype("float64").to_numpy()
        self.units = sorted(set(self.by))
        self.n = {u: (~np.isnan(self.x[self.by == u])).sum(0) for u in self.units}
        self.relations, self.alone, self.own = Relations(), Relations(), Relations()
        self.unexplained: list[str] = []
        for u in self.units:
            self._unit(u)
        for scope, label in (("city", ""), ("type", "group"), ("parent", "unit")):
            for name, rows in self._wide(scope, label):
                self._several(name, rows, self._candidates(scope, name))

    def _count(self, unit: str, service: str, j: int, level: int) -> int:
        here = (self.by == unit) & (self.service == service)
        return int((self.x[here, j] == level).sum())

    def _services(self, unit: str) -> list[str]:
        return sorted(set(self.service[self.by == unit]))

    def cells(self, unit: str, j: int, levels: Iterable[int] = LEVELS, service: str = "") -> list:
        """Unknowns of an unsur of a unit, or of one of its services."""
        named = [service] if service else self._services(unit)
        return [(unit, s, j, level) for s in named for level in levels]

    def _sum(self, cells: Iterable[tuple], factor: float = 1.0) -> dict[tuple, float]:
        return {cell: factor * cell[3] for cell in cells}

    def _unit(self, unit: str) -> None:
        for s in self._services(unit):
            here = (self.by == unit) & (self.service == s)
            for j in range(len(ITEMS)):
                n = float((~np.isnan(self.x[here, j])).sum())
                for relations in (self.relations, self.alone, self.own):
                    for cell in self.cells(unit, j, service=s):
                        relations.unknown(cell, 0, float(here.sum()))
                    relations.add(self.cells(unit, j, service=s), n)
        rows = self.index[(self.index.unit == unit) & self.index.scope.isin(["unit", "service"])]
        rows = rows[rows.numerator.notna()]
        for row in rows[rows["item"] == ""].itertuples():
            if row.statistic == "ikm":
                self._index(row, unit, row.service)
            elif row.statistic in ("top_box", "bottom_2"):
                every = [c for j in range(len(ITEMS)) for c in self.cells(unit, j, COUNTS[row.statistic])]
                self.relations.add(every, float(row.numerator))
        for row in rows[rows["item"].isin(ITEMS) & rows.statistic.isin(list(COUNTS))].itertuples():
            cells, levels = (
                self.cells(unit, ITEMS.index(row.item), service=row.service),
                COUNTS[row.statistic],
            )
            parts = (
                self._sum(cells)
                if levels is None
                else dict.fromkeys((c for c in cells if c[3] in levels), 1.0)
            )
            self.relations.add(parts, float(row.numerator))
            if not row.service:
                self.alone.add(parts, float(row.numerator))
                self.own.add(parts, float(row.numerator))

    def _index(self, row: object, unit: str, service: str) -> None:
        here = (self.by == unit) & ((self.service == service) | (service == ""))
        n = (~np.isnan(self.x[here])).sum(0)
        parts: dict[tuple, float] = {}
        for j in range(len(ITEMS)):
            if n[j]:
                parts |= self._sum(self.cells(unit, j, service=service), 1 / n[j])
        value = row.numerator / row.denominator / 25 * len(ITEMS)
        self.relations.add(parts, value)
        if not service:
            self.own.add(parts, value)

    def _wide(self, scope: str, label: str) -> Iterator[tuple[str, pd.DataFrame]]:
        rows = self.index[(self.index.scope == scope) & self.index["item"].isin(ITEMS)]
        if not label:
            yield "", rows
            return
        for name, part in rows.groupby(label, observed=True):
            yield str(name), part

    def _candidates(self, scope: str, name: str) -> list[list[str]]:
        """Sets of units that a figure may be of: those it should be of, and those it should not."""
        if scope == "city":
            inside = set(self.units)
        elif scope == "type":
            inside = {u for u in self.units if self.data.survey.unit(u).type == name}
        else:
            inside = set(self.data.agencies[name])
        valid = {u: int((~np.isnan(self.x[self.by == u])).any(1).sum()) for u in self.units}
        least = [[u for u in self.units if u in inside and valid[u] >= m] for m in (30, 5, 1)]
        return [units for place, units in enumerate(least) if units and units not in least[:place]]

    def _several(self, name: str, rows: pd.DataFrame, candidates: list[list[str]]) -> None:
        n = np.array([self.n[u] for u in self.units])
        mean = np.array([np.nansum(self.x[self.by == u], axis=0) for u in self.units]) / np.maximum(n, 1)
        few = dict(zip(self.units, few_answered(n, mean, (1, 4)), strict=True))
        for row in rows[rows.statistic.isin(list(COUNTS)) & rows.estimate.notna()].itertuples():
            j, mean = ITEMS.index(row.item), row.method == "mean-of-units"
            for units in candidates:
                for some in ([u for u in units if not few[u][j]], units):
                    asked = [u for u in some if self.n[u][j]]
                    parts, value = self._figure(row, asked, j, mean)
                    true = sum(w * self._count(*cell) for cell, w in parts.items())
                    if parts and abs(true - value) < 1e-9 * max(1, abs(value)):
                        self.relations.add(parts, value)
                        break
                else:
                    continue
                break
            else:
                self.unexplained.append(f"{name} {row.statistic} {row.item} {row.method}")

    def _figure(self, row: object, units: list[str], j: int, mean: bool) -> tuple[dict[tuple, float], float]:
        levels = COUNTS[row.statistic] or LEVELS
        parts: dict[tuple, float] = {}
        for u in units:
            cells = self.cells(u, j, levels)
            weight = 1 / self.n[u][j] if mean else 1.0
            parts |= self._sum(cells, weight) if row.statistic == "nrr" else dict.fromkeys(cells, weight)
        return parts, float(row.estimate) * len(units) if mean else float(row.numerator)

    def secrets(self) -> Iterator[tuple[str, dict[tuple, float], int]]:
        """What one to four people answered: units, services, unsur; and of how many people."""
        for u in self.units:
            size = int((self.by == u).sum())
            for j, item in enumerate(ITEMS):
                if 0 < self.n[u][j] < FEW:
                    yield f"{u} {item}", self._sum(self.cells(u, j)), int(self.n[u][j])
            if size < FEW:
                every = [c for j in range(len(ITEMS)) for c in self.cells(u, j)]
                yield u, self._sum(every), int(self.n[u].sum())
            for s in self._services(u):
                here = (self.by == u) & (self.service == s)
                if not 0 < here.sum() < FEW or here.sum() == size:
                    continue
                n = (~np.isnan(self.x[here])).sum(0)
                every = [c for j in range(len(ITEMS)) for c in self.cells(u, j, service=s)]
                yield f"{u} {s}", self._sum(every), int(n.sum())
                for j, item in enumerate(ITEMS):
                    if n[j]:
                        yield f"{u} {s} {item}", self._sum(self.cells(u, j, service=s)), int(n[j])

    def solved(self) -> Iterator[tuple[str, float, float]]:
        """Hidden sums that follow from what is published, or are confined to little: see `POINTS`.

        Where the rows of the unit's own unsur leave fewer by themselves (nobody of forty answered 1 or 2), a
        sum that is confined no further is not counted; for a service neither what the unit's index leaves:
        four of five people are nearly the unit.
        """
        for name, parts, n in self.secrets():
            low, high = self.relations.within(parts) or (0.0, 0.0)
            if n < FEW and " " in name and name.rsplit(" ", 1)[1] in ITEMS and len(name.split(" ")) == 2:
                low, high = self._one_by_one(parts, n, low, high)
            whole = len({cell[2] for cell in parts}) > 1
            if high - low < (n * POINTS / 25 if whole else n):
                of_service = any(service in name.split(" ") for service in cities.SERVICES)
                least, most = (self.own if of_service else self.alone).within(parts) or (0.0, 0.0)
                if high - low < most - least:
                    yield name, low, high

    def _one_by_one(
        self, parts: Mapping[tuple, float], n: int, low: float, high: float
    ) -> tuple[float, float]:
        """The same where each way in which so few can have answered is tried: they are whole people."""
        fits: list[float] = []
        for some in itertools.product(range(n + 1), repeat=len(LEVELS)):
            total = float(sum(k * level for k, level in zip(some, LEVELS, strict=True)))
            if sum(some) == n and low <= total <= high and total not in fits:
                levels = [
                    ([cell for cell in parts if cell[3] == level], float(k)) for k, level in zip(some, LEVELS)
                ]
                if self.relations.within({}, levels) is not None:
                    fits.append(total)
        return min(fits), max(fits)


def tells_of_few(data: Answers, reliability: pd.DataFrame) -> list[str]:
    """Hidden groups whose sums of squares the city's alpha and its error of measurement give away.

    The variance of totals is known of every unit that is shown, and so is the sum of the variances of its
    unsur: alpha and the error of measurement are functions of the two. What the city's have besides is of
    the units that are not shown.
    """
    frame = data.responses
    x, by = frame[ITEMS].astype("float64").to_numpy(), frame["unit"].astype(str).to_numpy()
    units = sorted(set(by))
    whole = {u: ~np.isnan(x[by == u]).any(axis=1) for u in units}
    valid = {u: int((~np.isnan(x[by == u])).any(1).sum()) for u in units}
    found = results.pick(reliability, scope="city", statistic="alpha", method="jackknife")
    if not len(found) or found.estimate.isna().all():
        return []
    told = set(results.pick(reliability, scope="unit", statistic="alpha", method="jackknife").dropna(
        subset="estimate").unit)  # fmt: skip
    for least in (30, 5, 1):
        for lone in (False, True):
            inside = [u for u in units if valid[u] >= least and (lone or whole[u].sum() >= FEW)]
            rows = np.vstack([x[by == u][whole[u]] for u in inside]) if inside else np.zeros((0, 9))
            if len(rows) < 2:
                continue
            v = rows.var(axis=0, ddof=1).sum() / rows.sum(1).var(ddof=1)
            if abs(9 / 8 * (1 - v) - found.estimate.iloc[0]) < 1e-9:
                hidden = [u for u in inside if u not in told and 0 < whole[u].sum() < FEW]
                return hidden if sum(whole[u].sum() for u in hidden) < FEW or len(hidden) < 2 else []
    return ["the city's alpha is of people that no rule names"]
