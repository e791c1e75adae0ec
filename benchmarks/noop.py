"""A run with nothing to do, over many units: a one-cell notebook, really run once per unit.

    python -m benchmarks noop --units 30000

runs for hours (every unit has a kernel of its own, once) and is kept in ``benchmarks/noop.json``
beside the smaller sizes; plain ``python -m benchmarks`` measures the small size and keeps the others.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from .measuring import kept, skm

SMALL, BAR_UNITS, BAR = 200, 30_000, 15.0


def project(root: Path, units: int) -> tuple[Path, Path]:
    """A survey of so many units whose notebooks have one cell each; its root and its notebooks."""
    from tests.run import tiny_run

    base = root / f"noop-{units}"
    names = [f"u{number:05d}" for number in range(units)]
    raw = tiny_run.make_project(base) / "data" / "raw" / "2024"
    (raw / "units.csv").write_text("id,name\n" + "".join(f"{n},{n.upper()}\n" for n in names))
    notebooks = tiny_run.make_notebooks(base)
    listed = [{"id": n, "slug": n, "name": n.upper(), "n": 40, "required": 30} for n in names]
    (base / "listed.json").write_text(json.dumps(listed))
    source = (
        "import pathlib, shutil\nout = pathlib.Path(processed or pathlib.Path(root) / 'data' / 'processed' / survey)\n"
        "out.mkdir(parents=True, exist_ok=True)\n"
        "_ = shutil.copy(pathlib.Path(root) / 'listed.json', out / 'units.json')\n"
    )
    tiny_run.write_notebook(
        notebooks, "1-clean", source + tiny_run.BLOCK.format(title="'bersih'"),
        tiny_run.PARAMETERS + '\nprocessed = ""',
    )  # fmt: skip
    tiny_run.write_notebook(
        notebooks,
        "5-unit-report",
        tiny_run.BLOCK.format(title="'Unit ' + unit"),
        tiny_run.PARAMETERS + '\nunit = ""',
    )
    return base, notebooks


def measure(root: Path, units: int = SMALL) -> dict[str, Any]:
    """Run once, then three times with nothing to do; sizes measured before stay."""
    base, notebooks = project(root, units)
    # A kernel that starts waits as much as it works: more of them than cores.
    jobs = str(2 * (os.cpu_count() or 1))
    words = (
        "run", "2024", "--root", base, "--notebooks", notebooks, "--format", "html", "--jobs", jobs, "--quiet",
    )  # fmt: skip
    began = time.perf_counter()
    first = skm(*words, cwd=base)
    again = [skm(*words, cwd=base) for _ in range(3)]
    pages = len(list((base / "reports/2024/public/units").glob("*/report.html")))
    if pages != units:
        raise SystemExit(f"{pages} of {units} reports were written")
    size = {
        "units": units,
        "first_wall": round(first.wall, 1),
        "first_cpu": round(first.cpu, 1),
        "noop_wall": round(sorted(t.wall for t in again)[1], 2),
        "noop_cpu": round(sorted(t.cpu for t in again)[1], 2),
        "took": round(time.perf_counter() - began),
    }
    others = [s for s in (kept("noop") or {"sizes": []})["sizes"] if s["units"] != units]
    return {"sizes": sorted([*others, size], key=lambda s: s["units"])}


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    rows = [
        f"| {s['units']:,} | {s['first_wall']:,.0f} | {s['first_cpu'] / s['units']:.3f} | {s['noop_wall']:.2f} | "
        f"{f'under {BAR:.0f}' if s['units'] == BAR_UNITS else ''} |"
        for s in made["sizes"]
    ]
    text = [
        "## Nothing changed, many units",
        "",
        "A notebook of **one cell** (not a report), really run once per unit in a kernel of its own; then the same",
        "command again, wall seconds, median of 3.",
        "",
        "| units | first run, wall s | CPU s a unit | nothing to do | bar |",
        "|---:|---:|---:|---:|---:|",
        *rows,
        "",
    ]
    if all(s["units"] != BAR_UNITS for s in made["sizes"]):
        text += [f"{BAR_UNITS:,} units were not run: `python -m benchmarks noop --units {BAR_UNITS}`.", ""]
    return text
