"""Counting several items in one pass gives, to the last bit, what one item at a time gives."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from pipeline.statistics.data.counting import add_up, level_counts
from pipeline.statistics.data.item_weights import ItemLists
from pipeline.statistics.data.levels import Groups, Levels
from pipeline.statistics.data.summary import summarise, without
from pipeline.statistics.integrity.runs import by_group


def _answers(rows: int, items: int, high: int, low: int = 1) -> Levels:
    rng = np.random.default_rng([rows, items, high])
    codes = np.asfortranarray(rng.integers(0, high - low + 2, (rows, items)), dtype=np.uint8)
    return Levels(codes, tuple(f"U{j}" for j in range(items)), low, high)


CASES = [(0, 3, 4, 2), (1, 1, 4, 1), (700, 9, 4, 3), (40_000, 9, 4, 50), (40_000, 7, 10, 5), (300, 2, 200, 4),
         (90, 0, 4, 2), (2_000, 14, 2, 3)]  # fmt: skip


@pytest.mark.parametrize(("rows", "items", "high", "groups"), CASES)
def test_counts_of_joint_items_are_those_of_each_item(rows: int, items: int, high: int, groups: int) -> None:
    answers = _answers(rows, items, high)
    codes = np.random.default_rng(1).integers(0, groups + 1, rows)
    found = level_counts(answers, codes.astype(np.int32), groups)
    wanted = np.zeros((groups, items, answers.count), dtype=np.int64)
    inside = codes < groups
    for j in range(items):
        np.add.at(wanted[:, j], (codes[inside], answers.codes[inside, j]), 1)
    assert found.shape == wanted.shape
    assert (found == wanted).all()


@pytest.mark.parametrize(("rows", "items", "high", "groups"), CASES)
@pytest.mark.parametrize("kind", [float, np.uint8])
def test_looking_up_joint_items_adds_in_the_order_of_the_items(
    rows: int, items: int, high: int, groups: int, kind: type
) -> None:
    answers = _answers(rows, items, high)
    rng = np.random.default_rng(2)
    of = rng.integers(0, groups, rows)
    tables = rng.normal(0, 7, (items, groups, answers.count))
    tables = np.abs(tables).astype(kind) if kind is np.uint8 else tables
    if items > 3:
        tables[2] = 0  # an item that no group asks
    wanted = np.zeros(rows, dtype=kind)
    for j in range(items):
        wanted += tables[j][of, answers.codes[:, j]]
    assert add_up(answers, of, tables, kind).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("share", [0.0, 0.02, 0.6])
def test_a_summary_without_some_rows_is_that_of_the_others(share: float) -> None:
    rng = np.random.default_rng(3)
    answers = _answers(3_000, 9, 4)
    units = Groups(rng.integers(0, 41, 3_000).astype(np.int32), tuple(f"u{i:02d}" for i in range(40)))
    half = {j: Fraction(1, 5) for j in range(5)}
    lists = ItemLists(({j: Fraction(1, 9) for j in range(9)}, half), rng.integers(0, 2, 40), answers.items)
    out = (rng.random(3_000) < share) & (units.codes < 25)
    before = summarise(answers, units, lists, Fraction(25), complete_rows=False)
    kept = Groups(np.where(out, 40, units.codes).astype(np.int32), units.ids)
    wanted = summarise(answers, kept, lists, Fraction(25), complete_rows=False)
    found = without(before, units, out, Fraction(25))
    assert found.exact == wanted.exact
    for name in ("rows", "valid", "complete", "counts", "item_n", "item_sum"):
        assert (getattr(found, name) == getattr(wanted, name)).all(), name
    for name in ("n", "mean", "variance", "third"):
        assert getattr(found.scores, name).tobytes() == getattr(wanted.scores, name).tobytes(), name


@pytest.mark.parametrize(("groups", "span"), [(1, 10), (40, 50), (40, 10**9), (3, 2**62)])
def test_sorting_by_group_is_that_of_a_stable_sort(groups: int, span: int) -> None:
    rng = np.random.default_rng([groups, span % 1000])
    codes, place = rng.integers(0, groups, 900), rng.integers(-(span // 2), span // 2, 900)
    assert by_group(codes, place).tolist() == np.lexsort((place, codes)).tolist()
