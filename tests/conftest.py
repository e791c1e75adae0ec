"""Where the tests find what is not in the repository, and skip, saying so, when it is absent."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pipeline.run import arithmetic
from tests.support import chromium, once
from tests.support.outside import outside, real_surveys

# Before numpy is imported: matrices here are small, and tests run side by side; threads of the linear
# algebra library only wait for one another.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A session starts a hundred Pythons, and each worker rewrites the assertions of every test: where the environment
# says not to keep what was compiled (containers do) all of that would be compiled anew each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Kernels are asked to add up so that every processor gives the same bytes; the tests beside them as well.
arithmetic.pin()

# What other libraries add to hypothesis is not used here, and finds fault with objects set aside (below).
os.environ.setdefault("HYPOTHESIS_NO_PLUGINS", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Surveys that many tests start from are computed once, whichever worker needs them first."""
    once.kept = once.folder_of(tmp_path_factory.getbasetemp(), os.environ.get("PYTEST_XDIST_WORKER"))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Generator[Any, None, None]:
    """Headless Chromium; where it is not installed a failure in CI, a skip elsewhere."""
    if missing := chromium.missing():
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    driver = chromium.started(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was collected lives as long as the session: no search for garbage looks through it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """All tests of a file go to one worker: what its fixture rendered is then rendered once.

    The files of `tests/whole` share one city.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/whole" if file.startswith("tests/whole/") else file

    return ByWhatIsShared(config, log)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The real surveys that are used and never committed."""
    return real_surveys()


@pytest.fixture(scope="session")
def reference() -> Path:
    """The sets of answers with what R found in them (tests/oracle)."""
    return ROOT / "tests" / "oracle"


@pytest.fixture(scope="session")
def more_reference() -> Path:
    """Further sets with R's results, whose data may not be redistributed."""
    return outside("SKM_REFERENCE", "reference")


@pytest.fixture
def project(tmp_path):
    """A survey of three units for the runner (`tiny_run`)."""
    from tests.run import tiny_run

    return tiny_run.make_project(tmp_path)


@pytest.fixture
def notebooks(tmp_path):
    """Its six tiny notebooks."""
    from tests.run import tiny_run

    return tiny_run.make_notebooks(tmp_path)


@pytest.fixture
def stand_in(monkeypatch):
    """Stands in for kernels and export, and notes what was done."""
    from tests.run import tiny_run

    return tiny_run.Instead(monkeypatch)


@pytest.fixture
def go(project, notebooks, stand_in):
    """Run the survey without kernels; gives the outcome."""
    from pipeline import survey as surveys
    from pipeline.run.plan import Options
    from pipeline.run.runner import Run
    from tests.run import tiny_run

    def run(**options):
        stand_in.done.clear()
        options = {"notebooks": notebooks, "rows": tiny_run.rows, **options}
        return Run(surveys.load(project, "2024"), Options(**options)).go(lambda outcome: None)

    return run
