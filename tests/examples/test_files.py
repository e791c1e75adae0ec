"""What others copy from examples/ can be read by its tool and asks the command for what it knows."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from pipeline.cli import app
from tests.test_architecture import ROOT

HOME = ROOT / "examples"
FILES = sorted(path for path in HOME.iterdir() if path.name != "README.md")
#: A command of ours in a file: to the end of its line, its quotes or a pipe.
OURS = re.compile(r"\bskm ((?:run|check|verify|archive|status|demo|open|why|new|form|lab)\b[^\n\"'`|>]*)")


def commands(text: str) -> list[list[str]]:
    """Every call of the command in a text, as words."""
    return [shlex.split(found) for found in OURS.findall(text)]


def test_the_readme_of_the_examples_names_each_file():
    text = (HOME / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in FILES if f"`{path.name}`" not in text] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_in_an_example_and_each_of_its_options_is_known(path: Path):
    known = get_command(app).commands
    for name, *rest in commands(path.read_text(encoding="utf-8")):
        assert name in known
        options = {option for one in known[name].params for option in (*one.opts, *one.secondary_opts)}
        assert [word for word in rest if word.startswith("-") and word not in options] == []


def test_a_batch_asks_for_files_that_the_command_writes_and_each_rule_calls_it():
    text = (HOME / "Snakefile").read_text(encoding="utf-8")
    assert [name for name, *_ in commands(text)] == ["run", "verify", "archive"]
    assert re.findall(r"^rule (\w+):", text, re.MULTILINE) == ["all", "run", "verify", "archive"]
    # Outputs of a rule are deleted before it begins and when it fails: no file of a run may be one.
    outputs = re.findall(r"output:\n\s+(.*)", text)
    assert len(outputs) == 3
    assert [output for output in outputs if "reports/" in output or "data/" in output] == []
    # Python but for its rules: what stands before them is read by Python itself.
    ast.parse(text[: text.index("rule all:")])


def steps(name: str) -> list[list[str]]:
    """Scripts of an example, one for each shell that is started for it, line by line as its runner reads them."""
    made = yaml.safe_load((HOME / name).read_text(encoding="utf-8"))
    if "jobs" in made:
        return [[step["run"]] for step in made["jobs"]["publish"]["steps"] if "run" in step]
    return [made["pages"]["script"]]


def published(name: str, folder: Path, shell: str = "bash") -> subprocess.CompletedProcess[str]:
    """Do what the runner does: all lines of a script in one shell that ends at the first error."""
    for script in steps(name):
        text = "\n".join(["set -e", *script])
        done = subprocess.run([shell, "-c", text], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            break
    return done


@pytest.fixture
def portals(tmp_path) -> Path:
    """A repository with the portals of two surveys, and what a clone of this one holds below data."""
    for survey in ("2024", "2025"):
        public = tmp_path / "reports" / survey / "public"
        public.mkdir(parents=True)
        (public / "index.html").write_text(survey)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / ".gitkeep").touch()
    (tmp_path / "data" / "raw" / "README.md").touch()
    return tmp_path


#: GitHub's runner has bash; the image of the other example has a plain shell.
SHELLS = [("github-pages.yml", "bash"), ("gitlab-ci.yml", "bash"), ("gitlab-ci.yml", "sh")]


@pytest.mark.parametrize(("name", "shell"), SHELLS)
def test_the_pages_of_every_survey_are_published_and_the_newest_is_the_first(name, shell, portals):
    done = published(name, portals, shell)
    assert done.returncode == 0, done.stderr
    site = portals / ("site" if "github" in name else "public")
    assert (site / "2024" / "index.html").read_text() == "2024"
    assert "url=2025/index.html" in (site / "index.html").read_text()


@pytest.mark.parametrize("secret", ["reports/2025/internal/rows.xlsx", "data/raw/2025/rows.xlsx",
                                    "data/processed/2025/rows.xlsx", "lab/2025/rows.xlsx"])  # fmt: skip
@pytest.mark.parametrize(("name", "shell"), SHELLS)
def test_nothing_is_published_where_answers_were_committed_and_the_file_is_named(
    name, shell, secret, portals
):
    (portals / secret).parent.mkdir(parents=True, exist_ok=True)
    (portals / secret).write_text("rows")
    refused = published(name, portals, shell)
    assert refused.returncode != 0
    assert "rows.xlsx" in refused.stdout
    assert not (portals / "site").exists()
    assert not (portals / "public").exists()


def test_the_image_is_made_of_the_wheel_alone_and_nobody_in_it_is_root():
    text = re.sub(r"\\\n", " ", (HOME / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    known = {"FROM", "COPY", "RUN", "USER", "WORKDIR", "ENTRYPOINT", "CMD"}
    assert [line for line in lines if line.split()[0] not in known] == []
    assert lines[0].split()[1].startswith("python:3.11")
    assert [line.split()[1:] for line in lines if line.startswith("COPY")] == [
        ["skm_pipeline-*.whl", "/tmp/"]
    ]
    assert "--require-hashes -r /tmp/wheel/pipeline/_lock/requirements.lock" in text
    assert lines.index("USER skm") > max(i for i, line in enumerate(lines) if line.startswith("RUN"))
    assert 'ENTRYPOINT ["skm"]' in lines


def test_conda_users_get_the_very_lock_and_the_python_it_was_made_for():
    made = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, libraries = made["dependencies"]
    assert (python, pip) == ("python=3.11", "pip")
    assert libraries == {"pip": ["-r requirements.lock"]}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[<>=!~ ;]", one)[0].lower() for one in wanted}
    assert names - pinned == set(), "a library of the project that the lock, and so conda users, lack"
