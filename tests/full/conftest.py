"""The longer tier: a browser that shows the pages as readers see them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
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
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Headless Chromium without a profile of its own and without a network."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = need("chromium")
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):  # fmt: skip
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(need("chromedriver")))
    yield driver
    driver.quit()


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
