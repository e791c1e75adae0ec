"""How long what must answer at once takes to answer."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from . import city
from .measuring import skm

BARS = {"skm --help": 0.4, "skm status": 0.8, "skm why": 0.8}


def measure(root: Path) -> dict[str, Any]:
    """Seven times each, interleaved; wall seconds."""
    name = city.ready(root)
    unit = city.units(root, name)[0]["id"]
    commands = {
        "skm --help": ["--help"],
        "skm status": ["status", name, "--root", str(root)],
        "skm why": ["why", name, unit, "--root", str(root)],
    }
    rounds = [{what: skm(*words, cwd=root).wall for what, words in commands.items()} for _ in range(7)]
    return {"wall": {what: round(statistics.median(r[what] for r in rounds), 3) for what in commands}}


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    rows = [f"| `{what}` | {made['wall'][what]:.2f} | under {bar} |" for what, bar in BARS.items()]
    return ["## Start-up", "", "Wall seconds, median of 7, the demo's 48 units.", "",
            "| command | measured | bar |", "|---|---:|---:|", *rows, ""]  # fmt: skip
