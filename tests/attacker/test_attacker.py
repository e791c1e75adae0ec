"""A reader who solves what is published finds nobody; of what used to be published he does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from pipeline.statistics.sample import profile

from . import answers, cities, old, profiles

FAMILIES = (["occupation"], ["disability", "disability_kind"], ["sex", "age_band"])
Plant = Callable[[pytest.MonkeyPatch], None]


def of_profiles(root: Path, seed: int, units: int = 6) -> list[tuple]:
    """Small counts of categories that follow of a random city."""
    data = cities.city(root, seed, units)
    table = cities.published(data, ["index", "profile"])["profile"]
    frame = data.responses
    found = []
    for names in FAMILIES:
        attack = profiles.Attack(table, frame, names, sorted(data.scopes.city))
        found += [(seed, *names, *one) for one in islice(attack.solved(), 3)]
    return found


def of_answers(root: Path, seed: int, units: int = 5) -> list[tuple]:
    """Answers of few that follow of a random city."""
    data = cities.city(root, seed, units)
    attack = answers.Attack(data, cities.published(data, ["index"])["index"])
    # A figure that no set of people gives would be one that was not attacked.
    assert attack.unexplained == []
    return [(seed, *one) for one in islice(attack.solved(), 3)]


@pytest.mark.parametrize("seed", range(2))
def test_no_category_of_few_follows_from_the_profiles(tmp_path: Path, seed: int) -> None:
    assert of_profiles(tmp_path, seed, 4) == []


@pytest.mark.parametrize("seed", [0, 1])
def test_no_answers_of_few_follow_from_the_indices(tmp_path: Path, seed: int) -> None:
    assert of_answers(tmp_path, seed, 3) == []


@pytest.mark.parametrize("seed", [1])
def test_the_citys_consistency_holds_no_unit_that_is_not_shown(tmp_path: Path, seed: int) -> None:
    data = cities.city(tmp_path, seed, 5)
    assert answers.tells_of_few(data, cities.published(data, ["index", "reliability"])["reliability"]) == []


@pytest.mark.parametrize("plant", old.PROFILES)
def test_the_attacker_finds_what_profiles_used_to_give_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    assert of_profiles(tmp_path, 0, 2)


@pytest.mark.parametrize("old_rule", [False, True])
def test_two_hidden_cells_a_line_are_not_enough_and_a_rectangle_is(
    monkeypatch: pytest.MonkeyPatch, old_rule: bool
) -> None:
    if old_rule:
        old.two_a_line(monkeypatch)
    cells = {("male", "17-25"): 4, ("male", "26-35"): 9, ("male", "56+"): 20,
             ("female", "17-25"): 1, ("female", "26-35"): 1, ("female", "56+"): 20}  # fmt: skip
    people = [(sex, age) for (sex, age), n in cells.items() for _ in range(n)]
    frame = pd.DataFrame(people, columns=["sex", "age_band"]).assign(unit="a")
    table = profile.table(frame, "unit", full=False)
    found = list(profiles.Attack(table, frame, ["sex", "age_band"], ["a"]).solved())
    assert bool(found) == old_rule


@pytest.mark.parametrize("plant", old.ANSWERS)
def test_the_attacker_finds_what_indices_used_to_give_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    assert of_answers(tmp_path, 0, 3)


def test_the_attacker_finds_a_unit_in_the_citys_consistency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.everyone(monkeypatch)
    data = cities.city(tmp_path, 1, 5)
    found = answers.tells_of_few(data, cities.published(data, ["index", "reliability"])["reliability"])
    assert "unit-3" in found
