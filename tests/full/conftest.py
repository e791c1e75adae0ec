"""The longer tier: a browser that shows the pages as readers see them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def need(program: str) -> str:
    """Path of a program; absence is a failure where CI runs, a skip elsewhere."""
    found = shutil.which(program)
    if found is None:
        message = f"{program} is not installed (tests/full/install)"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return str(found)


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of the axe accessibility checker."""
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        message = "axe-core is not installed (tests/full/install)"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo city, run once, in both languages: the folder of its public reports."""
    import subprocess
    import sys

    root = tmp_path_factory.mktemp("city")
    for command in (["demo", "--small"], ["run", "--lang", "id,en"]):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *command, "--root", str(root)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = (root / "reports").iterdir()
    return folder
