"""What is not in the repository: where it is looked for, and what happens where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def outside(variable: str, name: str) -> Path:
    """Folder named by an environment variable, else beside the project; skip when absent.

    With SKM_REQUIRE_SHARED set and not 0 (CI does), absence is a failure, never a quiet skip.
    """
    folder = Path(os.environ.get(variable) or ROOT.parent / "shared" / name)
    if not folder.is_dir():
        message = f"{folder.name}/ is not on this machine (set {variable} to its path)"
        if os.environ.get("SKM_REQUIRE_SHARED", "0") not in ("", "0"):
            pytest.fail(message)
        pytest.skip(message, allow_module_level=True)
    return folder


def real_surveys() -> Path:
    """Folder of the real surveys; called at the head of a file that needs them for every test."""
    return outside("SKM_REAL_DATA", "data")
