"""The walls of the house: who may import whom, what stays light, how long a function may be."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pipeline"

#: The table of rooms in CONTRIBUTING.md: | `room` | what lives there | `what`, `it`, `may import` |
ROW = re.compile(r"^\| `([a-z_.]+)` \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
ROOMS = {
    room: set(re.findall(r"`([a-z_.]+)`", allowed))
    for room, _, allowed in ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_notebooks" not in p.parts)


def name_of(path: Path) -> str:
    """Dotted name of a module below `pipeline`; a package's is its folder's."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def room_of(name: str) -> str:
    """The room a module lives in: the longest name of the table that its own begins with."""
    own = [room for room in ROOMS if f"{name}.".startswith(f"{room}.")]
    return max(own, key=len, default="")


NAMES = {name_of(path): path for path in modules()}


def imported(path: Path) -> set[str]:
    """Modules of the house that a module imports, anywhere in it, inside functions too."""
    package = ["pipeline", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[tuple[str, str]] = []
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [(stem, alias.name) for alias in node.names]
        for stem, name in names:
            if stem.split(".")[0] == "pipeline":
                inside = stem.removeprefix("pipeline").lstrip(".")
                whole = f"{inside}.{name}".strip(".")
                found.add(whole if whole in NAMES else inside)
    return (found & set(NAMES)) - {"", name_of(path)}


def test_every_folder_is_in_a_room_and_says_what_lives_there_and_what_does_not():
    for folder in sorted({path.parent for path in modules()} - {PACKAGE}):
        text = (folder / "__init__.py").read_text(encoding="utf-8")
        name = ".".join(folder.relative_to(PACKAGE).parts)
        says = ast.get_docstring(ast.parse(text)) or ""
        assert len([line for line in says.splitlines() if line.strip()]) >= 2, name
        alone = [path.name for path in folder.glob("*.py")] == ["__init__.py"]
        assert room_of(name) or alone, f"{name} is in no room: add a line to the table in CONTRIBUTING.md"


#: Suites that cross the rooms; every other folder of tests is called like the folder of the package that it tests.
SUITES = {
    "attacker", "benchmarks", "examples", "full", "gate", "layout", "nasty", "notebooks", "oracle", "real", "support",
    "whole", "wordings",
}  # fmt: skip


def test_the_tests_have_the_tree_of_the_package():
    rooms = {room for room in ROOMS if (PACKAGE / room.replace(".", "/")).is_dir()}
    tested = {
        ".".join(path.parent.relative_to(ROOT / "tests").parts)
        for path in (ROOT / "tests").rglob("test_*.py")
    }
    assert {room for room in rooms if not any(f"{one}.".startswith(f"{room}.") for one in tested)} == set()
    folders = {".".join(path.parent.relative_to(PACKAGE).parts) for path in modules()}
    assert {one for one in tested if one.split(".")[0] not in SUITES} <= folders


def test_every_room_of_the_table_is_there_and_no_name_in_it_is_forgotten():
    folders = {".".join(p.parent.relative_to(PACKAGE).parts) for p in modules()} | set(NAMES)
    assert len(ROOMS) > 30
    for room, allowed in ROOMS.items():
        assert room in folders, room
        assert all(any(one == f or f.startswith(f"{one}.") for f in folders) for one in allowed), room


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_its_room_may_know(path: Path):
    own = room_of(name_of(path))
    if not own:
        assert imported(path) == set(), "what is in no room imports nothing"
    strange = {
        other: room_of(other)
        for other in imported(path)
        if room_of(other) != own
        and not any(f"{room_of(other)}.".startswith(f"{allowed}.") for allowed in ROOMS[own])
    }
    assert strange == {}


def test_no_modules_import_one_another_round_in_a_circle():
    arrows = {name: imported(path) for name, path in NAMES.items()}
    order = TopologicalSorter(arrows)
    order.prepare()  # raises CycleError and names the circle


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def late_imports(text: str) -> list[tuple[int, str]]:
    """Imports inside functions, of the house or of Python's own, that say not why they are late: line and text.

    The word stands on its line, or above the imports that begin there without a gap.
    """
    lines, found = text.splitlines(), []
    inside = {
        node
        for function in ast.walk(ast.parse(text))
        if isinstance(function, FUNCTION)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    ends = {node.end_lineno: node.lineno for node in inside}
    for node in sorted(inside, key=lambda node: node.lineno):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        own = isinstance(node, ast.ImportFrom) and node.level > 0
        if not own and module.split(".")[0] not in {"pipeline", *sys.stdlib_module_names}:
            continue
        first = node.lineno
        while first - 1 in ends:
            first = ends[first - 1]
        above = first - 2
        while above >= 0 and lines[above].lstrip().startswith("#"):
            above -= 1
        if "# late: " not in "\n".join(lines[above + 1 : node.end_lineno]):
            found.append((node.lineno, ast.unparse(node)))
    return found


def test_an_import_inside_a_function_says_why_it_is_late():
    silent = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in modules()
        if (found := late_imports(path.read_text(encoding="utf-8")))
    }
    assert silent == {}


def test_a_late_import_that_keeps_silent_is_found_wherever_it_stands():
    text = (
        "import os\n"
        "async def f():\n    # late: why\n    import json\n    from . import near\n\n    from pipeline import rules\n"
        "def g():\n    import pandas as pd\n    import csv  # late: why\n    import sys\n"
    )
    assert late_imports(text) == [(7, "from pipeline import rules")]
    assert late_imports("def h():\n    # soon\n    from pipeline import rules\n") != []


def test_no_function_is_longer_than_60_lines():
    long = {
        f"{name}.{node.name}": length
        for name, path in NAMES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, FUNCTION) and (length := lines_of_code(node)) > 60
    }
    assert long == {}


def lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its first statement on, without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_only_intake_and_the_survey_definition_open_raw_files():
    readers = ("read_csv", "read_excel", "CalamineWorkbook", "load_workbook", "read_sav")
    found = [
        p.relative_to(PACKAGE).as_posix()
        for p in modules()
        if name_of(p).split(".")[0] not in {"intake", "demo"}
        and any(r in p.read_text(encoding="utf-8") for r in readers)
    ]
    assert found == []


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
