"""Statistics of all units at once, as units grow."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from .measuring import took

SIZES, ANSWERS = (10, 100, 1_000, 10_000, 30_000), 100


def answers(units: int, each: int, seed: int = 14_2017) -> tuple[Any, Any]:
    """Simulated answers to nine items, and the unit of each row."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    rows = units * each
    level = np.repeat(rng.normal(3.3, 0.2, units), each)[:, None] + rng.normal(0, 0.5, (rows, 1))
    scores = np.clip(np.rint(level + rng.normal(0, 0.5, (rows, 9))), 1, 4).astype("int8")
    frame = pd.DataFrame(scores, columns=[f"U{i}" for i in range(1, 10)]).astype("Int8")
    return frame, pd.Series(np.repeat([f"u{i:05d}" for i in range(units)], each))


def measure(root: Path) -> dict[str, Any]:
    """CPU seconds of this process, by module and number of units."""
    from pipeline.statistics.index import table as index
    from pipeline.statistics.psychometrics.items import validity
    from pipeline.statistics.psychometrics.reliability import table as reliability

    modules = {"index": index, "reliability": reliability, "validity": validity}
    found = []
    for units in SIZES:
        frame, by = answers(units, ANSWERS)
        cpu = {n: round(took(partial(m.table, frame, by)).cpu, 2) for n, m in modules.items()}
        found.append({"units": units, "cpu": cpu})
    return {"answers": ANSWERS, "growth": found}


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    names = list(made["growth"][0]["cpu"])
    rows = [
        f"| {g['units']:,} | " + " | ".join(f"{g['cpu'][n]:.2f}" for n in names) + " |"
        for g in made["growth"]
    ]
    last, before = made["growth"][-1], made["growth"][-2]
    times = last["units"] / before["units"]
    growth = ", ".join(f"{n} {last['cpu'][n] / before['cpu'][n]:.1f}" for n in names)
    return [
        "## Statistics of all units at once",
        "",
        f"{made['answers']} simulated answers a unit, nine items; CPU seconds of this process. Bootstrap intervals",
        "and other work that is kept to cities of at most 200 units make the small ones dearer than their size.",
        "",
        f"| units | {' | '.join(names)} |",
        "|---:|" + "---:|" * len(names),
        *rows,
        "",
        f"From {before['units']:,} to {last['units']:,} units ({times:.0f} times as many) the seconds grow:",
        f"{growth} times.",
        "",
    ]
