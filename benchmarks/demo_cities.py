"""Is what is said of units true? Two hundred demo cities whose truth is known.

    python -m benchmarks.demo_cities [cities] > benchmarks/demo_cities.json

Every city is drawn by the demo's own model with another seed: populations, samples without
replacement, ceiling, items that state facts. Held against the truth of the whole population: the
interval of each unit's index, the joint ranges of ranks, what a naive "best unit" headline would
say, and verdicts on change between two years. Seeded: the same versions give the same output.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from pipeline.demo import city as catalogue
from pipeline.demo import model
from pipeline.statistics.compare import rank_sets, unusual
from pipeline.statistics.compare import two_samples as changes
from pipeline.statistics.data.multiplicity import benjamini_hochberg
from pipeline.statistics.data.scores import Scores
from pipeline.statistics.index.hall import hall_interval

FIRST_SEED, SMALLEST = 7000, 30
VALUES = np.arange(9, 37) * 25 / 9
YEARS = (2024, 2025)


def draw(seed: int) -> dict[int, tuple[list[str], np.ndarray, np.ndarray]]:
    """Units with answers enough, their scores as counts, and their true index, by year."""
    units = catalogue.units()
    levels = model.level_by_year(units, YEARS, seed)
    made = {}
    for year in YEARS:
        scale = model.size_scale(units, year, 250, seed)
        names, counts, truth = [], [], []
        for unit in units:
            size = model.sample_size(unit, year, 250, seed, scale)
            if size < SMALLEST:
                continue
            taken = model.sample(unit, year, levels[year][unit.id], size, seed)
            names.append(unit.id)
            counts.append(np.bincount(taken.scores.sum(axis=1) - 9, minlength=28))
            truth.append(model.true_index(taken.population_counts)["ikm"])
        made[year] = names, np.array(counts, dtype=float), np.array(truth)
    return made


def moments(counts: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mean, standard deviation and skewness (divisor n) and n of each unit."""
    n = counts.sum(axis=1)
    mean = counts @ VALUES / n
    away = VALUES[None, :] - mean[:, None]
    second, third = (counts * away**2).sum(axis=1) / n, (counts * away**3).sum(axis=1) / n
    return mean, np.sqrt(second), third / np.where(second > 0, second, np.nan) ** 1.5, n


def run(cities: int = 200) -> dict[str, object]:
    """Draw the cities and count how often what is said of them is true."""
    inside = above = below = units = 0
    ranks_inside = joint = 0.0
    widths: list[float] = []
    naive_wrong = claimed = claim_wrong = best_among_first = 0
    moved = moved_wrong = still = still_wrong = changed = found = 0
    for number in range(cities):
        made = draw(FIRST_SEED + number)
        names, counts, truth = made[2025]
        low, high = hall_interval(*moments(counts))
        inside += int(((low <= truth) & (truth <= high)).sum())
        above += int((low > truth).sum())
        below += int((high < truth).sum())
        units += len(truth)
        data = Scores(tuple(names), VALUES, counts)
        first, last = rank_sets.rank_sets(*rank_sets.simultaneous(data))
        rank = (-truth).argsort().argsort() + 1
        within = (first <= rank) & (rank <= last)
        ranks_inside += within.mean() / cities
        joint += within.all() / cities
        widths.append(float((last - first + 1).mean()))
        best = int(np.argmax(truth))
        naive_wrong += int(np.argmax(data.mean)) != best
        sure = np.flatnonzero(last == 1)
        claimed += bool(len(sure))
        claim_wrong += bool(len(sure)) and int(sure[0]) != best
        best_among_first += bool(first[best] == 1)
        now, then = _both(made)
        change = changes.welch(now[0], then[0])
        real = now[1] - then[1]
        word = changes.verdicts(
            change.difference, benjamini_hochberg(change.p),
            benjamini_hochberg(change.equivalence()),
        )  # fmt: skip
        up, down, same = word == changes.UP, word == changes.DOWN, word == changes.UNCHANGED
        moved += int((up | down).sum())
        moved_wrong += int((up & (real <= 0)).sum() + (down & (real >= 0)).sum())
        still += int(same.sum())
        still_wrong += int((same & (np.abs(real) > changes.MARGIN)).sum())
        big = np.abs(real) >= 3
        changed += int(big.sum())
        found += int((big & (up | down)).sum())
    return {
        "cities": cities, "first_seed": FIRST_SEED, "units": units,
        "index_interval": {
            "nominal": 0.95, "inside": round(inside / units, 4), "wholly_above_truth": round(above / units, 4),
            "wholly_below_truth": round(below / units, 4),
        },
        "rank_ranges": {
            "nominal_joint": 0.95, "true_ranks_inside": round(ranks_inside, 4), "all_inside": round(joint, 4),
            "mean_width": round(float(np.mean(widths)), 1), "mean_units": round(units / cities, 1),
        },
        "best_unit": {
            "naive_headline_names_another": round(naive_wrong / cities, 4),
            "ours_names_one": round(claimed / cities, 4),
            "ours_names_another": round(claim_wrong / cities, 4),
            "true_best_among_those_that_may_be_first": round(best_among_first / cities, 4),
        },
        "change": {
            "verdicts_up_or_down": moved, "of_wrong_sign": round(moved_wrong / max(moved, 1), 4),
            "verdicts_unchanged": still, "beyond_the_margin": round(still_wrong / max(still, 1), 4),
            "true_changes_of_3_points": changed, "of_them_found": round(found / max(changed, 1), 4),
        },
        "unusual_reliability_gate": unusual.RELIABLE,
    }  # fmt: skip


def _both(made: dict[int, tuple[list[str], np.ndarray, np.ndarray]]) -> tuple[tuple[Scores, np.ndarray], ...]:
    """Scores and truth of the units that have both years, later and earlier."""
    shared = [name for name in made[2025][0] if name in made[2024][0]]
    out = []
    for year in (2025, 2024):
        names, counts, truth = made[year]
        at = [names.index(name) for name in shared]
        out.append((Scores(tuple(shared), VALUES, counts[at]), truth[at]))
    return tuple(out)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 200), indent=1))
