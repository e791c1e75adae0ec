"""Fuzz every reader and the re-keyer; write how many cases ran and what was found to ``fuzz.json``.

    python -m benchmarks.fuzz                          # 100,000 seeded cases each, 2,000 of hypothesis on top
    python -m benchmarks.fuzz --budget 60 csv rekeyer  # stop each after a minute of CPU; go on later
    python -m benchmarks.fuzz --again csv 4711         # one seeded case, here, with its traceback
    python -m benchmarks.fuzz --table                  # only write the table of docs/hostile-input.md

Case number n of a target depends on the seed, the target and n alone. Rounds of cases run in forked processes with
bounds of memory and time, each case with a bound of its own; one that kills or outlasts its process is told, and the
next round goes on behind it. What was done is written after each round, so a run that is stopped goes on where it was,
as long as the readers and the cases are the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import mmap
import os
import platform
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "fuzz.json"
DOCS = HERE.parent / "docs" / "hostile-input.md"
OPEN, CLOSE = "<!-- from benchmarks/fuzz.json: python -m benchmarks.fuzz --table -->", "<!-- end -->"
#: Cases a process; bytes of address space (for what the product gives a process of its own: on top of what is used).
ROUND, SPACE, SMALL = 5_000, 4_000_000_000, 250_000_000
#: CPU seconds and megabytes a case; seconds without a new case; deaths a target.
SECONDS, MEGABYTES, STUCK, DEATHS = 2.0, 500, 30, 200
LONGEST = 60
PACKAGES = ("hypothesis", "pandas", "pydantic", "pyreadstat", "python-calamine", "PyYAML")

# What a round tells while it runs: shared memory outlives a process that dies.
NOW, STARTED, READ, REFUSED, SLOWEST, LENGTH = range(6)


class TooSlow(BaseException):
    """Raised inside a case that outlasts its bound; no reader catches it."""


class Board:
    """Counters and the present case, shared with the process of a round."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 4096)
        self.at = memoryview(self._memory)[: 8 * 6].cast("q")

    def show(self, case: bytes, number: int) -> None:
        """Put up the case that is about to run."""
        self._memory[64 : 64 + len(case)] = case
        self.at[LENGTH], self.at[NOW] = len(case), number
        self.at[STARTED] += 1

    @property
    def case(self) -> bytes:
        """The case that was begun last."""
        return bytes(self._memory[64 : 64 + self.at[LENGTH]])


def address_space() -> int:
    """Bytes of address space this process uses; without /proc a gigabyte is taken for granted."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[0]) * resource.getpagesize() if told.is_file() else 1_000_000_000


def seeded(seed: int, name: str, number: int) -> bytes:
    """Return a case: the same for the same seed, target and number."""
    source = random.Random(f"{seed}/{name}/{number}")
    return source.randbytes(source.randint(1, LONGEST))


def guarded(
    target: Callable[[bytes, Path], str], folder: Path, board: Board, out: Path, apart: bool
) -> Callable[..., None]:
    """Return what runs one case within its bounds and writes down what it found."""

    def slow(*_: object) -> None:
        raise TooSlow

    # A library that is not Python does not let a handler run: what the product reads in a process of its own dies.
    signal.signal(signal.SIGPROF, signal.SIG_DFL if apart else slow)

    def tell(what: str, case: bytes, detail: str) -> None:
        with out.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps({"what": what, "case": case.hex(), "detail": detail[:300]}) + "\n")

    def run(case: bytes, number: int) -> None:
        board.show(case, number)
        before, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            how = target(case, folder)
            signal.setitimer(signal.ITIMER_PROF, 0)
            board.at[READ if how == "read" else REFUSED] += 1
        except TooSlow:
            tell(f"more than {SECONDS:g} CPU seconds", case, "")
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # A library written in Rust that panics raises what is no Exception.
            signal.setitimer(signal.ITIMER_PROF, 0)
            frame = traceback.extract_tb(error.__traceback__)[-1]
            tell(f"{type(error).__name__} in {Path(frame.filename).name}:{frame.name}", case, str(error))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        board.at[SLOWEST] = max(board.at[SLOWEST], int((time.process_time() - before) * 1e6))
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak > MEGABYTES * 1024:
            tell(f"more than {MEGABYTES} MB", case, "")

    return run


def by_number(name: str, seed: int, numbers: Iterable[int]) -> Callable[[Callable[..., None]], None]:
    """Seeded cases of these numbers."""

    def feed(run: Callable[..., None]) -> None:
        for number in numbers:
            run(seeded(seed, name, number), number)

    return feed


def by_hypothesis(seed: int, cases: int) -> Callable[[Callable[..., None]], None]:
    """Cases that hypothesis generates: more empty, repeated and extreme bytes than evenly drawn ones have."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as fixed
    from hypothesis import strategies as st

    def feed(run: Callable[..., None]) -> None:
        @fixed(seed)
        @settings(
            max_examples=cases, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.binary(min_size=1, max_size=LONGEST))
        def draw(case: bytes) -> None:
            run(case, 0)

        draw()

    return feed


