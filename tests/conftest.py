"""Where the tests find what is not in the repository, and skip, saying so, when it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before numpy is imported: matrices here are small, and tests run side by side; threads of the linear
# algebra library only wait for one another.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).resolve().parent.parent


def outside(variable: str, name: str) -> Path:
    """Folder named by an environment variable, else beside the project; skip when absent.

    With SKM_REQUIRE_SHARED set (CI does), absence is a failure, never a quiet skip.
    """
    folder = Path(os.environ.get(variable) or ROOT.parent / "shared" / name)
    if not folder.is_dir():
        message = f"{folder.name}/ is not on this machine (set {variable} to its path)"
        if os.environ.get("SKM_REQUIRE_SHARED"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The real surveys that are used and never committed."""
    return outside("SKM_REAL_DATA", "data")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference results made with R."""
    return outside("SKM_REFERENCE", "reference")
