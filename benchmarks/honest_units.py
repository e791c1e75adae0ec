"""How often is an honest unit asked where satisfaction is high, people queue, or come together?

    python -m benchmarks.honest_units > benchmarks/honest_units.json

Every unit is judged as a survey of its own: no other unit shares the error control, which is the
hardest case. All-fours make 50 to 99 per cent of a unit's answers, its rows number 10 to 400, and

- ``alone``: people come one by one,
- ``queue``: they stand in a queue, at one device or at several, and answer at close times,
- ``companions``: three of ten give the answers of the one before them,
- ``families``: everybody comes in families of six that give one set of answers,
- ``one_family``: one family of six among people who come one by one.

Seeded; the same cells with ``padding`` say how much is still found at each ceiling.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from pipeline.statistics.integrity import tests as doubt_tests

from . import integrity as simulated

SEED = 20260301
CEILINGS = (0.50, 0.60, 0.70, 0.80, 0.90, 0.95, 0.99)
SIZES = (10, 15, 20, 30, 60, 100, 200, 400)
KINDS = ("alone", "queue", "companions", "families", "one_family")
FAMILY, COPIED = 6, 0.3
#: Latent satisfaction up to where hardly anybody gives anything but the highest answer.
SHIFTS = np.linspace(-2.5, 9.0, 60)


def ceiling() -> np.ndarray:
    """Share of all-fours at each of `SHIFTS`."""
    random = np.random.default_rng(SEED)
    return np.array([(simulated.respond(random, np.full(20_000, s)) == 4).all(1).mean() for s in SHIFTS])


def answers(random: np.random.Generator, n: int, shift: float, kind: str) -> np.ndarray:
    """Nine answers of n people who come as ``kind`` says."""
    scores = simulated.respond(random, np.full(n, shift))
    if kind == "companions":
        for i in np.flatnonzero(random.random(n) < COPIED):
            if i:
                scores[i] = scores[i - 1]
    elif kind == "families":
        scores = scores[np.arange(n) // FAMILY * FAMILY]
    elif kind == "one_family":
        first = int(random.integers(0, n - FAMILY + 1))
        scores[first : first + FAMILY] = scores[first]
    return scores


def times(random: np.random.Generator, n: int, kind: str) -> np.ndarray:
    """When they answered: spread over opening hours, or in a queue on one or several days."""
    if kind != "queue":
        return np.sort(simulated.working(random, n, max(3, n // 20)))
    day = np.sort(random.integers(0, int(random.integers(1, 8)), n)) * simulated.DAY
    if random.random() < 0.5:  # one device: whoever answers takes 40 to 150 seconds
        gap = random.uniform(40, random.uniform(90, 150), n)
    else:  # several at once: they leave as they please, a few seconds to minutes apart
        gap = random.exponential(random.uniform(10, 60), n)
    return simulated.START + day + 9 * 3600 + np.cumsum(gap)


def unit(random: np.random.Generator, n: int, shift: float, kind: str) -> pd.DataFrame:
    """One honest unit."""
    frame = pd.DataFrame(answers(random, n, shift, kind), columns=simulated.ITEMS)
    frame["sex"] = random.choice(["male", "female"], n)
    frame["age"] = np.clip(random.normal(38, 13, n).round(), 17, 80).astype(int)
    frame["education"] = random.choice(["smp", "sma", "d3", "s1"], n, p=[0.2, 0.45, 0.1, 0.25])
    frame["occupation"] = random.choice(["swasta", "wirausaha", "pns", "lainnya"], n)
    frame["answered_at"] = frame["entered_at"] = times(random, n, kind)
    return frame


def cell(
    random: np.random.Generator, shift: float, kind: str, units: int, padded: float = 0.0
) -> dict[str, Any]:
    """Judge ``units`` units of every size, each by itself."""
    asked = cannot = total = 0
    by_kind: dict[str, int] = {}
    for n in SIZES:
        for _ in range(units):
            frame = unit(random, n, shift, kind)
            if padded:
                frame = simulated.padding(random, frame, padded)
            found = simulated.judge([frame])
            asked += int(found.asked[0])
            cannot += int(found.text[0] == doubt_tests.CANNOT)
            total += 1
            for name in found.kinds[0]:
                by_kind[name] = by_kind.get(name, 0) + 1
    return {"units": total, "asked": asked, "cannot_judge": cannot, "by_kind": by_kind}


def run(units: int = 12) -> dict[str, Any]:
    """Simulate every kind at every ceiling; then padding at a quarter of the rows."""
    share = ceiling()
    out: dict[str, Any] = {
        "seed": SEED, "sizes": list(SIZES), "units_per_size": units, "honest": {},
        "padding_25": {},
    }  # fmt: skip
    for at, kind in enumerate(KINDS):
        random = np.random.default_rng(SEED + at)
        out["honest"][kind] = {
            f"{c:.0%}": cell(random, float(np.interp(c, share, SHIFTS)), kind, units) for c in CEILINGS
        }
    random = np.random.default_rng(SEED + 100)
    out["padding_25"] = {
        f"{c:.0%}": cell(random, float(np.interp(c, share, SHIFTS)), "alone", max(1, units // 3), 0.25)
        for c in (0.25, *CEILINGS)
    }
    return out


def lines(found: dict[str, Any]) -> list[str]:
    """Tables for results.md: asked of units, with exact limits over the ceilings."""
    ceilings = list(next(iter(found["honest"].values())))
    sizes = ", ".join(map(str, found["sizes"]))
    made = [
        "## Honest units at the ceiling", "",
        f"Units of {sizes} rows, {found['units_per_size']} of each size in every cell, each judged as a survey of"
        " its own: asked for an explanation (cannot be judged). Last column: all of the row, with exact 95 % limits.",
        "", "| all-fours | " + " | ".join(ceilings) + " | all |", "|---" * (len(ceilings) + 2) + "|",
    ]  # fmt: skip
    for kind, cells in found["honest"].items():
        made.append(f"| {kind.replace('_', ' ')} | " + _row(cells))
    made += ["", "| all-fours | " + " | ".join(found["padding_25"]) + " | all |",
             "|---" * (len(found["padding_25"]) + 2) + "|",
             "| padding, a quarter of the rows: found | " + _row(found["padding_25"]), ""]  # fmt: skip
    return made


def _row(cells: dict[str, dict[str, Any]]) -> str:
    each = [f"{c['asked']} of {c['units']} ({c['cannot_judge']})" for c in cells.values()]
    asked, units = (sum(c[key] for c in cells.values()) for key in ("asked", "units"))
    low, high = simulated.exact_limits(asked, units)
    return " | ".join([*each, f"{asked / units:.2%} ({low:.2%} to {high:.2%})"]) + " |"


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