def in_process(
    feed: Callable[[Callable[..., None]], None],
    target: Callable[[bytes, Path], str],
    scratch: Path,
    space: int,
) -> tuple[Board, list[dict[str, str]], str, float, float]:
    """Run a round in a process of its own; return its counts, findings, how it died ("" if not), CPU and MB."""
    board = Board()
    with tempfile.TemporaryDirectory(dir=scratch) as made:
        folder = Path(made)
        out = folder / "findings"
        told = 2
        child = os.fork()
        if not child:
            code = 1
            try:
                most = SPACE if space == SPACE else space + address_space()
                resource.setrlimit(resource.RLIMIT_AS, (most, most))
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                quiet = os.open(os.devnull, os.O_WRONLY)
                told = os.dup(2)
                os.dup2(quiet, 2)
                feed(guarded(target, folder, board, out, space != SPACE))
                code = 0
            except BaseException:
                os.dup2(told, 2)
                traceback.print_exc()
            finally:
                os._exit(code)
        last, since, stuck = -1, time.monotonic(), False
        while True:
            ended, status, usage = os.wait4(child, os.WNOHANG)
            if ended:
                break
            if board.at[STARTED] != last:
                last, since = board.at[STARTED], time.monotonic()
            elif time.monotonic() - since > STUCK and not stuck:
                stuck = True
                os.kill(child, signal.SIGKILL)
            time.sleep(0.05)
        found = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.is_file() else []
    died = ""
    if stuck:
        died = f"no end within {STUCK} seconds"
    elif os.WIFSIGNALED(status):
        died = f"the process died of signal {os.WTERMSIG(status)}"
    elif os.WEXITSTATUS(status):
        raise SystemExit("the driver itself failed; see above")
    peak = usage.ru_maxrss / 1024
    return board, found, died, usage.ru_utime + usage.ru_stime, peak


def blank() -> dict[str, Any]:
    """Nothing has run yet."""
    counts = {"cases": 0, "read": 0, "refused": 0}
    return {"seeded": {**counts, "next": 0}, "hypothesis": dict(counts), "findings": {}, "deaths_survived": 0,
        "endless": 0,
            "deaths": 0, "cpu_seconds": 0.0, "slowest_ms": 0.0, "peak_mb": 0.0, "stopped": ""}  # fmt: skip


def round_of(done: dict[str, Any], how: str, feed: Any, name: str, scratch: Path) -> str:
    """Run a round and add what it did; return how it died."""
    from benchmarks.fuzz_cases import ISOLATED, TARGETS

    board, found, died, cpu, peak = in_process(
        feed, TARGETS[name], scratch, SMALL if name in ISOLATED else SPACE
    )
    counts = done[how]
    counts["cases"] += board.at[STARTED]
    counts["read"] += board.at[READ]
    counts["refused"] += board.at[REFUSED]
    if how == "seeded" and board.at[STARTED]:
        counts["next"] = board.at[NOW] + 1
    if died:
        done["deaths"] += 1
        # Read in a process of its own and in bounded time by the product, which refuses the file then.
        if name in ISOLATED:
            done["deaths_survived"] += 1
            done["endless"] += died.startswith("no end") or died.endswith(f"signal {int(signal.SIGPROF)}")
        else:
            found.append({"what": died, "case": board.case.hex(), "detail": ""})
    for one in found:
        kept = done["findings"].setdefault(
            one["what"], {"times": 0, "case": one["case"], "detail": one["detail"]}
        )
        kept["times"] += 1
    done["cpu_seconds"] = round(done["cpu_seconds"] + cpu, 1)
    done["slowest_ms"] = max(done["slowest_ms"], round(board.at[SLOWEST] / 1e3, 1))
    done["peak_mb"] = max(done["peak_mb"], round(peak, 0))
    return died


