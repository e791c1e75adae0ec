"""Fuzz every reader and the re-keyer; write how many cases ran and what was found to ``fuzz.json``.

    python -m benchmarks.fuzz                 # 100,000 cases each
    python -m benchmarks.fuzz --cases 2000 csv xlsx

Each thousand cases run in a process of their own with a limit of memory and time, so that a reader that kills
its process is found like one that raises.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "fuzz.json"
ROUND = 5_000
MEMORY, SECONDS = 4_000_000_000, 900


def one_round(name: str, seed: int, cases: int, folder: Path) -> dict[str, object]:
    """Run some cases here; return how many ran and what was raised."""
    import random

    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from benchmarks.fuzz_cases import TARGETS

    target = TARGETS[name]
    ran = 0
    crashes: dict[str, str] = {}
    random.seed(seed)

    @seeded(seed)
    @settings(
        max_examples=cases, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.binary(min_size=1, max_size=60))
    def run(case: bytes) -> None:
        nonlocal ran
        (folder / "last").write_bytes(case)
        ran += 1
        try:
            target(case, folder)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) or type(error).__module__.startswith("hypothesis"):
                raise
            import traceback

            frame = traceback.extract_tb(error.__traceback__)[-1]
            crashes.setdefault(
                f"{type(error).__name__} in {Path(frame.filename).name}:{frame.name}", case.hex()
            )

    run()
    return {"cases": ran, "crashes": crashes}


def rounds(name: str, cases: int, scratch: Path, seed: int) -> dict[str, object]:
    """Run all rounds of one target, each in its own process."""
    done, number, died = 0, 0, 0
    crashes: dict[str, str] = {}
    cpu = 0.0
    while done < cases:
        folder = scratch / f"{name}-{number}"
        folder.mkdir()
        code = (
            "import json,resource,sys,time\nfrom pathlib import Path\n"
            f"resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))\n"
            "from benchmarks.fuzz import one_round\n"
            f"made = one_round({name!r}, {seed + number}, {min(ROUND, cases - done)}, Path({str(folder)!r}))\n"
            "made['cpu'] = time.process_time()\nprint(json.dumps(made))"
        )
        try:
            out = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, cwd=HERE.parent
            )
            made = json.loads(out.stdout.strip().splitlines()[-1]) if out.returncode == 0 else None
            how = f"the process ended with {out.returncode}: {out.stderr.strip().splitlines()[-1:]}"
        except subprocess.TimeoutExpired:
            made, how = None, "the process did not end in time"
        if made is None:
            last = folder / "last"
            crashes[how] = last.read_bytes().hex() if last.is_file() else ""
            died += 1
            if died > 20:
                break
        else:
            done += int(made["cases"])
            cpu += float(made["cpu"])
            for what, case in made["crashes"].items():
                crashes.setdefault(what, case)
        number += 1
    return {"cases": done, "cpu_seconds": round(cpu, 1), "crashes": crashes, "processes_that_died": died}


def main() -> None:
    """Fuzz what was asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20_170)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    from benchmarks.fuzz_cases import TARGETS

    found = json.loads(asked.out.read_text("utf-8")) if asked.out.is_file() else {"targets": {}}
    found["machine"] = {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    found["seed"] = asked.seed
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        for name in asked.targets or TARGETS:
            found["targets"][name] = rounds(name, asked.cases, Path(scratch), asked.seed)
            print(name, json.dumps(found["targets"][name])[:2000], flush=True)
            asked.out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
