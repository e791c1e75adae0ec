"""What continuous integration and a commit run is what the project says, at the versions of the lock."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import conftest

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"


def _hooks() -> dict[str, dict[str, Any]]:
    repos = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))["repos"]
    return {hook["id"]: hook for repo in repos for hook in repo["hooks"]}


def _ran(folder: Path, **given: str) -> list[str]:
    """What `.ci/run` would have `make` do, and with which SKM_REQUIRE_SHARED."""
    make = folder / "make"
    make.write_text('#!/bin/sh\necho "$SKM_REQUIRE_SHARED: $*"\n', encoding="utf-8")
    make.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "SKM_REQUIRE_SHARED"}
    env = {**kept, **given, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    said = subprocess.run([ROOT / ".ci" / "run"], env=env, capture_output=True, text=True, check=True)
    return said.stdout.splitlines()


def test_ci_checks_style_types_and_both_tiers_and_wants_what_is_shared(tmp_path: Path) -> None:
    assert _ran(tmp_path) == ["1: lint types", "1: test", "1: test-full"]


def test_a_clone_on_another_machine_can_say_that_nothing_is_shared(tmp_path: Path) -> None:
    assert _ran(tmp_path, SKM_REQUIRE_SHARED="0")[0] == "0: lint types"


def test_what_ci_asks_of_make_are_targets_of_the_makefile() -> None:
    asked = re.findall(r"^make (.+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for line in asked for name in line.split()} <= set(targets)


@pytest.mark.parametrize(("said", "kind"), [("1", pytest.fail.Exception), ("0", pytest.skip.Exception)])
def test_absent_references_fail_where_they_are_required_and_are_skipped_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, kind: type[Exception]
) -> None:
    monkeypatch.setenv("SKM_REQUIRE_SHARED", said)
    monkeypatch.setenv("SKM_ABSENT", str(tmp_path / "absent"))
    with pytest.raises(kind):
        conftest.outside("SKM_ABSENT", "absent")


def test_the_workflow_is_the_script_of_ci_and_may_only_read() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert job["env"] == {"SKM_REQUIRE_SHARED": "0"}
    (python,) = (step["with"] for step in job["steps"] if "setup-python" in step.get("uses", ""))
    assert (ROOT / python["cache-dependency-path"]).is_file()
    assert python["python-version"] in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_action_of_the_workflow_is_one_commit_and_no_moving_name() -> None:
    used = re.findall(r"uses: (\S+)", WORKFLOW.read_text(encoding="utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_a_commit_is_judged_by_the_ruff_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    hooks = _hooks()
    for name in ("ruff-check", "ruff-format"):
        (pinned,) = hooks[name]["additional_dependencies"]
        assert f"\n{pinned} " in lock


def test_every_hook_runs_one_exact_version_of_what_it_names() -> None:
    for hook in _hooks().values():
        program = hook["entry"].split()[0]
        (pinned,) = hook["additional_dependencies"]
        assert re.fullmatch(rf"{program}==\d+(\.\d+)+", pinned)


def test_outputs_are_taken_out_of_every_notebook() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert names
    assert all(re.search(_hooks()["nbstripout"]["files"], name) for name in names)
