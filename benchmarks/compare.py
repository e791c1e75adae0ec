"""How long the comparison of units takes: tests, ranks, city aggregates and verdicts of simulated answers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from .measuring import took
from .statistics_growth import answers

#: Units, and in how many types: pairwise work runs within a type of at most 200 units.
SIZES, ANSWERS = ((48, 4), (1_000, 5)), 250


def measure(root: Path) -> dict[str, Any]:
    """CPU seconds of this process, by module and number of units."""
    from pipeline.statistics.compare import ranking, verdicts
    from pipeline.statistics.compare import table as comparison
    from pipeline.statistics.index import stratified
    from pipeline.statistics.index import table as index

    found = []
    for units, kinds in SIZES:
        frame, by = answers(units, ANSWERS)
        types = {unit: f"type-{i % kinds}" for i, unit in enumerate(by.unique())}
        made = index.table(frame, by)
        work = {
            "comparison": partial(comparison.table, frame, by, types=types, across=True),
            "ranking": partial(ranking.table, frame, by, types=types),
            "city": partial(stratified.table, frame, by, target="88.31"),
            "verdicts": partial(verdicts.table, frame, by, types=types, index=made),
        }
        cpu = {name: round(took(call).cpu, 2) for name, call in work.items()}
        found.append({"units": units, "types": kinds, "cpu": cpu})
    return {"answers": ANSWERS, "sizes": found}


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    names = list(made["sizes"][0]["cpu"])
    rows = [
        f"| {s['units']:,} | {s['types']} | " + " | ".join(f"{s['cpu'][n]:.2f}" for n in names) + " |"
        for s in made["sizes"]
    ]
    return [
        "## Units compared",
        "",
        f"{made['answers']} simulated answers a unit, nine items; CPU seconds of this process. Pairwise tests and rank",
        "sets run within a type of at most 200 units.",
        "",
        f"| units | types | {' | '.join(names)} |",
        "|---:|---:|" + "---:|" * len(names),
        *rows,
        "",
    ]
