"""What must answer at once imports nothing heavy: read from Python's own account of imports."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import survey as surveys
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from tests.run import tiny_run

HEAVY = (
    "pandas",
    "numpy",
    "pyarrow",
    "papermill",
    "matplotlib",
    "scipy",
    "nbconvert",
    "nbformat",
    "zmq",
    "IPython",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A survey that was run, by notebooks that are not those of the package."""
    root = tmp_path_factory.mktemp("project")
    tiny_run.make_project(root)
    notebooks = tiny_run.make_notebooks(root)
    with pytest.MonkeyPatch.context() as patch:
        tiny_run.Instead(patch)
        # A source file saved while these tests run is not what they are about.
        patch.setattr("pipeline.run.fingerprints.package_hash", lambda: "as it was")
        Run(surveys.load(root, "2024"), Options(notebooks=notebooks)).go()
    return root


def imported(*arguments: str) -> set[str]:
    """Top-level modules that a command imports."""
    return {module.split(".")[0] for module in loaded(*arguments)}


def loaded(*arguments: str) -> set[str]:
    """Every module that a command imports."""
    out = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline.cli", *arguments], capture_output=True, text=True
    )
    assert out.returncode == 0, out.stderr[-2000:]
    return set(re.findall(r"^import time:.*\|\s*(\S+)$", out.stderr, re.MULTILINE))


def commands(project: Path) -> dict[str, list[str]]:
    at = ["--root", str(project)]
    notebooks = ["--notebooks", str(project / "notebooks")]
    return {
        "help": ["--help"],
        "status": ["status", "2024", *at],
        "follow-up": ["status", "2024", "--follow-up", "--late", "--on", "2024-12-31", *at],
        "why": ["why", "2024", "a", *at, *notebooks],
        "dry run": ["run", "2024", "--dry-run", *at, *notebooks],
    }


@pytest.mark.parametrize("command", ["help", "status", "follow-up", "why", "dry run"])
def test_a_question_is_answered_without_the_libraries_that_compute(project, command):
    found = imported(*commands(project)[command])
    assert sorted(found & set(HEAVY)) == []


def test_help_does_not_even_load_the_survey_or_the_ledger():
    assert not imported("--help") & {"pydantic", "doit", "sqlite3", "rich"}


def test_a_run_with_nothing_to_do_imports_no_library_that_computes(project):
    code = (
        "import sys, pathlib\nfrom pipeline import survey\nfrom pipeline.run import command\n"
        "from pipeline.run import fingerprints\nfingerprints.package_hash = lambda: 'as it was'\n"
        "from pipeline.run.runner import Run\nroot = pathlib.Path(sys.argv[1])\n"
        "found = survey.load(root, '2024')\n"
        "options = command.options(found, lang='id', notebooks=root / 'notebooks')\n"
        "outcome = Run(found, options).go()\n"
        "print(len(outcome.current), outcome.written, [m for m in sys.argv[2].split() if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(project), " ".join(HEAVY)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.split(None, 1)[1].strip() == "[] []"
    assert out.stdout.split()[0] == "4"


@pytest.mark.parametrize(("command", "most"), [("help", 200), ("status", 450), ("why", 500)])
def test_a_question_loads_few_modules(project, command, most):
    """Seconds are measured by `python -m benchmarks startup`; what makes them is counted here."""
    assert len(loaded(*commands(project)[command])) < most
