"""kill -9 at random moments of a real run: nothing lost, nothing done twice, the same bytes.

    python -m pytest -n0 -m prove tests/run/test_kills.py

kills a run of 48 units five times and writes what happened to ``benchmarks/kills.json``, then the warm
parent of runs of twelve units thirty times (``benchmarks/warm_kills.json``).
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import measuring
from pipeline import demo, survey
from pipeline.run.ledger import open_ledger
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from pipeline.run.warm_client import WARM
from tests.run import tiny_run


def command(root: Path) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli", "run", "--root", str(root), "--jobs", "2", "--quiet"]


def finished(found: survey.Survey) -> dict[str, list]:
    """Files of every finished work, of the earlier surveys too, with size, time and inode."""
    done: dict[str, list] = {}
    for name in (*survey.before(found), found.name):
        with open_ledger(found.processed.parent / name, found.root, readonly=True) as ledger:
            done |= {
                f"{name} {work}": ledger.outputs(work)
                for prefix in ("stage:", "unit:", "city")
                for work in ledger.names(prefix)
                if ledger.outputs(work) and not ledger.begun(work)
            }
    return done


def disturb(tmp_path: Path, *, small: bool, kills: int, seed: int) -> dict[str, Any]:
    """Kill a run again and again, then let it end; what happened, once it was held against a calm run."""
    calm, hit = tmp_path / "calm", tmp_path / "hit"
    name = (demo.write_small(calm) if small else demo.write(calm))[-1]
    shutil.copytree(calm / "data", hit / "data")
    subprocess.run(command(calm), check=True)
    found = survey.load(hit, name)
    total = len(finished(survey.load(calm, name)))
    moments = sorted(random.Random(seed).sample(range(1, total), kills))
    pause = threading.Event()
    told = []
    for moment in moments:
        before = finished(found)
        process = subprocess.Popen(command(hit))
        while process.poll() is None and len(finished(found)) < moment:
            pause.wait(0.05)
        ended = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = finished(found)
        untouched = {n: after.get(n) for n in before}
        assert untouched == before, "a finished work was done again"
        assert not ended or len(after) == total
        told.append({"killed_at": moment, "finished_before": len(before), "finished_after": len(after)})
    before = finished(found)
    subprocess.run(command(hit), check=True)
    after = finished(found)
    assert {n: after[n] for n in before} == before
    assert len(after) == total
    assert not list(hit.rglob("*.part")), "a half-written file was left"
    for file in ("SHA256SUMS", "run.json"):
        assert (found.reports / file).read_bytes() == (calm / "reports" / name / file).read_bytes()
    return {
        "seed": seed,
        "works": total,
        "kills": told,
        "last_run": {"finished_before": len(before), "done": total - len(before)},
        "finished_works_done_again": 0,
        "lost": 0,
        "final_bytes": f"SHA256SUMS ({len((found.reports / 'SHA256SUMS').read_text().splitlines())} files) and "
        "run.json identical to an undisturbed run",
    }


def disturb_warm(tmp_path: Path, *, units: int, kills: int, seed: int) -> dict[str, Any]:
    """Kill the warm parent of runs that make every report anew; what happened, held against a calm run."""
    demo.write_large(tmp_path, units=units, respondents=40 * units)
    found = survey.load(tmp_path, "2025")
    options = Options(formats=("html",), languages=("id",))
    assert Run(found, options).go().failures == []
    calm = tiny_run.content(tmp_path)
    draw, told, pause = random.Random(seed), [], threading.Event()
    while sum(one["kills"] for one in told) < kills:
        left, ended, done = kills - sum(one["kills"] for one in told), threading.Event(), []

        def kill(left=left, ended=ended, done=done) -> None:
            """Kill each parent some time after it began, some while it is still loading."""
            while not ended.is_set() and len(done) < left:
                pid = WARM.pid
                if pid is None or pid in done:
                    pause.wait(0.01)
                    continue
                ended.wait(draw.uniform(0, 8))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    done.append(pid)

        killer = threading.Thread(target=kill)
        killer.start()
        again = replace(options, stage="5-unit-report", force=True)
        outcome = Run(found, again).go()
        ended.set()
        killer.join()
        assert outcome.failures == []
        assert len(outcome.written) == len(set(outcome.written)) == units
        assert tiny_run.content(tmp_path) == calm
        told.append({"kills": len(done), "tried_again": len(outcome.retried)})
    return {
        "seed": seed,
        "units": units,
        "runs": told,
        "kills": kills,
        "reports_lost": 0,
        "bytes": "as of a calm run",
    }


@pytest.mark.prove
def test_the_warm_parent_killed_thirty_times_loses_no_report_and_leaves_no_folder(tmp_path, monkeypatch):
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    told = disturb_warm(tmp_path, units=12, kills=30, seed=random.randrange(10**6))
    assert list(temporary.iterdir()) == []
    path = Path(__file__).parents[2] / "benchmarks" / "warm_kills.json"
    told |= {"folders_left": 0}
    path.write_text(json.dumps({"machine": measuring.machine(), **told}, indent=1) + "\n", encoding="utf-8")


@pytest.mark.full
def test_a_small_city_killed_three_times_ends_as_if_nothing_had_happened(tmp_path):
    disturb(tmp_path, small=True, kills=3, seed=random.randrange(10**6))


@pytest.mark.prove
def test_a_city_of_48_units_killed_at_five_random_moments_ends_as_if_nothing_had_happened(tmp_path):
    told = disturb(tmp_path, small=False, kills=5, seed=random.randrange(10**6))
    path = Path(__file__).parents[2] / "benchmarks" / "kills.json"
    path.write_text(json.dumps({"machine": measuring.machine(), **told}, indent=1) + "\n", encoding="utf-8")
