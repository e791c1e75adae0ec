"""What the words of comparison are worth: false alarms, power, wrong signs, wrong "equivalent" (R14).

    python benchmarks/equal_cities.py [cities]     writes benchmarks/equal_cities.json and the tables of the docs
    python benchmarks/equal_cities.py tables       the tables alone, from the figures that are there

Scores are drawn from populations with the ceilings of real surveys. Worlds: all units equal (several
ceilings, sizes and types); one unit a known number of points off; all units spread ordinarily; units
exactly at the margin of equivalence; a unit off by its own detectable difference. Seeded: the output
does not change on the same versions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pipeline.statistics.compare import difference, pairwise, rank_sets, unusual, verdicts
from pipeline.statistics.data.multiplicity import benjamini_hochberg, holm, holm_levels
from pipeline.statistics.data.scores import Scores

UNITS, SEED = 48, 20240715
VALUES = np.arange(9, 37) * 25 / 9
GRID = np.linspace(-2.4, 4.2, 67)
MIDDLE = 86.0
GAPS = (-10.0, -5.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 5.0, 10.0)
#: Equal cities: name, true mean, share that answers 3 throughout, units, sizes, units of each type.
EQUAL = (
    ("mean 82", 82.0, 0.0, 48, (30, 400), None), ("mean 89", 89.0, 0.0, 48, (30, 400), None),
    ("mean 96", 96.0, 0.0, 48, (30, 400), None), ("mean 89, eight types", 89.0, 0.0, 48, (30, 400), 6),
    ("mean 92, small units", 92.0, 0.0, 48, (30, 60), None), ("mean 96, small units", 96.0, 0.0, 24, (30, 60), None),
    ("half answer 3 throughout", 85.0, 0.5, 48, (30, 400), None),
    ("80 % answer 3 throughout", 85.0, 0.8, 48, (30, 400), None),
    ("six units", 89.0, 0.0, 6, (30, 60), None), ("censuses of 10 to 30", 89.0, 0.0, 12, (10, 30), None),
)  # fmt: skip


def population(shift: float = 0.0, people: int = 60_000) -> np.ndarray:
    """Return the share of each of the 28 scores where the mean of the latent answer is shifted."""
    random = np.random.default_rng(SEED)
    person = random.normal(size=(people, 1)) * 1.15 + shift
    latent = person + random.normal(size=(people, 9)) * 0.55
    answer = 1 + (latent > -3.3) + (latent > -2.1) + (latent > -0.35)
    return np.bincount(answer.sum(axis=1) - 9, minlength=28) / people


class Populations:
    """Shares of the 28 scores for any true mean."""

    def __init__(self) -> None:
        self.made = np.array([population(shift) for shift in GRID])
        self.means = self.made @ VALUES

    def shares(self, truth: np.ndarray, threes: float = 0.0) -> np.ndarray:
        """Shares of the scores of each unit; some answer 3 throughout whatever the unit."""
        right = np.clip(np.searchsorted(self.means, truth), 1, len(self.means) - 1)
        part = (truth - self.means[right - 1]) / (self.means[right] - self.means[right - 1])
        p = (1 - part)[:, None] * self.made[right - 1] + part[:, None] * self.made[right]
        p = (1 - threes) * np.clip(p, 0, None)
        p[:, 18] += threes
        return p / p.sum(axis=1, keepdims=True)


def draw(random: np.random.Generator, shares: np.ndarray, sizes: np.ndarray) -> Scores:
    """Draw the respondents of every unit."""
    counts = random.multinomial(sizes, shares).astype(float)
    return Scores(tuple(f"u{u:02}" for u in range(len(sizes))), VALUES, counts)


def judge(data: Scores, of_a_type: int | None = None) -> dict[str, np.ndarray]:
    """Return the word of each unit on both axes, its p-values and the detectable difference."""
    units = len(data.units)
    kind = [f"t{u // of_a_type}" if of_a_type else "" for u in range(units)]
    taking, among = np.ones(units, dtype=bool), np.array(kind, dtype=object)
    found, gap = verdicts.held_against(data, taking, among), verdicts.gaps(data, taking, among)
    p = found.p
    same = benjamini_hochberg(found.equivalence())
    word, _ = unusual.words(gap.difference, benjamini_hochberg(gap.p), gap.reliability)
    free, _ = unusual.words(gap.difference, benjamini_hochberg(gap.p), np.ones(units))
    return {
        "difference": difference.words(found.difference, holm(p), same),
        "unusual": word, "without_gate": free, "unadjusted": p < 0.05,
        "detectable": np.array(found.detectable(holm_levels(p))),
    }  # fmt: skip


def run(cities: int = 1000) -> dict:
    """Simulate every world."""
    made = Populations()
    return {
        "cities": cities, "units": UNITS, "respondents_per_unit": [30, 400], "seed": SEED, "mean": MIDDLE,
        "margin": difference.MARGIN, "share_with_only_highest_answers_at_mean_89":
        round(float(made.shares(np.array([89.0]))[0, -1]), 3),
        "equal": equal(made, cities), "one_unit_off": one_off(made, cities // 2),
        "spread": spread(made, cities // 2), "at_the_margin": at_the_margin(made, cities),
        "off_by_the_detectable_difference": detectable(made, cities),
        "one_outlier_of_24": outlier(made, cities // 2), "ranks": ranks(made, cities // 2),
    }  # fmt: skip


def equal(made: Populations, cities: int) -> dict[str, dict[str, float]]:
    """Share of equal cities in which any unit is flagged, by axis; pairs in fewer cities."""
    out: dict[str, dict[str, float]] = {}
    for at, (name, mean, threes, units, sizes, of_a_type) in enumerate(EQUAL):
        random = np.random.default_rng(SEED + at)
        shares = made.shares(np.full(units, mean), threes)
        any_flag = dict.fromkeys(("difference", "unusual", "unusual_without_gate", "unadjusted"), 0)
        for _ in range(cities):
            said = judge(draw(random, shares, random.integers(sizes[0], sizes[1] + 1, units)), of_a_type)
            any_flag["difference"] += bool(np.isin(said["difference"], ["above", "below"]).any())
            any_flag["unusual"] += bool(np.isin(said["unusual"], ["high", "low"]).any())
            any_flag["unusual_without_gate"] += bool(np.isin(said["without_gate"], ["high", "low"]).any())
            any_flag["unadjusted"] += bool(said["unadjusted"].any())
        few = max(cities // 20, 1)
        apart = sum(
            bool(
                pairwise.separated(draw(random, shares, random.integers(sizes[0], sizes[1] + 1, units)))[
                    1
                ].any()
            )
            for _ in range(few)
        )
        out[name] = {k: round(v / cities, 4) for k, v in any_flag.items()} | {
            "pairs": round(apart / few, 3),
            "pairs_of": few,
        }
    return out


def one_off(made: Populations, cities: int) -> dict[str, dict[str, float]]:
    """Words of one unit of 200 respondents that is off by so many points, the others alike."""
    out: dict[str, dict[str, float]] = {}
    for at, gap in enumerate(GAPS):
        random = np.random.default_rng(SEED + 100 + at)
        truth = np.full(UNITS, MIDDLE)
        truth[0] += gap
        right, wrong = ("above", "below") if gap > 0 else ("below", "above")
        high, low = ("high", "low") if gap > 0 else ("low", "high")
        shares, counts = made.shares(truth), np.zeros(7)
        for _ in range(cities):
            sizes = random.integers(30, 401, UNITS)
            sizes[0] = 200
            said = judge(draw(random, shares, sizes))
            axis, size, free = said["difference"][0], said["unusual"][0], said["without_gate"][0]
            others = np.isin(said["difference"][1:], ["above", "below"]).any()
            counts += [axis == right, axis == wrong, axis == "equivalent", size == high,
                       (size == low) | (free == low), free == high, others]  # fmt: skip
        names = ("found", "wrong_sign", "equivalent", "unusual", "unusual_wrong_sign",
                 "unusual_without_gate", "another_flagged")  # fmt: skip
        out[f"{gap:+.0f}"] = {k: round(float(v) / cities, 4) for k, v in zip(names, counts)}
    return out


def spread(made: Populations, cities: int) -> dict[str, dict[str, float]]:
    """Cities whose units spread ordinarily (normal): what is said, how much of it wrongly."""
    out: dict[str, dict[str, float]] = {}
    for at, (sd, of_a_type) in enumerate(((1.0, None), (3.0, None), (3.0, 6))):
        random = np.random.default_rng(SEED + 200 + at)
        counts, wrong, same, unusual_cities, sized = np.zeros(4), 0, np.zeros(2), 0, 0
        largest = 0.0
        for _ in range(cities):
            truth = MIDDLE + random.normal(0, sd, UNITS)
            said = judge(draw(random, made.shares(truth), random.integers(30, 401, UNITS)), of_a_type)
            gap = _true_gap(truth, of_a_type)
            word = said["difference"]
            counts += [(word == w).mean() for w in ("above", "below", "equivalent", "undecided")]
            false = ((word == "above") & (gap < 0)) | ((word == "below") & (gap > 0))
            wrong += int(false.sum())
            largest = max([largest, *np.abs(gap[false])])
            equivalent = word == "equivalent"
            same += [equivalent.sum(), (equivalent & (np.abs(gap) >= difference.MARGIN)).sum()]
            unusual_cities += bool(np.isin(said["unusual"], ["high", "low"]).any())
            sized += int(
                ((said["unusual"] == "high") & (gap < 0)).sum()
                + ((said["unusual"] == "low") & (gap > 0)).sum()
            )
        name = f"sd {sd:g}" + (", eight types" if of_a_type else "")
        out[name] = {k: round(float(v) / cities, 4) for k, v in
                     zip(("above", "below", "equivalent", "undecided"), counts)} | {
            "wrong_signs": wrong + sized, "words": cities * UNITS,
            "largest_true_gap_of_a_wrong_sign": round(float(largest), 2),
            "wrong_among_equivalent": round(float(same[1] / max(same[0], 1)), 4),
            "cities_with_an_unusual_unit": round(unusual_cities / cities, 4),
        }  # fmt: skip
    return out


def _true_gap(truth: np.ndarray, of_a_type: int | None) -> np.ndarray:
    """True difference of each unit from the mean of the others of its group."""
    groups = truth.reshape(-1, of_a_type or len(truth))
    rest = (groups.sum(axis=1, keepdims=True) - groups) / (groups.shape[1] - 1)
    return (groups - rest).ravel()


def at_the_margin(made: Populations, cities: int) -> dict[str, float]:
    """Share of units exactly at the margin that are called equivalent, one such unit or half of them."""
    out: dict[str, float] = {}
    cases: tuple[tuple[str, float, int, Callable[[np.random.Generator], np.ndarray]], ...] = (
        ("one unit above, 200", 2.5, 1, lambda r: np.r_[200, r.integers(30, 401, UNITS - 1)]),
        ("one unit below, 200", -2.5, 1, lambda r: np.r_[200, r.integers(30, 401, UNITS - 1)]),
        ("one unit above, 1000 each", 2.5, 1, lambda r: np.full(UNITS, 1000)),
        ("half above, half below, 400 each", 2.5, UNITS // 2, lambda r: np.full(UNITS, 400)),
    )
    for at, (name, gap, off, sizes) in enumerate(cases):
        random = np.random.default_rng(SEED + 300 + at)
        truth = np.full(UNITS, MIDDLE)
        # Half against half: each side is off by the margin from the mean of all others.
        if off == 1:
            truth[0] += gap
        else:
            truth[:off] += gap * (UNITS - 1) / UNITS
            truth[off:] -= gap * (UNITS - 1) / UNITS
        shares = made.shares(truth)
        hits = 0.0
        for _ in range(cities):
            word = judge(draw(random, shares, sizes(random)))["difference"]
            hits += (
                float((word[0] if off == 1 else word) == "equivalent")
                if off == 1
                else (word == "equivalent").mean()
            )
        out[name] = round(hits / cities, 4)
    return out


def detectable(made: Populations, cities: int) -> dict[str, float]:
    """Share of units shown above or below when they are off by the very difference printed."""
    out: dict[str, float] = {}
    for at, (name, n, sign) in enumerate(
        (("above, 100", 100, 1), ("below, 100", 100, -1), ("below, 300", 300, -1))
    ):
        random = np.random.default_rng(SEED + 400 + at)
        sizes = np.full(24, n)
        flat = made.shares(np.full(24, MIDDLE))
        side = 1 if sign > 0 else 0
        least = np.mean([judge(draw(random, flat, sizes))["detectable"][side, 0] for _ in range(40)])
        truth = np.full(24, MIDDLE)
        truth[0] += least
        # The unit's own spread is another one there: what it would then print is added in two steps.
        for _ in range(2):
            shares = made.shares(truth)
            least = np.mean([judge(draw(random, shares, sizes))["detectable"][side, 0] for _ in range(40)])
            truth[0] = MIDDLE + least
        shares, word = made.shares(truth), "above" if sign > 0 else "below"
        hits = sum(judge(draw(random, shares, sizes))["difference"][0] == word for _ in range(cities))
        out[f"{name} (off by {least:+.1f})"] = round(hits / cities, 4)
    return out


def outlier(made: Populations, cities: int) -> dict[str, float]:
    """One unit 6 points below 23 that are equal, 100 respondents each."""
    random, truth = np.random.default_rng(SEED + 500), np.full(24, 89.0)
    truth[0] -= 6
    shares, counts = made.shares(truth), np.zeros(3)
    for _ in range(cities):
        said = judge(draw(random, shares, np.full(24, 100)))
        counts += [
            said["difference"][0] == "below",
            said["unusual"][0] == "low",
            said["without_gate"][0] == "low",
        ]
    return {k: round(float(v) / cities, 4) for k, v in
            zip(("below", "unusual", "unusual_without_gate"), counts)}  # fmt: skip


def ranks(made: Populations, cities: int) -> dict[str, float]:
    """Do the joint ranges of ranks hold the true ranks, and how often is the highest mean not the best unit?"""
    random = np.random.default_rng(SEED + 600)
    covered = joint = lost = 0.0
    for _ in range(cities):
        truth = MIDDLE + random.normal(0, 3, UNITS)
        data = draw(random, made.shares(truth), random.integers(30, 401, UNITS))
        low, high = rank_sets.rank_sets(*rank_sets.simultaneous(data))
        rank = (-truth).argsort().argsort() + 1
        inside = (low <= rank) & (rank <= high)
        covered += inside.mean() / cities
        joint += inside.all() / cities
        lost += (np.argmax(data.mean) != np.argmax(truth)) / cities
    return {
        "true_ranks_inside": round(covered, 4), "all_inside": round(joint, 4),
        "highest_mean_is_not_the_best_unit": round(lost, 4),
    }  # fmt: skip


ROOT = Path(__file__).resolve().parent.parent
FIGURES, PAGE = ROOT / "benchmarks" / "equal_cities.json", ROOT / "docs" / "validation-comparison.md"
BEGIN, END = "<!-- tables: written by benchmarks/equal_cities.py -->", "<!-- end of tables -->"
Cell = str | float | int


def tables(found: dict) -> str:
    """Markdown tables of the figures, for docs/validation-comparison.md."""
    names = {"difference": "difference (axis two)", "unusual": "unusual (axis three)",
             "unusual_without_gate": "unusual, without the gate", "unadjusted": "difference, p not adjusted",
             "pairs": "any pair, of fewer cities (Games-Howell)"}  # fmt: skip
    cities = f"{found['cities']:,}"
    made = [f"Share of {cities} cities of equal units in which any unit is flagged:", ""]
    made += _rows(
        ["city", *names.values()],
        [
            [
                city,
                *(_share(row[k]) for k in names if k != "pairs"),
                f"{row['pairs'] * row['pairs_of']:.0f} of {row['pairs_of']}",
            ]
            for city, row in found["equal"].items()
        ],
    )
    heads = [
        "off by",
        "found",
        "wrong sign",
        "called equivalent",
        "unusual",
        "unusual, without the gate",
        "another unit flagged",
    ]
    keys = ["found", "wrong_sign", "equivalent", "unusual", "unusual_without_gate", "another_flagged"]
    made += [
        "",
        f"One unit of 200 respondents among {found['units']} (mean {found['mean']:g}), the others alike:",
        "",
    ]
    made += _rows(
        heads, [[gap, *(_share(row[k]) for k in keys)] for gap, row in found["one_unit_off"].items()]
    )
    heads = [
        "units spread", "above", "below", "equivalent", "undecided", "wrong signs",
        "beyond the margin among equivalent", "cities with an unusual unit",
    ]  # fmt: skip
    made += [
        "",
        f"All units spread ordinarily (normal, {found['units']} units of 30 to 400 respondents):",
        "",
    ]
    made += _rows(heads, [
        [name, *(_share(row[k]) for k in ("above", "below", "equivalent", "undecided")),
         _signs(row), _share(row["wrong_among_equivalent"]),
         _share(row["cities_with_an_unusual_unit"])]
        for name, row in found["spread"].items()
    ])  # fmt: skip
    made += ["", f"Called equivalent although exactly at the margin of {found['margin']:g}:", ""]
    made += _rows(
        ["units at the margin", "share"], [[k, _share(v)] for k, v in found["at_the_margin"].items()]
    )
    made += ["", "Shown above or below when off by the detectable difference that is printed:", ""]
    made += _rows(
        ["unit", "share"], [[k, _share(v)] for k, v in found["off_by_the_detectable_difference"].items()]
    )
    one, rank = found["one_outlier_of_24"], found["ranks"]
    made += [
        "",
        f"One unit 6 points below 23 equal ones, 100 respondents each: shown below in {_share(one['below'])}, "
        f"unusually low in {_share(one['unusual'])} (without the gate {_share(one['unusual_without_gate'])}).",
        f"Joint rank ranges hold all true ranks in {_share(rank['all_inside'])} of cities; the unit with the "
        f"highest mean is not the best one in {_share(rank['highest_mean_is_not_the_best_unit'])}.",
    ]
    return "\n".join(made)


def _rows(heads: list[str], rows: list[list[Cell]]) -> list[str]:
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads),
            *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)]  # fmt: skip


def _signs(row: dict) -> str:
    told = f"{row['wrong_signs']} of {row['words']:,}"
    return told + (
        f" (true gap at most {row['largest_true_gap_of_a_wrong_sign']})" if row["wrong_signs"] else ""
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def main(arguments: list[str]) -> None:
    """Simulate (or read) and write the figures and their tables."""
    if arguments == ["tables"]:
        found = json.loads(FIGURES.read_text(encoding="utf-8"))
    else:
        found = run(int(arguments[0]) if arguments else 1000)
        FIGURES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n{tables(found)}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
