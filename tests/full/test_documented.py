"""What README and docs tell a reader to type, typed: every command in the order of its page, on the small city."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documented import commands, pages

pytestmark = pytest.mark.full

#: What stands for a reader's own names.
MEANT = {"SURVEY": "2025", "UNIT": "puskesmas-mawar", "ITEM": "U3", "[SURVEY]": "2025"}
#: Not typed here, and where they are: a server that stays, machines elsewhere.
ELSEWHERE = {"lab": "tests/cli/test_lab.py", "--executor": "tests/run/test_cluster.py"}


def typed() -> list[tuple[str, ...]]:
    """Commands of all pages, each once, without those that are typed elsewhere."""
    found = dict.fromkeys(tuple(words) for page in pages() for words in commands(page))
    return [words[1:] for words in found if words[0] == "skm" and not set(words) & set(ELSEWHERE)]


@pytest.fixture(scope="module")
def folder(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small city in a folder of its own, and the raw files a new survey is begun from."""
    root = tmp_path_factory.mktemp("typed")
    shutil.copytree(small_city.parent.parent, root, dirs_exist_ok=True)
    shutil.copytree(
        root / "data/raw/2025", root / "home/survey", ignore=shutil.ignore_patterns("*.yml", "units.csv")
    )
    return root


@pytest.mark.parametrize("words", typed(), ids=" ".join)
def test_a_documented_command_ends_well(words, folder, tmp_path):
    root = folder
    given = [MEANT.get(word, word) for word in words]
    if given[0] in ("demo", "new"):  # what is there already is not written over
        root = tmp_path
        if "--from" in given or "--compare" in given:
            shutil.copytree(folder / "data", root / "data")
    if "--compare" in given:
        run(["new", given[1], "--from", "2025"], root, folder)
    if given == ["form", "2026"]:
        shutil.copytree(folder / "data", tmp_path / "data")
        root = tmp_path
        run(["new", "2026", "--from", "2025"], root, folder)
    if given[0] == "demo":
        given.append("--small")
    run([word.replace("~", str(folder / "home")) for word in given], root, folder)


def run(words: list[str], root: Path, home: Path) -> None:
    env = {**os.environ, "BROWSER": "true", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words], cwd=root, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, (
        f"{' '.join(words)}: exit {done.returncode}\n{done.stdout[-800:]}{done.stderr[-800:]}"
    )
    assert "Traceback" not in done.stderr


def test_what_is_not_typed_here_is_typed_elsewhere():
    root = Path(__file__).resolve().parents[2]
    for name, place in ELSEWHERE.items():
        assert name in (root / place).read_text(encoding="utf-8")
