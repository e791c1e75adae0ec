"""Rows of sums and means below a table: left out when they are, never when a respondent is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.intake.ground.coded import encode
from pipeline.intake.sheets.footers import Table, find
from tests.support.raw_surveys import LABELS, balance, cleaned, csv

RNG = np.random.default_rng(20240305)


def found(rows: list[list[object]], who: bool, high: int = 4) -> tuple[list[int], list[int]]:
    """Give a table of nine unsur, the last rows without anything about a respondent."""
    columns = {f"U{u}": encode([str(row[u]) for row in rows]) for u in range(9)}
    people = sum(len(row) == 10 for row in rows)
    told = encode([f"r{i}" if i < people else "" for i in range(len(rows))])
    found = find(Table(columns, [told] if who else [], np.arange(len(rows)), high))
    return sorted(found.rows), sorted(found.doubts)


def people(n: int) -> list[list[object]]:
    """Return honest answers; the tenth cell marks a respondent."""
    return [[*map(int, RNG.integers(2, 5, 9)), "r"] for _ in range(n)]


def means(rows: list[list[object]]) -> list[float]:
    return [float(np.mean([row[u] for row in rows])) for u in range(9)]


@pytest.mark.parametrize("n", [5, 30, 400])
@pytest.mark.parametrize("who", [True, False])
@pytest.mark.parametrize("factor", ["sum", "mean", "weighted", "index", "all"])
def test_every_multiple_of_the_means_is_a_footer(n: int, who: bool, factor: str):
    rows = people(n)
    mean = means(rows)
    lines = {
        "sum": [round(m * n) for m in mean], "mean": [f"{m:.2f}".replace(".", ",") for m in mean],
        "weighted": [round(m * 0.111, 3) for m in mean], "index": [round(m * 25, 2) for m in mean],
    }  # fmt: skip
    last = list(lines.values()) if factor == "all" else [lines[factor]]
    gone, doubt = found([*rows, *last], who)
    assert gone == list(range(n, n + len(last)))
    assert not doubt


def test_an_honest_last_respondent_is_never_taken_for_a_footer():
    for _ in range(300):
        rows = people(int(RNG.integers(4, 60)))
        assert found(rows, who=True) == ([], [])
        assert found(rows, who=False)[0] == []


def test_a_last_row_without_profile_is_a_respondent_unless_it_is_the_means():
    taken = 0
    for _ in range(300):
        rows = people(30)
        rows[-1] = rows[-1][:9]
        taken += bool(found(rows, who=True)[0])
    assert taken == 0


def test_whole_means_in_a_table_that_names_nobody_count_and_are_said(tmp_path: Path):
    rows = [
        [3, 3, 4, 3, 4, 3, 4, 3, 3],
        [4, 3, 4, 3, 4, 2, 4, 3, 3],
        [3, 3, 3, 3, 4, 3, 4, 4, 3],
        [3, 4, 4, 3, 3, 3, 4, 3, 2],
    ]
    rounded = [round(sum(row[u] for row in rows) / 4) for u in range(9)]
    made = cleaned(tmp_path, {"a.csv": csv(LABELS, *rows, rounded)}, "files:\n- {path: a.csv, unit: a}\n")
    assert len(made.responses) == 5
    assert ["rounded mean of every column" in str(problem) for problem in made.problems] == [True]
    balance(made)


def test_a_table_of_means_is_refused_as_answers(tmp_path: Path):
    files = {
        "rekap.csv": csv(["unit", *LABELS], *[[u, *[3.25 + n / 10 for n in range(9)]] for u in "ab"]),
        "a.csv": csv(["unit", *LABELS], ["a", *[3] * 9]),
    }
    made = cleaned(tmp_path, files)
    assert len(made.responses) == 1
    assert any("holds means, not answers" in str(problem) for problem in made.problems)


def test_respondents_who_say_nothing_of_themselves_are_kept_even_with_a_slip_of_the_keyboard():
    taken, rng = 0, np.random.default_rng(20)
    for _ in range(60):
        n = int(rng.integers(8, 60))
        rows = rng.choice([1, 2, 3, 4], size=(n, 9), p=[0.02, 0.05, 0.63, 0.30])
        rows[rng.integers(n), rng.integers(9)] = 33
        columns = {f"U{u}": encode([str(v) for v in rows[:, u]]) for u in range(9)}
        silent = set(rng.choice(n - 1, 3, replace=False).tolist())
        told = encode(["" if i in silent else f"{i + 1}" for i in range(n)])
        taken += bool(find(Table(columns, [told], np.arange(n), 4)).rows)
    assert taken == 0
