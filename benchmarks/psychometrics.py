"""How fast the psychometrics are, against R's psych and lavaan on the same answers.

    python -m benchmarks psychometrics

Both sides run on one thread and are measured in CPU seconds of their own process, start-up left out. Where
there is no Rscript with psych and lavaan, only our side is measured, and the section says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .measuring import ROOT

UNITS, EACH, SEED = 48, 400, 20170501
#: One thread on both sides: threads of the linear algebra libraries cost more than these small matrices gain.
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ITEMS = [f"U{j}" for j in range(1, 10)]

#: The same work in R: closed forms of every unit, polychoric matrices, WLSMV fits; CPU seconds of each.
SCRIPT = """
suppressPackageStartupMessages({library(psych); library(lavaan)})
d <- read.csv("answers.csv"); parts <- split(d[, -1], d$unit)
cpu <- function(f) {s <- proc.time(); suppressMessages(suppressWarnings(capture.output(for (x in parts) f(x))))
  sum((proc.time() - s)[c(1, 2)])}
out <- c(
  closed = cpu(function(x) {psych::alpha(x); KMO(x); cortest.bartlett(cor(x), nrow(x))}),
  polychoric = cpu(function(x) polychoric(x, correct = 0)),
  wlsmv = cpu(function(x) fitMeasures(cfa(paste("f =~", paste(names(x), collapse = " + ")), x, ordered = names(x),
    std.lv = TRUE, estimator = "WLSMV"))))
cat(sprintf('{"closed": %.4f, "polychoric": %.4f, "wlsmv": %.4f, "psych": "%s", "lavaan": "%s", "r": "%s"}',
  out[1], out[2], out[3], packageVersion("psych"), packageVersion("lavaan"), R.version.string))
"""


def answers(units: int, each: int, seed: int = SEED) -> tuple[pd.DataFrame, np.ndarray]:
    """Nine items of one factor under ceiling, and the unit of each row."""
    rng = np.random.default_rng(seed)
    rows = units * each
    latent = 0.7 * rng.normal(size=(rows, 1)) + 0.51**0.5 * rng.normal(size=(rows, 9))
    codes = 1 + (latent > -2.0).astype("int8") + (latent > -1.2) + (latent > 0.2)
    return pd.DataFrame(codes.astype("int8"), columns=ITEMS), np.repeat(
        [f"u{u:05d}" for u in range(units)], each
    )


def closed(frame: pd.DataFrame, by: np.ndarray) -> None:
    """Alpha with its intervals to Bartlett, of every unit: both tables without models."""
    from pipeline.statistics.psychometrics.items import validity
    from pipeline.statistics.psychometrics.reliability import table as reliability

    reliability.table(frame, by, models=False)
    validity.table(frame, by, models=False, draws=0)


def closed_forms(frame: pd.DataFrame, by: np.ndarray) -> None:
    """What the R side does in its first line: the alpha family with interval, KMO, Bartlett."""
    from pipeline.statistics.data.covariance import correlation, listwise
    from pipeline.statistics.data.grouped import group
    from pipeline.statistics.psychometrics.items import validity
    from pipeline.statistics.psychometrics.reliability import alpha, alpha_intervals

    grouped = group(frame, by)
    stack = listwise(grouped)
    alpha.alpha(stack.cov, stack.k)
    alpha.alpha_standardised(stack.cov)
    alpha.lambda6(stack.cov)
    alpha.alpha_if_dropped(stack.cov, stack.k)
    validity.item_rest(stack.cov)
    alpha_intervals.adf_error(grouped, stack)
    r = correlation(stack.cov)
    validity.kmo(r)
    validity.bartlett(r, stack.n)


def polychorics(frame: pd.DataFrame, by: np.ndarray) -> None:
    """Every polychoric correlation of every unit."""
    from pipeline.statistics.data.grouped import group
    from pipeline.statistics.psychometrics.correlation import polychoric

    polychoric.matrices(group(frame, by))


def ordinal_factors(frame: pd.DataFrame, by: np.ndarray) -> None:
    """The WLSMV model of every unit, its polychoric correlations included."""
    from pipeline.statistics.data.grouped import group
    from pipeline.statistics.data.response_patterns import patterns
    from pipeline.statistics.psychometrics.factor import cfa_wlsmv

    grouped = group(frame, by)
    for unit in range(len(grouped.units)):
        cfa_wlsmv.fit(cfa_wlsmv.prepare(patterns(grouped, unit, np.ones(9, dtype=bool))))


def seconds(
    work: Callable[[pd.DataFrame, np.ndarray], None], frame: pd.DataFrame, by: np.ndarray, times: int = 3
) -> float:
    """CPU seconds of one call, the least of some."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work(frame, by)
        best = min(best, time.process_time() - began)
    return best


