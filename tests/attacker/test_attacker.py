"""A reader who solves what is published finds nobody; of what used to be published he does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("seed", range(3))
def test_no_category_of_few_follows_from_the_profiles(tmp_path: Path, seed: int) -> None:
    assert of_profiles(tmp_path, seed) == []


@pytest.mark.parametrize("seed", [1, 5])
def test_no_answers_of_few_follow_from_the_indices(tmp_path: Path, seed: int) -> None:
    assert of_answers(tmp_path, seed) == []


@pytest.mark.parametrize("seed", range(2))
def test_the_citys_consistency_holds_no_unit_that_is_not_shown(tmp_path: Path, seed: int) -> None:
    data = cities.city(tmp_path, seed, 5)
    assert answers.tells_of_few(data, cities.published(data, ["index", "reliability"])["reliability"]) == []


@pytest.mark.parametrize("plant", old.PROFILES)
def test_the_attacker_finds_what_profiles_used_to_give_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    assert any(of_profiles(tmp_path / str(seed), seed) for seed in range(8))


@pytest.mark.parametrize("plant", old.ANSWERS)
def test_the_attacker_finds_what_indices_used_to_give_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    plant(monkeypatch)
    assert any(of_answers(tmp_path / str(seed), seed) for seed in range(8))


def test_the_attacker_finds_a_unit_in_the_citys_consistency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.everyone(monkeypatch)
    found = []
    for seed in range(6):
        data = cities.city(tmp_path / str(seed), seed, 5)
        found += answers.tells_of_few(data, cities.published(data, ["index", "reliability"])["reliability"])
    assert any(unit.startswith("unit-") for unit in found)
