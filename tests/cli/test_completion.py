"""A shell asks the command what could follow, and the package runs by its own name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import __version__


def asked(shell: str, cwd: Path | None = None, **words: str) -> str:
    """What a shell's script is answered."""
    env = {**os.environ, "_SKM_COMPLETE": f"complete_{shell}", **words}
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli"], env=env, capture_output=True, text=True, cwd=cwd
    ).stdout


@pytest.mark.parametrize(
    ("shell", "words"),
    [
        ("bash", {"COMP_WORDS": "skm arch", "COMP_CWORD": "1"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "skm arch"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "skm arch", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_each_shell_is_told_the_command_that_begins_so(shell, words):
    assert "archive" in asked(shell, **words)


def test_an_option_is_completed_too():
    assert "--include-microdata" in asked("bash", COMP_WORDS="skm archive --inc", COMP_CWORD="2")


def test_surveys_and_units_of_the_folder_are_completed_and_elsewhere_nothing_is_said(tmp_path):
    for name, units in (("2024", "id,name\nloket-a,A\n"), ("2025", "id,name\nloket-b,B\nkantor,K\n")):
        folder = tmp_path / "data" / "raw" / name
        folder.mkdir(parents=True)
        (folder / "survey.yml").write_text("title: SKM\n")
        (folder / "units.csv").write_text(units)
    assert asked("bash", tmp_path, COMP_WORDS="skm run 20", COMP_CWORD="2").split() == ["2024", "2025"]
    assert asked("bash", tmp_path, COMP_WORDS="skm trace 2025 lo", COMP_CWORD="3").split() == ["loket-b"]
    assert asked("bash", tmp_path, COMP_WORDS="skm trace 2023 lo", COMP_CWORD="3").strip() == ""
    assert asked("bash", tmp_path.parent, COMP_WORDS="skm status 20", COMP_CWORD="2").strip() == ""


def skm(*arguments: str, module: str = "pipeline.cli") -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_asks_the_command_by_the_variable_that_it_answers(shell):
    said = skm("completion", shell).stdout
    assert f"_SKM_COMPLETE=complete_{shell}" in said
    assert "skm" in said


def test_a_shell_that_is_not_known_is_named_with_those_that_are():
    done = skm("completion", "tcsh")
    assert done.returncode == 2
    assert '"bash", "zsh" or "fish"' in done.stderr


def test_the_package_itself_is_the_command():
    assert skm("--version", module="pipeline").stdout.strip() == f"skm-pipeline {__version__}"
