"""Reads categories of respondents that were merged or hidden out of everything that is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.statistics.sample.profile import MISSING, OTHER, SEPARATOR

from .solve import WIDTH, Relations

#: Up to four people are told of nowhere.
FEW = 5


def known(responses: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The truth: who is what."""
    return responses[list(names)].astype(object).where(responses[list(names)].notna(), MISSING).astype(str)


class Attack:
    """What can be solved of a family of variables, from the units' counts and the city's.

    The attacker knows more than a reader does: which combinations of categories occur anywhere.
    """

    def __init__(
        self, published: pd.DataFrame, responses: pd.DataFrame, names: Sequence[str], city: Sequence[str]
    ) -> None:
        self.names, self.truth = list(names), known(responses, names)
        self.by = responses["unit"].astype(str)
        self.combinations = sorted(set(self.truth.itertuples(index=False, name=None)))
        counts = published[(published.statistic == "count") & published["item"].isin(self.names)]
        one_way = counts[counts.other == ""]
        self.units = sorted(set(one_way.unit[one_way.scope == "unit"]))
        self.relations = Relations()
        for unit in self.units:
            for q in self.combinations:
                self.relations.unknown((unit, q))
        for k, name in enumerate(self.names):
            rows = one_way[one_way["item"] == name]
            for unit in self.units:
                self._blocks(rows[(rows.scope == "unit") & (rows.unit == unit)], k, [unit])
            self._city(rows, k, [unit for unit in self.units if unit in set(city)])
        self._crossed(counts[counts.other.isin(self.names)])

    def _members(self, k: int, group: str, rows: Sequence[str]) -> list[tuple[str, ...]]:
        """Combinations that a published category holds: the merged one all that is not named."""
        if group != OTHER:
            return [q for q in self.combinations if q[k] == group]
        return [q for q in self.combinations if q[k] == OTHER or q[k] not in rows]

    def _blocks(self, rows: pd.DataFrame, k: int, units: Sequence[str]) -> None:
        shown = list(rows.group)
        for group, value in zip(rows.group, rows.estimate, strict=True):
            if value == value:
                members = self._members(k, group, shown)
                self.relations.add([(u, q) for u in units for q in members], value)
        if OTHER not in shown and len(rows) and rows.estimate.notna().all():
            rest = [q for q in self.combinations if q[k] not in shown]
            if rest:
                self.relations.add([(u, q) for u in units for q in rest], 0)

    def _city(self, rows: pd.DataFrame, k: int, units: Sequence[str]) -> None:
        """The city's counts: of all its people, or of those whom the units show in that category."""
        shown = rows[(rows.scope == "unit") & rows.unit.isin(units)].groupby("group").estimate.sum()
        for group, value in zip(
            rows.group[rows.scope == "city"], rows.estimate[rows.scope == "city"], strict=True
        ):
            if group != OTHER and value != shown.get(group, 0):
                self.relations.add([(u, q) for u in units for q in self._members(k, group, ())], value)

    def _crossed(self, rows: pd.DataFrame) -> None:
        for (unit, first, second), part in rows[rows.scope == "unit"].groupby(["unit", "item", "other"]):
            a, b = self.names.index(first), self.names.index(second)
            cells = part.group.str.split(SEPARATOR, n=1, expand=True, regex=False)
            for one, two, value in zip(cells[0], cells[1], part.estimate, strict=True):
                if value == value:
                    left = self._members(a, one, list(cells[0]))
                    right = set(self._members(b, two, list(cells[1])))
                    self.relations.add([(unit, q) for q in left if q in right], value)
            # A cell that is not listed is of nobody.
            listed = set(part.group)
            for one in set(cells[0]):
                for two in set(cells[1]):
                    if f"{one}{SEPARATOR}{two}" not in listed:
                        right = set(self._members(b, two, list(cells[1])))
                        none = [q for q in self._members(a, one, list(cells[0])) if q in right]
                        if none:
                            self.relations.add([(unit, q) for q in none], 0)

    def small(self) -> Iterator[tuple[str, tuple[str, ...], list]]:
        """Every category, and every combination, that one to four people of a unit have."""
        for unit in self.units:
            rows = self.truth[(self.by == unit).to_numpy()]
            seen = set()
            wanted = [[name] for name in self.names] + ([self.names] if len(self.names) > 1 else [])
            for some in wanted:
                for values, n in rows.groupby(some).size().items():
                    values = values if isinstance(values, tuple) else (values,)
                    places = [self.names.index(name) for name in some]
                    members = [q for q in self.combinations if tuple(q[p] for p in places) == values]
                    key = tuple(members)
                    if n < FEW and key not in seen:
                        seen.add(key)
                        yield unit, values, [(unit, q) for q in members]

    def solved(self) -> Iterator[tuple[str, tuple[str, ...], float, float]]:
        """Small counts that follow, or are confined to fewer than five values."""
        for unit, values, parts in self.small():
            low, high = self.relations.within(dict.fromkeys(parts, 1.0)) or (0.0, 0.0)
            if (low > 0 and high - low < WIDTH) or high - low < WIDTH - 1:
                yield unit, values, low, high
