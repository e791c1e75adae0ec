"""R's psych, one unit after another, against our table of all units at once. Optional: needs Rscript and psych."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from .measuring import RESULTS, ROOT, took
from .psychometrics import ALONE
from .statistics_growth import answers

UNITS, EACH, ROUNDS = 300, 250, 3


def measure(root: Path) -> dict[str, Any]:
    """The same answers to both, interleaved; alpha of every unit must agree."""
    r = shutil.which("Rscript")
    asked = [r or "", "-e", "library(psych)"]
    if not r or subprocess.run(asked, capture_output=True).returncode:
        return {"present": False}
    # Both on one thread, as a stage's kernel computes; ours in a process of its own, so that the
    # threads are set before numpy is imported.
    alone = {**os.environ, **ALONE, "PYTHONPATH": str(ROOT)}
    frame, by = answers(UNITS, EACH)
    path = root / "answers.csv"
    frame.assign(unit=by)[["unit", *frame.columns]].to_csv(path, index=False)
    theirs, ours, worst = [], [], 0.0
    for _ in range(ROUNDS):
        out = subprocess.run(
            [r, "--vanilla", str(RESULTS / "psych.R"), str(path)],
            capture_output=True,
            text=True,
            check=True,
            env=alone,
        ).stdout.split("\n")
        theirs.append(float(out[0].split()[1]))
        alphas = dict(line.rsplit(" ", 1) for line in out[1:] if line)
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.r"],
            capture_output=True,
            text=True,
            check=True,
            env=alone,
            cwd=ROOT,
        ).stdout
        seconds, found = json.loads(made)
        ours.append(seconds)
        worst = max(worst, *(abs(float(alphas[u]) - float(found[u])) for u in alphas))
    return {
        "present": True,
        "units": UNITS,
        "answers": EACH,
        "psych_cpu": round(statistics.median(theirs), 2),
        "ours_cpu": round(statistics.median(ours), 2),
        "ratio": round(statistics.median(t / o for t, o in zip(theirs, ours, strict=True)), 1),
        "alpha_differs_at_most": worst,
    }


def ours_alone() -> tuple[float, dict[str, float]]:
    """CPU seconds of our table, and the alpha of every unit."""
    from pipeline.statistics.psychometrics.reliability import table as reliability

    frame, by = answers(UNITS, EACH)
    table: list[Any] = []
    seconds = took(lambda: table.append(reliability.table(frame, by))).cpu
    asked = "statistic == 'alpha' and method == 'jackknife' and scope == 'unit'"
    return seconds, table[0].query(asked).set_index("unit")["estimate"].astype(float).to_dict()


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    if not made["present"]:
        return ["## R's psych", "", "R with psych is not on this machine; not compared.", ""]
    return [
        "## R's psych",
        "",
        f"{made['units']} units of {made['answers']} simulated answers, nine items; CPU seconds on one thread,",
        f"without start-up and reading; medians of {ROUNDS} interleaved rounds. Alpha differs by at most "
        f"{made['alpha_differs_at_most']:.0e}.",
        "",
        "| what | CPU s | times ours |",
        "|---|---:|---:|",
        f"| `psych::alpha`, one unit after another | {made['psych_cpu']:.2f} | {made['ratio']:.1f} |",
        "| our whole `reliability` table (alpha family, intervals, omega and ordinal models of each unit) "
        f"| {made['ours_cpu']:.2f} | 1 |",
        "",
    ]


if __name__ == "__main__":
    print(json.dumps(ours_alone()))
