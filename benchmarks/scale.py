"""A country's survey, for real: every stage in a process of its own, with what it took.

    python -m benchmarks scale --units 30000 --respondents 12000000

writes ``benchmarks/scale.json``; ``--growth`` runs 10, 100, 1,000, 10,000 and 30,000 units of 400
respondents each. Figures are CPU seconds and wall seconds of the stage's process, start-up
included, and its peak memory (of two processes side by side: both peaks together). The bar is held
by ``clean`` and then ``2-index`` beside ``3-reliability``, each on one core; the latter, which has
less to do, also computes the tests between units of ``4-compare``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "benchmarks" / "scale.json"
SIZES = (10, 100, 1_000, 10_000, 30_000)
#: Statistics of the bar, by the process that computes them; the two run side by side.
TABLES = {
    "2-index": ("index", "sampling", "profile", "integrity"),
    "3-reliability": ("reliability", "validity", "comparison"),
}
YEAR = "2025"


def usage() -> dict[str, float]:
    """CPU seconds and peak memory (GB) of this process and its children so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "cpu": round(sum(u.ru_utime + u.ru_stime for u in both), 2),
        "peak_gb": round(max(u.ru_maxrss for u in both) / 1e6, 2),
    }


# -- inside a stage's process ------------------------------------------------------------


def _demo(root: Path, units: int, respondents: int) -> dict[str, Any]:
    from pipeline import demo

    demo.write_large(root, units=units, respondents=respondents)
    files = list((root / "data" / "raw" / YEAR).glob("*.csv"))
    return {"files": len(files), "bytes": sum(f.stat().st_size for f in files)}


def _clean(root: Path) -> dict[str, Any]:
    from pipeline import intake, steps

    survey = steps.open_survey(YEAR, root)
    cleaned = intake.clean(survey)
    steps.keep(survey, cleaned)
    return {
        "rows": int(cleaned.counts["read"].sum()),
        "used": len(cleaned.responses),
        "ledger": len(cleaned.ledger),
    }


def _tables(root: Path, stage: str) -> dict[str, Any]:
    from pipeline import steps

    data = steps.open_answers(YEAR, root)
    found: dict[str, Any] = {"opened": usage()}
    for name in TABLES[stage]:
        before, start = usage()["cpu"], time.perf_counter()
        table = getattr(steps, name)(data)
        steps.save(data, **{name: table})
        found[name] = {
            "cpu": round(usage()["cpu"] - before, 2),
            "wall": round(time.perf_counter() - start, 2),
            "rows": len(table),
        }
    return found


def _portal(root: Path) -> dict[str, Any]:
    """Result tables and portal of the whole city."""
    from pipeline import steps
    from pipeline.office import portal, results

    survey = steps.open_survey(YEAR, root)
    start = time.perf_counter()
    results.write(survey)
    between = time.perf_counter()
    portal.write(survey)
    return {
        "results_wall": round(between - start, 2),
        "portal_wall": round(time.perf_counter() - between, 2),
        "bytes": {p.name: p.stat().st_size for p in sorted(survey.public.iterdir()) if p.is_file()},
    }


def _inside(stage: str, root: Path, units: int, respondents: int) -> None:
    work: dict[str, Callable[[], dict[str, Any]]] = {
        "demo": lambda: _demo(root, units, respondents),
        "clean": lambda: _clean(root),
        "portal": lambda: _portal(root),
        **{name: (lambda name=name: _tables(root, name)) for name in TABLES},  # type: ignore[misc]
    }
    print(json.dumps({**work[stage](), **usage()}))


# -- the run ------------------------------------------------------------------------------


