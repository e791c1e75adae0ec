"""How often do the intervals of a city and of a unit hold the truth about all users? (R5, R19)

    python -m benchmarks.interval > benchmarks/interval.json

Scores near the ceiling, from two worlds: one latent satisfaction as in `equal_cities`, and one whose
few very dissatisfied respondents lie far out (Student's t with three degrees of freedom). A city's true
index is the mean of its units' true indices; a unit's is the mean of all its N users, of whom n are
drawn without replacement. Beside what the reports print stand the intervals that were not chosen.
Seeded: the output does not change on the same versions.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from pipeline.statistics.data.summary import Moments
from pipeline.statistics.index.hall import hall_interval
from pipeline.statistics.index.unit_means import MeanError, mean_error, within
from pipeline.statistics.sample.finite_population import unseen

SEED, CONFIDENCE = 20191001, 0.95
VALUES = np.arange(9, 37) * 25 / 9
GRID = np.linspace(-1.6, 5.5, 72)
MEANS = (86, 92, 96)
#: Units and respondents of each; the last mixes small, middle and large units.
CITIES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("8 x 5", (5,) * 8),
    ("8 x 10", (10,) * 8),
    ("24 x 30", (30,) * 24),
    ("48 x 250", (250,) * 48),
    ("6 x 8 and 6 x 120", (8,) * 6 + (120,) * 6),
)
UNITS = ((60, 40), (120, 92), (300, 169), (1000, 278))


def world(name: str, people: int = 60_000) -> np.ndarray:
    """Share of each of the 28 scores at every point of the grid of satisfaction."""
    random = np.random.default_rng(SEED)
    if name == "far out":
        person, noise, cuts = random.standard_t(3, size=(people, 1)), 0.4, (-2.5, -1.8, -0.1)
    else:
        person, noise, cuts = random.normal(size=(people, 1)) * 1.15, 0.55, (-3.3, -2.1, -0.35)
    latent = person + random.normal(size=(people, 9)) * noise
    shares = []
    for shift in GRID:
        answers = 1 + sum((latent + shift > cut).astype(np.int8) for cut in cuts)
        shares.append(np.bincount(answers.sum(axis=1) - 9, minlength=28) / people)
    return np.array(shares)


def at(made: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Shares at places between the points of the grid."""
    found = np.stack([np.interp(places, GRID, made[:, v]) for v in range(28)], axis=1)
    return found / found.sum(axis=1, keepdims=True)


def placed(made: np.ndarray, spread: np.ndarray, mean: float) -> np.ndarray:
    """Shares of units spread around the place where the mean of their indices is the one wanted."""
    low, high = GRID[0], GRID[-1]
    for _ in range(50):
        middle = (low + high) / 2
        below = (at(made, np.clip(middle + spread, GRID[0], GRID[-1])) @ VALUES).mean() < mean
        low, high = (middle, high) if below else (low, middle)
    return at(made, np.clip(low + spread, GRID[0], GRID[-1]))


def moments(counts: np.ndarray) -> Moments:
    """Moments of scores from how often each occurs; the last axis holds the scores."""
    n = counts.sum(axis=-1)
    mean = counts @ VALUES / n
    deviation = VALUES - mean[..., None]
    return Moments(n, mean, (counts * deviation**2).sum(-1) / n, (counts * deviation**3).sum(-1) / n)


def held(limits: tuple[np.ndarray, np.ndarray], true: np.ndarray | float) -> dict[str, float]:
    """Shares of intervals that hold the truth, and that lie wholly above or below it."""
    low, high = limits
    above, below = float((low > true + 1e-9).mean()), float((high < true - 1e-9).mean())
    return {"covered": round(1 - above - below, 4), "wholly_above": round(above, 4),
            "wholly_below": round(below, 4), "width": round(float((high - low).mean()), 3)}  # fmt: skip


def city(made: np.ndarray, sizes: tuple[int, ...], mean: float, cities: int) -> dict[str, dict[str, float]]:
    """Coverage of the city's interval: as printed, as Student's t with it, and with each unit's own error."""
    random = np.random.default_rng([SEED, len(sizes), sizes[0], int(mean)])
    units, worlds = len(sizes), 20
    n = np.array(sizes)
    limits: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    truths = []
    for _ in range(worlds):
        shares = placed(made, random.normal(size=units) * 0.35, mean)
        true = float((shares @ VALUES).mean())
        each = [random.multinomial(size, p, size=cities // worlds) for size, p in zip(sizes, shares)]
        found = moments(np.stack(each, axis=1))
        estimate = found.mean.mean(axis=1)
        error = _printed(found)
        own = np.sqrt((found.variance / (n - 1)).sum(axis=1)) / units
        plain = np.zeros(len(estimate))
        for name, one in (
            ("printed", error),
            ("Student's t, pooled", MeanError(error.se, error.df, plain, plain)),
            ("Student's t, each unit's own", MeanError(own, plain + (n - 1).sum(), plain, plain)),
        ):
            limits.setdefault(name, []).append(one.interval(estimate, CONFIDENCE))
        truths.append(np.full(len(estimate), true))
    every = np.concatenate(truths)
    return {
        name: held((np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])), every)
        for name, parts in limits.items()
    }


