"""What used to be published, to see that the attacker finds what it gave away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.statistics.data import merged_categories, small_cells
from pipeline.statistics.data.grouped import Grouped
from pipeline.statistics.disclosure import suppression as disclosure
from pipeline.statistics.index import aggregate
from pipeline.statistics.sample import profile
from pipeline.steps import Answers


def everyone(patch: pytest.MonkeyPatch) -> None:
    """The city's consistency is of all respondents, also of units of one to four."""
    patch.setattr(Answers, "shown", property(lambda self: replace(self, settled=True)))
    patch.setattr(Grouped, "of", lambda self, counted: self)


def one_beside(patch: pytest.MonkeyPatch) -> None:
    """Beside an unsur that few answered one other is hidden, in the index alone, and the city counts both."""
    patch.setattr(
        aggregate.City, "few", property(lambda self: np.zeros(self.summary.item_n.shape, dtype=bool))
    )
    patch.setattr(disclosure, "hidden_items", lambda index, scale: frozenset())


def lone_service(patch: pytest.MonkeyPatch) -> None:
    """A second service is hidden beside exactly one small one; the unsur of all services are told."""

    def old(services: Any, n_min: int) -> set[tuple[str, ...]]:
        small = set(services[services < n_min].index)
        for _, part in services.groupby(level="unit", sort=False):
            if (part < n_min).sum() == 1 and len(part) > 1:
                small.add(part[part >= n_min].idxmin())
        return small

    patch.setattr(disclosure, "_next_services", old)
    patch.setattr(
        disclosure, "_service_items", lambda table, services, n_min: np.zeros(len(table), dtype=bool)
    )


def missing_apart(patch: pytest.MonkeyPatch) -> None:
    """Who stated nothing is counted apart, however few; each variable is merged by itself."""

    def merged(self: merged_categories.Family, counts: np.ndarray | None = None) -> list[np.ndarray]:
        counts, out = self.counts if counts is None else counts, []
        for k, ids in enumerate(self.ids):
            known = np.array([name != merged_categories.MISSING for name in ids])
            mask, place = (
                np.zeros((len(counts), len(ids)), dtype=bool),
                [i for i in ids if i != merged_categories.MISSING],
            )
            one_way = self.one_way(k, counts)[:, known]
            mask[:, known] = small_cells.merged_categories(one_way, place.index(merged_categories.OTHER))
            out.append(mask)
        return out

    patch.setattr(merged_categories.Family, "merged", merged)
    patch.setattr(profile, "families", lambda found: [(name,) for name in found])


def city_in_full(patch: pytest.MonkeyPatch) -> None:
    """The city counts every category of five people or more in full."""

    def of_city(family: merged_categories.Family, chosen: Any, counted: np.ndarray) -> list[np.ndarray]:
        total = family.counts[counted].sum(0, keepdims=True)
        merged = family.merged(total)
        return [
            merged_categories.folded(
                family.one_way(k, total), mask, family.ids[k].index(merged_categories.OTHER), 1
            )
            for k, mask in enumerate(merged)
        ]

    patch.setattr(profile, "of_city", of_city)


def two_a_line(patch: pytest.MonkeyPatch) -> None:
    """In a crossed table two hidden cells of each line are thought enough."""
    patch.setattr(small_cells, "_by_rectangles", lambda flat, hidden, n_min: None)


PROFILES: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (missing_apart, city_in_full)
ANSWERS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (one_beside, lone_service)
