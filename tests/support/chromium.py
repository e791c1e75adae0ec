"""Headless Chromium for tests: no profile of its own, no network."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any


def started(profile: Path) -> Any:
    """Start the browser that is installed; whoever calls it quits it.

    Raises
    ------
    FileNotFoundError
        Where chromium or chromedriver are not installed.
    """
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium")
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=Service(_program("chromedriver")))
    browser.set_script_timeout(120)
    return browser


def missing() -> str:
    """What is not installed, in words; nothing where all is."""
    absent = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"{' and '.join(absent)}: not installed (tests/full/install)" if absent else ""


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(missing())
    return found


def show(browser: Any, path: Path, width: int, height: int = 900) -> None:
    """Open a page on a screen of this width; below 600 it is a phone's."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    browser.get(path.resolve().as_uri())
