"""``make bench``: how fast, as ratios within one run on one machine.

Writes ``benchmarks/results.md``. Absolute figures belong to the machine that is described
there; the ratios are what carries over.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3


def cpu() -> float:
    """CPU seconds of this process and of all children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def shell(*command: str | Path, cwd: Path) -> None:
    """Run a command quietly; a failure stops the benchmark."""
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def measured(work: Callable[[], object]) -> float:
    """CPU seconds of one call, kernels included."""
    before = cpu()
    work()
    return cpu() - before


def one_report(root: Path) -> list[str]:
    """One unit's report: the documented route against ours, interleaved."""
    from pipeline.run.plan import read_units

    (raw,) = (root / "data" / "raw").iterdir()
    units = [u for u in read_units(root / "data" / "processed" / raw.name) if u["n"] >= 30]
    unit = sorted(units, key=lambda u: u["n"])[len(units) // 2]["id"]
    out = root / "bench"
    out.mkdir(exist_ok=True)
    notebook = ROOT / "notebooks" / "5-unit-report.ipynb"

    def documented() -> None:
        done = out / "done.ipynb"
        parameters = ("-r", "survey", raw.name, "-r", "unit", unit, "-r", "root", str(root))
        shell(sys.executable, "-m", "papermill", notebook, done, *parameters, "-k", "python3", cwd=out)
        shell(sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", done, cwd=out)

    def ours(kernel: str, *units: str) -> None:
        # Fresh or warm: html and pdf both, --force so that nothing counts as up to date.
        picks = [word for u in units for word in ("--only", u)]
        command = ("-m", "pipeline.cli", "run", raw.name, "--root", root, "--force", "--quiet")
        shell(sys.executable, *command, "--stage", "5-unit-report", "--kernel", kernel, *picks, cwd=out)

    names = [u["id"] for u in units]
    stock: list[float] = []
    fresh: list[float] = []
    first: list[float] = []
    more: list[float] = []
    for _ in range(REPEATS):
        stock.append(measured(documented))
        fresh.append(measured(lambda: ours("fresh", unit)))
        first.append(measured(lambda: ours("warm", unit)))
        whole = measured(lambda: ours("warm", *names))
        more.append((whole - first[-1]) / max(len(names) - 1, 1))
    a, b, c, d = (statistics.median(x) for x in (stock, fresh, first, more))
    return [
        "## One unit's report",
        "",
        f"Unit with the median number of answers; medians of {REPEATS} interleaved rounds; CPU seconds, kernels and",
        "command included. The documented route is papermill and nbconvert from the shell with the stock HTML",
        "template and **no PDF** (the stock PDF needs TeX or a browser download); ours writes HTML and PDF.",
        "",
        "| route | CPU s | times ours, within a run |",
        "|---|---:|---:|",
        f"| papermill + nbconvert, HTML only | {a:.2f} | {a / d:.1f} |",
        f"| `skm run` one unit, fresh kernel, HTML + PDF | {b:.2f} | {b / d:.1f} |",
        f"| `skm run` one unit, warm kernel, HTML + PDF (all start-up included) | {c:.2f} | {c / d:.1f} |",
        f"| each further unit of a warm run, HTML + PDF | {d:.2f} | 1 |",
        "",
    ]


def growth() -> list[str]:
    """Statistics of all units at once, as units grow."""
    from pipeline.statistics import index, reliability, validity

    lines = [
        "## Statistics of all units at once",
        "",
        "250 simulated answers a unit, nine items; CPU seconds of this process.",
        "",
        "| units | index | reliability | validity |",
        "|---:|---:|---:|---:|",
    ]
    rng = np.random.default_rng(14_2017)
    for units in (10, 100, 1_000):
        rows = units * 250
        level = np.repeat(rng.normal(3.3, 0.2, units), 250)[:, None] + rng.normal(0, 0.5, (rows, 1))
        answers = np.clip(np.rint(level + rng.normal(0, 0.5, (rows, 9))), 1, 4).astype("int8")
        frame = pd.DataFrame(answers, columns=[f"U{i}" for i in range(1, 10)]).astype("Int8")
        by = pd.Series(np.repeat([f"u{i:05d}" for i in range(units)], 250))
        modules = (index, reliability, validity)
        seconds = [measured(partial(module.table, frame, by)) for module in modules]
        lines.append(f"| {units:,} | " + " | ".join(f"{s:.2f}" for s in seconds) + " |")
    return [*lines, ""]


def machine() -> list[str]:
    """What the figures belong to."""
    import pipeline
    from pipeline.run.manifest import versions

    found = versions()
    shown = ", ".join(
        f"{name} {found[name]}" for name in ("python", "pandas", "papermill", "typst") if name in found
    )
    return [
        "# Benchmarks",
        "",
        f"Made by `make bench` with skm-pipeline {pipeline.__version__} on {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores; {shown}.",
        "",
    ]


def main() -> None:
    """Measure, print, and write results.md."""
    from benchmarks import scale

    if sys.argv[1:2] == ["scale"]:
        scale.main(sys.argv[2:])
        return
    root = Path(tempfile.mkdtemp(prefix="skm-bench-"))
    began = time.monotonic()
    try:
        shell(sys.executable, "-m", "pipeline.cli", "demo", "--small", "--root", root, cwd=root)
        shell(sys.executable, "-m", "pipeline.cli", "run", "--root", root, "--format", "html", cwd=root)
        text = "\n".join([*machine(), *one_report(root), *growth(), *scale.lines()])
    finally:
        shutil.rmtree(root, ignore_errors=True)
    (ROOT / "benchmarks" / "results.md").write_text(text, encoding="utf-8")
    print(text)
    print(f"{time.monotonic() - began:.0f} s; written to benchmarks/results.md")


if __name__ == "__main__":
    main()