def _printed(found: Moments) -> MeanError:
    """The product's error of each city: simulated cities are groups, each with its own pool (a type)."""
    cities, units = found.n.shape
    flat = Moments(*(getattr(found, f).ravel() for f in ("n", "mean", "variance", "third")))
    group = np.repeat(np.arange(cities), units)
    count = np.ones(cities * units)
    parts = within(flat, count, count > 0, group)
    return mean_error(parts, count, group, cities)


def unit(made: np.ndarray, people: int, n: int, mean: float, units: int) -> dict[str, dict[str, float]]:
    """Coverage of a unit's interval for the mean of its N users, n of them drawn without replacement."""
    random = np.random.default_rng([SEED, people, n, int(mean)])
    share = placed(made, np.zeros(1), mean)[0]
    asked = random.multinomial(n, share, size=units)
    others = random.multinomial(people - n, share, size=units)
    true = (asked + others) @ VALUES / people
    m = moments(asked)
    size, rest = m.n.astype(float), unseen(m.n, np.full(units, float(people)))
    seen = m.about_users(rest)
    second = second_order(m, rest, n / people)
    return {
        "printed": held(hall_interval(seen.mean, seen.sd, seen.skewness, size, CONFIDENCE), true),
        "no correction": held(hall_interval(m.mean, m.sd, m.skewness, size, CONFIDENCE), true),
        "second order": held(second.interval(m.mean, CONFIDENCE), true),
        "Student's t": held(MeanError(seen.standard_error, size - 1, size * 0, size * 0)
                            .interval(m.mean, CONFIDENCE), true),
    }  # fmt: skip


def second_order(m: Moments, rest: np.ndarray, f: float) -> MeanError:
    """Hall's transformation with the Edgeworth terms of sampling without replacement.

    The studentised mean has E(t) = -g sqrt(1-f)/(2 sqrt(n)) and third cumulant -g (2-f)/sqrt(n (1-f)):
    a = g (2-f)/(6 sqrt(n (1-f))), b = g (1-2f)/(6 sqrt(n (1-f))); both those of Hall at f = 0.
    """
    root = 6 * np.sqrt(m.n * (1 - f))
    se = np.sqrt(m.variance * rest / m.n)
    return MeanError(se, m.n - 1.0, m.skewness * (2 - f) / root, m.skewness * (1 - 2 * f) / root)


def run(cities: int = 4000, units: int = 10_000) -> dict[str, Any]:
    """Simulate both, in both worlds."""
    of_cities, of_units = [], []
    for name in ("ceiling", "far out"):
        made = world(name)
        common = {"world": name}
        for label, sizes in CITIES:
            # A large city's interval is close to normal: fewer of them show it.
            many = cities if sum(sizes) < 2000 else cities // 2
            for mean in MEANS:
                of_cities.append(common | {"city": label, "mean": mean} | city(made, sizes, mean, many))
        for people, n in UNITS:
            for mean in MEANS:
                of_units.append(
                    common | {"users": people, "n": n, "mean": mean} | unit(made, people, n, mean, units)
                )
    return {"seed": SEED, "confidence": CONFIDENCE, "cities": cities, "units": units,
            "of_cities": of_cities, "of_units": of_units}  # fmt: skip


def lines(found: dict[str, Any]) -> list[str]:
    """Both tables, for results.md."""
    out = [
        "## Intervals of cities and units",
        "",
        f"Coverage of 95 % intervals, per cent, in {found['cities']:,} cities and {found['units']:,} units near "
        "the ceiling (two worlds of answers). Printed: what the reports print; the others were not chosen.",
        "",
        "| world | city (units x respondents) | true index | printed | t, pooled variance | t, each unit's own |",
        "|---|---|---|---|---|---|",
    ]
    names = ("printed", "Student's t, pooled", "Student's t, each unit's own")
    for row in found["of_cities"]:
        cells = " | ".join(f"{100 * row[name]['covered']:.1f}" for name in names)
        out.append(f"| {row['world']} | {row['city']} | {row['mean']} | {cells} |")
    out += ["", "| world | users N / respondents n | true index | printed | no correction | second order | t |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    for row in found["of_units"]:
        cells = " | ".join(
            f"{100 * row[name]['covered']:.1f}"
            for name in ("printed", "no correction", "second order", "Student's t")
        )
        out.append(f"| {row['world']} | {row['users']} / {row['n']} | {row['mean']} | {cells} |")
    return [*out, ""]


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
