"""The walls of the house: who may import whom, what stays light, how big a module may be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pipeline"

#: part -> parts it may import. `steps` is what the stage notebooks call; `publish` is what
#: the command line writes beside the reports, `begin` the command that starts a survey,
#: `terminal` how it prints and ends.
ALLOWED = {
    "results": set(),
    "rules": set(),
    "memory": set(),
    "libraries": set(),
    "slices": set(),
    "store": set(),
    "statistics": {"rules", "results"},
    "survey": {"rules"},
    "intake": {"survey", "rules", "memory", "store"},
    "words": {"rules"},
    "blocks": {"words"},
    "render": set(),
    "years": {"survey", "words"},
    "standings": {"results", "rules", "statistics"},
    "report": {
        "years",
        "survey",
        "rules",
        "words",
        "blocks",
        "results",
        "statistics",
        "standings",
        "slices",
        "libraries",
    },
    "sets": {"survey"},
    "office": {"survey", "rules", "words", "results", "standings", "sets", "slices", "store", "years"},
    "demo": {"survey", "rules", "store"},
    "run": {"survey", "sets", "libraries", "store"},
    "steps": {"survey", "rules", "results", "statistics", "intake", "sets", "memory", "store"},
    "digests": {"report", "survey"},
    "begin": {"intake", "survey", "terminal"},
    "publish": {"office", "run", "survey", "digests"},
    "terminal": {"run", "survey"},
    "cli": {
        "run",
        "publish",
        "survey",
        "demo",
        "office",
        "begin",
        "terminal",
    },
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_notebooks" not in p.parts)


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """Parts of the house that a module imports, anywhere in it."""
    package = ["pipeline", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{stem}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "pipeline" and len(parts) > 1:
                found.add(parts[1])
    return found - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_its_part_may_know(path: Path):
    part = part_of(path)
    if part == "__init__":
        assert imported(path) == set()
        return
    assert part in ALLOWED, f"{part} is a new part of the house: say in this test what it may know"
    assert imported(path) - {part} <= ALLOWED[part]


def test_only_intake_and_the_survey_definition_open_raw_files():
    readers = ("read_csv", "read_excel", "CalamineWorkbook", "load_workbook", "read_sav")
    found = [
        p.relative_to(PACKAGE).as_posix()
        for p in modules()
        if part_of(p) not in {"intake", "demo"} and any(r in p.read_text(encoding="utf-8") for r in readers)
    ]
    assert found == []


def test_no_module_is_longer_than_400_lines():
    long = {p.name: n for p in modules() if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_product_code_never_relies_on_assert():
    found = [
        p.name
        for p in modules()
        if any(isinstance(n, ast.Assert) for n in ast.walk(ast.parse(p.read_text(encoding="utf-8"))))
    ]
    assert found == []


@pytest.mark.parametrize(
    "module", ["pipeline.cli", "pipeline.survey", "pipeline.run.status", "pipeline.rules"]
)
def test_what_answers_at_once_imports_nothing_heavy(module: str):
    code = (
        f"import sys, {module}; "
        "print([m for m in ('pandas','pyarrow','papermill','matplotlib','scipy','nbconvert') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_thin_introduced_and_committed_without_outputs(path: Path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for index, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        assert not cell["outputs"]
        assert cell["execution_count"] is None
        tags = cell["metadata"].get("tags", [])
        lines = [line for line in "".join(cell["source"]).splitlines() if line.strip()]
        assert len(lines) <= 10
        if "parameters" not in tags:
            assert cells[index - 1]["cell_type"] == "markdown", f"cell {index} has no question above it"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_exported_heading_exists_in_both_languages(path: Path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown" and "internal" not in cell["metadata"].get("tags", []):
            assert cell["metadata"]["skm"]["en"].strip()
