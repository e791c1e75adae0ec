"""The driver of fuzzing: bounded, restartable, and what it counted is what the page shows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import fuzz, fuzz_cases

SEED = 20_170


def kept(path: Path, name: str = "odd") -> dict:
    return json.loads(path.read_text(encoding="utf-8"))["targets"][name]


@pytest.fixture
def target(monkeypatch):
    """A reader that dies of case 3, raises at case 5, refuses case 7 and reads the others."""
    cases = {fuzz.seeded(SEED, "odd", n): n for n in (3, 5, 7)}

    def odd(case: bytes, folder: Path) -> str:
        number = cases.get(case)
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 5:
            raise ZeroDivisionError("of case 5")
        return "refused" if number == 7 else "read"

    monkeypatch.setitem(fuzz_cases.TARGETS, "odd", odd)


def test_a_case_that_kills_its_process_is_told_and_the_next_ones_run(tmp_path: Path, target):
    out = tmp_path / "fuzz.json"
    assert fuzz.main(["odd", "--cases", "20", "--hypothesis", "0", "--out", str(out)]) == 1
    done = kept(out)
    assert done["seeded"] == {"cases": 20, "read": 17, "refused": 1, "next": 20}
    assert {what: one["case"] for what, one in done["findings"].items()} == {
        "the process died of signal 9": fuzz.seeded(SEED, "odd", 3).hex(),
        "ZeroDivisionError in test_fuzz.py:odd": fuzz.seeded(SEED, "odd", 5).hex(),
    }


def test_a_run_goes_on_where_it_stopped_and_never_runs_a_case_twice(tmp_path: Path, target):
    out = tmp_path / "fuzz.json"
    for cases, ran in (("10", 10), ("25", 25), ("25", 25)):
        fuzz.main(["odd", "--cases", cases, "--hypothesis", "0", "--out", str(out)])
        assert kept(out)["seeded"]["next"] == kept(out)["seeded"]["cases"] == ran
    assert kept(out)["findings"]["ZeroDivisionError in test_fuzz.py:odd"]["times"] == 1


def test_a_reader_that_dies_of_every_case_ends_the_fuzzing(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(
        fuzz_cases.TARGETS, "odd", lambda case, folder: case == b"\1" or os.kill(os.getpid(), signal.SIGKILL)
    )
    monkeypatch.setattr(fuzz, "DEATHS", 3)
    out = tmp_path / "fuzz.json"
    assert fuzz.main(["odd", "--cases", "1000", "--hypothesis", "0", "--out", str(out)]) == 1
    assert kept(out)["stopped"] == "after 3 deaths"
    assert kept(out)["seeded"]["cases"] == 3


def test_a_case_that_takes_too_long_is_told(tmp_path: Path, monkeypatch):
    def slow(case: bytes, folder: Path) -> str:
        while case != b"\1":
            pass
        return "read"

    monkeypatch.setitem(fuzz_cases.TARGETS, "odd", slow)
    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    out = tmp_path / "fuzz.json"
    assert fuzz.main(["odd", "--cases", "2", "--hypothesis", "0", "--out", str(out)]) == 1
    assert kept(out)["findings"]["more than 0.05 CPU seconds"]["times"] == 2


def test_only_what_is_slow_again_stays_a_finding(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(fuzz_cases.TARGETS, "odd", lambda case, folder: "read")
    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    told = "more than 0.05 CPU seconds"
    out = tmp_path / "fuzz.json"
    done = fuzz.blank()
    done["findings"] = {told: {"times": 1, "case": b"quick".hex(), "detail": ""}}
    out.write_text(json.dumps({"targets": {"odd": done}}), encoding="utf-8")
    assert fuzz.main(["--confirm", "--out", str(out)]) == 0
    assert (kept(out)["findings"], kept(out)["slow_once"], kept(out)["seeded"]["read"]) == ({}, 1, 1)

    monkeypatch.setitem(fuzz_cases.TARGETS, "odd", lambda case, folder: busy(0.1) or "read")
    done["findings"] = {told: {"times": 1, "case": b"slow".hex(), "detail": ""}}
    out.write_text(json.dumps({"targets": {"odd": done}}), encoding="utf-8")
    assert fuzz.main(["--confirm", "--out", str(out)]) == 1
    assert told in kept(out)["findings"]


def busy(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def test_the_page_shows_what_was_counted():
    found = json.loads(fuzz.RESULTS.read_text(encoding="utf-8"))
    assert fuzz.table(found) in fuzz.DOCS.read_text(encoding="utf-8")
    assert list(found["targets"]) == list(fuzz_cases.TARGETS)
    assert not any(done["findings"] for done in found["targets"].values())


def test_without_atheris_one_sentence_says_so(tmp_path: Path):
    (tmp_path / "atheris.py").write_text("raise ImportError('none here')", encoding="utf-8")
    home = Path(fuzz.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fuzz_atheris", "csv"], cwd=home, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(home)])},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (5, "atheris is not installed here: pip install atheris\n")
