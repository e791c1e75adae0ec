"""Compute again what this package can, and compare every byte with what it holds.

Part of a replication package; uses Python alone, and the package in ``code/`` to compute. Lies beside
``plan.json``, which says what comes out of what:

1. the files here are those of ``SHA256SUMS``;
2. from the result tables: result files, the city's overview, its notebook;
3. from the anonymised answers, where they were included: every table and page of theirs;
4. from the raw files (``--raw``), for whoever holds them: every table and page of the survey.

Nothing here is written over: what is computed lies under ``again/``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AGAIN = "again"
#: How a run ends that wrote its results and found something in the raw files that somebody should look at.
LOOK = 1
#: What a processor must have for kernels of OpenBLAS (by their name) to run on it.
NEEDS = {
    "haswell": "avx2", "zen": "avx2", "skylakex": "avx512f", "cooperlake": "avx512_bf16",
    "sapphirerapids": "avx512_bf16",
}  # fmt: skip


def sha(path: Path) -> str:
    """SHA-256 of a file; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def listed(path: Path) -> dict[str, str]:
    """Names and hashes of a ``SHA256SUMS``."""
    pairs = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {name: digest for digest, name in pairs}


class Tally:
    """How much was the same, said step by step."""

    def __init__(self) -> None:
        self.wrong = 0

    def tell(self, step: str, pairs: Iterable[tuple[str, str, str]]) -> None:
        """Print how many of (name, hash wanted, hash found) agree, and the first that do not."""
        known = list(pairs)
        differ = [
            (name, "is missing" if not found else "differs")
            for name, wanted, found in known
            if wanted != found
        ]
        self.wrong += len(differ)
        print(f"{step}: {len(known) - len(differ)} of {len(known)} files are the same bytes", flush=True)
        for name, how in differ[:20]:
            print(f"  {how}: {name}")
        if len(differ) > 20:
            print(f"  and {len(differ) - 20} more")


def same_arithmetic(plan: Mapping[str, Any]) -> None:
    """Ask for the order of sums by which this package was made, and say what is otherwise here."""
    here, there = platform.python_version(), plan["python"]
    if here != there:
        print(
            f"this is Python {here}, the package was made with {there}: run.json, which names it, will differ"
        )
        print("(make run PYTHON=... chooses another)")
    asked: dict[str, str] = plan["arithmetic"]
    needed = NEEDS.get(asked.get("OPENBLAS_CORETYPE", "").casefold(), "")
    if needed and needed not in processor():
        print(f"this processor has no {needed}: last digits, and the bytes that hold them, may differ")
        return
    if "processor" in asked:
        print(f"made by what its processor chose ({asked['processor']}): last digits may differ here")
    os.environ.update(
        {name: value for name, value in asked.items() if name.startswith(("OPENBLAS_", "NPY_"))}
    )


def processor() -> set[str]:
    """What the processor can do, as Linux tells it; nothing where it does not."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return set()
    return next((set(line.split()) for line in text.splitlines() if line.startswith("flags")), set())


def pipeline(*arguments: str) -> None:
    """Run the package's command with a home of its own, so that nothing of this machine's user is read."""
    home = HERE / AGAIN / "home"
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, env={**os.environ, "HOME": str(home)}, cwd=HERE, check=False)
    if done.returncode == LOOK:
        print(
            "it ended with 1: there is something to look at, as there was then, or a report failed; bytes tell which"
        )
    elif done.returncode:
        sys.exit(f"python -m {' '.join(arguments)} ended with {done.returncode}")


def from_tables(plan: Mapping[str, Any], tally: Tally) -> None:
    """Step 2: what needs no answers."""
    target = HERE / AGAIN / "tables"
    pipeline("pipeline.archive", str(plan["survey"]), "--root", str(HERE / "survey"), "--out", str(target))
    kept = listed(HERE / "SHA256SUMS")
    names = [str(name) for name in plan["from_tables"]]
    tally.tell(
        "from the result tables", ((n, kept[n], sha(target / n.removeprefix("results/"))) for n in names)
    )


def run(plan: Mapping[str, Any], raw: Path, name: str, archived: Path, tally: Tally) -> None:
    """Steps 3 and 4: a whole run from a ``data/raw``, held against its manifest."""
    survey, root = str(plan["survey"]), HERE / AGAIN / name
    made = json.loads((archived / "run.json").read_text(encoding="utf-8"))
    here = {file: sha(raw / survey / file) for file in made["raw"]}
    tally.tell(f"{name}: raw files before", ((file, made["raw"][file], here[file]) for file in here))
    shutil.copytree(raw, root / "data" / "raw", dirs_exist_ok=True)
    asked = (
        "--lang",
        ",".join(made["languages"]),
        "--format",
        ",".join(made["formats"]),
        "--root",
        str(root),
    )
    for part in made.get("sets", {}):
        pipeline("pipeline", "run", survey, "--only", f"@{part}", "--quiet", *asked)
    pipeline("pipeline", "run", survey, "--quiet", *asked)
    again = root / "reports" / survey
    tables = root / "data" / "processed" / survey
    tally.tell(f"{name}: result tables", ((t, d, sha(tables / t)) for t, d in made["tables"].items()))
    pages = listed(archived / "SHA256SUMS")
    tally.tell(
        f"{name}: pages and files", ((page, digest, sha(again / page)) for page, digest in pages.items())
    )
    tally.tell(f"{name}: manifest", [("run.json", sha(archived / "run.json"), sha(again / "run.json"))])


def main() -> int:
    """Carry out the steps; 0 when every byte was the same."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--raw", type=Path, help="the data/raw of whoever holds the raw files")
    options.add_argument(
        "--check", action="store_true", help="only look whether the files here are as packed"
    )
    given = options.parse_args()
    tally = Tally()
    kept = listed(HERE / "SHA256SUMS")
    tally.tell("files of the package", ((name, digest, sha(HERE / name)) for name, digest in kept.items()))
    plan = json.loads((HERE / "plan.json").read_text(encoding="utf-8"))
    survey = plan["survey"]
    if not given.check:
        same_arithmetic(plan)
        shutil.rmtree(HERE / AGAIN, ignore_errors=True)
        from_tables(plan, tally)
        if plan["microdata"]:
            inside = HERE / "microdata"
            run(plan, inside / "data" / "raw", "anonymised answers", inside / "reports" / survey, tally)
        if given.raw:
            run(plan, given.raw.resolve(), "raw files", HERE / "survey" / "reports" / survey, tally)
    print("every byte is the same" if not tally.wrong else f"{tally.wrong} files are not the same")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