def _start(stage: str, root: Path, units: int, respondents: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.scale", "--inside", stage, "--root", str(root)]
    command += ["--units", str(units), "--respondents", str(respondents)]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def _finish(process: subprocess.Popen[str], start: float) -> dict[str, Any]:
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{process.args} ended with {process.returncode}")
    return {**json.loads(output.splitlines()[-1]), "wall": round(time.perf_counter() - start, 2)}


def measure(units: int, respondents: int, root: Path, stages: list[str]) -> dict[str, Any]:
    """Run the stages of one size and return what each took."""
    found: dict[str, Any] = {"units": units, "respondents": respondents, "load_before": os.getloadavg()[0]}
    for stage in ("demo", "clean"):
        if stage in stages:
            start = time.perf_counter()
            found[stage] = _finish(_start(stage, root, units, respondents), start)
            if stage == "demo":
                os.sync()  # what was generated lies on the disk before anything else is timed
            print(units, stage, found[stage], flush=True)
    if "tables" in stages:
        start = time.perf_counter()
        with ThreadPoolExecutor(len(TABLES)) as pool:
            running = {
                name: pool.submit(_finish, _start(name, root, units, respondents), start) for name in TABLES
            }
            for name, finished in running.items():
                found[name] = finished.result()
                print(units, name, found[name], flush=True)
    if "portal" in stages:
        start = time.perf_counter()
        found["portal"] = _finish(_start("portal", root, units, respondents), start)
        print(units, "portal", found["portal"], flush=True)
    parts = [found[name] for name in ("clean", *TABLES) if name in found]
    if len(parts) == 1 + len(TABLES):
        side_by_side = [found[name] for name in TABLES]
        found["bar"] = {
            "wall": round(found["clean"]["wall"] + max(p["wall"] for p in side_by_side), 1),
            "cpu": round(sum(p["cpu"] for p in parts), 1),
            "peak_gb": round(max(found["clean"]["peak_gb"], sum(p["peak_gb"] for p in side_by_side)), 2),
        }
    return found


def lines(path: Path = OUT) -> list[str]:
    """Return the section of ``results.md``, from what was measured; empty when nothing was."""
    if not path.is_file():
        return []
    made = json.loads(path.read_text(encoding="utf-8"))
    out = [
        "## Scale", "", f"Measured on {made['machine']}, by `{made['command']}`.", "",
        "| units | respondents | clean: CPU s | 2-index | 3-reliability | all: wall s | peak GB | load before |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for size in sorted(made["sizes"], key=lambda s: s["units"]):
        if "bar" in size:
            out.append(
                f"| {size['units']:,} | {size['respondents']:,} | {size['clean']['cpu']:.1f} |"
                f" {size['2-index']['cpu']:.1f} | {size['3-reliability']['cpu']:.1f} | {size['bar']['wall']:.1f} |"
                f" {size['bar']['peak_gb']:.1f} | {size['load_before']:.1f} |"
            )
    return [*out, "", made["note"], ""]


def machine() -> str:
    """What the figures belong to."""
    import platform

    from pipeline.run.fingerprints import versions

    shown = ", ".join(
        f"{name} {text}" for name, text in sorted(versions().items()) if name in ("python", "pandas")
    )
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; {shown}"


NOTE = (
    "`clean` reads side by side in threads; `2-index` (index, sampling, profile, integrity) and `3-reliability`"
    " (reliability, validity, and the tests between units of `4-compare`) then run"
    " side by side, so that the wall time is that of two cores; `skm run` runs its stages one after the other. The"
    " bar: under 180 s and 8 GB for 30,000 units and 12 million respondents. With a load before the start above 0"
    " the wall time is that of a shared machine."
)


def main(arguments: list[str]) -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--units", type=int, default=30_000)
    parser.add_argument("--respondents", type=int, default=0, help="0: 400 a unit")
    parser.add_argument("--growth", action="store_true", help="all of 10 to 30,000 units")
    parser.add_argument("--root", type=Path, default=ROOT / "build" / "scale")
    parser.add_argument("--stages", default="demo,clean,tables,portal")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--keep", action="store_true", help="leave the survey in --root")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    if given.inside:
        _inside(given.inside, root, given.units, given.respondents)
        return
    made = json.loads(given.out.read_text(encoding="utf-8")) if given.out.is_file() else {"sizes": []}
    made |= {"machine": machine(), "note": NOTE}
    for units in SIZES if given.growth else (given.units,):
        place = root / str(units)
        size = measure(units, given.respondents or 400 * units, place, given.stages.split(","))
        others = [s for s in made["sizes"] if s["units"] != units]
        made["sizes"] = sorted([*others, size], key=lambda s: int(s["units"]))
        told = " --growth" if others else f" --units {units}"
        made["command"] = f"python -m benchmarks scale{told}"
        given.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        if not given.keep and "demo" in given.stages:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
