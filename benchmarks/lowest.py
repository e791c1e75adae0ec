"""What the words about the lowest unsur and about groups are worth (R18, R14).

    python benchmarks/lowest.py [units] > benchmarks/lowest.json

Answers are drawn with the ceilings of real surveys from one latent satisfaction a respondent. Worlds:
all unsur equal; one unsur some points lower; all groups equal; one group some points off; one group
exactly at the margin of equivalence. Seeded: the output does not change on the same versions.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pandas as pd

from pipeline import results
from pipeline.statistics.compare import equity
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.index import priorities

SEED, ALPHA = 20171, 0.05
ITEMS = [f"U{i}" for i in range(1, 10)]
FACTS = ("U4", "U8")
SIZES, CEILINGS = (30, 100, 300), {"mean 82": 0.648, "mean 91": -0.469, "mean 96": -1.277}
CUTS = np.array([-4.6, -3.2, 0.0])


def drawn(random: np.random.Generator, units: int, n: int, cut: float, shift: np.ndarray) -> pd.DataFrame:
    """Answers of units by respondents; `shift` moves the latent answer of each item (or row and item)."""
    person = random.normal(size=(units * n, 1))
    latent = person + random.normal(size=(units * n, len(ITEMS))) * 0.8 + shift
    values = 1 + (latent[..., None] > CUTS + cut).sum(axis=2)
    return pd.DataFrame(values.astype(np.int8), columns=ITEMS)


def points(cut: float, wanted: float) -> float:
    """Shift of the latent answer that moves the mean of an item by so many index points."""
    normal = np.random.default_rng(1).normal(size=200_000) * (1 + 0.8**2) ** 0.5

    def mean(shift: float) -> float:
        return float(25 * (1 + ((normal + shift)[:, None] > CUTS + cut).sum(axis=1)).mean())

    low, high, base = -4.0, 4.0, mean(0.0)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) - base < wanted else (low, middle)
    return (low + high) / 2


def of_listed(table: pd.DataFrame) -> dict[str, float]:
    """Shares of units with a claim, with Holm over all pairs (the product) and over the listed ones only."""
    pairs = results.pick(table, statistic="lower_than")
    ranks = results.pick(table, statistic="priority")
    listed = set(zip(ranks.unit[ranks.text != ""], ranks.item[ranks.text != ""], strict=True))
    sides = zip(pairs.unit, pairs.item, pairs.other, strict=True)
    named = np.array([(u, a) in listed or (u, b) in listed for u, a, b in sides], dtype=bool)
    units = pairs.unit.nunique()
    claims = pairs[(pairs.text == "clearly-lower") & named]
    wide = pairs[named].assign(place=pairs[named].groupby("unit").cumcount())
    only = holm(wide.pivot(index="unit", columns="place", values="p").to_numpy())
    with np.errstate(invalid="ignore"):
        chosen = (only < ALPHA).any(axis=1).mean()
    return {
        "all_pairs": round(claims.unit.nunique() / units, 4),
        "listed_pairs_only": round(float(chosen), 4),
    }


def equal_unsur(random: np.random.Generator, units: int) -> list[dict[str, Any]]:
    """False "clearly lower" where all opinions are equal."""
    rows = []
    for name, cut in CEILINGS.items():
        for n in SIZES:
            made = drawn(random, units, n, cut, np.zeros(len(ITEMS)))
            by = np.repeat([f"u{i}" for i in range(units)], n)
            rows.append({"ceiling": name, "n": n, **of_listed(priorities.table(made, by))})
    return rows


def one_lower(random: np.random.Generator, units: int) -> list[dict[str, Any]]:
    """Power, and wrong names, where one opinion (U3) is some points lower than all others."""
    rows = []
    for gap in (1.0, 2.0, 3.0, 5.0):
        for n in SIZES:
            cut = CEILINGS["mean 91"]
            shift = np.where(np.array(ITEMS) == "U3", points(cut, -gap), 0.0)
            by = np.repeat([f"u{i}" for i in range(units)], n)
            table = priorities.table(drawn(random, units, n, cut, shift), by)
            claims = results.pick(table, statistic="lower_than", text="clearly-lower")
            wrong = claims[claims.item != "U3"]
            right = claims[claims.item == "U3"].groupby("unit").size()
            rows.append({
                "gap": gap, "n": n, "named_lower_than_some": round(len(right) / units, 4),
                "named_lower_than_all": round(float((right == 6).sum()) / units, 4),
                "units_with_a_wrong_pair": round(wrong.unit.nunique() / units, 4),
            })  # fmt: skip
    return rows


def groups(random: np.random.Generator, units: int) -> list[dict[str, Any]]:
    """Words of groups of respondents: sex 1:1, education and age of three groups each."""
    rows = []
    cut, n = CEILINGS["mean 91"], 300
    by = np.repeat([f"u{i}" for i in range(units)], n)
    for gap in (0.0, 1.0, 2.5, 5.0):
        who = pd.DataFrame({
            "sex": random.choice(["female", "male"], units * n),
            "education": random.choice(["a", "b", "c"], units * n),
            "age_band": random.choice(["x", "y", "z"], units * n),
        })  # fmt: skip
        shift = np.where(who["sex"] == "female", points(cut, -gap), 0.0)[:, None]
        table = equity.table(drawn(random, units, n, cut, shift), by, attributes=who)
        found = results.pick(table, scope="unit", statistic="gap")
        sex, rest = found[found["item"] == "sex"], found[found["item"] != "sex"]
        rows.append({
            "gap_of_sex": gap, "n": n, **{w: round(float((sex.text == w).mean()), 4) for w in
                                          ("above", "below", "equivalent", "undecided")},
            "units_with_another_group_shown": round(
                rest[rest.text.isin(["above", "below"])].unit.nunique() / units, 4),
        })  # fmt: skip
    return rows


def run(units: int) -> dict[str, Any]:
    """Return the three parts."""
    random = np.random.default_rng(SEED)
    return {
        "units_per_world": units, "equal_unsur": equal_unsur(random, units),
        "one_lower": one_lower(random, units), "groups": groups(random, units),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000), indent=1))