def fuzz(
    name: str, done: dict[str, Any], asked: argparse.Namespace, scratch: Path, save: Callable[[], None]
) -> None:
    """Run a target's rounds until its cases, its budget or its deaths are used up."""
    began = done["cpu_seconds"]
    done["stopped"] = ""

    def over() -> bool:
        if done["deaths"] - done["deaths_survived"] >= DEATHS:
            done["stopped"] = f"after {DEATHS} deaths"
        elif asked.budget and done["cpu_seconds"] - began >= asked.budget:
            done["stopped"] = "at its budget of CPU seconds"
        return bool(done["stopped"])

    while (left := asked.hypothesis - done["hypothesis"]["cases"]) > 0 and not over():
        before = done["hypothesis"]["cases"]
        died = round_of(done, "hypothesis", by_hypothesis(asked.seed + before, left), name, scratch)
        save()
        # Hypothesis ends early where it knows of nothing new.
        if not died or done["hypothesis"]["cases"] == before:
            break
    size = max(200, min(ROUND, asked.cases // 20))
    while done["seeded"]["cases"] < asked.cases and not over():
        first = done["seeded"]["next"]
        last = first + min(size, asked.cases - done["seeded"]["cases"])
        round_of(done, "seeded", by_number(name, asked.seed, range(first, last)), name, scratch)
        save()


def sources() -> str:
    """Digest of the readers and the cases: counts of other ones are no counts of these."""
    made = hashlib.sha256()
    home = HERE.parent / "pipeline"
    for path in sorted([*(home / "intake").glob("*"), *(home / "survey").glob("*"), *HERE.glob("fuzz_*.py")]):
        if path.is_file():
            made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:16]


def described() -> dict[str, Any]:
    """What the cases ran on."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine(),
            "packages": versions}  # fmt: skip


def table(found: dict[str, Any]) -> str:
    """The counts as a table."""
    lines = [
        "| reader | seeded cases | hypothesis | read | refused | broke off | of these endless | findings open "
        "| CPU seconds |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, done in found["targets"].items():
        both = done["seeded"], done["hypothesis"]
        read, refused = (sum(part[key] for part in both) for key in ("read", "refused"))
        lines.append(
            f"| `{name}` | {both[0]['cases']:,} | {both[1]['cases']:,} | {read:,} | {refused:,} "
            f"| {done['deaths_survived']:,} | {done['endless']:,} "
            f"| {len(done['findings'])} | {done['cpu_seconds']:,.0f} |"
        )
    versions = ", ".join(f"{name} {version}" for name, version in found["on"]["packages"].items())
    lines += ["", f"Seed {found['seed']}; Python {found['on']['python']}, {versions}."]
    return "\n".join(lines)


def write_table(found: dict[str, Any]) -> None:
    """Put the table between its two lines."""
    text = DOCS.read_text("utf-8")
    head, _, rest = text.partition(OPEN)
    tail = rest.partition(CLOSE)[2]
    DOCS.write_text(f"{head}{OPEN}\n\n{table(found)}\n\n{CLOSE}{tail}", encoding="utf-8")


def confirm(found: dict[str, Any], targets: dict[str, Callable[[bytes, Path], str]], scratch: Path) -> None:
    """Run again what was found slow once: within its bound in the best of three, the machine made it slow.

    Such a case is counted as what became of it, and in ``slow_once``.
    """
    what = f"more than {SECONDS:g} CPU seconds"
    for name, done in found["targets"].items():
        kept = done["findings"].get(what)
        if not kept or kept["times"] != 1:  # only the first case of a kind is kept
            continue
        case, took, how = bytes.fromhex(kept["case"]), [], ""
        targets[name](b"\1", scratch)
        for _ in range(3):
            before = time.process_time()
            how = targets[name](case, scratch)
            took.append(time.process_time() - before)
        if min(took) < SECONDS:
            del done["findings"][what]
            done["slow_once"] = done.get("slow_once", 0) + 1
            done["seeded"]["read" if how == "read" else "refused"] += 1
            print(f"{name}: {min(took):.1f} to {max(took):.1f} CPU seconds when run again")


def main(arguments: list[str] | None = None) -> int:
    """Fuzz what was asked for and write the results; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--cases", type=int, default=100_000, help="seeded cases a target, in all")
    parser.add_argument("--hypothesis", type=int, default=2_000, help="cases of hypothesis a target, in all")
    parser.add_argument(
        "--budget", type=float, default=0, help="CPU seconds a target in this run (0: no bound)"
    )
    parser.add_argument("--seed", type=int, default=20_170)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--again", nargs=2, metavar=("TARGET", "NUMBER"), help="run one seeded case here")
    parser.add_argument("--confirm", action="store_true", help="only run again what was slow once")
    parser.add_argument("--table", action="store_true", help="only write the table in docs")
    asked = parser.parse_args(arguments)
    if asked.table:
        write_table(json.loads(asked.out.read_text("utf-8")))
        return 0
    from benchmarks.fuzz_cases import TARGETS

    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        scratch = Path(folder)
        if asked.again:
            name, number = asked.again
            print(TARGETS[name](seeded(asked.seed, name, int(number)), scratch))
            return 0
        if asked.confirm:
            found = json.loads(asked.out.read_text("utf-8"))
            confirm(found, TARGETS, scratch)
            asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            return int(any(done["findings"] for done in found["targets"].values()))
        unknown = [name for name in asked.targets if name not in TARGETS]
        if unknown:
            parser.error(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
        same = {"seed": asked.seed, "sources": sources(), "on": described()}
        found = json.loads(asked.out.read_text("utf-8")) if asked.out.is_file() else {}
        if any(found.get(key) != value for key, value in same.items()):
            found = {**same, "targets": {}}

        def save() -> None:
            found["targets"] = {name: found["targets"][name] for name in TARGETS if name in found["targets"]}
            aside = asked.out.with_suffix(".part")
            aside.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            aside.replace(asked.out)

        for name in asked.targets or TARGETS:
            # Imports, caches and small valid files are made once, before the forks.
            TARGETS[name](b"\1", scratch)
            done = found["targets"].setdefault(name, blank())
            fuzz(name, done, asked, scratch, save)
            save()
            print(name, json.dumps(done)[:2000], flush=True)
    return int(any(done["findings"] for done in found["targets"].values()))


if __name__ == "__main__":
    sys.exit(main())
