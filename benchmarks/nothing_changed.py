"""A run in which nothing changed, after a one-cell notebook was really run once per unit.

    python -m benchmarks.nothing_changed --units 30000

Every unit's notebook is a single cell that displays one block: what is measured is the plan, the
kernels, the ledger and the no-op, not a report. The first run forks a kernel per unit (about a
tenth to a third of a CPU second each); the second finds all of them up to date. The figures land in
``benchmarks/nothing_changed.json``, one entry per number of units.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.scale import ROOT, machine, usage

OUT = ROOT / "benchmarks" / "nothing_changed.json"
PARAMETERS = 'survey = ""\nlang = "id"\nroot = ""'
BLOCK = (
    "from pipeline import blocks\nblocks.document(title={title}, lang=lang, survey=survey, date='2024-08-01')"
)


def project(root: Path, units: int) -> Path:
    """Write a survey of so many units and six notebooks of one cell; return the notebooks' folder."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from pipeline.run.plan import CITY, NOTEBOOKS, UNIT

    raw, folder = root / "data" / "raw" / "2024", root / "notebooks"
    raw.mkdir(parents=True)
    folder.mkdir()
    ids = [f"unit-{number:05d}" for number in range(units)]
    (raw / "survey.yml").write_text("title: Uji\ncity: Kota Uji\nfiles: []\n", encoding="utf-8")
    (raw / "units.csv").write_text("id,name\n" + "".join(f"{u},{u}\n" for u in ids), encoding="utf-8")
    listed = [{"id": u, "slug": u, "name": u, "n": 40, "required": 30} for u in ids]
    (root / "units.json").write_text(json.dumps(listed), encoding="utf-8")
    clean = (
        "import pathlib, shutil\n"
        "out = pathlib.Path(processed or pathlib.Path(root) / 'data' / 'processed' / survey)\n"
        "out.mkdir(parents=True, exist_ok=True)\n"
        "_ = shutil.copy(pathlib.Path(root) / 'units.json', out / 'units.json')\n"
    )
    for name in NOTEBOOKS:
        title = "'Unit ' + unit" if name == UNIT else repr("Kota" if name == CITY else name)
        source = (clean if name == "1-clean" else "") + BLOCK.format(title=title)
        more = {UNIT: '\nunit = ""', "1-clean": '\nprocessed = ""'}.get(name, "")
        notebook = new_notebook(
            cells=[new_code_cell(PARAMETERS + more, metadata={"tags": ["parameters"]}), new_code_cell(source)]
        )
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def _run(root: Path, notebooks: Path) -> None:
    from pipeline import survey as surveys
    from pipeline.run.plan import Options
    from pipeline.run.runner import Run

    start = time.perf_counter()
    options = Options(notebooks=notebooks, formats=("html",), jobs=os.cpu_count() or 1)
    outcome = Run(surveys.load(root, "2024"), options).go(None)
    found = {
        "written": len(outcome.written), "current": len(outcome.current), "failed": len(outcome.failures),
        "wall": round(time.perf_counter() - start, 2), **usage(),
    }  # fmt: skip
    print(json.dumps(found))


def _once(root: Path, notebooks: Path) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.nothing_changed",
        "--inside",
        str(notebooks),
        "--root",
        str(root),
    ]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"the run ended with {done.returncode}")
    # The process as a whole: starting up and loading the survey belong to what a person waits for.
    return {**json.loads(done.stdout.splitlines()[-1]), "process_wall": round(time.perf_counter() - start, 2)}


def main(arguments: list[str]) -> None:
    """Run every unit's notebook once, then twice with nothing changed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nothing_changed", description=__doc__)
    parser.add_argument("--units", type=int, default=30_000)
    parser.add_argument("--root", type=Path, default=ROOT / "build" / "nothing-changed")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    if given.inside:
        _run(root, given.inside)
        return
    place = root / str(given.units)
    shutil.rmtree(place, ignore_errors=True)
    notebooks = project(place, given.units)
    made = {
        "units": given.units, "load_before": os.getloadavg()[0],
        "first": _once(place, notebooks), "again": [_once(place, notebooks) for _ in range(2)],
    }  # fmt: skip
    print(json.dumps(made))
    stored = json.loads(OUT.read_text(encoding="utf-8")) if OUT.is_file() else {"runs": []}
    others = [run for run in stored["runs"] if run["units"] != given.units]
    runs = sorted([*others, made], key=lambda run: int(run["units"]))
    OUT.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
