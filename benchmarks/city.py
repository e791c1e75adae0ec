"""The demo city, everything: stages, 49 reports, overview, tables, portal; then once more with nothing changed."""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from .measuring import Took, skm, watched

BARS = {"wall": 120.0, "peak_mb": 2000.0, "noop": 2.0}


def build(root: Path) -> str:
    """Write the demo into an empty folder unless it is there; name of its newest survey."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "data" / "raw").is_dir():
        skm("demo", "--root", root, "--quiet", cwd=root)
    return max(path.name for path in (root / "data" / "raw").iterdir())


def ready(root: Path) -> str:
    """The demo with its statistics computed; name of its newest survey."""
    name = build(root)
    if not (root / "data" / "processed" / name / "units.json").is_file():
        skm("run", name, "--root", root, "--limit", "0", "--quiet", cwd=root)
    return name


def units(root: Path, name: str, least: int = 30) -> list[dict[str, Any]]:
    """Units of at least so many answers, smallest first."""
    from pipeline.run.plan import read_units

    listed = read_units(root / "data" / "processed" / name)
    return sorted((u for u in listed if u["n"] >= least), key=lambda u: (u["n"], u["id"]))


def measure(root: Path) -> dict[str, Any]:
    """Run the city from nothing, then three times with nothing to do."""
    from pipeline.run.plan import read_units

    name = build(root)
    for made in (root / "data" / "processed", root / "reports"):
        shutil.rmtree(made, ignore_errors=True)
    first: Took = watched(
        sys.executable, "-m", "pipeline.cli", "run", name, "--root", root, "--quiet", cwd=root
    )
    again = [skm("run", name, "--root", root, "--quiet", cwd=root) for _ in range(3)]
    listed = read_units(root / "data" / "processed" / name)
    public = root / "reports" / name / "public"
    middle = (found := units(root, name))[len(found) // 2]
    largest = min(found, key=lambda u: abs(u["n"] - 400))
    size = {
        u["id"]: {
            "n": u["n"],
            **{f: (public / "units" / u["slug"] / f"report.{f}").stat().st_size for f in ("html", "pdf")},
        }
        for u in (middle, largest)
    }
    return {
        "units": len([u for u in listed if u["id"] != "unknown"]),
        "respondents": sum(int(u["n"]) for u in listed),
        "reports": len(list(public.glob("units/*/report.pdf"))),
        "cpu": round(first.cpu, 1),
        "wall": round(first.wall, 1),
        "peak_mb": round(first.peak),
        "noop_wall": round(statistics.median(t.wall for t in again), 2),
        "noop_cpu": round(statistics.median(t.cpu for t in again), 2),
        "size": size,
    }


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    rows = [
        f"| {made['reports']} reports (HTML, PDF, workbook), overview, tables, portal: wall s "
        f"| {made['wall']:.1f} | under {BARS['wall']:.0f} |",
        f"| the same: CPU s | {made['cpu']:.1f} | |",
        f"| peak memory of all its processes, MB | {made['peak_mb']:,} | under {BARS['peak_mb']:,.0f} |",
        f"| once more, nothing changed: wall s (median of 3) | {made['noop_wall']:.2f} | under {BARS['noop']:.0f} |",
    ]
    for unit, size in made["size"].items():
        bar = "under 300" if abs(size["n"] - 400) < 60 else ""
        rows.append(f"| HTML of {unit} (n = {size['n']}), kB | {size['html'] / 1e3:.0f} | {bar} |")
        rows.append(f"| PDF of {unit}, kB | {size['pdf'] / 1e3:.0f} | |")
    return [
        "## A city",
        "",
        f"The demo: {made['units']} units, {made['respondents']:,} respondents in its newest survey. Memory is",
        "the sum of the processes' proportional shares, looked at twice a second.",
        "",
        "| what | measured | bar |",
        "|---|---:|---:|",
        *rows,
        "",
    ]
