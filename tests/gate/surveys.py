"""Surveys run from the code as it is, for the gate to read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from pipeline import survey as surveys
from pipeline.office.pages import evidence as pages
from tests.gate.hold import hold
from tests.gate.survey_files import Finished
from tests.real.__main__ import ROOT, definitions, lay_out, source

#: Surveys of the world, run as ``make real`` does, where their data are.
REAL = ("skm-polres-gianyar", "skm-jepara-mpp")
#: Failures shown of one rule.
SHOWN = 6


def run(root: Path, survey: str, *options: str, ends: int = 0) -> Finished:
    """Run a survey below a root in a process of its own; it ends with the exit code known of it."""
    command = [sys.executable, "-m", "pipeline.cli", "run", survey, "--root", str(root), "--quiet", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == ends, done.stdout + done.stderr
    evidence(root, survey, options)
    return Finished(root, survey)


def evidence(root: Path, survey: str, options: Sequence[str]) -> None:
    """Make the pages for evaluators of what was run, in its languages."""
    found = surveys.load(root, survey)
    only = [value for option, value in pairwise(options) if option == "--only"]
    named = [value for option, value in pairwise(options) if option == "--lang"]
    languages = named[0].split(",") if named else found.definition.languages
    pages.write(found, units=found.select(only) if only else None, languages=languages)


def broken(finished: Finished, least: int = 0) -> str:
    """What does not hold of a finished survey, rule by rule; nothing when all holds.

    It has at least so many pages.
    """
    pages = list(finished.pages())
    assert len(pages) >= least
    assert {"unit", "overview", "portal"} <= {p.kind for p in pages}, "the survey has no finished pages"
    failures = list(hold(finished, pages))
    lines = []
    for rule in sorted({f.rule for f in failures}):
        mine = [f for f in failures if f.rule == rule]
        lines += [f"{len(mine)} x {rule}", *(f"   {f}" for f in mine[:SHOWN])]
    return "\n".join(lines)


def real(target: Path, slugs: Sequence[str] = REAL) -> list[tuple[Path, str, int]]:
    """Lay out the real surveys below a folder, with how their run ends; none where their data are not."""
    out = []
    if source().is_dir():
        for slug, folder, wanted in definitions():
            if slug in slugs:
                root = target / f"{slug}-{wanted['survey']}"
                out.append((root, lay_out(root, source(), folder, wanted), int(wanted.get("exit", 0))))
    return out
