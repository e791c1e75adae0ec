"""``make bench``: every bar as a figure, and as a ratio within one run on one machine.

    python -m benchmarks                      every part, then results.md
    python -m benchmarks report startup       some parts
    python -m benchmarks noop --units 30000   one part with an option of its own
    python -m benchmarks sample               the part that only runs when asked for
    python -m benchmarks assemble             results.md from what was kept

Each part keeps its figures in ``benchmarks/<part>.json``. Absolute figures belong to the machine
that is described there; the ratios are what carries over.
"""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

from .measuring import RESULTS, ROOT, keep, kept

#: Part to module, in the order of results.md.
PARTS = {
    "report": "report",
    "city": "city",
    "noop": "noop",
    "startup": "startup",
    "statistics": "statistics_growth",
    "r": "r",
    "psychometrics": "psychometrics",
    "compare": "compare",
    "sample": "sample",
    "shapes": "shapes",
}
#: In the order in which they are measured: the city's first run starts from nothing.
ORDER = ("city", "report", "startup", "noop", "statistics", "r", "psychometrics", "compare")
#: Too long for every time: only when asked for.
LONG = ("sample", "shapes")
#: Simulations and a prototype with tables of their own, each run by itself: ``python -m benchmarks.<name>``.
SIMULATED = ("interval", "alpha_interval", "intervals", "honest_units", "unit_files")
#: README's lines between these two are written by `assemble`.
OPEN, CLOSE = "<!-- from benchmarks/*.json: python -m benchmarks assemble -->", "<!-- end -->"


def part(name: str) -> Any:
    """The module of a part."""
    return importlib.import_module(f"benchmarks.{PARTS[name]}")


def described(machine: dict[str, Any]) -> str:
    """The machine in a sentence."""
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"{machine['system']}, {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB; "
        f"skm-pipeline {machine['package']}; {versions}; load {machine['load_at_start']} before it began"
    )


def assemble() -> str:
    """The text of results.md from what every part kept."""
    made = {name: found for name in PARTS if (found := kept(name))}
    machines = {described(found["machine"]).rpartition(";")[0] for found in made.values()}
    head = [
        "# Benchmarks",
        "",
        "Made by `make bench` (`python -m benchmarks`); the figures are in `benchmarks/*.json`.",
        "",
        *(f"- {text}" for text in sorted(machines)),
        "",
    ]
    body = [line for name, found in made.items() for line in _with_load(part(name).lines(found), found)]
    if (RESULTS / "scale.json").is_file() and (RESULTS / "scale.py").is_file():
        body += importlib.import_module("benchmarks.scale").lines()
    for name in SIMULATED:
        if found := kept(name):
            body += ["", *importlib.import_module(f"benchmarks.{name}").lines(found)]
    return "\n".join([*head, *body]).rstrip() + "\n"


def quoted() -> str:
    """What README says of speed: from the same figures."""
    report, city, noop, start = (kept(name) for name in ("report", "city", "noop", "startup"))
    told = []
    if report:
        route = f"HTML, and PDF by {report['printer'].title()}" if report["printer"] else "HTML only"
        told.append(
            f"- a unit's report (HTML and PDF) costs {report['report']:.2f} CPU seconds in a warm run; "
            f"Papermill and nbconvert from the shell ({route}) cost {report['ratio']:.1f} times that"
        )
    if city:
        told.append(
            f"- a city of {city['units']} units and {city['respondents']:,} respondents, everything: "
            f"{city['wall']:.0f} s and {city['peak_mb']:,} MB on {city['machine']['cores']} cores; "
            f"once more with nothing changed: {city['noop_wall']:.1f} s"
        )
    for size in noop["sizes"][-1:] if noop else ():
        told.append(
            f"- nothing changed over {size['units']:,} units (a notebook of one cell, really run once per "
            f"unit): {size['noop_wall']:.1f} s"
        )
    if country := kept("sample"):
        every = part("sample").extrapolated(country)
        told.append(
            f"- of the reports of {country['units']:,} units and {country['respondents']:,} respondents"
            f" {country['sample']} were made, {every['cpu_each']:.2f} CPU seconds each with their workbook;"
            f" all of them, extrapolated: {every['cpu'] / 3600:.0f} CPU hours"
        )
    if start:
        told.append("- " + ", ".join(f"`{what}` {wall:.2f} s" for what, wall in start["wall"].items()))
    return "\n".join(
        textwrap.fill(line, 114, subsequent_indent="  ", break_on_hyphens=False) for line in told
    )


def with_quote(readme: str) -> str:
    """README with what it quotes replaced."""
    head, _, rest = readme.partition(OPEN)
    _, _, tail = rest.partition(CLOSE)
    return f"{head}{OPEN}\n{quoted()}\n{CLOSE}{tail}"


def _with_load(lines: list[str], found: dict[str, Any]) -> list[str]:
    load = found["machine"]["load_at_start"]
    if load <= 1:
        return lines
    return [
        lines[0],
        "",
        f"*The machine was busy with other work (load {load}): read the ratios only.*",
        *lines[1:],
    ]


def main(arguments: list[str]) -> None:
    """Measure the parts asked for (all by default), then write results.md."""
    if arguments and arguments[0] == "scale":
        importlib.import_module("benchmarks.scale").main(arguments[1:])
        if "--inside" in arguments:  # one stage of it, in a process of its own
            return
        arguments = ["assemble"]
    options = {}
    if "--units" in arguments:
        at = arguments.index("--units")
        options["units"] = int(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    parts = (*ORDER, *LONG)
    wanted = [] if arguments == ["assemble"] else [name for name in parts if name in (arguments or ORDER)]
    unknown = set(arguments) - {*parts, "assemble"}
    if unknown:
        raise SystemExit(
            f"there is no part {', '.join(sorted(unknown))}; one of {', '.join(parts)}, scale, assemble"
        )
    root = Path(tempfile.mkdtemp(prefix="skm-bench-"))
    # The demo is written once and shared; its folder is the benchmark's own, never a person's.
    began = time.monotonic()
    try:
        for name in wanted:
            keep(name, part(name).measure(root, **(options if name in ("noop", "sample") else {})))
            print(f"{name}: done after {time.monotonic() - began:.0f} s", flush=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    text = assemble()
    (RESULTS / "results.md").write_text(text, encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(with_quote(readme.read_text(encoding="utf-8")), encoding="utf-8")
    print(text)
    print(f"{time.monotonic() - began:.0f} s; written to benchmarks/results.md")


if __name__ == "__main__":
    main(sys.argv[1:])
