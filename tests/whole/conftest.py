"""One small demo city for all tests of the main job: three years of it, run as a stranger would."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import demo
from pipeline.demo.write import SMALL
from pipeline.run.ledger import open_ledger

#: Surveys before that of `skm demo --small`, which has one year, and the printed indices before them.
EARLIER = ("2023", "2024")
PRINTED = "2022"


def skm(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments, "--root", str(root)],
        capture_output=True, text=True, timeout=900, cwd=root,
    )  # fmt: skip


def stages(root: Path) -> dict[str, str]:
    """Finished stages of the earlier surveys, each with the state of its files."""
    found = {}
    for name in EARLIER:
        processed = root / "data/processed" / name
        if not processed.is_dir():
            continue
        with open_ledger(processed, root, readonly=True) as ledger:
            for work in ledger.names("stage:"):
                if ledger.outputs(work) and not ledger.begun(work):
                    found[f"{name} {work}"] = str(ledger.outputs(work))
    return found


def write_earlier(root: Path, aside: Path) -> None:
    """Write the years before for the six units of the small city."""
    with pytest.MonkeyPatch.context() as patch:
        units = {unit.id: unit for unit in demo.city.units()}
        chosen = [replace(u, parent=u.parent if u.parent in SMALL else "") for u in map(units.get, SMALL)]
        patch.setattr(demo.city, "units", lambda count: tuple(chosen))
        demo.write(aside, units=len(chosen), respondents=40)
    for name in (PRINTED, *EARLIER):
        shutil.copytree(aside / "data/raw" / name, root / "data/raw" / name)


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Path:
    """The city run once, killed in the middle of the earlier surveys, and then to its end."""
    root = tmp_path_factory.mktemp("kota")
    assert skm(root, "demo", "--small").returncode == 0
    write_earlier(root, tmp_path_factory.mktemp("earlier"))
    order = [sys.executable, "-m", "pipeline.cli", "run", "--root", str(root), "--quiet", "--jobs", "1"]
    process = subprocess.Popen(order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pause = threading.Event()
    while process.poll() is None and not any(name.startswith("2023 stage:1") for name in stages(root)):
        pause.wait(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = stages(root)
    done = skm(root, "run")
    assert done.returncode == 0, done.stdout + done.stderr
    after = stages(root)
    assert before, "the run was killed before anything was finished"
    assert {name: after[name] for name in before} == before, "a finished stage was done again"
    assert not list(root.rglob("*.part"))
    (root / "out.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return root
