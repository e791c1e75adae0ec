"""The kernels of a large survey keep the memory they free; those of any other are left alone."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from pipeline import survey as surveys
from pipeline.run import kernels, large, warm_client
from pipeline.run.warmth import KernelChoice
from tests.run import tiny_run

FREED = """
import numpy as np

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

column = np.ones(25_000_000)
held = resident()
del column
print(held - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc reads these variables")
@pytest.mark.parametrize(("more", "least", "most"), [({}, 150e6, 250e6), (large.KEEP_FREED, -20e6, 20e6)])
def test_a_freed_column_stays_with_a_process_only_when_it_was_started_so(more, least, most):
    done = subprocess.run(
        [sys.executable, "-c", FREED], capture_output=True, text=True, check=True, env={**os.environ, **more}
    )
    assert least <= int(done.stdout) <= most


@pytest.mark.parametrize(("bytes_", "more"), [(large.BYTES, {}), (1, large.KEEP_FREED)])
def test_only_the_parent_of_a_large_surveys_kernels_is_started_so(tmp_path, monkeypatch, bytes_, more):
    started = []

    class Ended(subprocess.Popen):
        def __init__(self, command, *, env, **options):
            started.append({name: env[name] for name in large.KEEP_FREED if name in env})
            super().__init__(["true"], env=env, **options)

    monkeypatch.setattr(warm_client.subprocess, "Popen", Ended)
    monkeypatch.setattr(kernels, "WARM", warm_client.WarmParent())
    monkeypatch.setattr(large, "BYTES", bytes_)
    tiny_run.make_project(tmp_path)
    assert KernelChoice("warm", surveys.load(tmp_path, "2024")).mode() == "fresh"
    assert started == [more]
