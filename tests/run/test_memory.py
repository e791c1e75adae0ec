"""A process that holds a large survey keeps the memory it frees; any other is left alone."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import demo, intake, memory, steps, survey

FREED = """
import numpy as np
from pipeline import memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

if {keep}:
    assert memory.keep_freed()
column = np.ones(25_000_000)
held = resident()
del column
print(held - resident())
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("city")
    demo.write_small(root)
    return root


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    made: list[bool] = []
    monkeypatch.setattr(memory, "keep_freed", lambda: made.append(True) or True)
    return made


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked")
@pytest.mark.parametrize(("keep", "most"), [(False, 250e6), (True, 20e6)])
def test_a_freed_column_stays_with_the_process_only_when_asked(keep: bool, most: float):
    done = subprocess.run(
        [sys.executable, "-c", FREED.format(keep=keep)], capture_output=True, text=True, check=True
    )
    given_back = int(done.stdout)
    assert given_back <= most
    assert keep or given_back > 150e6


def test_where_there_is_no_glibc_nothing_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory.keep_freed.__wrapped__() is False


def test_only_the_intake_of_large_files_keeps_what_it_frees(
    city: Path, asked: list[bool], monkeypatch: pytest.MonkeyPatch
):
    intake.clean(survey.load(city, "2025"))
    assert asked == []
    monkeypatch.setattr(memory, "LARGE_BYTES", 100)
    intake.clean(survey.load(city, "2025"))
    assert asked


def test_only_the_tables_of_many_rows_keep_what_they_free(
    city: Path, asked: list[bool], monkeypatch: pytest.MonkeyPatch
):
    found = steps.open_survey("2025", city)
    steps.keep(found, intake.clean(found))
    steps.open_answers("2025", city)
    assert asked == []
    monkeypatch.setattr(memory, "LARGE_ROWS", 10)
    steps.open_answers("2025", city)
    assert asked == [True]
