"""Seconds, memory and the machine they belong to, the same way for every part."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks"


@dataclass(frozen=True)
class Took:
    """What something took: CPU seconds (children included), wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    peak: float = 0.0


def cpu() -> float:
    """CPU seconds of this process and of all children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def took(work: Callable[[], object]) -> Took:
    """Time one call, with the processes it starts and waits for."""
    before, began = cpu(), time.perf_counter()
    work()
    return Took(cpu() - before, time.perf_counter() - began)


def shell(*command: str | Path, cwd: Path, **more: Any) -> Took:
    """Run a command quietly; a failure stops the benchmark."""

    def run() -> None:
        words = [str(c) for c in command]
        done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, **more)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")

    return took(run)


def skm(*arguments: str | Path, cwd: Path) -> Took:
    """Run ``skm`` of this checkout."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    return shell(
        sys.executable, "-m", "pipeline.cli", *arguments, cwd=cwd, env={**os.environ, "PYTHONPATH": path}
    )


def watched(*command: str | Path, cwd: Path) -> Took:
    """Run a command and watch the memory of all its processes (proportional share, sampled)."""
    # Of children only: the watching itself is no part of it.
    before, began = _children(), time.perf_counter()
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    process = subprocess.Popen(
        [str(c) for c in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    peak, pause = 0.0, threading.Event()
    while process.poll() is None:
        peak = max(peak, sum(_share(pid) for pid in _family(process.pid)))
        pause.wait(0.5)
    if process.returncode:
        raise SystemExit(f"{command} failed:\n{process.stderr.read() if process.stderr else ''}")
    return Took(_children() - before, time.perf_counter() - began, peak)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _family(pid: int) -> list[int]:
    """A process and everything below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, more = [], [pid]
    while more:
        found.append(more.pop())
        more += parents.get(found[-1], [])
    return found


def _share(pid: int) -> float:
    """Memory of a process in MB; pages that several share count once in the sum."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1e3
    except OSError:
        pass
    return 0.0


def machine() -> dict[str, Any]:
    """What the figures belong to."""
    import pipeline
    from pipeline.run.fingerprints import versions

    found = versions()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "package": pipeline.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "load_at_start": round(os.getloadavg()[0], 1),
        "versions": {k: found[k] for k in ("python", "pandas", "papermill", "typst") if k in found},
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()


def keep(part: str, made: dict[str, Any]) -> None:
    """Write a part's figures as ``benchmarks/<part>.json``."""
    text = json.dumps({"machine": machine(), **made}, indent=1, ensure_ascii=False)
    (RESULTS / f"{part}.json").write_text(text + "\n", encoding="utf-8")


def kept(part: str) -> dict[str, Any] | None:
    """Figures of a part as they were kept; None when it never ran."""
    path = RESULTS / f"{part}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
