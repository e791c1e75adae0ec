"""How often is a city whose units are all equal told that some unit differs? (R14)

    python benchmarks/equal_cities.py [cities] > benchmarks/equal_cities.json

Scores are drawn from one population with the ceiling of a real survey (about a third of the
respondents give only the highest answers). Three worlds: all units equal; one unit three index
points lower; units that truly differ with a standard deviation of three points. Seeded: the
output does not change on the same versions.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from pipeline.statistics import bands, group_tests, rank_sets
from pipeline.statistics.scores import Scores

UNITS, SEED = 48, 20240715
VALUES = np.arange(9, 37) * 25 / 9


def population(shift: float = 0.0, people: int = 400_000) -> np.ndarray:
    """Return the share of each of the 28 scores where the mean of the latent answer is shifted."""
    random = np.random.default_rng(SEED)
    person = random.normal(size=(people, 1)) * 1.15 + shift
    latent = person + random.normal(size=(people, 9)) * 0.55
    answer = 1 + (latent > -3.3) + (latent > -2.1) + (latent > -0.35)
    return np.bincount(answer.sum(axis=1) - 9, minlength=28) / people


def shares() -> tuple[np.ndarray, np.ndarray]:
    """Return index means and score shares on a grid of shifts, to give a unit any true mean."""
    grid = np.linspace(-1.6, 2.2, 39)
    made = np.array([population(s, 60_000) for s in grid])
    return made @ VALUES, made


def city(random: np.random.Generator, truth: np.ndarray, sizes: np.ndarray, table: tuple) -> Scores:
    """Draw the respondents of every unit."""
    means, made = table
    counts = np.empty((len(truth), 28))
    for u, (value, n) in enumerate(zip(truth, sizes)):
        right = int(np.clip(np.searchsorted(means, value), 1, len(means) - 1))
        share = (value - means[right - 1]) / (means[right] - means[right - 1])
        p = (1 - share) * made[right - 1] + share * made[right]
        counts[u] = random.multinomial(int(n), p / p.sum())
    return Scores(tuple(f"u{u:02}" for u in range(len(truth))), VALUES, counts)


def judge(data: Scores) -> dict[str, np.ndarray]:
    """Return which units are flagged: by band, by band without the gate, by Holm, and naively."""
    found = bands.against_rest(data)
    word, _ = bands.words(found.difference, bands.adjust(found.p), found.reliability)
    free, _ = bands.words(found.difference, bands.adjust(found.p), np.ones(len(word)))
    rest = group_tests.versus_rest(data)
    return {
        "band": (word != "") & (word != bands.SAME),
        "band_without_reliability_gate": free != bands.SAME,
        "versus_rest_holm": rest["p_adjusted"] < 0.05,
        "versus_rest_unadjusted": rest["p"] < 0.05,
    }


def run(cities: int = 1000, smallest: int = 30, largest: int = 400) -> dict:
    """Simulate the three worlds."""
    table = shares()
    means = table[0]
    middle = float(np.interp(0.0, np.linspace(-1.6, 2.2, 39), means))
    random = np.random.default_rng(SEED)
    flags: dict[str, dict[str, float]] = {}
    covered = joint = lost = 0.0
    for world in ("equal", "one_unit_3_lower", "spread_3"):
        any_flag: dict[str, int] = {}
        hit: dict[str, int] = {}
        for _ in range(cities):
            sizes = random.integers(smallest, largest + 1, UNITS)
            truth = np.full(UNITS, middle)
            if world == "one_unit_3_lower":
                truth[0] -= 3
                sizes[0] = 200
            if world == "spread_3":
                truth = np.clip(middle + random.normal(0, 3, UNITS), means[0], means[-1])
            data = city(random, truth, sizes, table)
            for name, flagged in judge(data).items():
                any_flag[name] = any_flag.get(name, 0) + bool(flagged.any())
                hit[name] = hit.get(name, 0) + bool(flagged[0])
            if world == "spread_3":
                low, high = rank_sets.rank_sets(*rank_sets.simultaneous(data))
                rank = (-truth).argsort().argsort() + 1
                inside = (low <= rank) & (rank <= high)
                covered += inside.mean() / cities
                joint += inside.all() / cities
                lost += (np.argmax(data.mean) != np.argmax(truth)) / cities
        flags[world] = {name: round(count / cities, 4) for name, count in any_flag.items()}
        if world == "one_unit_3_lower":
            flags["one_unit_3_lower_is_found"] = {n: round(c / cities, 4) for n, c in hit.items()}
    return {
        "cities": cities, "units": UNITS, "respondents_per_unit": [smallest, largest], "seed": SEED,
        "true_mean": round(middle, 2), "share_with_only_highest_answers": round(float(population()[-1]), 3),
        "cities_with_a_flag": flags,
        "rank_ranges": {"true_ranks_inside": round(covered, 4), "all_inside": round(joint, 4)},
        "naive_best_unit_is_not_the_best": round(lost, 4),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000), indent=1))
