"""The notebook of the survey's template makes the reports; what a report prints decides when it is made anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.run import rendering
from pipeline.run.plan import TEMPLATES, notebook_folder
from pipeline.survey.definition import TEMPLATES as DEFINED
from tests.run import tiny_run
from tests.run.tiny_run import go


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tiny_run.make_project(tmp_path / "survey")


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    folder = tiny_run.make_notebooks(tmp_path)
    for name in TEMPLATES.values():
        if not (folder / f"{name}.ipynb").exists():
            shutil.copyfile(folder / "5-unit-report.ipynb", folder / f"{name}.ipynb")
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the notebooks that reports were made with, each with its unit."""
    tiny_run.Instead(monkeypatch)
    stand_in, seen = rendering.Renderer.notebook, []

    def notebook(renderer: Any, name: str, **parameters: Any) -> Any:
        seen.append(f"{name} {parameters.get('unit', '')}".strip())
        return stand_in(renderer, name, **parameters)

    monkeypatch.setattr(rendering.Renderer, "notebook", notebook)
    return seen


def run(project: Path, notebooks: Path, made: list[str]) -> list[str]:
    """Run the survey; what was made, sorted."""
    made.clear()
    go(project, notebooks, rows=tiny_run.rows)
    return sorted(made)


def template(project: Path, name: str) -> None:
    path = project / "data/raw/2024/survey.yml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("template")]
    path.write_text("\n".join([*kept, f"template: {name}", ""]), encoding="utf-8")


def write(project: Path, name: str, text: str = "Teks.") -> None:
    path = project / "data/raw/2024" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_every_template_of_the_definition_has_its_notebook():
    folder = notebook_folder()
    assert set(TEMPLATES) == set(DEFINED)
    assert all((folder / f"{name}.ipynb").is_file() for name in TEMPLATES.values())


def test_a_changed_template_makes_the_reports_anew_by_its_notebook(project, notebooks, made):
    first = run(project, notebooks, made)
    assert {"5-unit-report a", "5-unit-report b"} <= set(first)
    assert run(project, notebooks, made) == []
    template(project, "2021")
    again = run(project, notebooks, made)
    assert {"5-unit-report-2021 a", "5-unit-report-2021 b"} <= set(again)
    assert not any(name.startswith("5-unit-report ") for name in again)


def test_a_changed_notebook_of_another_template_makes_nothing_anew(project, notebooks, made):
    template(project, "2021")
    run(project, notebooks, made)
    tiny_run.write_notebook(notebooks, "5-unit-report-2025", "1 + 1")
    assert run(project, notebooks, made) == []
    tiny_run.write_notebook(notebooks, "5-unit-report-2021", "1 + 1")
    assert {"5-unit-report-2021 a", "5-unit-report-2021 b"} <= set(run(project, notebooks, made))


def test_a_units_own_text_makes_its_report_anew_and_nothing_else(project, notebooks, made):
    template(project, "2021")
    run(project, notebooks, made)
    write(project, "content/a/foreword.md")
    assert run(project, notebooks, made) == ["5-unit-report-2021 a"]
    write(project, "content/a/foreword.md", "Teks lain.")
    assert run(project, notebooks, made) == ["5-unit-report-2021 a"]


def test_a_text_for_all_units_makes_all_reports_anew_and_no_stage(project, notebooks, made):
    template(project, "2021")
    run(project, notebooks, made)
    write(project, "content/foreword.md")
    again = run(project, notebooks, made)
    assert {"5-unit-report-2021 a", "5-unit-report-2021 b"} <= set(again)
    assert all(name.startswith("5-unit-report-2021") for name in again)
    assert run(project, notebooks, made) == []


def test_texts_that_the_usual_report_does_not_print_make_nothing_anew(project, notebooks, made):
    run(project, notebooks, made)
    write(project, "content/foreword.md")
    write(project, "photos/loket.jpg.txt")
    assert run(project, notebooks, made) == []


def test_a_template_whose_notebook_is_missing_is_said_in_one_sentence(project, notebooks):
    template(project, "2025")
    (notebooks / "5-unit-report-2025.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match=r"has no 5-unit-report-2025\.ipynb"):
        go(project, notebooks)
