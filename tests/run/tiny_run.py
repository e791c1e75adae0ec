"""Surveys of three units with seven tiny notebooks, for tests of the runner.

``make`` writes real notebooks, run in real kernels. ``Instead`` runs none: it stands in for
execution and export where a test is about what is decided, not about kernels.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pipeline import survey as surveys
from pipeline.run.failures import Outcome
from pipeline.run.plan import NOTEBOOKS, TOLD, Options
from pipeline.run.runner import Run

PARAMETERS = 'survey = ""\nlang = "id"\nroot = ""'
BLOCK = (
    "from pipeline import blocks\nblocks.document(title={title}, lang=lang, survey=survey, date='2024-08-01')"
)
UNITS = [
    {"id": "a", "slug": "a", "name": "A", "n": 40, "required": 30},
    {"id": "b", "slug": "b", "name": "B", "n": 10, "required": 30},
    {"id": "c", "slug": "c", "name": "C", "n": 0, "required": None},
]


def write_notebook(folder: Path, name: str, source: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook of one heading and one cell."""
    notebook = new_notebook(
        cells=[
            new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            new_markdown_cell("## Apakah ini jalan?"),
            new_code_cell(source),
        ]
    )
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def make_project(root: Path) -> Path:
    """Write a survey of the units a, b and c."""
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text("title: Uji\ncity: Kota Uji\nfiles: []\n", encoding="utf-8")
    (raw / "units.csv").write_text("id,name,sets\na,A,inti\nb,B,\nc,C,inti\n", encoding="utf-8")
    (raw / "answers.csv").write_text("a 1\nb 2\nc 3\n", encoding="utf-8")
    return root


def add_survey(root: Path, name: str, answers: str = "a 5\nb 6\n") -> None:
    """Write another survey of the same units."""
    raw = root / "data" / "raw" / name
    raw.mkdir(parents=True)
    for file in ("survey.yml", "units.csv"):
        text = (root / "data" / "raw" / "2024" / file).read_text(encoding="utf-8")
        (raw / file).write_text(text, encoding="utf-8")
    (raw / "answers.csv").write_text(answers, encoding="utf-8")


def make_notebooks(root: Path) -> Path:
    """Write the seven notebooks; each unit's leaves a line in ``executed.txt`` of the project."""
    folder = root / "notebooks"
    folder.mkdir()
    clean = (
        "import json, pathlib\n"
        "out = pathlib.Path(processed or pathlib.Path(root) / 'data' / 'processed' / survey)\n"
        "out.mkdir(parents=True, exist_ok=True)\n"
        f"_ = (out / 'units.json').write_text(json.dumps({UNITS!r}))\n"
    )
    write_notebook(folder, "1-clean", clean + BLOCK.format(title="'bersih'"), PARAMETERS + '\nprocessed = ""')
    for name in NOTEBOOKS[1:4]:
        write_notebook(folder, name, BLOCK.format(title=repr(name)))
    unit_notebook(folder, "")
    overview = BLOCK.format(title="named_set or 'Kota'")
    for name in TOLD:
        write_notebook(folder, name, overview, PARAMETERS + '\nnamed_set = ""')
    return folder


def unit_notebook(folder: Path, source: str) -> None:
    """Write the unit's notebook with some lines of its own before what it displays."""
    note = "import pathlib\nwith (pathlib.Path(root) / 'executed.txt').open('a') as log:\n    log.write(unit + '\\n')\n"
    block = BLOCK.format(title="'Unit ' + unit")
    write_notebook(folder, "5-unit-report", note + source + block, PARAMETERS + '\nunit = ""')


def executed(project: Path) -> list[str]:
    """Units whose notebook was executed so far, in order."""
    path = project / "executed.txt"
    return path.read_text().split() if path.is_file() else []


def go(project: Path, notebooks: Path, **options: Any) -> Outcome:
    """Run the survey 2024."""
    return Run(surveys.load(project, "2024"), Options(notebooks=notebooks, **options)).go()


def content(project: Path) -> dict[str, str]:
    """Hash of every report and manifest, except what tells the time."""
    base = project / "reports"
    return {
        p.relative_to(base).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(base.rglob("*"))
        if p.is_file() and p.name != "run-log.json"
    }


class Instead:
    """Stands in for kernels and exporters: stages copy the raw answers, reports print them.

    A unit's page holds its own value and those of its peers (a and b are of one kind).
    """

    def __init__(self, monkeypatch: Any) -> None:
        self.done: list[str] = []
        self.ran: list[tuple[str, str]] = []  # survey and notebook (or unit)
        self.failing: set[str] = set()
        monkeypatch.setattr("pipeline.run.rendering.Renderer.notebook", self._notebook())
        for module in ("rendering", "stages"):
            monkeypatch.setattr(f"pipeline.run.{module}.export", self._export)

    def _notebook(self) -> Any:
        stand_in = self

        def notebook(renderer: Any, name: str, **parameters: Any) -> dict[str, Any]:
            named_set = parameters.get("named_set", "")
            unit = parameters.get("unit", "") or (f"@{named_set}" if named_set else "")
            stand_in.done.append(unit or name)
            survey = renderer.survey
            stand_in.ran.append((survey.name, unit or name))
            if unit in stand_in.failing or f"{name} of {survey.name}" in stand_in.failing:
                raise ValueError(f"{unit or name} is broken")
            if name == "1-clean":
                survey.processed.mkdir(parents=True, exist_ok=True)
                listed = [u.id for u in survey.units]
                units = [u for u in UNITS if u["id"] in listed]
                (survey.processed / "units.json").write_text(json.dumps(units))
                (survey.processed / "responses.parquet").write_text((survey.raw / "answers.csv").read_text())
            shown = values(survey)
            if unit in ("a", "b"):
                text = f"{unit} {shown.get('a')} {shown.get('b')}"
            else:
                text = f"{unit or name} {shown.get(unit, '')}"
            return {"text": f"{text} {parameters['lang']}"}

        return notebook

    @staticmethod
    def _export(notebook: dict[str, Any], form: str, around: Any = None) -> bytes:
        return f"{form} {notebook['text']}".encode()


def values(survey: Any) -> dict[str, str]:
    """Value of each unit in the cleaned answers."""
    path = survey.processed / "responses.parquet"
    lines = path.read_text().splitlines() if path.is_file() else []
    return dict(line.split(" ", 1) for line in lines)


def rows(survey: Any) -> dict[str, Any]:
    """What ``pipeline.report.data.digests`` would say about the stand-in's reports."""
    shown = values(survey)
    units = {u: {"own": {"own answers": v}, "group": "ab" if u in "ab" else ""} for u, v in shown.items()}
    return {"shared": {}, "units": units, "groups": {"ab": {u: shown[u] for u in "ab" if u in shown}}}
