"""A country's reports: every stage as a real notebook, a random sample of the reports, the rest extrapolated.

    python -m benchmarks sample --units 30000

runs for half an hour and is kept in ``benchmarks/sample.json``; plain ``python -m benchmarks`` leaves
it as it is. What a run costs beside its reports is measured apart, by runs that make one report: the
first also hashes the rows of all units, a later one only starts. What is multiplied is the rest.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

from pipeline.run.plan import CITY as OVERVIEW
from pipeline.run.plan import STAGES, read_units
from pipeline.run.plan import UNIT as REPORTS

from .measuring import Took, skm, watched

UNITS, RESPONDENTS_A_UNIT, SAMPLE, SEED = 30_000, 400, 300, 14_2017
YEAR = "2025"
FIRST, LATER, MANY, OFFICE = "one report", "one later report", "many reports", "tables and portal"


def _told(took: Took) -> dict[str, float]:
    return {"wall": round(took.wall, 1), "cpu": round(took.cpu, 1), "peak_gb": round(took.peak / 1e3, 2)}


def measure(root: Path, units: int = UNITS, sample: int = SAMPLE) -> dict[str, Any]:
    """Write the survey unless it is there; run its stages, the reports of a sample, and what is for all.

    Parameters
    ----------
    root : Path
        The survey lies in ``sample-<units>`` below it, 400 respondents a unit.
    units, sample : int
        Units of the survey, and how many of them, drawn at random, get their report.
    """
    base = root / f"sample-{units}"
    base.mkdir(parents=True, exist_ok=True)

    def run(name: str, *more: str) -> None:
        words = ["-m", "pipeline.cli", "run", YEAR, "--root", str(base), "--quiet", *more]
        took[name] = _told(watched(sys.executable, *words, cwd=base))
        print(f"{name}: {took[name]}", flush=True)

    took: dict[str, dict[str, float]] = {}
    if not (base / "data" / "raw" / YEAR).is_dir():
        respondents = str(RESPONDENTS_A_UNIT * units)
        skm("demo", "--units", str(units), "--respondents", respondents, "--root", base, cwd=base)
        os.sync()
    for stage in STAGES:
        run(stage, "--stage", stage)
    answered = [u for u in read_units(base / "data" / "processed" / YEAR) if u["n"]]
    first, later, *chosen = random.Random(SEED).sample(answered, sample + 2)
    run(FIRST, "--stage", REPORTS, "--only", first["id"])
    run(LATER, "--stage", REPORTS, "--only", later["id"])
    run(MANY, "--stage", REPORTS, *(word for u in chosen for word in ("--only", u["id"])))
    run(OVERVIEW, "--stage", OVERVIEW)
    run(OFFICE, "--limit", "0")
    for name, words in (("status", ("status", YEAR)), ("why", ("why", YEAR, first["id"]))):
        took[name] = _told(skm(*words, "--root", base, cwd=base))
    public = base / "reports" / YEAR / "public"
    size: dict[str, int] = {}
    for u in chosen:
        for path in (public / "units" / u["slug"]).iterdir():
            size[path.suffix[1:]] = size.get(path.suffix[1:], 0) + path.stat().st_size
    return {
        "units": units,
        "answered": len(answered),
        "respondents": sum(int(u["n"]) for u in answered),
        "sample": sample,
        "took": took,
        "bytes": size,
        "files": {p.name: p.stat().st_size for p in sorted(public.iterdir()) if p.is_file()},
    }


def extrapolated(made: dict[str, Any]) -> dict[str, float]:
    """Cost of all reports: of the first run's one, and as many further ones as there are units.

    Examples
    --------
    >>> took = {"one report": {"cpu": 50.0, "wall": 40.0}, "one later report": {"cpu": 9.0, "wall": 8.0},
    ...         "many reports": {"cpu": 308.0, "wall": 157.5}}
    >>> found = extrapolated({"answered": 1001, "sample": 300, "took": took, "bytes": {"pdf": 300_000_000}})
    >>> found["cpu"], found["wall"], found["cpu_each"], found["bytes"]
    (1050.0, 540.0, 1.0, 1001000000.0)
    """
    first, later, many = (made["took"][name] for name in (FIRST, LATER, MANY))
    found: dict[str, float] = {"bytes": sum(made["bytes"].values()) / made["sample"] * made["answered"]}
    for what in ("cpu", "wall"):
        # Both runs start and open the survey: what is left is the reports alone.
        each = (many[what] - later[what]) / (made["sample"] - 1)
        found[f"{what}_each"] = each
        found[what] = first[what] + each * (made["answered"] - 1)
    return found


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    took, every = made["took"], extrapolated(made)
    names = {
        **{stage: f"`{stage}`, its page included" for stage in STAGES},
        FIRST: "the first run that makes one report: all units' rows are hashed",
        LATER: "a later run that makes one report",
        MANY: f"a run that makes **{made['sample']} reports, units drawn at random**",
        OVERVIEW: "`6-overview`, HTML and PDF",
        OFFICE: "result files and portal",
        "status": "`skm status`",
        "why": "`skm why` of one unit",
    }
    rows = [
        f"| {text} | {took[name]['wall']:,.1f} | {took[name]['cpu']:,.1f} | {took[name]['peak_gb'] or '':} |"
        for name, text in names.items()
    ]
    kb = {name: size / 1e3 for name, size in made["files"].items()}
    pages = [size for name, size in kb.items() if name.startswith("index")]
    each = ", ".join(
        f"{kind} {b / made['sample'] / 1e3:,.0f} kB" for kind, b in sorted(made["bytes"].items())
    )
    return [
        "## A country's reports",
        "",
        f"{made['units']:,} units, {made['respondents']:,} valid respondents: `skm run`, a stage at a time,",
        "every stage a notebook. Memory is the sum of the processes' proportional shares.",
        "",
        "| what | wall s | CPU s | peak GB |",
        "|---|---:|---:|---:|",
        *rows,
        "",
        f"**{made['sample']} of the {made['answered']:,} reports were made; what follows is extrapolated, not"
        " measured.**",
        f"A further report costs {every['cpu_each']:.2f} CPU s with its workbook ({each});",
        f"all {made['answered']:,} would take {every['cpu'] / 3600:.1f} CPU hours,"
        f" {every['wall'] / 3600:.1f} h on this machine's cores, and {every['bytes'] / 1e9:,.0f} GB.",
        "",
        f"The portal has {len(pages)} pages of at most {max(pages, default=0):,.0f} kB; the overview's HTML",
        f"has {kb.get('overview.html', 0):,.0f} kB, its PDF {kb.get('overview.pdf', 0):,.0f} kB.",
        "",
    ]