def in_r(frame: pd.DataFrame, by: np.ndarray) -> dict[str, object] | None:
    """CPU seconds of the same work in R; None where R or a package is not there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory(prefix="skm-psych-") as folder:
        frame.assign(unit=by)[["unit", *ITEMS]].to_csv(Path(folder) / "answers.csv", index=False)
        (Path(folder) / "work.R").write_text(SCRIPT, encoding="utf-8")
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(
            [rscript, "work.R"], cwd=folder, env=environment, capture_output=True, text=True
        )
    if done.returncode:
        return None
    found: dict[str, object] = json.loads(done.stdout)
    return found


def figures(many: int = 30_000, few: int = 40) -> dict[str, object]:
    """All figures: ours, R's where it is there, and the closed forms of many units.

    Parameters
    ----------
    many, few : int
        Units, and respondents of each, of the large city.
    """
    frame, by = answers(UNITS, EACH)
    ours = {name: seconds(work, frame, by) for name, work in
            (("closed", closed_forms), ("polychoric", polychorics), ("wlsmv", ordinal_factors))}  # fmt: skip
    large, of_large = answers(many, few)
    return {
        "ours": ours, "r": in_r(frame, by), "many": many, "few": few, "large": seconds(closed, large, of_large, 1),
    }  # fmt: skip


def measure(root: Path) -> dict[str, Any]:
    """All figures, measured on one thread."""
    # In a process of its own, so that the threads are set before numpy is imported.
    environment = {**os.environ, **ALONE, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.psychometrics"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def lines(found: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    ours, r = found["ours"], found["r"]
    names = {
        "closed": f"alpha family, KMO, Bartlett of {UNITS} units",
        "polychoric": f"{UNITS * 36:,} polychoric correlations",
        "wlsmv": f"{UNITS} WLSMV fits, polychoric correlations included",
    }
    out = ["## Psychometrics", ""]
    said = f"{UNITS} units of {EACH} simulated answers to nine items; CPU seconds, one thread, start-up left out."
    if r is None:
        out += [f"{said} Rscript with psych and lavaan was not there: our side only.", ""]
        out += ["| what | CPU s |", "|---|---:|"]
        out += [f"| {text} | {ours[name]:.3f} |" for name, text in names.items()]
    else:
        out += [f"{said} {r['r']}, psych {r['psych']}, lavaan {r['lavaan']}.", ""]
        out += ["| what | ours, CPU s | R, CPU s | R over ours |", "|---|---:|---:|---:|"]
        total = {name: (ours[name], float(r[name])) for name in names}
        total["together"] = (sum(ours.values()), sum(float(r[name]) for name in names))
        for name, (mine, theirs) in total.items():
            shown = names.get(name, name)
            out.append(f"| {shown} | {mine:.3f} | {theirs:.2f} | {theirs / mine:.1f} |")
    large = f"{found['many']:,} units of {found['few']} answers: {found['large']:.1f} CPU s"
    out += ["", f"Both tables (reliability, validity) without models for {large}.", ""]
    return out


if __name__ == "__main__":
    print(json.dumps(figures()))
