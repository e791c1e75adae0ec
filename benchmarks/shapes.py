"""Surveys of a shape that is out of the ordinary: one huge unit, very many items, very many small units.

    python -m benchmarks shapes

Each shape is run at two sizes, one four times the other, so that what grows faster than the survey is seen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .measuring import watched

YEAR = "2025"
STAGES = ("1-clean", "2-index", "3-reliability", "4-compare")
#: Sizes of each shape, small and large: answers of the one unit, items, units of twenty people.
SIZES = {"answers of one unit": (50_000, 200_000), "items": (50, 200), "units of 20": (250, 1_000)}
#: Respondents and units of the survey of many items.
PEOPLE, UNITS = 2_000, 10


def one_unit(root: Path, answers: int) -> None:
    """All respondents in one unit."""
    from pipeline import demo

    demo.write_large(root, units=1, respondents=answers)


def small_units(root: Path, units: int) -> None:
    """Twenty respondents a unit."""
    from pipeline import demo

    demo.write_large(root, units=units, respondents=20 * units)


def many_items(root: Path, items: int) -> None:
    """A questionnaire of its own of so many items on 1-5, answered at random around a person's level."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(14_2017)
    folder = root / "data" / "raw" / YEAR
    folder.mkdir(parents=True)
    codes = [f"p{number:03d}" for number in range(1, items + 1)]
    level = rng.normal(3.8, 0.6, (PEOPLE, 1))
    scores = np.clip(np.rint(level + rng.normal(0, 0.8, (PEOPLE, items))), 1, 5).astype(int)
    table = pd.DataFrame(scores, columns=codes)
    table.insert(0, "unit", [f"u{number % UNITS:02d}" for number in range(PEOPLE)])
    table.to_csv(folder / "answers.csv", index=False)
    (folder / "units.csv").write_text(
        "id,name\n" + "".join(f"u{number:02d},Unit {number}\n" for number in range(UNITS)), encoding="utf-8"
    )
    listed = "".join(f"      {code}: {{question: 'Pernyataan {code}'}}\n" for code in codes)
    (folder / "survey.yml").write_text(
        "title: Banyak butir\ncity: Kota Uji\nfiles: [{path: answers.csv, instrument: mutu}]\n"
        f"instruments:\n  mutu:\n    title: Mutu\n    scale: {{min: 1, max: 5}}\n    items:\n{listed}",
        encoding="utf-8",
    )


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "answers of one unit": one_unit, "items": many_items, "units of 20": small_units,
}  # fmt: skip


def run(root: Path, *more: str) -> dict[str, float]:
    """CPU seconds and peak memory (MB) of a part of a run in fresh kernels."""
    made = watched(
        sys.executable, "-m", "pipeline.cli", "run", YEAR, "--root", root, "--quiet", "--kernel", "fresh",
        "--jobs", "1", *more, cwd=root,
    )  # fmt: skip
    return {"cpu": round(made.cpu, 1), "peak_mb": round(made.peak)}


def measure(root: Path) -> dict[str, Any]:
    """Each stage and one report, at both sizes of every shape."""
    found = []
    for shape, sizes in SIZES.items():
        for size in sizes:
            place = root / f"{shape.replace(' ', '-')}-{size}"
            place.mkdir(parents=True)
            WRITERS[shape](place, size)
            took = {stage: run(place, "--stage", stage) for stage in STAGES}
            took["one report"] = run(place, "--stage", "5-unit-report", "--limit", "1")
            took["overview"] = run(place, "--stage", "6-overview")
            found.append({"shape": shape, "size": size, "took": took})
    return {"shapes": found}


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    parts = list(made["shapes"][0]["took"])
    rows = [
        f"| {one['shape']} | {one['size']:,} | "
        + " | ".join(f"{one['took'][part]['cpu']:.1f}" for part in parts)
        + f" | {max(took['peak_mb'] for took in one['took'].values()) / 1000:.2f} |"
        for one in made["shapes"]
    ]
    return [
        "## Surveys of a shape that is out of the ordinary",
        "",
        "CPU seconds in fresh kernels, start-up included. Each shape stands at two sizes, one four times the other:",
        "what grows with the survey takes at most four times as long.",
        "",
        "| shape | size | " + " | ".join(parts) + " | peak GB |",
        "|---|---:|" + "---:|" * (len(parts) + 1),
        *rows,
        "",
    ]
